"""A small event project with people who may sign, in a fresh workspace."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

from db import tables
from db.opening import create_workspace
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.domain.review import Dimension, PlanVersion, RouteMode, SignOff, Verdict
from qihua_desktop.services import people, projects, review
from qihua_desktop.services.people import PersonDraft
from qihua_desktop.services.projects import NewProject
from qihua_desktop.services.review import SeatDraft
from qihua_desktop.services.session import Session

NOW = datetime(2026, 8, 3, 10, 0)
PIN = "2468"
STROKES = (((1000, 2000), (4000, 7000), (8000, 3000)),)

_PEOPLE = (
    ("林晓岚", Department.PLANNING, Role.MANAGER),
    ("沈知远", Department.PLANNING, Role.DIRECTOR),
    ("周海", Department.SALES, Role.REVIEWER),
    ("何静", Department.FINANCE, Role.REVIEWER),
    ("顾衡", Department.LEGAL, Role.REVIEWER),
    ("赵明", Department.ADMIN, Role.REVIEWER),
    ("孙会计", Department.FINANCE, Role.CREW),
)


@dataclass(slots=True)
class ReviewSample:
    """A session whose actor is the planning manager; people by name."""

    session: Session
    project: Project
    people: dict[str, Person]
    clock: list[int] = field(default_factory=list[int])

    def act_as(self, name: str) -> None:
        """Let somebody else work now."""
        self.session.actor = tables.people.get(self.session.workspace, self.people[name].id)

    def id(self, name: str) -> EntityId:
        """Return a person's id."""
        return self.people[name].id

    def submit(self, *seats: SeatDraft) -> PlanVersion:
        """Submit the plan as it stands, by the usual route unless seats are given."""
        chosen = seats or review.proposed_seats(self.session, self.project.id)
        return review.submit(self.session, self.project.id, chosen)

    def seat(self, name: str, step: int = 1, mode: RouteMode = RouteMode.ALL, *about: Dimension) -> SeatDraft:
        """Return a seat for a person."""
        person = self.people[name]
        return SeatDraft(step, mode, person.department, person.id, about or tuple(Dimension))

    def sign(self, version: PlanVersion, name: str, verdict: Verdict = Verdict.APPROVE, comment: str = "") -> SignOff:
        """Decide in a person's name."""
        return review.sign(self.session, version.id, self.id(name), PIN, verdict, comment=comment, strokes=STROKES)

    def line(self) -> EntityId:
        """Return a budget category whose amount may be set."""
        return tables.budget_lines.all(self.session.workspace, project_id=self.project.id)[0].id

    def rows(self) -> dict[str, tuple[object, ...]]:
        """Return every row that a review may change, to compare before and after."""
        workspace = self.session.workspace
        return {
            table.name: tuple(table.all(workspace))
            for table in (
                tables.plan_sections, tables.plan_versions, tables.review_seats, tables.sign_offs,
                tables.review_comments, tables.budgets, tables.budget_lines, tables.budget_versions,
                tables.baselines, tables.baseline_tasks, tables.project_documents, tables.projects, tables.people,
            )
        }  # fmt: skip


def open_review_sample(folder: Path) -> ReviewSample:
    """Return an event project with its template laid out; close ``sample.session.workspace`` afterwards."""
    clock = [int(NOW.timestamp() * 1000)]

    def tick() -> int:
        clock[0] += 1_000
        return clock[0]

    workspace = create_workspace(folder / "review.qihua", clock=tick)
    session = Session(workspace, local_now=lambda: NOW)
    made: dict[str, Person] = {}
    for name, department, role in _PEOPLE:
        person = people.add_person(session, PersonDraft(name, department, role))
        made[name] = person
        session.actor = session.actor or person
    with session.edit("口令") as edit:
        tables.people.update_many(edit, ((one.id, {"pin_hash": _pin_hash()}) for one in made.values()))
    manager = tables.people.get(workspace, made["林晓岚"].id)
    session.actor = manager
    project = projects.create_project(
        session,
        NewProject(
            "秋季新品快闪店", ProjectKind.EVENT, "event", ScheduleDirection.BACKWARD, date(2026, 9, 19), manager.id,
            "新品引流 800 人", 60_000_000, "恒隆广场中庭",
        ),
    )  # fmt: skip
    return ReviewSample(session, project, made, clock)


@cache
def _pin_hash() -> str:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PIN)

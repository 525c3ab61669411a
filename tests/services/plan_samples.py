"""A small plan in a fresh workspace, as the plan services see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from db import tables
from db.opening import create_workspace
from db.workspace import Workspace
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.plan import LinkType, ScheduleDirection, instant
from qihua_desktop.domain.project import Project, ProjectKind, ProjectStatus
from qihua_desktop.services import plan
from qihua_desktop.services.session import Session

NOW = datetime(2026, 8, 3, 10, 0)
START = date(2026, 8, 3)


@dataclass(slots=True)
class PlanSample:
    """A session on a workspace with one project; names stand for ids."""

    session: Session
    project: Project
    ids: dict[str, EntityId]

    def add(self, name: str, **options: Any) -> EntityId:
        """Add a task behind all others and return its id."""
        outcome = plan.add_task(self.session, self.project.id, name, **options)
        self.ids[name] = outcome.added[0]
        return outcome.added[0]

    def link(self, first: str, second: str, type_: LinkType = LinkType.FS, lag: int = 0) -> plan.Outcome:
        """Link two tasks by their names."""
        return plan.add_link(self.session, self.project.id, self.ids[first], self.ids[second], type_, lag)

    @property
    def state(self) -> plan.PlanState:
        """The plan as it stands."""
        return plan.plan_state(self.session, self.project.id)

    def start(self, name: str) -> str:
        """Return a stored start as text."""
        return text(tables.tasks.get(self.session.workspace, self.ids[name]).start)

    def finish(self, name: str) -> str:
        """Return a stored finish as text."""
        return text(tables.tasks.get(self.session.workspace, self.ids[name]).finish)

    def content(self) -> tuple[object, ...]:
        """Return every row that belongs to plans, to compare before and after."""
        workspace = self.session.workspace
        return (
            tuple(sorted(tables.tasks.all(workspace), key=lambda row: row.id)),
            tuple(sorted(tables.links.all(workspace), key=lambda row: row.id)),
            tables.calendar_days.all(workspace),
            tables.baselines.all(workspace),
            tables.baseline_tasks.all(workspace),
            tables.projects.all(workspace),
        )


def text(at: int) -> str:
    """Return an instant as ``08-03 09:00``."""
    from qihua_desktop.domain.plan import moment

    return moment(at).strftime("%m-%d %H:%M")


def at(month: int, day: int, hour: int = 9, minute: int = 0) -> int:
    """Return an instant of 2026."""
    return instant(datetime(2026, month, day, hour, minute))


def open_sample(
    folder: Path, direction: ScheduleDirection = ScheduleDirection.FORWARD, key_on: date = START
) -> PlanSample:
    """Return an empty plan in a new workspace; close ``sample.session.workspace`` afterwards."""
    workspace: Workspace = create_workspace(folder / "plan.qihua")
    session = Session(workspace, local_now=lambda: NOW)
    project = Project(
        new_id(), "QH-2026-0001", "秋季新品快闪店", ProjectKind.EVENT, None, None, "", "", direction, key_on, None,
        ProjectStatus.ACTIVE, "", "", 0,
    )  # fmt: skip
    with session.edit("项目") as edit:
        tables.projects.insert(edit, project)
    return PlanSample(session, project, {})


def add_person(sample: PlanSample, name: str) -> Person:
    """Add a person to the workspace."""
    person = Person(
        new_id(), name, Department.PLANNING, Role.SPECIALIST_EVENT, "", "", "", "", has_profile=True, active=True
    )
    with sample.session.edit("人员") as edit:
        tables.people.insert(edit, person)
    return person


def three_in_a_row(sample: PlanSample) -> None:
    """Lay 调研 (2 d) → 策划 (3 d) → 审批 (1 d)."""
    sample.add("调研", duration=960)
    sample.add("策划", duration=1440)
    sample.add("审批", duration=480)
    sample.link("调研", "策划")
    sample.link("策划", "审批")

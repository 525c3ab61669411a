"""The sample workspace: a department in the middle of its year, built through the same services as the windows.

Everything is dated relative to ``today``; the event day is the next Saturday that leaves nine days or more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from db import tables
from qihua_desktop.domain.budget import BudgetLine, BudgetState, LineLock
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.plan import DONE, ScheduleDirection, Task, instant
from qihua_desktop.domain.project import GateKind, Project, ProjectKind
from qihua_desktop.domain.review import Dimension, Severity, Verdict
from qihua_desktop.i18n import _, current_language

from . import baselines, budget, people, projects, review, sections, settings, stages, strategy
from .demo_survey import build_survey
from .demo_texts import SECTIONS, SIGNATURES, DemoTexts, demo_texts
from .plan_commit import recalculate
from .projects import NewProject
from .session import Session
from .settings import CompanyProfile

DEMO_PIN = "2468"
"""The sign-off PIN of every person in the sample workspace."""

_EVENT_TOTAL = 60_000_000


@dataclass(slots=True)
class DemoClock:
    """A clock that the builder sets, so that the journal tells a story of several weeks."""

    now: datetime

    def ms(self) -> int:
        """Return the moment as UTC milliseconds; every call is a little later than the last."""
        self.now += timedelta(seconds=37)
        return int(self.now.timestamp() * 1000)


@dataclass(frozen=True, slots=True)
class _Team:
    manager: Person
    director: Person
    event: Person
    research: Person
    brand: Person
    sales: Person
    finance: Person
    legal: Person
    admin: Person
    design: Person


class _Builder:
    def __init__(self, session: Session, today: date, clock: DemoClock) -> None:
        self.session = session
        self.today = today
        self.clock = clock
        self.texts: DemoTexts = demo_texts(english=current_language() == "en")
        self.event_day = event_day_after(today)
        session.local_now = lambda: clock.now

    def at(self, days: int, hour: int = 10, minute: int = 0) -> None:
        """Set the clock to so many days before or after today."""
        self.clock.now = datetime.combine(self.today + timedelta(days=days), time(hour, minute))

    def team(self) -> _Team:
        """Add the people, each with a sign-off PIN; the manager starts the work."""
        added: list[Person] = []
        for name, title, department, role in self.texts.people:
            draft = people.PersonDraft(name, Department(department), Role(role), title)
            person = people.add_person(self.session, draft)
            if self.session.actor is None:
                self.session.actor = person
            added.append(person)
        from argon2 import PasswordHasher

        hashed = PasswordHasher().hash(DEMO_PIN)
        with self.session.edit(_("Set the sign-off PINs")) as edit:
            tables.people.update_many(edit, ((person.id, {"pin_hash": hashed}) for person in added))
        return _Team(*added)

    def new_project(
        self, name: str, goal: str, kind: ProjectKind, key_on: date, total: int, owner: Person,
        programme_id: EntityId | None = None, venue: str = "",
    ) -> Project:  # fmt: skip
        """Create a project from its kind's template."""
        backward = kind is ProjectKind.EVENT
        direction = ScheduleDirection.BACKWARD if backward else ScheduleDirection.FORWARD
        new = NewProject(name, kind, kind.value, direction, key_on, owner.id, goal, total, venue, programme_id)
        return projects.create_project(self.session, new)

    def report_progress(self, project: Project, until: date, *, lag: dict[str, int] | None = None) -> None:
        """Report what is done by a day; ``lag`` names tasks with their own progress in percent."""
        moment = instant(datetime.combine(until, time(12)))
        parents = {task.parent_id for task in tables.tasks.all(self.session.workspace, project_id=project.id)}
        with self.session.edit(_("Progress of the week"), project.id) as edit:
            for task in tables.tasks.all(edit, project_id=project.id):
                if task.id not in parents:
                    tables.tasks.update(edit, task.id, progress=_progress(task, moment, lag or {}))
            recalculate(edit, project.id)

    def write_sections(self, project: Project) -> None:
        """Fill the written sections of the plan document."""
        written = SECTIONS[project.kind.value]
        for section in sections.sections(self.session, project.id):
            text = written.get(section.key)
            if text is not None:
                sections.write_section(self.session, section.id, text[1] if self.texts.english else text[0])

    def approve(self, project: Project, team: _Team, days: int) -> None:
        """Submit a project's plan and have everybody agree."""
        self.at(days, 9)
        version = review.submit(self.session, project.id, review.proposed_seats(self.session, project.id))
        for turn in range(8):
            waiting = review.review_view(self.session, version.id).status.waiting_on
            if not waiting:
                break
            self.at(days + turn // 4, 14, 7 * turn)
            person = waiting[0].person_id
            review.sign(self.session, version.id, person, DEMO_PIN, Verdict.APPROVE, strokes=SIGNATURES[turn % 3])


def event_day_after(today: date) -> date:
    """Return the next Saturday at least nine days away."""
    day = today + timedelta(days=9)
    return day + timedelta(days=(5 - day.weekday()) % 7)


def build_demo(session: Session, today: date, clock: DemoClock) -> EntityId:
    """Fill an empty workspace and return the id of the event project. The session's actor is the manager afterwards."""
    builder = _Builder(session, today, clock)
    builder.at(-70, 9)
    team = builder.team()
    settings.save_company(session, CompanyProfile(*builder.texts.company, b""))
    programmes = _strategy(builder)
    event = _event(builder, team, programmes[1])
    _others(builder, team, programmes)
    builder.at(0, 10, 42)
    session.actor = tables.people.get(session.workspace, team.manager.id)
    return event.id


def _strategy(builder: _Builder) -> list[EntityId]:
    session, texts = builder.session, builder.texts
    found: list[EntityId] = []
    for name, goal, themes in texts.strategies:
        added = strategy.add_strategy(session, builder.today.year, name, goal)
        for quarter, theme in themes:
            found.append(strategy.add_programme(session, added.id, quarter, theme).id)
    return found


def _event(builder: _Builder, team: _Team, programme_id: EntityId) -> Project:
    session, texts = builder.session, builder.texts
    builder.at(-42, 9)
    name, goal, venue = texts.event
    event = builder.new_project(
        name, goal, ProjectKind.EVENT, builder.event_day, _EVENT_TOTAL, team.manager, programme_id, venue
    )
    builder.write_sections(event)
    _event_budget(builder, event)
    builder.at(-21, 16)
    first = review.submit(session, event.id, review.proposed_seats(session, event.id), texts.notes[0])
    builder.at(-20, 11)
    review.sign(session, first.id, team.finance.id, DEMO_PIN, Verdict.RETURN, comment=texts.comments[0])
    builder.at(-18, 9)
    travel = _line(session, event.id, texts.travel)
    budget.set_amount(session, travel.id, 2_400_000)
    baselines.take_baseline(session, event.id, texts.baseline)
    builder.at(-14, 9)
    builder.report_progress(event, builder.today - timedelta(days=14))
    for stage in stages.stages(session, event.id)[:2]:
        _pass_gate(builder, event, stage.id)
    third = review.submit(session, event.id, review.proposed_seats(session, event.id), texts.notes[1])
    builder.at(-2, 14, 5)
    review.sign(session, third.id, team.sales.id, DEMO_PIN, Verdict.APPROVE, strokes=SIGNATURES[0])
    builder.at(-2, 15, 32)
    review.sign(
        session, third.id, team.finance.id, DEMO_PIN, Verdict.APPROVE_WITH_COMMENT,
        opinions={Dimension.BUDGET: texts.comments[1]}, strokes=SIGNATURES[1],
    )  # fmt: skip
    _comments(builder, team, third.id)
    builder.at(0, 9)
    session.actor = team.manager
    builder.report_progress(event, builder.today, lag=texts.lag)
    return event


def _event_budget(builder: _Builder, event: Project) -> None:
    session = builder.session
    with session.edit(_("Break the budget down"), event.id) as edit:
        lines = tables.budget_lines.all(edit, project_id=event.id)
        for line in lines:
            detail = builder.texts.budget.get(line.name)
            if detail is not None:
                amount, supplier, basis, tax = detail
                tables.budget_lines.update(edit, line.id, amount=amount, supplier=supplier, basis=basis, tax_rate=tax)
        venue = next(line for line in lines if line.parent_id is None)
        tables.budget_lines.update(edit, venue.id, lock=LineLock.PERCENT, percent=3000)


def _comments(builder: _Builder, team: _Team, version_id: EntityId) -> None:
    session, texts = builder.session, builder.texts
    rows = (
        (team.finance, Dimension.BUDGET, Severity.ADVICE, texts.comments[2], "goal", texts.replies[0]),
        (team.sales, Dimension.FEASIBILITY, Severity.ADVICE, texts.comments[3], "promotion", ""),
        (team.legal, Dimension.COMPLIANCE, Severity.BLOCKING, texts.comments[4], "flow", ""),
    )
    for at, (person, dimension, severity, text, section, reply) in enumerate(rows):
        builder.at(-2, 15, 40 + at * 5)
        session.actor = person
        comment = review.add_comment(session, version_id, dimension, severity, text, section_key=section)
        if reply:
            review.resolve_comment(session, comment.id)
            session.actor = team.manager
            review.reply_to_comment(session, comment.id, reply)
    session.actor = team.manager


def _others(builder: _Builder, team: _Team, programmes: list[EntityId]) -> None:
    session, texts, today = builder.session, builder.texts, builder.today
    builder.at(-60, 9)
    session.actor = team.manager
    brand = builder.new_project(
        *texts.brand, ProjectKind.BRAND, today - timedelta(days=55), 80_000_000, team.manager, programmes[0]
    )
    builder.write_sections(brand)
    builder.approve(brand, team, -50)
    session.actor = team.manager
    builder.report_progress(brand, today)
    for stage in stages.stages(session, brand.id)[:4]:
        _pass_gate(builder, brand, stage.id)
    builder.at(-16, 9)
    research = builder.new_project(
        *texts.research, ProjectKind.RESEARCH, today - timedelta(days=9), 12_000_000, team.manager, programmes[2]
    )
    builder.write_sections(research)
    build_survey(session, research.id, english=texts.english)
    builder.report_progress(research, today)
    _pass_gate(builder, research, stages.stages(session, research.id)[0].id)
    builder.at(-66, 9)
    fair = builder.new_project(
        *texts.past_event, ProjectKind.EVENT, today - timedelta(days=24), 18_000_000, team.event, programmes[1]
    )
    session.actor = team.event
    builder.write_sections(fair)
    builder.approve(fair, team, -40)
    session.actor = team.event
    builder.report_progress(fair, today)
    for stage in stages.stages(session, fair.id):
        _pass_gate(builder, fair, stage.id)
    with session.edit(_("Close the budget"), fair.id) as edit:
        budget.set_state(edit, fair.id, BudgetState.CLOSED)
    projects.close_project(session, fair.id)
    builder.at(-12, 9)
    session.actor = team.manager
    winter = builder.new_project(
        *texts.revised, ProjectKind.BRAND, today + timedelta(days=12), 35_000_000, team.brand, programmes[0]
    )
    builder.write_sections(winter)
    builder.approve(winter, team, -8)
    builder.at(-4, 10)
    session.actor = team.manager
    budget.set_total(session, winter.id, 38_000_000)
    builder.at(-3, 10)
    builder.new_project(
        *texts.draft_event, ProjectKind.EVENT, event_day_after(today + timedelta(days=40)), 26_000_000, team.event,
        programmes[3],
    )  # fmt: skip


def _pass_gate(builder: _Builder, project: Project, stage_id: EntityId) -> None:
    """Finish a stage's tasks and documents and move on."""
    session = builder.session
    with session.edit(_("Finish the stage"), project.id) as edit:
        for task in tables.tasks.all(edit, project_id=project.id, stage_id=stage_id):
            tables.tasks.update(edit, task.id, progress=DONE)
        for document in tables.project_documents.all(edit, project_id=project.id, stage_id=stage_id):
            tables.project_documents.update(edit, document.id, produced_ms=edit.now_ms())
        for item in tables.gate_items.all(edit, project_id=project.id, stage_id=stage_id):
            if item.kind is GateKind.MANUAL:
                tables.gate_items.update(edit, item.id, done_ms=edit.now_ms())
    stages.move_stage_on(session, project.id)


def _line(session: Session, project_id: EntityId, name: str) -> BudgetLine:
    return next(line for line in tables.budget_lines.all(session.workspace, project_id=project_id) if line.name == name)


def _progress(task: Task, moment: int, lag: dict[str, int]) -> int:
    if task.finish <= moment:
        return DONE
    if task.name in lag:
        return lag[task.name] * 100
    if task.start >= moment:
        return task.progress
    return (moment - task.start) * 10 // max(1, task.finish - task.start) * 1000

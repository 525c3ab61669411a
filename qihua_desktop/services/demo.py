"""The sample workspace: a department in the middle of its year, built through the same services as the windows.

Everything is dated relative to ``today``; the event day is the next Saturday that leaves nine days or more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from db import tables
from qihua_desktop.domain.budget import BudgetLine, BudgetState, LineLock
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.plan import DONE, ScheduleDirection, Task, instant
from qihua_desktop.domain.project import GateKind, Project, ProjectKind
from qihua_desktop.domain.review import Dimension, PlanSection, Severity, Verdict
from qihua_desktop.i18n import _, current_language

from . import budget, people, plan_baselines, projects, review, sections, settings, stages, strategy
from .demo_money import DemoMoney, MoneyScene
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
    story = _Story(builder, team, programmes)
    for days, hour, minute, step in sorted(story.steps(), key=lambda one: one[:3]):
        builder.at(days, hour, minute)
        session.actor = team.manager
        step()
    builder.at(0, 10, 42)
    session.actor = tables.people.get(session.workspace, team.manager.id)
    return story.made["event"].id


def _strategy(builder: _Builder) -> list[EntityId]:
    session, texts = builder.session, builder.texts
    found: list[EntityId] = []
    for name, goal, themes in texts.strategies:
        added = strategy.add_strategy(session, builder.today.year, name, goal)
        for quarter, theme in themes:
            found.append(strategy.add_programme(session, added.id, quarter, theme).id)
    return found


_Step = tuple[int, int, int, Callable[[], object]]


class _Story:
    """What happened in the department, step by step: days before today, hour, minute, deed."""

    def __init__(self, builder: _Builder, team: _Team, programmes: list[EntityId]) -> None:
        self.builder = builder
        self.session = builder.session
        self.team = team
        self.programmes = programmes
        self.made: dict[str, Project] = {}
        scene = MoneyScene(builder.session, builder.today, builder.texts.english, team.director.id, DEMO_PIN)
        self.money = DemoMoney(scene)
        self.versions: dict[int, EntityId] = {}

    def steps(self) -> list[_Step]:
        """Return all deeds in any order."""
        builder, made, money = self.builder, self.made, self.money
        return [
            (-69, 10, 0, money.set_up),
            (-66, 9, 0, self._start_past_event),
            (-60, 9, 0, self._start_brand),
            (-50, 9, 0, lambda: builder.approve(made["brand"], self.team, -50)),
            (-49, 10, 0, lambda: self._pass_stages("brand", 4)),
            (-42, 9, 0, self._start_event),
            (-40, 9, 0, lambda: builder.approve(made["past"], self.team, -40)),
            (-41, 9, 0, lambda: money.plan_past(made["past"].id)),
            (-23, 10, 0, lambda: money.past_event(made["past"].id)),
            (-22, 9, 0, lambda: self._settle_past_event()),
            (-22, 10, 0, self._close_past_event),
            (-58, 9, 0, lambda: money.plan_brand(made["brand"].id)),
            (-43, 9, 0, lambda: money.brand_contracts(made["brand"].id)),
            (-5, 9, 0, lambda: money.brand_invoices(made["brand"].id)),
            (-15, 9, 0, lambda: money.event_quotes(made["event"].id)),
            (-1, 9, 0, lambda: money.event_vouchers(made["event"].id)),
            (-21, 15, 0, self._first_draft),
            (-21, 16, 0, lambda: self._submit(0)),
            (-20, 11, 0, self._return_first),
            (-18, 9, 0, self._revise_travel),
            (-16, 9, 0, self._start_research),
            (-14, 9, 0, lambda: builder.report_progress(made["event"], builder.today - timedelta(days=14))),
            (-14, 9, 30, lambda: self._pass_stages("event", 2)),
            (-14, 10, 0, lambda: self._submit(1)),
            (-12, 9, 0, self._start_winter),
            (-9, 10, 0, lambda: self._pass_stages("research", 1)),
            (-8, 9, 0, lambda: builder.approve(made["winter"], self.team, -8)),
            (-4, 10, 0, lambda: budget.set_total(self.session, made["winter"].id, 38_000_000)),
            (-3, 10, 0, self._start_draft_event),
            (-2, 14, 5, self._sales_signs),
            (-2, 15, 32, self._finance_signs),
            (-2, 15, 40, lambda: _comments(builder, self.team, self.versions[1])),
            (0, 8, 50, lambda: builder.report_progress(made["research"], builder.today)),
            (0, 8, 55, lambda: builder.report_progress(made["brand"], builder.today, lag=builder.texts.lag)),
            (0, 9, 0, lambda: builder.report_progress(made["event"], builder.today, lag=builder.texts.lag)),
        ]

    def _start_event(self) -> None:
        builder = self.builder
        name, goal, venue = builder.texts.event
        self.made["event"] = builder.new_project(
            name, goal, ProjectKind.EVENT, builder.event_day, _EVENT_TOTAL, self.team.manager, self.programmes[1], venue
        )
        builder.write_sections(self.made["event"])
        self.money.draw_on(self.made["event"].id, ProjectKind.EVENT)
        _event_budget(builder, self.made["event"])

    def _first_draft(self) -> None:
        """Leave out what the second version adds: enough for travel, and the draw in the flow of the day."""
        event = self.made["event"]
        budget.set_amount(self.session, _line(self.session, event.id, self.builder.texts.travel).id, 2_000_000)
        flow = self._flow()
        sections.write_section(self.session, flow.id, flow.body.splitlines()[0])

    def _flow(self) -> PlanSection:
        found = sections.sections(self.session, self.made["event"].id)
        return next(section for section in found if section.key == "flow")

    def _submit(self, number: int) -> None:
        event = self.made["event"]
        seats = review.proposed_seats(self.session, event.id)
        self.versions[number] = review.submit(self.session, event.id, seats, self.builder.texts.notes[number]).id

    def _return_first(self) -> None:
        review.sign(
            self.session,
            self.versions[0],
            self.team.finance.id,
            DEMO_PIN,
            Verdict.RETURN,
            comment=self.builder.texts.comments[0],
        )

    def _revise_travel(self) -> None:
        event, texts = self.made["event"], self.builder.texts
        budget.set_amount(self.session, _line(self.session, event.id, texts.travel).id, 2_400_000)
        self.builder.write_sections(event)
        plan_baselines.take_baseline(self.session, event.id, texts.baseline)

    def _sales_signs(self) -> None:
        review.sign(
            self.session, self.versions[1], self.team.sales.id, DEMO_PIN, Verdict.APPROVE, strokes=SIGNATURES[0]
        )

    def _finance_signs(self) -> None:
        review.sign(
            self.session,
            self.versions[1],
            self.team.finance.id,
            DEMO_PIN,
            Verdict.APPROVE_WITH_COMMENT,
            opinions={Dimension.BUDGET: self.builder.texts.comments[1]},
            strokes=SIGNATURES[1],
        )

    def _start_brand(self) -> None:
        builder, today = self.builder, self.builder.today
        self.made["brand"] = builder.new_project(
            *builder.texts.brand,
            ProjectKind.BRAND,
            today - timedelta(days=55),
            80_000_000,
            self.team.manager,
            self.programmes[0],
        )
        builder.write_sections(self.made["brand"])
        self.money.draw_on(self.made["brand"].id, ProjectKind.BRAND)

    def _start_research(self) -> None:
        builder, today = self.builder, self.builder.today
        made = builder.new_project(
            *builder.texts.research,
            ProjectKind.RESEARCH,
            today - timedelta(days=9),
            12_000_000,
            self.team.manager,
            self.programmes[2],
        )
        self.made["research"] = made
        builder.write_sections(made)
        self.money.draw_on(made.id, ProjectKind.RESEARCH)
        build_survey(self.session, made.id, english=builder.texts.english)

    def _start_past_event(self) -> None:
        builder = self.builder
        self.session.actor = self.team.event
        self.made["past"] = builder.new_project(
            *builder.texts.past_event,
            ProjectKind.EVENT,
            builder.today - timedelta(days=24),
            18_000_000,
            self.team.event,
            self.programmes[1],
        )
        builder.write_sections(self.made["past"])
        self.money.draw_on(self.made["past"].id, ProjectKind.EVENT)

    def _settle_past_event(self) -> None:
        self.session.actor = self.team.event
        self.money.close_past(self.made["past"].id, self.team.event.id)

    def _close_past_event(self) -> None:
        past = self.made["past"]
        self.session.actor = self.team.event
        self.builder.report_progress(past, self.builder.today)
        self._pass_stages("past", 5)
        with self.session.edit(_("Close the budget"), past.id) as edit:
            budget.set_state(edit, past.id, BudgetState.CLOSED)
        projects.close_project(self.session, past.id)

    def _start_winter(self) -> None:
        builder = self.builder
        self.made["winter"] = builder.new_project(
            *builder.texts.revised,
            ProjectKind.BRAND,
            builder.today + timedelta(days=12),
            35_000_000,
            self.team.brand,
            self.programmes[0],
        )
        builder.write_sections(self.made["winter"])
        self.money.draw_on(self.made["winter"].id, ProjectKind.BRAND)

    def _start_draft_event(self) -> None:
        builder = self.builder
        builder.new_project(
            *builder.texts.draft_event,
            ProjectKind.EVENT,
            event_day_after(builder.today + timedelta(days=40)),
            26_000_000,
            self.team.event,
            self.programmes[3],
        )

    def _pass_stages(self, name: str, count: int) -> None:
        for stage in stages.stages(self.session, self.made[name].id)[:count]:
            _pass_gate(self.builder, self.made[name], stage.id)


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
    if task.name in lag:
        return lag[task.name] * 100
    if task.finish <= moment:
        return DONE
    if task.start >= moment:
        return task.progress
    return (moment - task.start) * 10 // max(1, task.finish - task.start) * 1000

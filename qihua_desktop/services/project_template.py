"""Laying a workflow template on the calendar for a new project.

Forward plans start on the key date; backward plans put what is anchored on the event day, everything before it as late
as possible, and what follows it as soon as possible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.allocation import split
from qihua_desktop.domain.budget import Budget, BudgetLine, BudgetState, LineLock
from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.people import Department, Person, Role, department_label, role_label
from qihua_desktop.domain.plan import (
    Assignment,
    ConstraintType,
    Link,
    ScheduleDirection,
    Task,
    TaskMode,
    day_of,
    last_day_of,
)
from qihua_desktop.domain.project import GateItem, Project, ProjectDocument, ProjectStatus, Risk, Stage
from qihua_desktop.domain.review import PlanDocument, PlanSection
from qihua_desktop.domain.tree import outline
from qihua_desktop.domain.workflow import TemplateCategory, TemplateLine, TemplateStage, TemplateTask, Workflow
from qihua_desktop.i18n import _

from .limits import body, required_text, text
from .plan_network import compute, day_opening
from .plan_shape import Ground, LaidShape, laid_shape
from .plan_state import project_calendars
from .session import Session

if TYPE_CHECKING:
    from .projects import NewProject

_PERCENT_TOTAL = 10_000


@dataclass(frozen=True, slots=True)
class Laid:
    """Everything a new project consists of, before it is stored."""

    project: Project
    stages: tuple[Stage, ...]
    gates: tuple[GateItem, ...]
    documents: tuple[ProjectDocument, ...]
    tasks: tuple[Task, ...]
    links: tuple[Link, ...]
    budget: Budget
    lines: tuple[BudgetLine, ...]
    plan_document: PlanDocument
    sections: tuple[PlanSection, ...]
    risks: tuple[Risk, ...]
    warnings: tuple[str, ...]
    shares: tuple[Assignment, ...] = ()


class _Owners:
    """Who does what a template assigns to a role or a department."""

    def __init__(self, people: tuple[Person, ...], owner_id: EntityId | None) -> None:
        self._people = people
        self._owner = next((person for person in people if person.id == owner_id), None)

    def find(self, wanted: str) -> EntityId | None:
        """Return the project's owner for their own role, else the first person of the role or department."""
        if self._owner is not None and self._owner.role.value == wanted:
            return self._owner.id
        for person in self._people:
            if wanted in (person.role.value, person.department.value) and wanted != Role.REVIEWER.value:
                return person.id
        return None

    def label(self, wanted: str) -> str:
        """Return the role's or department's name, for when nobody holds it."""
        if not wanted:
            return ""
        if wanted in {department.value for department in Department}:
            return department_label(Department(wanted))
        return role_label(Role(wanted))


def lay_out(
    session: Session,
    new: NewProject,
    workflow: Workflow,
    number: str,
    owner: Callable[[str], tuple[EntityId | None, str]] | None = None,
) -> Laid:
    """Build a project from a template with all dates computed; nothing is stored.

    ``owner`` finds the owners written down in a whole plan, usually by their roles.
    """
    owners = _Owners(tables.people.all(session.workspace, active=True), new.owner_id)
    found = Project(
        new_id(),
        number,
        required_text(new.name, _("name")),
        new.kind,
        new.programme_id,
        new.owner_id,
        body(new.goal),
        text(new.venue),
        new.direction,
        new.key_on,
        None,
        ProjectStatus.ACTIVE,
        new.template_key,
        new.work_hours,
        session.workspace.now_ms(),
    )
    stages = tuple(_stage(found, at, stage, owners) for at, stage in enumerate(workflow.stages))
    found = replace(found, stage_id=stages[0].id if stages else None)
    calendars = project_calendars(session.workspace, found)
    if workflow.plan is not None:
        ground = Ground(found, calendars, found.key_on)
        places = {str(at): stage.id for at, stage in enumerate(stages)}
        laid = laid_shape(workflow.plan, ground, places, owner or (lambda who: (owners.find(who), owners.label(who))))
    else:
        opening = day_opening(calendars.project(found.id), found.key_on)
        laid = _tasks(found, workflow, stages, owners, opening)
    tasks, links = laid.tasks, laid.links
    shares: dict[EntityId, list[Assignment]] = {}
    for share in laid.shares:
        shares.setdefault(share.task_id, []).append(share)
    by_id = {task.id: task for task in tasks}
    tasks = tuple(by_id[row.id] for row in outline(tasks))
    schedule = compute(found, tasks, links, calendars, shares)
    dated = tuple(_dated(task, schedule.start(task.id), schedule.finish(task.id)) for task in tasks)
    document = PlanDocument(new_id(), found.id, workflow.document, _document_title(workflow))
    budget, lines = _budget(found, workflow, new.budget_total, laid.ids)
    return Laid(
        found,
        stages,
        tuple(_gates(found, workflow, stages)),
        tuple(_documents(found, workflow, stages)),
        dated,
        links,
        budget,
        lines,
        document,
        tuple(
            PlanSection(new_id(), found.id, document.id, at, section.key, section.title, section.body)
            for at, section in enumerate(workflow.sections)
        ),
        tuple(
            Risk(
                new_id(),
                found.id,
                at,
                risk.name,
                risk.trigger,
                risk.contingency,
                owners.find(risk.owner),
                "" if owners.find(risk.owner) else owners.label(risk.owner),
                risk.notice,
            )
            for at, risk in enumerate(workflow.risks)
        ),
        _calendar_warnings(calendars, dated),
        laid.shares,
    )


def store(edit: Edit, laid: Laid) -> None:
    """Write a laid-out project inside a running edit."""
    tables.projects.insert(edit, replace(laid.project, stage_id=None))
    tables.stages.insert_many(edit, laid.stages)
    tables.projects.update(edit, laid.project.id, stage_id=laid.project.stage_id)
    tables.gate_items.insert_many(edit, laid.gates)
    tables.project_documents.insert_many(edit, laid.documents)
    tables.tasks.insert_many(edit, laid.tasks)
    tables.links.insert_many(edit, laid.links)
    tables.assignments.insert_many(edit, laid.shares)
    tables.budgets.insert(edit, laid.budget)
    tables.budget_lines.insert_many(edit, laid.lines)
    tables.plan_documents.insert(edit, laid.plan_document)
    tables.plan_sections.insert_many(edit, laid.sections)
    tables.risks.insert_many(edit, laid.risks)


def _stage(project: Project, at: int, stage: TemplateStage, owners: _Owners) -> Stage:
    return Stage(
        new_id(),
        project.id,
        at,
        stage.key,
        stage.name,
        stage.owner,
        owners.find(stage.owner.value),
        stage.output,
        stage.review_days,
        None,
        None,
    )


def _tasks(project: Project, workflow: Workflow, stages: tuple[Stage, ...], owners: _Owners, opening: int) -> LaidShape:
    ids = {task.key: new_id() for task in workflow.tasks}
    before = _before_anchor(workflow)
    tasks: list[Task] = []
    for at, (described, stage) in enumerate(zip(workflow.stages, stages, strict=True)):
        if not described.tasks:
            continue
        head = _row(project, stage, None, at, described.name, opening)
        tasks.append(replace(head, owner_id=stage.owner_id))
        for position, task in enumerate(described.tasks):
            owner = owners.find(task.owner)
            row = replace(
                _row(project, stage, ids.get(task.parent, head.id), position, task.name, opening),
                id=ids[task.key],
                owner_id=owner,
                owner_text=task.owner_text or ("" if owner else owners.label(task.owner)),
                duration=task.duration,
                milestone=task.milestone,
                notes=task.notes,
            )
            tasks.append(_constrained(row, project, task, before, opening))
    links = tuple(
        Link(new_id(), project.id, ids[link.predecessor], ids[task.key], link.type, link.lag, link.lag_kind)
        for task in workflow.tasks
        for link in task.after
    )
    return LaidShape(tuple(tasks), links, ids)


def _dated(task: Task, start: int, finish: int) -> Task:
    return replace(task, start=start, finish=max(start, finish))


def _row(project: Project, stage: Stage, parent_id: EntityId | None, position: int, name: str, opening: int) -> Task:
    return Task(
        id=new_id(),
        project_id=project.id,
        parent_id=parent_id,
        stage_id=stage.id,
        position=position,
        name=name,
        owner_id=None,
        owner_text="",
        duration=0,
        elapsed=False,
        milestone=False,
        mode=TaskMode.AUTO,
        start=opening,
        finish=opening,
        constraint=ConstraintType.ASAP,
        constraint_at=None,
        deadline=None,
        progress=0,
        actual_start=None,
        actual_finish=None,
        priority=500,
        units=10_000,
        notes="",
        external_ref="",
    )


def _constrained(row: Task, project: Project, task: TemplateTask, before: frozenset[str], opening: int) -> Task:
    if project.direction is not ScheduleDirection.BACKWARD:
        return row
    if task.anchor:
        return replace(row, constraint=ConstraintType.MSO, constraint_at=opening)
    if task.key in before:
        return replace(row, constraint=ConstraintType.ALAP)
    return row


def _before_anchor(workflow: Workflow) -> frozenset[str]:
    """Return the keys of everything that does not come after an anchored task."""
    successors: dict[str, list[str]] = {}
    for task in workflow.tasks:
        for link in task.after:
            successors.setdefault(link.predecessor, []).append(task.key)
    after: set[str] = set()
    open_keys = [task.key for task in workflow.tasks if task.anchor]
    anchors = set(open_keys)
    while open_keys:
        for key in successors.get(open_keys.pop(), ()):
            if key not in after:
                after.add(key)
                open_keys.append(key)
    return frozenset(task.key for task in workflow.tasks) - after - anchors


def _gates(project: Project, workflow: Workflow, stages: tuple[Stage, ...]) -> list[GateItem]:
    return [
        GateItem(
            new_id(),
            project.id,
            stage.id,
            at,
            gate.kind,
            gate.document,
            gate.name,
            gate.owner,
            gate.target,
            None,
            None,
        )
        for described, stage in zip(workflow.stages, stages, strict=True)
        for at, gate in enumerate(described.gates)
    ]


def _documents(project: Project, workflow: Workflow, stages: tuple[Stage, ...]) -> list[ProjectDocument]:
    return [
        ProjectDocument(new_id(), project.id, stage.id, at, document.key, document.name, None, None, None)
        for described, stage in zip(workflow.stages, stages, strict=True)
        for at, document in enumerate(described.documents)
    ]


def _document_title(workflow: Workflow) -> str:
    for stage in workflow.stages:
        for document in stage.documents:
            if document.key == workflow.document:
                return document.name
    return workflow.name


def _budget(
    project: Project, workflow: Workflow, total: int, tasks: Mapping[str, EntityId]
) -> tuple[Budget, tuple[BudgetLine, ...]]:
    budget = Budget(new_id(), project.id, total, BudgetState.DRAFT, 1, "")
    amounts = _category_amounts(workflow, total)
    lines: list[BudgetLine] = []
    for at, category in enumerate(workflow.budget):
        head = BudgetLine(
            id=new_id(),
            project_id=project.id,
            parent_id=None,
            position=at,
            name=category.name,
            amount=amounts[at],
            lock=LineLock.PERCENT if category.reserve else LineLock.FREE,
            percent=category.percent,
            quantity=0,
            unit="",
            unit_price=0,
            tax_rate=0,
            supplier="",
            basis="",
            colour=category.colour,
            is_reserve=category.reserve,
            task_id=None,
            notes="",
        )
        lines.append(head)
        lines += _lines_below(head, category, tasks)
    return budget, tuple(lines)


def _category_amounts(workflow: Workflow, total: int) -> list[int]:
    weights = [category.weight for category in workflow.budget]
    if any(weights):
        return split(total, weights)
    shares = [category.percent for category in workflow.budget]
    rest = _PERCENT_TOTAL - sum(shares)
    return split(total, [*shares, rest] if rest > 0 else shares) if shares else []


def _lines_below(head: BudgetLine, category: TemplateCategory, tasks: Mapping[str, EntityId]) -> list[BudgetLine]:
    """Return the lines of a category; what a line holds is spread over those below it by their weights."""
    details = category.details or tuple(TemplateLine(name, 1) for name in category.lines)
    children: dict[int, list[int]] = {}
    for at, detail in enumerate(details):
        children.setdefault(detail.above, []).append(at)
    made: dict[int, BudgetLine] = {-1: head}
    for above in (-1, *range(len(details))):
        own = children.get(above, ())
        amounts = split(made[above].amount, [details[at].weight for at in own]) if own else []
        for position, (at, amount) in enumerate(zip(own, amounts, strict=True)):
            detail = details[at]
            made[at] = replace(
                head,
                id=new_id(),
                parent_id=made[above].id,
                position=position,
                name=detail.name,
                amount=amount,
                lock=LineLock.FREE,
                percent=0,
                unit=detail.unit,
                tax_rate=detail.tax_rate,
                supplier=detail.supplier,
                basis=detail.basis,
                is_reserve=detail.reserve,
                task_id=tasks.get(detail.task),
                notes=detail.notes,
            )
    return [made[at] for at in range(len(details))]


def _calendar_warnings(calendars: Calendars, tasks: tuple[Task, ...]) -> tuple[str, ...]:
    if not tasks:
        return ()
    first, last = day_of(min(task.start for task in tasks)), max(last_day_of(t.start, t.finish) for t in tasks)
    if not calendars.rests_on_unannounced(first, last):
        return ()
    return (_("Part of the plan lies in a year whose public holidays are not announced yet."),)

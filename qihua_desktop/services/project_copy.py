"""A new project from a past one: dates move to the new key date by working days, owners stay, progress is cleared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, id_from_text, id_text, new_id
from qihua_desktop.domain.people import Person
from qihua_desktop.domain.plan import (
    ConstraintType,
    Link,
    ScheduleDirection,
    Task,
    TaskMode,
    day_of,
    day_start,
    last_day_of,
)
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.domain.workflow import Workflow
from qihua_desktop.i18n import _, ngettext

from .plan_commit import scheduled_task
from .plan_state import PlanState, plan_state, project_calendars
from .project_template import Laid, lay_out
from .session import Session
from .templates import TemplateInfo, project_workflow

if TYPE_CHECKING:
    from .projects import NewProject

_PREFIX: Final = "project:"
_AT_FINISH: Final = frozenset({ConstraintType.FNET, ConstraintType.FNLT, ConstraintType.MFO})
_ON_THE_DAY: Final = frozenset({ConstraintType.MSO, ConstraintType.MFO})


def past_projects(session: Session, kind: ProjectKind) -> tuple[TemplateInfo, ...]:
    """Return the projects of a kind that a new one can be made from, the latest first."""
    counts: dict[EntityId, int] = {}
    tasks = tables.tasks.all(session.workspace)
    summaries = {task.parent_id for task in tasks}
    for task in tasks:
        if task.id not in summaries:
            counts[task.project_id] = counts.get(task.project_id, 0) + 1
    stages: dict[EntityId, int] = {}
    for stage in tables.stages.all(session.workspace):
        stages[stage.project_id] = stages.get(stage.project_id, 0) + 1
    found = [one for one in tables.projects.all(session.workspace, kind=kind) if counts.get(one.id)]
    found.sort(key=lambda one: (one.key_on, one.number), reverse=True)
    return tuple(
        TemplateInfo(
            project_key(one.id), one.name, kind, _description(one), False, stages.get(one.id, 0), counts[one.id]
        )
        for one in found
    )


def project_key(project_id: EntityId) -> str:
    """Return the template key that stands for a project."""
    return _PREFIX + id_text(project_id)


def is_project_key(key: str) -> bool:
    """Return whether a template key stands for a project."""
    return key.startswith(_PREFIX)


def past_workflow(session: Session, key: str) -> Workflow:
    """Return what a past project is made of, as a template. Raises InputError when it is gone."""
    source = _source(session, key)
    workflow = project_workflow(session, source, key, source.name)
    return replace(workflow, description=_description(source), document=_document(session, source, workflow))


def lay_out_copy(session: Session, new: NewProject, number: str) -> Laid:
    """Build a project from a past one with all dates computed; nothing is stored."""
    source = _source(session, new.template_key)
    laid = lay_out(session, new, past_workflow(session, new.template_key), number)
    people = {person.id: person for person in tables.people.all(session.workspace)}
    old_stages = tables.stages.all(session.workspace, project_id=source.id)
    stages = tuple(
        replace(stage, owner_id=_present(old.owner_id, people) or stage.owner_id)
        for stage, old in zip(laid.stages, old_stages, strict=True)
    )
    project = replace(laid.project, template_key=source.template_key, work_hours=new.work_hours or source.work_hours)
    stage_ids = {old.id: stage.id for old, stage in zip(old_stages, stages, strict=True)}
    state = _rebased(session, source, project, stage_ids, people)
    tasks = tuple(scheduled_task(state, row.id) for row in state.outline)
    risks = tuple(
        replace(risk, owner_id=owner, owner_text=old.owner_text if owner is None else "")
        for risk, old in zip(laid.risks, tables.risks.all(session.workspace, project_id=source.id), strict=True)
        for owner in (_present(old.owner_id, people),)
    )
    return replace(
        laid,
        project=project,
        stages=stages,
        tasks=tasks,
        links=tuple(state.links.values()),
        risks=risks,
        warnings=(*laid.warnings, *_departed(session, source, people)),
    )


def _source(session: Session, key: str) -> Project:
    try:
        found = tables.projects.find(session.workspace, id_from_text(key.removeprefix(_PREFIX)))
    except ValueError:
        found = None
    if found is None:
        raise InputError(_("The project no longer exists."), _("It was deleted meanwhile."))
    return found


def _description(source: Project) -> str:
    words = _("A copy of “{project}” ({day}): working days move to the new key date, owners stay, progress is cleared.")
    return words.format(project=source.name[:200], day=source.key_on.isoformat())


def _document(session: Session, source: Project, workflow: Workflow) -> str:
    found = tables.plan_documents.all(session.workspace, project_id=source.id)
    return found[0].key if found else workflow.document


def _present(owner: EntityId | None, people: dict[EntityId, Person]) -> EntityId | None:
    person = people.get(owner) if owner is not None else None
    return person.id if person is not None and person.active else None


def _departed(session: Session, source: Project, people: dict[EntityId, Person]) -> tuple[str, ...]:
    count = sum(
        1
        for task in tables.tasks.all(session.workspace, project_id=source.id)
        if task.owner_id is not None and _present(task.owner_id, people) is None
    )
    if not count:
        return ()
    words = ngettext(
        "{count} task belonged to somebody who left and has no owner now.",
        "{count} tasks belonged to people who left and have no owner now.",
        count,
    )
    return (words.format(count=count),)


def _rebased(
    session: Session,
    source: Project,
    project: Project,
    stage_ids: dict[EntityId, EntityId],
    people: dict[EntityId, Person],
) -> PlanState:
    """Return the past plan with new ids, cleared of progress, at the new key date."""
    old = plan_state(session, source.id)
    calendars = project_calendars(session.workspace, project)
    move = _Mover(old, project, PlanState(project, {}, {}, calendars, people))
    ids = {task_id: new_id() for task_id in old.tasks}
    tasks: dict[EntityId, Task] = {}
    for task in old.tasks.values():
        moved = move.task(task, is_summary=old.is_summary(task.id))
        tasks[ids[task.id]] = replace(
            moved,
            id=ids[task.id],
            project_id=project.id,
            parent_id=ids[task.parent_id] if task.parent_id is not None else None,
            stage_id=stage_ids.get(task.stage_id) if task.stage_id is not None else None,
            owner_id=_present(task.owner_id, people),
            progress=0,
            actual_start=None,
            actual_finish=None,
        )
    links = [
        Link(
            new_id(),
            project.id,
            ids[link.predecessor_id],
            ids[link.successor_id],
            link.type,
            link.lag,
            link.lag_kind,
        )
        for link in old.links.values()
    ]
    return PlanState(project, tasks, {link.id: link for link in links}, calendars, people)


class _Mover:
    """Moves dates from one key date to another: on the day itself by the clock, else by working time."""

    def __init__(self, old: PlanState, project: Project, new: PlanState) -> None:
        self._old_calendar, self._new_calendar = old.calendar, new.calendar
        self._direction = project.direction
        self._turned = project.direction is not old.project.direction
        self._old_day = _reference(old) if self._turned else old.project.key_on
        self._new_day = project.key_on

    def task(self, task: Task, *, is_summary: bool) -> Task:
        """Return a task with its constraint, deadline and pinned dates moved."""
        at_finish = task.constraint in _AT_FINISH
        on_the_day = task.constraint in _ON_THE_DAY
        moved = replace(
            task,
            constraint_at=self._at(task.constraint_at, at_finish=at_finish, on_the_day=on_the_day),
            deadline=self._at(task.deadline, at_finish=True),
        )
        if task.mode is TaskMode.PINNED:
            start = self._at(task.start, at_finish=False, on_the_day=True)
            finish = self._at(task.finish, at_finish=task.finish > task.start, on_the_day=True)
            if start is not None and finish is not None:
                moved = replace(moved, start=start, finish=max(start, finish))
        if self._turned and not is_summary:
            moved = replace(moved, constraint=self._other_way(task.constraint))
        return moved

    def _other_way(self, constraint: ConstraintType) -> ConstraintType:
        if self._direction is ScheduleDirection.FORWARD and constraint is ConstraintType.ALAP:
            return ConstraintType.ASAP
        if self._direction is ScheduleDirection.BACKWARD and constraint is ConstraintType.ASAP:
            return ConstraintType.ALAP
        return constraint

    def _at(self, at: int | None, *, at_finish: bool, on_the_day: bool = False) -> int | None:
        if at is None:
            return None
        first, second = day_start(self._old_day), day_start(self._new_day)
        if on_the_day and day_of(at) == self._old_day:
            return at - first + second
        position = self._new_calendar.work(second) + self._old_calendar.work(at) - self._old_calendar.work(first)
        return self._new_calendar.at_end(position) if at_finish else self._new_calendar.at_start(position)


def _reference(old: PlanState) -> date:
    """Return the day of a plan that becomes the key date when it is planned the other way round."""
    if not old.tasks:
        return old.project.key_on
    first, last = old.schedule.project_start, old.schedule.project_finish
    return day_of(first) if old.backward else last_day_of(first, last)

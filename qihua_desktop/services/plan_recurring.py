"""Recurring tasks: a summary with one task per occurrence, made and made anew in one step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import MINUTES_PER_DAY, ConstraintType, Link, Task, day_start
from qihua_desktop.domain.recurrence import Recurrence, occurrences, read_rule, rule_text, shifted
from qihua_desktop.domain.tree import insert
from qihua_desktop.i18n import _

from .limits import required_text
from .plan_commit import Outcome, commit, current
from .plan_edit import MAX_LEVEL, new_task
from .plan_network import day_opening
from .plan_state import PlanChange, PlanState
from .session import Session

_OCCURRENCE: Final = "occurrence:"
_LONGEST_NAME: Final = 9_900


@dataclass(frozen=True, slots=True)
class RecurringTask:
    """What is repeated: name, working minutes of each time, who does it."""

    name: str
    duration: int
    owner_id: EntityId | None
    rule: Recurrence


@dataclass(frozen=True, slots=True)
class RecurringFound:
    """A recurring task in a plan; ``begun`` occurrences have progress or notes."""

    summary_id: EntityId
    task: RecurringTask
    occurrences: int
    begun: int


def recurring_days(state: PlanState, task: RecurringTask) -> tuple[date, ...]:
    """Return the days a recurring task falls on, worked by its owner. Raises InputError."""
    calendar = state.calendars.person(task.owner_id, state.project.id)
    return occurrences(task.rule, lambda day: bool(calendar.periods(day_start(day) // MINUTES_PER_DAY)))


def add_recurring(
    session: Session, project_id: EntityId, task: RecurringTask, after: EntityId | None = None
) -> Outcome:
    """Add a recurring task behind a row, or at the end. Raises InputError."""
    state = current(session, project_id)
    name = _checked(task)
    neighbour = state.tasks.get(after) if after is not None else None
    parent = neighbour.parent_id if neighbour is not None else None
    siblings = [row.id for row in state.outline if row.parent_id == parent]
    index = siblings.index(neighbour.id) + 1 if neighbour is not None else len(siblings)
    level = next((row.level for row in state.outline if neighbour is not None and row.id == neighbour.id), 0)
    if level >= MAX_LEVEL:
        raise InputError(_("Rows cannot be nested any deeper."))
    stage = neighbour.stage_id if neighbour is not None and neighbour.parent_id is not None else None
    summary = replace(
        new_task(state, name, session),
        parent_id=parent,
        stage_id=stage,
        external_ref=rule_text(task.rule),
        constraint=ConstraintType.ASAP,
        constraint_at=None,
    )
    placements = {one.id: one for one in insert(tuple(state.tasks.values()), summary.id, parent, index)}
    summary = replace(summary, position=placements.pop(summary.id).position)
    shifted = tuple(replace(state.tasks[one.id], position=one.position) for one in placements.values())
    change = PlanChange((summary, *_occurrences(state, session, task, summary, 0), *shifted))
    return commit(session, _("Add recurring task “{task}”").format(task=name[:60]), state, change)


def replace_recurring(session: Session, project_id: EntityId, summary_id: EntityId, task: RecurringTask) -> Outcome:
    """Delete the occurrences of a recurring task with all they hold and make them anew; other rows below it stay."""
    state = current(session, project_id)
    name = _checked(task)
    summary = replace(state.task(summary_id), name=name, external_ref=rule_text(task.rule))
    old = _occurrences_of(state, summary_id)
    kept = [one.position for one in state.tasks.values() if one.parent_id == summary_id and one not in old]
    made = _occurrences(state, session, task, summary, max(kept, default=-1) + 1)
    change = PlanChange((summary, *made), removed=_with_all_below(state, old))
    return commit(session, _("Change recurring task “{task}”").format(task=name[:60]), state, change)


def find_recurring(state: PlanState, task_id: EntityId) -> RecurringFound | None:
    """Return the recurring task that a row is, or is an occurrence of."""
    for identifier in (task_id, state.tasks[task_id].parent_id if task_id in state.tasks else None):
        summary = state.tasks.get(identifier) if identifier is not None else None
        rule = read_rule(summary.external_ref) if summary is not None else None
        if summary is None or rule is None:
            continue
        own = _occurrences_of(state, summary.id)
        first = own[0] if own else None
        duration = first.duration if first is not None else state.minutes_per_day
        described = RecurringTask(summary.name, duration, first.owner_id if first is not None else None, rule)
        begun = sum(1 for one in own if one.progress or one.notes)
        return RecurringFound(summary.id, described, len(own), begun)
    return None


def renewed(
    tasks: Sequence[Task], links: Iterable[Link], calendars: Calendars, days: int
) -> tuple[tuple[Task, ...], tuple[Link, ...]]:
    """Return a plan that was moved by some days with its recurring tasks on their own days again.

    A weekly brief on Mondays stays on Mondays: its rule moves by whole weeks (a monthly one by months), days off are
    seen anew, and occurrences come or go with their days.
    """
    found = {task.id: task for task in tasks}
    for summary in tasks:
        rule = read_rule(summary.external_ref)
        if rule is None:
            continue
        own = sorted(
            (one for one in tasks if one.parent_id == summary.id and one.external_ref.startswith(_OCCURRENCE)),
            key=lambda one: one.position,
        )
        rule = shifted(rule, days)
        found[summary.id] = replace(summary, external_ref=rule_text(rule))
        if own:
            _place_again(found, own, rule, calendars)
    kept = tuple(task for task in found.values() if _has_parents(task, found))
    inside = {task.id for task in kept}
    return kept, tuple(link for link in links if link.predecessor_id in inside and link.successor_id in inside)


def _place_again(found: dict[EntityId, Task], own: list[Task], rule: Recurrence, calendars: Calendars) -> None:
    calendar = calendars.person(own[0].owner_id, own[0].project_id)
    try:
        days = occurrences(rule, lambda day: bool(calendar.periods(day_start(day) // MINUTES_PER_DAY)))
    except InputError:
        return
    for number, day in enumerate(days):
        old = own[min(number, len(own) - 1)]
        old_day = old.external_ref.removeprefix(_OCCURRENCE)
        name = old.name.removesuffix(old_day) + day.isoformat() if old.name.endswith(old_day) else old.name
        one = replace(
            old,
            id=old.id if number < len(own) else new_id(),
            position=old.position if number < len(own) else own[-1].position + 1 + number - len(own),
            name=name,
            constraint=ConstraintType.SNET,
            constraint_at=day_opening(calendar, day),
            external_ref=_OCCURRENCE + day.isoformat(),
        )
        found[one.id] = one
    for gone in own[len(days) :]:
        del found[gone.id]


def _has_parents(task: Task, found: dict[EntityId, Task]) -> bool:
    parent, depth = task.parent_id, 0
    while parent is not None:
        if parent not in found or depth > len(found):
            return False
        parent, depth = found[parent].parent_id, depth + 1
    return True


def _checked(task: RecurringTask) -> str:
    if task.duration < 0:
        raise InputError(_("The duration cannot be negative."))
    return required_text(task.name, _("name"), _LONGEST_NAME)


def _occurrences(
    state: PlanState, session: Session, task: RecurringTask, summary: Task, position: int
) -> tuple[Task, ...]:
    calendar = state.calendars.person(task.owner_id, state.project.id)
    made: list[Task] = []
    for number, day in enumerate(recurring_days(state, task)):
        made.append(
            replace(
                new_task(state, f"{summary.name} {day.isoformat()}", session),
                parent_id=summary.id,
                stage_id=summary.stage_id,
                position=position + number,
                owner_id=task.owner_id,
                duration=task.duration,
                milestone=task.duration == 0,
                constraint=ConstraintType.SNET,
                constraint_at=day_opening(calendar, day),
                external_ref=_OCCURRENCE + day.isoformat(),
            )
        )
    return tuple(made)


def _occurrences_of(state: PlanState, summary_id: EntityId) -> list[Task]:
    own = [
        task
        for task in state.tasks.values()
        if task.parent_id == summary_id and task.external_ref.startswith(_OCCURRENCE)
    ]
    return sorted(own, key=lambda task: task.position)


def _with_all_below(state: PlanState, tasks: list[Task]) -> tuple[EntityId, ...]:
    gone = {task.id for task in tasks}
    for row in state.outline:
        if row.parent_id in gone:
            gone.add(row.id)
    return tuple(gone)

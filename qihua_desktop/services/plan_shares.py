"""Who works on a task with what share of their time, and the hours that people usually work.

A task's owner leads; the others stand behind. What one person does alone needs no share of its own: that is the
task's owner and ``units``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.calendars import week_from_text, week_text
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import DONE, Assignment, PersonWeek, Task
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.domain.working_time import Periods, checked_periods
from qihua_desktop.i18n import _

from .limits import text
from .plan_commit import Outcome, commit, current, recalculate
from .plan_network import share_minutes
from .plan_state import PlanChange, PlanState
from .session import Session

MOST_PEOPLE: Final = 50
LARGEST_SHARE: Final = 10 * DONE
SEVERAL: Final = "、"
_NAME_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Share:
    """Somebody's share in a task: a person of the workspace or only a name; ``units`` in basis points of their time.

    ``minutes`` is how long they work on it when that is not as long as the task lasts.
    """

    person_id: EntityId | None
    name: str
    units: int = DONE
    minutes: int | None = None


def shares_of(state: PlanState, task_id: EntityId) -> tuple[Share, ...]:
    """Return everybody who works on a task, the owner first; nobody when it has no owner."""
    return task_shares(state, state.task(task_id))


def task_shares(state: PlanState, task: Task) -> tuple[Share, ...]:
    """Return everybody who works on a task, the owner first."""
    rows = state.shares.get(task.id, ())
    lead = next((row for row in rows if row.position == 0), None)
    found: list[Share] = []
    if name := state.owner_name(task):
        minutes = None if lead is None else _minutes(task, lead)
        found.append(Share(task.owner_id if task.owner_id in state.people else None, name, task.units, minutes))
    for row in rows:
        person = state.people.get(row.person_id) if row.person_id is not None else None
        same = task.owner_id is not None and row.person_id == task.owner_id
        name = person.name if person is not None else row.name
        if row.position and name and not same:
            found.append(Share(row.person_id, name, row.units, _minutes(task, row)))
    return tuple(found)


def shares_text(state: PlanState, task_id: EntityId) -> str:
    """Return who works on a task as one line, such as “张伟、李娜 50%”."""
    return SEVERAL.join(share_words(share) for share in shares_of(state, task_id))


def share_words(share: Share) -> str:
    """Return a name, with the share of time when it is not the whole."""
    return share.name if share.units == DONE else f"{share.name} {share.units / 100:g}%"


def set_shares(session: Session, project_id: EntityId, task_id: EntityId, shares: Sequence[Share]) -> Outcome:
    """Say who works on a task, the first one leads. Raises InputError for shares that cannot be."""
    state = current(session, project_id)
    task = state.task(task_id)
    wanted = _checked(state, shares)
    lead = wanted[0] if wanted else Share(None, "")
    changed = replace(
        task, owner_id=lead.person_id, owner_text="" if lead.person_id is not None else lead.name, units=lead.units
    )
    rows = share_rows(changed, wanted)
    change = PlanChange(
        (changed,) if changed != task else (),
        shares=((task_id, rows),) if rows or state.shares.get(task_id) else (),
    )
    name = task.name if len(task.name) <= 60 else task.name[:60] + "…"
    return commit(session, _("Change who works on “{task}”").format(task=name), state, change)


def share_rows(task: Task, shares: Sequence[Share]) -> tuple[Assignment, ...]:
    """Return the rows to store for a task; none when its owner does it alone."""
    alone = len(shares) <= 1 and all(share.minutes in (None, task.duration) for share in shares)
    if alone:
        return ()
    rows: list[Assignment] = []
    for position, share in enumerate(shares):
        minutes = task.duration if share.minutes is None else share.minutes
        units = share.units or DONE
        first = position == 0
        rows.append(
            Assignment(
                new_id(),
                task.project_id,
                task.id,
                position,
                None if first else share.person_id,
                "" if first or share.person_id is not None else share.name,
                units,
                round(minutes * units / DONE),
                task.duration,
            )
        )
    return tuple(rows)


def person_week(session: Session, person_id: EntityId, project_id: EntityId | None = None) -> tuple[Periods, ...]:
    """Return the hours somebody works from Monday to Sunday, in general or in a project; nothing for the usual ones."""
    found = tables.person_weeks.all(session.workspace, person_id=person_id, project_id=project_id)
    return week_from_text(found[0].hours) if found else ()


def set_person_week(
    session: Session, person_id: EntityId, week: Sequence[Periods], project_id: EntityId | None = None
) -> int:
    """Set the hours somebody works from Monday to Sunday, or take them back to the usual ones with an empty week.

    Returns how many tasks moved. Raises InputError when there is no time to work in it.
    """
    cleaned = _checked_week(week)
    person = tables.people.get(session.workspace, person_id)
    moved = 0
    with session.edit(_("Change the working week of “{person}”").format(person=person.name), project_id) as edit:
        old = tables.person_weeks.all(edit, person_id=person_id, project_id=project_id)
        tables.person_weeks.delete(edit, *(one.id for one in old))
        if cleaned:
            tables.person_weeks.insert(edit, PersonWeek(new_id(), project_id, person_id, week_text(cleaned)))
        for concerned in _concerned(edit, person_id, project_id):
            moved += recalculate(edit, concerned)
    return moved


def _checked(state: PlanState, shares: Sequence[Share]) -> tuple[Share, ...]:
    if len(shares) > MOST_PEOPLE:
        raise InputError(_("At most {count} people can work on one task.").format(count=MOST_PEOPLE))
    found: list[Share] = []
    for share in shares:
        if not 0 < share.units <= LARGEST_SHARE or (share.minutes is not None and share.minutes < 0):
            raise InputError(_("A share of time lies between 1 and 1000 per cent."))
        person = state.people.get(share.person_id) if share.person_id is not None else None
        if share.person_id is not None and person is None:
            raise InputError(_("This person no longer exists."))
        name = person.name if person is not None else text(share.name, _NAME_LENGTH)
        key = (share.person_id, "" if person is not None else name)
        if not name or any(key == (one.person_id, "" if one.person_id is not None else one.name) for one in found):
            continue
        found.append(replace(share, name=name))
    return tuple(found)


def _checked_week(week: Sequence[Periods]) -> tuple[Periods, ...]:
    if not week:
        return ()
    try:
        cleaned = tuple(checked_periods(periods) if periods else () for periods in week)
    except ValueError as error:
        raise InputError(_("These working hours cannot be."), details=(str(error),)) from error
    if len(cleaned) != 7 or not any(cleaned):
        raise InputError(_("A working week needs at least one working day."))
    return cleaned


def _minutes(task: Task, row: Assignment) -> int | None:
    minutes = share_minutes(task, row)
    return None if minutes == task.duration else minutes


def _concerned(edit: Edit, person_id: EntityId, project_id: EntityId | None) -> tuple[EntityId, ...]:
    active = {one.id for one in tables.projects.all(edit, status=ProjectStatus.ACTIVE)}
    touched = {task.project_id for task in tables.tasks.all(edit, owner_id=person_id)}
    touched |= {row.project_id for row in tables.assignments.all(edit, person_id=person_id)}
    return tuple(one for one in touched if one in active and project_id in (None, one))

"""List each date that our engine computes differently from the file it came from, with the cause."""

from __future__ import annotations

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import LinkType
from qihua_desktop.domain.schedule import DriverKind, Schedule, driver
from qihua_desktop.domain.working_time import WorkingTime
from qihua_desktop.i18n import _

from .imported_plan import DateDifference, DifferenceCause, ImportedPlan, StoredDates


def date_differences(plan: ImportedPlan, computed: Schedule) -> tuple[DateDifference, ...]:
    """Return every task whose start or finish differs by working time, in row order.

    Args:
        computed: the plan's own network, or the same tasks scheduled with the workspace's calendars.

    Two instants count as equal when no working minute lies between them.
    """
    stored = {row.task_id: row for row in plan.stored}
    different = {row.task_id for row in plan.stored if not _agrees(plan, computed, row)}
    result: list[DateDifference] = []
    for row in plan.stored:
        if row.task_id in different:
            cause, other, note = _cause(plan, computed, row, stored, different)
            task = computed.task(row.task_id)
            start, finish = computed.start(row.task_id), computed.finish(row.task_id)
            file_start = start if row.start is None else row.start
            file_finish = finish if row.finish is None else row.finish
            result.append(
                DateDifference(row.task_id, task.name, file_start, file_finish, start, finish, cause, other, note)
            )
    return tuple(result)


def _calendars(plan: ImportedPlan, computed: Schedule, task_id: EntityId) -> tuple[WorkingTime, WorkingTime]:
    network = computed.network
    return network.calendars[network.calendar[network.index[task_id]]], plan.calendar.working_time


def _agrees(plan: ImportedPlan, computed: Schedule, row: StoredDates) -> bool:
    ours = (computed.start(row.task_id), computed.finish(row.task_id))
    calendars = _calendars(plan, computed, row.task_id)
    for theirs, own in zip((row.start, row.finish), ours, strict=True):
        if theirs is not None and theirs != own and not any(calendar.same(theirs, own) for calendar in calendars):
            return False
    return True


def _cause(
    plan: ImportedPlan,
    computed: Schedule,
    row: StoredDates,
    stored: dict[EntityId, StoredDates],
    different: set[EntityId],
) -> tuple[DifferenceCause, str, str]:
    """Return the cause, the other task it names, and the note; the nearest cause wins."""
    network = computed.network
    why = driver(computed, row.task_id)
    if why.task_id is not None and why.task_id in different and why.task_id != row.task_id:
        kind = DifferenceCause.CHILDREN if why.kind is DriverKind.CHILD else DifferenceCause.PREDECESSOR
        return kind, computed.task(why.task_id).name, ""
    if row.summary:
        child = next(
            (task.id for task in network.tasks if task.parent_id == row.task_id and task.id in different), None
        )
        if child is not None:
            return DifferenceCause.CHILDREN, computed.task(child).name, ""
    if row.note:
        return DifferenceCause.NOTE, "", row.note
    task = computed.task(row.task_id)
    calendar, own = _calendars(plan, computed, row.task_id)
    if row.start is not None and row.finish is not None and not task.elapsed and not row.summary:
        span = own.between(row.start, row.finish)
        if span > task.duration and not task.splits and not task.parts:
            return DifferenceCause.NOTE, "", _("in the file its work is interrupted or stretched")
        if not calendar.is_working(row.start) and task.duration:
            return DifferenceCause.CALENDAR, "", ""
    stale = _broken_link(computed, row, stored, calendar)
    if stale is not None:
        return DifferenceCause.STALE, stale, ""
    if task.actual_start is not None or task.actual_finish is not None:
        return DifferenceCause.NOTE, "", _("its actual dates say so")
    if task.constraint_at is not None:
        return DifferenceCause.NOTE, "", _("its date constraint says so")
    return DifferenceCause.RULE, "", ""


def _broken_link(
    computed: Schedule, row: StoredDates, stored: dict[EntityId, StoredDates], calendar: WorkingTime
) -> str | None:
    """Return a predecessor whose stored dates the stored dates of this task contradict."""
    network = computed.network
    for link in network.in_links[network.index[row.task_id]]:
        before = stored.get(link.predecessor_id)
        if before is None or link.lag_kind != "working" or link.lag < 0:
            continue
        theirs = before.finish if link.type in (LinkType.FS, LinkType.FF) else before.start
        own = row.start if link.type in (LinkType.FS, LinkType.SS) else row.finish
        if theirs is not None and own is not None and calendar.between(calendar.add(theirs, link.lag), own) < 0:
            return computed.task(link.predecessor_id).name
    return None

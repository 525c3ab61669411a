"""What a drag on the chart would do: computed by the real engine on a copy of the plan, before anything is stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.formatting import date_long, date_short, duration_text, percent_text
from qihua_desktop.domain.gantt_hours import clock_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import MINUTES_PER_DAY, ConstraintType, LinkType, day_of, last_day_of
from qihua_desktop.domain.schedule import changed_dates
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import plan_rules
from qihua_desktop.services.plan_links import link_between
from qihua_desktop.services.plan_state import PlanChange, PlanState


class DragKind(StrEnum):
    """What the mouse has hold of."""

    MOVE = "move"
    BEGIN = "begin"
    FINISH = "finish"
    PROGRESS = "progress"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Drop:
    """What letting go would mean: ``at`` an instant, ``progress`` basis points, ``target`` and ``link`` for links."""

    kind: DragKind
    task_id: EntityId
    ids: tuple[EntityId, ...] = ()
    at: int = 0
    progress: int = 0
    target: EntityId | None = None
    link: LinkType = LinkType.FS


@dataclass(frozen=True, slots=True)
class Preview:
    """Where tasks would stand, and a few words about it; ``refused`` says why it cannot be."""

    dates: Mapping[EntityId, tuple[int, int]] = field(default_factory=dict)
    progress: Mapping[EntityId, int] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    refused: str = ""


def change_of(state: PlanState, drop: Drop) -> PlanChange:
    """Return the change a drop makes. Raises QihuaError when it cannot be."""
    match drop.kind:
        case DragKind.MOVE:
            return plan_rules.move_change(state, drop.ids or (drop.task_id,), drop.task_id, drop.at)
        case DragKind.BEGIN:
            return plan_rules.begin_change(state, drop.task_id, drop.at)
        case DragKind.FINISH:
            return plan_rules.finish_change(state, drop.task_id, drop.at)
        case DragKind.PROGRESS:
            return plan_rules.progress_change(state, (drop.task_id,), drop.progress)
        case DragKind.LINK:
            if drop.target is None:
                return PlanChange()
            return PlanChange(links=(link_between(state, drop.task_id, drop.target, drop.link),))


def preview(state: PlanState, drop: Drop) -> Preview:
    """Return what a drop would lead to; nothing is stored."""
    if drop.kind is DragKind.PROGRESS:
        words = _("Progress {share}").format(share=percent_text(drop.progress, 0))
        return Preview(progress={drop.task_id: drop.progress}, words=(words,))
    try:
        change = change_of(state, drop)
        after = state.after(change) if change else state
    except QihuaError as error:
        return Preview(refused=error.message)
    dates = changed_dates(state.schedule, after.schedule)
    return Preview(dates, {}, _words(state, after, change, drop, dates))


def _words(
    state: PlanState, after: PlanState, change: PlanChange, drop: Drop, moved: Collection[EntityId]
) -> tuple[str, ...]:
    if drop.kind is DragKind.LINK and drop.target is not None:
        lines = [link_words(state, drop)]
    else:
        lines = [_dates_words(after, drop.task_id)]
        sets = _sets_words(state, change, drop)
        if sets:
            lines.append(sets)
    own = {drop.task_id, *drop.ids}
    children, index = after.schedule.network.children, after.schedule.index
    count = len([one for one in moved if not children[index[one]] and one not in own])
    if count:
        lines.append(ngettext("{count} other task moves", "{count} other tasks move", count).format(count=count))
    if after.schedule.project_finish != state.schedule.project_finish:
        day = date_short(last_day_of(after.schedule.project_start, after.schedule.project_finish))
        lines.append(_("The plan then ends on {day}").format(day=day))
    return tuple(lines)


def link_words(state: PlanState, drop: Drop) -> str:
    """Return a link in words."""
    target = state.tasks[drop.target].name if drop.target in state.tasks and drop.target is not None else ""
    first, second = state.tasks[drop.task_id].name[:20], target[:20]
    match drop.link:
        case LinkType.FS:
            return _("“{second}” starts after “{first}”").format(first=first, second=second)
        case LinkType.SS:
            return _("“{second}” starts with “{first}”").format(first=first, second=second)
        case LinkType.FF:
            return _("“{second}” finishes with “{first}”").format(first=first, second=second)
        case LinkType.SF:
            return _("“{second}” finishes when “{first}” starts").format(first=first, second=second)


def _dates_words(state: PlanState, task_id: EntityId) -> str:
    task = state.tasks[task_id]
    start, finish = state.start(task_id), state.finish(task_id)
    if task.milestone:
        return date_long(day_of(start))
    length = duration_text(task.duration, state.minutes_per_day)
    if finish - start < MINUTES_PER_DAY and task.duration < state.minutes_per_day:
        first, last = clock_text(start % MINUTES_PER_DAY), clock_text(finish % MINUTES_PER_DAY)
        return f"{date_short(day_of(start))} {first} – {last} · {length}"
    if state.is_summary(task_id):
        return f"{date_short(day_of(start))} – {date_short(last_day_of(start, finish))}"
    return f"{date_short(day_of(start))} – {date_short(last_day_of(start, finish))} · {length}"


def _sets_words(state: PlanState, change: PlanChange, drop: Drop) -> str:
    """Return which constraint the drag sets or removes, so that none comes unseen."""
    task = next((one for one in change.tasks if one.id == drop.task_id), None)
    if task is None:
        return _("Held by its links") if drop.kind is DragKind.MOVE and not change and _wanted(state, drop) else ""
    old = state.tasks[task.id]
    if (task.constraint, task.constraint_at) == (old.constraint, old.constraint_at):
        return ""
    if task.constraint is ConstraintType.SNET and task.constraint_at is not None:
        return _("Sets: not before {day}").format(day=date_short(day_of(task.constraint_at)))
    if task.constraint is ConstraintType.FNLT and task.constraint_at is not None:
        return _("Sets: finish not after {day}").format(day=date_short(day_of(task.constraint_at - 1)))
    if task.constraint is ConstraintType.MSO and task.constraint_at is not None:
        return _("Sets: must start on {day}").format(day=date_short(day_of(task.constraint_at)))
    if old.constraint not in (ConstraintType.ASAP, ConstraintType.ALAP):
        return _("Removes its date constraint")
    return ""


def _wanted(state: PlanState, drop: Drop) -> bool:
    return not state.calendar_of(state.tasks[drop.task_id]).same(drop.at, state.start(drop.task_id))

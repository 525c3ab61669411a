"""Why a task is where it is, in words: what drives it, how much it may slip, what contradicts its dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qihua_desktop.domain.formatting import date_long, duration_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import ConstraintType, Link, LinkType, day_of, last_day_of
from qihua_desktop.domain.schedule import Driver, DriverKind, conflicts, driver
from qihua_desktop.i18n import N_, _

from .plan_commit import Moved, Outcome
from .plan_state import PlanState

_CONSTRAINTS: Final = {
    ConstraintType.ASAP: N_("As soon as possible"),
    ConstraintType.ALAP: N_("As late as possible"),
    ConstraintType.SNET: N_("Start not before"),
    ConstraintType.SNLT: N_("Start not after"),
    ConstraintType.FNET: N_("Finish not before"),
    ConstraintType.FNLT: N_("Finish not after"),
    ConstraintType.MSO: N_("Must start on"),
    ConstraintType.MFO: N_("Must finish on"),
}
_LINKS: Final = {
    LinkType.FS: N_("after it finishes"),
    LinkType.SS: N_("when it starts"),
    LinkType.FF: N_("finish together"),
    LinkType.SF: N_("finish when it starts"),
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the panel says about a task; ``cause_id`` is the task that drives it, to jump to."""

    sentence: str
    cause_id: EntityId | None
    total_float: int
    free_float: int
    late_start: int
    late_finish: int
    problems: tuple[str, ...]


def constraint_label(constraint: ConstraintType) -> str:
    """Return a constraint's name."""
    return _(_CONSTRAINTS[constraint])


def link_type_label(type_: LinkType) -> str:
    """Return a link type's name."""
    return _(_LINKS[type_])


def explain(state: PlanState, task_id: EntityId) -> Explanation:
    """Return why a task is where it is."""
    dates = state.schedule.dates(task_id)
    found = driver(state.schedule, task_id)
    sentence, cause = _sentence(state, task_id, found)
    problems = tuple(
        _conflict_words(state, conflict.chain, conflict.asked)
        for conflict in conflicts(state.schedule)
        if task_id == conflict.task_id or task_id in conflict.chain
    )
    return Explanation(
        sentence, cause, state.total_float(task_id), dates.free_float, dates.late_start, dates.late_finish, problems
    )


def why(state: PlanState, task_id: EntityId) -> str:
    """Return the sentence that says why a task is where it is; cheap enough for every task of a report."""
    return _sentence(state, task_id, driver(state.schedule, task_id))[0]


def outcome_text(outcome: Outcome) -> str:
    """Return in one line what an edit moved, those that moved along first; empty when nothing moved."""
    told = outcome.followers or outcome.moved
    if not told:
        return ""
    names = _(", ").join(f"{one.name[:16]} {shift_words(one)}" for one in told[:3])
    if not outcome.followers:
        return _("Moved: {names}").format(names=names if len(told) <= 3 else f"{names} …")
    if len(told) > 3:
        return _("{count} tasks moved along: {names} …").format(count=len(told), names=names)
    return _("Moved along: {names}").format(names=names)


def move_lines(outcome: Outcome) -> tuple[str, ...]:
    """Return a line per moved task: name, old and new dates, cause."""
    lines: list[str] = []
    for one in outcome.moved:
        old = f"{day_of(one.old_start):%m-%d} – {last_day_of(one.old_start, one.old_finish):%m-%d}"
        new = f"{day_of(one.new_start):%m-%d} – {last_day_of(one.new_start, one.new_finish):%m-%d}"
        line = f"{one.name}：{old} → {new}"
        lines.append(_("{line} (because of “{cause}”)").format(line=line, cause=one.cause) if one.cause else line)
    return tuple(lines)


def shift_words(one: Moved) -> str:
    """Return by how much a task moved: days, or hours within a day; where only the finish moved, by how much that."""
    old, new = (one.old_start, one.new_start) if one.old_start != one.new_start else (one.old_finish, one.new_finish)
    days = (new // 1440) - (old // 1440)
    if days == 0:
        minutes = new - old
        return f"{'+' if minutes > 0 else '-'}{abs(minutes) // 60}:{abs(minutes) % 60:02d}"
    return _("{days} d").format(days=f"{days:+d}")


def _sentence(state: PlanState, task_id: EntityId, found: Driver) -> tuple[str, EntityId | None]:
    waits = _(", over days off") if found.waits else ""
    match found.kind:
        case DriverKind.PROJECT_START:
            return _("It starts with the project{waits}.").format(waits=waits), None
        case DriverKind.LINK if found.task_id is not None:
            link = state.links.get(found.link_id) if found.link_id is not None else None
            return _link_words(state, found.task_id, link, waits), found.task_id
        case DriverKind.CONSTRAINT | DriverKind.DEADLINE:
            task = state.tasks[task_id]
            at = found.bound if found.bound is not None else task.constraint_at
            name = constraint_label(found.constraint or task.constraint)
            day = date_long(day_of(at)) if at is not None else ""
            return _("Its constraint holds it: {constraint} {day}.").format(constraint=name, day=day), None
        case DriverKind.PIN:
            return _("It was pinned here by hand; links do not move it."), None
        case DriverKind.ACTUAL:
            return _("This is when it actually took place."), None
        case DriverKind.CHILD:
            return _("Its dates follow from the tasks below it."), found.task_id
        case _:
            return _late_words(state, task_id)


def _late_words(state: PlanState, task_id: EntityId) -> tuple[str, EntityId | None]:
    """Explain a task that sits as late as possible by its constraint, or the successor it has to be done for."""
    finish, calendar = state.finish(task_id), state.calendar
    task = state.tasks[task_id]
    if task.constraint_at is not None and task.constraint is ConstraintType.FNLT and finish == task.constraint_at:
        day = date_long(last_day_of(task.constraint_at - 1, task.constraint_at))
        name = constraint_label(task.constraint)
        return _("Its constraint holds it: {constraint} {day}.").format(constraint=name, day=day), None
    for link in state.out_of(task_id):
        place = state.start(link.successor_id) if link.type is LinkType.FS else finish
        if calendar.same(finish, place) or link.lag:
            name = state.tasks[link.successor_id].name
            return _("As late as possible: “{task}” needs it.").format(task=name), link.successor_id
    day = date_long(state.project.key_on)
    return _("As late as possible before {day}.").format(day=day), None


def _link_words(state: PlanState, cause_id: EntityId, link: Link | None, waits: str) -> str:
    name = state.tasks[cause_id].name
    if link is None:
        return _("“{task}” drives it{waits}.").format(task=name, waits=waits)
    how = link_type_label(link.type)
    lag = "" if not link.lag else f" {'+' if link.lag > 0 else ''}{duration_text(link.lag, state.minutes_per_day)}"
    return _("“{task}” drives it: {how}{lag}{waits}.").format(task=name, how=how, lag=lag, waits=waits)


def _conflict_words(state: PlanState, chain: tuple[EntityId, ...], asked: int) -> str:
    names = " → ".join(state.tasks[one].name for one in chain[-6:])
    return _("Cannot be on {day}, because of: {chain}").format(day=date_long(day_of(asked)), chain=names)

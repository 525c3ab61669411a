"""The engine's findings as short sentences in the user's language."""

from __future__ import annotations

from typing import Final

from qihua_desktop.i18n import N_, _

from ..formatting import date_text
from ..ids import EntityId
from ..plan import MINUTES_PER_DAY, ConstraintType, LinkType, day_of
from .explain import driver
from .model import Conflict, Driver, DriverKind
from .result import Schedule

_LINK_TEXTS: Final = {
    LinkType.FS: N_("Starts after “{task}” finishes"),
    LinkType.SS: N_("Starts with “{task}”"),
    LinkType.FF: N_("Finishes with “{task}”"),
    LinkType.SF: N_("Finishes when “{task}” starts"),
}
_LATE_LINK_TEXTS: Final = {
    LinkType.FS: N_("Must finish before “{task}” starts"),
    LinkType.SS: N_("Must start before “{task}” starts"),
    LinkType.FF: N_("Must finish before “{task}” finishes"),
    LinkType.SF: N_("Must start before “{task}” finishes"),
}
CONSTRAINT_TEXTS: Final = {
    ConstraintType.ASAP: N_("As soon as possible"),
    ConstraintType.ALAP: N_("As late as possible"),
    ConstraintType.SNET: N_("Start no earlier than {date}"),
    ConstraintType.SNLT: N_("Start no later than {date}"),
    ConstraintType.FNET: N_("Finish no earlier than {date}"),
    ConstraintType.FNLT: N_("Finish no later than {date}"),
    ConstraintType.MSO: N_("Must start on {date}"),
    ConstraintType.MFO: N_("Must finish on {date}"),
}
_SHOWN_IN_CHAIN: Final = 6


def instant_text(at: int, *, on_finish: bool = False) -> str:
    """Return an instant as a date, with the time of day unless it is midnight.

    Args:
        on_finish: the instant ends something, so that midnight belongs to the day before.
    """
    if at % MINUTES_PER_DAY == 0:
        return date_text(day_of(at - 1 if on_finish else at))
    return f"{date_text(day_of(at))} {at % MINUTES_PER_DAY // 60:02d}:{at % 60:02d}"


def constraint_text(constraint: ConstraintType, at: int | None) -> str:
    """Return a constraint as a phrase with its date."""
    text = _(CONSTRAINT_TEXTS[constraint])
    return text if at is None else text.format(date=instant_text(at))


def reason(plan: Schedule, task_id: EntityId) -> str:
    """Return one sentence why a task is where it is."""
    return driver_text(plan, driver(plan, task_id))


def driver_text(plan: Schedule, cause: Driver) -> str:
    """Return a cause as a sentence."""
    text = _cause_text(plan, cause)
    return _("{cause}; days off lie between").format(cause=text) if cause.waits else text


def _cause_text(plan: Schedule, cause: Driver) -> str:
    date = "" if cause.bound is None else instant_text(cause.bound)
    if cause.kind is DriverKind.LINK and cause.link_id is not None and cause.task_id is not None:
        texts = _LATE_LINK_TEXTS if plan.final is None else _LINK_TEXTS
        link = plan.network.links[cause.link_id]
        return _(texts[link.type]).format(task=plan.task(cause.task_id).name)
    if cause.kind is DriverKind.CHILD and cause.task_id is not None:
        return _("Follows its subtasks, the earliest is “{task}”").format(task=plan.task(cause.task_id).name)
    if cause.kind is DriverKind.CONSTRAINT and cause.constraint is not None:
        return constraint_text(cause.constraint, cause.bound)
    if cause.kind is DriverKind.PIN:
        return _("Pinned by hand on {date}").format(date=date)
    if cause.kind is DriverKind.ACTUAL:
        return _("Actually started on {date}").format(date=date)
    if cause.kind is DriverKind.ALAP:
        return _("As late as possible without delaying anything")
    if cause.kind is DriverKind.DEADLINE:
        return _("Must meet its deadline {date}").format(date=date)
    if cause.kind is DriverKind.EVENT:
        return _("As late as the event on {date} allows").format(date=date)
    return _("Starts with the project on {date}").format(date=date)


def conflict_text(plan: Schedule, conflict: Conflict) -> str:
    """Return a conflict as one sentence that names the chain behind it."""
    name = plan.task(conflict.task_id).name
    asked = instant_text(conflict.asked, on_finish=conflict.on_finish)
    possible = instant_text(conflict.possible, on_finish=conflict.on_finish)
    chain = chain_text(plan, conflict.chain)
    if conflict.kind is DriverKind.PIN:
        text = _("“{task}” is pinned on {asked}, but its links allow {possible} at the earliest: {chain}")
    elif conflict.kind is DriverKind.DEADLINE:
        text = _("“{task}” misses its deadline {asked}; it finishes on {possible}: {chain}")
    elif conflict.kind is DriverKind.EVENT:
        text = _("“{task}” cannot be done before {asked}; it finishes on {possible} at the earliest: {chain}")
    else:
        constraint = conflict.constraint or ConstraintType.MSO
        text = _("“{task}” — {constraint} — conflicts with its links, which allow {possible} at the earliest: {chain}")
        return text.format(
            task=name, constraint=constraint_text(constraint, conflict.asked), possible=possible, chain=chain
        )
    return text.format(task=name, asked=asked, possible=possible, chain=chain)


def chain_text(plan: Schedule, chain: tuple[EntityId, ...]) -> str:
    """Return a chain of tasks with arrows; a long one is shortened in its middle."""
    names = [plan.task(task_id).name for task_id in chain]
    if len(names) > _SHOWN_IN_CHAIN:
        half = _SHOWN_IN_CHAIN // 2
        names = [*names[:half], "…", *names[-half:]]
    return " → ".join(names)

"""Repeating dates: every n days, weeks or months, a number of times or until a day, aware of days off."""

from __future__ import annotations

import calendar as months
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from qihua_desktop.i18n import _

from .errors import InputError

MOST_OCCURRENCES: Final = 500
LONGEST_INTERVAL: Final = 99
_LONGEST_DAYS_OFF: Final = 60
_MONTH: Final = 30.44
_MARK: Final = "recurring:"


class Every(StrEnum):
    """The unit of the interval."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class DayOff(StrEnum):
    """What happens to an occurrence on a day off."""

    AFTER = "after"
    BEFORE = "before"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule. ``weekday`` (Monday is 0) counts for weeks only. Either ``count`` or ``until`` ends it, or both."""

    every: Every
    interval: int
    first: date
    weekday: int = 0
    count: int | None = None
    until: date | None = None
    day_off: DayOff = DayOff.AFTER


def occurrences(rule: Recurrence, is_working: Callable[[date], bool]) -> tuple[date, ...]:
    """Return the days of a rule in order, each once. Raises InputError in plain words for a rule without sense."""
    _check(rule)
    found: list[date] = []
    limit = min(rule.count or MOST_OCCURRENCES + 1, MOST_OCCURRENCES + 1)
    misses = 0
    for day in _nominal(rule):
        if len(found) >= limit or misses > MOST_OCCURRENCES or (rule.until is not None and day > rule.until):
            break
        moved = _worked(day, rule, is_working)
        if moved is None or (found and moved <= found[-1]) or (rule.until is not None and moved > rule.until):
            misses += 1
            continue
        found.append(moved)
    if len(found) > MOST_OCCURRENCES:
        raise InputError(_("This would repeat more than {count} times.").format(count=MOST_OCCURRENCES))
    if not found:
        raise InputError(_("The rule has no day in this span."))
    return tuple(found)


def rule_text(rule: Recurrence) -> str:
    """Return a rule as it is kept with its summary task."""
    parts = (
        rule.every.value,
        str(rule.interval),
        rule.first.isoformat(),
        str(rule.weekday),
        "" if rule.count is None else str(rule.count),
        "" if rule.until is None else rule.until.isoformat(),
        rule.day_off.value,
    )
    return _MARK + ";".join(parts)


def read_rule(text: str) -> Recurrence | None:
    """Return a rule from ``rule_text``, None for anything else."""
    parts = text.removeprefix(_MARK).split(";")
    if not text.startswith(_MARK) or len(parts) != 7:
        return None
    try:
        return Recurrence(
            Every(parts[0]),
            int(parts[1]),
            date.fromisoformat(parts[2]),
            int(parts[3]),
            int(parts[4]) if parts[4] else None,
            date.fromisoformat(parts[5]) if parts[5] else None,
            DayOff(parts[6]),
        )
    except ValueError:
        return None


def shifted(rule: Recurrence, days: int) -> Recurrence:
    """Return a rule some days later: by whole weeks or months, so that its weekday or day of the month stays."""
    first, until = rule.first, rule.until
    try:
        match rule.every:
            case Every.DAY:
                step = timedelta(days=days)
            case Every.WEEK:
                step = timedelta(weeks=round(days / 7))
            case Every.MONTH:
                year, month = divmod(first.year * 12 + first.month - 1 + round(days / _MONTH), 12)
                moved = date(year, month + 1, min(first.day, months.monthrange(year, month + 1)[1]))
                step = moved - first
        return replace(rule, first=first + step, until=None if until is None else until + step)
    except (OverflowError, ValueError):
        return rule


def _check(rule: Recurrence) -> None:
    if not 1 <= rule.interval <= LONGEST_INTERVAL:
        raise InputError(_("Repeat every 1 to {most}.").format(most=LONGEST_INTERVAL))
    if rule.count is None and rule.until is None:
        raise InputError(_("Say how often, or until when."))
    if rule.count is not None and not 1 <= rule.count <= MOST_OCCURRENCES:
        raise InputError(_("Repeat 1 to {most} times.").format(most=MOST_OCCURRENCES))
    if rule.until is not None and rule.until < rule.first:
        raise InputError(_("The end lies before the first day."))


def _nominal(rule: Recurrence) -> Iterator[date]:
    """Yield the days without regard to days off, until the calendar ends."""
    try:
        match rule.every:
            case Every.DAY:
                day = rule.first
                while True:
                    yield day
                    day += timedelta(days=rule.interval)
            case Every.WEEK:
                day = rule.first + timedelta(days=(rule.weekday - rule.first.weekday()) % 7)
                while True:
                    yield day
                    day += timedelta(weeks=rule.interval)
            case Every.MONTH:
                number = rule.first.year * 12 + rule.first.month - 1
                while True:
                    year, month = divmod(number, 12)
                    last = months.monthrange(year, month + 1)[1]
                    yield date(year, month + 1, min(rule.first.day, last))
                    number += rule.interval
    except (OverflowError, ValueError):
        return


def _worked(day: date, rule: Recurrence, is_working: Callable[[date], bool]) -> date | None:
    if is_working(day):
        return day
    if rule.day_off is DayOff.SKIP:
        return None
    step = timedelta(days=-1 if rule.day_off is DayOff.BEFORE else 1)
    for distance in range(1, _LONGEST_DAYS_OFF):
        moved = day + step * distance
        if moved < rule.first:
            return None
        if is_working(moved):
            return moved
    return None

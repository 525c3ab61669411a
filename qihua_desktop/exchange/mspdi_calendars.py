"""Calendars of MSPDI: weeks, inheritance, dated and recurring exceptions, written out as days."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from qihua_desktop.domain.working_time import ELAPSED, EPOCH_ORDINAL, Periods, WorkingTime

from .imported_plan import CalendarException, ImportedCalendar
from .mspdi_values import read_date, read_integer, read_time_of_day
from .safe_xml import Record

_MOST_DAYS: Final = 40_000
_MOST_PARENTS: Final = 50
_FOREVER: Final = 1000


@dataclass(slots=True)
class RawCalendar:
    """A calendar as written: weekday (Monday 0) to periods, dated days, and where the rest comes from."""

    uid: int
    name: str
    base: int
    week: dict[int, Periods] = field(default_factory=dict[int, Periods])
    days: dict[date, tuple[Periods, str]] = field(default_factory=dict[date, tuple[Periods, str]])


def read_calendar(record: Record) -> RawCalendar:
    """Read one ``Calendar`` element."""
    raw = RawCalendar(
        read_integer(record.get("UID"), -1), record.get("Name"), read_integer(record.get("BaseCalendarUID"), -1)
    )
    old_exceptions: list[Record] = []
    for weekdays in record.all("WeekDays"):
        for weekday in weekdays.all("WeekDay"):
            day_type = read_integer(weekday.get("DayType"), -1)
            if 1 <= day_type <= 7:
                raw.week[(day_type + 5) % 7] = _periods(weekday)
            elif day_type == 0:
                old_exceptions.append(weekday)
    for weeks in record.all("WorkWeeks"):
        for week in weeks.all("WorkWeek"):
            _read_work_week(raw, week)
    modern = [item for exceptions in record.all("Exceptions") for item in exceptions.all("Exception")]
    for exception in modern or old_exceptions:
        periods, name = _periods(exception), exception.get("Name")
        for day in _occurrences(exception):
            raw.days.setdefault(day, (periods, name))
            if len(raw.days) > _MOST_DAYS:
                break
    return raw


def _read_work_week(raw: RawCalendar, week: Record) -> None:
    period = week.first("TimePeriod")
    first, last = _span(period)
    if first is None or last is None:
        return
    own: dict[int, Periods] = {}
    for weekdays in week.all("WeekDays"):
        for weekday in weekdays.all("WeekDay"):
            day_type = read_integer(weekday.get("DayType"), -1)
            if 1 <= day_type <= 7:
                own[(day_type + 5) % 7] = _periods(weekday)
    for day in _days(first, last):
        if day.weekday() in own:
            raw.days.setdefault(day, (own[day.weekday()], week.get("Name")))


def _periods(record: Record) -> Periods:
    """Return the working periods of a weekday or exception; overlapping ones are joined, empty ones skipped."""
    if record.get("DayWorking") == "0":
        return ()
    found: list[tuple[int, int]] = []
    for times in record.all("WorkingTimes"):
        for time in times.all("WorkingTime"):
            first = read_time_of_day(time.get("FromTime"))
            last = read_time_of_day(time.get("ToTime"))
            if first is None or last is None:
                continue
            if last == 0 or last < first:
                last = 1440
            if first < last <= 1440:
                found.append((first, last))
    joined: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def _span(period: Record | None) -> tuple[date | None, date | None]:
    if period is None:
        return None, None
    return read_date(period.get("FromDate")), read_date(period.get("ToDate"))


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range(min((last - first).days + 1, _MOST_DAYS)):
        yield first + timedelta(days=offset)


def _occurrences(record: Record) -> Iterator[date]:
    """Yield the days of a dated or recurring exception, inside its time period."""
    first, last = _span(record.first("TimePeriod"))
    if first is None or last is None:
        return
    kind = read_integer(record.get("Type"), 1)
    period = max(1, read_integer(record.get("Period"), 1))
    if kind == 7:
        yield from (day for day in _days(first, last) if (day - first).days % period == 0)
    elif kind == 6:
        mask = read_integer(record.get("DaysOfWeek"))
        # Weeks count from the Sunday on or before the first day.
        origin = first - timedelta(days=(first.weekday() + 1) % 7)
        for day in _days(first, last):
            bit = 1 << ((day.weekday() + 1) % 7)
            if mask & bit and ((day - origin).days // 7) % period == 0:
                yield day
    elif kind in (4, 5):
        yield from _monthly(record, first, last, period)
    elif kind in (2, 3):
        yield from _monthly(record, first, last, 12, month=read_integer(record.get("Month")) + 1)
    else:
        yield from _days(first, last)


def _monthly(record: Record, first: date, last: date, step: int, month: int | None = None) -> Iterator[date]:
    by_position = read_integer(record.get("Type")) in (3, 5)
    year, number = (first.year, first.month) if month is None else (first.year, month)
    for _attempt in range(_FOREVER * 12):
        if (year, number) > (last.year, last.month) or not 1 <= number <= 12:
            return
        day = _by_position(record, year, number) if by_position else _by_number(record, year, number)
        if day is not None and first <= day <= last:
            yield day
        count = year * 12 + number - 1 + step
        year, number = divmod(count, 12)
        number += 1


def _by_number(record: Record, year: int, month: int) -> date | None:
    day = read_integer(record.get("MonthDay"), 1)
    return date(year, month, day) if 1 <= day <= months.monthrange(year, month)[1] else None


def _by_position(record: Record, year: int, month: int) -> date | None:
    item = read_integer(record.get("MonthItem"), 3)
    position = read_integer(record.get("MonthPosition"))
    length = months.monthrange(year, month)[1]
    days = [date(year, month, number) for number in range(1, length + 1)]
    if 3 <= item <= 9:
        days = [day for day in days if (day.weekday() + 1) % 7 == item - 3]
    elif item == 1:
        days = [day for day in days if day.weekday() < 5]
    elif item == 2:
        days = [day for day in days if day.weekday() >= 5]
    if position == 4:
        return days[-1]
    return days[position] if 0 <= position < len(days) else None


def resolve_calendars(raw: Mapping[int, RawCalendar], around: int) -> dict[int, ImportedCalendar]:
    """Return every calendar with what it inherits; equal ones share one working time."""
    shared: dict[tuple[tuple[Periods, ...], tuple[tuple[int, Periods], ...]], WorkingTime] = {}
    result: dict[int, ImportedCalendar] = {}
    for uid, own in raw.items():
        chain = [own]
        while chain[-1].base in raw and chain[-1].base > 0 and len(chain) < _MOST_PARENTS:
            chain.append(raw[chain[-1].base])
        week: dict[int, Periods] = {}
        days: dict[date, tuple[Periods, str]] = {}
        for ancestor in reversed(chain):
            week.update(ancestor.week)
            if ancestor.days:
                days.update(ancestor.days)
        pattern = tuple(week.get(weekday, ()) for weekday in range(7))
        numbered = {day.toordinal() - EPOCH_ORDINAL: periods for day, (periods, _name) in days.items()}
        different = {day: periods for day, periods in numbered.items() if periods != pattern[(day + 3) % 7]}
        key = (pattern, tuple(sorted(different.items())))
        working_time = shared.get(key)
        if working_time is None:
            everything = not different and all(periods == ((0, 1440),) for periods in pattern)
            name = own.name or str(uid)
            working_time = ELAPSED if everything else WorkingTime(name, pattern, different, around=around)
            shared[key] = working_time
        exceptions = tuple(CalendarException(day, periods, name) for day, (periods, name) in sorted(days.items()))
        result[uid] = ImportedCalendar(uid, own.name, working_time, exceptions)
    return result

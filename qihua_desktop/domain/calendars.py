"""China's working days with public holidays and make-up workdays, and the days a workspace, project or person changes.

The national days come from one year file per year (``resources/calendars/cn-YYYY.json``); a new year's file can be
read offline with ``read_year``. Beyond the last known year only Saturdays and Sundays are off and every day is marked
as not announced (未公布); 29–31 December of the last known year are tentative, because the next year's notice may
still change them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final

from qihua_desktop.i18n import N_, _
from resources import resource_bytes, resource_names

from .errors import InputError
from .ids import EntityId
from .plan import CalendarDay, PersonWeek
from .working_time import ELAPSED, EPOCH_ORDINAL, OFFICE_HOURS, Periods, WorkingTime, periods_from_text, periods_text

_YEAR_FILE_LIMIT: Final = 200_000


class DayKind(StrEnum):
    """Why a day is worked or not."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"
    EXTRA_WORKDAY = "extra_workday"
    DAY_OFF = "day_off"


class Announcement(StrEnum):
    """How sure the national calendar is of a day."""

    ANNOUNCED = "announced"
    TENTATIVE = "tentative"
    NOT_ANNOUNCED = "not_announced"


@dataclass(frozen=True, slots=True)
class DayInfo:
    """What the chart's header says about a day; ``name`` is the holiday's or the override's, may be empty."""

    day: date
    working: bool
    kind: DayKind
    name: str
    announcement: Announcement


_HOLIDAYS: Final = {
    "元旦": N_("New Year"),
    "春节": N_("Spring Festival"),
    "清明": N_("Qingming"),
    "劳动节": N_("Labour Day"),
    "端午": N_("Dragon Boat"),
    "中秋": N_("Mid-Autumn"),
    "国庆节": N_("National Day"),
}


def holiday_label(name: str) -> str:
    """Return a public holiday's name in the user's language; names of later year files stand as they are."""
    return _(_HOLIDAYS[name]) if name in _HOLIDAYS else name


@dataclass(frozen=True, slots=True)
class NationalYear:
    """One year's public holidays (``off``) and make-up workdays (``work``) with their Chinese names."""

    year: int
    off: frozenset[date]
    work: frozenset[date]
    names: Mapping[date, str]
    source: str


@dataclass(frozen=True, slots=True)
class NationalCalendar:
    """The known years in order, without gaps at the end."""

    years: tuple[NationalYear, ...]

    @property
    def first_year(self) -> int:
        """The first year with known holidays."""
        return self.years[0].year

    @property
    def last_year(self) -> int:
        """The last year with announced holidays."""
        return self.years[-1].year

    def announcement(self, day: date) -> Announcement:
        """Return how sure a day is; years before the first known one count as announced."""
        if day.year > self.last_year:
            return Announcement.NOT_ANNOUNCED
        if day.year == self.last_year and (day.month, day.day) >= (12, 29):
            return Announcement.TENTATIVE
        return Announcement.ANNOUNCED

    def info(self, day: date) -> DayInfo:
        """Return what the national calendar alone says about a day."""
        year = next((known for known in self.years if known.year == day.year), None)
        weekend = day.weekday() >= 5
        kind = DayKind.WEEKEND if weekend else DayKind.WORKDAY
        name = ""
        if year is not None:
            if day in year.off:
                kind = DayKind.HOLIDAY
            elif day in year.work:
                kind = DayKind.MAKE_UP
            name = holiday_label(year.names.get(day, "")) if kind in (DayKind.HOLIDAY, DayKind.MAKE_UP) else ""
        working = kind in (DayKind.WORKDAY, DayKind.MAKE_UP)
        return DayInfo(day, working, kind, name, self.announcement(day))

    def with_years(self, years: Iterable[NationalYear]) -> NationalCalendar:
        """Return the calendar with years added or replaced."""
        known = {year.year: year for year in self.years} | {year.year: year for year in years}
        return NationalCalendar(tuple(known[number] for number in sorted(known)))


def read_year(content: bytes) -> NationalYear:
    """Read a year file: JSON with ``off``, ``work``, ``names`` and ``source``. Raises InputError when it is none."""
    try:
        if len(content) > _YEAR_FILE_LIMIT:
            raise ValueError("too long")
        raw: Any = json.loads(content.decode("utf-8-sig"))
        off = frozenset(date.fromisoformat(str(text)) for text in raw["off"])
        work = frozenset(date.fromisoformat(str(text)) for text in raw["work"])
        names = {date.fromisoformat(str(text)): str(name) for text, name in dict(raw.get("names", {})).items()}
        years = {day.year for day in off | work}
        if len(years) != 1 or off & work:
            raise ValueError("days of several years, or a day that is both")
        return NationalYear(years.pop(), off, work, names, str(raw.get("source", "")))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(
            _("This is not a holiday file."),
            _("Choose a year file that lists the days off and the make-up workdays of one year."),
            (str(error),),
        ) from error


@cache
def national_calendar() -> NationalCalendar:
    """Return the national calendar that ships with the program."""
    names = resource_names("calendars", ".json")
    return NationalCalendar(tuple(read_year(resource_bytes(f"calendars/{name}")) for name in names))


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The usual week: the working periods of a working day, and which weekdays are worked (Monday is 0)."""

    periods: Periods = OFFICE_HOURS
    weekdays: frozenset[int] = frozenset(range(5))

    @property
    def minutes(self) -> int:
        """Working minutes of a usual day."""
        return sum(last - first for first, last in self.periods)


class Calendars:
    """All calendars of a workspace: national days, changed by the workspace, a project, a person, in this order.

    Immutable once made; make a new one after an edit of calendar days. Calendars are built when first asked for.
    """

    def __init__(
        self,
        days: Sequence[CalendarDay] = (),
        *,
        national: NationalCalendar | None = None,
        hours: WorkingHours | None = None,
        around: int = 0,
        weeks: Iterable[PersonWeek] = (),
    ) -> None:
        """Take the changed days of the workspace.

        Args:
            national: the national calendar, the shipped one when left out.
            hours: the usual working hours, 09:00–12:00 and 13:00–18:00 when left out.
            around: an instant near the plans, which saves work when known.
            weeks: the hours that people work when they are not the usual ones; days off stay days off.
        """
        self.national = national or national_calendar()
        self.hours = hours or WorkingHours()
        self._around = around
        self._days: dict[tuple[EntityId | None, EntityId | None], dict[date, CalendarDay]] = {}
        for day in days:
            self._days.setdefault((day.project_id, day.person_id), {})[day.day] = day
        self._changed = tuple(days)
        self._weeks: dict[tuple[EntityId | None, EntityId | None], tuple[Periods, ...]] = {
            (week.project_id, week.person_id): week_from_text(week.hours) for week in weeks
        }
        self._built: dict[tuple[EntityId | None, EntityId | None], WorkingTime] = {}
        self._national_days = self._national_periods()

    def with_weeks(self, weeks: Iterable[PersonWeek]) -> Calendars:
        """Return the same calendars with the weeks of some people in addition."""
        more = Calendars(self._changed, national=self.national, hours=self.hours, around=self._around, weeks=weeks)
        more._weeks = {**self._weeks, **more._weeks}
        return more

    def workspace(self) -> WorkingTime:
        """Return the workspace's calendar."""
        return self._calendar(None, None)

    def project(self, project_id: EntityId) -> WorkingTime:
        """Return a project's calendar."""
        return self._calendar(project_id, None)

    def person(self, person_id: EntityId | None, project_id: EntityId | None = None) -> WorkingTime:
        """Return the calendar a person works by, within a project when given; nobody works by the project's."""
        return self._calendar(project_id, person_id)

    def elapsed(self) -> WorkingTime:
        """Return the clock, by which elapsed durations count."""
        return ELAPSED

    def day(self, day: date, project_id: EntityId | None = None, person_id: EntityId | None = None) -> DayInfo:
        """Return what counts on a day in a project or for a person, with the name to show."""
        national = self.national.info(day)
        for layer in reversed(_layers(project_id, person_id)):
            override = self._days.get(layer, {}).get(day)
            if override is not None:
                kind = DayKind.EXTRA_WORKDAY if override.working else DayKind.DAY_OFF
                if override.working and national.working:
                    kind = national.kind
                return DayInfo(day, override.working, kind, override.name or national.name, national.announcement)
        return national

    def rests_on_unannounced(self, first: date, last: date) -> bool:
        """Return whether a span touches days whose holidays are not announced or tentative."""
        return last >= date(self.national.last_year, 12, 29) and first <= last

    def _calendar(self, project_id: EntityId | None, person_id: EntityId | None) -> WorkingTime:
        layers = [layer for layer in _layers(project_id, person_id) if layer in self._days]
        own = next((one for one in ((project_id, person_id), (None, person_id)) if one in self._weeks), None)
        key = (
            project_id if any(layer[0] is not None for layer in (*layers, own or (None, None))) else None,
            person_id if own is not None or any(layer[1] is not None for layer in layers) else None,
        )
        built = self._built.get(key)
        if built is None:
            days = dict(self._national_days)
            for layer in layers:
                for day, override in self._days[layer].items():
                    days[day.toordinal() - EPOCH_ORDINAL] = self._override_periods(override)
            week = tuple(self.hours.periods if weekday in self.hours.weekdays else () for weekday in range(7))
            if own is not None:
                week = self._weeks[own] or week
            built = self._built[key] = WorkingTime(_calendar_name(key), week, days, around=self._around)
        return built

    def _national_periods(self) -> dict[int, Periods]:
        days: dict[int, Periods] = {}
        for year in self.national.years:
            days.update((day.toordinal() - EPOCH_ORDINAL, ()) for day in year.off)
            days.update((day.toordinal() - EPOCH_ORDINAL, self.hours.periods) for day in year.work)
        return days

    def _override_periods(self, override: CalendarDay) -> Periods:
        if not override.working:
            return ()
        try:
            return periods_from_text(override.hours) or self.hours.periods
        except ValueError:
            return self.hours.periods


def week_from_text(hours: str) -> tuple[Periods, ...]:
    """Return the periods of Monday to Sunday of a person's week; nothing when the text is none."""
    parts = hours.split(";")
    try:
        return tuple(periods_from_text(part) for part in parts) if len(parts) == 7 else ()
    except ValueError:
        return ()


def week_text(week: Sequence[Periods]) -> str:
    """Return a week as a person's row keeps it."""
    return ";".join(periods_text(periods) if periods else "" for periods in week)


def _calendar_name(key: tuple[EntityId | None, EntityId | None]) -> str:
    project_id, person_id = key
    return "person" if person_id else "project" if project_id else "workspace"


def _layers(
    project_id: EntityId | None, person_id: EntityId | None
) -> tuple[tuple[EntityId | None, EntityId | None], ...]:
    """Return the override layers that apply, the strongest last."""
    layers: list[tuple[EntityId | None, EntityId | None]] = [(None, None)]
    if project_id is not None:
        layers.append((project_id, None))
    if person_id is not None:
        layers.append((None, person_id))
    if project_id is not None and person_id is not None:
        layers.append((project_id, person_id))
    return tuple(layers)


def working_days(calendar: WorkingTime, first: date, last: date) -> list[date]:
    """Return the days from ``first`` to ``last``, both included, on which a calendar works."""
    count = (last - first).days + 1
    days = (first + timedelta(days=offset) for offset in range(count))
    return [day for day in days if calendar.periods(day.toordinal() - EPOCH_ORDINAL)]


def add_working_days(calendar: WorkingTime, day: date, count: int) -> date:
    """Return the working day ``count`` working days after a day (negative: before); 0 gives the next working day.

    Raises ValueError when the calendar has no working day within ten years.
    """
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    current = day
    if count == 0:
        left, current = 1, day - step
    for _attempt in range(3660 + 8 * left):
        current += step
        if calendar.periods(current.toordinal() - EPOCH_ORDINAL):
            left -= 1
            if left == 0:
                return current
    raise ValueError("the calendar has no working days")

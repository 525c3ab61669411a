"""Working time as sorted periods with prefix sums: every question is a bisection, none walks days.

Instants and durations are whole minutes as in ``domain.plan``. A calendar is a weekly pattern plus days that differ;
its periods are written out for a window of years that grows when a question reaches past it. Outside 1900–2200 all
time counts as working, so that arithmetic always ends; whoever schedules refuses plans that get there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, TypeAlias

from .plan import MINUTES_PER_DAY

Periods: TypeAlias = tuple[tuple[int, int], ...]
"""Half-open working periods of a day in minutes since midnight, in order and apart: ``((540, 720), (780, 1080))``."""

OFFICE_HOURS: Final[Periods] = ((540, 720), (780, 1080))
EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
EARLIEST_DAY: Final = date(1900, 1, 1).toordinal() - EPOCH_ORDINAL
LATEST_DAY: Final = date(2200, 1, 1).toordinal() - EPOCH_ORDINAL
EARLIEST: Final = EARLIEST_DAY * MINUTES_PER_DAY
LATEST: Final = LATEST_DAY * MINUTES_PER_DAY
ENDLESS: Final = 1 << 42
"""Longer than any plan; the length of the artificial periods before and after the window."""

_FIRST_WINDOW: Final = 3 * 366
_THURSDAY: Final = 3  # 1970-01-01


def periods_from_text(text: str) -> Periods:
    """Read ``540-720,780-1080``. Raises ValueError unless the periods lie in one day, in order and apart."""
    periods: list[tuple[int, int]] = []
    for part in text.split(",") if text.strip() else ():
        first, dash, last = part.partition("-")
        if not dash:
            raise ValueError(f"not a period of working time: {part!r}")
        periods.append((int(first), int(last)))
    return checked_periods(periods)


def periods_text(periods: Periods) -> str:
    """Return the periods as ``periods_from_text`` reads them."""
    return ",".join(f"{first}-{last}" for first, last in periods)


def checked_periods(periods: Iterable[tuple[int, int]]) -> Periods:
    """Return the periods as a tuple. Raises ValueError unless they lie in one day, in order and apart."""
    result = tuple(periods)
    before = 0
    for first, last in result:
        if not before <= first < last <= MINUTES_PER_DAY:
            raise ValueError(f"working periods overlap or leave the day: {periods_text(result)}")
        before = last
    return result


class WorkingTime:
    """A working-time calendar that adds, subtracts and counts working minutes.

    Besides instants it knows *work positions*: ``work(t)`` is the number of working minutes since a fixed origin, so
    that two instants with no working minute between them have the same position. ``at_end(w)`` and ``at_start(w)``
    return the earliest and the latest instant of a position: Friday 18:00 and Monday 09:00.

    ``starts`` and ``cumulated`` are the sorted period starts and their positions; schedule passes read them directly
    and call ``cover`` for the window they need. Both lists keep their identity when the window grows; they begin and
    end with an endless artificial period and its end.
    """

    __slots__ = ("_days", "_first_day", "_last_day", "_week", "cumulated", "name", "starts")

    def __init__(
        self,
        name: str,
        week: tuple[Periods, ...] = (OFFICE_HOURS,) * 5 + ((), ()),
        days: Mapping[int, Periods] | None = None,
        *,
        around: int = 0,
    ) -> None:
        """Make a calendar from the periods of Monday to Sunday and the days that differ.

        Args:
            days: by day number since 1970-01-01; an empty tuple is a day off.
            around: an instant near which the calendar will be asked first.
        """
        self.name = name
        self._week = week
        self._days: Mapping[int, Periods] = dict(days or {})
        centre = min(max(around // MINUTES_PER_DAY, EARLIEST_DAY), LATEST_DAY)
        self._first_day = self._last_day = centre
        edge = centre * MINUTES_PER_DAY
        self.starts: list[int] = [edge - ENDLESS, edge, edge + ENDLESS]
        self.cumulated: list[int] = [-ENDLESS, 0, ENDLESS]
        self._grow(centre - 366, centre + _FIRST_WINDOW)

    def __repr__(self) -> str:
        return f"<WorkingTime {self.name!r}>"

    @property
    def covered(self) -> tuple[int, int]:
        """The instants between which the periods are written out."""
        return self._first_day * MINUTES_PER_DAY, self._last_day * MINUTES_PER_DAY

    @property
    def week(self) -> tuple[Periods, ...]:
        """The working periods of Monday to Sunday."""
        return self._week

    def different_days(self, first_day: int, last_day: int) -> dict[int, Periods]:
        """Return the days that differ from the week, by day number, from ``first_day`` to ``last_day``."""
        return {
            day: periods
            for day, periods in sorted(self._days.items())
            if first_day <= day <= last_day and periods != self._week[(day + _THURSDAY) % 7]
        }

    def cover(self, first: int, last: int) -> None:
        """Write the periods out from ``first`` to ``last`` at least, as far as 1900–2200 goes."""
        self._grow(first // MINUTES_PER_DAY - 8, last // MINUTES_PER_DAY + 8)

    def periods(self, day: int) -> Periods:
        """Return the working periods of a day, numbered since 1970-01-01."""
        own = self._days.get(day)
        return self._week[(day + _THURSDAY) % 7] if own is None else own

    def has_work(self) -> bool:
        """Return whether any minute between 1900 and 2200 is working time."""
        return any(self._week) or any(self._days.values())

    def _grow(self, first_day: int, last_day: int) -> None:
        first_day, last_day = max(first_day, EARLIEST_DAY), min(last_day, LATEST_DAY)
        if last_day > self._last_day:
            length = self._last_day - self._first_day
            self._append_days(min(max(last_day, self._last_day + length), LATEST_DAY))
        if first_day < self._first_day:
            self._prepend_days(first_day)

    def _append_days(self, last_day: int) -> None:
        starts, cumulated, days, week = self.starts, self.cumulated, self._days, self._week
        position = cumulated[-2]
        del starts[-2:], cumulated[-2:]
        for day in range(self._last_day, last_day):
            own = days.get(day)
            midnight = day * MINUTES_PER_DAY
            for first, last in week[(day + _THURSDAY) % 7] if own is None else own:
                starts.append(midnight + first)
                cumulated.append(position)
                position += last - first
        edge = last_day * MINUTES_PER_DAY
        starts += (edge, edge + ENDLESS)
        cumulated += (position, position + ENDLESS)
        self._last_day = last_day

    def _prepend_days(self, first_day: int) -> None:
        starts: list[int] = []
        lengths: list[int] = []
        for day in range(first_day, self._first_day):
            midnight = day * MINUTES_PER_DAY
            for first, last in self.periods(day):
                starts.append(midnight + first)
                lengths.append(last - first)
        position = self.cumulated[1] - sum(lengths)
        cumulated = [position - ENDLESS]
        for length in lengths:
            cumulated.append(position)
            position += length
        self.starts[0:1] = [first_day * MINUTES_PER_DAY - ENDLESS, *starts]
        self.cumulated[0:1] = cumulated
        self._first_day = first_day

    def _reach(self, at: int) -> None:
        day = at // MINUTES_PER_DAY
        if not self._first_day < day < self._last_day - 1:
            self._grow(day - 366, day + 366)

    # --- positions ---------------------------------------------------------------------------------------------

    def work(self, at: int) -> int:
        """Return the position of an instant."""
        self._reach(at)
        index = bisect_right(self.starts, at) - 1
        position = self.cumulated[index] + at - self.starts[index]
        return min(position, self.cumulated[index + 1])

    def at_end(self, position: int) -> int:
        """Return the earliest instant of a position: where the minute before it is working time."""
        self._reach_position(position)
        index = bisect_left(self.cumulated, position) - 1
        return self.starts[index] + position - self.cumulated[index]

    def at_start(self, position: int) -> int:
        """Return the latest instant of a position: where the minute after it is working time."""
        self._reach_position(position)
        index = bisect_right(self.cumulated, position) - 1
        return self.starts[index] + position - self.cumulated[index]

    def _reach_position(self, position: int) -> None:
        cumulated = self.cumulated
        while position >= cumulated[-2] and self._last_day < LATEST_DAY:
            self._grow(self._first_day, self._last_day + 366)
        while position <= cumulated[1] and self._first_day > EARLIEST_DAY:
            self._grow(self._first_day - 5 * 366, self._last_day)

    # --- questions ---------------------------------------------------------------------------------------------

    def is_working(self, at: int) -> bool:
        """Return whether the minute that begins at ``at`` is working time."""
        return self.next_start(at) == at

    def next_start(self, at: int) -> int:
        """Return the first instant at or after ``at`` whose minute is working time."""
        return self.at_start(self.work(at))

    def previous_end(self, at: int) -> int:
        """Return the last instant at or before ``at`` that ends a working minute."""
        return self.at_end(self.work(at))

    def add(self, at: int, minutes: int) -> int:
        """Return the instant some working minutes later; negative ones go back.

        Adding ends at a period's end, subtracting at a period's start; adding nothing returns ``at`` itself.
        """
        if minutes == 0:
            return at
        position = self.work(at) + minutes
        return self.at_end(position) if minutes > 0 else self.at_start(position)

    def between(self, first: int, last: int) -> int:
        """Return the working minutes from ``first`` to ``last``; negative when ``last`` is earlier."""
        return self.work(last) - self.work(first)

    def same(self, one: int, other: int) -> bool:
        """Return whether no working minute lies between two instants."""
        return one == other or self.work(one) == self.work(other)


class ElapsedTime(WorkingTime):
    """The clock itself: every minute counts, positions are instants."""

    __slots__ = ()

    def __init__(self) -> None:
        """Make the calendar of elapsed durations."""
        super().__init__("elapsed")
        self.starts[:] = self.cumulated[:] = [-4 * ENDLESS, 4 * ENDLESS, 8 * ENDLESS]
        self._first_day, self._last_day = EARLIEST_DAY, LATEST_DAY

    def periods(self, day: int) -> Periods:
        """Return the whole day."""
        return ((0, MINUTES_PER_DAY),)

    def has_work(self) -> bool:
        """Return True."""
        return True

    def _reach(self, at: int) -> None:
        return

    def _reach_position(self, position: int) -> None:
        return

    def _grow(self, first_day: int, last_day: int) -> None:
        return


ELAPSED: Final = ElapsedTime()

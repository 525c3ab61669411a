"""Working time adds, subtracts and counts like somebody who walks the minutes one by one."""

from __future__ import annotations

from bisect import bisect_left
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.working_time import (
    ELAPSED,
    Periods,
    WorkingTime,
    checked_periods,
    periods_from_text,
    periods_text,
)

DAYS = 40
FIRST = 20_000


@st.composite
def periods(draw: st.DrawFn) -> Periods:
    edges = sorted(draw(st.sets(st.integers(0, 24).map(lambda hour: hour * 60), max_size=6)))
    return tuple(zip(edges[::2], edges[1::2], strict=False))


@st.composite
def calendars(draw: st.DrawFn) -> WorkingTime:
    week = tuple(draw(periods()) for _weekday in range(7))
    days = draw(st.dictionaries(st.integers(FIRST, FIRST + DAYS), periods(), max_size=5))
    around = draw(st.sampled_from([FIRST - 6000, FIRST, FIRST + 6000, 0])) * 1440
    return WorkingTime("any", week, days, around=around)


def _flags(calendar: WorkingTime) -> list[bool]:
    flags = [False] * (DAYS * 1440)
    for day in range(DAYS):
        for begin, end in calendar.periods(FIRST + day):
            flags[day * 1440 + begin : day * 1440 + end] = [True] * (end - begin)
    return flags


@given(calendars(), st.integers(0, DAYS * 1440 - 1), st.integers(0, DAYS * 1440 - 1))
def test_counting_equals_walking(calendar: WorkingTime, one: int, other: int) -> None:
    flags = _flags(calendar)
    expected = sum(flags[one:other]) if one <= other else -sum(flags[other:one])
    assert calendar.between(FIRST * 1440 + one, FIRST * 1440 + other) == expected


@given(calendars(), st.integers(0, DAYS * 1440 - 1), st.integers(1, 5000))
def test_adding_and_subtracting_equal_walking(calendar: WorkingTime, begin: int, minutes: int) -> None:
    done = list(accumulate(_flags(calendar), initial=0))
    if done[-1] - done[begin] >= minutes:
        end = bisect_left(done, done[begin] + minutes)
        assert calendar.add(FIRST * 1440 + begin, minutes) == FIRST * 1440 + end
    if done[begin] >= minutes:
        start = max(place for place in range(begin) if done[place] == done[begin] - minutes)
        assert calendar.add(FIRST * 1440 + begin, -minutes) == FIRST * 1440 + start


@given(calendars(), st.integers(0, DAYS * 1440 - 1))
def test_the_next_start_works_and_nothing_lies_between(calendar: WorkingTime, begin: int) -> None:
    at = FIRST * 1440 + begin
    if calendar.has_work():
        following = calendar.next_start(at)
        before = calendar.previous_end(at)
        assert before <= at <= following
        assert calendar.is_working(following)
        assert calendar.between(before, following) == 0
        assert calendar.same(at, following)
        assert calendar.add(following, 1) == following + 1


@given(calendars(), st.integers(-40_000, 80_000), st.integers(-40_000, 80_000))
def test_positions_do_not_change_when_the_window_grows(calendar: WorkingTime, one: int, other: int) -> None:
    origin = FIRST * 1440
    position = calendar.work(origin)
    calendar.cover(one * 1440, other * 1440)
    assert calendar.work(origin) == position
    assert calendar.starts == sorted(calendar.starts)
    assert calendar.cumulated == sorted(calendar.cumulated)


def test_adding_nothing_returns_the_same_instant() -> None:
    calendar = WorkingTime("usual")
    assert calendar.add(123, 0) == 123


def test_the_clock_counts_every_minute() -> None:
    assert ELAPSED.add(1000, 500) == 1500
    assert ELAPSED.between(1000, 1500) == 500
    assert ELAPSED.next_start(7) == ELAPSED.previous_end(7) == 7


def test_a_calendar_without_work_ends_all_arithmetic() -> None:
    idle = WorkingTime("idle", ((),) * 7)
    assert not idle.has_work()
    assert idle.add(0, 480) > 0


@pytest.mark.parametrize("text", ["5", "720-540", "0-1500", "540-720,700-800", "a-b", "-5-3"])
def test_unusable_periods_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        periods_from_text(text)


def test_periods_are_written_as_they_are_read() -> None:
    assert periods_from_text("540-720,780-1080") == ((540, 720), (780, 1080))
    assert periods_text(checked_periods([(540, 720), (780, 1080)])) == "540-720,780-1080"
    assert periods_from_text(" ") == ()

"""Repeating dates: rules, days off, ends, and what is kept of a rule."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.recurrence import DayOff, Every, Recurrence, occurrences, read_rule, rule_text

MONDAY = date(2026, 9, 7)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
RULES = st.builds(
    Recurrence,
    st.sampled_from(Every),
    st.integers(1, 12),
    DAYS,
    st.integers(0, 6),
    st.integers(1, 60),
    st.none() | DAYS,
    st.sampled_from(DayOff),
)


def is_weekday(day: date) -> bool:
    return day.weekday() < 5


def days(rule: Recurrence) -> list[str]:
    return [day.strftime("%m-%d") for day in occurrences(rule, is_weekday)]


def test_every_monday_until_the_event() -> None:
    rule = Recurrence(Every.WEEK, 1, date(2026, 9, 1), 0, until=date(2026, 9, 19))
    assert days(rule) == ["09-07", "09-14"]


def test_every_second_week_counts_from_the_first() -> None:
    assert days(Recurrence(Every.WEEK, 2, MONDAY, 2, count=3)) == ["09-09", "09-23", "10-07"]


def test_month_ends_are_kept_within_shorter_months() -> None:
    rule = Recurrence(Every.MONTH, 1, date(2026, 8, 31), count=3)
    assert [day.isoformat() for day in occurrences(rule, lambda _day: True)] == [
        "2026-08-31", "2026-09-30", "2026-10-31",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day_off", "expected"),
    [
        (DayOff.AFTER, ["09-11", "09-14", "09-15"]),
        (DayOff.BEFORE, ["09-11", "09-14", "09-15"]),
        (DayOff.SKIP, ["09-11", "09-14", "09-15"]),
    ],
)
def test_daily_work_falls_on_each_working_day_once(day_off: DayOff, expected: list[str]) -> None:
    assert days(Recurrence(Every.DAY, 1, date(2026, 9, 11), count=3, day_off=day_off)) == expected


def test_days_off_move_on_back_or_out() -> None:
    saturdays = Recurrence(Every.WEEK, 1, MONDAY, 5, count=2)
    assert days(saturdays) == ["09-14", "09-21"]
    back = Recurrence(Every.WEEK, 1, MONDAY, 5, count=2, day_off=DayOff.BEFORE)
    assert days(back) == ["09-11", "09-18"]
    with pytest.raises(InputError):
        days(Recurrence(Every.WEEK, 1, MONDAY, 5, count=2, day_off=DayOff.SKIP))


@pytest.mark.parametrize(
    "rule",
    [
        Recurrence(Every.DAY, 0, MONDAY, count=1),
        Recurrence(Every.DAY, 1, MONDAY),
        Recurrence(Every.DAY, 1, MONDAY, count=0),
        Recurrence(Every.DAY, 1, MONDAY, until=date(2026, 9, 1)),
        Recurrence(Every.DAY, 1, MONDAY, until=date(2090, 1, 1)),
    ],
)
def test_rules_without_sense_are_refused(rule: Recurrence) -> None:
    with pytest.raises(InputError):
        occurrences(rule, is_weekday)


def test_a_calendar_without_working_days_ends() -> None:
    with pytest.raises(InputError):
        occurrences(Recurrence(Every.DAY, 1, MONDAY, count=5), lambda _day: False)


@settings(max_examples=150)
@given(RULES)
def test_occurrences_rise_are_worked_and_keep_within_the_rule(rule: Recurrence) -> None:
    try:
        found = occurrences(rule, is_weekday)
    except InputError:
        return
    assert list(found) == sorted(set(found))
    assert all(is_weekday(day) for day in found)
    assert found[0] >= rule.first
    assert rule.count is not None
    assert len(found) <= rule.count
    assert rule.until is None or found[-1] <= rule.until


@given(RULES)
def test_a_rule_reads_back_as_kept(rule: Recurrence) -> None:
    assert read_rule(rule_text(rule)) == rule


@pytest.mark.parametrize("text", ["", "17", "recurring:", "recurring:week;1;x;0;;;after", "recurring:a;b;c;d;e;f;g"])
def test_other_references_are_no_rule(text: str) -> None:
    assert read_rule(text) is None


def test_far_future_ends_quietly() -> None:
    rule = Recurrence(Every.MONTH, 99, date.max - timedelta(days=40), count=5)
    assert len(occurrences(rule, lambda _day: True)) == 1

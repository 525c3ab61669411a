"""Backups are thinned with age: all of two days, 12 daily, 10 weekly, 9 monthly, and never the newest."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from db.rotation import DAILY, MONTHLY, WEEKLY, kept

NOW = datetime(2026, 9, 19, 15, 0)
_MOMENTS = st.lists(st.datetimes(datetime(2023, 1, 1), datetime(2026, 12, 1)), max_size=120)


def test_half_hourly_backups_over_two_years_are_thinned_to_the_promised_numbers() -> None:
    moments = {NOW - timedelta(minutes=30 * at) for at in range(2 * 365 * 24)}
    keep = kept(moments, NOW)
    recent = {one for one in keep if NOW - one <= timedelta(days=2)}
    assert len(recent) == 97
    assert len(keep) == 97 + DAILY + WEEKLY + MONTHLY
    ages = sorted((NOW.date() - one.date()).days for one in keep - recent)
    assert ages[:DAILY] == list(range(2, 2 + DAILY))
    assert 240 < ages[-1] < 400


def test_backups_of_each_working_day_reach_back_most_of_a_year() -> None:
    keep: frozenset[datetime] = frozenset()
    start = NOW - timedelta(days=500)
    for day in range(501):
        now = start + timedelta(days=day)
        keep = kept({*keep, now}, now)
        assert now in keep
    assert 20 <= len(keep) <= 3 + DAILY + WEEKLY + MONTHLY
    assert (NOW - min(keep)).days > 250


@given(_MOMENTS)
def test_the_newest_and_the_last_two_days_always_stay(moments: list[datetime]) -> None:
    keep = kept(moments, NOW)
    assert keep <= set(moments)
    assert {one for one in moments if NOW - one <= timedelta(days=2)} <= keep
    if moments:
        assert max(moments) in keep
    older = [one for one in keep if NOW - one > timedelta(days=2)]
    assert len(older) <= DAILY + WEEKLY + MONTHLY + 1


@given(_MOMENTS)
def test_thinning_again_removes_nothing_more(moments: list[datetime]) -> None:
    keep = kept(moments, NOW)
    assert kept(keep, NOW) == keep

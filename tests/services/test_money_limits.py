"""Thresholds for money are stored per workspace and read safely."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.money_limits import MoneyLimits, fiscal_months, fiscal_span, fiscal_year
from qihua_desktop.services import settings
from qihua_desktop.services.money_limits import money_limits, save_money_limits
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import fresh_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = fresh_session(tmp_path)
    yield made
    made.workspace.close()


def test_a_fresh_workspace_has_the_usual_thresholds(session: Session) -> None:
    assert money_limits(session) == MoneyLimits(1_000, 5_000_000, 500, 1)


def test_saved_thresholds_come_back_and_undo_restores_the_usual_ones(session: Session) -> None:
    wanted = MoneyLimits(500, 2_000_000, 800, 4, pool_required=True, quotes_required=True)
    save_money_limits(session, wanted)
    assert money_limits(session) == wanted
    session.undo()
    assert money_limits(session) == MoneyLimits()


@pytest.mark.parametrize(
    "wrong",
    [
        replace(MoneyLimits(), deviation_bp=-1),
        replace(MoneyLimits(), reserve_floor_bp=10_001),
        replace(MoneyLimits(), three_quotes_fen=10**14),
        replace(MoneyLimits(), fiscal_start_month=13),
    ],
)
def test_thresholds_out_of_range_are_refused(session: Session, wrong: MoneyLimits) -> None:
    with pytest.raises(InputError):
        save_money_limits(session, wrong)
    assert money_limits(session) == MoneyLimits()


@pytest.mark.parametrize("stored", ["", "[]", "no json", '{"deviation_bp":"x"}', '{"fiscal_start_month":13}'])
def test_unreadable_settings_give_the_usual_thresholds(session: Session, stored: str) -> None:
    with session.edit("设置") as edit:
        settings.put(edit, "money.limits", stored)
    assert money_limits(session) == MoneyLimits()


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2090, 1, 1)), st.integers(1, 12))
def test_a_day_lies_in_its_fiscal_year_and_its_month_among_the_twelve(day: date, start: int) -> None:
    year = fiscal_year(day, start)
    first, after = fiscal_span(year, start)
    assert first <= day < after
    months = fiscal_months(year, start)
    assert (day.year, day.month) in months
    assert len(set(months)) == 12

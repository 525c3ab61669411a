"""ROI never looks better than it is, months lose nothing, and a deviation is explained once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.execution import OutcomeBasis
from qihua_desktop.domain.execution_report import (
    ROI_TARGET,
    MonthFigures,
    by_month,
    missing_reasons,
    outcome_roi,
    per_head,
    return_on,
)
from qihua_desktop.domain.ledger import LedgerSource, build_ledger
from qihua_desktop.domain.procurement import ContractState, StockUseState
from qihua_desktop.domain.vouchers import VoucherState

from .budget_rows import PROJECT, line, line_id
from .money_rows import contract, share, stock_use, voucher


@pytest.mark.parametrize(
    ("cost", "income", "ratio", "percent", "met"),
    [
        (100, 320, "1 : 3.2", 22_000, True),
        (100, 300, "1 : 3", 20_000, True),
        (100_000, 299_999, "1 : 2.99", 20_000, False),
        (100, 0, "1 : 0", -10_000, False),
        (3, 1, "1 : 0.33", -6_667, False),
        (1, 123_456, "1 : 123,456", 1_234_550_000, True),
    ],
)
def test_roi_as_ratio_and_percent(cost, income, ratio, percent, met):
    found = return_on(cost, income)
    assert found is not None
    assert (found.ratio, found.percent_bp, found.meets_target) == (ratio, percent, met)


@pytest.mark.parametrize(("cost", "income"), [(0, 100), (-5, 100), (100, None)])
def test_without_cost_or_income_there_is_no_roi(cost, income):
    assert return_on(cost, income) is None


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 10**12), st.integers(0, 10**13))
def test_the_printed_ratio_meets_the_target_only_when_the_figures_do(cost, income):
    found = return_on(cost, income)
    assert found is not None
    printed = float(found.ratio.removeprefix("1 : ").replace(",", ""))
    assert (printed >= ROI_TARGET) == found.meets_target == (income >= ROI_TARGET * cost)


def test_cost_per_head_uses_the_heads_that_are_known():
    venue, bill = line(amount=1_000), voucher(600)
    total = build_ledger(1_000, LedgerSource([venue], vouchers=[bill], shares=[share(bill, venue.id)])).total
    planned = per_head(total, 30, None)
    assert (planned.budget, planned.estimate, planned.actual) == (33, 33, None)
    actual = per_head(total, 0, 40)
    assert (actual.budget, actual.estimate, actual.actual) == (None, 25, 15)


def test_the_cost_of_the_actual_roi_is_what_was_spent_and_is_bound():
    venue, bill = line(amount=1_000), voucher(100)
    deal = contract(venue.id, 300)
    source = LedgerSource([venue], contracts=[deal], vouchers=[bill], shares=[share(bill, venue.id)])
    outcome = OutcomeBasis(PROJECT, PROJECT, 0, 0, 3_000, "签单", None, None, None, None, None, "")
    total = build_ledger(1_000, source).total
    planned, actual = outcome_roi(total, outcome)
    assert planned is not None
    assert (planned.ratio, actual) == ("1 : 3", None)
    _planned, actual = outcome_roi(total, replace(outcome, income_actual=1_000))
    assert actual is not None
    assert (actual.cost, actual.ratio) == (400, "1 : 2.5")
    assert outcome_roi(total, None) == (None, None)


def tree():
    guests = line("嘉宾费", 0, number=1)
    fees = line("出场费", 1_000, parent=guests.id, number=2)
    travel = line("差旅", 1_000, parent=guests.id, position=1, number=3)
    return [guests, fees, travel]


def over(*amounts):
    """The tree with as much spent on its two lines."""
    rows = tree()
    bills = [voucher(amount) for amount in amounts]
    shares = [share(bill, row.id) for bill, row in zip(bills, rows[1:], strict=True)]
    return rows, build_ledger(2_000, LedgerSource(rows, vouchers=bills, shares=shares), running=False)


def missing(spent, *explained):
    rows, ledger = over(*spent)
    return [one.line_id for one in missing_reasons(ledger, rows, explained)]


def test_the_line_that_deviates_is_asked_and_not_every_sum_above_it():
    assert missing((1_000, 1_900)) == [line_id(3)]
    assert missing((1_000, 1_900), line_id(3)) == []


def test_a_reason_for_a_category_covers_its_lines():
    assert missing((1_500, 1_500)) == [line_id(2), line_id(3)]
    assert missing((1_500, 1_500), line_id(1)) == []


def test_a_reason_for_the_whole_covers_no_line():
    assert missing((1_500, 1_500), None) == [line_id(2), line_id(3)]


def test_deviations_within_the_threshold_need_none():
    assert missing((1_100, 900)) == []


def test_the_whole_is_asked_where_nothing_below_explains_it():
    rows, _ledger = over(1_000, 1_000)
    ledger = build_ledger(2_000, LedgerSource(rows, vouchers=[voucher(2_300)]))
    assert [one.line_id for one in missing_reasons(ledger, rows, ())] == [None]
    assert missing_reasons(ledger, rows, [None]) == ()


def test_months_have_no_gaps_and_lose_nothing():
    venue = line(amount=1_000, task_id=line_id(77))
    below = line(amount=400, parent=venue.id)
    other = line(amount=600, position=1)
    deals = [contract(other.id, 500), contract(other.id, 9, ContractState.DRAFT)]
    bills = [voucher(300, issued_on=date(2026, 10, 2)), voucher(-50, issued_on=date(2026, 10, 3))]
    bills += [voucher(1, VoucherState.PENDING), voucher(7, issued_on=None, added_ms=1_790_000_000_000)]
    uses = [stock_use(below.id, 1_000, 20, StockUseState.OUT), stock_use(below.id, 1_000, 30)]
    source = LedgerSource([venue, below, other], contracts=deals, vouchers=bills, stock_uses=uses)
    found = by_month(source, {line_id(77): date(2026, 7, 31)}, date(2026, 9, 19))
    assert found == (
        MonthFigures(2026, 7, 400, 0, 0),
        MonthFigures(2026, 8, 0, 500, 0),
        MonthFigures(2026, 9, 600, 50, 27),
        MonthFigures(2026, 10, 0, 0, 250),
    )
    assert by_month(LedgerSource(), {}, date(2026, 9, 19)) == ()


def test_a_year_change_has_no_gap():
    bills = [voucher(1, issued_on=date(2025, 12, 31)), voucher(1, issued_on=date(2026, 2, 1))]
    months = [(one.year, one.month) for one in by_month(LedgerSource(vouchers=bills), {}, date(2026, 1, 1))]
    assert months == [(2025, 12), (2026, 1), (2026, 2)]

"""Reused stock: never promised twice on a day, charged at its price, and whoever has it is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import tables
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.procurement import StockUseState
from qihua_desktop.domain.stock_rules import free_on, free_within, quantity_text
from qihua_desktop.services import projects, stock
from qihua_desktop.services.ledger import load_ledger
from qihua_desktop.services.stock import StockDraft
from tests.domain.money_rows import stock_use
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import DAY, line

NEXT_WEEK = DAY + timedelta(7)


@pytest.fixture
def session(tmp_path):
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session):
    return add_event(session)


@pytest.fixture
def material(session, project_id):
    return line(session, project_id, "物料费")


@pytest.fixture
def stands(session):
    return stock.add_item(session, StockDraft("展架", 10_000, unit="个", internal_price=2_000)).id


def free_now(session):
    return stock.stock(session)[0].free_now


def test_reserved_stock_commits_its_price_and_costs_it_when_handed_out(session, project_id, material, stands):
    use = stock.take(session, material, stands, 4_000, DAY, NEXT_WEEK)
    row = load_ledger(session, project_id).rows[material]
    assert (row.open_commitment, row.actual, free_now(session)) == (8_000, 0, 6_000)
    stock.set_use_state(session, use.id, StockUseState.OUT)
    row = load_ledger(session, project_id).rows[material]
    assert (row.open_commitment, row.actual, free_now(session)) == (0, 8_000, 6_000)
    stock.set_use_state(session, use.id, StockUseState.RETURNED)
    assert (load_ledger(session, project_id).rows[material].actual, free_now(session)) == (8_000, 10_000)


def test_stock_may_be_free_of_charge(session, project_id, material, stands):
    stock.take(session, material, stands, 4_000, DAY, NEXT_WEEK, unit_price=0)
    assert load_ledger(session, project_id).rows[material].open_commitment == 0
    assert [view.cost for view in stock.uses_of(session, project_id)] == [0]


def test_overlapping_uses_beyond_the_quantity_are_refused_naming_who_has_it(session, material, stands):
    stock.take(session, material, stands, 7_000, DAY, NEXT_WEEK)
    other = line(session, add_event(session, name="冬季展"), "物料费")
    with pytest.raises(RuleError) as caught:
        stock.take(session, other, stands, 4_000, NEXT_WEEK, None)
    assert caught.value.details == ("秋季快闪：7 个，2026-08-03 – 2026-08-10",)
    stock.take(session, other, stands, 4_000, NEXT_WEEK + timedelta(1), None)
    stock.take(session, other, stands, 3_000, DAY, NEXT_WEEK)


def test_what_is_back_in_store_can_be_taken_again_but_not_twice(session, material, stands):
    use = stock.take(session, material, stands, 10_000, DAY, NEXT_WEEK)
    stock.set_use_state(session, use.id, StockUseState.RETURNED)
    stock.take(session, material, stands, 10_000, DAY, NEXT_WEEK)
    with pytest.raises(RuleError):
        stock.set_use_state(session, use.id, StockUseState.RESERVED)


def test_a_use_is_changed_within_what_is_free(session, material, stands):
    use = stock.take(session, material, stands, 8_000, DAY, NEXT_WEEK)
    stock.update_use(session, use.id, quantity=10_000, notes="布展用")
    with pytest.raises(RuleError):
        stock.update_use(session, use.id, quantity=10_001)
    assert stock.free_between(session, stands, DAY, DAY) == 0
    assert stock.free_between(session, stands, DAY, DAY, use.id) == 10_000


@pytest.mark.parametrize(
    "change", [{"quantity": 0}, {"quantity": -1}, {"unit_price": -1}, {"until_on": DAY - timedelta(1)}]
)
def test_impossible_uses_are_refused(session, material, stands, change):
    use = stock.take(session, material, stands, 1_000, DAY, NEXT_WEEK)
    with pytest.raises(InputError):
        stock.update_use(session, use.id, **change)


def test_the_quantity_cannot_fall_below_what_is_promised(session, material, stands):
    stock.take(session, material, stands, 8_000, DAY, NEXT_WEEK)
    with pytest.raises(RuleError):
        stock.update_item(session, stands, quantity=7_000)
    stock.update_item(session, stands, quantity=8_000, location="2 号仓")
    assert free_now(session) == 0


def test_material_in_use_is_not_removed_and_used_material_stays_readable(session, material, stands):
    use = stock.take(session, material, stands, 1_000, DAY, NEXT_WEEK)
    with pytest.raises(RuleError):
        stock.remove_item(session, stands)
    stock.set_use_state(session, use.id, StockUseState.OUT)
    with pytest.raises(RuleError):
        stock.delete_use(session, use.id)
    stock.set_use_state(session, use.id, StockUseState.RETURNED)
    stock.remove_item(session, stands)
    assert stock.stock(session) == ()
    assert len(stock.stock(session, active_only=False)) == 1
    with pytest.raises(RuleError):
        stock.take(session, material, stands, 1_000, DAY, NEXT_WEEK)
    never = stock.add_item(session, StockDraft("地毯", 1_000))
    stock.remove_item(session, never.id)
    assert len(stock.stock(session, active_only=False)) == 1


def test_a_closed_project_takes_nothing(session, project_id, material, stands):
    projects.cancel_project(session, project_id)
    with pytest.raises(RuleError):
        stock.take(session, material, stands, 1_000, DAY, NEXT_WEEK)


def test_what_two_laptops_promised_twice_is_shown(session, material, stands):
    assert stock.conflicts(session) == ()
    use = stock.take(session, material, stands, 8_000, DAY, NEXT_WEEK)
    with session.edit("merge") as edit:
        tables.stock_uses.insert(edit, replace(use, id=stands, from_on=NEXT_WEEK, until_on=None, quantity=5_000))
    (conflict,) = stock.conflicts(session)
    assert (conflict.missing, len(conflict.uses)) == (3_000, 2)


def test_quantities_are_written_as_people_do():
    assert [quantity_text(one, "m") for one in (2_500, 12_000, 1_234_567, 5)] == [
        "2.5 m",
        "12 m",
        "1,234.567 m",
        "0.005 m",
    ]


DAYS = st.integers(0, 20).map(lambda at: date(2026, 8, 1) + timedelta(at))
MAYBE = st.none() | DAYS


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), MAYBE, MAYBE, st.sampled_from(StockUseState)), max_size=6), DAYS, DAYS)
def test_free_within_a_span_is_the_least_of_its_days(rows, first, last):
    uses = [
        replace(stock_use(None, quantity, 0, state), from_on=begin, until_on=end)
        for quantity, begin, end, state in rows
        if begin is None or end is None or begin <= end
    ]
    first, last = min(first, last), max(first, last)
    days = [first + timedelta(at) for at in range((last - first).days + 1)]
    assert free_within(50, uses, first, last) == min(free_on(50, uses, day) for day in days)

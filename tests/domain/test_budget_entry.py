from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.allocation import unallocated
from qihua_desktop.domain.budget import LineLock
from qihua_desktop.domain.budget_entry import (
    enter_amount,
    enter_percent,
    enter_price,
    refuse_moved_locks,
    spread_by,
    total_of_rows,
)
from qihua_desktop.domain.errors import RuleError
from tests.domain.budget_rows import budgets, line


def amounts(lines):
    return {row.name: row.amount for row in lines}


def three():
    return [line("甲", 50_000), line("乙", 30_000, position=1), line("丙", 20_000, position=2)]


def test_once_allocated_the_others_take_the_difference():
    rows = three()
    assert amounts(enter_amount(100_000, rows, rows[0].id, 60_000)) == {"甲": 60_000, "乙": 24_000, "丙": 16_000}


def test_before_that_only_the_typed_one_changes():
    rows = three()
    assert amounts(enter_amount(150_000, rows, rows[0].id, 60_000)) == {"甲": 60_000, "乙": 30_000, "丙": 20_000}


def test_more_than_is_left_comes_from_the_others():
    rows = three()
    after = enter_amount(110_000, rows, rows[0].id, 70_000)
    assert sum(amounts(after).values()) == 110_000


def test_an_excess_can_be_taken_back_step_by_step():
    rows = three()
    assert amounts(enter_amount(80_000, rows, rows[0].id, 40_000)) == {"甲": 40_000, "乙": 30_000, "丙": 20_000}


def test_the_only_category_may_leave_a_rest():
    rows = [line("甲", 100_000)]
    assert unallocated(100_000, enter_amount(100_000, rows, rows[0].id, 60_000)) == 40_000


def test_a_share_typed_for_a_locked_share_becomes_the_lock():
    rows = [replace(one, lock=LineLock.PERCENT, percent=2000) if one.name == "丙" else one for one in three()]
    after = enter_percent(150_000, rows, rows[2].id, 1500)
    assert next(row.percent for row in after if row.name == "丙") == 1500


def test_a_locked_share_never_exceeds_the_whole_while_the_budget_is_exceeded():
    rows = [replace(one, lock=LineLock.PERCENT, percent=5000) if one.name == "甲" else one for one in three()]
    after = enter_amount(10_000, rows, rows[0].id, 20_000)
    assert [(row.amount, row.percent) for row in after if row.name == "甲"] == [(20_000, 10_000)]


def test_a_price_without_quantity_waits():
    rows = three()
    after = enter_price(100_000, rows, rows[0].id, 500, 0)
    assert amounts(after) == amounts(rows)
    assert amounts(enter_price(100_000, after, rows[0].id, 500, 120_000))["甲"] == 60_000


def test_weights_divide_what_locks_leave():
    rows = [replace(one, lock=LineLock.AMOUNT) if one.name == "丙" else one for one in three()]
    after = spread_by(100_000, rows, {rows[0].id: 1, rows[1].id: 3})
    assert amounts(after) == {"甲": 20_000, "乙": 60_000, "丙": 20_000}


def test_a_moved_amount_lock_is_named():
    before = [line("甲", 5, lock=LineLock.AMOUNT)]
    with pytest.raises(RuleError) as refused:
        refuse_moved_locks(before, [replace(before[0], amount=6)])
    assert refused.value.details == ("甲",)


@given(budgets(), st.integers(0, 10**7), st.integers(0, 10**7), st.data())
def test_what_is_typed_is_there_and_parents_are_sums(rows, total, amount, data):
    chosen = data.draw(st.sampled_from(rows))
    try:
        after = enter_amount(total, rows, chosen.id, amount)
    except RuleError:
        return
    by_id = {row.id: row for row in after}
    assert by_id[chosen.id].amount == amount
    for row in after:
        below = [one.amount for one in after if one.parent_id == row.id]
        assert not below or sum(below) == row.amount
    held = [one for one in rows if one.lock in (LineLock.AMOUNT, LineLock.BOTH) and one.id != chosen.id]
    inside = {chosen.id}
    for one in after:
        if one.parent_id in inside:
            inside.add(one.id)
    assert all(by_id[one.id].amount == one.amount for one in held)


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=5),
    st.lists(st.integers(0, 1_900), max_size=5),
)
def test_the_total_of_the_rows_keeps_amounts_and_locked_shares(kept, shares):
    rows = [line(f"甲{at}", amount, position=at) for at, amount in enumerate(kept)]
    rows += [
        line(f"乙{at}", 7, LineLock.PERCENT, share, position=10 + at, number=700 + at)
        for at, share in enumerate(shares)
    ]
    total, after = total_of_rows(rows)
    assert unallocated(total, after) == 0
    assert [row.amount for row in after[: len(kept)]] == kept
    assert [row.lock for row in after] == [row.lock for row in rows]
    for row in after[len(kept) :]:
        assert abs(row.amount * 10_000 - total * row.percent) < 10_000

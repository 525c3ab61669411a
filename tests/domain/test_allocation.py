from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.allocation import (
    Absorb,
    changed_lines,
    net_amount,
    price_line,
    priced_amount,
    respread,
    roll_up,
    set_amount,
    set_lock,
    set_percent,
    shown_percents,
    split,
    tax_amount,
    unallocated,
)
from qihua_desktop.domain.budget import LineLock
from qihua_desktop.domain.errors import InputError, RuleError
from tests.domain.budget_rows import budgets, line

FREE, AMOUNT, PERCENT, BOTH = LineLock.FREE, LineLock.AMOUNT, LineLock.PERCENT, LineLock.BOTH


def amounts(lines):
    return [row.amount for row in lines]


def top(lines):
    return [row for row in lines if row.parent_id is None]


def assert_consistent(lines):
    assert all(row.amount >= 0 for row in lines)
    for parent in lines:
        below = [row.amount for row in lines if row.parent_id == parent.id]
        assert not below or sum(below) == parent.amount


# split


def test_split_gives_ties_to_the_lower_line():
    assert split(100000, [1, 1, 1]) == [33334, 33333, 33333]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=40))
def test_split_is_exact_fair_and_keeps_order(total, weights):
    shares = split(total, weights)
    whole = sum(weights)
    even = [1] * len(weights) if whole == 0 else weights
    assert sum(shares) == total
    for share, weight in zip(shares, even, strict=True):
        assert abs(abs(share) * sum(even) - abs(total) * weight) < sum(even)
    for left, right in zip(range(len(even)), range(1, len(even)), strict=False):
        if even[left] == even[right]:
            assert abs(shares[left]) >= abs(shares[right])


def test_split_refuses_negative_weights_and_nobody():
    with pytest.raises(ValueError, match="negative"):
        split(1, [1, -1])
    with pytest.raises(ValueError, match="nothing"):
        split(1, [])
    assert split(0, []) == []


# respread


def fact_budget():
    return (
        line("场地", 15000000, AMOUNT, position=0),
        line("备用金", 5000000, PERCENT, 1000, position=1),
        line("物料", 12500000, position=2),
        line("嘉宾", 10000000, position=3),
        line("传播", 7500000, position=4),
    )


def test_respread_keeps_locks_and_shares_the_rest():
    result = respread(48000001, fact_budget())
    assert amounts(result) == [15000000, 4800000, 11750001, 9400000, 7050000]


def test_respread_refuses_when_locks_exceed_the_total_and_names_them():
    with pytest.raises(RuleError) as refused:
        respread(14000000, fact_budget())
    assert refused.value.details == ("场地", "备用金")


def test_respread_refuses_percent_locks_over_one_hundred():
    lines = (line("a", 6, PERCENT, 6000), line("b", 5, PERCENT, 5000), line("c", 0))
    with pytest.raises(RuleError) as refused:
        respread(100, lines)
    assert refused.value.details == ("a", "b")


def test_respread_refuses_a_rest_without_free_lines():
    with pytest.raises(RuleError):
        respread(200, (line("a", 100, AMOUNT),))
    assert amounts(respread(100, (line("a", 100, AMOUNT),))) == [100]


def test_a_line_locked_both_ways_refuses_to_move_and_is_named():
    lines = (line("a", 3000, BOTH, 3000), line("b", 7000))
    assert amounts(respread(10000, lines)) == [3000, 7000]
    with pytest.raises(RuleError) as refused:
        respread(20000, lines)
    assert refused.value.details == ("a",)


def test_a_line_locked_both_ways_stays_while_its_share_is_still_true():
    lines = (line("a", 33334, BOTH, 3333), line("b", 66666))
    assert amounts(respread(100000, lines)) == [33334, 66666]


def test_respread_reaches_free_descendants_and_keeps_locked_ones():
    parent = line("场地", 18000, position=0, number=1000)
    lines = (
        parent,
        line("租赁", 15000, AMOUNT, parent=parent.id, position=0),
        line("搭建", 3000, parent=parent.id, position=1),
        line("物料", 2000, position=1),
    )
    result = respread(40000, lines)
    assert amounts(result) == [36000, 15000, 21000, 4000]


def test_a_free_parent_of_locked_lines_only_is_kept():
    parent = line("场地", 15000, number=2000)
    lines = (parent, line("租赁", 15000, AMOUNT, parent=parent.id), line("物料", 5000, position=1))
    assert amounts(respread(30000, lines)) == [15000, 15000, 15000]
    with pytest.raises(RuleError) as refused:
        respread(14000, lines)
    assert refused.value.details == ("租赁",)


def test_nothing_allocated_yet_is_spread_evenly():
    assert amounts(respread(100, (line("a"), line("b", position=1), line("c", position=2)))) == [34, 33, 33]


def test_negative_totals_and_amounts_are_refused():
    with pytest.raises(InputError):
        respread(-1, (line("a"),))
    lines = (line("a", 5),)
    with pytest.raises(InputError):
        set_amount(5, lines, lines[0].id, -1)
    with pytest.raises(InputError):
        set_percent(5, lines, lines[0].id, 10001)


@settings(max_examples=200)
@given(budgets(), st.integers(0, 10**10))
def test_respread_is_exact_to_the_fen_at_every_level_or_refused_with_reason(lines, total):
    before = lines
    result = None
    try:
        result = respread(total, lines)
    except RuleError as refused:
        explained = bool(refused.details) or all(row.lock is FREE for row in lines)
    else:
        explained = True
    assert explained
    if result is None:
        return
    assert sum(amounts(top(result))) == total
    assert_consistent(result)
    for old, new in zip(before, result, strict=True):
        assert new.id == old.id
        if old.lock in (AMOUNT, BOTH):
            assert new.amount == old.amount
    siblings = sorted(top(result), key=lambda row: row.position)
    shares = [row.percent for row in siblings if row.lock in (PERCENT, BOTH)]
    expected = iter(split(total, [*shares, 10000 - sum(shares)]))
    for row in siblings:
        if row.lock in (PERCENT, BOTH):
            share = next(expected)
            assert row.lock is BOTH or row.amount == share


@given(budgets(locks=st.just(FREE)), st.integers(0, 10**10))
def test_a_budget_without_locks_always_spreads(lines, total):
    result = respread(total, lines)
    assert sum(amounts(top(result))) == total
    assert_consistent(result)
    assert respread(total, result) == result


@settings(max_examples=200)
@given(budgets(), st.integers(0, 10**9), st.data())
def test_setting_an_amount_keeps_the_total_and_every_other_lock(lines, amount, data):
    total = sum(amounts(top(lines)))
    chosen = data.draw(st.sampled_from(lines))
    try:
        result = set_amount(total, lines, chosen.id, amount)
    except RuleError:
        return
    by_id = {row.id: row for row in result}
    assert by_id[chosen.id].amount == amount
    assert sum(amounts(top(result))) == total
    assert_consistent(result)
    for old in lines:
        if old.id != chosen.id and old.lock in (AMOUNT, BOTH):
            assert by_id[old.id].amount == old.amount


@given(budgets(), st.integers(0, 10**9), st.data())
def test_growing_the_parents_moves_no_unrelated_line(lines, amount, data):
    total = sum(amounts(top(lines)))
    leaves = [row for row in lines if all(other.parent_id != row.id for other in lines)]
    chosen = data.draw(st.sampled_from(leaves))
    try:
        result = set_amount(total, lines, chosen.id, amount, absorb=Absorb.PARENT)
    except RuleError:
        return
    assert_consistent(result)
    by_id = {row.id: row for row in result}
    assert by_id[chosen.id].amount == amount
    ancestors = set()
    parent = chosen.parent_id
    while parent is not None:
        ancestors.add(parent)
        parent = by_id[parent].parent_id
    if all(by_id[each].lock is FREE for each in ancestors):
        moved = {row.id for row in changed_lines(lines, result)}
        assert moved <= ancestors | {chosen.id}


def test_a_typed_line_inside_a_locked_category_is_balanced_inside_it():
    parent = line("场地", 100, AMOUNT, number=3000)
    one = line("租赁", 60, parent=parent.id, position=0)
    lines = (parent, one, line("搭建", 40, parent=parent.id, position=1), line("物料", 50, position=1))
    assert amounts(set_amount(150, lines, one.id, 70, absorb=Absorb.PARENT)) == [100, 70, 30, 50]
    with pytest.raises(RuleError):
        set_amount(150, lines, one.id, 101, absorb=Absorb.PARENT)


def test_typing_more_than_the_total_is_refused_with_the_figure():
    lines = (line("a", 50), line("b", 50, position=1))
    with pytest.raises(RuleError, match=r"1\.00"):
        set_amount(100, lines, lines[0].id, 101)


def test_typing_a_percentage_sets_the_amount_and_the_others_follow():
    lines = (line("a", 300, position=0), line("b", 300, position=1), line("c", 400, position=2))
    assert amounts(set_percent(1000, lines, lines[0].id, 5000)) == [500, 214, 286]


@given(budgets(locks=st.just(FREE)), st.integers(0, 10000), st.data())
def test_a_typed_percentage_is_the_share_shown(lines, percent, data):
    total = sum(amounts(top(lines)))
    chosen = data.draw(st.sampled_from(lines))
    siblings = [row for row in lines if row.parent_id == chosen.parent_id]
    assume(len(siblings) > 1)
    result = set_percent(total, lines, chosen.id, percent)
    assert_consistent(result)
    parent = total if chosen.parent_id is None else next(r.amount for r in lines if r.id == chosen.parent_id)
    amount = next(row.amount for row in result if row.id == chosen.id)
    assert amount == split(parent, [percent, 10000 - percent])[0]


def test_a_direct_edit_of_a_locked_line_changes_what_is_locked():
    lines = (line("a", 500, PERCENT, 5000), line("b", 500, position=1))
    typed = set_percent(1000, lines, lines[0].id, 3000)
    assert (typed[0].amount, typed[0].percent) == (300, 3000)
    typed = set_amount(1000, lines, lines[0].id, 250)
    assert (typed[0].amount, typed[0].percent) == (250, 2500)


def test_locking_a_percentage_stores_the_share_shown_and_moves_nothing():
    lines = (line("a", 333), line("b", 667, position=1))
    locked = set_lock(1000, lines, lines[0].id, PERCENT)
    assert amounts(locked) == [333, 667]
    assert locked[0].percent == 3330


# shown percentages


@given(budgets(), st.integers(0, 10**9))
def test_shown_percentages_total_exactly_one_hundred(lines, extra):
    total = sum(amounts(top(lines)))
    shown = shown_percents(total, lines)
    for parent_id in {row.parent_id for row in lines}:
        siblings = [row for row in lines if row.parent_id == parent_id]
        whole = sum(amounts(siblings))
        assert sum(shown[row.id] for row in siblings) == (10000 if whole else 0)
    assert unallocated(total + extra, lines) == extra


def test_unallocated_money_is_not_hidden_in_percentages():
    assert list(shown_percents(1000, (line("a", 250), line("b", 250, position=1))).values()) == [2500, 2500]


# prices and tax


@given(st.integers(0, 10**9), st.integers(0, 10**7))
def test_price_times_quantity_is_half_up(price, quantity):
    amount = priced_amount(price, quantity)
    assert abs(amount * 1000 - price * quantity) * 2 <= 1000
    assert priced_amount(-price, quantity) == -amount


def test_a_price_sets_the_amount_and_drops_when_the_amount_no_longer_fits():
    lines = (line("伴手礼"), line("b", 100, position=1))
    priced = price_line(1000000, lines, lines[0].id, 8000, 500000)
    assert (priced[0].amount, priced[0].unit_price, priced[0].quantity) == (4000000, 8000, 500000)
    scaled = set_amount(1000000, priced, lines[0].id, 3840000, absorb=Absorb.PARENT)
    assert scaled[0].unit_price == 7680
    odd = set_amount(1000000, priced, lines[0].id, 3840001, absorb=Absorb.PARENT)
    assert (odd[0].unit_price, odd[0].quantity) == (0, 500000)


def test_a_category_with_lines_has_no_price():
    parent = line("a", 5, number=4000)
    with pytest.raises(RuleError):
        price_line(5, (parent, line("b", 5, parent=parent.id)), parent.id, 1, 1000)


@pytest.mark.parametrize(("gross", "rate", "net"), [(3333, 600, 3144), (9999, 600, 9433), (5000000, 0, 5000000)])
def test_net_amounts_follow_the_fact_sheet(gross, rate, net):
    assert net_amount(gross, rate) == net
    assert net_amount(-gross, rate) == -net


def test_tax_regression_over_five_rates():
    rows = [(15000000, 900), (12500000, 1300), (10000000, 600), (7500000, 600), (5000000, 0)]
    assert sum(net_amount(*row) for row in rows) == 46332849
    assert sum(tax_amount(*row) for row in rows) == 3667151


@given(st.integers(-(10**11), 10**11), st.integers(0, 3000))
def test_net_and_tax_add_up_and_net_is_nearest(gross, rate):
    net = net_amount(gross, rate)
    assert net + tax_amount(gross, rate) == gross
    assert abs(net * (10000 + rate) - gross * 10000) * 2 <= 10000 + rate


def test_whole_percent_rates_agree_with_the_printed_formula():
    for rate in (0, 1, 3, 6, 9, 13):
        for gross in range(0, 3000, 7):
            assert net_amount(gross, rate * 100) == (200 * gross + 100 + rate) // (2 * (100 + rate))


# whole trees


@given(budgets())
def test_roll_up_is_idempotent_and_reports_changes_only(lines):
    assert roll_up(lines) == lines
    assert changed_lines(lines, roll_up(lines)) == ()


def test_unchanged_lines_are_the_same_objects():
    lines = fact_budget()
    result = respread(50000000, lines)
    assert all(new is old for new, old in zip(result, lines, strict=True))


def test_a_missing_line_is_told_in_words():
    with pytest.raises(RuleError):
        set_amount(5, (line("a", 5),), line("b").id, 3)


def test_two_thousand_lines_spread_exactly():
    categories = [line(f"c{at}", position=at) for at in range(20)]
    rows = [*categories, *(line(f"l{at}", at * 37, parent=categories[at % 20].id, position=at) for at in range(1980))]
    rows[0] = replace(rows[0], lock=PERCENT, percent=1000)
    lines = roll_up(tuple(rows))
    result = respread(123456789, lines)
    assert sum(amounts(top(result))) == 123456789
    assert_consistent(result)

"""The ledger: an invoice consumes its contract, parents are sums, deviations to the fen."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.ledger import LedgerSource, build_ledger, deviation_rate, is_beyond
from qihua_desktop.domain.procurement import ContractState, StockUseState
from qihua_desktop.domain.vouchers import VoucherState

from .budget_rows import budgets, line
from .money_rows import contract, forecast, payment, release, share, stock_use, voucher

SUMMED = ("budget", "released", "effective", "contracted", "open_commitment", "actual", "paid", "remaining")


def one(source: LedgerSource, total: int | None = None, **options):
    ledger = build_ledger(sum(row.amount for row in source.lines) if total is None else total, source, **options)
    return ledger, next(iter(ledger.rows.values()))


def test_an_untouched_line_is_expected_to_cost_its_budget():
    _ledger, row = one(LedgerSource([line(amount=1000)]))
    assert (row.actual, row.open_commitment, row.to_go, row.eac, row.deviation, row.rate_bp) == (0, 0, 1000, 1000, 0, 0)
    assert not row.beyond


def test_an_invoice_consumes_its_contract():
    venue = line(amount=1000)
    deal = contract(venue.id, 800)
    bill = voucher(300)
    _ledger, row = one(
        LedgerSource([venue], contracts=[deal], vouchers=[bill], shares=[share(bill, venue.id, on=deal)])
    )
    assert (row.contracted, row.open_commitment, row.actual, row.to_go, row.eac) == (800, 500, 300, 200, 1000)
    assert row.remaining == 200


def test_invoices_beyond_the_contract_leave_nothing_open():
    venue = line(amount=1000)
    deal, bill = contract(venue.id, 800), voucher(900)
    _ledger, row = one(
        LedgerSource([venue], contracts=[deal], vouchers=[bill], shares=[share(bill, venue.id, on=deal)])
    )
    assert (row.open_commitment, row.actual, row.eac) == (0, 900, 1000)


@pytest.mark.parametrize(
    ("state", "contracted", "still_open"),
    [
        (ContractState.DRAFT, 0, 0),
        (ContractState.SIGNED, 800, 600),
        (ContractState.FINISHED, 800, 0),
        (ContractState.CANCELLED, 350, 150),
    ],
)
def test_only_what_binds_is_open(state, contracted, still_open):
    venue = line(amount=1000)
    deal, bill = contract(venue.id, 800, state, unavoidable=350), voucher(200)
    _ledger, row = one(
        LedgerSource([venue], contracts=[deal], vouchers=[bill], shares=[share(bill, venue.id, on=deal)])
    )
    assert (row.contracted, row.open_commitment, row.actual) == (contracted, still_open, 200)


@pytest.mark.parametrize("state", [VoucherState.PENDING, VoucherState.REJECTED])
def test_only_accepted_vouchers_count(state):
    venue = line(amount=1000)
    deal, bill = contract(venue.id, 800), voucher(300, state)
    ledger, row = one(LedgerSource([venue], contracts=[deal], vouchers=[bill], shares=[share(bill, venue.id, on=deal)]))
    assert (row.open_commitment, row.actual, ledger.unassigned) == (800, 0, 0)


def test_a_red_invoice_takes_back_what_it_says():
    venue = line(amount=1000)
    deal, blue, red = contract(venue.id, 800), voucher(800), voucher(-200)
    shares = [share(blue, venue.id, on=deal), share(red, venue.id, on=deal)]
    _ledger, row = one(LedgerSource([venue], contracts=[deal], vouchers=[blue, red], shares=shares))
    assert (row.actual, row.open_commitment) == (600, 200)


def test_a_red_invoice_alone_is_negative_cost():
    venue, red = line(amount=1000), voucher(-200)
    _ledger, row = one(LedgerSource([venue], vouchers=[red], shares=[share(red, venue.id)]))
    assert (row.actual, row.remaining, row.eac) == (-200, 1200, 1000)


def test_cost_without_a_budget_has_no_rate_and_asks_for_a_reason():
    extra, bill = line(amount=0), voucher(1)
    _ledger, row = one(LedgerSource([extra], vouchers=[bill], shares=[share(bill, extra.id)]))
    assert (row.deviation, row.rate_bp, row.beyond) == (1, None, True)


def test_a_line_without_budget_and_cost_is_no_deviation():
    _ledger, row = one(LedgerSource([line(amount=0)]))
    assert (row.rate_bp, row.beyond) == (None, False)


def test_accepted_vouchers_without_a_line_count_in_the_whole_only():
    venue, bill = line(amount=1000), voucher(300)
    ledger, row = one(
        LedgerSource([venue], vouchers=[bill], shares=[share(bill, venue.id, 100), share(bill, None, 150)])
    )
    assert (row.actual, ledger.unassigned, ledger.total.actual) == (100, 200, 300)
    assert ledger.total.eac == 1000, "what is not assigned yet uses up what was expected"


def test_reused_stock_commits_when_reserved_and_costs_when_used():
    stand = line(amount=1000)
    uses = [stock_use(stand.id, 2_500, 100), stock_use(stand.id, 1_000, 30, StockUseState.OUT)]
    uses += [stock_use(stand.id, 1_000, 7, StockUseState.RETURNED), stock_use(stand.id, 9_000, 0, StockUseState.OUT)]
    _ledger, row = one(LedgerSource([stand], stock_uses=uses))
    assert (row.open_commitment, row.actual) == (250, 37)


def test_a_typed_forecast_replaces_the_expected_rest():
    venue = line(amount=1000)
    _ledger, row = one(LedgerSource([venue], contracts=[contract(venue.id, 800)], forecasts=[forecast(venue.id, 350)]))
    assert (row.to_go, row.to_go_typed, row.eac, row.deviation, row.rate_bp) == (350, True, 1150, 150, 1500)
    assert row.beyond


def test_nothing_is_to_go_once_the_project_is_over():
    venue = line(amount=1000)
    source = LedgerSource([venue], contracts=[contract(venue.id, 800)], forecasts=[forecast(venue.id, 350)])
    _ledger, row = one(source, running=False)
    assert (row.to_go, row.to_go_typed, row.eac, row.rate_bp, row.beyond) == (0, False, 800, -2000, True)


def test_an_unused_reserve_needs_no_reason():
    reserve = line(amount=1000, is_reserve=True)
    below = line(amount=1000, parent=reserve.id)
    ledger = build_ledger(1000, LedgerSource([reserve, below]), running=False)
    assert [row.rate_bp for row in ledger.rows.values()] == [-10_000, -10_000]
    assert not any(row.beyond for row in ledger.rows.values())
    assert ledger.total.beyond


def test_use_of_the_reserve_moves_budget_and_not_the_whole():
    reserve, travel = line(amount=600, is_reserve=True), line(amount=1000, position=1)
    ledger = build_ledger(1600, LedgerSource([reserve, travel], releases=[release(reserve.id, travel.id, 50)]))
    assert [(row.budget, row.released, row.effective) for row in ledger.rows.values()] == [
        (600, -50, 550),
        (1000, 50, 1050),
    ]
    assert (ledger.total.released, ledger.total.effective, ledger.total.eac) == (0, 1600, 1600)


def test_lines_added_under_a_committed_row_do_not_change_its_estimate():
    venue = line(amount=1000, number=901)
    deal = contract(venue.id, 800)
    alone = build_ledger(1000, LedgerSource([venue], contracts=[deal]))
    below = [line(amount=600, parent=venue.id, position=0), line(amount=400, parent=venue.id, position=1)]
    ledger = build_ledger(1000, LedgerSource([venue, *below], contracts=[deal]))
    assert replace(ledger.rows[venue.id], has_children=False) == alone.rows[venue.id]
    assert [row.deviation for row in ledger.rows.values()] == [0, 0, 0]


def test_payments_follow_their_contract_or_the_lines_of_their_voucher():
    venue, food = line(amount=1000), line(amount=1000, position=1)
    deal, bill = contract(venue.id, 800), voucher(300)
    ledger = build_ledger(
        2000,
        LedgerSource(
            [venue, food],
            contracts=[deal],
            vouchers=[bill],
            shares=[share(bill, venue.id, 100), share(bill, food.id, 100)],
            payments=[payment(500, on=deal), payment(301, of=bill), payment(5)],
        ),
    )
    assert ledger.rows[venue.id].paid == 500 + 101
    assert ledger.rows[food.id].paid == 100
    assert ledger.total.paid == 806


def test_money_that_no_category_holds_belongs_to_the_whole():
    ledger = build_ledger(1500, LedgerSource([line(amount=1000)]))
    assert (ledger.total.budget, ledger.total.eac, ledger.total.level, ledger.total.line_id) == (1500, 1500, -1, None)


def test_categories_beyond_the_total_are_a_deviation():
    ledger = build_ledger(900, LedgerSource([line(amount=1000)]))
    assert (ledger.total.effective, ledger.total.eac, ledger.total.deviation) == (900, 1000, 100)


@pytest.mark.parametrize(
    ("deviation", "effective", "rate"),
    [(500, 10_000, 500), (-500, 10_000, -500), (1, 20_000, 1), (1, 20_001, 0), (-1, 20_000, -1), (7, 0, None)],
)
def test_rates_round_half_away_from_zero(deviation, effective, rate):
    assert deviation_rate(deviation, effective) == rate


def test_the_threshold_is_judged_to_the_fen():
    assert not is_beyond(10_000_000, 100_000_000, 1_000)
    assert is_beyond(10_000_001, 100_000_000, 1_000)
    assert is_beyond(-10_000_001, 100_000_000, 1_000)
    assert deviation_rate(10_000_001, 100_000_000) == 1_000


@st.composite
def sources(draw):
    """A budget with contracts, vouchers, payments, stock and reserve use at any of its rows, or at none."""
    lines = draw(budgets(max_rows=8))
    places = st.sampled_from([None, *(row.id for row in lines)])
    amounts = st.integers(0, 10**6)
    deals = [
        contract(draw(places), draw(amounts), draw(st.sampled_from(ContractState)), unavoidable=draw(amounts))
        for _ in range(draw(st.integers(0, 4)))
    ]
    bills = [
        voucher(draw(st.integers(-(10**6), 10**6)), draw(st.sampled_from(VoucherState)))
        for _ in range(draw(st.integers(0, 4)))
    ]
    shares = [
        share(draw(st.sampled_from(bills)), draw(places), draw(amounts), draw(st.sampled_from([None, *deals])))
        for _ in range(draw(st.integers(0, 5)) if bills else 0)
    ]
    payments = [
        payment(draw(amounts), on=draw(st.sampled_from([None, *deals])), of=draw(st.sampled_from([None, *bills])))
        for _ in range(draw(st.integers(0, 3)))
    ]
    uses = [
        stock_use(draw(places), draw(st.integers(0, 5000)), draw(amounts), draw(st.sampled_from(StockUseState)))
        for _ in range(draw(st.integers(0, 2)))
    ]
    releases = [
        release(draw(st.sampled_from(lines)).id, draw(st.sampled_from(lines)).id, draw(amounts))
        for _ in range(draw(st.integers(0, 2)))
    ]
    forecasts = [forecast(row.id, draw(amounts)) for row in draw(st.sets(st.sampled_from(lines), max_size=2))]
    return LedgerSource(lines, (), deals, payments, bills, shares, uses, releases, forecasts)


@settings(max_examples=80, deadline=None)
@given(sources(), st.booleans(), st.randoms(use_true_random=False))
def test_the_order_of_rows_is_irrelevant(source, running, shuffler: random.Random):
    def mixed(rows):
        return shuffler.sample(list(rows), len(rows))

    other = LedgerSource(*(mixed(getattr(source, name)) for name in LedgerSource.__slots__))
    assert build_ledger(10**7, other, running=running) == build_ledger(10**7, source, running=running)


@settings(max_examples=80, deadline=None)
@given(sources(), st.booleans())
def test_figures_agree_with_each_other_in_every_row(source, running):
    ledger = build_ledger(10**7, source, running=running)
    for row in (*ledger.rows.values(), ledger.total):
        assert row.effective == row.budget + row.released
        assert row.eac == row.actual + row.open_commitment + row.to_go
        assert row.deviation == row.eac - row.effective
        assert row.remaining == row.effective - row.actual - row.open_commitment
        assert row.open_commitment >= 0
        assert row.to_go >= 0
        assert (row.rate_bp is None) == (row.effective <= 0)
        assert running or row.to_go == 0


@settings(max_examples=80, deadline=None)
@given(sources())
def test_parents_are_the_sum_of_their_children_where_all_is_recorded_at_leaves(source):
    parents = {row.parent_id for row in source.lines}
    leaves = {row.id for row in source.lines} - parents

    def at_leaves(rows):
        return [row for row in rows if row.line_id in leaves]

    deals = at_leaves(source.contracts)
    kept = {deal.id for deal in deals}
    shares = [
        replace(one, contract_id=one.contract_id if one.contract_id in kept else None)
        for one in at_leaves(source.shares)
    ]
    trimmed = replace(
        source,
        contracts=deals,
        vouchers=[
            replace(one, gross=sum(s.gross for s in shares if s.voucher_id == one.id)) for one in source.vouchers
        ],
        shares=shares,
        payments=[one for one in source.payments if one.contract_id in kept],
        stock_uses=at_leaves(source.stock_uses),
        releases=[one for one in at_leaves(source.releases) if one.reserve_line_id in leaves],
        forecasts=at_leaves(source.forecasts),
    )
    top = sum(row.amount for row in trimmed.lines if row.parent_id is None)
    ledger = build_ledger(top, trimmed)
    for parent_id in parents:
        whole = ledger.total if parent_id is None else ledger.rows[parent_id]
        below = [ledger.rows[row.id] for row in trimmed.lines if row.parent_id == parent_id]
        for name in (*SUMMED, "to_go", "eac", "deviation"):
            assert getattr(whole, name) == sum(getattr(row, name) for row in below), name


@settings(max_examples=80, deadline=None)
@given(sources())
def test_the_whole_holds_everything_once(source):
    ledger = build_ledger(10**7, source)
    accepted = sum(one.gross for one in source.vouchers if one.state is VoucherState.ACCEPTED)
    used = build_ledger(10**7, LedgerSource(source.lines, stock_uses=source.stock_uses)).total
    assert ledger.total.actual == accepted + used.actual
    assert ledger.total.released == 0
    assert ledger.total.effective == 10**7
    assert ledger.total.paid == sum(one.paid for one in source.payments)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), max_size=5), st.integers(0, 10**6))
def test_invoices_of_a_contract_never_count_beside_it(gross, bills, budget):
    """Actual + open is the larger of the contract and its invoices, whichever way the invoices arrive."""
    venue = line(amount=budget)
    deal = contract(venue.id, gross)
    rows = [voucher(amount) for amount in bills]
    shares = [share(row, venue.id, on=deal) for row in rows]
    _ledger, row = one(LedgerSource([venue], contracts=[deal], vouchers=rows, shares=shares))
    assert row.actual + row.open_commitment == max(gross, sum(bills))


@settings(max_examples=60, deadline=None)
@given(sources(), st.integers(1, 10**5))
def test_accepting_an_invoice_within_its_contract_changes_no_estimate(source, amount):
    place = source.lines[0].id
    deal, bill = contract(place, 10**5), voucher(amount)
    before = replace(source, contracts=[*source.contracts, deal])
    after = replace(before, vouchers=[*source.vouchers, bill], shares=[*source.shares, share(bill, place, on=deal)])
    old, new = build_ledger(10**7, before), build_ledger(10**7, after)
    assert {key: row.eac for key, row in old.rows.items()} == {key: row.eac for key, row in new.rows.items()}
    assert old.total.eac == new.total.eac
    assert old.total.remaining == new.total.remaining


@settings(max_examples=60, deadline=None)
@given(sources(), st.data())
def test_assigning_a_voucher_to_a_line_changes_nothing_in_the_whole(source, data):
    bill = voucher(data.draw(st.integers(-(10**5), 10**5)))
    pending = replace(source, vouchers=[*source.vouchers, bill])
    row = data.draw(st.sampled_from(source.lines))
    assigned = replace(pending, shares=[*source.shares, share(bill, row.id)])
    old, new = build_ledger(10**7, pending), build_ledger(10**7, assigned)
    assert old.total.actual == new.total.actual
    assert old.total.remaining == new.total.remaining
    assert old.unassigned - new.unassigned == bill.gross

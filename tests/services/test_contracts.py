"""Contracts: drafts bind nothing, invoices consume, payments never exceed what is owed, nothing vanishes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db import tables
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.procurement import Contract, ContractState
from qihua_desktop.services import budget_view, contracts, payments, projects, quotes, suppliers
from qihua_desktop.services.contracts import ContractDraft
from qihua_desktop.services.ledger import load_ledger
from qihua_desktop.services.payments import PaymentTerm, check_plan
from qihua_desktop.services.quotes import QuoteDraft
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import DAY, add_supplier, book, line, put_state, stored_line

THIRDS = (PaymentTerm("预付", 3_000, due_on=DAY), PaymentTerm("中期", 3_000), PaymentTerm("尾款", 4_000, due_on=DAY))


@pytest.fixture
def session(tmp_path):
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session):
    return add_event(session)


@pytest.fixture
def venue(session, project_id):
    return line(session, project_id, "场地租赁")


@pytest.fixture
def draft(session, venue):
    return ContractDraft(venue, add_supplier(session), "场地租赁合同", 1_000_001, 600, payments=THIRDS)


def signed(session, draft):
    return contracts.add_contract(session, replace(draft, signed_on=DAY)).id


def view(session, contract_id):
    return contracts.contract_view(session, contract_id)


def committed(session, project_id, line_id):
    return load_ledger(session, project_id).rows[line_id].open_commitment


def test_a_draft_commits_nothing_until_it_is_signed(session, project_id, venue, draft):
    made = contracts.add_contract(session, draft)
    assert committed(session, project_id, venue) == 0
    contracts.sign_contract(session, made.id, DAY)
    assert committed(session, project_id, venue) == 1_000_001
    assert stored_line(session, venue).supplier_id == draft.supplier_id
    with pytest.raises(RuleError):
        contracts.sign_contract(session, made.id, DAY)
    session.undo()
    assert committed(session, project_id, venue) == 0
    assert stored_line(session, venue).supplier_id is None


def test_signing_under_an_approved_budget_is_no_revision(session, project_id, venue, draft):
    put_state(session, project_id, BudgetState.APPROVED)
    signed(session, draft)
    assert stored_line(session, venue).supplier == ""
    assert budget_view.load_budget(session, project_id).budget.state is BudgetState.APPROVED


def test_a_plan_of_shares_adds_up_to_the_fen(session, draft):
    made = view(session, signed(session, draft))
    assert [one.amount for one in made.payments] == [300_000, 400_001, 300_000]
    assert [one.name for one in made.payments] == ["预付", "尾款", "中期"], "by due day, without one last"
    assert made.next_due is not None
    assert (made.next_due.name, made.paid) == ("预付", 0)


def test_invoices_consume_the_contract_and_too_much_is_shown(session, project_id, venue, draft):
    made = signed(session, draft)
    book(session, project_id, 400_000, venue, made)
    assert (view(session, made).invoiced, view(session, made).open, view(session, made).over_invoiced) == (
        400_000,
        600_001,
        0,
    )
    book(session, project_id, 700_000, venue, made)
    assert (view(session, made).open, view(session, made).over_invoiced) == (0, 99_999)
    assert committed(session, project_id, venue) == 0


def test_finishing_frees_what_was_not_invoiced(session, project_id, venue, draft):
    made = signed(session, draft)
    book(session, project_id, 400_000, venue, made)
    contracts.finish_contract(session, made)
    assert committed(session, project_id, venue) == 0
    contracts.reopen_contract(session, made)
    assert committed(session, project_id, venue) == 600_001


def test_cancelling_keeps_what_stays_due_and_why(session, project_id, venue, draft):
    made = signed(session, draft)
    first = view(session, made).payments[0]
    payments.record_payment(session, first.id, DAY, 300_000)
    with pytest.raises(InputError):
        contracts.cancel_contract(session, made, 350_000, "  ")
    with pytest.raises(InputError):
        contracts.cancel_contract(session, made, 1_000_002, "改期")
    contracts.cancel_contract(session, made, 350_000, "改期")
    after = view(session, made)
    assert (after.contract.state, after.open) == (ContractState.CANCELLED, 350_000)
    assert "改期" in after.contract.notes
    assert [(one.amount, one.paid) for one in after.payments] == [(300_000, 300_000), (50_000, 0)]
    assert committed(session, project_id, venue) == 350_000
    session.undo()
    assert len(view(session, made).payments) == 3


def test_only_drafts_are_deleted(session, draft):
    made = contracts.add_contract(session, draft)
    contracts.delete_contract(session, made.id)
    assert tables.payments.all(session.workspace) == ()
    session.undo()
    contracts.sign_contract(session, made.id, DAY)
    with pytest.raises(RuleError):
        contracts.delete_contract(session, made.id)


def test_a_part_payment_leaves_the_rest_planned(session, draft):
    made = signed(session, draft)
    first = view(session, made).payments[0]
    payments.record_payment(session, first.id, DAY, 100_000)
    after = view(session, made)
    assert [(one.name, one.amount, one.paid) for one in after.payments] == [
        ("预付", 100_000, 100_000),
        ("预付", 200_000, 0),
        ("尾款", 400_001, 0),
        ("中期", 300_000, 0),
    ]
    assert sum(one.amount for one in after.payments) == 1_000_001
    with pytest.raises(RuleError):
        payments.record_payment(session, first.id, DAY, 1)
    payments.take_back_payment(session, first.id)
    assert view(session, made).paid == 0


def test_no_more_is_paid_than_contract_or_invoices_allow(session, project_id, venue, draft):
    made = signed(session, draft)
    payments.pay_contract(session, made, DAY, 1_000_001)
    with pytest.raises(InputError):
        payments.pay_contract(session, made, DAY, 1)
    book(session, project_id, 1_000_002, venue, made)
    payments.pay_contract(session, made, DAY, 1)
    assert view(session, made).paid == 1_000_002
    with pytest.raises(InputError):
        payments.pay_contract(session, made, DAY, 0)


def test_a_draft_is_not_paid(session, draft):
    made = contracts.add_contract(session, draft)
    with pytest.raises(RuleError):
        payments.record_payment(session, view(session, made.id).payments[0].id, DAY, 1)


def test_the_plan_follows_a_new_amount_except_what_is_paid(session, draft):
    made = signed(session, draft)
    payments.record_payment(session, view(session, made).payments[0].id, DAY, 300_000)
    contracts.update_contract(session, made, gross=1_700_000)
    rows = view(session, made).payments
    assert [one.amount for one in rows] == [300_000, 800_001, 599_999]
    with pytest.raises(InputError):
        contracts.update_contract(session, made, gross=299_999)


def test_a_plan_beyond_the_contract_is_refused(session, draft):
    made = contracts.add_contract(session, draft).id
    for terms in (
        [PaymentTerm("一", 6_000), PaymentTerm("二", 5_000)],
        [PaymentTerm("一", amount=1_000_002)],
        [PaymentTerm("一", amount=-1)],
        [PaymentTerm("", amount=1)],
    ):
        with pytest.raises(InputError):
            contracts.set_payment_plan(session, made, terms)
    contracts.set_payment_plan(session, made, [PaymentTerm("一", amount=5)])
    assert [one.amount for one in view(session, made).payments] == [5]


def test_a_number_is_used_once_by_a_supplier(session, draft):
    signed(session, replace(draft, number="HT-1"))
    with pytest.raises(InputError):
        contracts.add_contract(session, replace(draft, number=" HT-1 "))
    other = add_supplier(session, "别家")
    contracts.add_contract(session, replace(draft, number="HT-1", supplier_id=other))


def test_a_contract_from_the_chosen_quote(session, venue):
    supplier = add_supplier(session)
    quote = quotes.add_quote(session, venue, QuoteDraft(supplier, 16_000_000, 900))
    with pytest.raises(RuleError):
        contracts.contract_from_quote(session, quote.id)
    quotes.choose_quote(session, quote.id, "独家")
    made = contracts.contract_from_quote(session, quote.id)
    assert (made.title, made.gross, made.tax_rate, made.state) == ("场地租赁", 16_000_000, 900, ContractState.DRAFT)
    with pytest.raises(RuleError):
        contracts.contract_from_quote(session, quote.id)
    contracts.cancel_contract(session, made.id, 0, "重签")
    assert contracts.contract_from_quote(session, quote.id).id != made.id


def test_a_quote_of_another_line_or_supplier_is_refused(session, project_id, venue, draft):
    quote = quotes.add_quote(session, venue, QuoteDraft(add_supplier(session, "别家"), 1))
    quotes.choose_quote(session, quote.id, "独家")
    with pytest.raises(RuleError):
        contracts.add_contract(session, replace(draft, quote_id=quote.id))


def test_the_day_of_signing_belongs_to_the_state(session, draft):
    made = contracts.add_contract(session, draft).id
    with pytest.raises(InputError):
        contracts.update_contract(session, made, signed_on=DAY)
    contracts.sign_contract(session, made, DAY)
    contracts.update_contract(session, made, signed_on=DAY - timedelta(1))
    with pytest.raises(InputError):
        contracts.update_contract(session, made, signed_on=None)


def test_a_closed_project_signs_nothing_but_pays(session, project_id, draft):
    made, late = signed(session, draft), contracts.add_contract(session, replace(draft, title="补充"))
    projects.cancel_project(session, project_id)
    for forbidden in (
        lambda: contracts.add_contract(session, draft),
        lambda: contracts.sign_contract(session, late.id, DAY),
        lambda: contracts.update_contract(session, made, gross=5),
    ):
        with pytest.raises(RuleError):
            forbidden()
    payments.pay_contract(session, made, DAY, 10)
    contracts.finish_contract(session, made)


def test_a_finished_contract_keeps_its_amount(session, draft):
    made = signed(session, draft)
    contracts.finish_contract(session, made)
    with pytest.raises(RuleError):
        contracts.update_contract(session, made, gross=5)
    contracts.update_contract(session, made, notes="归档于 3 号柜")


def test_room_leaves_the_contract_itself_out(session, project_id, venue, draft):
    whole = stored_line(session, venue).amount
    assert contracts.room_for_contract(session, venue) == whole
    made = signed(session, draft)
    assert contracts.room_for_contract(session, venue) == whole - 1_000_001
    assert contracts.room_for_contract(session, venue, made) == whole


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**12), st.lists(st.integers(0, 10_000), max_size=6))
def test_shares_of_payments_that_are_whole_add_up_to_the_contract(gross, percents):
    whole = EntityId(bytes(16))
    contract = Contract(
        whole, whole, None, whole, None, 0, "", "x", gross, 0, ContractState.DRAFT, date(2026, 1, 1), 0, "", 0
    )
    terms = [PaymentTerm("p", percent) for percent in percents]
    if sum(percents) > 10_000:
        with pytest.raises(InputError):
            check_plan(contract, (), terms)
        return
    rest = 10_000 - sum(percents)
    plan = check_plan(contract, (), [*terms, PaymentTerm("rest", rest)])
    assert sum(one.amount for one in plan) == gross


def test_a_contract_with_a_typed_supplier_adds_it_in_the_same_step(session, venue):
    made = contracts.add_contract(session, ContractDraft(venue, None, "场地合同", 100, supplier_name="优境会展"))
    new = suppliers.find_supplier(session, "优境会展")
    assert new is not None
    assert made.supplier_id == new.id
    contracts.update_contract(session, made.id, supplier_name="筑格标识")
    assert contracts.contract_view(session, made.id).supplier.name == "筑格标识"
    session.undo()
    assert suppliers.find_supplier(session, "筑格标识") is None
    session.undo()
    assert suppliers.find_supplier(session, "优境会展") is None

"""Suppliers are kept once, are found however they are written, and remember what became of their quotes."""

from __future__ import annotations

from datetime import date

import pytest

from db import tables
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.procurement import Contract, ContractState, Quote, StockItem
from qihua_desktop.services import budget, budget_view, suppliers
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import add_supplier, book, line, put_state, stored_line


@pytest.fixture
def session(tmp_path):
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session):
    return add_event(session)


def insert_quote(session, project_id, line_id, supplier_id, *, chosen=False):
    row = Quote(new_id(), project_id, line_id, supplier_id, 100, 600, None, None, chosen, "", "", 0)
    with session.edit("quote") as edit:
        tables.quotes.insert(edit, row)


def insert_contract(session, project_id, line_id, supplier_id, gross, state=ContractState.SIGNED):
    row = Contract(
        new_id(), project_id, line_id, supplier_id, None, 0, "", "", gross, 600, state, date(2026, 8, 1), 0, "", 0
    )
    with session.edit("contract") as edit:
        tables.contracts.insert(edit, row)
    return row.id


@pytest.mark.parametrize(
    "typed", ["北京天桥（集团）公司", "北京天桥(集团)公司", " 北京天桥 （集团）公司 ", "９１11 0000", "91110000"]
)
def test_a_supplier_is_found_however_it_is_written(session, typed):
    found = add_supplier(session, "北京天桥（集团）公司", tax_id="91110000")
    result = suppliers.find_supplier(session, typed)
    assert result is not None
    assert result.id == found


def test_nobody_is_found_by_nothing(session):
    add_supplier(session)
    assert suppliers.find_supplier(session, "  ") is None
    assert suppliers.find_supplier(session, "别家") is None


@pytest.mark.parametrize(
    ("name", "tax_id"), [("天桥（集团）", ""), ("天桥(集团)", "91110000"), ("别的名字", "9111 0000")]
)
def test_a_second_entry_of_the_same_supplier_is_refused(session, name, tax_id):
    add_supplier(session, "天桥（集团）", tax_id="91110000")
    with pytest.raises(InputError) as caught:
        add_supplier(session, name, tax_id=tax_id)
    assert "天桥（集团）" in caught.value.message


def test_the_same_name_with_another_tax_number_is_another_company(session):
    add_supplier(session, "天桥", tax_id="91110000")
    add_supplier(session, "天桥", tax_id="91110001")
    assert len(suppliers.list_suppliers(session)) == 2


def test_a_change_into_another_supplier_is_refused(session):
    add_supplier(session, "天桥")
    other = add_supplier(session, "地桥")
    with pytest.raises(InputError):
        suppliers.update_supplier(session, other, name="天桥")
    suppliers.update_supplier(session, other, phone=" 021-555 ")
    assert suppliers.supplier(session, other).phone == "021-555"


def test_hostile_names_are_kept_as_they_are(session):
    for name in ("<img src=x>", "=cmd|' /C calc'!A0", "</b>", "𠮷野家🍚"):
        assert suppliers.supplier(session, add_supplier(session, name)).name == name


def test_a_supplier_in_use_is_only_no_longer_offered(session, project_id):
    used, unused = add_supplier(session, "甲"), add_supplier(session, "乙")
    insert_quote(session, project_id, line(session, project_id, "场地费"), used)
    suppliers.remove_supplier(session, used)
    suppliers.remove_supplier(session, unused)
    assert suppliers.list_suppliers(session) == ()
    assert [one.name for one in suppliers.list_suppliers(session, active_only=False)] == ["甲"]


def test_merging_moves_everything_and_fills_what_is_empty(session, project_id):
    keep, other = add_supplier(session, "甲", phone="1"), add_supplier(session, "甲公司", phone="2", tax_id="91")
    venue = line(session, project_id, "场地费")
    insert_quote(session, project_id, venue, other)
    deal = insert_contract(session, project_id, venue, other, 100)
    book(session, project_id, 100, venue, deal, supplier_id=other)
    with session.edit("stock") as edit:
        tables.stock_items.insert(edit, StockItem(new_id(), "展架", "", "个", 1000, 0, "", other, "", True, 0))
    suppliers.set_line_supplier(session, venue, other)
    suppliers.merge_suppliers(session, keep, other)
    kept = suppliers.list_suppliers(session, active_only=False)
    assert [(one.id, one.phone, one.tax_id) for one in kept] == [(keep, "1", "91")]
    for table in (tables.quotes, tables.contracts, tables.vouchers, tables.stock_items):
        assert [row.supplier_id for row in table.all(session.workspace)] == [keep]
    assert stored_line(session, venue).supplier_id == keep
    session.undo()
    assert tables.contracts.get(session.workspace, deal).supplier_id == other


def test_companies_with_different_tax_numbers_are_not_merged(session):
    keep, other = add_supplier(session, "甲", tax_id="91"), add_supplier(session, "乙", tax_id="92")
    with pytest.raises(RuleError):
        suppliers.merge_suppliers(session, keep, other)
    with pytest.raises(InputError):
        suppliers.merge_suppliers(session, keep, keep)


def test_history_counts_what_was_won_and_lost_and_how_contracts_ended(session, project_id):
    mine, rival = add_supplier(session, "甲"), add_supplier(session, "乙")
    venue, material = line(session, project_id, "场地费"), line(session, project_id, "物料费")
    insert_quote(session, project_id, venue, mine, chosen=True)
    insert_quote(session, project_id, material, mine)
    insert_quote(session, project_id, material, rival, chosen=True)
    insert_quote(session, project_id, line(session, project_id, "嘉宾费"), mine)
    finished = insert_contract(session, project_id, venue, mine, 1000, ContractState.FINISHED)
    insert_contract(session, project_id, material, mine, 500)
    insert_contract(session, project_id, material, mine, 9999, ContractState.DRAFT)
    book(session, project_id, 1050, venue, finished)
    book(session, project_id, 70, venue, supplier_id=mine)
    history = suppliers.supplier_history(session, mine)
    assert (history.won, history.lost, history.undecided) == (1, 1, 1)
    assert (history.contracts, history.contracted, history.invoiced) == (2, 1500, 1120)
    assert history.average_bp == 500
    assert [(one.name, one.contracts) for one in history.projects] == [("秋季快闪", 2)]
    assert history.last_on == date(2026, 9, 1)
    assert suppliers.supplier_history(session, rival).last_on is None


def test_choosing_a_supplier_sets_the_printed_text_too(session, project_id):
    chosen, venue = add_supplier(session, "甲"), line(session, project_id, "场地费")
    suppliers.set_line_supplier(session, venue, chosen)
    assert (stored_line(session, venue).supplier, stored_line(session, venue).supplier_id) == ("甲", chosen)
    suppliers.set_line_supplier(session, venue, None)
    assert (stored_line(session, venue).supplier, stored_line(session, venue).supplier_id) == ("", None)


@pytest.mark.parametrize("state", [BudgetState.APPROVED, BudgetState.IN_REVIEW])
def test_choosing_a_supplier_leaves_frozen_content_alone(session, project_id, state):
    chosen, venue = add_supplier(session, "甲"), line(session, project_id, "场地费")
    put_state(session, project_id, state)
    suppliers.set_line_supplier(session, venue, chosen)
    assert (stored_line(session, venue).supplier, stored_line(session, venue).supplier_id) == ("", chosen)
    assert budget_view.load_budget(session, project_id).budget.state is state


def test_a_typed_supplier_is_the_one_it_names_or_none(session, project_id):
    chosen, venue = add_supplier(session, "天桥（集团）"), line(session, project_id, "场地费")
    budget.update_line(session, venue, supplier="天桥(集团)")
    assert stored_line(session, venue).supplier_id == chosen
    budget.update_line(session, venue, supplier="待定")
    assert (stored_line(session, venue).supplier, stored_line(session, venue).supplier_id) == ("待定", None)

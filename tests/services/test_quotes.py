"""Quotes: three for large amounts, a reason for every choice that is not plain, files kept with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from db import tables
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.procurement import Contract, ContractState
from qihua_desktop.services import documents, projects, quotes, suppliers
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.money_limits import money_limits
from qihua_desktop.services.quotes import QuoteDraft
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import DAY, add_supplier, line, put_state, stored_line


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
    return line(session, project_id, "场地费")


def three(session, line_id, *grosses):
    """Quotes of as many suppliers."""
    made = []
    for at, gross in enumerate(grosses):
        supplier_id = add_supplier(session, f"供应商{at}")
        made.append(quotes.add_quote(session, line_id, QuoteDraft(supplier_id, gross, 600)).id)
    return made


def put_contract(session, quote_id, state=ContractState.SIGNED):
    quote = tables.quotes.get(session.workspace, quote_id)
    row = Contract(
        new_id(), quote.project_id, quote.line_id, quote.supplier_id, quote_id, 0, "", "场地租赁合同", quote.gross, 600,
        state, DAY, 0, "", 0,
    )  # fmt: skip
    with session.edit("contract") as edit:
        tables.contracts.insert(edit, row)
    return row.id


def test_quotes_come_lowest_first_with_net_and_validity(session, venue):
    supplier = add_supplier(session)
    quotes.add_quote(session, venue, QuoteDraft(supplier, 3333, 600, valid_until=DAY))
    old = QuoteDraft(supplier, 2000, 0, DAY - timedelta(9), DAY - timedelta(1))
    quotes.add_quote(session, venue, old)
    views = quotes.quotes_of(session, venue)
    assert [(view.quote.gross, view.is_lowest, view.is_valid_today, view.net) for view in views] == [
        (2000, True, False, 2000),
        (3333, False, True, 3144),
    ]


def test_the_lowest_of_three_needs_no_reason(session, project_id, venue):
    ids = three(session, venue, 17_000_000, 16_000_000, 18_000_000)
    assert quotes.choice_reasons(session, ids[1]) == ()
    quotes.choose_quote(session, ids[1])
    row = next(one for one in quotes.comparison(session, project_id) if one.line.id == venue)
    assert row.chosen is not None
    assert (row.needed, row.outcome, row.chosen.quote.id) == (True, CheckOutcome.PASSED, ids[1])


def test_any_other_than_the_lowest_needs_a_reason(session, project_id, venue):
    ids = three(session, venue, 17_000_000, 16_000_000, 18_000_000)
    with pytest.raises(InputError):
        quotes.choose_quote(session, ids[0], "  ")
    quotes.choose_quote(session, ids[0], "含搭建与清场")
    row = next(one for one in quotes.comparison(session, project_id) if one.line.id == venue)
    assert row.outcome is CheckOutcome.PASSED
    assert "含搭建与清场" in row.finding


def test_fewer_than_three_need_a_reason_above_the_threshold_only(session, project_id, venue):
    (only,) = three(session, venue, 17_000_000)
    with pytest.raises(InputError):
        quotes.choose_quote(session, only)
    quotes.choose_quote(session, only, "独家场地")
    small = line(session, project_id, "应急预备金")
    supplier = add_supplier(session, "小店")
    cheap = quotes.add_quote(session, small, QuoteDraft(supplier, 100))
    assert quotes.choice_reasons(session, cheap.id), "the line's budget counts as well"
    row = next(one for one in quotes.comparison(session, project_id) if one.line.id == venue)
    assert row.outcome is CheckOutcome.NOTICE


def test_three_quotes_of_one_supplier_are_not_three(session, project_id, venue):
    supplier = add_supplier(session)
    ids = [quotes.add_quote(session, venue, QuoteDraft(supplier, gross)).id for gross in (1, 2, 3)]
    assert quotes.choice_reasons(session, ids[0])


def test_an_expired_quote_needs_a_reason(session, venue):
    ids = three(session, venue, 100, 200, 300)
    quotes.update_quote(session, ids[0], received_on=DAY - timedelta(9), valid_until=DAY - timedelta(1))
    with pytest.raises(InputError):
        quotes.choose_quote(session, ids[0])


def test_a_lower_quote_that_comes_later_asks_for_the_reason(session, project_id, venue):
    ids = three(session, venue, 300, 200, 400)
    quotes.choose_quote(session, ids[1])
    quotes.add_quote(session, venue, QuoteDraft(add_supplier(session, "后来者"), 100))
    row = next(one for one in quotes.comparison(session, project_id) if one.line.id == venue)
    assert row.outcome is CheckOutcome.FAILED
    quotes.update_quote(session, ids[1], reason="已签意向")
    row = next(one for one in quotes.comparison(session, project_id) if one.line.id == venue)
    assert row.outcome is CheckOutcome.PASSED


def test_choosing_gives_the_line_its_supplier_in_the_same_step(session, venue):
    ids = three(session, venue, 100, 200, 300)
    quotes.choose_quote(session, ids[0])
    assert stored_line(session, venue).supplier == "供应商0"
    session.undo()
    assert (stored_line(session, venue).supplier, stored_line(session, venue).supplier_id) == ("", None)
    assert not any(view.quote.chosen for view in quotes.quotes_of(session, venue))


def test_choosing_again_replaces_the_choice_and_leaves_the_supplier(session, venue):
    ids = three(session, venue, 100, 200, 300)
    quotes.choose_quote(session, ids[0])
    quotes.choose_quote(session, ids[1], "交期更短")
    chosen = [view.quote for view in quotes.quotes_of(session, venue) if view.quote.chosen]
    assert [(one.id, one.reason) for one in chosen] == [(ids[1], "交期更短")]
    assert stored_line(session, venue).supplier == "供应商0"
    quotes.unchoose_quote(session, ids[1])
    assert not any(view.quote.chosen for view in quotes.quotes_of(session, venue))


def test_choosing_under_an_approved_budget_is_no_revision(session, project_id, venue):
    ids = three(session, venue, 100, 200, 300)
    put_state(session, project_id, BudgetState.APPROVED)
    quotes.choose_quote(session, ids[0])
    assert stored_line(session, venue).supplier == ""
    assert stored_line(session, venue).supplier_id is not None
    assert tables.budgets.all(session.workspace, project_id=project_id)[0].state is BudgetState.APPROVED


def test_a_quote_under_contract_is_held(session, venue):
    ids = three(session, venue, 100, 200, 300)
    quotes.choose_quote(session, ids[0])
    deal = put_contract(session, ids[0])
    for forbidden in (
        lambda: quotes.choose_quote(session, ids[1], "x"),
        lambda: quotes.unchoose_quote(session, ids[0]),
        lambda: quotes.delete_quote(session, ids[0]),
        lambda: quotes.update_quote(session, ids[0], gross=1),
    ):
        with pytest.raises(RuleError) as caught:
            forbidden()
        assert caught.value.details == ("场地租赁合同",)
    quotes.update_quote(session, ids[0], notes="纸质件在财务")
    with session.edit("cancel") as edit:
        tables.contracts.update(edit, deal, state=ContractState.CANCELLED)
    quotes.choose_quote(session, ids[1], "原合同已取消")


def test_the_file_is_kept_byte_exact_and_goes_with_the_quote(session, venue, tmp_path):
    path = tmp_path / "报价单.pdf"
    path.write_bytes(b"%PDF-1.7 \x00\xff")
    supplier = add_supplier(session)
    made = quotes.add_quote(session, venue, QuoteDraft(supplier, 100, file=path))
    (view,) = quotes.quotes_of(session, venue)
    assert [documents.attachment_bytes(session, one.id) for one in view.files] == [b"%PDF-1.7 \x00\xff"]
    quotes.delete_quote(session, made.id)
    assert documents.attachments(session, made.id) == ()
    session.undo()
    assert len(documents.attachments(session, made.id)) == 1


def test_an_unreadable_file_leaves_nothing_behind(session, venue, tmp_path):
    supplier = add_supplier(session)
    with pytest.raises(InputError):
        quotes.add_quote(session, venue, QuoteDraft(supplier, 100, file=tmp_path / "missing.pdf"))
    assert quotes.quotes_of(session, venue) == ()


@pytest.mark.parametrize(
    "change",
    [{"gross": -1}, {"gross": 10**14}, {"tax_rate": -1}, {"tax_rate": 10_001}, {"valid_until": date(2026, 1, 1)}],
)
def test_impossible_figures_are_refused(session, venue, change):
    draft = QuoteDraft(add_supplier(session), 100, 600)
    with pytest.raises(InputError):
        quotes.add_quote(session, venue, replace(draft, **change))


def test_a_closed_project_takes_no_quotes(session, project_id, venue):
    supplier = add_supplier(session)
    projects.cancel_project(session, project_id)
    with pytest.raises(RuleError):
        quotes.add_quote(session, venue, QuoteDraft(supplier, 100))


def test_lines_that_need_quotes_are_listed_without_any(session, project_id):
    limit = money_limits(session).three_quotes_fen
    wanted = [
        row.line.id
        for row in load_budget(session, project_id).lines
        if not row.has_children and not row.line.is_reserve and row.line.amount >= limit
    ]
    rows = quotes.comparison(session, project_id)
    assert len(wanted) > 3
    assert [(row.line.id, row.needed, row.outcome) for row in rows] == [
        (one, True, CheckOutcome.FAILED) for one in wanted
    ]


def test_a_typed_supplier_is_the_one_known_or_a_new_one_in_the_same_step(session, venue):
    known = add_supplier(session, "上海恒隆物业（集团）", tax_id="91310000607222050A")
    one = quotes.add_quote(session, venue, QuoteDraft(None, 100, supplier_name=" 上海恒隆物业(集团) "))
    assert one.supplier_id == known
    made = quotes.add_quote(session, venue, QuoteDraft(None, 200, supplier_name="优境会展"))
    new = suppliers.find_supplier(session, "优境会展")
    assert new is not None
    assert made.supplier_id == new.id
    session.undo()
    assert suppliers.find_supplier(session, "优境会展") is None
    quotes.update_quote(session, one.id, supplier_name="筑格标识")
    renamed = suppliers.find_supplier(session, "筑格标识")
    assert renamed is not None
    assert quotes.quotes_of(session, venue)[0].supplier.id == renamed.id
    session.undo()
    assert suppliers.find_supplier(session, "筑格标识") is None
    with pytest.raises(InputError):
        quotes.add_quote(session, venue, QuoteDraft(None, 100, supplier_name="  "))

"""A budget line does not disappear from under what was recorded at it."""

from __future__ import annotations

import pytest

from db import tables
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.execution import DeviationCode, ReleaseState, ReserveRelease
from qihua_desktop.domain.ids import new_id
from qihua_desktop.services import budget_lines, contracts, quotes, stock
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.ledger import load_ledger
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import DAY, add_supplier, book, line


@pytest.fixture
def session(tmp_path):
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session):
    return add_event(session)


def draft(line_id, supplier_id, day=None):
    return contracts.ContractDraft(line_id, supplier_id, "租赁合同", 1_000, signed_on=day)


def record_contract(session, project_id, line_id):
    contracts.add_contract(session, draft(line_id, add_supplier(session)))


def record_quote(session, project_id, line_id):
    quotes.add_quote(session, line_id, quotes.QuoteDraft(add_supplier(session, "甲公司"), 5))


def record_voucher(session, project_id, line_id):
    book(session, project_id, 5, line_id, number="26440000000000000001")


def record_stock(session, project_id, line_id):
    stock.take(session, line_id, stock.add_item(session, stock.StockDraft("展架", 5_000)).id, 1_000, DAY, DAY)


def record_release(session, project_id, line_id):
    row = ReserveRelease(
        new_id(),
        project_id,
        line_id,
        None,
        5,
        DeviationCode.PRICE,
        "涨价",
        ReleaseState.REFUSED,
        None,
        0,
        None,
        None,
        "",
    )
    with session.edit("release") as edit:
        tables.reserve_releases.insert(edit, row)


@pytest.mark.parametrize(
    ("record", "name"),
    [
        (record_contract, "租赁合同"),
        (record_quote, "甲公司"),
        (record_voucher, "26440000000000000001"),
        (record_stock, "展架"),
        (record_release, "涨价"),
    ],
)
def test_a_line_with_records_is_not_deleted_and_they_are_named(session, project_id, record, name):
    below = line(session, project_id, "场地租赁")
    record(session, project_id, below)
    for doomed in (below, line(session, project_id, "场地费")):
        with pytest.raises(RuleError) as caught:
            budget_lines.delete_lines(session, [doomed])
        (detail,) = caught.value.details
        assert "场地租赁" in detail
        assert name in detail
    session.undo()
    budget_lines.delete_lines(session, [below])


def test_lines_under_a_committed_line_keep_the_commitment(session, project_id):
    reserve = line(session, project_id, "应急预备金")
    contracts.add_contract(session, draft(reserve, add_supplier(session), DAY))
    budget_lines.add_line(session, reserve, "备用发电机")
    rows = load_ledger(session, project_id).rows
    assert (rows[reserve].open_commitment, rows[reserve].deviation) == (1_000, 0)
    assert rows[line(session, project_id, "备用发电机")].open_commitment == 0
    assert load_budget(session, project_id).unallocated == 0

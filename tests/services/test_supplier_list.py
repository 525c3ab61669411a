"""Lists of suppliers and stock: figures in one reading, and rows pasted from a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.list_paste import MAX_ROWS, ListColumn, read_list
from qihua_desktop.services import contracts, stock, stock_list, supplier_list, suppliers
from qihua_desktop.services.session import Session
from qihua_desktop.services.stock import StockDraft
from qihua_desktop.services.suppliers import SupplierDraft
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import add_supplier, line

COLUMNS = (ListColumn("name", ("name", "名称")), ListColumn("phone", ("phone", "电话")))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


def names(session: Session) -> list[str]:
    return [one.name for one in suppliers.list_suppliers(session, active_only=False)]


def test_a_heading_says_where_the_columns_are() -> None:
    found = read_list([["电话", "名称", "别的"], ["021", "甲", "x"], ["", "乙"]], COLUMNS)
    assert [(row.number, row.cells) for row in found] == [
        (2, {"phone": "021", "name": "甲"}),
        (3, {"phone": "", "name": "乙"}),
    ]


def test_without_a_heading_the_usual_order_holds() -> None:
    assert [row.cells for row in read_list([["甲", "021"]], COLUMNS)] == [{"name": "甲", "phone": "021"}]


def test_rows_without_a_name_are_left_out_and_nothing_left_is_an_error() -> None:
    assert len(read_list([["甲"], ["", "1"], [" "]], COLUMNS)) == 1
    for rows in ([], [[""]], [["名称", "电话"]], [["甲"]] * (MAX_ROWS + 1)):
        with pytest.raises(InputError):
            read_list(rows, COLUMNS)


def test_figures_of_the_list_are_those_of_the_history(session: Session) -> None:
    project_id = add_event(session)
    used, idle = add_supplier(session), add_supplier(session, "闲置公司")
    for gross in (1_000_000, 2_500_000):
        draft = contracts.ContractDraft(line(session, project_id, "场地费"), used, "场租", gross, 900)
        contracts.sign_contract(session, contracts.add_contract(session, draft).id, session.today())
    contracts.add_contract(
        session, contracts.ContractDraft(line(session, project_id, "场地费"), idle, "未签", 900, 900)
    )
    rows = {row.supplier.id: row for row in supplier_list.supplier_summaries(session)}
    history = suppliers.supplier_history(session, used)
    assert (rows[used].contracts, rows[used].contracted, rows[used].projects) == (2, history.contracted, 1)
    assert rows[used].last_on == history.last_on == session.today()
    assert (rows[idle].contracts, rows[idle].last_on) == (0, None)


def test_a_paste_adds_and_completes_suppliers_in_one_step(session: Session) -> None:
    kept = suppliers.add_supplier(session, SupplierDraft("恒隆（上海）", phone="1"))
    rows = [
        ["名称", "税号", "电话"],
        ["恒隆(上海)", "91310000607222050a", ""],
        ["新公司", "X1", "2"],
        ["新公司", "X1", "3"],
    ]
    report = supplier_list.paste_suppliers(session, rows)
    assert (report.added, report.changed, report.same) == (1, 1, 0)
    assert suppliers.supplier(session, kept.id).tax_id == "91310000607222050A"
    assert suppliers.supplier(session, kept.id).phone == "1"
    made = suppliers.find_supplier(session, "新公司")
    assert made is not None
    assert (made.tax_id, made.phone) == ("X1", "3")
    assert supplier_list.paste_suppliers(session, rows[:2]).same == 1
    session.workspace.undo()
    assert names(session) == ["恒隆（上海）"]
    assert suppliers.supplier(session, kept.id).tax_id == ""


def test_a_name_that_fits_two_suppliers_is_refused_as_a_whole(session: Session) -> None:
    suppliers.add_supplier(session, SupplierDraft("甲", "A1"))
    suppliers.add_supplier(session, SupplierDraft("甲", "A2"))
    with pytest.raises(InputError, match="2"):
        supplier_list.paste_suppliers(session, [["乙"], ["甲", "搭建"]])
    assert names(session) == ["甲", "甲"]


def test_pasted_stock_reads_sums_and_keeps_what_a_row_leaves_out(session: Session) -> None:
    item = stock.add_item(session, StockDraft("签到台", 4_000, "1.8 米", "张", 100))
    report = stock_list.paste_items(
        session, [["名称", "规格", "数量", "内部价"], ["签到台", "1.8 米", "2+3", ""], ["帐篷", "3x3", "2.5", "1200*3"]]
    )
    assert (report.added, report.changed) == (1, 1)
    found = {view.item.name: view.item for view in stock.stock(session)}
    assert (found["签到台"].id, found["签到台"].quantity, found["签到台"].internal_price) == (item.id, 5_000, 100)
    assert (found["帐篷"].quantity, found["帐篷"].internal_price) == (2_500, 360_000)
    session.workspace.undo()
    assert [view.item.quantity for view in stock.stock(session)] == [4_000]


@pytest.mark.parametrize("cell", ["viele", "1.2345", "-3"])
def test_a_quantity_that_cannot_be_names_its_row(session: Session, cell: str) -> None:
    with pytest.raises(InputError, match="2"):
        stock_list.paste_items(session, [["甲", "", "", "1"], ["乙", "", "", cell]])
    assert stock.stock(session) == ()


def test_a_pasted_quantity_below_what_is_promised_is_refused(session: Session) -> None:
    project_id = add_event(session)
    item = stock.add_item(session, StockDraft("桁架", 4_000))
    stock.take(session, line(session, project_id, "场地费"), item.id, 3_000, None, None)
    with pytest.raises(RuleError) as caught:
        stock_list.paste_items(session, [["桁架", "", "", "2"]])
    assert any("秋季快闪" in text for text in caught.value.details)

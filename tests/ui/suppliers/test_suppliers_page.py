"""The department's suppliers and stock in the real page: edited, merged, pasted, handed out and undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import ui.common.dialogs as dialogs
from db import tables
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.procurement import StockItem, StockUseState
from qihua_desktop.services import contracts, stock, suppliers
from qihua_desktop.services.session import Session
from qihua_desktop.services.stock import StockDraft
from qihua_desktop.services.suppliers import SupplierDraft
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import add_supplier, line
from tests.ui.department_windows import Shown, reopened, shown_page
from tests.ui.hostile import shown_texts
from ui.suppliers.page import SuppliersPage
from ui.suppliers.stock_dialogs import TakeDialog
from ui.suppliers.supplier_dialogs import MergeDialog, SupplierDialog

FIRST, LAST = date(2026, 9, 18), date(2026, 9, 20)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session: Session) -> EntityId:
    return add_event(session)


@pytest.fixture
def shown(session: Session, project_id: EntityId, qtbot: QtBot) -> Iterator[Shown]:
    with shown_page(SuppliersPage, session, qtbot) as made:
        yield made


def stored(session: Session, supplier_id: EntityId):
    return suppliers.supplier(session, supplier_id)


def signed(session: Session, project_id: EntityId, supplier_id: EntityId, gross: int) -> EntityId:
    draft = contracts.ContractDraft(line(session, project_id, "场地费"), supplier_id, "场租", gross, 900)
    made = contracts.add_contract(session, draft).id
    contracts.sign_contract(session, made, session.today())
    return made


def item(session: Session, quantity: int = 2_000, name: str = "桁架") -> StockItem:
    return stock.add_item(session, StockDraft(name, quantity, "6 米", "套", 800_000, "B1"))


# --- suppliers ---


def test_an_empty_list_offers_the_first_supplier(shown: Shown) -> None:
    pane = shown.page.suppliers
    assert pane.stack.currentIndex() == 1

    def fill(form: SupplierDialog) -> bool:
        form.name.setText("艺达展示")
        form.category.setCurrentText("搭建")
        form.tax_id.setText("9131 0115ma1k3qyd0b")
        form.accept()
        return not form.problem()

    with dialogs.scripted([fill]):
        pane.stack.currentWidget().action.click()
    (made,) = suppliers.list_suppliers(shown.session)
    assert (made.name, made.category, made.tax_id) == ("艺达展示", "搭建", "91310115MA1K3QYD0B")
    assert pane.stack.currentIndex() == 0
    assert pane.detail.supplier_id == made.id
    shown.undo()
    assert pane.stack.currentIndex() == 1


def test_cells_are_edited_in_place_and_undone(shown: Shown) -> None:
    one = add_supplier(shown.session, "甲")
    table = shown.page.suppliers.table
    shown.type(table, one, "phone", "021-6888")
    shown.type(table, one, "category", "场地")
    assert (stored(shown.session, one).phone, stored(shown.session, one).category) == ("021-6888", "场地")
    assert table.currentIndex().data() == "场地"
    shown.undo()
    assert stored(shown.session, one).category == ""
    shown.check(table, one, "active")
    assert not stored(shown.session, one).active
    assert shown.page.suppliers.proxy.rowCount() == 0
    shown.page.suppliers.inactive.click()
    assert shown.page.suppliers.proxy.rowCount() == 1


def test_a_second_entry_of_a_company_is_refused_in_words(shown: Shown) -> None:
    one, other = add_supplier(shown.session, "甲"), add_supplier(shown.session, "乙")
    with dialogs.scripted() as seen:
        shown.type(shown.page.suppliers.table, other, "name", "甲")
    assert seen[0][0] == "error"
    assert (stored(shown.session, one).name, stored(shown.session, other).name) == ("甲", "乙")


def test_search_and_trade_narrow_the_list(shown: Shown) -> None:
    for name, trade in (("恒隆物业", "场地"), ("艺达展示", "搭建"), ("优境会展", "搭建")):
        suppliers.add_supplier(shown.session, SupplierDraft(name, category=trade))
    pane = shown.page.suppliers
    pane.filter.setCurrentIndex(pane.filter.findText("搭建"))
    assert pane.proxy.rowCount() == 2
    pane.search.setText("优境")
    pane.search.searched.emit("优境")
    assert pane.proxy.rowCount() == 1
    pane.filter.setCurrentIndex(0)
    pane.search.searched.emit("无此公司")
    assert pane.proxy.rowCount() == 0


def test_the_history_leads_to_the_project(shown: Shown, project_id: EntityId) -> None:
    one = add_supplier(shown.session, "甲")
    signed(shown.session, project_id, one, 1_234_500)
    pane = shown.page.suppliers
    shown.click(pane.table, one)
    assert "12,345.00" in pane.detail.facts["contracts"].full_text()
    pane.detail.table.select_identity(project_id)
    pane.detail.table.setFocus()
    shown.qtbot.keyClick(pane.detail.table, Qt.Key.Key_Return)
    assert shown.gone == [("budget", project_id)]


def test_bank_details_are_typed_beside_the_list_and_survive_a_refresh(shown: Shown) -> None:
    one = add_supplier(shown.session, "甲")
    pane = shown.page.suppliers
    shown.click(pane.table, one)
    field = pane.detail.fields["bank"]
    field.setFocus()
    field.insert("工商银行")
    field.setModified(True)
    suppliers.update_supplier(shown.session, one, phone="1")
    QApplication.processEvents()
    assert field.text() == "工商银行"
    assert field.hasFocus()
    shown.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert stored(shown.session, one).bank == "工商银行"
    shown.undo()
    assert field.text() == ""


def test_two_entries_are_merged_and_parted_again_by_undo(shown: Shown, project_id: EntityId) -> None:
    one, other = add_supplier(shown.session, "甲", phone="1"), add_supplier(shown.session, "甲公司", bank="工行")
    contract = signed(shown.session, project_id, other, 100)
    pane = shown.page.suppliers
    pane.table.selectAll()

    def keep(form: MergeDialog) -> bool:
        form.kept.select(one)
        form.accept()
        return not form.problem()

    with dialogs.scripted([keep]):
        shown.press("suppliers.merge")
    assert [row.id for row in suppliers.list_suppliers(shown.session)] == [one]
    assert tables.contracts.get(shown.session.workspace, contract).supplier_id == one
    assert (stored(shown.session, one).bank, pane.detail.supplier_id) == ("工行", one)
    shown.undo()
    assert tables.contracts.get(shown.session.workspace, contract).supplier_id == other


def test_who_has_a_contract_is_put_aside_and_the_other_deleted(shown: Shown, project_id: EntityId) -> None:
    used, idle = add_supplier(shown.session, "甲"), add_supplier(shown.session, "乙")
    signed(shown.session, project_id, used, 100)
    shown.page.suppliers.table.selectAll()
    with dialogs.scripted([True]):
        shown.press("suppliers.remove")
    rows = suppliers.list_suppliers(shown.session, active_only=False)
    assert [(row.id, row.active) for row in rows] == [(used, False)]
    shown.undo()
    shown.undo()
    assert {row.id for row in suppliers.list_suppliers(shown.session)} == {used, idle}


def test_rows_go_to_a_spreadsheet_and_come_back(shown: Shown) -> None:
    for name in ("甲", "乙"):
        suppliers.add_supplier(shown.session, SupplierDraft(name, phone="=1+1"))
    table = shown.page.suppliers.table
    table.selectAll()
    shown.qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().text()
    assert "\t'=1+1\t" in copied
    head = shown.session.workspace.head()
    shown.paste(table, copied)
    assert shown.session.workspace.head() == head
    shown.paste(table, "名称\t电话\n甲\t021\n丙\t010\n")
    assert {one.name: one.phone for one in suppliers.list_suppliers(shown.session)} == {
        "甲": "021", "乙": "=1+1", "丙": "010",
    }  # fmt: skip
    assert shown.said
    shown.undo()
    assert len(suppliers.list_suppliers(shown.session)) == 2


# --- stock ---


def test_a_page_opened_at_an_item_shows_the_stock(shown: Shown) -> None:
    made = item(shown.session)
    shown.page.reveal(made.id)
    assert shown.page.switch.current_key() == "stock"
    assert shown.page.stock.selected()[0].view.item.id == made.id


def test_material_is_set_aside_handed_out_taken_back_and_all_undone(shown: Shown, project_id: EntityId) -> None:
    made = item(shown.session)
    shown.page.reveal(made.id)
    pane = shown.page.stock

    def fill(form: TakeDialog) -> bool:
        form.quantity.set_value(2_000)
        form.first.set_date(FIRST)
        form.last.set_date(LAST)
        form.accept()
        return not form.problem()

    with dialogs.scripted([fill]):
        pane.take_button.click()
    (use,) = stock.stock(shown.session)[0].uses
    assert (use.use.quantity, use.use.from_on, use.cost) == (2_000, FIRST, 1_600_000)
    pane.use_table.select_identity(use.use.id)
    assert not pane.back_button.isEnabled()
    pane.out_button.click()
    assert stock.stock(shown.session)[0].uses[0].use.state is StockUseState.OUT
    assert not pane.delete_button.isEnabled()
    pane.back_button.click()
    assert stock.stock(shown.session)[0].uses[0].use.state is StockUseState.RETURNED
    pane.delete_button.click()
    assert stock.stock(shown.session)[0].uses == ()
    shown.undo()
    assert [one.use.state for one in stock.stock(shown.session)[0].uses] == [StockUseState.RETURNED]
    for _step in range(3):
        shown.undo()
    assert stock.stock(shown.session)[0].uses == ()


def test_days_and_quantities_of_a_use_are_edited_and_never_overlap(shown: Shown, project_id: EntityId) -> None:
    made = item(shown.session)
    spot = line(shown.session, project_id, "场地费")
    first = stock.take(shown.session, spot, made.id, 1_000, FIRST, LAST)
    second = stock.take(shown.session, spot, made.id, 1_000, FIRST, LAST)
    shown.page.reveal(made.id)
    table = shown.page.stock.use_table
    with dialogs.scripted() as seen:
        shown.type(table, first.id, "quantity", "2")
        shown.type(table, second.id, "from_on", "2026-10-08")
    assert [kind for kind, _words in seen] == ["error", "error"]
    assert tables.stock_uses.get(shown.session.workspace, second.id).from_on == FIRST
    shown.type(table, second.id, "until_on", "2026-10-09")
    shown.type(table, second.id, "from_on", "2026-10-08")
    shown.type(table, first.id, "quantity", "2")
    assert tables.stock_uses.get(shown.session.workspace, first.id).quantity == 2_000


def test_a_clash_is_marked_on_the_item_and_its_uses(shown: Shown, project_id: EntityId) -> None:
    made = item(shown.session)
    spot = line(shown.session, project_id, "场地费")
    for _use in range(2):
        stock.take(shown.session, spot, made.id, 1_000, FIRST, LAST)
    with shown.session.edit("a merge of two laptops") as edit:
        tables.stock_items.update(edit, made.id, quantity=1_000)
    shown.page.reveal(made.id)
    (row,) = shown.page.stock.model.rows
    assert row.missing == 1_000
    assert "1" in shown.cell(shown.page.stock.table, made.id, "state").data()
    assert all(use.clashes for use in shown.page.stock.uses.rows)


def test_stock_is_pasted_and_its_texts_stay_plain(shown: Shown) -> None:
    shown.page.switch.set_current("stock")
    evil = "<img src=x> </b> {name}"
    shown.paste(shown.page.stock.table, f"名称\t规格\t数量\t内部价\n{evil}\t{evil}\t2.5\t1200*3\n")
    (view,) = stock.stock(shown.session)
    assert (view.item.name, view.item.quantity, view.item.internal_price) == (evil, 2_500, 360_000)
    assert sum(evil in text for text in shown_texts(shown.page)) >= 2
    shown.undo()
    assert stock.stock(shown.session) == ()


def test_a_cell_of_the_stock_takes_arithmetic(shown: Shown) -> None:
    made = item(shown.session)
    shown.page.reveal(made.id)
    table = shown.page.stock.table
    shown.type(table, made.id, "quantity", "3*4")
    shown.type(table, made.id, "internal_price", "1200*3")
    found = stock.stock(shown.session)[0].item
    assert (found.quantity, found.internal_price) == (12_000, 360_000)


def test_who_may_only_look_can_change_nothing_and_is_told_why(tmp_path: Path, qtbot: QtBot) -> None:
    made = open_session(tmp_path)
    one, thing = add_supplier(made, "甲"), item(made)
    looking = reopened(made)
    with shown_page(SuppliersPage, looking, qtbot) as shown:
        actions = shown.page.actions_of_page
        for name in ("add", "paste", "remove", "merge"):
            assert not actions.get(f"suppliers.{name}").isEnabled()
            assert actions.get(f"suppliers.{name}").toolTip()
        editable = Qt.ItemFlag.ItemIsEditable
        assert not shown.cell(shown.page.suppliers.table, one, "name").flags() & editable
        assert all(field.isReadOnly() for field in shown.page.suppliers.detail.fields.values())
        shown.page.reveal(thing.id)
        assert not shown.cell(shown.page.stock.table, thing.id, "quantity").flags() & editable
        assert not shown.page.stock.take_button.isEnabled()
    looking.workspace.close()

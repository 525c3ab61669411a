"""Lines to buy and their quotes: comparing, choosing with a reason, files, and every step taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

import ui.common.dialogs as dialogs
from qihua_desktop.services import contracts, documents, money_limits, projects, quotes, suppliers
from qihua_desktop.services.quotes import QuoteDraft
from tests.services.money_samples import line
from tests.ui.budget.procurement_steps import add_three, allowed, cell, do, enter, fill, line_of, open_tab, signed
from ui.budget.procurement.forms import ContractForm, QuoteForm, ReasonForm
from ui.budget.procurement.rows import Mark

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tab(window):
    return open_tab(window)


@pytest.fixture
def gifts(window):
    return line(window.session, window.page.project_id, "伴手礼")


@pytest.fixture
def three(window, tab, gifts):
    return add_three(window, tab, gifts)


# --- lines ---


def test_lines_beyond_the_threshold_ask_for_three_quotes_by_themselves(window, tab):
    limit = money_limits.money_limits(window.session).three_quotes_fen
    asked = {row.name for row in tab.found.lines if Mark.COMPARE in row.marks}
    expected = {
        row.line.name
        for row in window.view.lines
        if not row.has_children and not row.line.is_reserve and row.line.amount >= limit
    }
    assert asked == expected
    assert asked


def test_only_what_is_left_to_do_is_shown_when_asked(window, tab, gifts, three):
    made = signed(window, gifts)
    contracts.finish_contract(window.session, made.id)
    quotes.choose_quote(window.session, three[0].id)
    assert Mark.FINISHED in line_of(tab, "伴手礼").marks
    everything = tab.proxy.rowCount()
    tab.filter.set_current("open")
    assert tab.proxy.rowCount() == everything - 1
    assert tab.reveal(gifts)
    assert tab.filter.current_key() == "all"
    assert tab.current_line_id() == gifts


def test_a_line_at_work_stays_in_view_when_it_is_done(window, tab, gifts, three):
    tab.filter.set_current("open")
    tab.reveal(three[0].id)
    do(tab, "choose")
    made = signed(window, gifts)
    assert not line_of(tab, "伴手礼").is_open
    assert tab.current_line_id() == gifts
    assert tab.contracts.current().contract.id == made.id


def test_a_line_over_its_budget_says_so(window, tab, gifts):
    signed(window, gifts, gross=40_000_001)
    assert Mark.OVER_BUDGET in line_of(tab, "伴手礼").marks
    assert "超出预算" in tab.lines.model.index_of(gifts, tab.lines.model.column_number("marks")).data()


def test_the_next_line_to_do_comes_with_f8(window, tab):
    asked = [row.line_id for row in tab.found.lines if row.is_open]
    seen = []
    for _press in asked:
        window.qtbot.keyClick(tab, Qt.Key.Key_F8)
        seen.append(tab.current_line_id())
    assert set(seen) == set(asked)


# --- quotes ---


def test_a_quote_of_a_new_supplier_is_one_step(window, tab, gifts, tmp_path):
    tab.reveal(line_of(tab, tab.found.lines[0].name).line_id)
    file = tmp_path / "报价单.pdf"
    file.write_bytes(b"%PDF-1.4 quote")
    before = window.session.undo_label()

    def answer(form):
        form.line.select(gifts)
        form.accept()
        assert form.problem()
        form.supplier.setText("华彩礼品")
        fill(form.gross, "77*500")
        fill(form.tax_rate, "13")
        form.file.set_path(file)
        form.accept()
        return form.result() == 1

    with dialogs.scripted([answer]):
        window.qtbot.keyClick(tab, Qt.Key.Key_Insert)
    view = tab.current_quote()
    assert (view.supplier.name, view.quote.gross, view.net) == ("华彩礼品", 3_850_000, 3_407_080)
    assert [one.name for one in view.files] == ["报价单.pdf"]
    assert tab.current_line_id() == gifts
    window.session.undo()
    assert window.session.undo_label() == before
    assert suppliers.find_supplier(window.session, "华彩礼品") is None
    assert not quotes.quotes_of(window.session, gifts)


def test_the_lowest_quote_is_marked_and_cells_are_edited_in_place(window, tab, three):
    assert cell(tab.quotes, 0, "state").data() == "最低"
    assert cell(tab.quotes, 1, "state").data() == ""
    tab.reveal(three[2].id)
    enter(window, tab.quotes, 2, "gross", "38000")
    assert cell(tab.quotes, 0, "gross").data() == "38,000.00"
    assert cell(tab.quotes, 0, "supplier_name").data() == "云上文创"
    assert tab.current_quote().quote.id == three[2].id, "the selection went with the row"
    window.session.undo()
    assert cell(tab.quotes, 0, "gross").data() == "38,500.00"
    enter(window, tab.quotes, 0, "valid_until", "2026-01-05")
    assert tab.problem.message().startswith("报价的有效期早于收到日期")
    tab.problem.show_message("")
    enter(window, tab.quotes, 0, "supplier_name", "新的一家")
    assert suppliers.find_supplier(window.session, "新的一家") is not None
    window.session.undo()
    assert suppliers.find_supplier(window.session, "新的一家") is None


def test_the_lowest_is_chosen_at_once_another_only_with_a_reason(window, tab, three):
    tab.reveal(three[0].id)
    do(tab, "choose")
    assert tab.current_quote().quote.chosen
    assert Mark.CHOSEN in line_of(tab, "伴手礼").marks
    do(tab, "unchoose")
    assert not tab.current_quote().quote.chosen
    tab.reveal(three[1].id)

    def answer(form):
        form.accept()
        assert form.problem()
        form.reason.set_text("交期更短")
        form.accept()
        return form.result() == 1

    with dialogs.scripted([answer]):
        do(tab, "choose")
    chosen = tab.current_quote().quote
    assert (chosen.id, chosen.chosen, chosen.reason) == (three[1].id, True, "交期更短")
    assert "交期更短" in tab.quotes.finding.full_text()
    window.session.undo()
    assert not any(view.quote.chosen for view in quotes.quotes_of(window.session, chosen.line_id))


def test_files_are_dropped_on_a_quote_saved_and_removed(window, tab, three, tmp_path):
    file = tmp_path / "第二家.txt"
    file.write_text("报价", encoding="utf-8")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    place = tab.quotes.table.visualRect(cell(tab.quotes, 1, "gross")).center()
    on_card = tab.quotes.table.viewport().mapTo(tab.quotes, place)
    event = QDropEvent(
        QPointF(on_card), Qt.DropAction.CopyAction, mime, LEFT, Qt.KeyboardModifier.NoModifier
    )  # fmt: skip
    tab.quotes.dropEvent(event)
    assert cell(tab.quotes, 1, "files").data() == "1"
    tab.reveal(three[1].id)
    view = tab.current_quote()
    target = tmp_path / "out.txt"
    menu = tab.commands.files_menu(view)
    with dialogs.scripted([target]):
        menu.actions()[0].trigger()
    assert target.read_bytes() == documents.attachment_bytes(window.session, view.files[0].id)
    next(one for one in menu.actions() if one.text().startswith("移除")).trigger()
    assert not tab.current_quote().files
    window.session.undo()
    assert [one.name for one in tab.current_quote().files] == ["第二家.txt"]


def test_the_delete_key_deletes_the_quote_that_has_the_focus_and_undo_brings_it_back(window, tab, three):
    tab.reveal(three[1].id)
    window.qtbot.keyClick(tab.quotes.table, Qt.Key.Key_Delete)
    assert [row.quote.id for row in tab.quotes.model.rows] == [three[0].id, three[2].id]
    assert tab.current_quote().quote.id == three[2].id
    window.session.undo()
    assert len(tab.quotes.model.rows) == 3


def test_a_quote_leads_to_its_supplier(window, tab, three):
    tab.reveal(three[1].id)
    with window.qtbot.waitSignal(window.context.page_requested) as asked:
        window.qtbot.keyClick(tab.quotes.table, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == ["suppliers", three[1].supplier_id]


# --- refresh, reading only ---


def test_a_refresh_keeps_the_selection_and_what_is_being_typed(window, tab, three):
    tab.reveal(three[2].id)
    index = cell(tab.quotes, 2, "supplier_name")
    tab.quotes.table.setCurrentIndex(index)
    tab.quotes.table.edit(index)
    editor = next(one for one in tab.quotes.table.viewport().findChildren(QLineEdit) if one.isVisible())
    QTest.keyClicks(editor, "abc")
    venue = line(window.session, tab.project_id, "场地租赁")
    quotes.add_quote(window.session, venue, QuoteDraft(None, 5_000_000, supplier_name="恒隆"))
    assert editor.isVisible()
    assert editor.text() == "abc"
    assert tab.current_quote().quote.id == three[2].id


def test_a_closed_project_is_for_reading_and_says_why(window, tab, gifts, three):
    made = signed(window, gifts)
    tab.reveal(made.id)
    projects.cancel_project(window.session, tab.project_id)
    assert tab.locked.isVisible()
    assert tab.locked.message() == "项目已结束，合同只供查阅。"
    for key in ("add_quote", "add_contract", "choose", "sign", "finish", "cancel", "pay", "add_payment", "delete"):
        assert not allowed(tab, key), key
    assert not cell(tab.quotes, 0, "gross").flags() & Qt.ItemFlag.ItemIsEditable
    window.session.undo()
    assert allowed(tab, "add_quote")


def test_a_file_opened_for_reading_offers_no_change(window, tab, three, monkeypatch):
    tab.reveal(three[1].id)
    monkeypatch.setattr(window.session.workspace, "read_only", True)
    tab.reload()
    assert tab.locked.message() == "工作区以只读方式打开。"
    assert not allowed(tab, "add_quote")
    assert not allowed(tab, "choose")
    assert tab.current_quote().quote.id == three[1].id


def test_without_anything_to_buy_the_first_action_is_offered(window, tab):
    limits = money_limits.money_limits(window.session)
    from dataclasses import replace

    money_limits.save_money_limits(window.session, replace(limits, three_quotes_fen=0))
    assert tab.nothing.isVisible()

    def answer(form):
        form.supplier.setText("华彩礼品")
        fill(form.gross, "100")
        form.accept()
        return form.result() == 1

    with dialogs.scripted([answer]):
        window.qtbot.mouseClick(tab.nothing.action, LEFT, pos=QPoint(5, 5))
    assert not tab.nothing.isVisible()
    assert len(tab.quotes.model.rows) == 1


def test_endless_names_keep_the_forms_small_and_the_supplier_the_same(window, tab, gifts):
    name = "长" * 10_000
    supplier = suppliers.add_supplier(window.session, suppliers.SupplierDraft(name)).id
    made = quotes.add_quote(window.session, gifts, QuoteDraft(supplier, 100_000))
    assert tab.reveal(made.id)
    view = tab.current_quote()
    project_id = tab.project_id
    for form in (
        QuoteForm(tab, project_id, gifts),
        ContractForm(tab, project_id, gifts, quote=view),
        ReasonForm(tab, view, ("It is not the lowest quote.",)),
    ):
        form.show()
        QApplication.processEvents()
        assert form.width() <= 480
        form.close()
        form.deleteLater()

    def answer(form):
        form.supplier.setText(name)
        fill(form.gross, "900")
        form.accept()
        return form.result() == 1

    with dialogs.scripted([answer]):
        do(tab, "add_quote")
    assert [row.supplier.id for row in tab.quotes.model.rows] == [supplier, supplier]

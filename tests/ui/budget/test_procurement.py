"""Quotes, contracts and payments: comparing, choosing with a reason, signing, paying, and every step taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

import ui.common.dialogs as dialogs
from qihua_desktop.domain.procurement import ContractState
from qihua_desktop.services import contracts, documents, money_limits, payments, projects, quotes, suppliers
from qihua_desktop.services.contracts import ContractDraft
from qihua_desktop.services.payments import PaymentTerm
from qihua_desktop.services.quotes import QuoteDraft
from tests.services.money_samples import DAY, add_supplier, line
from tests.services.money_samples import book as book_voucher
from ui.budget.procurement.rows import Mark

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def tab(window):
    window.host.show_tab("procurement")
    QApplication.processEvents()
    return window.host.current_tab()


@pytest.fixture
def gifts(window):
    return line(window.session, window.page.project_id, "伴手礼")


@pytest.fixture
def three(window, tab, gifts):
    """Three quotes for 伴手礼: 38,500, 39,000 and 41,000."""
    made = [
        quotes.add_quote(window.session, gifts, QuoteDraft(None, gross, 1300, supplier_name=name))
        for name, gross in (("华彩礼品", 3_850_000), ("江南礼坊", 3_900_000), ("云上文创", 4_100_000))
    ]
    tab.reveal(gifts)
    QApplication.processEvents()
    return made


def signed(window, line_id, gross=3_850_000, **fields):
    supplier = add_supplier(window.session, "华彩礼品有限公司")
    draft = ContractDraft(line_id, supplier, "礼品采购合同", gross, 1300, **({"signed_on": DAY} | fields))
    return contracts.add_contract(window.session, draft)


def line_of(tab, name):
    return next(row for row in tab.found.lines if row.name == name)


def do(tab, key):
    tab.commands.registry.trigger(f"budget.procurement.{key}")
    QApplication.processEvents()


def allowed(tab, key):
    return tab.commands.registry.get(f"budget.procurement.{key}").isEnabled()


def cell(card, row, key):
    return card.model.index(row, card.model.column_number(key))


def enter(window, card, row, key, text):
    """Edit a cell with the keyboard."""
    index = cell(card, row, key)
    card.table.setFocus()
    card.table.setCurrentIndex(index)
    window.qtbot.keyClick(card.table, Qt.Key.Key_Return)
    editor = next(one for one in card.table.viewport().findChildren(QLineEdit) if one.isVisible())
    editor.selectAll()
    if text:
        window.write(editor, text)
    else:
        window.qtbot.keyClick(editor, Qt.Key.Key_Backspace)
    window.qtbot.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


def fill(field, text):
    field.setText(text)
    field.setModified(True)


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


# --- contracts ---


def test_a_contract_from_the_chosen_quote_is_drafted_signed_and_finished(window, tab, gifts, three):
    assert not allowed(tab, "from_quote")
    tab.reveal(three[0].id)
    do(tab, "choose")
    assert allowed(tab, "from_quote")

    def answer(form):
        assert form.gross.fen() == 3_850_000
        assert form.supplier.text() == "华彩礼品"
        assert form.room.full_text() == "该明细预算尚余 75,000.00。"
        fill(form.gross, "76000")
        form.gross.commit()
        assert form.room.full_text() == "该明细预算尚余 75,000.00，合同超出 1,000.00。"
        fill(form.gross, "38500")
        form.number.setText("QH-HT-061")
        form.plan.select((3_000, 7_000))
        form.accept()
        return form.result() == 1

    with dialogs.scripted([answer]):
        do(tab, "from_quote")
    view = tab.current_contract()
    assert (view.contract.number, view.contract.state) == ("QH-HT-061", ContractState.DRAFT)
    assert [one.amount for one in view.payments] == [1_155_000, 2_695_000]
    assert Mark.DRAFT in line_of(tab, "伴手礼").marks
    assert not allowed(tab, "from_quote")
    assert not allowed(tab, "pay")
    with dialogs.scripted([DAY]):
        do(tab, "sign")
    assert tab.current_contract().open == 3_850_000
    assert line_of(tab, "伴手礼").marks[0] is Mark.SIGNED
    do(tab, "finish")
    assert tab.current_contract().open == 0
    do(tab, "reopen")
    assert tab.current_contract().contract.state is ContractState.SIGNED
    for _step in range(4):
        window.session.undo()
    assert not contracts.contracts(window.session, tab.project_id)


def test_a_contract_is_cancelled_with_what_stays_due_and_why(window, tab, gifts):
    made = signed(window, gifts, payments=(PaymentTerm("首付款", percent=3_000), PaymentTerm("尾款", percent=7_000)))
    tab.reveal(made.id)

    def answer(form):
        fill(form.due, "5000")
        form.accept()
        assert form.problem()
        form.reason.set_text("活动取消")
        form.accept()
        return form.result() == 1

    with dialogs.scripted([answer]):
        do(tab, "cancel")
    view = tab.current_contract()
    assert (view.contract.state, view.contract.unavoidable, view.open) == (ContractState.CANCELLED, 500_000, 500_000)
    assert tab.plan.chip.chip_text() == "与合同金额一致"
    window.session.undo()
    assert [one.amount for one in tab.current_contract().payments] == [1_155_000, 2_695_000]


def test_only_drafts_are_deleted(window, tab, gifts):
    made = signed(window, gifts, signed_on=None)
    tab.reveal(made.id)
    assert allowed(tab, "delete_contract")
    window.qtbot.keyClick(tab.contracts.table, Qt.Key.Key_Delete)
    assert not tab.contracts.model.rows
    window.session.undo()
    contracts.sign_contract(window.session, made.id, DAY)
    tab.reveal(made.id)
    assert not allowed(tab, "delete_contract")
    window.qtbot.keyClick(tab.contracts.table, Qt.Key.Key_Delete)
    assert len(tab.contracts.model.rows) == 1


def test_invoices_beyond_the_contract_are_warned_of(window, tab, gifts):
    made = signed(window, gifts, gross=1_000_000)
    book_voucher(window.session, tab.project_id, 1_200_000, gifts, made.id, invoice_kind="other", source="typed")
    tab.reveal(made.id)
    assert tab.contracts.chip.chip_text() == "超额开票 2,000.00"
    assert Mark.OVER_INVOICED in line_of(tab, "伴手礼").marks
    assert cell(tab.contracts, 0, "invoiced").data() == "12,000.00"


def test_contract_cells_are_edited_in_place_and_the_plan_follows_the_amount(window, tab, gifts):
    made = signed(window, gifts, payments=(PaymentTerm("全款", percent=10_000),))
    tab.reveal(made.id)
    enter(window, tab.contracts, 0, "gross", "3.6万")
    assert tab.plan.model.rows[0].payment.amount == 3_600_000
    enter(window, tab.contracts, 0, "number", "HT-9")
    assert tab.current_contract().contract.number == "HT-9"
    window.session.undo()
    window.session.undo()
    assert tab.current_contract().contract.gross == 3_850_000


def test_a_contract_moves_to_another_line_or_supplier(window, tab, gifts):
    made = signed(window, gifts)
    venue = line(window.session, tab.project_id, "场地租赁")
    tab.reveal(made.id)
    enter(window, tab.contracts, 0, "supplier_name", "江南礼坊")
    assert tab.current_contract().supplier.name == "江南礼坊"
    assert tab.commands.edit_contract(tab.current_contract(), "line_id", venue)
    assert contracts.contracts(window.session, tab.project_id)[0].line_name == "场地租赁"
    window.session.undo()
    window.session.undo()
    assert suppliers.find_supplier(window.session, "江南礼坊") is None
    assert tab.reveal(made.id)
    assert tab.current_line_id() == gifts


# --- payments ---


def test_a_plan_is_typed_by_share_or_amount_and_must_add_up(window, tab, gifts):
    made = signed(window, gifts)
    tab.reveal(made.id)
    assert tab.plan.chip.chip_text() == "尚有 38,500.00 未排"
    do(tab, "add_payment")
    assert tab.plan.chip.chip_text() == "与合同金额一致"
    enter(window, tab.plan, 0, "share", "30")
    assert tab.plan.model.rows[0].payment.amount == 1_155_000
    do(tab, "add_payment")
    assert [row.payment.amount for row in tab.plan.model.rows] == [1_155_000, 2_695_000]
    enter(window, tab.plan, 1, "amount", "30000")
    assert "41,550.00" in tab.problem.message()
    assert tab.plan.model.rows[1].payment.amount == 2_695_000
    enter(window, tab.plan, 0, "due_on", "2027-03-01")
    row = next(one for one in tab.plan.model.rows if one.payment.due_on)
    assert f"{row.payment.due_on:%Y-%m-%d}" == "2027-03-01"
    tab.plan.table.select_identity(row.payment.position)
    tab.plan.table.setFocus()
    window.qtbot.keyClick(tab.plan.table, Qt.Key.Key_Delete)
    assert len(tab.plan.model.rows) == 1
    window.session.undo()
    assert len(tab.plan.model.rows) == 2


def test_a_part_payment_is_recorded_and_taken_back(window, tab, gifts):
    made = signed(window, gifts, payments=(PaymentTerm("全款", percent=10_000, due_on=DAY),))
    tab.reveal(made.id)

    def answer(form):
        fill(form.amount, "50000")
        form.accept()
        assert form.problem()
        fill(form.amount, "20000")
        form.accept()
        return form.result() == 1

    with dialogs.scripted([answer]):
        do(tab, "pay")
    assert [(row.payment.paid, row.payment.amount) for row in tab.plan.model.rows] == [
        (2_000_000, 2_000_000), (0, 1_850_000),
    ]  # fmt: skip
    assert tab.current_contract().paid == 2_000_000
    tab.plan.table.select_identity(tab.plan.model.rows[0].payment.position)
    assert allowed(tab, "take_back")
    assert not allowed(tab, "pay")
    do(tab, "take_back")
    assert tab.current_contract().paid == 0
    window.session.undo()
    assert tab.current_contract().paid == 2_000_000


def test_overdue_payments_are_marked_and_what_is_due_stands_by_day(window, tab, gifts):
    today = window.session.today()
    late, soon, later = today - timedelta(days=3), today + timedelta(days=2), today + timedelta(days=40)
    terms = (
        PaymentTerm("尾款", percent=4_000, due_on=later),
        PaymentTerm("首付款", percent=3_000, due_on=late),
        PaymentTerm("进度款", percent=3_000, due_on=soon),
    )
    made = signed(window, gifts, payments=terms)
    assert Mark.OVERDUE in line_of(tab, "伴手礼").marks
    tab.views.set_current("dues")
    words = [tab.dues.model.index(row, tab.dues.model.column_number("state")).data() for row in range(3)]
    assert words == ["逾期 3 天", "2 天后", "40 天后"]
    assert tab.total_due.chip_text() == "待付 38,500.00，其中逾期 11,550.00"
    first = tab.dues.model.rows[0].payment
    payments.record_payment(window.session, first.id, today, first.amount)
    assert Mark.OVERDUE not in line_of(tab, "伴手礼").marks
    assert tab.dues.current() is not None
    tab.dues.table.setFocus()
    window.qtbot.keyClick(tab.dues.table, Qt.Key.Key_Return)
    assert tab.views.current_key() == "lines"
    assert tab.current_contract().contract.id == made.id


def test_all_contracts_of_the_project_stand_together(window, tab, gifts):
    venue = line(window.session, tab.project_id, "场地租赁")
    one, other = signed(window, gifts), contracts.add_contract(
        window.session, ContractDraft(venue, None, "场地合同", 10_000_000, supplier_name="恒隆")
    )  # fmt: skip
    tab.views.set_current("contracts")
    assert [row.contract.id for row in tab.all_contracts.model.rows] == [one.id, other.id]
    tab.all_contracts.table.select_identity(other.id)
    assert allowed(tab, "sign")
    with dialogs.scripted([DAY]):
        window.qtbot.keyClick(
            tab, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        )
    assert tab.all_contracts.model.rows[1].contract.state is ContractState.SIGNED
    assert tab.current_contract().contract.id == other.id


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

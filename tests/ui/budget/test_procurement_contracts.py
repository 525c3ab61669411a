"""Contracts and their payments: drafting, signing, ending, planning, paying, and every step taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

import ui.common.dialogs as dialogs
from qihua_desktop.domain.procurement import ContractState
from qihua_desktop.services import contracts, payments, suppliers
from qihua_desktop.services.contracts import ContractDraft
from qihua_desktop.services.payments import PaymentTerm
from tests.services.money_samples import DAY, line
from tests.services.money_samples import book as book_voucher
from tests.ui.budget.procurement_steps import add_three, allowed, cell, do, enter, fill, line_of, open_tab, signed
from ui.budget.procurement.rows import Mark


@pytest.fixture
def tab(window):
    return open_tab(window)


@pytest.fixture
def gifts(window):
    return line(window.session, window.page.project_id, "伴手礼")


@pytest.fixture
def three(window, tab, gifts):
    return add_three(window, tab, gifts)


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

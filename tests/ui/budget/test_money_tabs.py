"""The tabs of the budget window with money in them: ledger figures, deviations, reasons, reserve and waivers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton

import ui.common.dialogs as dialogs
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.compliance import ComplianceRule
from qihua_desktop.domain.execution import DeviationCode, ReleaseState
from qihua_desktop.domain.people import Department, Role
from qihua_desktop.services import budget, budget_lines, contracts, execution, people, reserve, stock, suppliers
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.compliance import compliance
from tests.services.budget_samples import empty
from tests.services.money_samples import DAY, PIN, add_director, add_supplier, line
from tests.services.money_samples import book as book_voucher
from ui.budget.reserve_dialogs import ReleaseDialog

LEFT = Qt.MouseButton.LeftButton


def book(session, project_id, gross, to, on=None):
    return book_voucher(session, project_id, gross, to, on, invoice_kind="other", source="typed")


def chip_of(window, name):
    return window.words(name, "used")


@pytest.fixture
def spent(window):
    """差旅与住宿: a signed contract of 24,000, invoiced and 12,900 beyond."""
    session, project_id = window.session, window.page.project_id
    travel = window.row("差旅与住宿").line
    draft = contracts.ContractDraft(travel.id, add_supplier(session), "差旅", travel.amount, signed_on=DAY)
    made = contracts.add_contract(session, draft)
    book(session, project_id, travel.amount, travel.id, made.id)
    book(session, project_id, 1_290_000, travel.id)
    return travel


def test_committed_and_actual_follow_contracts_and_vouchers(window):
    session = window.session
    venue = window.row("场地租赁").line
    draft = contracts.ContractDraft(venue.id, add_supplier(session), "场地", 10_000_000, signed_on=DAY)
    contracts.add_contract(session, draft)
    assert window.words("场地租赁", "committed") == "100,000.00"
    assert window.words("场地租赁", "actual") == "0.00"
    book(session, window.page.project_id, 4_000_000, venue.id)
    assert window.words("场地租赁", "actual") == "40,000.00"
    assert window.words("场地费", "committed") == "140,000.00"
    assert window.page.total_row.actual.full_text() == "40,000.00"
    session.undo()
    session.undo()
    assert window.words("场地费", "committed") == "0.00"


def test_a_line_beyond_its_budget_says_by_how_much_and_why(window, spent):
    assert chip_of(window, "差旅与住宿").startswith("+12,900")
    execution.set_reason(window.session, window.page.project_id, spent.id, DeviationCode.SCOPE, "嘉宾临时改签")
    assert chip_of(window, "差旅与住宿") == "+12,900 嘉宾临时改签"
    assert "1 / 1" in window.page.deviation.reasons_caption.full_text()
    assert "嘉宾临时改签" in window.page.deviation.reasons.full_text()


def test_an_unexplained_deviation_is_named_under_the_table(window, spent):
    assert "差旅与住宿" in window.page.deviation.reasons.full_text()
    assert "0 / 1" in window.page.deviation.reasons_caption.full_text()


def test_a_budget_of_nothing_is_not_called_fully_allocated(window):
    empty(window.session, window.page.project_id)
    budget.set_total(window.session, window.page.project_id, 0)
    assert window.page.allocation.chip.chip_text() == "尚未填写总额"


def test_a_typed_supplier_is_linked_and_a_new_one_added_in_one_step(window):
    known = add_supplier(window.session, "上海恒隆物业有限公司")
    window.enter("场地租赁", "supplier", "上海恒隆物业有限公司")
    assert window.row("场地租赁").line.supplier_id == known
    window.enter("伴手礼", "supplier", "华彩礼品")
    made = suppliers.find_supplier(window.session, "华彩礼品")
    assert made is not None
    assert window.row("伴手礼").line.supplier_id == made.id
    window.session.undo()
    assert suppliers.find_supplier(window.session, "华彩礼品") is None
    assert window.row("伴手礼").line.supplier_id is None


def test_known_suppliers_are_offered_with_the_down_key(window):
    add_supplier(window.session, "上海恒隆物业有限公司")
    window.go("场地租赁", "supplier")
    window.qtbot.keyClick(window.page.tree, Qt.Key.Key_Return)
    editor = window.editor()
    window.qtbot.keyClick(editor, Qt.Key.Key_Down)
    completer = editor.completer()
    assert completer.popup().isVisible()
    assert completer.completionModel().index(0, 0).data() == "上海恒隆物业有限公司"
    completer.popup().hide()


def test_a_line_is_linked_to_a_task_and_leads_to_it(window):
    from qihua_desktop.services import budget_links

    _level, task = budget_links.plan_tasks(window.session, window.page.project_id)[1]
    window.page.edits.on_edit(window.page.row(window.row("场地租赁").line.id), "task", task.id)
    assert window.words("场地租赁", "task") == task.name
    window.go("场地租赁")
    with window.qtbot.waitSignal(window.context.page_requested) as asked:
        window.page.commands.rows.trigger("budget.go_to_task")
    assert asked.args == ["gantt", (window.page.project_id, task.id)]


def test_material_of_the_stock_stands_beside_its_line(window):
    item = stock.add_item(window.session, stock.StockDraft("桁架", unit="套", quantity=2_000, internal_price=80_000))
    window.go("伴手礼")

    def fill(dialog):
        dialog.quantity.setFocus()
        dialog.quantity.setText("2")
        dialog.quantity.setModified(True)
        dialog.take_button.click()
        assert not dialog.problem()
        assert len(dialog.model.rows) == 1
        return True

    with dialogs.scripted([fill]):
        window.page.commands.rows.trigger("budget.stock")
    assert stock.free_between(window.session, item.id, None, None) == 0
    assert "桁架" in window.words("伴手礼", "stock")
    assert window.words("伴手礼", "committed") == "1,600.00"


def test_tabs_are_made_when_first_shown_and_keep_their_place(window):
    host = window.host
    assert not [tab for tab in host._tabs if tab != "allocation"]
    host.actions_of_page.trigger("budget.tab.execution")
    assert host.current_tab().isVisible()
    assert not window.page.isVisible()
    assert host.switch.isVisible()
    budget.set_total(window.session, window.page.project_id, 50_000_000)
    assert host.current_tab().found.total.budget == 50_000_000
    host.show_tab("allocation")
    assert window.page.total_row.total.fen() == 50_000_000


def test_a_revealed_line_stays_on_the_tab_in_front(window):
    window.host.show_tab("execution")
    travel = window.row("差旅与住宿").line.id
    window.host.reveal(travel)
    assert window.host.current_tab().tree.current_row().line_id == travel


# --- the execution tab ---


@pytest.fixture
def executing(window, spent):
    window.host.show_tab("execution")
    QApplication.processEvents()
    return window.host.current_tab()


def row_of(tab, name):
    return next(row for row in tab.model.rows if row.name == name)


def words_of(tab, name, key):
    return tab.model.index_of(row_of(tab, name).identity, tab.model.column_number(key)).data()


def edit(window, tab, name, key):
    index = tab.model.index_of(row_of(tab, name).identity, tab.model.column_number(key))
    tab.tree.setFocus()
    tab.tree.setCurrentIndex(index)
    tab.tree.edit(index)
    QApplication.processEvents()


def type_into(window, tab, text):
    editor = next(one for one in tab.tree.viewport().findChildren(QLineEdit) if one.isVisible())
    editor.selectAll()
    if text.isascii():
        window.qtbot.keyClicks(editor, text)
    else:
        editor.insert(text)
    window.qtbot.keyClick(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


def test_a_chosen_code_asks_for_its_words_and_both_are_one_step(window, executing):
    assert words_of(executing, "差旅与住宿", "code") == "待说明"
    assert executing.missing.chip_text() == "1 项待说明"
    before = window.session.undo_label()
    row = row_of(executing, "差旅与住宿")
    assert executing._on_edit(row, "code", DeviationCode.PRICE)
    QApplication.processEvents()
    assert window.session.undo_label() == before
    type_into(window, executing, "改签费上涨")
    assert words_of(executing, "差旅与住宿", "text") == "改签费上涨"
    assert words_of(executing, "差旅与住宿", "code").startswith("02")
    assert executing.missing.chip_text() == "偏差均已说明"
    window.session.undo()
    assert words_of(executing, "差旅与住宿", "code") == "待说明"


def test_a_typed_forecast_changes_the_estimate_and_can_be_taken_back(window, executing):
    edit(window, executing, "伴手礼", "to_go")
    type_into(window, executing, "1200*3")
    assert words_of(executing, "伴手礼", "eac") == "3,600.00"
    assert row_of(executing, "伴手礼").forecast.basis.startswith("林晓岚")
    executing.reveal(row_of(executing, "伴手礼").identity)
    executing.actions_of_tab.trigger("budget.execution.rest")
    assert row_of(executing, "伴手礼").forecast is None


def test_a_forecast_and_the_basis_of_success_are_undone_one_by_one(window, executing):
    before = executing.found
    execution.set_outcome_plan(window.session, window.page.project_id, 500, 0, 0, "签到")
    edit(window, executing, "伴手礼", "to_go")
    type_into(window, executing, "3600")
    window.session.undo()
    assert row_of(executing, "伴手礼").forecast is None
    window.session.undo()
    assert executing.found == before


def test_a_closed_budget_is_for_reading_and_says_so(window, executing):
    with window.session.edit("close", window.page.project_id) as edit_step:
        budget.set_state(edit_step, window.page.project_id, BudgetState.CLOSED)
    assert executing.notice.message()
    assert not executing.use_button.isEnabled()
    index = executing.model.index_of(row_of(executing, "伴手礼").identity, executing.model.column_number("to_go"))
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable


def test_sums_take_no_forecast(window, executing):
    index = executing.model.index_of(row_of(executing, "嘉宾费").identity, executing.model.column_number("to_go"))
    assert not index.flags() & Qt.ItemFlag.ItemIsEditable


def test_the_basis_of_success_is_typed_fixed_and_released_with_a_reason(window, executing):
    card = executing.outcome
    for field, text in zip(card.planned, ("500", "120", "180万"), strict=True):
        field.setFocus()
        field.clear()
        window.write(field, text)
        window.qtbot.keyClick(field, Qt.Key.Key_Return)
    card.method.setFocus()
    window.write(card.method, "现场签到与扫码")
    window.qtbot.keyClick(card.method, Qt.Key.Key_Return)
    card.lock.click()
    assert card.state.chip_text() in ("事前已锁定", "活动后才锁定")
    assert card.planned[0].isReadOnly()
    assert "1,200.00" in card.results[0].full_text()
    assert "1 : 3" in card.results[2].full_text()
    with dialogs.scripted(["口径有误"]):
        card.lock.click()
    assert not card.planned[0].isReadOnly()


def test_the_report_is_asked_for(window, executing):
    with window.qtbot.waitSignal(window.context.export_requested) as asked:
        executing.report.click()
    assert asked.args == ["budget-execution", None]


def test_a_refresh_keeps_the_half_typed_reason(window, executing):
    edit(window, executing, "差旅与住宿", "text")
    editor = next(one for one in executing.tree.viewport().findChildren(QLineEdit) if one.isVisible())
    editor.insert("改签")
    budget.update_line(window.session, window.row("伴手礼").line.id, notes="x")
    assert editor.isVisible()
    assert editor.text() == "改签"


# --- the reserve ---


def ask(amount="8000", reason="补差旅"):
    def fill(dialog):
        dialog.amount.setText(amount)
        dialog.amount.setModified(True)
        dialog.reason.set_text(reason)
        dialog.accept()
        return dialog.result() == 1

    return fill


def test_the_reserve_is_asked_for_and_signed_by_a_director(window, executing):
    director = add_director(window.session)
    executing.reveal(row_of(executing, "差旅与住宿").identity)
    with dialogs.scripted([ask()]):
        executing.actions_of_tab.trigger("budget.execution.reserve")
    one = reserve.releases(window.session, window.page.project_id)[0]
    assert (one.line_name, one.release.amount, one.release.state) == ("差旅与住宿", 800_000, ReleaseState.REQUESTED)

    def sign(dialog):
        assert dialog.person.currentText() == director.name
        dialog.pin.setText("0000")
        dialog.accept()
        assert "口令" in dialog.problem()
        dialog.pin.setText(PIN)
        dialog.accept()
        return dialog.result() == 1

    with dialogs.scripted([sign]):
        next(b for b in executing.reserve.findChildren(QPushButton) if b.text() == "审批…").click()
    assert words_of(executing, "差旅与住宿", "released") == "8,000.00"
    assert executing.reserve.available.chip_text() == "可用 52,000.00"
    window.session.undo()
    assert words_of(executing, "差旅与住宿", "released") == "0.00"


def test_more_than_the_reserve_holds_is_refused_in_the_form(window, executing):
    def fill(dialog):
        dialog.amount.setText("700000")
        dialog.amount.setModified(True)
        dialog.reason.set_text("太多")
        dialog.accept()
        assert dialog.problem()
        return False

    with dialogs.scripted([fill]):
        executing.actions_of_tab.trigger("budget.execution.reserve")
    assert not reserve.releases(window.session, window.page.project_id)


# --- compliance ---


def test_a_broken_rule_is_waived_by_name_and_pin_and_taken_back(window):
    director = add_director(window.session)
    for one in window.view.categories:
        if one.line.is_reserve:
            budget_lines.delete_lines(window.session, [one.line.id])
    row = next(one for one in window.page.checks.rows if one.result.rule == "reserve")
    window.qtbot.mouseClick(row, LEFT, pos=QPoint(row.width() // 2, 6))

    def sign(dialog):
        assert director.name in [dialog.person.itemText(at) for at in range(dialog.person.count())]
        dialog.person.setCurrentText(director.name)
        dialog.reason.set_text("小型活动")
        dialog.pin.setText(PIN)
        dialog.accept()
        assert not dialog.problem()
        return True

    with dialogs.scripted([sign]):
        next(b for b in row.findChildren(QPushButton) if b.text() == "豁免…").click()
    found = next(one for one in compliance(window.session, window.page.project_id) if one.rule == "reserve")
    assert found.waiver is not None
    row = next(one for one in window.page.checks.rows if one.result.rule == "reserve")
    assert row.accessibleName().startswith("已豁免")
    next(b for b in row.findChildren(QPushButton) if b.text() == "撤回豁免").click()
    row = next(one for one in window.page.checks.rows if one.result.rule == "reserve")
    assert row.accessibleName().startswith("未过")
    window.session.undo()
    row = next(one for one in window.page.checks.rows if one.result.rule == "reserve")
    assert row.accessibleName().startswith("已豁免")


def test_only_those_who_may_are_offered_to_waive(window):
    people.add_person(window.session, people.PersonDraft("何静", Department.FINANCE, Role.REVIEWER))
    for one in window.view.categories:
        if one.line.is_reserve:
            budget_lines.delete_lines(window.session, [one.line.id])
    row = next(one for one in window.page.checks.rows if one.result.rule == "reserve")
    window.qtbot.keyClick(row, Qt.Key.Key_Return)

    def look(dialog):
        assert [dialog.person.itemText(at) for at in range(dialog.person.count())] == ["何静"]
        return False

    with dialogs.scripted([look]):
        next(b for b in row.findChildren(QPushButton) if b.text() == "豁免…").click()


def test_the_card_can_be_narrowed_to_what_is_open(window):
    everything = len(window.page.checks.rows)
    window.page.checks.verdict.click()
    assert 0 < len(window.page.checks.rows) < everything
    window.page.checks.verdict.click()
    assert len(window.page.checks.rows) == everything


def test_lines_named_by_a_rule_are_shown(window):
    budget.update_line(window.session, line(window.session, window.page.project_id, "传播投放"), basis="")
    row = next(one for one in window.page.checks.rows if one.result.rule == "explained")
    window.page.checks.lines_chosen.emit(row.result.line_ids)
    assert window.page.tree.current_row().line.id == row.result.line_ids[0]


def test_the_cost_per_guest_stands_with_the_shares(window):
    assert not window.page.shares.note.isVisible()
    execution.set_outcome_plan(window.session, window.page.project_id, 500, 0, 0, "签到")
    assert window.page.shares.note.full_text() == "人均 1,200.00"


def test_the_rule_of_three_quotes_leads_to_the_quotes(window):
    venue = window.row("场地租赁").line
    budget.set_amount(window.session, venue.id, 15_000_000)
    result = next(
        one for one in compliance(window.session, window.page.project_id)
        if one.rule is ComplianceRule.QUOTES and venue.id in one.line_ids
    )  # fmt: skip
    wanted = []
    window.page.tab_requested.connect(lambda key, row_id: wanted.append((key, row_id)))
    window.page.checks.procurement_chosen.emit(result.line_ids[0])
    assert wanted == [("procurement", venue.id)]


def test_no_row_of_the_reserve_at_any_depth_is_offered_to_be_helped_by_it(window):
    session, project_id = window.context.session, window.page.project_id
    (reserved,) = [row.line for row in load_budget(session, project_id).lines if row.line.is_reserve]
    first = budget_lines.add_line(session, reserved.id, "天气")
    budget_lines.add_line(session, first.id, "帐篷")
    dialog = ReleaseDialog(window.host.tab("execution"), project_id, None)
    offered = [dialog.line.itemText(at).strip() for at in range(dialog.line.count())]
    dialog.deleteLater()
    assert offered
    assert not {reserved.name, "天气", "帐篷"} & set(offered)


def test_execution_without_rows_says_so(window):
    empty(window.context.session, window.page.project_id)
    window.host.show_tab("execution")
    QApplication.processEvents()
    tab = window.host.current_tab()
    assert tab.model.rows == ()
    assert tab.tree.placeholder()


def test_every_tab_comes_to_rest_at_any_size(window, spent):
    """A scroll bar and a height that follows the width once chased each other until the program died."""
    for key in window.host.switch.segment_keys():
        window.host.show_tab(key)
        for width in range(560, 1500, 60):
            for height in (360, 480, 620, 800):
                window.host.resize(width, height)
                QApplication.processEvents()
        assert window.host.current_tab().key == key

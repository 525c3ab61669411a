from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QPushButton

from qihua_desktop.domain.budget import BudgetState, LineLock
from qihua_desktop.services import budget, budget_lines
from tests.services.budget_samples import add_event, empty
from ui.budget.template_menu import fill_template_menu
from ui.common.widgets import PlainLabel

LEFT = Qt.MouseButton.LeftButton


def test_a_share_typed_in_its_cell_moves_the_others(window):
    window.enter("场地费", "share", "40")
    assert window.amount("场地费") == 240_000
    assert window.view.unallocated == 0
    assert window.words("场地费", "amount") == "240,000.00"
    assert (
        window.words("物料费", "amount") == f"{window.amount('物料费'):,}.{window.row('物料费').line.amount % 100:02d}"
    )


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("1200*3", 3_600), ("30%", 180_000), ("12万", 120_000), ("￥1,000.00", 1_000), ("(80+20)×6", 600)],
)
def test_an_amount_may_be_typed_as_a_sum_or_a_share(window, text, yuan):
    window.enter("传播投放", "amount", text)
    assert window.amount("传播投放") == yuan


def test_an_amount_may_be_typed_where_the_share_is(window):
    window.enter("传播投放", "share", "12万")
    assert window.amount("传播投放") == 120_000


def test_what_locks_refuse_keeps_the_editor_open_and_names_them(window):
    for name in ("物料费", "嘉宾费", "传播投放", "应急预备金"):
        budget.set_lock(window.session, window.row(name).line.id, LineLock.AMOUNT)
    before = window.view
    window.enter("场地费", "amount", "300000")
    assert window.editor() is not None
    assert "物料费" in window.editor().accessibleDescription()
    window.qtbot.keyClick(window.editor(), Qt.Key.Key_Escape)
    assert window.view == before


def test_tab_goes_to_the_next_cell_and_enter_to_the_row_below(window):
    window.enter("场地租赁", "supplier", "恒隆", Qt.Key.Key_Tab)
    assert window.page.model.columns[window.page.tree.currentIndex().column()].key == "share"
    window.type("50")
    assert window.row("场地租赁").line.supplier == "恒隆"
    assert window.row("场地租赁").share == 5_000
    assert window.page.tree.current_row().line.name == "搭建进场与保洁"


def test_backtab_from_the_first_cell_goes_to_the_row_above(window):
    window.enter("搭建进场与保洁", "name", "进场", Qt.Key.Key_Backtab)
    assert window.page.tree.current_row().line.name == "场地租赁"
    window.qtbot.keyClick(window.editor(), Qt.Key.Key_Escape)


def test_arrow_keys_move_between_cells(window):
    window.go("场地费")
    for _step in range(3):
        window.qtbot.keyClick(window.page.tree, Qt.Key.Key_Right)
    assert window.page.model.columns[window.page.tree.currentIndex().column()].key == "amount"
    window.qtbot.keyClick(window.page.tree, Qt.Key.Key_Left)
    assert window.page.model.columns[window.page.tree.currentIndex().column()].key == "share"


def test_a_dragged_slider_previews_and_settles_as_one_undo_step(window):
    before = window.view
    label = window.session.undo_label()
    slider = window.page.shares.rows[window.row("物料费").line.id].slider
    window.qtbot.mousePress(slider, LEFT, pos=QPoint(int(slider.width() * 0.5), 8))
    window.qtbot.mouseMove(slider, QPoint(int(slider.width() * 0.7), 8))
    slider.mouseMoveEvent(_move(slider, 0.7))
    assert window.session.undo_label() == label
    assert window.view == before
    shown = window.words("物料费", "amount")
    assert shown != "150,000.00"
    window.qtbot.mouseRelease(slider, LEFT, pos=QPoint(int(slider.width() * 0.7), 8))
    assert window.words("物料费", "amount") == shown
    assert window.view.unallocated == 0
    window.session.undo()
    assert window.view == before


def test_slider_keys_settle_when_the_slider_is_left(window):
    slider = window.page.shares.rows[window.row("物料费").line.id].slider
    slider.setFocus()
    for _press in range(3):
        window.qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert window.amount("物料费") == 150_000
    window.page.tree.setFocus()
    assert window.amount("物料费") == 168_000


def test_escape_takes_a_slider_movement_back(window):
    slider = window.page.shares.rows[window.row("物料费").line.id].slider
    slider.setFocus()
    window.qtbot.keyClick(slider, Qt.Key.Key_Right)
    assert window.words("物料费", "share") == "26.0%"
    window.qtbot.keyClick(slider, Qt.Key.Key_Escape)
    assert window.words("物料费", "share") == "25.0%"
    window.page.tree.setFocus()
    assert window.amount("物料费") == 150_000


def test_the_slider_of_a_locked_category_does_not_move(window):
    line_id = window.row("物料费").line.id
    window.page.commands.set_lock(line_id, LineLock.PERCENT)
    assert not window.page.shares.rows[line_id].slider.isEnabled()
    assert window.words("物料费", "lock") == "占比"


def test_locks_are_chosen_from_a_menu_by_key_and_by_mouse(window):
    window.go("场地费")
    menu = window.page.commands.lock_menu(window.row("场地费"))
    assert [action.data() for action in menu.actions()] == list(LineLock)
    menu.actions()[3].trigger()
    menu.close()
    assert window.row("场地费").line.lock is LineLock.BOTH


def test_the_total_is_typed_and_its_capitals_follow(window):
    total = window.page.total_row.total
    window.page.commands.page.trigger("budget.total")
    total.selectAll()
    window.write(total, "50万")
    window.qtbot.keyClick(total, Qt.Key.Key_Return)
    assert window.view.budget.total == 50_000_000
    assert window.page.total_row.capital.full_text() == "人民币伍拾万元整"
    assert window.amount("场地费") == 150_000


def test_a_refused_total_is_explained_and_taken_back(window):
    for row in window.view.categories:
        budget.set_lock(window.session, row.line.id, LineLock.AMOUNT)
    total = window.page.total_row.total
    total.setFocus()
    total.selectAll()
    window.write(total, "50万")
    window.qtbot.keyClick(total, Qt.Key.Key_Return)
    assert window.page.problem.isVisible()
    assert "场地费" in window.page.problem.message()
    assert total.fen() == 60_000_000


def test_a_new_row_is_named_at_once(window):
    window.go("场地费")
    window.page.commands.rows.trigger("budget.add_line")
    window.type("安保")
    assert window.row("安保").level == 1
    assert window.row("安保").line.parent_id == window.row("场地费").line.id


def test_rows_move_indent_and_are_deleted_by_key(window):
    window.go("搭建进场与保洁")
    window.qtbot.keyClick(window.page.tree, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert window.row("搭建进场与保洁").line.position == 0
    window.go("场地租赁")
    window.page.commands.rows.trigger("budget.indent")
    assert window.row("场地租赁").level == 2
    window.page.commands.rows.trigger("budget.outdent")
    assert window.row("场地租赁").level == 1
    window.go("伴手礼")
    window.qtbot.keyClick(window.page.tree, Qt.Key.Key_Delete)
    assert "伴手礼" not in {row.line.name for row in window.view.lines}
    window.session.undo()
    assert window.page.model.index_of(window.row("伴手礼").line.id).isValid()


def test_what_is_copied_can_be_pasted_into_another_budget(window):
    window.page.tree.clearSelection()
    window.page.tree.copy()
    copied = {(row.line.name, row.level, row.line.amount) for row in window.view.lines}
    other = add_event(window.session, name="七夕市集")
    empty(window.session, other)
    window.page.show_project(other)
    window.page.tree.setFocus()
    window.page.tree.paste()
    assert {(row.line.name, row.level, row.line.amount) for row in window.view.lines} == copied


def test_rows_of_a_spreadsheet_go_under_the_selected_category(window):
    QGuiApplication.clipboard().setText("海报\t3,000\t印厂\t500 张\n易拉宝\t10%\n合计\t99\n")
    window.go("传播投放")
    window.qtbot.keyClick(window.page.tree, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.amount("海报") == 3_000
    assert window.row("海报").line.supplier == "印厂"
    assert window.amount("易拉宝") == 9_000


def test_an_unreadable_clipboard_is_explained_with_its_row(window):
    QGuiApplication.clipboard().setText("海报\t三千块\n")
    window.go("传播投放")
    before = window.view
    window.page.tree.paste()
    assert "1" in window.page.problem.message()
    assert window.view == before


def test_a_rest_is_shown_and_spread(window):
    window.enter("场地租赁", "amount", "10000")
    assert window.page.allocation.button.isVisible()
    assert "未分配" in window.page.allocation.chip.chip_text()
    window.qtbot.mouseClick(window.page.allocation.button, LEFT)
    assert window.view.unallocated == 0
    assert not window.page.allocation.button.isVisible()


def test_proportions_are_listed_and_applied(window):
    menu = window.page.template_menu
    fill_template_menu(menu, window.page)
    next(one for one in menu.actions() if "品牌" in one.text()).trigger()
    assert window.view.unallocated == 0
    assert len(window.view.categories) > 5


def test_a_refresh_keeps_selection_and_half_typed_text(window):
    window.go("场地租赁", "supplier")
    window.qtbot.keyClick(window.page.tree, Qt.Key.Key_Return)
    window.write(window.editor(), "恒")
    budget.update_line(window.session, window.row("场地租赁").line.id, basis="别处改的")
    assert window.editor().text() == "恒"
    assert window.page.tree.current_row().line.name == "场地租赁"
    window.qtbot.keyClick(window.editor(), Qt.Key.Key_Escape)


def test_a_typed_total_outlives_a_refresh(window):
    total = window.page.total_row.total
    total.setFocus()
    total.selectAll()
    window.write(total, "70")
    budget.update_line(window.session, window.row("场地租赁").line.id, basis="别处改的")
    assert total.text() == "70"
    window.qtbot.keyClick(total, Qt.Key.Key_Escape)


def test_hostile_and_long_names_are_shown_literally(window):
    for name in ("<img src=x onerror=alert(1)>", "</b>", "=cmd|' /C calc'!A0", "\u202eevil", "长" * 10_000, "🎉𠮷"):
        line = budget_lines.add_category(window.session, window.page.project_id, name)
        assert window.page.model.index_of(line.id).data() == (name if len(name) < 500 else name[:500] + "…")
    assert not window.page.grab().isNull()


def test_a_closed_budget_is_for_reading(window):
    with window.session.edit("close", window.page.project_id) as edit:
        budget.set_state(edit, window.page.project_id, BudgetState.CLOSED)
    assert not window.cell("场地费", "amount").flags() & Qt.ItemFlag.ItemIsEditable
    assert not window.page.commands.page.get("budget.add_category").isEnabled()
    assert window.page.total_row.total.isReadOnly()
    assert window.page.notice.message()


def test_without_a_project_the_page_says_what_to_do(window):
    window.host.show_project(None)
    assert not window.page.toolbar.isVisible()
    with window.qtbot.waitSignal(window.context.page_requested) as asked:
        window.host.nothing.action.click()
    assert asked.args == ["projects", None]


def test_an_empty_budget_offers_the_first_category(window):
    empty(window.session, window.page.project_id)
    window.page.start.action.click()
    QApplication.processEvents()
    window.type("场地费")
    assert [row.line.name for row in window.view.lines] == ["场地费"]


def test_documents_are_asked_for_by_key(window):
    with window.qtbot.waitSignal(window.context.export_requested) as asked:
        window.page.commands.page.trigger("budget.approval")
    assert asked.args[0] == "budget-approval"
    with window.qtbot.waitSignal(window.context.export_requested) as asked:
        window.page.head.finance.click()
    assert asked.args[0] == "finance-pack"


def test_a_check_leads_to_its_rows(window):
    budget.update_line(window.session, window.row("传播投放").line.id, basis="")
    row = next(one for one in window.page.checks.rows if one.result.line_ids and one.result.remedy)
    window.qtbot.mouseClick(row, LEFT, pos=QPoint(row.width() // 2, 6))
    assert row.is_open
    shown = {label.full_text() for label in row.findChildren(PlainLabel)}
    assert row.result.remedy in shown
    link = next(one for one in row.findChildren(QPushButton) if one.text() == "定位到行")
    link.click()
    assert window.page.tree.current_row().line.id == row.result.line_ids[0]
    window.qtbot.keyClick(row, Qt.Key.Key_Space)
    assert not row.is_open


def test_revealed_rows_are_selected(window):
    window.page.reveal(window.row("伴手礼").line.id)
    assert window.page.tree.current_row().line.name == "伴手礼"


def test_the_model_keeps_qts_rules(window):
    tester = QAbstractItemModelTester(window.page.model, QAbstractItemModelTester.FailureReportingMode.QtTest)
    window.enter("场地费", "share", "40")
    window.go("搭建进场与保洁")
    window.page.commands.rows.trigger("budget.outdent")
    window.session.undo()
    del tester
    assert window.page.model.rowCount() == 5


def test_everything_that_takes_the_focus_has_a_name(window):
    from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QSlider

    for kind in (QAbstractButton, QAbstractItemView, QSlider):
        for widget in window.page.findChildren(kind):
            if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
                assert widget.accessibleName(), type(widget).__name__


def _move(slider, share):
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtGui import QMouseEvent

    place = QPointF(slider.width() * share, 8)
    return QMouseEvent(
        QEvent.Type.MouseMove, place, slider.mapToGlobal(place), LEFT, LEFT, Qt.KeyboardModifier.NoModifier
    )


def test_a_budget_without_rows_still_lets_the_total_be_typed(window):
    empty(window.session, window.page.project_id)
    assert window.page.start.isVisible()
    assert window.page.total_row.total.isVisible()
    assert not window.page.tree.isVisible()


def test_the_sum_can_become_the_total(window):
    window.enter("场地租赁", "amount", "200000")
    assert window.view.unallocated < 0
    before = {row.line.name: row.line.amount for row in window.view.lines}
    window.qtbot.mouseClick(window.page.allocation.sum_button, LEFT)
    assert window.view.unallocated == 0
    changed = {row.line.name for row in window.view.lines if row.line.amount != before[row.line.name]}
    assert changed == {"应急预备金"}
    assert window.row("应急预备金").share == 1000


def test_no_two_actions_want_the_same_keys(window):
    assert window.page.commands.rows.conflicts(window.page.commands.page) == ()


def test_columns_beyond_the_usual_ones_can_be_shown_and_edited(window):
    tree = window.page.tree
    for key in ("quantity", "unit_price", "net"):
        tree.setColumnHidden(tree.column_of(key), False)
    window.enter("伴手礼", "quantity", "500")
    window.enter("伴手礼", "unit_price", "88")
    window.enter("伴手礼", "tax_rate", "13")
    assert window.words("伴手礼", "amount") == "44,000.00"
    assert window.words("伴手礼", "net") == "38,938.05"
    assert not window.cell("物料费", "unit_price").flags() & Qt.ItemFlag.ItemIsEditable


def test_rows_can_be_pasted_into_an_empty_budget(window):
    empty(window.session, window.page.project_id)
    QGuiApplication.clipboard().setText("场地\t30%\n物料\t10万\n")
    window.page.total_row.total.setFocus()
    window.page.commands.page.trigger("budget.paste_categories")
    assert (window.amount("场地"), window.amount("物料")) == (180_000, 100_000)


def test_a_narrow_window_leaves_the_room_to_the_table_and_the_cards_to_a_key(window):
    window.host.resize(880, 560)
    QApplication.processEvents()
    assert not window.page.side.isVisible()
    window.page.commands.page.trigger("budget.side")
    assert window.page.side.isVisible()
    window.host.resize(1180, 760)
    QApplication.processEvents()
    assert window.page.side.isVisible()


def test_a_share_typed_as_it_is_shown_moves_the_amount_by_what_was_rounded(window):
    window.enter("场地费", "amount", "180000.01")
    assert window.words("场地费", "share") == "30.0%"
    window.enter("场地费", "share", "30")
    assert window.row("场地费").line.amount == 18_000_000
    before = window.session.undo_label()
    window.enter("场地费", "share", "30")
    assert window.session.undo_label() == before

"""The Gantt window by keyboard, in its cells, filtered and folded; table and chart always show the same rows."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

import ui.common.dialogs as dialogs
from qihua_desktop.domain.plan import DONE, ConstraintType, TaskMode
from qihua_desktop.services import plan
from tests.services.plan_samples import add_person, at, open_sample
from tests.ui.gantt.conftest import Window, make_page
from ui.gantt.display import Arrangement, Filter, Grouping

ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def editor(window: Window) -> QLineEdit:
    """Return the open cell editor."""
    found = window.page.table.viewport().findChildren(QLineEdit)
    return next(one for one in found if one.isVisible())


def type_into(window: Window, name: str, column: str, words: str) -> None:
    """Type into a cell and press Enter."""
    window.page.table.edit_cell(window.key(name), column)
    editor(window).setText(words)
    QTest.keyPress(editor(window), Qt.Key.Key_Return)
    QApplication.processEvents()


def test_insert_adds_a_task_and_lets_its_name_be_typed(window: Window) -> None:
    window.select("调研")
    window.press(Qt.Key.Key_Insert)
    line = editor(window)
    line.setText("用户访谈")
    QTest.keyPress(line, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert [row.name for row in window.page.view_rows()] == ["调研", "用户访谈", "策划", "审批"]


def test_tab_indents_and_shift_tab_takes_it_back(window: Window) -> None:
    window.select("策划")
    window.press(Qt.Key.Key_Tab)
    assert window.row("调研").is_summary
    assert window.row("策划").level == 1
    window.press(Qt.Key.Key_Backtab, modifiers=SHIFT)
    assert window.row("策划").level == 0


def test_alt_arrows_move_rows_and_days(window: Window) -> None:
    window.select("策划")
    window.press(Qt.Key.Key_Up, modifiers=ALT)
    assert [row.name for row in window.page.view_rows()] == ["策划", "调研", "审批"]
    window.press(Qt.Key.Key_Down, modifiers=ALT)
    window.press(Qt.Key.Key_Right, modifiers=ALT | Qt.KeyboardModifier.ShiftModifier)
    assert window.row("策划").start == at(8, 6)
    window.press(Qt.Key.Key_Left, modifiers=ALT | Qt.KeyboardModifier.ShiftModifier)
    assert window.row("策划").start == at(8, 5)


def test_control_l_links_the_selection_and_delete_removes_it(window: Window) -> None:
    window.sample.add("报名", duration=480)
    window.sample.add("签到", duration=480)
    window.select("报名", "签到")
    window.page.commands.actions.trigger("gantt.link")
    assert window.row("签到").start == at(8, 4)
    before = window.sample.content()
    window.press(Qt.Key.Key_Delete)
    assert [row.name for row in window.page.view_rows()] == ["调研", "策划", "审批"]
    window.sample.session.undo()
    assert window.sample.content() == before


def test_loop_is_refused_in_words_and_nothing_changes(window: Window) -> None:
    before = window.sample.content()
    with dialogs.scripted() as seen:
        window.page.commands.run(
            lambda session, project: plan.add_link(
                session, project, window.sample.ids["审批"], window.sample.ids["调研"]
            )
        )
    assert "调研" in seen[0][1]
    assert window.sample.content() == before


def test_keys_move_between_rows_and_zoom(window: Window) -> None:
    window.select("调研")
    window.press(Qt.Key.Key_Down)
    assert window.page.selected_ids() == (window.sample.ids["策划"],)
    width = window.page.picture.axis.day_width
    window.press(Qt.Key.Key_Plus)
    assert window.page.picture.axis.day_width > width
    window.press(Qt.Key.Key_Minus)
    assert window.page.picture.axis.day_width == pytest.approx(width)


def test_home_brings_today_into_view(window: Window) -> None:
    window.page.set_day_width(34.0)
    window.page.chart.horizontalScrollBar().setValue(0)
    window.press(Qt.Key.Key_Home)
    chart = window.page.chart
    x = chart.to_view(window.page.picture.axis.scale.x(at(8, 3, 10)), 0).x()
    assert 0 < x < chart.viewport().width()


@pytest.mark.parametrize(("typed", "expected"), [("下周一", at(8, 10)), ("8/12", at(8, 12)), ("+3", at(8, 6))])
def test_dates_are_typed_as_people_say_them(window: Window, typed: str, expected: int) -> None:
    type_into(window, "调研", "start", typed)
    assert window.row("调研").start == expected


@pytest.mark.parametrize(("typed", "minutes"), [("3天", 1440), ("2周", 4800), ("4h", 240), ("1.5d", 720)])
def test_durations_are_typed_as_people_say_them(window: Window, typed: str, minutes: int) -> None:
    window.page.table.setColumnHidden(window.page.model.column_number("duration"), False)
    type_into(window, "审批", "duration", typed)
    assert window.row("审批").duration == minutes


def test_finish_and_progress_are_typed(window: Window) -> None:
    type_into(window, "审批", "finish", "2026-08-12")
    assert window.row("审批").duration == 3 * 480
    type_into(window, "审批", "progress", "40%")
    assert window.row("审批").progress == 4000


def test_owner_is_chosen_or_typed(window: Window) -> None:
    person = add_person(window.sample, "周航")
    window.page.table.edit_cell(window.key("策划"), "owner")
    box = window.page.table.viewport().findChild(QComboBox)
    assert box is not None
    box.setCurrentText("周航")
    line = box.lineEdit()
    assert line is not None
    QTest.keyPress(line, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert window.row("策划").owner_id == person.id


def test_unreadable_date_keeps_the_editor_open(window: Window) -> None:
    before = window.sample.content()
    window.page.table.edit_cell(window.key("调研"), "start")
    line = editor(window)
    line.setText("某天")
    QTest.keyPress(line, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert line.isVisible()
    assert window.sample.content() == before
    QTest.keyPress(line, Qt.Key.Key_Escape)


def test_a_refresh_from_elsewhere_keeps_the_selection_and_the_editor(window: Window) -> None:
    window.select("策划")
    window.page.table.edit_name(window.key("策划"))
    line = editor(window)
    line.setText("创意策划")
    plan.set_progress(window.sample.session, window.sample.project.id, (window.sample.ids["调研"],), DONE)
    assert line.isVisible()
    assert line.text() == "创意策划"
    assert window.page.selected_ids() == (window.sample.ids["策划"],)
    QTest.keyPress(line, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert window.row("创意策划").level == 0


def test_strange_names_are_shown_as_they_are(window: Window) -> None:
    names = ["<img src=x>", "</b>", "=cmd|' /C calc'!A0", "\u202eabc", "𠮷野家🎉", "长" * 10_000]
    for name in names:
        window.sample.add(name)
    shown = [row.name for row in window.page.view_rows()][3:]
    assert shown == names
    window.page.set_details(shown=True)
    for name in names:
        window.select(name)
        assert not window.page.grab().isNull()


def test_folding_hides_the_same_rows_in_both_halves(window: Window) -> None:
    window.select("策划", "审批")
    window.press(Qt.Key.Key_Tab)
    assert len(window.page.shown_rows()) == 3
    window.select("调研")
    window.press(Qt.Key.Key_Left)
    assert [row.title for row in window.page.shown_rows()] == ["调研"]
    assert window.page.picture.size()[1] == 27
    window.press(Qt.Key.Key_Right)
    assert len(window.page.shown_rows()) == 3
    assert window.rows_are_level()


def test_filter_keeps_summaries_above_what_is_found(window: Window) -> None:
    head = window.sample.add("筹备")
    window.sample.add("场地签约", parent_id=head)
    window.page.toolbar.set_arrangement(Arrangement(search="签约"))
    assert [row.title for row in window.page.shown_rows()] == ["筹备", "场地签约"]
    window.page.toolbar.set_arrangement(Arrangement(filter=Filter.CRITICAL))
    assert [row.title for row in window.page.shown_rows()] == ["调研", "策划", "审批"]
    window.page.toolbar.set_arrangement(Arrangement(grouping=Grouping.OWNER))
    assert window.page.shown_rows()[0].is_heading


def test_sorting_does_not_change_the_plan(window: Window) -> None:
    before = window.sample.content()
    window.page.toolbar.set_arrangement(Arrangement(sort="start", descending=True))
    assert [row.title for row in window.page.shown_rows()] == ["审批", "策划", "调研"]
    assert window.sample.content() == before


def test_rows_stay_level_while_scrolling_either_half(window: Window) -> None:
    for number in range(60):
        window.sample.add(f"任务 {number}")
    QApplication.processEvents()
    window.page.table.verticalScrollBar().setValue(333)
    assert window.page.chart.verticalScrollBar().value() == 333
    assert window.rows_are_level()
    window.page.chart.verticalScrollBar().setValue(900)
    assert window.rows_are_level()
    bottom = window.page.chart.verticalScrollBar().maximum()
    assert bottom == window.page.table.verticalScrollBar().maximum()


def test_model_obeys_qt_through_edits(window: Window, qtbot: QtBot) -> None:
    QAbstractItemModelTester(window.page.model, QAbstractItemModelTester.FailureReportingMode.Fatal, window.page)
    window.sample.add("报名")
    window.select("报名")
    window.press(Qt.Key.Key_Tab)
    window.press(Qt.Key.Key_Up, modifiers=ALT)
    window.page.fold_all(shut=True)
    window.page.fold_all(shut=False)
    window.select("报名")
    window.press(Qt.Key.Key_Delete)
    for _step in range(2):
        window.sample.session.undo()
    assert len(window.page.shown_rows()) == 4


def test_copy_and_paste_rows(window: Window) -> None:
    window.select("调研", "策划")
    window.press(Qt.Key.Key_C, modifiers=CONTROL)
    assert "调研" in QGuiApplication.clipboard().text()
    window.select("审批")
    window.press(Qt.Key.Key_V, modifiers=CONTROL)
    assert [row.name for row in window.page.view_rows()] == ["调研", "策划", "审批", "调研", "策划"]


def test_what_moved_is_said_and_can_be_undone_there(window: Window) -> None:
    before = window.sample.content()
    window.select("调研")
    window.press(Qt.Key.Key_Right, modifiers=ALT | Qt.KeyboardModifier.ShiftModifier)
    assert not window.page.moved.isHidden()
    assert "策划" in window.page.moved.label.full_text()
    window.page.moved.undo_requested.emit()
    assert window.sample.content() == before
    assert window.page.moved.isHidden()


def test_panel_tells_what_drives_a_task_and_edits_its_links(window: Window) -> None:
    window.page.set_details(shown=True)
    window.select("策划")
    panel = window.page.inspector
    assert "调研" in panel.reason.full_text()
    panel.deadline.setText("2026-08-06")
    panel.deadline.commit()
    assert window.row("策划").deadline == at(8, 6, 18)
    panel.constraint.setCurrentIndex(list(ConstraintType).index(ConstraintType.SNET))
    panel.constraint.activated.emit(panel.constraint.currentIndex())
    assert window.sample.state.tasks[window.sample.ids["策划"]].constraint is ConstraintType.SNET
    link = window.sample.state.into(window.sample.ids["策划"])[0]
    panel.remove_link(link)
    assert not window.sample.state.into(window.sample.ids["策划"])


def test_pin_done_and_milestone_by_action(window: Window) -> None:
    window.select("审批")
    for action in ("gantt.pin", "gantt.done", "gantt.turn"):
        window.page.commands.actions.trigger(action)
    task = window.sample.state.tasks[window.sample.ids["审批"]]
    assert (task.mode, task.progress, task.milestone) == (TaskMode.PINNED, DONE, True)


def test_baseline_is_taken_shown_and_deleted(window: Window) -> None:
    with dialogs.scripted(["v1 定稿", True]):
        window.page.commands.plan.take_baseline()
        assert window.page.baseline() is not None
        window.select("策划")
        window.press(Qt.Key.Key_Right, modifiers=ALT | Qt.KeyboardModifier.ShiftModifier)
        assert window.row("审批").slip == 480
        window.page.commands.plan.delete_baseline()
    assert window.page.baseline() is None


def test_empty_plan_offers_the_first_task(tmp_path: Path, qtbot: QtBot) -> None:
    sample = open_sample(tmp_path)
    page = make_page(sample, qtbot)
    page.commands.add()
    assert [row.name for row in page.view_rows()] == ["新任务"]
    page.hide()
    sample.session.workspace.close()


def test_zoom_reaches_from_years_to_five_minutes(window: Window) -> None:
    for width in (0.08, 0.3, 1.5, 4.2, 13.3, 34.0, 120.0, 400.0, 2000.0, 14_400.0):
        window.page.set_day_width(width)
        assert window.page.picture.axis.day_width == pytest.approx(width)
        assert not window.page.grab().isNull()

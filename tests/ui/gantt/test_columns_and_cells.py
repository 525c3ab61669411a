"""Columns chosen, ordered and remembered; cells typed as people write; rows pasted with headings in any order."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

import ui.common.dialogs as dialogs
from qihua_desktop.domain.plan import LinkType
from qihua_desktop.services import plan
from tests.services.plan_samples import at, open_sample, three_in_a_row
from tests.ui.gantt.conftest import Window, make_page
from ui.gantt.table_view import without_clock


def shown_columns(window: Window) -> list[str]:
    """Return the keys of the columns from left to right."""
    header = window.page.table.horizontalHeader()
    keys = [window.page.model.columns[header.logicalIndex(place)].key for place in range(header.count())]
    return [key for key in keys if not window.page.table.isColumnHidden(window.page.model.column_number(key))]


def type_into(window: Window, name: str, column: str, words: str) -> None:
    """Type into a cell and press Enter."""
    number = window.page.model.column_number(column)
    window.page.table.setColumnHidden(number, False)
    window.page.table.edit_cell(window.key(name), column)
    editor = next(one for one in window.page.table.viewport().findChildren(QLineEdit) if one.isVisible())
    editor.setText(words)
    QTest.keyPress(editor, Qt.Key.Key_Return)
    QApplication.processEvents()


def cell(window: Window, name: str, column: str) -> str:
    """Return what a cell says."""
    index = window.page.model.index_of(window.key(name), window.page.model.column_number(column))
    return str(index.data() or "")


def test_columns_keep_choice_order_and_width_in_the_next_window(window: Window, qtbot: QtBot) -> None:
    page = window.page
    header, model = page.table.horizontalHeader(), page.model
    for action in page.table.column_menu().actions():
        if action.text() == model.columns[model.column_number("duration")].title:
            action.trigger()
    header.moveSection(header.visualIndex(model.column_number("duration")), 1)
    page.table.setColumnWidth(model.column_number("owner"), 133)
    page.table.save_columns()
    wanted = shown_columns(window)
    assert wanted[:3] == ["number", "duration", "name"]
    kept = page.context.view_state
    other = make_page(window.sample, qtbot)
    other.context.view_state = kept
    from ui.gantt.page import GanttPage

    again = GanttPage(other.context)
    qtbot.addWidget(again)
    second = Window(again, window.sample, qtbot)
    assert shown_columns(second) == wanted
    assert again.table.columnWidth(again.model.column_number("owner")) == 133
    other.hide()


def test_names_stay_readable_with_every_column(window: Window) -> None:
    table, model = window.page.table, window.page.model
    for number in range(len(model.columns)):
        table.setColumnHidden(number, False)
    QApplication.processEvents()
    assert table.columnWidth(model.column_number("name")) >= 150
    assert table.horizontalScrollBar().maximum() > 0
    for number in range(2, len(model.columns)):
        table.setColumnHidden(number, True)
    QApplication.processEvents()
    assert table.horizontalScrollBar().maximum() == 0
    assert table.horizontalHeader().length() == table.viewport().width()


@pytest.mark.parametrize(
    ("typed", "expected"), [("9/19", at(9, 20)), ("14:30", at(8, 3, 14, 30)), ("8/11 15:00", at(8, 11, 15))]
)
def test_a_start_is_a_day_a_clock_time_or_both(window: Window, typed: str, expected: int) -> None:
    plan.set_duration(window.sample.session, window.sample.project.id, (window.sample.ids["调研"],), 120)
    type_into(window, "调研", "start", typed)
    assert window.row("调研").start == expected


def test_predecessors_are_read_and_typed_with_type_and_lag(window: Window) -> None:
    assert cell(window, "策划", "predecessors") == "1"
    type_into(window, "审批", "predecessors", "1SS+1d; 2FS+4h")
    into = window.sample.state.into(window.sample.ids["审批"])
    found = {(link.predecessor_id, link.type, link.lag) for link in into}
    ids = window.sample.ids
    assert found == {(ids["调研"], LinkType.SS, 480), (ids["策划"], LinkType.FS, 240)}
    window.sample.session.undo()
    assert cell(window, "审批", "predecessors") == "2"
    with dialogs.scripted() as seen:
        type_into(window, "审批", "predecessors", "99")
        type_into(window, "审批", "predecessors", "快")
    assert "99" in seen[0][1]
    assert len(seen) == 2
    assert cell(window, "审批", "predecessors") == "2"


@pytest.mark.parametrize(
    "table",
    [
        "任务\t负责人\t开始\t工期\n搭建\t周航\t2026-08-10\t2天\n彩排\t赵明\t2026-08-12\t1天",
        "工期\t开始\t任务\t负责人\n2d\t2026-08-10\t搭建\t周航\n1d\t2026-08-12\t彩排\t赵明",
        "owner\ttask\tduration\tstart\n周航\t搭建\t16h\t2026-08-10\n赵明\t彩排\t8h\t2026-08-12",
    ],
)
def test_rows_are_pasted_with_headings_in_any_order(window: Window, table: str) -> None:
    before = window.sample.content()
    QGuiApplication.clipboard().setText(table)
    window.select("审批")
    window.press(Qt.Key.Key_V, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert [row.name for row in window.page.view_rows()][3:] == ["搭建", "彩排"]
    row = window.row("搭建")
    assert (row.owner, row.start, row.duration) == ("周航", at(8, 10), 960)
    assert (window.row("彩排").owner, window.row("彩排").duration) == ("赵明", 480)
    window.sample.session.undo()
    assert window.sample.content() == before


def test_what_is_copied_can_be_pasted_into_another_plan(window: Window, tmp_path: Path, qtbot: QtBot) -> None:
    window.select("策划", "审批")
    window.press(Qt.Key.Key_Tab)
    window.page.select_all()
    window.press(Qt.Key.Key_C, modifiers=Qt.KeyboardModifier.ControlModifier)
    folder = tmp_path / "other"
    folder.mkdir()
    sample = open_sample(folder)
    three_in_a_row(sample)
    other = Window(make_page(sample, qtbot), sample, qtbot)
    other.select("审批")
    other.press(Qt.Key.Key_V, modifiers=Qt.KeyboardModifier.ControlModifier)
    assert [(row.name, row.level) for row in other.page.view_rows()][3:] == [("调研", 0), ("策划", 1), ("审批", 1)]
    other.page.hide()
    sample.session.workspace.close()


def test_rows_are_pasted_into_an_empty_plan(tmp_path: Path, qtbot: QtBot) -> None:
    sample = open_sample(tmp_path)
    page = make_page(sample, qtbot)
    QGuiApplication.clipboard().setText("任务\t工期\n搭建\t2天\n彩排\t1天")
    QTest.keyClick(page, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [row.name for row in page.view_rows()] == ["搭建", "彩排"]
    page.hide()
    sample.session.workspace.close()


def test_dates_of_another_year_and_clock_times_are_not_cut_short(tmp_path: Path, qtbot: QtBot) -> None:
    sample = open_sample(tmp_path)
    sample.add("签到", duration=120, at=at(8, 3, 14, 30))
    plan.add_task(sample.session, sample.project.id, "次年复盘", at=at(12, 31) + 200 * 1440)
    page = make_page(sample, qtbot)
    for key in ("start", "finish"):
        column = page.model.column_number(key)
        for row in range(2):
            index = page.model.index(row, column)
            words = QFontMetrics(index.data(Qt.ItemDataRole.FontRole)).horizontalAdvance(str(index.data()))
            assert words + 16 <= page.table.columnWidth(column)
    page.hide()
    sample.session.workspace.close()


@pytest.mark.parametrize("width", [1150, 1000, 860])
def test_the_tools_keep_to_one_line_also_with_the_search(window: Window, width: int) -> None:
    page = window.page
    page.resize(width, 700)
    for searching in (False, True):
        if searching:
            page.focus_search()
        QApplication.processEvents()
        shown = [one for one in (page.toolbar.filter, page.toolbar.details, page.toolbar.units) if one.isVisible()]
        assert len({one.geometry().center().y() // 8 for one in shown}) == 1, (width, searching)


@pytest.mark.parametrize(
    ("words", "left"),
    [("08-28 09:00", "08-28"), ("2027-01-04 9:30", "2027-01-04"), ("08-28", "08-28"), ("彩排 09:00", "彩排 09:00")],
)
def test_a_narrow_column_drops_the_clock_time_and_keeps_the_day(words: str, left: str) -> None:
    assert without_clock(words) == left


def test_the_tip_of_a_start_tells_the_clock_time_that_a_narrow_column_drops(window: Window) -> None:
    type_into(window, "调研", "duration", "2小时")
    index = window.page.model.index_of(window.key("调研"), window.page.model.column_number("start"))
    assert " 09:00" in str(index.data(Qt.ItemDataRole.ToolTipRole))

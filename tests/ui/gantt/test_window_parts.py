"""What moved with a look at each, keys for dates and progress, find, filters, workload, days off, the list of keys."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton

import ui.common.dialogs as dialogs
from db import tables
from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.people import Role
from qihua_desktop.domain.plan import DONE
from qihua_desktop.domain.project import Stage
from qihua_desktop.services import plan
from qihua_desktop.services.plan_load import WeekLoad
from tests.services.plan_samples import add_person, at
from tests.ui.gantt.conftest import Window
from ui.gantt.calendar_dialog import CalendarDialog
from ui.gantt.display import Arrangement, Filter, Grouping
from ui.gantt.keys_dialog import KeysDialog

ALT_SHIFT = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def press_button(dialog: CalendarDialog, text: str) -> None:
    """Press a button by its words."""
    next(one for one in dialog.findChildren(QPushButton) if one.text() == text).click()


def moved_rows(window: Window) -> list[list[str]]:
    """Return the list of what moved as it reads."""
    model = window.page.moved.table.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def titles(window: Window) -> list[str]:
    """Return the rows shown."""
    return [row.title for row in window.page.shown_rows()]


def test_what_moved_is_listed_with_old_new_and_cause_and_leads_to_each(window: Window) -> None:
    page = window.page
    window.select("调研")
    window.press(Qt.Key.Key_Right, modifiers=ALT_SHIFT)
    page.commands.actions.trigger("gantt.moved")
    assert moved_rows(window) == [
        ["调研", "08-03 – 08-04", "08-04 – 08-05", "+1天", "手动修改"],
        ["策划", "08-05 – 08-07", "08-06 – 08-10", "+1天", "调研"],
        ["审批", "08-10", "08-11", "+1天", "策划"],
    ]
    page.moved.table.setFocus()
    QTest.keyClick(page.moved.table, Qt.Key.Key_Down)
    page.moved.table.selectRow(2)
    assert page.selected_ids() == (window.sample.ids["审批"],)
    window.sample.session.undo()
    assert page.moved.isHidden()


def test_an_edit_that_moves_only_its_own_task_is_told_too(window: Window) -> None:
    window.select("审批")
    window.press(Qt.Key.Key_Right, modifiers=ALT_SHIFT)
    assert "审批" in window.page.moved.label.full_text()
    plan.rename_task(window.sample.session, window.sample.project.id, window.sample.ids["审批"], "财务审批")
    assert window.page.moved.isHidden()


def test_keys_move_by_weeks_stretch_and_set_progress(window: Window) -> None:
    window.select("审批")
    window.press(Qt.Key.Key_PageDown, modifiers=ALT_SHIFT)
    assert window.row("审批").start == at(8, 17)
    window.press(Qt.Key.Key_PageUp, modifiers=ALT_SHIFT)
    assert window.row("审批").start == at(8, 10)
    window.press(Qt.Key.Key_Down, Qt.Key.Key_Down, modifiers=ALT_SHIFT)
    assert window.row("审批").duration == 3 * 480
    window.press(*[Qt.Key.Key_Up] * 5, modifiers=ALT_SHIFT)
    assert window.row("审批").duration == 240
    window.press(Qt.Key.Key_BracketRight, Qt.Key.Key_BracketRight)
    assert window.row("审批").progress == 2000
    window.press(*[Qt.Key.Key_BracketRight] * 12)
    assert window.row("审批").progress == DONE
    window.press(Qt.Key.Key_BracketLeft)
    assert window.row("审批").progress == 9000


def test_a_move_that_something_holds_is_said(window: Window) -> None:
    told: list[str] = []
    window.page.context.notice_posted.connect(told.append)
    plan.set_progress(window.sample.session, window.sample.project.id, (window.sample.ids["调研"],), DONE)
    before = window.sample.content()
    window.select("策划")
    window.press(Qt.Key.Key_Left, modifiers=ALT_SHIFT)
    assert window.sample.content() == before
    assert any("没有移动" in words for words in told)


def test_end_goes_to_the_bar_of_the_task(window: Window) -> None:
    window.page.set_day_width(34.0)
    window.select("审批")
    window.page.chart.horizontalScrollBar().setValue(0)
    window.press(Qt.Key.Key_End)
    place = window.point("审批")
    assert window.page.chart.viewport().rect().contains(place)


def test_find_steps_through_what_is_found_and_round(window: Window) -> None:
    head = window.sample.add("筹备")
    for name in ("签约甲", "搭建", "签约乙"):
        window.sample.add(name, parent_id=head)
    page = window.page
    page.commands.actions.trigger("gantt.find_next")
    assert not page.toolbar.search.isHidden()
    page.toolbar.search.setText("签约")
    QTest.keyClick(page.toolbar.search, Qt.Key.Key_Return)
    assert page.selected_ids() == (window.sample.ids["签约甲"],)
    page.commands.actions.trigger("gantt.find_next")
    assert page.selected_ids() == (window.sample.ids["签约乙"],)
    page.commands.actions.trigger("gantt.find_next")
    assert page.selected_ids() == (window.sample.ids["签约甲"],)
    page.commands.actions.trigger("gantt.find_previous")
    assert page.selected_ids() == (window.sample.ids["签约乙"],)
    QTest.keyClick(page.toolbar.search, Qt.Key.Key_Escape)
    assert page.toolbar.search.isHidden()
    assert len(titles(window)) == 7


def test_filters_and_groups_show_what_they_say(window: Window) -> None:
    session, project = window.sample.session, window.sample.project.id
    person = add_person(window.sample, "周航")
    plan.set_owner(session, project, (window.sample.ids["策划"],), person.id)
    window.sample.add("定稿", milestone=True, at=at(8, 20))
    tools = window.page.toolbar
    for chosen, expected in (
        (Filter.THIS_WEEK, ["调研", "策划"]),
        (Filter.NEXT_WEEK, ["审批"]),
        (Filter.NOBODY, ["调研", "审批", "定稿"]),
        (Filter.MILESTONES, ["定稿"]),
        (Filter.CRITICAL, ["定稿"]),
    ):
        tools.set_arrangement(Arrangement(filter=chosen))
        assert titles(window) == expected, chosen
    tools.set_arrangement(Arrangement(owner="周航"))
    assert titles(window) == ["策划"]
    tools.set_arrangement(Arrangement(grouping=Grouping.KIND))
    assert titles(window) == ["任务", "调研", "策划", "审批", "里程碑", "定稿"]
    window.page.fold_all(shut=True)
    assert titles(window) == ["任务", "里程碑"]
    window.page.fold_all(shut=False)
    assert len(titles(window)) == 6


def test_the_filter_menu_chooses_stage_person_and_float(window: Window) -> None:
    session, project = window.sample.session, window.sample.project.id
    person = add_person(window.sample, "周航")
    plan.set_owner(session, project, (window.sample.ids["策划"],), person.id)
    stage = Stage(new_id(), project, 0, "prepare", "筹备", Role.MANAGER, None, "", 0, None, None)
    with session.edit("阶段") as edit:
        tables.stages.insert(edit, stage)
    plan.set_fields(session, project, window.sample.ids["审批"], stage_id=stage.id)
    menu = window.page.toolbar.filter.menu()
    assert isinstance(menu, QMenu)

    def choose(*words: str) -> None:
        menu.aboutToShow.emit()
        place = menu
        for word in words[:-1]:
            below = next(one for one in place.actions() if one.text() == word).menu()
            assert isinstance(below, QMenu)
            place = below
        next(one for one in place.actions() if one.text() == words[-1]).trigger()

    choose("只看阶段", "筹备")
    assert titles(window) == ["审批"]
    choose("恢复全部显示")
    choose("只看负责人", "周航")
    assert titles(window) == ["策划"]
    choose("恢复全部显示")
    choose("显示全部任务的浮动")
    assert window.page.picture.show_float


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_a_week_of_the_workload_lists_its_tasks_by_mouse_and_keys(window: Window) -> None:
    session, project = window.sample.session, window.sample.project.id
    person = add_person(window.sample, "周航")
    plan.set_owner(session, project, (window.sample.ids["调研"], window.sample.ids["策划"]), person.id)
    bars, page = window.page.load.bars, window.page
    opened: list[WeekLoad] = []
    bars.week_opened.connect(lambda week, _place: opened.append(week))
    scale = page.picture.axis.scale
    x = scale.day_x(date(2026, 8, 5)) - page.chart.horizontalScrollBar().value()
    QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=QPoint(round(x), 50))
    bars.setFocus()
    QTest.keyClick(bars, Qt.Key.Key_Right)
    QTest.keyClick(bars, Qt.Key.Key_Return)
    assert [week.monday for week in opened] == [date(2026, 8, 3)] * 2
    menu = page.workload.menu_of(opened[0])
    words = [one.text() for one in menu.actions() if one.text()]
    assert words[1:] == ["策划  3天", "调研  2天", "选中这些任务"]
    menu.actions()[2].trigger()
    assert page.selected_ids() == (window.sample.ids["策划"],)
    menu.actions()[-1].trigger()
    assert page.selected_ids() == (window.sample.ids["调研"], window.sample.ids["策划"])
    for shown in page.findChildren(QMenu):
        shown.close()


def test_days_off_of_the_owner_tell_what_they_moved(window: Window) -> None:
    person = add_person(window.sample, "周航")
    plan.set_owner(window.sample.session, window.sample.project.id, (window.sample.ids["审批"],), person.id)
    window.select("审批")

    def fill(dialog: CalendarDialog) -> bool:
        assert dialog.whose.currentText() == "周航"
        dialog.first.set_date(date(2026, 8, 10))
        dialog.last.set_date(date(2026, 8, 11))
        press_button(dialog, "休息")
        assert "1" in dialog.moved_words.full_text()
        return True

    with dialogs.scripted([fill]):
        window.page.commands.actions.trigger("gantt.days_off")
    window.page.show_moved()
    (row,) = moved_rows(window)
    assert row[:3] == ["审批", "08-10", "08-12"]
    assert "2026-08-10" in row[4]


def test_a_year_file_is_read_from_the_window_and_moves_the_plan(window: Window, tmp_path: Path) -> None:
    resources = Path(__file__).parents[3] / "resources" / "calendars"
    content = json.loads((resources / "cn-2026.json").read_text("utf-8"))
    content["off"].append("2026-08-05")
    path = tmp_path / "2026.json"
    path.write_text(json.dumps(content, ensure_ascii=False), "utf-8")

    def fill(dialog: CalendarDialog) -> bool:
        press_button(dialog, "导入年度放假安排…")
        assert "2026.json" in dialog.moved_words.full_text()
        return True

    with dialogs.scripted([fill, path]):
        window.page.windows.open_calendar()
    assert window.row("策划").start == at(8, 6)
    assert not window.page.moved.isHidden()


def test_every_key_of_the_window_is_in_its_list(window: Window) -> None:
    dialog = KeysDialog(window.page.commands.actions, window.page)
    window.qtbot.addWidget(dialog)
    model = dialog.table.model()
    words = {str(model.index(row, 1).data()) for row in range(model.rowCount())}
    for action in window.page.commands.actions.all():
        if action.shortcut:
            assert action.text in words, action.id
    for identifier in (
        "add",
        "indent",
        "outdent",
        "link",
        "unlink",
        "earlier",
        "week_later",
        "duration",
        "delete",
        "fit",
    ):
        assert window.page.commands.actions.get(f"gantt.{identifier}").text() in words


@pytest.mark.parametrize("unit", [unit.value for unit in TimeUnit])
def test_every_unit_button_leads_to_its_own_unit(window: Window, unit: str) -> None:
    window.page.toolbar.unit_chosen.emit(unit)
    QApplication.processEvents()
    assert window.page.picture.axis.unit.value == unit
    assert window.page.toolbar.units.current_key() == unit


def test_the_room_of_a_selected_task_is_drawn(window: Window) -> None:
    free = window.sample.add("报名", duration=480)
    picture = window.page.picture
    visible = window.page.chart.visible_box()
    window.page.select_rows(())
    plain = len(picture.scene_for(visible))
    window.page.select_rows((window.sample.ids["调研"].hex(),))
    critical = len(picture.scene_for(visible)) - plain
    window.page.select_rows((free.hex(),))
    assert len(picture.scene_for(visible)) - plain == critical + 2


def link_place(window: Window, first: str, second: str) -> QPoint:
    """Return a point on the link between two tasks."""
    chart, picture = window.page.chart, window.page.picture
    ends = window.key(first), window.key(second)
    for link, points in picture.chart.link_paths(chart.visible_box()):
        if (link.predecessor, link.successor) == ends:
            (x1, y1), (x2, y2) = points[-2:]
            return chart.to_view((x1 + x2) / 2, (y1 + y2) / 2).toPoint()
    raise AssertionError("no such link is shown")


def test_hovering_tells_dates_float_and_links(window: Window) -> None:
    window.zoom(34.0, "策划")
    chart = window.page.chart
    bar = chart.group_at(QPointF(window.point("策划")))
    assert bar is not None
    assert [part for part in ("2  策划", "2026-08-05（周三） – 08-07 · 3天", "浮动 0天") if part not in bar.label] == []
    link = chart.group_at(QPointF(link_place(window, "策划", "审批")))
    assert link is not None
    assert "策划 → 审批" in link.label


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_the_menu_of_a_link_removes_it_and_goes_to_its_ends(window: Window) -> None:
    window.zoom(34.0, "策划")
    place = link_place(window, "策划", "审批")
    chart = window.page.chart
    before = window.sample.content()
    chart.object_context.emit(chart.key_at(QPointF(place)), chart.viewport().mapToGlobal(place))
    menu = next(one for one in window.page.findChildren(QMenu) if one.isVisible())
    words = {one.text(): one for one in menu.actions() if one.text()}
    words["转到前置任务"].trigger()
    assert window.page.selected_ids() == (window.sample.ids["策划"],)
    words["解除链接"].trigger()
    menu.close()
    assert not window.sample.state.into(window.sample.ids["审批"])
    window.sample.session.undo()
    assert window.sample.content() == before


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_the_menu_of_a_day_shows_it_by_the_hour(window: Window) -> None:
    page = window.page
    place = QPoint(300, 30)
    day = page.picture.axis.scale.day_at(300 + page.chart.horizontalScrollBar().value())
    page.head.customContextMenuRequested.emit(place)
    menu = next(one for one in page.findChildren(QMenu) if one.isVisible())
    next(one for one in menu.actions() if one.text() == "按小时查看这一天").trigger()
    menu.close()
    assert page.picture.axis.unit is TimeUnit.HOUR
    middle = page.chart.to_scene(QPointF(page.chart.viewport().rect().center()))[0]
    assert page.picture.axis.scale.day_at(middle) == day

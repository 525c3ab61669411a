"""Real mouse drags on the chart at several zooms: what is previewed is what is stored, and undo takes it back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from qihua_desktop.domain.plan import DONE, LinkType
from qihua_desktop.services import plan
from tests.services.plan_samples import at, text
from tests.ui.gantt.conftest import Window

ZOOMS = (4.2, 13.3, 34.0, 110.0)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_dragging_a_bar_moves_it_by_whole_days_and_pushes_what_follows(window: Window, zoom: float) -> None:
    window.zoom(zoom, "策划")
    before = window.sample.content()
    start = window.point("策划")
    window.drag(start, start + QPoint(round(window.day()), 0))
    assert (window.row("策划").start, window.row("审批").start) == (at(8, 6), at(8, 11))
    assert window.sample.start("审批") == "08-11 09:00"
    window.sample.session.undo()
    assert window.sample.content() == before
    assert window.row("策划").start == at(8, 5)


@pytest.mark.parametrize("zoom", ZOOMS)
def test_dragging_the_right_end_changes_the_duration(window: Window, zoom: float) -> None:
    window.zoom(zoom, "策划")
    end = window.point("策划", share=1.0, dx=-1)
    window.drag(end, end + QPoint(round(3 * window.day()), 0))
    assert window.row("策划").duration == 4 * 480
    assert window.row("策划").start == at(8, 5)
    assert window.row("审批").start == at(8, 11)


@pytest.mark.parametrize("zoom", [13.3, 34.0, 110.0])
def test_dragging_the_left_end_keeps_the_finish(window: Window, zoom: float) -> None:
    window.zoom(zoom, "策划")
    end = window.point("策划", share=0.0, dx=2)
    window.drag(end, end + QPoint(round(window.day()), 0))
    assert (window.row("策划").start, window.row("策划").finish) == (at(8, 6), at(8, 7, 18))


def test_hours_zoom_moves_by_the_clock(window: Window) -> None:
    window.zoom(1200.0, "审批")
    start = window.point("审批", share=0.3)
    scale = window.page.picture.axis.scale
    two_hours = scale.x(at(8, 10, 11)) - scale.x(at(8, 10, 9))
    window.drag(start, start + QPoint(round(two_hours), 0))
    assert text(window.row("审批").start) == "08-10 11:00"
    assert text(window.row("审批").finish) == "08-11 11:00"


def test_dragging_over_a_weekend_lands_on_monday(window: Window) -> None:
    window.zoom(34.0, "审批")
    start = window.point("审批")
    window.drag(start, start + QPoint(round(5 * window.day()), 0))
    assert window.row("审批").start == at(8, 17)


def test_dragging_before_the_predecessor_is_held_by_the_link(window: Window) -> None:
    window.zoom(34.0, "策划")
    before = window.sample.content()
    start = window.point("策划")
    window.drag(start, start - QPoint(round(3 * window.day()), 0))
    assert window.sample.content() == before


def test_preview_shows_the_ripple_before_the_drop_and_escape_cancels(window: Window) -> None:
    window.zoom(34.0, "策划")
    before = window.sample.content()
    start = window.point("策划")
    box = window.page.picture.bar(window.key("审批"))
    window.drag(start, start + QPoint(round(2 * window.day()), 0), release=False)
    moved = window.page.picture.bar(window.key("审批"))
    assert box is not None
    assert moved is not None
    assert moved.x > box.x
    assert window.page.chart.current_preview.dates[window.row("审批").id][0] == at(8, 12)
    assert window.sample.content() == before
    QTest.keyClick(window.page.chart, Qt.Key.Key_Escape)
    assert not window.page.chart.is_dragging
    assert window.page.picture.bar(window.key("审批")) == box
    QTest.mouseRelease(window.page.chart.viewport(), Qt.MouseButton.LeftButton)
    assert window.sample.content() == before


def test_what_is_previewed_is_what_is_stored(window: Window) -> None:
    window.zoom(34.0, "调研")
    start = window.point("调研")
    window.drag(start, start + QPoint(round(3 * window.day()), 0), release=False)
    previewed = dict(window.page.chart.current_preview.dates)
    QTest.mouseRelease(
        window.page.chart.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        start + QPoint(round(3 * window.day()), 0),
    )
    stored = {row.id: (row.start, row.finish) for row in window.page.view_rows() if row.id in previewed}
    assert previewed == stored


def test_dragging_the_knob_sets_progress(window: Window) -> None:
    window.zoom(34.0, "策划")
    plan.set_progress(window.sample.session, window.sample.project.id, (window.row("策划").id,), 5000)
    knob = window.point("策划", share=0.5, dy=6)
    end = window.point("策划", share=1.0, dx=4, dy=6)
    window.drag(knob, end)
    assert window.row("策划").progress == DONE


def test_dragging_from_the_end_of_a_bar_onto_another_links_them(window: Window) -> None:
    window.sample.add("报名", duration=480)
    window.zoom(34.0, "调研")
    grip = window.point("调研", share=1.0, dx=8)
    window.drag(grip, window.point("报名", share=0.2))
    links = [link for link in window.sample.state.links.values() if link.successor_id == window.sample.ids["报名"]]
    assert [(link.predecessor_id, link.type) for link in links] == [(window.sample.ids["调研"], LinkType.FS)]
    assert window.row("报名").start == at(8, 5)


def test_which_ends_are_joined_decides_the_type_of_the_link(window: Window) -> None:
    window.sample.add("报名", duration=1440)
    window.zoom(34.0, "策划")
    window.drag(window.point("策划", share=0.0, dx=-8), window.point("报名", share=0.2))
    (link,) = window.sample.state.into(window.sample.ids["报名"])
    assert link.type is LinkType.SS


def test_a_link_that_would_close_a_loop_is_refused_while_dragging(window: Window) -> None:
    window.zoom(34.0, "策划")
    before = window.sample.content()
    grip = window.point("审批", share=1.0, dx=8)
    window.drag(grip, window.point("调研", share=0.3), release=False)
    assert "调研" in window.page.chart.current_preview.refused
    QTest.mouseRelease(
        window.page.chart.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        window.point("调研", share=0.3),
    )
    assert window.sample.content() == before


def test_selected_bars_move_together(window: Window) -> None:
    window.sample.add("报名", duration=480)
    window.zoom(34.0, "调研")
    window.select("调研", "报名")
    start = window.point("报名")
    window.drag(start, start + QPoint(round(window.day()), 0))
    assert (window.row("调研").start, window.row("报名").start) == (at(8, 4), at(8, 4))


def test_dragging_the_ground_scrolls(window: Window) -> None:
    window.page.set_day_width(34.0)
    bar = window.page.chart.horizontalScrollBar()
    place = bar.value()
    window.drag(QPoint(300, 300), QPoint(500, 300))
    assert bar.value() == place - 200


def test_a_press_without_a_move_changes_nothing(window: Window) -> None:
    before = window.sample.content()
    QTest.mouseClick(window.page.chart.viewport(), Qt.MouseButton.LeftButton, pos=window.point("策划"))
    assert window.sample.content() == before
    assert window.page.selected_ids() == (window.sample.ids["策划"],)


def test_control_wheel_zooms_around_the_mouse(window: Window) -> None:
    window.zoom(13.3, "策划")
    chart = window.page.chart
    place = QPointF(300, 100)
    at_mouse = window.page.picture.axis.scale.at(chart.to_scene(place)[0])
    chart.zoom_requested.emit(3.0, chart.to_scene(place)[0])
    assert window.page.picture.axis.day_width == pytest.approx(39.9)
    assert abs(window.page.picture.axis.scale.at(chart.to_scene(place)[0]) - at_mouse) < 60

"""Rubber band, panning, giving up, touchpad and pinch on the chart, as a hand does them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.services.plan_samples import at
from tests.ui.gantt.conftest import Window

LEFT = Qt.MouseButton.LeftButton
MIDDLE = Qt.MouseButton.MiddleButton
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def move(window: Window, place: QPoint, button: Qt.MouseButton = LEFT, keys: Qt.KeyboardModifier = NONE) -> None:
    """Move the mouse with a button held."""
    viewport = window.page.chart.viewport()
    around = QPointF(viewport.mapToGlobal(place))
    QApplication.sendEvent(viewport, QMouseEvent(QEvent.Type.MouseMove, QPointF(place), around, button, button, keys))


def band(window: Window, start: QPoint, end: QPoint, keys: Qt.KeyboardModifier, *, release: bool = True) -> None:
    """Drag a frame over the empty chart."""
    viewport = window.page.chart.viewport()
    QTest.mousePress(viewport, LEFT, keys, start)
    for step in range(1, 5):
        move(window, start + (end - start) * step / 4, keys=keys)
    if release:
        QTest.mouseRelease(viewport, LEFT, keys, end)


def wheel(widget: QWidget, place: QPointF, turn: QPoint, pixels: QPoint, keys: Qt.KeyboardModifier = NONE) -> None:
    """Turn the wheel or move two fingers."""
    everywhere = QPointF(widget.mapToGlobal(place.toPoint()))
    event = QWheelEvent(
        place, everywhere, pixels, turn, Qt.MouseButton.NoButton, keys, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(widget, event)


def beside(window: Window, name: str) -> QPoint:
    """Return an empty place left of a bar."""
    return window.point(name, share=0.0, dx=-60)


def many_rows(window: Window) -> None:
    """Add rows until the chart scrolls."""
    for number in range(60):
        window.sample.add(f"任务 {number}")
    QApplication.processEvents()


def test_a_frame_with_shift_selects_the_bars_it_touches(window: Window) -> None:
    window.zoom(34.0, "调研")
    band(window, beside(window, "调研"), window.point("策划") + QPoint(0, 2), SHIFT)
    assert window.page.selected_ids() == (window.sample.ids["调研"], window.sample.ids["策划"])
    assert not window.page.chart.is_dragging


def test_a_frame_with_control_adds_and_escape_takes_it_back(window: Window) -> None:
    window.zoom(34.0, "调研")
    window.select("审批")
    start, end = beside(window, "调研"), window.point("调研") + QPoint(0, 2)
    band(window, start, end, CONTROL)
    assert window.page.selected_ids() == (window.sample.ids["调研"], window.sample.ids["审批"])
    window.select("审批")
    band(window, start, end, CONTROL, release=False)
    QTest.keyClick(window.page.chart, Qt.Key.Key_Escape)
    QTest.mouseRelease(window.page.chart.viewport(), LEFT, CONTROL, end)
    assert window.page.selected_ids() == (window.sample.ids["审批"],)


def test_control_click_beside_a_bar_still_adds_its_row(window: Window) -> None:
    window.zoom(34.0, "调研")
    window.select("调研")
    QTest.mouseClick(window.page.chart.viewport(), LEFT, CONTROL, beside(window, "策划"))
    assert window.page.selected_ids() == (window.sample.ids["调研"], window.sample.ids["策划"])


def test_what_a_frame_selected_moves_together_with_one_undo(window: Window) -> None:
    free = [window.sample.add(name, duration=480) for name in ("报名", "签到")]
    window.zoom(34.0, "报名")
    before = window.sample.content()
    band(window, window.point("签到", share=1.0, dx=80, dy=10), window.point("报名"), SHIFT)
    assert window.page.selected_ids() == tuple(free)
    start = window.point("报名")
    window.drag(start, start + QPoint(round(2 * window.day()), 0))
    assert {window.row(name).start for name in ("报名", "签到")} == {at(8, 5)}
    window.sample.session.undo()
    assert window.sample.content() == before


def test_escape_gives_up_until_the_button_is_let_go(window: Window) -> None:
    window.zoom(34.0, "调研")
    before, scrolled = window.sample.content(), window.page.chart.horizontalScrollBar().value()
    start = window.point("调研")
    window.drag(start, start + QPoint(100, 0), release=False)
    assert window.page.chart.current_preview.dates
    QTest.keyClick(window.page.chart, Qt.Key.Key_Escape)
    move(window, start + QPoint(160, 0))
    assert not window.page.chart.is_dragging
    QTest.mouseRelease(window.page.chart.viewport(), LEFT, NONE, start + QPoint(160, 0))
    assert window.sample.content() == before
    assert window.page.chart.horizontalScrollBar().value() == scrolled
    window.drag(start, start + QPoint(round(window.day()), 0))
    assert window.sample.content() != before


@pytest.mark.parametrize("button", [LEFT, MIDDLE])
def test_dragging_the_empty_chart_moves_about(window: Window, button: Qt.MouseButton) -> None:
    window.zoom(34.0, "调研")
    bar = window.page.chart.horizontalScrollBar()
    before, content = bar.value(), window.sample.content()
    start = beside(window, "调研")
    QTest.mousePress(window.page.chart.viewport(), button, NONE, start)
    for step in range(1, 6):
        move(window, start - QPoint(20 * step, 0), button)
    QTest.mouseRelease(window.page.chart.viewport(), button, NONE, start - QPoint(100, 0))
    assert bar.value() == pytest.approx(before + 100, abs=8)
    assert window.sample.content() == content


def test_dragging_to_the_edge_scrolls_on_and_the_task_goes_along(window: Window) -> None:
    window.zoom(34.0, "审批")
    chart = window.page.chart
    start = window.point("审批")
    bar = chart.horizontalScrollBar()
    before = bar.value()
    window.drag(start, QPoint(chart.viewport().width() - 5, start.y()), release=False)
    old = next(iter(chart.current_preview.dates.values()))
    window.qtbot.waitUntil(lambda: bar.value() > before + 100)
    window.qtbot.waitUntil(lambda: next(iter(chart.current_preview.dates.values())) > old)
    QTest.keyClick(chart, Qt.Key.Key_Escape)
    resting = bar.value()
    QTest.qWait(80)
    assert bar.value() == resting


def test_two_fingers_scroll_by_the_pixel_in_both_directions(window: Window) -> None:
    many_rows(window)
    chart = window.page.chart
    chart.horizontalScrollBar().setValue(300)
    wheel(chart.viewport(), QPointF(200, 200), QPoint(-24, -40), QPoint(-13, -37))
    assert (chart.horizontalScrollBar().value(), chart.verticalScrollBar().value()) == (313, 37)
    assert window.page.table.verticalScrollBar().value() == 37
    wheel(window.page.head, QPointF(200, 10), QPoint(-24, 0), QPoint(-7, 0))
    wheel(window.page.load.bars, QPointF(200, 10), QPoint(-24, 0), QPoint(-5, 0))
    assert chart.horizontalScrollBar().value() == 325


@pytest.mark.parametrize("keys", [SHIFT, CONTROL])
def test_shift_turns_the_wheel_sideways_and_control_zooms_around_the_pointer(
    window: Window, keys: Qt.KeyboardModifier
) -> None:
    window.zoom(13.3, "调研")
    chart, place = window.page.chart, QPointF(500, 100)
    scale = window.page.picture.axis.scale
    under = scale.at(chart.to_scene(place)[0])
    before = chart.horizontalScrollBar().value(), window.day()
    wheel(chart.viewport(), place, QPoint(0, 120), QPoint(), keys)
    if keys == SHIFT:
        assert chart.horizontalScrollBar().value() == before[0] - 60
        assert window.day() == before[1]
    else:
        assert window.day() > before[1]
        scale = window.page.picture.axis.scale
        assert scale.at(chart.to_scene(place)[0]) == pytest.approx(under, abs=2 * 1440 / window.day() + 60)


def test_pinching_zooms_from_years_to_five_minutes_and_back(window: Window) -> None:
    window.zoom(13.3, "调研")
    viewport = window.page.chart.viewport()
    seen = set()
    for value in [0.25] * 40 + [-0.25] * 90:
        place = QPointF(300, 100)
        event = QNativeGestureEvent(
            Qt.NativeGestureType.ZoomNativeGesture,
            QPointingDevice.primaryPointingDevice(),
            2,
            place,
            place,
            QPointF(viewport.mapToGlobal(place.toPoint())),
            value,
            QPointF(),
        )
        QApplication.sendEvent(viewport, event)
        seen.add(window.page.picture.axis.unit.value)
        QApplication.processEvents()
    assert seen == {"hour", "day", "week", "month", "quarter", "year"}
    assert window.rows_are_level()


def test_arrows_on_the_chart_walk_the_rows(window: Window) -> None:
    window.select("调研")
    window.page.chart.setFocus()
    QTest.keyClick(window.page.chart, Qt.Key.Key_Down)
    assert window.page.selected_ids() == (window.sample.ids["策划"],)

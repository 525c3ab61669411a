"""Five thousand random events on the real window: no error, no dialog nobody asked for, dates as a fresh schedule's.

The seed is in the report of a failure; QIHUA_MONKEY_SEED in the environment draws other events.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

import ui.common.dialogs as dialogs
from qihua_desktop.domain.scene import Box
from qihua_desktop.services import plan, plan_baselines
from tests.ui.gantt.conftest import Window
from ui.gantt.display import Arrangement, Filter, Grouping
from ui.gantt.picture import ChartPicture

EVENTS = 5_000
SEED = int(os.environ.get("QIHUA_MONKEY_SEED", "20260919"))
MOST_TASKS = 30
KEYS = [
    Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Tab, Qt.Key.Key_Backtab,
    Qt.Key.Key_Insert, Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Home, Qt.Key.Key_End,
    Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_A, Qt.Key.Key_L, Qt.Key.Key_M, Qt.Key.Key_T, Qt.Key.Key_3,
    Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_Space, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_0,
    Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight,
]  # fmt: skip
MODIFIERS = [
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
]


class Monkey:
    """Draws one event after the other; the same seed draws the same ones."""

    def __init__(self, window: Window, seed: int) -> None:
        self._window = window
        self._draw = random.Random(seed)
        self._begun = window.sample.session.undo_label()
        self._ways: list[tuple[int, Callable[[], None]]] = [
            (40, self._key),
            (12, self._drag),
            (5, self._frame),
            (3, self._touchpad),
            (3, self._pinch),
            (2, self._arrange),
            (10, self._click),
            (8, self._wheel),
            (8, self._hover),
            (5, self._zoom),
            (5, self._undo_or_redo),
            (3, self._double_click),
            (3, self._menu),
            (2, self._panel),
        ]

    def act(self) -> None:
        """Send one event."""
        weights, ways = zip(*self._ways, strict=True)
        self._draw.choices(ways, weights)[0]()

    def _view(self) -> QWidget:
        page = self._window.page
        return self._draw.choice((page.chart.viewport(), page.chart.viewport(), page.table.viewport()))

    def _place(self, view: QWidget) -> QPoint:
        return QPoint(self._draw.randrange(view.width()), self._draw.randrange(min(view.height(), 260)))

    def _key(self) -> None:
        key, modifier = self._draw.choice(KEYS), self._draw.choice(MODIFIERS)
        if key == Qt.Key.Key_Insert and len(self._window.page.view_rows()) >= MOST_TASKS:
            key = Qt.Key.Key_Delete
        focus = QApplication.focusWidget()
        if focus is None or not self._window.page.isAncestorOf(focus):
            focus = self._window.page.table
        QTest.keyClick(focus, key, modifier)

    def _drag(self) -> None:
        viewport = self._window.page.chart.viewport()
        self._window.drag(self._place(viewport), self._place(viewport), release=self._draw.random() < 0.9)

    def _frame(self) -> None:
        """Drag with a key or the middle button held, and sometimes give up on the way."""
        viewport = self._window.page.chart.viewport()
        button = self._draw.choice((Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton))
        keys, start, end = self._draw.choice(MODIFIERS), self._place(viewport), self._place(viewport)
        QTest.mousePress(viewport, button, keys, start)
        for step in range(1, 5):
            place = QPointF(start + (end - start) * step / 4)
            around = QPointF(viewport.mapToGlobal(place.toPoint()))
            QApplication.sendEvent(viewport, QMouseEvent(QEvent.Type.MouseMove, place, around, button, button, keys))
            if self._draw.random() < 0.1:
                QTest.keyClick(self._window.page.chart, Qt.Key.Key_Escape)
        if self._draw.random() < 0.9:
            QTest.mouseRelease(viewport, button, keys, end)

    def _touchpad(self) -> None:
        page = self._window.page
        view = self._draw.choice((page.chart.viewport(), page.table.viewport(), page.head, page.load.bars))
        place = QPointF(self._place(view))
        pixels = QPoint(self._draw.randrange(-90, 91), self._draw.randrange(-90, 91))
        event = QWheelEvent(
            place, view.mapToGlobal(place), pixels, pixels * 2, Qt.MouseButton.NoButton, self._draw.choice(MODIFIERS),
            Qt.ScrollPhase.ScrollUpdate, False,
        )  # fmt: skip
        QApplication.sendEvent(view, event)

    def _pinch(self) -> None:
        viewport = self._window.page.chart.viewport()
        place = QPointF(self._place(viewport))
        event = QNativeGestureEvent(
            Qt.NativeGestureType.ZoomNativeGesture, QPointingDevice.primaryPointingDevice(), 2, place, place,
            QPointF(viewport.mapToGlobal(place.toPoint())), self._draw.uniform(-0.6, 0.6), QPointF(),
        )  # fmt: skip
        QApplication.sendEvent(viewport, event)

    def _arrange(self) -> None:
        tools = self._window.page.toolbar
        tools.set_arrangement(
            Arrangement(
                filter=self._draw.choice([Filter.ALL, Filter.ALL, *Filter]),
                grouping=self._draw.choice([Grouping.OUTLINE, Grouping.OUTLINE, *Grouping]),
                search=self._draw.choice(("", "", "策")),
                sort=self._draw.choice(("", "", "start", "name")),
            )
        )

    def _click(self) -> None:
        view = self._view()
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, self._draw.choice(MODIFIERS), self._place(view))

    def _double_click(self) -> None:
        view = self._view()
        QTest.mouseDClick(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self._place(view))

    def _hover(self) -> None:
        view = self._view()
        place = QPointF(self._place(view))
        none = Qt.MouseButton.NoButton
        event = QMouseEvent(
            QEvent.Type.MouseMove, place, view.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(view, event)

    def _wheel(self) -> None:
        view = self._view()
        place = QPointF(self._place(view))
        turn = QPoint(0, self._draw.choice((-240, -120, 120, 240)))
        event = QWheelEvent(
            place, view.mapToGlobal(place), QPoint(), turn, Qt.MouseButton.NoButton, self._draw.choice(MODIFIERS),
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, event)

    def _zoom(self) -> None:
        self._window.page.set_day_width(10 ** self._draw.uniform(-1, 4))

    def _undo_or_redo(self) -> None:
        session = self._window.sample.session
        if self._draw.random() < 0.35 and session.redo_label():
            session.redo()
        elif session.undo_label() != self._begun:
            session.undo()

    def _menu(self) -> None:
        place = self._window.page.mapToGlobal(QPoint(200, 200))
        self._window.page.chart.object_context.emit("", place)
        for menu in self._window.page.findChildren(QMenu):
            if menu.isVisible():
                menu.close()

    def _panel(self) -> None:
        self._draw.choice((self._window.page.toggle_details, self._window.page.fit, self._window.page.go_today))()


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_five_thousand_random_events_never_break_the_window(window: Window) -> None:
    plan_baselines.take_baseline(window.sample.session, window.sample.project.id, "v1")
    monkey = Monkey(window, SEED)
    with dialogs.scripted():
        for step in range(EVENTS):
            try:
                monkey.act()
                if step % 15 == 0:
                    QApplication.processEvents()
            except BaseException as error:
                error.add_note(f"QIHUA_MONKEY_SEED={SEED}, event {step}")
                raise
        window.page.chart.cancel_drag()
        window.page.table.finish_editing()
        window.page.toolbar.set_arrangement(Arrangement())
        QApplication.processEvents()
    fresh = plan.reload_state(window.sample.session, window.sample.project.id)
    shown = {row.id: (row.start, row.finish) for row in window.page.view_rows()}
    assert shown == {one: (fresh.start(one), fresh.finish(one)) for one in fresh.tasks}, f"seed {SEED}"
    assert window.rows_are_level()
    picture, page = window.page.picture, window.page
    anew = ChartPicture()
    anew.axis = picture.axis
    view = page.view()
    assert view is not None
    anew.show(view, page.shown_rows(), page.now())
    whole = Box(0, 0, *picture.size())
    assert sorted(map(repr, picture.chart.body(whole))) == sorted(map(repr, anew.chart.body(whole))), f"seed {SEED}"

"""A Gantt window on a small plan in a workspace of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from qihua_desktop.domain.gantt_scene import ROW_HEIGHT
from qihua_desktop.services.plan_view import PlanRow
from tests.services.plan_samples import PlanSample, open_sample, three_in_a_row
from ui.common.actions import ActionRegistry
from ui.common.context import AppContext
from ui.common.jobs import Jobs
from ui.common.theme import ThemeMode, theme
from ui.gantt.page import GanttPage


@pytest.fixture(autouse=True)
def light_theme(qapp: QApplication) -> None:
    if theme().mode is not ThemeMode.LIGHT or not qapp.styleSheet():
        theme().apply(qapp, ThemeMode.LIGHT)


@dataclass(slots=True)
class Window:
    """The window under test and the plan it shows."""

    page: GanttPage
    sample: PlanSample
    qtbot: QtBot

    def row(self, name: str) -> PlanRow:
        """Return a shown row by its name."""
        return next(one.row for one in self.page.shown_rows() if one.row is not None and one.row.name == name)

    def key(self, name: str) -> str:
        """Return the key of a row."""
        return self.row(name).id.hex()

    def point(self, name: str, *, share: float = 0.5, dx: float = 0.0, dy: float = 0.0) -> QPoint:
        """Return a point on a row's bar in the chart's viewport; ``share`` 0 is its left end, 1 its right."""
        box = self.page.picture.bar(self.key(name))
        assert box is not None
        place = self.page.chart.to_view(box.x + box.width * share + dx, box.y + box.height / 2 + dy)
        return place.toPoint()

    def drag(self, start: QPoint, end: QPoint, *, release: bool = True) -> None:
        """Press, move in steps and let go, as a hand does."""
        viewport = self.page.chart.viewport()
        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
        for step in range(1, 5):
            self.move(QPointF(start + (end - start) * step / 4))
        if release:
            QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)

    def move(self, place: QPointF) -> None:
        """Move the mouse with the left button held."""
        from PySide6.QtCore import QEvent
        from PySide6.QtGui import QMouseEvent

        viewport = self.page.chart.viewport()
        event = QMouseEvent(
            QEvent.Type.MouseMove,
            place,
            QPointF(viewport.mapToGlobal(place.toPoint())),
            Qt.MouseButton.LeftButton,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QApplication.sendEvent(viewport, event)

    def day(self) -> float:
        """Return the pixels of a day."""
        return self.page.picture.axis.day_width

    def zoom(self, day_width: float, name: str) -> None:
        """Zoom and bring a bar into view."""
        self.page.set_day_width(day_width)
        box = self.page.picture.bar(self.key(name))
        assert box is not None
        self.page.chart.horizontalScrollBar().setValue(round(box.x - 220))

    def press(self, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press keys in the table."""
        self.page.table.setFocus()
        for key in keys:
            QTest.keyClick(self.page.table, key, modifiers)

    def select(self, *names: str) -> None:
        """Select rows by name."""
        self.page.select_rows(tuple(self.key(name) for name in names))
        self.page.table.setFocus()

    def rows_are_level(self) -> bool:
        """Return whether every row of the table stands beside its row of the chart."""
        table, chart = self.page.table, self.page.chart
        return all(
            table.rowViewportPosition(number) == round(chart.to_view(0, number * ROW_HEIGHT).y())
            for number in range(len(self.page.shown_rows()))
        )


def make_page(sample: PlanSample, qtbot: QtBot, width: int = 1250, height: int = 720) -> GanttPage:
    """Return a shown window on a sample's project."""
    holder = QWidget()
    qtbot.addWidget(holder)
    context = AppContext(sample.session, theme(), Jobs(holder), ActionRegistry(holder), holder)
    context.project_id = sample.project.id
    page = GanttPage(context)
    qtbot.addWidget(page, before_close_func=lambda _page: context.close())
    page.resize(width, height)
    with qtbot.waitExposed(page):
        page.show()
    page.reload()
    QApplication.processEvents()
    return page


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[Window]:
    sample = open_sample(tmp_path)
    three_in_a_row(sample)
    page = make_page(sample, qtbot)
    yield Window(page, sample, qtbot)
    page.hide()
    sample.session.workspace.close()

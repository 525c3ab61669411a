"""Ten thousand tasks in the window: scrolled, dragged, edited, and what is shifted looks as if painted anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from qihua_desktop.domain.plan import MINUTES_PER_DAY
from tests.bench.bench_gantt import TASKS, big_plan
from tests.ui.gantt.conftest import Window, make_page


@pytest.fixture
def window(tmp_path: Path, qtbot: QtBot) -> Iterator[Window]:
    """Return a window on a plan of 10,000 tasks and 15,000 links."""
    sample = big_plan(tmp_path)
    page = make_page(sample, qtbot)
    yield Window(page, sample, qtbot)
    page.hide()
    sample.session.workspace.close()


def shown(widget: QWidget) -> QImage:
    """Return what is on the screen where a widget is, without asking it to paint."""
    QApplication.processEvents()
    window = widget.window()
    corner = widget.mapTo(window, QPoint(0, 0))
    picture = window.screen().grabWindow(window.winId(), corner.x(), corner.y(), widget.width(), widget.height())
    return picture.toImage()


def painted_anew(widget: QWidget) -> QImage:
    """Return the same after painting all of it."""
    widget.update()
    return shown(widget)


def test_a_big_plan_is_scrolled_dragged_and_undone(window: Window) -> None:
    page = window.page
    assert len(page.shown_rows()) == TASKS
    bar = page.chart.verticalScrollBar()
    for place in (60, 61, 400, 20_000, 19_000, bar.maximum(), 135_000):
        bar.setValue(place)
        QApplication.processEvents()
        assert page.table.verticalScrollBar().value() == place
    row = next(row for row in page.view_rows()[5000:] if not row.is_summary and row.duration >= 480)
    window.zoom(13.3, row.name)
    page.chart.ensure_visible(page.picture.bar(row.id.hex()))
    QApplication.processEvents()
    before = window.sample.session.workspace.head()
    start = window.point(row.name)
    window.drag(start, start + QPoint(round(20 * window.day()), 0), release=False)
    assert page.chart.current_preview.dates
    window.drag(start, start + QPoint(round(20 * window.day()), 0))
    moved = window.row(row.name)
    assert moved.start >= row.start + 13 * MINUTES_PER_DAY
    assert window.sample.session.workspace.head() != before
    window.sample.session.undo()
    assert window.row(row.name).start == row.start


def test_what_scrolling_shifts_looks_as_if_painted_anew(window: Window) -> None:
    page = window.page
    page.select_rows((page.shown_rows()[12].key, page.shown_rows()[14].key))
    for view in (page.table, page.chart):
        viewport = view.viewport()
        before = shown(viewport)
        for bar, places in (
            (view.verticalScrollBar(), (60, 137, 5_000, 4_990)),
            (view.horizontalScrollBar(), (40, 90, 25)),
        ):
            for place in places:
                bar.setValue(place)
                picture = shown(viewport)
                assert bar.maximum() == 0 or picture != before
                assert picture == painted_anew(viewport), (type(view).__name__, place)
                before = picture

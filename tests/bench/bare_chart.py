"""What Qt alone takes to show a plan: the baseline of the Gantt window's figures.

A bare scroll area on the same number of rows paints a name, a bar and a line per visible row, straight from a list of
tuples, in the same size as the window; nothing is scheduled, styled, selectable or editable in it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea

ROW_HEIGHT = 28
NAMES = 420


class BareRow(NamedTuple):
    """A row to paint."""

    name: str
    start: int
    finish: int


def bare_rows(path: Path) -> list[BareRow]:
    """Read the tasks of a workspace file, and its links as well, with nothing but SQLite."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        rows = connection.execute("SELECT name, start, finish FROM task ORDER BY position, id").fetchall()
        connection.execute("SELECT * FROM link").fetchall()
    finally:
        connection.close()
    return [BareRow(*row) for row in rows]


class BareChart(QAbstractScrollArea):
    """Names on the left, bars on the right, only what is visible."""

    def __init__(self, rows: Sequence[BareRow]) -> None:
        super().__init__()
        self._rows = rows
        self._first = min((row.start for row in rows), default=0)
        self.day_width = 12.0
        bar = self.verticalScrollBar()
        self.resize(1250, 800)
        bar.setRange(0, max(0, len(rows) * ROW_HEIGHT - 800))
        bar.valueChanged.connect(self.viewport().update)

    def set_day_width(self, width: float) -> None:
        """Zoom."""
        self.day_width = width
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is visible."""
        del event
        painter = QPainter(self.viewport())
        top = self.verticalScrollBar().value()
        width, height = self.viewport().width(), self.viewport().height()
        painter.fillRect(self.viewport().rect(), QColor("white"))
        first = top // ROW_HEIGHT
        for number in range(first, min(len(self._rows), first + height // ROW_HEIGHT + 2)):
            row, y = self._rows[number], number * ROW_HEIGHT - top
            painter.setPen(QColor("#222222"))
            name = QRectF(8, y, NAMES - 16, ROW_HEIGHT)
            painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, row.name)
            left = NAMES + (row.start - self._first) / 1440 * self.day_width
            length = max(2.0, (row.finish - row.start) / 1440 * self.day_width)
            painter.fillRect(QRectF(left, y + 7, length, ROW_HEIGHT - 14), QColor("#5577aa"))
            painter.setPen(QColor("#dddddd"))
            painter.drawLine(QLineF(0, y + ROW_HEIGHT, width, y + ROW_HEIGHT))
        painter.end()

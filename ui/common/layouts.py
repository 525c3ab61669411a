"""Arrangement: toolbars that wrap, forms, separators, splitters that remember where they were."""

from __future__ import annotations

import json
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect, QSize, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QScrollArea,
    QSizePolicy,
    QSpacerItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from .labels import PlainLabel, muted_label
from .theme import SECONDARY_SIZE, SPACE_2, SPACE_3, SPACE_4, SPACE_5, Role

_TOOLBAR_HEIGHT: Final = 44


class ViewState(Protocol):
    """Where windows keep how they were left: column widths, splitters. Texts by key; the program stores them."""

    def read(self, key: str) -> str:
        """Return what was kept under a key, or an empty text."""
        ...

    def write(self, key: str, text: str) -> None:
        """Keep a text."""
        ...


class MemoryViewState:
    """A view state that lasts as long as the program runs."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    def read(self, key: str) -> str:
        """Return what was kept under a key, or an empty text."""
        return self._texts.get(key, "")

    def write(self, key: str, text: str) -> None:
        """Keep a text."""
        self._texts[key] = text


class FlowLayout(QLayout):
    """Items side by side that go on in a further line when the width is used up.

    A stretch sends what follows to the right end of its line.
    """

    def __init__(self, spacing: int = SPACE_2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setSpacing(spacing)
        self.setContentsMargins(0, 0, 0, 0)

    def add_stretch(self) -> None:
        """Send what follows to the right."""
        self.addItem(QSpacerItem(0, 0, QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum))

    def _arrange(self, rect: QRect, *, apply: bool) -> int:
        margins = self.contentsMargins()
        area = rect.marginsRemoved(margins)
        y = area.y()
        lines = self._lines(max(1, area.width()))
        right = False
        for number, line in enumerate(lines):
            height = max((self._size(item, area.width()).height() for item in line), default=0)
            if apply:
                self._place(line, area, y, height, right=right)
            right = right or any(item.spacerItem() is not None for item in line)
            y += height + (self.spacing() if number < len(lines) - 1 else 0)
        return y - rect.y() + margins.bottom()

    def _lines(self, width: int) -> list[list[QLayoutItem]]:
        lines: list[list[QLayoutItem]] = [[]]
        used = 0
        for item in self._items:
            if item.isEmpty() and item.spacerItem() is None:
                continue
            wanted = self._size(item, width).width()
            gap = self.spacing() if used and wanted else 0
            if used and wanted and used + gap + wanted > width:
                lines.append([])
                used, gap = 0, 0
            lines[-1].append(item)
            used += gap + wanted
        return lines

    def _place(self, line: list[QLayoutItem], area: QRect, y: int, height: int, *, right: bool) -> None:
        """Set the geometry of one line's items; ``right`` continues what an earlier line sent to the right."""
        sizes = [self._size(item, area.width()) for item in line]
        shown = [size.width() for size in sizes if size.width()]
        free = area.width() - sum(shown) - self.spacing() * max(0, len(shown) - 1)
        growing = [item for item in line if self._grows(item)]
        x = area.x() + (max(0, free) if right and not growing else 0)
        for item, size in zip(line, sizes, strict=True):
            extra = max(0, free) // len(growing) if item in growing else 0
            if item.spacerItem() is not None:
                x += extra
                continue
            item.setGeometry(
                QRect(QPoint(x, y + (height - size.height()) // 2), QSize(size.width() + extra, size.height()))
            )
            x += size.width() + extra + self.spacing()

    @staticmethod
    def _grows(item: QLayoutItem) -> bool:
        wide = item.maximumSize().width() > item.sizeHint().width()  # a width set by hand stays what it is
        return wide and bool(item.expandingDirections() & Qt.Orientation.Horizontal)

    @staticmethod
    def _size(item: QLayoutItem, width: int) -> QSize:
        hint = item.sizeHint()
        return QSize(min(hint.width(), max(item.minimumSize().width(), width)), hint.height())

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)
        self.invalidate()

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), apply=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, apply=True)

    def sizeHint(self) -> QSize:
        sizes = [item.sizeHint() for item in self._items if item.spacerItem() is None and not item.isEmpty()]
        width = sum(size.width() for size in sizes) + self.spacing() * max(0, len(sizes) - 1)
        height = max((size.height() for size in sizes), default=0)
        return self._with_margins(QSize(width, height))

    def minimumSize(self) -> QSize:
        sizes = [item.minimumSize() for item in self._items if not item.isEmpty()]
        width = max((size.width() for size in sizes), default=0)
        height = max((size.height() for size in sizes), default=0)
        return self._with_margins(QSize(width, height))

    def _with_margins(self, size: QSize) -> QSize:
        margins: QMargins = self.contentsMargins()
        return QSize(size.width() + margins.left() + margins.right(), size.height() + margins.top() + margins.bottom())


class Toolbar(QFrame):
    """The strip of tools under a window's head; wraps into further lines when it is narrow."""

    def __init__(self, *, look: str = "toolbar") -> None:
        super().__init__()
        self.setProperty("look", look)
        self.setFixedHeight(_TOOLBAR_HEIGHT)
        self._flow = FlowLayout(SPACE_2)
        self._flow.setContentsMargins(SPACE_5, 7, SPACE_5, 7)
        self.setLayout(self._flow)

    def add(self, *widgets: QWidget) -> None:
        """Add widgets."""
        for widget in widgets:
            self._flow.addWidget(widget)

    def add_stretch(self) -> None:
        """Send what follows to the right."""
        self._flow.add_stretch()

    def minimumSizeHint(self) -> QSize:
        return QSize(self._flow.minimumSize().width(), self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_height()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_height()
        return done

    def _fit_height(self) -> None:
        """Grow by lines: a fixed height leaves parents no room to squeeze or stretch the strip."""
        height = max(_TOOLBAR_HEIGHT, self._flow.heightForWidth(self.width()))
        if height != self.height():
            self.setFixedHeight(height)


class FormGrid(QWidget):
    """Labels beside their fields, a place for a hint and for what is wrong under each."""

    def __init__(self, *, labels_above: bool = False) -> None:
        super().__init__()
        self._labels_above = labels_above
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_3)
        self._grid.setVerticalSpacing(SPACE_3)
        self._grid.setColumnStretch(1, 1)
        self._problems: dict[QWidget, PlainLabel] = {}
        self._labels: dict[QWidget, tuple[QWidget, ...]] = {}

    def add_row(self, text: str, field: QWidget, hint: str = "") -> None:
        """Add a field; the label becomes its accessible name when it has none."""
        row = self._grid.rowCount()
        label = PlainLabel(text, role=Role.MUTED, size=SECONDARY_SIZE if self._labels_above else 13)
        label.setBuddy(field)
        if not field.accessibleName():
            field.setAccessibleName(text)
        problem = PlainLabel("", wrap=True, role=Role.BAD, size=SECONDARY_SIZE)
        problem.hide()
        self._problems[field] = problem
        cell = QVBoxLayout()
        cell.setSpacing(SPACE_2 // 2)
        cell.addWidget(field)
        note = muted_label(hint, wrap=True) if hint else None
        if note is not None:
            cell.addWidget(note)
        cell.addWidget(problem)
        if self._labels_above:
            cell.insertWidget(0, label)
            self._grid.addLayout(cell, row, 0, 1, 2)
        else:
            label.setMinimumHeight(30)
            self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
            self._grid.addLayout(cell, row, 1)
        self._labels[field] = (label,) if note is None else (label, note)

    def add_wide(self, widget: QWidget) -> None:
        """Add something over the whole width."""
        self._grid.addWidget(widget, self._grid.rowCount(), 0, 1, 2)

    def set_error(self, field: QWidget, text: str) -> None:
        """Say under a field what is wrong with it; an empty text takes that back."""
        problem = self._problems[field]
        problem.setText(text)
        problem.setVisible(bool(text))
        field.setProperty("problem", bool(text))
        field.style().unpolish(field)
        field.style().polish(field)

    def set_row_visible(self, field: QWidget, *, visible: bool) -> None:
        """Show or hide a field with its label and hint."""
        field.setVisible(visible)
        for label in self._labels[field]:
            label.setVisible(visible)
        self._problems[field].setVisible(visible and bool(self._problems[field].full_text()))


class Separator(QFrame):
    """A hairline."""

    def __init__(self, *, vertical: bool = False) -> None:
        super().__init__()
        self.setProperty("look", "separator")
        if vertical:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)


class Page(QScrollArea):
    """The scrolling content of a window: cards on the ground colour; put them into ``body``."""

    def __init__(self, *, margin: int = SPACE_4) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        content.setProperty("look", "page")
        self.body = QVBoxLayout(content)
        self.body.setContentsMargins(margin + 4, margin, margin + 4, margin)
        self.body.setSpacing(SPACE_3)
        self.setWidget(content)


def columns(*widgets: QWidget, stretches: tuple[int, ...] = (), spacing: int = SPACE_3) -> QWidget:
    """Return widgets side by side."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for number, widget in enumerate(widgets):
        row.addWidget(widget, stretches[number] if number < len(stretches) else 0)
    return holder


def stack(*widgets: QWidget, spacing: int = SPACE_3) -> QWidget:
    """Return widgets one below the other."""
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(spacing)
    for widget in widgets:
        column.addWidget(widget)
    return holder


def show_in_place(widget: QWidget, *, visible: bool) -> None:
    """Show or hide a widget that may not have been put anywhere yet; showing that would open a window of its own."""
    if visible and widget.parentWidget() is None:
        widget.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)
    else:
        widget.setVisible(visible)


class SplitterMemory(QObject):
    """Keeps a splitter's proportions, also of panes the user closed."""

    def __init__(self, splitter: QSplitter, key: str, state: ViewState) -> None:
        super().__init__(splitter)
        self._splitter = splitter
        self._key = f"splitter/{key}"
        self._state = state
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(300)
        self._timer.timeout.connect(self.save)
        splitter.splitterMoved.connect(self._on_moved)
        splitter.setChildrenCollapsible(True)
        self.restore()

    def restore(self) -> bool:
        """Put the panes back where they were; returns whether anything usable was kept."""
        try:
            sizes = json.loads(self._state.read(self._key) or "null")
        except ValueError:
            return False
        if not isinstance(sizes, list) or len(sizes) != self._splitter.count():
            return False
        if not all(isinstance(size, int) and 0 <= size < 100_000 for size in sizes) or not any(sizes):
            return False
        self._splitter.setSizes(sizes)
        return True

    @Slot()
    def save(self) -> None:
        """Keep the proportions now."""
        self._state.write(self._key, json.dumps(self._splitter.sizes()))

    @Slot()
    def _on_moved(self) -> None:
        self._timer.start()

"""The task table: outline with open and shut marks, rows of the chart's height, cells to type into."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyleOptionViewItem,
    QWidget,
)

from qihua_desktop.i18n import _
from ui.common.columns import CellRole
from ui.common.delegates import AnyIndex, CellDelegate, DurationDelegate, ParsedDelegate, PercentDelegate, TextDelegate
from ui.common.icons import paint_icon
from ui.common.layouts import ViewState
from ui.common.tables import DataTable
from ui.common.theme import GANTT_ROW_HEIGHT, Role, theme

from .chart_view import QuietScrollBar
from .columns import TypedMoment, moment_text, parse_moment
from .display import ShownRow
from .table_model import TaskTableModel

HEADER_HEIGHT: Final = 42
_INDENT: Final = 13
_MARK: Final = 14
_PADDING: Final = 8
_NAME_LIMIT: Final = 10_000
_MOST_MEASURED: Final = 400
_WIDEST_FITTED: Final = 120
_LEAST_NAME: Final = 150
_CLOCK: Final = re.compile(r"\d{1,2}:\d\d")
_DATE: Final = re.compile(r"(?:\d{4}-)?\d\d-\d\d")


class FlatPaint:
    """Draws a cell straight with the painter: the style sheet's way costs more than a frame for a screen of cells."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw ground, line and text of a cell."""
        paint_flat_ground(painter, option)
        words = index.data(Qt.ItemDataRole.DisplayRole)
        if not words:
            return
        painter.setFont(index.data(Qt.ItemDataRole.FontRole))
        painter.setPen(index.data(Qt.ItemDataRole.ForegroundRole) or theme().color(Role.TEXT))
        area = option.rect.adjusted(_PADDING, 0, -_PADDING, 0)
        metrics = painter.fontMetrics()
        if metrics.horizontalAdvance(words) > area.width():
            words = without_clock(words)
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(index.data(Qt.ItemDataRole.TextAlignmentRole) | Qt.TextFlag.TextSingleLine), words)


def without_clock(words: str) -> str:
    """Return a date alone where its clock time finds no room: “08-28” says more than “08-2…”."""
    date, _space, clock = words.rpartition(" ")
    return date if _CLOCK.fullmatch(clock) and _DATE.fullmatch(date) else words


def paint_flat_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Draw a cell's selection, hover and lower line."""
    rect = option.rect
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, theme().color(Role.ACCENT_BG))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(rect, theme().color(Role.HOVER))
    painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, theme().color(Role.LINE_SOFT))


class FlatTextDelegate(FlatPaint, TextDelegate):
    """A text cell."""


class FlatPercentDelegate(FlatPaint, PercentDelegate):
    """A progress cell."""


class FlatDurationDelegate(FlatPaint, DurationDelegate):
    """A duration cell."""


class NameDelegate(TextDelegate):
    """Draws names indented by their level, with the mark that opens and shuts a summary."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent, max_length=_NAME_LIMIT, may_be_empty=False)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        paint_flat_ground(painter, option)
        shown = index.data(CellRole.ROW)
        if not isinstance(shown, ShownRow):
            return
        painter.save()
        left = option.rect.x() + 6 + shown.level * _INDENT
        if shown.is_open is not None:
            mark = QRect(left, option.rect.center().y() - 6, 12, 12)
            paint_icon(painter, "chevron-down" if shown.is_open else "chevron-right", mark, Role.TEXT_SOFT)
        painter.setFont(index.data(Qt.ItemDataRole.FontRole))
        painter.setPen(theme().color(Role.TEXT))
        area = QRectF(option.rect).adjusted(left - option.rect.x() + _MARK, 0, -6, 0)
        words = str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        extra = self._paint_marks(painter, shown, area)
        area.setRight(area.right() - extra)
        words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), words)
        painter.restore()

    def _paint_marks(self, painter: QPainter, shown: ShownRow, area: QRectF) -> int:
        names: list[str] = []
        if shown.row is not None and shown.row.is_pinned:
            names.append("pin")
        if shown.row is not None and shown.row.has_notes:
            names.append("message-square-text")
        for at, name in enumerate(names, start=1):
            square = QRect(round(area.right()) - 15 * at, round(area.center().y()) - 6, 12, 12)
            paint_icon(painter, name, square, Role.MUTED)
        return 16 * len(names)

    def mark_rect(self, rect: QRect, shown: ShownRow) -> QRect:
        """Return where the open-and-shut mark of a row can be clicked."""
        return QRect(rect.x() + shown.level * _INDENT, rect.y(), _MARK + 10, rect.height())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        shown = index.data(CellRole.ROW)
        level = shown.level if isinstance(shown, ShownRow) else 0
        editor.setGeometry(option.rect.adjusted(min(level, 8) * _INDENT + 14, 1, 0, -1))


class MomentDelegate(FlatPaint, ParsedDelegate):
    """Edits an instant as a date with an optional clock time."""

    def __init__(self, today: Callable[[], date], parent: QObject | None = None, *, may_be_empty: bool) -> None:
        super().__init__(lambda text: parse_moment(text, today()), moment_text, parent, may_be_empty=may_be_empty)


class FinishDelegate(MomentDelegate):
    """Edits a finish: what is typed is the last day worked."""

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        shown = index.data(CellRole.ROW)
        if isinstance(editor, QLineEdit) and isinstance(shown, ShownRow) and shown.row is not None:
            row = shown.row
            at_midnight = row.finish % 1440 == 0 and row.finish > row.start
            editor.setText(moment_text(row.finish - 1 - 1439 if at_midnight else row.finish))
            editor.selectAll()


class OwnerDelegate(FlatPaint, CellDelegate):
    """Chooses a person, or takes a typed name for somebody who is not one of the workspace."""

    def __init__(self, names: Callable[[], Sequence[str]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._names = names

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        editor = QComboBox(parent)
        editor.setEditable(True)
        editor.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        editor.addItems(list(self._names()))
        editor.setAccessibleName(_("Owner"))
        editor.setMinimumWidth(110)
        editor.activated.connect(lambda _number: self._finish(editor))
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        rect = option.rect
        editor.setGeometry(rect.x(), rect.y(), max(rect.width(), 110), rect.height())

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        if isinstance(editor, QComboBox):
            editor.setCurrentText(str(index.data(CellRole.VALUE) or ""))
            line = editor.lineEdit()
            if line is not None:
                line.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        if isinstance(editor, QComboBox):
            model.setData(index, editor.currentText().strip(), Qt.ItemDataRole.EditRole)

    def _finish(self, editor: QComboBox) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)


class TaskTable(DataTable):
    """The left half of the window.

    Signals:
        toggled(str): a summary or heading is to be opened or shut, by its key.
        rows_dropped(str, str): a row was dragged onto the lower edge of another, by their keys.
    """

    toggled = Signal(str)
    rows_dropped = Signal(str, str)

    def __init__(
        self,
        model: TaskTableModel,
        *,
        state: ViewState,
        today: Callable[[], date],
        owners: Callable[[], Sequence[str]],
        minutes_per_day: int,
        copied: Callable[[], str],
    ) -> None:
        super().__init__(key="gantt.table", state=state, row_height=GANTT_ROW_HEIGHT, accessible_name=_("Tasks"))
        self._copied = copied
        self._names = NameDelegate(self)
        self._press: QPoint | None = None
        self._dragged: str | None = None
        self._drop_number: int | None = None
        self.set_delegate("name", self._names)
        self.set_delegate("owner", OwnerDelegate(owners, self))
        self.set_delegate("start", MomentDelegate(today, self, may_be_empty=False))
        self.set_delegate("finish", FinishDelegate(today, self, may_be_empty=False))
        self.set_delegate("deadline", MomentDelegate(today, self, may_be_empty=True))
        for key in ("number", "predecessors", "stage"):
            self.set_delegate(key, FlatTextDelegate(self))
        self.set_delegate("progress", FlatPercentDelegate(self))
        for key in ("duration", "float", "slip"):
            self.set_delegate(key, FlatDurationDelegate(minutes_per_day, self))
        header = self.horizontalHeader()
        header.setSectionsMovable(True)
        self.set_model(model)
        self._name_column = model.column_number("name")
        header.setSectionResizeMode(self._name_column, QHeaderView.ResizeMode.Interactive)
        header.sectionResized.connect(self._on_section_resized)
        model.rows_leaving.connect(self._on_rows_leaving)
        header.setMinimumHeight(HEADER_HEIGHT)
        header.setFixedHeight(HEADER_HEIGHT)
        header.setSectionsClickable(True)
        self.setHorizontalScrollBar(QuietScrollBar(Qt.Orientation.Horizontal))
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)

    def fit_contents(self) -> None:
        """Widen numbers and dates that would be cut short: of long plans, and of tasks that go by the clock."""
        model: Any = self.model()
        count = len(model.rows)
        rows = range(0, count, max(1, count // _MOST_MEASURED))
        for key in ("number", "start", "finish"):
            column = model.column_number(key)
            font = model.index(0, column).data(Qt.ItemDataRole.FontRole) if count else None
            if font is None or self.isColumnHidden(column):
                continue
            metrics = QFontMetrics(font)
            words = {str(model.index(row, column).data() or "") for row in rows}
            needed = max(metrics.horizontalAdvance(one) for one in words) + 2 * _PADDING + 2
            if needed > self.columnWidth(column):
                self.setColumnWidth(column, min(needed, _WIDEST_FITTED))

    def fit_names(self) -> None:
        """Let the names have the room the other columns leave, and never less than makes them readable."""
        header = self.horizontalHeader()
        others = header.length() - header.sectionSize(self._name_column)
        width = max(_LEAST_NAME, self.viewport().width() - others)
        if width != header.sectionSize(self._name_column):
            header.resizeSection(self._name_column, width)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_names()

    @Slot(int, int, int)
    def _on_section_resized(self, section: int, _old: int, _new: int) -> None:
        if section != self._name_column:
            self.fit_names()

    def selected_rows(self) -> tuple[ShownRow, ...]:
        """Return the selected rows from top to bottom; quick, as ten thousand may be selected."""
        model, selection = self.model(), self.selectionModel()
        if not isinstance(model, TaskTableModel) or selection is None:
            return ()
        spans: Any = selection.selection()
        numbers = {row for span in spans for row in range(span.top(), span.bottom() + 1)}
        return tuple(model.rows[number] for number in sorted(numbers))

    def table_text(self) -> str:
        """Return the selected rows as a spreadsheet takes them."""
        return self._copied()

    def edit_name(self, key: str) -> None:
        """Open the editor of a row's name."""
        self.edit_cell(key, "name")

    def edit_cell(self, key: str, column: str) -> None:
        """Open the editor of a cell."""
        model: Any = self.model()
        index = model.index_of(key, model.column_number(column))
        if index.isValid() and not self.isColumnHidden(index.column()):
            self.finish_editing()
            self.scrollTo(index)
            self.setCurrentIndex(index)
            self.edit(index)

    def finish_editing(self) -> None:
        """Take over what is being typed, as when the user goes on elsewhere."""
        if self.state() != self.State.EditingState:
            return
        for editor in self._open_editors():
            self.commitData(editor)
            self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.NoHint)

    def _open_editors(self) -> list[QWidget]:
        found = self.viewport().findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return [one for one in found if one.isVisible() and isinstance(one, QLineEdit | QComboBox)]

    @Slot(int, int)
    def _on_rows_leaving(self, first: int, last: int) -> None:
        if self.state() == self.State.EditingState and first <= self.currentIndex().row() <= last:
            for editor in self._open_editors():
                self.closeEditor(editor, QAbstractItemDelegate.EndEditHint.RevertModelCache)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        shown = index.data(CellRole.ROW) if index.isValid() else None
        if isinstance(shown, ShownRow) and event.button() == Qt.MouseButton.LeftButton:
            model: Any = self.model()
            mark = self._names.mark_rect(self.visualRect(index), shown)
            on_mark = index.column() == model.column_number("name") and mark.contains(event.position().toPoint())
            if shown.is_open is not None and on_mark:
                self.toggled.emit(shown.key)
                return
            if model.columns[index.column()].key == "number" and shown.row is not None:
                self._press, self._dragged = event.position().toPoint(), shown.key
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None and self._press is not None:
            if (event.position().toPoint() - self._press).manhattanLength() > 8:
                self._drop_number = self.rowAt(round(event.position().y()))
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
                self.viewport().update()
            return
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, number = self._dragged, self._drop_number
        self._dragged = self._press = self._drop_number = None
        self.viewport().unsetCursor()
        self.viewport().update()
        model: Any = self.model()
        if dragged is not None and number is not None and 0 <= number < len(model.rows):
            target = model.rows[number]
            if target.key != dragged and target.row is not None:
                self.rows_dropped.emit(dragged, target.key)
            return
        super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        shown = index.data(CellRole.ROW) if index.isValid() else None
        folds = {Qt.Key.Key_Left: True, Qt.Key.Key_Right: False}
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if isinstance(shown, ShownRow) and plain and shown.is_open is not None:
            wanted = folds.get(Qt.Key(event.key()))
            if wanted is not None and shown.is_open is wanted:
                self.toggled.emit(shown.key)
                return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Fill the ground first: an opaque surface is shifted when it scrolls, and only what is new is painted."""
        ground = QPainter(self.viewport())
        ground.fillRect(event.rect(), theme().color(Role.SURFACE))
        ground.end()
        super().paintEvent(event)
        if self._drop_number is not None and self._drop_number >= 0:
            y = self.rowViewportPosition(self._drop_number) + self.rowHeight(self._drop_number)
            painter = QPainter(self.viewport())
            painter.fillRect(0, y - 2, self.viewport().width(), 2, theme().color(Role.ACCENT))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()
        return super().viewportEvent(event)


__all__ = ["HEADER_HEIGHT", "TaskTable", "TypedMoment"]

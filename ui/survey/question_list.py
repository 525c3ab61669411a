"""The questions in order: number, text, kind, where their answers lead; dragged to another place with the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.survey import kind_words
from qihua_desktop.i18n import _
from qihua_desktop.services.survey import SurveyView
from ui.common.columns import CellRole, Column
from ui.common.icons import paint_icon
from ui.common.models import RowsModel
from ui.common.theme import SECONDARY_SIZE, Role, theme

_ROW_HEIGHT: Final = 57
_NUMBER_LEFT: Final = 14
_TEXT_LEFT: Final = 46
_GRIP: Final = 30
_EDGE: Final = 24
_LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A line of the list."""

    id: EntityId
    number: str
    text: str
    kind: str
    leads: str
    required: bool
    faulty: bool


def question_rows(view: SurveyView, faulty: frozenset[bytes]) -> tuple[QuestionRow, ...]:
    """Return the lines of a questionnaire."""
    return tuple(
        QuestionRow(
            question.id,
            view.label(question.id),
            question.text,
            kind_words(question),
            view.route_words(question.id),
            question.required,
            question.id in faulty,
        )
        for question in view.questions
    )


class QuestionModel(RowsModel[QuestionRow]):
    """The lines as an item model; what a screen reader says holds all of a line."""

    def __init__(self, parent: Any = None) -> None:
        columns = (Column[QuestionRow]("text", _("Question"), _spoken, tool_tip=lambda row: row.text),)
        super().__init__(columns, lambda row: row.id, parent=parent)


def _spoken(row: QuestionRow) -> str:
    return ", ".join(part for part in (row.number, row.text[:_LONGEST], row.kind, row.leads) if part)


class _RowDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: QuestionRow = index.data(CellRole.ROW)
        area: QRect = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        if selected or hovered:
            painter.fillRect(area, theme().color(Role.ACCENT_BG if selected else Role.HOVER))
        painter.fillRect(QRect(area.x(), area.bottom(), area.width(), 1), theme().color(Role.LINE_SOFT))
        if selected:
            painter.fillRect(QRect(area.x(), area.y(), 3, area.height()), theme().color(Role.ACCENT))
        self._paint_words(painter, area, row)
        self._paint_grip(painter, area)
        painter.restore()

    @staticmethod
    def _paint_words(painter: QPainter, area: QRect, row: QuestionRow) -> None:
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.setFont(theme().font(bold=True))
        painter.setPen(theme().color(Role.TEXT))
        number = painter.fontMetrics().horizontalAdvance(row.number)
        left = max(area.x() + _TEXT_LEFT, area.x() + _NUMBER_LEFT + number + 10)
        room = area.right() - _GRIP - left - (22 if row.faulty else 0)
        painter.drawText(QRect(area.x() + _NUMBER_LEFT, area.y() + 8, number + 2, 20), flags, row.number)
        painter.setFont(theme().font())
        metrics = painter.fontMetrics()
        words = metrics.elidedText(" ".join(row.text[:_LONGEST].split()), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, area.y() + 8, room, 20), flags, words)
        painter.setFont(theme().font(SECONDARY_SIZE))
        painter.setPen(theme().color(Role.MUTED))
        second = row.kind + (f"   ↳ {row.leads}" if row.leads else "")
        words = painter.fontMetrics().elidedText(second, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, area.y() + 29, room, 18), flags, words)
        if row.faulty:
            paint_icon(painter, "circle-alert", QRect(area.right() - _GRIP - 18, area.y() + 11, 15, 15), Role.BAD)

    @staticmethod
    def _paint_grip(painter: QPainter, area: QRect) -> None:
        paint_icon(painter, "grip-vertical", QRect(area.right() - 25, area.y() + 10, 15, 15), Role.FAINT)


class QuestionList(QListView):
    """Shows the questions; the selected one is edited beside.

    Signals:
        question_selected(object): the id of another question, or None.
        question_moved(object, int): a question was dragged to a place among the others.
        context_requested(QPoint): a menu is wanted there.
    """

    question_selected = Signal(object)
    question_moved = Signal(object, int)
    context_requested = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.rows = QuestionModel(self)
        self.setModel(self.rows)
        self.setItemDelegate(_RowDelegate(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(_("Questions"))
        self.movable = True
        self._pressed: QPoint | None = None
        self._dragged: EntityId | None = None
        self._gap: int | None = None
        self._quiet = False
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def show_rows(self, rows: tuple[QuestionRow, ...], selected: EntityId | None) -> None:
        """Show other lines and select one without telling anybody."""
        self._quiet = True
        self.rows.set_rows(rows)
        self.select(selected)
        self._quiet = False

    def select(self, question_id: EntityId | None) -> None:
        """Select a question, or none."""
        index = self.rows.index_of(question_id) if question_id is not None else QModelIndex()
        if not index.isValid():
            self.selectionModel().clear()
        elif index != self.currentIndex() or not self.selectionModel().isSelected(index):
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def selected_id(self) -> EntityId | None:
        """Return the selected question."""
        row = self.rows.row_at(self.currentIndex())
        return row.id if row is not None and self.selectionModel().isSelected(self.currentIndex()) else None

    def is_dragging(self) -> bool:
        """Return whether a question is being dragged."""
        return self._dragged is not None

    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._quiet:
            row = self.rows.row_at(current)
            self.question_selected.emit(row.id if row is not None else None)

    def _gap_at(self, y: int) -> int:
        return max(0, min(self.rows.rowCount(), round((y + self.verticalScrollBar().value()) / _ROW_HEIGHT)))

    def _end_drag(self) -> None:
        self._pressed, self._dragged, self._gap = None, None, None
        self.viewport().unsetCursor()
        self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint() if event.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        held = bool(event.buttons() & Qt.MouseButton.LeftButton) and self._pressed is not None
        if not held:
            super().mouseMoveEvent(event)
            return
        far = (place - self._pressed).manhattanLength() >= QApplication.startDragDistance()  # type: ignore[operator]
        if self._dragged is None and far and self.movable:
            row = self.rows.row_at(self.indexAt(self._pressed))  # type: ignore[arg-type]
            self._dragged = row.id if row is not None else None
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._dragged is not None:
            bar = self.verticalScrollBar()
            if place.y() < _EDGE:
                bar.setValue(bar.value() - _EDGE)
            elif place.y() > self.viewport().height() - _EDGE:
                bar.setValue(bar.value() + _EDGE)
            self._gap = self._gap_at(place.y())
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragged, gap = self._dragged, self._gap
        self._end_drag()
        super().mouseReleaseEvent(event)
        if dragged is None or gap is None:
            return
        at = self.rows.index_of(dragged).row()
        index = gap - 1 if gap > at else gap
        if at >= 0 and index != at:
            self.question_moved.emit(dragged, index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._dragged is not None:
            self._end_drag()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selected_id() is not None:
            self.context_requested.emit(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._gap is not None:
            painter = QPainter(self.viewport())
            y = self._gap * _ROW_HEIGHT - self.verticalScrollBar().value()
            painter.fillRect(QRect(6, max(0, y - 1), self.viewport().width() - 12, 2), theme().color(Role.ACCENT))

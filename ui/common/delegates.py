"""How cells are drawn and edited: chips, bars, and editors that read what people type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
    QWidget,
)

from qihua_desktop.domain.dates import parse_date
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import date_text, duration_text, money_text, percent_exact
from qihua_desktop.domain.parsing import parse_duration, parse_money, parse_number, parse_percent
from qihua_desktop.i18n import _

from .chips import Tone, chip_width, paint_chip
from .columns import CellKind, CellRole, Column
from .controls import paint_progress
from .labels import tool_tip_text
from .theme import CHIP_HEIGHT, ROW_HEIGHT, SECONDARY_SIZE, Role, theme

AnyIndex = QModelIndex | QPersistentModelIndex
_MARGIN = 8


class CellDelegate(QStyledItemDelegate):
    """The ground of all delegates: literal text, one row height."""

    def __init__(self, parent: QObject | None = None, *, row_height: int = ROW_HEIGHT) -> None:
        super().__init__(parent)
        self.row_height = row_height

    def paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """Draw a cell's selection and lines without its text."""
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        plain.text = ""
        style = plain.widget.style() if plain.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, plain.widget)

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), self.row_height)


class ChipDelegate(CellDelegate):
    """Shows a status word as a chip in its tone."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        self.paint_ground(painter, option, index)
        text = index.data(Qt.ItemDataRole.DisplayRole)
        if not text:
            return
        painter.save()
        painter.setFont(theme().font(SECONDARY_SIZE))
        area = option.rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        width = min(area.width(), chip_width(painter.fontMetrics(), text))
        top = area.y() + (area.height() - CHIP_HEIGHT) / 2
        paint_chip(painter, QRectF(area.x(), top, width, CHIP_HEIGHT), text, index.data(CellRole.TONE) or Tone.NEUTRAL)
        painter.restore()


class ProgressDelegate(CellDelegate):
    """Shows a share as a bar and a number; the value is in basis points."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        self.paint_ground(painter, option, index)
        value = index.data(CellRole.VALUE)
        if value is None:
            return
        painter.save()
        area = QRectF(option.rect).adjusted(_MARGIN, 0, -_MARGIN, 0)
        painter.setFont(theme().font(SECONDARY_SIZE, tabular=True))
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        words = painter.fontMetrics().horizontalAdvance(text)
        bar = min(64.0, area.width() - words - 6)
        if bar > 12:
            paint_progress(painter, QRectF(area.x(), area.center().y() - 3, bar, 6), int(value))
        else:
            bar = -6
        painter.setPen(theme().color(Role.TEXT_SOFT))
        place = area.adjusted(bar + 6, 0, 0, 0)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text)
        painter.restore()


class ParsedDelegate(CellDelegate):
    """Edits a native value as text. What cannot be read keeps the editor open and says why."""

    def __init__(
        self,
        parse: Callable[[str], Any],
        text: Callable[[Any], str],
        parent: QObject | None = None,
        *,
        may_be_empty: bool = True,
    ) -> None:
        super().__init__(parent)
        self._parse = parse
        self._text = text
        self._may_be_empty = may_be_empty

    def read(self, text: str) -> Any:
        """Return the value of a text, None for an empty one. Raises InputError."""
        if not text.strip():
            if self._may_be_empty:
                return None
            raise InputError(_("Something has to be entered here."))
        return self._parse(text)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setMaxLength(10_000)
        editor.setFrame(False)
        editor.setFont(theme().font(tabular=True))
        alignment = index.data(Qt.ItemDataRole.TextAlignmentRole)
        editor.setAlignment(Qt.AlignmentFlag(alignment) if alignment is not None else Qt.AlignmentFlag.AlignLeft)
        editor.setAccessibleName(str(index.model().headerData(index.column(), Qt.Orientation.Horizontal) or ""))
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        if isinstance(editor, QLineEdit):
            value = index.data(CellRole.VALUE)
            editor.setText("" if value is None else self._text(value))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        if not isinstance(editor, QLineEdit):
            return
        try:
            value = self.read(editor.text())
        except InputError:
            return
        model.setData(_plain_index(index), value, Qt.ItemDataRole.EditRole)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        leaving = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
        if (
            isinstance(editor, QLineEdit)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in leaving
        ):
            try:
                self.read(editor.text())
            except InputError as error:
                _show_problem(editor, error)
                return True
        return super().eventFilter(editor, event)


class TextDelegate(ParsedDelegate):
    """Edits a text of limited length; ``validate`` raises InputError with what is wrong."""

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        max_length: int = 200,
        validate: Callable[[str], str] | None = None,
        may_be_empty: bool = True,
    ) -> None:
        super().__init__(validate or str.strip, str, parent, may_be_empty=may_be_empty)
        self._max_length = max_length

    def read(self, text: str) -> Any:
        """Return the text, stripped, or what ``validate`` makes of it."""
        if len(text) > self._max_length:
            raise InputError(_("At most {count} characters fit here.").format(count=self._max_length))
        value = super().read(text)
        return "" if value is None else value


class MoneyDelegate(ParsedDelegate):
    """Edits fen as yuan."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parse_money, money_text, parent)


class PercentDelegate(ParsedDelegate):
    """Edits basis points as percent."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parse_percent, percent_exact, parent)


class NumberDelegate(ParsedDelegate):
    """Edits whole numbers."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(_whole_number, str, parent)


class DateDelegate(ParsedDelegate):
    """Edits dates as people type them."""

    def __init__(self, parent: QObject | None = None, *, today: Callable[[], date] = date.today) -> None:
        super().__init__(lambda text: parse_date(text, today()), date_text, parent)


class DurationDelegate(ParsedDelegate):
    """Edits minutes as working days, hours, weeks."""

    def __init__(self, minutes_per_day: int = 480, parent: QObject | None = None) -> None:
        super().__init__(
            lambda text: parse_duration(text, minutes_per_day),
            lambda value: duration_text(value, minutes_per_day),
            parent,
        )


class ChoiceDelegate(CellDelegate):
    """Edits by choosing; ``choices(row)`` returns (value, text) pairs."""

    def __init__(self, choices: Callable[[Any], Sequence[tuple[Any, str]]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._choices = choices

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        editor = QComboBox(parent)
        for value, text in self._choices(index.data(CellRole.ROW)):
            editor.addItem(text, value)
        editor.activated.connect(lambda _number: self._finish(editor))
        return editor

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        if isinstance(editor, QComboBox):
            value = index.data(CellRole.VALUE)
            values = [choice for choice, _text in self._choices(index.data(CellRole.ROW))]
            editor.setCurrentIndex(values.index(value) if value in values else -1)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        if isinstance(editor, QComboBox) and editor.currentIndex() >= 0:
            value = self._choices(index.data(CellRole.ROW))[editor.currentIndex()][0]
            model.setData(_plain_index(index), value, Qt.ItemDataRole.EditRole)

    def _finish(self, editor: QComboBox) -> None:
        self.commitData.emit(editor)
        self.closeEditor.emit(editor)


def delegate_for(column: Column[Any], parent: QObject) -> CellDelegate:
    """Return the delegate that suits a column's kind."""
    match column.kind:
        case CellKind.CHIP:
            return ChipDelegate(parent)
        case CellKind.PROGRESS:
            return ProgressDelegate(parent)
        case CellKind.MONEY:
            return MoneyDelegate(parent)
        case CellKind.PERCENT:
            return PercentDelegate(parent)
        case CellKind.DATE:
            return DateDelegate(parent)
        case CellKind.DURATION:
            return DurationDelegate(column.minutes_per_day, parent)
        case CellKind.NUMBER:
            return NumberDelegate(parent)
        case CellKind.TEXT:
            return TextDelegate(parent)
        case CellKind.CHECK:
            return CellDelegate(parent)


def _plain_index(index: AnyIndex) -> QModelIndex:
    return index if isinstance(index, QModelIndex) else index.model().index(index.row(), index.column(), index.parent())


def _whole_number(text: str) -> int:
    value = parse_number(text)
    if value != value.to_integral_value() or abs(value) > 10**12:
        raise InputError(_("A whole number is wanted here."))
    return int(value)


def _show_problem(editor: QLineEdit, error: InputError) -> None:
    editor.setProperty("problem", True)
    editor.style().unpolish(editor)
    editor.style().polish(editor)
    words = f"{error.message}\n{error.advice}" if error.advice else error.message
    editor.setAccessibleDescription(words)
    QToolTip.showText(editor.mapToGlobal(editor.rect().bottomLeft()), tool_tip_text(words), editor)

"""How cells of the allocation table are drawn and edited: figures are checked while the editor is still open."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QCompleter, QLineEdit, QStyleOptionViewItem, QToolTip, QWidget

from qihua_desktop.domain.budget import LineLock
from qihua_desktop.domain.errors import InputError, QihuaError
from qihua_desktop.domain.formatting import money_text, percent_exact
from qihua_desktop.domain.parsing import parse_money, parse_number, parse_percent
from qihua_desktop.i18n import _
from ui.common.chips import CHIP_HEIGHT, Tone, chip_width, paint_chip
from ui.common.columns import CellRole
from ui.common.delegates import CellDelegate, ParsedDelegate, ProgressDelegate, TextDelegate
from ui.common.icons import paint_icon
from ui.common.labels import tool_tip_text
from ui.common.theme import SECONDARY_SIZE, Role, theme

from .columns import line_role, lock_icon, quantity_text, shows_bar
from .rows import BudgetRow
from .tabs import problem_words

Check = Callable[[BudgetRow, str, Any], None]
AnyIndex = QModelIndex | QPersistentModelIndex
_LEAVING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_LONGEST_DRAWN = 300
_SWATCH = 9


@dataclass(frozen=True, slots=True)
class TypedShare:
    """A percentage typed where an amount is shown."""

    basis_points: int


@dataclass(frozen=True, slots=True)
class TypedAmount:
    """An amount typed where a percentage is shown."""

    fen: int


def read_amount(text: str) -> int | TypedShare:
    """Read an amount, or a share when the text ends like one."""
    if unicodedata.normalize("NFKC", text).strip().endswith(("%", "成", "‰")):
        return TypedShare(parse_percent(text))
    return parse_money(text)


def read_share(text: str) -> int | TypedAmount:
    """Read a share, or an amount when the text names a unit of money."""
    if any(mark in unicodedata.normalize("NFKC", text) for mark in ("元", "万", "亿", "¥")):
        return TypedAmount(parse_money(text))
    return parse_percent(text)


def read_quantity(text: str) -> int:
    """Read a quantity as thousandths."""
    value = parse_number(text) * 1000
    if value < 0 or value > 10**12:
        raise InputError(_("Price and quantity cannot be negative.") if value < 0 else _("The amount is too large."))
    return int(value.to_integral_value())


class FigureDelegate(ParsedDelegate):
    """Edits a figure; what the rules refuse keeps the editor open and says which locks are in the way."""

    def __init__(
        self,
        key: str,
        parse: Callable[[str], Any],
        text: Callable[[Any], str],
        check: Check,
        *,
        may_be_empty: bool = False,
    ) -> None:
        super().__init__(parse, text, may_be_empty=may_be_empty)
        self._key = key
        self._check = check
        self._row: BudgetRow | None = None

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        self._row = index.data(CellRole.ROW)
        return super().createEditor(parent, option, index)

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        if isinstance(editor, QLineEdit) and editor.isModified():
            return  # what is being typed outlives a refresh
        super().setEditorData(editor, index)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: AnyIndex) -> None:
        """Hand on what was typed; a share typed as it is shown may still move the amount by the fen it was rounded."""
        if self._key == "share" and isinstance(editor, QLineEdit) and editor.isModified():
            try:
                value = self.read(editor.text())
            except InputError:
                return
            typed = TypedShare(value) if isinstance(value, int) else value
            model.setData(model.index(index.row(), index.column(), index.parent()), typed, Qt.ItemDataRole.EditRole)
            return
        super().setModelData(editor, model, index)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if (
            isinstance(editor, QLineEdit)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in _LEAVING
            and self._row is not None
        ):
            try:
                value = self.read(editor.text())
                if editor.isModified():
                    self._check(self._row, self._key, value)
            except QihuaError as error:
                show_problem(editor, error)
                return True
        return super().eventFilter(editor, event)


class WordsDelegate(TextDelegate):
    """Edits a text; what is being typed outlives a refresh."""

    def setEditorData(self, editor: QWidget, index: AnyIndex) -> None:
        if not (isinstance(editor, QLineEdit) and editor.isModified()):
            super().setEditorData(editor, index)


class SupplierDelegate(WordsDelegate):
    """Edits a supplier by its name: those known are offered while typing, all of them with the Down key."""

    def __init__(self, names: Callable[[], list[str]], *, max_length: int) -> None:
        super().__init__(max_length=max_length)
        self._names = names

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: AnyIndex) -> QWidget:
        editor = super().createEditor(parent, option, index)
        if isinstance(editor, QLineEdit):
            completer = QCompleter(self._names(), editor)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.setMaxVisibleItems(10)
            editor.setCompleter(completer)
            editor.setPlaceholderText(_("Type, or Down to choose"))
        return editor

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if (
            isinstance(editor, QLineEdit)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and (completer := editor.completer()) is not None
            and not is_open(completer)
        ):
            completer.setCompletionPrefix("")
            completer.complete()
            return True
        return super().eventFilter(editor, event)


def is_open(completer: QCompleter) -> bool:
    """Whether the list of a completer is shown."""
    popup = completer.popup()
    return popup is not None and popup.isVisible()


class UseDelegate(ProgressDelegate):
    """Shows how much of a category is used as a bar, and why a line exceeds its budget as a chip."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        row: BudgetRow = index.data(CellRole.ROW)
        if shows_bar(row):
            super().paint(painter, option, index)
            return
        self.paint_ground(painter, option, index)
        words = index.data(Qt.ItemDataRole.DisplayRole) or ""
        if not words:
            return
        painter.save()
        painter.setFont(theme().font(SECONDARY_SIZE))
        area = QRectF(option.rect).adjusted(6, 0, -2, 0)
        width = min(area.width(), chip_width(painter.fontMetrics(), words))
        figures = row.facts.figures
        tone = Tone.BAD if figures is not None and (figures.beyond or row.facts.needs_reason) else Tone.WARN
        place = QRectF(area.x(), area.center().y() - CHIP_HEIGHT / 2, width, CHIP_HEIGHT)
        paint_chip(painter, place, words, tone)
        painter.restore()


class NameDelegate(WordsDelegate):
    """Draws a category's colour before its name and marks the reserve."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        self.paint_ground(painter, option, index)
        row: BudgetRow = index.data(CellRole.ROW)
        painter.save()
        area = QRectF(option.rect).adjusted(6, 0, -8, 0)
        if row.level == 0:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(line_role(row, index.row())))
            painter.drawRoundedRect(QRectF(area.x(), area.center().y() - _SWATCH / 2, _SWATCH, _SWATCH), 2, 2)
            area.setLeft(area.x() + _SWATCH + 8)
        words = " ".join(row.line.name[:_LONGEST_DRAWN].splitlines())
        room = 20 if row.line.is_reserve else 0
        painter.setFont(theme().font(bold=row.level == 0))
        painter.setPen(theme().color(Role.TEXT))
        metrics = painter.fontMetrics()
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(area.width()) - room)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
        if row.line.is_reserve:
            left = area.x() + metrics.horizontalAdvance(shown) + 6
            paint_icon(painter, "shield-check", QRect(int(left), int(area.center().y()) - 7, 14, 14), Role.MUTED)
        painter.restore()


class LockDelegate(CellDelegate):
    """Shows a lock; what is free stays faint, what is locked says what it keeps."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        self.paint_ground(painter, option, index)
        row: BudgetRow = index.data(CellRole.ROW)
        free = row.line.lock is LineLock.FREE
        painter.save()
        area = option.rect.adjusted(8, 0, -4, 0)
        place = QRect(area.x(), area.center().y() - 7, 15, 15)
        paint_icon(painter, lock_icon(row.line.lock), place, Role.FAINT if free else Role.TEXT_SOFT)
        painter.setFont(theme().font(SECONDARY_SIZE))
        painter.setPen(theme().color(Role.TEXT_SOFT))
        words = index.data(Qt.ItemDataRole.DisplayRole) or ""
        flags = int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
        painter.drawText(area.adjusted(20, 0, 0, 0), flags, words)
        painter.restore()


def figure_delegates(check: Check) -> dict[str, FigureDelegate]:
    """Return the delegates of the columns that hold figures."""
    return {
        "amount": FigureDelegate("amount", read_amount, money_text, check),
        "share": FigureDelegate("share", read_share, percent_exact, check),
        "unit_price": FigureDelegate("unit_price", parse_money, money_text, check, may_be_empty=True),
        "quantity": FigureDelegate("quantity", read_quantity, quantity_text, check, may_be_empty=True),
        "tax_rate": FigureDelegate("tax_rate", parse_percent, percent_exact, check, may_be_empty=True),
    }


def show_problem(editor: QLineEdit, error: QihuaError) -> None:
    """Mark an editor and say under it what is wrong."""
    words = problem_words(error)
    editor.setProperty("problem", True)
    editor.style().unpolish(editor)
    editor.style().polish(editor)
    editor.setAccessibleDescription(words)
    QToolTip.showText(editor.mapToGlobal(editor.rect().bottomLeft()), tool_tip_text(words), editor)

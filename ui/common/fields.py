"""Fields that read what people type: money, percent, durations, dates, long plain texts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QToolTip

from qihua_desktop.domain.dates import parse_date
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import date_long, duration_text, money_text, percent_exact
from qihua_desktop.domain.parsing import parse_duration, parse_money, parse_percent
from qihua_desktop.i18n import _

from .calendar_popup import CalendarPopup, DayMark
from .icons import set_icon
from .labels import set_tool_tip, tool_tip_text
from .theme import Role, theme

__all__ = ["DateEdit", "DayMark", "DurationEdit", "MoneyEdit", "ParsedEdit", "PercentEdit", "TextArea"]


class ParsedEdit(QLineEdit):
    """A field for one native value typed as text.

    Enter or leaving the field reads it; Escape brings the last value back; what cannot be read is marked, explained
    and stays as typed.

    Signals:
        value_changed(object): the user entered another value; None for an empty field.
    """

    value_changed = Signal(object)

    def __init__(
        self, parse: Callable[[str], Any], text: Callable[[Any], str], *, required: bool = False, placeholder: str = ""
    ) -> None:
        super().__init__()
        self._parse = parse
        self._text = text
        self._required = required
        self._value: Any = None
        self._problem = ""
        self.setMaxLength(200)
        self.setPlaceholderText(placeholder)
        self.setFont(theme().font(tabular=True))
        self.editingFinished.connect(self.commit)
        self.textEdited.connect(self._on_edited)

    def value(self) -> Any:
        """Return the last value that was read; what is being typed is read first, if it can be."""
        if self.isModified():
            self.commit()
        return self._value

    def set_value(self, value: Any) -> None:
        """Show a value without telling anybody."""
        self._value = value
        self.setText("" if value is None else self._text(value))
        self.setModified(False)
        self.setCursorPosition(0)
        self._show_problem("")

    def is_valid(self) -> bool:
        """Return whether the text can be read and is there if it has to be."""
        try:
            self._read()
        except InputError:
            return False
        return True

    def error_text(self) -> str:
        """Return what is wrong, an empty text when nothing is."""
        try:
            self._read()
        except InputError as error:
            return f"{error.message} {error.advice}".strip()
        return ""

    def require(self) -> Any:
        """Return the value. Raises InputError when it cannot be read or is missing."""
        self._value = self._read()
        return self._value

    @Slot()
    def commit(self) -> None:
        """Read the text now."""
        try:
            value = self._read()
        except InputError as error:
            self._show_problem(f"{error.message}\n{error.advice}".strip())
            return
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.value_changed.emit(value)

    def _read(self) -> Any:
        text = self.text().strip()
        if not text:
            if self._required:
                raise InputError(_("Something has to be entered here."))
            return None
        if not self.isModified() and self._value is not None and text == self._text(self._value).strip():
            return self._value
        return self._parse(text)

    def _show_problem(self, text: str) -> None:
        had, self._problem = self._problem, text
        self.setAccessibleDescription(text)
        if bool(had) != bool(text):
            self.setProperty("problem", bool(text))
            self.style().unpolish(self)
            self.style().polish(self)
        self.setToolTip(tool_tip_text(text))
        if text and self.isVisible():
            QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), tool_tip_text(text), self)

    @Slot()
    def _on_edited(self) -> None:
        if self._problem:
            self._show_problem("")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and (self.isModified() or self._problem):
            self.set_value(self._value)
            self.selectAll()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.selectAll()


class MoneyEdit(ParsedEdit):
    """An amount in yuan, held as fen: ``1,234.50``, ``60万``, ``1200*3``."""

    fen_changed = Signal(object)

    def __init__(self, *, required: bool = False, placeholder: str = "0.00") -> None:
        super().__init__(parse_money, money_text, required=required, placeholder=placeholder)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.value_changed.connect(self.fen_changed)

    def fen(self) -> int | None:
        """Return the amount in fen, None when empty."""
        return self.value()

    def set_fen(self, fen: int | None) -> None:
        """Show an amount."""
        self.set_value(fen)


class PercentEdit(ParsedEdit):
    """A percentage, held in basis points."""

    basis_points_changed = Signal(object)

    def __init__(self, *, required: bool = False, placeholder: str = "%") -> None:
        super().__init__(parse_percent, percent_exact, required=required, placeholder=placeholder)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.value_changed.connect(self.basis_points_changed)

    def basis_points(self) -> int | None:
        """Return the share in basis points, None when empty."""
        return self.value()

    def set_basis_points(self, basis_points: int | None) -> None:
        """Show a share."""
        self.set_value(basis_points)


class DurationEdit(ParsedEdit):
    """A working duration, held in minutes: ``3天``, ``2周``, ``4h``."""

    minutes_changed = Signal(object)

    def __init__(self, minutes_per_day: int = 480, *, required: bool = False, allow_negative: bool = False) -> None:
        super().__init__(
            lambda text: parse_duration(text, minutes_per_day, allow_negative=allow_negative),
            lambda minutes: duration_text(minutes, minutes_per_day),
            required=required,
            placeholder=_("e.g. 3d, 4h, 2w"),
        )
        self.value_changed.connect(self.minutes_changed)

    def minutes(self) -> int | None:
        """Return the duration in minutes, None when empty."""
        return self.value()

    def set_minutes(self, minutes: int | None) -> None:
        """Show a duration."""
        self.set_value(minutes)


class DateEdit(ParsedEdit):
    """A date, typed in any customary way or picked from a month whose weeks begin on Monday.

    Down opens the month; Ctrl+Up and Ctrl+Down go a day on or back.
    """

    date_changed = Signal(object)

    def __init__(self, *, required: bool = False, today: Callable[[], date] = date.today) -> None:
        super().__init__(
            lambda text: parse_date(text, today()),
            date_long,
            required=required,
            placeholder=_("e.g. 9/19, next monday"),
        )
        self._today = today
        self._marks: dict[date, DayMark] = {}
        self._popup: CalendarPopup | None = None
        self._open = QAction(_("Pick a date"), self)
        set_icon(self._open, "calendar-days", Role.MUTED)
        self._open.triggered.connect(self.open_calendar)
        self.addAction(self._open, QLineEdit.ActionPosition.TrailingPosition)
        self.value_changed.connect(self.date_changed)
        self.setMinimumWidth(168)

    def date(self) -> date | None:
        """Return the date, None when empty."""
        return self.value()

    def set_date(self, day: date | None) -> None:
        """Show a date."""
        self.set_value(day)

    def set_marks(self, marks: dict[date, DayMark]) -> None:
        """Say which days are holidays, moved working days or days of the project; the calendar shows them."""
        self._marks = dict(marks)

    @Slot()
    def open_calendar(self) -> None:
        """Show the month."""
        if self._popup is None:
            self._popup = CalendarPopup(self)
            self._popup.picked.connect(self._on_picked)
        self._popup.show_below(self, self._value or self._today(), today=self._today(), marks=self._marks)

    @Slot(object)
    def _on_picked(self, day: date) -> None:
        changed = day != self._value
        self.set_value(day)
        if changed:
            self.value_changed.emit(day)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Down and not control:
            self.open_calendar()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and control and self._value is not None:
            step = 1 if event.key() == Qt.Key.Key_Up else -1
            self._on_picked(date.fromordinal(self._value.toordinal() + step))
        else:
            super().keyPressEvent(event)


class TextArea(QPlainTextEdit):
    """Several lines of plain text; Tab leaves it.

    Signals:
        text_committed(str): the field was left with another text.
    """

    text_committed = Signal(str)

    def __init__(self, *, placeholder: str = "", max_length: int = 10_000, lines: int = 4) -> None:
        super().__init__()
        self._max_length = max_length
        self._before = ""
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self._lines = lines
        self.setMinimumHeight(min(lines, 3) * 20 + 12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def text(self) -> str:
        """Return the text, cut at the longest length allowed."""
        return self.toPlainText()[: self._max_length]

    def set_text(self, text: str) -> None:
        """Show a text without telling anybody."""
        self._before = text
        self.setPlainText(text)

    def set_note(self, text: str) -> None:
        """Say in a tool tip what belongs here."""
        set_tool_tip(self, text)

    def sizeHint(self) -> QSize:
        return QSize(240, self._lines * 20 + 12)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.text() != self._before:
            self._before = self.text()
            self.text_committed.emit(self._before)

"""What a respondent answers with, one field per kind of question, on trial runs and in the editor's picture."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.parsing import parse_number
from qihua_desktop.domain.survey import Option, Question, QuestionKind
from qihua_desktop.domain.survey_logic import Answer, Key
from qihua_desktop.i18n import _
from ui.common.fields import DateEdit
from ui.common.theme import SPACE_1, SPACE_2, Role, theme
from ui.common.widgets import Elide, PlainLabel

from .wrapped_button import ChoiceButton

_KEYED: Final = 9


class AnswerField(QWidget):
    """The ground of all fields.

    Signals:
        changed: another answer.
        submitted: Enter was pressed in a text.
    """

    changed = Signal()
    submitted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_1)

    def set_spacing(self, spacing: int) -> None:
        """Set the distance between answers."""
        self._column.setSpacing(spacing)

    def value(self) -> Answer | None:
        """Return the answer, None when nothing was answered; what cannot be read is handed on as text."""
        return None

    def set_value(self, answer: Answer | None) -> None:
        """Show an answer given before."""

    def take_digit(self, digit: int) -> bool:
        """Answer by a digit key; False when it means nothing here."""
        return False

    def first(self) -> QWidget | None:
        """Return what gets the focus first, None when keys shall go to the window."""
        return None

    def types_text(self) -> bool:
        """Return whether digits and Backspace belong to a text."""
        return False


class ChoiceField(AnswerField):
    """Single and multiple choice."""

    def __init__(self, question: Question, options: Sequence[Option], *, large: bool) -> None:
        super().__init__()
        self._single = question.kind is QuestionKind.SINGLE
        self._options = tuple(options)
        self._last_digit: int | None = None
        self.buttons: dict[Key, ChoiceButton] = {}
        self.texts: dict[Key, QLineEdit] = {}
        for number, option in enumerate(options, 1):
            button = ChoiceButton(
                option.label, single=self._single, digit=number if number <= _KEYED else None, large=large
            )
            button.clicked.connect(lambda _checked=False, key=option.id: self._on_clicked(key))
            self.buttons[option.id] = button
            self._column.addWidget(button)
            if option.with_text:
                text = QLineEdit()
                text.setPlaceholderText(_("Please specify"))
                text.setAccessibleName(_("Please specify"))
                text.setMaxLength(1_000)
                text.hide()
                self.texts[option.id] = text
                self._column.addWidget(text)

    def value(self) -> Answer | None:
        return frozenset(key for key, button in self.buttons.items() if button.isChecked()) or None

    def set_value(self, answer: Answer | None) -> None:
        chosen = answer if isinstance(answer, frozenset) else frozenset[Key]()
        self._choose(set(chosen))

    def take_digit(self, digit: int) -> bool:
        place = digit
        if self._single and self._last_digit is not None and self._last_digit * 10 + digit <= len(self._options):
            place = self._last_digit * 10 + digit
        if not 1 <= place <= len(self._options):
            return False
        self._last_digit = place
        button = self.buttons[self._options[place - 1].id]
        button.setChecked(True if self._single else not button.isChecked())
        self._on_clicked(self._options[place - 1].id)
        return True

    def first(self) -> QWidget | None:
        chosen = [button for button in self.buttons.values() if button.isChecked()]
        return next(iter([*chosen, *self.buttons.values()]), None)

    def _on_clicked(self, key: Key) -> None:
        chosen = {one for one, button in self.buttons.items() if button.isChecked()}
        if self._single:
            chosen = {key}
        elif key in chosen:
            exclusive = {option.id for option in self._options if option.exclusive}
            chosen = {key} if key in exclusive else chosen - exclusive
        self._choose(chosen)
        self.changed.emit()

    def _choose(self, chosen: set[Key]) -> None:
        for key, button in self.buttons.items():
            button.setChecked(key in chosen)
        for key, text in self.texts.items():
            text.setVisible(key in chosen)


class RankingField(AnswerField):
    """Puts options into an order: each press gives the next rank, another one takes it back."""

    def __init__(self, options: Sequence[Option], *, large: bool) -> None:
        super().__init__()
        self._options = tuple(options)
        self._order: list[Key] = []
        self.buttons: dict[Key, ChoiceButton] = {}
        for number, option in enumerate(options, 1):
            button = ChoiceButton(option.label, single=False, digit=number if number <= _KEYED else None, large=large)
            button.clicked.connect(lambda _checked=False, key=option.id: self._on_clicked(key))
            self.buttons[option.id] = button
            self._column.addWidget(button)

    def value(self) -> Answer | None:
        return tuple(self._order) or None

    def set_value(self, answer: Answer | None) -> None:
        self._order = [key for key in answer if key in self.buttons] if isinstance(answer, tuple) else []
        self._show()

    def take_digit(self, digit: int) -> bool:
        if not 1 <= digit <= len(self._options):
            return False
        self._on_clicked(self._options[digit - 1].id)
        return True

    def first(self) -> QWidget | None:
        return next(iter(self.buttons.values()), None)

    def _on_clicked(self, key: Key) -> None:
        if key in self._order:
            self._order.remove(key)
        else:
            self._order.append(key)
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        for key, button in self.buttons.items():
            button.setChecked(key in self._order)
            button.rank = self._order.index(key) + 1 if key in self._order else None
            button.update()


class _ScaleButton(QAbstractButton):
    def __init__(self, number: int, *, large: bool) -> None:
        super().__init__()
        self.number = number
        self._large = large
        self.setCheckable(True)
        self.setAccessibleName(str(number))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(56)

    def sizeHint(self) -> QSize:
        return QSize(40, 40) if self._large else QSize(34, 30)

    def minimumSizeHint(self) -> QSize:
        return QSize(22, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        edge = Role.ACCENT if chosen or self.hasFocus() else Role.LINE_STRONG
        painter.setPen(QPen(theme().color(edge), 1.6 if self.hasFocus() else 1.0))
        ground = Role.ACCENT if chosen else Role.HOVER if self.underMouse() else Role.SURFACE
        painter.setBrush(theme().color(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(theme().font(15 if self._large else 13, bold=chosen, tabular=True))
        painter.setPen(theme().color(Role.ON_ACCENT if chosen else Role.TEXT))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), str(self.number))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Right)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)


class ScaleField(AnswerField):
    """Points in a row with the meaning of both ends."""

    def __init__(self, question: Question, *, large: bool) -> None:
        super().__init__()
        self._low, self._high = question.minimum, question.maximum
        self._last_digit: int | None = None
        row = QHBoxLayout()
        row.setSpacing(4)
        self.buttons: dict[int, _ScaleButton] = {}
        for number in range(self._low, self._high + 1):
            button = _ScaleButton(number, large=large)
            button.clicked.connect(lambda _checked=False, number=number: self._choose(number))
            self.buttons[number] = button
            row.addWidget(button, 1)
        row.addStretch(0)
        self._column.addLayout(row)
        if question.low_label or question.high_label:
            ends = QHBoxLayout()
            for label, align in (
                (question.low_label, Qt.AlignmentFlag.AlignLeft),
                (question.high_label, Qt.AlignmentFlag.AlignRight),
            ):
                words = PlainLabel(label, elide=Elide.END, role=Role.MUTED, size=12)
                words.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
                ends.addWidget(words, 1)
            holder = QWidget()
            holder.setMaximumWidth(60 * len(self.buttons))
            ends.setContentsMargins(0, 0, 0, 0)
            holder.setLayout(ends)
            self._column.addWidget(holder)

    def value(self) -> Answer | None:
        return next((number for number, button in self.buttons.items() if button.isChecked()), None)

    def set_value(self, answer: Answer | None) -> None:
        for number, button in self.buttons.items():
            button.setChecked(number == answer)

    def take_digit(self, digit: int) -> bool:
        number = digit
        if self._last_digit is not None and self._last_digit * 10 + digit in self.buttons:
            number = self._last_digit * 10 + digit
        if number not in self.buttons:
            return False
        self._choose(number)
        self._last_digit = number
        return True

    def first(self) -> QWidget | None:
        return self.buttons.get(self.value() if isinstance(self.value(), int) else self._low)  # type: ignore[arg-type]

    def _choose(self, number: int) -> None:
        self._last_digit = None
        self.set_value(number)
        if any(button.hasFocus() for button in self.buttons.values()):
            self.buttons[number].setFocus()
        self.changed.emit()


class _Writing(QPlainTextEdit):
    """Enter goes on, Shift+Enter begins a line; Backspace in the empty text goes back."""

    submitted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shift:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Backspace and not self.toPlainText():
            event.ignore()
        else:
            super().keyPressEvent(event)


class TextField(AnswerField):
    """A text of several lines."""

    def __init__(self) -> None:
        super().__init__()
        self.edit = _Writing()
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(92)
        self.edit.setPlaceholderText(_("Type the answer; Shift+Enter begins a new line"))
        self.edit.setAccessibleName(_("Answer"))
        self.edit.textChanged.connect(self.changed)
        self.edit.submitted.connect(self.submitted)
        self._column.addWidget(self.edit)

    def value(self) -> Answer | None:
        return self.edit.toPlainText().strip() or None

    def set_value(self, answer: Answer | None) -> None:
        self.edit.setPlainText(answer if isinstance(answer, str) else "")

    def first(self) -> QWidget | None:
        return self.edit

    def types_text(self) -> bool:
        return True


class NumberField(AnswerField):
    """A whole number."""

    def __init__(self) -> None:
        super().__init__()
        self.edit = QLineEdit()
        self.edit.setMaxLength(20)
        self.edit.setMaximumWidth(220)
        self.edit.setPlaceholderText("0")
        self.edit.setAccessibleName(_("Answer"))
        self.edit.textEdited.connect(self.changed)
        self._column.addWidget(self.edit)

    def value(self) -> Answer | None:
        text = self.edit.text().strip()
        if not text:
            return None
        try:
            number = parse_number(text)
        except InputError:
            return text
        return int(number) if number == number.to_integral_value() else text

    def set_value(self, answer: Answer | None) -> None:
        self.edit.setText("" if answer is None else str(answer))

    def first(self) -> QWidget | None:
        return self.edit

    def types_text(self) -> bool:
        return True


class DateField(AnswerField):
    """A day."""

    def __init__(self, today: date) -> None:
        super().__init__()
        self.edit = DateEdit(today=lambda: today)
        self.edit.setMaximumWidth(240)
        self.edit.setAccessibleName(_("Answer"))
        self.edit.date_changed.connect(self.changed)
        self._column.addWidget(self.edit)

    def value(self) -> Answer | None:
        day = self.edit.date()
        if not self.edit.is_valid():
            return self.edit.text()
        return day.isoformat() if day is not None else None

    def set_value(self, answer: Answer | None) -> None:
        self.edit.set_date(date.fromisoformat(answer) if isinstance(answer, str) else None)

    def first(self) -> QWidget | None:
        return self.edit

    def types_text(self) -> bool:
        return True


def answer_field(question: Question, options: Sequence[Option], today: date, *, large: bool = False) -> AnswerField:
    """Return the field for a question; ``large`` is the size for an interview."""
    match question.kind:
        case QuestionKind.SINGLE | QuestionKind.MULTIPLE:
            field: AnswerField = ChoiceField(question, options, large=large)
        case QuestionKind.RANKING:
            field = RankingField(options, large=large)
        case QuestionKind.SCALE:
            field = ScaleField(question, large=large)
        case QuestionKind.TEXT:
            field = TextField()
        case QuestionKind.NUMBER:
            field = NumberField()
        case QuestionKind.DATE:
            field = DateField(today)
        case QuestionKind.NOTE:
            field = AnswerField()
    field.set_spacing(SPACE_2 if large else SPACE_1)
    return field

"""Fields that commit when left, keep half-typed text through refreshes, and restore it on Escape."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QSizePolicy, QSpinBox

from ui.common.theme import theme

LONGEST: Final = 10_000
_MOST_LINES: Final = 6
_FRAME: Final = 14


class CommittedLine(QLineEdit):
    """One line of text.

    Signals:
        committed(str): the field was left or Enter pressed with another text.
        lines_pasted(object): several lines were pasted, a tuple of texts; nothing was inserted.
    """

    committed = Signal(str)
    lines_pasted = Signal(object)

    def __init__(self, *, may_be_empty: bool = False, placeholder: str = "", takes_lines: bool = False) -> None:
        super().__init__()
        self._value = ""
        self._may_be_empty = may_be_empty
        self._takes_lines = takes_lines
        self.setMaxLength(LONGEST)
        self.setPlaceholderText(placeholder)
        self.editingFinished.connect(self.commit)

    def value(self) -> str:
        """Return the text last shown or committed."""
        return self._value

    def set_value(self, text: str) -> None:
        """Show a text; what is half typed stays."""
        self._value = text
        if self.hasFocus() and self.isModified():
            return
        if self.text() != text:
            self.setText(text)
            self.setCursorPosition(0)
        self.setModified(False)

    @Slot()
    def commit(self) -> None:
        """Hand the text over now; an empty one that may not be is put back."""
        if not self.isModified():
            return
        text = self.text().strip()
        self.setModified(False)
        if text == self._value or (not text and not self._may_be_empty):
            self.setText(self._value)
            return
        self._value = text
        self.committed.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setModified(False)
            self.setText(self._value)
            self.selectAll()
            return
        if self._takes_lines and event.matches(QKeySequence.StandardKey.Paste) and not self.isReadOnly():
            lines = tuple(line.strip() for line in QGuiApplication.clipboard().text().splitlines() if line.strip())
            if len(lines) > 1:
                self.lines_pasted.emit(lines)
                return
        super().keyPressEvent(event)


class GrowingText(QPlainTextEdit):
    """A text that grows with its lines.

    Signals:
        committed(str): the field was left, or Enter pressed where it commits, with another text.
    """

    committed = Signal(str)

    def __init__(
        self, *, may_be_empty: bool = False, enter_commits: bool = True, least_lines: int = 1, placeholder: str = ""
    ) -> None:
        super().__init__()
        self._value = ""
        self._may_be_empty = may_be_empty
        self._enter_commits = enter_commits
        self._least_lines = least_lines
        self.setTabChangesFocus(True)
        self.setPlaceholderText(placeholder)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.textChanged.connect(self._fit)
        self._fit()

    def value(self) -> str:
        """Return the text last shown or committed."""
        return self._value

    def set_large(self) -> None:
        """Use the size of a question."""
        self.setFont(theme().font(15))
        self._fit()

    def set_value(self, text: str) -> None:
        """Show a text; what is half typed stays."""
        self._value = text
        if self.hasFocus() and self.document().isModified():
            return
        if self.toPlainText() != text:
            self.setPlainText(text)
        self.document().setModified(False)

    @Slot()
    def commit(self) -> None:
        """Hand the text over now, whole: who stores it refuses one that is too long. An empty one may be put back."""
        if not self.document().isModified():
            return
        text = self.toPlainText().strip()
        if self._enter_commits:
            text = " ".join(text.splitlines())
        self.document().setModified(False)
        if text == self._value or (not text and not self._may_be_empty):
            self._restore()
            return
        self._value = text
        self.committed.emit(text)

    def _restore(self) -> None:
        if self.toPlainText() != self._value:
            self.setPlainText(self._value)
        self.document().setModified(False)

    @Slot()
    def _fit(self) -> None:
        wanted = round(self.document().size().height())
        lines = min(_MOST_LINES, max(self._least_lines, wanted))
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if wanted > lines else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)
        height = lines * self.fontMetrics().lineSpacing() + _FRAME
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(240, self.minimumHeight())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.commit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.document().isModified():
            self._restore()
            self.selectAll()
            return
        plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        if self._enter_commits and plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
            return
        super().keyPressEvent(event)


class CommittedNumber(QSpinBox):
    """A whole number.

    Signals:
        committed(int): the field was left, Enter or an arrow pressed with another number.
    """

    committed = Signal(int)

    def __init__(self, low: int, high: int, *, zero_words: str = "") -> None:
        super().__init__()
        self._value = 0
        self._typing = False
        self.setRange(low, high)
        self.setKeyboardTracking(False)
        self.setSpecialValueText(zero_words)
        self.setMinimumWidth(86)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.lineEdit().setTextMargins(6, 0, 0, 0)
        self.lineEdit().textEdited.connect(self._on_typed)
        self.valueChanged.connect(self._on_changed)
        self.editingFinished.connect(self._on_finished)

    def set_value(self, value: int) -> None:
        """Show a number; what is half typed stays."""
        self._value = value
        if self.hasFocus() and self._typing:
            return
        self.blockSignals(True)
        self.setValue(value)
        self.blockSignals(False)

    def commit(self) -> None:
        """Hand the number over now."""
        self.interpretText()

    @Slot()
    def _on_typed(self) -> None:
        self._typing = True

    @Slot()
    def _on_finished(self) -> None:
        self._typing = False

    @Slot(int)
    def _on_changed(self, value: int) -> None:
        self._typing = False
        if value != self._value:
            self._value = value
            self.committed.emit(value)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling the page must not change numbers under the mouse.
        event.ignore()

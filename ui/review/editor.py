"""Writing the plan document's sections: every pause in typing is one edit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.review import PlanSection
from qihua_desktop.i18n import _
from ui.common.theme import SPACE_1, SPACE_2, Role, theme
from ui.common.widgets import PlainLabel, icon_button, set_tool_tip

PAUSE_MS: Final = 1_200
_LONGEST: Final = 200_000


@dataclass(frozen=True, slots=True)
class SectionActions:
    """What an editor asks for; each returns whether it was done."""

    rename: Callable[[EntityId, str], bool]
    write: Callable[[EntityId, str], bool]
    move: Callable[[EntityId, int], bool]
    delete: Callable[[EntityId], bool]


class SectionEditor(QFrame):
    """One section: number, title, text, and buttons to move and delete it."""

    def __init__(self, section: PlanSection, actions: SectionActions) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self._actions = actions
        self.section = section
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 12, 12)
        column.setSpacing(SPACE_1 + 2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        self._number = PlainLabel("", bold=True, role=Role.MUTED)
        self._number.setFixedWidth(22)
        self.title = _TitleField(self._rename)
        self.up = icon_button("arrow-up", _("Move section up"), lambda: actions.move(self.section.id, -1))
        self.down = icon_button("arrow-down", _("Move section down"), lambda: actions.move(self.section.id, 1))
        self.remove = icon_button("trash-2", _("Delete section"), lambda: actions.delete(self.section.id))
        for widget in (self._number, self.title):
            head.addWidget(widget, 1 if widget is self.title else 0)
        for widget in (self.up, self.down, self.remove):
            head.addWidget(widget)
        column.addLayout(head)
        self.body = BodyField()
        self.body.written.connect(self._write)
        column.addWidget(self.body)
        self.show_section(section, 1, last=True, read_only=False)

    def show_section(self, section: PlanSection, number: int, *, last: bool, read_only: bool) -> None:
        """Show what is stored; half-typed texts stay."""
        self.section = section
        self._number.setText(str(number))
        self.title.show_text(section.title)
        self.body.show_text(section.body)
        self.body.setAccessibleName(_("Text of “{title}”").format(title=section.title[:80]))
        self.setAccessibleName(section.title)
        self.title.setReadOnly(read_only)
        self.body.setReadOnly(read_only)
        self.up.setEnabled(number > 1 and not read_only)
        self.down.setEnabled(not last and not read_only)
        self.remove.setEnabled(not read_only)

    def flush(self) -> None:
        """Store what was typed now."""
        self.title.commit()
        self.body.flush()

    def _rename(self, title: str) -> bool:
        return title == self.section.title or self._actions.rename(self.section.id, title)

    @Slot(str)
    def _write(self, text: str) -> None:
        if text != self.section.body and not self._actions.write(self.section.id, text):
            self.body.keep_typed(self.section.body)


class BodyField(QPlainTextEdit):
    """Grows with its text. Undo belongs to the typing that is not stored yet, after that to the workspace.

    Signals:
        written(str): a pause, or the field was left, with another text.
    """

    written = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._stored = ""
        self._typed = False
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setPlaceholderText(_("Write here. Each line becomes a paragraph; what you write is kept as you go."))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.flush)
        self.textChanged.connect(self._on_changed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)

    def show_text(self, text: str) -> None:
        """Show what is stored, unless something else is being typed."""
        if self._typed or text == self._stored == self.toPlainText():
            return
        self._stored = text
        if text != self.toPlainText():
            at = self.textCursor().position()
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)
            cursor = self.textCursor()
            cursor.setPosition(min(at, len(text)))
            self.setTextCursor(cursor)
            self._fit()
        self.document().clearUndoRedoStacks()

    def is_typed(self) -> bool:
        """Return whether something waits to be stored."""
        return self._typed

    @Slot()
    def flush(self) -> None:
        """Store what was typed now."""
        self._timer.stop()
        if not self._typed:
            return
        self._typed = False
        text = self.toPlainText()[:_LONGEST]
        if text != self._stored:
            self._stored = text
            self.written.emit(text)
        if not self._typed:
            self.document().clearUndoRedoStacks()

    def keep_typed(self, stored: str) -> None:
        """Remember that storing was refused; leaving the field tries again."""
        self._stored = stored
        self._typed = True

    @Slot()
    def _on_changed(self) -> None:
        self._typed = True
        self._timer.start()

    @Slot()
    def _fit(self) -> None:
        lines = max(3, int(self.document().size().height()))
        height = lines * self.fontMetrics().lineSpacing() + 22
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.flush()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            steps = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
            if steps and not self._typed:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)
        if steps and not self._typed:
            event.ignore()
            return
        super().keyPressEvent(event)


class _TitleField(QLineEdit):
    """A title that looks like one until it is touched; an empty or refused one goes back."""

    def __init__(self, rename: Callable[[str], bool]) -> None:
        super().__init__()
        self._rename = rename
        self._stored = self._shown = ""
        self.setMaxLength(10_000)
        self.setAccessibleName(_("Section title"))
        self.setPlaceholderText(_("Section title"))
        self._dress()
        theme().changed.connect(self._dress)
        self.editingFinished.connect(self.commit)

    @Slot()
    def _dress(self) -> None:
        """Look like a heading until touched."""
        line, accent = theme().hex(Role.LINE_STRONG), theme().hex(Role.ACCENT)
        self.setStyleSheet(
            "QLineEdit { background: transparent; border-color: transparent; font-weight: bold; padding: 0 5px; }"
            f"QLineEdit:hover {{ border-color: {line}; }} QLineEdit:focus {{ border-color: {accent}; }}"
        )

    def show_text(self, text: str) -> None:
        if text == self._stored:
            return
        typed = self.text() != self._stored
        self._stored = text
        if not typed or not self.hasFocus():
            self.setText(text)
            self._shown = self.text()  # the field may show less than is stored
            self.setCursorPosition(0)
        set_tool_tip(self, text)

    @Slot()
    def commit(self) -> None:
        text = self.text().strip()
        if text == self._stored or self.text() == self._shown:
            return
        if not text or not self._rename(text):
            self.setText(self._stored)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setText(self._stored)
            return
        super().keyPressEvent(event)


class Centred(QWidget):
    """Keeps a column of text from growing wider than is pleasant to read."""

    def __init__(self, widget: QWidget, widest: int) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        widget.setMaximumWidth(widest)
        row.addWidget(widget, 100)
        row.addStretch(1)

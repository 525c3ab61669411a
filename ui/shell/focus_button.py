"""The ground of the shell's painted buttons: Enter presses them, and only the keyboard makes their focus seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

_SEEN = frozenset(
    {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason}
)


class FocusButton(QAbstractButton):
    """A button painted by its subclass, which asks ``shows_focus``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._focus_by_keyboard = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def shows_focus(self) -> bool:
        """Return whether the focus ring is drawn."""
        return self.hasFocus() and self._focus_by_keyboard

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._focus_by_keyboard = event.reason() in _SEEN
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self._focus_by_keyboard = True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)

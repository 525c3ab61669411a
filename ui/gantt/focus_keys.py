"""Keys that belong to the table and the chart alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from ui.common.actions import ActionRegistry


class FocusKeys(QObject):
    """Gives the table and the chart the keys that elsewhere type, go back a page or move the focus."""

    def __init__(self, actions: ActionRegistry, identifiers: Iterable[str]) -> None:
        super().__init__(actions)
        self._actions = actions
        self._map: dict[int, str] = {}
        for identifier in identifiers:
            actions.get(identifier).setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            for sequence in actions.get(identifier).shortcuts():
                self._map[_combined(sequence)] = identifier
        self._map[QKeyCombination(Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_Backtab).toCombined()] = "gantt.outdent"
        self._map[QKeyCombination(Qt.KeyboardModifier.ShiftModifier, Qt.Key.Key_Plus).toCombined()] = "gantt.zoom_in"

    def watch(self, widget: QWidget) -> None:
        """Serve a widget."""
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            combination = QKeyCombination(modifiers, Qt.Key(event.key())).toCombined()
            identifier = self._map.get(combination)
            if identifier is not None:
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    self._actions.trigger(identifier)
                return True
        return super().eventFilter(watched, event)


def _combined(sequence: QKeySequence) -> int:
    first: Any = sequence[0]  # type: ignore[index]
    return int(first.toCombined())

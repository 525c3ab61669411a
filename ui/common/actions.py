"""What the user can do, in one place: menus, buttons, the F1 list and the check for clashing shortcuts all read it.

The registry is an object that windows are handed; it belongs to the widget whose shortcuts it serves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from .buttons import button, icon_button, primary_button
from .icons import set_icon
from .labels import literal, tool_tip_text
from .theme import Role


class ShortcutConflict(ValueError):
    """Two actions of one registry want the same keys."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something the user can do.

    Attributes:
        id: stable name, ``task.indent``.
        text: what menus say, already translated.
        callback: called without arguments; a checkable action's with the new state.
        shortcut: as QKeySequence writes it in English, ``Ctrl+Shift+E``; several are separated by ``; ``.
        group: heading in the F1 list.
    """

    id: str
    text: str
    callback: Callable[..., object]
    shortcut: str = ""
    icon: str | None = None
    group: str = ""
    checkable: bool = False
    enabled: bool = True
    tool_tip: str = ""


@dataclass(frozen=True, slots=True)
class ShortcutRow:
    """One line of the F1 list."""

    id: str
    group: str
    text: str
    keys: str


class ActionRegistry(QObject):
    """The actions of a window; their shortcuts work while the window, or a part of it, has the focus."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        self._actions: dict[str, Action] = {}
        self._qt_actions: dict[str, QAction] = {}
        self._keys: dict[str, set[str]] = {}

    def add(self, action: Action) -> QAction:
        """Take in an action.

        Raises ValueError when the id is taken and ShortcutConflict when the keys are.
        """
        if action.id in self._actions:
            raise ValueError(f"two actions are called {action.id}")
        sequences = _sequences(action.shortcut)
        keys_of = {one.toString(QKeySequence.SequenceFormat.PortableText) for one in sequences}
        for other, taken in self._keys.items():
            if not taken.isdisjoint(keys_of):
                raise ShortcutConflict(f"{action.id} and {other} both want {action.shortcut}")
        self._keys[action.id] = keys_of
        made = QAction(literal(action.text), self._widget)
        made.setObjectName(action.id)
        made.setShortcuts(sequences)
        made.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        made.setCheckable(action.checkable)
        made.setEnabled(action.enabled)
        if action.icon is not None:
            set_icon(made, action.icon, Role.TEXT_SOFT)
        keys = made.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        words = action.tool_tip or action.text
        made.setToolTip(tool_tip_text(f"{words}  {keys}" if keys else words))
        if action.checkable:
            made.triggered.connect(lambda checked=False: action.callback(checked))
        else:
            made.triggered.connect(lambda _checked=False: action.callback())
        self._widget.addAction(made)
        self._actions[action.id] = action
        self._qt_actions[action.id] = made
        return made

    def add_all(self, actions: Iterable[Action]) -> None:
        """Take in several actions."""
        for action in actions:
            self.add(action)

    def remove(self, ids: Iterable[str]) -> None:
        """Forget actions, as when a page closes."""
        for identifier in ids:
            made = self._qt_actions.pop(identifier, None)
            self._actions.pop(identifier, None)
            self._keys.pop(identifier, None)
            if made is not None:
                self._widget.removeAction(made)
                made.deleteLater()

    def get(self, identifier: str) -> QAction:
        """Return Qt's action. Raises KeyError for an unknown one."""
        return self._qt_actions[identifier]

    def all(self) -> tuple[Action, ...]:
        """Return the actions in the order they were added."""
        return tuple(self._actions.values())

    def groups(self) -> dict[str, tuple[Action, ...]]:
        """Return the actions by group, in order."""
        result: dict[str, tuple[Action, ...]] = {}
        for action in self._actions.values():
            result[action.group] = (*result.get(action.group, ()), action)
        return result

    def set_enabled(self, identifier: str, enabled: bool) -> None:
        """Allow or forbid an action."""
        self._qt_actions[identifier].setEnabled(enabled)

    def set_checked(self, identifier: str, checked: bool) -> None:
        """Tick a checkable action without carrying it out."""
        made = self._qt_actions[identifier]
        made.blockSignals(True)
        made.setChecked(checked)
        made.blockSignals(False)

    def set_text(self, identifier: str, text: str) -> None:
        """Say something else in menus, such as what undo would undo."""
        self._qt_actions[identifier].setText(literal(text))

    def trigger(self, identifier: str) -> None:
        """Carry out an action, if it is allowed."""
        self._qt_actions[identifier].trigger()

    def menu(self, identifiers: Sequence[str | None], title: str = "", parent: QWidget | None = None) -> QMenu:
        """Return a menu of actions; None is a separator."""
        menu = QMenu(literal(title), parent or self._widget)
        for identifier in identifiers:
            if identifier is None:
                menu.addSeparator()
            else:
                menu.addAction(self._qt_actions[identifier])
        return menu

    def button(self, identifier: str, *, primary: bool = False, text: str = "") -> QPushButton:
        """Return a button that carries out an action and is enabled with it."""
        action, made = self._actions[identifier], self._qt_actions[identifier]
        if primary:
            result = primary_button(text or action.text, icon_name=action.icon)
        else:
            result = button(text or action.text, icon_name=action.icon)
        result.setToolTip(made.toolTip())
        result.setEnabled(made.isEnabled())
        result.clicked.connect(made.trigger)
        made.enabledChanged.connect(result.setEnabled)
        return result

    def icon_button(self, identifier: str) -> QWidget:
        """Return an icon-only button of an action that has an icon."""
        action, made = self._actions[identifier], self._qt_actions[identifier]
        result = icon_button(action.icon or "circle", action.text, made.trigger)
        result.setToolTip(made.toolTip())
        result.setEnabled(made.isEnabled())
        made.enabledChanged.connect(result.setEnabled)
        return result

    def conflicts(self, *others: ActionRegistry) -> tuple[tuple[str, str, str], ...]:
        """Return (keys, id, id) where an action here and one of other registries active at once want the same keys."""
        found: list[tuple[str, str, str]] = []
        for other in others:
            for mine, my_keys in self._keys.items():
                for theirs, their_keys in other._keys.items():
                    found.extend((keys, mine, theirs) for keys in sorted(my_keys & their_keys))
        return tuple(found)

    def shortcut_rows(self) -> tuple[ShortcutRow, ...]:
        """Return the F1 list: every action that has keys."""
        return tuple(
            ShortcutRow(
                action.id,
                action.group,
                action.text,
                "  ".join(
                    sequence.toString(QKeySequence.SequenceFormat.NativeText)
                    for sequence in self._qt_actions[action.id].shortcuts()
                ),
            )
            for action in self._actions.values()
            if action.shortcut
        )


def _sequences(shortcut: str) -> list[QKeySequence]:
    return [QKeySequence(part.strip()) for part in shortcut.split(";") if part.strip()]

"""Buttons in the five looks the program has."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QMenu, QPushButton, QToolButton, QWidget

from .icons import set_icon
from .labels import literal, set_tool_tip
from .theme import ICON_SIZE, Role

_ICON_GAP = 2


def button(text: str, callback: Callable[[], object] | None = None, *, icon_name: str | None = None) -> QPushButton:
    """Return an outlined button, the ordinary one."""
    return _button(text, callback, icon_name, "", Role.TEXT_SOFT)


def primary_button(
    text: str, callback: Callable[[], object] | None = None, *, icon_name: str | None = None
) -> QPushButton:
    """Return the page's one filled button."""
    return _button(text, callback, icon_name, "primary", Role.ON_ACCENT)


def danger_button(
    text: str, callback: Callable[[], object] | None = None, *, icon_name: str | None = None
) -> QPushButton:
    """Return a filled red button for an alarm or for what cannot be taken back."""
    return _button(text, callback, icon_name, "danger", Role.ON_BAD)


def ghost_button(
    text: str, callback: Callable[[], object] | None = None, *, icon_name: str | None = None
) -> QPushButton:
    """Return a button without an outline."""
    return _button(text, callback, icon_name, "ghost", Role.TEXT_SOFT)


def link_button(
    text: str, callback: Callable[[], object] | None = None, *, icon_name: str | None = None
) -> QPushButton:
    """Return a button that looks like a link."""
    return _button(text, callback, icon_name, "link", Role.ACCENT)


def menu_button(text: str, menu: QMenu, *, icon_name: str | None = None) -> QPushButton:
    """Return an outlined button that opens a menu."""
    result = _button(text, None, icon_name, "menu", Role.TEXT_SOFT)
    result.setMenu(menu)
    return result


def icon_button(
    icon_name: str, accessible_name: str, callback: Callable[[], object] | None = None, *, checkable: bool = False
) -> QToolButton:
    """Return a button with an icon only; its name is read out and shown as a tool tip."""
    result = QToolButton()
    result.setIconSize(QSize(ICON_SIZE, ICON_SIZE))
    set_icon(result, icon_name, Role.MUTED)
    result.setAccessibleName(accessible_name)
    set_tool_tip(result, accessible_name)
    result.setCheckable(checkable)
    result.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    if callback is not None:
        result.clicked.connect(lambda _checked=False: callback())
    return result


def set_look(widget: QWidget, look: str) -> None:
    """Give a widget one of the style sheet's looks."""
    widget.setProperty("look", look)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def _button(
    text: str, callback: Callable[[], object] | None, icon_name: str | None, look: str, icon_role: Role
) -> QPushButton:
    result = QPushButton(literal(text))
    result.setAccessibleName(text)
    result.setAutoDefault(False)
    if look:
        result.setProperty("look", look)
    if icon_name is not None:
        result.setIconSize(QSize(ICON_SIZE + _ICON_GAP, ICON_SIZE))
        set_icon(result, icon_name, icon_role, gap=_ICON_GAP)
    if callback is not None:
        result.clicked.connect(lambda _checked=False: callback())
    return result

"""Undo and redo: what they would do, in menu and status line, and what stands in the way when they cannot."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from qihua_desktop.i18n import _
from ui.common.context import AppContext

_LENGTH = 60


class Steps(QObject):
    """Runs undo and redo for the windows."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._window = parent

    def undo(self) -> None:
        """Undo the newest edit; a conflict is told by name and changes nothing."""
        label = self._context.session.undo_label()
        if label is None:
            self._context.notice_posted.emit(_("There is nothing to undo."))
        elif self._context.attempt(self._context.session.undo, self._window):
            self._context.notice_posted.emit(_("Undone: {label}").format(label=label))

    def redo(self) -> None:
        """Do the newest undone edit again."""
        label = self._context.session.redo_label()
        if label is None:
            self._context.notice_posted.emit(_("There is nothing to redo."))
        elif self._context.attempt(self._context.session.redo, self._window):
            self._context.notice_posted.emit(_("Done again: {label}").format(label=label))

    def describe_actions(self) -> None:
        """Put what undo and redo would do into the menu."""
        session, actions = self._context.session, self._context.actions
        writable = not session.workspace.read_only
        undo, redo = session.undo_label(), session.redo_label()
        actions.set_enabled("edit.undo", undo is not None and writable)
        actions.set_enabled("edit.redo", redo is not None and writable)
        actions.set_text("edit.undo", _menu_text(_("Undo: {label}"), undo) if undo else _("Undo"))
        actions.set_text("edit.redo", _menu_text(_("Redo: {label}"), redo) if redo else _("Redo"))


def _menu_text(template: str, label: str) -> str:
    text = " ".join(template.format(label=label).split())
    return text if len(text) <= _LENGTH else text[:_LENGTH] + "…"

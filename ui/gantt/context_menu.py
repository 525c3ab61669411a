"""The menu of rows and bars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from .display import ShownRow

if TYPE_CHECKING:
    from .page import GanttPage

_ENTRIES: Final = (
    "gantt.add", "gantt.child", "gantt.milestone", "gantt.recurring", "gantt.change_recurring", None,
    "gantt.save_stage", "gantt.insert_stage", None,
    "gantt.rename", "gantt.duration", "gantt.done", "gantt.pin",
    "gantt.turn", None, "gantt.indent", "gantt.outdent", "gantt.up", "gantt.down", None, "gantt.link", "gantt.unlink",
    None, "gantt.to_task", "gantt.details", "gantt.days_off", "gantt.columns", "gantt.print", "gantt.keys", None,
    "gantt.delete",
)  # fmt: skip


def open_context_menu(page: GanttPage, row: object, place: QPoint) -> None:
    """Open the menu; a row that is not selected is selected first."""
    if isinstance(row, ShownRow) and row.key not in page.selected_keys():
        page.select_rows((row.key,))
    recurring = page.may_edit() and page.commands.reuse.recurring() is not None
    wanted = [one for one in _ENTRIES if recurring or one != "gantt.change_recurring"]
    menu: QMenu = page.commands.actions.menu(wanted, parent=page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.popup(place)

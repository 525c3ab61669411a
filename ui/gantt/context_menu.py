"""The menus of rows and bars, of links, and of days on the axis."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from qihua_desktop.domain.formatting import date_long
from qihua_desktop.domain.plan import Link
from qihua_desktop.i18n import _
from qihua_desktop.services import plan
from ui.common.labels import literal

from .display import ShownRow
from .hover_words import link_words

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


def open_link_menu(page: GanttPage, link: Link, place: QPoint) -> None:
    """Open the menu of a link: what it is, its ends, and how to be rid of it."""
    view = page.view()
    if view is None:
        return
    menu = QMenu(page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(literal(" · ".join(link_words(view, link).splitlines()))).setEnabled(False)
    menu.addSeparator()
    menu.addAction(_("Go to the task before")).triggered.connect(
        lambda _checked=False: page.show_task(link.predecessor_id)
    )
    menu.addAction(_("Go to the task after")).triggered.connect(
        lambda _checked=False: page.show_task(link.successor_id)
    )
    change = menu.addAction(_("Change type and lag…"))
    change.triggered.connect(lambda _checked=False: _change(page, link))
    remove = menu.addAction(_("Remove the link"))
    remove.triggered.connect(
        lambda _checked=False: page.commands.run(lambda session, project: plan.remove_link(session, project, link.id))
    )
    remove.setEnabled(page.may_edit())
    menu.popup(place)


def open_day_menu(page: GanttPage, day: date, place: QPoint) -> None:
    """Open the menu of a day on the axis."""
    menu = QMenu(page)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(literal(date_long(day))).setEnabled(False)
    menu.addSeparator()
    days_off = menu.addAction(_("Days off and extra workdays…"))
    days_off.triggered.connect(lambda _checked=False: page.windows.open_calendar(day))
    days_off.setEnabled(page.may_edit())
    menu.addAction(_("Show this day by the hour")).triggered.connect(lambda _checked=False: page.time.show_day(day))
    for identifier in ("gantt.today", "gantt.fit"):
        menu.addAction(page.commands.actions.get(identifier))
    menu.popup(place)


def _change(page: GanttPage, link: Link) -> None:
    """Show the panel where type and lag are changed."""
    page.show_task(link.successor_id)
    page.set_details(shown=True)

"""Every key of the Gantt window and every way to use the mouse, in one list."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from qihua_desktop.i18n import _
from ui.common.actions import ActionRegistry
from ui.common.columns import Column
from ui.common.dialog_base import BaseDialog
from ui.common.models import RowsModel, SortFilterModel
from ui.common.tables import DataTable
from ui.common.widgets import SearchField


@dataclass(frozen=True, slots=True)
class _Line:
    way: str
    meaning: str


class KeysDialog(BaseDialog):
    """The list, with a search."""

    def __init__(self, actions: ActionRegistry, parent: QWidget | None = None) -> None:
        super().__init__(_("Keys and mouse"), parent, accept_text=_("Close"), width=780)
        self.resize(780, 600)
        columns = (
            Column[_Line]("way", _("Keys or mouse"), lambda one: one.way, width=250),
            Column[_Line]("meaning", _("What it does"), lambda one: one.meaning, stretch=True),
        )
        model: RowsModel[_Line] = RowsModel(columns, lambda one: (one.way, one.meaning), parent=self)
        model.set_rows((*_gestures(), *(_Line(row.keys, row.text) for row in actions.shortcut_rows())))
        self._shown = SortFilterModel(model)
        search = SearchField(_("Find keys"))
        search.searched.connect(self._shown.set_search)
        self.table = DataTable(self._shown, key="gantt.keys", accessible_name=_("Keys and mouse"))
        self.body.addWidget(search)
        self.body.addWidget(self.table, 1)
        self.cancel_button.hide()


def _gestures() -> tuple[_Line, ...]:
    return (
        _Line(
            _("Drag a bar"), _("Move the task, or all selected ones; the effect on others is shown before you let go")
        ),
        _Line(_("Drag the right or left end"), _("Change the duration")),
        _Line(_("Drag the small mark below a bar"), _("Set the progress")),
        _Line(
            _("Drag from the ring beside a bar"),
            _("Link: from the end or the start, onto the start or the end of another"),
        ),
        _Line(_("Drag the empty chart"), _("Move about; also with the middle button anywhere")),
        _Line(_("Shift or Ctrl + drag the empty chart"), _("Select what the frame touches; Ctrl adds")),
        _Line(_("Esc while dragging"), _("Give up; nothing has happened")),
        _Line(_("Click with Ctrl or Shift"), _("Add a row, or all rows up to there")),
        _Line(_("Ctrl + wheel, or pinch"), _("Zoom around the pointer, from years to five minutes")),
        _Line(_("Shift + wheel"), _("Scroll through time")),
        _Line(_("Double-click a bar"), _("Task details")),
        _Line(_("Double-click below the last row"), _("Add a task on that day")),
        _Line(_("Double-click the time axis"), _("Days off and extra workdays from that day on")),
        _Line(_("Drag a WBS number"), _("Put the rows behind another row, or into an open summary")),
        _Line(_("Drag a column heading"), _("Put the columns in another order; right-click to choose them")),
        _Line(_("Click a column of the workload"), _("List the tasks of that week")),
        _Line("← →", _("Close and open a summary")),
        _Line("Ctrl+C  Ctrl+V", _("Copy rows for a spreadsheet, paste rows from one")),
    )

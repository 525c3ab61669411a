"""The dialogs that the Gantt window opens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from qihua_desktop.domain.ids import EntityId
from ui.common import dialogs

if TYPE_CHECKING:
    from .page import GanttPage


class GanttWindows:
    """Opens each with what the page shows."""

    def __init__(self, page: GanttPage) -> None:
        self._page = page

    def open_days_off(self) -> None:
        """Open the days off of whoever owns the selected task."""
        row = self._page.current_row()
        self.open_calendar(person_id=row.owner_id if row is not None else None)

    def open_calendar(self, day: date | None = None, *, person_id: EntityId | None = None) -> None:
        """Open the dialog of days off and extra workdays, of the project or of a person."""
        from .calendar_dialog import CalendarDialog

        page = self._page
        if page.project_id is not None:
            dialogs.run_form(
                CalendarDialog(page.context, page.project_id, page, day=day, person_id=person_id, told=page.tell)
            )

    def open_print(self) -> None:
        """Ask how the chart is to be printed, beginning with what the window shows."""
        from ui.common.print_dialog import PrintDialog

        page = self._page
        shown, critical = page.baseline(), page.picture.show_critical
        start = {"baseline": shown is not None, "baseline_id": shown.id if shown else None, "critical": critical}
        if page.project_id is not None:
            dialogs.run_form(
                PrintDialog(page.context, page.project_id, page, start_with=lambda last: replace(last, **start))
            )

    def open_comparison(self) -> None:
        """Open the comparison with the baseline shown."""
        from .baseline_dialog import BaselineDialog

        baseline = self._page.baseline()
        if baseline is not None:
            dialogs.run_form(BaselineDialog(self._page.context, baseline, self._page))

    def open_keys(self) -> None:
        """Show every key and every way to use the mouse."""
        from .keys_dialog import KeysDialog

        dialogs.run_form(KeysDialog(self._page.commands.actions, self._page))

"""What the user can do to the whole plan: its direction and key date, its baselines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.i18n import _
from qihua_desktop.services import plan, plan_baselines
from ui.common import dialogs
from ui.common.actions import Action

if TYPE_CHECKING:
    from .page import GanttPage


class PlanCommands:
    """Each asks for what it needs and is one service call."""

    def __init__(self, page: GanttPage) -> None:
        self._page = page

    def actions(self, group: str) -> tuple[Action, ...]:
        """Return the actions, for menus and the palette."""
        windows = self._page.windows
        return (
            Action(
                "gantt.forward",
                _("Plan forward from a start…"),
                lambda: self.turn_plan(ScheduleDirection.FORWARD),
                group=group,
            ),
            Action(
                "gantt.backward",
                _("Plan back from the event day…"),
                lambda: self.turn_plan(ScheduleDirection.BACKWARD),
                group=group,
            ),
            Action("gantt.key_date", _("Move the key date…"), self.move_key_date, icon="calendar-clock", group=group),
            Action(
                "gantt.calendar",
                _("Working days…"),
                windows.open_calendar,
                shortcut="Ctrl+Shift+K",
                icon="calendar-days",
                group=group,
            ),
            Action("gantt.days_off", _("Days off of the owner…"), windows.open_days_off, icon="calendar", group=group),
            Action(
                "gantt.take_baseline",
                _("Take a baseline…"),
                self.take_baseline,
                shortcut="Ctrl+Shift+B",
                icon="flag",
                group=group,
            ),
            Action(
                "gantt.compare",
                _("Compare with the baseline…"),
                windows.open_comparison,
                icon="git-compare-arrows",
                group=group,
            ),
            Action("gantt.print", _("Print or save as PDF…"), windows.open_print, icon="printer", group=group),
            Action(
                "gantt.delete_baseline", _("Delete this baseline…"), self.delete_baseline, icon="trash-2", group=group
            ),
            Action("gantt.keys", _("Keys and mouse…"), windows.open_keys, shortcut="Shift+F1", group=group),
        )

    def turn_plan(self, direction: ScheduleDirection) -> None:
        """Ask for the date and plan in that direction."""
        project = self._page.project()
        if project is None:
            return
        backward = direction is ScheduleDirection.BACKWARD
        title = _("Plan back from the event day") if backward else _("Plan forward from a start")
        label = _("Event day") if backward else _("Start")
        day = dialogs.ask_date(self._page, title, label, value=project.key_on)
        if day is not None:
            self._page.commands.run(lambda session, identifier: plan.set_key_date(session, identifier, day, direction))

    def move_key_date(self) -> None:
        """Ask for another start or event day."""
        project = self._page.project()
        if project is not None:
            self.turn_plan(project.direction)

    def take_baseline(self) -> None:
        """Ask for a name and freeze the plan."""
        number = _("v{number}").format(number=self._page.baselines() + 1)
        name = dialogs.ask_text(self._page, _("Take a baseline"), _("Name"), value=number)
        if name:
            self._page.commands.quietly(lambda session, project: plan_baselines.take_baseline(session, project, name))

    def delete_baseline(self) -> None:
        """Delete the baseline that is shown."""
        baseline = self._page.baseline()
        if baseline is None:
            return
        asked = _("Delete the baseline “{name}”?").format(name=baseline.name)
        if dialogs.confirm(self._page, asked, action=_("Delete"), danger=True):
            self._page.commands.quietly(lambda session, _project: plan_baselines.delete_baseline(session, baseline.id))

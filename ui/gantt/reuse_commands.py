"""Tasks that repeat, and stages kept as templates, from the Gantt window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import plan_recurring, stage_templates
from qihua_desktop.services.plan_commit import Outcome
from qihua_desktop.services.plan_recurring import RecurringFound
from qihua_desktop.services.plan_state import plan_state
from ui.common import dialogs
from ui.common.actions import Action

if TYPE_CHECKING:
    from .page import GanttPage


class ReuseCommands:
    """Each is one service call and so one undo step."""

    def __init__(self, page: GanttPage) -> None:
        self._page = page

    def actions(self, group: str) -> tuple[Action, ...]:
        """Return what can be done with recurring tasks and stages."""
        return (
            Action("gantt.recurring", _("Recurring task…"), self.add_recurring, icon="refresh-cw", group=group),
            Action("gantt.change_recurring", _("Change the recurring task…"), self.change_recurring, group=group),
            Action(
                "gantt.save_stage", _("Save this stage as a template…"), self.save_stage, icon="layers", group=group
            ),
            Action("gantt.insert_stage", _("Insert a stage from a template…"), self.insert_stage, group=group),
            Action("gantt.delete_stage", _("Delete a stage template…"), self.delete_stage, group=group),
        )

    def add_recurring(self) -> None:
        """Ask for a rule and add a task that repeats, behind the current row."""
        row = self._page.current_row()
        after = row.id if row is not None else None
        self._ask_recurring(
            None, lambda session, project, task: plan_recurring.add_recurring(session, project, task, after)
        )

    def change_recurring(self) -> None:
        """Ask for another rule of the recurring task that the current row belongs to."""
        found = self.recurring()
        if found is not None:
            summary = found.summary_id
            self._ask_recurring(
                found,
                lambda session, project, task: plan_recurring.replace_recurring(session, project, summary, task),
            )

    def recurring(self) -> RecurringFound | None:
        """Return the recurring task that the current row belongs to."""
        row, project = self._page.current_row(), self._page.project_id
        if row is None or project is None:
            return None
        return plan_recurring.find_recurring(plan_state(self._page.context.session, project), row.id)

    def _ask_recurring(self, found: RecurringFound | None, call: Callable[..., Outcome]) -> None:
        from .recurring_dialog import RecurringDialog

        project, context = self._page.project_id, self._page.context
        if project is None:
            return
        dialog = RecurringDialog(context, plan_state(context.session, project), self._page, found=found)
        if dialogs.run_form(dialog):
            task = dialog.task()
            self._page.commands.run(lambda session, identifier: call(session, identifier, task))

    def save_stage(self) -> None:
        """Ask for a name and keep the current summary with all below it."""
        row, project = self._page.current_row(), self._page.project_id
        if row is None or project is None:
            return
        if not row.is_summary:
            advice = _("The template keeps everything below it and the links among it.")
            dialogs.inform(self._page, _("Choose a row that has tasks below it."), advice=advice)
            return
        name = dialogs.ask_text(self._page, _("Save this stage as a template"), _("Name"), value=row.name)
        if not name:
            return
        context = self._page.context
        saved = context.attempt(lambda: stage_templates.save_stage(context.session, project, row.id, name), self._page)
        if saved:
            words = _("Kept as a template. It can be put into any project from the menu of the table.")
            context.notice_posted.emit(words)

    def insert_stage(self) -> None:
        """Ask which stage and from which day, and put it behind the current row."""
        chosen = self._choose(_("Insert a stage from a template"))
        if chosen is None:
            return
        today = self._page.context.session.today()
        day = dialogs.ask_date(self._page, _("Insert a stage from a template"), _("Begins on"), value=today)
        if day is None:
            return
        row = self._page.current_row()
        after = row.id if row is not None else None
        self._page.commands.run(
            lambda session, project: stage_templates.insert_stage(session, project, chosen, day, after)
        )

    def delete_stage(self) -> None:
        """Ask which stage template is no longer wanted; undo brings it back."""
        chosen = self._choose(_("Delete a stage template"))
        if chosen is not None:
            context = self._page.context
            context.attempt(lambda: stage_templates.delete_stage_template(context.session, chosen), self._page)

    def _choose(self, title: str) -> EntityId | None:
        found = stage_templates.stage_templates(self._page.context.session)
        if not found:
            advice = _("Right-click a row that has tasks below it and save it as a template.")
            dialogs.inform(self._page, _("No stage is kept as a template yet."), advice=advice)
            return None
        items = [
            (
                one.id.hex(),
                f"{one.name[:80]} · " + ngettext("{count} task", "{count} tasks", one.tasks).format(count=one.tasks),
            )
            for one in found
        ]
        key = dialogs.ask_choice(self._page, title, _("Stage"), items)
        return EntityId(bytes.fromhex(key)) if key else None

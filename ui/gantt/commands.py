"""What the user can do in the Gantt window: every action, its keys, and the service it calls."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.parsing import parse_duration
from qihua_desktop.domain.plan import DONE, MINUTES_PER_DAY
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import plan, plan_paste
from qihua_desktop.services.plan_commit import Outcome
from qihua_desktop.services.plan_view import PlanRow
from qihua_desktop.services.session import Session
from ui.common import dialogs
from ui.common.actions import Action, ActionRegistry

from .drags import DragKind, Drop
from .focus_keys import FocusKeys
from .plan_commands import PlanCommands
from .plan_files import PlanFiles
from .reuse_commands import ReuseCommands

if TYPE_CHECKING:
    from .page import GanttPage

_FOCUS_ONLY: Final = (
    "gantt.add", "gantt.delete", "gantt.indent", "gantt.outdent", "gantt.up", "gantt.down", "gantt.earlier",
    "gantt.later", "gantt.week_earlier", "gantt.week_later", "gantt.shorter", "gantt.longer", "gantt.rename",
    "gantt.today", "gantt.to_task", "gantt.zoom_in", "gantt.zoom_out", "gantt.select_all", "gantt.less_progress",
    "gantt.more_progress",
)  # fmt: skip
"""Keys that belong to the table and the chart alone: elsewhere they type, move the cursor or go back a page."""
_VIEWING: Final = frozenset(
    {
        "gantt.details", "gantt.find", "gantt.find_next", "gantt.find_previous", "gantt.select_all", "gantt.collapse",
        "gantt.expand", "gantt.today", "gantt.to_task", "gantt.zoom_in", "gantt.zoom_out", "gantt.fit", "gantt.compare",
        "gantt.print", "gantt.keys", "gantt.columns", "gantt.moved",
    }
)  # fmt: skip


class GanttCommands:
    """Carries out actions on the selected rows; each is one service call and so one undo step."""

    def __init__(self, page: GanttPage) -> None:
        self._page = page
        self.actions = ActionRegistry(page)
        self.files = PlanFiles(page)
        self.reuse = ReuseCommands(page)
        self.plan = PlanCommands(page)
        group = _("Gantt chart")
        parts = (self.plan.actions(group), self.reuse.actions(group), self.files.actions(group))
        self.actions.add_all((*self._all(), *(one for part in parts for one in part)))
        self.keys = FocusKeys(self.actions, _FOCUS_ONLY)

    def _all(self) -> tuple[Action, ...]:
        group = _("Gantt chart")

        def action(
            name: str, text: str, callback: Callable[..., object], keys: str = "", icon: str | None = None
        ) -> Action:
            return Action(f"gantt.{name}", text, callback, shortcut=keys, icon=icon, group=group)

        return (
            action("add", _("Add task"), self.add, "Ins", "plus"),
            action("milestone", _("Add milestone"), self.add_milestone, "Shift+Ins", "diamond"),
            action("child", _("Add task below"), self.add_child, "Ctrl+Ins"),
            action("rename", _("Rename"), self.rename, "F2", "pencil"),
            action("delete", _("Delete"), self.delete, "Del", "trash-2"),
            action("indent", _("Indent"), self.indent, "Tab", "indent-increase"),
            action("outdent", _("Outdent"), self.outdent, "Shift+Tab", "indent-decrease"),
            action("up", _("Move up"), self.up, "Alt+Up", "arrow-up"),
            action("down", _("Move down"), self.down, "Alt+Down", "arrow-down"),
            action("earlier", _("A day earlier"), lambda: self.shift(-1), "Alt+Shift+Left", "arrow-left"),
            action("later", _("A day later"), lambda: self.shift(1), "Alt+Shift+Right", "arrow-right"),
            action("week_earlier", _("A week earlier"), lambda: self.shift_weeks(-1), "Alt+Shift+PgUp"),
            action("week_later", _("A week later"), lambda: self.shift_weeks(1), "Alt+Shift+PgDown"),
            action("shorter", _("A day shorter"), lambda: self.stretch(-1), "Alt+Shift+Up"),
            action("longer", _("A day longer"), lambda: self.stretch(1), "Alt+Shift+Down"),
            action("link", _("Link"), self.link, "Ctrl+L", "link-2"),
            action("unlink", _("Unlink"), self.unlink, "Ctrl+Shift+L", "unlink"),
            action("done", _("Mark as done"), self.mark_done, "Ctrl+Return", "check"),
            action("less_progress", _("10% less progress"), lambda: self.step_progress(-1000), "["),
            action("more_progress", _("10% more progress"), lambda: self.step_progress(1000), "]"),
            action("duration", _("Set duration…"), self.ask_duration, "Ctrl+D", "timer"),
            action("pin", _("Pin or unpin"), self.pin, "Ctrl+T", "pin"),
            action("turn", _("Turn into a milestone or back"), self.turn, "Ctrl+M"),
            action("details", _("Task details"), self._page.toggle_details, "Alt+Return", "panel-right"),
            action("find", _("Find tasks"), self._page.focus_search, "Ctrl+F", "search"),
            action("find_next", _("Find next"), lambda: self._page.find_next(1), "F3"),
            action("find_previous", _("Find previous"), lambda: self._page.find_next(-1), "Shift+F3"),
            action("select_all", _("Select all"), self._page.select_all, "Ctrl+A"),
            action("collapse", _("Close all"), lambda: self._page.fold_all(shut=True), "Ctrl+Shift+Up"),
            action("expand", _("Open all"), lambda: self._page.fold_all(shut=False), "Ctrl+Shift+Down"),
            action("today", _("Go to today"), self._page.go_today, "Home", "calendar"),
            action("to_task", _("Go to the task’s bar"), self._page.go_to_task, "End", "crosshair"),
            action("zoom_in", _("Zoom in"), lambda: self._page.zoom_by(1.25), "+; =; Ctrl++; Ctrl+=", "zoom-in"),
            action("zoom_out", _("Zoom out"), lambda: self._page.zoom_by(0.8), "-; Ctrl+-", "zoom-out"),
            action("fit", _("Fit to window"), self._page.fit, "Ctrl+0"),
            action("columns", _("Columns…"), self._page.choose_columns, "Ctrl+Shift+C", "columns-3"),
            action("moved", _("What the last edit moved…"), self._page.show_moved, "Ctrl+Shift+M"),
        )

    def forbid_edits(self) -> None:
        """Switch off what changes the plan, as in a workspace open for viewing only."""
        for action in self.actions.all():
            if action.id not in _VIEWING and not action.id.startswith("gantt.export_"):
                self.actions.set_enabled(action.id, False)

    # --- adding and arranging ----------------------------------------------------------------------------------

    def add(self) -> None:
        """Add a task behind the current row and let its name be typed."""
        self._add(milestone=False)

    def add_milestone(self) -> None:
        """Add a milestone behind the current row and let its name be typed."""
        self._add(milestone=True)

    def add_child(self) -> None:
        """Add a task below the current row."""
        row = self._page.current_row()
        if row is None:
            self._add(milestone=False)
            return
        self._page.open_row(row.id.hex())
        self._added(lambda session, project: plan.add_task(session, project, _("New task"), parent_id=row.id))

    def add_at(self, at: int) -> None:
        """Add a task at the end of the plan that starts at an instant."""
        self._added(lambda session, project: plan.add_task(session, project, _("New task"), at=at))

    def rename(self) -> None:
        """Open the editor of the current row's name."""
        row = self._page.current_row()
        if row is not None:
            self._page.table.edit_name(row.id.hex())

    def delete(self) -> None:
        """Delete the selected tasks; undo brings them back, so nobody is asked."""
        ids = self._page.selected_ids()
        if ids:
            self.run(lambda session, project: plan.delete_tasks(session, project, ids))

    def indent(self) -> None:
        """Put the selected tasks below the row before them."""
        self._each(plan.indent_tasks)

    def outdent(self) -> None:
        """Put the selected tasks one level up."""
        self._each(plan.outdent_tasks)

    def up(self) -> None:
        """Move the selected rows up."""
        self._each(plan.move_up_tasks)

    def down(self) -> None:
        """Move the selected rows down."""
        self._each(plan.move_down_tasks)

    def drop_rows(self, dragged: str, target: str) -> None:
        """Put the dragged row, or the selection it is part of, behind another row or into an open summary."""
        rows = {row.key: row for row in self._page.shown_rows()}
        to = rows[target].row if target in rows else None
        moved = rows[dragged].row if dragged in rows else None
        if to is None or moved is None:
            return
        ids = self._page.selected_ids()
        ids = ids if moved.id in ids else (moved.id,)
        if to.is_summary and rows[target].is_open:
            self.run(lambda session, project: plan.place_tasks(session, project, ids, to.id, 0))
            return
        siblings = [row.id for row in self._page.view_rows() if row.parent_id == to.parent_id]
        index = siblings.index(to.id) + 1
        self.run(lambda session, project: plan.place_tasks(session, project, ids, to.parent_id, index))

    # --- dates and links ---------------------------------------------------------------------------------------

    def shift(self, days: int) -> None:
        """Move the selected tasks by working days."""
        ids = self._page.selected_ids()
        if ids:
            self._move(lambda session, project: plan.move_by_days(session, project, ids, days))

    def shift_weeks(self, weeks: int) -> None:
        """Move the selected tasks by weeks of the calendar; on a day off they begin on the next workday."""
        rows = self._page.selected_task_rows()
        if rows:
            ids, first, at = tuple(row.id for row in rows), rows[0].id, rows[0].start + weeks * 7 * MINUTES_PER_DAY
            self._move(lambda session, project: plan.move_tasks(session, project, ids, first, at))

    def stretch(self, days: int) -> None:
        """Make the selected tasks longer or shorter by working days; they keep at least half a day."""
        day = self._page.minutes_per_day()
        rows = [row for row in self._page.selected_task_rows() if not row.is_summary and not row.is_milestone]
        if not rows:
            return
        length = max(min(day // 2, rows[0].duration), rows[0].duration + days * day)
        ids = tuple(row.id for row in rows)
        if any(row.duration != length for row in rows):
            self.run(lambda session, project: plan.set_duration(session, project, ids, length))

    def step_progress(self, step: int) -> None:
        """Set the selected tasks' progress a step up or down from that of the first."""
        rows = self._page.selected_task_rows()
        if rows:
            share = min(DONE, max(0, (rows[0].progress + step) // abs(step) * abs(step)))
            ids = tuple(row.id for row in rows)
            self.run(lambda session, project: plan.set_progress(session, project, ids, share))

    def carry_out(self, drop: Drop) -> None:
        """Do what a drag previewed."""
        match drop.kind:
            case DragKind.MOVE:
                ids = drop.ids or (drop.task_id,)
                self.run(lambda session, project: plan.move_tasks(session, project, ids, drop.task_id, drop.at))
            case DragKind.BEGIN:
                self.run(lambda session, project: plan.set_begin(session, project, drop.task_id, drop.at))
            case DragKind.FINISH:
                self.run(lambda session, project: plan.set_finish(session, project, drop.task_id, drop.at))
            case DragKind.PROGRESS:
                self.run(lambda session, project: plan.set_progress(session, project, (drop.task_id,), drop.progress))
            case DragKind.LINK:
                target = drop.target
                if target is not None:
                    self.run(lambda session, project: plan.add_link(session, project, drop.task_id, target, drop.link))

    def link(self) -> None:
        """Link the selected tasks one after the other."""
        self._each(plan.link_tasks, needs_some=False)

    def unlink(self) -> None:
        """Remove the links among the selected tasks."""
        self._each(plan.unlink_tasks)

    def mark_done(self) -> None:
        """Mark the selected tasks as done, or as not begun when they all are done."""
        rows = self._page.selected_task_rows()
        if rows:
            progress = 0 if all(row.is_done for row in rows) else DONE
            ids = tuple(row.id for row in rows)
            self.run(lambda session, project: plan.set_progress(session, project, ids, progress))

    def pin(self) -> None:
        """Pin the selected tasks, or unpin them when they all are pinned."""
        rows = self._page.selected_task_rows()
        if rows:
            pinned = not all(row.is_pinned for row in rows)
            ids = tuple(row.id for row in rows)
            self.run(lambda session, project: plan.set_pinned(session, project, ids, pinned=pinned))

    def turn(self) -> None:
        """Turn the selected tasks into milestones, or milestones into tasks."""
        rows = [row for row in self._page.selected_task_rows() if not row.is_summary]
        if rows:
            milestone = not all(row.is_milestone for row in rows)
            ids = tuple(row.id for row in rows)
            self.run(lambda session, project: plan.set_milestone(session, project, ids, milestone=milestone))

    def ask_duration(self) -> None:
        """Ask for a duration of the selected tasks."""
        rows = [row for row in self._page.selected_task_rows() if not row.is_summary]
        day = self._page.minutes_per_day()
        if not rows:
            return

        def check(text: str) -> None:
            parse_duration(text, day)

        count = len(rows)
        title = ngettext("Duration of {count} task", "Duration of {count} tasks", count).format(count=count)
        typed = dialogs.ask_text(self._page, title, _("Duration, such as 3d, 4h or 2w"), validate=check)
        if typed:
            minutes = parse_duration(typed, day)
            ids = tuple(row.id for row in rows)
            self.run(lambda session, project: plan.set_duration(session, project, ids, minutes))

    # --- the clipboard -----------------------------------------------------------------------------------------

    def paste(self, rows: object) -> None:
        """Make tasks of the rows on the clipboard."""
        current = self._page.current_row()
        after = current.id if current is not None else None
        if isinstance(rows, tuple):
            self.run(lambda session, project: plan_paste.paste_rows(session, project, rows, after))

    def copied(self) -> str:
        """Return the selected rows for the clipboard; all rows when none is selected."""
        rows = self._page.selected_task_rows() or [one.row for one in self._page.shown_rows() if one.row is not None]
        return plan_paste.rows_text(rows, self._page.minutes_per_day())

    # --- running -----------------------------------------------------------------------------------------------

    def run(self, call: Callable[..., Outcome]) -> bool:
        """Run a service call on the project and say what moved; refusals are shown in words."""
        outcomes: list[Outcome] = []
        done = self.quietly(lambda session, project: outcomes.append(call(session, project)))
        if done and outcomes:
            self._page.tell(outcomes[0])
        return done

    def _move(self, call: Callable[..., Outcome]) -> None:
        """Move tasks; where something holds them, that is said rather than nothing."""
        outcomes: list[Outcome] = []

        def moving(session: Session, project: EntityId) -> Outcome:
            outcomes.append(call(session, project))
            return outcomes[0]

        if self.run(moving) and not outcomes[0].moved:
            self._page.context.notice_posted.emit(_("Nothing moved: links, a constraint or its progress hold it."))

    def quietly(self, call: Callable[..., object]) -> bool:
        """Run a service call that moves nothing; refusals are shown in words."""
        project, session = self._page.project_id, self._page.context.session
        return project is not None and self.attempt(lambda: call(session, project))

    def attempt(self, call: Callable[[], object]) -> bool:
        """Try something; refusals are shown in words."""
        return self._page.context.attempt(call, self._page)

    def _each(self, service: Callable[..., Outcome], *, needs_some: bool = True) -> None:
        ids = self._page.selected_ids()
        if ids or not needs_some:
            self.run(lambda session, project: service(session, project, ids))

    def _add(self, *, milestone: bool) -> None:
        row: PlanRow | None = self._page.current_row()
        after: EntityId | None = row.id if row is not None else None
        parent: EntityId | None = None
        if row is not None and row.is_summary and self._page.is_open(row.id.hex()):
            after, parent = None, row.id
        name = _("New milestone") if milestone else _("New task")
        self._added(
            lambda session, project: plan.add_task(
                session, project, name, after=after, parent_id=parent, milestone=milestone
            )
        )

    def _added(self, call: Callable[..., Outcome]) -> None:
        outcomes: list[Outcome] = []
        if self.quietly(lambda session, project: outcomes.append(call(session, project))) and outcomes:
            added = outcomes[0].added
            if added:
                self._page.select_rows((added[0].hex(),))
                self._page.table.edit_name(added[0].hex())

"""The execution tab (执行偏差): what every line became, why it deviates, and what the money brought."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer, Slot
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QSplitter, QWidget

from qihua_desktop.domain.execution import DeviationCode
from qihua_desktop.domain.formatting import percent_exact
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import execution, projects
from qihua_desktop.services.execution import ExecutionView
from ui.budget.reserve_card import ReserveCard
from ui.budget.reserve_dialogs import use_reserve
from ui.budget.tabs import BudgetTab
from ui.common.actions import Action, ActionRegistry
from ui.common.context import AppContext
from ui.common.delegates import ChipDelegate, ChoiceDelegate
from ui.common.layouts import SplitterMemory
from ui.common.tables import DataTree
from ui.common.theme import SPACE_3
from ui.common.tree_models import TreeRowsModel
from ui.common.widgets import Banner, Card, Chip, Tone, primary_button

from .charts import CategoryChart, MonthChart
from .outcome_card import OutcomeCard
from .rows import TOTAL, ExecutionLine, code_choices, execution_columns, execution_lines

_TABLES = frozenset({
    "budget", "budget_line", "quote", "contract", "payment", "voucher", "voucher_share", "stock_use", "stock_item",
    "reserve_release", "line_forecast", "deviation_reason", "outcome_basis", "task", "setting", "project", "person",
})  # fmt: skip


class CodeDelegate(ChoiceDelegate, ChipDelegate):
    """Shows the reason's code as a chip, and chooses it from the list."""


class _PlainRow(QHBoxLayout):
    """Cards side by side whose height does not depend on their width.

    In a scroll area a height that follows the width and a scroll bar that takes width away chase each other without
    end: the bar makes the cards taller, which needs the bar, which goes again once there is room.
    """

    def hasHeightForWidth(self) -> bool:
        return False


class ExecutionTab(BudgetTab):
    """Budget against reality."""

    key = "execution"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.found: ExecutionView | None = None
        self._pending: dict[EntityId | None, DeviationCode] = {}
        self._shown: EntityId | None = None
        self._running = True
        self._editable = False
        self.model: TreeRowsModel[ExecutionLine] = TreeRowsModel(
            execution_columns(lambda: self._editable, lambda: self._running), lambda row: row.identity,
            lambda row: row.parent_id, on_edit=self._on_edit, parent=self,
        )  # fmt: skip
        self.tree = DataTree(self.model, key="budget.execution", state=context.view_state,
                             accessible_name=self.title())  # fmt: skip
        self.tree.set_delegate("code", CodeDelegate(code_choices))
        self.tree.set_placeholder(_("No budget categories yet"))
        self.actions_of_tab = ActionRegistry(self)
        self.notice = Banner()
        self.missing = Chip()
        self.tolerance = Chip()
        self.charts = (CategoryChart(), MonthChart())
        self.outcome = OutcomeCard(self)
        self.reserve = ReserveCard(self)
        self._add_actions()
        self._build()
        self.charts[0].group_clicked.connect(self._on_group_clicked)

    @classmethod
    def title(cls) -> str:
        """Return the tab's name."""
        return _("Deviations")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown."""
        return any(table in _TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch the figures anew."""
        project_id = self.project_id
        if project_id is None:
            return
        if project_id != self._shown:
            self._shown, self._pending = project_id, {}
        session = self.context.session
        project = projects.find_project(session, project_id)
        self._running = project is not None and project.status is ProjectStatus.ACTIVE
        why_not = self.why_not_edit()
        self._editable = not why_not
        self.notice.show_message(why_not, Tone.NEUTRAL)
        found = self.found = execution.execution(session, project_id)
        was_empty = not self.model.rows
        self._show_rows()
        if was_empty:
            self.tree.expandAll()
        for chart in self.charts:
            chart.show_execution(found)
        self.outcome.show_execution(found, editable=self._editable)
        self.reserve.show_reserve(found.releases, editable=self._editable)
        self._show_missing(found)
        self.actions_of_tab.set_enabled("budget.execution.reserve", self._editable)

    def reveal(self, row_id: bytes) -> bool:
        """Select a line."""
        if not self.model.index_of(row_id).isValid():
            return False
        self.tree.select_identity(row_id)
        self.tree.setFocus()
        return True

    def focus_first(self) -> None:
        """Let the table have the keys."""
        self.tree.setFocus()

    # --- actions ---

    def use_reserve(self) -> None:
        """Ask to use the reserve for the current line."""
        row = self.tree.current_row()
        use_reserve(self, row.line_id if isinstance(row, ExecutionLine) else None)

    def next_missing(self) -> None:
        """Go to the next line whose deviation nobody explained, and open its code."""
        asked = [row.identity for row in self.model.rows if row.needs_reason]
        if not asked:
            self.context.notice_posted.emit(_("Every deviation beyond the threshold has its reason."))
            return
        row = self.tree.current_row()
        names = [one.identity for one in self.model.rows]
        at = names.index(row.identity) if isinstance(row, ExecutionLine) and row.identity in names else -1
        following = [one for one in asked if names.index(one) > at]
        self._edit((following or asked)[0], "code")

    def clear_reason(self) -> None:
        """Take the current line's reason back."""
        row, project_id = self.tree.current_row(), self.project_id
        if isinstance(row, ExecutionLine) and project_id is not None and self.may_edit():
            self._pending.pop(row.line_id, None)
            self.perform(lambda: execution.clear_reason(self.context.session, project_id, row.line_id))
            self._show_rows()

    def expect_rest(self) -> None:
        """Take the current line's typed forecast back: the budget's rest is expected again."""
        row = self.tree.current_row()
        if isinstance(row, ExecutionLine) and row.line_id is not None and self.may_edit():
            line_id = row.line_id
            self.perform(lambda: execution.set_forecast(self.context.session, line_id, None))

    def export_report(self) -> None:
        """Ask for the execution report."""
        self.context.export_requested.emit("budget-execution", None)

    # --- building ---

    def _add_actions(self) -> None:
        group = self.title()
        for key, text, callback, shortcut, icon in (
            ("reserve", _("Use the reserve…"), self.use_reserve, "Ctrl+Shift+R", "shield-check"),
            ("missing", _("Next deviation without a reason"), self.next_missing, "F8", "circle-alert"),
            ("clear", _("Take the reason back"), self.clear_reason, "Ctrl+Backspace", "x"),
            ("rest", _("Expect the rest of the budget again"), self.expect_rest, "Ctrl+Shift+E", "undo-2"),
            ("columns", _("Columns"), self._show_columns, "Ctrl+Shift+H", "columns-3"),
            ("report", _("Execution report PDF"), self.export_report, "Ctrl+Shift+X", "file-text"),
        ):
            self.actions_of_tab.add(
                Action(f"budget.execution.{key}", text, callback, shortcut=shortcut, icon=icon, group=group)
            )

    def _build(self) -> None:
        registry = self.actions_of_tab
        self.next_button = registry.icon_button("budget.execution.missing")
        self.columns_button = registry.icon_button("budget.execution.columns")
        self.toolbar.add(self.tolerance, self.missing, self.next_button)
        self.toolbar.add_stretch()
        self.report = primary_button(_("Execution report PDF"), self.export_report)
        self.use_button = registry.button("budget.execution.reserve")
        self.toolbar.add(self.columns_button, self.use_button, self.report)
        table = Card(padded=False)
        table.add(self.tree, 1)
        lower = QWidget()
        lower.setProperty("look", "page")
        row = _PlainRow(lower)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_3)
        for card, stretch in ((self.charts[0], 5), (self.charts[1], 4), (self.outcome, 7), (self.reserve, 5)):
            row.addWidget(card, stretch)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setWidget(lower)
        scroll.setMinimumHeight(200)
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.addWidget(table)
        self.splitter.addWidget(scroll)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setSizes([420, 270])
        self.splitter.setHandleWidth(SPACE_3)
        SplitterMemory(self.splitter, "budget.execution", self.context.view_state)
        self.splitter.setCollapsible(0, False)
        self.body.insertWidget(0, self.notice)
        self.body.addWidget(self.splitter, 1)

    def _show_columns(self) -> None:
        place = self.columns_button.mapToGlobal(self.columns_button.rect().bottomLeft())
        self.tree.column_menu().popup(place)

    # --- showing and editing ---

    def _show_rows(self) -> None:
        if self.found is not None:
            self.model.set_rows(execution_lines(self.found, self._pending))

    def _show_missing(self, found: ExecutionView) -> None:
        count = len(found.missing_reasons)
        self.tolerance.set_text(_("Tolerance ±{share}").format(share=percent_exact(found.ledger.threshold_bp)))
        if count:
            words = ngettext("{count} reason missing", "{count} reasons missing", count).format(count=count)
            self.missing.set_text(words)
            self.missing.set_tone(Tone.BAD)
        else:
            self.missing.set_text(_("All deviations explained"))
            self.missing.set_tone(Tone.OK)

    def _on_edit(self, row: ExecutionLine, key: str, value: Any) -> bool:
        session, project_id, line_id = self.context.session, self.project_id, row.line_id
        if project_id is None:
            return False
        match key:
            case "code":
                return self._set_code(row, value)
            case "text":
                words = (value or "").strip()
                if not words:
                    return self.perform(lambda: execution.clear_reason(session, project_id, line_id))
                code = row.code or DeviationCode.OTHER
                self._pending.pop(line_id, None)
                return self.perform(lambda: execution.set_reason(session, project_id, line_id, code, words))
            case "to_go" if line_id is not None:
                basis = row.forecast.basis if row.forecast is not None else self._basis()
                return self.perform(lambda: execution.set_forecast(session, line_id, value, basis))
            case "basis" if line_id is not None and row.forecast is not None:
                amount = row.forecast.to_go
                return self.perform(lambda: execution.set_forecast(session, line_id, amount, value or ""))
            case _:
                return False

    def _set_code(self, row: ExecutionLine, code: DeviationCode | None) -> bool:
        """Store a code with the words there are; without words they are asked for in the next cell."""
        session, project_id = self.context.session, self.project_id
        if project_id is None:
            return False
        if code is None:
            self._pending.pop(row.line_id, None)
            done = self.perform(lambda: execution.clear_reason(session, project_id, row.line_id))
            self._show_rows()
            return done
        if row.reason is not None:
            words = row.reason.text
            return self.perform(lambda: execution.set_reason(session, project_id, row.line_id, code, words))
        self._pending[row.line_id] = code
        self._show_rows()
        identity = row.identity
        QTimer.singleShot(0, self, lambda: self._edit(identity, "text"))
        return True

    def _edit(self, identity: bytes, key: str) -> None:
        index = self.model.index_of(identity, self.model.column_number(key))
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self._open(index)

    def _open(self, index: QModelIndex) -> None:
        self.tree.setFocus()
        self.tree.setCurrentIndex(index)
        self.tree.scrollTo(index)
        self.tree.edit(index)

    def _basis(self) -> str:
        """Return who estimates when, as the first basis of a forecast."""
        session = self.context.session
        day = f"{session.today():%Y-%m-%d}"
        if session.actor is None:
            return _("Estimated on {day}").format(day=day)
        return _("Estimated by {name} on {day}").format(name=session.actor.name[:60], day=day)

    @Slot(str)
    def _on_group_clicked(self, key: str) -> None:
        if key:
            self.reveal(bytes.fromhex(key))


__all__ = ["TOTAL", "ExecutionTab"]

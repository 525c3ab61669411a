"""The allocation tab (分配): categories and lines with linked percentages and amounts, and what the rules say."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QSplitter, QVBoxLayout, QWidget

from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import budget, budget_status, budget_view, compliance, execution
from qihua_desktop.services.budget_status import BudgetStatus, VersionInfo
from qihua_desktop.services.budget_view import BudgetView
from qihua_desktop.services.execution import ExecutionView
from ui.common.context import AppContext
from ui.common.layouts import SplitterMemory, show_in_place
from ui.common.theme import SPACE_3
from ui.common.tree_models import TreeRowsModel
from ui.common.widgets import Banner, Card, EmptyState

from .allocation_edits import AllocationEdits
from .columns import budget_columns
from .commands import BudgetCommands
from .compliance_card import ComplianceCard
from .deviation_card import DeviationCard
from .rows import BudgetRow, LineFacts, budget_rows, line_facts, per_guest_words
from .share_card import ShareCard
from .sign_off_notice import sign_off_notice
from .table import BudgetTree
from .tabs import BudgetTab
from .template_menu import fill_template_menu
from .toolbar import BudgetToolbar
from .total_row import AllocationLine, TotalRow

_TABLES = frozenset({
    "budget", "budget_line", "budget_version", "plan_version", "sign_off", "quote", "contract", "payment", "voucher",
    "voucher_share", "stock_use", "stock_item", "supplier", "reserve_release", "line_forecast", "deviation_reason",
    "outcome_basis", "waiver", "annual_pool", "pool_adjustment", "pool_exception", "task", "setting", "project",
})  # fmt: skip
_SIDE_WIDTH = 352
_LOW = 700
_MANY_LINES = 1_000
_CHECK_DELAY = 250
"""Milliseconds after which the rules of a long budget are checked; its rows are shown before."""
_VERY_LOW = 560
_NARROW = 960


class AllocationTab(BudgetTab):
    """Allocates one project's budget."""

    key = "allocation"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.view: BudgetView | None = None
        self.status: BudgetStatus | None = None
        self.found: ExecutionView | None = None
        self._facts: dict[EntityId, LineFacts] = {}
        self._compare_with: int | None = None
        self._shown_project: EntityId | None = None
        self._preview: tuple[EntityId, int] | None = None
        self._narrow = False
        self.edits = AllocationEdits(self)
        self.model: TreeRowsModel[BudgetRow] = TreeRowsModel(
            budget_columns(self.may_edit), lambda row: row.line.id, lambda row: row.line.parent_id,
            on_edit=self.edits.on_edit, parent=self,
        )  # fmt: skip
        self.tree = BudgetTree(self.model, context.view_state)
        self.edits.set_delegates()
        self.commands = BudgetCommands(self)
        self.head = BudgetToolbar(self.toolbar, self.commands)
        self.notice = Banner()
        self.total_row = TotalRow(self.tree)
        self.allocation = AllocationLine(self.spread_rest, self.take_sum)
        self.shares = ShareCard()
        self.checks = ComplianceCard(self)
        self.deviation = DeviationCard()
        self.template_menu = QMenu(self)
        self._check_later = QTimer(self, singleShot=True, interval=_CHECK_DELAY)
        self._check_later.timeout.connect(self._check_rules)
        self._build()
        self._connect()

    @classmethod
    def title(cls) -> str:
        """Return the tab's name."""
        return _("Allocation")

    # --- contents ---

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown."""
        return any(table in _TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch the budget anew."""
        project_id = self.project_id
        if project_id is None:
            return
        session = self.context.session
        view = self.view = budget_view.load_budget(session, project_id)
        if project_id != self._shown_project:
            self._shown_project, self._compare_with = project_id, None
            self.checks.show_waiting()
        self.found = execution.execution(session, project_id, view.plain_lines)
        self._facts = line_facts(session, project_id, self.found)
        self.status = budget_status.budget_status(session, view)
        before = {row.line.id for row in self.model.rows}
        self._show(view)
        self._open_new(before)
        show_in_place(self.start, visible=not view.lines)
        show_in_place(self.tree, visible=bool(view.lines))
        self.tree.fit_height()
        self.deviation.show_execution(self.found)
        self.shares.show_note(per_guest_words(self.found))
        if len(view.lines) > _MANY_LINES:
            self._check_later.start()
        else:
            self._check_rules()
        self._show_status()
        self._on_selection_changed()

    def reveal(self, row_id: bytes) -> bool:
        """Select a row."""
        if not self.model.index_of(row_id).isValid():
            return False
        self.tree.select_identity(row_id)
        self.tree.setFocus()
        return True

    def focus_first(self) -> None:
        """Let the table have the keys."""
        (self.tree if not self.tree.isHidden() else self.total_row.total).setFocus()

    def why_not_edit(self) -> str:
        """Return why nothing may be changed, empty when it may."""
        if self.context.session.workspace.read_only:
            return _("This workspace is open for reading only.")
        if self.view is None:
            return _("No project chosen")
        if self.view.budget.state is BudgetState.CLOSED:
            return _("The project is closed; its budget is for reading.")
        return ""

    def row(self, line_id: EntityId) -> BudgetRow | None:
        """Return a row as it is shown."""
        return self.model.row_at(self.model.index_of(line_id))

    def compared_number(self) -> int | None:
        """Return the number of the version the toolbar compares with."""
        compared = self._compared(self.status) if self.status is not None else None
        return compared.version.number if compared is not None else None

    # --- actions ---

    def edit_total(self) -> None:
        """Go to the total."""
        self.total_row.total.setFocus()
        self.total_row.total.selectAll()

    def spread_rest(self) -> None:
        """Spread what is unallocated over the free categories."""
        project_id = self.project_id
        if project_id is not None and self.may_edit():
            self.perform(lambda: budget.spread_rest(self.context.session, project_id))

    def take_sum(self) -> None:
        """Let the total be the sum of the categories."""
        project_id = self.project_id
        if project_id is not None and self.may_edit():
            self.perform(lambda: budget.take_sum_as_total(self.context.session, project_id))

    def show_templates(self) -> None:
        """Open the list of proportion templates."""
        if self.project_id is not None and self.may_edit():
            fill_template_menu(self.template_menu, self)
            self.template_menu.popup(self.head.templates_place())

    def toggle_side(self) -> None:
        """Show or hide the cards beside the table."""
        self.side.setVisible(self.side.isHidden())

    def show_columns(self) -> None:
        """Open the column chooser."""
        anchor = self.head.columns
        self.tree.column_menu().popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def export_approval(self) -> None:
        """Ask for the budget approval form."""
        self.context.export_requested.emit("budget-approval", None)

    def export_execution(self) -> None:
        """Ask for the execution report."""
        self.context.export_requested.emit("budget-execution", None)

    def send_to_finance(self) -> None:
        """Ask for the finance pack."""
        self.context.export_requested.emit("finance-pack", None)

    # --- building ---

    def _build(self) -> None:
        start = EmptyState(
            "chart-pie",
            _("No budget categories yet"),
            _("Take over the shares of a template, paste rows from a spreadsheet, or add the first category."),
            action_text=_("Add category"),
            callback=self.commands.add_category,
        )
        self.start = start
        card = Card(padded=False)
        card.body.setSpacing(0)
        card.add(start, 1)
        card.add(self.tree, 1)
        card.add(self.total_row)
        card.add(self.allocation)
        card.add(self.deviation)
        card.body.addStretch(0)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(card)
        self.side = self._side()
        self.splitter.addWidget(self.side)
        self.splitter.setStretchFactor(0, 1)
        self.splitter.setStretchFactor(1, 0)
        self.splitter.setHandleWidth(SPACE_3)
        self.splitter.setSizes([900, _SIDE_WIDTH])
        SplitterMemory(self.splitter, "budget", self.context.view_state)
        self.splitter.setCollapsible(0, False)
        self.body.insertWidget(0, self.notice)
        self.body.addWidget(self.splitter, 1)

    def _side(self) -> QWidget:
        holder = QWidget()
        cards = QVBoxLayout(holder)
        cards.setContentsMargins(0, 0, 0, 0)
        cards.setSpacing(SPACE_3)
        cards.addWidget(self.shares)
        cards.addWidget(self.checks)
        cards.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setMinimumWidth(300)
        scroll.setWidget(holder)
        holder.setProperty("look", "page")
        return scroll

    def _connect(self) -> None:
        self.tree.selection_changed.connect(self._on_selection_changed)
        self.tree.rows_pasted.connect(self.commands.paste)
        self.tree.lock_clicked.connect(self.commands.show_lock_menu)
        self.tree.context_requested.connect(self._on_context_requested)
        self.total_row.total_entered.connect(self._on_total_entered)
        self.shares.share_previewed.connect(self._on_share_previewed)
        self.shares.share_settled.connect(self._on_share_settled)
        self.shares.share_cancelled.connect(self._on_share_cancelled)
        self.shares.lock_clicked.connect(self._on_lock_clicked)
        self.shares.line_chosen.connect(self.tree.select_identity)
        self.checks.lines_chosen.connect(self._on_lines_chosen)
        self.checks.procurement_chosen.connect(lambda line_id: self.tab_requested.emit("procurement", line_id))
        self.checks.voucher_chosen.connect(lambda voucher_id: self.tab_requested.emit("vouchers", voucher_id))
        self.head.version_chosen.connect(self._on_version_chosen)
        self.head.comparison_requested.connect(self.commands.dialogs.compare)
        self.head.review_requested.connect(self._go_to_review)
        self.context.theme.changed.connect(self.tree.viewport().update)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self.side.setVisible(not narrow)
        self.deviation.setVisible(self.height() >= _VERY_LOW)
        small = self.height() < _LOW
        if small != self.shares.is_small:
            self.shares.set_small(small=small)
            if self.view is not None:
                self.shares.show_view(self.view, editable=self.may_edit())

    # --- showing ---

    def _check_rules(self) -> None:
        if self.project_id is not None:
            self._check_later.stop()
            self.checks.show_results(compliance.compliance(self.context.session, self.project_id))

    def _open_new(self, before: set[EntityId]) -> None:
        """Open the categories that were not shown before; all of them at once when none was."""
        if not before:
            self.tree.open_all()
            return
        for row in self.model.rows:
            if row.line.id not in before and row.has_children:
                self.tree.expand(self.model.index_of(row.line.id))

    def _show(self, view: BudgetView) -> None:
        """Show figures, stored or previewed."""
        editable = self.may_edit()
        self.model.set_rows(budget_rows(view, self._facts))
        self.total_row.show_view(view)
        self.total_row.show_execution(self.found)
        self.total_row.set_editable(editable=editable)
        self.allocation.show_view(view, editable=editable)
        self.shares.show_view(view, editable=editable)

    def _show_status(self) -> None:
        view, status = self.view, self.status
        if view is None or status is None:
            return
        compared = self._compared(status)
        difference = budget_status.difference(view, compared.version) if compared else None
        self.head.show_status(view.budget.state, status, compared, difference)
        text, tone = sign_off_notice(view, status)
        self.notice.clear_actions()
        if text and status.has_voided:
            self.notice.add_action(_("Go to the review"), self._go_to_review)
        self.notice.show_message(text, tone)

    def _compared(self, status: BudgetStatus) -> VersionInfo | None:
        """Return the version to compare with: the chosen one, else the approved, else the newest."""
        for info in status.versions:
            if info.version.number == self._compare_with:
                return info
        approved = [info for info in status.versions if info.version == status.approved]
        return (*approved, *status.versions, None)[0]

    # --- edits ---

    @Slot(object)
    def _on_total_entered(self, fen: object) -> None:
        project_id, view = self.project_id, self.view
        if project_id is None or view is None or not isinstance(fen, int):
            return
        if not self.perform(lambda: budget.set_total(self.context.session, project_id, fen)):
            self.total_row.total.set_fen(view.budget.total)

    @Slot(object, int)
    def _on_share_previewed(self, line_id: EntityId, share: int) -> None:
        """Show what a moved slider would do; a refused place leaves the figures at the last one that was possible."""
        if self.view is None:
            return
        previews: list[BudgetView] = []
        if self.perform(lambda: previews.append(budget_view.preview_percent(self.view, line_id, share))):  # type: ignore[arg-type]
            self._preview = (line_id, share)
            self._show(previews[0])
        else:
            kept = self._preview[1] if self._preview and self._preview[0] == line_id else None
            row = self.view.row(line_id)
            self.shares.rows[line_id].slider.show_share(kept if kept is not None else row.share if row else 0)

    @Slot(object, int)
    def _on_share_settled(self, line_id: EntityId, share: int) -> None:
        self._preview = None
        if not self.perform(lambda: budget.enter_percent(self.context.session, line_id, share)):
            self.reload()

    @Slot()
    def _on_share_cancelled(self) -> None:
        self._preview = None
        if self.view is not None:
            self._show(self.view)

    # --- the rest ---

    @Slot(object)
    def _on_selection_changed(self, _rows: object = None) -> None:
        self.commands.enable(editable=self.may_edit())

    @Slot(object, QPoint)
    def _on_context_requested(self, _row: object, place: QPoint) -> None:
        menu = self.commands.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    @Slot(object, QPoint)
    def _on_lock_clicked(self, line_id: EntityId, place: QPoint) -> None:
        row = self.row(line_id)
        if row is not None:
            self.commands.show_lock_menu(row, place)

    @Slot(object)
    def _on_lines_chosen(self, line_ids: tuple[EntityId, ...]) -> None:
        if line_ids:
            self.reveal(line_ids[0])

    @Slot(object)
    def _on_version_chosen(self, number: int) -> None:
        self._compare_with = number
        self._show_status()

    @Slot()
    def _go_to_review(self) -> None:
        self.context.page_requested.emit("review", self.project_id)

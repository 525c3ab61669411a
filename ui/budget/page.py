"""The budget window (预算分配): categories and lines with linked percentages and amounts, and what the rules say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QFocusEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.errors import InputError, QihuaError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import budget, budget_status, budget_view
from qihua_desktop.services.budget_status import BudgetStatus, VersionInfo
from qihua_desktop.services.budget_view import BudgetView, LineView
from ui.common.context import AppContext
from ui.common.layouts import SplitterMemory, show_in_place
from ui.common.page import Page
from ui.common.theme import SPACE_3, SPACE_4
from ui.common.tree_models import TreeRowsModel
from ui.common.widgets import Banner, Card, EmptyState, Tone

from .checks_card import ChecksCard
from .columns import budget_columns
from .commands import BudgetCommands
from .delegates import (
    LockDelegate,
    NameDelegate,
    TypedAmount,
    TypedShare,
    WordsDelegate,
    figure_delegates,
    problem_words,
)
from .share_card import ShareCard
from .sign_off_notice import sign_off_notice
from .table import BudgetTree
from .template_menu import fill_template_menu
from .toolbar import BudgetToolbar
from .total_row import AllocationLine, TotalRow

_TABLES = frozenset({"budget", "budget_line", "budget_version", "plan_version", "sign_off"})
_SIDE_WIDTH = 352
_LOW = 700
_NARROW = 960
_TEXT_COLUMNS = ("supplier", "basis", "unit", "notes")
_LONGEST_TEXT = 10_000


class BudgetPage(Page):
    """Allocates one project's budget."""

    key = "budget"
    icon = "wallet"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.view: BudgetView | None = None
        self.status: BudgetStatus | None = None
        self._compare_with: int | None = None
        self._shown_project: EntityId | None = None
        self._preview: tuple[EntityId, int] | None = None
        self._narrow = False
        self.model: TreeRowsModel[LineView] = TreeRowsModel(
            budget_columns(self.may_edit), lambda row: row.line.id, lambda row: row.line.parent_id,
            on_edit=self._on_edit, parent=self,
        )  # fmt: skip
        self.tree = BudgetTree(self.model, context.view_state)
        self._set_delegates()
        self.commands = BudgetCommands(self)
        self.toolbar = BudgetToolbar(self.commands)
        self.notice = Banner()
        self.problem = Banner(tone=Tone.BAD, closable=True)
        self.total_row = TotalRow(self.tree)
        self.allocation = AllocationLine(self.spread_rest, self.take_sum)
        self.shares = ShareCard()
        self.checks = ChecksCard()
        self.template_menu = QMenu(self)
        self._stack = QStackedWidget()
        self._build()
        self._connect()

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Budget allocation")

    # --- contents ---

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown."""
        return any(table in _TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch the budget anew."""
        view = self._load()
        self.view = view
        if view is None:
            self.status = None
            self._stack.setCurrentIndex(0)
            self.toolbar.setVisible(False)
            self.notice.show_message("")
            return
        if self.project_id != self._shown_project:
            self._shown_project, self._compare_with = self.project_id, None
            self.problem.show_message("")
        self.status = budget_status.budget_status(self.context.session, view)
        self.toolbar.setVisible(True)
        self._stack.setCurrentIndex(1)
        before = {row.line.id for row in self.model.rows}
        self._show(view)
        for row in view.lines:
            if row.line.id not in before and row.has_children:
                self.tree.expand(self.model.index_of(row.line.id))
        show_in_place(self.start, visible=not view.lines)
        show_in_place(self.tree, visible=bool(view.lines))
        self.tree.fit_height()
        self.checks.show_checks(budget_status.budget_checks(view, self.status))
        self._show_status()
        self._on_selection_changed()

    def reveal(self, line_id: bytes) -> None:
        """Select a row."""
        self.tree.select_identity(line_id)
        self.tree.setFocus()

    def may_edit(self) -> bool:
        """Whether anything may be changed: the file is writable and the budget not closed."""
        view = self.view
        closed = view is None or view.budget.state is BudgetState.CLOSED
        return not closed and not self.context.session.workspace.read_only

    def perform(self, action: Callable[[], object]) -> bool:
        """Run a service call; what is refused is said above the table, and False returned."""
        try:
            action()
        except QihuaError as error:
            self.problem.show_message(problem_words(error, " "), Tone.BAD)
            return False
        self.problem.show_message("")
        return True

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
            self.template_menu.popup(self.toolbar.templates_place())

    def toggle_side(self) -> None:
        """Show or hide the cards beside the table."""
        self.side.setVisible(self.side.isHidden())

    def show_columns(self) -> None:
        """Open the column chooser."""
        anchor = self.toolbar.columns
        self.tree.column_menu().popup(anchor.mapToGlobal(anchor.rect().bottomLeft()))

    def export_approval(self) -> None:
        """Ask for the budget approval form."""
        self.context.export_requested.emit("budget-approval", None)

    def send_to_finance(self) -> None:
        """Ask for the finance pack."""
        self.context.export_requested.emit("finance-pack", None)

    # --- building ---

    def _set_delegates(self) -> None:
        delegates = figure_delegates(self._check)
        for key, delegate in delegates.items():
            self.tree.set_delegate(key, delegate)
        self.tree.set_delegate("name", NameDelegate(max_length=_LONGEST_TEXT, may_be_empty=False))
        self.tree.set_delegate("lock", LockDelegate())
        for key in _TEXT_COLUMNS:
            self.tree.set_delegate(key, WordsDelegate(max_length=_LONGEST_TEXT))

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
        content = QWidget()
        body = QVBoxLayout(content)
        body.setContentsMargins(20, SPACE_4, 20, SPACE_4)
        body.setSpacing(SPACE_3)
        body.addWidget(self.notice)
        body.addWidget(self.problem)
        body.addWidget(self.splitter, 1)
        self._stack.addWidget(
            EmptyState("wallet", _("No project chosen"), _("Choose a project to allocate its budget."),
                       action_text=_("Projects"), callback=lambda: self.context.page_requested.emit("projects", None))
        )  # fmt: skip
        self._stack.addWidget(content)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addWidget(self._stack, 1)

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
        self.toolbar.version_chosen.connect(self._on_version_chosen)
        self.toolbar.review_requested.connect(self._go_to_review)
        self.context.theme.changed.connect(self.tree.viewport().update)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the focus to the table; a focus proxy would part the ring that Tab goes round."""
        self.tree.setFocus(event.reason())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < _NARROW
        if narrow != self._narrow:
            self._narrow = narrow
            self.side.setVisible(not narrow)
        small = self.height() < _LOW
        if small != self.shares.is_small:
            self.shares.set_small(small=small)
            if self.view is not None:
                self.shares.show_view(self.view, editable=self.may_edit())

    # --- showing ---

    def _load(self) -> BudgetView | None:
        if self.project_id is None:
            return None
        try:
            return budget_view.load_budget(self.context.session, self.project_id)
        except LookupError:
            return None

    def _show(self, view: BudgetView) -> None:
        """Show figures, stored or previewed."""
        editable = self.may_edit()
        self.model.set_rows(view.lines)
        self.total_row.show_view(view)
        self.total_row.set_editable(editable=editable)
        self.allocation.show_view(view, editable=editable)
        self.shares.show_view(view, editable=editable)

    def _show_status(self) -> None:
        view, status = self.view, self.status
        if view is None or status is None:
            return
        compared = self._compared(status)
        difference = budget_status.difference(view, compared.version) if compared else None
        self.toolbar.show_status(view.budget.state, status, compared, difference)
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

    def _check(self, row: LineView, key: str, value: Any) -> None:
        """Try a typed figure out before its editor closes. Raises QihuaError."""
        view = self.view
        if view is None:
            return
        match key, value:
            case ("amount", TypedShare(share)) | ("share", int(share)):
                budget_view.preview_percent(view, row.line.id, share)
            case ("share", TypedAmount(fen)) | ("amount", int(fen)):
                budget_view.preview_amount(view, row.line.id, fen)
            case ("tax_rate", int(rate)) if not 0 <= rate <= 10_000:
                raise InputError(_("A tax rate lies between 0 % and 100 %."))
            case _:
                return

    def _on_edit(self, row: LineView, key: str, value: Any) -> bool:
        session, line_id = self.context.session, row.line.id
        match key, value:
            case ("amount", TypedShare(share)) | ("share", int(share)):
                return self.perform(lambda: budget.enter_percent(session, line_id, share))
            case ("share", TypedAmount(fen)) | ("amount", int(fen)):
                return self.perform(lambda: budget.enter_amount(session, line_id, fen))
            case ("unit_price", _):
                return self.perform(lambda: budget.enter_price(session, line_id, unit_price=value or 0))
            case ("quantity", _):
                return self.perform(lambda: budget.enter_price(session, line_id, quantity=value or 0))
            case ("reserve", _):
                return self.perform(lambda: budget.update_line(session, line_id, is_reserve=bool(value)))
            case ("tax_rate", _):
                return self.perform(lambda: budget.update_line(session, line_id, tax_rate=value or 0))
            case _:
                return self.perform(lambda: budget.update_line(session, line_id, **{key: value or ""}))

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
        row = self.view.row(line_id) if self.view is not None else None
        if row is not None:
            self.commands.show_lock_menu(row, place)

    @Slot(object)
    def _on_lines_chosen(self, line_ids: tuple[EntityId, ...]) -> None:
        self.reveal(line_ids[0])

    @Slot(object)
    def _on_version_chosen(self, number: int) -> None:
        self._compare_with = number
        self._show_status()

    @Slot()
    def _go_to_review(self) -> None:
        self.context.page_requested.emit("review", self.project_id)

"""The tab of quotes and contracts (比价): per line who offers what, what was signed, and when it is to be paid."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, QTimer, Slot
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.procurement import ContractState
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.i18n import _
from qihua_desktop.services import projects
from qihua_desktop.services.contracts import ContractView
from qihua_desktop.services.quotes import QuoteView
from ui.budget.tabs import BudgetTab
from ui.common.context import AppContext
from ui.common.controls import Segment, SegmentedControl
from ui.common.layouts import SplitterMemory
from ui.common.models import SortFilterModel
from ui.common.theme import SPACE_3
from ui.common.widgets import Banner, Chip, EmptyState, Tone, icon_button

from .cards import ContractsCard, PaymentsCard, QuotesCard, TableCard
from .columns import MarksDelegate, due_columns, line_columns
from .commands import BuyingCommands
from .fields import line_choices
from .rows import WITHOUT_LINE, Buying, BuyingLine, PaymentRow, load_buying

LINES, CONTRACTS, DUES = "lines", "contracts", "dues"
_TABLES = frozenset({
    "budget", "budget_line", "quote", "contract", "payment", "voucher", "voucher_share", "supplier", "attachment",
    "stock_use", "stock_item", "reserve_release", "line_forecast", "setting", "project",
})  # fmt: skip


class ProcurementTab(BudgetTab):
    """Quotes, contracts and payments."""

    key = "procurement"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.found = Buying((), (), ())
        self._editable = False
        self._kept: EntityId | None = None  # a line at work stays among what is left to do when it is done
        self.commands = BuyingCommands(self)
        self.locked = Banner(tone=Tone.ACCENT)
        self.views = SegmentedControl(
            (Segment(LINES, _("By line")), Segment(CONTRACTS, _("All contracts")), Segment(DUES, _("To be paid"))),
            accessible_name=_("Quotes, contracts and payments"),
        )
        self.filter = SegmentedControl(
            (Segment("all", _("All")), Segment("open", _("Left to do"))), accessible_name=_("Which lines")
        )
        edits = self.commands
        self.lines = TableCard(
            _("Lines to buy"), context, line_columns(), lambda row: row.line_id, key="budget.procurement.lines"
        )
        self.proxy = SortFilterModel(self.lines.model, self)
        self.lines.table.set_model(self.proxy)
        self.lines.table.set_delegate("marks", MarksDelegate())
        self.quotes = QuotesCard(context, self.may_edit, edits.edit_quote)
        self.contracts = ContractsCard(context, self.may_edit, edits.edit_contract, lines=self._line_choices,
                                       of_project=False)  # fmt: skip
        self.all_contracts = ContractsCard(context, self.may_edit, edits.edit_contract, lines=self._line_choices,
                                           of_project=True)  # fmt: skip
        self.plan = PaymentsCard(context, self.may_edit, edits.edit_payment, "budget.procurement.plan")
        self.all_plan = PaymentsCard(context, self.may_edit, edits.edit_payment, "budget.procurement.all_plan")
        self.dues = TableCard(
            _("To be paid"), context, due_columns(), lambda row: row.payment.id, key="budget.procurement.dues"
        )
        self.dues.table.set_placeholder(_("Nothing is waiting to be paid."))
        self.total_due = Chip()
        self._build()
        self._connect()

    @classmethod
    def title(cls) -> str:
        """Return the tab's name."""
        return _("Quotes")

    def may_edit(self) -> bool:
        """Whether anything may be changed, as of the last refresh."""
        return self._editable

    def why_not_edit(self) -> str:
        """Return why nothing may be changed, empty when it may."""
        reason = super().why_not_edit()
        if reason or self.project_id is None:
            return reason
        project = projects.find_project(self.context.session, self.project_id)
        if project is None or project.status is not ProjectStatus.ACTIVE:
            return _("This project is closed; its contracts are for reading.")
        return ""

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown."""
        return any(table in _TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch quotes, contracts and payments anew; what is selected stays so."""
        if self.project_id is None:
            return
        reason = self.why_not_edit()
        self._editable = not reason
        self.locked.show_message(reason)
        self.found = load_buying(self.context.session, self.project_id)
        undone = sum(1 for row in self.found.lines if row.is_open)
        self.filter.set_badge("open", str(undone) if undone else "")
        self.views.set_badge(DUES, str(len(self.found.dues)) if self.found.dues else "")
        self.pages.setCurrentWidget(self.parts if self.found.lines else self.nothing)
        self._show_lines()
        self.all_contracts.show_contracts(self.found.contracts)
        self.dues.show_rows(self.found.dues)
        self._show_all_plan()
        self._show_total()
        for part in (self.nothing.action, self.nothing.second_action):
            if part is not None:
                part.setEnabled(self._editable)

    def reveal(self, row_id: bytes) -> bool:
        """Select a line, a quote, a contract or a payment."""
        for line in self.found.lines:
            held = line.comparison.quotes if line.comparison is not None else ()
            if line.line_id == row_id or any(one.quote.id == row_id for one in held):
                self._go_to_line(line.line_id)
                if self.quotes.table.select_identity(row_id):
                    self.quotes.table.setFocus()
                return True
            for view in line.contracts:
                payment = next((one for one in view.payments if one.id == row_id), None)
                if view.contract.id == row_id or payment is not None:
                    self._go_to_line(line.line_id)
                    self.contracts.table.select_identity(view.contract.id)
                    if payment is not None:
                        self.plan.table.select_identity(payment.position)
                    (self.contracts if payment is None else self.plan).table.setFocus()
                    return True
        return False

    def focus_first(self) -> None:
        """Let the table in front have the keys."""
        {LINES: self.lines, CONTRACTS: self.all_contracts, DUES: self.dues}[self.views.current_key()].table.setFocus()

    # --- what is selected ---

    def current_line(self) -> BuyingLine | None:
        """Return the line in front, None on the other views."""
        return self.lines.current() if self.views.current_key() == LINES else None

    def current_line_id(self) -> EntityId | None:
        """Return the budget line that a new quote or contract is meant for."""
        line = self.current_line()
        return line.line_id if line is not None and line.line_id != WITHOUT_LINE else None

    def current_quote(self) -> QuoteView | None:
        """Return the selected quote."""
        return self.quotes.current() if self.views.current_key() == LINES else None

    def current_contract(self) -> ContractView | None:
        """Return the selected contract of the view in front."""
        match self.views.current_key():
            case "lines":
                return self.contracts.current()
            case "contracts":
                return self.all_contracts.current()
            case _:
                row: PaymentRow | None = self.dues.current()
                return row.view if row is not None else None

    def current_payment(self) -> PaymentRow | None:
        """Return the selected payment of the view in front."""
        cards = {LINES: self.plan, CONTRACTS: self.all_plan, DUES: self.dues}
        return cards[self.views.current_key()].current()

    def current_supplier_id(self) -> EntityId | None:
        """Return the supplier of the quote that has the focus, else of the selected contract or quote."""
        quote, view = self.current_quote(), self.current_contract()
        if quote is not None and (view is None or self.quotes.table.hasFocus()):
            return quote.supplier.id
        return view.supplier.id if view is not None else None

    def open_choice(self) -> QuoteView | None:
        """Return the line's chosen quote from which no contract was made yet."""
        line = self.current_line()
        chosen = line.comparison.chosen if line is not None and line.comparison is not None else None
        if line is None or chosen is None:
            return None
        held = any(
            view.contract.quote_id == chosen.quote.id and view.contract.state is not ContractState.CANCELLED
            for view in line.contracts
        )
        return None if held else chosen

    def deletable(self) -> tuple[tuple[TableCard, str], ...]:
        """Return the tables whose rows the Delete key removes, with the action it takes."""
        return (
            (self.quotes, "delete_quote"), (self.contracts, "delete_contract"), (self.all_contracts, "delete_contract"),
            (self.plan, "delete_payment"), (self.all_plan, "delete_payment"),
        )  # fmt: skip

    def select_contract(self, contract_id: EntityId) -> None:
        """Select a contract on the view in front."""
        if self.views.current_key() == CONTRACTS:
            self.all_contracts.table.select_identity(contract_id)
            self.all_contracts.table.setFocus()
        else:
            self.reveal(contract_id)

    def next_open(self) -> None:
        """Go to the next line that something is to be done about."""
        wanted = [row.line_id for row in self.found.lines if row.is_open]
        if not wanted:
            self.context.notice_posted.emit(_("Nothing is left to do about quotes and contracts."))
            return
        order = [row.line_id for row in self.found.lines]
        line = self.lines.current()
        at = order.index(line.line_id) if line is not None and line.line_id in order else -1
        self._go_to_line(next((one for one in wanted if order.index(one) > at), wanted[0]))

    def edit_last_payment(self) -> None:
        """Open the day of the payment planned last."""
        card = self.all_plan if self.views.current_key() == CONTRACTS else self.plan
        rows: tuple[PaymentRow, ...] = card.model.rows
        if rows and self.views.current_key() != DUES:
            last = max(row.payment.position for row in rows)
            QTimer.singleShot(0, card, lambda: card.edit(last, "due_on"))

    def files_place(self) -> QPoint:
        """Return where the menu of a quote's files goes."""
        table = self.quotes.table
        row = table.visualRect(table.currentIndex())
        return table.viewport().mapToGlobal(QPoint(max(0, table.viewport().width() - 200), row.bottom()))

    def _line_choices(self) -> tuple[tuple[EntityId, str], ...]:
        return line_choices(self.context.session, self.project_id, None) if self.project_id is not None else ()

    # --- building ---

    def _build(self) -> None:
        self.toolbar.add(self.views)
        self.toolbar.add_stretch()
        registry = self.commands.registry
        self.toolbar.add(registry.icon_button("budget.procurement.next"), self.total_due)
        self.lines.add_action(self.filter)
        self._head(
            self.quotes,
            ("add_quote", "choose"),
            ("unchoose", None, "files", "attach", "supplier", None, "delete_quote"),
            _("More about the quote"),
        )
        more = ("sign", "finish", "cancel", "reopen", None, "supplier", None, "delete_contract")
        self._head(self.contracts, ("from_quote", "add_contract"), more, _("More about the contract"))
        self._head(self.all_contracts, ("add_contract", "sign"), more, _("More about the contract"))
        pay = ("take_back", None, "delete_payment")
        for card in (self.plan, self.all_plan):
            self._head(card, ("add_payment", "pay"), pay, _("More about the payment"))
        self.dues.add_action(registry.button("budget.procurement.pay"))
        right = self._splitter(
            Qt.Orientation.Vertical,
            (self.quotes, self.contracts, self.plan),
            "budget.procurement.right",
            (210, 150, 190),
        )
        lines = self._splitter(Qt.Orientation.Horizontal, (self.lines, right), "budget.procurement", (380, 750))
        project = self._splitter(
            Qt.Orientation.Vertical, (self.all_contracts, self.all_plan), "budget.procurement.project", (330, 220)
        )
        self.parts = QStackedWidget()
        for widget in (lines, project, self.dues):
            self.parts.addWidget(widget)
        self.nothing = EmptyState(
            "scale", _("No quotes or contracts yet"),
            _("Lines whose amount asks for three quotes appear by themselves; any other line with its first one."),
            action_text=_("Add a quote…"), callback=self.commands.add_quote,
            second_text=_("Add a contract…"), second=self.commands.add_contract,
        )  # fmt: skip
        self.pages = QStackedWidget()
        self.pages.addWidget(self.parts)
        self.pages.addWidget(self.nothing)
        self.body.addWidget(self.locked)
        self.body.addWidget(self.pages, 1)

    def _head(self, card: TableCard, shown: tuple[str, ...], more: tuple[str | None, ...], title: str) -> None:
        registry = self.commands.registry
        for key in shown:
            card.add_action(registry.button(f"budget.procurement.{key}"))
        menu = self.commands.menu(more, title)
        opener = icon_button("ellipsis", title)
        opener.clicked.connect(lambda: menu.popup(opener.mapToGlobal(opener.rect().bottomLeft())))
        card.add_action(opener)
        card.table.context_requested.connect(lambda _row, place: menu.popup(place))

    def _splitter(self, way: Qt.Orientation, parts: tuple[QWidget, ...], key: str, sizes: tuple[int, ...]) -> QSplitter:
        made = QSplitter(way)
        for at, part in enumerate(parts):
            made.addWidget(part)
            made.setCollapsible(at, False)
            made.setStretchFactor(at, sizes[at])
        made.setHandleWidth(SPACE_3)
        made.setSizes(list(sizes))
        SplitterMemory(made, key, self.context.view_state)
        return made

    def _connect(self) -> None:
        self.views.current_changed.connect(self._on_view_chosen)
        self.filter.current_changed.connect(self._on_filter_chosen)
        self.lines.changed.connect(self._show_line)
        self.contracts.changed.connect(self._show_plan)
        self.all_contracts.changed.connect(self._show_all_plan)
        for card in (self.quotes, self.plan, self.all_plan, self.dues):
            card.changed.connect(self.commands.update)
        self.quotes.files_dropped.connect(self.commands.attach_paths)
        self.quotes.opened.connect(self._on_quote_opened)
        self.lines.opened.connect(lambda _row: self.quotes.table.setFocus())
        self.dues.opened.connect(lambda row: self.reveal(row.payment.id))
        for card in (self.contracts, self.all_contracts):
            card.opened.connect(lambda _row: self.commands.registry.trigger("budget.procurement.sign"))
        for card in (self.plan, self.all_plan):
            card.opened.connect(lambda _row: self.commands.registry.trigger("budget.procurement.pay"))

    # --- showing ---

    def _show_lines(self) -> None:
        self.lines.model.set_rows(self.found.lines)
        self._apply_filter()
        self._show_line()

    def _apply_filter(self) -> None:
        undone = self.filter.current_key() == "open"
        self.proxy.set_filter((lambda row: row.is_open or row.line_id == self._kept) if undone else None)
        self.lines.table.set_placeholder(_("Nothing is left to do.") if undone else "")
        if not self.lines.table.selected_rows() and self.proxy.rowCount():
            neighbour = self.lines.table.currentIndex()
            at = neighbour if neighbour.isValid() else self.proxy.index(0, 0)
            self.lines.table.select_identity(self.proxy.row_at(at).line_id)

    @Slot()
    def _show_line(self) -> None:
        line: BuyingLine | None = self.lines.current()
        self._kept = line.line_id if line is not None else None
        self.quotes.show_comparison(line.comparison if line is not None else None)
        self.contracts.show_contracts(line.contracts if line is not None else ())
        self._show_plan()

    @Slot()
    def _show_plan(self) -> None:
        self._fill_plan(self.plan, self.contracts.current())

    @Slot()
    def _show_all_plan(self) -> None:
        self._fill_plan(self.all_plan, self.all_contracts.current())

    def _fill_plan(self, card: PaymentsCard, view: ContractView | None) -> None:
        today = self.context.session.today()
        rows = tuple(PaymentRow(one, view, today) for one in view.payments) if view is not None else ()
        card.show_plan(view, rows)
        self.commands.update()

    def _show_total(self) -> None:
        due = sum(row.payment.amount for row in self.found.dues)
        late = sum(row.payment.amount for row in self.found.dues if row.is_overdue)
        words = _("To be paid: {amount}").format(amount=money_text(due))
        if late:
            words = _("To be paid: {amount}, overdue {late}").format(amount=money_text(due), late=money_text(late))
        self.total_due.set_text(words)
        self.total_due.set_tone(Tone.BAD if late else Tone.NEUTRAL)

    def _go_to_line(self, line_id: EntityId) -> None:
        self.views.set_current(LINES)
        if not self.proxy.index_of(line_id).isValid():
            self.filter.set_current("all")
        self.lines.table.select_identity(line_id)

    @Slot(str)
    def _on_view_chosen(self, key: str) -> None:
        self.parts.setCurrentIndex((LINES, CONTRACTS, DUES).index(key))
        self.commands.update()

    @Slot(str)
    def _on_filter_chosen(self, _key: str) -> None:
        self._kept = None
        self._apply_filter()
        self._show_line()

    @Slot(object)
    def _on_quote_opened(self, _row: QuoteView) -> None:
        key = self.quotes.model.columns[self.quotes.table.currentIndex().column()].key
        if key == "files":
            self.commands.show_files()
        elif key == "state":
            self.commands.registry.trigger("budget.procurement.choose")


__all__ = ["ProcurementTab"]

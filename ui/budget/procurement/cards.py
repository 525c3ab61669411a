"""The tab's cards: the quotes of a line, contracts, and the payments of a contract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent

from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.parsing import parse_money
from qihua_desktop.i18n import _
from qihua_desktop.services import suppliers
from qihua_desktop.services.contracts import ContractView
from qihua_desktop.services.limits import NAME_LENGTH
from qihua_desktop.services.quotes import LineComparison, QuoteView
from ui.budget.delegates import SupplierDelegate
from ui.common.context import AppContext
from ui.common.delegates import ChoiceDelegate, ParsedDelegate, TextDelegate
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.theme import Role
from ui.common.widgets import Card, Chip, Elide, PlainLabel, Tone, set_tool_tip

from .columns import contract_columns, payment_columns, quote_columns
from .fields import dropped
from .rows import PaymentRow, plan_gap

OnEdit = Callable[[Any, str, Any], bool]
_TONES = {CheckOutcome.PASSED: Tone.OK, CheckOutcome.NOTICE: Tone.WARN, CheckOutcome.FAILED: Tone.BAD}
_INK = {CheckOutcome.PASSED: Role.TEXT_SOFT, CheckOutcome.NOTICE: Role.WARN, CheckOutcome.FAILED: Role.BAD}


class TableCard(Card):
    """A card with a table: Enter edits the current cell, or opens what cannot be edited in place.

    Signals:
        changed(): another row is selected.
        opened(object): a row was activated on a cell that cannot be edited.
    """

    changed = Signal()
    opened = Signal(object)

    def __init__(self, title: str, context: AppContext, columns: Sequence[Any], identity: Callable[[Any], Any], *,
                 key: str, on_edit: OnEdit | None = None) -> None:  # fmt: skip
        chip = Chip()
        super().__init__(title, chip=chip, padded=False)
        self.chip = chip
        self.chip.hide()
        self._identity = identity
        self.model: RowsModel[Any] = RowsModel(columns, identity, on_edit=on_edit, parent=self)
        self.table = DataTable(self.model, key=key, state=context.view_state, accessible_name=title)
        self.table.setSelectionMode(DataTable.SelectionMode.SingleSelection)
        self.table.row_activated.connect(self._on_activated)
        self.table.selection_changed.connect(lambda _rows: self.changed.emit())
        self.add(self.table, 1)

    def show_rows(self, rows: Sequence[Any], *, first: int = 0) -> None:
        """Show rows; when the selected one is gone its neighbour is selected, among other rows the one at ``first``."""
        self.model.set_rows(rows)
        if rows and not self.table.selected_rows():
            neighbour = self.table.currentIndex()
            at = neighbour.row() if neighbour.isValid() else first
            self.table.select_identity(self._identity(rows[min(at, len(rows) - 1)]))

    def current(self) -> Any:
        """Return the selected row, None when there is none."""
        found = self.table.selected_rows()
        return found[0] if found else None

    def say(self, text: str, tone: Tone = Tone.NEUTRAL) -> None:
        """Show a chip beside the title; an empty text hides it."""
        self.chip.set_text(text)
        self.chip.set_tone(tone)
        self.chip.setVisible(bool(text))

    def edit(self, identity: Any, key: str) -> None:
        """Open the editor of a cell."""
        index = self.model.index_of(identity, self.model.column_number(key))
        if index.isValid() and index.flags() & Qt.ItemFlag.ItemIsEditable:
            self.table.setFocus()
            self.table.setCurrentIndex(index)
            self.table.edit(index)

    def _on_activated(self, row: Any) -> None:
        index: QModelIndex = self.table.currentIndex()
        if index.flags() & Qt.ItemFlag.ItemIsEditable:
            if self.table.state() != DataTable.State.EditingState:
                self.table.edit(index)
            return
        if row is not None:
            self.opened.emit(row)


class QuotesCard(TableCard):
    """The quotes of a line, the lowest first, and what the comparison says.

    Signals:
        files_dropped(object, object): files for a quote, as its view and a tuple of paths.
    """

    files_dropped = Signal(object, object)

    def __init__(self, context: AppContext, may_edit: Callable[[], bool], on_edit: OnEdit) -> None:
        super().__init__(
            _("Quotes of the line"), context, quote_columns(may_edit), lambda row: row.quote.id,
            key="budget.procurement.quotes", on_edit=on_edit,
        )  # fmt: skip
        self._may_edit = may_edit
        self.table.set_delegate("supplier_name", supplier_delegate(context))
        self.table.set_delegate("gross", ParsedDelegate(parse_money, money_text, may_be_empty=False))
        self.table.set_delegate("notes", TextDelegate(max_length=NAME_LENGTH))
        self.table.set_delegate("reason", TextDelegate(max_length=NAME_LENGTH))
        self.table.set_placeholder(_("No quote yet. Insert adds the first one."))
        self.finding = PlainLabel("", elide=Elide.END, size=12)
        self.finding.setContentsMargins(14, 6, 14, 8)
        self.add(self.finding)
        self.setAcceptDrops(True)

    def show_comparison(self, comparison: LineComparison | None) -> None:
        """Show the quotes of a line."""
        rows = comparison.quotes if comparison is not None else ()
        chosen = next((at for at, row in enumerate(rows) if row.quote.chosen), 0)
        self.show_rows(rows, first=chosen)
        if comparison is None:
            self.say("")
            self.finding.setVisible(False)
            return
        count = len({row.supplier.id for row in rows})
        if comparison.needed:
            self.say(_("Three quotes: {count} / 3").format(count=count), _TONES[comparison.outcome])
        else:
            self.say("")
        words = " ".join(part for part in (comparison.finding, comparison.advice) if part)
        self.finding.setVisible(True)
        self.finding.setText(words)
        self.finding.set_role(_INK[comparison.outcome])
        set_tool_tip(self.finding, words)

    def _quote_at(self, event: QDropEvent) -> QuoteView | None:
        place = self.table.viewport().mapFrom(self, event.position().toPoint())
        under = self.model.row_at(self.table.indexAt(place))
        return under if under is not None else self.current()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._may_edit() and self.model.rows and dropped(event):
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        row = self._quote_at(event)
        if row is not None:
            self.table.select_identity(row.quote.id)
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        row, paths = self._quote_at(event), dropped(event)
        if row is not None and paths:
            event.acceptProposedAction()
            self.files_dropped.emit(row, paths)


class ContractsCard(TableCard):
    """Contracts of a line, or of the whole project."""

    def __init__(self, context: AppContext, may_edit: Callable[[], bool], on_edit: OnEdit, *,
                 lines: Callable[[], Sequence[tuple[EntityId, str]]], of_project: bool) -> None:  # fmt: skip
        super().__init__(
            _("Contracts"), context, contract_columns(may_edit, of_project=of_project), lambda row: row.contract.id,
            key="budget.procurement.contracts" if not of_project else "budget.procurement.all_contracts",
            on_edit=on_edit,
        )  # fmt: skip
        self.table.set_delegate("title", TextDelegate(max_length=NAME_LENGTH, may_be_empty=False))
        self.table.set_delegate("number", TextDelegate(max_length=NAME_LENGTH))
        self.table.set_delegate("line_id", ChoiceDelegate(lambda _row: lines()))
        self.table.set_delegate("supplier_name", supplier_delegate(context))
        self.table.set_delegate("gross", ParsedDelegate(parse_money, money_text, may_be_empty=False))
        self.table.set_delegate("notes", TextDelegate(max_length=NAME_LENGTH))
        self.table.set_placeholder(_("No contract yet. It comes from the chosen quote, or is typed."))

    def show_contracts(self, views: Sequence[ContractView]) -> None:
        """Show contracts, and warn of those that are over-invoiced."""
        self.show_rows(tuple(views))
        over = sum(view.over_invoiced for view in views)
        self.say(_("Over-invoiced by {amount}").format(amount=money_text(over)) if over else "", Tone.BAD)


class PaymentsCard(TableCard):
    """The payment plan of a contract."""

    def __init__(self, context: AppContext, may_edit: Callable[[], bool], on_edit: OnEdit, key: str) -> None:
        super().__init__(
            _("Payment plan"), context, payment_columns(may_edit), lambda row: row.payment.position,
            key=key, on_edit=on_edit,
        )  # fmt: skip
        self._contract_id: EntityId | None = None
        self.table.set_delegate("name", TextDelegate(max_length=NAME_LENGTH, may_be_empty=False))
        self.table.set_delegate("amount", ParsedDelegate(parse_money, money_text, may_be_empty=False))

    def show_plan(self, view: ContractView | None, rows: Sequence[PaymentRow]) -> None:
        """Show a contract's payments, the first that is due selected."""
        contract_id = view.contract.id if view is not None else None
        if contract_id != self._contract_id:
            self._contract_id = contract_id
            self.model.set_rows(())
        first = next((at for at, row in enumerate(rows) if not row.is_paid), 0)
        self.show_rows(tuple(rows), first=first)
        self.table.set_placeholder(
            _("Choose a contract to see its payments.") if view is None else _("No payment is planned yet.")
        )
        if view is None:
            self.say("")
            return
        gap = plan_gap(view)
        if gap == 0:
            self.say(_("Adds up to the contract"), Tone.OK)
        elif gap > 0:
            self.say(_("{amount} not planned").format(amount=money_text(gap)), Tone.WARN)
        else:
            self.say(_("{amount} too much").format(amount=money_text(-gap)), Tone.BAD)


def supplier_delegate(context: AppContext) -> SupplierDelegate:
    """Return the editor of a supplier's name, which offers those known."""
    session = context.session
    return SupplierDelegate(lambda: [one.name for one in suppliers.list_suppliers(session)], max_length=NAME_LENGTH)

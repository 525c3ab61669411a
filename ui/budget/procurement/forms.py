"""The tab's forms: a quote, why it is chosen, a contract, its end, and a payment."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.procurement import Contract, Payment, Quote
from qihua_desktop.i18n import _
from qihua_desktop.services import contracts, payments, quotes
from qihua_desktop.services.contracts import ContractDraft, ContractView
from qihua_desktop.services.limits import NAME_LENGTH
from qihua_desktop.services.payments import PaymentTerm
from qihua_desktop.services.quotes import QuoteDraft, QuoteView
from ui.budget.tabs import BudgetTab
from ui.common.choice_box import ChoiceBox
from ui.common.dialog_base import BaseDialog
from ui.common.fields import DateEdit, MoneyEdit, PercentEdit, TextArea
from ui.common.theme import Role
from ui.common.widgets import FormGrid, PlainLabel, secondary_label

from .fields import FileField, SupplierField, line_box

_PLANS: tuple[tuple[int, ...], ...] = ((), (10_000,), (3_000, 7_000), (5_000, 5_000), (3_000, 4_000, 3_000))


class QuoteForm(BaseDialog):
    """Asks for a supplier's quote."""

    def __init__(self, tab: BudgetTab, project_id: EntityId, line_id: EntityId | None) -> None:
        super().__init__(_("Add a quote"), tab, accept_text=_("Add"), width=480)
        session = self._session = tab.context.session
        self.added: Quote | None = None
        self.line = line_box(session, project_id, line_id)
        self.supplier = SupplierField(session)
        self.gross = MoneyEdit(required=True)
        self.tax_rate = PercentEdit()
        self.received_on = DateEdit(today=session.today)
        self.received_on.set_date(session.today())
        self.valid_until = DateEdit(today=session.today)
        self.notes = TextArea(lines=2)
        self.file = FileField()
        form = FormGrid()
        form.add_row(_("Budget line"), self.line)
        form.add_row(_("Supplier"), self.supplier, _("One that is not known yet is added."))
        form.add_row(_("Gross"), self.gross)
        form.add_row(_("Tax rate"), self.tax_rate)
        form.add_row(_("Received on"), self.received_on)
        form.add_row(_("Valid until"), self.valid_until)
        form.add_row(_("File"), self.file)
        form.add_row(_("Notes"), self.notes)
        self.body.addWidget(form)
        self.check = self._save
        (self.supplier if line_id is not None else self.line).setFocus()

    def _save(self) -> None:
        line_id = _chosen_line(self.line)
        draft = QuoteDraft(
            None, self.gross.require(), self.tax_rate.require() or 0, self.received_on.require(),
            self.valid_until.require(), self.notes.text(), self.file.path, self.supplier.name(),
        )  # fmt: skip
        self.added = quotes.add_quote(self._session, line_id, draft)


class ReasonForm(BaseDialog):
    """Asks why a quote is chosen that the rules do not choose by themselves."""

    def __init__(self, tab: BudgetTab, view: QuoteView, wanted: Sequence[str]) -> None:
        super().__init__(_("Why this quote?"), tab, accept_text=_("Choose it"))
        self._session, self._view = tab.context.session, view
        words = _("“{supplier}”, {amount}").format(
            supplier=view.supplier.name[:60], amount=money_text(view.quote.gross)
        )
        self.body.addWidget(PlainLabel(words, wrap=True, bold=True))
        for one in wanted:
            self.body.addWidget(PlainLabel(one, wrap=True, role=Role.WARN))
        self.reason = TextArea(lines=3, placeholder=_("What speaks for it: delivery, quality, risk …"))
        self.reason.set_text(view.quote.reason)
        form = FormGrid(labels_above=True)
        form.add_row(_("Reason for the choice"), self.reason)
        self.body.addWidget(form)
        self.reason.setFocus()
        self.check = self._choose

    def _choose(self) -> None:
        quotes.choose_quote(self._session, self._view.quote.id, self.reason.text())


class ContractForm(BaseDialog):
    """Asks for a contract, with a usual payment plan; from a quote, whose figures stand there already."""

    def __init__(
        self, tab: BudgetTab, project_id: EntityId, line_id: EntityId | None, *, quote: QuoteView | None = None
    ) -> None:
        title = _("Contract from the chosen quote") if quote is not None else _("Add a contract")
        super().__init__(title, tab, accept_text=_("Add"), width=480)
        session = self._session = tab.context.session
        self._quote = quote
        self.added: Contract | None = None
        self.line = line_box(session, project_id, line_id)
        self.supplier = SupplierField(session)
        self.title = QLineEdit()
        self.title.setMaxLength(NAME_LENGTH)
        self.number = QLineEdit()
        self.number.setMaxLength(NAME_LENGTH)
        self.gross = MoneyEdit(required=True)
        self.tax_rate = PercentEdit()
        self.signed_on = DateEdit(today=session.today)
        self.plan = ChoiceBox()
        for shares in _PLANS:
            self.plan.add(_plan_words(shares), shares)
        if quote is not None:
            self.supplier.setText(quote.supplier.name)
            self.gross.set_fen(quote.quote.gross)
            self.tax_rate.set_basis_points(quote.quote.tax_rate)
            self.title.setText(self.line.currentText())
            for field in (self.supplier, self.line):
                field.setEnabled(False)
        form = FormGrid()
        form.add_row(_("Budget line"), self.line)
        form.add_row(_("Contract"), self.title)
        form.add_row(_("Contract number"), self.number)
        form.add_row(_("Supplier"), self.supplier)
        form.add_row(_("Contract amount"), self.gross)
        form.add_row(_("Tax rate"), self.tax_rate)
        form.add_row(_("Signed on"), self.signed_on, _("Empty: it stays a draft and commits nothing yet."))
        form.add_row(_("Payment plan"), self.plan, _("Days and amounts are entered in the plan afterwards."))
        self.body.addWidget(form)
        self.room = secondary_label("", wrap=True)
        self.body.addWidget(self.room)
        self.line.currentIndexChanged.connect(lambda _at: self._show_room())
        self.gross.fen_changed.connect(lambda _fen: self._show_room())
        self._show_room()
        self.check = self._save
        self.title.setFocus()
        self.title.selectAll()

    def _show_room(self) -> None:
        """Say what the budget of the line leaves, and by how much the contract would exceed it."""
        line_id: EntityId | None = self.line.value()
        if line_id is None:
            return
        left = contracts.room_for_contract(self._session, line_id)
        over = (self.gross.fen() or 0) - left if self.gross.is_valid() else 0
        if over > 0:
            words = _("The budget of this line leaves {left}; the contract exceeds it by {over}.")
            self.room.setText(words.format(left=money_text(left), over=money_text(over)))
        else:
            self.room.setText(_("The budget of this line leaves {left}.").format(left=money_text(left)))
        self.room.set_role(Role.BAD if over > 0 else Role.TEXT_SOFT)

    def _save(self) -> None:
        shares: tuple[int, ...] = self.plan.value() or ()
        terms = tuple(
            PaymentTerm(_term_name(at, len(shares)), percent=share) for at, share in enumerate(shares)
        )  # fmt: skip
        quote = self._quote
        draft = ContractDraft(
            _chosen_line(self.line), quote.supplier.id if quote is not None else None, self.title.text(),
            self.gross.require(), self.tax_rate.require() or 0, self.number.text(),
            quote.quote.id if quote is not None else None, self.signed_on.require(), terms,
            supplier_name=self.supplier.name(),
        )  # fmt: skip
        self.added = contracts.add_contract(self._session, draft)


class CancelForm(BaseDialog):
    """Asks what stays due of a cancelled contract, and why it is cancelled."""

    def __init__(self, tab: BudgetTab, view: ContractView) -> None:
        super().__init__(_("Cancel the contract"), tab, accept_text=_("Cancel the contract"), danger=True)
        self.cancel_button.setText(_("Keep it"))
        self._session, self._contract = tab.context.session, view.contract
        words = _("“{contract}”, {amount}: planned payments go, what was paid and invoiced stays.").format(
            contract=view.contract.title[:60], amount=money_text(view.contract.gross)
        )
        self.body.addWidget(secondary_label(words, wrap=True))
        self.due = MoneyEdit()
        self.due.set_fen(max(view.invoiced, view.paid))
        self.reason = TextArea(lines=3)
        form = FormGrid()
        form.add_row(_("Remains due"), self.due, _("What has to be paid in all despite the cancellation"))
        form.add_row(_("Reason"), self.reason)
        self.body.addWidget(form)
        self.check = self._cancel

    def _cancel(self) -> None:
        contracts.cancel_contract(self._session, self._contract.id, self.due.require() or 0, self.reason.text())


class PayForm(BaseDialog):
    """Asks when how much was paid, of a planned payment or beside the plan."""

    def __init__(self, tab: BudgetTab, view: ContractView, payment: Payment | None, amount: int) -> None:
        super().__init__(_("Record a payment"), tab, accept_text=_("Record"))
        session = self._session = tab.context.session
        self._contract, self._payment = view.contract, payment
        words = _("“{payment}” of “{contract}”, {supplier}").format(
            payment=payment.name[:40] if payment is not None else _("Payment"),
            contract=view.contract.title[:40],
            supplier=view.supplier.name[:40],
        )
        self.body.addWidget(secondary_label(words, wrap=True))
        self.on = DateEdit(required=True, today=session.today)
        self.on.set_date(session.today())
        self.amount = MoneyEdit(required=True)
        self.amount.set_fen(amount)
        hint = _("Of a part payment the rest stays planned.") if payment is not None else _("It is not in the plan.")
        form = FormGrid()
        form.add_row(_("Paid on"), self.on)
        form.add_row(_("Amount (yuan)"), self.amount, hint)
        self.body.addWidget(form)
        self.check = self._record

    def _record(self) -> None:
        on, amount = self.on.require(), self.amount.require()
        if self._payment is not None:
            payments.record_payment(self._session, self._payment.id, on, amount)
        else:
            payments.pay_contract(self._session, self._contract.id, on, amount)


def _chosen_line(box: ChoiceBox) -> EntityId:
    chosen: EntityId | None = box.value()
    if chosen is None:
        raise InputError(_("Choose a budget line."), _("Add lines to the budget first."))
    return chosen


def _plan_words(shares: Sequence[int]) -> str:
    if not shares:
        return _("No plan yet")
    return " / ".join(f"{share // 100}%" for share in shares)


def _term_name(at: int, count: int) -> str:
    if count == 1:
        return _("Full payment")
    if at == 0:
        return _("Down payment")
    return _("Final payment") if at == count - 1 else _("Progress payment")

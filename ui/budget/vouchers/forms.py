"""The forms of this tab: a typed or corrected voucher, the amount in yuan of a foreign one, an expense claim."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.invoice import InvoiceKind, invoice_kind_label
from qihua_desktop.domain.people import department_label
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.vouchers import ExpenseClaim, Voucher
from qihua_desktop.i18n import _
from qihua_desktop.services import claims, people, vouchers
from qihua_desktop.services.claims import ClaimDraft
from qihua_desktop.services.vouchers import VoucherDraft
from ui.budget.tabs import BudgetTab
from ui.common.choice_box import ChoiceBox
from ui.common.dialog_base import BaseDialog
from ui.common.fields import DateEdit, MoneyEdit, TextArea
from ui.common.widgets import FormGrid, PlainLabel, secondary_label

from .shares_editor import Places

_LONGEST = 400
_WIDTH = 640
CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP", "SGD", "KRW")


class VoucherForm(BaseDialog):
    """A receipt typed by hand, or what was read corrected; the two columns of an invoice."""

    def __init__(self, tab: BudgetTab, places: Places, voucher: Voucher | None = None) -> None:
        title = _("Type a voucher") if voucher is None else _("Correct the voucher")
        super().__init__(title, tab, accept_text=_("Save"), width=_WIDTH)
        self._tab, self._voucher = tab, voucher
        self.made: Voucher | None = None
        today = tab.context.session.today
        self.kind, self.currency, self.line = ChoiceBox(), ChoiceBox(), ChoiceBox()
        for kind in (InvoiceKind.OTHER, *(one for one in InvoiceKind if one is not InvoiceKind.OTHER)):
            self.kind.add(invoice_kind_label(kind), kind)
        for currency in CURRENCIES:
            self.currency.add(currency, currency)
        if voucher is not None and voucher.currency not in CURRENCIES:
            self.currency.add(voucher.currency, voucher.currency)
        self.line.add(_("Choose later"), None)
        for identifier, name in places.lines:
            self.line.add_indented(name, identifier)
        self.issued_on = DateEdit(today=today)
        self.gross, self.net, self.tax, self.foreign = MoneyEdit(), MoneyEdit(), MoneyEdit(), MoneyEdit()
        self.texts: dict[str, QLineEdit] = {}
        for key in ("number", "code", "seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id", "item", "purpose",
                    "red_of"):  # fmt: skip
            self.texts[key] = QLineEdit()
            self.texts[key].setMaxLength(9_000)
        left, right = FormGrid(), FormGrid()
        left.add_row(_("Kind of invoice"), self.kind)
        left.add_row(_("Invoice number"), self.texts["number"])
        left.add_row(_("Code"), self.texts["code"])
        left.add_row(_("Date"), self.issued_on)
        left.add_row(_("Seller"), self.texts["seller_name"])
        left.add_row(_("Seller's tax id"), self.texts["seller_tax_id"])
        left.add_row(_("Buyer"), self.texts["buyer_name"])
        left.add_row(_("Buyer's tax id"), self.texts["buyer_tax_id"])
        right.add_row(_("Amount with tax"), self.gross)
        right.add_row(_("Amount without tax"), self.net)
        right.add_row(_("Tax"), self.tax)
        right.add_row(_("Currency"), self.currency)
        right.add_row(_("Foreign amount"), self.foreign)
        right.add_row(_("Expense item"), self.texts["item"])
        right.add_row(_("Purpose"), self.texts["purpose"])
        right.add_row(_("Takes back invoice"), self.texts["red_of"])
        right.add_row(_("Budget line"), self.line)
        right.set_row_visible(self.line, visible=voucher is None)
        self.body.addWidget(_side_by_side(left, right))
        self.currency.currentIndexChanged.connect(lambda _index: self._show_foreign(right))
        self.gross.value_changed.connect(lambda _value: self._divide())
        self.net.value_changed.connect(lambda _value: self._divide())
        if voucher is not None:
            self._fill(voucher)
        self._show_foreign(right)
        (self.gross if voucher is None else self.texts["number"]).setFocus()
        self.check = self._save

    def _fill(self, voucher: Voucher) -> None:
        for key, field in self.texts.items():
            field.setText(" ".join(getattr(voucher, key).split()))
        self.kind.select(InvoiceKind(voucher.invoice_kind))
        self.currency.select(voucher.currency)
        self.issued_on.set_date(voucher.issued_on)
        divided = voucher.net or voucher.tax
        for field, amount in ((self.gross, voucher.gross), (self.foreign, voucher.foreign_gross)):
            field.set_fen(amount or None)
        self.net.set_fen(voucher.net if divided else None)
        self.tax.set_fen(voucher.tax if divided else None)

    def _show_foreign(self, form: FormGrid) -> None:
        form.set_row_visible(self.foreign, visible=self.currency.value() != "CNY")

    def _divide(self) -> None:
        """Two of the three amounts give the third."""
        gross, net, tax = self.gross.fen(), self.net.fen(), self.tax.fen()
        if gross is not None and net is not None and (tax is None or net + tax != gross):
            self.tax.set_fen(gross - net)

    def _save(self) -> None:
        for field in (self.gross, self.net, self.tax, self.foreign, self.issued_on):
            field.commit()
            if not field.is_valid():
                raise InputError(field.error_text())
        session, project_id = self._tab.context.session, self._tab.project_id
        fields: dict[str, Any] = {key: field.text() for key, field in self.texts.items()}
        fields |= {"issued_on": self.issued_on.date(), "currency": self.currency.value(),
                   "gross": self.gross.fen() or 0, "net": self.net.fen() or 0, "tax": self.tax.fen() or 0,
                   "foreign_gross": self.foreign.fen() or 0 if self.currency.value() != "CNY" else 0}  # fmt: skip
        if self._voucher is not None:
            fields["invoice_kind"] = self.kind.value().value
            vouchers.update_voucher(session, self._voucher.id, **fields)
            return
        if not fields["gross"] and not fields["foreign_gross"]:
            raise InputError(_("Enter the amount."), _("It stands on the voucher."))
        if project_id is not None:
            draft = VoucherDraft(kind=self.kind.value(), line_id=self.line.value(), **fields)
            self.made = vouchers.add_typed(session, project_id, draft)


class ExchangeForm(BaseDialog):
    """The amount in yuan of a foreign voucher, with the rate and where it is from."""

    def __init__(self, tab: BudgetTab, voucher: Voucher) -> None:
        super().__init__(_("Amount in yuan"), tab, accept_text=_("Save"))
        self._tab, self._voucher = tab, voucher
        said = f"{voucher.currency} {money_text(voucher.foreign_gross)}" if voucher.foreign_gross else voucher.currency
        self.body.addWidget(secondary_label(_("The voucher says {amount}.").format(amount=said), wrap=True))
        self.gross = MoneyEdit(required=True)
        self.gross.set_fen(voucher.gross or None)
        self.basis = TextArea(placeholder=_("e.g. 7.12, Bank of China, mid rate of 2026-09-08"), lines=2)
        self.basis.set_text(voucher.reason)
        form = FormGrid()
        form.add_row(_("Amount in yuan"), self.gross)
        form.add_row(_("Rate and source"), self.basis)
        self.body.addWidget(form)
        self.check = self._save

    def _save(self) -> None:
        vouchers.set_exchange(
            self._tab.context.session, self._voucher.id, self.gross.require(), self.basis.text()
        )  # fmt: skip


class ClaimForm(BaseDialog):
    """A new expense claim over vouchers, or the head of a draft."""

    def __init__(
        self, tab: BudgetTab, voucher_ids: tuple[EntityId, ...], total: int, claim: ExpenseClaim | None = None
    ) -> None:
        title = _("New expense claim") if claim is None else _("Expense claim {number}").format(number=claim.number)
        super().__init__(title, tab, accept_text=_("Save"))
        self._tab, self._voucher_ids, self._claim = tab, voucher_ids, claim
        session = tab.context.session
        self.made: ExpenseClaim | None = None
        self.claimant = ChoiceBox()
        self._departments: dict[EntityId, str] = {}
        for person in people.list_people(session):
            self.claimant.add(person.name, person.id)
            self._departments[person.id] = department_label(person.department)
        own = session.actor.id if session.actor is not None else None
        self.claimant.select(claim.claimant_id if claim is not None else own)
        self.department, self.purpose = QLineEdit(), QLineEdit()
        for field in (self.department, self.purpose):
            field.setMaxLength(_LONGEST)
        self.claimed_on = DateEdit(required=True, today=session.today)
        self.claimed_on.set_date(claim.claimed_on if claim is not None else session.today())
        self.advance = MoneyEdit()
        self.notes = TextArea(lines=2)
        form = FormGrid()
        form.add_row(_("Claimant"), self.claimant)
        form.add_row(_("Department"), self.department)
        form.add_row(_("Date"), self.claimed_on)
        form.add_row(_("Purpose"), self.purpose)
        form.add_row(_("Advance drawn"), self.advance)
        form.add_row(_("Notes"), self.notes)
        words = _("{count} vouchers, {total} yuan").format(count=len(voucher_ids), total=money_text(total))
        self.body.addWidget(PlainLabel(words, role=Role.MUTED, tabular=True))
        self.body.addWidget(form)
        self.claimant.currentIndexChanged.connect(lambda _index: self._show_department())
        if claim is None:
            self._show_department()
        else:
            self.department.setText(" ".join(claim.department.split()))
            self.purpose.setText(" ".join(claim.purpose.split()))
            self.advance.set_fen(claim.advance or None)
            self.notes.set_text(claim.notes)
        self.purpose.setFocus()
        self.check = self._save

    def _show_department(self) -> None:
        self.department.setText(self._departments.get(self.claimant.value(), ""))

    def _save(self) -> None:
        session, project_id = self._tab.context.session, self._tab.project_id
        claimant_id = self.claimant.value()
        self.advance.commit()
        if not self.advance.is_valid():
            raise InputError(self.advance.error_text())
        if claimant_id is None or project_id is None:
            raise InputError(_("Choose who claims."))
        day, advance = self.claimed_on.require(), self.advance.fen() or 0
        if self._claim is None:
            draft = ClaimDraft(claimant_id, self.purpose.text(), self._voucher_ids, advance, self.department.text(),
                               day, self.notes.text())  # fmt: skip
            self.made = claims.add_claim(session, project_id, draft)
            return
        claims.update_claim(
            session, self._claim.id, claimant_id=claimant_id, department=self.department.text(), claimed_on=day,
            purpose=self.purpose.text(), advance=advance, notes=self.notes.text(),
        )  # fmt: skip


def _side_by_side(left: QWidget, right: QWidget) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(20)
    grid.addWidget(left, 0, 0)
    grid.addWidget(right, 0, 1)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    return holder

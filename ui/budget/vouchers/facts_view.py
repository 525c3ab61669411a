"""What a voucher says: its parties, numbers and amounts, and its lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import date_long, money_text, percent_exact
from qihua_desktop.domain.invoice import InvoiceLine, invoice_kind_label, invoice_source_label
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import vouchers
from qihua_desktop.services.session import Session
from qihua_desktop.services.vouchers import VoucherView
from ui.common.theme import SECONDARY_SIZE
from ui.common.widgets import PlainLabel, Separator

_MOST_LINES = 60
_LONGEST = 400


class FactsView(QWidget):
    """Names and values, then the invoice's lines; built anew when the voucher changed."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._key: object = None
        self._holder: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_voucher(self, view: VoucherView) -> None:
        """Show what a voucher says."""
        key = (view.voucher, view.supplier_name, view.claim_number, view.paid)
        if key == self._key:
            return
        self._key = key
        if self._holder is not None:
            self._column.removeWidget(self._holder)
            self._holder.hide()
            self._holder.deleteLater()
        self._holder = holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(fact_grid(fact_rows(view)))
        lines = vouchers.parsed_voucher(self._session, view.voucher.id).lines
        if lines:
            column.addSpacing(4)
            column.addWidget(Separator())
            column.addLayout(_lines(lines))
        column.addStretch(1)
        self._column.addWidget(holder)


def fact_rows(view: VoucherView) -> tuple[tuple[str, str], ...]:
    """Return the names and values that are known."""
    one = view.voucher
    divided = bool(one.net or one.tax)
    foreign = f"{one.currency} {money_text(one.foreign_gross)}" if one.currency != "CNY" else ""
    rows = (
        (_("Kind of invoice"), invoice_kind_label(view.kind)),
        (_("Invoice number"), one.number),
        (_("Code"), one.code),
        (_("Date"), date_long(one.issued_on) if one.issued_on else ""),
        (_("Seller"), one.seller_name),
        (_("Seller's tax id"), one.seller_tax_id),
        (_("Supplier"), view.supplier_name),
        (_("Buyer"), one.buyer_name),
        (_("Buyer's tax id"), one.buyer_tax_id),
        (_("Amount without tax"), money_text(one.net) if divided else ""),
        (_("Tax"), money_text(one.tax) if divided else ""),
        (_("Amount with tax"), money_text(one.gross) if one.gross else ""),
        (_("Amount in capitals"), one.capital),
        (_("Foreign amount"), foreign),
        (_("Takes back invoice"), one.red_of),
        (_("Expense item"), one.item),
        (_("Purpose"), one.purpose),
        (_("Reason"), one.reason),
        (_("Expense claim"), view.claim_number),
        (_("Paid"), money_text(view.paid) if view.paid else ""),
        (_("Read from"), invoice_source_label(view.source)),
    )
    return tuple((name, value[:_LONGEST]) for name, value in rows if value.strip())


def fact_grid(rows: Sequence[tuple[str, str]]) -> QGridLayout:
    """Return names beside their values."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(1, 1)
    top = Qt.AlignmentFlag.AlignTop
    for row, (name, value) in enumerate(rows):
        grid.addWidget(PlainLabel(name, role=Role.MUTED), row, 0, top)
        grid.addWidget(PlainLabel(value, wrap=True, tabular=True), row, 1, top)
    return grid


def _lines(lines: tuple[InvoiceLine, ...]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(10)
    grid.setVerticalSpacing(5)
    grid.setColumnStretch(0, 1)
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop
    titles = (_("Invoice line"), _("Net"), _("Tax rate"), _("Tax"))
    for column, title in enumerate(titles):
        label = PlainLabel(title, role=Role.MUTED, size=SECONDARY_SIZE)
        grid.addWidget(label, 0, column, right if column else Qt.AlignmentFlag.AlignTop)
    for row, line in enumerate(lines[:_MOST_LINES], start=1):
        parts = (line.name, line.spec, f"{line.quantity} {line.unit}".strip())
        name = "  ".join(" ".join(part[:_LONGEST].split()) for part in parts if part.strip())
        rate = percent_exact(line.rate_bp) if line.rate_bp is not None else line.rate_text[:20]
        grid.addWidget(PlainLabel(name, wrap=True), row, 0, Qt.AlignmentFlag.AlignTop)
        for column, text in enumerate((money_text(line.net), rate, money_text(line.tax)), start=1):
            grid.addWidget(PlainLabel(text, tabular=True), row, column, right)
    if len(lines) > _MOST_LINES:
        left = len(lines) - _MOST_LINES
        words = ngettext("{count} more line", "{count} more lines", left).format(count=left)
        grid.addWidget(PlainLabel(words, role=Role.MUTED), _MOST_LINES + 1, 0)
    return grid

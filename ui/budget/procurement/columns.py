"""The columns of the tab's tables."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from qihua_desktop.domain.formatting import money_text, percent_exact
from qihua_desktop.domain.procurement import ContractState, contract_state_label
from qihua_desktop.i18n import _
from qihua_desktop.services.contracts import ContractView
from qihua_desktop.services.quotes import QuoteView
from ui.common.chips import chip_width, paint_chip
from ui.common.columns import CellKind, CellRole, Column
from ui.common.delegates import AnyIndex, CellDelegate
from ui.common.theme import CHIP_HEIGHT, SECONDARY_SIZE, Role, theme
from ui.common.widgets import Tone

from .rows import BuyingLine, PaymentRow, mark_label, mark_tone

_MARGIN, _GAP = 8, 4
_OPEN = (ContractState.DRAFT, ContractState.SIGNED)
_STATES = {
    ContractState.DRAFT: Tone.WARN,
    ContractState.SIGNED: Tone.OK,
    ContractState.FINISHED: Tone.NEUTRAL,
    ContractState.CANCELLED: Tone.NEUTRAL,
}


class MarksDelegate(CellDelegate):
    """Shows a line's marks as chips side by side; what has no room stands in the tool tip."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        self.paint_ground(painter, option, index)
        row: BuyingLine = index.data(CellRole.ROW)
        area = option.rect.adjusted(_MARGIN, 0, -_MARGIN, 0)
        painter.save()
        painter.setFont(theme().font(SECONDARY_SIZE))
        x = float(area.x())
        top = area.y() + (area.height() - CHIP_HEIGHT) / 2
        for at, mark in enumerate(row.marks):
            words, tone, room = mark_label(mark), mark_tone(mark), area.right() - x
            width = chip_width(painter.fontMetrics(), words)
            if at and width > room:
                words, width = f"+{len(row.marks) - at}", chip_width(painter.fontMetrics(), "+9")
            paint_chip(painter, QRectF(x, top, min(width, room), CHIP_HEIGHT), words, tone)
            if words.startswith("+"):
                break
            x += width + _GAP
        painter.restore()


def line_columns() -> tuple[Column[BuyingLine], ...]:
    """Return the columns of the list of lines."""

    def marks(row: BuyingLine) -> str:
        return _(", ").join(mark_label(mark) for mark in row.marks)

    return (
        Column("line", _("Budget line"), lambda row: row.name, stretch=True, tool_tip=lambda row: row.name),
        Column("budget", _("Budget"), lambda row: row.budget, CellKind.MONEY, width=96),
        Column("remaining", _("Remaining"), lambda row: row.remaining, CellKind.MONEY, width=96, hidden=True,
               tone=lambda row: Tone.BAD if row.remaining < 0 else None),
        Column("marks", _("State"), marks, CellKind.CHIP, tool_tip=marks, width=160),
    )  # fmt: skip


def quote_columns(may_edit: Callable[[], bool]) -> tuple[Column[QuoteView], ...]:
    """Return the columns of a line's quotes."""

    def editable(_row: QuoteView) -> bool:
        return may_edit()

    def state(row: QuoteView) -> str:
        words = [_("Chosen")] if row.quote.chosen else []
        words += [_("Lowest")] if row.is_lowest else []
        words += [] if row.is_valid_today else [_("Expired")]
        return " · ".join(words)

    def tone(row: QuoteView) -> Tone:
        if row.quote.chosen:
            return Tone.OK
        return Tone.ACCENT if row.is_lowest else Tone.WARN

    return (
        Column("supplier_name", _("Supplier"), lambda row: row.supplier.name, stretch=True, editable=editable,
               tool_tip=lambda row: row.supplier.name, bold=lambda row: row.quote.chosen),
        Column("gross", _("Gross"), lambda row: row.quote.gross, CellKind.MONEY, editable=editable, width=94,
               bold=lambda row: row.is_lowest),
        Column("tax_rate", _("Tax rate"), lambda row: row.quote.tax_rate, CellKind.PERCENT, editable=editable,
               width=66, text=lambda row: percent_exact(row.quote.tax_rate)),
        Column("net", _("Net"), lambda row: row.net, CellKind.MONEY, width=94, role=lambda _row: Role.TEXT_SOFT),
        Column("received_on", _("Received on"), lambda row: row.quote.received_on, CellKind.DATE, editable=editable,
               width=92),
        Column("valid_until", _("Valid until"), lambda row: row.quote.valid_until, CellKind.DATE, editable=editable,
               width=92, tone=lambda row: None if row.is_valid_today else Tone.BAD),
        Column("state", _("State"), state, CellKind.CHIP, width=124, tone=tone, tool_tip=lambda row: row.quote.reason),
        Column("files", _("Files"), lambda row: len(row.files), width=52,
               text=lambda row: str(len(row.files)) if row.files else "",
               icon=lambda row: "paperclip" if row.files else None,
               tool_tip=lambda row: "\n".join(one.name for one in row.files)),
        Column("reason", _("Reason for the choice"), lambda row: row.quote.reason, width=160, hidden=True,
               editable=lambda row: may_edit() and row.quote.chosen, tool_tip=lambda row: row.quote.reason),
        Column("notes", _("Notes"), lambda row: row.quote.notes, width=110, editable=editable, hidden=True,
               tool_tip=lambda row: row.quote.notes),
    )  # fmt: skip


def contract_columns(may_edit: Callable[[], bool], *, of_project: bool) -> tuple[Column[ContractView], ...]:
    """Return the columns of contracts; ``of_project`` when those of several lines stand together."""

    def editable(_row: ContractView) -> bool:
        return may_edit()

    def is_open(row: ContractView) -> bool:
        return may_edit() and row.contract.state in _OPEN

    def invoiced_tip(row: ContractView) -> str:
        if not row.over_invoiced:
            return ""
        return _("Accepted invoices exceed the contract by {amount}.").format(amount=money_text(row.over_invoiced))

    return (
        Column("title", _("Contract"), lambda row: row.contract.title, stretch=True, editable=editable,
               tool_tip=lambda row: row.contract.title),
        Column("number", _("Contract no."), lambda row: row.contract.number, editable=editable, width=92),
        Column("line_id", _("Budget line"), lambda row: row.contract.line_id, width=130, editable=editable,
               text=lambda row: row.line_name or _("Without a budget line"), sort=lambda row: row.line_name,
               hidden=not of_project),
        Column("supplier_name", _("Supplier"), lambda row: row.supplier.name, width=150 if of_project else 88,
               editable=lambda row: is_open(row) and row.contract.quote_id is None,
               tool_tip=lambda row: row.supplier.name),
        Column("gross", _("Amount"), lambda row: row.contract.gross, CellKind.MONEY, editable=is_open,
               width=94),
        Column("tax_rate", _("Tax rate"), lambda row: row.contract.tax_rate, CellKind.PERCENT, editable=is_open,
               width=66, text=lambda row: percent_exact(row.contract.tax_rate), hidden=not of_project),
        Column("state", _("State"), lambda row: row.contract.state, CellKind.CHIP, width=70,
               text=lambda row: contract_state_label(row.contract.state),
               tone=lambda row: _STATES[row.contract.state], tool_tip=lambda row: row.contract.notes),
        Column("signed_on", _("Signed on"), lambda row: row.contract.signed_on, CellKind.DATE, width=88,
               editable=lambda row: editable(row) and row.contract.state is not ContractState.DRAFT),
        Column("invoiced", _("Invoiced"), lambda row: row.invoiced, CellKind.MONEY, width=96,
               tone=lambda row: Tone.BAD if row.over_invoiced else None, tool_tip=invoiced_tip,
               icon=lambda row: "triangle-alert" if row.over_invoiced else None),
        Column("open", _("Uninvoiced"), lambda row: row.open, CellKind.MONEY, width=94),
        Column("paid", _("Paid"), lambda row: row.paid, CellKind.MONEY, width=98, hidden=not of_project),
        Column("notes", _("Notes"), lambda row: row.contract.notes, width=160, editable=editable, hidden=True,
               tool_tip=lambda row: row.contract.notes),
    )  # fmt: skip


def payment_columns(may_edit: Callable[[], bool]) -> tuple[Column[PaymentRow], ...]:
    """Return the columns of a contract's payments."""

    def editable(row: PaymentRow) -> bool:
        return may_edit() and not row.is_paid and row.view.contract.state in _OPEN

    return (
        Column("name", _("Payment"), lambda row: row.payment.name, stretch=True, editable=editable,
               tool_tip=lambda row: row.payment.name),
        Column("share", _("Share"), lambda row: row.share, CellKind.PERCENT, editable=editable, width=64),
        Column("amount", _("Amount"), lambda row: row.payment.amount, CellKind.MONEY, editable=editable, width=104),
        Column("due_on", _("Due on"), lambda row: row.payment.due_on, CellKind.DATE, editable=editable, width=96),
        Column("state", _("State"), lambda row: row.words(), CellKind.CHIP, width=120, tone=lambda row: row.tone()),
        Column("paid_on", _("Paid on"), lambda row: row.payment.paid_on, CellKind.DATE, width=96),
        Column("paid", _("Paid"), lambda row: row.payment.paid or None, CellKind.MONEY, width=104),
    )  # fmt: skip


def due_columns() -> tuple[Column[PaymentRow], ...]:
    """Return the columns of everything still to be paid."""
    return (
        Column("name", _("Payment"), lambda row: row.payment.name, width=150, tool_tip=lambda row: row.payment.name),
        Column("due_on", _("Due on"), lambda row: row.payment.due_on, CellKind.DATE, width=96),
        Column("state", _("State"), lambda row: row.words(), CellKind.CHIP, width=110, tone=lambda row: row.tone()),
        Column("amount", _("Amount"), lambda row: row.payment.amount, CellKind.MONEY, width=110,
               bold=lambda row: row.is_overdue),
        Column("contract", _("Contract"), lambda row: row.view.contract.title, stretch=True,
               tool_tip=lambda row: row.view.contract.title),
        Column("supplier", _("Supplier"), lambda row: row.view.supplier.name, width=170,
               tool_tip=lambda row: row.view.supplier.name),
        Column("line", _("Budget line"), lambda row: row.view.line_name, width=150),
    )  # fmt: skip

"""What the lists of vouchers and claims show in their columns, and how vouchers are filtered."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum

from PySide6.QtGui import QFontMetrics

from qihua_desktop.domain.formatting import date_text, money_text
from qihua_desktop.domain.invoice import invoice_kind_label, invoice_source_label
from qihua_desktop.domain.invoice_facts import InvoiceOutcome, invoice_outcome_label
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.vouchers import ClaimState, VoucherState, claim_state_label, voucher_state_label
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.claims import ClaimRow, ClaimView
from qihua_desktop.services.vouchers import VoucherView
from ui.common.chips import Tone
from ui.common.columns import CellKind, Column
from ui.common.theme import SECONDARY_SIZE, theme

STATE_TONES = {
    VoucherState.PENDING: Tone.WARN,
    VoucherState.ACCEPTED: Tone.OK,
    VoucherState.REJECTED: Tone.NEUTRAL,
}
OUTCOME_TONES = {
    InvoiceOutcome.PASSED: Tone.OK,
    InvoiceOutcome.WARNING: Tone.WARN,
    InvoiceOutcome.FAILED: Tone.BAD,
    InvoiceOutcome.NOT_CHECKABLE: Tone.NEUTRAL,
}
CLAIM_TONES = {ClaimState.DRAFT: Tone.NEUTRAL, ClaimState.SUBMITTED: Tone.ACCENT, ClaimState.PAID: Tone.OK}
_LONGEST = 400
_GRAVITY = (InvoiceOutcome.FAILED, InvoiceOutcome.WARNING, InvoiceOutcome.NOT_CHECKABLE, InvoiceOutcome.PASSED)


class VoucherFilter(StrEnum):
    """Which vouchers are listed."""

    ALL = "all"
    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PROBLEMS = "problems"


def filter_titles() -> dict[VoucherFilter, str]:
    """Return the filters' names in the user's language, in their order."""
    return {
        VoucherFilter.ALL: _("All"),
        VoucherFilter.PENDING: _("To be checked"),
        VoucherFilter.ACCEPTED: _("Accepted"),
        VoucherFilter.REJECTED: _("Rejected"),
        VoucherFilter.PROBLEMS: _("With problems"),
    }


def rule_of(chosen: VoucherFilter) -> Callable[[VoucherView], bool] | None:
    """Return what a filter lets through, None for everything. Rejected vouchers are nobody's problem any more."""
    match chosen:
        case VoucherFilter.PENDING:
            return lambda row: row.voucher.state is VoucherState.PENDING
        case VoucherFilter.ACCEPTED:
            return lambda row: row.voucher.state is VoucherState.ACCEPTED
        case VoucherFilter.REJECTED:
            return lambda row: row.voucher.state is VoucherState.REJECTED
        case VoucherFilter.PROBLEMS:
            return has_problem
        case _:
            return None


def has_problem(row: VoucherView) -> bool:
    """Tell whether a voucher that is not rejected did not pass every check."""
    live = row.voucher.state is not VoucherState.REJECTED
    return live and (row.is_duplicate or row.outcome in (InvoiceOutcome.FAILED, InvoiceOutcome.WARNING))


def one_line(text: str) -> str:
    """Return a text as it fits into a cell."""
    return " ".join(text[:_LONGEST].split())


def outcome_words(row: VoucherView) -> str:
    """Return the gravest result, and that a voucher is a duplicate."""
    if row.is_duplicate and row.voucher.state is not VoucherState.REJECTED:
        return _("Duplicate")
    return invoice_outcome_label(row.outcome)


def outcome_tone(row: VoucherView) -> Tone:
    """Return the colour of the result."""
    if row.voucher.state is VoucherState.REJECTED:
        return Tone.NEUTRAL
    return Tone.BAD if row.is_duplicate else OUTCOME_TONES[row.outcome]


def line_words(row: VoucherView) -> str:
    """Return the lines that bear a voucher."""
    return _(", ").join(dict.fromkeys(one.line_name for one in row.shares if one.line_name))


def contract_words(row: VoucherView) -> str:
    """Return the contracts that a voucher consumes."""
    return _(", ").join(dict.fromkeys(one.contract_name for one in row.shares if one.contract_name))


def voucher_columns() -> tuple[Column[VoucherView], ...]:
    """Return the columns of the vouchers."""

    def ink(row: VoucherView) -> Role:
        return Role.FAINT if row.voucher.state is VoucherState.REJECTED else Role.TEXT

    def gross_ink(row: VoucherView) -> Role:
        return Role.BAD if row.voucher.gross < 0 else ink(row)

    return (
        Column("state", _("State"), lambda row: list(VoucherState).index(row.voucher.state), CellKind.CHIP,
               width=_chip_column(voucher_state_label(one) for one in VoucherState),
               text=lambda row: voucher_state_label(row.voucher.state),
               tone=lambda row: STATE_TONES[row.voucher.state]),
        Column("checks", _("Checks"), lambda row: list(OUTCOME_TONES).index(row.outcome), CellKind.CHIP,
               width=_chip_column((_("Duplicate"), *(invoice_outcome_label(one) for one in _GRAVITY[:2]))),
               text=outcome_words, tone=outcome_tone,
               sort=lambda row: (not row.is_duplicate, _GRAVITY.index(row.outcome))),
        Column("number", _("Invoice number"), lambda row: row.voucher.number, width=166, role=ink,
               text=lambda row: row.voucher.number or _("no number")),
        Column("date", _("Date"), lambda row: row.voucher.issued_on, CellKind.DATE, width=90, role=ink),
        Column("seller", _("Seller"), lambda row: one_line(row.voucher.seller_name or row.voucher.item), width=100,
               role=ink),
        Column("gross", _("Gross"), lambda row: row.voucher.gross, CellKind.MONEY, width=84, role=gross_ink,
               text=_gross_words),
        Column("tax", _("Tax"), lambda row: row.voucher.tax or None, CellKind.MONEY, width=70, role=ink),
        Column("line", _("Budget line"), line_words, width=90, stretch=True, role=ink,
               text=lambda row: one_line(line_words(row))),
        Column("contract", _("Contract"), contract_words, width=100, role=ink, hidden=True,
               text=lambda row: one_line(contract_words(row))),
        Column("claim", _("Expense claim"), lambda row: row.claim_number, width=104, role=ink, hidden=True),
        Column("kind", _("Kind of invoice"), lambda row: invoice_kind_label(row.kind), width=130, hidden=True),
        Column("source", _("Read from"), lambda row: invoice_source_label(row.source), width=90, hidden=True),
        Column("item", _("Expense item"), lambda row: one_line(row.voucher.item), width=110, hidden=True),
        Column("purpose", _("Purpose"), lambda row: one_line(row.voucher.purpose), width=110, hidden=True),
        Column("buyer", _("Buyer"), lambda row: one_line(row.voucher.buyer_name), width=130, hidden=True),
        Column("paid", _("Paid"), lambda row: row.paid or None, CellKind.MONEY, width=88, hidden=True),
        Column("reason", _("Reason"), lambda row: one_line(row.voucher.reason), width=120, hidden=True),
    )  # fmt: skip


def search_text(row: VoucherView) -> str:
    """Return what the search looks at; the checks are left out, they take long for thousands of vouchers."""
    one = row.voucher
    words = (
        one.number, one.code, one.seller_name, one.seller_tax_id, one.buyer_name, one.item, one.purpose, one.reason,
        line_words(row), contract_words(row), row.claim_number, date_text(one.issued_on), f"{one.gross / 100:.2f}",
        f"{one.gross / 100:,.2f}", voucher_state_label(one.state), invoice_kind_label(row.kind),
    )  # fmt: skip
    return "\n".join(words).casefold()


def _chip_column(texts: Iterable[str]) -> int:
    """Return how wide a column is that shows these chips whole."""
    metrics = QFontMetrics(theme().font(SECONDARY_SIZE))
    return max(metrics.horizontalAdvance(text) for text in texts) + 30


def claim_columns() -> tuple[Column[ClaimView], ...]:
    """Return the columns of the claims."""
    return (
        Column("number", _("Claim number"), lambda row: row.claim.number, width=112),
        Column("state", _("State"), lambda row: list(ClaimState).index(row.claim.state), CellKind.CHIP,
               width=_chip_column(claim_state_label(one) for one in ClaimState),
               text=lambda row: claim_state_label(row.claim.state), tone=lambda row: CLAIM_TONES[row.claim.state]),
        Column("claimant", _("Claimant"), lambda row: one_line(row.claim.claimant), width=90),
        Column("date", _("Date"), lambda row: row.claim.claimed_on, CellKind.DATE, width=86),
        Column("purpose", _("Purpose"), lambda row: one_line(row.claim.purpose), width=130, stretch=True),
        Column("total", _("Total"), lambda row: row.total, CellKind.MONEY, width=96, bold=lambda _row: True),
        Column("department", _("Department"), lambda row: one_line(row.claim.department), width=90, hidden=True),
        Column("paid_on", _("Paid on"), lambda row: row.claim.paid_on, CellKind.DATE, width=86, hidden=True),
    )  # fmt: skip


def claim_row_columns() -> tuple[Column[ClaimRow], ...]:
    """Return the columns of a claim's form."""
    return (
        Column("item", _("Expense item"), lambda row: one_line(row.item), width=110),
        Column("purpose", _("Purpose"), lambda row: one_line(row.purpose), width=120, stretch=True),
        Column("day", _("Date"), lambda row: row.day, CellKind.DATE, width=84),
        Column("number", _("Invoice number"), lambda row: row.voucher.number, width=160, hidden=True),
        Column("gross", _("Amount"), lambda row: row.gross, CellKind.MONEY, width=90),
    )  # fmt: skip


def refund_words(view: ClaimView) -> tuple[str, str]:
    """Return what is still paid out or given back, as caption and sign."""
    if view.refund < 0:
        return _("To be given back"), "−"
    return _("To be paid out"), ""


def attachments_words(view: ClaimView) -> str:
    """Return how many sheets come with a claim."""
    return ngettext("{count} attachment", "{count} attachments", view.attachments_count).format(
        count=view.attachments_count
    )


def _gross_words(row: VoucherView) -> str:
    one = row.voucher
    if one.currency != "CNY" and not one.gross:
        return f"{one.currency} {one.foreign_gross / 100:,.2f}"
    return money_text(one.gross) if one.gross else _("not known")

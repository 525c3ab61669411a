"""What an invoice is judged by, and what a judgement is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .invoice import InvoiceKind, InvoiceStatus, ParsedInvoice

Inputs = tuple[tuple[str, str], ...]
"""Names and values that a check looked at, for display."""


class InvoiceOutcome(StrEnum):
    """What a check says; NOT_CHECKABLE when something it needs is not known."""

    PASSED = "passed"
    WARNING = "warning"
    FAILED = "failed"
    NOT_CHECKABLE = "not_checkable"


class InvoiceCheckKey(StrEnum):
    """The checks, in the order of the card."""

    NUMBER = "number"
    DUPLICATE = "duplicate"
    SIMILAR = "similar"
    BUYER_NAME = "buyer_name"
    BUYER_TAX_ID = "buyer_tax_id"
    TOTALS = "totals"
    LINE_SUMS = "line_sums"
    LINE_TAX = "line_tax"
    CAPITAL = "capital"
    KIND = "kind"
    RATE = "rate"
    CURRENCY = "currency"
    PERIOD = "period"
    APPROVAL = "approval"
    COMMITMENT = "commitment"
    RED = "red"
    CONSECUTIVE = "consecutive"
    CRC = "crc"
    VERIFIED = "verified"


@dataclass(frozen=True, slots=True)
class InvoiceCheck:
    """One check's result: a sentence, what to do, and what was looked at."""

    key: InvoiceCheckKey
    outcome: InvoiceOutcome
    message: str
    remedy: str = ""
    inputs: Inputs = ()


@dataclass(frozen=True, slots=True)
class InvoiceFacts:
    """Everything an invoice is judged by; what is left out makes its check not checkable.

    ``former_names`` are names under which the company also accepts invoices. ``allowed_kinds`` and ``allowed_rates``
    replace the rules for the line's name. ``open_commitment`` is what the chosen contract still allows, in fen.
    ``used`` names vouchers with the same key as (where, number), the first use first; ``similar`` those with the same
    soft key. ``seller_numbers`` are the other numbers of the same seller. ``known_numbers`` are the keys of all
    accepted invoices (see ``duplicate_keys``). ``status`` is the tax bureau's answer, where a person recorded one, and
    ``status_note`` who did so and when.
    """

    invoice: ParsedInvoice
    today: date
    company_name: str = ""
    company_tax_id: str = ""
    former_names: tuple[str, ...] = ()
    year_start: date | None = None
    year_end: date | None = None
    approved_on: date | None = None
    line_name: str = ""
    allowed_kinds: frozenset[InvoiceKind] | None = None
    allowed_rates: frozenset[int] | None = None
    open_commitment: int | None = None
    used: tuple[tuple[str, str], ...] = ()
    similar: tuple[tuple[str, str], ...] = ()
    seller_numbers: tuple[str, ...] = ()
    known_numbers: frozenset[str] = frozenset()
    status: InvoiceStatus | None = None
    status_note: str = ""


_TITLES = {
    InvoiceCheckKey.NUMBER: N_("Invoice number"),
    InvoiceCheckKey.DUPLICATE: N_("Used once only"),
    InvoiceCheckKey.SIMILAR: N_("No similar voucher"),
    InvoiceCheckKey.BUYER_NAME: N_("Buyer's name"),
    InvoiceCheckKey.BUYER_TAX_ID: N_("Buyer's tax id"),
    InvoiceCheckKey.TOTALS: N_("Amount, tax and total"),
    InvoiceCheckKey.LINE_SUMS: N_("Sums of the lines"),
    InvoiceCheckKey.LINE_TAX: N_("Tax of each line"),
    InvoiceCheckKey.CAPITAL: N_("Amount in capitals"),
    InvoiceCheckKey.KIND: N_("Kind of invoice"),
    InvoiceCheckKey.RATE: N_("Tax rate on the invoice"),
    InvoiceCheckKey.CURRENCY: N_("Currency"),
    InvoiceCheckKey.PERIOD: N_("Date and fiscal year"),
    InvoiceCheckKey.APPROVAL: N_("After approval"),
    InvoiceCheckKey.COMMITMENT: N_("Within the contract"),
    InvoiceCheckKey.RED: N_("Red invoice"),
    InvoiceCheckKey.CONSECUTIVE: N_("Neighbouring numbers"),
    InvoiceCheckKey.CRC: N_("Check digits of the QR code"),
    InvoiceCheckKey.VERIFIED: N_("Checked at the tax bureau"),
}
_OUTCOMES = {
    InvoiceOutcome.PASSED: N_("Check passed"),
    InvoiceOutcome.WARNING: N_("Needs a look"),
    InvoiceOutcome.FAILED: N_("Check failed"),
    InvoiceOutcome.NOT_CHECKABLE: N_("Cannot be checked"),
}


def invoice_check_title(key: InvoiceCheckKey) -> str:
    """Return a check's name in the user's language."""
    return _(_TITLES[key])


def invoice_outcome_label(outcome: InvoiceOutcome) -> str:
    """Return a result's name in the user's language."""
    return _(_OUTCOMES[outcome])

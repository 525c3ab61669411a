"""Invoices (发票) as they are read from files, codes and typing: what they say, and what makes two of them the same.

Nothing here judges an invoice; that is ``invoice_checks``. Amounts are fen and negative on red invoices; what a file
does not say is None or empty, never a guess.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qihua_desktop.i18n import N_, _


class InvoiceKind(StrEnum):
    """The kinds of invoices; digital ones (数电票) have one number of 20 digits, older ones a code and a number."""

    DIGITAL_SPECIAL = "digital_special"
    DIGITAL_ORDINARY = "digital_ordinary"
    PAPER_DIGITAL_SPECIAL = "paper_digital_special"
    PAPER_DIGITAL_ORDINARY = "paper_digital_ordinary"
    RAIL = "rail"
    AIR = "air"
    SPECIAL = "special"
    ORDINARY = "ordinary"
    ELECTRONIC_SPECIAL = "electronic_special"
    ELECTRONIC_ORDINARY = "electronic_ordinary"
    ROLL = "roll"
    TOLL = "toll"
    OTHER = "other"


class InvoiceSource(StrEnum):
    """Where an invoice was read from."""

    XML = "xml"
    OFD = "ofd"
    PDF = "pdf"
    IMAGE = "image"
    QR_TEXT = "qr_text"
    TYPED = "typed"


class Severity(StrEnum):
    """How much a finding matters: good to know, worth a look, or the file could not be used."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class FindingKey(StrEnum):
    """What was noticed while a file was read."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    REFUSED = "refused"
    UNKNOWN_FORMAT = "unknown_format"
    NOT_AN_INVOICE = "not_an_invoice"
    NO_CODE = "no_code"
    NEEDS_TYPING = "needs_typing"
    BAD_FIELD = "bad_field"
    CONFLICT = "conflict"
    FOREIGN = "foreign"
    INCOMPLETE = "incomplete"
    SKIPPED = "skipped"


class CrcState(StrEnum):
    """Whether the check digits at the end of an invoice's QR code fit its text."""

    ABSENT = "absent"
    MATCHES = "matches"
    DIFFERS = "differs"


class InvoiceStatus(StrEnum):
    """The tax bureau's own state of an invoice, as its verification site shows it."""

    NORMAL = "01"
    VOID = "02"
    REVERSED = "03"
    PARTLY_REVERSED = "04"


@dataclass(frozen=True, slots=True)
class InvoiceFinding:
    """One thing noticed: a sentence and what to do about it."""

    key: FindingKey
    severity: Severity
    message: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One line of an invoice. ``quantity`` and ``unit_price`` are kept as written.

    ``rate_bp`` is None where no rate is charged or none could be read; ``rate_text`` is what stands there (6%, 免税).
    ``rounded`` says that an amount had parts of a fen and was rounded half up.
    """

    name: str
    spec: str = ""
    unit: str = ""
    quantity: str = ""
    unit_price: str = ""
    net: int | None = None
    tax: int | None = None
    rate_bp: int | None = None
    class_code: str = ""
    rate_text: str = ""
    rounded: bool = False


@dataclass(frozen=True, slots=True)
class ParsedInvoice:
    """What an invoice says.

    ``issued_on`` is an ISO date. ``red_of`` is the number of the invoice that a red one takes back, where it is named.
    ``foreign_gross`` is in hundredths of ``currency`` when that is not CNY; the amounts in fen are then None.
    ``raw`` holds names and values as they stood in the file, for display. ``paper_number`` is the number printed on
    the paper form of a digital invoice (85, 86), beside the 20-digit one; ``code`` is then the paper's code.
    """

    number: str
    code: str = ""
    kind: InvoiceKind = InvoiceKind.OTHER
    is_red: bool = False
    issued_on: str | None = None
    seller_name: str = ""
    seller_tax_id: str = ""
    buyer_name: str = ""
    buyer_tax_id: str = ""
    net: int | None = None
    tax: int | None = None
    gross: int | None = None
    currency: str = "CNY"
    foreign_gross: int | None = None
    capital_text: str = ""
    lines: tuple[InvoiceLine, ...] = ()
    remark: str = ""
    red_of: str = ""
    paper_number: str = ""
    check_code: str = ""
    source: InvoiceSource = InvoiceSource.TYPED
    crc: CrcState = CrcState.ABSENT
    raw: tuple[tuple[str, str], ...] = ()
    findings: tuple[InvoiceFinding, ...] = ()


XML_KINDS: Final = {"01": InvoiceKind.DIGITAL_SPECIAL, "02": InvoiceKind.DIGITAL_ORDINARY}
"""GeneralOrSpecialVAT in the XML of digital invoices."""

BUREAU_KINDS: Final = {
    "81": InvoiceKind.DIGITAL_SPECIAL,
    "82": InvoiceKind.DIGITAL_ORDINARY,
    "85": InvoiceKind.PAPER_DIGITAL_SPECIAL,
    "86": InvoiceKind.PAPER_DIGITAL_ORDINARY,
    "51": InvoiceKind.RAIL,
    "61": InvoiceKind.AIR,
}
"""The tax bureau's own codes of kinds (发票票种代码)."""

QR_KINDS: Final = {
    "01": InvoiceKind.SPECIAL,
    "04": InvoiceKind.ORDINARY,
    "08": InvoiceKind.ELECTRONIC_SPECIAL,
    "10": InvoiceKind.ELECTRONIC_ORDINARY,
    "11": InvoiceKind.ROLL,
    "14": InvoiceKind.TOLL,
    "31": InvoiceKind.DIGITAL_SPECIAL,
    "32": InvoiceKind.DIGITAL_ORDINARY,
    **BUREAU_KINDS,
}
"""The second field of an invoice's QR code."""

_KINDS: Final = {
    InvoiceKind.DIGITAL_SPECIAL: N_("Digital invoice (special VAT)"),
    InvoiceKind.DIGITAL_ORDINARY: N_("Digital invoice (ordinary)"),
    InvoiceKind.PAPER_DIGITAL_SPECIAL: N_("Digital invoice on paper (special VAT)"),
    InvoiceKind.PAPER_DIGITAL_ORDINARY: N_("Digital invoice on paper (ordinary)"),
    InvoiceKind.RAIL: N_("Digital invoice (railway ticket)"),
    InvoiceKind.AIR: N_("Digital invoice (air ticket itinerary)"),
    InvoiceKind.SPECIAL: N_("Special VAT invoice (paper)"),
    InvoiceKind.ORDINARY: N_("Ordinary VAT invoice (paper)"),
    InvoiceKind.ELECTRONIC_SPECIAL: N_("Electronic special VAT invoice"),
    InvoiceKind.ELECTRONIC_ORDINARY: N_("Electronic ordinary VAT invoice"),
    InvoiceKind.ROLL: N_("Ordinary VAT invoice (roll)"),
    InvoiceKind.TOLL: N_("Electronic ordinary VAT invoice (toll)"),
    InvoiceKind.OTHER: N_("Other voucher"),
}
_SOURCES: Final = {
    InvoiceSource.XML: N_("XML file"),
    InvoiceSource.OFD: N_("OFD file"),
    InvoiceSource.PDF: N_("PDF file"),
    InvoiceSource.IMAGE: N_("Photo or scan"),
    InvoiceSource.QR_TEXT: N_("Text of the QR code"),
    InvoiceSource.TYPED: N_("Typed by hand"),
}
_STATUSES: Final = {
    InvoiceStatus.NORMAL: N_("Normal invoice"),
    InvoiceStatus.VOID: N_("Voided invoice"),
    InvoiceStatus.REVERSED: N_("Fully reversed invoice"),
    InvoiceStatus.PARTLY_REVERSED: N_("Partly reversed invoice"),
}
DIGITAL_KINDS: Final = frozenset(BUREAU_KINDS.values())
"""The kinds with a number of 20 digits."""
_ON_PAPER: Final = frozenset((InvoiceKind.PAPER_DIGITAL_SPECIAL, InvoiceKind.PAPER_DIGITAL_ORDINARY))


def invoice_kind_label(kind: InvoiceKind) -> str:
    """Return the kind's name in the user's language."""
    return _(_KINDS[kind])


def invoice_source_label(source: InvoiceSource) -> str:
    """Return the source's name in the user's language."""
    return _(_SOURCES[source])


def invoice_status_label(status: InvoiceStatus) -> str:
    """Return the tax bureau's state in the user's language."""
    return _(_STATUSES[status])


def is_digital_number(number: str) -> bool:
    """Tell whether a text has the form of a digital invoice's number."""
    return len(number) == 20 and number.isascii() and number.isdigit()


def duplicate_keys(invoice: ParsedInvoice) -> tuple[str, ...]:
    """Return the keys of which no two accepted invoices may share any; the first is the one to store.

    The 20-digit number alone for digital invoices, code and number for older ones, both for digital invoices on paper.
    Empty when there is nothing that identifies the invoice.
    """
    keys: list[str] = []
    if is_digital_number(invoice.number):
        keys.append(invoice.number)
        if invoice.paper_number and (invoice.code or invoice.kind in _ON_PAPER):
            keys.append(f"{invoice.code}-{invoice.paper_number}")
    elif invoice.number:
        keys.append(f"{invoice.code}-{invoice.number}" if invoice.code else invoice.number)
    return tuple(keys)


def soft_key(invoice: ParsedInvoice) -> tuple[str, int, str] | None:
    """Return (seller, gross, date): two invoices that share it may be one; None unless all three are known."""
    seller = invoice.seller_tax_id or plain_name(invoice.seller_name)
    if not seller or invoice.gross is None or invoice.issued_on is None:
        return None
    return seller, invoice.gross, invoice.issued_on


_BRACKETS: Final = str.maketrans("（）［］【】〔〕｛｝[]{}", "()()()()()()()")


def plain_name(name: str) -> str:
    """Return a company's name for comparison: brackets, full-width forms, spaces and case made the same."""
    normal = unicodedata.normalize("NFKC", name.translate(_BRACKETS)).translate(_BRACKETS)
    return "".join(
        character.casefold()
        for character in normal
        if not character.isspace() and unicodedata.category(character) not in ("Cf", "Cc")
    )


def plain_tax_id(tax_id: str) -> str:
    """Return a tax id for comparison: capitals, half-width, no spaces or hyphens."""
    return plain_name(tax_id).upper().replace("-", "")

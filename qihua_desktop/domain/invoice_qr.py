"""The text in an invoice's QR code, decoded from a picture or typed by a hand scanner.

``01,kind,code,number,amount,yyyymmdd,check code,CRC``; a comma may follow. The amount is with tax on digital invoices
and without tax on older ones. The last field was found to be a CRC-16 with polynomial 0x8005 over the text before it,
with or without the comma between them (both occur): found by experiment, no published rule, so a difference is only a
hint.
"""

from __future__ import annotations

import re
from typing import Final

from qihua_desktop.i18n import _

from .errors import InputError
from .invoice import (
    DIGITAL_KINDS,
    QR_KINDS,
    CrcState,
    FindingKey,
    InvoiceFinding,
    InvoiceKind,
    InvoiceSource,
    ParsedInvoice,
    Severity,
    is_digital_number,
)
from .invoice_values import half_width, read_amount, read_day

LONGEST_TEXT: Final = 100_000
"""The longest text of scanned codes that is looked at."""
MOST_CODES: Final = 500

_POLYNOMIAL: Final = 0x8005
_START: Final = re.compile(r"^01,\d{2},")
_GLUED: Final = re.compile(r"(?<=,[0-9A-F]{4})(?=01,\d{2},)|(?<=,[0-9A-F]{4},)(?=01,\d{2},)")
_PUNCTUATION: Final = str.maketrans({"。": ".", "、": ",", "，": ",", "．": ".", "；": ",", ";": ","})
_NET_ONLY: Final = frozenset(
    (InvoiceKind.SPECIAL, InvoiceKind.ORDINARY, InvoiceKind.ELECTRONIC_SPECIAL, InvoiceKind.ELECTRONIC_ORDINARY)
)
_CRC: Final = re.compile(r"[0-9A-F]{4}")
_SHOWN: Final = 60


def crc16(text: str) -> str:
    """Return the check digits of a QR code's text: CRC-16, polynomial 0x8005, start 0, bits not reflected."""
    value = 0
    for byte in text.encode("ascii", "replace"):
        value ^= byte << 8
        for _bit in range(8):
            value = (value << 1) ^ _POLYNOMIAL if value & 0x8000 else value << 1
        value &= 0xFFFF
    return f"{value:04X}"


def is_invoice_text(text: str) -> bool:
    """Tell whether a text looks like an invoice's QR code."""
    return _START.match("".join(_plain(text[:_SHOWN]).split())) is not None


def split_scans(text: str) -> tuple[str, ...]:
    """Divide what scanners typed into one text per code.

    Takes full-width characters, line ends in the middle of a code, and codes without anything between them. What
    stands before the first code is a part of its own. Raises InputError when the text is too long.
    """
    if len(text) > LONGEST_TEXT:
        raise InputError(_("This text is too long for scanned codes."), _("Scan at most 500 invoices at a time."))
    parts: list[str] = []
    for line in re.split(r"[\r\n\u2028\u2029]+", text.translate(_PUNCTUATION)):
        plain = "".join(half_width(line).split())
        if not plain:
            continue
        if _START.match(plain) or not parts or not _START.match(parts[-1]):
            parts.append(plain)
        else:
            parts[-1] += plain
    codes = [code for part in parts for code in _GLUED.split(part.upper() if _START.match(part) else part)]
    if len(codes) > MOST_CODES:
        raise InputError(_("These are more than 500 codes."), _("Scan at most 500 invoices at a time."))
    return tuple(codes)


def parse_qr_text(text: str, source: InvoiceSource = InvoiceSource.QR_TEXT) -> ParsedInvoice:
    """Read the text of one code. Raises InputError when it is not an invoice's or its number cannot be read."""
    plain = "".join(_plain(text[: _SHOWN * 10]).split()).upper()
    if not _START.match(plain):
        raise InputError(
            _("“{text}” is not the code of an invoice.").format(text=_shown(text)),
            _("An invoice's code begins with 01, and the kind, for example 01,32,"),
        )
    fields = [*plain.split(","), "", "", "", "", "", ""]
    kind_code, code, number, amount_text, day_text, check = fields[1:7]
    if not number.isascii() or not number.isdigit() or not 8 <= len(number) <= 20:
        raise InputError(
            _("The code has no readable invoice number: “{text}”.").format(text=_shown(text)),
            _("Scan it again, or type the number from the invoice."),
        )
    findings: list[InvoiceFinding] = []
    kind = QR_KINDS.get(kind_code, InvoiceKind.OTHER)
    if kind is InvoiceKind.OTHER and is_digital_number(number):
        findings.append(_unknown_kind(kind_code))
    amount, issued_on = read_amount(amount_text), read_day(day_text)
    if amount is None or amount.currency != "CNY":
        findings.append(_unread(_("amount"), amount_text))
    if issued_on is None:
        findings.append(_unread(_("date"), day_text))
    value = amount.value if amount is not None and amount.currency == "CNY" else None
    with_tax = is_digital_number(number) or kind in DIGITAL_KINDS
    if kind in _NET_ONLY and not with_tax:
        findings.append(_net_only())
    elif not with_tax:
        findings.append(_needs_typing())
    return ParsedInvoice(
        number,
        code=code,
        kind=kind,
        is_red=value is not None and value < 0,
        issued_on=issued_on,
        net=value if kind in _NET_ONLY and not with_tax else None,
        gross=value if with_tax else None,
        check_code=check,
        source=source,
        crc=_crc_state(plain),
        raw=((_("QR code"), plain),),
        findings=(*findings, _only_code()),
    )


def _plain(text: str) -> str:
    return half_width(text.translate(_PUNCTUATION))


def _crc_state(plain: str) -> CrcState:
    fields = plain.rstrip(",").split(",")
    if len(fields) != 8 or not _CRC.fullmatch(fields[7]):
        return CrcState.ABSENT
    before = ",".join(fields[:7])
    return CrcState.MATCHES if fields[7] in (crc16(before), crc16(before + ",")) else CrcState.DIFFERS


def _shown(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"


def _unread(name: str, value: str) -> InvoiceFinding:
    return InvoiceFinding(
        FindingKey.BAD_FIELD,
        Severity.WARNING,
        _("The {field} in the code cannot be read: “{value}”.").format(field=name, value=_shown(value)),
        _("Type it from the invoice."),
    )


def _unknown_kind(code: str) -> InvoiceFinding:
    return InvoiceFinding(
        FindingKey.BAD_FIELD,
        Severity.WARNING,
        _("The kind of invoice “{code}” is not known.").format(code=_shown(code)),
        _("Choose the kind by hand."),
    )


def _net_only() -> InvoiceFinding:
    return InvoiceFinding(
        FindingKey.INCOMPLETE,
        Severity.WARNING,
        _("The code of an older invoice holds only the amount without tax."),
        _("Type tax and total from the invoice."),
    )


def _needs_typing() -> InvoiceFinding:
    return InvoiceFinding(
        FindingKey.NEEDS_TYPING,
        Severity.WARNING,
        _("Of this kind of voucher only the number and the date are read."),
        _("Type the amounts and the parties by hand."),
    )


def _only_code() -> InvoiceFinding:
    return InvoiceFinding(
        FindingKey.INCOMPLETE,
        Severity.NOTE,
        _("A code holds no names and no lines."),
        _("Import the XML or OFD file of the invoice to have them."),
    )

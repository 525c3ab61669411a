"""From the texts of an invoice's fields, however a file calls them, to a ``ParsedInvoice`` with findings."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields, replace
from typing import Final

from qihua_desktop.domain.invoice import (
    CrcState,
    FindingKey,
    InvoiceFinding,
    InvoiceKind,
    InvoiceLine,
    InvoiceSource,
    ParsedInvoice,
    Severity,
    is_digital_number,
)
from qihua_desktop.domain.invoice_values import Amount, half_width, read_amount, read_currency, read_day, read_rate
from qihua_desktop.i18n import _

MOST_LINES: Final = 5000
MOST_FINDINGS: Final = 20
_LONGEST_NAME: Final = 300
_LONGEST_REMARK: Final = 2000
_MOST_RAW: Final = 80
_SHOWN: Final = 60
_RED_DIGITAL: Final = re.compile(r"蓝字[^\d]{0,20}号码[^\d]{0,3}(\d{20})(?!\d)")
_RED_OLD: Final = re.compile(r"正数发票代码[^\d]{0,3}(\d{10,12})[^\d]{0,6}号码[^\d]{0,3}(\d{8})(?!\d)")


@dataclass(slots=True)
class LineTexts:
    """The texts of one line."""

    name: str = ""
    spec: str = ""
    unit: str = ""
    quantity: str = ""
    unit_price: str = ""
    net: str = ""
    tax: str = ""
    rate: str = ""
    class_code: str = ""


@dataclass(slots=True)
class InvoiceTexts:
    """The texts of an invoice. ``red`` is set where the file says whether the invoice is red."""

    number: str = ""
    code: str = ""
    paper_number: str = ""
    issued: str = ""
    seller_name: str = ""
    seller_tax_id: str = ""
    buyer_name: str = ""
    buyer_tax_id: str = ""
    net: str = ""
    tax: str = ""
    gross: str = ""
    capital: str = ""
    currency: str = ""
    remark: str = ""
    red_of: str = ""
    check_code: str = ""
    kind: InvoiceKind | None = None
    red: bool | None = None
    crc: CrcState = CrcState.ABSENT
    lines: list[LineTexts] = field(default_factory=list[LineTexts])
    raw: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    findings: list[InvoiceFinding] = field(default_factory=list[InvoiceFinding])


def merge(better: InvoiceTexts, other: InvoiceTexts, *, compare: bool = True) -> InvoiceTexts:
    """Fill what ``better`` lacks from ``other``; with ``compare``, a different number, total or date is a finding."""
    for name, text, value in (
        (_("invoice number"), better.number, other.number),
        (_("total with tax"), better.gross, other.gross),
        (_("date"), better.issued, other.issued),
    ):
        if compare and text and value and not _same(text, value):
            better.findings.append(
                InvoiceFinding(
                    FindingKey.CONFLICT,
                    Severity.WARNING,
                    _("The file gives two values for the {field}: “{one}” and “{other}”.").format(
                        field=name, one=shorten(text), other=shorten(value)
                    ),
                    _("Compare with the printed invoice; the file may have been changed."),
                )
            )
    for entry in fields(better):
        if entry.name in ("findings", "raw"):
            continue
        mine = getattr(better, entry.name)
        if mine is None or mine == "" or mine == [] or mine is CrcState.ABSENT:
            setattr(better, entry.name, getattr(other, entry.name))
    better.raw.extend(pair for pair in other.raw if pair not in better.raw)
    better.findings.extend(other.findings)
    return better


def build_invoice(texts: InvoiceTexts, source: InvoiceSource) -> ParsedInvoice:
    """Read the values. What is missing or unreadable becomes a finding, nothing is made up."""
    findings = list(texts.findings)
    amounts = {
        name: _amount(getattr(texts, name), label, findings)
        for name, label in (("net", _("amount without tax")), ("tax", _("tax")), ("gross", _("total with tax")))
    }
    currency = _currency(texts, amounts, findings)
    ours = currency == "CNY"
    net, tax, gross = (amount.value if amount is not None and ours else None for amount in amounts.values())
    if gross is None and net is not None and tax is not None:
        gross = net + tax
        findings.append(_computed())
    foreign = amounts["gross"]
    lines = tuple(_line(line, number, findings, ours=ours) for number, line in enumerate(texts.lines[:MOST_LINES], 1))
    issued_on = read_day(texts.issued) if texts.issued else None
    if texts.issued and issued_on is None:
        findings.append(unreadable_field(_("date"), texts.issued))
    kind = texts.kind or InvoiceKind.OTHER
    red_of = _digits(texts.red_of) or _red_of(texts.remark)
    invoice = ParsedInvoice(
        number=_digits(texts.number),
        code=_digits(texts.code),
        kind=kind,
        is_red=bool(texts.red) or (gross is not None and gross < 0) or bool(red_of),
        issued_on=issued_on,
        seller_name=clean(texts.seller_name),
        seller_tax_id=clean(texts.seller_tax_id),
        buyer_name=clean(texts.buyer_name),
        buyer_tax_id=clean(texts.buyer_tax_id),
        net=net,
        tax=tax,
        gross=gross,
        currency=currency,
        foreign_gross=foreign.value if foreign is not None and not ours else None,
        capital_text=clean(texts.capital),
        lines=lines,
        remark=clean(texts.remark, _LONGEST_REMARK),
        red_of=red_of,
        paper_number=_digits(texts.paper_number),
        check_code=clean(texts.check_code),
        source=source,
        crc=texts.crc,
        raw=tuple((clean(name), clean(value)) for name, value in texts.raw[:_MOST_RAW] if value.strip()),
    )
    if len(texts.lines) > MOST_LINES:
        findings.append(_too_many_lines())
    findings.extend(_missing(invoice, texts))
    return replace(invoice, findings=tuple(findings[:MOST_FINDINGS]))


def clean(text: str, longest: int = _LONGEST_NAME) -> str:
    """Return a text without control characters and surrounding blanks, cut to a length."""
    if text.isprintable():
        return text.strip()[:longest]
    return "".join(character if character.isprintable() else " " for character in text[: longest * 2]).strip()[:longest]


def shorten(text: str) -> str:
    """Return a text as it is quoted in a sentence."""
    plain = clean(text, _SHOWN + 1)
    return plain if len(plain) <= _SHOWN else plain[:_SHOWN] + "…"


def unreadable_field(name: str, value: str) -> InvoiceFinding:
    """Return the finding about a value that cannot be read."""
    return InvoiceFinding(
        FindingKey.BAD_FIELD,
        Severity.WARNING,
        _("The {field} cannot be read: “{value}”.").format(field=name, value=shorten(value)),
        _("Type it from the invoice."),
    )


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    amounts = read_amount(one), read_amount(other)
    days = read_day(one), read_day(other)
    if days[0] is not None and days[1] is not None:
        return days[0] == days[1]
    return amounts[0] is not None and amounts[0] == amounts[1]


def _amount(text: str, name: str, findings: list[InvoiceFinding]) -> Amount | None:
    if not text.strip():
        return None
    amount = read_amount(text)
    if amount is None:
        findings.append(unreadable_field(name, text))
    return amount


def _currency(texts: InvoiceTexts, amounts: dict[str, Amount | None], findings: list[InvoiceFinding]) -> str:
    stated = read_currency(texts.currency)
    used = {amount.currency for amount in amounts.values() if amount is not None} - {"CNY"}
    if stated == "CNY" and not used:
        return "CNY"
    named = stated or clean(texts.currency, 10).upper()
    currency = named if named != "CNY" else min(used)
    findings.append(
        InvoiceFinding(
            FindingKey.FOREIGN,
            Severity.WARNING,
            _("The invoice is in a foreign currency ({currency}).").format(currency=currency),
            _("Enter the amount in yuan with the rate that finance gives; it needs a look before it counts."),
        )
    )
    return currency


def _line(texts: LineTexts, number: int, findings: list[InvoiceFinding], *, ours: bool) -> InvoiceLine:
    place = _("line {number}").format(number=number)
    net, tax = _amount(texts.net, place, findings), _amount(texts.tax, place, findings)
    return InvoiceLine(
        name=clean(texts.name),
        spec=clean(texts.spec),
        unit=clean(texts.unit),
        quantity=clean(texts.quantity, _SHOWN),
        unit_price=clean(texts.unit_price, _SHOWN),
        net=net.value if net is not None and ours else None,
        tax=tax.value if tax is not None and ours else None,
        rate_bp=read_rate(texts.rate),
        class_code=clean(texts.class_code, _SHOWN),
        rate_text=clean(texts.rate, _SHOWN),
        rounded=any(amount is not None and amount.rounded for amount in (net, tax)),
    )


def _digits(text: str) -> str:
    """Return a number as written, half-width; one that was mangled (2.64E+19) is kept for display, not as digits."""
    return "".join(half_width(text).split())[:40]


def _red_of(remark: str) -> str:
    plain = half_width(remark[:_LONGEST_REMARK])
    if match := _RED_DIGITAL.search(plain):
        return match[1]
    if match := _RED_OLD.search(plain):
        return f"{match[1]}-{match[2]}"
    return ""


def _missing(invoice: ParsedInvoice, texts: InvoiceTexts) -> list[InvoiceFinding]:
    findings: list[InvoiceFinding] = []
    number = invoice.number
    if number and (not number.isascii() or not number.isdigit() or len(number) not in (8, 20)):
        findings.append(
            InvoiceFinding(
                FindingKey.BAD_FIELD,
                Severity.WARNING,
                _("“{number}” is not a usual invoice number.").format(number=shorten(number)),
                _("Digital invoices have 20 digits, older ones 8."),
            )
        )
    if texts.kind is None and is_digital_number(number):
        findings.append(
            InvoiceFinding(
                FindingKey.INCOMPLETE,
                Severity.WARNING,
                _("The file does not say whether this is a special or an ordinary invoice."),
                _("Choose the kind by hand."),
            )
        )
    absent = [
        name
        for name, value in (
            (_("invoice number"), invoice.number),
            (_("date"), invoice.issued_on or texts.issued),
            (_("total with tax"), invoice.gross if invoice.foreign_gross is None else True),
        )
        if value is None or value == ""
    ]
    if absent:
        findings.append(
            InvoiceFinding(
                FindingKey.INCOMPLETE,
                Severity.WARNING,
                _("Not in the file: {fields}.").format(fields=_(", ").join(absent)),
                _("Type it from the invoice."),
            )
        )
    return findings


def _computed() -> InvoiceFinding:
    return InvoiceFinding(
        FindingKey.INCOMPLETE,
        Severity.NOTE,
        _("The file has no total with tax; it was added up from amount and tax."),
        _("Compare it with the printed invoice."),
    )


def _too_many_lines() -> InvoiceFinding:
    return InvoiceFinding(
        FindingKey.INCOMPLETE,
        Severity.WARNING,
        _("Only the first {count} lines were read.").format(count=MOST_LINES),
        _("The totals are those of the whole invoice."),
    )

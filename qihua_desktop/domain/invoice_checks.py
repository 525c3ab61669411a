"""The checks of one invoice (发票检查): each with its inputs, its result and what to do, from plain facts alone.

Nothing is looked up on the network: whether the tax bureau knows an invoice is always said to be open until a person
has recorded the official answer. Arithmetic is in ``invoice_sums``, dated rules come from ``invoice_rules``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from qihua_desktop.i18n import _

from .invoice import (
    CrcState,
    InvoiceSource,
    InvoiceStatus,
    invoice_status_label,
    is_digital_number,
    plain_name,
    plain_tax_id,
)
from .invoice_dated_checks import approval, kind, period, rate
from .invoice_facts import Inputs, InvoiceCheck, InvoiceCheckKey, InvoiceFacts, InvoiceOutcome
from .invoice_rules import InvoiceRules, shipped_rules
from .invoice_sums import capital, line_sums, line_tax, totals
from .money import format_yuan

__all__ = [
    "VERIFICATION_SITE",
    "InvoiceCheck",
    "InvoiceCheckKey",
    "InvoiceFacts",
    "InvoiceOutcome",
    "check_invoice",
    "worst_outcome",
]

VERIFICATION_SITE: Final = "inv-veri.chinatax.gov.cn"
_KEY, _OUT = InvoiceCheckKey, InvoiceOutcome
_ORDER: Final = (_OUT.PASSED, _OUT.NOT_CHECKABLE, _OUT.WARNING, _OUT.FAILED)
_FILES: Final = frozenset((InvoiceSource.XML, InvoiceSource.OFD, InvoiceSource.PDF))


def check_invoice(facts: InvoiceFacts, rules: InvoiceRules | None = None) -> tuple[InvoiceCheck, ...]:
    """Judge an invoice by every rule, in the order of ``InvoiceCheckKey``."""
    rules = rules or shipped_rules()
    checks: tuple[Callable[[InvoiceFacts], InvoiceCheck], ...] = (
        _number, _duplicate, _similar, _buyer_name, _buyer_tax_id, totals, line_sums, line_tax, capital,
    )  # fmt: skip
    dated: tuple[Callable[[InvoiceFacts, InvoiceRules], InvoiceCheck], ...] = (kind, rate)
    others: tuple[Callable[[InvoiceFacts], InvoiceCheck], ...] = (
        _currency, period, approval, _commitment, _red, _consecutive, _crc, _verified,
    )  # fmt: skip
    return (
        *(check(facts) for check in checks),
        *(check(facts, rules) for check in dated),
        *(check(facts) for check in others),
    )


def worst_outcome(checks: tuple[InvoiceCheck, ...]) -> InvoiceOutcome:
    """Return the gravest result: failed, warning, not checkable, passed."""
    return max((check.outcome for check in checks), key=_ORDER.index, default=_OUT.PASSED)


def _number(facts: InvoiceFacts) -> InvoiceCheck:
    invoice, key = facts.invoice, _KEY.NUMBER
    inputs = ((_("Number"), invoice.number), (_("Code"), invoice.code), (_("Date"), invoice.issued_on or ""))
    if not invoice.number:
        return InvoiceCheck(
            key,
            _OUT.WARNING,
            _("The voucher has no number."),
            _("Type the number; without one duplicates go unseen."),
            inputs,
        )
    if is_digital_number(invoice.number):
        if invoice.issued_on is not None and invoice.number[:2] != invoice.issued_on[2:4]:
            return InvoiceCheck(
                key,
                _OUT.WARNING,
                _("The number begins with year {year}, but the date is {date}.").format(
                    year=invoice.number[:2], date=invoice.issued_on
                ),
                _("Compare number and date with the invoice."),
                inputs,
            )
        return InvoiceCheck(key, _OUT.PASSED, _("The number has 20 digits and fits the year."), "", inputs)
    if len(invoice.number) == 8 and invoice.number.isdigit() and len(invoice.code) in (10, 12):
        return InvoiceCheck(key, _OUT.PASSED, _("Code and number have their usual lengths."), "", inputs)
    return InvoiceCheck(
        key,
        _OUT.WARNING,
        _("“{number}” is not a usual invoice number.").format(number=invoice.number),
        _("Digital invoices have 20 digits, older ones 8."),
        inputs,
    )


def _duplicate(facts: InvoiceFacts) -> InvoiceCheck:
    if facts.used:
        where, number = facts.used[0]
        return InvoiceCheck(
            _KEY.DUPLICATE,
            _OUT.FAILED,
            _("Duplicate: {number} was first used in {where}.").format(number=number, where=where),
            _("Open the first use and remove this one; an invoice is reimbursed once."),
            tuple((place, known) for place, known in facts.used),
        )
    return InvoiceCheck(
        _KEY.DUPLICATE,
        _OUT.PASSED,
        _("The number is used nowhere else in this workspace."),
        "",
        ((_("Number"), facts.invoice.number),),
    )


def _similar(facts: InvoiceFacts) -> InvoiceCheck:
    if facts.similar:
        where, number = facts.similar[0]
        return InvoiceCheck(
            _KEY.SIMILAR,
            _OUT.WARNING,
            _("Same seller, total and date as {number} in {where}.").format(number=number, where=where),
            _("Make sure that it is not the same expense in two forms."),
            tuple((place, known) for place, known in facts.similar),
        )
    return InvoiceCheck(_KEY.SIMILAR, _OUT.PASSED, _("No other voucher has the same seller, total and date."))


def _buyer_name(facts: InvoiceFacts) -> InvoiceCheck:
    ours, theirs = (facts.company_name, *facts.former_names), facts.invoice.buyer_name
    inputs = ((_("Buyer on the invoice"), theirs), (_("Our company"), facts.company_name))
    return _match(_KEY.BUYER_NAME, theirs, [plain_name(name) for name in ours if name], plain_name(theirs), inputs)


def _buyer_tax_id(facts: InvoiceFacts) -> InvoiceCheck:
    ours, theirs = facts.company_tax_id, facts.invoice.buyer_tax_id
    inputs = ((_("Buyer's tax id on the invoice"), theirs), (_("Our tax id"), ours))
    return _match(_KEY.BUYER_TAX_ID, theirs, [plain_tax_id(ours)] if ours else [], plain_tax_id(theirs), inputs)


def _match(key: InvoiceCheckKey, shown: str, ours: list[str], theirs: str, inputs: Inputs) -> InvoiceCheck:
    is_name = key is _KEY.BUYER_NAME
    if not ours:
        return InvoiceCheck(
            key,
            _OUT.NOT_CHECKABLE,
            _("Our company's name is not entered yet.") if is_name else _("Our company's tax id is not entered yet."),
            _("Enter name and tax id of the company in the settings."),
            inputs,
        )
    if not theirs:
        return InvoiceCheck(
            key,
            _OUT.NOT_CHECKABLE,
            _("The buyer is not in what was read."),
            _("Compare the buyer on the invoice by eye, or import its XML or OFD file."),
            inputs,
        )
    if theirs in ours:
        return InvoiceCheck(
            key,
            _OUT.PASSED,
            _("The buyer is our company.") if is_name else _("The buyer's tax id is ours."),
            "",
            inputs,
        )
    message = _("The buyer “{name}” is not our company.") if is_name else _("The buyer's tax id “{name}” is not ours.")
    return InvoiceCheck(
        key,
        _OUT.FAILED,
        message.format(name=shown),
        _("Ask the seller to reverse it and to issue it with our name and tax id."),
        inputs,
    )


def _currency(facts: InvoiceFacts) -> InvoiceCheck:
    invoice = facts.invoice
    inputs = ((_("Currency"), invoice.currency),)
    if invoice.currency == "CNY":
        return InvoiceCheck(_KEY.CURRENCY, _OUT.PASSED, _("The amounts are in yuan."), "", inputs)
    return InvoiceCheck(
        _KEY.CURRENCY,
        _OUT.FAILED,
        _("The invoice is in {currency}; only amounts in yuan go into the review.").format(currency=invoice.currency),
        _("Enter the amount in yuan with the rate that finance gives, and name the rate in the note."),
        inputs,
    )


def _commitment(facts: InvoiceFacts) -> InvoiceCheck:
    gross, left = facts.invoice.gross, facts.open_commitment
    inputs = (
        (_("Total with tax"), format_yuan(gross) if gross is not None else ""),
        (_("Open commitment"), format_yuan(left) if left is not None else ""),
    )
    if left is None or gross is None:
        return InvoiceCheck(
            _KEY.COMMITMENT,
            _OUT.NOT_CHECKABLE,
            _("No contract is chosen for this invoice.") if left is None else _("The total is not known."),
            _("Choose the contract that it belongs to, if there is one.")
            if left is None
            else _("Type it from the invoice."),
            inputs,
        )
    if gross > left:
        return InvoiceCheck(
            _KEY.COMMITMENT,
            _OUT.FAILED,
            _("The invoice is {amount} more than the contract still allows.").format(amount=format_yuan(gross - left)),
            _("Sign a supplement to the contract, or have the invoice corrected."),
            inputs,
        )
    return InvoiceCheck(_KEY.COMMITMENT, _OUT.PASSED, _("The contract still covers the invoice."), "", inputs)


def _red(facts: InvoiceFacts) -> InvoiceCheck:
    invoice = facts.invoice
    inputs = ((_("Reversed invoice"), invoice.red_of),)
    if not invoice.is_red:
        return InvoiceCheck(_KEY.RED, _OUT.PASSED, _("It is not a red invoice."), "", inputs)
    if invoice.gross is not None and invoice.gross > 0:
        return InvoiceCheck(
            _KEY.RED,
            _OUT.FAILED,
            _("It is a red invoice, but its total is not negative."),
            _("Compare the total with the invoice."),
            inputs,
        )
    if not invoice.red_of:
        return InvoiceCheck(
            _KEY.RED,
            _OUT.WARNING,
            _("The red invoice does not say which invoice it reverses."),
            _("Type the number of the reversed invoice."),
            inputs,
        )
    if invoice.red_of not in facts.known_numbers:
        return InvoiceCheck(
            _KEY.RED,
            _OUT.WARNING,
            _("The reversed invoice {number} is not in this workspace.").format(number=invoice.red_of),
            _("Import the reversed invoice first, or check its number."),
            inputs,
        )
    return InvoiceCheck(
        _KEY.RED, _OUT.PASSED, _("It reverses invoice {number}.").format(number=invoice.red_of), "", inputs
    )


def _consecutive(facts: InvoiceFacts) -> InvoiceCheck:
    number = facts.invoice.number
    near = [
        other
        for other in facts.seller_numbers
        if number.isdigit() and other.isdigit() and len(other) == len(number) and abs(int(other) - int(number)) == 1
    ]
    inputs = ((_("Number"), number), (_("Other numbers of this seller"), _(", ").join(near)))
    if near:
        return InvoiceCheck(
            _KEY.CONSECUTIVE,
            _OUT.WARNING,
            _("The number follows directly on {number} of the same seller.").format(number=near[0]),
            _("Make sure that one expense was not divided to stay below a limit."),
            inputs,
        )
    return InvoiceCheck(_KEY.CONSECUTIVE, _OUT.PASSED, _("No neighbouring number of the same seller."), "", inputs)


def _crc(facts: InvoiceFacts) -> InvoiceCheck:
    state = facts.invoice.crc
    if state is CrcState.ABSENT:
        return InvoiceCheck(_KEY.CRC, _OUT.NOT_CHECKABLE, _("No QR code with check digits was read."))
    if state is CrcState.MATCHES:
        return InvoiceCheck(_KEY.CRC, _OUT.PASSED, _("The check digits of the QR code fit."))
    return InvoiceCheck(
        _KEY.CRC,
        _OUT.WARNING,
        _("The check digits of the QR code do not fit: scanned wrongly or altered?"),
        _("Scan it again and compare number, amount and date with the invoice. The rule is not official."),
    )


def _verified(facts: InvoiceFacts) -> InvoiceCheck:
    status = facts.status
    if status is None:
        from_file = facts.invoice.source in _FILES
        return InvoiceCheck(
            _KEY.VERIFIED,
            _OUT.WARNING,
            _("Signature not verified; to be checked at the tax bureau.")
            if from_file
            else _("To be checked at the tax bureau."),
            _("Look it up at {site} and record the answer; this program works offline.").format(site=VERIFICATION_SITE),
        )
    outcome = {InvoiceStatus.NORMAL: _OUT.PASSED, InvoiceStatus.PARTLY_REVERSED: _OUT.WARNING}.get(status, _OUT.FAILED)
    return InvoiceCheck(
        _KEY.VERIFIED,
        outcome,
        _("Recorded answer of the tax bureau: {status}.").format(status=invoice_status_label(status)),
        "" if outcome is _OUT.PASSED else _("Ask the seller for a valid invoice."),
        ((_("Recorded by"), facts.status_note),),
    )

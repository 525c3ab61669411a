"""Whether the amounts of an invoice agree (三额勾稽): net + tax = total, lines = header, tax = net × rate, capitals.

Sums must agree to the fen. The tax of a line is rounded half up and may differ by one fen; up to six fen pass as a
warning, because issuing software accepts that much. Amounts are judged without their sign, so red invoices follow the
same rules.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from qihua_desktop.i18n import _

from .formatting import percent_text
from .invoice import InvoiceLine
from .invoice_facts import InvoiceCheck, InvoiceCheckKey, InvoiceFacts, InvoiceOutcome
from .money import CAPITAL_LIMIT, capital_amount, capital_matches, format_yuan

LINE_TOLERANCE: Final = 1
MOST_TOLERANCE: Final = 6
"""What issuing software allows between the tax of a line and net × rate, in fen."""

_KEY, _OUT = InvoiceCheckKey, InvoiceOutcome
_CAPITALS: Final = frozenset("零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆圓角分整正负")
_DIFFERENTIAL: Final = ("差额征税", "扣除额", "差额开票")


def totals(facts: InvoiceFacts) -> InvoiceCheck:
    """Check net + tax = total."""
    invoice = facts.invoice
    inputs = (
        (_("Amount without tax"), _yuan(invoice.net)),
        (_("Tax"), _yuan(invoice.tax)),
        (_("Total with tax"), _yuan(invoice.gross)),
    )
    if invoice.gross == 0:
        return InvoiceCheck(
            _KEY.TOTALS, _OUT.FAILED, _("The total is zero."), _("Check that it is an invoice."), inputs
        )
    if invoice.net is None or invoice.tax is None or invoice.gross is None:
        return InvoiceCheck(
            _KEY.TOTALS,
            _OUT.NOT_CHECKABLE,
            _("Amount, tax and total are not all known."),
            _("Type them from the invoice, or import its XML or OFD file."),
            inputs,
        )
    difference = invoice.net + invoice.tax - invoice.gross
    if difference:
        return InvoiceCheck(
            _KEY.TOTALS,
            _OUT.FAILED,
            _("Amount and tax differ from the total by {amount}.").format(amount=format_yuan(abs(difference))),
            _("The file may have been changed; ask the seller for the original."),
            inputs,
        )
    return InvoiceCheck(_KEY.TOTALS, _OUT.PASSED, _("Amount and tax add up to the total."), "", inputs)


def line_sums(facts: InvoiceFacts) -> InvoiceCheck:
    """Check that the lines add up to the header; half a fen is allowed for each line whose values were rounded."""
    invoice = facts.invoice
    nets = [line.net for line in invoice.lines if line.net is not None]
    taxes = [line.tax for line in invoice.lines if line.tax is not None]
    inputs = (
        (_("Lines"), str(len(invoice.lines))),
        (_("Sum of the lines without tax"), _yuan(sum(nets)) if nets else ""),
        (_("Amount without tax"), _yuan(invoice.net)),
        (_("Tax of the lines"), _yuan(sum(taxes)) if taxes else ""),
        (_("Tax"), _yuan(invoice.tax)),
    )
    if not nets or len(nets) != len(invoice.lines) or invoice.net is None:
        return InvoiceCheck(
            _KEY.LINE_SUMS,
            _OUT.NOT_CHECKABLE,
            _("The lines of the invoice are not known."),
            _("Import its XML or OFD file to have them checked."),
            inputs,
        )
    slack = (sum(line.rounded for line in invoice.lines) + 1) // 2
    off = abs(sum(nets) - invoice.net)
    if len(taxes) == len(invoice.lines) and invoice.tax is not None:
        off = max(off, abs(sum(taxes) - invoice.tax))
    if off > slack:
        return InvoiceCheck(
            _KEY.LINE_SUMS,
            _OUT.FAILED,
            _("The lines differ from the header by {amount}.").format(amount=format_yuan(off)),
            _("The file may have been changed; ask the seller for the original."),
            inputs,
        )
    return InvoiceCheck(_KEY.LINE_SUMS, _OUT.PASSED, _("The lines add up to the header."), "", inputs)


def line_tax(facts: InvoiceFacts) -> InvoiceCheck:
    """Check the tax of each line against net × rate."""
    invoice = facts.invoice
    judged = [
        (_off(line), number, line)
        for number, line in enumerate(invoice.lines, 1)
        if line.net is not None and line.tax is not None and line.rate_bp is not None
    ]
    inputs = ((_("Lines"), str(len(judged))), (_("Allowed per line"), format_yuan(LINE_TOLERANCE)))
    texts = (invoice.remark, *(line.name for line in invoice.lines))
    if not judged or any(word in text for text in texts for word in _DIFFERENTIAL):
        return InvoiceCheck(
            _KEY.LINE_TAX,
            _OUT.NOT_CHECKABLE,
            _("The tax is charged on a difference.") if judged else _("The lines of the invoice are not known."),
            _("Compare the tax by eye."),
            inputs,
        )
    off, number, line = max(judged, key=lambda entry: entry[0])
    if off <= LINE_TOLERANCE:
        return InvoiceCheck(
            _KEY.LINE_TAX, _OUT.PASSED, _("The tax of each line is its amount times its rate."), "", inputs
        )
    return InvoiceCheck(
        _KEY.LINE_TAX,
        _OUT.FAILED if off > MOST_TOLERANCE else _OUT.WARNING,
        _("Line {number}: tax {tax} instead of {expected} at {rate}.").format(
            number=number,
            tax=_yuan(line.tax),
            expected=_yuan(expected_tax(line.net or 0, line.rate_bp or 0)),
            rate=percent_text(line.rate_bp),
        ),
        _("Up to 6 fen come from rounding; beyond that ask the seller for a correct invoice."),
        inputs,
    )


def capital(facts: InvoiceFacts) -> InvoiceCheck:
    """Check that the amount in capitals is the total."""
    text, gross = facts.invoice.capital_text, facts.invoice.gross
    inputs = ((_("In capitals"), text), (_("Total with tax"), _yuan(gross)))
    if not text or gross is None or abs(gross) >= CAPITAL_LIMIT:
        return InvoiceCheck(
            _KEY.CAPITAL,
            _OUT.NOT_CHECKABLE,
            _("The amount in capitals is not known."),
            _("Compare it with the total by eye."),
            inputs,
        )
    if capital_matches(plain_capital(text), gross):
        return InvoiceCheck(_KEY.CAPITAL, _OUT.PASSED, _("The amount in capitals is the total."), "", inputs)
    return InvoiceCheck(
        _KEY.CAPITAL,
        _OUT.FAILED,
        _("In capitals it says “{text}”, the total would be “{expected}”.").format(
            text=text, expected=capital_amount(gross)
        ),
        _("The file may have been changed; ask the seller for the original."),
        inputs,
    )


def expected_tax(net: int, rate: int) -> int:
    """Return net × rate in fen, halves away from zero."""
    size = (abs(net) * rate + 5_000) // 10_000
    return size if net >= 0 else -size


def plain_capital(text: str) -> str:
    """Return an amount in capitals without what invoices put around it (ⓧ, 人民币, brackets)."""
    normal = unicodedata.normalize("NFKC", text).replace("负数", "负")
    return "".join(character for character in normal if character in _CAPITALS)


def _off(line: InvoiceLine) -> int:
    return abs((line.tax or 0) - expected_tax(line.net or 0, line.rate_bp or 0))


def _yuan(fen: int | None) -> str:
    return "" if fen is None else format_yuan(fen)

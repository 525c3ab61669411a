"""The checks of an invoice that depend on its date: kind, tax rate, fiscal year, approval."""

from __future__ import annotations

from datetime import date

from qihua_desktop.i18n import _

from .formatting import percent_text
from .invoice import InvoiceKind, ParsedInvoice, invoice_kind_label
from .invoice_facts import InvoiceCheck, InvoiceCheckKey, InvoiceFacts, InvoiceOutcome
from .invoice_rules import InvoiceRules, RuleLevel

_KEY, _OUT = InvoiceCheckKey, InvoiceOutcome


def kind(facts: InvoiceFacts, rules: InvoiceRules) -> InvoiceCheck:
    """Check that such invoices existed on the date and that the kind fits the budget line."""
    invoice, day = facts.invoice, _day(facts.invoice) or facts.today
    label = invoice_kind_label(invoice.kind)
    inputs = ((_("Kind"), label), (_("Budget line"), facts.line_name))
    known = rules.kinds.get(invoice.kind)
    if known is not None and not known.holds_on(day):
        return InvoiceCheck(
            _KEY.KIND,
            _OUT.FAILED,
            _("There were no invoices of the kind “{kind}” on {date}.").format(kind=label, date=day.isoformat()),
            _("Compare kind and date with the invoice."),
            inputs,
        )
    rule = rules.line_rule(facts.line_name, day)
    allowed = (
        facts.allowed_kinds if facts.allowed_kinds is not None else rule.kinds if rule else frozenset[InvoiceKind]()
    )
    if allowed and invoice.kind not in allowed:
        stops = facts.allowed_kinds is not None or (rule is not None and rule.level is RuleLevel.STOP)
        return InvoiceCheck(
            _KEY.KIND,
            _OUT.FAILED if stops else _OUT.WARNING,
            _("“{kind}” is not usual for the line “{line}”.").format(kind=label, line=facts.line_name),
            _(rule.reason) if rule and facts.allowed_kinds is None else _("Ask for another kind of invoice."),
            inputs,
        )
    if invoice.kind is InvoiceKind.OTHER:
        return InvoiceCheck(
            _KEY.KIND, _OUT.WARNING, _("The kind of voucher is open."), _("Choose the kind by hand."), inputs
        )
    return InvoiceCheck(_KEY.KIND, _OUT.PASSED, _("The kind of invoice fits the line."), "", inputs)


def rate(facts: InvoiceFacts, rules: InvoiceRules) -> InvoiceCheck:
    """Check that the tax rates were in force on the date and fit the budget line."""
    invoice, day = facts.invoice, _day(facts.invoice)
    rates = sorted({line.rate_bp for line in invoice.lines if line.rate_bp is not None})
    shown = _(", ").join(percent_text(points) for points in rates)
    inputs = ((_("Tax rates"), shown), (_("Date"), invoice.issued_on or ""), (_("Budget line"), facts.line_name))
    if not rates or day is None:
        return InvoiceCheck(
            _KEY.RATE, _OUT.NOT_CHECKABLE, _("No tax rate or no date was read."), _("Compare the rate by eye."), inputs
        )
    wrong = [points for points in rates if rules.rate_holds(points, day) is False]
    if wrong:
        return InvoiceCheck(
            _KEY.RATE,
            _OUT.WARNING if invoice.is_red else _OUT.FAILED,
            _("The tax rate {rate} was not in force on {date}.").format(
                rate=percent_text(wrong[0]), date=day.isoformat()
            ),
            _("Ask the seller; only corrections of older invoices keep the older rate."),
            inputs,
        )
    rule = rules.line_rule(facts.line_name, day)
    allowed = facts.allowed_rates if facts.allowed_rates is not None else rule.rates if rule else frozenset[int]()
    odd = [points for points in rates if rules.rate_holds(points, day) is None or (allowed and points not in allowed)]
    if odd:
        return InvoiceCheck(
            _KEY.RATE,
            _OUT.FAILED if rule is not None and rule.level is RuleLevel.STOP else _OUT.WARNING,
            _("The tax rate {rate} is unusual here.").format(rate=percent_text(odd[0])),
            _(rule.reason) if rule and facts.allowed_rates is None else _("Compare the rate with the contract."),
            inputs,
        )
    return InvoiceCheck(_KEY.RATE, _OUT.PASSED, _("The tax rates were in force on the date."), "", inputs)


def period(facts: InvoiceFacts) -> InvoiceCheck:
    """Check that the date is in the fiscal year and not in the future."""
    day = _day(facts.invoice)
    span = " – ".join(edge.isoformat() for edge in (facts.year_start, facts.year_end) if edge is not None)
    inputs = (
        (_("Date"), facts.invoice.issued_on or ""),
        (_("Fiscal year"), span),
        (_("Today"), facts.today.isoformat()),
    )
    if day is None:
        return InvoiceCheck(
            _KEY.PERIOD, _OUT.NOT_CHECKABLE, _("The date is not known."), _("Type it from the invoice."), inputs
        )
    if day > facts.today:
        return InvoiceCheck(
            _KEY.PERIOD,
            _OUT.FAILED,
            _("The date {date} is in the future.").format(date=day.isoformat()),
            _("Compare the date with the invoice and the computer's clock."),
            inputs,
        )
    if (facts.year_start and day < facts.year_start) or (facts.year_end and day > facts.year_end):
        return InvoiceCheck(
            _KEY.PERIOD,
            _OUT.FAILED,
            _("The date {date} is outside the fiscal year.").format(date=day.isoformat()),
            _("Ask finance whether it may be booked across years, or charge it to the budget of its year."),
            inputs,
        )
    return InvoiceCheck(_KEY.PERIOD, _OUT.PASSED, _("The date is in the fiscal year."), "", inputs)


def approval(facts: InvoiceFacts) -> InvoiceCheck:
    """Check that the invoice is not older than the approval of the budget."""
    day, approved = _day(facts.invoice), facts.approved_on
    inputs = ((_("Date"), facts.invoice.issued_on or ""), (_("Approved on"), approved.isoformat() if approved else ""))
    if approved is None:
        return InvoiceCheck(
            _KEY.APPROVAL,
            _OUT.WARNING,
            _("The budget is not approved yet."),
            _("Have it approved before spending."),
            inputs,
        )
    if day is None:
        return InvoiceCheck(
            _KEY.APPROVAL, _OUT.NOT_CHECKABLE, _("The date is not known."), _("Type it from the invoice."), inputs
        )
    if day < approved:
        return InvoiceCheck(
            _KEY.APPROVAL,
            _OUT.FAILED,
            _("The invoice is older than the approval of the budget."),
            _("Explain why money was spent before approval, or charge it elsewhere."),
            inputs,
        )
    return InvoiceCheck(_KEY.APPROVAL, _OUT.PASSED, _("The invoice was issued after the approval."), "", inputs)


def _day(invoice: ParsedInvoice) -> date | None:
    return date.fromisoformat(invoice.issued_on) if invoice.issued_on else None

"""The compliance rules about vouchers: what was accepted although its checks failed, and what is still open."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.canonical import canonical_text
from qihua_desktop.domain.compliance import PACKING, ComplianceRule, RuleResult, WaivableBy
from qihua_desktop.domain.ids import EntityId, id_text
from qihua_desktop.domain.invoice import InvoiceKind
from qihua_desktop.domain.invoice_facts import InvoiceCheckKey, InvoiceOutcome
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.voucher_checks import VoucherCheck, VoucherRule
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.i18n import _, ngettext

from .session import Session
from .vouchers import VoucherView, vouchers

_Rule, _Key = ComplianceRule, InvoiceCheckKey
_STOPPING = (
    (_Rule.DUPLICATE, (_Key.DUPLICATE,), WaivableBy.NOBODY),
    (_Rule.BUYER, (_Key.BUYER_NAME, _Key.BUYER_TAX_ID), WaivableBy.REVIEWERS),
    (_Rule.SUMS, (_Key.TOTALS, _Key.LINE_SUMS, _Key.LINE_TAX, _Key.CAPITAL), WaivableBy.REVIEWERS),
    (_Rule.KIND_RATE, (_Key.KIND, _Key.RATE), WaivableBy.REVIEWERS),
    (_Rule.PERIOD, (_Key.PERIOD,), WaivableBy.REVIEWERS),
    (_Rule.VOID, (_Key.VERIFIED,), WaivableBy.NOBODY),
    (_Rule.NO_LINE, (VoucherRule.LINE, VoucherRule.SHARES), WaivableBy.REVIEWERS),
)
_DEDUCTIBLE = frozenset(
    (
        InvoiceKind.DIGITAL_SPECIAL,
        InvoiceKind.PAPER_DIGITAL_SPECIAL,
        InvoiceKind.SPECIAL,
        InvoiceKind.ELECTRONIC_SPECIAL,
        InvoiceKind.RAIL,
        InvoiceKind.AIR,
        InvoiceKind.TOLL,
    )
)


def voucher_results(session: Session, project_id: EntityId) -> tuple[RuleResult, ...]:
    """Return the findings on a project's vouchers; none at all for a project without any."""
    views = vouchers(session, project_id)
    if not views:
        return ()
    accepted = [view for view in views if view.voucher.state is VoucherState.ACCEPTED]
    found: list[RuleResult] = [_pending(views)]
    if not accepted:
        return tuple(found)
    for rule, keys, waivable in _STOPPING:
        found += _broken(accepted, rule, keys, waivable)
    found += _noticed(accepted)
    return tuple(found)


def _pending(views: Sequence[VoucherView]) -> RuleResult:
    waiting = [view for view in views if view.voucher.state is VoucherState.PENDING]
    if not waiting:
        return RuleResult(_Rule.PENDING, CheckOutcome.PASSED, _("All vouchers are decided on."))
    copies = sum(1 for view in waiting if view.is_duplicate)
    message = ngettext(
        "{count} voucher of {amount} yuan waits to be checked and does not count yet.",
        "{count} vouchers of {amount} yuan wait to be checked and do not count yet.",
        len(waiting),
    ).format(count=len(waiting), amount=format_fen(sum(view.voucher.gross for view in waiting)))
    inputs = ((_("To be checked"), str(len(waiting))), (_("Duplicates among them"), str(copies)))
    return RuleResult(
        _Rule.PENDING,
        CheckOutcome.NOTICE,
        message,
        _("Accept or reject them."),
        inputs=inputs,
        voucher_ids=tuple(view.voucher.id for view in waiting),
    )


def _broken(
    accepted: Sequence[VoucherView],
    rule: ComplianceRule,
    keys: Sequence[InvoiceCheckKey | VoucherRule],
    waivable: WaivableBy,
) -> list[RuleResult]:
    """Return one result per accepted voucher that fails; one that says so when none does."""
    found: list[RuleResult] = []
    for view in accepted:
        failed = [check for check in view.checks if check.key in keys and check.outcome is InvoiceOutcome.FAILED]
        if failed:
            found.append(_failed(view, rule, failed, waivable))
    if found:
        return found
    message = ngettext(
        "{count} accepted voucher is in order.", "{count} accepted vouchers are in order.", len(accepted)
    )
    return [RuleResult(rule, CheckOutcome.PASSED, message.format(count=len(accepted)))]


def _failed(
    view: VoucherView, rule: ComplianceRule, failed: Sequence[VoucherCheck], waivable: WaivableBy
) -> RuleResult:
    first, voucher = failed[0], view.voucher
    basis = canonical_text(
        [
            voucher.number,
            voucher.gross,
            voucher.net,
            voucher.tax,
            voucher.invoice_kind,
            voucher.issued_on.isoformat() if voucher.issued_on else "",
            voucher.buyer_name,
            voucher.buyer_tax_id,
            [check.key.value for check in failed],
            [id_text(one.share.line_id) for one in view.shares if one.share.line_id is not None],
        ]
    )
    return RuleResult(
        rule,
        CheckOutcome.FAILED,
        " ".join(check.message for check in failed),
        first.remedy,
        id_text(voucher.id),
        view.name,
        ((_("Voucher"), view.name), *(pair for check in failed for pair in check.inputs)),
        basis,
        PACKING,
        waivable,
        voucher_ids=(voucher.id,),
    )


def _noticed(accepted: Sequence[VoucherView]) -> Iterable[RuleResult]:
    ordinary = [view for view in accepted if view.kind not in _DEDUCTIBLE and view.kind is not InvoiceKind.OTHER]
    tax = sum(view.voucher.tax for view in ordinary)
    yield _count(
        _Rule.NOT_DEDUCTIBLE,
        ordinary,
        _("All tax on the accepted invoices can be deducted."),
        lambda count: ngettext(
            "{count} ordinary invoice: its tax of {tax} yuan cannot be deducted.",
            "{count} ordinary invoices: their tax of {tax} yuan cannot be deducted.",
            count,
        ).format(count=count, tax=format_fen(tax)),
        _("Ask the sellers for special VAT invoices where that is possible."),
    )
    yield _count(
        _Rule.NEIGHBOURS,
        [view for view in accepted if _says(view, _Key.CONSECUTIVE)],
        _("No consecutive numbers of one seller."),
        lambda count: ngettext(
            "{count} invoice has a number next to another one of its seller.",
            "{count} invoices have numbers next to each other.",
            count,
        ).format(count=count),
        _("Make sure that one expense was not divided to stay below a limit."),
    )
    yield _count(
        _Rule.UNVERIFIED,
        [view for view in accepted if view.kind is not InvoiceKind.OTHER and _says(view, _Key.VERIFIED)],
        _("The tax bureau's answer is recorded for every accepted invoice."),
        lambda count: ngettext(
            "{count} invoice has not been looked up at the tax bureau.",
            "{count} invoices have not been looked up at the tax bureau.",
            count,
        ).format(count=count),
        _("Look them up and record the answers; this program works offline."),
    )


def _says(view: VoucherView, key: InvoiceCheckKey) -> bool:
    return any(check.key is key and check.outcome is InvoiceOutcome.WARNING for check in view.checks)


def _count(
    rule: ComplianceRule, views: Sequence[VoucherView], passed: str, words: Callable[[int], str], remedy: str
) -> RuleResult:
    if not views:
        return RuleResult(rule, CheckOutcome.PASSED, passed)
    ids = tuple(view.voucher.id for view in views)
    return RuleResult(rule, CheckOutcome.NOTICE, words(len(views)), remedy, voucher_ids=ids)

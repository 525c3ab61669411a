"""The compliance rules about what a budget has become: contracts within lines, invoices within contracts, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from db import tables
from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.canonical import canonical_text
from qihua_desktop.domain.compliance import PACKING, ComplianceRule, RuleResult, WaivableBy
from qihua_desktop.domain.execution_report import missing_reasons
from qihua_desktop.domain.formatting import percent_exact
from qihua_desktop.domain.ids import EntityId, id_text
from qihua_desktop.domain.ledger import Ledger, LineLedger
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.money_limits import MoneyLimits
from qihua_desktop.domain.procurement import ContractState
from qihua_desktop.i18n import _

from .budget_view import BudgetView
from .contracts import ContractView
from .session import Session

_Rule = ComplianceRule


def contract_results(views: Sequence[ContractView], ledger: Ledger, names: dict[EntityId, str]) -> Iterable[RuleResult]:
    """Return the contracts that exceed their lines, and those that are invoiced beyond what was agreed."""
    held: dict[EntityId, int] = {}
    for one in views:
        line_id = one.contract.line_id
        if line_id is not None and one.contract.state is not ContractState.DRAFT:
            own = one.contract.unavoidable if one.contract.state is ContractState.CANCELLED else one.contract.gross
            held[line_id] = held.get(line_id, 0) + own
        if one.over_invoiced > 0 and one.contract.state is not ContractState.DRAFT:
            yield _over_invoiced(one)
    for line_id, contracted in held.items():
        row = ledger.rows.get(line_id)
        if row is not None and contracted > row.effective:
            yield RuleResult(
                _Rule.CONTRACT_LINE,
                CheckOutcome.FAILED,
                _("{line}: contracts of {contracted} yuan exceed its {budget}.").format(
                    line=names.get(line_id, ""), contracted=format_fen(contracted), budget=format_fen(row.effective)
                ),
                _("Raise the line, use the reserve, or give the reason of the deviation."),
                id_text(line_id),
                names.get(line_id, ""),
                ((_("Budget"), format_fen(row.effective)), (_("Contracted"), format_fen(contracted))),
                canonical_text([row.effective, contracted]),
                frozenset(),
                WaivableBy.REVIEWERS,
                line_ids=(line_id,),
            )


def _over_invoiced(one: ContractView) -> RuleResult:
    contract = one.contract
    return RuleResult(
        _Rule.OVER_INVOICED,
        CheckOutcome.FAILED,
        _("{contract}: invoiced {invoiced} yuan, {over} more than agreed.").format(
            contract=contract.title, invoiced=format_fen(one.invoiced), over=format_fen(one.over_invoiced)
        ),
        _("Sign a supplement, or take the excess out of the contract."),
        id_text(contract.id),
        contract.title,
        ((_("Contract"), format_fen(contract.gross)), (_("Invoiced"), format_fen(one.invoiced))),
        canonical_text([contract.gross, one.invoiced]),
        PACKING,
        WaivableBy.REVIEWERS,
        line_ids=(contract.line_id,) if contract.line_id is not None else (),
    )


def deviation_results(session: Session, ledger: Ledger, view: BudgetView, limits: MoneyLimits) -> Iterable[RuleResult]:
    """Return the rows that deviate beyond the threshold without a reason; nothing before money is bound or spent."""
    if not ledger.total.actual and not ledger.total.contracted:
        return
    project_id = view.budget.project_id
    reasons = [one.line_id for one in tables.deviation_reasons.all(session.workspace, project_id=project_id)]
    names = {row.line.id: row.line.name for row in view.lines}
    missing = missing_reasons(ledger, view.plain_lines, reasons)
    for one in missing:
        name = names.get(one.line_id, "") if one.line_id is not None else _("Whole budget")
        yield _deviation(one.line_id, one.figures, name, limits)
    if not missing:
        yield RuleResult(
            _Rule.DEVIATION, CheckOutcome.PASSED, _("Every deviation beyond the threshold has its reason.")
        )


def _deviation(line_id: EntityId | None, row: LineLedger, name: str, limits: MoneyLimits) -> RuleResult:
    return RuleResult(
        _Rule.DEVIATION,
        CheckOutcome.FAILED,
        _("{line} deviates by {amount} yuan without a reason.").format(
            line=name, amount=format_fen(row.deviation, signed=True)
        ),
        _("Choose the reason code and explain it."),
        id_text(line_id) if line_id is not None else "",
        name,
        (
            (_("Budget"), format_fen(row.effective)),
            (_("Estimate at completion"), format_fen(row.eac)),
            (_("Threshold"), percent_exact(limits.deviation_bp)),
        ),
        canonical_text([row.effective, row.eac, limits.deviation_bp]),
        PACKING,
        WaivableBy.REVIEWERS,
        line_ids=(line_id,) if line_id is not None else (),
    )

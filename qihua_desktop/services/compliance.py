"""The compliance gate (合规检查): every rule with its inputs, result and remedy, and what may not go on.

Which rule stops which purpose, and who may waive it, is the table in ``domain.compliance``. The checks of the budget
card (``domain.budget_checks``) are part of it, with the thresholds of the workspace.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from db import tables
from qihua_desktop.domain.annual import PoolLevel, pool_level_label
from qihua_desktop.domain.budget_checks import BudgetCheck, CheckKey, CheckOutcome
from qihua_desktop.domain.canonical import canonical_text
from qihua_desktop.domain.compliance import (
    DECIDING,
    PACKING,
    SUBMITTING,
    SUBMITTING_AND_PACKING,
    ComplianceRule,
    GatePurpose,
    RuleResult,
    WaivableBy,
    gate,
    matching_waiver,
    refusal_to_waive,
    rule_label,
)
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.execution import Waiver
from qihua_desktop.domain.formatting import percent_exact
from qihua_desktop.domain.ids import EntityId, id_text, new_id
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.money_limits import MoneyLimits
from qihua_desktop.i18n import _

from .budget_status import budget_checks, budget_status
from .budget_view import BudgetView, load_budget
from .compliance_ledger import contract_results, deviation_results
from .compliance_vouchers import voucher_results
from .contracts import contracts
from .ledger import load_ledger
from .limits import required_text
from .money_limits import money_limits
from .people import PinProof, prove_pin
from .pools import ProjectPool, plan_authors, project_positions
from .quotes import comparison
from .review_view import require_actor
from .session import Session

__all__ = [
    "ComplianceRule",
    "GatePurpose",
    "RuleResult",
    "blocking",
    "compliance",
    "gate",
    "require_passed",
    "rule_label",
    "unwaive",
    "waive",
    "waivers",
    "why_not_waive",
]

_Rule = ComplianceRule
_SHOWN = 20


def compliance(session: Session, project_id: EntityId) -> tuple[RuleResult, ...]:
    """Return every rule's finding as of now, in the order of the rules, with the waivers that hold."""
    given = tables.waivers.all(session.workspace, project_id=project_id)
    view, limits = load_budget(session, project_id), money_limits(session)
    names = {row.line.id: row.line.name for row in view.lines}
    ledger = load_ledger(session, project_id)
    found = [
        *_budget(session, view, limits),
        *_pools(session, project_id, limits, given),
        *_quotes(session, project_id, limits),
        *contract_results(contracts(session, project_id), ledger, names),
        *voucher_results(session, project_id),
        *deviation_results(session, ledger, view, limits),
    ]
    order = list(ComplianceRule)
    found.sort(key=lambda one: order.index(one.rule))
    return tuple(replace(one, waiver=matching_waiver(one, given)) if one.basis else one for one in found)


def blocking(session: Session, project_id: EntityId, purpose: GatePurpose) -> tuple[RuleResult, ...]:
    """Return what stops a purpose now."""
    return gate(compliance(session, project_id), purpose)


def require_passed(session: Session, project_id: EntityId, purpose: GatePurpose) -> None:
    """Raise RuleError naming every rule that stops a purpose, and what to do about the first."""
    if not tables.budgets.count(session.workspace, project_id=project_id):
        return
    if purpose is GatePurpose.APPROVAL:
        limits = money_limits(session)
        given = tables.waivers.all(session.workspace, project_id=project_id)
        found = [replace(one, waiver=matching_waiver(one, given)) for one in _pools(session, project_id, limits, given)]
        stops = gate(found, purpose)
    else:
        stops = blocking(session, project_id, purpose)
    if not stops:
        return
    message = {
        GatePurpose.SUBMIT: _("The plan cannot be submitted: a compliance rule stops it."),
        GatePurpose.APPROVAL: _("The plan cannot be approved: a compliance rule stops it."),
        GatePurpose.FINANCE_PACK: _("The finance pack cannot be made: a compliance rule stops it."),
    }[purpose]
    details = [
        _("{rule}: {message}").format(
            rule=one.title, message=f"{one.subject_name} {one.message}" if one.voucher_ids else one.message
        )
        for one in stops
    ]
    raise RuleError(message, stops[0].remedy, details[:_SHOWN])


def waivers(session: Session, project_id: EntityId) -> tuple[Waiver, ...]:
    """Return every waiver that was given in a project, also those that no longer hold."""
    return tables.waivers.all(session.workspace, project_id=project_id)


def why_not_waive(session: Session, project_id: EntityId, result: RuleResult, person_id: EntityId) -> str | None:
    """Return why a person may not waive a finding, or None."""
    person = tables.people.get(session.workspace, person_id)
    return refusal_to_waive(result, person, is_author=person_id in plan_authors(session, project_id))


def waive(
    session: Session,
    project_id: EntityId,
    rule: ComplianceRule,
    subject: str,
    reason: str,
    pin: str | PinProof,
    *,
    person_id: EntityId | None = None,
) -> Waiver:
    """Decide by name, reason and PIN that a broken rule does not stop; it lapses when its figures change.

    Raises RuleError for whoever may not, or when nothing is broken; InputError for a wrong PIN or no reason.
    """
    person = require_actor(session) if person_id is None else tables.people.get(session.workspace, person_id)
    result = next((one for one in compliance(session, project_id) if (one.rule, one.subject) == (rule, subject)), None)
    if result is None or result.outcome is not CheckOutcome.FAILED:
        raise RuleError(_("This rule is not broken any more."))
    if result.waiver is not None:
        raise RuleError(_("This finding is waived already."))
    refused = why_not_waive(session, project_id, result, person.id)
    if refused:
        raise RuleError(refused)
    said = required_text(reason, _("reason"))
    prove_pin(session, person.id, pin)
    label = _("{person} waives “{rule}”: {reason}").format(person=person.name, rule=result.title, reason=said[:200])
    with session.workspace.edit(person, label, project_id) as edit:
        made = Waiver(new_id(), project_id, rule.value, subject, result.basis, said, person.id, edit.now_ms())
        tables.waivers.insert(edit, made)
    return made


def unwaive(session: Session, waiver_id: EntityId) -> None:
    """Take a waiver back; anybody may make the rules strict again."""
    waiver = tables.waivers.get(session.workspace, waiver_id)
    label = _("Take back the waiver of “{rule}”").format(rule=rule_label(ComplianceRule(waiver.rule)))
    with session.edit(label, waiver.project_id) as edit:
        tables.waivers.delete(edit, waiver_id)


def _budget(session: Session, view: BudgetView, limits: MoneyLimits) -> Iterable[RuleResult]:
    for check in budget_checks(view, budget_status(session, view), limits.reserve_floor_bp):
        yield _of_budget(view, check, limits)


def _of_budget(view: BudgetView, check: BudgetCheck, limits: MoneyLimits) -> RuleResult:
    inputs = ((_("Total"), format_fen(view.budget.total)), (_("Allocated"), format_fen(view.allocated)))
    result = RuleResult(
        ComplianceRule(check.key.value),
        check.outcome,
        check.message,
        check.advice,
        inputs=inputs,
        basis=canonical_text([view.budget.total, view.allocated]),
        line_ids=check.line_ids,
    )
    if check.key is CheckKey.ALLOCATED and view.unallocated < 0:
        return replace(result, stops=SUBMITTING_AND_PACKING, waivable_by=WaivableBy.REVIEWERS)
    if check.key is CheckKey.RESERVE:
        kept = sum(row.line.amount for row in view.lines if row.line.id in check.line_ids)
        return replace(
            result,
            inputs=(
                (_("Total"), format_fen(view.budget.total)),
                (_("Contingency reserve"), format_fen(kept)),
                (_("Floor"), percent_exact(limits.reserve_floor_bp)),
            ),
            basis=canonical_text([view.budget.total, kept, limits.reserve_floor_bp]),
            waivable_by=WaivableBy.REVIEWERS,
        )
    return result


def _pools(
    session: Session, project_id: EntityId, limits: MoneyLimits, given: Sequence[Waiver]
) -> Iterable[RuleResult]:
    explained = _explained_pools(session, project_id, given)
    for one in project_positions(session, project_id, explained=explained):
        yield from _pool(one, limits)


def _pool(one: ProjectPool, limits: MoneyLimits) -> Iterable[RuleResult]:
    if one.pool is None or one.position is None:
        if not limits.pool_required or not one.needed:
            yield RuleResult(_Rule.NO_POOL, CheckOutcome.NOTICE, one.words, one.remedy)
            return
        yield RuleResult(
            _Rule.NO_POOL,
            CheckOutcome.FAILED,
            one.words,
            one.remedy,
            basis=canonical_text([one.needed]),
            stops=SUBMITTING,
            waivable_by=WaivableBy.REVIEWERS,
        )
        return
    pool = one.pool
    terms = tuple((term.label, format_fen(term.amount, signed=True)) for term in one.position.terms)
    left = one.position.available
    yield RuleResult(
        _Rule.ANNUAL_POOL,
        one.outcome,
        one.words,
        one.remedy,
        id_text(pool.id),
        pool.name,
        (
            *terms,
            (_("Available"), format_fen(left)),
            (_("Needed"), format_fen(one.needed)),
            (_("When exceeded"), pool_level_label(pool.level)),
            (_("Time"), one.as_of),
        ),
        _pool_basis(one),
        DECIDING,
        WaivableBy.ANYBODY if pool.level is PoolLevel.EXPLAIN else WaivableBy.NOBODY,
    )
    if one.other_year:
        yield RuleResult(
            _Rule.POOL_YEAR,
            CheckOutcome.NOTICE,
            _("The pool “{pool}” is one of {year}, the key date of the project lies in another fiscal year.").format(
                pool=pool.name, year=pool.year
            ),
            _("Choose a pool of the project's year."),
            id_text(pool.id),
            pool.name,
        )


def _pool_basis(one: ProjectPool) -> str:
    assert one.pool is not None
    return canonical_text([one.pool.level.value, one.needed, one.excess])


def _explained_pools(session: Session, project_id: EntityId, given: Sequence[Waiver]) -> tuple[EntityId, ...]:
    """Return the pools whose present excess was explained."""
    reasons = {(one.subject, one.inputs) for one in given if one.rule == _Rule.ANNUAL_POOL.value}
    if not reasons:
        return ()
    return tuple(
        one.pool.id
        for one in project_positions(session, project_id)
        if one.pool is not None
        and one.pool.level is PoolLevel.EXPLAIN
        and (id_text(one.pool.id), _pool_basis(one)) in reasons
    )


def _quotes(session: Session, project_id: EntityId, limits: MoneyLimits) -> Iterable[RuleResult]:
    lines = comparison(session, project_id)
    broken = False
    for one in lines:
        if one.outcome is CheckOutcome.PASSED:
            continue
        broken = True
        chosen = one.chosen.quote if one.chosen is not None else None
        needs_reason = chosen is not None and one.outcome is CheckOutcome.FAILED
        outcome = CheckOutcome.FAILED if needs_reason or limits.quotes_required else CheckOutcome.NOTICE
        yield RuleResult(
            _Rule.QUOTE_REASON if needs_reason else _Rule.QUOTES,
            outcome,
            _("{line}: {finding}").format(line=one.line.name, finding=one.finding),
            one.advice,
            id_text(one.line.id),
            one.line.name,
            (
                (_("Amount"), format_fen(one.line.amount)),
                (_("Three quotes from"), format_fen(limits.three_quotes_fen)),
                *((view.supplier.name, format_fen(view.quote.gross)) for view in one.quotes),
            ),
            canonical_text([one.line.amount, *(view.quote.gross for view in one.quotes)]),
            (PACKING if needs_reason else SUBMITTING) if outcome is CheckOutcome.FAILED else frozenset(),
            WaivableBy.REVIEWERS,
            line_ids=(one.line.id,),
        )
    if lines and not broken:
        yield RuleResult(_Rule.QUOTES, CheckOutcome.PASSED, _("The quotes are complete."))

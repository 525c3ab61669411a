"""What the execution report prints: the approved budget beside what has become of it."""

from __future__ import annotations

from dataclasses import replace

from qihua_desktop.domain.budget_checks import CheckOutcome, outcome_label
from qihua_desktop.domain.compliance import RuleResult
from qihua_desktop.domain.execution import DeviationReason, ReleaseState, deviation_label, release_state_label
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.ledger import LineLedger
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.domain.review import PlanVersion, Verdict, VersionState
from qihua_desktop.i18n import _
from qihua_desktop.services import compliance, review
from qihua_desktop.services.budget_status import budget_status
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.execution import ExecutionView, execution
from qihua_desktop.services.people import person_names
from qihua_desktop.services.reserve import ReleaseView
from qihua_desktop.services.session import Session

from .document import DocumentState
from .formats import day, moment
from .gather import PlanText, document_info, live_plan_text, local, plan_text
from .gather_vouchers import voucher_rows
from .inputs import Fact
from .money_inputs import ExecutionInput, ExecutionLine, Finding, Outcome, ReserveUse
from .month_chart import MonthFigures


def execution_input(session: Session, project_id: EntityId) -> ExecutionInput:
    """Return the 预算执行报告 of a project, against its newest approved version where there is one."""
    approved = next((one for one in review.versions(session, project_id) if one.state is VersionState.APPROVED), None)
    text = plan_text(session, project_id, approved.id) if approved else live_plan_text(session, project_id)
    names = person_names(session)
    view = execution(session, project_id)
    info = document_info(session, _("Budget execution report"), text)
    found = compliance.compliance(session, project_id)
    since = budget_status(session, load_budget(session, project_id)).since_approved
    lines = tuple(_row(one.line.name, one.figures, one.reason, missing=one.needs_reason) for one in view.rows)
    missing_total = any(one.line_id is None for one in view.missing_reasons)
    total = _row(_("Whole budget"), view.total, view.total_reason, missing=missing_total)
    project = text.project
    return ExecutionInput(
        replace(info, state=DocumentState.PLAIN) if approved else info,
        _facts(session, text, approved, names),
        view.ledger.threshold_bp,
        total,
        lines,
        _rest(view),
        tuple(_use(one) for one in view.releases),
        _outcome(view, names),
        tuple(
            MonthFigures(f"{one.year}-{one.month:02d}", one.planned or None, one.committed or None, one.actual or None)
            for one in view.months
        ),
        voucher_rows(session, project_id),
        tuple(_finding(one, names) for one in found if one.outcome is not CheckOutcome.PASSED or one.waiver),
        sum(one.outcome is CheckOutcome.PASSED for one in found),
        names.get(project.owner_id, "") if project.owner_id else "",
        approved is not None,
        since.count if since is not None else 0,
        project.status is not ProjectStatus.ACTIVE,
    )


def _facts(
    session: Session, text: PlanText, approved: PlanVersion | None, names: dict[EntityId, str]
) -> tuple[Fact, ...]:
    project = text.project
    facts = [
        Fact(_("Project"), project.name),
        Fact(_("Project number"), project.number),
        Fact(_("Owner"), names.get(project.owner_id, "") if project.owner_id else ""),
        Fact(_("Key date"), day(project.key_on)),
    ]
    if approved is None:
        return (*facts, Fact(_("Approved version"), _("not approved")))
    view = review.review_view(session, approved.id)
    agreed = (Verdict.APPROVE, Verdict.APPROVE_WITH_COMMENT)
    signed = [
        (one.sign_off.signed_ms, names.get(one.sign_off.person_id, ""))
        for one in view.status.seats
        if one.sign_off is not None and one.sign_off.verdict in agreed
    ]
    closed = approved.closed_ms or max((when for when, _name in signed), default=None)
    when = moment(local(closed)) if closed is not None else ""
    people = _(", ").join(dict.fromkeys(name for _when, name in sorted(signed) if name))
    return (
        *facts,
        Fact(_("Approved version"), _("Version {number}").format(number=approved.number)),
        Fact(_("Approved on"), when),
        Fact(_("Approved by (people)"), people),
        Fact(_("Fingerprint of the approved plan"), approved.sha256),
    )


def _row(name: str, figures: LineLedger, reason: DeviationReason | None, *, missing: bool) -> ExecutionLine:
    return ExecutionLine(
        name,
        figures.level,
        figures.budget,
        figures.released,
        figures.contracted,
        figures.open_commitment,
        figures.actual,
        figures.remaining,
        figures.eac,
        figures.deviation,
        figures.rate_bp,
        figures.beyond,
        missing,
        f"{reason.code.value} {deviation_label(reason.code)}" if reason is not None else "",
        reason.text if reason is not None else "",
    )


def _rest(view: ExecutionView) -> ExecutionLine | None:
    """Return what the whole budget has beyond its categories: unallocated money, and vouchers that no line bears."""
    fields = ("budget", "released", "contracted", "open_commitment", "actual", "remaining", "eac", "deviation")
    rest = {
        field: getattr(view.total, field) - sum(getattr(row, field) for row in view.ledger.categories)
        for field in fields
    }
    if not any(rest.values()):
        return None
    return ExecutionLine(
        _("Not allocated"), 0, rest["budget"], rest["released"], rest["contracted"], rest["open_commitment"],
        rest["actual"], rest["remaining"], rest["eac"], rest["deviation"], None,
    )  # fmt: skip


def _use(view: ReleaseView) -> ReserveUse:
    row = view.release
    return ReserveUse(
        row.amount,
        view.reserve_name,
        view.line_name,
        f"{row.code.value} {deviation_label(row.code)}",
        row.reason,
        view.requested_by,
        local(row.requested_ms),
        release_state_label(row.state),
        view.decided_by,
        local(row.decided_ms) if row.decided_ms is not None else None,
        row.note,
        row.state is ReleaseState.APPROVED,
    )


def _outcome(view: ExecutionView, names: dict[EntityId, str]) -> Outcome | None:
    basis = view.outcome
    if basis is None:
        return None
    return Outcome(
        basis.method,
        local(basis.fixed_ms) if basis.fixed_ms is not None else None,
        names.get(basis.fixed_by, "") if basis.fixed_by is not None else "",
        view.fixed_beforehand,
        (basis.guests_planned or None, basis.guests_actual),
        (basis.leads_planned or None, basis.leads_actual),
        (basis.income_planned or None, basis.income_actual),
        view.roi_planned,
        view.roi,
        view.per_guest,
        view.per_lead,
    )


def _finding(result: RuleResult, names: dict[EntityId, str]) -> Finding:
    waiver = ""
    if result.waiver is not None:
        waiver = _("Waived by {person}, {moment}: {reason}").format(
            person=names.get(result.waiver.waived_by, ""),
            moment=moment(local(result.waiver.waived_ms)),
            reason=result.waiver.reason,
        )
    return Finding(
        result.title,
        result.subject_name,
        outcome_label(result.outcome),
        result.outcome is CheckOutcome.FAILED,
        result.message,
        result.remedy,
        waiver,
    )

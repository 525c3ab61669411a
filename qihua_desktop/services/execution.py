"""Carrying out a budget: forecasts, reasons of deviations, the basis of success, and what is missing before closing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any, Final

from db import tables
from qihua_desktop.domain.budget import BudgetLine
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.execution import (
    DeviationCode,
    DeviationReason,
    LineForecast,
    OutcomeBasis,
    deviation_label,
)
from qihua_desktop.domain.execution_report import (
    MissingReason,
    MonthFigures,
    PerHead,
    Roi,
    by_month,
    missing_reasons,
    outcome_roi,
    per_head,
)
from qihua_desktop.domain.formatting import percent_text
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.ledger import Ledger, LedgerSource, LineLedger
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.plan import last_day_of
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.i18n import _

from .ledger import ledger_of, ledger_source
from .limits import body, required_text, text
from .quotes import require_active, require_money
from .reserve import ReleaseView, releases
from .session import Session

_HEADS_LIMIT: Final = 10**9


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    """A row of the execution report in reading order."""

    line: BudgetLine
    figures: LineLedger
    reason: DeviationReason | None
    forecast: LineForecast | None
    needs_reason: bool


@dataclass(frozen=True, slots=True)
class ExecutionView:
    """How a budget is carried out.

    Attributes:
        missing_reasons: rows beyond the threshold by the present forecast that nobody explained.
        missing_to_close: the same as if nothing more were to come, as closing asks.
        roi_planned, roi: by the budget and planned income; by cost and actual income. None where data is missing.
        fixed_beforehand: whether the basis of success was fixed before the key date; None while it is not fixed.
        months: planned, committed and actual, without gaps.
    """

    ledger: Ledger
    rows: tuple[ExecutionRow, ...]
    total: LineLedger
    total_reason: DeviationReason | None
    missing_reasons: tuple[MissingReason, ...]
    missing_to_close: tuple[MissingReason, ...]
    releases: tuple[ReleaseView, ...]
    outcome: OutcomeBasis | None
    fixed_beforehand: bool | None
    roi_planned: Roi | None
    roi: Roi | None
    per_guest: PerHead
    per_lead: PerHead
    months: tuple[MonthFigures, ...]


def execution(session: Session, project_id: EntityId, lines: Sequence[BudgetLine] | None = None) -> ExecutionView:
    """Return how a project's budget is carried out; ``lines`` when they were read already.

    Raises LookupError for a project without a budget.
    """
    workspace = session.workspace
    project = tables.projects.get(workspace, project_id)
    source = ledger_source(session, project_id, lines)
    ledger = ledger_of(session, project_id, running=project.status is ProjectStatus.ACTIVE, source=source)
    reasons = {one.line_id: one for one in tables.deviation_reasons.all(workspace, project_id=project_id)}
    missing = missing_reasons(ledger, source.lines, reasons)
    unexplained = {one.line_id for one in missing}
    forecasts = {one.line_id: one for one in source.forecasts}
    by_id = {line.id: line for line in source.lines}
    outcome = outcome_of(session, project_id)
    planned, actual = outcome_roi(ledger.total, outcome)
    return ExecutionView(
        ledger,
        tuple(
            ExecutionRow(by_id[key], row, reasons.get(key), forecasts.get(key), key in unexplained)
            for key, row in ledger.rows.items()
        ),
        ledger.total,
        reasons.get(None),
        missing,
        _missing_to_close(session, project_id, source, reasons),
        releases(session, project_id),
        outcome,
        _fixed_beforehand(outcome, project.key_on),
        planned,
        actual,
        per_head(ledger.total, outcome.guests_planned if outcome else 0, outcome.guests_actual if outcome else None),
        per_head(ledger.total, outcome.leads_planned if outcome else 0, outcome.leads_actual if outcome else None),
        months(session, project_id, source),
    )


def months(session: Session, project_id: EntityId, source: LedgerSource | None = None) -> tuple[MonthFigures, ...]:
    """Return a project's planned, committed and actual money by month."""
    tasks = tables.tasks.all(session.workspace, project_id=project_id)
    finish_of = {task.id: last_day_of(task.start, task.finish) for task in tasks}
    key_on = tables.projects.get(session.workspace, project_id).key_on
    return by_month(source or ledger_source(session, project_id), finish_of, key_on)


def may_close(session: Session, project_id: EntityId) -> tuple[MissingReason, ...]:
    """Return the deviations that need a reason before a project is closed; none while nothing was bound or spent."""
    source = ledger_source(session, project_id)
    reasons = {one.line_id: one for one in tables.deviation_reasons.all(session.workspace, project_id=project_id)}
    return _missing_to_close(session, project_id, source, reasons)


def require_closable(session: Session, project_id: EntityId) -> None:
    """Raise RuleError naming the rows whose deviation nobody explained."""
    missing = may_close(session, project_id)
    if not missing:
        return
    names = {one.id: one.name for one in tables.budget_lines.all(session.workspace, project_id=project_id)}
    raise RuleError(
        _("Deviations from the budget need a reason before the project is closed."),
        _("Give each a code and a reason on the execution page."),
        [_missing_words(one, names) for one in missing],
    )


def set_forecast(session: Session, line_id: EntityId, to_go: int | None, basis: str = "") -> None:
    """Type what a line will still cost beyond its open commitments, with its basis; None expects the rest again.

    Raises RuleError for a row with lines below, InputError for a missing basis or an impossible amount.
    """
    line = tables.budget_lines.get(session.workspace, line_id)
    require_active(session, line.project_id)
    old = tables.line_forecasts.all(session.workspace, line_id=line_id)
    if to_go is None:
        if old:
            with session.edit(_("Forecast of “{line}” by the budget").format(line=line.name), line.project_id) as edit:
                tables.line_forecasts.delete(edit, *(one.id for one in old))
        return
    require_money(to_go)
    if tables.budget_lines.count(session.workspace, parent_id=line_id):
        raise RuleError(_("“{line}” is the sum of its lines.").format(line=line.name), _("Type forecasts there."))
    why = required_text(basis, _("basis"))
    label = _("Forecast of “{line}”: {amount} to go").format(line=line.name, amount=format_fen(to_go))
    with session.edit(label, line.project_id) as edit:
        made = LineForecast(new_id(), line.project_id, line_id, to_go, why, _actor_id(session), edit.now_ms())
        if old:
            tables.line_forecasts.replace(edit, replace(made, id=old[0].id))
        else:
            tables.line_forecasts.insert(edit, made)


def set_reason(
    session: Session, project_id: EntityId, line_id: EntityId | None, code: DeviationCode, words: str
) -> None:
    """Say why a line, or the whole budget with None, deviates. Raises InputError without words."""
    require_active(session, project_id)
    name = _row_name(session, project_id, line_id)
    why = required_text(words, _("reason"))
    old = tables.deviation_reasons.all(session.workspace, project_id=project_id, line_id=line_id)
    label = _("Reason for “{line}”: {code} {name}").format(line=name, code=code.value, name=deviation_label(code))
    with session.edit(label, project_id) as edit:
        made = DeviationReason(new_id(), project_id, line_id, code, why, _actor_id(session), edit.now_ms())
        tables.deviation_reasons.delete(edit, *(one.id for one in old))
        tables.deviation_reasons.insert(edit, made)


def clear_reason(session: Session, project_id: EntityId, line_id: EntityId | None) -> None:
    """Take back why a line, or the whole budget, deviates."""
    require_active(session, project_id)
    name = _row_name(session, project_id, line_id)
    old = tables.deviation_reasons.all(session.workspace, project_id=project_id, line_id=line_id)
    if old:
        with session.edit(_("Take back the reason for “{line}”").format(line=name), project_id) as edit:
            tables.deviation_reasons.delete(edit, *(one.id for one in old))


def outcome_of(session: Session, project_id: EntityId) -> OutcomeBasis | None:
    """Return how a project's success is measured, None before anything was said."""
    found = tables.outcome_bases.all(session.workspace, project_id=project_id)
    return found[0] if found else None


def set_outcome_plan(session: Session, project_id: EntityId, guests: int, leads: int, income: int, method: str) -> None:
    """Set the planned side of success. Raises RuleError once it is fixed, InputError for impossible figures."""
    require_active(session, project_id)
    _require_heads(guests, leads)
    require_money(income)
    old = outcome_of(session, project_id)
    if old is not None and old.fixed_ms is not None:
        raise RuleError(_("The basis of success is fixed."), _("Release it with a reason to change it."))
    values: dict[str, Any] = {
        "guests_planned": guests,
        "leads_planned": leads,
        "income_planned": income,
        "method": text(method),
    }
    _write_outcome(session, project_id, _("Plan how success is measured"), values)


def fix_outcome(session: Session, project_id: EntityId) -> None:
    """Fix the planned side; only actual figures change after that. Raises RuleError when it is incomplete."""
    found = outcome_of(session, project_id)
    if found is None or not found.method or not (found.income_planned or found.guests_planned or found.leads_planned):
        raise RuleError(
            _("The basis of success is incomplete."), _("Enter the method and at least one planned figure first.")
        )
    if found.fixed_ms is None:
        values: dict[str, Any] = {"fixed_ms": session.workspace.now_ms(), "fixed_by": _actor_id(session)}
        _write_outcome(session, project_id, _("Fix how success is measured"), values)


def unfix_outcome(session: Session, project_id: EntityId, reason: str) -> None:
    """Release a fixed basis; the reason stands in the history."""
    why = required_text(reason, _("reason"))
    found = outcome_of(session, project_id)
    if found is not None and found.fixed_ms is not None:
        label = _("Release how success is measured: {reason}").format(reason=why)
        _write_outcome(session, project_id, label, {"fixed_ms": None, "fixed_by": None})


def set_outcome_actual(
    session: Session,
    project_id: EntityId,
    guests: int | None,
    leads: int | None,
    income: int | None,
    notes: str | None = None,
) -> None:
    """Set the actual figures; None is not known yet. Raises InputError for impossible ones."""
    _require_heads(guests or 0, leads or 0)
    require_money(income or 0)
    values: dict[str, Any] = {"guests_actual": guests, "leads_actual": leads, "income_actual": income}
    if notes is not None:
        values["notes"] = body(notes)
    _write_outcome(session, project_id, _("Enter what was achieved"), values)


def _write_outcome(session: Session, project_id: EntityId, label: str, values: dict[str, Any]) -> None:
    old = outcome_of(session, project_id)
    base = old or OutcomeBasis(new_id(), project_id, 0, 0, 0, "", None, None, None, None, None, "")
    new = replace(base, **values)
    if new == old:
        return
    with session.edit(label, project_id) as edit:
        if old is None:
            tables.outcome_bases.insert(edit, new)
        else:
            tables.outcome_bases.replace(edit, new)


def _missing_to_close(
    session: Session, project_id: EntityId, source: LedgerSource, reasons: dict[EntityId | None, DeviationReason]
) -> tuple[MissingReason, ...]:
    if not (source.contracts or source.vouchers or source.stock_uses):
        return ()
    final = ledger_of(session, project_id, running=False, source=source)
    return missing_reasons(final, source.lines, reasons)


def _missing_words(one: MissingReason, names: dict[EntityId, str]) -> str:
    name = names.get(one.line_id, "") if one.line_id is not None else _("Whole budget")
    rate = one.figures.rate_bp
    return _("{line}: {amount} ({rate})").format(
        line=name,
        amount=format_fen(one.figures.deviation, signed=True),
        rate=_("outside the budget") if rate is None else percent_text(rate),
    )


def _row_name(session: Session, project_id: EntityId, line_id: EntityId | None) -> str:
    if line_id is None:
        return _("Whole budget")
    line = tables.budget_lines.find(session.workspace, line_id)
    if line is None or line.project_id != project_id:
        raise RuleError(_("This budget line no longer exists."))
    return line.name


def _fixed_beforehand(outcome: OutcomeBasis | None, key_on: date) -> bool | None:
    if outcome is None or outcome.fixed_ms is None:
        return None
    return datetime.fromtimestamp(outcome.fixed_ms / 1000, UTC).astimezone().date() <= key_on


def _require_heads(*counts: int) -> None:
    if any(not 0 <= count < _HEADS_LIMIT for count in counts):
        raise InputError(_("A number of people must lie between 0 and 999,999,999."))


def _actor_id(session: Session) -> EntityId | None:
    return session.actor.id if session.actor is not None else None

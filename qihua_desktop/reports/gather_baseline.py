"""What the comparison with a baseline prints: every task then and now, and why it stands where it stands."""

from __future__ import annotations

from collections.abc import Mapping

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Baseline
from qihua_desktop.i18n import _
from qihua_desktop.services.people import person_names
from qihua_desktop.services.plan_baselines import Difference, baselines, compare
from qihua_desktop.services.plan_causes import causes
from qihua_desktop.services.plan_state import PlanState, plan_state
from qihua_desktop.services.session import Session

from .baseline_comparison import ComparedTask, ComparisonInput
from .formats import moment
from .gather import document_info, live_plan_text, local


def comparison_input(
    session: Session, project_id: EntityId, baseline_id: EntityId | None = None, other_id: EntityId | None = None
) -> ComparisonInput:
    """Return a project's plan, or another baseline, beside a baseline: the newest when none is named.

    Raises InputError without one.
    """
    every = baselines(session, project_id)
    taken = [one for one in every if baseline_id in (None, one.id)]
    if not taken:
        raise InputError(_("The project has no baseline yet."), _("Take one in the Gantt window first."))
    baseline = taken[-1]
    other = next((one for one in every if one.id == other_id), None)
    state = plan_state(session, project_id)
    rows = compare(session, baseline.id, other.id if other is not None else None)
    reasons = causes(state, rows, live=other is None)
    info = document_info(session, _("Baseline comparison"), live_plan_text(session, project_id))
    return ComparisonInput(
        info,
        baseline.name,
        local(baseline.taken_at),
        _taken_by(session, baseline),
        tuple(_task(state, row, reasons) for row in rows),
        _project_slip(state, rows),
        state.minutes_per_day,
        "" if other is None else _named(session, other),
    )


def _named(session: Session, baseline: Baseline) -> str:
    """Return a baseline with when and by whom it was taken."""
    parts = (baseline.name, moment(local(baseline.taken_at)), _taken_by(session, baseline))
    return " · ".join(part for part in parts if part)


def _task(state: PlanState, row: Difference, reasons: Mapping[EntityId, str]) -> ComparedTask:
    summary = row.task_id in state.tasks and state.is_summary(row.task_id)
    return ComparedTask(
        row.name,
        row.level,
        summary,
        row.old_start,
        row.old_finish,
        row.new_start,
        row.new_finish,
        row.finish_slip,
        row.old_cost,
        row.new_cost,
        reasons.get(row.task_id, ""),
    )


def _project_slip(state: PlanState, rows: tuple[Difference, ...]) -> int:
    old = max((row.old_finish for row in rows if row.old_finish is not None), default=None)
    new = max((row.new_finish for row in rows if row.new_finish is not None), default=None)
    return 0 if old is None or new is None else state.calendar.between(old, new)


def _taken_by(session: Session, baseline: Baseline) -> str:
    return "" if baseline.taken_by is None else person_names(session).get(baseline.taken_by, "")

"""What the comparison with a baseline prints: every task then and now, and why it stands where it stands."""

from __future__ import annotations

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import duration_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Baseline
from qihua_desktop.i18n import _
from qihua_desktop.services.people import person_names
from qihua_desktop.services.plan_baselines import Difference, baselines, compare
from qihua_desktop.services.plan_explain import why
from qihua_desktop.services.plan_state import PlanState, plan_state
from qihua_desktop.services.session import Session

from .baseline_comparison import ComparedTask, ComparisonInput
from .gather import document_info, live_plan_text, local


def comparison_input(session: Session, project_id: EntityId, baseline_id: EntityId | None = None) -> ComparisonInput:
    """Return a project's plan beside a baseline, the newest when none is named. Raises InputError without one."""
    taken = [one for one in baselines(session, project_id) if baseline_id in (None, one.id)]
    if not taken:
        raise InputError(_("The project has no baseline yet."), _("Take one in the Gantt window first."))
    baseline = taken[-1]
    state = plan_state(session, project_id)
    rows = compare(session, baseline.id)
    info = document_info(session, _("Baseline comparison"), live_plan_text(session, project_id))
    return ComparisonInput(
        info,
        baseline.name,
        local(baseline.taken_at),
        _taken_by(session, baseline),
        tuple(_task(state, row) for row in rows),
        _project_slip(state, rows),
        state.minutes_per_day,
    )


def _task(state: PlanState, row: Difference) -> ComparedTask:
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
        _reason(state, row) if not summary else "",
    )


def _reason(state: PlanState, row: Difference) -> str:
    """Return what made a task slip: its own duration, and what holds it where it is now."""
    if row.old_start is None or row.new_start is None or not (row.start_slip or row.finish_slip):
        return ""
    parts: list[str] = []
    longer = row.new_duration - row.old_duration
    if longer:
        words = duration_text(abs(longer), state.minutes_per_day)
        text = _("{time} longer than planned.") if longer > 0 else _("{time} shorter than planned.")
        parts.append(text.format(time=words))
    if row.start_slip:
        parts.append(why(state, row.task_id))
    return " ".join(parts)


def _project_slip(state: PlanState, rows: tuple[Difference, ...]) -> int:
    old = max((row.old_finish for row in rows if row.old_finish is not None), default=None)
    new = max((row.new_finish for row in rows if row.new_finish is not None), default=None)
    return 0 if old is None or new is None else state.calendar.between(old, new)


def _taken_by(session: Session, baseline: Baseline) -> str:
    return "" if baseline.taken_by is None else person_names(session).get(baseline.taken_by, "")

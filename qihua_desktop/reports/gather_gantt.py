"""What the Gantt chart prints: the live plan, row for row as the screen shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from qihua_desktop.domain.calendars import DayInfo, DayKind
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.gantt_scene import BarKind, GanttLink, GanttRow
from qihua_desktop.domain.ids import EntityId, id_text
from qihua_desktop.domain.numbering import wbs_numbers
from qihua_desktop.domain.plan import Baseline, day_of, instant, last_day_of
from qihua_desktop.i18n import _
from qihua_desktop.services.plan_baselines import baseline_tasks, baselines
from qihua_desktop.services.plan_state import PlanState, plan_state
from qihua_desktop.services.plan_view import rolled_progress
from qihua_desktop.services.session import Session

from .gantt_table import USUAL_COLUMNS, TaskColumn
from .gantt_tiles import Fit, GanttInput, Paper
from .gather import document_info, live_plan_text, signature_boxes

_LONGEST_AXIS_DAYS = 8_000


@dataclass(frozen=True, slots=True)
class GanttPrint:
    """What the user wants of a printed chart. ``baseline_id`` None is the newest; ``baseline`` False shows none."""

    paper: Paper = Paper.A4
    fit: Fit = Fit.AUTO
    unit: TimeUnit = TimeUnit.WEEK
    first: date | None = None
    last: date | None = None
    columns: tuple[TaskColumn, ...] = USUAL_COLUMNS
    baseline: bool = True
    baseline_id: EntityId | None = None
    critical: bool = True
    sign_off: bool = True


def gantt_input(session: Session, project_id: EntityId, wanted: GanttPrint | None = None) -> GanttInput:
    """Return the chart of a project's live plan. Raises InputError for a range that ends before it begins."""
    wanted = wanted or GanttPrint()
    if wanted.first is not None and wanted.last is not None and wanted.last < wanted.first:
        raise InputError(_("The range ends before it begins."), _("Choose a later last day."))
    state = plan_state(session, project_id)
    text = live_plan_text(session, project_id)
    info = document_info(session, _("Gantt chart"), text)
    links = (
        GanttLink(
            id_text(link.id),
            id_text(link.predecessor_id),
            id_text(link.successor_id),
            link.type,
            wanted.critical and link.predecessor_id in state.critical and link.successor_id in state.critical,
        )
        for link in state.links.values()
    )
    baseline = _baseline(session, project_id, wanted)
    return GanttInput(
        info,
        gantt_rows(session, state, baseline, critical=wanted.critical),
        tuple(links),
        _days(state),
        instant(session.local_now()),
        first=wanted.first,
        last=wanted.last,
        paper=wanted.paper,
        fit=wanted.fit,
        unit=wanted.unit,
        columns=wanted.columns,
        signatures=signature_boxes(session, text) if wanted.sign_off else (),
        footnote=_("Baseline: {name}").format(name=baseline.name) if baseline is not None else "",
    )


def _baseline(session: Session, project_id: EntityId, wanted: GanttPrint) -> Baseline | None:
    taken = baselines(session, project_id) if wanted.baseline else ()
    if wanted.baseline_id is not None:
        return next((one for one in taken if one.id == wanted.baseline_id), None)
    return taken[-1] if taken else None


def gantt_rows(
    session: Session, state: PlanState, baseline: Baseline | None, *, critical: bool = True
) -> tuple[GanttRow, ...]:
    """Return every row of a plan in outline order, beside where it stood in a baseline."""
    rolled = rolled_progress(state)
    numbers = wbs_numbers(state.tasks.values())
    frozen = baseline_tasks(session, baseline.id) if baseline is not None else {}
    rows: list[GanttRow] = []
    for place in state.outline:
        task = state.tasks[place.id]
        summary = place.has_children
        kind = BarKind.SUMMARY if summary else BarKind.MILESTONE if task.milestone else BarKind.TASK
        start, finish = state.start(task.id), state.finish(task.id)
        base = frozen.get(task.id)
        owner = state.owner_name(task)
        percent = f"{owner} · {task.progress // 100}%" if 0 < task.progress < 10_000 else owner
        rows.append(
            GanttRow(
                id_text(task.id),
                task.name,
                numbers.get(task.id, ""),
                owner,
                start,
                finish,
                rolled.get(task.id, task.progress),
                place.level,
                kind,
                critical and task.id in state.critical and not summary,
                task.name if task.milestone else "" if summary else percent,
                (base.start, base.finish) if base is not None and not summary else None,
                task.deadline,
            )
        )
    return tuple(rows)


def _days(state: PlanState) -> tuple[DayInfo, ...]:
    if not state.tasks:
        return ()
    first = day_of(min(state.start(task) for task in state.tasks)) - timedelta(days=14)
    ends = [last_day_of(state.start(task), state.finish(task)) for task in state.tasks]
    count = min((max(ends) - first).days + 28, _LONGEST_AXIS_DAYS)
    found = [state.calendars.day(first + timedelta(days=at), state.project.id) for at in range(count)]
    return tuple(
        day for day in found if day.kind not in (DayKind.WORKDAY, DayKind.WEEKEND) or day.working != _usual(day)
    )


def _usual(day: DayInfo) -> bool:
    return day.day.weekday() < 5

"""What the Gantt chart prints: the live plan, row for row as the screen shows it."""

from __future__ import annotations

from datetime import timedelta

from qihua_desktop.domain.calendars import DayInfo, DayKind
from qihua_desktop.domain.gantt_scene import BarKind, GanttLink, GanttRow
from qihua_desktop.domain.ids import EntityId, id_text
from qihua_desktop.domain.numbering import wbs_numbers
from qihua_desktop.domain.plan import day_of, instant, last_day_of
from qihua_desktop.i18n import _
from qihua_desktop.services.plan_baselines import baseline_tasks, baselines
from qihua_desktop.services.plan_state import PlanState, plan_state
from qihua_desktop.services.plan_view import rolled_progress
from qihua_desktop.services.session import Session

from .gantt_chart import GanttInput
from .gather import document_info, live_plan_text

_LONGEST_AXIS_DAYS = 8_000


def gantt_input(session: Session, project_id: EntityId) -> GanttInput:
    """Return the chart of a project's live plan with its newest baseline."""
    state = plan_state(session, project_id)
    text = live_plan_text(session, project_id)
    info = document_info(session, _("Gantt chart"), text)
    return GanttInput(
        info,
        gantt_rows(session, state),
        tuple(
            GanttLink(
                id_text(link.id),
                id_text(link.predecessor_id),
                id_text(link.successor_id),
                link.type,
                link.predecessor_id in state.critical and link.successor_id in state.critical,
            )
            for link in state.links.values()
        ),
        _days(state),
        instant(session.local_now()),
    )


def gantt_rows(session: Session, state: PlanState) -> tuple[GanttRow, ...]:
    """Return every row of a plan in outline order."""
    rolled = rolled_progress(state)
    numbers = wbs_numbers(state.tasks.values())
    taken = baselines(session, state.project.id)
    frozen = baseline_tasks(session, taken[-1].id) if taken else {}
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
                task.id in state.critical and not summary,
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

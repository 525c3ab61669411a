"""What the Gantt window shows of a plan: rows with all their figures, links, and what deserves a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from db import tables
from qihua_desktop.domain.formatting import duration_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    DONE,
    Baseline,
    BaselineTask,
    ConstraintType,
    LagKind,
    Link,
    LinkType,
    Task,
    TaskMode,
    instant,
)
from qihua_desktop.i18n import _

from .plan_rules import link_asks
from .plan_state import PlanState, plan_state
from .session import Session


class Lateness(StrEnum):
    """What is late about a task, the gravest first."""

    NONE = "none"
    OVERDUE = "overdue"
    DEADLINE = "deadline"
    IMPOSSIBLE = "impossible"
    NOT_STARTED = "not_started"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A row of the table and the chart; durations and floats in working minutes, ``slip`` against the baseline.

    For a summary ``duration`` is the working time it spans and ``progress`` that of the tasks below by duration.
    """

    id: EntityId
    parent_id: EntityId | None
    number: str
    level: int
    is_summary: bool
    is_milestone: bool
    name: str
    owner_id: EntityId | None
    owner: str
    start: int
    finish: int
    duration: int
    progress: int
    total_float: int
    is_critical: bool
    lateness: Lateness
    is_pinned: bool
    constraint: ConstraintType
    deadline: int | None
    has_notes: bool
    stage_id: EntityId | None
    baseline: tuple[int, int] | None = None
    slip: int = 0
    elapsed: bool = False

    @property
    def is_done(self) -> bool:
        """Whether everything is done."""
        return self.progress >= DONE


@dataclass(frozen=True, slots=True)
class PlanLink:
    """A link as drawn; critical when it leaves no room between two critical tasks."""

    id: EntityId
    predecessor_id: EntityId
    successor_id: EntityId
    type: LinkType
    lag: int
    lag_kind: LagKind
    is_critical: bool


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan to show. ``critical_minutes`` is the working time from the first to the last critical task."""

    state: PlanState
    rows: tuple[PlanRow, ...]
    links: tuple[PlanLink, ...]
    baselines: tuple[Baseline, ...]
    baseline: Baseline | None
    critical_minutes: int
    infeasible: PlanRow | None

    @property
    def by_id(self) -> Mapping[EntityId, PlanRow]:
        """The rows by their ids."""
        return {row.id: row for row in self.rows}


LATEST_BASELINE: Final = EntityId(b"latest")
"""Asks ``plan_view`` for the newest baseline."""


def plan_view(session: Session, project_id: EntityId, baseline_id: EntityId | None = LATEST_BASELINE) -> PlanView:
    """Return a project's plan as the window shows it, against a baseline, the newest one, or none."""
    state = plan_state(session, project_id)
    baselines = tables.baselines.all(session.workspace, project_id=project_id)
    chosen = next((one for one in baselines if one.id == baseline_id), None)
    if baseline_id == LATEST_BASELINE and baselines:
        chosen = baselines[-1]
    frozen = {} if chosen is None else baseline_tasks(session, chosen.id)
    return view_of(state, instant(session.local_now()), baselines, chosen, frozen)


def baseline_tasks(session: Session, baseline_id: EntityId) -> dict[EntityId, BaselineTask]:
    """Return a baseline's rows by the task they froze."""
    return {row.task_id: row for row in tables.baseline_tasks.all(session.workspace, baseline_id=baseline_id)}


def view_of(
    state: PlanState,
    now: int,
    baselines: tuple[Baseline, ...] = (),
    baseline: Baseline | None = None,
    frozen: Mapping[EntityId, BaselineTask] | None = None,
) -> PlanView:
    """Return the view of a state, also of one that is not stored."""
    critical = state.critical
    progress = rolled_progress(state)
    numbers: dict[EntityId | None, str] = {None: ""}
    rows: list[PlanRow] = []
    network = state.schedule.network
    for outline in state.outline:
        task = state.tasks[outline.id]
        above = numbers[outline.parent_id]
        number = numbers[outline.id] = f"{above}.{outline.position + 1}" if above else str(outline.position + 1)
        node = network.index[outline.id]
        start, finish = state.schedule.start_list[node], state.schedule.finish_list[node]
        calendar = state.calendar_of(task)
        spans = outline.has_children
        done = progress.get(outline.id, task.progress)
        slack = state.total_float(outline.id)
        then = frozen.get(outline.id) if frozen else None
        rows.append(
            PlanRow(
                id=task.id,
                parent_id=outline.parent_id,
                number=number,
                level=outline.level,
                is_summary=spans,
                is_milestone=task.milestone and not spans,
                name=task.name,
                owner_id=task.owner_id,
                owner=state.owner_name(task),
                start=start,
                finish=finish,
                duration=calendar.between(start, finish) if spans else (0 if task.milestone else task.duration),
                progress=done,
                total_float=slack,
                is_critical=task.id in critical,
                lateness=_lateness(task, done, start, finish, slack, now, is_summary=spans),
                is_pinned=task.mode is TaskMode.PINNED and not spans,
                constraint=task.constraint,
                deadline=task.deadline,
                has_notes=bool(task.notes),
                stage_id=task.stage_id,
                baseline=None if then is None else (then.start, then.finish),
                slip=0 if then is None else calendar.between(then.finish, finish),
                elapsed=task.elapsed,
            )
        )
    links = tuple(_link(state, link, critical) for link in state.links.values())
    leaves = [row for row in rows if row.is_critical and not row.is_summary]
    span = state.calendar.between(min(row.start for row in leaves), max(row.finish for row in leaves)) if leaves else 0
    impossible = [row for row in rows if row.total_float < 0 and not row.is_summary and not row.is_done]
    worst = min(impossible, key=lambda row: (row.total_float, row.is_milestone, row.start), default=None)
    return PlanView(state, tuple(rows), links, baselines, baseline, span, worst)


def headline(view: PlanView) -> str:
    """Return the one sentence that deserves a look: what cannot be, what slipped most, or nothing."""
    day = view.state.minutes_per_day
    if view.infeasible is not None:
        late = duration_text(-view.infeasible.total_float, day)
        return _("“{task}” comes {time} too late").format(task=_short(view.infeasible.name), time=late)
    overdue = [row for row in view.rows if row.lateness is Lateness.OVERDUE and not row.is_summary]
    slipped = [row for row in view.rows if row.slip > 0 and not row.is_summary and not row.is_done]
    if slipped:
        worst = max(slipped, key=lambda row: row.slip)
        time = duration_text(worst.slip, day)
        if worst.total_float > 0:
            words = _("“{task}” is {time} behind the baseline, {float} float left")
            return words.format(task=_short(worst.name), time=time, float=duration_text(worst.total_float, day))
        return _("“{task}” is {time} behind the baseline").format(task=_short(worst.name), time=time)
    if overdue:
        return _("“{task}” should be done by now").format(task=_short(overdue[0].name))
    return ""


def rolled_progress(state: PlanState) -> dict[EntityId, int]:
    """Return the progress of summaries: that of the leaves below, weighted by duration."""
    weights: dict[EntityId, tuple[int, int]] = {}
    for row in reversed(state.outline):
        task = state.tasks[row.id]
        if row.has_children:
            total, done = weights.get(row.id, (0, 0))
        else:
            total = max(1, 0 if task.milestone else task.duration)
            done = total * task.progress
        if row.parent_id is not None:
            above = weights.get(row.parent_id, (0, 0))
            weights[row.parent_id] = (above[0] + total, above[1] + done)
    return {task_id: done // total if total else 0 for task_id, (total, done) in weights.items()}


def _lateness(
    task: Task, progress: int, start: int, finish: int, slack: int, now: int, *, is_summary: bool
) -> Lateness:
    if progress >= DONE:
        return Lateness.NONE
    if finish < now:
        return Lateness.OVERDUE
    if is_summary:
        return Lateness.NONE
    if task.deadline is not None and finish > task.deadline:
        return Lateness.DEADLINE
    if slack < 0:
        return Lateness.IMPOSSIBLE
    waits = task.actual_start is None and not progress and not task.milestone
    return Lateness.NOT_STARTED if waits and start < now else Lateness.NONE


def _link(state: PlanState, link: Link, critical: frozenset[EntityId]) -> PlanLink:
    tight = link.predecessor_id in critical and link.successor_id in critical
    if tight:
        at_start = link.type in (LinkType.FS, LinkType.SS)
        place = state.start(link.successor_id) if at_start else state.finish(link.successor_id)
        tight = state.calendar.between(link_asks(state, link), place) <= 0
    return PlanLink(link.id, link.predecessor_id, link.successor_id, link.type, link.lag, link.lag_kind, tight)


def _short(name: str) -> str:
    return name if len(name) <= 24 else name[:24] + "…"

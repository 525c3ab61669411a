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
from qihua_desktop.domain.tree import OutlineRow
from qihua_desktop.i18n import _

from .plan_rules import link_asks
from .plan_shares import shares_of, shares_text
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
    team: str = ""
    """Everybody who works on it with their shares, where they are several."""
    members: tuple[str, ...] = ()
    """Their names."""

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
    now: int = 0

    @property
    def by_id(self) -> Mapping[EntityId, PlanRow]:
        """The rows by their ids."""
        return {row.id: row for row in self.rows}

    def row_of(self, task_id: EntityId) -> PlanRow | None:
        """Return a task's row; quick."""
        node = self.state.schedule.index.get(task_id)
        row = self.rows[node] if node is not None and node < len(self.rows) else None
        return row if row is None or row.id == task_id else self.by_id.get(task_id)


LATEST_BASELINE: Final = EntityId(b"latest")
"""Asks ``plan_view`` for the newest baseline."""


def plan_view(
    session: Session,
    project_id: EntityId,
    baseline_id: EntityId | None = LATEST_BASELINE,
    *,
    before: PlanView | None = None,
) -> PlanView:
    """Return a project's plan as the window shows it, against a baseline, the newest one, or none.

    With the view from ``before``, rows and links that look the same are the same objects, and only the others are made.
    """
    state = plan_state(session, project_id)
    baselines = tables.baselines.all(session.workspace, project_id=project_id)
    chosen = next((one for one in baselines if one.id == baseline_id), None)
    if baseline_id == LATEST_BASELINE and baselines:
        chosen = baselines[-1]
    frozen = {} if chosen is None else baseline_tasks(session, chosen.id)
    return view_of(state, instant(session.local_now()), baselines, chosen, frozen, before=before)


def baseline_tasks(session: Session, baseline_id: EntityId) -> dict[EntityId, BaselineTask]:
    """Return a baseline's rows by the task they froze."""
    return {row.task_id: row for row in tables.baseline_tasks.all(session.workspace, baseline_id=baseline_id)}


def view_of(
    state: PlanState,
    now: int,
    baselines: tuple[Baseline, ...] = (),
    baseline: Baseline | None = None,
    frozen: Mapping[EntityId, BaselineTask] | None = None,
    *,
    before: PlanView | None = None,
) -> PlanView:
    """Return the view of a state, also of one that is not stored."""
    if before is not None and not _alike(before, state, baseline):
        before = None
    if before is not None and _comparable(before.state, state):
        rows, changed = _renewed_rows(before, state, now, frozen or {})
    else:
        rows = _all_rows(state, now, frozen or {}, before if before is not None and before.now == now else None)
        same = {id(row) for row in before.rows} if before is not None else set[int]()
        changed = {row.id for row in rows if id(row) not in same}
    if before is not None:
        links = _renewed_links(before, state, changed)
    else:
        links = tuple(_link(state, link, state.critical) for link in state.links.values())
    leaves = [row for row in rows if row.is_critical and not row.is_summary]
    span = state.calendar.between(min(row.start for row in leaves), max(row.finish for row in leaves)) if leaves else 0
    impossible = [row for row in rows if row.total_float < 0 and not row.is_summary and not row.is_done]
    worst = min(impossible, key=lambda row: (row.total_float, row.is_milestone, row.start), default=None)
    return PlanView(state, rows, links, baselines, baseline, span, worst, now)


def _all_rows(
    state: PlanState, now: int, frozen: Mapping[EntityId, BaselineTask], before: PlanView | None = None
) -> tuple[PlanRow, ...]:
    """Return every row; those that look as in the view from before are taken over."""
    progress = rolled_progress(state)
    known = {row.id: row for row in before.rows} if before is not None else {}
    old_tasks = before.state.tasks if before is not None else {}
    plan, index, critical, slack = state.schedule, state.schedule.network.index, state.critical, state.float_list
    numbers: dict[EntityId | None, str] = {None: ""}
    rows: list[PlanRow] = []
    for outline in state.outline:
        above, task_id = numbers[outline.parent_id], outline.id
        number = numbers[task_id] = f"{above}.{outline.position + 1}" if above else str(outline.position + 1)
        task = state.tasks[task_id]
        done, row, node = progress.get(task_id, task.progress), known.get(task_id), index[task_id]
        if (
            row is None
            or old_tasks.get(task_id) is not task
            or (row.number, row.parent_id, row.level) != (number, outline.parent_id, outline.level)
            or (row.start, row.finish, row.total_float) != (plan.start_list[node], plan.finish_list[node], slack[node])
            or (row.is_summary, row.is_critical, row.progress) != (outline.has_children, task_id in critical, done)
        ):
            row = _row(state, outline, number, done, now, frozen.get(task_id))
        rows.append(row)
    return tuple(rows)


def _row(state: PlanState, outline: OutlineRow, number: str, done: int, now: int, then: BaselineTask | None) -> PlanRow:
    task = state.tasks[outline.id]
    node = state.schedule.network.index[outline.id]
    start, finish = state.schedule.start_list[node], state.schedule.finish_list[node]
    spans = outline.has_children
    slack = state.float_list[node]
    calendar = state.calendar_of(task) if spans or then is not None else None
    return PlanRow(
        id=task.id,
        parent_id=outline.parent_id,
        number=number,
        level=outline.level,
        is_summary=spans,
        is_milestone=task.milestone and not spans,
        name=task.name,
        owner_id=task.owner_id,
        owner=state.owner_name(task),
        team=shares_text(state, task.id) if task.id in state.shares else "",
        members=tuple(one.name for one in shares_of(state, task.id)) if task.id in state.shares else (),
        start=start,
        finish=finish,
        duration=calendar.between(start, finish) if spans and calendar else (0 if task.milestone else task.duration),
        progress=done,
        total_float=slack,
        is_critical=task.id in state.critical,
        lateness=_lateness(task, done, start, finish, slack, now, is_summary=spans),
        is_pinned=task.mode is TaskMode.PINNED and not spans,
        constraint=task.constraint,
        deadline=task.deadline,
        has_notes=bool(task.notes),
        stage_id=task.stage_id,
        baseline=None if then is None else (then.start, then.finish),
        slip=calendar.between(then.finish, finish) if then and calendar else 0,
        elapsed=task.elapsed,
    )


def _alike(before: PlanView, state: PlanState, baseline: Baseline | None) -> bool:
    """Return whether a view was made by the same calendars, people and baseline."""
    old = before.state
    return (
        before.baseline == baseline
        and old.calendars is state.calendars
        and old.people is state.people
        and old.shares == state.shares
        and old.project == state.project
    )


def _comparable(old: PlanState, new: PlanState) -> bool:
    """Return whether the same rows stand in the same places, so that only figures may differ."""
    return (
        old.outline is new.outline
        and list(old.schedule.network.index) == list(new.schedule.network.index)
        and all(row.id == one for row, one in zip(new.outline, new.schedule.network.index, strict=True))
    )


def _renewed_rows(
    before: PlanView, state: PlanState, now: int, frozen: Mapping[EntityId, BaselineTask]
) -> tuple[tuple[PlanRow, ...], set[EntityId]]:
    """Return the rows, made anew only where something differs, and the ids of those."""
    old = before.state
    moved: set[int] = set()
    rows = list(before.rows)
    for one, other in (
        (old.schedule.start_list, state.schedule.start_list),
        (old.schedule.finish_list, state.schedule.finish_list),
        (old.float_list, state.float_list),
    ):
        pairs = zip(range(len(rows)), one, other, strict=False)  # the schedule's lists may have more behind the rows
        moved.update(node for node, was, now_is in pairs if was != now_is)
    if now != before.now:
        since, until = sorted((before.now, now))
        moved.update(
            node for node, row in enumerate(before.rows) if since <= row.start < until or since <= row.finish < until
        )
    index = state.schedule.network.index
    moved.update(index[one] for one in old.critical ^ state.critical)
    edited = [one for one, task in state.tasks.items() if old.tasks[one] is not task]
    moved.update(index[one] for one in edited)
    if old.shares is not state.shares:
        shared = {*old.shares, *state.shares} & index.keys()
        moved.update(index[one] for one in shared if old.shares.get(one) != state.shares.get(one))
    progress: Mapping[EntityId, int] = {}
    if any(_worked(old.tasks[one]) != _worked(state.tasks[one]) for one in edited):
        progress = rolled_progress(state)
        moved.update(node for node, row in enumerate(rows) if progress.get(row.id, row.progress) != row.progress)
    for node in moved:
        row, outline = rows[node], state.outline[node]
        known = row.progress if outline.has_children else state.tasks[row.id].progress
        rows[node] = _row(state, outline, row.number, progress.get(row.id, known), now, frozen.get(row.id))
    return tuple(rows), {rows[node].id for node in moved}


def _renewed_links(before: PlanView, state: PlanState, changed: set[EntityId]) -> tuple[PlanLink, ...]:
    known, shown = before.state.links, {link.id: link for link in before.links}
    return tuple(
        shown[link.id]
        if known.get(link.id) is link and link.predecessor_id not in changed and link.successor_id not in changed
        else _link(state, link, state.critical)
        for link in state.links.values()
    )


def _worked(task: Task) -> tuple[int, int, bool]:
    return task.progress, task.duration, task.milestone


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

"""A plan as rows of text, for CSV files and workbooks."""

from __future__ import annotations

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    ConstraintType,
    TaskMode,
    moment,
)
from qihua_desktop.i18n import _
from qihua_desktop.services.plan_shares import SEVERAL, Share, share_words

from .exported_plan import ExportedPlan
from .plan_columns import Column
from .predecessors import Predecessor, predecessors_text, short_duration


def plan_table(plan: ExportedPlan) -> list[list[str]]:
    """Return a plan as rows of plain text under translated headings; the first row is the headings."""
    rows = {task.id: number for number, task in enumerate(plan.tasks, start=1)}
    incoming: dict[EntityId, list[Predecessor]] = {}
    for link in plan.links:
        entry = Predecessor(rows[link.predecessor_id], link.type, link.lag, link.lag_kind)
        incoming.setdefault(link.successor_id, []).append(entry)
    parents = {task.parent_id for task in plan.tasks}
    owners = _owners(plan)
    outline: dict[EntityId, str] = {}
    counts: dict[EntityId | None, int] = {}
    table = [[_(column.value) for column in Column]]
    for task in plan.tasks:
        number = counts[task.parent_id] = counts.get(task.parent_id, 0) + 1
        above = "" if task.parent_id is None else outline[task.parent_id] + "."
        outline[task.id] = f"{above}{number}"
        summary = task.id in parents
        cells: dict[Column, str] = {
            Column.ID: str(rows[task.id]),
            Column.WBS: outline[task.id],
            Column.NAME: task.name,
            Column.DURATION: "" if summary else short_duration(task.duration, elapsed=task.elapsed),
            Column.START: _moment_text(plan.schedule.start(task.id)),
            Column.FINISH: _moment_text(plan.schedule.finish(task.id)),
            Column.PREDECESSORS: predecessors_text(incoming.get(task.id, ())),
            Column.OWNER: SEVERAL.join(owners.get(task.id, ())) or task.owner_text,
            Column.PROGRESS: f"{task.progress / 100:g}%",
            Column.CONSTRAINT: "" if task.constraint is ConstraintType.ASAP else task.constraint.value,
            Column.CONSTRAINT_DATE: _moment_text(task.constraint_at),
            Column.DEADLINE: _moment_text(task.deadline),
            Column.MILESTONE: "1" if task.milestone else "",
            Column.PINNED: "1" if task.mode is TaskMode.PINNED else "",
            Column.ACTUAL_START: _moment_text(task.actual_start),
            Column.ACTUAL_FINISH: _moment_text(task.actual_finish),
            Column.NOTES: task.notes,
        }
        table.append([cells[column] for column in Column])
    return table


def _owners(plan: ExportedPlan) -> dict[EntityId, list[str]]:
    """Return who works on each task in words, with a share of time where it is not the whole."""
    names = {person.id: person.name for person in plan.people}
    found: dict[EntityId, list[str]] = {}
    for task_id, person_id, units in plan.assignments:
        found.setdefault(task_id, []).append(share_words(Share(None, names[person_id], units)))
    return found


def table_losses(plan: ExportedPlan) -> tuple[str, ...]:
    """Return a line for each kind of thing that a table cannot hold."""
    dropped: list[str] = []
    if plan.baselines:
        dropped.append(_("Baselines were left out; a table cannot hold them."))
    if plan.splits:
        dropped.append(_("Interruptions of tasks were left out; a table cannot hold them."))
    if plan.minutes:
        dropped.append(_("How long each of several people works on a task was left out; a table cannot hold it."))
    if any(task.fixed_duration for task in plan.tasks):
        dropped.append(_("That durations do not depend on people was left out; a table cannot hold it."))
    if any(task.priority != 500 for task in plan.tasks):
        dropped.append(_("Priorities were left out; a table cannot hold them."))
    return tuple(dropped)


def _moment_text(at: int | None) -> str:
    return "" if at is None else f"{moment(at):%Y-%m-%d %H:%M}"

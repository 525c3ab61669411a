"""Baselines: frozen dates and money of a plan, and what has changed since."""

from __future__ import annotations

from dataclasses import dataclass

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import Baseline, BaselineTask
from qihua_desktop.i18n import _

from .limits import required_text
from .plan_state import PlanState, load_state, plan_state
from .session import Session


@dataclass(frozen=True, slots=True)
class Difference:
    """One task then and now; None where it was not there yet or is gone. Slips in working minutes, costs in fen."""

    task_id: EntityId
    name: str
    level: int
    old_start: int | None
    old_finish: int | None
    new_start: int | None
    new_finish: int | None
    start_slip: int
    finish_slip: int
    old_duration: int
    new_duration: int
    old_cost: int
    new_cost: int

    @property
    def differs(self) -> bool:
        """Whether anything is different."""
        return (self.old_start, self.old_finish) != (self.new_start, self.new_finish) or self.old_cost != self.new_cost


def baselines(session: Session, project_id: EntityId) -> tuple[Baseline, ...]:
    """Return a project's baselines, oldest first."""
    return tables.baselines.all(session.workspace, project_id=project_id)


def baseline_tasks(session: Session, baseline_id: EntityId) -> dict[EntityId, BaselineTask]:
    """Return a baseline's rows by task."""
    return {row.task_id: row for row in tables.baseline_tasks.all(session.workspace, baseline_id=baseline_id)}


def take_baseline(session: Session, project_id: EntityId, name: str) -> Baseline:
    """Freeze the dates and money of a plan under a name."""
    cleaned = required_text(name, _("name"), 100)
    with session.edit(_("Take baseline “{name}”").format(name=cleaned), project_id) as edit:
        taken_by = session.actor.id if session.actor is not None else None
        return freeze(edit, project_id, cleaned, taken_by=taken_by)


def freeze(
    edit: Edit,
    project_id: EntityId,
    name: str,
    *,
    taken_by: EntityId | None = None,
    plan_version_id: EntityId | None = None,
) -> Baseline:
    """Freeze a plan inside a running edit; a sign-off does this with its version."""
    state = load_state(edit, project_id)
    costs = task_costs(edit, project_id)
    baseline = Baseline(new_id(), project_id, name, edit.now_ms(), taken_by, plan_version_id)
    tables.baselines.insert(edit, baseline)
    tables.baseline_tasks.insert_many(
        edit,
        [
            BaselineTask(
                new_id(),
                baseline.id,
                row.id,
                state.tasks[row.id].name,
                state.start(row.id),
                state.finish(row.id),
                _duration(state, row.id),
                costs.get(row.id, 0),
            )
            for row in state.outline
        ],
    )
    return baseline


def rename_baseline(session: Session, baseline_id: EntityId, name: str) -> None:
    """Give a baseline another name."""
    baseline = _baseline(session, baseline_id)
    cleaned = required_text(name, _("name"), 100)
    with session.edit(_("Rename baseline “{name}”").format(name=baseline.name), baseline.project_id) as edit:
        tables.baselines.update(edit, baseline_id, name=cleaned)


def delete_baseline(session: Session, baseline_id: EntityId) -> None:
    """Delete a baseline."""
    baseline = _baseline(session, baseline_id)
    with session.edit(_("Delete baseline “{name}”").format(name=baseline.name), baseline.project_id) as edit:
        tables.baselines.delete(edit, baseline_id)


def compare(session: Session, baseline_id: EntityId) -> tuple[Difference, ...]:
    """Return every task then and now, in reading order; deleted ones come last."""
    baseline = _baseline(session, baseline_id)
    state = plan_state(session, baseline.project_id)
    then = {row.task_id: row for row in tables.baseline_tasks.all(session.workspace, baseline_id=baseline_id)}
    costs = task_costs(session.workspace, baseline.project_id)
    found: list[Difference] = []
    for row in state.outline:
        old = then.pop(row.id, None)
        start, finish = state.start(row.id), state.finish(row.id)
        calendar = state.calendar_of(state.tasks[row.id])
        found.append(
            Difference(
                row.id,
                state.tasks[row.id].name,
                row.level,
                None if old is None else old.start,
                None if old is None else old.finish,
                start,
                finish,
                0 if old is None else calendar.between(old.start, start),
                0 if old is None else calendar.between(old.finish, finish),
                0 if old is None else old.duration,
                _duration(state, row.id),
                0 if old is None else old.cost,
                costs.get(row.id, 0),
            )
        )
    found.extend(
        Difference(old.task_id, old.name, 0, old.start, old.finish, None, None, 0, 0, old.duration, 0, old.cost, 0)
        for old in then.values()
    )
    return tuple(found)


def task_costs(source: object, project_id: EntityId) -> dict[EntityId, int]:
    """Return what the budget assigns to tasks, in fen."""
    costs: dict[EntityId, int] = {}
    for line in tables.budget_lines.all(source, project_id=project_id):  # type: ignore[arg-type]
        if line.task_id is not None:
            costs[line.task_id] = costs.get(line.task_id, 0) + line.amount
    return costs


def _duration(state: PlanState, task_id: EntityId) -> int:
    task = state.tasks[task_id]
    if state.is_summary(task_id):
        return max(0, state.calendar.between(state.start(task_id), state.finish(task_id)))
    return 0 if task.milestone else task.duration


def _baseline(session: Session, baseline_id: EntityId) -> Baseline:
    found = tables.baselines.find(session.workspace, baseline_id)
    if found is None:
        raise InputError(_("The baseline no longer exists."))
    return found

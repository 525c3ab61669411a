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
    """One task then and now; None where it was not there yet or is gone. Slips in working minutes, costs in fen.

    ``reason`` says why it slipped where somebody asked for it.
    """

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
    reason: str = ""

    @property
    def both(self) -> bool:
        """Whether the task is there then and now."""
        return self.old_start is not None and self.new_start is not None

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


def compare(session: Session, baseline_id: EntityId, other_id: EntityId | None = None) -> tuple[Difference, ...]:
    """Return every task then and now, or then and in another baseline, in reading order; deleted ones come last."""
    baseline = _baseline(session, baseline_id)
    state = plan_state(session, baseline.project_id)
    then = baseline_tasks(session, baseline_id)
    now = _now(session, state) if other_id is None else baseline_tasks(session, _baseline(session, other_id).id)
    levels = {row.id: row.level for row in state.outline}
    order = [task_id for task_id in levels if task_id in now or task_id in then]
    order += [task_id for task_id in now if task_id not in levels]
    order += [task_id for task_id in then if task_id not in levels and task_id not in now]
    return tuple(_difference(state, one, then.get(one), now.get(one), levels.get(one, 0)) for one in order)


def _now(session: Session, state: PlanState) -> dict[EntityId, BaselineTask]:
    """Return the plan as it stands in the form of a baseline."""
    costs = task_costs(session.workspace, state.project.id)
    return {
        row.id: BaselineTask(
            row.id,
            state.project.id,
            row.id,
            state.tasks[row.id].name,
            state.start(row.id),
            state.finish(row.id),
            _duration(state, row.id),
            costs.get(row.id, 0),
        )
        for row in state.outline
    }


def _difference(
    state: PlanState, task_id: EntityId, old: BaselineTask | None, new: BaselineTask | None, level: int
) -> Difference:
    task = state.tasks.get(task_id)
    calendar = state.calendar_of(task) if task is not None else state.calendar
    named = new or old
    slips = (0, 0)
    if old is not None and new is not None:
        slips = calendar.between(old.start, new.start), calendar.between(old.finish, new.finish)
    return Difference(
        task_id,
        named.name if named is not None else "",
        level,
        old.start if old is not None else None,
        old.finish if old is not None else None,
        new.start if new is not None else None,
        new.finish if new is not None else None,
        *slips,
        old.duration if old is not None else 0,
        new.duration if new is not None else 0,
        old.cost if old is not None else 0,
        new.cost if new is not None else 0,
    )


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

"""Baselines: named frozen copies of a plan's dates and money."""

from __future__ import annotations

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import Baseline, BaselineTask
from qihua_desktop.i18n import _

from .limits import required_text
from .session import Session


def baselines(session: Session, project_id: EntityId) -> tuple[Baseline, ...]:
    """Return a project's baselines, oldest first."""
    return tables.baselines.all(session.workspace, project_id=project_id)


def baseline_tasks(session: Session, baseline_id: EntityId) -> dict[EntityId, BaselineTask]:
    """Return a baseline's rows by task."""
    return {row.task_id: row for row in tables.baseline_tasks.all(session.workspace, baseline_id=baseline_id)}


def take_baseline(session: Session, project_id: EntityId, name: str) -> Baseline:
    """Freeze the plan's present dates and money under a name."""
    title = required_text(name, _("name"))
    with session.edit(_("Take baseline “{name}”").format(name=title), project_id) as edit:
        return take(edit, session, project_id, title)


def delete_baseline(session: Session, baseline_id: EntityId) -> None:
    """Delete a baseline."""
    baseline = tables.baselines.get(session.workspace, baseline_id)
    with session.edit(_("Delete baseline “{name}”").format(name=baseline.name), baseline.project_id) as edit:
        tables.baselines.delete(edit, baseline_id)


def take(
    edit: Edit, session: Session, project_id: EntityId, name: str, *, plan_version_id: EntityId | None = None
) -> Baseline:
    """Freeze the plan inside a running edit; a task's cost is the sum of the budget lines linked to it."""
    baseline = Baseline(
        new_id(), project_id, name, edit.now_ms(), session.actor.id if session.actor else None, plan_version_id
    )
    costs: dict[EntityId, int] = {}
    for line in tables.budget_lines.all(edit, project_id=project_id):
        if line.task_id is not None:
            costs[line.task_id] = costs.get(line.task_id, 0) + line.amount
    tables.baselines.insert(edit, baseline)
    tables.baseline_tasks.insert_many(
        edit,
        (
            BaselineTask(
                new_id(), baseline.id, task.id, task.name, task.start, task.finish, task.duration, costs.get(task.id, 0)
            )
            for task in tables.tasks.all(edit, project_id=project_id)
        ),
    )
    return baseline

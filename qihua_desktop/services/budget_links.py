"""What a budget line refers to: the supplier somebody typed, and the plan's tasks to choose from."""

from __future__ import annotations

from typing import Any

from db import tables
from qihua_desktop.domain import tree
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Task
from qihua_desktop.i18n import _

from .budget import line_state, require_open, update_line
from .limits import required_text
from .session import Session
from .suppliers import SupplierDraft, find_supplier, is_frozen, new_supplier, set_line_supplier


def name_supplier(session: Session, line_id: EntityId, typed: str) -> None:
    """Give a line the supplier of a typed name; a company not known yet is added. Nothing typed takes it away.

    The printed text follows, unless the budget is in review or approved: it is part of what was frozen.
    """
    name = typed.strip()
    found = find_supplier(session, name) if name else None
    if found is not None or not name:
        set_line_supplier(session, line_id, found.id if found else None)
        return
    line, budget, _lines = line_state(session, line_id)
    require_open(budget)
    made = new_supplier(session, SupplierDraft(required_text(name, _("name"))))
    changes: dict[str, Any] = {"supplier_id": made.id}
    if not is_frozen(budget):
        changes["supplier"] = made.name
    label = _("Supplier of “{line}”: {supplier}").format(line=line.name, supplier=made.name)
    with session.edit(label, line.project_id) as edit:
        tables.suppliers.insert(edit, made)
        tables.budget_lines.update(edit, line_id, **changes)


def plan_tasks(session: Session, project_id: EntityId) -> tuple[tuple[int, Task], ...]:
    """Return a project's tasks in reading order, each with its level."""
    tasks = {task.id: task for task in tables.tasks.all(session.workspace, project_id=project_id)}
    return tuple((row.level, tasks[row.id]) for row in tree.outline(tuple(tasks.values())))


def task_names(session: Session, project_id: EntityId) -> dict[EntityId, str]:
    """Return the names of a project's tasks."""
    return {task.id: task.name for task in tables.tasks.all(session.workspace, project_id=project_id)}


def link_task(session: Session, line_id: EntityId, task_id: EntityId | None) -> None:
    """Let a line belong to a task of its project's plan, or to none. Raises RuleError for another project's."""
    line, _budget, _lines = line_state(session, line_id)
    if task_id is not None:
        task = tables.tasks.find(session.workspace, task_id)
        if task is None or task.project_id != line.project_id:
            raise RuleError(_("This task no longer exists."))
    update_line(session, line_id, task_id=task_id)

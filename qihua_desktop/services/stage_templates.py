"""Stages kept as templates: a summary with everything below it and the links among it, put into any plan again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, cast

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, id_text, new_id
from qihua_desktop.domain.plan import ConstraintType, LagKind, Link, LinkType, Task
from qihua_desktop.domain.settings import StoredTemplate
from qihua_desktop.domain.tree import insert
from qihua_desktop.i18n import _

from .limits import required_text
from .plan_commit import Outcome, commit, current
from .plan_edit import MAX_LEVEL, new_task
from .plan_network import day_opening
from .plan_state import PlanChange, PlanState
from .session import Session
from .templates import STAGE_PART

_MOST_TASKS: Final = 20_000


@dataclass(frozen=True, slots=True)
class StageTemplateInfo:
    """A stage kept as a template."""

    id: EntityId
    name: str
    tasks: int


def stage_templates(session: Session) -> tuple[StageTemplateInfo, ...]:
    """Return the stages kept as templates, by name."""
    found: list[StageTemplateInfo] = []
    for stored in tables.templates.all(session.workspace):
        data = _data(stored)
        if data is not None:
            found.append(StageTemplateInfo(stored.id, stored.name, len(data["task"])))
    return tuple(found)


def save_stage(session: Session, project_id: EntityId, summary_id: EntityId, name: str) -> StageTemplateInfo:
    """Keep a summary with all below it as a template. Raises InputError for a row with nothing below it."""
    state = current(session, project_id)
    summary = state.task(summary_id)
    below = _below(state, summary_id)
    if not below:
        raise InputError(_("Choose a row that has tasks below it."))
    stored = StoredTemplate(
        new_id(),
        required_text(name, _("name")),
        state.project.kind,
        json.dumps(_content(state, summary, below), ensure_ascii=False),
        session.workspace.now_ms(),
    )
    with session.edit(_("Save the stage “{task}” as a template").format(task=summary.name[:60]), project_id) as edit:
        tables.templates.insert(edit, stored)
    return StageTemplateInfo(stored.id, stored.name, len(below))


def insert_stage(
    session: Session, project_id: EntityId, template_id: EntityId, day: date, after: EntityId | None = None
) -> Outcome:
    """Put a stage kept as a template into a plan, beginning on a day, behind a row or at the end.

    What followed a task of the stage follows it again; what began on its own keeps its working days from the
    beginning. Owners who are gone leave their tasks without one. Raises InputError.
    """
    state = current(session, project_id)
    stored = tables.templates.find(session.workspace, template_id)
    data = _data(stored) if stored is not None else None
    if stored is None or data is None:
        raise InputError(_("This template no longer exists."))
    neighbour = state.tasks.get(after) if after is not None else None
    parent = neighbour.parent_id if neighbour is not None else None
    siblings = [row.id for row in state.outline if row.parent_id == parent]
    index = siblings.index(neighbour.id) + 1 if neighbour is not None else len(siblings)
    stage = neighbour.stage_id if neighbour is not None and neighbour.parent_id is not None else None
    summary = replace(
        new_task(state, str(data["name"]), session),
        parent_id=parent,
        stage_id=stage,
        constraint=ConstraintType.ASAP,
        constraint_at=None,
    )
    placements = {one.id: one for one in insert(tuple(state.tasks.values()), summary.id, parent, index)}
    summary = replace(summary, position=placements.pop(summary.id).position)
    shifted = tuple(replace(state.tasks[one.id], position=one.position) for one in placements.values())
    tasks, links = _laid(state, session, data, summary, day)
    _check_depth(state, neighbour, summary, tasks)
    change = PlanChange((summary, *tasks, *shifted), links=links)
    return commit(session, _("Insert the stage “{name}”").format(name=stored.name[:60]), state, change)


def delete_stage_template(session: Session, template_id: EntityId) -> None:
    """Delete a stage kept as a template; plans it was put into stay."""
    stored = tables.templates.get(session.workspace, template_id)
    with session.edit(_("Delete template “{name}”").format(name=stored.name)) as edit:
        tables.templates.delete(edit, template_id)


def _data(stored: StoredTemplate) -> dict[str, Any] | None:
    try:
        data: Any = json.loads(stored.content)
    except ValueError:
        return None
    if not isinstance(data, dict):
        return None
    found = cast("dict[str, Any]", data)
    return found if found.get("part") == STAGE_PART and isinstance(found.get("task"), list) else None


def _below(state: PlanState, summary_id: EntityId) -> list[Task]:
    """Return everything below a row in reading order."""
    inside = {summary_id}
    found: list[Task] = []
    for row in state.outline:
        if row.parent_id in inside:
            inside.add(row.id)
            found.append(state.tasks[row.id])
    return found


def _content(state: PlanState, summary: Task, below: list[Task]) -> dict[str, Any]:
    calendar, beginning = state.calendar, state.start(summary.id)
    inside = {task.id for task in below}
    return {
        "part": STAGE_PART,
        "name": summary.name,
        "task": [
            {
                "key": id_text(task.id),
                "parent": "" if task.parent_id in (None, summary.id) else id_text(task.parent_id),
                "name": task.name,
                "owner": "" if task.owner_id is None else id_text(task.owner_id),
                "owner_text": task.owner_text,
                "minutes": task.duration,
                "elapsed": task.elapsed,
                "milestone": task.milestone,
                "offset": max(0, calendar.between(beginning, state.start(task.id))),
                "units": task.units,
                "notes": task.notes,
            }
            for task in below
        ],
        "link": [
            {
                "from": id_text(link.predecessor_id),
                "to": id_text(link.successor_id),
                "type": link.type.value,
                "lag": link.lag,
                "lag_kind": LagKind(link.lag_kind).value,
            }
            for link in state.links.values()
            if link.predecessor_id in inside and link.successor_id in inside
        ],
    }


def _laid(
    state: PlanState, session: Session, data: Mapping[str, Any], summary: Task, day: date
) -> tuple[tuple[Task, ...], tuple[Link, ...]]:
    rows = cast("list[dict[str, Any]]", data["task"])[:_MOST_TASKS]
    try:
        ids = {str(row["key"]): new_id() for row in rows}
        links = tuple(_link(state, one, ids) for one in cast("list[dict[str, Any]]", data.get("link", [])))
        led = {link.successor_id for link in links}
        parents = {str(row["parent"]) for row in rows}
        counts: dict[str, int] = {}
        tasks: list[Task] = []
        for row in rows:
            above = str(row["parent"])
            position = counts.get(above, 0)
            counts[above] = position + 1
            free = ids[str(row["key"])] not in led and str(row["key"]) not in parents
            task = _task(state, session, row, day if free else None)
            parent = ids[above] if above else summary.id
            own = ids[str(row["key"])]
            tasks.append(replace(task, id=own, parent_id=parent, stage_id=summary.stage_id, position=position))
    except (KeyError, TypeError, ValueError) as error:
        name = str(data.get("name", ""))[:60]
        raise InputError(_("The template “{name}” cannot be read.").format(name=name), details=(str(error),)) from error
    return tuple(tasks), links


def _task(state: PlanState, session: Session, row: Mapping[str, Any], day: date | None) -> Task:
    owner = next((one for one in state.people.values() if one.active and id_text(one.id) == row["owner"]), None)
    task = replace(
        new_task(state, str(row["name"]), session),
        owner_id=owner.id if owner is not None else None,
        owner_text="" if owner is not None else str(row["owner_text"]),
        duration=max(0, int(row["minutes"])),
        elapsed=bool(row["elapsed"]),
        milestone=bool(row["milestone"]),
        units=int(row["units"]),
        notes=str(row["notes"]),
        constraint=ConstraintType.ASAP,
        constraint_at=None,
    )
    if day is None:
        return task
    calendar = state.calendar
    start = calendar.at_start(calendar.work(day_opening(calendar, day)) + max(0, int(row["offset"])))
    return replace(task, constraint=ConstraintType.SNET, constraint_at=start)


def _link(state: PlanState, row: Mapping[str, Any], ids: Mapping[str, EntityId]) -> Link:
    return Link(
        new_id(),
        state.project.id,
        ids[str(row["from"])],
        ids[str(row["to"])],
        LinkType(row["type"]),
        int(row["lag"]),
        LagKind(row["lag_kind"]),
    )


def _check_depth(state: PlanState, neighbour: Task | None, summary: Task, tasks: tuple[Task, ...]) -> None:
    above = next((row.level for row in state.outline if neighbour is not None and row.id == neighbour.id), 0)
    levels = {summary.id: above}
    for task in tasks:
        levels[task.id] = levels.get(task.parent_id or summary.id, above) + 1
    if max(levels.values()) > MAX_LEVEL:
        raise InputError(_("Rows cannot be nested any deeper."))

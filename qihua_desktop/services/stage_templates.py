"""Stages kept as templates: a summary with everything below it and the links among it, put into any plan again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, id_text, new_id
from qihua_desktop.domain.plan import Assignment, ConstraintType, Link, Task, day_of
from qihua_desktop.domain.recurrence import read_rule, rule_text, shifted
from qihua_desktop.domain.settings import StoredTemplate
from qihua_desktop.domain.tree import insert
from qihua_desktop.i18n import _

from .limits import required_text
from .plan_commit import Outcome, commit, current
from .plan_edit import MAX_LEVEL, new_task
from .plan_shape import Ground, laid_shape, shape_of
from .plan_state import PlanChange, PlanState
from .session import Session
from .templates import STAGE_PART


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
    beginning, and so do constraints, deadlines and pins. Owners who are gone leave their tasks without one. Raises
    InputError.
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
        external_ref=_recurring(data, day),
    )
    placements = {one.id: one for one in insert(tuple(state.tasks.values()), summary.id, parent, index)}
    summary = replace(summary, position=placements.pop(summary.id).position)
    shifted = tuple(replace(state.tasks[one.id], position=one.position) for one in placements.values())
    try:
        tasks, links, shares = _laid(state, data, summary, day)
    except (KeyError, TypeError, ValueError) as error:
        name = str(data.get("name", ""))[:60]
        raise InputError(_("The template “{name}” cannot be read.").format(name=name), details=(str(error),)) from error
    _check_depth(state, neighbour, summary, tasks)
    change = PlanChange((summary, *tasks, *shifted), links=links, shares=shares)
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


def _recurring(data: Mapping[str, Any], day: date) -> str:
    """Return the rule of a stage that is itself a recurring task, on its new days."""
    rule = read_rule(str(data.get("reference", "")))
    if rule is None:
        return ""
    try:
        return rule_text(shifted(rule, (day - date.fromisoformat(str(data["day"]))).days))
    except (KeyError, ValueError):
        return ""


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
    day = day_of(state.start(summary.id))
    shape = shape_of(state, below, day, lambda task: id_text(task.owner_id) if task.owner_id else "")
    led = {link["to"] for link in shape["link"]}
    for task, row in zip(below, shape["task"], strict=True):
        row["parent"] = "" if task.parent_id == summary.id else row["parent"]
        row["free"] = row["key"] not in led and not row["summary"]
    recurring = summary.external_ref if read_rule(summary.external_ref) is not None else ""
    return {"part": STAGE_PART, "name": summary.name, "reference": recurring} | shape


def _laid(
    state: PlanState, data: Mapping[str, Any], summary: Task, day: date
) -> tuple[tuple[Task, ...], tuple[Link, ...], tuple[tuple[EntityId, tuple[Assignment, ...]], ...]]:
    """Return the stage with its beginning on a day: dated constraints move along, what began freely keeps its place."""
    shape = data if "direction" in data else _of_old(data, state.project.direction.value, day)
    whole = dict(shape) | {"direction": state.project.direction.value}
    whole["task"] = [_bound(row) for row in shape["task"]]
    owners = {id_text(one.id): one.id for one in state.people.values() if one.active}
    ground = Ground(state.project, state.calendars, day)
    laid = laid_shape(whole, ground, {}, lambda who: (owners.get(who), ""))
    tasks = tuple(
        replace(task, stage_id=summary.stage_id, parent_id=task.parent_id or summary.id) for task in laid.tasks
    )
    shares: dict[EntityId, tuple[Assignment, ...]] = {}
    for share in laid.shares:
        shares[share.task_id] = (*shares.get(share.task_id, ()), share)
    return tasks, laid.links, tuple(shares.items())


def _bound(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task without dates of its own held where it stood when nothing in the stage leads it."""
    constraint = ConstraintType(row["constraint"])
    if constraint not in (ConstraintType.ASAP, ConstraintType.ALAP):
        return dict(row)
    if row["free"]:
        return dict(row) | {"constraint": ConstraintType.SNET.value, "at": row["start"]}
    return dict(row) | {"constraint": ConstraintType.ASAP.value, "at": None}


def _of_old(data: Mapping[str, Any], direction: str, day: date) -> dict[str, Any]:
    """Return a stage kept before constraints and deadlines were."""
    led = {str(one["to"]) for one in data.get("link", ())}
    parents = {str(row["parent"]) for row in data["task"]}
    rows: list[dict[str, Any]] = []
    for at, row in enumerate(cast("list[Mapping[str, Any]]", data["task"])):
        summary = str(row["key"]) in parents
        work = max(0, int(row["offset"]))
        rows.append(
            dict(row)
            | {
                "stage": "", "position": at, "summary": summary, "start": [work, 0, 0, 0, 1], "pinned": None,
                "constraint": ConstraintType.ASAP.value, "at": None, "deadline": None, "priority": 500,
                "reference": "", "free": str(row["key"]) not in led and not summary,
            }
        )  # fmt: skip
    return dict(data) | {"task": rows, "link": data.get("link", []), "direction": direction, "day": day.isoformat()}


def _check_depth(state: PlanState, neighbour: Task | None, summary: Task, tasks: tuple[Task, ...]) -> None:
    above = next((row.level for row in state.outline if neighbour is not None and row.id == neighbour.id), 0)
    levels = {summary.id: above}
    for task in tasks:
        levels[task.id] = levels.get(task.parent_id or summary.id, above) + 1
    if max(levels.values()) > MAX_LEVEL:
        raise InputError(_("Rows cannot be nested any deeper."))

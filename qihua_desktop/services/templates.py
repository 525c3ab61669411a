"""Workflow templates: the ones that ship, and the ones saved from projects."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from db import tables
from qihua_desktop.domain.budget import BudgetLine
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, id_from_text, id_text, new_id
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.plan import DONE, ConstraintType, LagKind, Link, Task, day_of
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.domain.settings import StoredTemplate
from qihua_desktop.domain.workflow import (
    TemplateCategory,
    TemplateDocument,
    TemplateGate,
    TemplateLine,
    TemplateLink,
    TemplateRisk,
    TemplateSection,
    TemplateStage,
    TemplateTask,
    Workflow,
    read_workflow,
    workflow_data,
)
from qihua_desktop.i18n import _, current_language
from resources import resource_bytes, resource_names

from .limits import required_text
from .session import Session

STAGE_PART = "stage-only"
"""Marks a stored template that is a single stage."""


@dataclass(frozen=True, slots=True)
class TemplateInfo:
    """A template as the lists show it; ``key`` opens it with ``load_template``."""

    key: str
    name: str
    kind: ProjectKind
    description: str
    built_in: bool
    stages: int
    tasks: int


def list_templates(session: Session, kind: ProjectKind | None = None) -> tuple[TemplateInfo, ...]:
    """Return the templates, those that ship first."""
    found = [_info(name.removesuffix(".toml"), load_built_in(name.removesuffix(".toml")), built_in=True)
             for name in resource_names("templates", ".toml")]  # fmt: skip
    for stored in tables.templates.all(session.workspace):
        if not _is_stage(stored):
            found.append(_info(id_text(stored.id), _read(stored), built_in=False))
    return tuple(info for info in found if kind is None or info.kind is kind)


def load_built_in(key: str) -> Workflow:
    """Return a template that ships with the program, in the user's language."""
    data = tomllib.loads(resource_bytes(f"templates/{key}.toml").decode("utf-8"))
    return read_workflow(data, english=current_language() == "en")


def load_template(session: Session, key: str) -> Workflow:
    """Return a template by its key. Raises InputError when it is gone."""
    if f"{key}.toml" in resource_names("templates", ".toml"):
        return load_built_in(key)
    stored = tables.templates.find(session.workspace, _stored_id(key))
    if stored is None:
        raise InputError(_("This template no longer exists."))
    return _read(stored)


def save_as_template(session: Session, project_id: EntityId, name: str) -> StoredTemplate:
    """Keep a project's workflow, whole plan, shares of the budget, sections and risks as a template.

    Raises InputError.
    """
    project = tables.projects.get(session.workspace, project_id)
    identifier = new_id()
    workflow = project_workflow(session, project, id_text(identifier), required_text(name, _("name")))
    people = {person.id: person for person in tables.people.all(session.workspace)}
    workflow = replace(workflow, plan=project_plan(session, project, lambda task: _wanted(task, people)))
    stored = StoredTemplate(
        identifier,
        workflow.name,
        project.kind,
        json.dumps(workflow_data(workflow), ensure_ascii=False),
        session.workspace.now_ms(),
    )
    with session.edit(_("Save “{project}” as a template").format(project=project.name), project_id) as edit:
        tables.templates.insert(edit, stored)
    return stored


def rename_template(session: Session, key: str, name: str) -> None:
    """Rename a saved template."""
    stored = tables.templates.get(session.workspace, _stored_id(key))
    new_name = required_text(name, _("name"))
    content = json.loads(stored.content) | {"name": new_name}
    with session.edit(_("Rename template “{name}”").format(name=stored.name)) as edit:
        tables.templates.update(edit, stored.id, name=new_name, content=json.dumps(content, ensure_ascii=False))


def delete_template(session: Session, key: str) -> None:
    """Delete a saved template; projects made from it stay."""
    stored = tables.templates.get(session.workspace, _stored_id(key))
    with session.edit(_("Delete template “{name}”").format(name=stored.name)) as edit:
        tables.templates.delete(edit, stored.id)


def _stored_id(key: str) -> EntityId:
    try:
        return id_from_text(key)
    except ValueError:
        raise InputError(_("This template no longer exists.")) from None


def _info(key: str, workflow: Workflow, *, built_in: bool) -> TemplateInfo:
    return TemplateInfo(
        key,
        workflow.name,
        workflow.kind,
        workflow.description,
        built_in,
        len(workflow.stages),
        len(workflow.tasks),
    )


def _is_stage(stored: StoredTemplate) -> bool:
    """Return whether only a stage is kept, which is no workflow for a whole project."""
    if f'"{STAGE_PART}"' not in stored.content[:60]:
        return False
    try:
        return json.loads(stored.content).get("part") == STAGE_PART
    except (ValueError, AttributeError):
        return False


def _read(stored: StoredTemplate) -> Workflow:
    try:
        data = json.loads(stored.content)
    except ValueError as error:
        raise InputError(_("The template “{name}” cannot be read.").format(name=stored.name)) from error
    return read_workflow(data)


def project_workflow(session: Session, project: Project, key: str, name: str) -> Workflow:
    """Return a project's stages, tasks, shares of the budget, sections and risks as a template."""
    workspace = session.workspace
    tasks = tables.tasks.all(workspace, project_id=project.id)
    links = tables.links.all(workspace, project_id=project.id)
    people = {person.id: person for person in tables.people.all(workspace)}
    into: dict[EntityId, list[TemplateLink]] = {}
    for link in links:
        into.setdefault(link.successor_id, []).append(_template_link(link))
    stages = tables.stages.all(workspace, project_id=project.id)
    headings = {(task.stage_id, task.name): task.id for task in tasks if task.parent_id is None}
    stage_heads = {stage.id: headings.get((stage.id, stage.name)) for stage in stages}
    described: list[TemplateStage] = []
    for stage in stages:
        own = [task for task in tasks if task.stage_id == stage.id and task.id != stage_heads[stage.id]]
        described.append(
            TemplateStage(
                stage.key or id_text(stage.id),
                stage.name,
                stage.owner_role,
                stage.output,
                stage.review_days,
                tuple(_template_task(task, project, people, into, stage_heads[stage.id]) for task in own),
                tuple(
                    TemplateDocument(document.key, document.name)
                    for document in tables.project_documents.all(workspace, project_id=project.id)
                    if document.stage_id == stage.id
                ),
                tuple(
                    TemplateGate(item.kind, item.name, item.owner_role, item.document_key, item.target)
                    for item in tables.gate_items.all(workspace, stage_id=stage.id)
                ),
            )
        )
    known = {task.key for stage in described for task in stage.tasks}
    return Workflow(
        key,
        project.kind,
        project.direction,
        f"{project.kind.value}_plan",
        name,
        _("Saved from “{project}”").format(project=project.name),
        tuple(_without_unknown_links(stage, known) for stage in described),
        _categories(session, project.id),
        tuple(
            TemplateSection(section.key, section.title, section.body)
            for section in tables.plan_sections.all(workspace, project_id=project.id)
        ),
        tuple(
            TemplateRisk(
                risk.name,
                risk.trigger,
                risk.contingency,
                people[risk.owner_id].role.value if risk.owner_id is not None and risk.owner_id in people else "",
                risk.notice,
            )
            for risk in tables.risks.all(workspace, project_id=project.id)
        ),
    )


def project_plan(session: Session, project: Project, owner: Callable[[Task], str]) -> dict[str, Any]:
    """Return the whole plan counted from the key date, stages by their place."""
    # Imported when a template is saved: the scheduling engine is not needed to list templates.
    from .plan_shape import shape_of
    from .plan_state import plan_state

    state = plan_state(session, project.id)
    tasks = [state.tasks[row.id] for row in state.outline]
    shape = shape_of(state, tasks, project.key_on, owner)
    stages = tables.stages.all(session.workspace, project_id=project.id)
    places = {id_text(stage.id): str(at) for at, stage in enumerate(stages)}
    for row in shape["task"]:
        row["stage"] = places.get(row["stage"], "")
    return shape


def _template_link(link: Link) -> TemplateLink:
    return TemplateLink(id_text(link.predecessor_id), link.type, link.lag, LagKind(link.lag_kind))


def _without_unknown_links(stage: TemplateStage, known: set[str]) -> TemplateStage:
    tasks = tuple(
        replace(task, after=tuple(link for link in task.after if link.predecessor in known)) for task in stage.tasks
    )
    return replace(stage, tasks=tasks)


def _template_task(
    task: Task,
    project: Project,
    people: dict[EntityId, Person],
    into: dict[EntityId, list[TemplateLink]],
    stage_head: EntityId | None,
) -> TemplateTask:
    anchored = task.constraint is ConstraintType.MSO and day_of(task.start) == project.key_on
    return TemplateTask(
        id_text(task.id),
        task.name,
        _wanted(task, people),
        task.owner_text,
        task.duration,
        task.milestone,
        anchored,
        tuple(into.get(task.id, ())),
        "" if task.parent_id is None or task.parent_id == stage_head else id_text(task.parent_id),
        task.notes,
    )


def _wanted(task: Task, people: dict[EntityId, Person]) -> str:
    """Return the role, or for reviewers the department, that a task's owner stands for."""
    owner = people.get(task.owner_id) if task.owner_id else None
    if owner is None:
        return ""
    if owner.role is not Role.REVIEWER or owner.department in (Department.PLANNING, Department.EXTERNAL):
        return owner.role.value
    return owner.department.value


def _categories(session: Session, project_id: EntityId) -> tuple[TemplateCategory, ...]:
    lines = tables.budget_lines.all(session.workspace, project_id=project_id)
    below: dict[EntityId | None, list[BudgetLine]] = {}
    for line in sorted(lines, key=lambda one: one.position):
        below.setdefault(line.parent_id, []).append(line)
    categories = below.get(None, [])
    total = sum(line.amount for line in categories)
    return tuple(
        TemplateCategory(
            category.name,
            category.amount * DONE // total if total else 0,
            category.colour,
            category.is_reserve,
            tuple(line.name for line in below.get(category.id, ())),
            _details(category.id, below),
            max(0, category.amount),
        )
        for category in categories
    )


def _details(category_id: EntityId, below: dict[EntityId | None, list[BudgetLine]]) -> tuple[TemplateLine, ...]:
    """Return all lines below a category, each behind the one above it."""
    found: list[TemplateLine] = []
    waiting = [(line, -1) for line in reversed(below.get(category_id, ()))]
    while waiting:
        line, above = waiting.pop()
        waiting += [(one, len(found)) for one in reversed(below.get(line.id, ()))]
        found.append(
            TemplateLine(
                line.name,
                max(0, line.amount),
                above,
                line.unit,
                line.tax_rate,
                line.supplier,
                line.basis,
                line.notes,
                line.is_reserve,
                "" if line.task_id is None else id_text(line.task_id),
            )
        )
    return tuple(found)

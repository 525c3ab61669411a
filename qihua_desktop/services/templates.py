"""Workflow templates: the ones that ship, and the ones saved from projects."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, replace

from db import tables
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
    """Keep a project's workflow, shares of the budget, sections and risks as a template. Raises InputError."""
    project = tables.projects.get(session.workspace, project_id)
    identifier = new_id()
    workflow = project_workflow(session, project, id_text(identifier), required_text(name, _("name")))
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
    owner = people.get(task.owner_id) if task.owner_id else None
    role = ""
    if owner is not None:
        role = owner.department.value if owner.role is Role.REVIEWER else owner.role.value
        if owner.role is Role.REVIEWER and owner.department in (Department.PLANNING, Department.EXTERNAL):
            role = Role.REVIEWER.value
    anchored = task.constraint is ConstraintType.MSO and day_of(task.start) == project.key_on
    return TemplateTask(
        id_text(task.id),
        task.name,
        role,
        task.owner_text,
        task.duration,
        task.milestone,
        anchored,
        tuple(into.get(task.id, ())),
        "" if task.parent_id is None or task.parent_id == stage_head else id_text(task.parent_id),
        task.notes,
    )


def _categories(session: Session, project_id: EntityId) -> tuple[TemplateCategory, ...]:
    lines = tables.budget_lines.all(session.workspace, project_id=project_id)
    categories = [line for line in lines if line.parent_id is None]
    total = sum(line.amount for line in categories)
    return tuple(
        TemplateCategory(
            category.name,
            category.amount * DONE // total if total else 0,
            category.colour,
            category.is_reserve,
            tuple(line.name for line in lines if line.parent_id == category.id),
        )
        for category in categories
    )

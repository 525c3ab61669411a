"""A new project from a past one: dates move to the new key date by working days, owners stay, progress is cleared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, id_from_text, id_text
from qihua_desktop.domain.people import Person
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.domain.workflow import Workflow
from qihua_desktop.i18n import _, ngettext

from .project_template import Laid, lay_out
from .session import Session
from .templates import TemplateInfo, project_plan, project_workflow

if TYPE_CHECKING:
    from .projects import NewProject

_PREFIX: Final = "project:"


def past_projects(session: Session, kind: ProjectKind) -> tuple[TemplateInfo, ...]:
    """Return the projects of a kind that a new one can be made from, the latest first."""
    counts: dict[EntityId, int] = {}
    tasks = tables.tasks.all(session.workspace)
    summaries = {task.parent_id for task in tasks}
    for task in tasks:
        if task.id not in summaries:
            counts[task.project_id] = counts.get(task.project_id, 0) + 1
    stages: dict[EntityId, int] = {}
    for stage in tables.stages.all(session.workspace):
        stages[stage.project_id] = stages.get(stage.project_id, 0) + 1
    found = [one for one in tables.projects.all(session.workspace, kind=kind) if counts.get(one.id)]
    found.sort(key=lambda one: (one.key_on, one.number), reverse=True)
    return tuple(
        TemplateInfo(
            project_key(one.id), one.name, kind, _description(one), False, stages.get(one.id, 0), counts[one.id]
        )
        for one in found
    )


def project_key(project_id: EntityId) -> str:
    """Return the template key that stands for a project."""
    return _PREFIX + id_text(project_id)


def is_project_key(key: str) -> bool:
    """Return whether a template key stands for a project."""
    return key.startswith(_PREFIX)


def past_workflow(session: Session, key: str) -> Workflow:
    """Return what a past project is made of, as a template. Raises InputError when it is gone."""
    source = _source(session, key)
    workflow = project_workflow(session, source, key, source.name)
    return replace(workflow, description=_description(source), document=_document(session, source, workflow))


def lay_out_copy(session: Session, new: NewProject, number: str) -> Laid:
    """Build a project from a past one with all dates computed; nothing is stored."""
    source = _source(session, new.template_key)
    people = {person.id: person for person in tables.people.all(session.workspace)}
    owners = {id_text(one.id): one.id for one in people.values() if one.active}
    plan = project_plan(session, source, lambda task: id_text(task.owner_id) if task.owner_id is not None else "")
    workflow = replace(past_workflow(session, new.template_key), plan=plan)
    same_hours = replace(new, work_hours=new.work_hours or source.work_hours)
    laid = lay_out(session, same_hours, workflow, number, lambda who: (owners.get(who), ""))
    old_stages = tables.stages.all(session.workspace, project_id=source.id)
    stages = tuple(
        replace(stage, owner_id=_present(old.owner_id, people) or stage.owner_id)
        for stage, old in zip(laid.stages, old_stages, strict=True)
    )
    risks = tuple(
        replace(risk, owner_id=owner, owner_text=old.owner_text if owner is None else "")
        for risk, old in zip(laid.risks, tables.risks.all(session.workspace, project_id=source.id), strict=True)
        for owner in (_present(old.owner_id, people),)
    )
    return replace(
        laid,
        project=replace(laid.project, template_key=source.template_key),
        stages=stages,
        risks=risks,
        warnings=(
            *laid.warnings,
            *_departed(session, source, people),
            *_own_days(session, source),
            *_helpers(session, source, people),
        ),
    )


def _source(session: Session, key: str) -> Project:
    try:
        found = tables.projects.find(session.workspace, id_from_text(key.removeprefix(_PREFIX)))
    except ValueError:
        found = None
    if found is None:
        raise InputError(_("The project no longer exists."), _("It was deleted meanwhile."))
    return found


def _description(source: Project) -> str:
    words = _(
        "A copy of “{project}” ({day}): working days move to the new key date, owners and budget shares stay, "
        "progress is cleared; its own days off and extra workdays are not taken along."
    )
    return words.format(project=source.name[:200], day=source.key_on.isoformat())


def _document(session: Session, source: Project, workflow: Workflow) -> str:
    found = tables.plan_documents.all(session.workspace, project_id=source.id)
    return found[0].key if found else workflow.document


def _present(owner: EntityId | None, people: dict[EntityId, Person]) -> EntityId | None:
    person = people.get(owner) if owner is not None else None
    return person.id if person is not None and person.active else None


def _helpers(session: Session, source: Project, people: dict[EntityId, Person]) -> tuple[str, ...]:
    """Say on how many tasks somebody who helped is no longer there."""
    shares = tables.assignments.all(session.workspace, project_id=source.id)
    gone = {one.task_id for one in shares if one.person_id is not None and _present(one.person_id, people) is None}
    count = len(gone)
    if not count:
        return ()
    words = ngettext(
        "On {count} task somebody who left no longer takes part.",
        "On {count} tasks people who left no longer take part.",
        count,
    )
    return (words.format(count=count),)


def _departed(session: Session, source: Project, people: dict[EntityId, Person]) -> tuple[str, ...]:
    count = sum(
        1
        for task in tables.tasks.all(session.workspace, project_id=source.id)
        if task.owner_id is not None and _present(task.owner_id, people) is None
    )
    if not count:
        return ()
    words = ngettext(
        "{count} task belonged to somebody who left and has no owner now.",
        "{count} tasks belonged to people who left and have no owner now.",
        count,
    )
    return (words.format(count=count),)


def _own_days(session: Session, source: Project) -> tuple[str, ...]:
    count = len(tables.calendar_days.all(session.workspace, project_id=source.id))
    if not count:
        return ()
    words = ngettext(
        "{count} day off or extra workday of the past project itself is not taken along.",
        "{count} days off and extra workdays of the past project itself are not taken along.",
        count,
    )
    return (words.format(count=count),)

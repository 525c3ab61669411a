"""The stages of a project, their gates, and moving on."""

from __future__ import annotations

from dataclasses import dataclass

from db import tables
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.gates import GateFacts, GateFinding, gate_findings, may_leave, stage_tasks
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import role_label
from qihua_desktop.domain.plan import DONE
from qihua_desktop.domain.project import Project, Stage
from qihua_desktop.i18n import _

from .session import Session


@dataclass(frozen=True, slots=True)
class StageOverview:
    """A stage with its gate judged at present."""

    stage: Stage
    is_current: bool
    is_done: bool
    owner_name: str
    tasks_total: int
    tasks_done: int
    findings: tuple[GateFinding, ...]


def stages(session: Session, project_id: EntityId) -> tuple[Stage, ...]:
    """Return a project's stages in order."""
    return tables.stages.all(session.workspace, project_id=project_id)


def stage_overview(session: Session, project_id: EntityId) -> tuple[StageOverview, ...]:
    """Return every stage with what its gate finds."""
    workspace = session.workspace
    project = tables.projects.get(workspace, project_id)
    people = {person.id: person.name for person in tables.people.all(workspace)}
    tasks = tables.tasks.all(workspace, project_id=project_id)
    found: list[StageOverview] = []
    for stage in stages(session, project_id):
        own = stage_tasks(tasks, stage.id)
        found.append(
            StageOverview(
                stage,
                stage.id == project.stage_id,
                stage.completed_ms is not None,
                people.get(stage.owner_id, "") if stage.owner_id else role_label(stage.owner_role),
                len(own),
                sum(1 for task in own if task.progress >= DONE),
                _findings(session, project, stage),
            )
        )
    return tuple(found)


def move_stage_on(session: Session, project_id: EntityId) -> None:
    """Complete the current stage and enter the next. Raises RuleError naming what is missing and who must do it."""
    project, ordered, at = _position(session, project_id)
    stage = ordered[at]
    findings = _findings(session, project, stage)
    if not may_leave(findings):
        raise RuleError(
            _("The stage “{stage}” cannot be left yet.").format(stage=stage.name),
            _("Do what is missing first."),
            [
                _("{missing} — {role}").format(missing=finding.missing, role=role_label(finding.owner_role))
                for finding in findings
                if not finding.met
            ],
        )
    following = ordered[at + 1] if at + 1 < len(ordered) else None
    if following is None and stage.completed_ms is not None:
        raise RuleError(_("This is the last stage, and it is completed."))
    label = (
        _("Move on to “{stage}”").format(stage=following.name)
        if following
        else _("Complete “{stage}”").format(stage=stage.name)
    )
    with session.edit(label, project_id) as edit:
        tables.stages.update(
            edit,
            stage.id,
            completed_ms=edit.now_ms(),
            completed_by=session.actor.id if session.actor else None,
        )
        if following is not None:
            tables.projects.update(edit, project_id, stage_id=following.id)


def move_stage_back(session: Session, project_id: EntityId) -> None:
    """Open the stage before the current one again. Raises RuleError in the first stage."""
    _project, ordered, at = _position(session, project_id)
    reopened = ordered[at] if ordered[at].completed_ms is not None else ordered[at - 1] if at else None
    if reopened is None:
        raise RuleError(_("This is the first stage."))
    with session.edit(_("Go back to “{stage}”").format(stage=reopened.name), project_id) as edit:
        tables.stages.update(edit, reopened.id, completed_ms=None, completed_by=None)
        tables.projects.update(edit, project_id, stage_id=reopened.id)


def confirm_gate_item(session: Session, item_id: EntityId, *, confirmed: bool) -> None:
    """Confirm a condition by hand, or take that back."""
    item = tables.gate_items.get(session.workspace, item_id)
    label = _("Confirm “{condition}”") if confirmed else _("Withdraw the confirmation of “{condition}”")
    with session.edit(label.format(condition=item.name), item.project_id) as edit:
        tables.gate_items.update(
            edit,
            item_id,
            done_ms=edit.now_ms() if confirmed else None,
            done_by=session.actor.id if confirmed and session.actor else None,
        )


def set_stage_owner(session: Session, stage_id: EntityId, owner_id: EntityId | None) -> None:
    """Name who is responsible for a stage."""
    stage = tables.stages.get(session.workspace, stage_id)
    with session.edit(_("Owner of “{stage}”").format(stage=stage.name), stage.project_id) as edit:
        tables.stages.update(edit, stage_id, owner_id=owner_id)


def _position(session: Session, project_id: EntityId) -> tuple[Project, tuple[Stage, ...], int]:
    project = tables.projects.get(session.workspace, project_id)
    ordered = stages(session, project_id)
    for at, stage in enumerate(ordered):
        if stage.id == project.stage_id:
            return project, ordered, at
    raise RuleError(_("The project has no stages."))


def _findings(session: Session, project: Project, stage: Stage) -> tuple[GateFinding, ...]:
    workspace = session.workspace
    budgets = tables.budgets.all(workspace, project_id=project.id)
    return gate_findings(
        GateFacts(
            stage,
            tables.gate_items.all(workspace, stage_id=stage.id),
            tables.tasks.all(workspace, project_id=project.id),
            tables.project_documents.all(workspace, project_id=project.id),
            tables.plan_documents.all(workspace, project_id=project.id),
            tables.plan_versions.all(workspace, project_id=project.id),
            budgets[0] if budgets else None,
            tables.surveys.all(workspace, project_id=project.id),
        )
    )

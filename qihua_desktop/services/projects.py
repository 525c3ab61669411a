"""Projects: making them from a template, their key date, stages and life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from db import tables
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import role_label
from qihua_desktop.domain.plan import DONE, ScheduleDirection, Task, day_of, last_day_of
from qihua_desktop.domain.project import Project, ProjectKind, ProjectStatus
from qihua_desktop.i18n import _

from .limits import body, required_text, text
from .session import Session

if TYPE_CHECKING:
    from qihua_desktop.domain.budget import BudgetState

    from .project_template import Laid


@dataclass(frozen=True, slots=True)
class NewProject:
    """What the wizard asks for; ``budget_total`` in fen, ``key_on`` the start or the event day."""

    name: str
    kind: ProjectKind
    template_key: str
    direction: ScheduleDirection
    key_on: date
    owner_id: EntityId | None
    goal: str
    budget_total: int
    venue: str = ""
    programme_id: EntityId | None = None
    work_hours: str = ""


@dataclass(frozen=True, slots=True)
class StagePreview:
    """When a stage of the template would run; both days included."""

    name: str
    owner_role_label: str
    start: date
    finish: date


@dataclass(frozen=True, slots=True)
class TemplatePreview:
    """The calendar a new project would get."""

    stages: tuple[StagePreview, ...]
    start: date
    finish: date
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProjectSummary:
    """A row of the project list; progress in basis points of the planned work."""

    project: Project
    owner_name: str
    stage_name: str
    programme_name: str
    start: date | None
    finish: date | None
    budget_total: int
    budget_state: BudgetState
    progress_bp: int
    late_tasks: int
    waiting_sign_offs: int


def project(session: Session, project_id: EntityId) -> Project:
    """Return a project. Raises LookupError when it was deleted."""
    return tables.projects.get(session.workspace, project_id)


def find_project(session: Session, project_id: EntityId) -> Project | None:
    """Return a project, or None when it was deleted."""
    return tables.projects.find(session.workspace, project_id)


def project_by_name(session: Session, wanted: str) -> Project:
    """Return the project with this name or number. Raises RuleError naming the ones there are."""
    found = [one for one in tables.projects.all(session.workspace) if wanted in (one.name, one.number)]
    if len(found) == 1:
        return found[0]
    names = [f"{one.number} {one.name}" for one in (found or tables.projects.all(session.workspace))]
    if found:
        raise RuleError(_("More than one project is called “{name}”.").format(name=wanted), details=names)
    raise RuleError(_("There is no project “{name}”.").format(name=wanted), details=names)


def preview_template(session: Session, new: NewProject) -> TemplatePreview:
    """Return the dates a new project would get, and what speaks against them."""
    laid = _laid(session, new)
    stages: list[StagePreview] = []
    for stage in laid.stages:
        own = [task for task in laid.tasks if task.stage_id == stage.id]
        if own:
            first, last = _days(own)
            stages.append(StagePreview(stage.name, role_label(stage.owner_role), first, last))
    first, last = _days(laid.tasks)
    return TemplatePreview(tuple(stages), first, last, _warnings(session, new, laid, first))


def create_project(session: Session, new: NewProject) -> Project:
    """Make a project from its template: stages, tasks on the calendar, budget, document and risks, in one edit."""
    from .project_template import store

    laid = _laid(session, new)
    with session.edit(_("New project “{project}”").format(project=laid.project.name), laid.project.id) as edit:
        store(edit, laid)
    return laid.project


def update_project(session: Session, project_id: EntityId, **fields: Any) -> None:
    """Change name, goal, venue, owner or programme; dates are changed with ``set_key_date``."""
    if "name" in fields:
        fields["name"] = required_text(fields["name"], _("name"))
    if "goal" in fields:
        fields["goal"] = body(fields["goal"])
    if "venue" in fields:
        fields["venue"] = text(fields["venue"])
    found = project(session, project_id)
    with session.edit(_("Change project “{project}”").format(project=found.name), project_id) as edit:
        tables.projects.update(edit, project_id, **fields)


def delete_project(session: Session, project_id: EntityId) -> None:
    """Delete a project with everything in it; undo brings it back."""
    found = project(session, project_id)
    with session.edit(_("Delete project “{project}”").format(project=found.name), project_id) as edit:
        tables.projects.delete(edit, project_id)


def close_project(session: Session, project_id: EntityId) -> None:
    """Mark a project as closed, its budget with it.

    Raises RuleError naming the deviations from its budget that nobody explained.
    """
    from qihua_desktop.domain.budget import BudgetState

    from .execution import require_closable

    if tables.budgets.count(session.workspace, project_id=project_id):
        require_closable(session, project_id)
    _set_status(session, project_id, ProjectStatus.CLOSED, _("Close project “{project}”"), BudgetState.CLOSED)


def cancel_project(session: Session, project_id: EntityId) -> None:
    """Mark a project as cancelled."""
    _set_status(session, project_id, ProjectStatus.CANCELLED, _("Cancel project “{project}”"))


def reopen_project(session: Session, project_id: EntityId) -> None:
    """Make a closed or cancelled project active again; a closed budget stands where its versions left it."""
    from .budget_status import state_by_versions

    state = state_by_versions(session, project_id)
    _set_status(session, project_id, ProjectStatus.ACTIVE, _("Reopen project “{project}”"), state)


def project_summaries(session: Session, every_task: Sequence[Task] | None = None) -> tuple[ProjectSummary, ...]:
    """Return a row for every project, by its key date; ``every_task`` when all tasks were read already."""
    from qihua_desktop.domain.budget import BudgetState

    workspace = session.workspace
    people = {person.id: person.name for person in tables.people.all(workspace)}
    stages = {stage.id: stage.name for stage in tables.stages.all(workspace)}
    programmes = {programme.id: programme.name for programme in tables.programmes.all(workspace)}
    budgets = {budget.project_id: budget for budget in tables.budgets.all(workspace)}
    by_project: dict[EntityId, list[Task]] = {}
    parents: set[EntityId] = set()
    for task in tables.tasks.all(workspace) if every_task is None else every_task:
        by_project.setdefault(task.project_id, []).append(task)
        if task.parent_id is not None:
            parents.add(task.parent_id)
    waiting = _waiting(session)
    today = session.today()
    rows: list[ProjectSummary] = []
    for one in sorted(tables.projects.all(workspace), key=lambda item: (item.key_on, item.number)):
        tasks = [task for task in by_project.get(one.id, []) if task.id not in parents]
        first, last = _days(tasks) if tasks else (None, None)
        budget = budgets.get(one.id)
        rows.append(
            ProjectSummary(
                one,
                people.get(one.owner_id, "") if one.owner_id else "",
                stages.get(one.stage_id, "") if one.stage_id else "",
                programmes.get(one.programme_id, "") if one.programme_id else "",
                first,
                last,
                budget.total if budget else 0,
                budget.state if budget else BudgetState.DRAFT,
                planned_progress(tasks),
                count_late(tasks, today) if one.status is ProjectStatus.ACTIVE else 0,
                waiting.get(one.id, 0),
            )
        )
    return tuple(rows)


def project_summary(session: Session, project_id: EntityId) -> ProjectSummary:
    """Return one project's row. Raises LookupError when it was deleted."""
    for row in project_summaries(session):
        if row.project.id == project_id:
            return row
    raise LookupError(f"no project {project_id.hex()}")


def stage_name(session: Session, one: Project) -> str:
    """Return the name of the stage a project stands in, empty for none."""
    found = tables.stages.find(session.workspace, one.stage_id) if one.stage_id is not None else None
    return found.name if found is not None else ""


def all_projects(session: Session) -> tuple[Project, ...]:
    """Return every project in the order they were made."""
    return tables.projects.all(session.workspace)


def count_projects(session: Session, status: ProjectStatus) -> int:
    """Return how many projects are in a state."""
    return tables.projects.count(session.workspace, status=status)


def planned_progress(tasks: list[Task]) -> int:
    """Return the progress of leaf tasks weighted by duration, in basis points; milestones count as one minute."""
    weight = sum(max(1, task.duration) for task in tasks)
    return sum(max(1, task.duration) * task.progress for task in tasks) // weight if weight else 0


def count_late(tasks: list[Task], today: date) -> int:
    """Return how many leaf tasks are open after their last day."""
    return sum(1 for task in tasks if task.progress < DONE and last_day_of(task.start, task.finish) < today)


def next_number(session: Session, year: int) -> str:
    """Return the next free document number of a year."""
    from qihua_desktop.domain.numbering import next_document_number

    return next_document_number(year, [one.number for one in tables.projects.all(session.workspace)])


def _laid(session: Session, new: NewProject) -> Laid:
    # Imported when a project is made: the scheduling engine is not needed to show the first window.
    from . import templates
    from .project_copy import is_project_key, lay_out_copy
    from .project_template import lay_out

    if is_project_key(new.template_key):
        return lay_out_copy(session, new, next_number(session, new.key_on.year))
    workflow = templates.load_template(session, new.template_key)
    return lay_out(session, new, workflow, next_number(session, new.key_on.year))


def _warnings(session: Session, new: NewProject, laid: Laid, first: date) -> tuple[str, ...]:
    warnings = list(laid.warnings)
    if first < session.today():
        if new.direction is ScheduleDirection.BACKWARD:
            text_ = _("To be ready by {event}, work would have had to start on {start}.")
            warnings.insert(0, text_.format(event=new.key_on.isoformat(), start=first.isoformat()))
        else:
            warnings.insert(0, _("The start {start} lies in the past.").format(start=first.isoformat()))
    return tuple(warnings)


def _days(tasks: tuple[Task, ...] | list[Task]) -> tuple[date, date]:
    first = min(task.start for task in tasks)
    last = max(task.finish for task in tasks)
    return day_of(first), last_day_of(first, last)


def _waiting(session: Session) -> dict[EntityId, int]:
    from qihua_desktop.domain.review import VersionState

    open_versions = {
        version.id: version.project_id
        for version in tables.plan_versions.all(session.workspace, state=VersionState.IN_REVIEW)
    }
    signed = {sign_off.seat_id for sign_off in tables.sign_offs.all(session.workspace)}
    counts: dict[EntityId, int] = {}
    for seat in tables.review_seats.all(session.workspace):
        owner = open_versions.get(seat.version_id)
        if owner is not None and seat.id not in signed:
            counts[owner] = counts.get(owner, 0) + 1
    return counts


def _set_status(
    session: Session, project_id: EntityId, status: ProjectStatus, label: str, budget: BudgetState | None = None
) -> None:
    from .budget import set_state

    found = project(session, project_id)
    with session.edit(label.format(project=found.name), project_id) as edit:
        tables.projects.update(edit, project_id, status=status)
        if budget is not None:
            set_state(edit, project_id, budget)

"""What the Today page shows: my tasks, what is late, sign-offs waiting on me, the next event."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from db import tables
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Task
from qihua_desktop.domain.project import Project, ProjectStatus
from qihua_desktop.domain.today import (
    DueTask,
    NextEvent,
    TodaySignOff,
    TodayTask,
    late_tasks,
    next_event,
    sign_offs_waiting,
    tasks_due,
)

from .projects import count_late, planned_progress
from .session import Session


@dataclass(frozen=True, slots=True)
class RunningProject:
    """A project that is worked on; progress in basis points of the planned work."""

    project: Project
    stage_name: str
    progress_bp: int
    late_tasks: int


@dataclass(frozen=True, slots=True)
class TodayView:
    """The Today page: tasks and sign-offs of the present person, what is late, running projects by key date."""

    due: tuple[DueTask, ...]
    late: tuple[DueTask, ...]
    sign_offs: tuple[TodaySignOff, ...]
    event: NextEvent | None
    running: tuple[RunningProject, ...]


def today_view(session: Session) -> TodayView:
    """Return what concerns the present person today."""
    workspace = session.workspace
    projects = {project.id: project for project in tables.projects.all(workspace)}
    every = tables.tasks.all(workspace)
    parents = {task.parent_id for task in every}
    rows = [TodayTask(task, projects[task.project_id], task.id in parents) for task in every]
    person_id = session.actor.id if session.actor else None
    waiting = pending_sign_offs(session, person_id) if person_id is not None else ()
    late = late_tasks(rows, session.today())
    return TodayView(
        tasks_due(rows, person_id, session.today()),
        late,
        sign_offs_waiting(waiting, person_id),
        next_event(projects.values(), session.today()),
        _running(session, projects.values(), rows),
    )


def _running(session: Session, projects: Iterable[Project], rows: list[TodayTask]) -> tuple[RunningProject, ...]:
    stages = {stage.id: stage.name for stage in tables.stages.all(session.workspace)}
    today = session.today()
    found: list[RunningProject] = []
    for one in sorted(projects, key=lambda item: (item.key_on, item.number)):
        if one.status is ProjectStatus.ACTIVE:
            own: list[Task] = [row.task for row in rows if row.project is one and not row.is_summary]
            stage = stages.get(one.stage_id, "") if one.stage_id else ""
            found.append(RunningProject(one, stage, planned_progress(own), count_late(own, today)))
    return tuple(found)


def pending_sign_offs(session: Session, person_id: EntityId | None = None) -> tuple[TodaySignOff, ...]:
    """Return the seats whose turn it is, of one person or of everybody, in order of submission."""
    from qihua_desktop.domain.review import VersionState

    workspace = session.workspace
    submitted = tables.plan_versions.all(workspace, state=VersionState.IN_REVIEW)
    if not submitted:
        return ()
    from qihua_desktop.domain.review_rules import read_authors, review_status

    projects = {project.id: project for project in tables.projects.all(workspace)}
    titles = {document.id: document.title for document in tables.plan_documents.all(workspace)}
    found: list[TodaySignOff] = []
    for version in submitted:
        sign_offs = tables.sign_offs.all(workspace, version_id=version.id)
        status = review_status(
            version,
            tables.review_seats.all(workspace, version_id=version.id),
            sign_offs,
            tables.review_comments.all(workspace, version_id=version.id),
            read_authors(version.author_ids),
        )
        since = max([version.submitted_ms, *(one.signed_ms for one in sign_offs)])
        for seat in status.waiting_on:
            if person_id is None or seat.person_id == person_id:
                found.append(
                    TodaySignOff(
                        projects[version.project_id],
                        seat.id,
                        version.id,
                        seat.person_id,
                        titles[version.document_id],
                        version.number,
                        since,
                        seat.due_ms,
                    )
                )
    return tuple(sorted(found, key=lambda row: row.since_ms))

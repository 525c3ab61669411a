"""What the Today page shows: my tasks, what is late, sign-offs waiting on me, the next event."""

from __future__ import annotations

from dataclasses import dataclass

from db import tables
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.review import VersionState
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

from .session import Session


@dataclass(frozen=True, slots=True)
class TodayView:
    """The Today page. ``sign_offs`` wait on the present person, ``all_sign_offs`` on anybody."""

    due: tuple[DueTask, ...]
    late: tuple[DueTask, ...]
    sign_offs: tuple[TodaySignOff, ...]
    all_sign_offs: tuple[TodaySignOff, ...]
    event: NextEvent | None


def today_view(session: Session) -> TodayView:
    """Return what concerns the present person today."""
    workspace = session.workspace
    projects = {project.id: project for project in tables.projects.all(workspace)}
    every = tables.tasks.all(workspace)
    parents = {task.parent_id for task in every}
    rows = [TodayTask(task, projects[task.project_id], task.id in parents) for task in every]
    person_id = session.actor.id if session.actor else None
    waiting = pending_sign_offs(session)
    return TodayView(
        tasks_due(rows, person_id, session.today()),
        late_tasks(rows, session.today()),
        sign_offs_waiting(waiting, person_id),
        waiting,
        next_event(projects.values(), session.today()),
    )


def pending_sign_offs(session: Session, person_id: EntityId | None = None) -> tuple[TodaySignOff, ...]:
    """Return the seats whose turn it is, of one person or of everybody, in order of submission."""
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

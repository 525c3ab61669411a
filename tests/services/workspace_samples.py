"""Fresh workspaces for service tests, and the sample workspace built once for the whole run of a worker."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

from db.opening import create_workspace, open_workspace
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.services.demo import DemoClock, build_demo
from qihua_desktop.services.people import PersonDraft, add_person
from qihua_desktop.services.projects import NewProject, create_project
from qihua_desktop.services.session import Session

NOW = datetime(2026, 8, 3, 10, 0)
EVENT_DAY = date(2026, 9, 19)
DEMO_DAY = date(2026, 9, 10)

_built: dict[str, Path] = {}


def fresh_session(folder: Path, name: str = "test.qihua") -> Session:
    """Return a session on a new workspace with one manager, who is at work."""
    session = Session(create_workspace(folder / name), None, lambda: NOW)
    session.actor = person(session, "林晓岚", Department.PLANNING, Role.MANAGER)
    return session


def person(session: Session, name: str, department: Department, role: Role) -> Person:
    """Add a person."""
    return add_person(session, PersonDraft(name, department, role))


def new_project(
    kind: ProjectKind = ProjectKind.EVENT, *, name: str = "秋季新品快闪店", total: int = 60_000_000
) -> NewProject:
    """Return what the wizard would ask for; events are planned backward."""
    backward = kind is ProjectKind.EVENT
    direction = ScheduleDirection.BACKWARD if backward else ScheduleDirection.FORWARD
    key_on = EVENT_DAY if backward else date(2026, 9, 1)
    return NewProject(name, kind, kind.value, direction, key_on, None, "引流 800 人", total)


def event_project(session: Session, **options: object) -> Project:
    """Create an event project from its template."""
    return create_project(session, new_project(**options))  # type: ignore[arg-type]


def demo_file(folder: Path, language: str) -> Path:
    """Return a private copy of the sample workspace of 2026-09-10; it is built once per language and process."""
    if language not in _built or not _built[language].exists():
        target = folder / f"built-{language}.qihua"
        clock = DemoClock(datetime.combine(DEMO_DAY, datetime.min.time()))
        workspace = create_workspace(target, clock=clock.ms)
        build_demo(Session(workspace), DEMO_DAY, clock)
        workspace.close()
        _built[language] = target
    copy = folder / "demo.qihua"
    shutil.copyfile(_built[language], copy)
    return copy


def demo_session(folder: Path, language: str) -> Session:
    """Return a session on the sample workspace with nobody chosen yet."""
    return Session(open_workspace(demo_file(folder, language)), None, lambda: datetime(2026, 9, 10, 10, 42))

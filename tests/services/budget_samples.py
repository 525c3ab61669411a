"""A project with a budget, made through the services."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from db.opening import create_workspace
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Department, Role
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.services import budget_lines, people, projects
from qihua_desktop.services.budget_view import BudgetView, load_budget
from qihua_desktop.services.projects import NewProject
from qihua_desktop.services.session import Session

NOW = datetime(2026, 8, 3, 10, 0)


def open_session(folder: Path) -> Session:
    """Return a session on a fresh workspace with one manager."""
    session = Session(create_workspace(folder / "budget.qihua"), local_now=lambda: NOW)
    draft = people.PersonDraft("林晓岚", Department.PLANNING, Role.MANAGER)
    session.actor = people.add_person(session, draft)
    return session


def add_event(session: Session, *, name: str = "秋季快闪", total: int = 60_000_000) -> EntityId:
    """Add an event project from its template: 场地 30, 物料 25, 嘉宾 20, 传播 15, 预备金 10 %."""
    assert session.actor is not None
    new = NewProject(
        name, ProjectKind.EVENT, "event", ScheduleDirection.BACKWARD, date(2026, 9, 19), session.actor.id, "", total
    )
    return projects.create_project(session, new).id


def empty(session: Session, project_id: EntityId) -> None:
    """Take every row out of a budget."""
    ids = [row.line.id for row in load_budget(session, project_id).categories]
    budget_lines.delete_lines(session, ids)


def amounts(view: BudgetView) -> dict[str, int]:
    """Return whole yuan by name."""
    return {row.line.name: row.line.amount // 100 for row in view.lines}


def line_id(view: BudgetView, name: str) -> EntityId:
    """Return a row's id by its name."""
    return next(row.line.id for row in view.lines if row.line.name == name)

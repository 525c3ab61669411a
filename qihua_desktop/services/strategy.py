"""Strategy → programme → project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.project import Programme, Project, Strategy
from qihua_desktop.i18n import _

from .limits import body, required_text
from .session import Session


@dataclass(frozen=True, slots=True)
class ProgrammeNode:
    """A programme with its projects."""

    programme: Programme
    projects: tuple[Project, ...]


@dataclass(frozen=True, slots=True)
class StrategyNode:
    """A strategy with its programmes by quarter."""

    strategy: Strategy
    programmes: tuple[ProgrammeNode, ...]


def strategy_tree(session: Session) -> tuple[StrategyNode, ...]:
    """Return every strategy, newest year first, with programmes and projects."""
    workspace = session.workspace
    by_programme: dict[EntityId, list[Project]] = {}
    for project in tables.projects.all(workspace):
        if project.programme_id is not None:
            by_programme.setdefault(project.programme_id, []).append(project)
    by_strategy: dict[EntityId, list[ProgrammeNode]] = {}
    for programme in tables.programmes.all(workspace):
        node = ProgrammeNode(programme, tuple(by_programme.get(programme.id, ())))
        by_strategy.setdefault(programme.strategy_id, []).append(node)
    return tuple(
        StrategyNode(strategy, tuple(by_strategy.get(strategy.id, ()))) for strategy in tables.strategies.all(workspace)
    )


def unassigned(session: Session) -> tuple[Project, ...]:
    """Return the projects that belong to no programme."""
    return tables.projects.all(session.workspace, programme_id=None)


def add_strategy(session: Session, year: int, name: str, goal: str = "") -> Strategy:
    """Add a year's strategic goal. Raises InputError for a missing name or an impossible year."""
    if not 1990 <= year <= 2200:
        raise InputError(_("“{year}” is not a year of the plan.").format(year=year))
    position = tables.strategies.count(session.workspace, year=year)
    strategy = Strategy(new_id(), year, required_text(name, _("name")), body(goal), position)
    with session.edit(_("Add strategy “{name}”").format(name=strategy.name)) as edit:
        tables.strategies.insert(edit, strategy)
    return strategy


def update_strategy(session: Session, strategy_id: EntityId, **fields: Any) -> None:
    """Change a strategy."""
    strategy = tables.strategies.get(session.workspace, strategy_id)
    with session.edit(_("Change strategy “{name}”").format(name=strategy.name)) as edit:
        tables.strategies.update(edit, strategy_id, **_checked(fields))


def delete_strategy(session: Session, strategy_id: EntityId) -> None:
    """Delete a strategy with its programmes; the projects stay, unassigned."""
    strategy = tables.strategies.get(session.workspace, strategy_id)
    with session.edit(_("Delete strategy “{name}”").format(name=strategy.name)) as edit:
        tables.strategies.delete(edit, strategy_id)


def add_programme(session: Session, strategy_id: EntityId, quarter: int, name: str, goal: str = "") -> Programme:
    """Add a quarterly theme; ``quarter`` is 1 … 4, or 0 for the whole year."""
    if quarter not in range(5):
        raise InputError(_("A quarter is 1, 2, 3 or 4."))
    position = tables.programmes.count(session.workspace, strategy_id=strategy_id)
    programme = Programme(new_id(), strategy_id, quarter, required_text(name, _("name")), body(goal), position)
    with session.edit(_("Add programme “{name}”").format(name=programme.name)) as edit:
        tables.programmes.insert(edit, programme)
    return programme


def update_programme(session: Session, programme_id: EntityId, **fields: Any) -> None:
    """Change a programme."""
    programme = tables.programmes.get(session.workspace, programme_id)
    with session.edit(_("Change programme “{name}”").format(name=programme.name)) as edit:
        tables.programmes.update(edit, programme_id, **_checked(fields))


def delete_programme(session: Session, programme_id: EntityId) -> None:
    """Delete a programme; its projects stay, unassigned."""
    programme = tables.programmes.get(session.workspace, programme_id)
    with session.edit(_("Delete programme “{name}”").format(name=programme.name)) as edit:
        tables.programmes.delete(edit, programme_id)


def assign_project(session: Session, project_id: EntityId, programme_id: EntityId | None) -> None:
    """Put a project under a programme, or under none."""
    project = tables.projects.get(session.workspace, project_id)
    with session.edit(_("Assign “{project}”").format(project=project.name), project_id) as edit:
        tables.projects.update(edit, project_id, programme_id=programme_id)


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    if "name" in fields:
        fields["name"] = required_text(fields["name"], _("name"))
    if "goal" in fields:
        fields["goal"] = body(fields["goal"])
    return fields

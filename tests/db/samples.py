"""Rows of every table made at random, within what the schema allows, and whole contents to compare."""

from __future__ import annotations

import hashlib
import types
import typing
from dataclasses import fields
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Any

import apsw

from db import opening, tables
from db.table import Table
from db.workspace import Edit, Workspace
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.plan import ConstraintType, Task, TaskMode
from qihua_desktop.domain.project import Project, ProjectKind, ProjectStatus, ScheduleDirection

HOSTILE = (
    "年会",
    "",
    "<img src=x>",
    "</b>",
    "=cmd|' /C calc'!A0",
    "\u202eabc\u200f",
    "𠮷野家 🎉",
    "x" * 10_000,
    "O'Brien; --",
    "\x00nul",
)
SCAN = b"scanned contract"
SHA = hashlib.sha256(SCAN).hexdigest()
Content = dict[str, list[tuple[Any, ...]]]


def content(workspace: Workspace) -> Content:
    """Return every row of every recorded table, as stored."""
    return {
        table.name: workspace.connection.execute(f'SELECT * FROM "{table.name}" ORDER BY id').fetchall()
        for table in tables.ALL
    }


def references(connection: apsw.Connection, table: str) -> dict[str, str]:
    """Return the referring columns of a table with the tables they refer to."""
    return {str(row[3]): str(row[2]) for row in connection.execute(f'PRAGMA foreign_key_list("{table}")').fetchall()}


def random_values(workspace: Workspace, table: Table[Any], random: Random) -> dict[str, Any]:
    """Return values for all columns; some break a constraint now and then."""
    parents = references(workspace.connection, table.name)
    hints = typing.get_type_hints(table.entity)
    values: dict[str, Any] = {}
    for field in fields(table.entity):
        name = field.name
        united = typing.get_origin(hints[name]) in (types.UnionType, typing.Union)
        options = typing.get_args(hints[name]) if united else (hints[name],)
        optional = type(None) in options
        kind = next(one for one in options if one is not type(None))
        if name == "id":
            values[name] = new_id()
        elif name in parents:
            values[name] = _parent(workspace, parents[name], random, optional=optional)
        elif optional and random.random() < 0.3:
            values[name] = None
        else:
            values[name] = _value(name, kind, random)
    if table.name == "task":
        values["finish"] = values["start"] + random.randrange(5000)
    return values


def new_project(name: str = "年会", number: str = "") -> Project:
    """Return a project that refers to nothing."""
    identifier = new_id()
    return Project(
        identifier,
        number or f"QH-{identifier.hex()}",
        name,
        ProjectKind.EVENT,
        None,
        None,
        "",
        "",
        ScheduleDirection.BACKWARD,
        date(2026, 9, 19),
        None,
        ProjectStatus.ACTIVE,
        "",
        "",
        0,
    )


def new_task(project: Project, name: str = "布置会场", position: int = 0) -> Task:
    """Return a task of a project."""
    return Task(
        new_id(), project.id, None, None, position, name, None, "", 480, False, False, TaskMode.AUTO, 1000, 1480,
        ConstraintType.ASAP, None, None, 0, None, None, 500, 10_000, "", "",
    )  # fmt: skip


def make(path: Path, tasks: int = 3, **options: Any) -> tuple[Workspace, Project]:
    """Create a workspace with one project of some tasks."""
    workspace = opening.create_workspace(path, **options)
    project = new_project()
    with workspace.edit(None, "Create the project") as edit:
        tables.projects.insert(edit, project)
        tables.tasks.insert_many(edit, (new_task(project, f"任务 {at}", at) for at in range(tasks)))
    return workspace, project


def rename(workspace: Workspace, identifier: Any, name: str, label: str = "Rename") -> Edit:
    """Rename a task in an edit of its own."""
    with workspace.edit(None, label) as edit:
        tables.tasks.update(edit, identifier, name=name)
    return edit


def _parent(workspace: Workspace, table: str, random: Random, *, optional: bool) -> bytes | None:
    rows = workspace.connection.execute(f'SELECT id FROM "{table}"').fetchall()
    if optional and (not rows or random.random() < 0.4):
        return None
    return typing.cast(bytes, random.choice(rows)[0]) if rows else new_id()


def _value(name: str, kind: Any, random: Random) -> Any:
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return random.choice(list(kind))
    if kind is bool:
        return random.random() < 0.5
    if kind is date:
        return date(2026, 1, 1) + timedelta(days=random.randrange(700))
    if kind is int:
        return random.randrange(5) if name in {"quarter", "progress", "percent"} else random.randrange(1 << 40)
    if kind is str:
        if name == "sha256" or name.endswith("content_sha256"):
            return SHA
        return random.choice(HOSTILE) + (str(random.random()) if name in {"key", "number"} else "")
    return new_id()  # a reference that the schema does not enforce

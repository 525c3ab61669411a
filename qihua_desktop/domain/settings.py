"""Settings that belong to a workspace (the company on the PDFs), and templates saved from projects."""

from __future__ import annotations

from dataclasses import dataclass

from .ids import EntityId
from .project import ProjectKind


@dataclass(frozen=True, slots=True)
class Setting:
    """One named value of the workspace."""

    id: EntityId
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class StoredTemplate:
    """A project workflow saved by the user; ``content`` has the form of the files in ``resources/templates``."""

    id: EntityId
    name: str
    kind: ProjectKind
    content: str
    created_ms: int

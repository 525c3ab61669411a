"""The journal as people read it: entries, and what changed from what to what."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .ids import EntityId

Value = int | str | bytes | float | None
"""A stored value as SQLite keeps it."""


class EntryKind(StrEnum):
    """How a journal entry came about."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


class RowOperation(StrEnum):
    """What happened to one row."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One acknowledged edit. ``target`` is the entry that an undo or redo acted on, 0 for an edit.

    ``undone`` tells that the entry is not in force at present. ``hash`` is 64 hexadecimal digits.
    """

    seq: int
    kind: EntryKind
    actor_id: EntityId | None
    actor_name: str
    label: str
    project_id: EntityId | None
    at_ms: int
    target: int
    undone: bool
    hash: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a changed row."""

    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one entry did to one row; ``name`` identifies it to people."""

    table: str
    row_id: bytes
    operation: RowOperation
    name: str
    fields: tuple[FieldChange, ...]

"""Who wrote a plan: everybody who changed its content since it was last approved, as the journal knows it."""

from __future__ import annotations

from db import tables
from qihua_desktop.domain.history import EntryKind, JournalEntry, RowChange, RowOperation
from qihua_desktop.domain.ids import EntityId

from .session import Session

_CONTENT = frozenset({"project", "plan_section", "plan_document", "stage", "task", "budget", "budget_line", "risk"})
_NOT_CONTENT = {
    "project": frozenset({"stage_id", "status", "programme_id"}),
    "stage": frozenset({"completed_ms", "completed_by"}),
    "task": frozenset(
        {
            "progress",
            "actual_start",
            "actual_finish",
            "notes",
            "priority",
            "units",
            "external_ref",
            "position",
            "splits",
        }
    ),
    "budget": frozenset({"state", "version", "notes", "pool_id"}),
    "budget_line": frozenset({"colour", "notes", "supplier_id", "pool_id"}),
}


def authors_since(session: Session, project_id: EntityId, since_ms: int) -> frozenset[EntityId]:
    """Return the people whose edits in force changed a project's plan content after a moment (UTC milliseconds)."""
    return frozenset(authorship_since(session, project_id, since_ms))


def authorship_since(session: Session, project_id: EntityId, since_ms: int) -> dict[EntityId, JournalEntry]:
    """Return each author's newest edit of the plan content after a moment, by person."""
    found: dict[EntityId, JournalEntry] = {}
    people = {person.id for person in tables.people.all(session.workspace)}
    for entry in session.workspace.history(project_id, limit=1 << 40):
        if entry.at_ms <= since_ms:
            break
        if entry.kind is not EntryKind.EDIT or entry.undone or entry.actor_id is None or entry.actor_id in found:
            continue
        if entry.actor_id in people and any(_is_content(change) for change in session.workspace.changes_of(entry.seq)):
            found[entry.actor_id] = entry
    return found


def _is_content(change: RowChange) -> bool:
    if change.table not in _CONTENT:
        return False
    if change.operation is not RowOperation.CHANGED:
        return True
    ignored = _NOT_CONTENT.get(change.table, frozenset[str]())
    return any(field.field not in ignored for field in change.fields)

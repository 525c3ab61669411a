"""The journal for people: who changed what, from what to what, and back to an earlier state."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from db import tables
from qihua_desktop.domain.history import JournalEntry, RowOperation, Value
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.money import format_fen, format_percent
from qihua_desktop.domain.plan import moment
from qihua_desktop.i18n import _

from .history_words import MONEY, PERCENTAGES, field_label, table_label, value_label
from .session import Session

_INSTANTS = frozenset({"start", "finish", "constraint_at", "deadline", "actual_start", "actual_finish", "taken_at"})
_DURATIONS = frozenset({("task", "duration"), ("link", "lag")})
_HIDDEN = frozenset({"project_id", "position", "pin_hash", "content", "dimension_sha256", "author_ids", "signature"})
_LONG = 200
_NAMED = (
    tables.people,
    tables.stages,
    tables.programmes,
    tables.tasks,
    tables.budget_lines,
    tables.questions,
    tables.options,
)


@dataclass(frozen=True, slots=True)
class FieldText:
    """One changed field in words; both texts are empty where there was nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ChangeText:
    """What happened to one row, in words."""

    table_label: str
    name: str
    operation: RowOperation
    operation_label: str
    fields: tuple[FieldText, ...]


def history(
    session: Session, project_id: EntityId | None = None, limit: int = 200, before: int | None = None
) -> tuple[JournalEntry, ...]:
    """Return journal entries newest first, of one project or of the workspace."""
    return session.workspace.history(project_id, limit, before)


def entry_changes(session: Session, seq: int, limit: int = 200) -> tuple[ChangeText, ...]:
    """Return what an entry changed in words, at most ``limit`` rows."""
    changes = session.workspace.changes_of(seq)[:limit]
    names = _names(
        session,
        {
            EntityId(value)
            for change in changes
            for field in change.fields
            for value in (field.old, field.new)
            if isinstance(value, bytes)
        },
    )
    return tuple(
        ChangeText(
            table_label(change.table),
            value_label(change.table, tables.BY_NAME[change.table].label, change.name),
            change.operation,
            operation_label(change.operation),
            tuple(
                FieldText(
                    field_label(change.table, field.field),
                    _value(change.table, field.field, field.old, names),
                    _value(change.table, field.field, field.new, names),
                )
                for field in change.fields
                if field.field not in _HIDDEN and change.operation is RowOperation.CHANGED
            ),
        )
        for change in changes
    )


def undo_to(session: Session, seq: int, project_id: EntityId | None = None) -> None:
    """Return a project or the workspace to the state after an entry, as one edit that can be undone itself.

    Raises UndoConflict naming what stands in the way; nothing is changed then.
    """
    session.workspace.return_to(seq, session.actor, _("Return to an earlier state"), project_id)


def operation_label(operation: RowOperation) -> str:
    """Return added, changed or removed in the user's language."""
    return {
        RowOperation.ADDED: _("added"),
        RowOperation.CHANGED: _("changed"),
        RowOperation.REMOVED: _("removed"),
    }[operation]


def _names(session: Session, wanted: set[EntityId]) -> dict[bytes, str]:
    """Return the names of the rows that changes refer to; a workspace may have many more."""
    names: dict[bytes, str] = {}
    for table in _NAMED:
        for row in table.among(session.workspace, "id", wanted):
            names[row.id] = getattr(row, table.label)
    return names


def _value(table: str, field: str, value: Value, names: dict[bytes, str]) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bytes):
        return names.get(value, value.hex()[:8])
    if isinstance(value, int):
        return _number(table, field, value)
    translated = value_label(table, field, str(value))
    return translated if len(translated) <= _LONG else translated[:_LONG] + "…"


def _number(table: str, field: str, value: int) -> str:
    if field.endswith("_ms"):
        return datetime.fromtimestamp(value / 1000).strftime("%Y-%m-%d %H:%M")
    if field in _INSTANTS:
        return moment(value).strftime("%Y-%m-%d %H:%M")
    if (table, field) in MONEY:
        return format_fen(value)
    if (table, field) in PERCENTAGES:
        return format_percent(value)
    if (table, field) in _DURATIONS:
        return _("{hours} h").format(hours=f"{value / 60:g}")
    return str(value)

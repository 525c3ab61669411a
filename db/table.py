"""One generic repository: rows of a table in and out as frozen dataclasses.

Reads take a workspace or an edit; writes take an edit, so that nothing can be written outside the journal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any, Generic, Protocol, TypeVar, cast

import apsw

from qihua_desktop.domain.ids import EntityId

from .connection import WorkspaceDatabase
from .faults import damaged, explained
from .rows.base import Row

Entity = TypeVar("Entity")
_CHUNK = 500


class Source(Protocol):
    """Something that can be read from: a workspace or a running edit."""

    @property
    def database(self) -> WorkspaceDatabase: ...


class Sink(Source, Protocol):
    """Something that can be written to: a running edit."""

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...


class Table(Generic[Entity]):
    """Repository of one table; the entity's fields are exactly the table's columns.

    ``order`` names the columns of the usual order; a leading minus means descending.
    """

    def __init__(
        self, row: type[Row], entity: type[Entity], *, order: Sequence[str] = ("position", "id"), label: str = "name"
    ) -> None:
        self.row = row
        self.entity = entity
        self.label = label
        meta: Any = row._meta
        self.name: str = meta.table_name
        self.columns: tuple[str, ...] = tuple(field.name for field in fields(entity))  # type: ignore[arg-type]
        if set(self.columns) != set(meta.fields):
            raise TypeError(f"{entity.__name__} and {row.__name__} differ: {set(self.columns) ^ set(meta.fields)}")
        self._fields: list[Any] = [meta.fields[column] for column in self.columns]
        self._readers = [field.python_value for field in self._fields]
        self._by_name: dict[str, Any] = meta.fields
        quoted = ", ".join(f'"{column}"' for column in self.columns)
        marks = ", ".join("?" * len(self.columns))
        usual = [
            f'"{column[1:]}" DESC' if column.startswith("-") else f'"{column}"'
            for column in order
            if column.lstrip("-") in meta.fields
        ]
        self._read = f'SELECT {quoted} FROM "{self.name}"'  # noqa: S608 - names from the schema
        self._order = f" ORDER BY {', '.join(usual)}" if usual else ""
        self._insert = f'INSERT INTO "{self.name}" ({quoted}) VALUES ({marks})'  # noqa: S608 - names from the schema

    def find(self, source: Source, identifier: EntityId) -> Entity | None:
        """Return the row with this id, or None."""
        found = self._select(source, *self._equal({"id": identifier}))
        return found[0] if found else None

    def get(self, source: Source, identifier: EntityId) -> Entity:
        """Return the row with this id. Raises LookupError when there is none."""
        found = self.find(source, identifier)
        if found is None:
            raise LookupError(f"no {self.name} {identifier.hex()}")
        return found

    def all(self, source: Source, **equal: Any) -> tuple[Entity, ...]:
        """Return the rows whose columns equal the given values, in the usual order; a None matches NULL."""
        return tuple(self._select(source, *self._equal(equal)))

    def among(self, source: Source, column: str, values: Iterable[Any]) -> tuple[Entity, ...]:
        """Return the rows whose column is one of the values, in the usual order within chunks of the values."""
        stored = self._by_name[column].db_value
        wanted = [stored(value) for value in values]
        found: list[Entity] = []
        for at in range(0, len(wanted), _CHUNK):
            chunk = wanted[at : at + _CHUNK]
            found.extend(self._select(source, f'"{column}" IN ({", ".join("?" * len(chunk))})', chunk))
        return tuple(found)

    def count(self, source: Source, **equal: Any) -> int:
        """Return the number of rows whose columns equal the given values."""
        where, values = self._equal(equal)
        sql = f'SELECT count(*) FROM "{self.name}"{_where(where)}'  # noqa: S608 - names from the schema
        with explained(source.database.file.path, lambda: _connection(source)):
            return int(cast(int, _connection(source).execute(sql, values).get))

    def insert(self, edit: Sink, *entities: Entity) -> None:
        """Add rows."""
        self.insert_many(edit, entities)

    def insert_many(self, edit: Sink, entities: Iterable[Entity]) -> None:
        """Add many rows quickly."""
        converters = [(field.name, field.db_value) for field in self._fields]
        edit.execute_many(
            self._insert, ([convert(getattr(entity, name)) for name, convert in converters] for entity in entities)
        )

    def update(self, edit: Sink, identifier: EntityId, **values: Any) -> None:
        """Set some columns of one row."""
        self.update_many(edit, [(identifier, values)])

    def update_many(self, edit: Sink, changes: Iterable[tuple[EntityId, dict[str, Any]]]) -> None:
        """Set some columns of many rows, each with its own values."""
        prepared: dict[tuple[str, ...], list[list[Any]]] = {}
        for identifier, values in changes:
            if values:
                names = tuple(values)
                row = [self._by_name[name].db_value(values[name]) for name in names]
                prepared.setdefault(names, []).append([*row, identifier])
        for names, rows in prepared.items():
            assignments = ", ".join(f'"{name}" = ?' for name in names)
            edit.execute_many(f'UPDATE "{self.name}" SET {assignments} WHERE id = ?', rows)  # noqa: S608

    def replace(self, edit: Sink, *entities: Entity) -> None:
        """Write whole rows over the ones with the same ids."""
        names = [name for name in self.columns if name != "id"]
        self.update_many(
            edit,
            ((cast(Any, entity).id, {name: getattr(entity, name) for name in names}) for entity in entities),
        )

    def delete(self, edit: Sink, *identifiers: EntityId) -> None:
        """Remove rows and, by the schema's cascades, what hangs on them."""
        edit.execute_many(f'DELETE FROM "{self.name}" WHERE id = ?', ([one] for one in identifiers))  # noqa: S608

    def _equal(self, equal: dict[str, Any]) -> tuple[str, list[Any]]:
        """Return a condition and its values; a None matches NULL. Raises KeyError for an unknown column."""
        parts: list[str] = []
        values: list[Any] = []
        for name, value in equal.items():
            stored = self._by_name[name].db_value
            if value is None:
                parts.append(f'"{name}" IS NULL')
            else:
                parts.append(f'"{name}" = ?')
                values.append(stored(value))
        return " AND ".join(parts), values

    def _select(self, source: Source, where: str = "", values: Sequence[Any] = ()) -> list[Entity]:
        entity: Any = self.entity
        readers = self._readers
        path = source.database.file.path
        with explained(path, lambda: _connection(source)):
            rows = _connection(source).execute(self._read + _where(where) + self._order, values)
            try:
                return [entity(*[read(value) for read, value in zip(readers, row, strict=True)]) for row in rows]
            except ValueError as error:  # no such member, no such day: not written by this program
                raise damaged(path, f"{self.name}: {error}") from error


def _where(condition: str) -> str:
    return f" WHERE {condition}" if condition else ""


def _connection(source: Source) -> apsw.Connection:
    return cast(apsw.Connection, source.database.connection())

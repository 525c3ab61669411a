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
        self._order: list[Any] = [
            meta.fields[column.lstrip("-")].desc() if column.startswith("-") else meta.fields[column]
            for column in order
            if column.lstrip("-") in meta.fields
        ]
        self._by_name: dict[str, Any] = meta.fields
        quoted = ", ".join(f'"{column}"' for column in self.columns)
        marks = ", ".join("?" * len(self.columns))
        self._insert = f'INSERT INTO "{self.name}" ({quoted}) VALUES ({marks})'  # noqa: S608 - names from the schema

    def find(self, source: Source, identifier: EntityId) -> Entity | None:
        """Return the row with this id, or None."""
        found = self._select(source, self._by_name["id"] == identifier)
        return found[0] if found else None

    def get(self, source: Source, identifier: EntityId) -> Entity:
        """Return the row with this id. Raises LookupError when there is none."""
        found = self.find(source, identifier)
        if found is None:
            raise LookupError(f"no {self.name} {identifier.hex()}")
        return found

    def all(self, source: Source, **equal: Any) -> tuple[Entity, ...]:
        """Return the rows whose columns equal the given values, in the usual order; a None matches NULL."""
        conditions = [
            self._by_name[name].is_null() if value is None else self._by_name[name] == value
            for name, value in equal.items()
        ]
        return tuple(self._select(source, *conditions))

    def among(self, source: Source, column: str, values: Iterable[Any]) -> tuple[Entity, ...]:
        """Return the rows whose column is one of the values, in the usual order within chunks of the values."""
        wanted = list(values)
        found: list[Entity] = []
        for at in range(0, len(wanted), _CHUNK):
            found.extend(self._select(source, self._by_name[column].in_(wanted[at : at + _CHUNK])))
        return tuple(found)

    def count(self, source: Source, **equal: Any) -> int:
        """Return the number of rows whose columns equal the given values."""
        query: Any = self.row.select()
        for name, value in equal.items():
            field = self._by_name[name]
            query = query.where(field.is_null() if value is None else field == value)
        return int(query.count(source.database))

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

    def _select(self, source: Source, *conditions: Any) -> list[Entity]:
        query: Any = self.row.select(*self._fields)
        if conditions:
            query = query.where(*conditions)
        if self._order:
            query = query.order_by(*self._order)
        entity: Any = self.entity
        path = source.database.file.path
        with explained(path, lambda: cast(apsw.Connection, source.database.connection())):
            rows = query.tuples().execute(source.database)
            try:
                return [entity(*values) for values in rows]
            except ValueError as error:  # no such member, no such day: not written by this program
                raise damaged(path, f"{self.name}: {error}") from error

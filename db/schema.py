"""What tables, indexes and triggers a connection sees, compared with what the migrations make."""

from __future__ import annotations

import re
from functools import lru_cache

import apsw

from .migrations import MIGRATIONS


def described(connection: apsw.Connection) -> dict[tuple[str, str], str]:
    """Return the definition of every table, index and trigger, spaces apart."""
    rows = connection.execute(
        "SELECT type, name, coalesce(sql, '') FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return {(str(kind), str(name)): re.sub(r"\s+", " ", str(sql)) for kind, name, sql in rows}


def differences(connection: apsw.Connection) -> list[str]:
    """Return the names of what is missing, additional or different, a line each."""
    found, expected = described(connection), _expected()
    return [
        f"{kind} {name}"
        for kind, name in sorted(found.keys() | expected.keys())
        if found.get((kind, name)) != expected.get((kind, name))
    ]


def missing(connection: apsw.Connection) -> list[str]:
    """Return the tables whose columns are not the program's and the absent indexes and triggers; quick, for opening."""
    found, expected = _outline(connection), _expected_outline()
    return [name for name, columns in sorted(expected.items()) if found.get(name) != columns]


def _outline(connection: apsw.Connection) -> dict[str, tuple[object, ...]]:
    rows = connection.execute("SELECT type, name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'").fetchall()
    columns = connection.execute(
        'SELECT s.name, c.name, c.type, c."notnull", c.pk FROM sqlite_schema s, pragma_table_info(s.name) c'
        " WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite_%' ORDER BY s.name, c.cid"
    ).fetchall()
    outline: dict[str, tuple[object, ...]] = {str(name): (kind,) for kind, name in rows}
    for table, *column in columns:
        outline[str(table)] += tuple(column)
    return outline


@lru_cache(maxsize=1)
def _expected_outline() -> dict[str, tuple[object, ...]]:
    connection = _made()
    try:
        return _outline(connection)
    finally:
        connection.close()


@lru_cache(maxsize=1)
def _expected() -> dict[tuple[str, str], str]:
    connection = _made()
    try:
        return described(connection)
    finally:
        connection.close()


def _made() -> apsw.Connection:
    connection = apsw.Connection(":memory:")
    for migration in MIGRATIONS:
        migration.apply(connection)
    return connection

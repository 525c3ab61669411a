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


@lru_cache(maxsize=1)
def _expected() -> dict[tuple[str, str], str]:
    connection = apsw.Connection(":memory:")
    try:
        for migration in MIGRATIONS:
            migration.apply(connection)
        return described(connection)
    finally:
        connection.close()

"""Raising a workspace file to the present schema: all steps in one transaction, or none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import apsw

from ..connection import APPLICATION_ID
from . import MIGRATIONS
from .base import Migration


class MigrationRefused(Exception):
    """The migrated content would break references; nothing was kept. The lines say which."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = tuple(lines)


def migrate(connection: apsw.Connection, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Run the missing steps and return the schema version reached; the version moves in the same transaction.

    Foreign keys are not enforced meanwhile, as rebuilding a table needs (sqlite.org/lang_altertable.html, 7), and
    are checked as a whole before the commit. Raises MigrationRefused.
    """
    present = cast(int, connection.pragma("user_version"))
    missing = [one for one in migrations if one.version > present]
    if not missing:
        return present
    connection.execute("PRAGMA query_only = OFF")
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        connection.execute("BEGIN IMMEDIATE")
        for migration in missing:
            migration.apply(connection)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {missing[-1].version}")
        broken = [f"{row[0]} → {row[2]}" for row in connection.execute("PRAGMA foreign_key_check").fetchall()[:20]]
        if broken:
            raise MigrationRefused(broken)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA query_only = ON")
    return missing[-1].version

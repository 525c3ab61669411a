"""Child of the migration test: migrates a file whose long second step can be killed; run as a module, not a test."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import apsw

from db import migrations
from db.connection import WorkspaceFile, connect_for_writing
from db.migrations import Migration
from db.migrations.runner import migrate

COLUMNS = 12
STEPS = 10


def add_columns(connection: apsw.Connection) -> None:
    """Rebuild much of the task table in many statements."""
    for number in range(COLUMNS):
        connection.execute(f"ALTER TABLE task ADD COLUMN extra_{number} TEXT NOT NULL DEFAULT ''")
        connection.execute(f"UPDATE task SET extra_{number} = name || '{number}'")


LONGER = (*migrations.MIGRATIONS, Migration(migrations.SCHEMA_VERSION + 1, "add_columns", add_columns))


def main() -> None:
    """Fork and migrate for every line read: a path."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            connection = connect_for_writing(WorkspaceFile(Path(line.rstrip("\n"))))
            os.write(1, b"go\n")
            migrate(connection, LONGER)
            os.write(1, b"done\n")
            while True:
                signal.pause()  # the parent always kills, so that it never kills a stranger's process
        os.write(1, f"pid {child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"end\n")


if __name__ == "__main__":
    main()

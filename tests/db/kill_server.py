"""Child of the kill test: imports once, then forks a writer for every line it reads; run as a module, not a test.

Prints ``pid N`` when a writer starts, an acknowledged number after each commit, ``end`` when the writer is dead.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from db import opening, tables
from tests.db import samples


def write_forever(path: Path, first: int) -> None:
    """Commit edits of three rows each, numbered, and print each number once it is committed."""
    workspace = opening.open_workspace(path)
    project = tables.projects.all(workspace)[0]
    number = first
    while True:
        with workspace.edit(None, str(number)) as edit:
            for position in range(3):
                tables.tasks.insert(edit, samples.new_task(project, str(number), position))
            if number % 5 == 0:
                edit.add_blob(os.urandom(20_000))
        os.write(1, f"{number}\n".encode())
        number += 1


def main() -> None:
    """Serve lines of ``first-number path``."""
    for line in sys.stdin:
        first, path = line.rstrip("\n").split(" ", 1)
        child = os.fork()
        if child == 0:
            write_forever(Path(path), int(first))
        os.write(1, f"pid {child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"end\n")


if __name__ == "__main__":
    main()

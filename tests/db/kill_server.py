"""Child of the kill test: imports once, then forks a writer for every line it reads; run as a module, not a test.

Prints ``pid N`` when a writer starts, an acknowledged number after each commit, ``end`` when the writer is dead.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from db import encryption, opening, password, tables
from db.workspace import Workspace
from qihua_desktop.domain.errors import WrongPassword
from tests.db import samples

PASSWORDS = ("correct horse", "battery staple")


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


def change_password_forever(path: Path, first: int) -> None:
    """Set and remove passwords, and print a number after each change."""
    encryption.MEMORY_KIB, encryption.TIME_COST = 64, 1
    workspace = open_with_any(path)
    number = first
    while True:
        if number % 3:
            password.set_password(workspace, PASSWORDS[number % 3 - 1])
        else:
            password.remove_password(workspace)
        os.write(1, f"{number}\n".encode())
        number += 1


def open_with_any(path: Path) -> Workspace:
    """Open a workspace that has one of the two passwords or none."""
    for one in PASSWORDS:
        with contextlib.suppress(WrongPassword):
            return opening.open_workspace(path, password=one)
    raise WrongPassword("neither the old nor the new password opens the file")


def main() -> None:
    """Serve lines of ``first-number path``; ``password`` as argument has passwords changed."""
    work = change_password_forever if "password" in sys.argv else write_forever
    for line in sys.stdin:
        first, path = line.rstrip("\n").split(" ", 1)
        child = os.fork()
        if child == 0:
            work(Path(path), int(first))
        os.write(1, f"pid {child}\n".encode())
        os.waitpid(child, 0)
        os.write(1, b"end\n")


if __name__ == "__main__":
    main()

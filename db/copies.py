"""Whole copies of a workspace: made beside the target, tested, and only then put in its place."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import apsw

from qihua_desktop.domain.errors import StorageError, WorkspaceDamaged
from qihua_desktop.i18n import _

from . import journal, lock
from .connection import APPLICATION_ID, WorkspaceFile, connect_for_reading, file_uri
from .faults import damaged, explained, file_problem, reading

_ATTEMPTS = 5
_SUFFIX = ".tmp"


@dataclass(frozen=True, slots=True)
class Contents:
    """What two copies of one workspace must agree in."""

    schema_version: int
    head: tuple[int, str]
    rows: tuple[tuple[str, int], ...]


def contents(connection: apsw.Connection) -> Contents:
    """Return schema version, newest journal entry and the number of rows of every table."""
    names = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    rows = tuple(
        (str(name), cast(int, connection.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0]))  # noqa: S608
        for (name,) in names
    )
    return Contents(cast(int, connection.pragma("user_version")), journal.head(connection), rows)


def quick_problems(connection: apsw.Connection) -> list[str]:
    """Return what SQLite's quick check says, nothing when all is well."""
    lines = [str(row[0]) for row in connection.execute("PRAGMA quick_check(20)")]
    return [] if lines == ["ok"] else lines


def deep_problems(connection: apsw.Connection) -> list[str]:
    """Return what is wrong with a whole file: pages, references, journal chain."""
    problems = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(20)")]
    if problems != ["ok"]:
        return problems
    problems = [f"{row[0]}: {row[2]}" for row in connection.execute("PRAGMA foreign_key_check").fetchall()[:20]]
    return problems + journal.verify_chain(connection)


def save_copy_as(file: WorkspaceFile, target: Path) -> None:
    """Write a tested copy with the same password; an existing file is replaced only when the copy is whole.

    Raises StorageError when the target is a workspace in use or cannot be written.
    """
    target = Path(os.path.realpath(target))
    if target == file.path or (target.exists() and target.samefile(file.path)):
        raise StorageError(
            _("A workspace cannot be copied onto itself."), _("Choose another name; nothing was overwritten.")
        )
    held = lock.acquire(target)
    try:
        leftovers = WorkspaceFile(target)
        if leftovers.ended_uncleanly():
            raise StorageError(
                _("“{name}” was not closed properly and may hold changes.").format(name=target.name),
                _("Choose another name; nothing was overwritten."),
            )
        verified_copy(file, target, before_replace=lambda: remove_sidecars(target))
    finally:
        held.release()


def verified_copy(file: WorkspaceFile, target: Path, *, before_replace: Callable[[], None] | None = None) -> None:
    """Copy a workspace that may be in use; the copy is tested before it takes the target's place.

    Raises WorkspaceDamaged when the source is damaged: nothing is written then.
    """
    with temporary_sibling(target) as temporary, explained(target):
        write_tested(file, temporary, target)
        if before_replace is not None:
            before_replace()
        os.replace(temporary, target)
        sync_folder(target.parent)


def write_tested(file: WorkspaceFile, temporary: Path, target: Path, *, new_key: str | None = None) -> None:
    """Write a copy to a temporary file and test it; refusals name ``target``.

    ``new_key`` gives the copy another key, "" none at all; without it the copy keeps the key.
    """
    found = _write_copy(file, temporary, target, new_key)
    sync_file(temporary)
    copy_key = file.key if new_key is None else (new_key or None)
    _test_copy(WorkspaceFile(temporary, copy_key), found)


@contextmanager
def temporary_sibling(target: Path) -> Generator[Path]:
    """Give a name beside the target that is removed afterwards; tells the system's refusals in words."""
    temporary = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}{_SUFFIX}")
    try:
        yield temporary
    except OSError as error:
        raise file_problem(target, error) from error
    finally:
        for name in (temporary.name, f"{temporary.name}-journal", f"{temporary.name}-wal", f"{temporary.name}-shm"):
            with contextlib.suppress(OSError):
                temporary.with_name(name).unlink(missing_ok=True)


def remove_leftovers(target: Path) -> None:
    """Remove temporary siblings that a killed program left; the caller holds what protects the target."""
    with contextlib.suppress(OSError):
        start = f".{target.name[:100]}."
        for entry in list(target.parent.iterdir()):
            middle = entry.name.removeprefix(start).partition(_SUFFIX)
            if entry.name.startswith(start) and middle[1] and len(middle[0]) == 8:
                entry.unlink(missing_ok=True)


def remove_sidecars(path: Path) -> None:
    """Remove logs of a file that is about to be replaced: they belong to the old content and would spoil the new."""
    file = WorkspaceFile(path)
    file.wal.unlink(missing_ok=True)
    file.rollback.unlink(missing_ok=True)
    file.shm.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Have the system write a file to the drive."""
    with open(path, "rb+") as stream:
        os.fsync(stream.fileno())


def sync_folder(folder: Path) -> None:
    """Have the system write a folder's names to the drive; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # some network file systems refuse it
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_copy(file: WorkspaceFile, temporary: Path, target: Path, new_key: str | None) -> Contents:
    """Write the copy and return what the source held; edits going on meanwhile make it try again."""
    with reading(file.path):
        source = connect_for_reading(file)
        try:
            problems = quick_problems(source)
            if problems:
                raise damaged(file.path, *problems[:5])
            name = file_uri(temporary) if new_key is None else file_uri(temporary, key=new_key)
            for _attempt in range(_ATTEMPTS):
                before = contents(source)
                with explained(target):
                    source.execute("VACUUM INTO ?", (name,))
                if contents(source) == before:
                    return before
                temporary.unlink()
        finally:
            source.close()
    raise StorageError(
        _("“{name}” is changing too fast to be copied.").format(name=file.path.name), _("Wait a moment and try again.")
    )


def _test_copy(copy: WorkspaceFile, expected: Contents) -> None:
    with reading(copy.path):
        connection = connect_for_reading(copy, immutable=True)
        try:
            problems = deep_problems(connection)
            if connection.pragma("application_id") != APPLICATION_ID:
                problems.append("application id")
            if contents(connection) != expected:
                problems.append("row counts")
        finally:
            connection.close()
    if problems:
        raise WorkspaceDamaged(
            _("The workspace did not pass its test while it was copied; no copy was made."),
            _("Restore the last good backup."),
            problems[:5],
        )

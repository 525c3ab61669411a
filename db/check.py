"""Examining a workspace from end to end, and saying in words what was found."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import cast

import apsw

from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.i18n import _

from . import copies, journal, opening, schema
from .connection import APPLICATION_ID, WorkspaceFile, connect_for_reading
from .faults import reading
from .keys import KeyRing
from .migrations import SCHEMA_VERSION
from .workspace import Workspace

WEEK_MS = 7 * 24 * 60 * 60 * 1000
_CHECKED = "checked_ms"
_MOST = 20


class FindingKind(StrEnum):
    """What part of a workspace a finding is about."""

    UNREADABLE = "unreadable"
    INTEGRITY = "integrity"
    REFERENCES = "references"
    JOURNAL = "journal"
    ATTACHMENT = "attachment"
    IDENTITY = "identity"
    SCHEMA = "schema"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, in a plain sentence."""

    kind: FindingKind
    text: str


def check_workspace(workspace: Workspace) -> tuple[Finding, ...]:
    """Return everything that is wrong with an open workspace."""
    return _examine(workspace.file)


def check_file(path: Path, *, password: str | None = None, recovery_code: str | None = None) -> tuple[Finding, ...]:
    """Return everything that is wrong with a workspace file, without changing it.

    Raises NotAWorkspace, NewerWorkspace, PasswordNeeded or WrongPassword when it cannot be told.
    """
    path = Path(os.path.realpath(path))
    opening.refuse_other_files(path)
    file = KeyRing(password=password, recovery_code=recovery_code).file(path)
    try:
        return _examine(file)
    finally:
        opening.tidy_unowned(file)


def quick_check(file: WorkspaceFile) -> tuple[Finding, ...]:
    """Return what SQLite's quick check finds; for a background job, well under a second for usual files."""
    try:
        with reading(file.path):
            connection = connect_for_reading(file)
            try:
                return tuple(Finding(FindingKind.INTEGRITY, line) for line in copies.quick_problems(connection))
            finally:
                connection.close()
    except QihuaError as error:
        return (Finding(FindingKind.UNREADABLE, error.one_line()),)


def weekly_check_due(workspace: Workspace) -> bool:
    """Return whether the last recorded check is a week old; ask after the first paint."""
    with reading(workspace.path):
        row = workspace.connection.execute("SELECT value FROM meta WHERE key = ?", (_CHECKED,)).fetchone()
        return row is None or abs(workspace.now_ms() - int(cast(str, row[0]))) >= WEEK_MS


def record_check(workspace: Workspace) -> None:
    """Note that a check found nothing; forgotten without harm where the file cannot be written."""
    if not workspace.read_only:
        with contextlib.suppress(QihuaError):
            workspace.write_meta(_CHECKED, str(workspace.now_ms()))


def _examine(file: WorkspaceFile) -> tuple[Finding, ...]:
    found: list[Finding] = []
    try:
        with reading(file.path):
            connection = _connect(file)
            try:
                for finding in _findings(connection):
                    found.append(finding)
            finally:
                connection.close()
    except QihuaError as error:
        found.append(Finding(FindingKind.UNREADABLE, error.one_line()))
    return tuple(found)


def _connect(file: WorkspaceFile) -> apsw.Connection:
    try:
        return connect_for_reading(file)
    except (apsw.CantOpenError, apsw.ReadOnlyError):
        if file.ended_uncleanly():
            raise
        return connect_for_reading(file, immutable=True)


def _findings(connection: apsw.Connection) -> Iterator[Finding]:
    if connection.pragma("application_id") != APPLICATION_ID:
        yield Finding(FindingKind.IDENTITY, _("The file does not carry the mark of a Qihua workspace."))
    broken = False
    for (line,) in connection.execute(f"PRAGMA integrity_check({_MOST})").fetchall():
        if line != "ok":
            broken = True
            yield Finding(FindingKind.INTEGRITY, _("The file's structure is damaged: {line}").format(line=line))
    if broken:
        return
    for row in connection.execute("PRAGMA foreign_key_check").fetchall()[:_MOST]:
        yield Finding(
            FindingKind.REFERENCES,
            _("A row of “{table}” refers to a row of “{parent}” that does not exist.").format(
                table=row[0], parent=row[2]
            ),
        )
    for line in journal.verify_chain(connection)[:_MOST]:
        yield Finding(FindingKind.JOURNAL, _("The journal does not hold together: {line}").format(line=line))
    yield from _attachments(connection)
    if connection.pragma("user_version") == SCHEMA_VERSION:
        for line in schema.differences(connection):
            yield Finding(
                FindingKind.SCHEMA, _("The file's tables differ from the program's: {line}").format(line=line)
            )


def _attachments(connection: apsw.Connection) -> Iterator[Finding]:
    for sha256, data in connection.execute("SELECT sha256, data FROM blob"):
        if hashlib.sha256(cast(bytes, data)).hexdigest() != sha256:
            name = _attachment_name(connection, cast(str, sha256))
            yield Finding(FindingKind.ATTACHMENT, _("The attachment “{name}” is damaged.").format(name=name))
    rows = connection.execute(
        "SELECT name FROM attachment WHERE sha256 NOT IN (SELECT sha256 FROM blob) ORDER BY name LIMIT ?", (_MOST,)
    ).fetchall()
    for (name,) in rows:
        yield Finding(FindingKind.ATTACHMENT, _("The content of the attachment “{name}” is missing.").format(name=name))


def _attachment_name(connection: apsw.Connection, sha256: str) -> str:
    row = connection.execute("SELECT name FROM attachment WHERE sha256 = ? LIMIT 1", (sha256,)).fetchone()
    return str(row[0]) if row else sha256[:8]

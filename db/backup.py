"""Backups of a workspace: tested when made, thinned with age, listed with what they hold, put back safely.

Each workspace has a folder of its own inside the backup folder, ``<stem>-<id>``, with a note of the workspace's
place, so that its backups are found when the workspace itself is damaged or gone.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import apsw

from qihua_desktop.domain.errors import PasswordNeeded, QihuaError, StorageError, WorkspaceDamaged
from qihua_desktop.i18n import _

from . import copies, lock, rotation
from .connection import WorkspaceFile, connect_for_reading, connect_for_writing
from .faults import file_problem, reading
from .keys import KeyRing
from .recognition import FileKind, inspect

INTERVAL_MS = 30 * 60 * 1000
_NOTE = "workspace.json"
_NAME = re.compile(r"-(\d{8}T\d{6})Z(?:-(\d+))?\.qihua$")
_STAMP = "%Y%m%dT%H%M%S"
_LONGEST_STEM = 60
_ABANDONED_S = 3600


@dataclass(frozen=True, slots=True)
class BackupMade:
    """Where a backup went; ``second_problem`` says why the second place did not get one."""

    path: Path
    second: Path | None = None
    second_problem: str = ""


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """What a backup holds; ``taken_at`` is local time. ``problem`` says why it cannot be read."""

    path: Path
    taken_at: datetime
    size: int
    encrypted: bool
    readable: bool
    projects: tuple[str, ...] = ()
    tasks: int = 0
    last_label: str = ""
    last_at_ms: int = 0
    schema_version: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class BackupSchedule:
    """The journal entry and the moment of the newest backup; (0, 0) when there is none."""

    seq: int = 0
    at_ms: int = 0

    def due(self, seq: int, now_ms: int) -> bool:
        """Return whether a backup is due while working; ``seq`` is the newest journal entry."""
        return seq != self.seq and abs(now_ms - self.at_ms) >= INTERVAL_MS

    def due_on_close(self, seq: int) -> bool:
        """Return whether a backup is due before the program ends."""
        return seq != self.seq


def make_backup(
    file: WorkspaceFile,
    folder: Path,
    *,
    now_ms: int | None = None,
    second_folder: Path | None = None,
    prune: bool = True,
) -> BackupMade:
    """Make a tested backup and thin out older ones.

    Raises WorkspaceDamaged when the workspace is damaged (no backup is made and none removed) or StorageError.
    """
    moment = now_ms if now_ms is not None else time.time_ns() // 1_000_000
    path = _make(file, folder, moment, prune=prune)
    if second_folder is None:
        return BackupMade(path)
    try:
        return BackupMade(path, _make(WorkspaceFile(path, file.key), second_folder, moment, prune=prune, source=file))
    except QihuaError as error:
        return BackupMade(path, None, error.message)


def list_backups(
    path: Path, folder: Path, *, password: str | None = None, key: str | None = None, ring: KeyRing | None = None
) -> tuple[BackupInfo, ...]:
    """Return the backups of the workspace at ``path``, newest first, whether it still exists or not."""
    keys = ring or KeyRing(password=password, key=key)
    return tuple(_describe(one, keys) for one in backup_files(path, folder))


def last_good_backup(
    path: Path, folder: Path, *, password: str | None = None, key: str | None = None, ring: KeyRing | None = None
) -> Path | None:
    """Return the newest backup that passes all tests now, or None; an encrypted one needs its password."""
    keys = ring or KeyRing(password=password, key=key)
    for one in backup_files(path, folder):
        if not _problem(one, keys):
            return one
    return None


def restore_backup(path: Path, backup: Path, *, password: str | None = None, key: str | None = None) -> Path | None:
    """Put a tested copy of a backup in the workspace's place, and return where the present file was set aside.

    The workspace must be closed. Raises WorkspaceDamaged when the backup is damaged, PasswordNeeded, WorkspaceLocked or
    StorageError; the present file stays as it is then.
    """
    path, backup = Path(os.path.realpath(path)), Path(os.path.realpath(backup))
    source = KeyRing(password=password, key=key).file(backup)
    if inspect(backup).kind not in (FileKind.WORKSPACE, FileKind.ENCRYPTED):
        raise StorageError(_("“{name}” is not a whole backup.").format(name=backup.name), _("Choose another backup."))
    held = lock.acquire(path)
    try:
        aside: list[Path] = []

        def make_room() -> None:
            if path.exists():
                aside.append(_set_aside(path, key))
            copies.remove_sidecars(path)
            copies.sync_folder(path.parent)

        copies.verified_copy(source, path, before_replace=make_room)
    finally:
        held.release()
    return aside[0] if aside else None


def schedule_from(path: Path, folder: Path, *, key: str | None = None) -> BackupSchedule:
    """Return the schedule as the newest readable backup leaves it."""
    for one in backup_files(path, folder):
        with contextlib.suppress(QihuaError), reading(one):
            connection = connect_for_reading(WorkspaceFile(one, _key_for(one, key)), immutable=True)
            try:
                return BackupSchedule(copies.contents(connection).head[0], _moment(one))
            finally:
                connection.close()
    return BackupSchedule()


def discard_unencrypted(path: Path, folder: Path) -> int:
    """Remove backups made before a password was set, once an encrypted one stands; return their number."""
    found = backup_files(path, folder)
    plain = [one for one in found if inspect(one).kind is not FileKind.ENCRYPTED]
    if len(plain) == len(found):
        return 0
    for one in plain:
        with contextlib.suppress(OSError):
            one.unlink()
    return sum(not one.exists() for one in plain)


def backup_files(path: Path, folder: Path) -> tuple[Path, ...]:
    """Return the backup files of the workspace at ``path``, newest first."""
    found = [one for place in _places(Path(os.path.realpath(path)), folder) for one in _files_in(place)]
    return tuple(sorted(found, key=lambda one: (_moment(one), _number(one)), reverse=True))


def _make(file: WorkspaceFile, folder: Path, moment: int, *, prune: bool, source: WorkspaceFile | None = None) -> Path:
    origin = source or file
    place = _place_for(origin, folder)
    copies_of = f"{origin.path.stem[:_LONGEST_STEM]}-{datetime.fromtimestamp(moment / 1000, UTC).strftime(_STAMP)}Z"
    target = place / f"{copies_of}.qihua"
    number = 2
    while target.exists():
        target = place / f"{copies_of}-{number}.qihua"
        number += 1
    copies.verified_copy(file, target)
    if prune:
        _prune(place, target, moment)
    return target


def _place_for(origin: WorkspaceFile, folder: Path) -> Path:
    identity = _identity(origin)
    stem = origin.path.stem[:_LONGEST_STEM]
    place = folder / f"{stem}-{identity[:8]}"
    noted = _noted_path(place)
    if noted not in ("", str(origin.path)) and Path(noted).exists():  # a copy of a workspace that is still there
        place = folder / f"{stem}-{_path_mark(origin.path)[:8]}"
    note = json.dumps({"path": str(origin.path), "id": identity}, ensure_ascii=False)
    try:
        place.mkdir(parents=True, exist_ok=True)
        file = place / _NOTE
        if not file.exists() or file.read_text(encoding="utf-8", errors="replace") != note:
            with copies.temporary_sibling(file) as temporary:
                temporary.write_text(note, encoding="utf-8")
                os.replace(temporary, file)
    except OSError as error:
        raise file_problem(folder, error) from error
    return place


def _identity(file: WorkspaceFile) -> str:
    with reading(file.path):
        connection = connect_for_reading(file)
        try:
            row = connection.execute("SELECT value FROM meta WHERE key = 'workspace_id'").fetchone()
        finally:
            connection.close()
    return str(row[0]) if row else _path_mark(file.path)


def _path_mark(path: Path) -> str:
    return hashlib.sha256(str(path).encode(errors="replace")).hexdigest()[:32]


def _places(path: Path, folder: Path) -> list[Path]:
    """Return the folders that hold this workspace's backups: by its noted path, else by its name."""
    try:
        folders = [one for one in folder.iterdir() if one.is_dir()]
    except OSError:
        return []
    noted = [one for one in folders if _noted_path(one) == str(path)]
    return noted or [one for one in folders if one.name.rpartition("-")[0] == path.stem[:_LONGEST_STEM]]


def _noted_path(place: Path) -> str:
    try:
        return str(json.loads((place / _NOTE).read_text(encoding="utf-8"))["path"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _files_in(place: Path) -> list[Path]:
    try:
        return [one for one in place.iterdir() if _NAME.search(one.name) and one.is_file()]
    except OSError:
        return []


def _moment(backup: Path) -> int:
    """Return when a backup was taken, UTC milliseconds, from its name."""
    match = _NAME.search(backup.name)
    if match is None:
        return 0
    try:
        return int(datetime.fromisoformat(match[1]).replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        return 0


def _number(backup: Path) -> int:
    """Return which of several backups of one second this is."""
    match = _NAME.search(backup.name)
    return int(match[2]) if match and match[2] else 1


def _local(moment: int) -> datetime:
    return datetime.fromtimestamp(moment / 1000, UTC).astimezone().replace(tzinfo=None)


def _prune(place: Path, newest: Path, now_ms: int) -> None:
    """Thin out one folder; the backup that was just tested always stays."""
    moments = {one: _local(_moment(one)) for one in _files_in(place)}
    keep = rotation.kept(moments.values(), _local(now_ms))
    for one, moment in moments.items():
        if moment not in keep and one != newest:
            with contextlib.suppress(OSError):
                one.unlink()
    for one in place.glob(".*.tmp"):  # a killed program's, if nobody has written to it for an hour
        with contextlib.suppress(OSError):
            if abs(time.time() - one.stat().st_mtime) > _ABANDONED_S:
                one.unlink()


def _describe(path: Path, keys: KeyRing) -> BackupInfo:
    kind = inspect(path).kind
    encrypted = kind is FileKind.ENCRYPTED
    taken = _local(_moment(path))
    size = 0
    try:
        size = path.stat().st_size
        if kind not in (FileKind.WORKSPACE, FileKind.ENCRYPTED):
            return BackupInfo(path, taken, size, encrypted, readable=False, problem=_("This backup is damaged."))
        with reading(path):
            connection = connect_for_reading(keys.file(path), immutable=True)
            try:
                return _read_info(connection, path, taken, size, encrypted=encrypted)
            finally:
                connection.close()
    except PasswordNeeded as error:
        problem = error.message
    except QihuaError:
        problem = _("This backup is damaged.")
    except OSError as error:
        problem = error.strerror or str(error)
    return BackupInfo(path, taken, size, encrypted, readable=False, problem=problem)


def _read_info(connection: apsw.Connection, path: Path, taken: datetime, size: int, *, encrypted: bool) -> BackupInfo:
    names = connection.execute("SELECT name FROM project ORDER BY created_ms, id").fetchall()
    tasks = connection.execute("SELECT count(*) FROM task").fetchall()[0][0]
    last = connection.execute("SELECT label, at_ms FROM journal ORDER BY seq DESC LIMIT 1").fetchone()
    label, at_ms = cast("tuple[str, int]", last) if last else ("", 0)
    return BackupInfo(
        path,
        taken,
        size,
        encrypted,
        readable=True,
        projects=tuple(str(name) for (name,) in names),
        tasks=cast(int, tasks),
        last_label=label,
        last_at_ms=at_ms,
        schema_version=cast(int, connection.pragma("user_version")),
    )


def _problem(path: Path, keys: KeyRing) -> str:
    """Return what is wrong with a backup, nothing when it passes all tests."""
    if inspect(path).kind not in (FileKind.WORKSPACE, FileKind.ENCRYPTED):
        return "header"
    try:
        with reading(path):
            connection = connect_for_reading(keys.file(path), immutable=True)
            try:
                return "; ".join(copies.deep_problems(connection))
            finally:
                connection.close()
    except QihuaError as error:
        return error.message


def _key_for(path: Path, key: str | None) -> str | None:
    return key if inspect(path).kind is FileKind.ENCRYPTED else None


def _set_aside(path: Path, key: str | None) -> Path:
    """Keep the present file, with what its log still holds, under another name."""
    file = WorkspaceFile(path, _key_for(path, key))
    if file.ended_uncleanly():
        with contextlib.suppress(WorkspaceDamaged, QihuaError), reading(path):
            connection = connect_for_writing(file)
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()
    aside = _free_name(path)
    _link_or_copy(path, aside)
    kept = WorkspaceFile(aside)
    for source, target in ((file.wal, kept.wal), (file.rollback, kept.rollback)):
        if source.exists() and file.ended_uncleanly():
            _link_or_copy(source, target)
    return aside


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
        copies.sync_file(target)


def _free_name(path: Path) -> Path:
    moment = datetime.now().strftime("%Y-%m-%d %H%M%S")
    name = _("{stem} (before restoring, {moment})").format(stem=path.stem[:_LONGEST_STEM], moment=moment)
    target = path.with_name(f"{name}{path.suffix}")
    number = 2
    while target.exists():
        target = path.with_name(f"{name} {number}{path.suffix}")
        number += 1
    return target

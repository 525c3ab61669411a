"""The owner lock: one program at a time writes a workspace, and others learn who it is.

A file beside the workspace is locked through the system, which releases it when the process ends in any way: what a
killed process leaves behind does not count.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import platform
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from qihua_desktop.domain.errors import ReadOnlyWorkspace, WorkspaceLocked
from qihua_desktop.i18n import _

_ATTEMPTS = 20
_LONGEST = 4096

if sys.platform == "win32":
    import msvcrt

    _LOCKED_BYTE = 1 << 20  # far behind the text: Windows refuses to read locked bytes

    def _take(descriptor: int) -> None:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

else:
    import fcntl

    def _take(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True, slots=True)
class LockOwner:
    """Who has a workspace open for editing, since when (UTC milliseconds)."""

    host: str
    user: str
    pid: int
    at_ms: int

    def since(self) -> str:
        """Return the moment in this laptop's time."""
        return datetime.fromtimestamp(self.at_ms / 1000).strftime("%Y-%m-%d %H:%M")


class OwnerLock:
    """A lock that is held; ``release`` ends it."""

    def __init__(self, path: Path, descriptor: int, owner: LockOwner) -> None:
        self.path = path
        self.owner = owner
        self._descriptor: int | None = descriptor

    def release(self) -> None:
        """Give the workspace free; harmless when done twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is None:
            return
        if sys.platform != "win32":
            with contextlib.suppress(OSError):
                self.path.unlink()
        os.close(descriptor)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self.path.unlink()


def lock_path(workspace: Path) -> Path:
    """Return the lock file of a workspace."""
    return workspace.with_name(workspace.name + ".lock")


def acquire(workspace: Path) -> OwnerLock:
    """Take the lock at once. Raises WorkspaceLocked, saying who has it, or ReadOnlyWorkspace."""
    path = lock_path(workspace)
    for _attempt in range(_ATTEMPTS):
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        except OSError as error:
            raise _not_writable(workspace, error) from error
        try:
            _take(descriptor)
        except OSError as error:
            os.close(descriptor)
            raise _locked(workspace) from error
        if _still_there(path, descriptor):
            owner = LockOwner(platform.node(), _user(), os.getpid(), time.time_ns() // 1_000_000)
            _write(descriptor, owner)
            return OwnerLock(path, descriptor, owner)
        os.close(descriptor)  # the former owner removed the file between our opening and locking it
    raise _locked(workspace)


def read_owner(workspace: Path) -> LockOwner | None:
    """Return who wrote the lock file last, or None; says nothing about whether it is held."""
    try:
        with open(lock_path(workspace), "rb") as stream:
            found = json.loads(stream.read(_LONGEST).decode())
        return LockOwner(str(found["host"]), str(found["user"]), int(found["pid"]), int(found["at_ms"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(descriptor: int, owner: LockOwner) -> None:
    # A full disk must not keep anybody out of a workspace: the lock counts, not its text.
    with contextlib.suppress(OSError):
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, json.dumps(asdict(owner), ensure_ascii=False).encode())


def _still_there(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except OSError:
        return False


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "?"


def _locked(workspace: Path) -> WorkspaceLocked:
    owner = read_owner(workspace)
    if owner is None:
        message = _("“{name}” is open elsewhere.").format(name=workspace.name)
    elif owner.pid == os.getpid() and owner.host == platform.node():
        message = _("“{name}” is already open in this program.").format(name=workspace.name)
    else:
        message = _("“{name}” has been open on {host} since {time}, by {user}.").format(
            name=workspace.name, host=owner.host, time=owner.since(), user=owner.user
        )
    return WorkspaceLocked(message, _("Close it there, or open it here for viewing only."))


def _not_writable(workspace: Path, error: OSError) -> ReadOnlyWorkspace:
    return ReadOnlyWorkspace(
        _("The folder of “{name}” cannot be written.").format(name=workspace.name),
        _("Open it for viewing only, or copy it to a folder of your own."),
        (error.strerror or str(error),),
    )

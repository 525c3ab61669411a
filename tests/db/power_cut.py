"""A file system that can lose what was written but not yet synced, for cutting the power at any write.

The rules follow what a drive may do: after a sync a file's earlier writes are on the drive; of the later ones any may
be there or not, whole or torn at 512 bytes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random
from typing import Any

import apsw

SECTOR = 512


class Loss(StrEnum):
    """What the drive loses of the writes since the last sync."""

    SUFFIX = "suffix"
    HALF = "half"
    TORN = "torn"


@dataclass(frozen=True, slots=True)
class Note:
    """One write (``new``) or truncation (``new`` is None) since the last sync of its file."""

    offset: int
    new: bytes | None
    old: bytes
    old_size: int


class CuttingVFS(apsw.VFS):
    """Passes everything on to the system and notes what is not synced; calls ``on_write`` before each write."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.notes: dict[str, list[Note]] = {}
        self.on_write: Callable[[], None] | None = None
        super().__init__(name, "unix" if os.name == "posix" else "win32")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        self.notes.pop(filename, None)
        super().xDelete(filename, syncdir)

    def cut(self, path: Path, folder: Path, loss: Loss, random: Random) -> Path:
        """Copy a database and its log to ``folder`` as they would be found after a power cut now."""
        target = folder / path.name
        for suffix in ("", "-wal", "-journal"):
            source = path.with_name(path.name + suffix)
            copy = folder / source.name
            copy.unlink(missing_ok=True)
            if source.exists():
                shutil.copyfile(source, copy)
                _lose(copy, self.notes.get(str(source), []), loss, random)
        target.with_name(target.name + "-shm").unlink(missing_ok=True)
        return target


class _File(apsw.VFSFile):
    def __init__(self, vfs: CuttingVFS, name: Any, flags: list[int]) -> None:
        self._vfs = vfs
        self._key = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__("unix" if os.name == "posix" else "win32", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        if self._vfs.on_write is not None:
            self._vfs.on_write()
        size = self.xFileSize()
        old = self.xRead(min(len(data), size - offset), offset) if offset < size else b""
        self._vfs.notes.setdefault(self._key, []).append(Note(offset, bytes(data), bytes(old), size))
        super().xWrite(data, offset)

    def xTruncate(self, newsize: int) -> None:
        size = self.xFileSize()
        old = self.xRead(size - newsize, newsize) if newsize < size else b""
        self._vfs.notes.setdefault(self._key, []).append(Note(newsize, None, bytes(old), size))
        super().xTruncate(newsize)

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self._vfs.notes.pop(self._key, None)


def _lose(copy: Path, notes: list[Note], loss: Loss, random: Random) -> None:
    """Take back the writes since the last sync, then do some of them again in their order."""
    kept = random.randrange(len(notes) + 1) if loss is Loss.SUFFIX else 0
    with open(copy, "rb+") as stream:
        for note in reversed(notes):
            stream.seek(note.offset)
            stream.write(note.old)
            stream.truncate(note.old_size)
        for at, note in enumerate(notes):
            if (at >= kept) if loss is Loss.SUFFIX else random.random() < 0.5:
                continue
            if note.new is None:
                stream.truncate(note.offset)
                continue
            data = note.new
            if loss is Loss.TORN and len(data) > SECTOR and random.random() < 0.5:
                data = data[: SECTOR * random.randrange(1, len(data) // SECTOR + 1)]
            stream.seek(note.offset)
            stream.write(data)

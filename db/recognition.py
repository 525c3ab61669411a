"""What kind of file this is, judged by its bytes alone: nothing is opened, locked, changed or left behind.

Plain files carry SQLite's header (sqlite.org/fileformat2.html, 1.3). Encrypted ones carry 16 random bytes, the salt of
the key, then bytes 16-23 of that header in clear: page size 4096, format versions, 32 reserved bytes a page and
three constants, which together no other kind of file has.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from .connection import APPLICATION_ID, WorkspaceFile
from .migrations import SCHEMA_VERSION

_MAGIC = b"SQLite format 3\x00"
_HEADER = 100
_PAGE = 4096
_ENCRYPTED = bytes((0x10, 0x00, 0, 0, 32, 64, 32, 32))
_HIGHEST_VERSION = 9999
_FEW_BITS = 4


class FileKind(StrEnum):
    """What a file turned out to be."""

    MISSING = "missing"
    FOLDER = "folder"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    OTHER = "other"
    OTHER_DATABASE = "other database"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    NEWER = "newer"
    WORKSPACE = "workspace"
    ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the bytes of a file say; ``schema_version`` is known of plain workspaces only."""

    kind: FileKind
    size: int = 0
    schema_version: int | None = None
    salt: bytes = b""


def inspect(path: Path) -> Inspection:
    """Return what kind of file this is. Raises nothing."""
    try:
        status = os.stat(path)
        if stat.S_ISDIR(status.st_mode):
            return Inspection(FileKind.FOLDER)
        if not stat.S_ISREG(status.st_mode):
            return Inspection(FileKind.OTHER)
        with open(path, "rb") as stream:
            head = stream.read(_HEADER)
    except (FileNotFoundError, NotADirectoryError):
        return Inspection(FileKind.MISSING)
    except (OSError, ValueError):
        return Inspection(FileKind.UNREADABLE)
    size = status.st_size
    if not head:
        return Inspection(FileKind.EMPTY)
    if head.startswith(_MAGIC[:15]):
        return _plain(head, size, whole=not WorkspaceFile(path).ended_uncleanly())
    return _foreign(head, size, whole=not WorkspaceFile(path).ended_uncleanly())


def _plain(head: bytes, size: int, *, whole: bool) -> Inspection:
    if len(head) < _HEADER:
        return Inspection(FileKind.TRUNCATED, size)
    application = int.from_bytes(head[68:72], "big")
    version = int.from_bytes(head[60:64], "big")
    if application != APPLICATION_ID:
        near = (application ^ APPLICATION_ID).bit_count() <= _FEW_BITS
        return Inspection(FileKind.DAMAGED if near else FileKind.OTHER_DATABASE, size)
    if not 0 < version <= _HIGHEST_VERSION or head[15] != 0 or not _usual(head):
        return Inspection(FileKind.DAMAGED, size)
    if version > SCHEMA_VERSION:
        return Inspection(FileKind.NEWER, size, version)
    page = int.from_bytes(head[16:18], "big")
    # The page count holds when the counters agree; while the log is not copied back, the file may be shorter.
    pages = int.from_bytes(head[28:32], "big") if head[24:28] == head[92:96] else 0
    if whole and (size < pages * page or size % max(page, 512)):
        return Inspection(FileKind.TRUNCATED, size, version)
    return Inspection(FileKind.WORKSPACE, size, version)


def _usual(head: bytes) -> bool:
    """Return whether the constants of the header hold; a file whose password was removed keeps 32 reserved bytes."""
    return head[20] in (0, _ENCRYPTED[4]) and head[21:24] == _ENCRYPTED[5:]


def _foreign(head: bytes, size: int, *, whole: bool) -> Inspection:
    mark = bytearray(head[16:24])
    if len(mark) == len(_ENCRYPTED):
        formats = mark[2] in (1, 2) and mark[3] in (1, 2)
        mark[2] = mark[3] = 0
        if formats and bytes(mark) == _ENCRYPTED:
            cut = size < _PAGE or (whole and size % _PAGE)
            return Inspection(FileKind.TRUNCATED if cut else FileKind.ENCRYPTED, size, None, head[:16])
        if size % _PAGE == 0 and _distance(bytes(mark), _ENCRYPTED) <= _FEW_BITS:
            return Inspection(FileKind.DAMAGED, size)
    if head[68:72] == APPLICATION_ID.to_bytes(4, "big") or 0 < _distance(head[:16], _MAGIC) <= _FEW_BITS:
        return Inspection(FileKind.DAMAGED, size)
    return Inspection(FileKind.OTHER, size)


def _distance(one: bytes, other: bytes) -> int:
    """Return in how many bits two byte strings of one length differ."""
    if len(one) != len(other):
        return 1 << 20
    return sum((a ^ b).bit_count() for a, b in zip(one, other, strict=True))

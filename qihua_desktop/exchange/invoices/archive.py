"""Members of a ZIP file from outside, read in memory: bounded in number and size, no passwords, no escaping paths."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Final

from qihua_desktop.domain.invoice import FindingKey
from qihua_desktop.i18n import _

from .results import MEGABYTE, Unusable, damaged, refused

MOST_MEMBERS: Final = 1000
MOST_DIRECTORY: Final = MEGABYTE
MOST_BYTES: Final = 64 * MEGABYTE
MOST_MEMBER_BYTES: Final = 30 * MEGABYTE
MOST_RATIO: Final = 250
"""What a member may grow by when it is more than a megabyte; XML of many equal lines reaches about 100."""

_END: Final = b"PK\x05\x06"
_ENCRYPTED: Final = 0x1
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, OSError, IndexError, NotImplementedError,
    RuntimeError,
)  # fmt: skip


class Archive:
    """An open ZIP file whose directory was found sound."""

    def __init__(self, content: bytes) -> None:
        """Raises Unusable for a damaged file and for one built like an attack."""
        _check_directory(content)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
            members = self._zip.infolist()
        except _BROKEN as error:
            raise damaged() from error
        for member in members:
            _check_member(member)
        self._members = {member.filename: member for member in members if not member.filename.endswith("/")}
        self._left = MOST_BYTES

    @property
    def names(self) -> tuple[str, ...]:
        """Return the members' names in the archive's order, folders left out."""
        return tuple(self._members)

    def read(self, name: str) -> bytes:
        """Return a member's content. Raises Unusable for an encrypted, damaged or over-large one."""
        member = self._members[name]
        if member.flag_bits & _ENCRYPTED:
            raise Unusable(
                FindingKey.REFUSED,
                _("The archive is protected by a password."),
                _("Unpack it and import the files in it."),
            )
        limit = min(MOST_MEMBER_BYTES, self._left)
        try:
            with self._zip.open(member) as stream:
                content = stream.read(limit + 1)
        except _BROKEN as error:
            raise damaged() from error
        if len(content) > limit:
            raise _bomb()
        self._left -= len(content)
        return content


def _check_directory(content: bytes) -> None:
    """Refuse a directory with more entries than ``zipfile`` should ever be given."""
    end = content.rfind(_END, max(0, len(content) - 65_557))
    if end < 0 or len(content) < end + 22:
        raise damaged()
    entries, size = struct.unpack_from("<HI", content, end + 10)
    if entries > MOST_MEMBERS or size > MOST_DIRECTORY:
        raise refused(_("The archive has more than {count} files.").format(count=MOST_MEMBERS))


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.filename.replace("\\", "/")
    if name.startswith("/") or ":" in name.partition("/")[0] or ".." in name.split("/"):
        raise refused(_("The archive names files outside itself."))
    if member.file_size > MOST_MEMBER_BYTES or (
        member.file_size > MEGABYTE and member.file_size > MOST_RATIO * max(1, member.compress_size)
    ):
        raise _bomb()


def _bomb() -> Unusable:
    return refused(_("The archive grows far beyond its size when it is unpacked."))

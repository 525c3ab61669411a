"""Writing files so that an old one is never lost: a temporary sibling, flushed, then put in place."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from qihua_desktop.domain.errors import StorageError
from qihua_desktop.i18n import _

_WINDOWS_NAMES = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(1, 10)), *(f"LPT{n}" for n in range(1, 10))}
)
_FORBIDDEN = frozenset('<>:"/\\|?*\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069')
_NAME_BYTES = 180


def write_safely(path: Path, data: bytes) -> Path:
    """Write a file completely or not at all, and return where it went.

    Where replacing is refused (a viewer holds the file, a synchronised folder), the content is copied over the old
    file; where that fails too, it goes to a new name beside it. Raises StorageError when nothing could be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.stem[:40]}-", suffix=".part", dir=path.parent)
    except OSError as error:
        raise _refused(path, error) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        return _put(temporary, path)
    except OSError as error:
        raise _refused(path, error) from error
    finally:
        with suppress(FileNotFoundError):
            temporary.unlink()


def free_name(path: Path) -> Path:
    """Return the path itself, or with a number where the name is taken."""
    if not path.exists():
        return path
    number = 2
    while (other := path.with_name(f"{path.stem} ({number}){path.suffix}")).exists():
        number += 1
    return other


def file_name(text: str, suffix: str) -> str:
    """Return a file name that every system accepts, as close to the text as possible."""
    kept = "".join("_" if one in _FORBIDDEN or ord(one) < 32 else one for one in text)
    kept = kept.strip(" .") or "_"
    while len(kept.encode()) > _NAME_BYTES:
        kept = kept[:-1]
    if kept.split(".")[0].upper() in _WINDOWS_NAMES:
        kept = f"_{kept}"
    return kept.strip(" .") + suffix


def _put(temporary: Path, path: Path) -> Path:
    try:
        os.replace(temporary, path)
        return path
    except PermissionError:
        pass
    try:
        shutil.copyfile(temporary, path)
        return path
    except PermissionError:
        other = free_name(path)
        shutil.copyfile(temporary, other)
        return other


def _refused(path: Path, error: OSError) -> StorageError:
    return StorageError(
        _("“{name}” could not be written.").format(name=path.name),
        _("Choose another folder, or free some space, and try again."),
        (error.strerror or str(error),),
    )

"""Reading dropped files in the background; what they hold is stored in one step afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from qihua_desktop.exchange.invoices import ReadResult
from qihua_desktop.i18n import _
from ui.common.jobs import JobContext

MOST_FILES = 5_000
FILTERS = "*.xml *.ofd *.pdf *.zip *.jpg *.jpeg *.png *.bmp *.tif *.tiff *.webp *.gif *.txt"


def read_paths(paths: Sequence[Path], job: JobContext) -> tuple[ReadResult, ...]:
    """Read files and whole folders, file by file; raises Cancelled when it is stopped, and then nothing is kept."""
    from qihua_desktop.exchange.invoices import read_invoice

    found: list[ReadResult] = []
    files = _files(paths)
    for number, path in enumerate(files):
        job.progress(number, len(files), path.name)
        found.extend(read_invoice(path))
    job.progress(len(files), len(files), _("Storing…"))
    return tuple(found)


def _files(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the files, those of folders with them; what a desktop hides is left out."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
            found.extend(inside)
        else:
            found.append(path)
    return tuple(found[:MOST_FILES])

"""Rows of a list pasted from a spreadsheet: columns in a known order, or in whatever order a heading says."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qihua_desktop.i18n import _

from .errors import InputError

MAX_ROWS: Final = 5_000
_LONGEST_HEADING: Final = 40


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column that can be pasted; ``titles`` are its headings in small letters, the first column is the name."""

    key: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListRow:
    """A pasted row: where it stood, and its cells by column; columns that were not there are missing."""

    number: int
    cells: dict[str, str]


def read_list(rows: Sequence[Sequence[str]], columns: Sequence[ListColumn]) -> tuple[ListRow, ...]:
    """Read the clipboard's cells; rows without a name are left out. Raises InputError when nothing is left."""
    if len(rows) > MAX_ROWS:
        raise InputError(_("At most {count} rows can be pasted at once.").format(count=MAX_ROWS))
    heading = _heading(rows[0], columns) if rows else {}
    order = heading or {at: column.key for at, column in enumerate(columns)}
    found: list[ListRow] = []
    for number, row in enumerate(rows[1:] if heading else rows, start=2 if heading else 1):
        cells = {order[at]: cell.strip() for at, cell in enumerate(row) if at in order}
        if cells.get(columns[0].key):
            found.append(ListRow(number, cells))
    if not found:
        raise InputError(
            _("The clipboard holds no rows with a name."), _("Copy rows whose first column, or “Name”, is filled.")
        )
    return tuple(found)


def _heading(row: Sequence[str], columns: Sequence[ListColumn]) -> dict[int, str]:
    """Return the columns that a heading names, nothing when the row is no heading."""
    known = {title: column.key for column in columns for title in column.titles}
    found: dict[int, str] = {}
    cells = [" ".join(unicodedata.normalize("NFKC", cell).casefold().split()) for cell in row]
    for at, words in enumerate(cells):
        key = known.get(words) if len(words) <= _LONGEST_HEADING else None
        if key is not None and key not in found.values():
            found[at] = key
    return found if columns[0].key in found.values() else {}

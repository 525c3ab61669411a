"""What a table is made of: columns, cells and rows, and the sums that stand at the foot of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qihua_desktop.i18n import _

from .canvas import Align, Ink
from .formats import format_fen
from .paragraphs import Content
from .signatures import Strokes
from .styles import BAD, TOTAL_FILL


@dataclass(frozen=True, slots=True)
class Column:
    """A column: fixed (``width`` in points), as wide as its content (``fitted``), or a ``share`` of what is left.

    A fitted column is at most ``most`` points wide, half of the table where that is 0.
    """

    title: str
    share: float = 1.0
    width: float = 0.0
    fitted: bool = False
    most: float = 0.0
    align: Align = Align.LEFT


@dataclass(frozen=True, slots=True)
class Cell:
    """Content with its looks; ``span`` columns wide, ``indent`` levels deep.

    With ``strokes`` the text stands at the foot of the cell and the handwriting above it.
    """

    content: Content
    align: Align | None = None
    bold: bool = False
    ink: Ink | None = None
    fill: Ink | None = None
    span: int = 1
    indent: int = 0
    strokes: Strokes = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row of cells or plain texts.

    ``amount`` in fen takes part in the running total; ``amounts`` are those of several columns, in the order of the
    table's ``running_totals``. ``fill`` lies behind all cells; ``strong`` rows are bold. ``keep_with_next`` keeps a
    group's head with its first member.
    """

    cells: tuple[Cell | str, ...]
    amount: int | None = None
    amounts: tuple[int | None, ...] = ()
    fill: Ink | None = None
    strong: bool = False
    min_height: float = 0.0
    keep_with_next: bool = False


def total_row(*cells: Cell | str) -> Row:
    """Return the closing 合计 row of a table."""
    return Row(cells, strong=True, fill=TOTAL_FILL)


class RunningTotals:
    """The sums at the foot of a page, 本页小计 and 累计; any page's cost the same, however many came before it."""

    __slots__ = ("_columns", "_sums", "_together")

    def __init__(self, rows: Sequence[Row], column: int | None, columns: Sequence[int]) -> None:
        """Add up the rows once; ``column`` alone has both sums in one row, ``columns`` have a row for each sum."""
        self._together = column is not None
        self._columns = (column,) if column is not None else tuple(columns)
        self._sums: list[tuple[int, ...]] = []
        self._add_up(rows)

    @property
    def row_count(self) -> int:
        """How many rows there are at the foot of a page that is not the last."""
        return 0 if not self._columns else 1 if self._together else 2

    def of(self, rows: Sequence[Row]) -> RunningTotals:
        """Return the totals of other rows in the same columns."""
        return RunningTotals(rows, self._columns[0] if self._together else None, self._columns)

    def rows(self, first: int, last: int, columns: int) -> list[Row]:
        """Return the rows below the part of a table from its row ``first`` up to ``last``, exclusive."""
        if not self._columns:
            return []
        so_far = self._sums[last]
        page = [total - before for total, before in zip(so_far, self._sums[first], strict=True)]
        if self._together:
            words = _("This page {page} · so far").format(page=format_fen(page[0]))
            return [self._row(words, so_far, columns)]
        return [self._row(_("This page"), page, columns), self._row(_("Carried so far"), so_far, columns)]

    def widest(self, column: int) -> str:
        """Return the longest sum that may stand in a column, empty where none does."""
        if column not in self._columns:
            return ""
        at = self._columns.index(column)
        sums = [one[at] for one in self._sums]
        return max((format_fen(min(sums)), format_fen(max(sums))), key=len)

    def _row(self, words: str, figures: Sequence[int], columns: int) -> Row:
        cells: list[Cell | str] = [Cell("")] * columns
        for column, fen in zip(self._columns, figures, strict=True):
            cells[column] = Cell(format_fen(fen), align=Align.RIGHT, ink=BAD if fen < 0 else None)
        first = min(self._columns)
        return Row((Cell(words, align=Align.RIGHT, span=first), *cells[first:]), fill=TOTAL_FILL)

    def _add_up(self, rows: Sequence[Row]) -> None:
        if not self._columns:
            return
        sums = (0,) * len(self._columns)
        self._sums.append(sums)
        for row in rows:
            amounts = (row.amount,) if self._together else row.amounts
            if amounts:
                sums = tuple(total + (amount or 0) for total, amount in zip(sums, amounts, strict=True))
            self._sums.append(sums)

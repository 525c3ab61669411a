"""Tables that run over pages in linear time: repeated head, running totals, amounts that never break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from . import fonts
from .canvas import Align, Ink, Pen
from .export_report import ExportReport
from .layout import Block
from .paragraphs import TextBlock
from .signatures import Strokes, draw_strokes
from .styles import CELL, CELL_HEAD, HAIRLINE, HEAD_FILL, RULE, TextStyle
from .table_rows import Cell, Column, Row, RunningTotals, total_row

__all__ = ["Cell", "Column", "Row", "RunningTotals", "TableBlock", "total_row"]

_PADDING_X: Final = 5.0
_PADDING_Y: Final = 3.2
_CELL_LIMIT: Final = 0.45
"""Part of a page from which a row that does not fit is split instead of moved."""


@dataclass(frozen=True, slots=True)
class _Set:
    """A cell measured and ready to draw."""

    block: TextBlock
    first: int
    span: int
    fill: Ink | None
    strokes: Strokes = ()


@dataclass(frozen=True, slots=True)
class _SetRow:
    cells: tuple[_Set, ...]
    height: float
    row: Row


class TableBlock:
    """A bordered table. Rows are measured once; splitting over pages only moves indexes."""

    def __init__(
        self,
        columns: Sequence[Column],
        rows: Sequence[Row],
        report: ExportReport,
        *,
        style: TextStyle = CELL,
        head: bool = True,
        running_total_column: int | None = None,
        running_totals: Sequence[int] = (),
        space_before: float = 0.0,
        space_after: float = 4.0,
        keep_with_next: bool = False,
    ) -> None:
        """Set a table.

        Args:
            columns: from left to right.
            rows: from top to bottom; the spans of a row's cells add up to the number of columns.
            report: collects what could not be printed as typed.
            style: of the body's texts.
            head: whether the columns' titles are printed, on every page.
            running_total_column: where the sum so far stands when the table runs over pages, the page's own before it.
            running_totals: instead, several columns: 本页小计 and 累计 then have a row each. None may be the first.
            space_before: room above, in points.
            space_after: room below, in points.
            keep_with_next: whether a page must not end after it.
        """
        self._columns = tuple(columns)
        self._style = style
        self._report = report
        self._space = (space_before, space_after)
        self._keep = keep_with_next
        self._running = RunningTotals(rows, running_total_column, running_totals)
        self._cells = [self._blocks(row) for row in rows]
        titles = Row(tuple(Cell(c.title, align=_head_align(c)) for c in columns), fill=HEAD_FILL)
        self._head_cells = self._blocks(titles, CELL_HEAD) if head else None
        self._rows = tuple(rows)
        self._head_row = titles
        self._width = -1.0
        self._edges: list[float] = []
        self._set_rows: list[_SetRow] = []
        self._head: _SetRow | None = None
        self._tops: list[float] = [0.0]
        self._first, self._last = 0, len(rows)

    @property
    def space_before(self) -> float:
        """Room above."""
        return self._space[0] if self._first == 0 else 0.0

    @property
    def space_after(self) -> float:
        """Room below."""
        return self._space[1]

    @property
    def keep_with_next(self) -> bool:
        """Whether a page must not end after the table."""
        return self._keep

    @property
    def least_height(self) -> float:
        """Head and the first rows, so that a heading is not left alone."""
        rows = self._set_rows[self._first : self._first + 2]
        return (self._head.height if self._head else 0.0) + sum(row.height for row in rows) if rows else 60.0

    def height(self, width: float) -> float:
        """Return the height when set this wide."""
        self._set(width)
        return self._head_height() + self._tops[self._last] - self._tops[self._first]

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Split between rows; a row higher than nearly half a page is split between its lines."""
        self._set(width)
        room -= self._head_height() + self._running_height()
        last = self._first
        while last < self._last and self._tops[last + 1] - self._tops[self._first] <= room + 0.01:
            last += 1
        rest = room - (self._tops[last] - self._tops[self._first])
        if last < self._last and self._set_rows[last].height > max(room * _CELL_LIMIT, 120.0):
            cut = self._cut_row(last, rest)
            if cut is not None:
                return cut
        while last > self._first and self._rows[last - 1].keep_with_next:
            last -= 1
        if last <= self._first:
            return None
        return self._part(self._first, last), self._part(last, self._last)

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw the head, this part's rows and the running totals."""
        self._set(width)
        top = y
        boundaries = _Boundaries()
        rows = self._set_rows[self._first : self._last]
        if self._head is not None:
            rows = [self._head, *rows]
        rows = [*rows, *self._running_rows()]
        for row in rows:
            self._draw_row(pen, row, x, y)
            boundaries.add(row, y)
            y += row.height
        rule = top
        for row in rows[:-1]:
            rule += row.height
            pen.line((x, rule), (x + width, rule), ink=HAIRLINE, width=0.4)
        for edge, start, end in boundaries.segments(y):
            pen.line((x + self._edges[edge], start), (x + self._edges[edge], end), ink=HAIRLINE, width=0.4)
        pen.rectangle(x, top, width, y - top, stroke=RULE, line_width=0.7)

    def _draw_row(self, pen: Pen, row: _SetRow, x: float, y: float) -> None:
        edges = self._edges
        if row.row.fill is not None:
            pen.rectangle(x, y, edges[-1], row.height, fill=row.row.fill)
        for cell in row.cells:
            left, right = edges[cell.first], edges[cell.first + cell.span]
            if cell.fill is not None:
                pen.rectangle(x + left, y, right - left, row.height, fill=cell.fill)
            room = right - left - 2 * _PADDING_X
            free = row.height - cell.block.height(room)
            if cell.strokes:
                draw_strokes(pen, cell.strokes, x + left + 6, y + 4, right - left - 12, free - _PADDING_Y - 4)
            offset = free - _PADDING_Y if cell.strokes else free / 2
            cell.block.draw(pen, x + left + _PADDING_X, y + offset, room)

    def _blocks(self, row: Row, style: TextStyle | None = None) -> tuple[_Set, ...]:
        base = style or self._style
        result: list[_Set] = []
        first = 0
        for entry in row.cells:
            cell = entry if isinstance(entry, Cell) else Cell(entry)
            column = self._columns[first]
            chosen = _cell_style(
                base,
                cell.ink or base.ink,
                cell.align or (column.align if cell.span == 1 else Align.LEFT),
                cell.indent,
                bold=base.bold or cell.bold or row.strong,
            )
            result.append(
                _Set(TextBlock(cell.content, chosen, self._report), first, cell.span, cell.fill, cell.strokes)
            )
            first += cell.span
        if first != len(self._columns):
            raise ValueError(f"a row spans {first} of {len(self._columns)} columns")
        return tuple(result)

    def _set(self, width: float) -> None:
        if self._width == width:
            return
        self._width = width
        self._edges = self._column_edges(width)
        self._set_rows = [self._measured(cells, row) for cells, row in zip(self._cells, self._rows, strict=True)]
        self._head = self._measured(self._head_cells, self._head_row) if self._head_cells is not None else None
        self._tops = [0.0]
        for row in self._set_rows:
            self._tops.append(self._tops[-1] + row.height)

    def _measured(self, cells: tuple[_Set, ...], row: Row) -> _SetRow:
        heights = [
            cell.block.height(self._edges[cell.first + cell.span] - self._edges[cell.first] - 2 * _PADDING_X)
            for cell in cells
        ]
        return _SetRow(cells, max(max(heights, default=0.0) + 2 * _PADDING_Y, row.min_height), row)

    def _column_edges(self, width: float) -> list[float]:
        widths = [column.width for column in self._columns]
        for index, column in enumerate(self._columns):
            if column.fitted:
                widths[index] = min(self._natural_width(index), column.most or width * 0.5)
        shares = [0.0 if widths[i] else column.share for i, column in enumerate(self._columns)]
        left = width - sum(widths)
        if sum(shares) > 0:
            left = max(left, width * 0.15)
            widths = [w or left * share / sum(shares) for w, share in zip(widths, shares, strict=True)]
        scale = width / sum(widths)
        edges = [0.0]
        for one in widths:
            edges.append(edges[-1] + one * scale)
        return edges

    def _natural_width(self, column: int) -> float:
        rows = self._cells if self._head_cells is None else [self._head_cells, *self._cells]
        widest = max(
            (c.block.natural_width() for row in rows for c in row if c.first == column and c.span == 1), default=0.0
        )
        widest = max(widest, fonts.face(bold=True).width(self._running.widest(column), self._style.size))
        return widest + 2 * _PADDING_X + 0.5

    def _head_height(self) -> float:
        return self._head.height if self._head is not None else 0.0

    def _running_height(self) -> float:
        return self._running.row_count * (self._style.leading + 2 * _PADDING_Y)

    def _running_rows(self) -> list[_SetRow]:
        if self._last == len(self._rows):
            return []
        rows = self._running.rows(self._first, self._last, len(self._columns))
        return [self._measured(self._blocks(row), row) for row in rows]

    def _part(self, first: int, last: int) -> TableBlock:
        part = object.__new__(TableBlock)
        part.__dict__.update(self.__dict__)
        part._first, part._last = first, last
        return part

    def _cut_row(self, index: int, room: float) -> tuple[TableBlock, TableBlock] | None:
        """Split one high row between lines into two tables; cheap, for it happens once per page at most."""
        row = self._set_rows[index]
        count = int((room - 2 * _PADDING_Y) / self._style.leading)
        if count < 3:
            return None
        upper: list[_Set] = []
        lower: list[_Set] = []
        for cell in row.cells:
            width = self._edges[cell.first + cell.span] - self._edges[cell.first] - 2 * _PADDING_X
            lines = len(cell.block.lines(width))
            first, second = cell.block.split_lines(width, min(count, lines))
            upper.append(_Set(first, cell.first, cell.span, cell.fill, cell.strokes))
            lower.append(_Set(second, cell.first, cell.span, cell.fill))
        rows = list(self._rows)
        rows.insert(index + 1, Row(rows[index].cells, fill=rows[index].fill, strong=rows[index].strong))
        split = self._part(self._first, self._last + 1)
        split._rows = tuple(rows)
        split._running = self._running.of(rows)
        split._cells = [*self._cells[:index], tuple(upper), tuple(lower), *self._cells[index + 1 :]]
        split._width = -1.0
        split._set(self._width)
        return split._part(self._first, index + 1), split._part(index + 1, self._last + 1)


class _Boundaries:
    """Joins the vertical lines of rows with equal columns, so that a page needs a handful instead of thousands."""

    def __init__(self) -> None:
        self._open: dict[int, float] = {}
        self._done: list[tuple[int, float, float]] = []

    def add(self, row: _SetRow, y: float) -> None:
        """Note the inner boundaries of a row that begins at y."""
        here = {cell.first for cell in row.cells if cell.first > 0}
        for edge in [edge for edge in self._open if edge not in here]:
            self._done.append((edge, self._open.pop(edge), y))
        for edge in here:
            self._open.setdefault(edge, y)

    def segments(self, bottom: float) -> Iterator[tuple[int, float, float]]:
        """Yield boundary, top and bottom of every line."""
        yield from self._done
        for edge, start in self._open.items():
            yield edge, start, bottom


@lru_cache(maxsize=256)
def _cell_style(base: TextStyle, ink: Ink, align: Align, indent: int, *, bold: bool) -> TextStyle:
    """Return the style of a cell; cells of one look share theirs, which keeps long tables small."""
    return TextStyle(base.size, base.leading, bold, ink, align, left_indent=indent * base.size * 1.2)


def _head_align(column: Column) -> Align:
    return column.align if column.align is Align.RIGHT else Align.CENTRE if column.align is Align.CENTRE else Align.LEFT

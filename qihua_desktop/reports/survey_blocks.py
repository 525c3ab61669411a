"""What a respondent writes on: grids of choices, scales, ranking boxes and lines."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .canvas import MILLIMETRE, Align, Pen
from .export_report import ExportReport
from .fonts import clean_line, face
from .layout import Block
from .line_breaks import break_lines
from .paragraphs import TextBlock
from .styles import BLACK, MUTED, RULE, SOFT, TextStyle

_INDENT: Final = 21.0
_GAP: Final = 14.0
_BLANK: Final = 72.0
_LINE: Final = 9 * MILLIMETRE
_SCALE_TEXT: Final = 9.5


class _Whole:
    """A block that is never split."""

    space_before = 0.0
    space_after = 3.0
    keep_with_next = False
    least_height = 0.0

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Keep it whole."""
        return None


class OptionGrid(_Whole):
    """Choices in as many columns as the longest label allows, read row by row."""

    def __init__(self, labels: Sequence[TextBlock], with_text: Sequence[bool]) -> None:
        """Take the labels with their boxes; ``with_text`` leaves a line to write on behind a label."""
        self._labels = tuple(labels)
        self._with_text = tuple(with_text)

    def height(self, width: float) -> float:
        """Return the height of all rows."""
        return sum(self._row_heights(width))

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw labels and lines."""
        columns, each = self._columns(width)
        heights = self._row_heights(width)
        for index, (label, with_text) in enumerate(zip(self._labels, self._with_text, strict=True)):
            row, column = divmod(index, columns)
            left, top = x + _INDENT + column * (each + _GAP), y + sum(heights[:row])
            label.draw(pen, left, top, each)
            if with_text and len(label.lines(each)) == 1:
                start = left + label.natural_width() + 2
                end = left + each if columns > 1 else min(left + each, start + 2 * _BLANK)
                pen.line((start, top + 14), (max(end, start + 20), top + 14), ink=SOFT, width=0.6)

    def _columns(self, width: float) -> tuple[int, float]:
        room = width - _INDENT
        widest = max(
            (
                label.natural_width() + (_BLANK if blank else 0.0)
                for label, blank in zip(self._labels, self._with_text, strict=True)
            ),
            default=room,
        )
        columns = max(1, min(4, len(self._labels), int((room + _GAP) / (widest + _GAP))))
        if len(self._labels) == 4 and columns == 3:
            columns = 2
        return columns, (room - _GAP * (columns - 1)) / columns

    def _row_heights(self, width: float) -> list[float]:
        columns, each = self._columns(width)
        return [
            max(label.height(each) for label in self._labels[first : first + columns])
            for first in range(0, len(self._labels), columns)
        ]


class ScaleRow(_Whole):
    """Circles over their numbers, the meaning of both ends beside them."""

    def __init__(self, low: int, high: int, ends: tuple[str, str], report: ExportReport) -> None:
        """Set a scale from ``low`` to ``high``."""
        self._values = range(low, high + 1)
        self._ends = (clean_line(ends[0], report), clean_line(ends[1], report))

    def height(self, width: float) -> float:
        """Return the height: circles and numbers, more where the ends' names need more lines."""
        lines = max(len(self._end_lines(end, width)) for end in self._ends)
        return max(34.0, lines * 13.0 + 6)

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw the scale."""
        side = self._side(width)
        start = x + _INDENT + side
        step = min(46.0, (width - _INDENT - 2 * side) / len(self._values))
        for index, value in enumerate(self._values):
            middle = start + step * (index + 0.5)
            pen.ellipse(middle - 5.5, y + 3, 11, 11, stroke=BLACK, line_width=0.8)
            pen.text(middle, y + 27, str(value), size=9, ink=BLACK, align=Align.CENTRE)
        for lines_x, end, align in (
            (start - 8, self._ends[0], Align.RIGHT),
            (start + step * len(self._values) + 8, self._ends[1], Align.LEFT),
        ):
            baseline = y + 12.0
            for line in self._end_lines(end, width):
                pen.text(lines_x, baseline, line, size=_SCALE_TEXT, ink=SOFT, align=align)
                baseline += 13

    def _side(self, width: float) -> float:
        widest = max(face().width(end, _SCALE_TEXT) for end in self._ends)
        return min(widest + 8, width * 0.2)

    def _end_lines(self, text: str, width: float) -> list[str]:
        if not text:
            return []
        room = self._side(width) - 8 + 0.1
        widths = [face().character_width(c, _SCALE_TEXT) for c in text]
        return [text[line.start : line.end] for line in break_lines(text, widths, room, room)]


class RankingBoxes(_Whole):
    """A box to write the rank into before every item."""

    def __init__(self, labels: Sequence[str], report: ExportReport) -> None:
        """Set the items."""
        style = TextStyle(size=10, leading=17, left_indent=24)
        self._grid = [TextBlock(label, style, report) for label in labels]

    def height(self, width: float) -> float:
        """Return the height of all items."""
        return sum(self._heights(width))

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw boxes and items, in two columns where they are short."""
        columns, each = self._columns(width)
        heights = self._heights(width)
        for index, label in enumerate(self._grid):
            row, column = divmod(index, columns)
            left, top = x + _INDENT + column * (each + _GAP), y + sum(heights[:row])
            pen.rectangle(left, top + 1.5, 16, 15, stroke=BLACK, line_width=0.8)
            label.draw(pen, left, top + 1, each)

    def _columns(self, width: float) -> tuple[int, float]:
        room = width - _INDENT
        widest = max((label.natural_width() for label in self._grid), default=room)
        columns = max(1, min(4, len(self._grid), int((room + _GAP) / (widest + _GAP))))
        return columns, (room - _GAP * (columns - 1)) / columns

    def _heights(self, width: float) -> list[float]:
        columns, each = self._columns(width)
        return [
            max(label.height(each) for label in self._grid[first : first + columns]) + 4
            for first in range(0, len(self._grid), columns)
        ]


class WritingLines(_Whole):
    """Lines to write on, or a dated blank."""

    def __init__(
        self,
        count: int,
        report: ExportReport,
        *,
        short: bool = False,
        suffix: str = "",
        date_words: tuple[str, ...] = (),
    ) -> None:
        """Set a number of lines; ``date_words`` makes blanks of one line, each followed by its word."""
        self._count = count
        self._short = short
        self._suffix = clean_line(suffix, report)
        self._words = tuple(clean_line(word, report) for word in date_words)

    def height(self, width: float) -> float:
        """Return the room for handwriting."""
        return self._count * _LINE

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw the lines."""
        left = x + _INDENT
        if self._words:
            for word in self._words:
                pen.line((left, y + _LINE - 7), (left + 46, y + _LINE - 7), ink=RULE, width=0.7)
                pen.text(left + 50, y + _LINE - 9, word, size=10, ink=BLACK)
                left += 58 + face().width(word, 10)
            return
        end = left + 130 if self._short else x + width
        for index in range(self._count):
            base = y + (index + 1) * _LINE - 7
            pen.line((left, base), (end, base), ink=RULE, width=0.7)
        if self._suffix:
            pen.text(end + 8, y + _LINE - 9, self._suffix, size=9, ink=MUTED)


class Blanks(_Whole):
    """Named blanks in one line for the interviewer: 编号, 日期, 地点."""

    def __init__(self, names: Sequence[str], report: ExportReport) -> None:
        """Set the names."""
        self._names = tuple(clean_line(name, report) for name in names)

    def height(self, width: float) -> float:
        """Return one line."""
        return 20.0

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw names and blanks."""
        each = width / len(self._names)
        for index, name in enumerate(self._names):
            left = x + index * each
            pen.text(left, y + 14, name, size=9, ink=SOFT)
            start = left + face().width(name, 9) + 5
            end = left + each - (10 if index < len(self._names) - 1 else 0)
            pen.line((min(start, end), y + 16), (end, y + 16), ink=RULE, width=0.7)

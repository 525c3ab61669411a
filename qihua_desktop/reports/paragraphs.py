"""Blocks of running text, set with Chinese line breaking; there is no markup, so a user's text is always literal."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from . import fonts
from .canvas import Align, Ink, Pen
from .checkbox import choice
from .export_report import ExportReport
from .layout import Block
from .line_breaks import Line, break_lines, squeezed_widths
from .styles import TextStyle

_MAX_STRETCH = 0.12
"""Widest gap that justification adds between two characters, in em; a shorter line stays ragged."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text with traits that differ from its block's style; None means as the style says."""

    text: str
    bold: bool | None = None
    ink: Ink | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An inline vector check box, round where only one answer is possible."""

    checked: bool = False
    single: bool = False


Inline = Run | Choice
Content = str | Sequence[Inline]


class TextBlock:
    """A paragraph, or several where the text has line feeds."""

    __slots__ = (
        "_first", "_last", "_lines", "_natural", "_outline", "_set_width", "_spans", "_squeezed", "_style", "_text",
        "_widths",
    )  # fmt: skip

    def __init__(self, content: Content, style: TextStyle, report: ExportReport, *, outline: int | None = None) -> None:
        """Set a text in a style; ``outline`` is the level of its entry in the reader's table of contents."""
        self._style = style
        self._outline = outline
        self._text, self._spans = _composed(content, style, report)
        # An array, unlike a list, costs the garbage collector nothing: a long table has tens of thousands.
        self._widths = array("d")
        self._squeezed = False
        for start, end, bold, _ink in self._spans:
            natural = fonts.face(bold).advances(self._text[start:end], style.size)
            widths = squeezed_widths(self._text[start:end], natural)
            self._squeezed = self._squeezed or widths != natural
            self._widths.extend(widths)
        self._natural: float | None = None
        self._set_width = -1.0
        self._lines: list[Line] = []
        self._first = 0
        self._last: int | None = None

    @property
    def space_before(self) -> float:
        """Room above."""
        return self._style.space_before if self._first == 0 else 0.0

    @property
    def space_after(self) -> float:
        """Room below."""
        return self._style.space_after

    @property
    def keep_with_next(self) -> bool:
        """Whether it introduces what follows."""
        return self._style.keep_with_next

    @property
    def least_height(self) -> float:
        """Two lines, so that a heading is never left alone with one."""
        return 2 * self._style.leading

    @property
    def text(self) -> str:
        """The text as printed."""
        return self._text

    def natural_width(self) -> float:
        """Return the width of the widest line when nothing is broken."""
        if self._natural is None:
            widest = start = 0.0
            for character, width in zip(self._text, self._widths, strict=True):
                start = 0.0 if character == "\n" else start + width
                if start > widest:
                    widest = start
            self._natural = widest
        return self._natural + self._style.left_indent + self._style.first_indent * self._style.size

    def lines(self, width: float) -> list[str]:
        """Return the lines as printed when set this wide."""
        return [self._text[line.start : line.end] for line in self._broken(width)]

    def height(self, width: float) -> float:
        """Return the height when set this wide."""
        return len(self._broken(width)) * self._style.leading

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Split between lines, leaving at least two lines on either side."""
        lines = self._broken(width)
        fitting = int((room + 0.01) / self._style.leading)
        if len(lines) < 4 or fitting < 2:
            return None
        fitting = min(fitting, len(lines) - 2)
        return self.split_lines(width, fitting)

    def split_lines(self, width: float, count: int) -> tuple[TextBlock, TextBlock]:
        """Split after a number of lines."""
        self._broken(width)
        last = self._last if self._last is not None else len(self._lines)
        middle = self._first + count
        return self._part(self._first, middle), self._part(middle, last)

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw the lines."""
        style = self._style
        if self._outline is not None and self._first == 0:
            pen.outline(self._text[:120].replace("\n", " "), y - style.space_before, self._outline)
        baseline = y + (style.leading - style.size) / 2 + style.size * fonts.ASCENT
        for line in self._broken(width):
            starts_paragraph = line.start == 0 or self._text[line.start - 1] == "\n"
            indent = style.first_indent * style.size if starts_paragraph else 0.0
            self._draw_line(pen, line, x + style.left_indent + indent, baseline, width - style.left_indent - indent)
            baseline += style.leading

    def _draw_line(self, pen: Pen, line: Line, x: float, baseline: float, width: float) -> None:
        style = self._style
        free = width - line.width
        gaps = line.end - line.start - 1
        spacing = 0.0
        if style.align is Align.JUSTIFY and not line.last and gaps > 0 and 0 < free <= gaps * style.size * _MAX_STRETCH:
            spacing = free / gaps
        elif style.align is Align.CENTRE:
            x += free / 2
        elif style.align is Align.RIGHT:
            x += free
        for start, end, bold, ink in self._spans:
            first, last = max(start, line.start), min(end, line.end)
            if first >= last:
                continue
            for piece in self._pieces(first, last, bold=bold):
                pen.text(
                    x,
                    baseline,
                    self._text[piece.start : piece.stop],
                    size=style.size,
                    ink=ink,
                    bold=bold,
                    spacing=spacing,
                )
                x += sum(self._widths[piece.start : piece.stop]) + spacing * len(piece)

    def _pieces(self, first: int, last: int, *, bold: bool) -> list[range]:
        """Cut after every squeezed mark: what follows does not stand where the font would put it."""
        if not self._squeezed:
            return [range(first, last)]
        measured = fonts.face(bold)
        pieces: list[range] = []
        start = first
        for at in range(first, last):
            if self._widths[at] < measured.character_width(self._text[at], self._style.size) - 0.01:
                pieces.append(range(start, at + 1))
                start = at + 1
        if start < last:
            pieces.append(range(start, last))
        return pieces

    def _broken(self, width: float) -> list[Line]:
        if self._set_width != width:
            style = self._style
            room = max(width - style.left_indent, style.size)
            first = max(room - style.first_indent * style.size, style.size)
            self._lines = break_lines(self._text, self._widths, first, room)
            self._set_width = width
        return self._lines[self._first : self._last]

    def _part(self, first: int, last: int) -> TextBlock:
        part = object.__new__(TextBlock)
        for name in TextBlock.__slots__:
            setattr(part, name, getattr(self, name))
        part._first, part._last = first, last
        return part


def elided(text: str, size: float, width: float, *, bold: bool = False) -> str:
    """Return the cleaned text, shortened with an ellipsis where it is wider than the room."""
    measured = fonts.face(bold)
    if measured.width(text, size) <= width:
        return text
    room = width - measured.character_width("…", size)
    used = 0.0
    for index, character in enumerate(text):
        used += measured.character_width(character, size)
        if used > room:
            return text[:index].rstrip() + "…" if room > 0 else ""
    return text


Span = tuple[int, int, bool, Ink]


def _composed(content: Content, style: TextStyle, report: ExportReport) -> tuple[str, Sequence[Span]]:
    if isinstance(content, str):
        text = fonts.clean(content, report)
        return text, _whole(len(text), style.ink, bold=style.bold)
    text = ""
    spans: list[Span] = []
    for run in content:
        if isinstance(run, Choice):
            piece, bold, ink = choice(checked=run.checked, single=run.single), style.bold, style.ink
        else:
            piece = fonts.clean(run.text, report)
            bold = style.bold if run.bold is None else run.bold
            ink = run.ink or style.ink
        if piece:
            spans.append((len(text), len(text) + len(piece), bold, ink))
            text += piece
    return text, spans


@lru_cache(maxsize=4096)
def _whole(length: int, ink: Ink, *, bold: bool) -> tuple[Span, ...]:
    """Return the span of a text with one look; the cells of a table share theirs."""
    return ((0, length, bold, ink),) if length else ()

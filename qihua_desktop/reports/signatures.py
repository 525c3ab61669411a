"""Signature boxes: who, what they decided, the strokes they drew, and room for ink where nobody has signed yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .canvas import MILLIMETRE, Align, Pen
from .export_report import ExportReport
from .fonts import clean_line
from .formats import moment
from .layout import Block
from .paragraphs import elided
from .styles import BAD, BLACK, HAIRLINE, MUTED, RULE, SOFT

Strokes = tuple[tuple[tuple[int, int], ...], ...]
"""Handwriting: strokes of (x, y) points, both 0 … 10000 of the box it was drawn in."""

STROKE_BOX: Final = 10_000
BOX_HEIGHT: Final = 21 * MILLIMETRE
_PER_ROW: Final = 5


@dataclass(frozen=True, slots=True)
class SignatureBox:
    """One box: ``heading`` is the department or office, ``name`` who signs, ``note`` the decision in words.

    ``void`` marks a signature given for other content than is printed here.
    """

    heading: str
    name: str = ""
    note: str = ""
    strokes: Strokes = ()
    signed_at: datetime | None = None
    void: bool = False


class SignatureBlock:
    """A row (or rows of up to five) of signature boxes that stays whole."""

    space_after = 4.0
    keep_with_next = False
    least_height = 0.0

    def __init__(self, boxes: Sequence[SignatureBox], report: ExportReport, *, space_before: float = 10.0) -> None:
        """Set the boxes in order of signing."""
        self._boxes = [_cleaned(box, report) for box in boxes]
        self._space_before = space_before

    @property
    def space_before(self) -> float:
        """Room above."""
        return self._space_before

    def height(self, width: float) -> float:
        """Return the height of all rows."""
        return BOX_HEIGHT * self._grid()[0]

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Keep it whole."""
        return None

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw the boxes, all equally wide."""
        rows, columns = self._grid()
        each = width / columns
        for index, box in enumerate(self._boxes):
            row, column = divmod(index, columns)
            _draw_box(pen, box, x + column * each, y + row * BOX_HEIGHT, each)
        bottom = y + rows * BOX_HEIGHT
        for column in range(1, columns):
            pen.line((x + column * each, y), (x + column * each, bottom), ink=HAIRLINE, width=0.5)
        for row in range(1, rows):
            pen.line((x, y + row * BOX_HEIGHT), (x + width, y + row * BOX_HEIGHT), ink=HAIRLINE, width=0.5)
        pen.rectangle(x, y, width, bottom - y, stroke=RULE, line_width=0.7)

    def _grid(self) -> tuple[int, int]:
        """Return how many rows and columns the boxes take."""
        count = max(len(self._boxes), 1)
        rows = -(-count // _PER_ROW)
        return rows, -(-count // rows)


def draw_strokes(pen: Pen, strokes: Strokes, x: float, y: float, width: float, height: float) -> None:
    """Draw handwriting as vectors, as large as it fits, in its own proportions (3 : 1 as on the signature pad)."""
    scale = min(width / 3, height)
    left, top = x + (width - 3 * scale) / 2, y + (height - scale) / 2
    placed = [
        [(left + px * 3 * scale / STROKE_BOX, top + py * scale / STROKE_BOX) for px, py in stroke] for stroke in strokes
    ]
    pen.strokes(placed, ink=BLACK, width=max(0.7, scale * 0.035))


def _draw_box(pen: Pen, box: SignatureBox, x: float, y: float, width: float) -> None:
    middle = x + width / 2
    room = width - 8
    heading = elided(box.heading, 8.5, room)
    pen.text(middle, y + 12, heading, size=8.5, ink=SOFT, align=Align.CENTRE)
    ink = BAD if box.void else BLACK
    if box.strokes:
        draw_strokes(pen, box.strokes, x + 8, y + 15, width - 16, BOX_HEIGHT - 38)
    if box.signed_at is not None:
        line = "  ".join(part for part in (box.name, box.note) if part)
        pen.text(middle, y + BOX_HEIGHT - 14, elided(line, 8, room), size=8, ink=ink, align=Align.CENTRE)
        pen.text(middle, y + BOX_HEIGHT - 5, moment(box.signed_at), size=6.5, ink=MUTED, align=Align.CENTRE)
    elif box.name:
        pen.text(middle, y + BOX_HEIGHT - 6, elided(box.name, 8, room), size=8, ink=MUTED, align=Align.CENTRE)


def _cleaned(box: SignatureBox, report: ExportReport) -> SignatureBox:
    return SignatureBox(
        clean_line(box.heading, report),
        clean_line(box.name, report),
        clean_line(box.note, report),
        box.strokes,
        box.signed_at,
        box.void,
    )

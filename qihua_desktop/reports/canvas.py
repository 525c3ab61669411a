"""A typed pen over reportlab's canvas: y grows downwards, text is cleaned by the caller, colours are ``Ink``.

Everything on a page goes through here, so that no unembedded font, no markup and no image by path can get in.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from . import fonts

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

MILLIMETRE: Final = 72 / 25.4


class Align(StrEnum):
    """Horizontal alignment; justified text stretches the gaps between characters imperceptibly."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    JUSTIFY = "justify"


@dataclass(frozen=True, slots=True)
class Ink:
    """An RGB colour, each part 0 … 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def from_hex(cls, text: str) -> Ink:
        """Read ``#RRGGBB``."""
        return cls(int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16))

    def grey(self) -> Ink:
        """Return the tone that a black and white printer makes of it (ITU-R BT.601)."""
        tone = round(0.299 * self.red + 0.587 * self.green + 0.114 * self.blue)
        return Ink(tone, tone, tone)


@dataclass(frozen=True, slots=True)
class PageSize:
    """Width and height in points."""

    width: float
    height: float

    def landscape(self) -> PageSize:
        """Return the same sheet turned on its long side."""
        return PageSize(max(self.width, self.height), min(self.width, self.height))


A4: Final = PageSize(210 * MILLIMETRE, 297 * MILLIMETRE)
A3: Final = PageSize(297 * MILLIMETRE, 420 * MILLIMETRE)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a PDF reader shows about the file; no account name and no path ever belongs here."""

    title: str
    author: str
    subject: str
    language: str
    created: datetime


class Pen:
    """Draws pages of one PDF. Coordinates are points from the top left corner; y grows downwards."""

    def __init__(self, size: PageSize, metadata: Metadata) -> None:
        """Start a document; the same metadata and drawing always give the same bytes."""
        from reportlab import rl_config
        from reportlab.pdfgen import canvas as pdf

        rl_config.useA85 = 0  # binary streams: a fifth smaller and faster than their ASCII form
        fonts.face()
        self._stream = io.BytesIO()
        self._size = size
        make: Any = pdf.Canvas
        self._canvas: Any = make(
            self._stream,
            pagesize=(size.width, size.height),
            initialFontName=fonts.REGULAR,
            pageCompression=1,
            pdfVersion=(1, 7),
            invariant=1,
            lang=metadata.language,
        )
        self._describe(metadata)
        self._outlines = 0
        self._pictures: dict[bytes, Any] = {}

    @property
    def size(self) -> PageSize:
        """The sheet being drawn on."""
        return self._size

    def end_page(self) -> None:
        """Finish this page; the next call draws on a new one."""
        self._canvas.showPage()

    def finish(self) -> bytes:
        """Return the PDF."""
        self._canvas.save()
        return self._stream.getvalue()

    def text(
        self,
        x: float,
        baseline: float,
        text: str,
        *,
        size: float,
        ink: Ink,
        bold: bool = False,
        align: Align = Align.LEFT,
        spacing: float = 0.0,
    ) -> None:
        """Draw one line of cleaned text; inline marks become vector boxes and circles."""
        if not text:
            return
        measured = fonts.face(bold)
        if align in (Align.CENTRE, Align.RIGHT):
            width = measured.width(text, size) + spacing * (len(text) - 1)
            x -= width / 2 if align is Align.CENTRE else width
        canvas = self._canvas
        self._fill(ink)
        canvas.setFont(measured.name, size)
        pieces = _split_marks(text)
        if pieces == [text] and text not in fonts.MARKS:
            canvas.drawString(x, self._y(baseline), text, charSpace=spacing)
            return
        for piece in pieces:
            if piece in fonts.MARKS:
                self._mark(x, baseline, piece, size, ink)
                self._fill(ink)
                canvas.setFont(measured.name, size)
            else:
                canvas.drawString(x, self._y(baseline), piece, charSpace=spacing)
            x += measured.width(piece, size) + spacing * len(piece)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], *, ink: Ink, width: float = 0.5, dash: Dash = ()
    ) -> None:
        """Draw a straight line."""
        self._stroke(ink, width, dash)
        self._canvas.line(start[0], self._y(start[1]), end[0], self._y(end[1]))

    def rectangle(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Ink | None = None,
        stroke: Ink | None = None,
        line_width: float = 0.5,
        radius: float = 0.0,
        dash: Dash = (),
    ) -> None:
        """Draw a rectangle, rounded where a radius is given."""
        if fill is None and stroke is None:
            return
        if fill is not None:
            self._fill(fill)
        if stroke is not None:
            self._stroke(stroke, line_width, dash)
        bottom = self._y(y + height)
        flags = {"fill": int(fill is not None), "stroke": int(stroke is not None)}
        if radius > 0:
            self._canvas.roundRect(x, bottom, width, height, min(radius, width / 2, height / 2), **flags)
        else:
            self._canvas.rect(x, bottom, width, height, **flags)

    def ellipse(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: Ink | None = None,
        stroke: Ink | None = None,
        line_width: float = 0.5,
    ) -> None:
        """Draw an ellipse inscribed in a rectangle."""
        if fill is not None:
            self._fill(fill)
        if stroke is not None:
            self._stroke(stroke, line_width, ())
        self._canvas.ellipse(
            x,
            self._y(y + height),
            x + width,
            self._y(y),
            fill=int(fill is not None),
            stroke=int(stroke is not None),
        )

    def path(
        self,
        points: Sequence[tuple[float, float]],
        *,
        closed: bool,
        fill: Ink | None = None,
        stroke: Ink | None = None,
        line_width: float = 0.5,
        dash: Dash = (),
    ) -> None:
        """Draw a polygon (closed) or a polyline through the points."""
        if len(points) < 2:
            return
        path = self._canvas.beginPath()
        path.moveTo(points[0][0], self._y(points[0][1]))
        for x, y in points[1:]:
            path.lineTo(x, self._y(y))
        if closed:
            path.close()
        if fill is not None:
            self._fill(fill)
        if stroke is not None:
            self._stroke(stroke, line_width, dash)
        self._canvas.drawPath(path, fill=int(fill is not None), stroke=int(stroke is not None))

    def strokes(self, strokes: Iterable[Sequence[tuple[float, float]]], *, ink: Ink, width: float) -> None:
        """Draw handwriting: smooth curves through the points (Catmull-Rom), round ends; a single point is a dot."""
        canvas = self._canvas
        canvas.saveState()
        canvas.setLineCap(1)
        canvas.setLineJoin(1)
        self._stroke(ink, width, ())
        for points in strokes:
            if not points:
                continue
            path = canvas.beginPath()
            path.moveTo(points[0][0], self._y(points[0][1]))
            if len(points) == 1:
                path.lineTo(points[0][0] + 0.01, self._y(points[0][1]))
            for first, second, end in _curves(points):
                path.curveTo(first[0], self._y(first[1]), second[0], self._y(second[1]), end[0], self._y(end[1]))
            canvas.drawPath(path, fill=0, stroke=1)
        canvas.restoreState()

    def image(self, data: bytes, x: float, y: float, width: float, height: float) -> bool:
        """Draw a picture fitted into the rectangle, opaque; False when the bytes are no picture."""
        from .pictures import opaque_picture

        try:
            if data not in self._pictures:
                self._pictures[data] = opaque_picture(data)
            picture = self._pictures[data]
            pixels: tuple[int, int] = picture.getSize()
            scale = min(width / pixels[0], height / pixels[1])
            size = (pixels[0] * scale, pixels[1] * scale)
            top = y + (height - size[1]) / 2
            self._canvas.drawImage(picture, x, self._y(top + size[1]), size[0], size[1])
        except Exception:  # Pillow raises whatever its decoders raise on damaged files
            return False
        return True

    @contextmanager
    def clipped(self, x: float, y: float, width: float, height: float) -> Generator[None]:
        """Draw only inside the rectangle."""
        canvas = self._canvas
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(x, self._y(y + height), width, height)
        canvas.clipPath(path, stroke=0, fill=0)
        yield
        canvas.restoreState()

    @contextmanager
    def rotated(self, x: float, y: float, degrees: float) -> Generator[None]:
        """Draw turned counter-clockwise about a point; inside, coordinates stay those of the page."""
        canvas = self._canvas
        canvas.saveState()
        canvas.translate(x, self._y(y))
        canvas.rotate(degrees)
        canvas.translate(-x, -self._y(y))
        yield
        canvas.restoreState()

    @contextmanager
    def defining(self, stamp: str) -> Generator[None]:
        """Draw not on the page but into a stamp that ``stamp`` puts on any page; before the first page only."""
        self._canvas.beginForm(stamp)
        yield
        self._canvas.endForm()

    def stamp(self, stamp: str) -> None:
        """Put a stamp on the page.

        Slanted words belong in stamps: direct on the page they mislead PDFium, which then finds a line break between
        any two words of the upright text (its search for the direction of lines looks at direct texts only).
        """
        self._canvas.doForm(stamp)

    def outline(self, title: str, y: float, level: int) -> None:
        """Add an entry to the reader's table of contents, leading here."""
        self._outlines += 1
        key = f"section-{self._outlines}"
        self._canvas.bookmarkHorizontalAbsolute(key, self._y(y))
        self._canvas.addOutlineEntry(title, key, level=level)

    def _y(self, y: float) -> float:
        return self._size.height - y

    def _fill(self, ink: Ink) -> None:
        self._canvas.setFillColorRGB(ink.red / 255, ink.green / 255, ink.blue / 255)

    def _stroke(self, ink: Ink, width: float, dash: Dash) -> None:
        self._canvas.setStrokeColorRGB(ink.red / 255, ink.green / 255, ink.blue / 255)
        self._canvas.setLineWidth(width)
        self._canvas.setDash(list(dash))

    def _mark(self, x: float, baseline: float, mark: str, size: float, ink: Ink) -> None:
        from .checkbox import draw_mark

        draw_mark(self, x, baseline, mark, size, ink)

    def _describe(self, metadata: Metadata) -> None:
        canvas = self._canvas
        canvas.setTitle(metadata.title)
        canvas.setAuthor(metadata.author)
        canvas.setSubject(metadata.subject)
        canvas.setCreator("Qihua Desktop")
        canvas.setProducer("Qihua Desktop")
        stamp = canvas._doc._timeStamp  # there is no public way to date an invariant document
        offset = metadata.created.utcoffset()
        minutes = 0 if offset is None else round(offset.total_seconds() / 60)
        stamp.YMDhms = metadata.created.timetuple()[:6]
        stamp.dhh, stamp.dmm = int(minutes / 60), abs(minutes) % 60


Dash = tuple[float, ...]


def _split_marks(text: str) -> list[str]:
    if fonts.MARKS.isdisjoint(text):
        return [text]
    pieces: list[str] = []
    for character in text:
        if character in fonts.MARKS or not pieces or pieces[-1] in fonts.MARKS:
            pieces.append(character)
        else:
            pieces[-1] += character
    return pieces


def _curves(
    points: Sequence[tuple[float, float]],
) -> Iterator[tuple[tuple[float, float], tuple[float, float], tuple[float, float]]]:
    for index in range(len(points) - 1):
        before = points[max(index - 1, 0)]
        start, end = points[index], points[index + 1]
        after = points[min(index + 2, len(points) - 1)]
        yield (
            (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6),
            (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6),
            end,
        )

"""Write a scene as SVG: the same primitives as on screen and paper, every text escaped and nothing that runs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import (
    Align,
    Dash,
    Group,
    Line,
    Overflow,
    Point,
    Polygon,
    Polyline,
    Primitive,
    Rect,
    RingSegment,
    Scene,
    Text,
    VerticalAlign,
    Weight,
)

Colour = Callable[[Role], str]
Measure = Callable[[str, float, Weight], float]
FONTS: Final = "'Noto Sans SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',sans-serif"
_UNWRITABLE: Final = re.compile("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DASHES: Final = {Dash.DASHED: "4 3", Dash.DOTTED: "1 2"}
_LONGEST_TEXT: Final = 2000
_BASELINE: Final = 0.36
_ANCHORS: Final = {Align.LEFT: "start", Align.CENTER: "middle", Align.RIGHT: "end"}


def write_svg(scene: Scene, *, colour: Colour, measure: Measure, title: str = "", background: Role | None) -> bytes:
    """Return a scene as an SVG file.

    Args:
        colour: the ``#rrggbb`` of a role.
        measure: the width of a text, to shorten what its box does not hold.
        title: what the picture shows, read out by screen readers.
        background: what lies behind it; None is transparent.
    """
    painter = _Painter(colour, measure)
    width, height = max(1, math.ceil(scene.width)), max(1, math.ceil(scene.height))
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'font-family="{escape(FONTS)}" role="img">',
        f"<title>{_words(title)}</title>",
    ]
    if background is not None:
        parts.append(f'<rect width="{width}" height="{height}" fill="{colour(background)}"/>')
    painter.paint(scene.primitives)
    return "".join((*parts, *painter.parts, "</svg>\n")).encode("utf-8")


def _words(text: str) -> str:
    return escape(_UNWRITABLE.sub(" ", text[:_LONGEST_TEXT]))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _path(points: Iterable[Point]) -> str:
    return " ".join(f"{_number(x)},{_number(y)}" for x, y in points)


class _Painter:
    def __init__(self, colour: Colour, measure: Measure) -> None:
        self.parts: list[str] = []
        self._colour = colour
        self._measure = measure
        self._clips = 0

    def paint(self, primitives: Iterable[Primitive]) -> None:
        for primitive in primitives:
            match primitive:
                case Rect():
                    self._rect(primitive)
                case Line():
                    self._line(primitive)
                case Polyline():
                    self._polyline(primitive)
                case Polygon():
                    looks = self._shape(primitive.fill, primitive.stroke, primitive.stroke_width, primitive.opacity)
                    self.parts.append(f'<polygon points="{_path(primitive.points)}"{looks}/>')
                case RingSegment():
                    looks = self._shape(primitive.fill, primitive.stroke, primitive.stroke_width, primitive.opacity)
                    self.parts.append(f'<path d="{_ring(primitive)}"{looks} fill-rule="evenodd"/>')
                case Text():
                    self._text(primitive)
                case Group():
                    self._group(primitive)

    def _shape(self, fill: Role | None, stroke: Role | None, width: float, opacity: float) -> str:
        looks = f' fill="{self._colour(fill) if fill is not None else "none"}"'
        if stroke is not None:
            looks += f' stroke="{self._colour(stroke)}" stroke-width="{_number(width)}"'
        return looks if opacity >= 1 else f'{looks} opacity="{_number(opacity)}"'

    def _stroke(self, stroke: Role, width: float, dash: Dash, opacity: float) -> str:
        looks = self._shape(None, stroke, width, opacity)
        return looks if dash is Dash.SOLID else f'{looks} stroke-dasharray="{_DASHES[dash]}"'

    def _rect(self, rect: Rect) -> None:
        looks = self._shape(rect.fill, rect.stroke, rect.stroke_width, rect.opacity)
        if rect.stroke is not None and rect.dash is not Dash.SOLID:
            looks += f' stroke-dasharray="{_DASHES[rect.dash]}"'
        half = rect.stroke_width / 2 if rect.stroke is not None else 0.0
        radius = min(rect.radius, rect.width / 2, rect.height / 2)
        corners = f' rx="{_number(radius)}"' if radius > 0 else ""
        self.parts.append(
            f'<rect x="{_number(rect.x + half)}" y="{_number(rect.y + half)}" '
            f'width="{_number(max(0.0, rect.width - 2 * half))}" height="{_number(max(0.0, rect.height - 2 * half))}"'
            f"{corners}{looks}/>"
        )

    def _line(self, line: Line) -> None:
        looks = self._stroke(line.stroke, line.width, line.dash, line.opacity)
        ends = f'x1="{_number(line.x1)}" y1="{_number(line.y1)}" x2="{_number(line.x2)}" y2="{_number(line.y2)}"'
        self.parts.append(f"<line {ends}{looks}/>")

    def _polyline(self, line: Polyline) -> None:
        if len(line.points) < 2:
            return
        points = line.points
        if line.arrow:
            (x0, y0), (x1, y1) = points[-2], points[-1]
            angle = math.atan2(y1 - y0, x1 - x0)
            base = x1 - line.arrow_size * math.cos(angle), y1 - line.arrow_size * math.sin(angle)
            side = -math.sin(angle) * line.arrow_size / 2, math.cos(angle) * line.arrow_size / 2
            head = ((x1, y1), (base[0] + side[0], base[1] + side[1]), (base[0] - side[0], base[1] - side[1]))
            looks = self._shape(line.stroke, None, 0, line.opacity)
            self.parts.append(f'<polygon points="{_path(head)}"{looks}/>')
            points = (*points[:-1], base)
        looks = self._stroke(line.stroke, line.width, line.dash, line.opacity)
        self.parts.append(f'<polyline points="{_path(points)}"{looks} stroke-linejoin="round"/>')

    def _text(self, text: Text) -> None:
        lines = self._lines(text)
        if not any(lines):
            return
        x = text.x + {Align.LEFT: 0.0, Align.CENTER: text.width / 2, Align.RIGHT: text.width}[text.align]
        high = text.size * 1.35
        block = high * (len(lines) - 1)
        top = {
            VerticalAlign.TOP: text.y + text.size,
            VerticalAlign.MIDDLE: text.y + text.height / 2 + text.size * _BASELINE - block / 2,
            VerticalAlign.BOTTOM: text.y + text.height - text.size * 0.25 - block,
        }[text.vertical]
        looks = f' fill="{self._colour(text.role)}" font-size="{_number(text.size)}"'
        if text.weight is Weight.BOLD:
            looks += ' font-weight="bold"'
        if text.align is not Align.LEFT:
            looks += f' text-anchor="{_ANCHORS[text.align]}"'
        if text.angle:
            middle = f"{_number(text.x + text.width / 2)} {_number(text.y + text.height / 2)}"
            looks += f' transform="rotate({_number(text.angle)} {middle})"'
        for number, line in enumerate(lines):
            place = f'x="{_number(x)}" y="{_number(top + number * high)}"'
            self.parts.append(f'<text {place}{looks} xml:space="preserve">{_words(line)}</text>')

    def _lines(self, text: Text) -> list[str]:
        words = text.text[:_LONGEST_TEXT]
        if text.overflow is Overflow.VISIBLE:
            return [words.replace("\n", " ")]
        if text.overflow is not Overflow.WRAP:
            return [self._fitted(words.replace("\n", " "), text)]
        lines: list[str] = []
        for line in words.split("\n"):
            rest = line
            while rest and self._measure(rest, text.size, text.weight) > text.width:
                count = self._fitting(rest, text, text.width)
                lines.append(rest[:count])
                rest = rest[count:]
            lines.append(rest)
        return lines[: max(1, int(text.height // (text.size * 1.35)))]

    def _fitted(self, words: str, text: Text) -> str:
        if self._measure(words, text.size, text.weight) <= text.width + 0.5:
            return words
        room = text.width - self._measure("…", text.size, text.weight)
        return words[: self._fitting(words, text, room)] + "…" if room > 0 else ""

    def _fitting(self, words: str, text: Text, room: float) -> int:
        """Return how many characters fit, at least one."""
        low, high = 1, len(words)
        while low < high:
            middle = (low + high + 1) // 2
            if self._measure(words[:middle], text.size, text.weight) <= room:
                low = middle
            else:
                high = middle - 1
        return low

    def _group(self, group: Group) -> None:
        looks = ""
        if group.dx or group.dy:
            looks += f' transform="translate({_number(group.dx)} {_number(group.dy)})"'
        if group.clip is not None:
            self._clips += 1
            name, clip = f"clip{self._clips}", group.clip
            box = f'x="{_number(clip.x)}" y="{_number(clip.y)}"'
            size = f'width="{_number(clip.width)}" height="{_number(clip.height)}"'
            # Viewers that know no clips draw the box itself; without a fill it is not seen.
            self.parts.append(f'<clipPath id="{name}"><rect {box} {size} fill="none"/></clipPath>')
            # The clip is in the group's own coordinates, so it goes inside its translation.
            looks += f' clip-path="url(#{name})"'
        if group.label:
            looks += f" aria-label={quoteattr(_UNWRITABLE.sub(' ', group.label[:_LONGEST_TEXT]))}"
        if not looks:
            self.paint(group.children)
            return
        self.parts.append(f"<g{looks}>")
        self.paint(group.children)
        self.parts.append("</g>")


def _ring(ring: RingSegment) -> str:
    if abs(ring.sweep) >= 360:
        return _circle(ring, ring.outer) + (_circle(ring, ring.inner) if ring.inner > 0 else "")

    def at(radius: float, angle: float) -> str:
        turn = math.radians(angle)
        return f"{_number(ring.cx + radius * math.sin(turn))} {_number(ring.cy - radius * math.cos(turn))}"

    end = ring.start + ring.sweep
    large, way = int(abs(ring.sweep) > 180), int(ring.sweep > 0)
    outer = f"{_number(ring.outer)} {_number(ring.outer)} 0 {large} {way} {at(ring.outer, end)}"
    if ring.inner <= 0:
        return f"M{_number(ring.cx)} {_number(ring.cy)}L{at(ring.outer, ring.start)}A{outer}Z"
    inner = f"{_number(ring.inner)} {_number(ring.inner)} 0 {large} {1 - way} {at(ring.inner, ring.start)}"
    return f"M{at(ring.outer, ring.start)}A{outer}L{at(ring.inner, end)}A{inner}Z"


def _circle(ring: RingSegment, radius: float) -> str:
    size, left = _number(radius), _number(ring.cx - radius)
    half = f"a{size} {size} 0 1 1 "
    return f"M{left} {_number(ring.cy)}{half}{_number(2 * radius)} 0{half}{_number(-2 * radius)} 0Z"

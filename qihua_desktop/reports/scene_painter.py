"""Paints a scene of ``domain.scene`` on paper, the counterpart of the screen's painter: same primitives, paper inks."""

from __future__ import annotations

from collections.abc import Iterable
from math import atan2, ceil, cos, pi, radians, sin
from typing import Final

from qihua_desktop.domain import scene as picture
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import (
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
    Text,
    VerticalAlign,
    Weight,
)

from . import fonts
from .canvas import Align, Ink, Pen
from .export_report import ExportReport
from .layout import Block
from .line_breaks import break_lines
from .paragraphs import elided
from .styles import PAPER, mixed

PIXEL: Final = 0.75
"""Points of one scene pixel (96 to the inch)."""

_DASHES: Final[dict[Dash, tuple[float, ...]]] = {Dash.SOLID: (), Dash.DASHED: (4, 3), Dash.DOTTED: (1, 2)}
_ALIGNS: Final = {
    picture.Align.LEFT: Align.LEFT,
    picture.Align.CENTER: Align.CENTRE,
    picture.Align.RIGHT: Align.RIGHT,
}
_LEADING: Final = 1.45


def measure(text: str, size: float, weight: Weight) -> float:
    """Return the width in scene pixels of a text as it will be printed; the ``Measure`` of scene builders for paper."""
    return fonts.face(bold=weight is Weight.BOLD).width(text, size)


def paint_scene(
    pen: Pen, primitives: Iterable[Primitive], x: float, y: float, scale: float, report: ExportReport
) -> None:
    """Draw primitives with their origin at (x, y); ``scale`` is points per scene pixel, ``PIXEL`` for true size."""
    painter = _ScenePainter(pen, scale, report)
    painter.paint(primitives, x, y)


class SceneBlock:
    """A scene standing in the text column, shrunk to its width where it is wider."""

    space_before = 6.0
    space_after = 6.0
    keep_with_next = False
    least_height = 0.0

    def __init__(self, scene: picture.Scene, report: ExportReport) -> None:
        """Take a scene at true size."""
        self._scene = scene
        self._report = report

    def height(self, width: float) -> float:
        """Return the height at the scale that fits the width."""
        return self._scene.height * self._scale(width)

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Keep the picture whole."""
        return None

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw it centred in the column."""
        scale = self._scale(width)
        left = x + (width - self._scene.width * scale) / 2
        paint_scene(pen, self._scene.primitives, left, y, scale, self._report)

    def _scale(self, width: float) -> float:
        return min(PIXEL, width / self._scene.width) if self._scene.width else PIXEL


class _ScenePainter:
    def __init__(self, pen: Pen, scale: float, report: ExportReport) -> None:
        self._pen = pen
        self._scale = scale
        self._report = report

    def paint(self, primitives: Iterable[Primitive], x: float, y: float) -> None:
        for primitive in primitives:
            match primitive:
                case Rect():
                    self._rect(primitive, x, y)
                case Line():
                    self._line(primitive, x, y)
                case Polyline():
                    self._polyline(primitive, x, y)
                case Polygon():
                    self._shape(
                        primitive.points,
                        (primitive.fill, primitive.stroke),
                        primitive.stroke_width,
                        primitive.opacity,
                        x,
                        y,
                    )
                case RingSegment():
                    points = _ring_points(primitive)
                    self._shape(
                        points, (primitive.fill, primitive.stroke), primitive.stroke_width, primitive.opacity, x, y
                    )
                case Text():
                    self._text(primitive, x, y)
                case Group():
                    self._group(primitive, x, y)

    def _group(self, group: Group, x: float, y: float) -> None:
        x, y = x + group.dx * self._scale, y + group.dy * self._scale
        if group.clip is None:
            self.paint(group.children, x, y)
            return
        box, k = group.clip, self._scale
        with self._pen.clipped(x + box.x * k, y + box.y * k, box.width * k, box.height * k):
            self.paint(group.children, x, y)

    def _rect(self, rect: Rect, x: float, y: float) -> None:
        k = self._scale
        self._pen.rectangle(
            x + rect.x * k,
            y + rect.y * k,
            rect.width * k,
            rect.height * k,
            fill=_ink(rect.fill, rect.opacity),
            stroke=_ink(rect.stroke, rect.opacity),
            line_width=rect.stroke_width * k,
            radius=rect.radius * k,
            dash=self._dash(rect.dash),
        )

    def _line(self, line: Line, x: float, y: float) -> None:
        k = self._scale
        self._pen.line(
            (x + line.x1 * k, y + line.y1 * k),
            (x + line.x2 * k, y + line.y2 * k),
            ink=mixed(PAPER[line.stroke], line.opacity),
            width=line.width * k,
            dash=self._dash(line.dash),
        )

    def _polyline(self, line: Polyline, x: float, y: float) -> None:
        points = self._moved(line.points, x, y)
        ink = mixed(PAPER[line.stroke], line.opacity)
        if line.arrow and len(points) > 1:
            tip, before = points[-1], points[-2]
            size = line.arrow_size * self._scale
            angle = atan2(tip[1] - before[1], tip[0] - before[0])
            base = (tip[0] - size * cos(angle), tip[1] - size * sin(angle))
            side = size * 0.45
            self._pen.path(
                [
                    tip,
                    (base[0] - side * sin(angle), base[1] + side * cos(angle)),
                    (base[0] + side * sin(angle), base[1] - side * cos(angle)),
                ],
                closed=True,
                fill=ink,
            )
            points = [*points[:-1], base]
        self._pen.path(
            points, closed=False, stroke=ink, line_width=line.width * self._scale, dash=self._dash(line.dash)
        )

    def _shape(
        self,
        points: tuple[Point, ...],
        roles: tuple[Role | None, Role | None],
        width: float,
        opacity: float,
        x: float,
        y: float,
    ) -> None:
        self._pen.path(
            self._moved(points, x, y),
            closed=True,
            fill=_ink(roles[0], opacity),
            stroke=_ink(roles[1], opacity),
            line_width=width * self._scale,
        )

    def _text(self, text: Text, x: float, y: float) -> None:
        k = self._scale
        size = text.size * k
        bold = text.weight is Weight.BOLD
        width, height = text.width * k, text.height * k
        left, top = x + text.x * k, y + text.y * k
        lines = self._lines(fonts.clean(text.text, self._report), text.overflow, size, width, bold=bold)
        leading = size * _LEADING
        free = height - leading * len(lines)
        offset = {VerticalAlign.TOP: 0.0, VerticalAlign.MIDDLE: free / 2, VerticalAlign.BOTTOM: free}[text.vertical]
        baseline = top + offset + (leading - size) / 2 + size * fonts.ASCENT
        align = _ALIGNS[text.align]
        anchor = left + {Align.CENTRE: width / 2, Align.RIGHT: width}.get(align, 0.0)
        with self._pen.rotated(left + width / 2, top + height / 2, -text.angle):
            for line in lines:
                self._pen.text(anchor, baseline, line, size=size, ink=PAPER[text.role], bold=bold, align=align)
                baseline += leading

    def _lines(self, text: str, overflow: Overflow, size: float, width: float, *, bold: bool) -> list[str]:
        match overflow:
            case Overflow.WRAP:
                face = fonts.face(bold)
                lines = break_lines(text, [face.character_width(c, size) for c in text], width, width)
                return [text[line.start : line.end] for line in lines]
            case Overflow.VISIBLE:
                return [" ".join(text.split("\n"))]
            case _:
                return [elided(" ".join(text.split("\n")), size, width, bold=bold)]

    def _moved(self, points: Iterable[Point], x: float, y: float) -> list[Point]:
        return [(x + px * self._scale, y + py * self._scale) for px, py in points]

    def _dash(self, dash: Dash) -> tuple[float, ...]:
        return tuple(part * self._scale for part in _DASHES[dash])


def _ink(role: Role | None, opacity: float) -> Ink | None:
    return None if role is None else mixed(PAPER[role], opacity)


def _ring_points(ring: RingSegment) -> tuple[Point, ...]:
    """Return the segment as a polygon fine enough for print (2° steps)."""
    steps = max(2, ceil(abs(ring.sweep) / 2))
    angles = [radians(ring.start + ring.sweep * step / steps) - pi / 2 for step in range(steps + 1)]
    outer = [(ring.cx + ring.outer * cos(a), ring.cy + ring.outer * sin(a)) for a in angles]
    if ring.inner <= 0:
        return (*outer, (ring.cx, ring.cy)) if abs(ring.sweep) < 360 else tuple(outer)
    inner = [(ring.cx + ring.inner * cos(a), ring.cy + ring.inner * sin(a)) for a in reversed(angles)]
    return (*outer, *inner)

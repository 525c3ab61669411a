"""Draws a scene with QPainter, in the theme's colours."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QImage,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import (
    Align,
    Box,
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
    bounds,
    hit,
)

from .theme import theme

Measure = Callable[[str, float, Weight], float]

_HORIZONTAL: Final = {
    Align.LEFT: Qt.AlignmentFlag.AlignLeft,
    Align.CENTER: Qt.AlignmentFlag.AlignHCenter,
    Align.RIGHT: Qt.AlignmentFlag.AlignRight,
}
_VERTICAL: Final = {
    VerticalAlign.TOP: Qt.AlignmentFlag.AlignTop,
    VerticalAlign.MIDDLE: Qt.AlignmentFlag.AlignVCenter,
    VerticalAlign.BOTTOM: Qt.AlignmentFlag.AlignBottom,
}
_PATTERNS: Final[dict[Dash, tuple[float, float]]] = {Dash.DASHED: (4.0, 3.0), Dash.DOTTED: (1.0, 2.0)}
_LONGEST_TEXT: Final = 2_000
_TEXT_SLACK: Final = 400.0


def paint_scene(painter: QPainter, primitives: Iterable[Primitive], visible: Box | None = None) -> None:
    """Draw primitives back to front; what lies outside ``visible`` is skipped."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    for primitive in primitives:
        if visible is not None and not _may_be_seen(primitive, visible):
            continue
        match primitive:
            case Rect():
                _rect(painter, primitive)
            case Line():
                _line(painter, primitive)
            case Polyline():
                _polyline(painter, primitive)
            case Polygon():
                _shape(painter, primitive.fill, primitive.stroke, primitive.stroke_width, primitive.opacity)
                painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in primitive.points]))
            case RingSegment():
                _shape(painter, primitive.fill, primitive.stroke, primitive.stroke_width, primitive.opacity)
                painter.drawPath(ring_path(primitive))
            case Text():
                _text(painter, primitive)
            case Group():
                _group(painter, primitive, visible)


def scene_image(scene: Scene, *, ratio: float = 2.0, background: Role = Role.SURFACE) -> QImage:
    """Return the scene as an image, for the clipboard and PNG files."""
    image = QImage(
        max(1, math.ceil(scene.width * ratio)), max(1, math.ceil(scene.height * ratio)), QImage.Format.Format_ARGB32
    )
    image.setDevicePixelRatio(ratio)
    image.fill(theme().color(background))
    painter = QPainter(image)
    paint_scene(painter, scene.primitives)
    painter.end()
    return image


def measure(text: str, size: float, weight: Weight = Weight.REGULAR) -> float:
    """Return a text's width on screen; scene builders are handed this, as the paper has its own."""
    font = theme().font(size, bold=weight is Weight.BOLD)
    return QFontMetricsF(font).horizontalAdvance(text[:_LONGEST_TEXT])


def ring_path(ring: RingSegment) -> QPainterPath:
    """Return the outline of a ring segment."""
    outer = QRectF(ring.cx - ring.outer, ring.cy - ring.outer, 2 * ring.outer, 2 * ring.outer)
    inner = QRectF(ring.cx - ring.inner, ring.cy - ring.inner, 2 * ring.inner, 2 * ring.inner)
    path = QPainterPath()
    if abs(ring.sweep) >= 360.0:
        path.addEllipse(outer)
        path.addEllipse(inner)
        path.setFillRule(Qt.FillRule.OddEvenFill)
        return path
    begin, sweep = 90.0 - ring.start, -ring.sweep  # Qt counts anticlockwise from three o'clock
    path.arcMoveTo(outer, begin)
    path.arcTo(outer, begin, sweep)
    if ring.inner > 0:
        path.arcTo(inner, begin + sweep, -sweep)
    else:
        path.lineTo(ring.cx, ring.cy)
    path.closeSubpath()
    return path


def _may_be_seen(primitive: Primitive, visible: Box) -> bool:
    box = bounds(primitive)
    if isinstance(primitive, Text):
        slack = _TEXT_SLACK if primitive.overflow is Overflow.VISIBLE or primitive.angle else 2.0
        box = box.grown(slack)
    elif isinstance(primitive, Group) and primitive.clip is None:
        box = box.grown(_TEXT_SLACK)
    else:
        box = box.grown(8.0)
    return box.intersects(visible)


def _color(role: Role, opacity: float) -> QColor:
    return theme().color(role, alpha=opacity)


def _pen(role: Role, width: float, dash: Dash, opacity: float) -> QPen:
    pen = QPen(_color(role, opacity), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    if dash is not Dash.SOLID:
        pen.setDashPattern([part / max(0.5, width) for part in _PATTERNS[dash]])
    return pen


def _shape(painter: QPainter, fill: Role | None, stroke: Role | None, width: float, opacity: float) -> None:
    painter.setBrush(QBrush(_color(fill, opacity)) if fill is not None else QBrush(Qt.BrushStyle.NoBrush))
    painter.setPen(_pen(stroke, width, Dash.SOLID, opacity) if stroke is not None else QPen(Qt.PenStyle.NoPen))


def _rect(painter: QPainter, rect: Rect) -> None:
    area = QRectF(rect.x, rect.y, rect.width, rect.height)
    if rect.stroke is None and rect.radius == 0:
        if rect.fill is not None:
            painter.fillRect(area, _color(rect.fill, rect.opacity))
        return
    _shape(painter, rect.fill, rect.stroke, rect.stroke_width, rect.opacity)
    if rect.stroke is not None:
        painter.setPen(_pen(rect.stroke, rect.stroke_width, rect.dash, rect.opacity))
        half = rect.stroke_width / 2
        area = area.adjusted(half, half, -half, -half)
    radius = min(rect.radius, area.width() / 2, area.height() / 2)
    painter.drawRoundedRect(area, radius, radius)


def _line(painter: QPainter, line: Line) -> None:
    painter.setPen(_pen(line.stroke, line.width, line.dash, line.opacity))
    straight = line.x1 == line.x2 or line.y1 == line.y2
    shift = 0.5 if straight and line.width <= 1.0 and painter.transform().m11() == 1.0 else 0.0
    dx = shift if line.x1 == line.x2 and float(line.x1).is_integer() else 0.0
    dy = shift if line.y1 == line.y2 and float(line.y1).is_integer() else 0.0
    painter.drawLine(QPointF(line.x1 + dx, line.y1 + dy), QPointF(line.x2 + dx, line.y2 + dy))


def _polyline(painter: QPainter, polyline: Polyline) -> None:
    if len(polyline.points) < 2:
        return
    points = polyline.points
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = _pen(polyline.stroke, polyline.width, polyline.dash, polyline.opacity)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    if not polyline.arrow:
        painter.drawPath(_rounded_path(points, polyline.radius))
    else:
        head, base = _arrow_head(points[-2], points[-1], polyline.arrow_size)
        painter.drawPath(_rounded_path((*points[:-1], base), polyline.radius))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_color(polyline.stroke, polyline.opacity))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in head]))


def _arrow_head(before: Point, tip: Point, size: float) -> tuple[tuple[Point, ...], Point]:
    angle = math.atan2(tip[1] - before[1], tip[0] - before[0])
    base = (tip[0] - size * math.cos(angle), tip[1] - size * math.sin(angle))
    side = (-math.sin(angle) * size * 0.5, math.cos(angle) * size * 0.5)
    return (tip, (base[0] + side[0], base[1] + side[1]), (base[0] - side[0], base[1] - side[1])), base


def _rounded_path(points: tuple[Point, ...], radius: float) -> QPainterPath:
    path = QPainterPath(QPointF(*points[0]))
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near = _towards(corner, before, radius)
        far = _towards(corner, after, radius)
        path.lineTo(QPointF(*near))
        if radius > 0:
            path.quadTo(QPointF(*corner), QPointF(*far))
    path.lineTo(QPointF(*points[-1]))
    return path


def _towards(start: Point, end: Point, distance: float) -> Point:
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    share = 0.0 if length == 0 else min(0.5, distance / length)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _text(painter: QPainter, text: Text) -> None:
    if not text.text:
        return
    painter.setFont(theme().font(text.size, bold=text.weight is Weight.BOLD, tabular=text.tabular))
    painter.setPen(theme().color(text.role))
    area = QRectF(text.x, text.y, text.width, text.height)
    if text.angle:
        painter.save()
        painter.translate(area.center())
        painter.rotate(text.angle)
        area = QRectF(-text.width / 2, -text.height / 2, text.width, text.height)
    words = text.text[:_LONGEST_TEXT]
    flags = int(_HORIZONTAL[text.align]) | int(_VERTICAL[text.vertical])
    match text.overflow:
        case Overflow.WRAP:
            flags |= int(Qt.TextFlag.TextWordWrap)
        case Overflow.VISIBLE:
            flags |= int(Qt.TextFlag.TextSingleLine) | int(Qt.TextFlag.TextDontClip)
        case Overflow.CLIP:
            flags |= int(Qt.TextFlag.TextSingleLine)
        case Overflow.ELIDE | Overflow.ELIDE_MIDDLE:
            flags |= int(Qt.TextFlag.TextSingleLine)
            middle = text.overflow is Overflow.ELIDE_MIDDLE
            mode = Qt.TextElideMode.ElideMiddle if middle else Qt.TextElideMode.ElideRight
            words = QFontMetricsF(painter.font()).elidedText(words, mode, area.width() + 0.5)
    painter.drawText(area, flags, words)
    if text.angle:
        painter.restore()


def _group(painter: QPainter, group: Group, visible: Box | None) -> None:
    plain = group.dx == 0 and group.dy == 0 and group.clip is None
    if plain:
        paint_scene(painter, group.children, visible)
        return
    painter.save()
    painter.translate(group.dx, group.dy)
    if group.clip is not None:
        clip = group.clip
        painter.setClipRect(QRectF(clip.x, clip.y, clip.width, clip.height), Qt.ClipOperation.IntersectClip)
    paint_scene(painter, group.children, None if visible is None else visible.moved(-group.dx, -group.dy))
    painter.restore()


class SceneWidget(QWidget):
    """Shows a whole scene, shrunk to fit if need be, never enlarged.

    Signals:
        object_clicked(str): the key under the mouse, empty beside all objects.
        object_activated(str): double click on an object.
    """

    object_clicked = Signal(str)
    object_activated = Signal(str)

    def __init__(self, scene: Scene | None = None, *, accessible_name: str = "") -> None:
        super().__init__()
        self._scene = scene or Scene(0, 0, ())
        self.setAccessibleName(accessible_name)

    def show_scene(self, scene: Scene) -> None:
        """Show another scene."""
        self._scene = scene
        self.updateGeometry()
        self.update()

    def scene(self) -> Scene:
        """Return the scene shown."""
        return self._scene

    def _fit(self) -> tuple[float, float, float]:
        width, height = max(1.0, self._scene.width), max(1.0, self._scene.height)
        scale = min(1.0, self.width() / width, self.height() / height)
        return scale, (self.width() - width * scale) / 2, (self.height() - height * scale) / 2

    def key_at(self, position: QPointF) -> str:
        """Return the object at a point of the widget, an empty text for none."""
        scale, left, top = self._fit()
        return hit(self._scene.primitives, (position.x() - left) / scale, (position.y() - top) / scale) or ""

    def sizeHint(self) -> QSize:
        return QSize(math.ceil(self._scene.width), math.ceil(self._scene.height))

    def minimumSizeHint(self) -> QSize:
        return QSize(min(80, math.ceil(self._scene.width)), min(60, math.ceil(self._scene.height)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        scale, left, top = self._fit()
        painter.translate(left, top)
        painter.scale(scale, scale)
        paint_scene(painter, self._scene.primitives)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.object_clicked.emit(self.key_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        key = self.key_at(event.position())
        if key:
            self.object_activated.emit(key)

"""A place to sign with mouse, pen or finger; by keyboard the name is written for the signer."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QFrame

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Polyline, Primitive
from qihua_desktop.i18n import _

from .theme import RADIUS, theme

Stroke = tuple[tuple[int, int], ...]

FULL: Final = 10_000
_MOST_STROKES: Final = 200
_MOST_POINTS: Final = 4_000
_PEN: Final = 2.2


class SignaturePad(QFrame):
    """Strokes as points from 0 to 10000 in both directions, whatever size the pad has.

    Backspace takes a stroke back, Delete all of them; Enter writes ``signer`` in outline for who cannot draw.

    Signals:
        changed: a stroke was added or taken back.
    """

    changed = Signal()

    def __init__(self, *, signer: str = "") -> None:
        super().__init__()
        self.signer = signer
        self._strokes: list[Stroke] = []
        self._current: list[tuple[int, int]] = []
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMinimumSize(160, 72)
        self.setAccessibleName(_("Handwritten signature"))
        self.setAccessibleDescription(
            _("Draw with mouse or finger. Enter writes the name, Backspace takes a stroke back.")
        )

    def strokes(self) -> tuple[Stroke, ...]:
        """Return the strokes drawn."""
        return tuple(self._strokes)

    def set_strokes(self, strokes: tuple[Stroke, ...]) -> None:
        """Show strokes without telling anybody."""
        self._strokes = list(strokes)
        self.update()

    def is_empty(self) -> bool:
        """Return whether nothing is drawn."""
        return not self._strokes

    def clear(self) -> None:
        """Take everything back."""
        if self._strokes or self._current:
            self._strokes.clear()
            self._current.clear()
            self._announce()

    def undo_stroke(self) -> None:
        """Take the last stroke back."""
        if self._strokes:
            self._strokes.pop()
            self._announce()

    def write_name(self) -> None:
        """Put the signer's name as outline strokes in place of what is drawn."""
        strokes = name_strokes(self.signer)
        if strokes:
            self._strokes = list(strokes)
            self._announce()

    def _announce(self) -> None:
        self.update()
        self.changed.emit()

    def _normalised(self, position: QPointF) -> tuple[int, int]:
        x = round(position.x() / max(1, self.width()) * FULL)
        y = round(position.y() / max(1, self.height()) * FULL)
        return min(FULL, max(0, x)), min(FULL, max(0, y))

    def _begin(self, position: QPointF) -> None:
        if len(self._strokes) < _MOST_STROKES:
            self._current = [self._normalised(position)]
            self.update()

    def _go_on(self, position: QPointF) -> None:
        point = self._normalised(position)
        if self._current and point != self._current[-1] and len(self._current) < _MOST_POINTS:
            self._current.append(point)
            self.update()

    def _end(self) -> None:
        if self._current:
            if len(self._current) == 1:
                x, y = self._current[0]
                self._current.append((min(FULL, x + 30), y))
            self._strokes.append(tuple(self._current))
            self._current = []
            self._announce()

    def sizeHint(self) -> QSize:
        return QSize(320, 88)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        pen = QPen(theme().color(Role.ACCENT if focus else Role.FAINT), 1.5 if focus else 1)
        if not focus:
            pen.setStyle(Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(theme().color(Role.SUNKEN))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        if not self._strokes and not self._current:
            painter.setPen(theme().color(Role.MUTED))
            painter.setFont(theme().font())
            hint = _("Sign here (touch / mouse)")
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), hint)
            return
        ink = QPen(theme().color(Role.TEXT), _PEN)
        ink.setCapStyle(Qt.PenCapStyle.RoundCap)
        ink.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(ink)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in (*self._strokes, tuple(self._current)):
            painter.drawPath(_smooth_path(stroke, self.width(), self.height()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        match event.type():
            case QEvent.Type.TabletPress:
                self._begin(event.position())
            case QEvent.Type.TabletMove:
                self._go_on(event.position())
            case QEvent.Type.TabletRelease:
                self._end()
            case _:
                return
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent):
            points = event.points()
            match event.type():
                case QEvent.Type.TouchBegin:
                    self._begin(points[0].position())
                case QEvent.Type.TouchUpdate:
                    self._go_on(points[0].position())
                case QEvent.Type.TouchEnd | QEvent.Type.TouchCancel:
                    self._end()
                case _:
                    return super().event(event)
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Backspace:
            self.undo_stroke()
        elif event.key() == Qt.Key.Key_Delete:
            self.clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.signer:
            self.write_name()
        else:
            super().keyPressEvent(event)


def signature_scene(
    strokes: tuple[Stroke, ...], width: float, height: float, *, role: Role = Role.TEXT, pen: float = 1.4
) -> tuple[Primitive, ...]:
    """Return a signature as scene primitives, for paper and small views."""
    return tuple(
        Polyline(tuple((x / FULL * width, y / FULL * height) for x, y in stroke), role, pen)
        for stroke in strokes
        if len(stroke) > 1
    )


def name_strokes(name: str) -> tuple[Stroke, ...]:
    """Return a name's outlines as strokes that fit the pad."""
    path = QPainterPath()
    path.addText(QPointF(0, 0), theme().font(60), name.strip()[:12])
    box = path.boundingRect()
    if box.isEmpty():
        return ()
    scale = min(FULL * 0.8 / box.width(), FULL * 0.6 / box.height() / 3.6)
    strokes: list[Stroke] = []
    for polygon in path.toSubpathPolygons():
        points = [polygon.at(number) for number in range(polygon.size())]
        strokes.append(
            tuple(
                (
                    round(FULL / 2 + (point.x() - box.center().x()) * scale),
                    round(FULL / 2 + (point.y() - box.center().y()) * scale * 3.6),
                )
                for point in points
            )
        )
    return tuple(strokes[:_MOST_STROKES])


def _smooth_path(stroke: Stroke, width: int, height: int) -> QPainterPath:
    points = [QPointF(x / FULL * width, y / FULL * height) for x, y in stroke]
    path = QPainterPath()
    if not points:
        return path
    path.moveTo(points[0])
    for before, after in pairwise(points[1:]):
        path.quadTo(before, (before + after) / 2)
    path.lineTo(points[-1])
    return path

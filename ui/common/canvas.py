"""A scrolling surface that asks for and paints only the visible part of a picture."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from typing import Final, Protocol

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box, Group, Primitive, hit, keyed_groups

from .labels import tool_tip_text
from .painter import paint_scene
from .theme import theme

SMALLEST_ZOOM: Final = 0.25
LARGEST_ZOOM: Final = 4.0
_WHEEL_STEP: Final = 1.15
_LINE_STEP: Final = 24
_PIXELS_PER_NOTCH: Final = 60


class SceneProvider(Protocol):
    """Where a canvas gets its picture from, piece by piece."""

    def size(self) -> tuple[float, float]:
        """Return width and height of the whole picture."""
        ...

    def scene_for(self, visible: Box) -> Sequence[Primitive]:
        """Return at least what is seen in a box, in the picture's coordinates, back to front."""
        ...


class Zoom(StrEnum):
    """What Ctrl+wheel does: enlarge the picture, or ask its owner for another scale of time."""

    SCALE = "scale"
    HORIZONTAL = "horizontal"


class SceneCanvas(QAbstractScrollArea):
    """Shows a picture of any size. Wheel and touchpad scroll by pixels, Shift turns, Ctrl zooms around the mouse.

    Signals:
        object_clicked(str): left press; empty beside all objects.
        object_activated(str): double click, or Enter on the current object.
        object_context(str, QPoint): a menu is wanted there.
        hovered(str): the mouse is over another object, empty for none.
        zoom_changed(float): the picture is enlarged by this.
        zoom_requested(float, float): with ``Zoom.HORIZONTAL``: a factor and the picture's x to keep in place.
        view_changed: scrolled, resized or zoomed; for headers that go along.
    """

    object_clicked = Signal(str)
    object_activated = Signal(str)
    object_context = Signal(str, QPoint)
    hovered = Signal(str)
    zoom_changed = Signal(float)
    zoom_requested = Signal(float, float)
    view_changed = Signal()

    def __init__(self, provider: SceneProvider | None = None, *, zoom_mode: Zoom = Zoom.SCALE) -> None:
        super().__init__()
        self.zoom_mode = zoom_mode
        self.background = Role.SURFACE
        self._provider = provider
        self._zoom = 1.0
        self._hovered = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme().changed.connect(self.viewport().update)
        self.refresh()

    def set_provider(self, provider: SceneProvider | None) -> None:
        """Show another picture."""
        self._provider = provider
        self.refresh()

    def refresh(self) -> None:
        """Look at the provider again: its size or content changed."""
        self._update_bars()
        self.viewport().update()

    def zoom(self) -> float:
        """Return how much the picture is enlarged."""
        return self._zoom

    def set_zoom(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Enlarge the picture and keep the point under ``anchor`` (a place of the viewport, else its middle)."""
        zoom = min(LARGEST_ZOOM, max(SMALLEST_ZOOM, zoom))
        if math.isclose(zoom, self._zoom):
            return
        place = anchor if anchor is not None else QPointF(self.viewport().rect().center())
        x, y = self.to_scene(place)
        self._zoom = zoom
        self._update_bars()
        self.horizontalScrollBar().setValue(round(x * zoom - place.x()))
        self.verticalScrollBar().setValue(round(y * zoom - place.y()))
        self.viewport().update()
        self.zoom_changed.emit(zoom)

    def visible_box(self) -> Box:
        """Return the part of the picture that is seen."""
        x, y = self.to_scene(QPointF(0, 0))
        return Box(x, y, self.viewport().width() / self._zoom, self.viewport().height() / self._zoom)

    def to_scene(self, position: QPointF) -> tuple[float, float]:
        """Return the picture's point at a place of the viewport."""
        x = (position.x() + self.horizontalScrollBar().value()) / self._zoom
        y = (position.y() + self.verticalScrollBar().value()) / self._zoom
        return x, y

    def to_view(self, x: float, y: float) -> QPointF:
        """Return where in the viewport a point of the picture is."""
        return QPointF(
            x * self._zoom - self.horizontalScrollBar().value(), y * self._zoom - self.verticalScrollBar().value()
        )

    def ensure_visible(self, box: Box, *, margin: float = 24.0) -> None:
        """Scroll no further than needed to show a box; one that is too large shows its beginning."""
        wanted = box.grown(margin)
        for bar, low, high, page in (
            (self.horizontalScrollBar(), wanted.x, wanted.right, self.viewport().width()),
            (self.verticalScrollBar(), wanted.y, wanted.bottom, self.viewport().height()),
        ):
            first, last = low * self._zoom, high * self._zoom
            if last > bar.value() + page:
                bar.setValue(math.ceil(last - page))
            if first < bar.value() or last - first > page:
                bar.setValue(math.floor(first))

    def key_at(self, position: QPointF) -> str:
        """Return the object at a place of the viewport, an empty text for none."""
        x, y = self.to_scene(position)
        return hit(self._primitives(Box(x - 8, y - 8, 16, 16)), x, y) or ""

    def group_at(self, position: QPointF) -> Group | None:
        """Return the group of the object at a place of the viewport."""
        key = self.key_at(position)
        x, y = self.to_scene(position)
        for group, _box in keyed_groups(self._primitives(Box(x - 8, y - 8, 16, 16))):
            if group.key == key:
                return group
        return None

    def paint_over(self, painter: QPainter, visible: Box) -> None:
        """Draw above the picture, in its coordinates: a drag, a rubber band. Subclasses fill this."""

    def _primitives(self, visible: Box) -> Sequence[Primitive]:
        return self._provider.scene_for(visible) if self._provider is not None else ()

    def _update_bars(self) -> None:
        width, height = self._provider.size() if self._provider is not None else (0.0, 0.0)
        for bar, length, page in (
            (self.horizontalScrollBar(), width, self.viewport().width()),
            (self.verticalScrollBar(), height, self.viewport().height()),
        ):
            bar.setPageStep(page)
            bar.setSingleStep(_LINE_STEP)
            bar.setRange(0, max(0, math.ceil(length * self._zoom) - page))
        self.view_changed.emit()

    def _zoom_by(self, factor: float, place: QPointF) -> None:
        if self.zoom_mode is Zoom.HORIZONTAL:
            self.zoom_requested.emit(factor, self.to_scene(place)[0])
        else:
            self.set_zoom(self._zoom * factor, place)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        dirty = event.rect()
        painter.fillRect(dirty, theme().color(self.background))
        painter.setClipRect(dirty)
        x, y = self.to_scene(QPointF(dirty.topLeft()))
        visible = Box(x, y, dirty.width() / self._zoom, dirty.height() / self._zoom)
        painter.translate(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        painter.scale(self._zoom, self._zoom)
        paint_scene(painter, self._primitives(visible), visible)
        self.paint_over(painter, visible)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._update_bars()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy) if not self._overlays() else self.viewport().update()
        self.view_changed.emit()

    def _overlays(self) -> bool:
        return type(self).paint_over is not SceneCanvas.paint_over

    def wheelEvent(self, event: QWheelEvent) -> None:
        pixels = event.pixelDelta()
        turns = event.angleDelta()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            notches = (turns.y() or turns.x()) / 120 or pixels.y() / _PIXELS_PER_NOTCH
            if notches:
                self._zoom_by(_WHEEL_STEP**notches, event.position())
            event.accept()
            return
        if not pixels.isNull():
            dx, dy = pixels.x(), pixels.y()
        else:
            dx, dy = (round(turn / 120 * _PIXELS_PER_NOTCH) for turn in (turns.x(), turns.y()))
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and dx == 0:
            dx, dy = dy, 0
        self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - dx)
        self.verticalScrollBar().setValue(self.verticalScrollBar().value() - dy)
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            group = self.group_at(QPointF(event.pos()))
            if group is not None and group.label:
                QToolTip.showText(event.globalPos(), tool_tip_text(group.label), self.viewport(), QRect())
            else:
                QToolTip.hideText()
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self._zoom_by(1.0 + event.value(), event.position())
            return True
        if event.type() == QEvent.Type.Leave and self._hovered:
            self._hovered = ""
            self.hovered.emit("")
        return super().viewportEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.object_clicked.emit(self.key_at(event.position()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        key = self.key_at(event.position())
        if key and event.button() == Qt.MouseButton.LeftButton:
            self.object_activated.emit(key)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        key = self.key_at(event.position())
        if key != self._hovered:
            self._hovered = key
            self.hovered.emit(key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        position = QPointF(self.viewport().mapFromGlobal(event.globalPos()))
        self.object_context.emit(self.key_at(position), event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bars = {
            Qt.Key.Key_Left: (self.horizontalScrollBar(), -_LINE_STEP * 2),
            Qt.Key.Key_Right: (self.horizontalScrollBar(), _LINE_STEP * 2),
            Qt.Key.Key_Up: (self.verticalScrollBar(), -_LINE_STEP * 2),
            Qt.Key.Key_Down: (self.verticalScrollBar(), _LINE_STEP * 2),
            Qt.Key.Key_PageUp: (self.verticalScrollBar(), -self.viewport().height()),
            Qt.Key.Key_PageDown: (self.verticalScrollBar(), self.viewport().height()),
        }
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            factor = 1 / _WHEEL_STEP if event.key() == Qt.Key.Key_Minus else _WHEEL_STEP
            self._zoom_by(factor, QPointF(self.viewport().rect().center()))
        elif control and event.key() == Qt.Key.Key_0:
            self.set_zoom(1.0)
        elif event.key() in bars and not control:
            bar, step = bars[Qt.Key(event.key())]
            bar.setValue(bar.value() + step)
        else:
            super().keyPressEvent(event)

"""The chart as the user handles it: hover, select, drag to move, stretch, set progress and link, with live previews."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QScrollBar, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.scene import Box, Group
from ui.common.canvas import SceneCanvas, Zoom

from .drags import DragKind, Drop, Preview
from .grips import Grip, Hold, grip_at, rows_within
from .overlay import paint_badge, paint_band, paint_handles, paint_origin, paint_rubber_line, paint_targets
from .picture import ChartPicture

_START_DISTANCE: Final = 3.0
_SCROLL_EDGE: Final = 28
_SCROLL_STEP: Final = 18
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier


class QuietScrollBar(QScrollBar):
    """A scroll bar that keeps its room but shows nothing while there is nothing to scroll."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)


class ChartView(SceneCanvas):
    """The right half of the window.

    Signals:
        row_pressed(str, object): a row or bar was pressed, with the keyboard's modifiers; empty beside all rows.
        dropped(object): a drag ended in a ``Drop`` to carry out.
        banded(object, bool): a rubber band holds the rows of these keys; True adds them to what was selected before.
        blank_activated(float): double click below the last row, at this x.
        drag_changed(bool): a drag began or ended.
    """

    row_pressed = Signal(str, object)
    dropped = Signal(object)
    banded = Signal(object, bool)
    blank_activated = Signal(float)
    drag_changed = Signal(bool)

    def __init__(
        self,
        picture: ChartPicture,
        *,
        previewer: Callable[[Drop], Preview],
        refused_targets: Callable[[EntityId], frozenset[EntityId]],
        selected_ids: Callable[[], tuple[EntityId, ...]],
        may_edit: Callable[[], bool],
    ) -> None:
        self.picture = picture
        self._previewer = previewer
        self._refused_targets = refused_targets
        self._selected_ids = selected_ids
        self._may_edit = may_edit
        self._grip: Grip | None = None
        self._press = QPointF()
        self._press_scene = (0.0, 0.0)
        self._pressed: Grip | None = None
        self._hold: Hold | None = None
        self._panning = False
        self._band: Box | None = None
        self._bands = False
        self._adds = False
        self._given_up = False
        self.keys_to: QWidget | None = None
        self._drop: Drop | None = None
        self._preview = Preview()
        self._refused: frozenset[EntityId] = frozenset()
        self._mouse = QPointF()
        super().__init__(picture, zoom_mode=Zoom.HORIZONTAL)
        self._autoscroll = QTimer(self)
        self._autoscroll.setInterval(30)
        self._autoscroll.timeout.connect(self._on_autoscroll)
        self.setVerticalScrollBar(QuietScrollBar(Qt.Orientation.Vertical))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    @property
    def is_dragging(self) -> bool:
        """Whether a drag is under way."""
        return self._drop is not None or self._panning or self._band is not None

    @property
    def current_preview(self) -> Preview:
        """What the drag under way would do."""
        return self._preview

    def grip_at(self, position: QPointF) -> Grip | None:
        """Return what can be taken hold of at a place of the viewport."""
        return grip_at(self.picture, *self.to_scene(position))

    def cancel_drag(self) -> None:
        """Give up a drag; nothing has happened."""
        was_dragging = self.is_dragging
        self._autoscroll.stop()
        self._pressed = self._hold = None
        self._drop = self._band = None
        self._panning = self._bands = False
        self._preview = Preview()
        self._refused = frozenset()
        self.picture.end_preview()
        self.viewport().unsetCursor()
        self.viewport().update()
        if was_dragging:
            self.drag_changed.emit(False)

    def give_up(self) -> None:
        """Give up a drag while the button is still held: what the mouse does until it is let go means nothing."""
        if self._band is not None:
            self.banded.emit((), True)
        self.cancel_drag()
        self._given_up = True

    def group_at(self, position: QPointF) -> Group | None:
        """Return what is under the mouse with what to say about it; nothing while dragging."""
        found = None if self.is_dragging else super().group_at(position)
        words = self.picture.words(found.key) if found is not None and found.key is not None else ""
        return replace(found, label=words) if found is not None and words else found

    # --- the mouse ---------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            grip = self.grip_at(event.position())
            if grip is not None and grip.row.key not in self.picture.selected:
                self.row_pressed.emit(grip.row.key, Qt.KeyboardModifier.NoModifier)
            return
        self._given_up = False
        self._press = self._mouse = event.position()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        grip = self.grip_at(event.position())
        self._press_scene = self.to_scene(event.position())
        self._pressed = grip
        key = "" if grip is None else grip.row.key
        modifiers = event.modifiers()
        self._bands = (grip is None or grip.kind is None) and modifiers in (_SHIFT, _CONTROL)
        if self._bands:
            self._adds = modifiers == _CONTROL
            return
        keeps = key in self.picture.selected and event.modifiers() == Qt.KeyboardModifier.NoModifier
        if not keeps:
            self.row_pressed.emit(key, event.modifiers())
        link = self.key_at(event.position())
        if link and self.picture.number_of(link) is None:
            self.object_clicked.emit(link)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._mouse = event.position()
        if self._given_up and event.buttons():
            return
        if event.buttons() & Qt.MouseButton.MiddleButton:
            self._pan(event.position())
            return
        if event.buttons() & Qt.MouseButton.LeftButton:
            if self.is_dragging or (event.position() - self._press).manhattanLength() > _START_DISTANCE:
                self._drag(event.position())
            return
        grip = self.grip_at(event.position())
        if grip != self._grip:
            self._grip = grip
            self.viewport().setCursor(_cursor(grip.kind if grip is not None and self._may_edit() else None))
            self.viewport().update()
        super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drop, refused, panned = self._drop, self._preview.refused, self._panning
        pressed = self._pressed
        pointed = self._pressed_row(event.position()) if self._bands and self._band is None else None
        self.cancel_drag()
        self._given_up = False
        if pointed is not None:
            self.row_pressed.emit(pointed, event.modifiers())
        if drop is not None and not refused and event.button() == Qt.MouseButton.LeftButton:
            self.dropped.emit(drop)
        elif drop is None and not panned and pressed is not None:
            several = len(self.picture.selected) > 1 and event.modifiers() == Qt.KeyboardModifier.NoModifier
            if several:
                self.row_pressed.emit(pressed.row.key, Qt.KeyboardModifier.NoModifier)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        grip = self.grip_at(event.position())
        if grip is None:
            self.blank_activated.emit(self.to_scene(event.position())[0])
        elif grip.kind is not None and grip.row.row is not None:
            self.object_activated.emit(grip.row.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_dragging:
            self.give_up()
            event.accept()
        elif self.keys_to is not None:
            QApplication.sendEvent(self.keys_to, event)
        else:
            event.ignore()

    def leaveEvent(self, event: object) -> None:
        self._grip = None
        self.viewport().update()

    # --- dragging ----------------------------------------------------------------------------------------------

    def _drag(self, position: QPointF) -> None:
        pressed = self._pressed
        if self._bands:
            self._stretch_band(position)
        elif pressed is None or pressed.kind is None or pressed.row.row is None or not self._may_edit():
            self._pan(position)
            return
        else:
            self._carry(pressed, position)
        if not self._autoscroll.isActive() and self._near_edge(position):
            self._autoscroll.start()
        self.viewport().update()

    def _carry(self, pressed: Grip, position: QPointF) -> None:
        """Show what letting go here would do."""
        hold = self._hold or self._begin(pressed)
        drop = hold.drop_at(self.picture, *self.to_scene(position), self._selected_ids())
        if drop is None or drop == self._drop:
            return
        self._drop = drop
        self._preview = self._previewer(drop)
        if self._preview.refused:
            self.picture.end_preview()
        else:
            self.picture.preview(self._preview.dates, self._preview.progress)

    def _begin(self, pressed: Grip) -> Hold:
        hold = self._hold = Hold(pressed, self._press_scene[0], self.picture.bar(pressed.row.key))
        if pressed.kind is DragKind.LINK and pressed.row.row is not None:
            self._refused = self._refused_targets(pressed.row.row.id)
        self.viewport().setCursor(
            Qt.CursorShape.ClosedHandCursor if pressed.kind is DragKind.MOVE else _cursor(pressed.kind)
        )
        self.drag_changed.emit(True)
        return hold

    def _stretch_band(self, position: QPointF) -> None:
        (left, top), (x, y) = self._press_scene, self.to_scene(position)
        self._band = Box(min(left, x), min(top, y), abs(x - left), abs(y - top))
        self.banded.emit(rows_within(self.picture, self._band), self._adds)

    def _pressed_row(self, position: QPointF) -> str:
        grip = self.grip_at(position)
        return "" if grip is None else grip.row.key

    def _pan(self, position: QPointF) -> None:
        if not self._panning:
            self._panning = True
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.drag_changed.emit(True)
        moved = position - self._press
        self._press = position
        self.horizontalScrollBar().setValue(round(self.horizontalScrollBar().value() - moved.x()))
        self.verticalScrollBar().setValue(round(self.verticalScrollBar().value() - moved.y()))

    def _near_edge(self, position: QPointF) -> bool:
        area = self.viewport().rect().adjusted(_SCROLL_EDGE, _SCROLL_EDGE, -_SCROLL_EDGE, -_SCROLL_EDGE)
        return not area.contains(position.toPoint())

    @Slot()
    def _on_autoscroll(self) -> None:
        if not self.is_dragging or not self._near_edge(self._mouse):
            self._autoscroll.stop()
            return
        size = self.viewport().size()
        for bar, place, length in (
            (self.horizontalScrollBar(), self._mouse.x(), size.width()),
            (self.verticalScrollBar(), self._mouse.y(), size.height()),
        ):
            if place < _SCROLL_EDGE:
                bar.setValue(bar.value() - _SCROLL_STEP)
            elif place > length - _SCROLL_EDGE:
                bar.setValue(bar.value() + _SCROLL_STEP)
        self._drag(self._mouse)

    def _overlays(self) -> bool:
        """Return whether something is drawn above the picture now; else scrolling may shift what is painted."""
        return self.is_dragging or self._grip is not None

    def paint_over(self, painter: QPainter, visible: Box) -> None:
        """Draw handles of the row under the mouse, and during a drag where it came from and what it would do."""
        before = self._hold.before if self._hold is not None else None
        if self._band is not None:
            paint_band(painter, self._band)
            return
        if self._drop is None:
            if self._grip is not None and self._may_edit() and not self._panning:
                paint_handles(painter, self.picture.bar(self._grip.row.key), self._grip)
            return
        if self._drop.kind is DragKind.LINK:
            if self._hold is not None and before is not None:
                mouse = QPointF(*self.to_scene(self._mouse))
                bad = bool(self._preview.refused)
                paint_targets(painter, self.picture, self._drop, self._refused, visible)
                paint_rubber_line(painter, before, mouse, at_start=self._hold.grip.at_start, bad=bad)
        elif before is not None:
            paint_origin(painter, before)
        paint_badge(painter, self._preview, self._mouse, self.viewport().size())


def _cursor(kind: DragKind | None) -> Qt.CursorShape:
    match kind:
        case DragKind.MOVE:
            return Qt.CursorShape.OpenHandCursor
        case DragKind.BEGIN | DragKind.FINISH:
            return Qt.CursorShape.SizeHorCursor
        case DragKind.PROGRESS:
            return Qt.CursorShape.SplitHCursor
        case DragKind.LINK:
            return Qt.CursorShape.CrossCursor
        case None:
            return Qt.CursorShape.ArrowCursor

"""A slider for one category's share: it previews while it moves and settles once."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider

from qihua_desktop.domain.roles import Role
from ui.common.theme import theme

_WHOLE: Final = 10_000
_KNOB: Final = 6.5
_GROOVE: Final = 5.0
_SNAP: Final = 50
_FINE: Final = 10
_STEPS: Final = {
    Qt.Key.Key_Left: -100,
    Qt.Key.Key_Down: -100,
    Qt.Key.Key_Right: 100,
    Qt.Key.Key_Up: 100,
    Qt.Key.Key_PageDown: -500,
    Qt.Key.Key_PageUp: 500,
    Qt.Key.Key_Home: -_WHOLE,
    Qt.Key.Key_End: _WHOLE,
}
_REST: Final = 800


class ShareSlider(QSlider):
    """A share of the total in basis points, drawn in the category's colour.

    The mouse moves in half percents (with Ctrl in tenths), arrow keys in whole percents (with Ctrl in tenths). Keys
    settle when they rest, on Enter and when the slider is left; Escape takes the movement back.

    Signals:
        share_previewed(int): the slider was moved; nothing is settled yet.
        share_settled(int): the movement ended there.
        share_cancelled(): the movement was taken back.
    """

    share_previewed = Signal(int)
    share_settled = Signal(int)
    share_cancelled = Signal()

    def __init__(self, role: Role) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._role = role
        self._before: int | None = None
        self.setRange(0, _WHOLE)
        self.setSingleStep(100)
        self.setPageStep(500)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(70)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self.settle)

    @property
    def is_moving(self) -> bool:
        """Whether a movement has begun and not settled."""
        return self._before is not None

    def set_role(self, role: Role) -> None:
        """Change the colour."""
        self._role = role
        self.update()

    def set_scale(self, most: int) -> None:
        """Set what the right end stands for, in basis points."""
        if most != self.maximum():
            self.setMaximum(most)

    def show_share(self, basis_points: int) -> None:
        """Show a share without telling anybody; also what a preview came to."""
        self.setValue(basis_points)
        self.update()

    @Slot()
    def settle(self) -> None:
        """End the movement."""
        self._rest.stop()
        before, self._before = self._before, None
        if before is None:
            return
        if self.value() == before:
            self.share_cancelled.emit()
        else:
            self.share_settled.emit(self.value())

    def cancel(self) -> None:
        """Take the movement back."""
        self._rest.stop()
        if self._before is not None:
            self.setValue(self._before)
            self._before = None
            self.share_cancelled.emit()

    def _move_to(self, value: int) -> None:
        value = max(0, min(self.maximum(), value))
        if self._before is None:
            self._before = self.value()
        if value != self.value():
            self.setValue(value)
            self.share_previewed.emit(value)

    def _value_at(self, event: QMouseEvent) -> int:
        room = max(1.0, self.width() - 2 * _KNOB)
        share = (event.position().x() - _KNOB) / room
        snap = _FINE if event.modifiers() & Qt.KeyboardModifier.ControlModifier else _SNAP
        return round(share * self.maximum() / snap) * snap

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._rest.stop()
            self._move_to(self._value_at(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self.is_moving:
            self._move_to(self._value_at(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.settle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            step = _STEPS[Qt.Key(event.key())]
            fine = abs(step) == 100 and event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self._move_to(self.value() + (step // 10 if fine else step))
            self._rest.start()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.settle()
        elif event.key() == Qt.Key.Key_Escape and self.is_moving:
            self.cancel()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.settle()
        super().focusOutEvent(event)

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]  # the card scrolls; money is not changed by passing over it

    def sizeHint(self) -> QSize:
        return QSize(120, 20)

    def minimumSizeHint(self) -> QSize:
        return QSize(70, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        room = self.width() - 2 * _KNOB
        x = _KNOB + room * self.value() / max(1, self.maximum())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(Role.TRACK))
        groove = QRectF(0, middle - _GROOVE / 2, self.width(), _GROOVE)
        painter.drawRoundedRect(groove, _GROOVE / 2, _GROOVE / 2)
        painter.setBrush(theme().color(self._role))
        painter.drawRoundedRect(QRectF(0, groove.y(), x, _GROOVE), _GROOVE / 2, _GROOVE / 2)
        ring = Role.ACCENT if self.isEnabled() else Role.FAINT
        painter.setPen(QPen(theme().color(ring), 2))
        painter.setBrush(theme().color(Role.ACCENT if self.hasFocus() else Role.SURFACE))
        side = 2 * (_KNOB - 1)
        painter.drawEllipse(QRectF(x - side / 2, middle - side / 2, side, side))

"""The axis above the chart."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box
from ui.common.painter import paint_scene
from ui.common.theme import theme

from .chart_view import ChartView


class TimeHead(QWidget):
    """The axis above the chart; dragging it scrolls, double click asks for the day's calendar.

    Signals:
        day_activated(float): double click at this x of the picture.
        day_context(float, object): a menu is wanted for the day at this x, at a global position.
    """

    day_activated = Signal(float)
    day_context = Signal(float, object)

    def __init__(self, view: ChartView) -> None:
        super().__init__()
        self._view = view
        self._press: float | None = None
        view.view_changed.connect(self.update)
        theme().changed.connect(self.update)
        self.setFixedHeight(42)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(
            lambda place: self.day_context.emit(self._x(place.x()), self.mapToGlobal(place))
        )

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color(Role.SUNKEN))
        left = self._view.horizontalScrollBar().value()
        width = self._view.viewport().width()
        painter.setClipRect(0, 0, width, self.height())
        painter.translate(-left, 0)
        visible = Box(left, 0, width, self.height())
        paint_scene(painter, self._view.picture.header_for(visible))
        painter.resetTransform()
        painter.setClipping(False)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), theme().color(Role.LINE))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._press = event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is not None and event.buttons() & Qt.MouseButton.LeftButton:
            bar = self._view.horizontalScrollBar()
            bar.setValue(round(bar.value() - event.position().x() + self._press))
            self._press = event.position().x()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._press = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.day_activated.emit(self._x(event.position().x()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll and zoom as over the chart."""
        QApplication.sendEvent(self._view.viewport(), event)

    def _x(self, x: float) -> float:
        return x + self._view.horizontalScrollBar().value()

"""A scrolling column of wrapped texts; Qt squeezes those that were put in after it was laid out."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class TallArea(QScrollArea):
    """Scrolls a widget that is as tall as its texts need at the present width."""

    def __init__(self, name: str, content: QWidget | None = None) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        if content is not None:
            self.show_content(content)

    def show_content(self, content: QWidget) -> None:
        """Scroll another widget; the one before goes."""
        content.setProperty("look", "surface")
        self.setWidget(content)
        self.fit()

    def fit(self) -> None:
        """Take over the height of what has just been put in."""
        QTimer.singleShot(0, self, self._fit)

    @Slot()
    def _fit(self) -> None:
        content = self.widget()
        layout = content.layout() if content is not None else None
        if content is None or layout is None:
            return
        layout.activate()
        height = layout.totalHeightForWidth(self.viewport().width()) if layout.hasHeightForWidth() else -1
        content.setMinimumHeight(max(height, layout.totalMinimumSize().height(), 0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

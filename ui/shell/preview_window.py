"""A finished PDF in a window of its own, to look at, save and print."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.common.icons import application_icon
from ui.common.preview import PdfPreview
from ui.common.widgets import Banner, Tone

_FRAME = QSize(16, 48)


class PreviewWindow(QWidget):
    """Shows a PDF; ``notes`` are what could not be printed exactly as typed."""

    def __init__(self, data: bytes, name: str, title: str, notes: str, parent: QWidget | None) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setWindowIcon(application_icon())
        self.preview = PdfPreview()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Banner(notes, Tone.WARN, closable=True))
        column.addWidget(self.preview, 1)
        self.resize(QSize(940, 820).boundedTo(self.screen().availableSize() - _FRAME))
        self.preview.show_pdf(data, name)

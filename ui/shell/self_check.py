"""What the Qt half of an installation must be able to do: icons, pictures, PDF preview, texts and every page."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QCoreApplication, QIODevice, QSize, qVersion
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtPdf import QPdfDocument
from PySide6.QtWidgets import QApplication

from ui.common.controls import SegmentedControl
from ui.common.icons import application_icon, icon_names, pixmap
from ui.common.labels import PlainLabel

from .main_window import MainWindow

_WANTED_FORMATS = ("png", "jpg", "svg")
_CALLS = 2_000


def check_qt(application: QApplication, *, chinese: bool) -> str:
    """Check reference counts, image formats, icons and Qt's own translation. Raises RuntimeError."""
    label = PlainLabel()
    before = sys.getrefcount(None)
    for number in range(_CALLS):
        label.setText(str(number))
    if sys.getrefcount(None) < before - _CALLS // 2:
        raise RuntimeError("PySide6 loses references on this Python")
    formats = {bytes(one.data()).decode() for one in QImageReader.supportedImageFormats()}
    missing = [one for one in _WANTED_FORMATS if one not in formats]
    if missing:
        raise RuntimeError(f"image formats are missing: {missing}")
    if application_icon().isNull() or not icon_names() or pixmap(icon_names()[0]).isNull():
        raise RuntimeError("icons are missing")
    if chinese and QCoreApplication.translate("QPlatformTheme", "Cancel") == "Cancel":
        raise RuntimeError("Qt's Chinese texts are missing")
    return f"Qt {qVersion()} ({application.platformName()})"


def check_preview(pdf: Path) -> str:
    """Render the first page of a PDF with the library of the preview. Raises RuntimeError."""
    data = QBuffer()
    data.setData(pdf.read_bytes())
    data.open(QIODevice.OpenModeFlag.ReadOnly)
    document = QPdfDocument()
    document.load(data)
    if document.status() is not QPdfDocument.Status.Ready:
        raise RuntimeError("the preview cannot read our PDF")
    if is_blank(document.render(0, QSize(200, 280))):
        raise RuntimeError("the preview shows an empty page")
    pages = document.pageCount()
    document.close()
    return f"{pages} pages previewed"


def check_pages(window: MainWindow, keys: list[str]) -> str:
    """Show every page and look at its picture. Raises RuntimeError for an empty one."""
    for key in keys:
        window.show_page(key)
        QCoreApplication.sendPostedEvents()
        if is_blank(window.grab().toImage()):
            raise RuntimeError(f"the page {key} is empty")
        for tabs in window.host.page(key).findChildren(SegmentedControl):
            _show_tabs(window, key, tabs)
    return f"{len(keys)} pages shown"


def _show_tabs(window: MainWindow, key: str, tabs: SegmentedControl) -> None:
    """Show what each choice on a page leads to; some parts of a page are made only then."""
    if not tabs.isVisible():
        return
    first = tabs.current_key()
    for name in (*tabs.segment_keys(), first):
        tabs.set_current(name)
        QCoreApplication.sendPostedEvents()
        if is_blank(window.grab().toImage()):
            raise RuntimeError(f"{name} of the page {key} is empty")


def is_blank(image: QImage) -> bool:
    """Return whether a picture has only one colour (looked at on a small copy)."""
    small = image.scaled(64, 64).convertToFormat(QImage.Format.Format_RGB32)
    colours = {small.pixel(x, y) for x in range(small.width()) for y in range(small.height())}
    return len(colours) < 2

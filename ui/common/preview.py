"""A PDF on the screen as it will be on paper: pages, zoom, save, print."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QPointF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPageLayout, QPageSize, QPainter, QPalette, QWheelEvent
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from qihua_desktop.domain.errors import StorageError
from qihua_desktop.i18n import _

from .buttons import button, icon_button
from .dialogs import save_file, show_error
from .labels import PlainLabel
from .layouts import Toolbar
from .theme import Role, theme

_SMALLEST: Final = 0.2
_LARGEST: Final = 5.0
_STEP: Final = 1.2
_PRINT_DPI: Final = 300


class PdfPreview(QWidget):
    """Shows PDF bytes.

    Signals:
        saved(object): the Path the PDF was saved to.
        page_changed(int): the page in view, from 1.
    """

    saved = Signal(object)
    page_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._bytes = b""
        self._name = "document.pdf"
        self._buffer = QBuffer(self)
        self.document = QPdfDocument(self)
        self.view = _PdfView(self)
        self.view.setDocument(self.document)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setFrameShape(QPdfView.Shape.NoFrame)
        self.view.setAccessibleName(_("Preview"))
        self.view.zoom_wanted.connect(self.zoom_by)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        bar = Toolbar()
        self._pages = PlainLabel("", tabular=True)
        self._zoom = PlainLabel("", role=Role.MUTED, tabular=True)
        bar.add(
            icon_button("chevron-up", _("Previous page"), lambda: self.go_to_page(self.page() - 1)),
            icon_button("chevron-down", _("Next page"), lambda: self.go_to_page(self.page() + 1)),
            self._pages,
            icon_button("zoom-out", _("Smaller"), lambda: self.zoom_by(1 / _STEP)),
            self._zoom,
            icon_button("zoom-in", _("Larger"), lambda: self.zoom_by(_STEP)),
            icon_button("move-horizontal", _("Fit width"), self.fit_width),
            icon_button("maximize", _("Whole page"), self.fit_page),
        )
        bar.add_stretch()
        self.print_button = button(_("Print…"), self.print_, icon_name="printer")
        self.save_button = button(_("Save PDF…"), self.save, icon_name="download")
        bar.add(self.print_button, self.save_button)
        column.addWidget(bar)
        column.addWidget(self.view, 1)
        self.view.pageNavigator().currentPageChanged.connect(self._on_page_changed)
        self.view.zoomFactorChanged.connect(self._on_zoom_changed)
        theme().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._on_page_changed()
        self._on_zoom_changed()

    def show_pdf(self, content: bytes, name: str = "document.pdf") -> bool:
        """Show a PDF, at the page that was shown; ``name`` is offered when saving. Returns whether it can be read."""
        page = self.page()
        self._bytes, self._name = content, name
        self.document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray(content))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self.document.load(self._buffer)
        readable = self.document.error() == QPdfDocument.Error.None_ and self.document.pageCount() > 0
        self.print_button.setEnabled(readable)
        self.save_button.setEnabled(bool(content))
        if readable and 1 < page <= self.document.pageCount():
            self.go_to_page(page)
        self._on_page_changed()
        return readable

    def page_count(self) -> int:
        """Return how many pages there are."""
        return self.document.pageCount()

    def page(self) -> int:
        """Return the page in view, from 1."""
        return self.view.pageNavigator().currentPage() + 1

    def go_to_page(self, page: int) -> None:
        """Bring a page into view, from 1."""
        if 1 <= page <= self.document.pageCount():
            self.view.pageNavigator().jump(page - 1, QPointF())

    def zoom_by(self, factor: float) -> None:
        """Enlarge or shrink."""
        self.view.setZoomMode(QPdfView.ZoomMode.Custom)
        self.view.setZoomFactor(min(_LARGEST, max(_SMALLEST, self.view.zoomFactor() * factor)))

    def fit_width(self) -> None:
        """Make a page as wide as the view."""
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self._on_zoom_changed()

    def fit_page(self) -> None:
        """Show a whole page at once."""
        self.view.setZoomMode(QPdfView.ZoomMode.FitInView)
        self._on_zoom_changed()

    def save(self) -> Path | None:
        """Ask where and save; returns the path, None when cancelled or impossible."""
        path = save_file(self, _("Save PDF"), "PDF (*.pdf)", name=self._name)
        if path is None:
            return None
        if not path.suffix:
            path = path.with_suffix(".pdf")
        try:
            write_whole(path, self._bytes)
        except OSError as error:
            show_error(
                self,
                StorageError(
                    _("The PDF could not be saved."), _("Choose another folder."), (str(path), error.strerror or "")
                ),
            )
            return None
        self.saved.emit(path)
        return path

    def print_(self) -> None:
        """Ask for a printer and print all pages."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setResolution(_PRINT_DPI)
        printer.setDocName(self._name)
        if self.document.pageCount():
            printer.setPageLayout(_page_layout(self.document.pagePointSize(0)))
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        dialog.setWindowTitle(_("Print"))
        dialog.setMinMax(1, max(1, self.document.pageCount()))
        if dialog.exec() == QPrintDialog.DialogCode.Accepted:
            first = printer.fromPage() or 1
            last = printer.toPage() or self.document.pageCount()
            print_pages(self.document, printer, range(first - 1, last))

    def _on_page_changed(self) -> None:
        total = self.document.pageCount()
        self._pages.setText(_("{page} of {total}").format(page=self.page(), total=total) if total else "—")
        if total:
            self.page_changed.emit(self.page())

    def _on_zoom_changed(self) -> None:
        fits = self.view.zoomMode() != QPdfView.ZoomMode.Custom
        self._zoom.setText(_("Fitted") if fits else f"{self.view.zoomFactor():.0%}")

    def _on_theme_changed(self) -> None:
        palette = self.view.palette()
        for role in (QPalette.ColorRole.Dark, QPalette.ColorRole.Window, QPalette.ColorRole.Base):
            palette.setColor(role, theme().color(Role.OVERLAY))
        self.view.setPalette(palette)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if control and event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(_STEP)
        elif control and event.key() == Qt.Key.Key_Minus:
            self.zoom_by(1 / _STEP)
        elif control and event.key() == Qt.Key.Key_0:
            self.fit_width()
        else:
            super().keyPressEvent(event)


class _PdfView(QPdfView):
    """Adds zooming with Ctrl and the wheel."""

    zoom_wanted = Signal(float)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self.zoom_wanted.emit(_STEP ** (event.angleDelta().y() / 120))
            event.accept()
            return
        super().wheelEvent(event)


def print_pages(document: QPdfDocument, printer: object, pages: range) -> None:
    """Draw pages onto a printer, each fitted to the paper."""
    from PySide6.QtPrintSupport import QPrinter

    if not isinstance(printer, QPrinter):
        raise TypeError("not a printer")
    painter = QPainter(printer)
    paper = printer.pageRect(QPrinter.Unit.DevicePixel).toRect()
    for number in pages:
        if number != pages.start:
            printer.newPage()
        size = document.pagePointSize(number)
        scale = min(paper.width() / size.width(), paper.height() / size.height())
        pixels = QSize(round(size.width() * scale), round(size.height() * scale))
        corner = QPoint((paper.width() - pixels.width()) // 2, (paper.height() - pixels.height()) // 2)
        painter.drawImage(corner, document.render(number, pixels))
    painter.end()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file through a temporary sibling, so that it is there whole or not at all."""
    handle, name = tempfile.mkstemp(prefix=f".{path.stem[:20]}-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _page_layout(points: QSizeF) -> QPageLayout:
    layout = QPageLayout()
    wide = points.width() > points.height()
    upright = QSizeF(min(points.width(), points.height()), max(points.width(), points.height()))
    layout.setPageSize(QPageSize(upright, QPageSize.Unit.Point))
    layout.setOrientation(QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait)
    return layout

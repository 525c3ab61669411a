"""The file a voucher came in, as it is: pages, picture, or the fields of a file made for machines."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImageReader, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.roles import Role
from qihua_desktop.files import write_safely
from qihua_desktop.i18n import _
from qihua_desktop.services import vouchers
from qihua_desktop.services.vouchers import VoucherView
from ui.budget.tabs import BudgetTab
from ui.common import dialogs
from ui.common.labels import Elide
from ui.common.preview import PdfPreview
from ui.common.theme import SPACE_2
from ui.common.widgets import PictureLabel, PlainLabel, button

from .facts_view import fact_grid
from .tall_area import TallArea

_WIDEST_PICTURE = 3_000
_MOST_FIELDS = 200


class OriginalView(QWidget):
    """Shows the original and saves it byte for byte."""

    def __init__(self, tab: BudgetTab) -> None:
        super().__init__()
        self._tab = tab
        self._view: VoucherView | None = None
        self._shown: object = None
        self._picture = QPixmap()
        self.pdf: PdfPreview | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        head = QHBoxLayout()
        self.name = PlainLabel("", elide=Elide.MIDDLE, role=Role.TEXT_SOFT)
        self.save_button = button(_("Save the original…"), self.save, icon_name="download")
        head.addWidget(self.name, 1)
        head.addWidget(self.save_button)
        column.addLayout(head)
        self.stack = QStackedWidget()
        self.fields = TallArea(_("Original"))
        self.picture = PictureLabel(_("Picture of the voucher"))
        self.picture.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self.pictures = _scroll()
        self.pictures.setWidget(self.picture)
        self.stack.addWidget(self.fields)
        self.stack.addWidget(self.pictures)
        column.addWidget(self.stack, 1)

    def show_voucher(self, view: VoucherView) -> None:
        """Show the original of a voucher, unless it is there already."""
        key = (view.voucher.id, view.voucher.file_sha256)
        self._view = view
        if key == self._shown:
            return
        self._shown = key
        session = self._tab.context.session
        kept = vouchers.original(session, view.voucher.id)
        self.save_button.setEnabled(kept is not None)
        self.name.setText(kept.name if kept is not None else _("This voucher was typed; it has no file."))
        content = b""
        if kept is not None:
            try:
                content = vouchers.original_bytes(session, view.voucher.id)
            except QihuaError as error:
                self.name.setText(error.message)
        if b"%PDF-" in content[:1024] and self._show_pdf(content, kept.name if kept is not None else ""):
            return
        if self._show_picture(content):
            return
        self._show_fields(view)

    def save(self) -> None:
        """Save the original under its own name, byte for byte."""
        if self._view is None:
            return
        session, voucher_id = self._tab.context.session, self._view.voucher.id
        kept = vouchers.original(session, voucher_id)
        if kept is None:
            return
        name = kept.name.rpartition(" › ")[2]
        target = dialogs.save_file(self, _("Save the original"), _("All files (*)"), name=name)
        if target is not None:
            self._tab.perform(lambda: write_safely(target, vouchers.original_bytes(session, voucher_id)))

    def _show_pdf(self, content: bytes, name: str) -> bool:
        if self.pdf is None:
            self.pdf = PdfPreview()
            self.stack.addWidget(self.pdf)
        if not self.pdf.show_pdf(content, name):
            return False
        self.stack.setCurrentWidget(self.pdf)
        return True

    def _show_picture(self, content: bytes) -> bool:
        if not content:
            return False
        buffer = QBuffer()
        buffer.setData(QByteArray(content))
        buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        reader = QImageReader(buffer)
        reader.setAutoTransform(True)
        size = reader.size()
        if not reader.canRead() or reader.format() in (b"svg", b"svgz", b"pdf"):
            return False
        if size.isValid() and size.width() > _WIDEST_PICTURE:
            reader.setScaledSize(size.scaled(QSize(_WIDEST_PICTURE, 10**6), Qt.AspectRatioMode.KeepAspectRatio))
        image = reader.read()
        if image.isNull():
            return False
        self._picture = QPixmap.fromImage(image)
        self._fit_picture()
        self.stack.setCurrentWidget(self.pictures)
        return True

    def _fit_picture(self) -> None:
        if self._picture.isNull():
            return
        width = min(self._picture.width(), max(120, self.stack.width() - 16))
        mode = Qt.TransformationMode.SmoothTransformation
        self.picture.setPixmap(self._picture.scaledToWidth(width, mode))

    def _show_fields(self, view: VoucherView) -> None:
        parsed = vouchers.parsed_voucher(self._tab.context.session, view.voucher.id)
        rows = [(name[:60], value[:1_000]) for name, value in parsed.raw[:_MOST_FIELDS] if value.strip()]
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 6, 0)
        column.addLayout(fact_grid(rows))
        if not rows:
            column.addWidget(PlainLabel(_("There is nothing else to show."), role=Role.MUTED))
        column.addStretch(1)
        self.fields.show_content(content)
        self.stack.setCurrentWidget(self.fields)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.stack.currentWidget() is self.pictures:
            self._fit_picture()


def _scroll() -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setAccessibleName(_("Original"))
    return area

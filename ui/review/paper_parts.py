"""Small parts of the sheet: paragraphs, drawn signatures, amounts in capitals."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QPainter, QTextBlockFormat, QTextDocument, QTextImageFormat

from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.money import capital_amount
from qihua_desktop.reports.signatures import SignatureBox
from ui.common.painter import paint_scene
from ui.common.signature_pad import signature_scene


def drawn(document: QTextDocument, number: int, box: SignatureBox, width: int) -> QTextImageFormat:
    """Keep a signature as a picture of a document and return how to show it."""
    ratio, height = 2, width // 3
    image = QImage(width * ratio, height * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.scale(ratio, ratio)
    paint_scene(painter, signature_scene(box.strokes, width, height, pen=1.6))
    painter.end()
    name = f"signature:{number}"
    document.addResource(QTextDocument.ResourceType.ImageResource, QUrl(name), image)
    result = QTextImageFormat()
    result.setName(name)
    result.setWidth(width)
    result.setHeight(height)
    return result


def block_format(
    *, above: float = 0, below: float = 0, centred: bool = False, right: bool = False, line: int = 0
) -> QTextBlockFormat:
    """Return how a paragraph stands."""
    looks = QTextBlockFormat()
    looks.setTopMargin(above)
    looks.setBottomMargin(below)
    if centred:
        looks.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    if right:
        looks.setAlignment(Qt.AlignmentFlag.AlignRight)
    if line:
        looks.setLineHeight(line, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return looks


def columns_of(words: str) -> int:
    """Return how wide a text is, in Latin letters."""
    return sum(2 if character > "\u2e7f" else 1 for character in words)


def capital(fen: int) -> str:
    """Return an amount in capital characters, a dash beyond what can be written."""
    try:
        return capital_amount(fen)
    except RuleError:
        return "—"

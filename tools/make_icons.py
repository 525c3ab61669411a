"""Draw the program's icon: 企 on a rounded blue square, as SVG, PNG, ICO and ICNS.

Run ``python -m tools.make_icons`` after changing it; the results are kept in resources/icons.
"""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QByteArray, QPointF, QRectF
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QImage, QPainter, QPainterPath
from PySide6.QtSvg import QSvgRenderer

from qihua_desktop.domain.roles import Role
from resources import resource_path
from ui.common.theme import theme

GLYPH: Final = "企"
SIDE: Final = 512
RADIUS: Final = 116
GLYPH_SHARE: Final = 0.62
PNG_SIZES: Final = (16, 24, 32, 48, 64, 128, 256, 512)
ICO_SIZES: Final = (16, 24, 32, 48, 64, 128, 256)


def glyph_path() -> QPainterPath:
    """Return the glyph's outline from the bundled bold font, centred in the square."""
    number = QFontDatabase.addApplicationFont(str(resource_path("fonts/NotoSansSC_700Bold.ttf")))
    font = QFont(QFontDatabase.applicationFontFamilies(number)[0])
    font.setWeight(QFont.Weight.Bold)
    font.setPixelSize(400)
    path = QPainterPath()
    path.addText(QPointF(0, 0), font, GLYPH)
    box = path.boundingRect()
    scale = SIDE * GLYPH_SHARE / max(box.width(), box.height())
    centred = QPainterPath(path)
    centred.translate(-box.center())
    result = QPainterPath()
    for index in range(centred.elementCount()):
        element = centred.elementAt(index)
        centred.setElementPositionAt(index, element.x * scale + SIDE / 2, element.y * scale + SIDE / 2)
    result.addPath(centred)
    return result


def path_data(path: QPainterPath) -> str:
    """Return an outline as SVG writes it."""
    parts: list[str] = []
    index = 0
    while index < path.elementCount():
        element = path.elementAt(index)
        if element.type == QPainterPath.ElementType.CurveToElement:
            points = [path.elementAt(index + step) for step in range(3)]
            parts.append("C" + " ".join(f"{point.x:.1f},{point.y:.1f}" for point in points))
            index += 3
            continue
        letter = "M" if element.type == QPainterPath.ElementType.MoveToElement else "L"
        parts.append(f"{letter}{element.x:.1f},{element.y:.1f}")
        index += 1
    return "".join(parts) + "Z"


def svg() -> str:
    """Return the icon as SVG."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">'
        f'<rect width="{SIDE}" height="{SIDE}" rx="{RADIUS}" fill="{theme().hex(Role.ACCENT)}"/>'
        f'<path fill="{theme().hex(Role.ON_ACCENT)}" d="{path_data(glyph_path())}"/></svg>\n'
    )


def render(renderer: QSvgRenderer, side: int) -> bytes:
    """Return the icon as PNG bytes of a size."""
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixels = image.convertToFormat(QImage.Format.Format_RGBA8888)
    picture = Image.frombytes("RGBA", (side, side), bytes(pixels.constBits()))
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def main() -> None:
    """Write all files."""
    application = QGuiApplication.instance() or QGuiApplication([])
    folder: Path = resource_path("icons")
    text = svg()
    (folder / "qihua.svg").write_text(text, encoding="utf-8")
    renderer = QSvgRenderer(QByteArray(text.encode()))
    pictures = {size: render(renderer, size) for size in (*PNG_SIZES, 1024)}
    for size in PNG_SIZES:
        (folder / f"qihua-{size}.png").write_bytes(pictures[size])
    images = {size: Image.open(io.BytesIO(content)) for size, content in pictures.items()}
    images[256].save(
        folder / "qihua.ico", sizes=[(s, s) for s in ICO_SIZES], append_images=[images[s] for s in ICO_SIZES[:-1]]
    )
    images[1024].save(folder / "qihua.icns", append_images=[images[s] for s in (16, 32, 64, 128, 256, 512)])
    del application


if __name__ == "__main__":
    main()

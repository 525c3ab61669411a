"""The chart as a picture file: the scene of the screen with the tasks' names beside it, as PNG or SVG."""

from __future__ import annotations

import math
from typing import Final

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.gantt_scale import HEADER_HEIGHT
from qihua_desktop.domain.gantt_scene import ROW_HEIGHT
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box, Group, Line, Primitive, Rect, Scene, Text, Weight
from qihua_desktop.exchange.scene_svg import write_svg
from qihua_desktop.i18n import _
from ui.common.painter import measure, scene_image
from ui.common.theme import theme

from .picture import ChartPicture

_NAMES: Final = 260.0
_INDENT: Final = 14.0
_BEFORE: Final = 60.0
_BEHIND: Final = 220.0
_LONGEST_SIDE: Final = 30_000
_MOST_PIXELS: Final = 120_000_000
_LEAST_RATIO: Final = 0.5


def chart_scene(picture: ChartPicture) -> Scene:
    """Return the whole chart at its present zoom, with head and names; rows shut on screen stay shut."""
    width, height = picture.size()
    boxes = [box for row in picture.rows if (box := picture.bar(row.key)) is not None]
    left = max(0.0, min((box.x for box in boxes), default=0.0) - _BEFORE)
    right = min(width, max((box.right for box in boxes), default=width) + _BEHIND)
    span = max(1.0, right - left)
    body, head = Box(left, 0, span, height), Box(left, 0, span, HEADER_HEIGHT)
    total = _NAMES + span
    shapes: list[Primitive] = [
        Rect(0, 0, total, HEADER_HEIGHT, fill=Role.SUNKEN),
        Group(tuple(picture.header_for(head)), dx=_NAMES - left, clip=head),
        Group(tuple(picture.scene_for(body)), dx=_NAMES - left, dy=HEADER_HEIGHT, clip=body),
    ]
    for number, shown in enumerate(picture.rows):
        y = HEADER_HEIGHT + number * ROW_HEIGHT
        indent = 10 + _INDENT * min(shown.level, 8)
        bold = shown.row is None or shown.row.is_summary
        words = shown.title if shown.row is None else shown.row.name
        weight = Weight.BOLD if bold else Weight.REGULAR
        shapes.append(Text(indent, y, _NAMES - indent - 10, ROW_HEIGHT, words, weight=weight))
        line = y + ROW_HEIGHT - 0.5
        shapes.append(Line(0, line, _NAMES, line, stroke=Role.LINE_SOFT))
    shapes.append(Line(_NAMES - 0.5, 0, _NAMES - 0.5, HEADER_HEIGHT + height, stroke=Role.LINE))
    shapes.append(Line(0, HEADER_HEIGHT - 0.5, total, HEADER_HEIGHT - 0.5, stroke=Role.LINE))
    return Scene(total, HEADER_HEIGHT + height, tuple(shapes))


def chart_image(scene: Scene) -> QImage:
    """Return the chart's image, as sharp as its size allows. Raises InputError when it would be too large."""
    side = max(scene.width, scene.height, 1.0)
    area = max(1.0, scene.width * scene.height)
    ratio = min(2.0, _LONGEST_SIDE / side, math.sqrt(_MOST_PIXELS / area))
    if ratio < _LEAST_RATIO:
        raise InputError(
            _("The chart is too large for a picture."), _("Zoom out, close some rows, or choose SVG or PDF.")
        )
    return scene_image(scene, ratio=ratio)


def png_bytes(image: QImage) -> bytes:
    """Return an image as PNG; may run in a thread."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def svg_bytes(scene: Scene, title: str) -> bytes:
    """Return a scene as SVG in the colours shown."""

    def colour(role: Role) -> str:
        return theme().color(role).name()

    return write_svg(scene, colour=colour, measure=measure, title=title, background=Role.SURFACE)

"""What tells a reader of tiles where a sheet belongs: continuation marks and the map of sheets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from qihua_desktop.domain.gantt_scene import ROW_HEIGHT, GanttLink
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box, Point

from .canvas import Align, Pen
from .gantt_tiles import Tile
from .styles import BLACK, HAIRLINE, MUTED, PAPER

MAP_WIDTH: Final = 120.0
MAP_HEIGHT: Final = 26.0
_CELL: Final = (15.0, 10.0)
_LEAST_NUMBERED: Final = (9.0, 6.5)
_LEAST_GRID: Final = 1.5
_LEAST_HERE: Final = 1.2
_LABEL: Final = 5.5
_LABEL_ROOM: Final = 16.0
_MOST_LABELS: Final = 400


def paint_bar_marks(tile: Tile, pen: Pen, left: float, top: float) -> None:
    """Mark bars that go on beyond the sheet with a small triangle at its edge."""
    k = tile.scale
    right = left + (tile.right - tile.left) * k
    for number in range(tile.first_row, tile.last_row):
        box = tile.chart.bar_box(tile.chart.rows[number].key)
        if box is None:
            continue
        y = top + (number - tile.first_row + 0.5) * ROW_HEIGHT * k
        if box.x < tile.left - 0.5 and box.right > tile.left:
            pen.path([(left + 1, y), (left + 5, y - 3), (left + 5, y + 3)], closed=True, fill=BLACK, stroke=HAIRLINE)
        if box.right > tile.right + 0.5 and box.x < tile.right:
            pen.path([(right - 1, y), (right - 5, y - 3), (right - 5, y + 3)], closed=True, fill=BLACK, stroke=HAIRLINE)


def paint_link_marks(tile: Tile, pen: Pen, left: float, top: float) -> None:
    """Mark where links leave or enter the sheet, with the number of the task at their other end."""
    k = tile.scale
    area = Box(
        tile.left, tile.first_row * ROW_HEIGHT, tile.right - tile.left, (tile.last_row - tile.first_row) * ROW_HEIGHT
    )
    taken: list[tuple[float, float]] = []
    for link, points in tile.chart.link_paths(area):
        for (x, y), away, outward in _crossings(points, area):
            ink = PAPER[Role.CRITICAL if link.critical else Role.LINK]
            px, py = left + (x - area.x) * k, top + (y - area.y) * k
            pen.path(_arrow(px, py, away, outward=outward), closed=True, fill=ink)
            number = _other_end(tile, link, outward=outward)
            if not number or len(taken) >= _MOST_LABELS:
                continue
            place = _label_place(px, py, away)
            if all(abs(place[0] - x0) > _LABEL_ROOM or abs(place[1] - y0) > _LABEL for x0, y0 in taken):
                taken.append(place)
                align = Align.RIGHT if away[0] > 0 else Align.LEFT
                pen.text(place[0], place[1], number[:12], size=_LABEL, ink=ink, align=align)


def paint_map(tile: Tile, pen: Pen, right: float, top: float) -> float:
    """Draw all sheets as a small grid with this one filled; returns its width."""
    if tile.bands * tile.columns == 1:
        return 0.0
    width = min(_CELL[0], MAP_WIDTH / tile.columns)
    height = min(_CELL[1], MAP_HEIGHT / tile.bands)
    left, bottom = right - width * tile.columns, top + height * tile.bands
    here = (left + tile.column * width, top + tile.band * height)
    pen.rectangle(left, top, right - left, bottom - top, stroke=HAIRLINE, line_width=0.3)
    if min(width, height) >= _LEAST_GRID:
        for column in range(1, tile.columns):
            pen.line((left + column * width, top), (left + column * width, bottom), ink=HAIRLINE, width=0.3)
        for band in range(1, tile.bands):
            pen.line((left, top + band * height), (right, top + band * height), ink=HAIRLINE, width=0.3)
    pen.rectangle(*here, max(width, _LEAST_HERE), max(height, _LEAST_HERE), fill=PAPER[Role.ACCENT])
    if width >= _LEAST_NUMBERED[0] and height >= _LEAST_NUMBERED[1]:
        size = min(6.0, height * 0.72)
        for at, (band, column) in enumerate(tile.places or _every_place(tile), 1):
            ink = PAPER[Role.ON_ACCENT] if (band, column) == (tile.band, tile.column) else MUTED
            x, y = left + (column + 0.5) * width, top + (band + 0.5) * height + size * 0.36
            pen.text(x, y, str(at), size=size, ink=ink, align=Align.CENTRE)
    return width * tile.columns


def _every_place(tile: Tile) -> list[tuple[int, int]]:
    return [(band, column) for band in range(tile.bands) for column in range(tile.columns)]


def _crossings(points: tuple[Point, ...], area: Box) -> Iterator[tuple[Point, tuple[int, int], bool]]:
    """Yield where a path of level and upright lines passes the edge: place, the edge's outer side, whether outwards."""
    for (x1, y1), (x2, y2) in pairwise(points):
        if abs(y1 - y2) < 0.01 and area.y <= y1 <= area.bottom:
            for edge, side in ((area.x, -1), (area.right, 1)):
                if min(x1, x2) < edge < max(x1, x2):
                    yield (edge, y1), (side, 0), (x2 > x1) == (side > 0)
        elif abs(x1 - x2) < 0.01 and area.x <= x1 <= area.right:
            for edge, side in ((area.y, -1), (area.bottom, 1)):
                if min(y1, y2) < edge < max(y1, y2):
                    yield (x1, edge), (0, side), (y2 > y1) == (side > 0)


def _arrow(x: float, y: float, away: tuple[int, int], *, outward: bool) -> list[Point]:
    """Return a triangle inside the edge: pointing out where the link leaves, in where it enters."""
    dx, dy = away
    base, tip = (4.0, 0.5) if outward else (0.5, 4.0)
    bx, by, tx, ty = x - dx * base, y - dy * base, x - dx * tip, y - dy * tip
    return [(tx, ty), (bx + dy * 2.2, by + dx * 2.2), (bx - dy * 2.2, by - dx * 2.2)]


def _label_place(x: float, y: float, away: tuple[int, int]) -> Point:
    dx, dy = away
    if dx:
        return x - dx * 6.0, y - 1.5
    return x + 3.2, y - 1.5 if dy > 0 else y + 5.5


def _other_end(tile: Tile, link: GanttLink, *, outward: bool) -> str:
    number = tile.chart.row_number(link.successor if outward else link.predecessor)
    return tile.chart.rows[number].number if number is not None else ""

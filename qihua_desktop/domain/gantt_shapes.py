"""The shapes of a Gantt chart: brackets, diamonds, the room a task has left, and the way a link takes between bars."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .plan import LinkType
from .roles import Role
from .scene import Dash, Line, Point, Polygon, Primitive

ROW_HEIGHT: Final = 27.0
BAR_HEIGHT: Final = 13.0
BAR_TOP: Final = 6.0
DIAMOND: Final = 7.0
_ELBOW: Final = 6.0
_ROOM_TOP: Final = 19.5


def room_lines(bar: tuple[float, float], room: tuple[float, float], row: float) -> Iterator[Primitive]:
    """Yield how far a bar may go without moving the end: a line to either side of it, with a stop at its end.

    ``bar`` and ``room`` are left and right edges, ``row`` is the top of the row.
    """
    y = row + _ROOM_TOP
    for left, right, stop in ((room[0], bar[0], room[0]), (bar[1], room[1], room[1])):
        if right - left > 1:
            yield Line(left, y, right, y, stroke=Role.TEXT_SOFT, dash=Dash.DASHED)
            yield Line(stop, y - 3.5, stop, y + 2.5, stroke=Role.TEXT_SOFT)


def bracket(left: float, right: float, y: float) -> Polygon:
    """Return a summary's bracket."""
    top, thick, drop = y + 8.5, 5.0, 10.5
    hook = min(6.0, (right - left) / 2)
    return Polygon(
        (
            (left, top),
            (right, top),
            (right, top + drop),
            (right - hook, top + thick),
            (left + hook, top + thick),
            (left, top + drop),
        ),
        fill=Role.SUMMARY,
    )


def diamond(x: float, y: float, *, critical: bool) -> Polygon:
    """Return a milestone's mark."""
    points = ((x, y - DIAMOND), (x + DIAMOND, y), (x, y + DIAMOND), (x - DIAMOND, y))
    return Polygon(points, fill=Role.TEXT, stroke=Role.CRITICAL if critical else None, stroke_width=1.2)


def route(
    kind: LinkType, one: tuple[float, float], two: tuple[float, float], first: int, second: int
) -> tuple[Point, ...]:
    """Return the elbows from one bar to the other; finish-to-start enters the successor's beginning from above."""
    y1 = first * ROW_HEIGHT + BAR_TOP + BAR_HEIGHT / 2
    y2 = second * ROW_HEIGHT + BAR_TOP + BAR_HEIGHT / 2
    down = second >= first
    lane = second * ROW_HEIGHT + 1.0 if down else (second + 1) * ROW_HEIGHT - 3.0
    match kind:
        case LinkType.FS:
            x1, x2 = one[1], two[0] + 4
            edge = second * ROW_HEIGHT + BAR_TOP if down else second * ROW_HEIGHT + BAR_TOP + BAR_HEIGHT
            out = x1 + _ELBOW
            if down and abs(out - x2) < 2:
                return (x1, y1), (x2, y1), (x2, edge)
            return (x1, y1), (out, y1), (out, lane), (x2, lane), (x2, edge)
        case LinkType.SS:
            out = min(one[0], two[0]) - _ELBOW - 2
            return (one[0], y1), (out, y1), (out, y2), (two[0], y2)
        case LinkType.FF:
            out = max(one[1], two[1]) + _ELBOW + 2
            return (one[1], y1), (out, y1), (out, y2), (two[1], y2)
        case LinkType.SF:
            out, into = one[0] - _ELBOW, two[1] + _ELBOW + 2
            return (one[0], y1), (out, y1), (out, lane), (into, lane), (into, y2), (two[1], y2)

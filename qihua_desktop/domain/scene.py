"""Pictures as plain primitives in theme roles: charts are built here once and drawn on screen and on paper.

Lengths are pixels at 96 per inch, y grows downwards. Angles are degrees, clockwise, 0 at twelve o'clock. Colours are
``Role`` names that each painter looks up; no primitive knows a hex colour, a widget or a page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import atan2, degrees, hypot, inf
from typing import Final

from .roles import Role

Point = tuple[float, float]
TEXT_SIZE: Final = 13.0
SMALL_TEXT_SIZE: Final = 12.0
HIT_SLACK: Final = 4.0


class Weight(StrEnum):
    """Weight of a text."""

    REGULAR = "regular"
    BOLD = "bold"


class Align(StrEnum):
    """Where a text sits in its box, horizontally."""

    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class VerticalAlign(StrEnum):
    """Where a text sits in its box, vertically."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


class Overflow(StrEnum):
    """What happens to a text wider than its box: an ellipsis, a cut, further lines, or nothing at all."""

    ELIDE = "elide"
    ELIDE_MIDDLE = "elide_middle"
    CLIP = "clip"
    WRAP = "wrap"
    VISIBLE = "visible"


class Dash(StrEnum):
    """How a line is broken."""

    SOLID = "solid"
    DASHED = "dashed"
    DOTTED = "dotted"


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-parallel rectangle without looks: bounds, clips, visible parts."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    def intersects(self, other: Box) -> bool:
        """Return whether the two share a point; touching edges count, so that lines of no height do too."""
        return self.x <= other.right and other.x <= self.right and self.y <= other.bottom and other.y <= self.bottom

    def contains(self, x: float, y: float) -> bool:
        """Return whether the point is inside, right and bottom edge excluded."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def united(self, other: Box) -> Box:
        """Return the smallest box around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Box(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def moved(self, dx: float, dy: float) -> Box:
        """Return the box moved."""
        return Box(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, margin: float) -> Box:
        """Return the box grown on every side."""
        return Box(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle, filled or outlined or both; the outline runs along its edge, half inside."""

    x: float
    y: float
    width: float
    height: float
    fill: Role | None = None
    stroke: Role | None = None
    stroke_width: float = 1.0
    radius: float = 0.0
    dash: Dash = Dash.SOLID
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; ``width`` 1 is a crisp hairline on screen."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: Role = Role.LINE
    width: float = 1.0
    dash: Dash = Dash.SOLID
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Polyline:
    """Joined lines; ``arrow`` puts a filled head of ``arrow_size`` at the last point; ``radius`` rounds the corners."""

    points: tuple[Point, ...]
    stroke: Role = Role.LINE
    width: float = 1.0
    dash: Dash = Dash.SOLID
    arrow: bool = False
    arrow_size: float = 6.0
    radius: float = 0.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed shape."""

    points: tuple[Point, ...]
    fill: Role | None = None
    stroke: Role | None = None
    stroke_width: float = 1.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class RingSegment:
    """A piece of a ring; ``inner`` 0 makes a pie piece, a sweep of 360 a whole ring or disc."""

    cx: float
    cy: float
    inner: float
    outer: float
    start: float
    sweep: float
    fill: Role | None = None
    stroke: Role | None = None
    stroke_width: float = 1.0
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Text:
    """A text in a box, always literal. ``tabular`` gives digits equal widths; ``angle`` turns it about the box centre.

    With ``Overflow.VISIBLE`` the box only anchors the text and may have no width.
    """

    x: float
    y: float
    width: float
    height: float
    text: str
    role: Role = Role.TEXT
    size: float = TEXT_SIZE
    weight: Weight = Weight.REGULAR
    align: Align = Align.LEFT
    vertical: VerticalAlign = VerticalAlign.MIDDLE
    overflow: Overflow = Overflow.ELIDE
    tabular: bool = False
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Group:
    """Primitives that belong together, moved by (dx, dy) and optionally clipped to a box in their own coordinates.

    ``key`` names the object the group shows (hit testing, selection); ``label`` is what a screen reader or a tool tip
    says about it.
    """

    children: tuple[Primitive, ...]
    key: str | None = None
    dx: float = 0.0
    dy: float = 0.0
    clip: Box | None = None
    label: str = ""


Primitive = Rect | Line | Polyline | Polygon | RingSegment | Text | Group


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole picture: its size and what is on it, back to front."""

    width: float
    height: float
    primitives: tuple[Primitive, ...]


def bounds(primitive: Primitive) -> Box:
    """Return the box around a primitive; visible overflow of a text and line widths are not counted."""
    match primitive:
        case Rect() | Text():
            return Box(primitive.x, primitive.y, primitive.width, primitive.height)
        case Line():
            return _around(((primitive.x1, primitive.y1), (primitive.x2, primitive.y2)))
        case Polyline() | Polygon():
            return _around(primitive.points)
        case RingSegment():
            outer = primitive.outer
            return Box(primitive.cx - outer, primitive.cy - outer, 2 * outer, 2 * outer)
        case Group():
            if primitive.clip is not None:
                box = primitive.clip
            else:
                box = bounds_of(primitive.children)
            return box.moved(primitive.dx, primitive.dy)


def bounds_of(primitives: Iterable[Primitive]) -> Box:
    """Return the box around all of them, an empty box at the origin for none."""
    result: Box | None = None
    for primitive in primitives:
        box = bounds(primitive)
        result = box if result is None else result.united(box)
    return result or Box(0.0, 0.0, 0.0, 0.0)


def hit(primitives: Iterable[Primitive], x: float, y: float) -> str | None:
    """Return the key of the topmost object at a point; a group without a key belongs to the group around it."""
    found = hit_path(primitives, x, y)
    return found[-1] if found else None


def hit_path(primitives: Iterable[Primitive], x: float, y: float) -> tuple[str, ...]:
    """Return the keys of the groups around the topmost keyed primitive at a point, outermost first."""
    for primitive in reversed(tuple(primitives)):
        if not isinstance(primitive, Group):
            continue
        inner_x, inner_y = x - primitive.dx, y - primitive.dy
        if primitive.clip is not None and not primitive.clip.contains(inner_x, inner_y):
            continue
        nested = hit_path(primitive.children, inner_x, inner_y)
        own = (primitive.key,) if primitive.key is not None else ()
        if nested:
            return own + nested
        if own and any(_covers(child, inner_x, inner_y) for child in primitive.children):
            return own
    return ()


def keyed_groups(primitives: Iterable[Primitive], dx: float = 0.0, dy: float = 0.0) -> Iterator[tuple[Group, Box]]:
    """Yield every group with a key and its box in the outer coordinates, back to front, outer before inner."""
    for primitive in primitives:
        if isinstance(primitive, Group):
            if primitive.key is not None:
                yield primitive, bounds(primitive).moved(dx, dy)
            yield from keyed_groups(primitive.children, dx + primitive.dx, dy + primitive.dy)


def _around(points: Iterable[Point]) -> Box:
    left, top, right, bottom = inf, inf, -inf, -inf
    for x, y in points:
        left, top, right, bottom = min(left, x), min(top, y), max(right, x), max(bottom, y)
    if left > right:
        return Box(0.0, 0.0, 0.0, 0.0)
    return Box(left, top, right - left, bottom - top)


def _covers(primitive: Primitive, x: float, y: float) -> bool:
    match primitive:
        case Rect() | Text():
            return bounds(primitive).contains(x, y)
        case Line():
            return _near(((primitive.x1, primitive.y1), (primitive.x2, primitive.y2)), x, y, primitive.width)
        case Polyline():
            return _near(primitive.points, x, y, primitive.width)
        case Polygon():
            return _inside(primitive.points, x, y)
        case RingSegment():
            dx, dy = x - primitive.cx, y - primitive.cy
            angle = (degrees(atan2(dx, -dy)) - primitive.start) % 360.0
            return primitive.inner <= hypot(dx, dy) <= primitive.outer and angle <= abs(primitive.sweep)
        case Group():
            if primitive.clip is not None and not primitive.clip.contains(x - primitive.dx, y - primitive.dy):
                return False
            return any(_covers(child, x - primitive.dx, y - primitive.dy) for child in primitive.children)


def _near(points: tuple[Point, ...], x: float, y: float, width: float) -> bool:
    reach = max(HIT_SLACK, width / 2)
    for (x1, y1), (x2, y2) in pairwise(points):
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        along = 0.0 if length == 0 else min(1.0, max(0.0, ((x - x1) * dx + (y - y1) * dy) / length))
        if hypot(x - x1 - along * dx, y - y1 - along * dy) <= reach:
            return True
    return False


def _inside(points: tuple[Point, ...], x: float, y: float) -> bool:
    inside = False
    for index, (x1, y1) in enumerate(points):
        x2, y2 = points[index - 1]
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside

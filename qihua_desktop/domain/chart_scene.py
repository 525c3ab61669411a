"""Small charts as scenes: the ring of a budget with its total in the middle, and bars; for screen and paper alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import radians
from typing import Final

from .roles import Role, series_role
from .scene import (
    SMALL_TEXT_SIZE,
    Align,
    Dash,
    Group,
    Line,
    Overflow,
    Primitive,
    Rect,
    RingSegment,
    Scene,
    Text,
    VerticalAlign,
    Weight,
)

Measure = Callable[[str, float, Weight], float]
"""Width of a text in pixels at a size, as the painter will draw it."""

_GAP: Final = 8.0
_LEGEND_ROW: Final = 22.0
_BAR_ROW: Final = 28.0
_FULL: Final = 360.0
_DIGIT_WIDTH: Final = 0.6


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a whole or a bar: ``value`` ≥ 0; ``value_text`` is how it is written; ``key`` names it in hit tests.

    ``role`` is its colour, None for the next of the series. ``reference`` is a second value to compare with (plan
    beside actual), drawn as a mark.
    """

    key: str
    label: str
    value: int
    value_text: str
    role: Role | None = None
    share_text: str = ""
    reference: int | None = None


def ring_scene(
    slices: Sequence[Slice], *, diameter: float, centre: str = "", caption: str = "", thickness: float | None = None
) -> Scene:
    """Return a ring with a bold text in its middle and a small one under it.

    Slices without value take no room; where nothing has any, an empty track is shown. Segments run clockwise from
    twelve o'clock and are parted by thin white lines, so that they can be told apart without colour.
    """
    shapes: list[Primitive] = []
    middle = diameter / 2
    inner = middle - (thickness or diameter * 0.17)
    total = sum(max(one.value, 0) for one in slices)
    if not total:
        shapes.append(RingSegment(middle, middle, inner, middle, 0.0, _FULL, fill=Role.TRACK))
    start = 0
    for index, one in enumerate(slices):
        if one.value <= 0:
            continue
        first, last = _FULL * start / total, _FULL * (start + one.value) / total
        start += one.value
        whole = one.value == total
        arc = radians(last - first) * (middle + inner) / 2
        segment = RingSegment(
            middle,
            middle,
            inner,
            middle,
            first,
            last - first,
            fill=one.role or series_role(index),
            stroke=None if whole else Role.SURFACE,
            stroke_width=min(1.5, arc / 3),  # of hundreds of slices the lines would leave nothing to see
        )
        shapes.append(Group((segment,), key=one.key, label=_spoken(one)))
    shapes += _centre(middle, inner, centre, caption)
    return Scene(diameter, diameter, tuple(shapes))


def ring_with_legend(
    slices: Sequence[Slice], *, width: float, centre: str = "", caption: str = "", diameter: float = 150.0
) -> Scene:
    """Return the ring at the left and its legend at the right: colour, label, share and amount per line."""
    ring = ring_scene(slices, diameter=diameter, centre=centre, caption=caption)
    height = max(diameter, len(slices) * _LEGEND_ROW)
    left = diameter + 3 * _GAP
    top = (height - len(slices) * _LEGEND_ROW) / 2
    shapes: list[Primitive] = [Group(ring.primitives, dy=(height - diameter) / 2)]
    room = width - left
    for index, one in enumerate(slices):
        shapes.append(_legend_row(one, index, left, top + index * _LEGEND_ROW, room))
    return Scene(width, height, tuple(shapes))


def bars_scene(slices: Sequence[Slice], *, width: float, measure: Measure) -> Scene:
    """Return horizontal bars with labels at the left, values at the right and, where given, a mark at the reference."""
    label_width = max((measure(one.label, SMALL_TEXT_SIZE, Weight.REGULAR) for one in slices), default=0.0)
    value_width = max((measure(one.value_text, SMALL_TEXT_SIZE, Weight.REGULAR) for one in slices), default=0.0)
    label_width = min(label_width, width * 0.35) + _GAP
    track = max(width - label_width - value_width - _GAP, 20.0)
    largest = max((max(one.value, one.reference or 0) for one in slices), default=0)
    shapes: list[Primitive] = []
    for index, one in enumerate(slices):
        y = index * _BAR_ROW
        length = track * max(one.value, 0) / largest if largest else 0.0
        parts: list[Primitive] = [
            Text(0, y, label_width - _GAP, _BAR_ROW, one.label, role=Role.TEXT_SOFT, size=SMALL_TEXT_SIZE),
            Rect(label_width, y + 8, track, 12, fill=Role.TRACK, radius=3),
        ]
        if length > 0:
            fill = one.role or series_role(index)
            parts.append(Rect(label_width, y + 8, max(length, 2.0), 12, fill=fill, radius=3))
        if one.reference is not None and largest:
            x = label_width + track * one.reference / largest
            parts.append(Line(x, y + 5, x, y + 23, stroke=Role.TEXT, width=1.5))
        parts.append(
            Text(
                width - value_width,
                y,
                value_width,
                _BAR_ROW,
                one.value_text,
                size=SMALL_TEXT_SIZE,
                align=Align.RIGHT,
                overflow=Overflow.VISIBLE,
                tabular=True,
            )
        )
        shapes.append(Group(tuple(parts), key=one.key, label=_spoken(one)))
    return Scene(width, max(len(slices), 1) * _BAR_ROW, tuple(shapes))


def columns_scene(slices: Sequence[Slice], *, width: float, height: float, limit: int | None = None) -> Scene:
    """Return upright bars with their values above and labels below; those over ``limit`` are drawn as bad.

    ``limit`` is shown as a dashed line, like full capacity in a load chart.
    """
    shapes: list[Primitive] = []
    plot_top, plot_height = 16.0, height - 36.0
    largest = max((max(one.value, limit or 0) for one in slices), default=0)
    each = width / max(len(slices), 1)
    for index, one in enumerate(slices):
        column = plot_height * max(one.value, 0) / largest if largest else 0.0
        over = limit is not None and one.value > limit
        top = plot_top + plot_height - column
        x = index * each
        fill = Role.CRITICAL_SOFT if over else one.role or Role.BAR_SOFT
        parts: tuple[Primitive, ...] = (
            Rect(x + each * 0.08, top, each * 0.84, column, fill=fill, radius=2),
            _column_text(x, top - 16, each, one.value_text, Role.TEXT_SOFT),
            _column_text(x, height - 18, each, one.label, Role.MUTED),
        )
        shapes.append(Group(parts, key=one.key, label=_spoken(one)))
    shapes.append(Line(0, plot_top + plot_height, width, plot_top + plot_height))
    if limit is not None and largest:
        y = plot_top + plot_height * (1 - limit / largest)
        shapes.append(Line(0, y, width, y, stroke=Role.BAD, dash=Dash.DASHED))
    return Scene(width, height, tuple(shapes))


def _centre(middle: float, inner: float, centre: str, caption: str) -> list[Primitive]:
    shapes: list[Primitive] = []
    room = inner * 1.7
    left = middle - room / 2
    if centre:
        size = min(20.0, inner * 0.36, room / (_DIGIT_WIDTH * len(centre)))
        top = middle - size * (1.1 if caption else 0.75)
        shapes.append(
            Text(left, top, room, size * 1.5, centre, size=size, weight=Weight.BOLD, align=Align.CENTER, tabular=True)
        )
    if caption:
        shapes.append(
            Text(
                left,
                middle + (6 if centre else -9),
                room,
                18,
                caption,
                role=Role.MUTED,
                size=SMALL_TEXT_SIZE,
                align=Align.CENTER,
                vertical=VerticalAlign.MIDDLE,
            )
        )
    return shapes


def _legend_row(one: Slice, index: int, x: float, y: float, room: float) -> Group:
    amount, share = min(110.0, room * 0.36), 56.0
    parts: tuple[Primitive, ...] = (
        Rect(x, y + 6, 10, 10, fill=one.role or series_role(index), radius=2),
        Text(x + 18, y, max(room - 18 - amount - share, 20), _LEGEND_ROW, one.label, size=SMALL_TEXT_SIZE),
        Text(
            x + room - amount - share,
            y,
            share - 6,
            _LEGEND_ROW,
            one.share_text,
            role=Role.MUTED,
            size=SMALL_TEXT_SIZE,
            align=Align.RIGHT,
            overflow=Overflow.VISIBLE,
            tabular=True,
        ),
        Text(
            x + room - amount,
            y,
            amount,
            _LEGEND_ROW,
            one.value_text,
            size=SMALL_TEXT_SIZE,
            align=Align.RIGHT,
            overflow=Overflow.VISIBLE,
            tabular=True,
        ),
    )
    return Group(parts, key=one.key, label=_spoken(one))


def _column_text(x: float, y: float, width: float, text: str, role: Role) -> Text:
    return Text(x, y, width, 16, text, role=role, size=11.0, align=Align.CENTER, tabular=True)


def _spoken(one: Slice) -> str:
    return " ".join(part for part in (one.label, one.share_text, one.value_text) if part)

"""Charts that put budget, commitments and actual cost side by side: per category, and by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .chart_scene import Measure
from .formatting import money_short
from .roles import Role
from .scene import SMALL_TEXT_SIZE, Align, Group, Line, Overflow, Primitive, Rect, Scene, Text, Weight

_LEGEND: Final = 22.0
_THIN: Final = 6.0
_BETWEEN: Final = 2.0
_GROUP_GAP: Final = 10.0
_LABEL_GAP: Final = 8.0


@dataclass(frozen=True, slots=True)
class Series:
    """What one of the bars in every group stands for."""

    label: str
    role: Role


@dataclass(frozen=True, slots=True)
class Compared:
    """A group of bars, one value in fen per series; ``key`` names it in hit tests."""

    key: str
    label: str
    values: tuple[int, ...]


def compared_bars(
    groups: Sequence[Compared], series: Sequence[Series], *, width: float, measure: Measure, height: float = 0.0
) -> Scene:
    """Return horizontal bars in groups: a category with its budget, commitments and cost; the last value is written."""
    shapes, head = _legend(series, width, measure)
    names = max((measure(one.label, SMALL_TEXT_SIZE, Weight.REGULAR) for one in groups), default=0.0)
    left = min(names, width * 0.32) + _LABEL_GAP
    written = [money_short(max(one.values, default=0)) for one in groups]
    right = max((measure(text, SMALL_TEXT_SIZE, Weight.REGULAR) for text in written), default=0.0) + _LABEL_GAP
    track = max(20.0, width - left - right)
    largest = _largest(groups)
    inner = len(series) * (_THIN + _BETWEEN) - _BETWEEN
    y = head + 4
    for group, words in zip(groups, written, strict=True):
        middle = y + inner / 2 - 9
        parts: list[Primitive] = [
            Text(0, middle, left - _LABEL_GAP, 18, group.label, role=Role.TEXT_SOFT, size=SMALL_TEXT_SIZE)
        ]
        longest = 0.0
        for at, (value, one) in enumerate(zip(group.values, series, strict=True)):
            length = track * max(0, value) / largest if largest else 0.0
            longest = max(longest, length)
            if length > 0:
                top = y + at * (_THIN + _BETWEEN)
                parts.append(Rect(left, top, max(2.0, length), _THIN, fill=one.role, radius=2))
        parts.append(
            Text(left + longest + _LABEL_GAP, middle, right, 18, words, role=Role.MUTED, size=SMALL_TEXT_SIZE,
                 overflow=Overflow.VISIBLE, tabular=True)
        )  # fmt: skip
        shapes.append(Group(tuple(parts), key=group.key, label=_spoken(group, series)))
        y += inner + _GROUP_GAP
    return Scene(width, max(y, head + 30, height), tuple(shapes))


def compared_columns(
    groups: Sequence[Compared], series: Sequence[Series], *, width: float, height: float, measure: Measure
) -> Scene:
    """Return upright bars in groups: months with what was planned, bound and spent; the largest value is written."""
    shapes, head = _legend(series, width, measure)
    top, bottom = head + 18.0, height - 18.0
    largest = _largest(groups)
    each = width / max(1, len(groups))
    bar = min(16.0, each * 0.8 / max(1, len(series)))
    for at, group in enumerate(groups):
        start = at * each + (each - bar * len(series)) / 2
        parts: list[Primitive] = []
        highest = 0.0
        for number, (value, one) in enumerate(zip(group.values, series, strict=True)):
            size = (bottom - top) * max(0, value) / largest if largest else 0.0
            highest = max(highest, size)
            if size > 0:
                size = max(1.0, size)
                parts.append(Rect(start + number * bar, bottom - size, bar - 1, size, fill=one.role, radius=1))
        parts.append(_under(at * each, bottom + 1, each, group.label))
        value = max(group.values, default=0)
        if value > 0 and each > 34:
            parts.append(_under(at * each, bottom - highest - 17, each, money_short(value)))
        shapes.append(Group(tuple(parts), key=group.key, label=_spoken(group, series)))
    shapes.append(Line(0, bottom, width, bottom))
    return Scene(width, height, tuple(shapes))


def _legend(series: Sequence[Series], width: float, measure: Measure) -> tuple[list[Primitive], float]:
    """Return the legend and how high it is; it wraps where it is wider than the chart."""
    shapes: list[Primitive] = []
    x = y = 0.0
    for one in series:
        room = measure(one.label, SMALL_TEXT_SIZE, Weight.REGULAR)
        if x and x + 14 + room > width:
            x, y = 0.0, y + 18.0
        shapes.append(Rect(x, y + 5, 9, 9, fill=one.role, radius=2))
        shapes.append(
            Text(x + 14, y, room + 4, 18, one.label, role=Role.MUTED, size=SMALL_TEXT_SIZE, overflow=Overflow.VISIBLE)
        )
        x += room + 30
    return shapes, y + _LEGEND


def _under(x: float, y: float, width: float, text: str) -> Text:
    return Text(x, y, width, 16, text, role=Role.MUTED, size=11.0, align=Align.CENTER, tabular=True)


def _largest(groups: Sequence[Compared]) -> int:
    return max((max(0, *group.values) for group in groups if group.values), default=0)


def _spoken(group: Compared, series: Sequence[Series]) -> str:
    parts = [f"{one.label} {money_short(value)}" for value, one in zip(group.values, series, strict=True)]
    return " ".join([group.label, *parts])

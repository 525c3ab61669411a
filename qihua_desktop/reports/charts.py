"""Charts of finance reports as blocks of the page: every value is written beside its shape, and no shape needs colour.

Zones beyond a threshold are hatched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Align, Box, Group, Line, Overflow, Polygon, Primitive, Rect, Scene, Text, Weight
from qihua_desktop.i18n import _

from .chart_block import LABEL, SIZE, SMALL_SIZE, WIDTH, ChartBlock, Look, legend, looks
from .export_report import ExportReport
from .formats import DASH, format_fen, percent, signed_fen, signed_percent
from .scene_painter import measure


@dataclass(frozen=True, slots=True)
class CategoryFigures:
    """A category's amounts in fen; None is unknown and printed as a dash."""

    name: str
    budget: int | None
    committed: int | None
    actual: int | None


@dataclass(frozen=True, slots=True)
class Deviation:
    """How far something is from its budget: basis points of it, and fen; ``strong`` for the total.

    ``words`` stand where there are no basis points; without them that prints as missing.
    """

    name: str
    basis_points: int | None
    amount: int | None = None
    strong: bool = False
    words: str = ""


def category_chart(categories: Sequence[CategoryFigures], report: ExportReport) -> ChartBlock:
    """Return budget, committed and actual of every category as horizontal bars on one scale.

    A dark line crosses the bars at the budget; what was paid is also given as a part of it, bold where it is more.
    """
    series = looks(_("Budget"))
    largest = max((amount for one in categories for amount in _amounts(one) if amount is not None), default=0)
    written = [_bar_text(one, index)[0] for one in categories for index in range(3)]
    values = max((measure(text, SMALL_SIZE, Weight.BOLD) for text in written), default=0.0) + 8
    track = WIDTH - LABEL - values
    rows = [_category_row(one, series, track, largest) for one in categories]
    return ChartBlock(legend(series), rows, report)


def deviation_chart(deviations: Sequence[Deviation], report: ExportReport, *, threshold: int = 1000) -> ChartBlock:
    """Return each deviation as a mark on a scale of twice the threshold to either side.

    Args:
        deviations: from top to bottom.
        report: collects what could not be printed as typed.
        threshold: what is tolerated, in basis points (± 10 % by default); the zones beyond it are hatched.
    """
    texts = [_deviation_texts(one) for one in deviations]
    widths = [max((measure(text[at], SIZE, Weight.BOLD) for text in texts), default=0.0) + 14 for at in (0, 1)]
    amounts = widths[1] if any(text[1] for text in texts) else 0.0
    track = WIDTH - LABEL - widths[0] - amounts
    rows = [_deviation_row(one, track, amounts, threshold) for one in deviations]
    return ChartBlock(_deviation_head(track, threshold), rows, report)


def _amounts(one: CategoryFigures) -> tuple[int | None, int | None, int | None]:
    return one.budget, one.committed, one.actual


def _category_row(one: CategoryFigures, series: Sequence[Look], track: float, largest: int) -> Scene:
    bar, gap = 11.0, 3.0
    height = 3 * (bar + gap) + 9
    shapes: list[Primitive] = [
        _name(one.name, height - 9),
        Line(LABEL, -2, LABEL, height - 7, stroke=Role.LINE_STRONG),
    ]
    for index, (amount, look) in enumerate(zip(_amounts(one), series, strict=True)):
        y = index * (bar + gap)
        length = track * max(amount or 0, 0) / largest if largest > 0 else 0.0
        if length > 0:
            shapes.append(Rect(LABEL, y, max(length, 1.5), bar, fill=look.fill, stroke=look.stroke, stroke_width=0.8))
        text, bad = _bar_text(one, index)
        shapes.append(
            Text(
                LABEL + length + 6,
                y - 2,
                0,
                bar + 4,
                text,
                role=Role.BAD if bad else Role.TEXT_SOFT,
                size=SMALL_SIZE,
                weight=Weight.BOLD if bad else Weight.REGULAR,
                overflow=Overflow.VISIBLE,
                tabular=True,
            )
        )
    if one.budget is not None and one.budget > 0 and largest > 0:
        x = LABEL + track * one.budget / largest
        shapes += _budget_mark(x, one, track, largest, bar + gap, height)
    return Scene(WIDTH, height, tuple(shapes))


def _name(text: str, height: float, *, weight: Weight = Weight.REGULAR) -> Text:
    """Return a row's name: on two lines where the row has room for them, never on more."""
    width = LABEL - 10
    if height < 3 * SIZE or measure(text, SIZE, weight) <= width:
        return Text(0, 0, width, height, text, size=SIZE, weight=weight)
    short = " ".join(text.split())
    if measure(short, SIZE, weight) > 1.8 * width:
        count = 0
        while measure(short[: count + 1] + "…", SIZE, weight) <= 1.8 * width:
            count += 1
        short = short[:count] + "…"
    return Text(0, 0, width, height, short, size=SIZE, weight=weight, overflow=Overflow.WRAP)


def _budget_mark(
    x: float, one: CategoryFigures, track: float, largest: int, step: float, height: float
) -> list[Primitive]:
    """Return the line of the budget through those bars that reach beyond it."""
    lines: list[Primitive] = []
    for index, amount in enumerate((one.committed, one.actual), 1):
        if amount is not None and one.budget is not None and amount > one.budget:
            top = index * step - 2
            tone = Role.TEXT if index == 1 else Role.SURFACE
            lines.append(Line(x, top, x, top + step + 1, stroke=tone, width=2.5))
            lines.append(Line(x, top, x, top + step + 1, stroke=Role.TEXT, width=1.2))
    return lines


def _bar_text(one: CategoryFigures, index: int) -> tuple[str, bool]:
    """Return what stands beside a bar, and whether it is beyond the budget or below zero."""
    amount = _amounts(one)[index]
    if amount is None:
        return DASH, False
    text = format_fen(amount)
    if index == 0 or not one.budget or one.budget < 0:
        return text, amount < 0
    share = percent((2 * amount * 1000 + one.budget) // (2 * one.budget) * 10)
    return f"{text} · {share.replace('-', '−')}", amount > one.budget or amount < 0


def _deviation_head(track: float, threshold: int) -> Scene:
    shapes: list[Primitive] = []
    for part in (-2, -1, 0, 1, 2):
        x = LABEL + track * (part + 2) / 4
        text = signed_percent(part * threshold)
        align = Align.LEFT if part == -2 else Align.RIGHT if part == 2 else Align.CENTER
        left = x - {Align.LEFT: 0, Align.CENTER: 30, Align.RIGHT: 60}[align]
        shapes.append(Text(left, 0, 60, 16, text, role=Role.MUTED, size=SMALL_SIZE, align=align, tabular=True))
    return Scene(WIDTH, 18, tuple(shapes))


def _deviation_row(one: Deviation, track: float, amounts: float, threshold: int) -> Scene:
    height, bar = 26.0, 17.0
    weight = Weight.BOLD if one.strong else Weight.REGULAR
    shapes: list[Primitive] = [_name(one.name, bar, weight=weight)]
    quarter = track / 4
    for left in (LABEL, LABEL + 3 * quarter):
        shapes.append(Rect(left, 0, quarter, bar, fill=Role.BAD_BG))
        shapes.append(_hatched(left, 0, quarter, bar))
    shapes.append(Rect(LABEL + quarter, 0, 2 * quarter, bar, fill=Role.OK_BG))
    for part in (1, 3):
        shapes.append(Line(LABEL + part * quarter, 0, LABEL + part * quarter, bar, stroke=Role.MUTED))
    shapes.append(Line(LABEL + 2 * quarter, 0, LABEL + 2 * quarter, bar, stroke=Role.LINE_STRONG, width=0.8))
    shapes.append(Rect(LABEL, 0, track, bar, stroke=Role.LINE_STRONG, stroke_width=0.8))
    beyond = one.basis_points is not None and abs(one.basis_points) > threshold
    if one.basis_points is not None:
        shapes += _marker(one.basis_points, track, threshold, bar)
    for right, text in zip((WIDTH - amounts, WIDTH), _deviation_texts(one), strict=True):
        shapes.append(
            Text(
                right,
                0,
                0,
                bar,
                text,
                role=Role.BAD if beyond else Role.TEXT,
                size=SIZE,
                weight=Weight.BOLD if beyond or one.strong else Weight.REGULAR,
                align=Align.RIGHT,
                overflow=Overflow.VISIBLE,
                tabular=True,
            )
        )
    return Scene(WIDTH, height, tuple(shapes))


def _marker(basis_points: int, track: float, threshold: int, bar: float) -> list[Primitive]:
    """Return the mark of a value; beyond the scale it becomes an arrow at its end."""
    reach = 2 * threshold
    clamped = max(-reach, min(reach, basis_points))
    x = LABEL + track * (clamped + reach) / (2 * reach)
    if clamped == basis_points:
        return [Rect(x - 1.75, -3, 3.5, bar + 6, fill=Role.TEXT)]
    tip = 1 if basis_points > 0 else -1
    base = x - tip * 11
    middle = bar / 2
    return [Polygon(((x, middle), (base, -2), (base, bar + 2)), fill=Role.TEXT)]


def _hatched(x: float, y: float, width: float, height: float) -> Group:
    lines: list[Primitive] = []
    at = -height
    while at < width:
        lines.append(Line(at, height, at + height, 0, stroke=Role.CRITICAL_SOFT, width=0.8))
        at += 7
    return Group(tuple(lines), dx=x, dy=y, clip=Box(0, 0, width, height))


def _deviation_texts(one: Deviation) -> tuple[str, str]:
    rate = (one.words or _("no data")) if one.basis_points is None else signed_percent(one.basis_points)
    return rate, "" if one.amount is None else signed_fen(one.amount)

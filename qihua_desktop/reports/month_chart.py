"""Planned, committed and actual amounts by month: columns with their figures in a table below them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Align, Line, Overflow, Primitive, Rect, Scene, Text, Weight
from qihua_desktop.i18n import _

from .chart_block import LABEL, SMALL_SIZE, WIDTH, ChartBlock, Look, legend, looks
from .export_report import ExportReport
from .formats import DASH, format_fen
from .scene_painter import measure

_MONTHS: Final = 12
_TABLE_ROW: Final = 16.0


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A month's amounts in fen; None draws no column."""

    label: str
    planned: int | None
    committed: int | None
    actual: int | None


def monthly_chart(months: Sequence[MonthFigures], report: ExportReport, *, height: float = 150.0) -> ChartBlock:
    """Return planned, committed and actual amounts of the months as columns, with the figures below them.

    The figures are yuan where they fit below their month, else 万元 with two decimals; the head says which.
    """
    series = looks(_("Planned"))
    room = (WIDTH - LABEL / 2) / max(min(len(months), _MONTHS), 1)
    exact = all(
        measure(format_fen(amount), SMALL_SIZE, Weight.REGULAR) + 4 <= room
        for month in months
        for amount in _amounts(month)
    )
    unit = _("Unit: CNY yuan") if exact else _("Unit: CNY 10,000")
    largest = max((amount for month in months for amount in _amounts(month) if amount is not None), default=0)
    rows = [
        _months_scene(months[at : at + _MONTHS], series, room, (height, largest), in_yuan=exact)
        for at in range(0, len(months), _MONTHS)
    ]
    return ChartBlock(legend(series, unit), rows, report)


def _amounts(month: MonthFigures) -> tuple[int | None, int | None, int | None]:
    return month.planned, month.committed, month.actual


def _months_scene(
    months: Sequence[MonthFigures], series: Sequence[Look], room: float, scale: tuple[float, int], *, in_yuan: bool
) -> Scene:
    """Return a row of months; ``scale`` is the height in pixels of how many fen."""
    left = LABEL / 2
    height, largest = scale
    shapes: list[Primitive] = []
    each = min(room * 0.25, 26.0)
    for number, month in enumerate(months):
        start = left + number * room + (room - 3 * each) / 2
        for index, (amount, look) in enumerate(zip(_amounts(month), series, strict=True)):
            if amount is None or amount <= 0:
                continue
            column = max(height * amount / largest, 1.0)
            shapes.append(
                Rect(
                    start + index * each + 0.5,
                    height - column,
                    each - 1,
                    column,
                    fill=look.fill,
                    stroke=look.stroke,
                    stroke_width=0.8,
                )
            )
    shapes.append(Line(left, height, left + len(months) * room, height, stroke=Role.TEXT_SOFT))
    shapes += _month_table(months, series, room, height + 4, in_yuan=in_yuan)
    return Scene(WIDTH, height + 16 + 4 * _TABLE_ROW, tuple(shapes))


def _month_table(
    months: Sequence[MonthFigures], series: Sequence[Look], room: float, top: float, *, in_yuan: bool
) -> list[Primitive]:
    left = LABEL / 2
    shapes: list[Primitive] = []
    for row, look in enumerate(series, 1):
        shapes.append(
            Text(0, top + row * _TABLE_ROW, left - 6, _TABLE_ROW, look.label, role=Role.TEXT_SOFT, size=SMALL_SIZE)
        )
        shapes.append(Line(0, top + row * _TABLE_ROW, WIDTH, top + row * _TABLE_ROW, stroke=Role.LINE_SOFT))
    for number, month in enumerate(months):
        x = left + number * room
        cells = [month.label, *(_figure_text(amount, in_yuan=in_yuan) for amount in _amounts(month))]
        for row, text in enumerate(cells):
            weight = Weight.BOLD if row == 0 else Weight.REGULAR
            negative = text.startswith("−")
            shapes.append(
                Text(
                    x,
                    top + row * _TABLE_ROW,
                    room,
                    _TABLE_ROW,
                    text,
                    role=Role.BAD if negative else Role.TEXT,
                    size=SMALL_SIZE,
                    weight=weight,
                    align=Align.CENTER,
                    tabular=True,
                    overflow=Overflow.ELIDE if row == 0 else Overflow.VISIBLE,
                )
            )
    shapes += [
        Line(left + a * room, top, left + a * room, top + 4 * _TABLE_ROW, stroke=Role.LINE_SOFT)
        for a in range(len(months))
    ]
    return shapes


def _figure_text(amount: int | None, *, in_yuan: bool) -> str:
    if amount is None:
        return DASH
    if in_yuan:
        return format_fen(amount)
    # 万元 with two decimals, half away from zero: the hundredth of 万 is 100 yuan.
    hundredths = (2 * abs(amount) + 10_000) // 20_000
    return format_fen(hundredths if amount >= 0 else -hundredths)

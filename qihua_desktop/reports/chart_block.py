"""What the charts of finance reports share: a block of rows below a head, and how the kinds of amount look.

Budget is an outline, what is committed light, what is paid dark: no shape needs colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Align, Overflow, Primitive, Rect, Scene, Text, Weight
from qihua_desktop.i18n import _

from .canvas import Pen
from .export_report import ExportReport
from .layout import Block
from .scene_painter import PIXEL, measure, paint_scene

WIDTH: Final = 640.0
"""Scene pixels across; on A4 upright the charts stand at nearly true size."""

SIZE: Final = 11.0
SMALL_SIZE: Final = 9.5
LABEL: Final = 132.0


@dataclass(frozen=True, slots=True)
class Look:
    """How one of the three kinds of amount looks."""

    label: str
    fill: Role
    stroke: Role


class ChartBlock:
    """Rows of a picture below a head; over a page's end it splits between rows and the head comes again."""

    space_before = 6.0
    space_after = 8.0
    keep_with_next = False

    def __init__(self, head: Scene, rows: Sequence[Scene], report: ExportReport) -> None:
        """Take scenes of one width, at true size."""
        self._head = head
        self._rows = tuple(rows)
        self._report = report

    @property
    def least_height(self) -> float:
        """The head and the first row."""
        return (self._head.height + (self._rows[0].height if self._rows else 0.0)) * PIXEL

    def height(self, width: float) -> float:
        """Return the height at the scale that fits the width."""
        return (self._head.height + sum(row.height for row in self._rows)) * self._scale(width)

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Split between rows."""
        scale = self._scale(width)
        used = self._head.height * scale
        fitting = 0
        for row in self._rows:
            used += row.height * scale
            if used > room + 0.01:
                break
            fitting += 1
        if fitting == 0 or fitting == len(self._rows):
            return None
        first, rest = self._rows[:fitting], self._rows[fitting:]
        return ChartBlock(self._head, first, self._report), ChartBlock(self._head, rest, self._report)

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw it from the left edge of the column."""
        scale = self._scale(width)
        for scene in (self._head, *self._rows):
            paint_scene(pen, scene.primitives, x, y, scale, self._report)
            y += scene.height * scale

    def _scale(self, width: float) -> float:
        return min(PIXEL, width / self._head.width)


def looks(planned: str) -> tuple[Look, Look, Look]:
    return (
        Look(planned, Role.SURFACE, Role.TEXT),
        Look(_("Committed"), Role.BAR_SOFT, Role.MUTED),
        Look(_("Actual"), Role.ACCENT, Role.ACCENT),
    )


def legend(series: Sequence[Look], unit: str = "") -> Scene:
    shapes: list[Primitive] = []
    x = 0.0
    for one in series:
        shapes.append(Rect(x + 0.5, 5.5, 14, 9, fill=one.fill, stroke=one.stroke))
        width = measure(one.label, SIZE, Weight.REGULAR) + 2
        shapes.append(Text(x + 20, 0, width, 20, one.label, role=Role.TEXT_SOFT, size=SIZE, overflow=Overflow.VISIBLE))
        x += 20 + width + 18
    if unit:
        shapes.append(Text(x, 0, WIDTH - x, 20, unit, role=Role.TEXT_SOFT, size=SIZE, align=Align.RIGHT))
    return Scene(WIDTH, 26, tuple(shapes))

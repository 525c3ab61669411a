"""Check boxes and round choices as vectors: no font is asked for ☐ ☑, which ours does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import fonts

if TYPE_CHECKING:
    from .canvas import Ink, Pen


def choice(*, checked: bool = False, single: bool = False) -> str:
    """Return the inline mark of a choice: a box, or a circle where only one may be chosen."""
    if single:
        return fonts.CIRCLE_CHECKED if checked else fonts.CIRCLE
    return fonts.BOX_CHECKED if checked else fonts.BOX


def draw_mark(pen: Pen, x: float, baseline: float, mark: str, size: float, ink: Ink) -> None:
    """Draw an inline mark one em wide, standing on the line of text like a Chinese character."""
    side = size * 0.78
    left = x + (size - side) / 2
    top = baseline - size * 0.74
    width = max(0.5, size * 0.07)
    if mark in (fonts.CIRCLE, fonts.CIRCLE_CHECKED):
        pen.ellipse(left, top, side, side, stroke=ink, line_width=width)
        if mark == fonts.CIRCLE_CHECKED:
            inset = side * 0.26
            pen.ellipse(left + inset, top + inset, side - 2 * inset, side - 2 * inset, fill=ink)
        return
    pen.rectangle(left, top, side, side, stroke=ink, line_width=width)
    if mark == fonts.BOX_CHECKED:
        tick = ((0.18, 0.52), (0.42, 0.78), (0.88, 0.14))
        pen.path(
            [(left + side * dx, top + side * dy) for dx, dy in tick],
            closed=False,
            stroke=ink,
            line_width=max(1.0, size * 0.13),
        )

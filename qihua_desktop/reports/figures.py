"""Money in the cells of a table: right-aligned, two decimals, a true minus sign and red ink below zero.

The sign alone tells a negative figure apart on a black and white printer.
"""

from __future__ import annotations

from .canvas import Align
from .formats import format_fen, signed_fen
from .styles import BAD
from .tables import Cell


def figure(fen: int | None, *, bold: bool = False, signed: bool = False) -> Cell:
    """Return an amount as a cell: ``1,234.00``, red ``−1,234.00``, a dash where there is none.

    ``signed`` shows a plus as well, for changes and deviations.
    """
    text = signed_fen(fen) if signed else format_fen(fen)
    return Cell(text, align=Align.RIGHT, bold=bold, ink=BAD if fen is not None and fen < 0 else None)

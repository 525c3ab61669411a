"""The head table of a form: labels and values, two to a row where they are short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from . import fonts
from .export_report import ExportReport
from .formats import or_missing
from .inputs import Fact
from .styles import CELL, TOTAL_FILL
from .tables import Cell, Column, Row, TableBlock

_SHORT: Final = 152.0
"""Width in points up to which a value shares its row with another."""


def facts_table(
    lead: str, lead_value: str, facts: Sequence[Fact], report: ExportReport, *, short: float = _SHORT
) -> TableBlock:
    """Return the head table: one wide row, then two facts per row; values wider than ``short`` points stand alone."""
    rows = [Row((_label(lead), Cell(or_missing(lead_value), span=3)))]
    pending: list[Fact] = []
    for fact in facts:
        if fonts.face().width(fact.value, CELL.size) > short:
            rows += _fact_rows(pending)
            pending = []
            rows.append(Row((_label(fact.label), Cell(or_missing(fact.value), span=3))))
        else:
            pending.append(fact)
    rows += _fact_rows(pending)
    columns = [
        Column("", width=74),
        Column("", share=1.0),
        Column("", width=74),
        Column("", share=1.0),
    ]
    return TableBlock(columns, rows, report, head=False, space_after=4)


def _fact_rows(facts: Sequence[Fact]) -> list[Row]:
    rows: list[Row] = []
    for index in range(0, len(facts), 2):
        pair = facts[index : index + 2]
        if len(pair) == 2:
            rows.append(
                Row(
                    (_label(pair[0].label), or_missing(pair[0].value), _label(pair[1].label), or_missing(pair[1].value))
                )
            )
        else:
            rows.append(Row((_label(pair[0].label), Cell(or_missing(pair[0].value), span=3))))
    return rows


def _label(text: str) -> Cell:
    return Cell(text, fill=TOTAL_FILL)

"""The budget as a table, the same in plans and approvals: categories, lines, shares, total with 大写."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qihua_desktop.domain.chart_scene import Slice, ring_with_legend
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Scene
from qihua_desktop.i18n import _

from .canvas import Align
from .export_report import ExportReport
from .formats import DASH, capital, format_fen, percent
from .inputs import BudgetRow
from .layout import Block
from .paragraphs import TextBlock
from .styles import UNIT
from .tables import Cell, Column, Row, TableBlock, total_row


def unit_line(report: ExportReport) -> Block:
    """Return the line above a table of money: 单位:元."""
    return TextBlock(_("Unit: CNY yuan"), UNIT, report)


def budget_block(rows: Sequence[BudgetRow], total: int | None, report: ExportReport) -> TableBlock:
    """Return category, share, amount and note, closed by 合计 and the amount in capitals."""
    with_notes = any(row.note for row in rows)
    columns = [
        Column(_("Category"), share=1.3),
        Column(_("Share"), width=58, align=Align.RIGHT),
        Column(_("Amount"), width=104, align=Align.RIGHT),
    ]
    if with_notes:
        columns.append(Column(_("Note"), share=1.6))
    grouped = any(not row.counted for row in rows)
    body = [
        Row(
            (
                Cell(row.name, indent=row.level, bold=grouped and row.counted),
                share_text(row),
                Cell(format_fen(row.amount), bold=grouped and row.counted),
                *((row.note,) if with_notes else ()),
            ),
            amount=row.amount if row.counted else None,
        )
        for row in rows
    ]
    body += closing_rows(rows, total, columns=len(columns), amount_column=2, share_column=1)
    return TableBlock(columns, body, report, running_total_column=2)


def budget_ring(rows: Sequence[BudgetRow], total: int | None) -> Scene:
    """Return the categories as a ring with the total in its middle, its legend beside it."""
    counted = [row for row in rows if row.counted]
    allocated = sum(row.amount for row in counted)
    whole = allocated if total is None else total
    slices = [
        Slice(str(index), row.name, row.amount, format_fen(row.amount), share_text=percent(row.share))
        for index, row in enumerate(counted)
    ]
    rest = whole - allocated
    if rest > 0:
        share = _share(rest, whole)
        slices.append(Slice("rest", _("Not allocated"), rest, format_fen(rest), Role.LINE_STRONG, share))
    return ring_with_legend(slices, width=520, diameter=132, centre=format_fen(whole), caption=_("Total budget"))


def with_sums(rows: Sequence[BudgetRow]) -> list[BudgetRow]:
    """Return the rows with net and committed amounts of parents added up, where every row below them has one."""
    result = list(rows)
    for at in range(len(result) - 1, -1, -1):
        row = result[at]
        below: list[BudgetRow] = []
        for other in result[at + 1 :]:
            if other.level <= row.level:
                break
            if other.level == row.level + 1:
                below.append(other)
        if below:
            net = _known_sum([one.net for one in below]) if row.net is None else row.net
            committed = _known_sum([one.committed for one in below]) if row.committed is None else row.committed
            result[at] = replace(row, net=net, committed=committed)
    return result


def share_text(row: BudgetRow) -> str:
    """Return a row's share; a line without one stays blank, for its category shows the share."""
    return "" if row.share is None and not row.counted else percent(row.share)


def _known_sum(figures: Sequence[int | None]) -> int | None:
    known = [figure for figure in figures if figure is not None]
    return sum(known) if len(known) == len(figures) else None


def closing_rows(
    rows: Sequence[BudgetRow], total: int | None, *, columns: int, amount_column: int, share_column: int
) -> list[Row]:
    """Return what closes a budget table: the rest not yet allocated, 合计 once, and the amount in capitals."""
    allocated = sum(row.amount for row in rows if row.counted)
    result: list[Row] = []
    whole = allocated if total is None else total
    if whole != allocated:
        result.append(
            _figures(
                _("Not allocated"),
                whole - allocated,
                _share(whole - allocated, whole),
                columns,
                amount_column,
                share_column,
            )
        )
    closing = _figures(_("Total"), whole, _share(whole, whole), columns, amount_column, share_column)
    result.append(total_row(*closing.cells))
    result.append(
        total_row(
            Cell(_("In capitals")),
            Cell(capital(whole), span=columns - 1),
        )
    )
    return result


def percent_sum_note(rows: Sequence[BudgetRow], total: int | None) -> str:
    """Return a warning where the categories exceed what the project may spend, else nothing."""
    allocated = sum(row.amount for row in rows if row.counted)
    if total is None or allocated <= total:
        return ""
    return _("The categories exceed the total by {amount} yuan.").format(amount=format_fen(allocated - total))


def _share(part: int, whole: int) -> str:
    return percent(round(part * 10_000 / whole)) if whole else DASH


def _figures(label: str, amount: int, share: str, columns: int, amount_column: int, share_column: int) -> Row:
    cells = [Cell("") for _index in range(columns)]
    cells[0] = Cell(label)
    cells[share_column] = Cell(share, align=Align.RIGHT)
    cells[amount_column] = Cell(format_fen(amount), align=Align.RIGHT)
    return Row(tuple(cells))

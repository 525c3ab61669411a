"""预算审批单: what finance decides on, with tax, commitments, the annual pool and a box for every signature."""

from __future__ import annotations

from collections.abc import Sequence

from qihua_desktop.domain.formatting import date_long
from qihua_desktop.domain.money import format_yuan
from qihua_desktop.domain.project import kind_label
from qihua_desktop.i18n import _

from .approval_boxes import approval_boxes
from .budget_table import closing_rows, percent_sum_note, share_text, unit_line, with_sums
from .canvas import Align
from .document import PdfResult, RenderOptions, render_blocks, title_blocks
from .export_report import ExportReport
from .fact_table import facts_table
from .formats import DASH, capital, format_fen, moment, percent
from .inputs import BudgetApprovalInput, BudgetRow, Fact, PoolBox
from .layout import Block, Together
from .paragraphs import Run, TextBlock
from .styles import BAD, BODY, NOTE, SECTION
from .tables import Cell, Column, Row, TableBlock, total_row


def render_budget_approval(approval: BudgetApprovalInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the budget approval form as a PDF. Raises Cancelled."""
    report = ExportReport()
    blocks: list[Block] = [*title_blocks(approval.info, report), _head(approval, report)]
    blocks += [TextBlock(_("Budget"), SECTION, report, outline=1), unit_line(report), _lines(approval, report)]
    excess = percent_sum_note(approval.rows, approval.total)
    if excess:
        blocks.append(TextBlock((Run(excess, bold=True, ink=BAD),), NOTE, report))
    if approval.notes.strip():
        blocks.append(TextBlock(_("Note: {text}").format(text=approval.notes.strip()), NOTE, report))
    if approval.pool is not None:
        blocks.append(_pool(approval.pool, report))
    if approval.seats:
        blocks.append(_approval(approval, report))
    return render_blocks(approval.info, blocks, report, options or RenderOptions())


def _approval(approval: BudgetApprovalInput, report: ExportReport) -> Block:
    """Return the boxes with the amount above them, so that nobody signs a page without the figure."""
    text = _("Amount to approve: {amount} ({capital})").format(
        amount=format_yuan(approval.total), capital=capital(approval.total)
    )
    return Together(
        (
            TextBlock(_("Approval"), SECTION, report, outline=1),
            TextBlock((Run(text, bold=True),), BODY, report),
            approval_boxes(approval.seats, approval.info, report),
        )
    )


def _head(approval: BudgetApprovalInput, report: ExportReport) -> TableBlock:
    facts = [
        Fact(_("Department"), approval.department),
        Fact(_("Applicant"), approval.applicant),
        Fact(_("Kind"), kind_label(approval.kind) if approval.kind else DASH),
        Fact(_("Key date"), date_long(approval.key_date) if approval.key_date else DASH),
        Fact(_("Amount applied for"), f"{format_yuan(approval.total)}（{capital(approval.total)}）"),
    ]
    if approval.previous_total is not None:
        change = approval.total - approval.previous_total
        sign = "+" if change > 0 else ""
        text = _("{amount} yuan (change {change})").format(
            amount=format_fen(approval.previous_total), change=sign + format_fen(change)
        )
        facts.append(Fact(_("Last approved"), text))
    return facts_table(_("Purpose"), approval.purpose, facts, report)


def _lines(approval: BudgetApprovalInput, report: ExportReport) -> TableBlock:
    rows = with_sums(approval.rows)
    columns = [
        Column(_("Category"), share=1.5),
        Column(_("Share"), fitted=True, align=Align.RIGHT),
        Column(_("Incl. tax"), fitted=True, align=Align.RIGHT),
        Column(_("Tax rate"), fitted=True, align=Align.RIGHT),
        Column(_("Excl. tax"), fitted=True, align=Align.RIGHT),
        Column(_("Committed"), fitted=True, align=Align.RIGHT),
        Column(_("Note"), share=1.2),
    ]
    body = [_line(row) for row in rows]
    closing = closing_rows(rows, approval.total, columns=len(columns), amount_column=2, share_column=1)
    body += closing[:-2]
    total = list(closing[-2].cells)
    total[4] = Cell(_sum(rows, "net"), align=Align.RIGHT)
    total[5] = Cell(_sum(rows, "committed"), align=Align.RIGHT)
    body += [total_row(*total), closing[-1]]
    return TableBlock(columns, body, report, running_total_column=2)


def _line(row: BudgetRow) -> Row:
    strong = row.counted
    return Row(
        (
            Cell(row.name, indent=row.level, bold=strong),
            share_text(row),
            Cell(format_fen(row.amount), bold=strong),
            percent(row.tax_rate),
            format_fen(row.net),
            format_fen(row.committed),
            row.note,
        ),
        amount=row.amount if row.counted else None,
    )


def _sum(rows: Sequence[BudgetRow], field: str) -> str:
    """Return the sum over the categories, a dash while any of them is unknown: never a guess."""
    figures: list[int | None] = [getattr(row, field) for row in rows if row.counted]
    known = [figure for figure in figures if figure is not None]
    return format_fen(sum(known)) if known and len(known) == len(figures) else DASH


def _pool(pool: PoolBox, report: ExportReport) -> Block:
    heading = TextBlock(_("Annual pool"), SECTION, report, outline=1)
    columns = [
        Column(_("Pool"), share=1.4),
        Column(_("Pool total"), align=Align.RIGHT),
        Column(_("Taken by others"), align=Align.RIGHT),
        Column(_("This plan"), align=Align.RIGHT),
        Column(_("Left afterwards"), align=Align.RIGHT),
    ]
    left = Cell(format_fen(pool.available), bold=True, ink=BAD if pool.available < 0 else None)
    row = Row((pool.name, format_fen(pool.total), format_fen(pool.occupied), format_fen(pool.this_plan), left))
    note = _("As of {moment}, as known on this computer.").format(moment=moment(pool.as_of))
    table = TableBlock(columns, [row], report)
    return Together((heading, unit_line(report), table, TextBlock(note, NOTE, report)))

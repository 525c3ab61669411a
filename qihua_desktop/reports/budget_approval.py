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
from .figures import figure
from .formats import DASH, capital, format_fen, moment, percent, signed_fen
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
    blocks += _pools(approval, report)
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
            *_confirmed(approval, report),
        )
    )


def _confirmed(approval: BudgetApprovalInput, report: ExportReport) -> list[Block]:
    """Return how electronic decisions were confirmed, where there are any."""
    if not any(seat.signed_at for seat in approval.seats):
        return []
    text = _(
        "Decisions shown with a time were confirmed inside the company with a PIN; they are no qualified signature."
    )
    return [TextBlock(text, NOTE, report)]


def _head(approval: BudgetApprovalInput, report: ExportReport) -> TableBlock:
    facts = [
        Fact(_("Department"), approval.department),
        Fact(_("Applicant"), approval.applicant),
        Fact(_("Kind"), kind_label(approval.kind) if approval.kind else DASH),
        Fact(_("Key date"), date_long(approval.key_date) if approval.key_date else DASH),
        Fact(_("Amount applied for"), f"{format_yuan(approval.total)}（{capital(approval.total)}）"),
    ]
    heads = [(_("Cost per guest"), approval.guests), (_("Cost per lead"), approval.leads)]
    for label, count in heads:
        if count > 0:
            each = _("{amount} yuan ({count} planned)").format(
                amount=format_fen((2 * approval.total + count) // (2 * count)), count=f"{count:,}"
            )
            facts.append(Fact(label, each))
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


def _pools(approval: BudgetApprovalInput, report: ExportReport) -> list[Block]:
    heading = TextBlock(_("Annual pool"), SECTION, report, outline=1)
    if not approval.pools:
        words = approval.pool_note or _("The budget draws on no annual pool.")
        return [heading, TextBlock(words, BODY, report)]
    blocks = [_pool(pool, heading if number == 0 else None, report) for number, pool in enumerate(approval.pools)]
    if approval.pool_note:
        blocks.append(TextBlock((Run(approval.pool_note, bold=True, ink=BAD),), NOTE, report))
    return blocks


def _pool(pool: PoolBox, heading: Block | None, report: ExportReport) -> Block:
    """Return a pool as arithmetic: every term, what it has for this plan, this plan, and what is left."""
    columns = [Column(pool.name, share=3.0), Column(_("Amount"), width=124, align=Align.RIGHT)]
    rows = [
        Row((label, Cell(signed_fen(amount) if at else format_fen(amount), align=Align.RIGHT)))
        for at, (label, amount) in enumerate(pool.terms)
    ]
    rows.append(total_row(_("Available for this plan"), figure(pool.available, bold=True)))
    rows.append(Row((_("This plan"), Cell(signed_fen(-pool.this_plan), align=Align.RIGHT))))
    rows.append(total_row(_("Left afterwards"), figure(pool.left, bold=True)))
    words = _("As of {moment}, as known on this computer.").format(moment=moment(pool.as_of))
    if pool.level:
        words = _("{words} When exceeded: {level}.").format(words=words, level=pool.level)
    notes: list[Block] = [TextBlock(words, NOTE, report)]
    if pool.judgement:
        ink = BAD if pool.bad else None
        notes.append(TextBlock((Run(pool.judgement, bold=pool.bad, ink=ink),), NOTE, report))
    if pool.exception:
        notes.append(TextBlock((Run(pool.exception, bold=True),), NOTE, report))
    head: tuple[Block, ...] = (heading,) if heading is not None else ()
    table = TableBlock(columns, rows, report, space_before=0 if head else 6)
    return Together((*head, unit_line(report), table, *notes))

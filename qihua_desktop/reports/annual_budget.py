"""年度预算表: every pool as arithmetic, every project with plan, committed and actual, and the months of the year."""

from __future__ import annotations

from qihua_desktop.i18n import _

from .approval_boxes import approval_boxes
from .budget_table import unit_line
from .canvas import Align
from .charts import CategoryFigures, category_chart
from .document import PdfResult, RenderOptions, render_blocks, title_blocks
from .export_report import ExportReport
from .fact_table import facts_table
from .figures import figure
from .formats import DASH, capital, day, format_fen, percent, signed_fen
from .inputs import ApprovalSeat
from .layout import Block, Together
from .money_inputs import AnnualInput, PoolTable
from .month_chart import monthly_chart
from .paragraphs import TextBlock
from .styles import BODY, NOTE, SECTION
from .tables import Cell, Column, Row, TableBlock, total_row
from .voucher_list import LANDSCAPE, WIDE


def render_annual_budget(annual: AnnualInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the table of the year as a PDF. Raises Cancelled."""
    report = ExportReport()
    words = f"{format_fen(annual.granted)}（{capital(annual.granted)}）"
    blocks: list[Block] = [*title_blocks(annual.info, report)]
    blocks.append(facts_table(_("Granted for the year"), words, annual.facts, report, short=WIDE))
    blocks.append(TextBlock(_("Annual pools"), SECTION, report, outline=1))
    if annual.pools:
        blocks += [unit_line(report), _summary(annual, report)]
        blocks += [_terms(pool, report) for pool in annual.pools]
        note = _("{moment}, as known on this computer; other computers may have used the pools since.")
        blocks.append(TextBlock(note.format(moment=annual.as_of), NOTE, report))
    else:
        blocks.append(TextBlock(_("The year has no annual pools."), BODY, report))
    blocks += _projects(annual, report)
    blocks += _months(annual, report)
    seats = (ApprovalSeat(_("Prepared by")), ApprovalSeat(_("Department head")), ApprovalSeat(_("Finance review")),
             ApprovalSeat(_("Approved by")))  # fmt: skip
    heading = TextBlock(_("Approval"), SECTION, report, outline=1)
    blocks.append(Together((heading, approval_boxes(seats, annual.info, report))))
    return render_blocks(annual.info, blocks, report, options or RenderOptions(), LANDSCAPE)


def _summary(annual: AnnualInput, report: ExportReport) -> TableBlock:
    columns = [
        Column(_("Pool"), share=1.6),
        Column(_("Pool of the year"), align=Align.RIGHT),
        Column(_("Adjustments"), align=Align.RIGHT),
        Column(_("Taken by plans"), align=Align.RIGHT),
        Column(_("Available"), align=Align.RIGHT),
        Column(_("Contracted"), align=Align.RIGHT),
        Column(_("Actual"), align=Align.RIGHT),
        Column(_("When exceeded"), share=0.9),
    ]
    rows: list[Row] = []
    sums = [0] * 6
    for pool in annual.pools:
        figures = _figures(pool)
        sums = [so_far + one for so_far, one in zip(sums, figures, strict=True)]
        cells = (figure(one, bold=at == 3) for at, one in enumerate(figures))
        rows.append(Row((pool.name, *cells, pool.level)))
    rows.append(total_row(_("Total"), *(figure(one, bold=True) for one in sums), ""))
    rows.append(total_row(_("Available in capitals"), Cell(capital(sums[3]), span=7)))
    return TableBlock(columns, rows, report)


def _figures(pool: PoolTable) -> tuple[int, int, int, int, int, int]:
    amounts = [amount for _label, amount in pool.terms]
    base = amounts[0] if amounts else 0
    adjusted = sum(amount for _label, amount in pool.terms[1 : 1 + pool.adjustments])
    taken = -sum(amounts[1 + pool.adjustments :])
    return base, adjusted, taken, pool.available, pool.committed, pool.actual


def _terms(pool: PoolTable, report: ExportReport) -> Block:
    """Return a pool's arithmetic, line by line."""
    columns = [Column(_("{pool}: how what is available comes about").format(pool=pool.name), share=3.0)]
    columns.append(Column(_("Amount"), width=130, align=Align.RIGHT))
    rows = [Row((label, _term(amount, signed=at > 0))) for at, (label, amount) in enumerate(pool.terms)]
    rows.append(total_row(Cell(_("Available"), align=Align.RIGHT), figure(pool.available, bold=True)))
    if pool.notes.strip():
        rows.append(Row((Cell(_("Note: {text}").format(text=pool.notes.strip()), span=2),)))
    return TableBlock(columns, rows, report, space_before=6)


def _term(fen: int, *, signed: bool) -> Cell:
    """Return a term: what is taken off is no figure below zero, so it is not red."""
    return Cell(signed_fen(fen) if signed else format_fen(fen), align=Align.RIGHT)


def _projects(annual: AnnualInput, report: ExportReport) -> list[Block]:
    heading = TextBlock(_("Projects of the year"), SECTION, report, outline=1)
    if not annual.projects:
        return [heading, TextBlock(_("No project has its key date in this year."), BODY, report)]
    columns = [
        Column(_("Project number"), fitted=True),
        Column(_("Project"), share=1.6),
        Column(_("Pool"), share=0.8),
        Column(_("State"), fitted=True),
        Column(_("Key date"), width=60),
        Column(_("Plan"), fitted=True, align=Align.RIGHT),
        Column(_("Taken from the pool"), fitted=True, align=Align.RIGHT),
        Column(_("Contracted"), fitted=True, align=Align.RIGHT),
        Column(_("Actual"), fitted=True, align=Align.RIGHT),
        Column(_("Actual of plan"), fitted=True, align=Align.RIGHT),
    ]
    rows: list[Row] = []
    for one in annual.projects:
        money = (one.plan, one.occupied, one.committed, one.actual)
        cells = (one.number, one.name, one.pool or DASH, one.state, day(one.key_on))
        rows.append(Row((*cells, *map(figure, money), _part(one.actual, one.plan)), amounts=money))
    sums = [sum(row.amounts[at] or 0 for row in rows) for at in range(4)]
    total = (figure(one, bold=True) for one in sums)
    rows.append(total_row(Cell(_("Total"), span=5), *total, Cell(_part(sums[3], sums[0]), align=Align.RIGHT)))
    rows.append(total_row(Cell(_("Plan in capitals"), span=2), Cell(capital(sums[0]), span=8)))
    blocks: list[Block] = [heading, unit_line(report), TableBlock(columns, rows, report, running_totals=(5, 6, 7, 8))]
    shown = [CategoryFigures(one.name, one.plan, one.committed, one.actual) for one in annual.projects[:20]]
    title = TextBlock(_("Plan, committed and actual by project"), SECTION, report, outline=1)
    return [*blocks, Together((title, category_chart(shown, report)))]


def _months(annual: AnnualInput, report: ExportReport) -> list[Block]:
    if not annual.months:
        return []
    title = TextBlock(_("Plan, committed and actual by month"), SECTION, report, outline=1)
    blocks: list[Block] = [Together((title, monthly_chart(annual.months, report)))]
    if any(annual.outside):
        plan, committed, actual = map(format_fen, annual.outside)
        text = _("Outside the year: plan {plan}, committed {committed}, actual {actual} yuan.")
        blocks.append(TextBlock(text.format(plan=plan, committed=committed, actual=actual), NOTE, report))
    return blocks


def _part(part: int, whole: int) -> str:
    return percent((2 * part * 1000 + whole) // (2 * whole) * 10).replace("-", "−") if whole > 0 else DASH

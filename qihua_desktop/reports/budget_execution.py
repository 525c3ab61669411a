"""预算执行报告: budget, reserve, contracts and actual cost of every line, why it deviates, and what it brought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from qihua_desktop.domain.money import format_yuan
from qihua_desktop.i18n import _, ngettext

from .approval_boxes import approval_boxes
from .budget_table import unit_line
from .canvas import Align
from .charts import CategoryFigures, Deviation, category_chart, deviation_chart
from .document import PdfResult, RenderOptions, render_blocks, title_blocks
from .execution_outcome import outcome_blocks
from .export_report import ExportReport
from .fact_table import facts_table
from .figures import figure
from .formats import DASH, capital, moment, percent, signed_fen, signed_percent
from .inputs import ApprovalSeat, Fact
from .layout import Block, Together
from .money_inputs import ExecutionInput, ExecutionLine, Finding, ReserveUse
from .month_chart import monthly_chart
from .paragraphs import Run, TextBlock
from .styles import BAD, BODY, MUTED, NOTE, SECTION
from .tables import Cell, Column, Row, TableBlock, total_row
from .voucher_list import LANDSCAPE, WIDE, voucher_sections


def render_budget_execution(execution: ExecutionInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the execution report as a PDF. Raises Cancelled."""
    report = ExportReport()
    blocks: list[Block] = [*title_blocks(execution.info, report), _head(execution, report)]
    blocks += _warnings(execution, report)
    blocks += [TextBlock(_("Budget and execution"), SECTION, report, outline=1), unit_line(report)]
    blocks += [_lines(execution, report), TextBlock(_legend(execution), NOTE, report)]
    blocks += _beyond(execution, report)
    blocks += _reserve(execution, report)
    blocks += _charts(execution, report)
    heading = TextBlock(_("Cost per head and return"), SECTION, report, outline=1)
    blocks.append(Together((heading, *outcome_blocks(execution.outcome, report))))
    if execution.vouchers:
        blocks += voucher_sections(execution.vouchers, report, _("Invoice list"))
    else:
        blocks.append(TextBlock(_("Invoice list"), SECTION, report, outline=1))
        blocks.append(TextBlock(_("No voucher was recorded."), BODY, report))
    blocks += _findings(execution, report)
    blocks.append(_approval(execution, report))
    return render_blocks(execution.info, blocks, report, options or RenderOptions(), LANDSCAPE)


def _head(execution: ExecutionInput, report: ExportReport) -> TableBlock:
    total = execution.total
    facts = [
        *execution.facts,
        Fact(_("Actual cost"), f"{format_yuan(total.actual)}（{capital(total.actual)}）"),
        Fact(_("Estimate at completion"), f"{format_yuan(total.eac)}（{capital(total.eac)}）"),
        Fact(_("Deviation"), f"{signed_fen(total.deviation)}（{_rate(total)}）"),
        Fact(_("Threshold"), f"±{percent(execution.threshold_bp)}"),
    ]
    return facts_table(
        _("Budget"), f"{format_yuan(total.budget)}（{capital(total.budget)}）", facts, report, short=WIDE
    )


def _warnings(execution: ExecutionInput, report: ExportReport) -> list[Block]:
    said: list[str] = []
    if not execution.approved:
        said.append(_("The budget has not been approved; the report compares with the draft."))
    elif execution.changed:
        text = ngettext(
            "Changed in {count} place since approval; the report compares with the budget as it is now.",
            "Changed in {count} places since approval; the report compares with the budget as it is now.",
            execution.changed,
        )
        said.append(text.format(count=execution.changed))
    missing = [line.name for line in (*execution.lines, execution.total) if line.missing]
    if missing:
        text = _("Reasons are missing: {names}").format(names=_(", ").join(missing))
        said.append(text)
    return [TextBlock((Run(one, bold=True, ink=BAD),), NOTE, report) for one in said]


def _lines(execution: ExecutionInput, report: ExportReport) -> TableBlock:
    columns = [
        Column(_("Category"), share=1.15),
        Column(_("Budget"), fitted=True, align=Align.RIGHT),
        Column(_("Reserve ±"), fitted=True, align=Align.RIGHT),
        Column(_("Signed"), fitted=True, align=Align.RIGHT),
        Column(_("Actual"), fitted=True, align=Align.RIGHT),
        Column(_("Not executed"), fitted=True, align=Align.RIGHT),
        Column(_("Estimate at completion"), fitted=True, most=76, align=Align.RIGHT),
        Column(_("Variance"), fitted=True, align=Align.RIGHT),
        Column(_("Variance in %"), fitted=True, align=Align.RIGHT),
        Column(_("Reason code"), width=50, align=Align.CENTRE),
        Column(_("Explanation"), share=1.3),
    ]
    rows = [_line(line) for line in execution.lines]
    if execution.rest is not None:
        rows.append(_line(execution.rest))
    total = execution.total
    rows.append(
        total_row(
            _("Total"),
            *_figures(total, bold=True),
            Cell(_rate(total), align=Align.RIGHT, ink=BAD if total.needs else None),
            Cell(_code(total), align=Align.CENTRE, ink=BAD if total.missing else None),
            total.reason,
        )
    )
    for label, fen in ((_("Budget in capitals"), total.budget), (_("Actual in capitals"), total.actual),
                       (_("Estimate in capitals"), total.eac)):  # fmt: skip
        rows.append(total_row(Cell(label), Cell(capital(fen), span=10)))
    return TableBlock(columns, rows, report, running_totals=(1, 3, 4, 6, 7))


def _line(line: ExecutionLine) -> Row:
    strong = line.level == 0
    ink = BAD if line.needs else None
    return Row(
        (
            Cell(line.name, indent=line.level, bold=strong),
            *_figures(line, bold=strong),
            Cell(_rate(line), bold=line.needs, ink=ink),
            Cell(_code(line), bold=line.missing, ink=BAD if line.missing else None),
            line.reason,
        ),
        amounts=(line.budget, line.contracted, line.actual, line.eac, line.deviation) if strong else (),
    )


def _figures(line: ExecutionLine, *, bold: bool) -> tuple[Cell, ...]:
    return (
        figure(line.budget, bold=bold),
        Cell(signed_fen(line.released or None), align=Align.RIGHT),
        figure(line.contracted or None, bold=bold),
        figure(line.actual or None, bold=bold),
        figure(line.remaining, bold=bold),
        figure(line.eac, bold=bold),
        Cell(signed_fen(line.deviation), align=Align.RIGHT, bold=bold or line.needs, ink=BAD if line.needs else None),
    )


def _rate(line: ExecutionLine) -> str:
    if line.rate_bp is not None:
        return signed_percent(line.rate_bp)
    return _("outside the budget") if line.deviation else DASH


def _code(line: ExecutionLine) -> str:
    return _("reason missing") if line.missing else line.code


def _legend(execution: ExecutionInput) -> str:
    final = _("The project has ended: nothing more is expected.")
    running = _("Estimate at completion = actual + open commitments + what is still expected.")
    rule = _(
        "Deviation = estimate at completion − (budget ± reserve used); not executed = budget ± reserve used − actual − "
        "open commitments. Beyond ±{threshold} a reason is required."
    ).format(threshold=percent(execution.threshold_bp))
    return f"{final if execution.is_final else running} {rule}"


def _beyond(execution: ExecutionInput, report: ExportReport) -> list[Block]:
    heading = TextBlock(
        _("Deviations beyond ±{threshold} or explained").format(threshold=percent(execution.threshold_bp)),
        SECTION,
        report,
        outline=1,
    )
    found = [line for line in (*execution.lines, execution.total) if line.needs or line.code]
    if not found:
        return [heading, TextBlock(_("No line deviates beyond the threshold."), BODY, report)]
    columns = [
        Column(_("Category"), share=1.0),
        Column(_("Variance"), fitted=True, align=Align.RIGHT),
        Column(_("Variance in %"), fitted=True, align=Align.RIGHT),
        Column(_("Reason code"), share=0.8),
        Column(_("Explanation"), share=2.0),
    ]
    rows: list[Row] = []
    for line in found:
        code = (
            Cell(_("reason missing"), bold=True, ink=BAD)
            if line.missing
            else Cell(line.code or _("see the related line"))
        )
        cells = (Cell(line.name, bold=line.level <= 0), signed_fen(line.deviation), _rate(line), code)
        rows.append(Row((*cells, line.reason)))
    return [heading, unit_line(report), TableBlock(columns, rows, report)]


def _reserve(execution: ExecutionInput, report: ExportReport) -> list[Block]:
    heading = TextBlock(_("Use of the reserve"), SECTION, report, outline=1)
    if not execution.uses:
        return [heading, TextBlock(_("The reserve was not used."), BODY, report)]
    columns = [
        Column(_("For"), share=1.0),
        Column(_("From"), share=0.7),
        Column(_("Amount"), fitted=True, align=Align.RIGHT),
        Column(_("Reason"), share=1.4),
        Column(_("Asked for by"), share=0.9),
        Column(_("Result"), fitted=True),
        Column(_("Decided by"), share=0.9),
        Column(_("Remark"), share=1.1),
    ]
    rows = [_use(use) for use in execution.uses]
    approved = sum(use.amount for use in execution.uses if use.counts)
    words = Cell(_("Approved uses in all"), span=2)
    rows.append(total_row(words, figure(approved, bold=True), Cell(capital(approved) if approved else "", span=5)))
    return [heading, unit_line(report), TableBlock(columns, rows, report)]


def _use(use: ReserveUse) -> Row:
    decided = f"{use.decided_by}\n{moment(use.decided_at)}" if use.decided_at is not None else DASH
    return Row(
        (
            use.target or DASH,
            use.source or DASH,
            figure(use.amount, bold=use.counts),
            f"{use.code}\n{use.reason}",
            f"{use.asked_by}\n{moment(use.asked_at)}",
            Cell(use.state, bold=use.counts),
            decided,
            use.note,
        )
    )


def _charts(execution: ExecutionInput, report: ExportReport) -> list[Block]:
    top = [line for line in execution.lines if line.level == 0]
    limit = max(execution.threshold_bp, 1)
    blocks: list[Block] = []
    if top:
        shown = [CategoryFigures(one.name, one.budget + one.released, one.actual + one.open, one.actual) for one in top]
        title = _("Budget, committed and actual by category")
        blocks.append(_together(title, category_chart(shown, report), report))
        marks = [
            Deviation(one.name, one.rate_bp, one.deviation, words=_rate(one)) for one in top if not _idle(one, limit)
        ]
        total = execution.total
        marks.append(Deviation(_("Total"), total.rate_bp, total.deviation, strong=True, words=_rate(total)))
        chart = deviation_chart(marks, report, threshold=limit)
        blocks.append(_together(_("Deviation by category"), chart, report))
        idle = [one.name for one in top if _idle(one, limit)]
        if idle:
            text = _("Without {names}: a reserve that was not used needs no reason.").format(names=_(", ").join(idle))
            blocks.append(TextBlock(text, NOTE, report))
    if execution.months:
        chart = monthly_chart(execution.months, report)
        blocks.append(_together(_("Plan, committed and actual by month"), chart, report))
    return blocks


def _idle(line: ExecutionLine, limit: int) -> bool:
    """Tell whether a line is a reserve that was not used: far from its budget, and yet nothing to explain."""
    return not line.needs and line.rate_bp is not None and abs(line.rate_bp) > limit


def _together(title: str, chart: Block, report: ExportReport) -> Block:
    return Together((TextBlock(title, SECTION, report, outline=1), chart))


def _findings(execution: ExecutionInput, report: ExportReport) -> list[Block]:
    blocks: list[Block] = [TextBlock(_("Compliance check"), SECTION, report, outline=1)]
    text = ngettext("{count} rule is in order.", "{count} rules are in order.", execution.passed)
    blocks.append(TextBlock(text.format(count=execution.passed), BODY, report))
    if execution.findings:
        columns = [
            Column(_("Rule"), share=0.9),
            Column(_("Result"), fitted=True),
            Column(_("Finding"), share=2.0),
            Column(_("What to do / waiver"), share=1.7),
        ]
        blocks.append(TableBlock(columns, [_finding(one) for one in execution.findings], report))
    return blocks


def _finding(one: Finding) -> Row:
    name: list[Run] = [Run(one.rule, bold=True)]
    if one.subject:
        name.append(Run("\n" + one.subject, ink=MUTED))
    stopped = one.failed and not one.waiver
    last: Iterable[Run] = (Run(one.waiver, bold=True),) if one.waiver else (Run(one.remedy),)
    outcome = Cell(one.outcome, bold=stopped, ink=BAD if stopped else None)
    return Row((Cell(tuple(name)), outcome, one.message, Cell(tuple(last))))


def _approval(execution: ExecutionInput, report: ExportReport) -> Block:
    total = execution.total
    text = _("Budget {budget}, actual {actual} ({capital})").format(
        budget=format_yuan(total.budget), actual=format_yuan(total.actual), capital=capital(total.actual)
    )
    seats: Sequence[ApprovalSeat] = (
        ApprovalSeat(_("Prepared by"), person=execution.applicant),
        ApprovalSeat(_("Department head")),
        ApprovalSeat(_("Finance review")),
        ApprovalSeat(_("Approved by")),
    )
    return Together(
        (
            TextBlock(_("Sign-off"), SECTION, report, outline=1),
            TextBlock((Run(text, bold=True),), BODY, report),
            approval_boxes(seats, execution.info, report),
        )
    )

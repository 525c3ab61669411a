"""品牌企划方案, 活动策划方案, 市场调研方案: the plan as it is reviewed and signed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from qihua_desktop.domain.money import format_yuan
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.i18n import N_, _

from .budget_table import budget_block, budget_ring, percent_sum_note, unit_line
from .canvas import Align
from .document import PdfResult, RenderOptions, render_blocks, title_blocks
from .export_report import ExportReport
from .fact_table import facts_table
from .formats import DASH, capital, day, or_missing
from .inputs import Fact, PlanInput, RiskRow, ScheduleRow
from .layout import Block, Together
from .paragraphs import Run, TextBlock
from .scene_painter import SceneBlock
from .signatures import SignatureBlock
from .styles import BODY, MUTED, NOTE, SECTION, TOTAL_FILL
from .tables import Cell, Column, Row, TableBlock

_TITLES: Final = {
    ProjectKind.BRAND: N_("Brand Plan"),
    ProjectKind.EVENT: N_("Event Plan"),
    ProjectKind.RESEARCH: N_("Market Research Plan"),
}


def plan_title(kind: ProjectKind) -> str:
    """Return the form's name for a kind of project."""
    return _(_TITLES[kind])


def render_plan(plan: PlanInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the plan document as a PDF. Raises Cancelled."""
    report = ExportReport()
    blocks = [*title_blocks(plan.info, report), _facts(plan, report)]
    for number, (title, content) in enumerate(_sections(plan, report), 1):
        blocks.append(TextBlock(f"{number}\u3000{title}", SECTION, report, outline=1))
        blocks += content
    if plan.signatures:
        blocks.append(SignatureBlock(plan.signatures, report, space_before=14))
    return render_blocks(plan.info, _with_signatures_kept(blocks), report, options or RenderOptions())


def _facts(plan: PlanInput, report: ExportReport) -> TableBlock:
    facts = list(plan.facts)
    if plan.total is not None:
        amount = f"{format_yuan(plan.total)}（{capital(plan.total)}）"
        facts.append(Fact(_("Total budget"), amount))
    return facts_table(_("Goal"), plan.goal, facts, report)


def _sections(plan: PlanInput, report: ExportReport) -> list[tuple[str, list[Block]]]:
    sections: list[tuple[str, list[Block]]] = [
        (section.title, paragraphs(section.body, report)) for section in plan.sections
    ]
    if plan.schedule:
        sections.append((_("Schedule"), [_schedule(plan.schedule, report)]))
    if plan.budget:
        table = budget_block(plan.budget, plan.total, report)
        note = percent_sum_note(plan.budget, plan.total)
        blocks: list[Block] = [unit_line(report), table]
        if note:
            blocks.append(TextBlock(note, NOTE, report))
        if sum(row.counted and row.amount > 0 for row in plan.budget) > 1:
            blocks.append(SceneBlock(budget_ring(plan.budget, plan.total), report))
        sections.append((_("Budget allocation"), blocks))
    if plan.risks:
        sections.append((_("Risk plan"), [_risks(plan.risks, report)]))
    return sections


def paragraphs(body: str, report: ExportReport) -> list[Block]:
    """Return a written text, one indented paragraph per line; an empty one says that nothing was entered."""
    lines = [line.strip() for line in body.splitlines() if line.strip()]
    if not lines:
        return [TextBlock((Run(_("no data"), ink=MUTED),), BODY, report)]
    return [TextBlock(line, _LIST_BODY if _is_list_item(line) else _TEXT_BODY, report) for line in lines]


def _schedule(rows: Sequence[ScheduleRow], report: ExportReport) -> TableBlock:
    columns = [
        Column(_("No."), fitted=True, most=64),
        Column(_("Task"), share=1.0),
        Column(_("Owner"), fitted=True, most=132),
        Column(_("Start"), fitted=True, align=Align.CENTRE),
        Column(_("Finish"), fitted=True, align=Align.CENTRE),
    ]
    return TableBlock(columns, [_schedule_row(row) for row in rows], report)


def _schedule_row(row: ScheduleRow) -> Row:
    number = row.number or ("◆" if row.milestone else "")
    start = DASH if row.milestone else day(row.start)
    cells = (
        number,
        Cell(row.name, indent=row.level),
        row.owner or DASH,
        start,
        day(row.finish),
    )
    return Row(cells, strong=row.strong, fill=TOTAL_FILL if row.strong else None, keep_with_next=row.strong)


def _risks(risks: Sequence[RiskRow], report: ExportReport) -> TableBlock:
    with_notice = any(risk.notice for risk in risks)
    columns = [
        Column(_("Risk"), share=1.0),
        Column(_("Trigger"), share=1.2),
        Column(_("Contingency"), share=1.9),
        Column(_("Owner"), fitted=True, most=96),
    ]
    if with_notice:
        columns.append(Column(_("Notice text"), share=1.5))
    rows = [
        Row(
            (
                Cell(risk.name, bold=True),
                or_missing(risk.trigger),
                or_missing(risk.contingency),
                risk.owner or DASH,
                *((risk.notice or DASH,) if with_notice else ()),
            )
        )
        for risk in risks
    ]
    return TableBlock(columns, rows, report)


def _with_signatures_kept(blocks: list[Block]) -> list[Block]:
    """Keep the signature boxes with the end of what they sign, where that is short."""
    if len(blocks) < 2 or not isinstance(blocks[-1], SignatureBlock):
        return blocks
    if isinstance(blocks[-2], TextBlock):
        return [*blocks[:-2], Together((blocks[-2], blocks[-1]))]
    return blocks


def _is_list_item(line: str) -> bool:
    return _LIST_ITEM.match(line) is not None


_LIST_ITEM: Final = re.compile(r"[-•·●■◆①-⑳]|[（(]?\d{1,2}[)）.、．]")
_TEXT_BODY: Final = BODY.but(first_indent=2.0)
_LIST_BODY: Final = BODY.but(left_indent=19.0)

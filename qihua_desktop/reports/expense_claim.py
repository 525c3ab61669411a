"""费用报销单: a form per claim with both figures and room for ink in every box, and the sheet for its vouchers."""

from __future__ import annotations

from typing import Final

from qihua_desktop.i18n import _, ngettext

from .budget_table import unit_line
from .canvas import MILLIMETRE, Align
from .document import PdfResult, RenderOptions, render_blocks, title_blocks
from .export_report import ExportReport
from .figures import figure
from .formats import DASH, capital, day, format_fen, or_missing, short_hash
from .layout import Block, PageBreak, Together
from .money_inputs import ClaimForm, ClaimItem, ClaimsInput
from .paragraphs import TextBlock
from .signatures import SignatureBlock, SignatureBox
from .styles import MUTED, NOTE, SUBTITLE, TITLE, TOTAL_FILL
from .tables import Cell, Column, Row, TableBlock, total_row

_PASTE_HEIGHT: Final = 150 * MILLIMETRE
_LEAST_ROWS: Final = 6
"""Rows of the form: a short claim shows that nothing was added below its last line."""


def render_claims(content: ClaimsInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the forms as a PDF, each on a page of its own and followed by its 单据粘贴单. Raises Cancelled."""
    report = ExportReport()
    blocks: list[Block] = []
    for number, claim in enumerate(content.claims):
        if number:
            blocks.append(PageBreak(0))
            blocks += [TextBlock(content.info.title, TITLE, report, outline=0)]
            blocks += [TextBlock(content.info.project, SUBTITLE, report)]
        else:
            blocks += title_blocks(content.info, report)
        blocks += _form(claim, content.info.project, report)
        blocks.append(PageBreak(0))
        blocks += _paste_sheet(claim, report)
    return render_blocks(content.info, blocks, report, options or RenderOptions())


def _form(claim: ClaimForm, project: str, report: ExportReport) -> list[Block]:
    boxes = [
        SignatureBox(_("Approval by the head")),
        SignatureBox(_("Finance review")),
        SignatureBox(_("Cashier")),
        SignatureBox(_("Department head")),
        SignatureBox(_("Claimant"), claim.claimant),
    ]
    notes: list[Block] = []
    if claim.notes.strip():
        notes.append(TextBlock(_("Note: {text}").format(text=claim.notes.strip()), NOTE, report))
    proof = _("Content of this claim: SHA-256 {digits}").format(digits=claim.fingerprint)
    notes.append(TextBlock(proof, NOTE, report))
    items = _items(claim, report)
    return [
        _head(claim, project, report),
        unit_line(report),
        items,
        Together((_settlement(claim, report), SignatureBlock(boxes, report), *notes)),
    ]


def _head(claim: ClaimForm, project: str, report: ExportReport) -> TableBlock:
    count = ngettext("{count} voucher attached", "{count} vouchers attached", claim.attachments)
    rows = [
        _facts((_("Claiming department"), claim.department), (_("Date"), day(claim.claimed_on))),
        _facts(
            (_("Claim number"), claim.number), (_("Documents and attachments"), count.format(count=claim.attachments))
        ),
        _facts((_("Project"), project), (_("State"), _state(claim))),
        Row((Cell(_("Purpose"), fill=TOTAL_FILL), Cell(or_missing(claim.purpose), span=3))),
    ]
    return TableBlock(_fact_columns(), rows, report, head=False)


def _state(claim: ClaimForm) -> str:
    return f"{claim.state} {day(claim.paid_on)}" if claim.paid_on else claim.state


def _fact_columns() -> list[Column]:
    return [Column("", width=74), Column("", share=1.3), Column("", width=74), Column("", share=1.0)]


def _facts(*pairs: tuple[str, str]) -> Row:
    cells: list[Cell | str] = []
    for label, value in pairs:
        cells += [Cell(label, fill=TOTAL_FILL), or_missing(value)]
    return Row(tuple(cells))


def _items(claim: ClaimForm, report: ExportReport) -> TableBlock:
    columns = [
        Column(_("Expense item"), share=1.0),
        Column(_("What for"), share=1.7),
        Column(_("Day of the expense"), width=72, align=Align.CENTRE),
        Column(_("Amount"), width=104, align=Align.RIGHT),
    ]
    rows = [Row((one.item, one.purpose, day(one.day), figure(one.gross)), amount=one.gross) for one in claim.items]
    rows += [Row(("", "", "", ""), min_height=20.0) for _row in range(_LEAST_ROWS - len(rows))]
    rows.append(total_row(_("Total"), "", "", figure(claim.total, bold=True)))
    rows.append(total_row(_("In capitals"), Cell(capital(claim.total), span=3)))
    return TableBlock(columns, rows, report, running_total_column=3, space_after=0)


def _settlement(claim: ClaimForm, report: ExportReport) -> TableBlock:
    back = claim.refund < 0
    label = _("To be given back") if back else _("To be paid out")
    rows = [
        _facts(
            (_("Advance drawn"), format_fen(claim.advance) if claim.advance else DASH),
            (label, format_fen(abs(claim.refund))),
        ),
        Row((Cell(_("In capitals"), fill=TOTAL_FILL), Cell(capital(abs(claim.refund)), span=3))),
    ]
    return TableBlock(_fact_columns(), rows, report, head=False)


def _paste_sheet(claim: ClaimForm, report: ExportReport) -> list[Block]:
    """Return the sheet on which paper vouchers are put, with the numbers of all vouchers of the claim."""
    count = ngettext("{count} voucher attached", "{count} vouchers attached", claim.attachments)
    parts = (claim.number, claim.department, claim.claimant, count.format(count=claim.attachments))
    columns = [
        Column(_("No."), fitted=True, align=Align.RIGHT),
        Column(_("Invoice number"), width=116),
        Column(_("Kind"), share=0.9),
        Column(_("Date"), width=60),
        Column(_("Seller"), share=1.2),
        Column(_("Amount"), fitted=True, align=Align.RIGHT),
        Column(_("Original"), share=0.9),
    ]
    rows = [
        Row(
            (str(at), one.number, one.kind, day(one.day), one.seller or DASH, figure(one.gross), _original(one)),
            amount=one.gross,
        )
        for at, one in enumerate(claim.items, 1)
    ]
    rows.append(total_row(Cell(_("Total"), span=5), figure(claim.total, bold=True), ""))
    frame = TableBlock(
        [Column("")],
        [Row((Cell(_("Put paper vouchers here"), align=Align.CENTRE, ink=MUTED),), min_height=_PASTE_HEIGHT)],
        report,
        head=False,
    )
    note = _(
        "The electronic original is kept unchanged in the workspace and in the pack for finance; "
        "a print on paper does not replace it."
    )
    return [
        TextBlock(_("Sheet for vouchers"), TITLE, report, outline=1),
        TextBlock("\u3000".join(part for part in parts if part), SUBTITLE, report),
        unit_line(report),
        TableBlock(columns, rows, report, running_total_column=5),
        TextBlock(note, NOTE, report),
        frame,
    ]


def _original(one: ClaimItem) -> str:
    if not one.sha256:
        return _("typed, on paper")
    return "\n".join(part for part in (one.file, short_hash(one.sha256)) if part)

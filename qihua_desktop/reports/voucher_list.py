"""凭证清单: every voucher of a project with its number as text, its check and its proof; only accepted ones count."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.i18n import N_, _, ngettext

from .budget_table import unit_line
from .canvas import A4, MILLIMETRE, Align
from .document import PageSetup, PdfResult, RenderOptions, render_blocks, title_blocks
from .export_report import ExportReport
from .fact_table import facts_table
from .figures import figure
from .formats import DASH, capital, day, format_fen, short_hash
from .inputs import Fact
from .layout import Block
from .money_inputs import VoucherListInput, VoucherRow
from .paragraphs import Inline, Run, TextBlock
from .styles import BAD, BODY, MUTED, NOTE, SECTION, TextStyle
from .tables import Cell, Column, Row, TableBlock, total_row

LANDSCAPE: Final = PageSetup(
    A4.landscape(), left=20 * MILLIMETRE, right=14 * MILLIMETRE, top=22 * MILLIMETRE, bottom=21 * MILLIMETRE
)
"""Wide tables of money lie across; the left margin leaves room for binding."""

WIDE: Final = 240.0
"""Width in points up to which a fact on such a page shares its row with another."""

_SECTIONS: Final = {
    VoucherState.ACCEPTED: N_("Accepted vouchers"),
    VoucherState.PENDING: N_("Vouchers to be checked (not counted)"),
    VoucherState.REJECTED: N_("Rejected vouchers (not counted)"),
}
_MONEY: Final = (6, 7, 8)
_SMALL: Final = TextStyle(size=8.2, leading=12)


def render_voucher_list(content: VoucherListInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the list as a PDF, accepted vouchers first. Raises Cancelled."""
    report = ExportReport()
    blocks: list[Block] = [*title_blocks(content.info, report), _head(content, report)]
    blocks += voucher_sections(content.rows, report)
    return render_blocks(content.info, blocks, report, options or RenderOptions(), LANDSCAPE)


def voucher_sections(rows: Sequence[VoucherRow], report: ExportReport, lead: str = "") -> list[Block]:
    """Return a table for each state that occurs, each closed by its sums, and what is not checked offline.

    ``lead`` stands before each heading.
    """
    blocks: list[Block] = []
    for state, title in _SECTIONS.items():
        own = [row for row in rows if row.state is state]
        if own or state is VoucherState.ACCEPTED:
            blocks.append(TextBlock(f"{lead} · {_(title)}" if lead else _(title), SECTION, report, outline=1))
        if own:
            blocks += [unit_line(report), _table(own, report, counts=state is VoucherState.ACCEPTED)]
        elif state is VoucherState.ACCEPTED:
            blocks.append(TextBlock(_("No voucher has been accepted yet."), BODY, report))
    waiting = sum(row.waits for row in rows if row.state is VoucherState.ACCEPTED)
    if waiting:
        text = ngettext(
            "{count} accepted voucher was not looked up at the tax bureau yet; signatures are not verified offline.",
            "{count} accepted vouchers were not looked up at the tax bureau yet; signatures are not verified offline.",
            waiting,
        )
        blocks.append(TextBlock(text.format(count=waiting), NOTE, report))
    return blocks


def _head(content: VoucherListInput, report: ExportReport) -> TableBlock:
    accepted = [row for row in content.rows if row.state is VoucherState.ACCEPTED]
    waiting = sum(row.state is VoucherState.PENDING for row in content.rows)
    total = sum(row.gross for row in accepted)
    doubles = sum(bool(row.duplicate) for row in content.rows)
    facts = [
        *content.facts,
        Fact(_("Number of vouchers"), str(len(content.rows))),
        Fact(_("Accepted / to be checked"), f"{len(accepted)} / {waiting}"),
        Fact(_("Duplicates among them"), str(doubles)),
        Fact(_("Failed checks"), str(sum(row.bad for row in content.rows))),
    ]
    return facts_table(_("Accepted in all"), f"{format_fen(total)}（{capital(total)}）", facts, report, short=WIDE)


def _table(rows: Sequence[VoucherRow], report: ExportReport, *, counts: bool) -> TableBlock:
    columns = [
        Column(_("No."), fitted=True, align=Align.RIGHT),
        Column(_("Invoice number"), width=104),
        Column(_("Kind"), fitted=True, most=112),
        Column(_("Date"), width=55),
        Column(_("Seller"), share=1.35),
        Column(_("Budget line"), share=1.0),
        Column(_("Excl. tax"), fitted=True, align=Align.RIGHT),
        Column(_("Tax"), fitted=True, align=Align.RIGHT),
        Column(_("Incl. tax"), fitted=True, align=Align.RIGHT),
        Column(_("Check"), fitted=True, most=100),
        Column("SHA-256", width=51),
    ]
    body = [_row(number, row) for number, row in enumerate(rows, 1)]
    sums = [sum(getattr(row, field) for row in rows) for field in ("net", "tax", "gross")]
    title = _("Total") if counts else _("Sum, not counted")
    count = ngettext("{count} voucher", "{count} vouchers", len(rows)).format(count=len(rows))
    figures = (figure(one, bold=True) for one in sums)
    body.append(total_row(Cell(f"{title}（{count}）", span=6), *figures, Cell("", span=2)))
    if counts:
        body.append(total_row(Cell(_("In capitals"), span=2), Cell(capital(sums[2]), span=9)))
    return TableBlock(columns, body, report, style=_SMALL, running_totals=_MONEY)


def _row(number: int, row: VoucherRow) -> Row:
    return Row(
        (
            str(number),
            row.number or DASH,
            row.kind,
            day(row.issued_on),
            row.seller or DASH,
            row.line or Cell(_("Not assigned"), ink=BAD),
            figure(row.net),
            figure(row.tax),
            figure(row.gross),
            Cell(_check(row)),
            short_hash(row.sha256) or DASH,
        ),
        amounts=(row.net, row.tax, row.gross),
    )


def _check(row: VoucherRow) -> str | list[Inline]:
    """Return the result in words; a duplicate comes first, in red and bold, with where its number is held."""
    if not row.duplicate and not row.bad and not row.note:
        return row.check
    parts: list[Inline] = []
    if row.duplicate:
        parts.append(Run(row.duplicate, bold=True, ink=BAD))
    if row.check:
        parts.append(Run(("\n" if parts else "") + row.check, bold=row.bad, ink=BAD if row.bad else None))
    if row.note:
        parts.append(Run(("\n" if parts else "") + row.note, ink=MUTED))
    return parts

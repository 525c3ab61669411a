"""Cost per guest and lead, and the return: planned beside actual, on the basis that was fixed beforehand."""

from __future__ import annotations

from qihua_desktop.domain.execution_report import Roi
from qihua_desktop.i18n import _

from .budget_table import unit_line
from .canvas import Align
from .export_report import ExportReport
from .formats import format_fen, moment, or_missing, signed_percent
from .layout import Block
from .money_inputs import Outcome
from .paragraphs import Run, TextBlock
from .styles import BAD, BODY, NOTE
from .tables import Cell, Column, Row, TableBlock


def outcome_blocks(outcome: Outcome | None, report: ExportReport) -> list[Block]:
    """Return the table of what was planned and what came; what nobody has entered prints 缺数据."""
    if outcome is None:
        words = _("no data")
        return [TextBlock((Run(f"{words}：", bold=True, ink=BAD), Run(_nothing())), BODY, report)]
    columns = [
        Column(_("Figure"), share=1.0),
        Column(_("Planned"), share=1.0, align=Align.RIGHT),
        Column(_("Actual"), share=1.0, align=Align.RIGHT),
        Column(_("How it is reckoned"), share=1.6),
    ]
    rows = [
        _heads(_("Guests"), outcome.guests, _("on site")),
        _money(_("Cost per guest"), outcome.per_guest.budget, outcome.per_guest.actual, _cost_words()),
        _heads(_("Leads"), outcome.leads, _("valid leads")),
        _money(_("Cost per lead"), outcome.per_lead.budget, outcome.per_lead.actual, _cost_words()),
        _money(_("Income"), *outcome.income, or_missing(outcome.method)),
        Row(
            (
                Cell(_("Return (input : output)"), bold=True),
                _ratio(outcome.roi_planned),
                _ratio(outcome.roi),
                _("cost : income; the ratio is cut, not rounded"),
            )
        ),
        Row(
            (
                Cell(_("Return in percent"), bold=True),
                _percent(outcome.roi_planned),
                _percent(outcome.roi),
                _("(income − cost) ÷ cost; the department's target is 1 : 3"),
            )
        ),
    ]
    return [unit_line(report), TableBlock(columns, rows, report), _basis(outcome, report)]


def _nothing() -> str:
    return _("nobody has said how success is measured.")


def _basis(outcome: Outcome, report: ExportReport) -> Block:
    if outcome.fixed_at is None:
        text = _("no data: the basis was not fixed, so planned figures could still be changed.")
        return TextBlock((Run(text, bold=True, ink=BAD),), NOTE, report)
    text = _("Basis: {method}. Fixed {moment} by {person}.").format(
        method=outcome.method, moment=moment(outcome.fixed_at), person=outcome.fixed_by or _("no data")
    )
    if outcome.beforehand is False:
        late = " " + _("This was after the key date, not beforehand.")
        return TextBlock((Run(text), Run(late, bold=True, ink=BAD)), NOTE, report)
    return TextBlock(text, NOTE, report)


def _cost_words() -> str:
    return _("planned: budget ± reserve used; actual: actual + open commitments")


def _heads(label: str, pair: tuple[int | None, int | None], words: str) -> Row:
    planned, actual = pair
    return Row((label, _count(planned), _count(actual), words))


def _count(number: int | None) -> Cell:
    return _missing() if number is None else Cell(f"{number:,}", align=Align.RIGHT)


def _money(label: str, planned: int | None, actual: int | None, words: str) -> Row:
    return Row((Cell(label, bold=True), _amount(planned), _amount(actual), words))


def _amount(fen: int | None) -> Cell:
    return _missing() if fen is None else Cell(format_fen(fen), align=Align.RIGHT)


def _ratio(roi: Roi | None) -> Cell:
    return _missing() if roi is None else Cell(roi.ratio.replace("-", "−"), bold=True, align=Align.RIGHT)


def _percent(roi: Roi | None) -> Cell:
    return _missing() if roi is None else Cell(signed_percent(roi.percent_bp), bold=True, align=Align.RIGHT)


def _missing() -> Cell:
    return Cell(_("no data"), align=Align.RIGHT, ink=BAD)

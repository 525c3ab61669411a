"""The approval boxes of a form: 部门 | 结论 | 意见 | 签名 | 日期, empty for ink or filled from the record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qihua_desktop.domain.people import department_label
from qihua_desktop.domain.review import Verdict, verdict_label
from qihua_desktop.i18n import _

from .canvas import MILLIMETRE, Align
from .document import DocumentInfo
from .export_report import ExportReport
from .formats import moment, short_hash
from .inputs import ApprovalSeat
from .paragraphs import Choice, Inline, Run
from .styles import BAD, MUTED
from .tables import Cell, Column, Row, TableBlock

INK_HEIGHT: Final = 20 * MILLIMETRE
"""Height of a box that is signed by hand."""


def approval_boxes(seats: Sequence[ApprovalSeat], info: DocumentInfo, report: ExportReport) -> TableBlock:
    """Return one row per seat, in order of signing; a decision on other content is printed as no longer valid."""
    columns = [
        Column(_("Office"), share=0.16, align=Align.CENTRE),
        Column(_("Decision"), share=0.24),
        Column(_("Opinion"), share=0.26),
        Column(_("Signature"), share=0.18, align=Align.CENTRE),
        Column(_("Date"), share=0.16, align=Align.CENTRE),
    ]
    return TableBlock(columns, [_row(seat, info) for seat in seats], report)


def verdict_choices(verdict: Verdict | None, verdicts: Sequence[Verdict]) -> tuple[Inline, ...]:
    """Return a check box per verdict, one below the other, the recorded one ticked."""
    inlines: list[Inline] = []
    for number, one in enumerate(verdicts):
        inlines += [Run("\n")] if number else []
        inlines += [Choice(checked=one is verdict), Run("\xa0" + verdict_label(one))]
    return tuple(inlines)


def _row(seat: ApprovalSeat, info: DocumentInfo) -> Row:
    department = department_label(seat.department) if seat.department else ""
    office: list[Inline] = [Run(seat.heading, bold=True)]
    below = " ".join(part for part in (department if department != seat.heading else "", seat.person) if part)
    if below:
        office.append(Run("\n" + below, ink=MUTED))
    other_content = bool(seat.fingerprint and info.fingerprint and seat.fingerprint != info.fingerprint)
    stale = seat.verdict is not None and (seat.stale or other_content)
    opinion: list[Inline] = [Run(seat.comment)] if seat.comment else []
    if stale:
        opinion.insert(0, Run(_("No longer valid: given for other content.") + "\n", bold=True, ink=BAD))
    if seat.fingerprint:
        text = _("Fingerprint {hash}").format(hash=short_hash(seat.fingerprint))
        opinion.append(Run(("\n" if seat.comment else "") + text, ink=MUTED))
    signed = seat.person if seat.signed_at else ""
    date = moment(seat.signed_at).replace(" ", "\n", 1) if seat.signed_at else ""
    verdicts = (Verdict.APPROVE, Verdict.APPROVE_WITH_COMMENT, Verdict.RETURN, Verdict.REJECT)
    return Row(
        (
            Cell(office),
            Cell(verdict_choices(None if stale else seat.verdict, verdicts)),
            Cell(opinion),
            Cell(signed, strokes=seat.strokes),
            Cell(date),
        ),
        min_height=INK_HEIGHT,
    )

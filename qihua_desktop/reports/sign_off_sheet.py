"""评审签批单: who decided what on which content, with every opinion, signature and fingerprint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qihua_desktop.domain.money import format_yuan
from qihua_desktop.domain.people import department_label
from qihua_desktop.domain.review import Dimension, RouteMode, Severity, Verdict, dimension_label
from qihua_desktop.i18n import N_, _

from .approval_boxes import INK_HEIGHT, verdict_choices
from .canvas import Align
from .document import PdfResult, RenderOptions, render_blocks, title_blocks
from .export_report import ExportReport
from .fact_table import facts_table
from .formats import DASH, capital, grouped_hash, moment, short_hash, version_label
from .inputs import CommentRow, Decision, Fact, SignOffInput
from .layout import Block, Together
from .paragraphs import Inline, Run, TextBlock
from .styles import BAD, MUTED, NOTE, SECTION, TOTAL_FILL, TextStyle
from .tables import Cell, Column, Row, TableBlock

_MODES: Final = {
    RouteMode.ALL: N_("all must agree"),
    RouteMode.ANY: N_("the first decides"),
    RouteMode.IN_ORDER: N_("one after another"),
}
_SEVERITIES: Final = {Severity.BLOCKING: N_("Must be resolved"), Severity.ADVICE: N_("Advice")}
_HASH: Final = TextStyle(size=8, leading=13)


def render_sign_off(sheet: SignOffInput, options: RenderOptions | None = None) -> PdfResult:
    """Return the sign-off sheet as a PDF. Raises Cancelled."""
    report = ExportReport()
    blocks: list[Block] = [*title_blocks(sheet.info, report), _head(sheet, report)]
    blocks.append(TextBlock(_("Decisions"), SECTION, report, outline=1))
    blocks.append(_decisions(sheet, report))
    if sheet.comments:
        blocks.append(TextBlock(_("Comments"), SECTION, report, outline=1))
        blocks.append(_comments(sheet.comments, report))
    blocks.append(_evidence(sheet, report))
    return render_blocks(sheet.info, blocks, report, options or RenderOptions())


def _head(sheet: SignOffInput, report: ExportReport) -> TableBlock:
    title = f"{sheet.document_title} {version_label(sheet.info.version)}".strip()
    facts = [
        Fact(_("Submitted by"), sheet.submitted_by),
        Fact(_("Submitted at"), moment(sheet.submitted_at)),
        Fact(_("Authors"), _("{names} (may not approve)").format(names=_(", ").join(sheet.authors) or DASH)),
        Fact(_("Result"), sheet.result),
    ]
    if sheet.total is not None:
        facts.append(Fact(_("Total budget"), f"{format_yuan(sheet.total)}（{capital(sheet.total)}）"))
    return facts_table(_("Under review"), title, facts, report)


def _decisions(sheet: SignOffInput, report: ExportReport) -> TableBlock:
    columns = [
        Column(_("Department"), share=0.19),
        Column(_("Decision"), share=0.23),
        Column(_("Opinion"), share=0.34),
        Column(_("Signature"), share=0.24, align=Align.CENTRE),
    ]
    return TableBlock(columns, [_decision_row(decision, sheet) for decision in sheet.decisions], report)


def _decision_row(decision: Decision, sheet: SignOffInput) -> Row:
    stale = is_stale(decision, sheet)
    step = _("Step {number} · {mode}").format(number=decision.step, mode=_(_MODES[decision.mode]))
    seat: list[Inline] = [
        Run(department_label(decision.department) + "\n", bold=True),
        Run(" ".join(part for part in (decision.person, decision.title) if part)),
        Run("\n" + step, ink=MUTED),
    ]
    if decision.verdict is None:
        signature = Cell("")
    else:
        parts = [
            _("{delegate} for {person}").format(delegate=decision.person, person=decision.on_behalf_of)
            if decision.on_behalf_of
            else decision.person,
            moment(decision.signed_at),
            f"{version_label(decision.version)} {short_hash(decision.fingerprint)}".strip(),
        ]
        inlines: list[Inline] = [Run(parts[0]), Run("\n" + "\n".join(part for part in parts[1:] if part), ink=MUTED)]
        signature = Cell(inlines, strokes=decision.strokes)
    boxes = verdict_choices(None if stale else decision.verdict, tuple(Verdict))
    least = INK_HEIGHT + (26.0 if decision.strokes else 0.0)
    return Row((Cell(seat), Cell(boxes), Cell(_opinion(decision, stale=stale)), signature), min_height=least)


def is_stale(decision: Decision, sheet: SignOffInput) -> bool:
    """Tell whether a decision was given for other content than this sheet's; it must never print as an agreement."""
    if decision.verdict is None:
        return False
    if decision.stale_dimensions:
        return True
    return bool(
        not decision.dimensions
        and decision.fingerprint
        and sheet.info.fingerprint
        and decision.fingerprint != sheet.info.fingerprint
    )


def _opinion(decision: Decision, *, stale: bool) -> list[Inline]:
    inlines: list[Inline] = []
    if stale:
        text = _("No longer valid: given for other content.")
        if decision.version:
            text = _("No longer valid: given for {version}.").format(version=version_label(decision.version))
        names = _list(decision.stale_dimensions)
        if names:
            text += "\n" + _("Changed since: {dimensions}.").format(dimensions=names)
        inlines.append(Run(text + "\n", bold=True, ink=BAD))
    opinions = dict(decision.opinions)
    for dimension in decision.dimensions:
        inlines.append(Run(_("{dimension}: ").format(dimension=dimension_label(dimension)), bold=True))
        remark = opinions.pop(dimension, "")
        pending = decision.verdict is None
        inlines.append(Run(remark + "\n" if remark else DASH + "\n" if not pending else "\n"))
    for dimension, remark in opinions.items():
        inlines += [Run(_("{dimension}: ").format(dimension=dimension_label(dimension)), bold=True), Run(remark + "\n")]
    if decision.comment:
        inlines.append(Run(decision.comment + "\n"))
    if decision.transcribed_by:
        text = _("Entered from paper by {person}").format(person=decision.transcribed_by)
        inlines.append(Run(text + "\n", ink=MUTED))
    if inlines and isinstance(inlines[-1], Run):
        inlines[-1] = Run(inlines[-1].text.rstrip("\n"), inlines[-1].bold, inlines[-1].ink)
    return inlines


def _comments(comments: Sequence[CommentRow], report: ExportReport) -> TableBlock:
    columns = [
        Column(_("Raised by"), share=0.15),
        Column(_("Concerns"), share=0.19),
        Column(_("Comment"), share=0.38),
        Column(_("Answer and result"), share=0.28),
    ]
    return TableBlock(columns, [_comment_row(comment) for comment in comments], report)


def _comment_row(comment: CommentRow) -> Row:
    department = department_label(comment.department) if comment.department else ""
    blocking = comment.severity is Severity.BLOCKING
    about: list[Inline] = [
        Run(dimension_label(comment.dimension), bold=True),
        Run(" · " + _(_SEVERITIES[comment.severity]), bold=blocking),
        Run("\n" + comment.place if comment.place else "", ink=MUTED),
    ]
    body: list[Inline] = []
    if comment.quote:
        body.append(Run(_("“{text}”").format(text=comment.quote) + "\n", ink=MUTED))
    body.append(Run(comment.body))
    if comment.resolved_at is not None:
        who = " ".join(part for part in (comment.resolved_by, moment(comment.resolved_at)) if part)
        outcome = Run(_("Resolved"), bold=True)
        after = Run("\n" + who, ink=MUTED)
    else:
        outcome, after = Run(_("Unresolved"), bold=True, ink=BAD if blocking else None), Run("")
    answer: list[Inline] = [Run(comment.reply + "\n" if comment.reply else ""), outcome, after]
    who_said: list[Inline] = [Run(comment.person, bold=True), Run("\n" + department if department else "", ink=MUTED)]
    return Row((Cell(who_said), Cell(about), Cell(body), Cell(answer)))


def _evidence(sheet: SignOffInput, report: ExportReport) -> Block:
    """Return the fingerprints and what the signatures are, and are not."""
    rows = [Row((Cell(_("Whole content"), fill=TOTAL_FILL), Cell(_hash(sheet.info.fingerprint))))]
    rows += [
        Row((Cell(dimension_label(one.dimension), fill=TOTAL_FILL), Cell(_hash(one.sha256))))
        for one in sheet.dimensions
    ]
    if sheet.info.journal_head:
        label = _("Journal entry {number}").format(number=sheet.info.journal_entry or DASH)
        rows.append(Row((Cell(label, fill=TOTAL_FILL), Cell(_hash(sheet.info.journal_head)))))
    table = TableBlock([Column("", width=92), Column("")], rows, report, head=False, style=_HASH)
    if sheet.self_signed:
        kind = _(
            "These signatures are confirmations within the department, made with self-signed certificates, for checking"
            " whether content was changed; they are not reliable electronic signatures certified by a lawfully"
            " established electronic certification service."
        )
    else:
        kind = _(
            "These signatures are confirmations within the department, recorded with a personal sign-off PIN, for"
            " checking whether content was changed; they are not reliable electronic signatures certified by a lawfully"
            " established electronic certification service."
        )
    how = _(
        "Every decision belongs to the content with the fingerprint printed beside it. When that content changes, the"
        " decision is no longer valid. Changes can be detected by comparing fingerprints and the journal head."
    )
    return Together(
        (
            TextBlock(_("Fingerprints (SHA-256)"), SECTION, report, outline=1),
            table,
            TextBlock(kind, NOTE, report),
            TextBlock(how, NOTE, report),
        )
    )


def _hash(text: str) -> str:
    return grouped_hash(text) if text else _("no data")


def _list(dimensions: Sequence[Dimension]) -> str:
    return _(", ").join(dimension_label(dimension) for dimension in dimensions)

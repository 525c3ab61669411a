"""From blocks to a finished PDF: letterhead, footer with page x of y, watermark, metadata, progress and cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.i18n import N_, _, current_language

from . import fonts
from .canvas import A4, MILLIMETRE, Align, Metadata, PageSize, Pen
from .export_report import ExportReport, Substitution, SubstitutionKind
from .formats import grouped_hash, moment, short_hash, version_label
from .layout import Block, Placed, flow
from .paragraphs import TextBlock, elided
from .pdf_archive import archived
from .styles import BLACK, MUTED, RULE, SOFT, SUBTITLE, TITLE, WATERMARK


class DocumentState(StrEnum):
    """What the reader may rely on; all but APPROVED and PLAIN carry a watermark."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RETURNED = "returned"
    STALE = "stale"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose paper it is; ``logo`` is PNG or JPEG bytes."""

    company: str = ""
    department: str = ""
    tax_id: str = ""
    logo: bytes | None = None


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What identifies a document on every page.

    ``title`` is the form (预算审批单), ``number`` the document number (QH-2026-0031), ``fingerprint`` the content's
    SHA-256 (64 hexadecimal digits, may be empty), ``journal_head`` the hash of journal entry ``journal_entry``.
    ``printed_at`` must know its offset from UTC.
    """

    title: str
    project: str
    number: str
    printed_at: datetime
    version: int | None = None
    state: DocumentState = DocumentState.PLAIN
    fingerprint: str = ""
    journal_entry: int | None = None
    journal_head: str = ""
    letterhead: Letterhead = field(default_factory=Letterhead)


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """How to work: both callbacks are called for every page, on the rendering thread.

    ``progress`` gets pages done and in all. ``cancelled`` returning True ends the work with ``Cancelled``.
    """

    progress: Callable[[int, int], None] | None = None
    cancelled: Callable[[], bool] | None = None

    def checkpoint(self) -> None:
        """Raise Cancelled when the user has stopped the export."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled(_("The export was stopped."))


@dataclass(frozen=True, slots=True)
class PdfResult:
    """A finished PDF and what could not be printed exactly as typed."""

    data: bytes
    pages: int
    substitutions: tuple[Substitution, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """The part of a page that belongs to the content."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageSetup:
    """Sheet and margins in points; the left one leaves room for binding."""

    size: PageSize = A4
    left: float = 22 * MILLIMETRE
    right: float = 18 * MILLIMETRE
    top: float = 24 * MILLIMETRE
    bottom: float = 23 * MILLIMETRE

    def area(self) -> Area:
        """Return where the content stands."""
        width = self.size.width - self.left - self.right
        return Area(self.left, self.top, width, self.size.height - self.top - self.bottom)


PagePainter = Callable[[Pen, Area], None]

_WATERMARKS: Final = {
    DocumentState.DRAFT: N_("DRAFT · NOT APPROVED"),
    DocumentState.IN_REVIEW: N_("IN REVIEW · NOT APPROVED"),
    DocumentState.RETURNED: N_("RETURNED · NOT APPROVED"),
    DocumentState.STALE: N_("NO LONGER VALID"),
}
_WATERMARK: Final = "watermark"
_STATES: Final = {
    DocumentState.DRAFT: N_("Draft"),
    DocumentState.IN_REVIEW: N_("In review"),
    DocumentState.APPROVED: N_("Approved"),
    DocumentState.RETURNED: N_("Returned"),
    DocumentState.STALE: N_("No longer valid"),
    DocumentState.PLAIN: "",
}


def state_label(state: DocumentState) -> str:
    """Return the state in the user's language, empty for a plain document."""
    return _(_STATES[state])


def title_blocks(info: DocumentInfo, report: ExportReport) -> list[Block]:
    """Return the centred title and, under it, project, version, number and state."""
    parts = (info.project, version_label(info.version), _numbered(info), state_label(info.state))
    subtitle = "\u3000".join(part for part in parts if part)
    return [
        TextBlock(info.title, TITLE, report, outline=0),
        TextBlock(subtitle, SUBTITLE, report),
    ]


def render_blocks(
    info: DocumentInfo,
    blocks: Sequence[Block],
    report: ExportReport,
    options: RenderOptions,
    setup: PageSetup | None = None,
) -> PdfResult:
    """Flow blocks over pages and return the PDF, a PDF/A-2b. Raises Cancelled."""
    setup = setup or PageSetup()
    area = setup.area()
    pages = flow(blocks, area.width, area.height, options.checkpoint)
    return render_pages(info, [_block_painter(page) for page in pages], report, options, setup)


def render_pages(
    info: DocumentInfo,
    pages: Sequence[PagePainter],
    report: ExportReport,
    options: RenderOptions,
    setup: PageSetup,
) -> PdfResult:
    """Paint ready-made pages with the furniture around them and return the PDF, a PDF/A-2b. Raises Cancelled."""
    pen = Pen(setup.size, _metadata(info, report))
    furniture = _Furniture(info, setup, report)
    watermarked = furniture.define_watermark(pen)
    area = setup.area()
    for number, paint in enumerate(pages, 1):
        options.checkpoint()
        if watermarked:
            pen.stamp(_WATERMARK)
        paint(pen, area)
        furniture.draw(pen, number, len(pages))
        pen.end_page()
        if options.progress is not None:
            options.progress(number, len(pages))
    options.checkpoint()
    return PdfResult(archived(pen.finish(), checkpoint=options.checkpoint), len(pages), report.substitutions())


class _Furniture:
    """What stands around the content of every page."""

    def __init__(self, info: DocumentInfo, setup: PageSetup, report: ExportReport) -> None:
        self._info = info
        self._setup = setup
        self._report = report
        head = info.letterhead
        self._company = " · ".join(
            part for part in (fonts.clean_line(head.company, report), fonts.clean_line(head.department, report)) if part
        )
        self._running_title = " · ".join(
            part for part in (fonts.clean_line(info.title, report), fonts.clean_line(info.project, report)) if part
        )
        self._printed = _("Printed {moment}").format(moment=moment(info.printed_at))

    def draw(self, pen: Pen, page: int, pages: int) -> None:
        """Draw header and footer."""
        setup = self._setup
        left, right = setup.left, setup.size.width - setup.right
        self._draw_header(pen, page, left, right)
        y = setup.size.height - setup.bottom + 3 * MILLIMETRE
        pen.line((left, y), (right, y), ink=RULE, width=0.5)
        counter = _("Page {page} of {pages}").format(page=page, pages=pages)
        room = right - left - fonts.face().width(counter, 8) - 12
        pen.text(left, y + 9.5, self._imprint(room), size=8, ink=SOFT)
        pen.text(right, y + 9.5, counter, size=8, ink=BLACK, align=Align.RIGHT)
        proofs = self._proofs() if page == pages else []
        tax_id = fonts.clean_line(self._info.letterhead.tax_id, self._report)
        beside = self._printed if proofs else _("Tax ID {number}").format(number=tax_id) if tax_id else ""
        pen.text(right, y + 18, beside, size=6.5, ink=MUTED, align=Align.RIGHT)
        for offset, line in zip((18, 25.5), proofs or [self._printed], strict=False):
            pen.text(left, y + offset, line, size=6.5, ink=MUTED)

    def define_watermark(self, pen: Pen) -> bool:
        """Prepare the grey words that lie across every page below everything else; False where there are none."""
        words = _WATERMARKS.get(self._info.state)
        if words is None:
            return False
        text = _(words)
        width, height = self._setup.size.width, self._setup.size.height
        size = min(54.0, 0.6 * (width**2 + height**2) ** 0.5 / max(fonts.face(bold=True).width(text, 1), 1))
        with pen.defining(_WATERMARK), pen.rotated(width / 2, height / 2, 38):
            baseline = height / 2 + size * 0.35
            pen.text(width / 2, baseline, text, size=size, ink=WATERMARK, bold=True, align=Align.CENTRE)
        return True

    def _draw_header(self, pen: Pen, page: int, left: float, right: float) -> None:
        y = self._setup.top - 7 * MILLIMETRE
        x = left
        logo = self._info.letterhead.logo
        if logo is not None:
            if pen.image(logo, left, y - 16, 54, 13):
                x += 60
            elif page == 1:
                self._report.add(SubstitutionKind.IMAGE_SKIPPED, "logo")
        middle = (right - x) * 0.48
        pen.text(x, y - 5, elided(self._company, 8.5, middle), size=8.5, ink=SOFT)
        pen.text(right, y - 5, elided(self._running_title, 8.5, middle), size=8.5, ink=SOFT, align=Align.RIGHT)
        pen.line((left, y), (right, y), ink=RULE, width=0.5)

    def _imprint(self, room: float) -> str:
        """Return number, version and what proves the content; of these only the number is ever shortened."""
        info = self._info
        parts = [version_label(info.version)]
        if info.fingerprint:
            parts.append(_("Fingerprint {hash}").format(hash=short_hash(info.fingerprint)))
        if info.journal_head:
            entry = info.journal_entry if info.journal_entry is not None else ""
            parts.append(_("Journal #{entry} {hash}").format(entry=entry, hash=short_hash(info.journal_head)))
        rest = " · ".join(part for part in parts if part)
        number = fonts.clean_line(_numbered(info), self._report)
        taken = fonts.face().width(f" · {rest}", 8) if rest else 0.0
        return elided(" · ".join(part for part in (elided(number, 8, room - taken), rest) if part), 8, room)

    def _proofs(self) -> list[str]:
        """Return the lines of the last page: the full hashes that the short ones in the footer stand for."""
        info = self._info
        lines: list[str] = []
        if info.fingerprint:
            digits = grouped_hash(info.fingerprint)
            lines.append(_("Content fingerprint SHA-256: {fingerprint}").format(fingerprint=digits))
        if info.journal_head:
            lines.append(_("Journal head SHA-256: {hash}").format(hash=grouped_hash(info.journal_head)))
        return lines


def _block_painter(placed: Sequence[Placed]) -> PagePainter:
    def paint(pen: Pen, area: Area) -> None:
        for one in placed:
            one.block.draw(pen, area.x, area.y + one.y, area.width)

    return paint


def _numbered(info: DocumentInfo) -> str:
    return _("No. {number}").format(number=info.number) if info.number else ""


def _metadata(info: DocumentInfo, report: ExportReport) -> Metadata:
    title = " ".join(part for part in (info.title, info.project, version_label(info.version)) if part)
    return Metadata(
        title=fonts.clean_line(title, report)[:500],
        author=fonts.clean_line(info.letterhead.department or info.letterhead.company, report)[:200],
        subject=fonts.clean_line(info.number, report)[:200],
        language="zh-CN" if current_language() == "zh_CN" else "en",
        created=info.printed_at,
    )

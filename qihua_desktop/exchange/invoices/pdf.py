"""Invoices as PDF: attached XML, the text of the page, and the QR code of the rendered page.

PDFium is not safe for threads, so one file is read at a time. Pages are rendered step by step and given up when the
time is over.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Any, Final

from qihua_desktop.domain.invoice import FindingKey, InvoiceFinding, InvoiceSource, ParsedInvoice, Severity
from qihua_desktop.i18n import _, ngettext

from .codes import decode, grey_image, invoices_of
from .page_text import LONGEST_PAGE, PageText, page_texts
from .results import Unusable, damaged
from .texts import InvoiceTexts, build_invoice, merge
from .xml_invoice import xml_texts

MOST_PAGES: Final = 20
MOST_SECONDS: Final = 20.0
"""The time one file may take; pages after that are left out with a finding."""

_MOST_ATTACHMENTS: Final = 10
_SCALE: Final = 3.0
_MOST_PIXELS: Final = 12_000_000
_PASSWORD_ERROR: Final = 4
_one_at_a_time = threading.Lock()


@dataclass(slots=True)
class _Pages:
    texts: list[InvoiceTexts] = field(default_factory=list[InvoiceTexts])
    codes: list[list[ParsedInvoice]] = field(default_factory=list[list[ParsedInvoice]])
    attached: list[InvoiceTexts] = field(default_factory=list[InvoiceTexts])
    left_out: int = 0
    out_of_time: bool = False


def read_pdf(content: bytes) -> tuple[ParsedInvoice, ...]:
    """Read the invoices of a PDF. Raises Unusable when there are none or the file cannot be read."""
    with _one_at_a_time:
        pages = _read_pages(content)
    found: dict[str, InvoiceTexts] = {texts.number: texts for texts in pages.attached if texts.number}
    for texts, codes in zip(pages.texts, pages.codes, strict=True):
        for one in _of_page(texts, codes):
            key = f"{one.code}-{one.number}"
            known = one.number if one.number in found else key
            found[known] = merge(found[known], one, compare=one.number in found) if known in found else one
    if not found and pages.out_of_time:
        raise Unusable(
            FindingKey.TOO_LARGE,
            _("Reading this PDF takes too long; it was given up."),
            _("Use the XML or OFD file of the invoice, or type it by hand; the file is kept with it."),
        )
    if not found:
        raise Unusable(
            FindingKey.NO_CODE,
            _("No invoice number and no QR code was found in this PDF."),
            _("Use the XML or OFD file of the invoice, or type it by hand; the file is kept with it."),
        )
    if pages.left_out:
        next(iter(found.values())).findings.append(_pages_left_out(pages.left_out))
    return tuple(build_invoice(texts, InvoiceSource.PDF) for texts in found.values())


def _of_page(texts: InvoiceTexts, codes: list[ParsedInvoice]) -> list[InvoiceTexts]:
    if len(codes) > 1:
        several = [_code_texts(code) for code in codes]
        several[0].findings.append(
            InvoiceFinding(
                FindingKey.INCOMPLETE,
                Severity.NOTE,
                _("Several invoices are on one page; only what their codes hold was read."),
                _("Import their XML or OFD files to have names and lines."),
            )
        )
        return several
    if not codes:
        return [texts] if texts.number else []
    code = _code_texts(codes[0])
    return [merge(texts, code) if texts.number else code]


def _code_texts(invoice: ParsedInvoice) -> InvoiceTexts:
    findings = [finding for finding in invoice.findings if finding.severity is not Severity.NOTE]
    return InvoiceTexts(
        number=invoice.number,
        code=invoice.code,
        issued=invoice.issued_on or "",
        net=_plain(invoice.net),
        gross=_plain(invoice.gross),
        check_code=invoice.check_code,
        kind=invoice.kind,
        crc=invoice.crc,
        raw=list(invoice.raw),
        findings=findings,
    )


def _plain(fen: int | None) -> str:
    return "" if fen is None else f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _read_pages(content: bytes) -> _Pages:
    import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

    library: Any = pypdfium2
    deadline = time.monotonic() + MOST_SECONDS
    try:
        document = library.PdfDocument(content)
    except library.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD_ERROR:
            raise Unusable(
                FindingKey.REFUSED,
                _("The PDF is protected by a password."),
                _("Save it without a password and import it again."),
            ) from error
        raise damaged() from error
    pages = _Pages()
    try:
        pages.attached = _attachments(document)
        count = len(document)
        pages.left_out = max(0, count - MOST_PAGES)
        for number in range(min(count, MOST_PAGES)):
            if time.monotonic() > deadline:
                pages.left_out += min(count, MOST_PAGES) - number
                break
            texts, codes = _read_page(library, document, number, deadline)
            pages.texts.append(texts)
            pages.codes.append(codes)
        pages.out_of_time = time.monotonic() > deadline
    except (library.PdfiumError, ValueError, OSError) as error:
        raise damaged() from error
    finally:
        document.close()
    return pages


def _attachments(document: Any) -> list[InvoiceTexts]:
    found: list[InvoiceTexts] = []
    for number in range(min(document.count_attachments(), _MOST_ATTACHMENTS)):
        data = bytes(document.get_attachment(number).get_data())
        if data.lstrip()[:1] == b"<":
            try:
                found.extend(xml_texts(data))
            except Unusable:
                continue
    return found


def _read_page(library: Any, document: Any, number: int, deadline: float) -> tuple[InvoiceTexts, list[ParsedInvoice]]:
    page = document[number]
    try:
        width, height = page.get_size()
        texts = page_texts(_page_text(page, width, height))
        codes = _codes(library, page, width, height, deadline)
    finally:
        page.close()
    return texts, codes


def _page_text(page: Any, width: float, height: float) -> PageText:
    layer = page.get_textpage()
    try:
        if layer.count_chars() > LONGEST_PAGE:
            return PageText("")
        middle = width / 2
        return PageText(
            layer.get_text_range(),
            left=layer.get_text_bounded(right=middle),
            right=layer.get_text_bounded(left=middle),
            upper=layer.get_text_bounded(bottom=height / 2),
            lower=layer.get_text_bounded(top=height / 2),
        )
    finally:
        layer.close()


def _codes(library: Any, page: Any, width: float, height: float, deadline: float) -> list[ParsedInvoice]:
    if width < 1 or height < 1:
        return []
    scale = min(_SCALE, (_MOST_PIXELS / (width * height)) ** 0.5)
    columns, rows = max(1, int(width * scale)), max(1, int(height * scale))
    if columns * rows > 2 * _MOST_PIXELS:
        return []
    pixels = _render(library, page, columns, rows, deadline)
    if pixels is None:
        return []
    return list(invoices_of(decode(grey_image(pixels, columns, rows)), InvoiceSource.PDF))


def _render(library: Any, page: Any, columns: int, rows: int, deadline: float) -> bytes | None:
    """Render a page in grey; None when the time is over."""
    raw = library.raw
    bitmap = library.PdfBitmap.new_native(columns, rows, raw.FPDFBitmap_Gray)
    try:
        bitmap.fill_rect((255, 255, 255, 255), 0, 0, columns, rows)
        pause = raw.IFSDK_PAUSE(version=1)

        def is_over(_pause: object) -> int:
            return int(time.monotonic() > deadline)

        library.internal.set_callback(pause, "NeedToPauseNow", is_over)
        status = raw.FPDF_RenderPageBitmap_Start(
            bitmap, page, 0, 0, columns, rows, 0, raw.FPDF_GRAYSCALE | raw.FPDF_ANNOT, pause
        )
        raw.FPDF_RenderPage_Close(page)
        if status != raw.FPDF_RENDER_DONE:
            return None
        content = bytes(bitmap.buffer)
        stride = int(bitmap.stride)
    finally:
        bitmap.close()
    if stride == columns:
        return content[: columns * rows]
    return b"".join(content[row * stride : row * stride + columns] for row in range(rows))


def _pages_left_out(count: int) -> InvoiceFinding:
    return InvoiceFinding(
        FindingKey.SKIPPED,
        Severity.WARNING,
        ngettext("{count} page of the PDF was not read.", "{count} pages of the PDF were not read.", count).format(
            count=count
        ),
        _("Save the invoices one by one and import those files."),
    )

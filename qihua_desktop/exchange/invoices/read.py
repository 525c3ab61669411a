"""Read any file of invoices, recognised by its content: each invoice, or what is wrong, with nothing else disturbed."""

from __future__ import annotations

import hashlib
import logging
import time
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.invoice import (
    FindingKey,
    InvoiceFinding,
    InvoiceSource,
    ParsedInvoice,
    Severity,
    duplicate_keys,
)
from qihua_desktop.domain.invoice_qr import LONGEST_TEXT, is_invoice_text, parse_qr_text, split_scans
from qihua_desktop.i18n import _, ngettext

from .archive import Archive
from .codes import read_image
from .ofd import is_ofd, read_ofd
from .pdf import read_pdf
from .results import MEGABYTE, MOST_FILE_BYTES, ReadResult, Unusable, damaged, no_invoice, too_large
from .xml_invoice import read_xml

MOST_MEMBERS: Final = 300
"""So many files of an archive are read as invoices; the others are counted in a finding."""
MOST_SECONDS: Final = 60.0
"""After so long no further file of an archive is begun."""

_log = logging.getLogger(__name__)


class Content(StrEnum):
    """What a file is, by its first bytes."""

    XML = "xml"
    ZIP = "zip"
    PDF = "pdf"
    IMAGE = "image"
    TEXT = "text"


_IMAGE_STARTS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"BM", b"GIF8", b"II*\0", b"MM\0*")
_XML_STARTS: Final = (b"<", b"\xef\xbb\xbf<", b"\xff\xfe<\0", b"\xfe\xff\0<")
_APPLE: Final = (b"heic", b"heix", b"hevc", b"heim", b"mif1", b"msf1", b"avif")
_RANK: Final = (InvoiceSource.XML, InvoiceSource.OFD, InvoiceSource.PDF, InvoiceSource.IMAGE, InvoiceSource.QR_TEXT)


def read_invoice(source: Path | bytes, name: str = "") -> tuple[ReadResult, ...]:
    """Read every invoice of a file; one result per invoice, or a single one that says why there is none.

    Never raises for what the file holds. ``name`` is shown with the result; for a path it is the file's name.
    """
    shown = name or (source.name if isinstance(source, Path) else _("Invoice"))
    try:
        content = _load(source)
    except Unusable as error:
        return (ReadResult(shown, None, (error.finding(),)),)
    return _read(content, shown, in_archive=False)


def read_typed(text: str) -> tuple[ReadResult, ...]:
    """Read what a hand scanner typed: one result per code, also for those that are no invoice's."""
    try:
        codes = split_scans(text)
    except InputError as error:
        return (ReadResult(_("Scanned code"), None, (_finding(error),)),)
    if not codes:
        error = Unusable(FindingKey.EMPTY, _("Nothing was scanned."), _("Scan the QR code of an invoice."))
        return (ReadResult(_("Scanned code"), None, (error.finding(),)),)
    results: list[ReadResult] = []
    for code in codes:
        try:
            parsed = parse_qr_text(code)
        except InputError as error:
            results.append(ReadResult(_("Scanned code"), None, (_finding(error),)))
        else:
            results.append(ReadResult(_("Scanned code"), parsed))
    return tuple(results)


def content_kind(content: bytes) -> Content:
    """Return what a file is by its content. Raises Unusable for what is known not to be readable."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Unusable(FindingKey.EMPTY, _("The file is empty."), _("Download it again."))
    if content.startswith(b"PK\x03\x04"):
        return Content.ZIP
    if content.startswith(_IMAGE_STARTS) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return Content.IMAGE
    if b"%PDF-" in content[:1024]:
        return Content.PDF
    if content[4:8] == b"ftyp" and content[8:12] in _APPLE:
        raise Unusable(
            FindingKey.UNKNOWN_FORMAT,
            _("HEIC photos of the iPhone are not read."),
            _("Save the photo as JPEG; on the phone: Settings, Camera, Formats, Most Compatible."),
        )
    if content.lstrip(b" \t\r\n").startswith(_XML_STARTS):
        return Content.XML
    if b"\0" not in content[:4096] and is_invoice_text(_decoded(content[:400])):
        return Content.TEXT
    raise Unusable(
        FindingKey.UNKNOWN_FORMAT,
        _("This is not a file of invoices that can be read."),
        _("Use the XML, OFD or PDF file of the invoice, or a photo of it as JPEG or PNG."),
    )


def _load(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        if len(source) > MOST_FILE_BYTES:
            raise too_large(MOST_FILE_BYTES // MEGABYTE)
        return source
    try:
        if not source.is_file():
            raise Unusable(FindingKey.UNKNOWN_FORMAT, _("This is not a file."), _("Choose the files in the folder."))
        with source.open("rb") as stream:
            content = stream.read(MOST_FILE_BYTES + 1)
    except (OSError, ValueError) as error:
        raise Unusable(
            FindingKey.DAMAGED,
            _("The file cannot be opened."),
            _("Check that it still exists and that you may read it."),
        ) from error
    if len(content) > MOST_FILE_BYTES:
        raise too_large(MOST_FILE_BYTES // MEGABYTE)
    return content


def _read(content: bytes, name: str, *, in_archive: bool) -> tuple[ReadResult, ...]:
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        kind = content_kind(content)
        if kind is Content.ZIP:
            archive = Archive(content)
            if not is_ofd(archive):
                return _read_archive(archive, name, in_archive=in_archive)
            found = read_ofd(archive)
        elif kind is Content.TEXT:
            return tuple(
                replace(result, name=name, original=content, sha256=sha256)
                for result in read_typed(_decoded(content)[: LONGEST_TEXT + 1])
            )
        else:
            found = {Content.XML: read_xml, Content.PDF: read_pdf, Content.IMAGE: read_image}[kind](content)
    except Unusable as error:
        return (ReadResult(name, None, (error.finding(),), content, sha256),)
    except Exception:
        # A file from outside must not take the others of the same drop with it; the report goes to the log.
        _log.exception("an invoice file could not be read")
        return (ReadResult(name, None, (damaged().finding(),), content, sha256),)
    return tuple(ReadResult(name, invoice, (), content, sha256) for invoice in found)


def _read_archive(archive: Archive, name: str, *, in_archive: bool) -> tuple[ReadResult, ...]:
    """Read the files of a ZIP; where it holds one invoice in several forms, the best form stands for it."""
    if in_archive:
        raise Unusable(
            FindingKey.REFUSED,
            _("Archives inside archives are not opened."),
            _("Unpack it and import the files in it."),
        )
    results: list[ReadResult] = []
    deadline = time.monotonic() + MOST_SECONDS
    members = archive.names[:MOST_MEMBERS]
    for member in members:
        if time.monotonic() > deadline:
            members = members[: members.index(member)]
            break
        shown = _("{archive} › {file}").format(archive=name, file=member)
        try:
            results.extend(_read(archive.read(member), shown, in_archive=True))
        except Unusable as error:
            results.append(ReadResult(shown, None, (error.finding(),)))
    read = [result for result in results if result.parsed is not None]
    failed = [result for result in results if result.parsed is None and not _is_by_product(result)]
    left_out = len(archive.names) - len(members)
    if left_out > 0:
        error = Unusable(
            FindingKey.SKIPPED,
            ngettext(
                "{count} file of the archive was not read.", "{count} files of the archive were not read.", left_out
            ).format(count=left_out),
            _("Unpack it and import the files in it."),
        )
        failed.append(ReadResult(name, None, (error.finding(),)))
    if not read and not failed:
        raise no_invoice()
    return (*_one_each(read), *failed)


def _is_by_product(result: ReadResult) -> bool:
    """Tell whether a member is something else that comes along in such archives (a list, a logo, a note)."""
    if result.name.lower().endswith((".xml", ".ofd", ".pdf")):
        return False
    return all(finding.key in (FindingKey.UNKNOWN_FORMAT, FindingKey.EMPTY) for finding in result.findings)


def _one_each(results: list[ReadResult]) -> list[ReadResult]:
    best: dict[tuple[str, ...], ReadResult] = {}
    for place, result in enumerate(results):
        invoice = result.parsed
        keys = duplicate_keys(invoice) if invoice is not None else ()
        key = keys[:1] or (f"#{place}",)
        other = best.get(key)
        if other is None or invoice is None or other.parsed is None:
            best[key] = result
            continue
        kept, dropped = (result, other) if _rank(invoice) < _rank(other.parsed) else (other, result)
        best[key] = replace(kept, findings=(*kept.findings, *dropped.findings, _also(dropped)))
    return list(best.values())


def _rank(invoice: ParsedInvoice) -> int:
    return _RANK.index(invoice.source) if invoice.source in _RANK else len(_RANK)


def _also(dropped: ReadResult) -> InvoiceFinding:
    return InvoiceFinding(
        FindingKey.SKIPPED, Severity.NOTE, _("The same invoice is also in “{file}”.").format(file=dropped.name)
    )


def _finding(error: InputError) -> InvoiceFinding:
    return InvoiceFinding(FindingKey.NOT_AN_INVOICE, Severity.ERROR, error.message, error.advice)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")

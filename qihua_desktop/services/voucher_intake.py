"""Taking vouchers in: dropped files as they were read, scanned codes and typed receipts. All of a drop is one edit.

Reading files is done before, in a background job (``exchange.invoices``); what it gives is stored here. A file from
which nothing can be read is reported and not kept; a picture that only has to be typed is kept for that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Protocol

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.invoice import (
    FindingKey,
    InvoiceFinding,
    InvoiceKind,
    InvoiceSource,
    ParsedInvoice,
    Severity,
    duplicate_keys,
)
from qihua_desktop.domain.invoice_qr import parse_qr_text, split_scans
from qihua_desktop.domain.invoice_values import half_width
from qihua_desktop.domain.procurement import Contract, Supplier
from qihua_desktop.domain.voucher_records import Duplicate, DuplicateKind, content_of
from qihua_desktop.domain.vouchers import Voucher, VoucherState
from qihua_desktop.i18n import _, ngettext

from . import documents
from .limits import text
from .session import Session
from .voucher_parts import (
    ShareDraft,
    check_shares,
    duplicates,
    match_supplier,
    require_line,
    require_open_budget,
    suggest_contract,
    suppliers_by_name,
    voucher_name,
    write_shares,
)

MOST_FEN = 10**15
_LONGEST = 9_000
_TO_TYPE = (FindingKey.NO_CODE, FindingKey.NEEDS_TYPING)


class ReadFile(Protocol):
    """One invoice of a file, or why there is none; ``exchange.invoices`` gives such objects."""

    @property
    def name(self) -> str: ...
    @property
    def parsed(self) -> ParsedInvoice | None: ...
    @property
    def findings(self) -> tuple[InvoiceFinding, ...]: ...
    @property
    def original(self) -> bytes: ...
    @property
    def sha256(self) -> str: ...


@dataclass(frozen=True, slots=True)
class TextRead:
    """A scanned code as it was read."""

    name: str
    parsed: ParsedInvoice | None
    findings: tuple[InvoiceFinding, ...] = ()
    original: bytes = b""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class FileImport:
    """What became of one file or code: the voucher, what was noticed, and where the same one already is."""

    name: str
    voucher_id: EntityId | None
    findings: tuple[InvoiceFinding, ...]
    duplicate_of: Voucher | None = None
    duplicate_project: str = ""
    maybe_same_as: Voucher | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a drop of files, in their order."""

    files: tuple[FileImport, ...]

    @property
    def voucher_ids(self) -> tuple[EntityId, ...]:
        """The vouchers that were stored."""
        return tuple(one.voucher_id for one in self.files if one.voucher_id is not None)

    @property
    def duplicates(self) -> int:
        """How many of them were there already."""
        return sum(1 for one in self.files if one.duplicate_of is not None)

    @property
    def failed(self) -> int:
        """How many files gave nothing."""
        return sum(1 for one in self.files if one.voucher_id is None)


@dataclass(frozen=True, slots=True)
class VoucherDraft:
    """What is typed for a voucher; amounts in fen, ``foreign_gross`` in hundredths of ``currency``."""

    gross: int
    issued_on: date | None = None
    kind: InvoiceKind = InvoiceKind.OTHER
    number: str = ""
    code: str = ""
    seller_name: str = ""
    seller_tax_id: str = ""
    buyer_name: str = ""
    buyer_tax_id: str = ""
    net: int = 0
    tax: int = 0
    currency: str = "CNY"
    foreign_gross: int = 0
    red_of: str = ""
    item: str = ""
    purpose: str = ""
    reason: str = ""
    line_id: EntityId | None = None
    contract_id: EntityId | None = None


def store_read(
    session: Session, project_id: EntityId, results: Sequence[ReadFile], line_id: EntityId | None = None
) -> ImportReport:
    """Store a drop of read files as pending vouchers in one edit, with the originals as attachments.

    With a line the whole amount of each is its share; without one, the only open contract of the seller decides.
    """
    require_open_budget(session, project_id)
    if line_id is not None:
        require_line(session, project_id, line_id)
    usable = [one for one in results if _is_usable(one)]
    if not usable:
        return ImportReport(tuple(FileImport(one.name, None, _findings(one)) for one in results))
    label = ngettext("Import {count} voucher", "Import {count} vouchers", len(usable)).format(count=len(usable))
    stored: dict[int, Voucher] = {}
    with session.edit(label, project_id) as edit:
        intake = _Intake(edit, session, project_id, line_id)
        for one in usable:
            stored[id(one)] = intake.add(one)
        found = duplicates(edit, tuple(stored.values()))
        names = {project.id: f"{project.number} {project.name}" for project in tables.projects.all(edit)}
    return ImportReport(tuple(_report(one, stored.get(id(one)), found, names) for one in results))


def import_files(
    session: Session,
    project_id: EntityId,
    files: Iterable[tuple[str, bytes]],
    read: Callable[[str, bytes], Sequence[ReadFile]],
    line_id: EntityId | None = None,
) -> ImportReport:
    """Read files with the given reader and store what they hold; for callers that need no background job."""
    return store_read(session, project_id, [one for name, data in files for one in read(name, data)], line_id)


def add_text(session: Session, project_id: EntityId, qr_text: str, line_id: EntityId | None = None) -> ImportReport:
    """Store what a scanner typed, one code or many. Raises InputError when the text is too long or empty."""
    scans = split_scans(qr_text)
    if not scans:
        raise InputError(_("No code was scanned."), _("Scan the QR code of the invoice again."))
    return store_read(session, project_id, [_read_text(scan) for scan in scans], line_id)


def add_typed(
    session: Session, project_id: EntityId, draft: VoucherDraft, file: tuple[str, bytes] | None = None
) -> Voucher:
    """Store a typed voucher, such as a receipt without an invoice; its picture may come with it. Raises InputError."""
    require_open_budget(session, project_id)
    voucher = _typed(session, project_id, draft)
    name = voucher_name(voucher)
    shares = [ShareDraft(draft.line_id, draft.contract_id, draft.gross)] if draft.line_id and draft.gross else []
    check_shares(session, voucher, shares)
    with session.edit(_("Add voucher “{voucher}”").format(voucher=name), project_id) as edit:
        if file is not None:
            kept = documents.keep(edit, project_id, None, text(file[0][:_LONGEST]), file[1])
            voucher = _with_file(voucher, kept.id, kept.sha256)
        found = match_supplier(suppliers_by_name(edit), voucher.seller_name, voucher.seller_tax_id)
        voucher = _with_supplier(voucher, found)
        tables.vouchers.insert(edit, voucher)
        write_shares(edit, voucher, shares)
    return voucher


class _Intake:
    """A running import: suppliers, contracts and kept files are looked up once."""

    def __init__(self, edit: Edit, session: Session, project_id: EntityId, line_id: EntityId | None) -> None:
        self.edit = edit
        self.project_id = project_id
        self.line_id = line_id
        self.actor_id = session.actor.id if session.actor else None
        self.suppliers = suppliers_by_name(edit)
        self.contracts: tuple[Contract, ...] = tables.contracts.all(edit, project_id=project_id)
        self.kept: dict[str, EntityId] = {}
        self.now = edit.now_ms()

    def add(self, read: ReadFile) -> Voucher:
        attachment_id, digest = self._keep(read)
        parsed = read.parsed or ParsedInvoice("", source=InvoiceSource.IMAGE, findings=read.findings)
        voucher = _from_parsed(parsed, self.project_id, self.now, self.actor_id)
        voucher = _with_file(voucher, attachment_id, digest)
        found = match_supplier(self.suppliers, voucher.seller_name, voucher.seller_tax_id)
        voucher = _with_supplier(voucher, found)
        tables.vouchers.insert(self.edit, voucher)
        contract = suggest_contract(self.contracts, voucher.supplier_id, self.line_id)
        line_id = self.line_id or (contract.line_id if contract else None)
        if line_id is not None and voucher.gross:
            write_shares(self.edit, voucher, [ShareDraft(line_id, contract.id if contract else None, voucher.gross)])
        return voucher

    def _keep(self, read: ReadFile) -> tuple[EntityId | None, str]:
        if not read.original:
            return None, ""
        digest = sha256(read.original).hexdigest()
        if digest not in self.kept:
            kept = documents.keep(self.edit, self.project_id, None, _clip(read.name), read.original)
            self.kept[digest] = kept.id
        return self.kept[digest], digest


def _from_parsed(parsed: ParsedInvoice, project_id: EntityId, now: int, actor_id: EntityId | None) -> Voucher:
    gross, net, tax = _amounts(parsed)
    keys = duplicate_keys(parsed)
    lines = [line.name for line in parsed.lines if line.name]
    return Voucher(
        new_id(), project_id, None, None, None, VoucherState.PENDING, parsed.kind.value, parsed.source.value,
        _clip(parsed.number), _clip(parsed.code), _clip(keys[0]) if keys else "",
        date.fromisoformat(parsed.issued_on) if parsed.issued_on else None,
        _clip(parsed.seller_name), _clip(parsed.seller_tax_id), _clip(parsed.buyer_name), _clip(parsed.buyer_tax_id),
        parsed.currency, parsed.foreign_gross or 0, net, tax, gross, _clip(parsed.capital_text), content_of(parsed), "",
        _clip(parsed.red_of), _clip(lines[0].rpartition("*")[2])[:200] if lines else "", "", "", now, actor_id,
        None, None,
    )  # fmt: skip


def _amounts(parsed: ParsedInvoice) -> tuple[int, int, int]:
    """Return gross, net and tax, 0 for what is unknown; two of them give the third."""
    gross, net, tax = parsed.gross, parsed.net, parsed.tax
    if gross is None and net is not None and tax is not None:
        gross = net + tax
    elif gross is not None and net is not None and tax is None:
        tax = gross - net
    elif gross is not None and net is None and tax is not None:
        net = gross - tax
    if gross is None:
        return 0, net or 0, tax or 0
    return gross, net or 0, tax or 0


def _typed(session: Session, project_id: EntityId, draft: VoucherDraft) -> Voucher:
    check_amounts(draft.gross, draft.net, draft.tax)
    number, code = plain_number(draft.number), plain_number(draft.code)
    parsed = ParsedInvoice(number, code=code, kind=draft.kind, red_of=plain_number(draft.red_of))
    keys = duplicate_keys(parsed)
    net, tax = draft.net, draft.tax
    return Voucher(
        new_id(), project_id, None, None, None, VoucherState.PENDING, draft.kind.value, InvoiceSource.TYPED.value,
        number, code, keys[0] if keys else "", draft.issued_on, text(draft.seller_name), text(draft.seller_tax_id),
        text(draft.buyer_name), text(draft.buyer_tax_id), text(draft.currency) or "CNY", draft.foreign_gross, net, tax,
        draft.gross, "", "", "", parsed.red_of, text(draft.item), text(draft.purpose), text(draft.reason),
        session.workspace.now_ms(), session.actor.id if session.actor else None, None, None,
    )  # fmt: skip


def check_amounts(gross: int, net: int, tax: int) -> None:
    """Raise InputError for amounts that are too large, or that contradict each other."""
    if any(abs(value) > MOST_FEN for value in (gross, net, tax)):
        raise InputError(_("The amount is too large."), _("Check the number of zeros."))
    if (net or tax) and net + tax != gross:
        raise InputError(
            _("Net and tax do not add up to the amount with tax."),
            _("Correct one of the three; all are on the invoice."),
        )


def plain_number(value: str) -> str:
    """Return a typed number or code without spaces, in half-width capitals."""
    return "".join(half_width(text(value, 200)).split()).upper()


def _with_file(voucher: Voucher, attachment_id: EntityId | None, digest: str) -> Voucher:
    return replace(voucher, attachment_id=attachment_id, file_sha256=digest)


def _with_supplier(voucher: Voucher, supplier: Supplier | None) -> Voucher:
    return replace(voucher, supplier_id=supplier.id if supplier is not None else None)


def _is_usable(read: ReadFile) -> bool:
    if read.parsed is not None:
        return True
    return bool(read.original) and any(finding.key in _TO_TYPE for finding in read.findings)


def _findings(read: ReadFile) -> tuple[InvoiceFinding, ...]:
    return (*read.findings, *(read.parsed.findings if read.parsed is not None else ()))


def _report(
    read: ReadFile,
    voucher: Voucher | None,
    found: dict[EntityId, tuple[Duplicate, ...]],
    names: dict[EntityId, str],
) -> FileImport:
    if voucher is None:
        return FileImport(read.name, None, _findings(read))
    same = [one for one in found.get(voucher.id, ()) if one.is_first]
    first = next((one.other for one in same if one.kind is not DuplicateKind.SIMILAR), None)
    alike = next((one.other for one in same if one.kind is DuplicateKind.SIMILAR), None)
    where = names.get(first.project_id, "") if first is not None else ""
    return FileImport(read.name, voucher.id, _findings(read), first, where, alike if first is None else None)


def _read_text(scan: str) -> TextRead:
    try:
        return TextRead(scan[:60], parse_qr_text(scan))
    except InputError as error:
        finding = InvoiceFinding(FindingKey.NOT_AN_INVOICE, Severity.ERROR, error.message, error.advice)
        return TextRead(scan[:60], None, (finding,))


def _clip(value: str) -> str:
    return text(str(value).encode("utf-8", "replace").decode("utf-8")[:_LONGEST])

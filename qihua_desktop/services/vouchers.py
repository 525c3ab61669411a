"""Vouchers (凭证) as their window shows them. Taking in is in ``voucher_intake``, changing in ``voucher_edit``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from db import tables
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.invoice import InvoiceKind, InvoiceSource, ParsedInvoice
from qihua_desktop.domain.invoice_facts import InvoiceOutcome
from qihua_desktop.domain.procurement import Contract, ContractState
from qihua_desktop.domain.project import Attachment
from qihua_desktop.domain.voucher_checks import VoucherCheck, worst
from qihua_desktop.domain.voucher_records import Duplicate, DuplicateKind, invoice_of
from qihua_desktop.domain.vouchers import Voucher, VoucherShare
from qihua_desktop.i18n import _

from .session import Session
from .voucher_checks import VoucherContext, checks_of, load_context
from .voucher_edit import (
    accept,
    assign,
    delete_voucher,
    delete_vouchers,
    mark_paid,
    record_status,
    reject,
    reject_all,
    reopen,
    set_exchange,
    supplier_from_voucher,
    unmark_paid,
    update_voucher,
)
from .voucher_intake import (
    FileImport,
    ImportReport,
    ReadFile,
    VoucherDraft,
    add_text,
    add_typed,
    import_files,
    store_read,
)
from .voucher_parts import ShareDraft, duplicates, suggest_contract, voucher_name

__all__ = [
    "DuplicateView",
    "FileImport",
    "ImportReport",
    "ReadFile",
    "ShareDraft",
    "ShareView",
    "VoucherDraft",
    "VoucherView",
    "accept",
    "add_text",
    "add_typed",
    "assign",
    "bookable_contracts",
    "delete_voucher",
    "delete_vouchers",
    "import_files",
    "mark_paid",
    "original",
    "original_bytes",
    "parsed_voucher",
    "record_status",
    "reject",
    "reject_all",
    "reopen",
    "set_exchange",
    "store_read",
    "suggested_contract",
    "supplier_from_voucher",
    "unmark_paid",
    "update_voucher",
    "voucher_name",
    "voucher_view",
    "vouchers",
]


@dataclass(frozen=True, slots=True)
class ShareView:
    """A share with the names of its line and its contract, empty where there is none."""

    share: VoucherShare
    line_name: str
    contract_name: str


@dataclass(frozen=True, slots=True)
class DuplicateView:
    """Another voucher that is, or may be, the same, and where it is; ``is_first`` says that it holds the number."""

    kind: DuplicateKind
    project_id: EntityId
    project_name: str
    voucher_id: EntityId
    number: str
    is_first: bool


@dataclass(frozen=True)
class VoucherView:
    """A voucher with everything that is derived: shares, findings, duplicates and payment.

    The checks are made when they are first asked for, so that a long list shows at once.
    """

    voucher: Voucher
    name: str
    kind: InvoiceKind
    source: InvoiceSource
    shares: tuple[ShareView, ...]
    duplicates: tuple[DuplicateView, ...]
    supplier_name: str
    claim_number: str
    paid: int
    context: VoucherContext = field(repr=False)
    same: tuple[Duplicate, ...] = field(default=(), repr=False, compare=False)

    @cached_property
    def checks(self) -> tuple[VoucherCheck, ...]:
        """Every check, first whether it can be accepted, then those of the invoice."""
        return checks_of(self.context, self.voucher, [one.share for one in self.shares], self.same)

    @cached_property
    def outcome(self) -> InvoiceOutcome:
        """The gravest result of the checks; see ``voucher_checks.worst``."""
        return worst(self.checks)

    @property
    def is_duplicate(self) -> bool:
        """Whether another voucher holds its number or its file (重复)."""
        return any(one.is_first and one.kind is not DuplicateKind.SIMILAR for one in self.duplicates)


def vouchers(session: Session, project_id: EntityId) -> tuple[VoucherView, ...]:
    """Return the vouchers of a project in the order in which they came, with their findings as of now."""
    found = tables.vouchers.all(session.workspace, project_id=project_id)
    return _views(session, load_context(session, project_id, found), found) if found else ()


def voucher_view(session: Session, voucher_id: EntityId) -> VoucherView:
    """Return one voucher with its findings. Raises LookupError when it was deleted."""
    voucher = tables.vouchers.get(session.workspace, voucher_id)
    return _views(session, load_context(session, voucher.project_id), (voucher,))[0]


def parsed_voucher(session: Session, voucher_id: EntityId) -> ParsedInvoice:
    """Return a voucher as an invoice with its lines: what was read, with what was corrected over it."""
    return invoice_of(tables.vouchers.get(session.workspace, voucher_id))


def original(session: Session, voucher_id: EntityId) -> Attachment | None:
    """Return the file that a voucher came in, None for typed ones."""
    voucher = tables.vouchers.get(session.workspace, voucher_id)
    if voucher.attachment_id is None:
        return None
    return tables.attachments.find(session.workspace, voucher.attachment_id)


def original_bytes(session: Session, voucher_id: EntityId) -> bytes:
    """Return the file that a voucher came in, byte for byte. Raises RuleError for typed ones, WorkspaceDamaged."""
    kept = original(session, voucher_id)
    if kept is None:
        raise RuleError(_("This voucher was typed; it has no file."))
    return session.workspace.blob(kept.sha256)


def bookable_contracts(session: Session, project_id: EntityId) -> tuple[Contract, ...]:
    """Return the contracts that vouchers may consume: the signed and the finished ones."""
    found = tables.contracts.all(session.workspace, project_id=project_id)
    return tuple(one for one in found if one.state in (ContractState.SIGNED, ContractState.FINISHED))


def suggested_contract(session: Session, voucher_id: EntityId, line_id: EntityId | None = None) -> EntityId | None:
    """Return the open contract of the voucher's supplier on a line, None when there is none."""
    voucher = tables.vouchers.get(session.workspace, voucher_id)
    contracts = tables.contracts.all(session.workspace, project_id=voucher.project_id)
    found = suggest_contract(contracts, voucher.supplier_id, line_id)
    return found.id if found is not None else None


def _views(session: Session, context: VoucherContext, wanted: Sequence[Voucher]) -> tuple[VoucherView, ...]:
    workspace, project_id = session.workspace, context.project.id
    same = duplicates(workspace, wanted)
    shares: dict[EntityId, list[VoucherShare]] = {}
    for share in tables.voucher_shares.all(workspace, project_id=project_id):
        shares.setdefault(share.voucher_id, []).append(share)
    suppliers = {one.id: one.name for one in tables.suppliers.all(workspace)}
    claims = {one.id: one.number for one in tables.expense_claims.all(workspace, project_id=project_id)}
    paid: dict[EntityId, int] = {}
    for payment in tables.payments.all(workspace, project_id=project_id):
        if payment.voucher_id is not None:
            paid[payment.voucher_id] = paid.get(payment.voucher_id, 0) + payment.paid
    rows: list[VoucherView] = []
    for one in wanted:
        own, others = shares.get(one.id, []), same.get(one.id, ())
        rows.append(
            VoucherView(
                one,
                voucher_name(one),
                InvoiceKind(one.invoice_kind),
                InvoiceSource(one.source),
                tuple(_share(context, share) for share in own),
                tuple(_duplicate(context, other) for other in others),
                suppliers.get(one.supplier_id, "") if one.supplier_id is not None else "",
                claims.get(one.claim_id, "") if one.claim_id is not None else "",
                paid.get(one.id, 0),
                context,
                others,
            )
        )
    return tuple(rows)


def _share(context: VoucherContext, share: VoucherShare) -> ShareView:
    line = context.lines.get(share.line_id) if share.line_id is not None else None
    contract = context.contracts.get(share.contract_id) if share.contract_id is not None else None
    title = f"{contract.number} {contract.title}".strip() if contract is not None else ""
    return ShareView(share, line.name if line is not None else "", title)


def _duplicate(context: VoucherContext, one: Duplicate) -> DuplicateView:
    project = context.projects.get(one.other.project_id)
    return DuplicateView(
        one.kind,
        one.other.project_id,
        project.name if project is not None else "",
        one.other.id,
        voucher_name(one.other),
        one.is_first,
    )

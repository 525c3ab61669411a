"""What the list of vouchers and the expense claims print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from qihua_desktop.domain.canonical import JsonValue, fingerprint
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.invoice import invoice_kind_label
from qihua_desktop.domain.invoice_facts import InvoiceCheckKey, InvoiceOutcome, invoice_outcome_label
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.vouchers import VoucherState, claim_state_label
from qihua_desktop.i18n import _
from qihua_desktop.services import claims, projects, vouchers
from qihua_desktop.services.claims import ClaimView
from qihua_desktop.services.session import Session
from qihua_desktop.services.vouchers import VoucherView

from .document import DocumentInfo, DocumentState, PdfResult, RenderOptions
from .gather import letterhead
from .money_inputs import ClaimForm, ClaimItem, ClaimsInput, VoucherListInput, VoucherRow
from .voucher_list import render_voucher_list


@dataclass(frozen=True, slots=True)
class VoucherSource:
    """Vouchers as read on the workspace's thread. Judging them takes longer than that, and is left to the job."""

    info: DocumentInfo
    views: tuple[VoucherView, ...]

    def content(self) -> VoucherListInput:
        """Return the list with every voucher judged."""
        return VoucherListInput(self.info, tuple(map(_voucher_row, self.views)))


def render_vouchers(source: VoucherSource, options: RenderOptions | None = None) -> PdfResult:
    """Judge the vouchers and return their list as a PDF. Raises Cancelled."""
    return render_voucher_list(source.content(), options)


def plain_info(session: Session, title: str, project: str, number: str, content: JsonValue) -> DocumentInfo:
    """Return the furniture of a document about records; its fingerprint is that of what it lists."""
    entry, head = session.workspace.head()
    return DocumentInfo(
        title,
        project,
        number,
        session.local_now().astimezone(),
        None,
        DocumentState.PLAIN,
        fingerprint(content),
        entry,
        head,
        letterhead(session),
    )


def voucher_rows(session: Session, project_id: EntityId) -> tuple[VoucherRow, ...]:
    """Return the vouchers of a project in the order in which they came."""
    return tuple(_voucher_row(one) for one in vouchers.vouchers(session, project_id))


def voucher_source(session: Session, project_id: EntityId) -> VoucherSource:
    """Return what the 凭证清单 is made of. Raises InputError for a project without vouchers."""
    views = vouchers.vouchers(session, project_id)
    if not views:
        raise InputError(_("The project has no vouchers yet."), _("Import invoices on the Budget page first."))
    project = projects.project(session, project_id)
    content: JsonValue = [
        [row.number, str(row.issued_on or ""), row.seller_name, row.net, row.tax, row.gross, row.state.value,
         row.file_sha256]
        for row in (view.voucher for view in views)
    ]  # fmt: skip
    info = plain_info(session, _("Voucher list"), project.name, project.number, content)
    return VoucherSource(info, views)


def claims_input(session: Session, project_id: EntityId, claim_id: EntityId | None = None) -> ClaimsInput:
    """Return one claim's 费用报销单, or those of all claims of the project. Raises InputError where there is none."""
    views = [one for one in claims.claims(session, project_id) if claim_id in (None, one.claim.id)]
    if not views:
        raise InputError(_("The project has no expense claim yet."), _("Make one on the Budget page first."))
    forms = tuple(_claim_form(session, one) for one in views)
    project = projects.project(session, project_id)
    number = forms[0].number if len(forms) == 1 else project.number
    prints: list[JsonValue] = [one.fingerprint for one in forms]
    info = plain_info(session, _("Expense claim"), project.name, number, prints)
    if len(forms) == 1:
        info = replace(info, fingerprint=forms[0].fingerprint)
    return ClaimsInput(info, forms)


def claim_by_number(session: Session, project_id: EntityId, number: str) -> EntityId:
    """Return the claim with a number. Raises InputError naming those there are."""
    found = {one.claim.number: one.claim.id for one in claims.claims(session, project_id)}
    if number.strip().upper() not in found:
        raise InputError(_("The project has no expense claim “{number}”.").format(number=number), details=tuple(found))
    return found[number.strip().upper()]


def _voucher_row(view: VoucherView) -> VoucherRow:
    row = view.voucher
    failed = next((one for one in view.checks if one.outcome is InvoiceOutcome.FAILED), None)
    worry = next((one for one in view.checks if one.outcome is view.outcome), None)
    check = invoice_outcome_label(view.outcome)
    shown = failed or (worry if view.outcome is not InvoiceOutcome.PASSED else None)
    is_double = view.is_duplicate and row.state is not VoucherState.REJECTED
    if shown is not None:
        is_said = is_double and shown.key is InvoiceCheckKey.DUPLICATE
        check = "" if is_said else _("{result}: {subject}").format(result=check, subject=shown.title)
    waits = any(one.key is InvoiceCheckKey.VERIFIED and one.outcome is InvoiceOutcome.WARNING for one in view.checks)
    rejected = row.state is VoucherState.REJECTED
    return VoucherRow(
        view.name if not row.number else row.number,
        invoice_kind_label(view.kind),
        row.issued_on,
        row.seller_name or view.supplier_name,
        _bearers(view),
        row.net,
        row.tax,
        row.gross,
        row.state,
        "" if rejected else check,
        failed is not None and not rejected,
        _duplicate_words(view) if is_double else "",
        waits,
        row.file_sha256,
        row.reason if rejected else _("red invoice of {number}").format(number=row.red_of) if row.red_of else "",
    )


def _bearers(view: VoucherView) -> str:
    shares = [one for one in view.shares if one.line_name]
    if len(shares) == 1:
        return shares[0].line_name
    return "\n".join(f"{one.line_name} {format_fen(one.share.gross)}" for one in shares)


def _duplicate_words(view: VoucherView) -> str:
    first = next((one for one in view.duplicates if one.is_first), None)
    if first is None:
        return _("Duplicate")
    return _("Duplicate: first in “{project}”").format(project=first.project_name)


def _claim_form(session: Session, view: ClaimView) -> ClaimForm:
    claim = view.claim
    items = tuple(_claim_items(session, view))
    content: JsonValue = [
        claim.number, claim.department, claim.claimant, claim.claimed_on.isoformat(), claim.purpose, claim.advance,
        [[one.item, one.purpose, str(one.day or ""), one.gross, one.number, one.sha256] for one in items],
    ]  # fmt: skip
    return ClaimForm(
        claim.number,
        claim.department,
        claim.claimant,
        claim.claimed_on,
        claim.purpose,
        claim_state_label(claim.state),
        view.attachments_count,
        items,
        claim.advance,
        view.refund,
        claim.paid_on,
        claim.notes,
        fingerprint(content),
    )


def _claim_items(session: Session, view: ClaimView) -> Iterable[ClaimItem]:
    from qihua_desktop.domain.invoice import InvoiceKind

    for row in view.rows:
        voucher = row.voucher
        kept = vouchers.original(session, voucher.id)
        yield ClaimItem(
            row.item,
            row.purpose,
            row.day,
            row.gross,
            vouchers.voucher_name(voucher),
            invoice_kind_label(InvoiceKind(voucher.invoice_kind)),
            voucher.seller_name,
            kept.name if kept is not None else "",
            voucher.file_sha256,
        )

"""Vouchers (凭证): invoices and receipts as kept in the workspace, how they are shared out, and expense claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .ids import EntityId


class VoucherState(StrEnum):
    """A voucher counts as actual cost, and holds its number, only once it is accepted."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class ClaimState(StrEnum):
    """Life of an expense claim."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Voucher:
    """An invoice or receipt of a project.

    ``invoice_kind`` and ``source`` are values of ``domain.invoice``'s enumerations. ``duplicate_key`` is what makes two
    vouchers the same (empty for receipts without a number); among accepted vouchers it is unique in the workspace.
    ``net``, ``tax`` and ``gross`` are fen and negative on red invoices. ``foreign_gross`` is in hundredths of
    ``currency``, 0 for CNY. ``content`` is what was read from the file, as canonical JSON. ``red_of`` is the number of
    the invoice that a red one takes back. ``item`` and ``purpose`` stand on the expense claim.
    """

    id: EntityId
    project_id: EntityId
    supplier_id: EntityId | None
    claim_id: EntityId | None
    attachment_id: EntityId | None
    state: VoucherState
    invoice_kind: str
    source: str
    number: str
    code: str
    duplicate_key: str
    issued_on: date | None
    seller_name: str
    seller_tax_id: str
    buyer_name: str
    buyer_tax_id: str
    currency: str
    foreign_gross: int
    net: int
    tax: int
    gross: int
    capital: str
    content: str
    file_sha256: str
    red_of: str
    item: str
    purpose: str
    reason: str
    added_ms: int
    added_by: EntityId | None
    decided_ms: int | None
    decided_by: EntityId | None


@dataclass(frozen=True, slots=True)
class VoucherShare:
    """The part of a voucher that a budget line bears; an open contract of that line is consumed by it."""

    id: EntityId
    project_id: EntityId
    voucher_id: EntityId
    line_id: EntityId | None
    contract_id: EntityId | None
    position: int
    gross: int


@dataclass(frozen=True, slots=True)
class ExpenseClaim:
    """An expense claim (费用报销单) over vouchers; ``advance`` is what the claimant had drawn beforehand."""

    id: EntityId
    project_id: EntityId
    number: str
    department: str
    claimant_id: EntityId | None
    claimant: str
    claimed_on: date
    purpose: str
    advance: int
    state: ClaimState
    paid_on: date | None
    notes: str
    created_ms: int


_STATES = {
    VoucherState.PENDING: N_("To be checked"),
    VoucherState.ACCEPTED: N_("Accepted"),
    VoucherState.REJECTED: N_("Rejected"),
}
_CLAIM_STATES = {
    ClaimState.DRAFT: N_("Draft"),
    ClaimState.SUBMITTED: N_("Submitted"),
    ClaimState.PAID: N_("Paid"),
}


def voucher_state_label(state: VoucherState) -> str:
    """Return the state's name in the user's language."""
    return _(_STATES[state])


def claim_state_label(state: ClaimState) -> str:
    """Return the state's name in the user's language."""
    return _(_CLAIM_STATES[state])

"""Expense claims (费用报销单): accepted vouchers that somebody paid for; each voucher stands on one claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from db import tables
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.money import CAPITAL_LIMIT, capital_amount
from qihua_desktop.domain.people import department_label
from qihua_desktop.domain.procurement import Payment
from qihua_desktop.domain.vouchers import ClaimState, ExpenseClaim, Voucher, VoucherState
from qihua_desktop.i18n import _

from .limits import body, required_text, text
from .session import Session
from .voucher_parts import require_open_budget, voucher_name

_NUMBER = re.compile(r"BX-(\d{4})-(\d{4,9})")


@dataclass(frozen=True, slots=True)
class ClaimDraft:
    """What is asked for a new claim; without a department it is the claimant's; ``advance`` in fen."""

    claimant_id: EntityId
    purpose: str
    voucher_ids: tuple[EntityId, ...] = ()
    advance: int = 0
    department: str = ""
    claimed_on: date | None = None
    notes: str = ""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """A row of the form: item, purpose, day and amount of one voucher."""

    voucher: Voucher
    item: str
    purpose: str
    day: date | None
    gross: int


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as its form shows it. ``refund`` is what the company still pays; negative is to be given back."""

    claim: ExpenseClaim
    rows: tuple[ClaimRow, ...]
    total: int
    capital: str
    attachments_count: int
    refund: int


def claims(session: Session, project_id: EntityId) -> tuple[ClaimView, ...]:
    """Return the claims of a project in the order they were made."""
    found = tables.expense_claims.all(session.workspace, project_id=project_id)
    return tuple(_view(session, claim) for claim in found)


def claim_view(session: Session, claim_id: EntityId) -> ClaimView:
    """Return one claim. Raises LookupError when it was deleted."""
    return _view(session, tables.expense_claims.get(session.workspace, claim_id))


def claimable(session: Session, project_id: EntityId) -> tuple[Voucher, ...]:
    """Return the accepted vouchers that stand on no claim and were not paid directly."""
    paid = {one.voucher_id for one in tables.payments.all(session.workspace, project_id=project_id)}
    found = tables.vouchers.all(session.workspace, project_id=project_id, state=VoucherState.ACCEPTED, claim_id=None)
    return tuple(one for one in found if one.id not in paid)


def add_claim(session: Session, project_id: EntityId, draft: ClaimDraft) -> ExpenseClaim:
    """Make a claim over accepted vouchers. Raises RuleError naming a voucher that cannot stand on it."""
    require_open_budget(session, project_id)
    person = tables.people.get(session.workspace, draft.claimant_id)
    _check_advance(draft.advance)
    chosen = _vouchers(session, project_id, draft.voucher_ids, None)
    purpose = required_text(draft.purpose, _("purpose"))
    day = draft.claimed_on or session.today()
    number = _next_number(day.year, (one.number for one in tables.expense_claims.all(session.workspace)))
    department = text(draft.department) or department_label(person.department)
    with session.edit(_("New expense claim {number}").format(number=number), project_id) as edit:
        claim = ExpenseClaim(
            new_id(), project_id, number, department, person.id, person.name, day, purpose, draft.advance,
            ClaimState.DRAFT, None, body(draft.notes), edit.now_ms(),
        )  # fmt: skip
        tables.expense_claims.insert(edit, claim)
        tables.vouchers.update_many(edit, ((one.id, {"claim_id": claim.id}) for one in chosen))
    return claim


def set_vouchers(session: Session, claim_id: EntityId, voucher_ids: Sequence[EntityId]) -> None:
    """Set which vouchers stand on a draft claim. Raises RuleError naming one that cannot."""
    claim = _draft(session, claim_id)
    chosen = {one.id for one in _vouchers(session, claim.project_id, voucher_ids, claim_id)}
    before = {one.id for one in tables.vouchers.all(session.workspace, claim_id=claim_id)}
    if chosen == before:
        return
    with session.edit(_("Vouchers of the claim {number}").format(number=claim.number), claim.project_id) as edit:
        tables.vouchers.update_many(edit, ((one, {"claim_id": None}) for one in before - chosen))
        tables.vouchers.update_many(edit, ((one, {"claim_id": claim_id}) for one in chosen - before))


def update_claim(session: Session, claim_id: EntityId, **fields: Any) -> None:
    """Change claimant, department, day, purpose, advance or notes of a draft claim. Raises InputError or RuleError."""
    if unknown := set(fields) - {"claimant_id", "department", "claimed_on", "purpose", "advance", "notes"}:
        raise ValueError(f"not to be set directly: {sorted(unknown)}")
    claim = _draft(session, claim_id)
    if "claimant_id" in fields:
        fields["claimant"] = tables.people.get(session.workspace, fields["claimant_id"]).name
    if "advance" in fields:
        _check_advance(fields["advance"])
    if "purpose" in fields:
        fields["purpose"] = required_text(fields["purpose"], _("purpose"))
    if "department" in fields:
        fields["department"] = text(fields["department"])
    if "notes" in fields:
        fields["notes"] = body(fields["notes"])
    if all(getattr(claim, field) == value for field, value in fields.items()):
        return
    with session.edit(_("Change the claim {number}").format(number=claim.number), claim.project_id) as edit:
        tables.expense_claims.update(edit, claim_id, **fields)


def submit_claim(session: Session, claim_id: EntityId) -> None:
    """Hand a claim to finance: it no longer changes. Raises RuleError for one without vouchers."""
    claim = _draft(session, claim_id)
    if not tables.vouchers.count(session.workspace, claim_id=claim_id):
        raise RuleError(_("The claim {number} has no vouchers.").format(number=claim.number), _("Add vouchers first."))
    with session.edit(_("Submit the claim {number}").format(number=claim.number), claim.project_id) as edit:
        tables.expense_claims.update(edit, claim_id, state=ClaimState.SUBMITTED)


def reopen_claim(session: Session, claim_id: EntityId) -> None:
    """Take a submitted claim back to correct it. Raises RuleError once it is paid."""
    claim = tables.expense_claims.get(session.workspace, claim_id)
    if claim.state is ClaimState.PAID:
        raise RuleError(_("The claim {number} is paid.").format(number=claim.number))
    if claim.state is ClaimState.DRAFT:
        return
    with session.edit(_("Take back the claim {number}").format(number=claim.number), claim.project_id) as edit:
        tables.expense_claims.update(edit, claim_id, state=ClaimState.DRAFT)


def pay_claim(session: Session, claim_id: EntityId, on: date | None = None) -> None:
    """Record that a submitted claim was paid, and with it each of its vouchers. Raises RuleError for any other."""
    claim = tables.expense_claims.get(session.workspace, claim_id)
    if claim.state is not ClaimState.SUBMITTED:
        raise RuleError(_("Only a submitted claim is paid."), _("Submit it first."))
    day = on or session.today()
    with session.edit(_("Pay the claim {number}").format(number=claim.number), claim.project_id) as edit:
        tables.expense_claims.update(edit, claim_id, state=ClaimState.PAID, paid_on=day)
        vouchers = tables.vouchers.all(edit, claim_id=claim_id)
        paid = {one.voucher_id for one in tables.payments.among(edit, "voucher_id", [one.id for one in vouchers])}
        tables.payments.insert_many(
            edit,
            (
                Payment(new_id(), claim.project_id, None, one.id, 0, claim.number, one.gross, None, day, one.gross, "")
                for one in vouchers
                if one.id not in paid
            ),
        )


def delete_claim(session: Session, claim_id: EntityId) -> None:
    """Delete a draft claim; its vouchers are free again."""
    claim = _draft(session, claim_id)
    with session.edit(_("Delete the claim {number}").format(number=claim.number), claim.project_id) as edit:
        for one in tables.vouchers.all(edit, claim_id=claim_id):
            tables.vouchers.update(edit, one.id, claim_id=None)
        tables.expense_claims.delete(edit, claim_id)


def _view(session: Session, claim: ExpenseClaim) -> ClaimView:
    rows = tuple(
        ClaimRow(one, one.item or _("Other expenses"), one.purpose or claim.purpose, one.issued_on, one.gross)
        for one in tables.vouchers.all(session.workspace, claim_id=claim.id)
    )
    total = sum(row.gross for row in rows)
    files = {row.voucher.attachment_id or row.voucher.id for row in rows}
    capital = capital_amount(total, prefix=True) if abs(total) < CAPITAL_LIMIT else ""
    return ClaimView(claim, rows, total, capital, len(files), total - claim.advance)


def _vouchers(
    session: Session, project_id: EntityId, voucher_ids: Iterable[EntityId], claim_id: EntityId | None
) -> tuple[Voucher, ...]:
    found: list[Voucher] = []
    for one in dict.fromkeys(voucher_ids):
        voucher = tables.vouchers.get(session.workspace, one)
        name = voucher_name(voucher)
        if voucher.project_id != project_id:
            raise RuleError(_("“{voucher}” belongs to another project.").format(voucher=name))
        if voucher.state is not VoucherState.ACCEPTED:
            raise RuleError(_("“{voucher}” is not accepted yet.").format(voucher=name), _("Accept it first."))
        if voucher.claim_id not in (None, claim_id):
            other = tables.expense_claims.get(session.workspace, voucher.claim_id)
            raise RuleError(
                _("“{voucher}” stands on the expense claim {number}.").format(voucher=name, number=other.number)
            )
        if tables.payments.count(session.workspace, voucher_id=one):
            raise RuleError(_("“{voucher}” is already paid.").format(voucher=name), _("Take the payment back first."))
        found.append(voucher)
    return tuple(found)


def _draft(session: Session, claim_id: EntityId) -> ExpenseClaim:
    claim = tables.expense_claims.get(session.workspace, claim_id)
    if claim.state is not ClaimState.DRAFT:
        raise RuleError(
            _("The claim {number} is already submitted.").format(number=claim.number), _("Take it back to change it.")
        )
    return claim


def _check_advance(advance: int) -> None:
    if not 0 <= advance < CAPITAL_LIMIT:
        raise InputError(_("The amount lies between 0.00 and 999,999,999,999.99."))


def _next_number(year: int, existing: Iterable[str]) -> str:
    """Return the number after the largest one of the year in the workspace."""
    used = [int(match[2]) for match in map(_NUMBER.fullmatch, existing) if match and int(match[1]) == year]
    return f"BX-{year:04d}-{max(used, default=0) + 1:04d}"

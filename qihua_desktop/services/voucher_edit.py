"""Correcting vouchers and deciding on them: shares, exchange rates, acceptance, rejection, payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.invoice import InvoiceStatus, duplicate_keys, plain_tax_id
from qihua_desktop.domain.procurement import Payment, Supplier
from qihua_desktop.domain.voucher_records import invoice_of, with_status
from qihua_desktop.domain.vouchers import ClaimState, Voucher, VoucherState
from qihua_desktop.i18n import _, ngettext

from .limits import body, required_text, text
from .review_view import require_actor
from .session import Session
from .voucher_intake import MOST_FEN, check_amounts, plain_number
from .voucher_parts import (
    ShareDraft,
    check_shares,
    duplicates,
    holder,
    match_supplier,
    refuse_duplicate,
    require_open_budget,
    require_sum,
    suppliers_by_name,
    voucher_name,
    write_shares,
)

_TEXTS = (
    "seller_name",
    "seller_tax_id",
    "buyer_name",
    "buyer_tax_id",
    "currency",
    "item",
    "purpose",
    "reason",
    "capital",
)
_NUMBERS = ("number", "code", "red_of")
_AMOUNTS = ("gross", "net", "tax", "foreign_gross")
_ALWAYS = frozenset({"item", "purpose", "supplier_id"})
_FIELDS = frozenset((*_TEXTS, *_NUMBERS, *_AMOUNTS, "invoice_kind", "issued_on", "supplier_id"))


def update_voucher(session: Session, voucher_id: EntityId, **fields: Any) -> None:
    """Correct what was read or typed; a single share follows a new amount.

    Of an accepted voucher only item, purpose and supplier change. Raises RuleError or InputError.
    """
    if unknown := set(fields) - _FIELDS:
        raise ValueError(f"not to be set directly: {sorted(unknown)}")
    voucher = _editable(session, voucher_id)
    if voucher.state is VoucherState.ACCEPTED and set(fields) - _ALWAYS:
        raise RuleError(
            _("“{voucher}” is accepted.").format(voucher=voucher_name(voucher)), _("Reopen it first to correct it.")
        )
    changed = _changed(voucher, fields)
    if changed == voucher:
        return
    with session.edit(
        _("Change voucher “{voucher}”").format(voucher=voucher_name(changed)), voucher.project_id
    ) as edit:
        tables.vouchers.replace(edit, changed)
        shares = tables.voucher_shares.all(edit, voucher_id=voucher_id)
        if len(shares) == 1 and shares[0].gross == voucher.gross and changed.gross:
            tables.voucher_shares.update(edit, shares[0].id, gross=changed.gross)


def set_exchange(session: Session, voucher_id: EntityId, gross: int, basis: str) -> None:
    """Set the amount in fen of a foreign voucher, with the rate and its source. Raises InputError or RuleError."""
    voucher = _editable(session, voucher_id)
    if voucher.currency == "CNY":
        raise RuleError(_("“{voucher}” is in yuan already.").format(voucher=voucher_name(voucher)))
    if gross == 0:
        raise InputError(_("Enter the amount in yuan."))
    said = required_text(basis, _("rate and its source"))
    update_voucher(session, voucher_id, gross=gross, net=0, tax=0, reason=said)


def assign(
    session: Session, voucher_id: EntityId, shares: Sequence[ShareDraft | tuple[EntityId, EntityId | None, int]]
) -> None:
    """Set which lines, and which of their contracts, bear a voucher; of an accepted one the sum must be its amount."""
    voucher = _editable(session, voucher_id)
    drafts = [one if isinstance(one, ShareDraft) else ShareDraft(*one) for one in shares]
    check_shares(session, voucher, drafts)
    if voucher.state is VoucherState.ACCEPTED:
        if not drafts:
            raise _no_line(voucher)
        require_sum(voucher, drafts)
    label = _("Share out voucher “{voucher}”").format(voucher=voucher_name(voucher))
    with session.edit(label, voucher.project_id) as edit:
        write_shares(edit, voucher, drafts)


def accept(session: Session, voucher_ids: Sequence[EntityId], line_id: EntityId | None = None) -> None:
    """Accept vouchers, so that they count as actual cost and hold their numbers; all of them or none.

    One without shares goes to the given line as a whole. Raises RuleError naming the first use of a duplicate.
    """
    vouchers = [_editable(session, one) for one in dict.fromkeys(voucher_ids)]
    waiting = [one for one in vouchers if one.state is not VoucherState.ACCEPTED]
    if not waiting:
        return
    new_shares: dict[EntityId, ShareDraft] = {}
    for voucher in waiting:
        shares = tables.voucher_shares.all(session.workspace, voucher_id=voucher.id)
        _require_complete(voucher)
        if not shares and line_id is not None:
            new_shares[voucher.id] = ShareDraft(line_id, None, voucher.gross)
            check_shares(session, voucher, [new_shares[voucher.id]])
        elif not any(share.line_id is not None for share in shares):
            raise _no_line(voucher)
        else:
            require_sum(voucher, shares)
    label = ngettext("Accept {count} voucher", "Accept {count} vouchers", len(waiting)).format(count=len(waiting))
    with session.edit(label, waiting[0].project_id) as edit:
        for voucher in waiting:
            _accept_one(edit, session, voucher)
            if voucher.id in new_shares:
                write_shares(edit, voucher, [new_shares[voucher.id]])


def reject(session: Session, voucher_id: EntityId, reason: str) -> None:
    """Reject a voucher with a reason; its number becomes free. Raises RuleError while it is in a claim."""
    reject_all(session, (voucher_id,), reason)


def reject_all(session: Session, voucher_ids: Sequence[EntityId], reason: str) -> None:
    """Reject vouchers for one reason, all of them or none. Raises RuleError naming one that is claimed or paid."""
    chosen = [_editable(session, one) for one in dict.fromkeys(voucher_ids)]
    for voucher in chosen:
        _require_unclaimed(session, voucher)
        _require_unpaid(session, voucher)
    said = required_text(reason, _("reason"))
    if not chosen:
        return
    label = ngettext("Reject {count} voucher", "Reject {count} vouchers", len(chosen)).format(count=len(chosen))
    if len(chosen) == 1:
        label = _("Reject voucher “{voucher}”").format(voucher=voucher_name(chosen[0]))
    with session.edit(label, chosen[0].project_id) as edit:
        for voucher in chosen:
            _decide(edit, session, voucher, VoucherState.REJECTED, reason=said)


def reopen(session: Session, voucher_id: EntityId) -> None:
    """Take a decision back, so that the voucher is to be checked again. Raises RuleError while it is in a claim."""
    voucher = _editable(session, voucher_id)
    if voucher.state is VoucherState.PENDING:
        return
    _require_unclaimed(session, voucher)
    _require_unpaid(session, voucher)
    with session.edit(
        _("Reopen voucher “{voucher}”").format(voucher=voucher_name(voucher)), voucher.project_id
    ) as edit:
        tables.vouchers.update(edit, voucher_id, state=VoucherState.PENDING, decided_ms=None, decided_by=None)


def delete_voucher(session: Session, voucher_id: EntityId) -> None:
    """Remove a voucher that is not accepted, and its file unless another one came with it; undo brings both back."""
    delete_vouchers(session, (voucher_id,))


def delete_vouchers(session: Session, voucher_ids: Sequence[EntityId]) -> None:
    """Remove vouchers with their files, all of them or none. Raises RuleError naming one that is accepted."""
    doomed = [_editable(session, one) for one in dict.fromkeys(voucher_ids)]
    for voucher in doomed:
        if voucher.state is VoucherState.ACCEPTED:
            raise RuleError(
                _("“{voucher}” is accepted.").format(voucher=voucher_name(voucher)), _("Reopen or reject it first.")
            )
    if not doomed:
        return
    label = ngettext("Delete {count} voucher", "Delete {count} vouchers", len(doomed)).format(count=len(doomed))
    if len(doomed) == 1:
        label = _("Delete voucher “{voucher}”").format(voucher=voucher_name(doomed[0]))
    with session.edit(label, doomed[0].project_id) as edit:
        tables.vouchers.delete(edit, *(voucher.id for voucher in doomed))
        for file_id in {voucher.attachment_id for voucher in doomed if voucher.attachment_id is not None}:
            if not tables.vouchers.count(edit, attachment_id=file_id):
                tables.attachments.delete(edit, file_id)


def mark_paid(session: Session, voucher_id: EntityId, on: date | None = None) -> None:
    """Record that an accepted voucher without a contract was paid; those of contracts are paid by the payment plan."""
    voucher = _editable(session, voucher_id)
    if voucher.state is not VoucherState.ACCEPTED:
        raise RuleError(_("Only an accepted voucher is paid."), _("Accept it first."))
    _require_unclaimed(session, voucher)
    _require_unpaid(session, voucher)
    shares = tables.voucher_shares.all(session.workspace, voucher_id=voucher_id)
    amount = sum(share.gross for share in shares if share.contract_id is None)
    if amount == 0:
        raise RuleError(
            _("“{voucher}” belongs to a contract.").format(voucher=voucher_name(voucher)),
            _("Record the payment in the payment plan of the contract."),
        )
    day = on or session.today()
    name = voucher_name(voucher)
    with session.edit(_("Pay voucher “{voucher}”").format(voucher=name), voucher.project_id) as edit:
        tables.payments.insert(
            edit, Payment(new_id(), voucher.project_id, None, voucher_id, 0, name, amount, None, day, amount, "")
        )


def unmark_paid(session: Session, voucher_id: EntityId) -> None:
    """Take the payment of a voucher back."""
    voucher = _editable(session, voucher_id)
    paid = tables.payments.all(session.workspace, voucher_id=voucher_id)
    if not paid:
        return
    label = _("Take back the payment of “{voucher}”").format(voucher=voucher_name(voucher))
    with session.edit(label, voucher.project_id) as edit:
        tables.payments.delete(edit, *(one.id for one in paid))


def record_status(session: Session, voucher_id: EntityId, status: InvoiceStatus) -> None:
    """Record what the tax bureau's site said of an invoice; who did so and when stays with it."""
    voucher = tables.vouchers.get(session.workspace, voucher_id)
    actor = require_actor(session)
    note = f"{actor.name} {session.today().isoformat()}"
    label = _("Record the tax bureau's answer on “{voucher}”").format(voucher=voucher_name(voucher))
    with session.edit(label, voucher.project_id) as edit:
        tables.vouchers.update(edit, voucher_id, content=with_status(voucher, status, note))


def supplier_from_voucher(session: Session, voucher_id: EntityId) -> Supplier:
    """Return the supplier that a voucher's seller is, adding it if it is new, and note it on the voucher."""
    voucher = tables.vouchers.get(session.workspace, voucher_id)
    name = required_text(voucher.seller_name, _("seller"))
    found = match_supplier(suppliers_by_name(session.workspace), name, voucher.seller_tax_id)
    if found is not None and voucher.supplier_id == found.id:
        return found
    with session.edit(_("Add supplier “{supplier}”").format(supplier=name), voucher.project_id) as edit:
        if found is None:
            tax_id = plain_tax_id(voucher.seller_tax_id)
            found = Supplier(new_id(), name, tax_id, "", "", "", "", "", "", "", True, edit.now_ms())
            tables.suppliers.insert(edit, found)
        tables.vouchers.update(edit, voucher_id, supplier_id=found.id)
    return found


def _changed(voucher: Voucher, fields: dict[str, Any]) -> Voucher:
    cleaned = dict(fields)
    for name in _TEXTS:
        if name in cleaned:
            cleaned[name] = body(cleaned[name]) if name == "reason" else text(cleaned[name])
    for name in _NUMBERS:
        if name in cleaned:
            cleaned[name] = plain_number(cleaned[name])
    if cleaned.get("currency") == "":
        cleaned["currency"] = "CNY"
    changed = replace(voucher, **cleaned)
    if set(fields) & {"gross", "net", "tax"}:
        check_amounts(changed.gross, changed.net, changed.tax)
    if abs(changed.foreign_gross) > MOST_FEN:
        raise InputError(_("The amount is too large."), _("Check the number of zeros."))
    keys = duplicate_keys(invoice_of(changed))
    return replace(changed, duplicate_key=keys[0] if keys else "")


def _accept_one(edit: Edit, session: Session, voucher: Voucher) -> None:
    other = holder(duplicates(edit, (voucher,)).get(voucher.id, ()))
    if other is not None:
        raise refuse_duplicate(edit, voucher, other)
    _decide(edit, session, voucher, VoucherState.ACCEPTED)


def _decide(edit: Edit, session: Session, voucher: Voucher, state: VoucherState, **values: Any) -> None:
    by = session.actor.id if session.actor else None
    tables.vouchers.update(edit, voucher.id, state=state, decided_ms=edit.now_ms(), decided_by=by, **values)


def _require_complete(voucher: Voucher) -> None:
    if voucher.currency != "CNY" and (voucher.gross == 0 or not voucher.reason.strip()):
        raise RuleError(
            _("“{voucher}” is in {currency}.").format(voucher=voucher_name(voucher), currency=voucher.currency),
            _("Enter the amount in yuan and the exchange rate with its source."),
        )
    if voucher.gross == 0:
        raise RuleError(
            _("“{voucher}” has no amount yet.").format(voucher=voucher_name(voucher)), _("Type it from the original.")
        )
    if voucher.issued_on is None:
        raise RuleError(
            _("“{voucher}” has no date yet.").format(voucher=voucher_name(voucher)), _("Type it from the original.")
        )


def _no_line(voucher: Voucher) -> RuleError:
    return RuleError(
        _("“{voucher}” has no budget line yet.").format(voucher=voucher_name(voucher)),
        _("Choose the line that bears its cost."),
    )


def _require_unclaimed(session: Session, voucher: Voucher) -> None:
    claim = tables.expense_claims.find(session.workspace, voucher.claim_id) if voucher.claim_id is not None else None
    if claim is None:
        return
    advice = _("Take it out of the claim first.") if claim.state is ClaimState.DRAFT else ""
    raise RuleError(
        _("“{voucher}” stands on the expense claim {number}.").format(
            voucher=voucher_name(voucher), number=claim.number
        ),
        advice,
    )


def _require_unpaid(session: Session, voucher: Voucher) -> None:
    if tables.payments.count(session.workspace, voucher_id=voucher.id):
        raise RuleError(
            _("“{voucher}” is already paid.").format(voucher=voucher_name(voucher)), _("Take the payment back first.")
        )


def _editable(session: Session, voucher_id: EntityId) -> Voucher:
    voucher = tables.vouchers.get(session.workspace, voucher_id)
    require_open_budget(session, voucher.project_id)
    return voucher

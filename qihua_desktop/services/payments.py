"""Payments of contracts: the plan, what was paid, and part payments."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.allocation import WHOLE, split
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.ledger import committed_gross, consumed_by_contract
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.procurement import Contract, ContractState, Payment
from qihua_desktop.i18n import _

from .limits import required_text, text
from .session import Session


@dataclass(frozen=True, slots=True)
class PaymentTerm:
    """A planned payment: a share of the contract in basis points, or an amount in fen."""

    name: str
    percent: int | None = None
    amount: int | None = None
    due_on: date | None = None


def record_payment(session: Session, payment_id: EntityId, on: date, amount: int) -> None:
    """Record that a planned payment was made. Of a part payment the rest stays planned, in a row of its own.

    Raises InputError for nothing or for more than the contract and its invoices allow.
    """
    payment = tables.payments.get(session.workspace, payment_id)
    if payment.paid_on is not None:
        raise RuleError(_("This payment is recorded already."), _("Cancel the record of it first."))
    _require_payable(session, payment, amount)
    label = _("Payment “{payment}”, {amount}").format(payment=payment.name, amount=format_fen(amount))
    with session.edit(label, payment.project_id) as edit:
        tables.payments.update(edit, payment_id, paid_on=on, paid=amount, amount=min(payment.amount, amount))
        if amount < payment.amount:
            later = [
                (one.id, {"position": one.position + 1})
                for one in tables.payments.all(edit, contract_id=payment.contract_id, voucher_id=payment.voucher_id)
                if one.position > payment.position
            ]
            tables.payments.update_many(edit, later)
            rest = replace(payment, id=new_id(), position=payment.position + 1, amount=payment.amount - amount)
            tables.payments.insert(edit, rest)


def take_back_payment(session: Session, payment_id: EntityId) -> None:
    """Make a recorded payment a planned one again."""
    payment = tables.payments.get(session.workspace, payment_id)
    if payment.paid_on is None:
        return
    with session.edit(_("Take back payment “{payment}”").format(payment=payment.name), payment.project_id) as edit:
        tables.payments.update(edit, payment_id, paid_on=None, paid=0)


def pay_contract(session: Session, contract_id: EntityId, on: date, amount: int, name: str = "") -> Payment:
    """Record a payment of a contract that was not planned."""
    contract = tables.contracts.get(session.workspace, contract_id)
    position = max(
        (one.position for one in tables.payments.all(session.workspace, contract_id=contract_id)), default=-1
    )
    label = text(name) or _("Payment")
    made = Payment(new_id(), contract.project_id, contract_id, None, position + 1, label, amount, None, on, amount, "")
    _require_payable(session, made, amount)
    words = _("Payment “{payment}”, {amount}").format(payment=label, amount=format_fen(amount))
    with session.edit(words, contract.project_id) as edit:
        tables.payments.insert(edit, made)
    return made


def by_due(payments: Iterable[Payment]) -> tuple[Payment, ...]:
    """Return payments by due day, those without one last, in the order of the plan."""
    return tuple(sorted(payments, key=lambda one: (one.due_on or date.max, one.position, one.id)))


def check_plan(contract: Contract, made: Sequence[Payment], terms: Sequence[PaymentTerm]) -> tuple[Payment, ...]:
    """Return the planned payments that the terms describe, to the fen. Raises InputError when they exceed the contract.

    Shares that add up to 100 % add up to the contract exactly.
    """
    shares = [term.percent or 0 for term in terms]
    if any(share < 0 for share in shares) or sum(shares) > WHOLE:
        raise InputError(_("The shares of the payments add up to more than 100 %."))
    parts = split(contract.gross, [*shares, WHOLE - sum(shares)])
    amounts = [part if term.amount is None else term.amount for term, part in zip(terms, parts, strict=False)]
    if any(amount < 0 for amount in amounts):
        raise InputError(_("A payment cannot be negative."))
    planned = sum(amounts) + sum(one.paid for one in made)
    if planned > contract.gross:
        raise InputError(
            _("The payments of {planned} exceed the contract of {amount}.").format(
                planned=format_fen(planned), amount=format_fen(contract.gross)
            )
        )
    first = max((one.position for one in made), default=-1) + 1
    return tuple(
        Payment(
            new_id(),
            contract.project_id,
            contract.id,
            None,
            first + at,
            required_text(term.name, _("name")),
            amount,
            term.due_on,
            None,
            0,
            "",
        )
        for at, (term, amount) in enumerate(zip(terms, amounts, strict=True))
    )


def write_plan(edit: Edit, contract_id: EntityId, plan: Sequence[Payment]) -> None:
    """Put planned payments in the place of those not made yet, inside a running edit."""
    old = tables.payments.all(edit, contract_id=contract_id)
    tables.payments.delete(edit, *(one.id for one in old if one.paid_on is None))
    tables.payments.insert_many(edit, plan)


def rescaled_plan(plan: Sequence[Payment], old_gross: int, contract: Contract) -> tuple[Payment, ...]:
    """Return the planned payments for a new contract amount. Raises InputError when payments made exceed it.

    A plan over the whole old amount covers the whole new one; any other stays as it is while it fits.
    """
    paid = sum(one.paid for one in plan)
    unpaid = [one for one in plan if one.paid_on is None]
    planned = sum(one.amount for one in unpaid)
    if paid > contract.gross:
        raise InputError(_("{amount} of this contract are paid already.").format(amount=format_fen(paid)))
    if not unpaid or (paid + planned != old_gross and paid + planned <= contract.gross):
        return ()
    amounts = split(contract.gross - paid, [one.amount for one in unpaid])
    return tuple(replace(one, amount=amount) for one, amount in zip(unpaid, amounts, strict=True))


def _require_payable(session: Session, payment: Payment, amount: int) -> None:
    if amount <= 0:
        raise InputError(_("The amount paid must be more than 0.00."))
    contract = tables.contracts.find(session.workspace, payment.contract_id) if payment.contract_id else None
    if contract is None:
        return
    if contract.state is ContractState.DRAFT:
        raise RuleError(_("The contract is not signed yet."), _("Sign it before it is paid."))
    shares = tables.voucher_shares.all(session.workspace, contract_id=contract.id)
    bills = tables.vouchers.among(session.workspace, "id", {one.voucher_id for one in shares})
    most = max(committed_gross(contract), consumed_by_contract(bills, shares).get(contract.id, 0))
    paid = sum(one.paid for one in tables.payments.all(session.workspace, contract_id=contract.id))
    if paid + amount > most:
        raise InputError(
            _("At most {amount} can still be paid on this contract.").format(amount=format_fen(max(0, most - paid))),
            _("Raise the contract, or accept its invoices first."),
        )

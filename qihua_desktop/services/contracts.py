"""Contracts: what binds the project to a supplier, from the draft to the last payment.

A signed contract commits its line; accepted invoices that name it consume it (see ``domain.ledger``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.formatting import date_text
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.ledger import committed_gross, consumed_by_contract, open_commitment
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.procurement import Contract, ContractState, Payment, Supplier, contract_state_label
from qihua_desktop.i18n import _

from .limits import body, required_text, text
from .payments import PaymentTerm, by_due, check_plan, rescaled_plan, write_plan
from .quotes import require_active, require_money
from .session import Session
from .suppliers import adopt_supplier, store_if_new, supplier_for

_FIELDS: Final = frozenset({"line_id", "supplier_id", "title", "number", "gross", "tax_rate", "signed_on", "notes"})


@dataclass(frozen=True, slots=True)
class ContractDraft:
    """What is typed for a contract; with ``signed_on`` it is signed at once, without it stays a draft.

    Without ``supplier_id`` the supplier is the one of ``supplier_name``, added when nobody has that name yet.
    """

    line_id: EntityId
    supplier_id: EntityId | None
    title: str
    gross: int
    tax_rate: int = 0
    number: str = ""
    quote_id: EntityId | None = None
    signed_on: date | None = None
    payments: tuple[PaymentTerm, ...] = ()
    notes: str = ""
    supplier_name: str = ""


@dataclass(frozen=True, slots=True)
class ContractView:
    """A contract with what became of it, in fen.

    Attributes:
        invoiced: by accepted vouchers, red ones taken off.
        open: what it still commits.
        over_invoiced: what invoices exceed it by; of a draft, all of them.
        payments: planned and made, by due day.
        next_due: the first payment that is not made yet.
    """

    contract: Contract
    supplier: Supplier
    line_name: str
    invoiced: int
    open: int
    over_invoiced: int
    payments: tuple[Payment, ...]
    paid: int
    next_due: Payment | None


def contracts(session: Session, project_id: EntityId) -> tuple[ContractView, ...]:
    """Return a project's contracts in their order."""
    workspace = session.workspace
    suppliers = {one.id: one for one in tables.suppliers.all(workspace)}
    lines = {one.id: one.name for one in tables.budget_lines.all(workspace, project_id=project_id)}
    consumed = consumed_by_contract(
        tables.vouchers.all(workspace, project_id=project_id),
        tables.voucher_shares.all(workspace, project_id=project_id),
    )
    payments: dict[EntityId, list[Payment]] = {}
    for one in tables.payments.all(workspace, project_id=project_id):
        if one.contract_id is not None:
            payments.setdefault(one.contract_id, []).append(one)
    found: list[ContractView] = []
    for row in tables.contracts.all(workspace, project_id=project_id):
        invoiced = consumed.get(row.id, 0)
        plan = by_due(payments.get(row.id, ()))
        found.append(
            ContractView(
                row,
                suppliers[row.supplier_id],
                lines.get(row.line_id, "") if row.line_id is not None else "",
                invoiced,
                open_commitment(row, invoiced),
                max(0, invoiced - committed_gross(row)),
                plan,
                sum(one.paid for one in plan),
                next((one for one in plan if one.paid_on is None), None),
            )
        )
    return tuple(found)


def contract_view(session: Session, contract_id: EntityId) -> ContractView:
    """Return one contract as it stands. Raises LookupError when it is gone."""
    row = tables.contracts.get(session.workspace, contract_id)
    return next(one for one in contracts(session, row.project_id) if one.contract.id == contract_id)


def add_contract(session: Session, draft: ContractDraft) -> Contract:
    """Add a contract with its payment plan. Raises InputError or RuleError for what does not fit together."""
    line = tables.budget_lines.get(session.workspace, draft.line_id)
    require_active(session, line.project_id)
    supplier = supplier_for(session, draft.supplier_id, draft.supplier_name)
    _require_quote(session, draft, supplier.id)
    position = max(
        (one.position for one in tables.contracts.all(session.workspace, project_id=line.project_id)), default=-1
    )
    made = _checked(
        session,
        Contract(
            new_id(),
            line.project_id,
            draft.line_id,
            supplier.id,
            draft.quote_id,
            position + 1,
            draft.number,
            draft.title,
            draft.gross,
            draft.tax_rate,
            ContractState.DRAFT if draft.signed_on is None else ContractState.SIGNED,
            draft.signed_on,
            0,
            draft.notes,
            session.workspace.now_ms(),
        ),
    )
    plan = check_plan(made, (), draft.payments)
    label = _("Contract “{contract}”, {amount}").format(contract=made.title, amount=format_fen(made.gross))
    with session.edit(label, line.project_id) as edit:
        store_if_new(edit, supplier)
        tables.contracts.insert(edit, made)
        tables.payments.insert_many(edit, plan)
        if made.state is ContractState.SIGNED:
            adopt_supplier(edit, made.line_id, made.supplier_id)
    return made


def contract_from_quote(session: Session, quote_id: EntityId) -> Contract:
    """Draft a contract from a line's chosen quote. Raises RuleError when it is not chosen, or contracted already."""
    quote = tables.quotes.get(session.workspace, quote_id)
    if quote.line_id is None:
        raise RuleError(_("This quote belongs to no budget line."))
    line = tables.budget_lines.get(session.workspace, quote.line_id)
    draft = ContractDraft(quote.line_id, quote.supplier_id, line.name, quote.gross, quote.tax_rate, quote_id=quote_id)
    return add_contract(session, draft)


def update_contract(session: Session, contract_id: EntityId, **values: Any) -> None:
    """Change fields of a contract. A plan over the whole amount follows a new amount, payments made stay as they are.

    ``supplier_name`` stands for the supplier of that name, added when there is none. Raises InputError for impossible
    figures, RuleError for a cancelled or finished contract's money.
    """
    typed = values.pop("supplier_name", None)
    if unknown := set(values) - _FIELDS:
        raise ValueError(f"not to be set: {sorted(unknown)}")
    old = tables.contracts.get(session.workspace, contract_id)
    supplier_id = values.get("supplier_id", old.supplier_id) if typed is None else None
    supplier = supplier_for(session, supplier_id, typed or "")
    new = _checked(session, replace(old, **values | {"supplier_id": supplier.id}))
    if new == old:
        return
    if replace(old, notes=new.notes) != new:
        require_active(session, old.project_id)
    if old.state in (ContractState.FINISHED, ContractState.CANCELLED) and new.gross != old.gross:
        raise _wrong_state(old)
    if new.signed_on is None and old.state is not ContractState.DRAFT:
        raise InputError(_("A signed contract has a day of signing."))
    if new.signed_on is not None and old.state is ContractState.DRAFT:
        raise InputError(_("The contract is a draft."), _("Sign it instead."))
    with session.edit(_("Change contract “{contract}”").format(contract=old.title), old.project_id) as edit:
        store_if_new(edit, supplier)
        tables.contracts.replace(edit, new)
        if new.gross != old.gross:
            plan = tables.payments.all(edit, contract_id=contract_id)
            tables.payments.replace(edit, *rescaled_plan(plan, old.gross, new))


def sign_contract(session: Session, contract_id: EntityId, on: date) -> None:
    """Sign a draft; from now on it commits its line, which gets its supplier where it has none."""
    contract = _in_state(session, contract_id, ContractState.DRAFT)
    require_active(session, contract.project_id)
    label = _("Sign contract “{contract}”, {amount}")
    label = label.format(contract=contract.title, amount=format_fen(contract.gross))
    with session.edit(label, contract.project_id) as edit:
        tables.contracts.update(edit, contract_id, state=ContractState.SIGNED, signed_on=on)
        adopt_supplier(edit, contract.line_id, contract.supplier_id)


def finish_contract(session: Session, contract_id: EntityId) -> None:
    """Say that no more invoices come for a contract; it commits nothing any more."""
    contract = _in_state(session, contract_id, ContractState.SIGNED)
    with session.edit(_("Finish contract “{contract}”").format(contract=contract.title), contract.project_id) as edit:
        tables.contracts.update(edit, contract_id, state=ContractState.FINISHED)


def cancel_contract(session: Session, contract_id: EntityId, unavoidable: int, reason: str) -> None:
    """Cancel a contract, of which ``unavoidable`` fen stay due in all; the reason is kept in its notes.

    Planned payments go; what stays due beyond payments made becomes one payment.
    """
    contract = _in_state(session, contract_id, ContractState.DRAFT, ContractState.SIGNED)
    why = required_text(reason, _("reason"))
    if not 0 <= unavoidable <= contract.gross:
        raise InputError(
            _("What stays due lies between 0.00 and the contract's {amount}.").format(amount=format_fen(contract.gross))
        )
    note = _("Cancelled on {day}: {reason}").format(day=date_text(session.today()), reason=why)
    label = _("Cancel contract “{contract}”: {reason}").format(contract=contract.title, reason=why)
    with session.edit(label, contract.project_id) as edit:
        notes = body("\n".join(part for part in (contract.notes, note) if part))
        tables.contracts.update(edit, contract_id, state=ContractState.CANCELLED, unavoidable=unavoidable, notes=notes)
        _settle_plan(edit, contract, unavoidable)


def reopen_contract(session: Session, contract_id: EntityId) -> None:
    """Put a finished or cancelled contract back in force, or back among the drafts when it was never signed."""
    contract = _in_state(session, contract_id, ContractState.FINISHED, ContractState.CANCELLED)
    require_active(session, contract.project_id)
    state = ContractState.DRAFT if contract.signed_on is None else ContractState.SIGNED
    with session.edit(_("Reopen contract “{contract}”").format(contract=contract.title), contract.project_id) as edit:
        tables.contracts.update(edit, contract_id, state=state, unavoidable=0)


def delete_contract(session: Session, contract_id: EntityId) -> None:
    """Delete a draft. Raises RuleError for any other contract: those are cancelled."""
    contract = tables.contracts.get(session.workspace, contract_id)
    if contract.state is not ContractState.DRAFT:
        raise RuleError(_("Only drafts are deleted."), _("Cancel the contract; what happened stays readable."))
    if tables.voucher_shares.count(session.workspace, contract_id=contract_id):
        raise RuleError(_("Vouchers name this contract."), _("Assign them elsewhere first."))
    with session.edit(_("Delete contract “{contract}”").format(contract=contract.title), contract.project_id) as edit:
        tables.contracts.delete(edit, contract_id)


def set_payment_plan(session: Session, contract_id: EntityId, terms: Sequence[PaymentTerm]) -> None:
    """Replace the planned payments of a contract; payments made stay. Raises InputError when they exceed it."""
    contract = tables.contracts.get(session.workspace, contract_id)
    made = [one for one in tables.payments.all(session.workspace, contract_id=contract_id) if one.paid_on is not None]
    plan = check_plan(contract, made, terms)
    label = _("Payment plan of “{contract}”").format(contract=contract.title)
    with session.edit(label, contract.project_id) as edit:
        write_plan(edit, contract_id, plan)


def room_for_contract(session: Session, line_id: EntityId, contract_id: EntityId | None = None) -> int:
    """Return the fen that a line still has for a contract, the one given left out; negative when overdrawn."""
    from .ledger import load_ledger

    line = tables.budget_lines.get(session.workspace, line_id)
    row = load_ledger(session, line.project_id).rows[line_id]
    if contract_id is None:
        return row.remaining
    view = contract_view(session, contract_id)
    return row.remaining + (view.open if view.contract.line_id == line_id else 0)


def _settle_plan(edit: Edit, contract: Contract, unavoidable: int) -> None:
    plan = tables.payments.all(edit, contract_id=contract.id)
    rest = unavoidable - sum(one.paid for one in plan)
    tables.payments.delete(edit, *(one.id for one in plan if one.paid_on is None))
    if rest > 0:
        name = _("Remains due")
        last = max((one.position for one in plan), default=-1)
        row = Payment(new_id(), contract.project_id, contract.id, None, last + 1, name, rest, None, None, 0, "")
        tables.payments.insert(edit, row)


def _checked(session: Session, contract: Contract) -> Contract:
    require_money(contract.gross, contract.tax_rate)
    clean = replace(
        contract,
        title=required_text(contract.title, _("title")),
        number=text(contract.number),
        notes=body(contract.notes),
    )
    if clean.number:
        for other in tables.contracts.all(session.workspace, number=clean.number):
            if other.id != clean.id and other.supplier_id == clean.supplier_id:
                raise InputError(
                    _("This supplier's contract {number} is there already.").format(number=clean.number),
                    details=[other.title],
                )
    line = tables.budget_lines.find(session.workspace, clean.line_id) if clean.line_id is not None else None
    if line is None or line.project_id != clean.project_id:
        raise RuleError(_("This budget line no longer exists."))
    return clean


def _require_quote(session: Session, draft: ContractDraft, supplier_id: EntityId) -> None:
    if draft.quote_id is None:
        return
    quote = tables.quotes.get(session.workspace, draft.quote_id)
    if not quote.chosen:
        raise RuleError(_("This quote is not chosen."), _("Choose it first, with a reason where one is needed."))
    if quote.supplier_id != supplier_id or quote.line_id != draft.line_id:
        raise RuleError(_("The quote is of another supplier, or for another line."))
    if any(
        one.state is not ContractState.CANCELLED
        for one in tables.contracts.all(session.workspace, quote_id=draft.quote_id)
    ):
        raise RuleError(_("There is a contract from this quote already."))


def _in_state(session: Session, contract_id: EntityId, *states: ContractState) -> Contract:
    contract = tables.contracts.get(session.workspace, contract_id)
    if contract.state not in states:
        raise _wrong_state(contract)
    return contract


def _wrong_state(contract: Contract) -> RuleError:
    return RuleError(
        _("The contract “{contract}” is: {state}.").format(
            contract=contract.title, state=contract_state_label(contract.state)
        ),
        _("Reopen it first."),
    )

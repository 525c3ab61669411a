"""From quote to payment as data: suppliers, quotes, contracts with their payment plan, and reused stock.

Money is whole fen, tax rates are basis points of the net amount, quantities are thousandths of a unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .ids import EntityId


class ContractState(StrEnum):
    """Life of a contract: only a signed one commits money; a finished one commits nothing beyond its invoices."""

    DRAFT = "draft"
    SIGNED = "signed"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class StockUseState(StrEnum):
    """Where reused material is: set aside for a project, handed out to it, or back in store."""

    RESERVED = "reserved"
    OUT = "out"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Supplier:
    """A company or person that is paid; belongs to the workspace, not to a project."""

    id: EntityId
    name: str
    tax_id: str
    category: str
    contact: str
    phone: str
    email: str
    bank: str
    account: str
    notes: str
    active: bool
    created_ms: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What a supplier asks for a budget line; ``chosen`` marks the one taken and ``reason`` says why.

    Its file is an attachment whose owner is the quote.
    """

    id: EntityId
    project_id: EntityId
    line_id: EntityId | None
    supplier_id: EntityId
    gross: int
    tax_rate: int
    received_on: date | None
    valid_until: date | None
    chosen: bool
    reason: str
    notes: str
    created_ms: int


@dataclass(frozen=True, slots=True)
class Contract:
    """A commitment for one budget line. ``unavoidable`` is what remains due when it is cancelled."""

    id: EntityId
    project_id: EntityId
    line_id: EntityId | None
    supplier_id: EntityId
    quote_id: EntityId | None
    position: int
    number: str
    title: str
    gross: int
    tax_rate: int
    state: ContractState
    signed_on: date | None
    unavoidable: int
    notes: str
    created_ms: int


@dataclass(frozen=True, slots=True)
class Payment:
    """A planned or made payment of a contract, or of a voucher without one; ``paid`` is 0 until it is made."""

    id: EntityId
    project_id: EntityId
    contract_id: EntityId | None
    voucher_id: EntityId | None
    position: int
    name: str
    amount: int
    due_on: date | None
    paid_on: date | None
    paid: int
    notes: str


@dataclass(frozen=True, slots=True)
class StockItem:
    """Material kept for reuse (复用库存). ``internal_price`` is charged per unit and use; 0 charges nothing."""

    id: EntityId
    name: str
    spec: str
    unit: str
    quantity: int
    internal_price: int
    location: str
    supplier_id: EntityId | None
    notes: str
    active: bool
    created_ms: int


@dataclass(frozen=True, slots=True)
class StockUse:
    """Material taken from the stock for a budget line, both days included; ``unit_price`` as agreed for this use."""

    id: EntityId
    project_id: EntityId
    line_id: EntityId | None
    item_id: EntityId
    position: int
    quantity: int
    unit_price: int
    from_on: date | None
    until_on: date | None
    state: StockUseState
    notes: str


_CONTRACT_STATES = {
    ContractState.DRAFT: N_("Draft"),
    ContractState.SIGNED: N_("Signed"),
    ContractState.FINISHED: N_("Finished"),
    ContractState.CANCELLED: N_("Cancelled"),
}
_STOCK_STATES = {
    StockUseState.RESERVED: N_("Reserved"),
    StockUseState.OUT: N_("Handed out"),
    StockUseState.RETURNED: N_("Back in store"),
}


def contract_state_label(state: ContractState) -> str:
    """Return the state's name in the user's language."""
    return _(_CONTRACT_STATES[state])


def stock_use_label(state: StockUseState) -> str:
    """Return the state's name in the user's language."""
    return _(_STOCK_STATES[state])

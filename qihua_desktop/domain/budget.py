"""The project budget as data: categories and lines to four levels, and frozen versions.

Money is whole fen, percentages are basis points, tax rates are basis points of the net amount.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .ids import EntityId


class BudgetState(StrEnum):
    """Life of a budget: changed freely as a draft, reserved in review, frozen once approved."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REVISED = "revised"
    CLOSED = "closed"


class LineLock(StrEnum):
    """What a re-spread must keep: nothing, the amount, the percentage, or both."""

    FREE = "free"
    AMOUNT = "amount"
    PERCENT = "percent"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Budget:
    """A project's budget; ``total`` is what is to be allocated, ``pool_id`` the annual pool that it draws on."""

    id: EntityId
    project_id: EntityId
    total: int
    state: BudgetState
    version: int
    notes: str
    pool_id: EntityId | None = None


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A category (``parent_id`` is None) or a line under one; amounts of rows with children are the children's sum.

    ``percent`` is the locked share of the parent (of the total for a category), meaningful with a percent lock.
    ``quantity`` is in thousandths, ``unit_price`` in fen; the price is 0 where the amount was typed or re-spread.
    ``colour`` names a theme role. ``is_reserve`` marks the contingency reserve (应急预备金). ``supplier`` is the
    printed text; ``supplier_id`` refers to the supplier where there is one. A category's ``pool_id`` comes before the
    budget's.
    """

    id: EntityId
    project_id: EntityId
    parent_id: EntityId | None
    position: int
    name: str
    amount: int
    lock: LineLock
    percent: int
    quantity: int
    unit: str
    unit_price: int
    tax_rate: int
    supplier: str
    basis: str
    colour: str
    is_reserve: bool
    task_id: EntityId | None
    notes: str
    supplier_id: EntityId | None = None
    pool_id: EntityId | None = None


@dataclass(frozen=True, slots=True)
class BudgetVersion:
    """A frozen copy of a budget: canonical JSON ``content`` and its SHA-256."""

    id: EntityId
    project_id: EntityId
    number: int
    total: int
    content: str
    sha256: str
    plan_version_id: EntityId | None
    created_ms: int
    created_by: EntityId | None


_STATES = {
    BudgetState.DRAFT: N_("Draft"),
    BudgetState.IN_REVIEW: N_("In review"),
    BudgetState.APPROVED: N_("Approved"),
    BudgetState.REVISED: N_("Revised"),
    BudgetState.CLOSED: N_("Closed"),
}


def budget_state_label(state: BudgetState) -> str:
    """Return the state's name in the user's language."""
    return _(_STATES[state])

"""What a plan occupies of an annual pool (年度池), what is left of the pool, and whether a plan fits into it.

A draft occupies nothing; in review the approved version and what the new one adds to it; approved the approved gross;
after a rejection or withdrawal the approved version alone; closed or cancelled what was spent and what stays due.
Available = pool + adjustments − all other plans.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .annual import AnnualPool, PoolAdjustment, PoolLevel
from .budget_checks import CheckOutcome
from .ids import EntityId
from .money import format_fen


class PlanState(StrEnum):
    """Where a plan stands for its pool."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    REVISED = "revised"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PlanUse:
    """What one project asks of one pool, in fen.

    ``approved`` is the gross of the newest approved version, 0 without one; ``requested`` that of the budget as it
    stands; ``spent`` is actual cost, ``due`` open commitments (after cancelling the unavoidable ones).
    """

    project_id: EntityId
    name: str
    state: PlanState
    approved: int
    requested: int
    spent: int = 0
    due: int = 0

    @property
    def occupied(self) -> int:
        """What the plan takes from the pool now."""
        return occupied(self.state, self.approved, self.requested, self.spent, self.due)

    @property
    def if_submitted(self) -> int:
        """What it would take once submitted as it stands."""
        ended = self.state in (PlanState.CLOSED, PlanState.CANCELLED)
        state = self.state if ended else PlanState.IN_REVIEW
        return occupied(state, self.approved, self.requested, self.spent, self.due)

    @property
    def needed(self) -> int:
        """What the pool must have for the plan as it stands; a lowered budget needs only the lower amount."""
        return self.occupied if self.state in (PlanState.CLOSED, PlanState.CANCELLED) else self.requested


@dataclass(frozen=True, slots=True)
class PoolTerm:
    """One term of the arithmetic: a label and a signed amount; a plan's term names its project."""

    label: str
    amount: int
    project_id: EntityId | None = None


@dataclass(frozen=True, slots=True)
class PoolPosition:
    """What is left of a pool as a sum of terms: ``available`` is exactly their sum."""

    pool: AnnualPool
    terms: tuple[PoolTerm, ...]

    @property
    def available(self) -> int:
        """What the pool still has."""
        return sum(term.amount for term in self.terms)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether a plan fits: the outcome, a sentence, what to do, and by how much it exceeds."""

    outcome: CheckOutcome
    words: str
    remedy: str
    excess: int


def occupied(state: PlanState, approved: int, requested: int, spent: int = 0, due: int = 0) -> int:
    """Return what a plan takes from its pool."""
    if state in (PlanState.CLOSED, PlanState.CANCELLED):
        return spent + due
    if state is PlanState.IN_REVIEW:
        return approved + max(0, requested - approved)
    return approved


def position(
    pool: AnnualPool, adjustments: Iterable[PoolAdjustment], plans: Sequence[PlanUse], without: EntityId | None = None
) -> PoolPosition:
    """Return a pool's arithmetic over all plans but one (that which asks)."""
    terms = [PoolTerm(_("Pool of the year"), pool.amount)]
    terms += [PoolTerm(_("Adjustment: {reason}").format(reason=one.reason), one.amount) for one in adjustments]
    for plan in plans:
        taken = plan.occupied
        if plan.project_id != without and taken:
            label = _("{project} ({state})").format(project=plan.name, state=plan_state_label(plan.state))
            terms.append(PoolTerm(label, -taken, plan.project_id))
    return PoolPosition(pool, tuple(terms))


def available(pool: AnnualPool, adjustments: Iterable[PoolAdjustment], plans: Sequence[PlanUse]) -> int:
    """Return what a pool still has after all plans."""
    return position(pool, adjustments, plans).available


def judge(
    pool: AnnualPool, needed: int, left: int, exception: int | None = None, *, explained: bool = False
) -> Judgement:
    """Judge a plan by its pool's level; ``exception`` is the excess that a director allowed for this very content.

    ======= ================= ==================== ==================
    level   fits              exceeds              with a permission
    ======= ================= ==================== ==================
    ignore  passed            passed               passed
    warn    passed            notice               notice
    explain passed            failed               notice (a reason, or an exception)
    stop    passed            failed               notice (a signed exception that covers the excess)
    ======= ================= ==================== ==================
    """
    excess = max(0, needed - left)
    if not excess:
        words = _("“{pool}” has {left} yuan, {needed} are needed.").format(
            pool=pool.name, left=format_fen(left), needed=format_fen(needed)
        )
        return Judgement(CheckOutcome.PASSED, words, "", 0)
    words = _("“{pool}” is exceeded by {excess} yuan: {needed} are needed, {left} are left.").format(
        pool=pool.name, excess=format_fen(excess), needed=format_fen(needed), left=format_fen(left)
    )
    if pool.level is PoolLevel.IGNORE:
        return Judgement(CheckOutcome.PASSED, words, _("This pool is not controlled."), excess)
    if exception is not None and exception >= excess:
        return Judgement(CheckOutcome.NOTICE, words, _("A signed exception allows it."), excess)
    if pool.level is PoolLevel.WARN:
        return Judgement(CheckOutcome.NOTICE, words, _("Lower the budget, or have the pool adjusted."), excess)
    if pool.level is PoolLevel.EXPLAIN:
        if explained:
            return Judgement(CheckOutcome.NOTICE, words, _("A reason was given."), excess)
        return Judgement(CheckOutcome.FAILED, words, _("Give the reason, or lower the budget."), excess)
    remedy = _("Lower the budget, have the pool adjusted, or ask a director for a signed exception.")
    return Judgement(CheckOutcome.FAILED, words, remedy, excess)


_STATES = {
    PlanState.DRAFT: N_("Draft"),
    PlanState.IN_REVIEW: N_("In review"),
    PlanState.APPROVED: N_("Approved"),
    PlanState.REVISED: N_("Revised"),
    PlanState.CLOSED: N_("Closed"),
    PlanState.CANCELLED: N_("Cancelled"),
}


def plan_state_label(state: PlanState) -> str:
    """Return the state's name in the user's language."""
    return _(_STATES[state])

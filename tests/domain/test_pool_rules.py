"""Annual pools: what a plan occupies in every state, and what every level says with and without a permission."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.annual import AnnualPool, PoolAdjustment, PoolLevel
from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.pool_rules import PlanState, PlanUse, available, judge, occupied, position

POOL = AnnualPool(new_id(), 2026, "市场推广", 1_000_000, PoolLevel.STOP, "", 0)
P, N, F = CheckOutcome.PASSED, CheckOutcome.NOTICE, CheckOutcome.FAILED


@pytest.mark.parametrize(
    ("state", "approved", "requested", "expected"),
    [
        (PlanState.DRAFT, 0, 500, 0),
        (PlanState.IN_REVIEW, 0, 500, 500),
        (PlanState.IN_REVIEW, 400, 500, 500),
        (PlanState.IN_REVIEW, 400, 300, 400),
        (PlanState.APPROVED, 500, 500, 500),
        (PlanState.REVISED, 400, 900, 400),
        (PlanState.DRAFT, 400, 900, 400),
        (PlanState.CLOSED, 400, 400, 330),
        (PlanState.CANCELLED, 400, 400, 330),
    ],
)
def test_every_state_occupies_what_the_rule_says(
    state: PlanState, approved: int, requested: int, expected: int
) -> None:
    assert occupied(state, approved, requested, spent=300, due=30) == expected


@pytest.mark.parametrize(
    ("level", "fits", "exceeds", "explained", "small_exception", "exception"),
    [
        (PoolLevel.IGNORE, P, P, P, P, P),
        (PoolLevel.WARN, P, N, N, N, N),
        (PoolLevel.EXPLAIN, P, F, N, F, N),
        (PoolLevel.STOP, P, F, F, F, N),
    ],
)
def test_every_level_with_and_without_a_permission(
    level: PoolLevel,
    fits: CheckOutcome,
    exceeds: CheckOutcome,
    explained: CheckOutcome,
    small_exception: CheckOutcome,
    exception: CheckOutcome,
) -> None:
    pool = AnnualPool(POOL.id, 2026, "市场推广", 0, level, "", 0)
    assert judge(pool, 100, 100).outcome is fits
    assert judge(pool, 101, 100).outcome is exceeds
    assert judge(pool, 101, 100).excess == 1
    assert judge(pool, 101, 100, explained=True).outcome is explained
    assert judge(pool, 102, 100, 1).outcome is small_exception
    assert judge(pool, 102, 100, 2).outcome is exception


_AMOUNT = st.integers(0, 10**12)
_USE = st.builds(
    PlanUse,
    project_id=st.integers(0, 5).map(lambda at: EntityId(bytes([at]) * 16)),
    name=st.just("项目"),
    state=st.sampled_from(PlanState),
    approved=_AMOUNT,
    requested=_AMOUNT,
    spent=_AMOUNT,
    due=_AMOUNT,
)


@given(_AMOUNT, st.lists(st.integers(-(10**12), 10**12), max_size=4), st.lists(_USE, max_size=6), st.integers(0, 5))
def test_available_is_pool_plus_adjustments_minus_what_is_occupied(
    amount: int, changes: list[int], uses: list[PlanUse], asking: int
) -> None:
    pool = AnnualPool(POOL.id, 2026, "市场推广", amount, PoolLevel.WARN, "", 0)
    adjustments = [PoolAdjustment(new_id(), pool.id, change, "调整", None, 0) for change in changes]
    assert available(pool, adjustments, uses) == amount + sum(changes) - sum(use.occupied for use in uses)
    without = EntityId(bytes([asking]) * 16)
    others = sum(use.occupied for use in uses if use.project_id != without)
    found = position(pool, adjustments, uses, without)
    assert found.available == amount + sum(changes) - others == sum(term.amount for term in found.terms)


@given(_USE)
def test_submitting_never_occupies_less_than_before_and_covers_the_request(use: PlanUse) -> None:
    assert use.if_submitted >= use.occupied or use.state in (PlanState.CLOSED, PlanState.CANCELLED)
    if use.state not in (PlanState.CLOSED, PlanState.CANCELLED):
        assert use.if_submitted == max(use.approved, use.requested)

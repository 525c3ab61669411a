"""Pools follow the plans that draw on them through review, approval, rejection, closing and cancelling."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import tables
from qihua_desktop.domain.annual import AnnualPool, PoolLevel
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.errors import InputError, QihuaError, RuleError
from qihua_desktop.domain.pool_rules import PlanState
from qihua_desktop.domain.review import Verdict
from qihua_desktop.services import budget, pools, projects, review, vouchers
from qihua_desktop.services.money_limits import MoneyLimits, save_money_limits
from tests.services.review_samples import PIN, ReviewSample, open_review_sample
from tests.services.voucher_samples import invoice, read

WHOLE = 60_000_000


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[ReviewSample]:
    made = open_review_sample(tmp_path)
    yield made
    made.session.workspace.close()


def _pool(sample: ReviewSample, amount: int = 100_000_000, level: PoolLevel = PoolLevel.WARN) -> AnnualPool:
    pool = pools.add_pool(sample.session, 2026, "市场推广", amount, level)
    pools.assign_project(sample.session, sample.project.id, pool.id)
    return pool


def _occupied(sample: ReviewSample) -> int:
    return pools.pools(sample.session, 2026)[0].occupied


def _own(sample: ReviewSample) -> pools.ProjectPool:
    return pools.project_positions(sample.session, sample.project.id)[0]


def _approve(sample: ReviewSample) -> None:
    version = sample.submit(sample.seat("周海"))
    sample.sign(version, "周海")


def test_a_plan_is_followed_from_draft_to_approval_and_back(sample: ReviewSample) -> None:
    _pool(sample)
    assert (_occupied(sample), _own(sample).use.if_submitted) == (0, WHOLE)
    version = sample.submit(sample.seat("周海"))
    assert _occupied(sample) == WHOLE
    review.withdraw(sample.session, version.id)
    assert _occupied(sample) == 0
    _approve(sample)
    assert _occupied(sample) == WHOLE
    budget.set_total(sample.session, sample.project.id, 70_000_000)
    assert (_occupied(sample), _own(sample).use.state) == (WHOLE, PlanState.REVISED)
    again = sample.submit(sample.seat("周海"))
    assert _occupied(sample) == 70_000_000
    sample.sign(again, "周海", Verdict.REJECT, "太高")
    assert _occupied(sample) == WHOLE


def test_a_closed_or_cancelled_project_holds_what_it_spent_and_owes(sample: ReviewSample) -> None:
    _pool(sample)
    _approve(sample)
    line = sample.line()
    report = vouchers.store_read(sample.session, sample.project.id, [read(invoice(1))], line)
    vouchers.accept(sample.session, report.voucher_ids)
    projects.cancel_project(sample.session, sample.project.id)
    assert _occupied(sample) == 106_000
    projects.reopen_project(sample.session, sample.project.id)
    assert _occupied(sample) == WHOLE


def test_what_is_available_is_shown_term_by_term(sample: ReviewSample) -> None:
    pool = _pool(sample)
    pools.adjust_pool(sample.session, pool.id, -5_000_000, "年中调减")
    sample.submit(sample.seat("周海"))
    view = pools.pools(sample.session, 2026)[0]
    assert [term.amount for term in view.position.terms] == [100_000_000, -5_000_000, -WHOLE]
    assert view.position.available == 35_000_000
    assert view.as_of == "截至 2026-08-03 10:00"
    own = _own(sample)
    assert own.position is not None
    assert own.position.available == 95_000_000


def test_a_category_may_draw_on_another_pool(sample: ReviewSample) -> None:
    pool = _pool(sample)
    travel = pools.add_pool(sample.session, 2026, "差旅", 1_000_000, PoolLevel.WARN)
    category = next(
        line
        for line in tables.budget_lines.all(sample.session.workspace, project_id=sample.project.id)
        if line.parent_id is None
    )
    pools.assign_category(sample.session, category.id, travel.id)
    found = {
        one.pool.name: one.needed
        for one in pools.project_positions(sample.session, sample.project.id)
        if one.pool is not None
    }
    assert found == {"市场推广": WHOLE - category.amount, "差旅": category.amount}
    _approve(sample)
    assert [view.occupied for view in pools.pools(sample.session, 2026)] == [WHOLE - category.amount, category.amount]
    with pytest.raises(RuleError, match="差旅"):
        pools.delete_pool(sample.session, travel.id)
    assert pool.id != travel.id


def test_assigning_a_pool_makes_nobody_an_author(sample: ReviewSample) -> None:
    sample.act_as("何静")
    _pool(sample)
    assert sample.id("何静") not in pools.plan_authors(sample.session, sample.project.id)


def test_only_a_director_who_did_not_write_the_plan_signs_an_exception_by_pin(sample: ReviewSample) -> None:
    pool = _pool(sample, 50_000_000, PoolLevel.STOP)
    assert _own(sample).outcome is CheckOutcome.FAILED
    for name in ("林晓岚", "何静", "周海", "孙会计"):
        sample.act_as(name)
        with pytest.raises(RuleError):
            pools.sign_exception(sample.session, sample.project.id, pool.id, "重点项目", PIN)
    sample.act_as("沈知远")
    with pytest.raises(InputError):
        pools.sign_exception(sample.session, sample.project.id, pool.id, "重点项目", "9753")
    with pytest.raises(InputError):
        pools.sign_exception(sample.session, sample.project.id, pool.id, " ", PIN)
    made = pools.sign_exception(sample.session, sample.project.id, pool.id, "重点项目", PIN)
    assert (made.allowed, made.signed_by) == (10_000_000, sample.id("沈知远"))
    assert (_own(sample).outcome, _own(sample).exception) == (CheckOutcome.NOTICE, made)


def test_an_exception_lapses_with_the_content_and_with_a_larger_excess(sample: ReviewSample) -> None:
    pool = _pool(sample, 50_000_000, PoolLevel.STOP)
    sample.act_as("沈知远")
    pools.sign_exception(sample.session, sample.project.id, pool.id, "重点项目", PIN)
    pools.adjust_pool(sample.session, pool.id, -1, "调减")
    assert _own(sample).outcome is CheckOutcome.FAILED
    sample.session.undo()
    assert _own(sample).outcome is CheckOutcome.NOTICE
    sample.act_as("林晓岚")
    budget.set_total(sample.session, sample.project.id, WHOLE - 100)
    assert _own(sample).outcome is CheckOutcome.FAILED


def test_a_director_who_wrote_the_plan_signs_no_exception(sample: ReviewSample) -> None:
    pool = _pool(sample, 50_000_000, PoolLevel.STOP)
    sample.act_as("沈知远")
    budget.set_total(sample.session, sample.project.id, WHOLE + 100)
    with pytest.raises(RuleError, match="编制人"):
        pools.sign_exception(sample.session, sample.project.id, pool.id, "重点项目", PIN)


def test_a_project_without_a_pool_is_only_noticed(sample: ReviewSample) -> None:
    found = _own(sample)
    assert (found.pool, found.outcome) == (None, CheckOutcome.NOTICE)


def test_a_pool_of_another_fiscal_year_is_told(sample: ReviewSample) -> None:
    _pool(sample)
    assert not _own(sample).other_year
    save_money_limits(sample.session, MoneyLimits(fiscal_start_month=10))
    assert pools.project_year(sample.session, sample.project.id) == 2025
    assert _own(sample).other_year


def test_pools_are_copied_moved_and_adjusted_with_reasons(sample: ReviewSample) -> None:
    session = sample.session
    first = pools.add_pool(session, 2026, "市场推广", 100, PoolLevel.STOP)
    second = pools.add_pool(session, 2026, "差旅", 200, PoolLevel.EXPLAIN)
    pools.move_pool(session, second.id, 0)
    assert [one.name for one in pools.pools_of_year(session, 2026)] == ["差旅", "市场推广"]
    pools.adjust_pool(session, first.id, 5, "追加")
    made = pools.copy_year(session, 2026, 2027)
    assert [(one.name, one.amount, one.level) for one in made] == [
        ("差旅", 200, PoolLevel.EXPLAIN),
        ("市场推广", 100, PoolLevel.STOP),
    ]
    with pytest.raises(RuleError):
        pools.copy_year(session, 2026, 2027)
    for wrong in (
        lambda: pools.adjust_pool(session, first.id, 5, " "),
        lambda: pools.adjust_pool(session, first.id, 0, "追加"),
        lambda: pools.add_pool(session, 2026, "差旅", 1, PoolLevel.WARN),
        lambda: pools.update_pool(session, first.id, amount=-1),
    ):
        with pytest.raises(InputError):
            wrong()


def test_the_year_shows_plan_committed_and_actual_by_month_and_adds_up(sample: ReviewSample) -> None:
    pool = _pool(sample)
    report = vouchers.store_read(
        sample.session,
        sample.project.id,
        [read(invoice(1)), read(invoice(3, 5_000, issued_on="2025-11-30"))],
        sample.line(),
    )
    vouchers.accept(sample.session, report.voucher_ids)
    view = pools.year_view(sample.session, 2026)
    assert view.total.totals == (WHOLE, 0, 111_000)
    assert view.total.actual[7] == 106_000
    assert view.total.actual[12] == 5_000
    assert pools.pools(sample.session, 2026)[0].months == view.rows[0].figures
    assert pool.id in view.rows[0].by_pool
    assert pools.year_view(sample.session, 2027).rows == ()


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["total", "submit", "withdraw", "approve", "reject", "cancel", "close", "reopen", "adjust", "undo"]
        ),
        st.integers(1, 90),
    ),
    max_size=10,
)


def _step(sample: ReviewSample, name: str, value: int) -> None:
    session, project = sample.session, sample.project.id
    open_ones = [one for one in review.versions(session, project) if one.state.value == "in_review"]
    if name == "total":
        budget.set_total(session, project, value * 1_000_000)
    elif name == "submit":
        sample.submit(sample.seat("周海"))
    elif name == "undo":
        session.undo()
    elif name == "adjust":
        pools.adjust_pool(session, pools.pools_of_year(session, 2026)[0].id, value * 1_000 - 45_000, "调整")
    elif name == "cancel":
        projects.cancel_project(session, project)
    elif name == "close":
        projects.close_project(session, project)
    elif name == "reopen":
        projects.reopen_project(session, project)
    elif open_ones and name == "withdraw":
        review.withdraw(session, open_ones[0].id)
    elif open_ones:
        verdict = Verdict.APPROVE if name == "approve" else Verdict.REJECT
        sample.sign(open_ones[0], "周海", verdict, "意见")


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_STEPS)
def test_under_any_sequence_of_states_the_pool_adds_up(steps: list[tuple[str, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        sample = open_review_sample(Path(folder))
        pool = _pool(sample)
        for name, value in steps:
            try:
                _step(sample, name, value)
            except QihuaError:
                continue
            views = pools.pools(sample.session, 2026)
            if not views:
                break
            view = views[0]
            moved = sum(one.amount for one in tables.pool_adjustments.all(sample.session.workspace, pool_id=pool.id))
            assert view.position.available == pool.amount + moved - sum(use.occupied for use in view.uses)
            for use in view.uses:
                asked = max(use.approved, use.requested) if use.state is PlanState.IN_REVIEW else use.approved
                ended = use.state in (PlanState.CLOSED, PlanState.CANCELLED)
                assert use.occupied == (0 if ended else asked)
        sample.session.workspace.close()


def test_a_reopened_budget_is_approved_again_only_while_it_is_what_was_approved(sample: ReviewSample) -> None:
    sample.sign(sample.submit(sample.seat("周海")), "周海")
    projects.close_project(sample.session, sample.project.id)
    projects.reopen_project(sample.session, sample.project.id)
    (stored,) = tables.budgets.all(sample.session.workspace, project_id=sample.project.id)
    assert stored.state is BudgetState.APPROVED
    budget.set_total(sample.session, sample.project.id, 61_000_000)
    projects.close_project(sample.session, sample.project.id)
    projects.reopen_project(sample.session, sample.project.id)
    (stored,) = tables.budgets.all(sample.session.workspace, project_id=sample.project.id)
    assert stored.state is BudgetState.REVISED

"""A year at a glance says the same as each of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qihua_desktop.domain.annual import PoolLevel
from qihua_desktop.domain.pool_rules import PlanState
from qihua_desktop.services import budget, pools, projects
from qihua_desktop.services.annual_overview import overview_elsewhere, year_overview
from qihua_desktop.services.ledger import load_ledger
from qihua_desktop.services.session import Session
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import PIN, add_director
from tests.services.workspace_samples import demo_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


def test_the_sample_year_adds_up_in_every_view(tmp_path: Path) -> None:
    session = demo_session(tmp_path, "zh_CN")
    shown = year_overview(session, 2026)
    assert shown.pools == pools.pools(session, 2026)
    assert len(shown.projects) == len(shown.view.rows) > 4
    for row in shown.projects:
        assert row.figures == load_ledger(session, row.project.id).total
        figures = shown.months_of(row.project.id)
        assert figures is not None
        assert figures.totals[0] == row.figures.budget
        assert figures.totals[2] == row.figures.actual
    assert sum(row.figures.budget for row in shown.projects) == shown.view.total.totals[0]
    assert overview_elsewhere(session, 2026) == shown
    session.workspace.close()


def test_only_plans_that_ask_too_much_are_marked(session: Session) -> None:
    first, second = add_event(session, total=60_000_000), add_event(session, name="冬季快闪", total=30_000_000)
    pool = pools.add_pool(session, 2026, "活动", 50_000_000, PoolLevel.STOP)
    for one in (first, second):
        pools.assign_project(session, one, pool.id)
    shown = year_overview(session, 2026)
    asking, fitting = shown.project(first), shown.project(second)
    assert asking is not None
    assert fitting is not None
    assert (asking.state, asking.blocked, asking.pool_name) == (PlanState.DRAFT, True, "活动")
    assert asking.asks == pools.project_positions(session, first)
    assert fitting.asks == ()


def test_an_exception_holds_until_the_budget_changes(session: Session) -> None:
    project_id = add_event(session, total=60_000_000)
    pool = pools.add_pool(session, 2026, "活动", 50_000_000, PoolLevel.STOP)
    pools.assign_project(session, project_id, pool.id)
    director = add_director(session)
    pools.sign_exception(session, project_id, pool.id, "客户追加", PIN, person_id=director.id)
    shown = year_overview(session, 2026)
    assert [(one.holds, one.signer, one.pool_name) for one in shown.exceptions] == [(True, director.name, "活动")]
    row = shown.project(project_id)
    assert row is not None
    assert not row.blocked
    assert row.asks[0].exception is not None
    budget.set_total(session, project_id, 61_000_000)
    after = year_overview(session, 2026)
    assert [one.holds for one in after.exceptions] == [False]
    changed = after.project(project_id)
    assert changed is not None
    assert changed.blocked


def test_a_project_of_another_year_is_shown_where_its_pool_is(session: Session) -> None:
    project_id = add_event(session)
    pool = pools.add_pool(session, 2027, "活动", 1, PoolLevel.WARN)
    pools.assign_project(session, project_id, pool.id)
    here, there = year_overview(session, 2026), year_overview(session, 2027)
    assert [row.other_year for row in here.projects] == [2027]
    assert [(row.project.id, row.other_year) for row in there.projects] == [(project_id, None)]


def test_what_is_over_asks_for_nothing_any_more(session: Session) -> None:
    project_id = add_event(session, total=60_000_000)
    pool = pools.add_pool(session, 2026, "活动", 1, PoolLevel.STOP)
    pools.assign_project(session, project_id, pool.id)
    projects.cancel_project(session, project_id)
    row = year_overview(session, 2026).project(project_id)
    assert row is not None
    assert (row.state, row.asks) == (PlanState.CANCELLED, ())

"""Carrying out a budget: deviations explained before closing, forecasts with a basis, success fixed beforehand."""

from __future__ import annotations

import pytest

from db import tables
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.execution import DeviationCode
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.services import budget, contracts, execution, project_copy, projects
from qihua_desktop.services.projects import NewProject
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import DAY, add_supplier, book, line, put_state

PRICE = DeviationCode.PRICE


@pytest.fixture
def session(tmp_path):
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session):
    return add_event(session)


@pytest.fixture
def travel(session, project_id):
    return line(session, project_id, "差旅与住宿")


def sign(session, line_id, gross):
    draft = contracts.ContractDraft(line_id, add_supplier(session), "合同", gross, signed_on=DAY)
    return contracts.add_contract(session, draft)


def spend_everything(session, project_id):
    """An accepted voucher of the whole budget on every line but the reserve."""
    parents = {one.parent_id for one in tables.budget_lines.all(session.workspace, project_id=project_id)}
    for one in tables.budget_lines.all(session.workspace, project_id=project_id):
        if one.id not in parents and not one.is_reserve:
            book(session, project_id, one.amount, one.id)


def test_a_project_without_contracts_and_vouchers_closes(session, project_id):
    assert execution.may_close(session, project_id) == ()
    projects.close_project(session, project_id)
    assert projects.project(session, project_id).status is ProjectStatus.CLOSED


def test_a_deviation_without_a_reason_stops_closing_and_is_named(session, project_id, travel):
    spend_everything(session, project_id)
    assert execution.may_close(session, project_id) == ()
    book(session, project_id, 3_000_000, travel)
    with pytest.raises(RuleError) as caught:
        projects.close_project(session, project_id)
    assert any("差旅与住宿" in detail and "+30,000.00" in detail for detail in caught.value.details)
    execution.set_reason(session, project_id, travel, PRICE, "机票涨价")
    projects.close_project(session, project_id)
    assert projects.project(session, project_id).status is ProjectStatus.CLOSED


def test_unspent_lines_count_when_closing_but_not_before(session, project_id, travel):
    book(session, project_id, 100, travel)
    view = execution.execution(session, project_id)
    assert view.missing_reasons == ()
    assert len(view.missing_to_close) > 3
    closing = [one.line_id for one in view.missing_to_close]
    assert line(session, project_id, "应急预备金") not in closing, "an unused reserve is no deviation"


def test_a_reason_is_replaced_and_taken_back(session, project_id, travel):
    execution.set_reason(session, project_id, travel, PRICE, "涨价")
    execution.set_reason(session, project_id, travel, DeviationCode.SCOPE, "增加一位嘉宾")
    execution.set_reason(session, project_id, None, DeviationCode.OTHER, "整体说明")
    view = execution.execution(session, project_id)
    row = next(one for one in view.rows if one.line.id == travel)
    assert row.reason is not None
    assert view.total_reason is not None
    assert (row.reason.code, row.reason.text, view.total_reason.text) == (
        DeviationCode.SCOPE,
        "增加一位嘉宾",
        "整体说明",
    )
    execution.clear_reason(session, project_id, travel)
    assert len(tables.deviation_reasons.all(session.workspace)) == 1
    with pytest.raises(InputError):
        execution.set_reason(session, project_id, travel, PRICE, " ")
    other = add_event(session, name="别的")
    with pytest.raises(RuleError):
        execution.set_reason(session, other, travel, PRICE, "x")


def test_a_forecast_has_a_basis_and_needs_a_reason_beyond_the_threshold(session, project_id, travel):
    amount = tables.budget_lines.get(session.workspace, travel).amount
    with pytest.raises(InputError):
        execution.set_forecast(session, travel, amount)
    execution.set_forecast(session, travel, amount + amount // 5, "航司报价")
    view = execution.execution(session, project_id)
    row = next(one for one in view.rows if one.line.id == travel)
    assert (row.figures.rate_bp, row.needs_reason, row.figures.to_go_typed) == (2_000, True, True)
    assert row.forecast is not None
    assert row.forecast.basis == "航司报价"
    execution.set_forecast(session, travel, 5, "改火车")
    assert [one.to_go for one in tables.line_forecasts.all(session.workspace)] == [5]
    execution.set_forecast(session, travel, None)
    assert tables.line_forecasts.all(session.workspace) == ()
    with pytest.raises(RuleError):
        execution.set_forecast(session, line(session, project_id, "嘉宾费"), 5, "x")
    with pytest.raises(InputError):
        execution.set_forecast(session, travel, -1, "x")


def test_the_basis_of_success_is_fixed_beforehand(session, project_id, travel):
    with pytest.raises(RuleError):
        execution.fix_outcome(session, project_id)
    execution.set_outcome_plan(session, project_id, 200, 80, 180_000_000, "活动后 90 天内签单额")
    execution.fix_outcome(session, project_id)
    with pytest.raises(RuleError):
        execution.set_outcome_plan(session, project_id, 1, 1, 1, "事后改口")
    book(session, project_id, 50_000_000, travel)
    execution.set_outcome_actual(session, project_id, 160, 100, 160_000_000)
    view = execution.execution(session, project_id)
    assert view.outcome is not None
    assert view.roi_planned is not None
    assert view.roi is not None
    assert view.outcome.fixed_by == session.actor.id
    assert (view.roi_planned.ratio, view.roi.ratio, view.roi.percent_bp) == ("1 : 3", "1 : 3.2", 22_000)
    assert (view.per_guest.budget, view.per_guest.actual, view.per_lead.actual) == (300_000, 312_500, 500_000)
    with pytest.raises(InputError):
        execution.unfix_outcome(session, project_id, "")
    execution.unfix_outcome(session, project_id, "口径写错")
    assert "口径写错" in session.workspace.history(project_id)[0].label
    execution.set_outcome_plan(session, project_id, 200, 80, 1, "签单额")


def test_what_is_not_known_is_missing_and_not_guessed(session, project_id):
    view = execution.execution(session, project_id)
    assert (view.outcome, view.roi_planned, view.roi, view.fixed_beforehand) == (None, None, None, None)
    assert (view.per_guest.budget, view.per_guest.estimate, view.per_guest.actual) == (None, None, None)


@pytest.mark.parametrize("figures", [(-1, 0, 0), (0, -1, 0), (0, 0, -1), (10**9, 0, 0), (0, 0, 10**14)])
def test_impossible_figures_are_refused(session, project_id, figures):
    with pytest.raises(InputError):
        execution.set_outcome_plan(session, project_id, figures[0], figures[1], figures[2], "x")
    with pytest.raises(InputError):
        execution.set_outcome_actual(session, project_id, *figures)


def test_months_follow_tasks_signatures_and_invoices(session, project_id, travel):
    task = tables.tasks.all(session.workspace, project_id=project_id)[0]
    budget.update_line(session, travel, task_id=task.id)
    sign(session, travel, 1_000)
    book(session, project_id, 400, travel)
    months = execution.months(session, project_id)
    assert sum(one.planned for one in months) == 60_000_000
    assert [(one.month, one.committed) for one in months if one.committed] == [(8, 1_000)]
    assert [(one.month, one.actual) for one in months if one.actual] == [(9, 400)]


def test_a_copy_of_a_project_takes_no_money_records_along(session, project_id, travel):
    sign(session, travel, 1_000)
    book(session, project_id, 400, travel)
    execution.set_reason(session, project_id, travel, PRICE, "涨价")
    execution.set_forecast(session, travel, 5, "x")
    execution.set_outcome_plan(session, project_id, 1, 1, 1, "x")
    source = projects.project(session, project_id)
    new = NewProject(
        "第二场", source.kind, project_copy.project_key(project_id), source.direction, source.key_on.replace(year=2027),
        source.owner_id, "", 60_000_000,
    )  # fmt: skip
    made = projects.create_project(session, new).id
    for table in (
        tables.contracts, tables.vouchers, tables.voucher_shares, tables.deviation_reasons, tables.line_forecasts,
        tables.outcome_bases, tables.quotes, tables.payments, tables.reserve_releases, tables.stock_uses,
    ):  # fmt: skip
        assert table.all(session.workspace, project_id=made) == (), table.name
    assert all(one.supplier_id is None for one in tables.budget_lines.all(session.workspace, project_id=made))


def test_deleting_a_project_takes_its_money_records_along_and_undo_brings_them_back(session, project_id, travel):
    sign(session, travel, 1_000)
    book(session, project_id, 400, travel)
    projects.delete_project(session, project_id)
    assert (tables.contracts.all(session.workspace), tables.voucher_shares.all(session.workspace)) == ((), ())
    session.undo()
    assert len(tables.contracts.all(session.workspace)) == 1
    assert len(tables.voucher_shares.all(session.workspace)) == 1


def test_closing_a_project_closes_its_budget_and_reopening_lets_it_change_again(session, project_id, travel):
    projects.close_project(session, project_id)
    before = tables.budget_lines.all(session.workspace, project_id=project_id)
    for attempt in (
        lambda: budget.set_amount(session, travel, 5),
        lambda: budget.set_total(session, project_id, 5),
        lambda: execution.set_reason(session, project_id, travel, PRICE, "late"),
        lambda: execution.clear_reason(session, project_id, travel),
        lambda: execution.set_outcome_plan(session, project_id, 1, 1, 1, "method"),
    ):
        with pytest.raises(RuleError):
            attempt()
    assert tables.budget_lines.all(session.workspace, project_id=project_id) == before
    projects.reopen_project(session, project_id)
    assert tables.budgets.all(session.workspace, project_id=project_id)[0].state is BudgetState.DRAFT
    budget.set_amount(session, travel, 5)
    assert tables.budget_lines.get(session.workspace, travel).amount == 5


def test_undoing_the_closing_opens_the_budget_as_it_was(session, project_id):
    put_state(session, project_id, BudgetState.REVISED)
    projects.close_project(session, project_id)
    assert tables.budgets.all(session.workspace, project_id=project_id)[0].state is BudgetState.CLOSED
    session.undo()
    assert tables.budgets.all(session.workspace, project_id=project_id)[0].state is BudgetState.REVISED

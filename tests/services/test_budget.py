from __future__ import annotations

import pytest

from qihua_desktop.domain.budget import BudgetState, LineLock
from qihua_desktop.domain.budget_paste import read_pasted
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.people import Department, Role
from qihua_desktop.domain.review import Dimension, RouteMode, Verdict
from qihua_desktop.services import (
    budget,
    budget_lines,
    budget_proportions,
    budget_status,
    budget_view,
    people,
    review,
)
from tests.services.budget_samples import add_event, amounts, empty, line_id, open_session


@pytest.fixture
def session(tmp_path):
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session):
    return add_event(session)


def view_of(session, project_id):
    return budget_view.load_budget(session, project_id)


def test_a_typed_share_moves_the_free_categories_and_keeps_the_total(session, project_id):
    before = view_of(session, project_id)
    budget.set_lock(session, line_id(before, "应急预备金"), LineLock.PERCENT)
    budget.enter_percent(session, line_id(before, "场地费"), 4000)
    after = view_of(session, project_id)
    assert amounts(after)["场地费"] == 240_000
    assert amounts(after)["应急预备金"] == 60_000
    assert after.unallocated == 0
    assert sum(row.share for row in after.categories) == 10_000


def test_one_typed_figure_is_one_undo_step(session, project_id):
    before = view_of(session, project_id)
    budget.enter_percent(session, line_id(before, "场地费"), 4000)
    session.undo()
    assert view_of(session, project_id) == before


def test_an_unchanged_figure_makes_no_step(session, project_id):
    label = session.undo_label()
    row = view_of(session, project_id).categories[0]
    budget.enter_amount(session, row.line.id, row.line.amount)
    assert session.undo_label() == label


def test_colliding_locks_are_named(session, project_id):
    view = view_of(session, project_id)
    for name in ("物料费", "嘉宾费", "传播投放", "应急预备金"):
        budget.set_lock(session, line_id(view, name), LineLock.AMOUNT)
    with pytest.raises(RuleError) as refused:
        budget.enter_percent(session, line_id(view, "场地费"), 5000)
    assert set(refused.value.details) == {"物料费", "嘉宾费", "传播投放", "应急预备金"}
    assert view_of(session, project_id).budget == view.budget


def test_categories_typed_one_after_the_other_do_not_disturb_each_other(session, project_id):
    empty(session, project_id)
    first = budget_lines.add_category(session, project_id, "甲")
    second = budget_lines.add_category(session, project_id, "乙")
    budget.enter_amount(session, first.id, 20_000_000)
    budget.enter_amount(session, second.id, 10_000_000)
    view = view_of(session, project_id)
    assert amounts(view) == {"甲": 200_000, "乙": 100_000}
    assert view.unallocated == 30_000_000
    budget.spread_rest(session, project_id)
    assert amounts(view_of(session, project_id)) == {"甲": 400_000, "乙": 200_000}


def test_a_line_changes_its_category(session, project_id):
    view = view_of(session, project_id)
    budget.enter_amount(session, line_id(view, "场地租赁"), line_amount(view, "场地租赁") + 1_000_000)
    after = view_of(session, project_id)
    assert amounts(after)["场地费"] == 190_000
    assert after.unallocated == -1_000_000


def test_quantity_and_price_together_make_the_amount(session, project_id):
    view = view_of(session, project_id)
    gift = line_id(view, "伴手礼")
    budget.enter_price(session, gift, quantity=500_000)
    assert amounts(view_of(session, project_id))["伴手礼"] == amounts(view)["伴手礼"]
    budget.enter_price(session, gift, unit_price=8_800)
    assert amounts(view_of(session, project_id))["伴手礼"] == 44_000


def test_net_of_a_category_is_the_sum_of_its_lines(session, project_id):
    view = view_of(session, project_id)
    budget.update_line(session, line_id(view, "场地租赁"), tax_rate=900)
    budget.update_line(session, line_id(view, "搭建进场与保洁"), tax_rate=600)
    rows = {row.line.name: row for row in view_of(session, project_id).lines}
    assert rows["场地费"].net == rows["场地租赁"].net + rows["搭建进场与保洁"].net
    assert rows["场地费"].tax > 0


def test_a_row_put_under_another_keeps_the_others_money(session, project_id):
    view = view_of(session, project_id)
    budget_lines.indent(session, line_id(view, "应急预备金"))
    after = view_of(session, project_id)
    assert after.row(line_id(view, "传播投放")).line.amount == 15_000_000
    assert after.unallocated == 0
    under = [row.line.name for row in after.lines if row.line.parent_id == line_id(view, "传播投放")]
    assert under == ["传播投放", "应急预备金"]
    session.undo()
    assert view_of(session, project_id) == view


def test_indent_and_outdent_are_each_others_reverse(session, project_id):
    view = view_of(session, project_id)
    second = line_id(view, "搭建进场与保洁")
    budget_lines.outdent(session, second)
    assert len(view_of(session, project_id).categories) == 6
    budget_lines.move_line(session, second, line_id(view, "场地费"), 1)
    assert amounts(view_of(session, project_id)) == amounts(view)


def test_lines_go_four_levels_deep(session, project_id):
    parent = line_id(view_of(session, project_id), "传播投放")
    for level in range(3):
        parent = budget_lines.add_line(session, parent, f"第{level + 2}级").id
    with pytest.raises(RuleError):
        budget_lines.add_line(session, parent, "第五级")


def test_deleting_under_an_amount_lock_is_refused(session, project_id):
    view = view_of(session, project_id)
    budget.set_lock(session, line_id(view, "场地费"), LineLock.AMOUNT)
    with pytest.raises(RuleError) as refused:
        budget_lines.delete_lines(session, [line_id(view, "场地租赁")])
    assert refused.value.details == ("场地费",)


def test_pasted_rows_keep_their_levels_and_never_take_totals(session, project_id):
    empty(session, project_id)
    cells = (("科目", "预算（元）", "供应商"), ("搭建", "", ""), ("  木作", "30,000", "艺达"), ("  灯光", "1200*3", ""),
             ("直播", "10%", ""), ("合计", "99,999", ""))  # fmt: skip
    budget_lines.paste_lines(session, project_id, None, read_pasted(cells))
    view = view_of(session, project_id)
    assert amounts(view) == {"搭建": 33_600, "木作": 30_000, "灯光": 3_600, "直播": 60_000}
    session.undo()
    assert view_of(session, project_id).lines == ()


def test_a_template_leaves_locked_categories_alone(session, project_id):
    view = view_of(session, project_id)
    budget.set_lock(session, line_id(view, "应急预备金"), LineLock.AMOUNT)
    brand = next(one for one in budget_proportions.proportion_templates(session, project_id) if one.key == "brand")
    budget_proportions.apply_proportions(session, project_id, brand.categories)
    after = view_of(session, project_id)
    assert amounts(after)["应急预备金"] == 60_000
    assert after.unallocated == 0
    assert {one.name for one in brand.categories} <= set(amounts(after))


def test_past_projects_offer_shares_that_add_up(session, project_id):
    other = add_event(session, name="七夕市集", total=33_333_333)
    found = {one.name: one for one in budget_proportions.proportion_templates(session, project_id)}
    assert sum(one.percent for one in found["七夕市集"].categories) == 10_000
    assert other != project_id


def test_a_change_after_the_submission_voids_the_sign_offs(session, project_id):
    finance = people.add_person(session, people.PersonDraft("何静", Department.FINANCE, Role.REVIEWER))
    sales = people.add_person(session, people.PersonDraft("周海", Department.SALES, Role.REVIEWER))
    people.set_pin(session, finance.id, "2468")
    seats = [
        review.SeatDraft(1, RouteMode.ALL, Department.FINANCE, finance.id, (Dimension.BUDGET,)),
        review.SeatDraft(2, RouteMode.ALL, Department.SALES, sales.id, (Dimension.FEASIBILITY,)),
    ]
    version = review.submit(session, project_id, seats)
    review.sign(session, version.id, finance.id, "2468", Verdict.APPROVE)
    view = view_of(session, project_id)
    status = budget_status.budget_status(session, view)
    assert (status.would_void, status.has_voided, status.signed) == (True, False, ("何静",))
    assert view.budget.state is BudgetState.IN_REVIEW
    budget.enter_percent(session, line_id(view, "场地费"), 3500)
    status = budget_status.budget_status(session, view_of(session, project_id))
    assert (status.would_void, status.has_voided) == (False, True)
    assert status.since_newest is not None
    assert "场地费" in status.since_newest.changed


def test_a_closed_budget_is_not_changed(session, project_id):
    with session.edit("close", project_id) as edit:
        budget.set_state(edit, project_id, BudgetState.CLOSED)
    view = view_of(session, project_id)
    with pytest.raises(RuleError):
        budget.enter_percent(session, line_id(view, "场地费"), 3500)


def test_a_preview_stores_nothing_and_tells_what_storing_does(session, project_id):
    view = view_of(session, project_id)
    preview = budget_view.preview_percent(view, line_id(view, "场地费"), 4500)
    assert view_of(session, project_id) == view
    budget.enter_percent(session, line_id(view, "场地费"), 4500)
    assert view_of(session, project_id).lines == preview.lines


def line_amount(view, name):
    return next(row.line.amount for row in view.lines if row.line.name == name)

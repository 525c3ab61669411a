"""The year's pools, projects, months and exceptions in the real page, with undo of every step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import ui.annual.page as annual_page
import ui.common.dialogs as dialogs
from qihua_desktop.domain.annual import AnnualPool, PoolLevel
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.services import budget_view, pools
from qihua_desktop.services.session import Session
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import PIN, add_director
from tests.ui.department_windows import Shown, reopened, shown_page
from ui.annual.dialogs import AdjustDialog, CopyYearDialog, ExceptionDialog, PoolDialog
from ui.annual.page import AnnualPage
from ui.common.pool_choice import PoolChoiceDialog, choose_pool

WHOLE = 60_000_000


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session: Session) -> EntityId:
    return add_event(session, total=WHOLE)


@pytest.fixture
def shown(session: Session, project_id: EntityId, qtbot: QtBot) -> Iterator[Shown]:
    with shown_page(AnnualPage, session, qtbot) as made:
        yield made


def add(shown: Shown, amount: int = 100_000_000, level: PoolLevel = PoolLevel.STOP, name: str = "活动") -> AnnualPool:
    return pools.add_pool(shown.session, 2026, name, amount, level)


def pool_of(shown: Shown, project_id: EntityId) -> EntityId | None:
    return budget_view.stored_budget(shown.session, project_id)[0].pool_id


def names(shown: Shown, year: int = 2026) -> list[str]:
    return [one.name for one in pools.pools_of_year(shown.session, year)]


def test_a_year_without_pools_offers_to_begin_or_to_copy(shown: Shown) -> None:
    def fill(form: PoolDialog) -> bool:
        form.name.setText("活动")
        form.amount.setText("300万")
        form.amount.setModified(True)
        form.level.select(PoolLevel.EXPLAIN)
        form.accept()
        return not form.problem()

    with dialogs.scripted([fill]):
        shown.page.pools.empty.action.click()
    (made,) = pools.pools_of_year(shown.session, 2026)
    assert (made.name, made.amount, made.level) == ("活动", 300_000_000, PoolLevel.EXPLAIN)
    selected = shown.page.pools.selected()
    assert selected is not None
    assert selected.pool.id == made.id
    shown.page.show_year(2027)

    def copy(form: CopyYearDialog) -> bool:
        assert form.source.value() == 2026
        form.accept()
        return not form.problem()

    with dialogs.scripted([copy]):
        shown.page.pools.empty.second_action.click()
    assert names(shown, 2027) == ["活动"]
    shown.undo()
    shown.undo()
    assert names(shown) == names(shown, 2027) == []


def test_pools_are_edited_in_place_moved_and_deleted(shown: Shown) -> None:
    first, second = add(shown), add(shown, name="品牌")
    table = shown.page.pools.table
    shown.type(table, first.id, "amount", "1200*3")
    shown.type(table, first.id, "name", "活动与会员")
    shown.choose(table, first.id, "level", PoolLevel.WARN)
    (found, _other) = pools.pools_of_year(shown.session, 2026)
    assert (found.name, found.amount, found.level) == ("活动与会员", 360_000, PoolLevel.WARN)
    shown.click(table, second.id)
    shown.press("annual.up")
    assert names(shown) == ["品牌", "活动与会员"]
    assert shown.page.pools.selected().pool.id == second.id
    with dialogs.scripted([True]):
        shown.press("annual.delete")
    assert names(shown) == ["活动与会员"]
    for _step in range(5):
        shown.undo()
    assert names(shown) == ["活动", "品牌"]


def test_a_pool_that_is_drawn_on_is_not_deleted(shown: Shown, project_id: EntityId) -> None:
    pool = add(shown)
    pools.assign_project(shown.session, project_id, pool.id)
    with dialogs.scripted([True]) as seen:
        shown.press("annual.delete")
    assert [kind for kind, _words in seen] == ["confirm", "error"]
    assert names(shown) == ["活动"]


def test_the_terms_are_shown_with_adjustments_and_add_up(shown: Shown) -> None:
    add(shown)

    def fill(form: AdjustDialog) -> bool:
        form.amount.set_fen(-2_000_000)
        form.amount.setModified(True)
        form.accept()
        assert form.problem(), "a reason is asked for"
        form.reason.setPlainText("年中压降")
        form.accept()
        return not form.problem()

    with dialogs.scripted([fill]):
        shown.press("annual.adjust")
    rows = shown.page.terms.model.rows
    assert [row[2] for row in rows] == [100_000_000, -2_000_000, 98_000_000]
    assert "年中压降" in rows[1][1]
    assert "2026-08-03" in shown.page.terms.as_of.full_text()
    shown.undo()
    assert [row[2] for row in shown.page.terms.model.rows] == [100_000_000, 100_000_000]


def test_a_project_gets_its_pool_by_choice(shown: Shown, project_id: EntityId) -> None:
    pool = add(shown)
    table = shown.page.below.projects
    shown.choose(table, project_id, "pool", pool.id)
    assert pool_of(shown, project_id) == pool.id
    assert shown.cell(table, project_id, "pool").data() == "活动"
    assert "600,000.00" in shown.page.terms.note.full_text()
    shown.undo()
    assert pool_of(shown, project_id) is None
    table.select_identity(project_id)

    def choose(form: PoolChoiceDialog) -> bool:
        form.pool.select(pool.id)
        assert "1,000,000.00" in form.words.full_text()
        form.accept()
        return not form.problem()

    with dialogs.scripted([choose]):
        shown.press("annual.assign")
    assert pool_of(shown, project_id) == pool.id


def test_a_category_draws_on_a_pool_of_its_own(shown: Shown, project_id: EntityId) -> None:
    pool = add(shown)
    category = budget_view.load_budget(shown.session, project_id).categories[0].line

    def choose(form: PoolChoiceDialog) -> bool:
        form.pool.select(pool.id)
        form.accept()
        return not form.problem()

    with dialogs.scripted([choose]):
        assert choose_pool(shown.context, project_id, shown.page, line_id=category.id)
    assert budget_view.load_budget(shown.session, project_id).categories[0].line.pool_id == pool.id
    assert "活动" in shown.cell(shown.page.below.projects, project_id, "pool").data()


def test_a_director_signs_an_exception_and_it_is_listed(shown: Shown, project_id: EntityId) -> None:
    pool = add(shown, amount=50_000_000)
    director = add_director(shown.session)
    pools.assign_project(shown.session, project_id, pool.id)
    table = shown.page.below.projects
    blocked = shown.cell(table, project_id, "check").data()
    assert blocked

    def sign(form: ExceptionDialog) -> bool:
        assert "100,000.00" in form.excess.full_text()
        form.reason.setPlainText("客户追加")
        form.pin.setText("0000")
        form.accept()
        assert form.problem(), "a wrong PIN is refused"
        form.pin.setText(PIN)
        form.accept()
        return form.signed

    with dialogs.scripted([sign]):
        shown.press("annual.exception")
    assert shown.page.switch.current_key() == "exceptions"
    (row,) = shown.page.below.exceptions_model.rows
    assert (row.signer, row.exception.allowed, row.holds) == (director.name, 10_000_000, True)
    assert shown.cell(table, project_id, "check").data() != blocked
    assert not shown.page.actions_of_page.get("annual.exception").isEnabled()
    shown.undo()
    assert shown.page.below.exceptions_model.rows == ()
    assert shown.cell(table, project_id, "check").data() == blocked


def test_months_follow_the_scope_and_add_up(shown: Shown, project_id: EntityId) -> None:
    pool = add(shown)
    other = add_event(shown.session, name="另一场", total=1_000_000)
    pools.assign_project(shown.session, project_id, pool.id)
    below = shown.page.below
    below.switch.set_current("months")

    def plan() -> int:
        rows = below.months.model.rows
        assert rows[-1].plan == sum(row.plan for row in rows[:-1])
        return rows[-1].plan

    assert plan() == WHOLE + 1_000_000
    for text, wanted, projects in (("活动", WHOLE, 1), ("另一场", 1_000_000, 1)):
        below.scope.setCurrentIndex(next(at for at in range(below.scope.count()) if text in below.scope.itemText(at)))
        assert (plan(), below.proxy.rowCount()) == (wanted, projects)
    assert below.proxy.index_of(other).isValid()
    group = below.months.chart.scene().primitives
    assert len(group) > 12


def test_a_project_opens_its_budget_and_the_year_is_printed(shown: Shown, project_id: EntityId) -> None:
    table = shown.page.below.projects
    table.select_identity(project_id)
    table.setFocus()
    shown.qtbot.keyClick(table, Qt.Key.Key_Return)
    assert shown.gone == [("budget", project_id)]
    shown.press("annual.pdf")
    assert shown.exported == [("annual-budget", {"year": 2026})]


def test_years_are_walked_and_a_pool_is_found_in_its_year(shown: Shown) -> None:
    made = pools.add_pool(shown.session, 2028, "远期", 1, PoolLevel.WARN)
    shown.press("annual.next")
    assert (shown.page.year_number, shown.page.year.value()) == (2027, 2027)
    assert not shown.page.below.model.rows
    shown.page.reveal(made.id)
    assert shown.page.year_number == 2028
    assert shown.page.pools.selected().pool.id == made.id
    shown.press("annual.previous")
    shown.press("annual.previous")
    assert len(shown.page.below.model.rows) == 1


def test_a_big_year_is_read_in_the_background(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annual_page, "MANY_PROJECTS", 0)
    made = add(shown)
    assert shown.context.jobs.running
    shown.qtbot.waitUntil(lambda: bool(shown.page.pools.model.rows), timeout=5_000)
    QApplication.processEvents()
    assert [view.pool.id for view in shown.page.pools.model.rows] == [made.id]
    assert shown.page.waiting.full_text() == ""


def test_who_may_only_look_can_change_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    made = open_session(tmp_path)
    project_id = add_event(made)
    pool = pools.add_pool(made, 2026, "活动", 1, PoolLevel.STOP)
    pools.assign_project(made, project_id, pool.id)
    looking = reopened(made)
    with shown_page(AnnualPage, looking, qtbot) as shown:
        shown.page.below.projects.select_identity(project_id)
        actions = shown.page.actions_of_page
        for name in ("add", "adjust", "copy", "up", "down", "delete", "assign", "exception"):
            assert not actions.get(f"annual.{name}").isEnabled(), name
        assert actions.get("annual.pdf").isEnabled()
        for table, key, row in ((shown.page.pools.table, "amount", pool.id),
                                (shown.page.below.projects, "pool", project_id)):  # fmt: skip
            assert not shown.cell(table, row, key).flags() & Qt.ItemFlag.ItemIsEditable
    looking.workspace.close()

"""Importing, exporting and comparing on the budget window."""

from __future__ import annotations

import pytest

import ui.common.dialogs as dialogs
from qihua_desktop.domain.annual import PoolLevel
from qihua_desktop.domain.budget import BudgetVersion
from qihua_desktop.domain.budget_table import TableColumn
from qihua_desktop.domain.canonical import canonical_text, text_fingerprint
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.plan_content import budget_content
from qihua_desktop.services import budget, budget_compare, budget_lines, pools
from tests.services.budget_samples import empty

ROWS = """科目,金额,占比,供应商
场地费,300000,,
  租赁,200000,,恒隆
  搭建,100000,,
物料费,100000,,
合计,400000,,
"""


def freeze(window, number):
    """Keep the present budget as a version, as submitting does."""
    from db import tables

    view = window.view
    text = canonical_text(budget_content(view.budget.total, view.plain_lines))
    made = BudgetVersion(
        new_id(), window.page.project_id, number, view.budget.total, text, text_fingerprint(text), None, 0, None
    )
    with window.session.edit("freeze", window.page.project_id) as edit:
        tables.budget_versions.insert(edit, made)


def import_file(window, path, fill):
    with dialogs.scripted([path, fill]):
        window.page.commands.page.trigger("budget.import")
        window.qtbot.waitUntil(lambda: not window.context.jobs.running)
        window.qtbot.wait(1)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "预算.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_a_table_is_shown_before_it_replaces_the_rows(window, table):
    seen = []

    def fill(dialog):
        seen.append([row.line.name for row in dialog.model.rows])
        seen.append(dialog.summary.full_text())
        assert [field.accessibleName() for field in dialog.mapping_fields][:2] == ["“科目”列对应", "“金额”列对应"]
        dialog.replace.setChecked(True)
        dialog.take_total.setChecked(True)
        dialog.accept()
        return dialog.result() == 1

    before = window.view
    import_file(window, table, fill)
    assert seen[0] == ["场地费", "租赁", "搭建", "物料费"]
    assert "400,000.00" in seen[1]
    assert [row.line.name for row in window.view.lines] == ["场地费", "租赁", "搭建", "物料费"]
    assert window.view.budget.total == 40_000_000
    window.session.undo()
    assert window.view == before


def test_columns_can_be_taken_for_something_else(window, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("甲,乙\n场地费,3000\n物料费,2000\n", encoding="utf-8")
    empty(window.session, window.page.project_id)

    def fill(dialog):
        choices = [None, *TableColumn]
        dialog.mapping_fields[0].setCurrentIndex(choices.index(TableColumn.NAME))
        dialog.mapping_fields[1].setCurrentIndex(choices.index(TableColumn.AMOUNT))
        assert [row.line.amount for row in dialog.model.rows][-2:] == [300_000, 200_000]
        dialog.accept()
        assert not dialog.problem()
        return True

    import_file(window, path, fill)
    assert window.amount("物料费") == 2_000


def test_rows_that_cannot_be_read_stop_the_import_until_they_are_left_out(window, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("科目,金额\n场地费,很多\n物料费,2000\n", encoding="utf-8")
    before = window.view

    def refuse(dialog):
        dialog.accept()
        assert dialog.problem()
        assert "很多" in dialog.notes.toPlainText()
        return False

    import_file(window, path, refuse)
    assert window.view == before


def test_a_damaged_file_is_explained(window, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    with dialogs.scripted([path]) as seen:
        window.page.commands.page.trigger("budget.import")
        window.qtbot.waitUntil(lambda: any(kind == "error" for kind, _text in seen))
    assert seen[-1][0] == "error"


def test_the_budget_is_written_as_a_workbook(window, tmp_path):
    target = tmp_path / "预算.xlsx"
    with dialogs.scripted([target]), window.qtbot.waitSignal(window.context.notice_posted):
        window.page.commands.page.trigger("budget.export")
    assert target.read_bytes()[:2] == b"PK"


def test_any_two_versions_are_compared_line_by_line(window):
    freeze(window, 1)
    budget.update_line(window.session, window.row("伴手礼").line.id, supplier="华彩礼品")
    freeze(window, 2)
    budget_lines.delete_lines(window.session, [window.row("差旅与住宿").line.id])

    def look(dialog):
        shown = [
            (row.change.name, row.change.field_name(), row.change.before, row.change.after) for row in dialog.model.rows
        ]
        assert any(name == "差旅与住宿" for name, *_rest in shown)
        dialog.before.setCurrentIndex(2)
        dialog.after.setCurrentIndex(1)
        shown = [(row.change.name, row.change.before, row.change.after) for row in dialog.model.rows]
        assert shown == [("伴手礼", "无", "华彩礼品")]
        assert dialog.counts.full_text() == "+0 −0 ~1"
        dialog.after.setCurrentIndex(2)
        assert not dialog.model.rows
        return True

    with dialogs.scripted([look]):
        window.page.commands.page.trigger("budget.compare")


def test_a_version_that_was_never_submitted_cannot_be_compared(window):
    with pytest.raises(RuleError):
        budget_compare.compare_versions(window.session, window.page.project_id, 7, None)


def test_the_annual_pool_of_the_project_and_of_a_category_is_chosen_here(window):
    session, project_id = window.session, window.page.project_id
    events = pools.add_pool(session, 2026, "活动", 300_000_000, PoolLevel.STOP)
    media = pools.add_pool(session, 2026, "投放", 90_000_000, PoolLevel.WARN)

    def choose(pool):
        def fill(form):
            form.pool.select(pool.id)
            form.check()
            return True

        return fill

    category = next(row.line for row in window.page.view.categories if row.line.name == "传播投放")
    with dialogs.scripted([choose(events), choose(media)]):
        window.page.commands.page.trigger("budget.pool")
        window.page.tree.select_identity(category.id)
        window.page.commands.rows.trigger("budget.category_pool")
    names = {one.pool.name for one in pools.project_positions(session, project_id) if one.pool is not None}
    assert names == {"活动", "投放"}
    session.undo()
    session.undo()
    assert {one.pool for one in pools.project_positions(session, project_id)} == {None}

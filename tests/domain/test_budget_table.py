"""Budgets as other people's tables: headings, levels, units, totals, and rows that cannot be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.budget_table import BudgetTable, TableColumn, TableRow, read_table
from qihua_desktop.domain.errors import InputError


def _read(*rows: tuple[str, ...], mapping: dict[int, TableColumn] | None = None) -> BudgetTable:
    return read_table([TableRow(number, cells) for number, cells in enumerate(rows, start=1)], mapping)


def _outline(table: BudgetTable) -> list[tuple[int, str, int | None]]:
    return [(line.level, line.name, line.amount) for line in table.lines]


def test_the_heading_is_found_below_titles_and_the_unit_above_it_counts() -> None:
    table = _read(
        ("秋季新品快闪店 预算表",),
        ("", "", "单位：万元"),
        ("费用科目", "预算", "备注"),
        ("场地费", "18", "中庭"),
        ("物料费", "15.5", ""),
        ("合计", "33.5", ""),
    )
    assert table.scale == 10_000
    assert _outline(table) == [(0, "场地费", 18_000_000), (0, "物料费", 15_500_000)]
    assert table.total == 33_500_000
    assert table.notes == ()
    assert table.lines[0].basis == "中庭"


def test_yuan_in_the_heading_overrules_a_unit_elsewhere() -> None:
    table = _read(("单位:万元",), ("科目", "预算金额(元)"), ("场地费", "180,000.00"))
    assert table.lines[0].amount == 18_000_000


def test_levels_come_from_spaces_indents_or_numbers() -> None:
    spaces = _read(("科目", "金额"), ("场地费", "300"), ("  租赁", "200"), ("  保洁", "100"))
    numbers = _read(("序号", "科目", "金额"), ("1", "场地费", ""), ("1.1", "租赁", "200"), ("1.2", "保洁", "100"))
    hanzi = _read(("科目", "金额"), ("一、场地费", "300"), ("1、租赁", "200"), ("2、保洁", "100"))
    rows = [TableRow(1, ("科目", "金额")), TableRow(2, ("场地费", "300")), TableRow(3, ("租赁", "200"), (1, 0)),
            TableRow(4, ("保洁", "100"), (1, 0))]  # fmt: skip
    expected = [(0, "场地费", 30_000), (1, "租赁", 20_000), (1, "保洁", 10_000)]
    for table in (spaces, hanzi, read_table(rows)):
        assert _outline(table) == expected
    assert _outline(numbers) == [(0, "场地费", None), *expected[1:]]


def test_columns_per_level_open_categories_once_and_reach_down() -> None:
    table = _read(
        ("一级科目", "二级科目", "数量", "单价", "含税金额"),
        ("物料费", "伴手礼", "500", "80", "40000"),
        ("", "主视觉", "1", "92000", "92000"),
        ("嘉宾费", "差旅", "", "", "24000"),
    )
    assert _outline(table) == [
        (0, "物料费", None), (1, "伴手礼", 4_000_000), (1, "主视觉", 9_200_000), (0, "嘉宾费", None),
        (1, "差旅", 2_400_000),
    ]  # fmt: skip
    assert (table.lines[1].quantity, table.lines[1].unit_price) == (500_000, 8_000)


def test_what_a_category_has_beyond_its_lines_is_kept_and_said() -> None:
    table = _read(("科目", "金额"), ("场地费", "500"), ("  租赁", "200"), ("物料费", "100"), ("  礼品", "150"))
    assert [(line.level, line.amount) for line in table.lines] == [
        (0, 50_000), (1, 20_000), (1, 30_000), (0, 15_000), (1, 15_000)
    ]  # fmt: skip
    assert len(table.notes) == 2


def test_totals_and_subtotals_that_do_not_fit_are_named_and_never_imported() -> None:
    table = _read(("科目", "金额"), ("场地费", "100"), ("小计", "90"), ("物料费", "50"), ("合计：", "200"))
    assert [line.name for line in table.lines] == ["场地费", "物料费"]
    assert table.total == 20_000
    assert len(table.notes) == 2
    assert any("200.00" in note and "150.00" in note for note in table.notes)


def test_net_amounts_become_gross_by_the_rate_and_a_rate_may_be_a_fraction() -> None:
    table = _read(
        ("科目", "不含税金额", "税率"), ("会务", "1000", "6%"), ("搭建", "1000", "0.09"), ("礼品", "1000", "13")
    )
    assert [(line.amount, line.tax_rate) for line in table.lines] == [(106_000, 600), (109_000, 900), (113_000, 1300)]


def test_amount_with_tax_wins_over_a_plainer_heading() -> None:
    table = _read(("名称", "金额", "含税金额", "不含税金额"), ("会务", "1", "106", "100"))
    assert table.lines[0].amount == 10_600


def test_a_mapping_replaces_the_words_of_the_heading() -> None:
    table = _read(("A", "B", "C"), ("场地费", "x", "100"), mapping={0: TableColumn.NAME, 2: TableColumn.AMOUNT})
    assert [line.name for line in table.lines] == ["场地费"]
    assert table.heading == ("A", "B", "C")
    assert table.problems == ()


def test_bad_rows_are_named_and_the_others_are_read() -> None:
    table = _read(("科目", "金额"), ("场地费", "十块"), ("物料费", "-5"), ("", "7"), ("礼品", "8"))
    assert [problem.number for problem in table.problems] == [2, 3, 4]
    assert [line.name for line in table.lines] == ["礼品"]


@pytest.mark.parametrize("rows", [(), (("科目",),), (("名称", "日期"), ("a", "b")), (("科目", "金额"),)])
def test_a_table_without_budget_rows_is_refused(rows: tuple[tuple[str, ...], ...]) -> None:
    with pytest.raises(InputError):
        _read(*rows)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 10**10)), min_size=1, max_size=30))
def test_no_money_of_the_rows_is_lost_whatever_the_levels(found: list[tuple[int, int]]) -> None:
    rows = [
        ("科目", "金额"),
        *(("  " * level + f"行{at}", f"{fen // 100}.{fen % 100:02d}") for at, (level, fen) in enumerate(found)),
    ]
    table = _read(*rows)
    ends = [
        next((at for at in range(i + 1, len(table.lines)) if table.lines[at].level <= line.level), len(table.lines))
        for i, line in enumerate(table.lines)
    ]
    for at, line in enumerate(table.lines):
        below = [one for one in table.lines[at + 1 : ends[at]] if one.level == line.level + 1]
        if below:
            assert line.amount == sum(one.amount or 0 for one in below)
    leaves = sum(one.amount or 0 for at, one in enumerate(table.lines) if ends[at] == at + 1)
    assert leaves == table.amount
    assert table.amount >= max(fen for _level, fen in found)


@pytest.mark.parametrize("cell", ["2026-01-01", "2026/1/31", "2026.01.05", "2026年1月1日", "2026-01-01 00:00:00"])
def test_a_date_in_the_place_of_an_amount_is_no_subtraction(cell: str) -> None:
    table = _read(("科目", "金额"), ("场地费", cell), ("物料费", "200"))
    assert [problem.number for problem in table.problems] == [2]
    assert _outline(table) == [(0, "物料费", 20_000)]
    quantity = _read(("科目", "数量", "金额"), ("场地费", cell, "1"), ("物料费", "1", "200"))
    assert [problem.number for problem in quantity.problems] == [2]


@pytest.mark.parametrize("cell", ["(200)", "（1,200.50）", "(¥200.00)", "-200"])
def test_negative_amounts_in_the_bookkeepers_way_are_refused_not_turned_round(cell: str) -> None:
    table = _read(("科目", "金额"), ("退款", cell), ("物料费", "200"))
    assert [problem.number for problem in table.problems] == [2]
    assert table.amount == 20_000


def test_sums_in_brackets_stay_calculations() -> None:
    assert _read(("科目", "金额"), ("场地费", "(80+20)*3")).lines[0].amount == 30_000


def test_a_cell_with_a_unit_of_its_own_ignores_the_unit_of_its_column() -> None:
    table = _read(("科目", "金额（万元）"), ("场地费", "2万"), ("物料费", "300元"), ("嘉宾费", "1.23456"))
    assert [line.amount for line in table.lines] == [2_000_000, 30_000, 1_234_560]


def test_the_sum_counts_the_rows_below_categories_without_amounts() -> None:
    table = _read(
        ("一级", "二级", "三级", "金额"),
        ("场地", "租金", "主厅", "1000"),
        ("", "", "副厅", "500"),
        ("", "水电", "", "200"),
        ("物料", "印刷", "", "300"),
        ("总计", "", "", "2000"),
    )
    assert table.amount == table.total == 200_000
    assert table.notes == ()

from __future__ import annotations

import pytest

from qihua_desktop.domain.budget_paste import MAX_ROWS, PastedLine, read_pasted
from qihua_desktop.domain.errors import InputError


def test_plain_columns_are_name_amount_supplier_basis():
    assert read_pasted([("主视觉", "92,000", "艺达", "三家比价")]) == (
        PastedLine("主视觉", 0, 9_200_000, None, "艺达", "三家比价"),
    )


@pytest.mark.parametrize(("cell", "percent"), [("30%", 3000), ("12.5 %", 1250), ("3成", 3000), ("３０％", 3000)])
def test_a_percentage_in_the_amount_column_is_a_share(cell, percent):
    (row,) = read_pasted([("场地", cell)])
    assert (row.amount, row.percent) == (None, percent)


def test_a_heading_says_what_columns_are_in_any_order():
    rows = [("供应商", "金额（万元）", "科目", "税率"), ("恒隆", "15", "场地", "9%")]
    assert read_pasted(rows) == (PastedLine("场地", 0, 15_000_000, None, "恒隆", tax_rate=900),)


def test_a_heading_in_english_is_understood():
    rows = [("Category", "Supplier", "Share", "Budget (yuan)"), ("Venue", "Plaza", "30.0%", "180,000.00")]
    (row,) = read_pasted(rows)
    assert (row.name, row.amount, row.supplier) == ("Venue", 18_000_000, "Plaza")


@pytest.mark.parametrize("name", ["合计", "合 计", "小计：", "总计", "Total", "subtotal"])
def test_totals_are_never_taken_over(name):
    assert len(read_pasted([("场地", "1"), (name, "1")])) == 1


def test_what_cannot_be_read_names_its_row():
    with pytest.raises(InputError) as refused:
        read_pasted([("科目", "金额"), ("场地", "1"), ("物料", "十块")])
    assert "3" in refused.value.message


@pytest.mark.parametrize("rows", [[], [("", "")], [("合计", "5")], [("", "5")]])
def test_nothing_to_paste_is_said(rows):
    with pytest.raises(InputError):
        read_pasted(rows)


def test_negative_amounts_are_refused():
    with pytest.raises(InputError):
        read_pasted([("退款", "-5")])


def test_indents_become_levels_without_gaps():
    rows = [("  场地", "1"), ("      租赁", "1"), ("    搭建", "1"), ("  物料", "1")]
    assert [row.level for row in read_pasted(rows)] == [0, 1, 1, 0]


def test_there_is_a_limit():
    with pytest.raises(InputError):
        read_pasted([("行", "1")] * (MAX_ROWS + 1))


def test_hostile_names_stay_literal():
    (row,) = read_pasted([("=cmd|'/C calc'!A0", "1")])
    assert row.name == "=cmd|'/C calc'!A0"


def test_a_pasted_date_is_no_amount_and_a_units_own_word_counts_once() -> None:
    with pytest.raises(InputError):
        read_pasted([["场地费", "2026-01-01"]])
    assert read_pasted([["科目", "金额（万元）"], ["场地费", "2万"]])[0].amount == 2_000_000

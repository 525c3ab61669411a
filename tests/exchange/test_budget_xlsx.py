"""The budget's workbook: cached values equal what LibreOffice calculates, texts stay texts, and it reads back."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from db import tables
from qihua_desktop.domain.annual import PoolLevel
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.execution import DeviationCode, DeviationReason
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.vouchers import VoucherState
from qihua_desktop.exchange.budget_xlsx import BudgetBook, write_budget
from qihua_desktop.exchange.export_budget import budget_book, export_budget
from qihua_desktop.exchange.import_budget import import_budget
from qihua_desktop.services import budget, budget_lines, contracts, pools
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.session import Session
from tests.reports.validators import recalculated
from tests.services.budget_samples import add_event, empty, open_session
from tests.services.money_samples import add_supplier, book, line

HOSTILE = (
    "=1+1",
    "+A1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "  =cmd|' /C calc'!A0",
    "<b>物料</b>",
    "＝1",
    "𠮷野家 🎉",
    "长" * 40_000,
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session: Session) -> EntityId:
    return add_event(session)


def _busy(session: Session, project_id: EntityId) -> None:
    """Fill a budget with all that the workbook shows, commitments at a category itself among them."""
    rng = random.Random(7)
    venue, material = line(session, project_id, "场地费"), line(session, project_id, "物料费")
    supplier = add_supplier(session)
    budget_lines.add_line(session, venue, "中庭租赁")
    second = budget_lines.add_line(session, venue, "搭建与保洁", amount=3_000_001)
    budget.update_line(session, second.id, tax_rate=600)
    budget.enter_price(session, second.id, unit_price=3_333, quantity=17_500)
    for row in load_budget(session, project_id).lines:
        if not row.has_children:
            budget.update_line(session, row.line.id, tax_rate=rng.choice((0, 100, 300, 600, 900, 1300)))
    budget.take_sum_as_total(session, project_id)
    made = contracts.add_contract(
        session, contracts.ContractDraft(venue, supplier, "场地合同", 15_000_000, 900)
    )  # fmt: skip
    contracts.sign_contract(session, made.id, date(2026, 8, 3))
    book(session, project_id, 14_000_000, venue, made.id, number="26312000000012345678", issued_on=date(2026, 8, 4))
    book(session, project_id, -5_055, material, number="26312000000012345679", seller_name="=1+1")
    book(session, project_id, 33_333, None, state=VoucherState.PENDING, number="26312000000012345680")
    book(session, project_id, 777, None, number="26312000000012345681")
    pool = pools.add_pool(session, 2026, "活动", 300_000_000, PoolLevel.STOP)
    pools.adjust_pool(session, pool.id, -1_000_000, "追减")
    pools.assign_project(session, project_id, pool.id)
    with session.edit("reason", project_id) as edit:
        tables.deviation_reasons.insert(
            edit, DeviationReason(new_id(), project_id, venue, DeviationCode.PRICE, "=涨价", None, 0)
        )


def _values(content: bytes, *, cached: bool) -> dict[str, dict[str, Any]]:
    loaded = openpyxl.load_workbook(io.BytesIO(content), data_only=cached)
    return {
        sheet.title: {
            cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
        }
        for sheet in loaded.worksheets
    }


def test_stored_results_are_what_libreoffice_calculates(session: Session, project_id: EntityId, tmp_path: Path) -> None:
    _busy(session, project_id)
    target = tmp_path / "预算.xlsx"
    assert export_budget(session, project_id, target) == ()
    stored = _values(target.read_bytes(), cached=True)
    formulas = _values(target.read_bytes(), cached=False)
    fresh = recalculated(target)
    compared = 0
    for sheet, cells in formulas.items():
        for cell, formula in cells.items():
            if not (isinstance(formula, str) and formula.startswith("=") and cell in stored[sheet]):
                continue
            compared += 1
            before, after = stored[sheet][cell], fresh[sheet].get(cell)
            if isinstance(before, int | float):
                assert isinstance(after, int | float), f"{sheet}!{cell} {formula}: {after!r}"
                assert after == pytest.approx(before, abs=1e-9), f"{sheet}!{cell} {formula}"
            else:
                assert (after or "") == (before or ""), f"{sheet}!{cell} {formula}"
    assert compared > 80
    checks = fresh["校验"]
    results = [value for cell, value in checks.items() if cell.startswith("C") and value != "结果"]
    assert set(results) == {"通过"}
    assert len(results) == 6


def test_figures_are_the_ledgers(session: Session, project_id: EntityId) -> None:
    _busy(session, project_id)
    shown = budget_book(session, project_id)
    view = load_budget(session, project_id)
    assert [row.gross for row in shown.rows] == [row.line.amount for row in view.lines]
    leaves = [row for row in shown.execution if not row.has_children]
    assert sum(row.actual for row in leaves) == 14_000_000 - 5_055 + 777
    assert sum(row.budget for row in leaves) == view.budget.total
    assert sum(row.contracted for row in leaves) == 15_000_000
    assert [row.name for row in shown.execution if row.own] == [
        "场地费（未分到明细）", "物料费（未分到明细）", "未归入科目"
    ]  # fmt: skip
    values = _values(write_budget(shown)[0], cached=True)
    assert values["发票台账"]["A6"] == "26312000000012345678"
    assert values["发票台账"]["D6"] == datetime(2026, 8, 4)
    assert "=涨价" in next(
        value for cell, value in values["执行对比"].items() if cell.startswith("M") and "涨价" in value
    )


def test_names_that_look_like_formulas_stay_texts(session: Session, project_id: EntityId, tmp_path: Path) -> None:
    empty(session, project_id)
    ids = [budget_lines.add_category(session, project_id, f"科目{at}").id for at in range(len(HOSTILE))]
    with session.edit("hostile", project_id) as edit:
        for at, name in enumerate(HOSTILE):
            tables.budget_lines.update(edit, ids[at], name=name, supplier=name, basis=name)
    target = tmp_path / "a.xlsx"
    notes = export_budget(session, project_id, target)
    assert len(notes) == 1
    loaded = openpyxl.load_workbook(target)
    for row, name in enumerate(HOSTILE, start=6):
        for column in "BCD":
            cell: Any = loaded["预算"][f"{column}{row}"]
            assert cell.data_type == "s"
            assert cell.value == name[:32_767]
            assert cell.hyperlink is None
            assert cell.style is not None
            assert cell.quotePrefix == (name.lstrip()[:1] in "=+-@＝")


def test_the_workbook_reads_back_as_the_same_budget(session: Session, project_id: EntityId, tmp_path: Path) -> None:
    _busy(session, project_id)
    target = tmp_path / "a.xlsx"
    export_budget(session, project_id, target)
    other = add_event(session, name="另一个项目", total=0)
    import_budget(session, other, target.read_bytes(), replace_all=True)

    def rows(identifier: EntityId) -> list[tuple[int, str, int, int, int, int]]:
        return [
            (row.level, row.line.name, row.line.amount, row.line.tax_rate if not row.has_children else 0,
             row.line.unit_price if row.line.quantity else 0, row.line.quantity)
            for row in load_budget(session, identifier).lines
        ]  # fmt: skip

    assert rows(other) == rows(project_id)
    assert load_budget(session, other).budget.total == load_budget(session, project_id).budget.total


def test_an_empty_budget_gives_a_whole_workbook() -> None:
    content, cut = write_budget(BudgetBook("空", (), 0, "零元整", (), (), (), (), 0))
    assert cut == 0
    assert set(_values(content, cached=True)) == {"预算", "执行对比", "发票台账", "年度预算池", "校验"}


def test_only_workbooks_are_written(session: Session, project_id: EntityId, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        export_budget(session, project_id, tmp_path / "a.pdf")
    assert not (tmp_path / "a.pdf").exists()

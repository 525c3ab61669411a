"""Budget files coming in: workbooks and CSV of every shape, one edit, a report, nothing half-done."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.styles import Alignment

from db import tables
from qihua_desktop.domain.budget_table import TableColumn
from qihua_desktop.domain.errors import InputError, QihuaError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.procurement import Quote, Supplier
from qihua_desktop.exchange.import_budget import import_budget, read_budget
from qihua_desktop.i18n import _
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.session import Session
from tests.services.budget_samples import add_event, open_session


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session: Session) -> EntityId:
    return add_event(session)


def _book(rows: Sequence[Sequence[Any]], *, title: str = "Sheet1", indents: Sequence[int] = ()) -> bytes:
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    for number, indent in enumerate(indents, start=2):
        sheet.cell(number, 1).alignment = Alignment(indent=indent)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


ROWS = (
    ("科目", "预算（万元）", "税率", "供应商"),
    ("场地费", 18, None, None),
    ("中庭租赁", 15.0, 0.09, "恒隆物业"),
    ("保洁", 3, "6%", None),
    ("物料费", 4.35, 0.13, None),
    ("合计", 22.35, None, None),
)


def test_a_workbook_replaces_the_budget_in_one_undoable_edit(session: Session, project_id: EntityId) -> None:
    before = {table.name: table.all(session.workspace) for table in tables.ALL}
    head = session.workspace.head()[0]
    made = import_budget(
        session, project_id, _book(ROWS, indents=(0, 1, 1, 0)), replace_all=True, take_total=True
    )  # fmt: skip
    view = load_budget(session, project_id)
    assert [(row.level, row.line.name, row.line.amount, row.line.tax_rate) for row in view.lines] == [
        (0, "场地费", 18_000_000, 0), (1, "中庭租赁", 15_000_000, 900), (1, "保洁", 3_000_000, 600),
        (0, "物料费", 4_350_000, 1300),
    ]  # fmt: skip
    assert view.budget.total == 22_350_000
    assert view.unallocated == 0
    assert made.table.notes == ()
    assert session.workspace.head()[0] == head + 1
    session.workspace.undo()
    assert {table.name: table.all(session.workspace) for table in tables.ALL} == before


def test_rows_are_added_beside_the_present_ones_and_the_total_stays(session: Session, project_id: EntityId) -> None:
    present = load_budget(session, project_id)
    import_budget(session, project_id, "名称,金额\n直播,1000\n备用金,50\n".encode())
    view = load_budget(session, project_id)
    assert [row.line.name for row in view.categories][-2:] == ["直播", "备用金"]
    assert view.budget.total == present.budget.total
    assert view.lines[-1].line.is_reserve
    assert [row.line.position for row in view.categories] == list(range(len(view.categories)))


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("科目,金额\n场地费,100\n", "utf-8-sig"),
        ("科目;金额\n场地费;100\n", "gb18030"),
        ("科目\t金额\n场地费\t100\n", "utf-16"),
    ],
)
def test_csv_is_read_in_the_encodings_spreadsheets_write(text: str, encoding: str) -> None:
    _sheet, table = read_budget(text.encode(encoding))
    assert [(line.name, line.amount) for line in table.lines] == [("场地费", 10_000)]


def test_the_sheet_that_speaks_of_a_budget_is_taken() -> None:
    book = Workbook()
    first: Any = book.active
    first.append(["名称", "金额"])
    first.append(["错", 1])
    second = book.create_sheet("2026预算")
    second.append(["名称", "金额"])
    second.append(["对", 2])
    stream = io.BytesIO()
    book.save(stream)
    assert read_budget(stream.getvalue())[1].lines[0].name == "对"
    assert read_budget(stream.getvalue(), sheet="Sheet")[1].lines[0].name == "错"
    with pytest.raises(InputError, match="缺"):
        read_budget(stream.getvalue(), sheet="缺")


def test_a_workbook_that_was_never_calculated_asks_to_be_saved_once() -> None:
    with pytest.raises(InputError, match="B2"):
        read_budget(_book((("科目", "金额"), ("场地费", "=1+1"))))


def test_bad_rows_stop_the_import_unless_they_are_skipped(session: Session, project_id: EntityId) -> None:
    content = "科目,金额\n场地费,十块\n物料费,5\n".encode()
    before = load_budget(session, project_id)
    with pytest.raises(InputError) as caught:
        import_budget(session, project_id, content)
    assert len(caught.value.details) == 1
    assert load_budget(session, project_id) == before
    made = import_budget(session, project_id, content, skip_bad_rows=True)
    assert [problem.number for problem in made.table.problems] == [2]
    assert load_budget(session, project_id).lines[-1].line.name == "物料费"


def test_lines_in_use_are_not_replaced(session: Session, project_id: EntityId) -> None:
    line = load_budget(session, project_id).lines[0].line
    supplier = Supplier(new_id(), "恒隆", "", "", "", "", "", "", "", "", True, 0)
    with session.edit("add a quote", project_id) as edit:
        tables.suppliers.insert(edit, supplier)
        tables.quotes.insert(
            edit, Quote(new_id(), project_id, line.id, supplier.id, 1, 0, None, None, False, "", "", 0)
        )
    with pytest.raises(RuleError) as caught:
        import_budget(session, project_id, _book(ROWS), replace_all=True)
    assert line.name in caught.value.details[0]


def test_columns_can_be_named_by_hand() -> None:
    content = _book((("甲", "乙"), ("场地费", 7)))
    _sheet, table = read_budget(content, mapping={0: TableColumn.NAME, 1: TableColumn.AMOUNT})
    assert [(line.name, line.amount) for line in table.lines] == [("场地费", 700)]


def _bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), b"\x00\x01\x02", _bomb(),
        "科目,金额\n".encode() + "甲,1\n".encode() * 20_200, _book(()), b"\xff\xfe\x00",
        '科目,金额\n"场地费,100\n物料费,50\n'.encode(),
    ],
    ids=["empty", "truncated", "xls", "binary", "bomb", "too many rows", "no rows", "half a character", "open quote"],
)  # fmt: skip
def test_broken_and_hostile_files_are_refused_in_words(session: Session, project_id: EntityId, content: bytes) -> None:
    before = session.workspace.head()
    with pytest.raises(QihuaError) as caught:
        import_budget(session, project_id, content)
    assert caught.value.message
    assert session.workspace.head() == before


def test_formula_like_names_and_long_names_stay_texts(session: Session, project_id: EntityId) -> None:
    names = ["=1+1|cmd", "@SUM(A1)", "<b>物料</b>", "长" * 10_000]
    import_budget(session, project_id, _book((("名称", "金额"), *((name, 1) for name in names[1:]))))
    import_budget(session, project_id, f'名称,金额\n"{names[0]}",1\n'.encode())
    found = [row.line.name for row in load_budget(session, project_id).categories]
    assert found[-4:] == [*names[1:], names[0]]


def test_a_truth_value_is_no_amount() -> None:
    _name, table = read_budget(_book([["科目", "金额"], ["场地费", True], ["物料费", 200]]))
    assert [problem.number for problem in table.problems] == [2]


def test_a_file_that_is_no_workbook_is_called_no_table_and_shows_no_library_words() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    with pytest.raises(InputError) as caught:
        read_budget(stream.getvalue())
    assert caught.value.message == _("This file cannot be read as a table.")
    assert caught.value.details == ()

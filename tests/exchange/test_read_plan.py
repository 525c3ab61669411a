"""Plan files are recognised by their content; what is damaged, hostile or of another kind is refused in plain words."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from qihua_desktop.domain.errors import Cancelled, InputError
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.plan import DONE, Task, TaskMode, instant
from qihua_desktop.domain.schedule import Network, ScheduleTask, Terms, schedule
from qihua_desktop.exchange.exported_plan import ExportedPlan
from qihua_desktop.exchange.mspdi_write import write_mspdi
from qihua_desktop.exchange.plan_columns import AmbiguousDates, DateOrder
from qihua_desktop.exchange.plan_csv import write_csv
from qihua_desktop.exchange.plan_xlsx import read_workbook, write_xlsx
from qihua_desktop.exchange.read_plan import PlanFormat, format_name, plan_format, read_plan
from tests.domain.rows import task as task_row
from tests.domain.schedule.networks import START
from tests.exchange.test_plan_tables import CHINA

pytestmark = pytest.mark.language("en")
_GAN = (
    '<?xml version="1.0" encoding="UTF-8"?><project name="年会" version="3.2"><tasks>'
    '<task id="0" name="布展" meeting="false" start="2026-11-09" duration="5" complete="40"/></tasks></project>'
).encode()


def _exported(*names: str) -> ExportedPlan:
    tasks = [ScheduleTask(new_id(), name, duration=480) for name in names]
    computed = schedule(Network(tasks, [], calendar=CHINA, terms=Terms(START)))
    rows: list[Task] = [
        replace(
            task_row(), id=one.id, parent_id=None, position=place, name=one.name, duration=480, mode=TaskMode.AUTO,
                 notes="", owner_text="", progress=2500, units=DONE,
        )
        for place, one in enumerate(tasks)
    ]  # fmt: skip
    return ExportedPlan("年会", computed, rows, [])


HOSTILE = (
    "=cmd|' /C calc'!A0",
    "@SUM(1)",
    "+1",
    "<img src=x>",
    "\u202eRTL",
    "http://example.org",
    "{=1+1}",
    "007",
    "字" * 500,
)
SAMPLES = {
    PlanFormat.MSPDI: write_mspdi(_exported("布展", "彩排")).content,
    PlanFormat.GAN: _GAN,
    PlanFormat.CSV: write_csv(_exported("布展", "彩排")).content,
    PlanFormat.XLSX: write_xlsx(_exported("布展", "彩排")).content,
}


def _workbook(rows: list[list[object]], *, before: int = 0) -> bytes:
    book = Workbook()
    sheet = book.active
    for _number in range(before):
        sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("kind", SAMPLES)
def test_each_kind_is_recognised_and_read_by_its_content(kind: PlanFormat) -> None:
    assert plan_format(SAMPLES[kind]) is kind
    plan = read_plan(SAMPLES[kind], name="文件名")
    assert plan.tasks[0].name == "布展"
    assert plan.name == ("文件名" if kind in (PlanFormat.CSV, PlanFormat.XLSX) else "年会")
    assert format_name(kind)


def test_encodings_marks_and_blank_lines_do_not_hide_the_kind() -> None:
    text = SAMPLES[PlanFormat.MSPDI].decode()
    for content in (
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("UTF-8", "UTF-16").encode("utf-16"),
        text.replace('"UTF-8"', '"GBK"').encode("gb18030"),
        text.replace("<Project", "<!-- <project> --><?note x?>\n<Project").encode(),
    ):
        assert plan_format(content) is PlanFormat.MSPDI
        assert read_plan(content).tasks[0].name == "布展"
    table = SAMPLES[PlanFormat.CSV].decode("utf-8-sig")
    for content in (table.encode("utf-16"), table.encode("gb18030"), b"\xef\xbb\xbf" + table.encode()):
        assert read_plan(content).tasks[1].name == "彩排"


@pytest.mark.parametrize("name", HOSTILE)
def test_texts_stay_texts_in_workbooks(name: str) -> None:
    content = write_xlsx(_exported(name)).content
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet is not None
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert not any(cell.hyperlink for row in sheet.iter_rows() for cell in row)
    assert read_plan(content).tasks[0].name == name.strip()


def test_a_workbook_has_real_dates_and_percentages() -> None:
    sheet = load_workbook(io.BytesIO(SAMPLES[PlanFormat.XLSX])).active
    assert sheet is not None
    values = [cell.value for cell in sheet[2]]
    assert 0.25 in values
    assert any(isinstance(value, datetime) for value in values)


def test_a_hand_made_workbook_is_read_from_the_first_sheet_with_rows() -> None:
    rows: list[list[object]] = [
        ["2026 年会"],
        ["序号", "任务", "开始", "工期", "前置任务", "进度"],
        [1, "布展", datetime(2026, 9, 17), "2天", None, 0.5],
        [2, "彩排", None, 1, 1, None],
    ]
    content = _workbook(rows, before=2)
    plan = read_plan(content)
    assert [task.name for task in plan.tasks] == ["布展", "彩排"]
    assert plan.tasks[0].start == instant(datetime(2026, 9, 17))
    assert plan.tasks[1].duration == 480
    assert len(plan.links) == 1


def test_ambiguous_dates_are_asked_for_in_tables_only() -> None:
    content = _workbook([["Task", "Start"], ["x", "03/04/2026"]])
    with pytest.raises(AmbiguousDates):
        read_plan(content)
    assert read_plan(content, date_order=DateOrder.DAY_FIRST).tasks[0].start == instant(datetime(2026, 4, 3))


def _zip(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def _with_part(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(SAMPLES[PlanFormat.XLSX])) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return stream.getvalue()


_LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "content",
    [
        b"", b" \n ", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"%PDF-1.7\n", b"PK\x03\x04broken",
        _zip(**{"word/document.xml": b"<w/>"}),
        _zip(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}),
        _LAUGHS + b"<Project>&b;</Project>", _LAUGHS + b"<project>&b;</project>", b"<html><body/></html>",
        _with_part("xl/sharedStrings.xml", _LAUGHS + b"<sst>&b;</sst>"),
        _with_part("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"),
        _with_part("xl/worksheets/sheet1.xml", b" " * (210 * 1024 * 1024)),
        _workbook([["Task", "Predecessors"], ["x", "9"]]), _workbook([["a", "b"], [1, 2]]), _workbook([]),
        bytes(range(256)) * 20,
    ],
    ids=lambda content: repr(content[:12]),
)  # fmt: skip
def test_what_is_no_plan_is_refused_in_one_sentence(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_plan(content)
    assert caught.value.message
    assert "\n" not in caught.value.one_line()


def test_a_cell_far_away_costs_neither_time_nor_memory() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["任务", "工期"])
    sheet.append(["布展", "1d"])
    sheet.cell(1_048_576, 16_384, "x")
    stream = io.BytesIO()
    book.save(stream)
    rows = read_workbook(stream.getvalue())
    assert len(rows) == 2
    assert [task.name for task in read_plan(stream.getvalue()).tasks] == ["布展"]


@pytest.mark.parametrize("kind", SAMPLES)
@given(cut=st.floats(0.01, 0.99))
@settings(max_examples=25)
def test_a_file_cut_anywhere_is_refused_or_read_and_never_fails_otherwise(kind: PlanFormat, cut: float) -> None:
    content = SAMPLES[kind]
    try:
        plan = read_plan(content[: int(len(content) * cut)])
    except InputError:
        return
    assert kind is PlanFormat.CSV  # a table has no end mark
    assert len(plan.tasks) <= 2


@given(st.binary(max_size=400), st.sampled_from(sorted(SAMPLES)), st.floats(0, 1))
@settings(max_examples=80)
def test_spoilt_bytes_are_refused_or_read_and_never_fail_otherwise(noise: bytes, kind: str, at: float) -> None:
    content = SAMPLES[PlanFormat(kind)]
    place = int(len(content) * at)
    try:
        plan = read_plan(content[:place] + noise + content[place + len(noise) :])
    except InputError:
        return
    assert all(task.duration >= 0 and task.finish >= task.start for task in plan.tasks)


def test_a_long_table_is_read_in_one_pass() -> None:
    lines = ["任务,工期,前置任务", *(f"任务 {number},1d,{number - 1 or ''}" for number in range(1, 30_001))]
    plan = read_plan("\n".join(lines).encode())
    assert len(plan.tasks) == 30_000
    assert len(plan.links) == 29_999
    computed = schedule(plan.network())
    assert computed.project_finish > computed.project_start


def test_too_many_rows_are_refused() -> None:
    text = "任务\n" + "布展\n" * 120_001
    with pytest.raises(InputError):
        read_plan(text.encode())


@pytest.mark.parametrize("kind", [PlanFormat.MSPDI, PlanFormat.GAN, PlanFormat.XLSX])
def test_reading_can_be_stopped(kind: PlanFormat) -> None:
    def stop(_done: int, _total: int) -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        read_plan(SAMPLES[kind], progress=stop)


def test_losses_of_a_workbook_are_told(tmp_path: Path) -> None:
    plan = _exported("布展")
    assert write_xlsx(plan).dropped == ()
    long = ExportedPlan("x", plan.schedule, [replace(plan.tasks[0], notes="长" * 40_000)], [])
    written = write_xlsx(long)
    assert len(written.dropped) >= 1
    (tmp_path / "plan.xlsx").write_bytes(written.content)
    assert read_plan((tmp_path / "plan.xlsx").read_bytes()).tasks[0].notes == "长" * 32_767

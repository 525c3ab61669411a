"""What other programs write and the corpus lacks: each is read rightly, or says in plain words what was done."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import Cancelled, InputError, RuleError
from qihua_desktop.domain.plan import LagKind, TaskMode, day_of
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.exchange.import_plan import ImportReport, import_plan
from qihua_desktop.exchange.read_plan import read_plan
from qihua_desktop.services.plan_state import plan_state
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import fresh_session

pytestmark = pytest.mark.language("en")


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = fresh_session(tmp_path)
    yield opened
    opened.workspace.close()


def task(uid: int, extra: str = "", *, level: int = 1, duration: str = "PT8H0M0S", start: str = "2026-03-02") -> str:
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>task {uid}</Name><OutlineLevel>{level}</OutlineLevel>"
        f"<Start>{start}T09:00:00</Start><Finish>{start}T18:00:00</Finish><Duration>{duration}</Duration>{extra}</Task>"
    )


def link(uid: int, *, lag: str = "0", form: int = 7, kind: int = 1) -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>{kind}</Type><LinkLag>{lag}</LinkLag>"
        f"<LagFormat>{form}</LagFormat></PredecessorLink>"
    )


def plan(*tasks: str, head: str = "", tail: str = "", declared: str = "UTF-8", namespace: bool = True) -> str:
    space = ' xmlns="http://schemas.microsoft.com/project"' if namespace else ""
    return (
        f'<?xml version="1.0" encoding="{declared}"?><Project{space}><StartDate>2026-03-02T09:00:00</StartDate>{head}'
        f"<Tasks>{''.join(tasks)}</Tasks>{tail}</Project>"
    )


def stored(session: Session, content: str | bytes) -> ImportReport:
    return import_plan(session, content.encode() if isinstance(content, str) else content, "P", kind=ProjectKind.BRAND)


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + plan(task(1)).encode(),
        plan(task(1), namespace=False).encode(),
        plan(task(1), declared="UTF-16").encode("utf-16"),
        plan(task(1), declared="ISO-8859-1").encode("latin-1"),
        plan(task(1)).replace("<Project xmlns=", "<p:Project xmlns:p=").replace("</Project>", "</p:Project>").encode(),
        b"\r\n  " + plan(task(1)).partition("?>")[2].encode(),
    ],
    ids=["byte order mark", "no namespace", "utf-16", "latin-1", "prefix", "no declaration"],
)
def test_encodings_and_namespaces(session: Session, content: bytes) -> None:
    assert stored(session, content).tasks == 1


def test_rows_without_content_and_missing_or_empty_fields() -> None:
    bare = "<Task><UID>2</UID></Task><Task><UID>3</UID><Name/><Start/><Finish></Finish><Duration/><Notes/></Task>"
    null = "<Task><UID>4</UID><IsNull>1</IsNull><OutlineLevel>0</OutlineLevel><Start>1984-01-01T00:00:00</Start></Task>"
    read = read_plan(plan(task(1), bare, null).encode())
    assert [row.name for row in read.tasks] == ["task 1", "", ""]
    assert "1 empty row was left out." in read.dropped


def test_negative_percent_and_elapsed_lags_and_durations_in_months() -> None:
    read = read_plan(
        plan(
            task(1),
            task(2, link(1, lag="-2400")),
            task(3, link(2, lag="-50", form=19)),
            task(4, link(3, lag="14400", form=8)),
            task(5, "<DurationFormat>11</DurationFormat>", duration="PT160H0M0S"),
        ).encode()
    )
    assert [(one.lag, one.lag_kind) for one in read.links] == [
        (-240, LagKind.WORKING), (-5000, LagKind.PERCENT), (1440, LagKind.ELAPSED),
    ]  # fmt: skip
    assert read.tasks[4].duration == 9600


def test_seconds_are_rounded_and_said() -> None:
    read = read_plan(plan(task(1, duration="PT7H59M31S")).encode())
    assert read.tasks[0].duration == 480
    assert any("rounded" in line for line in read.dropped)


def test_inactive_and_external_tasks_keep_their_dates(session: Session) -> None:
    inactive = task(2, "<Active>0</Active>" + link(1), start="2026-05-04")
    outside = task(3, link(99), start="2026-06-01")
    report = stored(session, plan(task(1), inactive, outside))
    state = plan_state(session, report.project.id)
    found = {one.name: one for one in state.tasks.values()}
    assert found["task 2"].mode is found["task 3"].mode is TaskMode.PINNED
    assert str(day_of(state.start(found["task 3"].id))) == "2026-06-01"
    assert sum("inactive" in line or "another file" in line for line in report.dropped) == 2


def test_a_chain_of_base_calendars_counts_and_a_circle_of_them_does_not_hang() -> None:
    day = "<WeekDays><WeekDay><DayType>2</DayType><DayWorking>0</DayWorking></WeekDay></WeekDays>"
    hours = (
        "<WorkingTimes><WorkingTime><FromTime>09:00:00</FromTime><ToTime>17:00:00</ToTime></WorkingTime></WorkingTimes>"
    )
    week = "".join(
        f"<WeekDay><DayType>{one}</DayType><DayWorking>1</DayWorking>{hours}</WeekDay>" for one in range(2, 7)
    )
    chain = (
        f"<CalendarUID>3</CalendarUID><Calendars><Calendar><UID>1</UID><WeekDays>{week}</WeekDays></Calendar>"
        f"<Calendar><UID>2</UID><BaseCalendarUID>1</BaseCalendarUID>{day}</Calendar>"
        "<Calendar><UID>3</UID><BaseCalendarUID>2</BaseCalendarUID></Calendar>"
        "<Calendar><UID>4</UID><BaseCalendarUID>5</BaseCalendarUID></Calendar>"
        "<Calendar><UID>5</UID><BaseCalendarUID>4</BaseCalendarUID></Calendar></Calendars>"
    )
    read = read_plan(plan(task(1), head=chain).encode())
    assert [bool(periods) for periods in read.calendar.working_time.week] == [
        False,
        True,
        True,
        True,
        True,
        False,
        False,
    ]


def test_material_and_cost_items_are_kept_for_export(session: Session) -> None:
    things = (
        "<Resources><Resource><UID>1</UID><Name>砖</Name><Type>0</Type></Resource><Resource><UID>2</UID><Name>差旅</Name>"
        "<Type>2</Type></Resource></Resources><Assignments><Assignment><UID>1</UID><TaskUID>1</TaskUID><ResourceUID>1"
        "</ResourceUID><Units>5</Units></Assignment></Assignments>"
    )
    report = stored(session, plan(task(1), tail=things))
    assert any("kept for export" in line and "2 material or cost items" in line for line in report.dropped)
    assert tables.assignments.count(session.workspace) == 0


def test_a_plan_over_sixty_years_is_imported_and_one_beyond_the_calendar_refused(session: Session) -> None:
    last = task(
        2, "<ConstraintType>4</ConstraintType><ConstraintDate>2086-03-04T09:00:00</ConstraintDate>", start="2086-03-04"
    )
    report = stored(session, plan(task(1), last))
    assert report.differences == ()
    before = {table.name: table.all(session.workspace) for table in tables.ALL}
    with pytest.raises(InputError, match="1900 to 2200"):
        stored(session, plan(task(1), task(2, link(1), duration="PT800000H0M0S")))
    assert {table.name: table.all(session.workspace) for table in tables.ALL} == before


def test_a_loop_leaves_nothing_behind_in_any_format(session: Session) -> None:
    before = {table.name: table.all(session.workspace) for table in tables.ALL}
    gan = (
        '<project name="x"><tasks><task id="1" name="a" start="2026-03-02" duration="1"><depend id="2"/></task>'
        '<task id="2" name="b" start="2026-03-02" duration="1"><depend id="1"/></task></tasks></project>'
    )
    table = "No.,Task,Duration,Predecessors\r\n1,a,1d,2\r\n2,b,1d,1\r\n"
    for content in (plan(task(1, link(2)), task(2, link(1))), gan, table):
        with pytest.raises(RuleError):
            stored(session, content)
    assert {one.name: one.all(session.workspace) for one in tables.ALL} == before


@pytest.mark.parametrize(
    "content",
    [
        b'<project name="x"><tasks><task id="1" name="a"',
        b'<!DOCTYPE project [<!ENTITY a "b">]><project name="&a;"/>',
        b"<project><tasks>" + b'<task id="1">' * 5_000 + b"</task>" * 5_000 + b"</tasks></project>",
        b'<?xml version="1.0" encoding="UTF-8"?><project name="\xff\xfe"/>',
    ],
    ids=["truncated", "document type", "deep", "encoding"],
)
def test_damaged_gan_files_are_refused_in_plain_words(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_plan(content)
    assert caught.value.advice


def test_gan_and_tables_say_what_they_correct() -> None:
    gan = read_plan(b'<project><tasks><task id="1" name="a" start="2026-03-02" duration="-4"/></tasks></project>')
    table = read_plan("Task,Duration\r\n搭建,-3d\r\n".encode())
    for read in (gan, table):
        assert [row.duration for row in read.tasks] == [0]
        assert "1 negative duration was set to 0." in read.dropped


def test_a_workbook_that_unpacks_into_too_much_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _block in range(260):
                part.write(b" " * 1_000_000)
    with pytest.raises(InputError, match="cannot be read"):
        read_plan(stream.getvalue())


def test_a_hundred_thousand_rows_of_a_table_are_read_and_can_be_cancelled() -> None:
    rows = "".join(
        f"{row},task {row},,2026-03-02,2026-03-04,{row - 1 if row % 9 > 1 else ''}\r\n" for row in range(1, 100_001)
    )
    content = ("No.,Task,Duration,Start,Finish,Predecessors\r\n" + rows).encode()
    assert len(read_plan(content).tasks) == 100_000
    told: list[int] = []

    def stop(done: int, _of: int) -> None:
        told.append(done)
        if len(told) > 3:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        read_plan(content, progress=stop)
    assert len(told) == 4


def test_shares_in_a_table_name_several_people(session: Session) -> None:
    report = stored(session, 'Task,Duration,Owner\r\n搭建,2d,张伟、李娜 50%\r\n布展,1d,"Ann[50%],Bob"\r\n')
    found = [(row.name, row.units) for row in tables.assignments.all(session.workspace, project_id=report.project.id)]
    assert ("李娜", 5000) in found
    assert ("Bob", 10_000) in found

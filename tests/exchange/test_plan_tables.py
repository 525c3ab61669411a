"""Plans as CSV and iCalendar: what is written reads back, nothing runs as a formula, ambiguous dates are asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.plan import DONE, ConstraintType, LagKind, LinkType, Task, TaskMode, instant
from qihua_desktop.domain.plan import Link as PlanLink
from qihua_desktop.domain.schedule import Network, ScheduleLink, ScheduleTask, Terms, schedule
from qihua_desktop.exchange.exported_plan import ExportedPlan
from qihua_desktop.exchange.ics import write_ics
from qihua_desktop.exchange.plan_columns import AmbiguousDates, DateOrder
from qihua_desktop.exchange.plan_csv import read_csv, write_csv
from qihua_desktop.exchange.predecessors import Predecessor, parse_predecessors, predecessors_text
from tests.domain.schedule.networks import START, plans

pytestmark = pytest.mark.language("en")
PROJECT = new_id()
CHINA = Calendars(around=START).workspace()


def _row(task: ScheduleTask, position: int = 0, **values: object) -> Task:
    given_values: dict[str, object] = {
        "id": task.id, "project_id": PROJECT, "parent_id": task.parent_id, "stage_id": None, "position": position,
        "name": task.name, "owner_id": None, "owner_text": "", "duration": task.duration, "elapsed": task.elapsed,
        "milestone": not task.duration, "mode": TaskMode.AUTO, "start": 0, "finish": 0,
        "constraint": task.constraint, "constraint_at": task.constraint_at, "deadline": task.deadline, "progress": 0,
        "actual_start": None, "actual_finish": None, "priority": 500, "units": DONE, "notes": "", "external_ref": "",
    }  # fmt: skip
    return Task(**{**given_values, **values})  # type: ignore[arg-type]


def _exported(tasks: list[ScheduleTask], links: list[ScheduleLink], rows: list[Task] | None = None) -> ExportedPlan:
    result = schedule(Network(tasks, links, calendar=CHINA, terms=Terms(START)))
    plan_links = [
        PlanLink(link.id, PROJECT, link.predecessor_id, link.successor_id, link.type, link.lag, link.lag_kind)
        for link in links
    ]
    return ExportedPlan("Plan", result, rows or [_row(task) for task in tasks], plan_links)


@settings(max_examples=60, deadline=None)
@given(plans(constraints=False, summaries=False))
def test_a_plan_reads_back_from_csv(plan: tuple[list[ScheduleTask], list[ScheduleLink]]) -> None:
    tasks = [ScheduleTask(task.id, task.name, None, task.duration, task.elapsed) for task in plan[0]]
    exported = _exported(tasks, plan[1])
    back = read_csv(write_csv(exported).content)
    again = schedule(back.network())
    assert len(back.links) == len(plan[1])
    for ours, theirs in zip(exported.tasks, back.tasks, strict=True):
        assert (ours.name, ours.duration, ours.elapsed) == (theirs.name, theirs.duration, theirs.elapsed)
        assert exported.schedule.start(ours.id) == again.start(theirs.id)
        assert exported.schedule.finish(ours.id) == again.finish(theirs.id)


def test_terms_outline_and_notes_survive() -> None:
    stage = ScheduleTask(new_id(), "阶段")
    task = ScheduleTask(
        new_id(), "=cmd|' /C calc'!A0", stage.id, 480,
        constraint=ConstraintType.FNLT, constraint_at=START + 5000, deadline=START + 6000,
    )  # fmt: skip
    rows = [_row(stage), _row(task, notes='+1, "two"\nlines', owner_text="李明", progress=2500)]
    content = write_csv(_exported([stage, task], [], rows)).content
    assert content.startswith(b"\xef\xbb\xbf")
    assert b",'=cmd|" in content
    above, back = read_csv(content).tasks
    assert (back.name, back.notes, back.owner_text, back.progress) == (rows[1].name, rows[1].notes, "李明", 2500)
    assert (back.constraint, back.constraint_at, back.deadline) == (ConstraintType.FNLT, START + 5000, START + 6000)
    assert back.parent_id == above.id


def test_ganttprojects_table_is_read_up_to_its_people() -> None:
    text = (
        "ID,Name,Begin date,End date,Duration,Completion,Predecessors,Outline number\n"
        "0,Design,20/11/2026,24/11/2026,3,50,,1\n1,Build,25/11/2026,26/11/2026,2,0,0-FS=P0D,2\n\n\n"
        "ID,Name,Default role\n0,Somebody,Undefined\n"
    )
    plan = read_csv(text.encode())
    assert [task.name for task in plan.tasks] == ["Design", "Build"]
    assert plan.tasks[0].duration == 3 * 480
    assert plan.tasks[0].start == instant(datetime(2026, 11, 20))
    result = schedule(plan.network())
    assert result.start(plan.tasks[1].id) == instant(datetime(2026, 11, 25, 9))


def test_a_quotation_mark_that_is_never_closed_is_refused_rather_than_swallowing_rows() -> None:
    whole = '任务,工期\n"布展\n与撤展",1d\n搭建,2d\n'
    assert [task.name for task in read_csv(whole.encode()).tasks][1] == "搭建"
    assert len(read_csv(whole.rstrip().encode()).tasks) == 2
    with pytest.raises(InputError, match="cannot be read") as refused:
        read_csv('任务,工期\n"布展,1d\n搭建,2d\n'.encode())
    assert "never closed" in str(refused.value.details)


def test_ambiguous_dates_are_asked_for() -> None:
    text = "任务,开始,工期\n布展,03/04/2026,1\n".encode()
    with pytest.raises(AmbiguousDates):
        read_csv(text)
    assert read_csv(text, date_order=DateOrder.DAY_FIRST).tasks[0].start == instant(datetime(2026, 4, 3))
    assert read_csv(text, date_order=DateOrder.MONTH_FIRST).tasks[0].start == instant(datetime(2026, 3, 4))
    assert read_csv("任务,开始\n布展,2026年3月4日\n".encode("gb18030")).tasks[0].start == instant(datetime(2026, 3, 4))


@pytest.mark.parametrize(
    "text",
    ["", "a,b\n1,2\n", "Task,Predecessors\nx,99\n", "Task,Predecessors\nx,soon\n", "Task,Start\nx,soon\n",
     "Task,Duration\nx,long\n", "Task,Progress\nx,half\n"],
)  # fmt: skip
def test_unreadable_tables_are_refused_in_plain_words(text: str) -> None:
    with pytest.raises(InputError):
        read_csv(text.encode())


@given(
    st.lists(
        st.builds(
            Predecessor, st.integers(1, 9999), st.sampled_from(LinkType), st.integers(-5000, 5000),
            st.sampled_from([LagKind.WORKING, LagKind.ELAPSED, LagKind.PERCENT]),
        ).map(lambda link: link if link.lag else Predecessor(link.row, link.type)),
        max_size=4,
    )
)  # fmt: skip
def test_predecessors_are_written_as_they_are_read(links: list[Predecessor]) -> None:
    assert parse_predecessors(predecessors_text(links)) == tuple(links)


def test_events_are_folded_escaped_and_end_exclusively() -> None:
    whole = ScheduleTask(new_id(), "物料, 制作; 验收" + "长" * 60, duration=960)
    point = ScheduleTask(new_id(), "签到", pinned=(instant(datetime(2026, 11, 7, 9, 30)),) * 2)
    exported = _exported([whole, point], [])
    content = write_ics(
        exported, zone=timezone(timedelta(hours=8)), stamp=datetime(2026, 11, 1, tzinfo=UTC), sequence=3
    )
    lines = content.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    text = content.decode().replace("\r\n ", "")
    assert "SUMMARY:物料\\, 制作\\; 验收长长" in text
    assert "DTSTART;VALUE=DATE:20261102\r\nDTEND;VALUE=DATE:20261104\r\n" in text
    assert "DTSTART:20261107T013000Z" in text
    assert text.count("SEQUENCE:3") == 2
    assert text.endswith("END:VCALENDAR\r\n")

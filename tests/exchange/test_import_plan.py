"""Importing real plans as projects: one edit, an honest list of differences, dates kept on request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.plan import ScheduleDirection, TaskMode
from qihua_desktop.exchange.import_plan import import_plan
from qihua_desktop.exchange.read_plan import read_plan
from qihua_desktop.services.plan_state import plan_state
from qihua_desktop.services.session import Session
from tests.corpus import corpus_files
from tests.services.workspace_samples import fresh_session

FILES = [
    *corpus_files("gantt/mspdi_from_mpp", "*.xml"),
    *corpus_files("gantt/mspdi_native", "*.xml"),
    *corpus_files("gantt/gan", "*.gan"),
]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = fresh_session(tmp_path)
    yield opened
    opened.workspace.close()


@pytest.mark.skipif(not FILES, reason="the test corpus is not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_real_plan_becomes_a_project_and_is_undone_whole(path: Path, session: Session) -> None:
    before = {table.name: table.all(session.workspace) for table in tables.ALL}
    entries = session.workspace.head()[0]
    report = import_plan(session, path.read_bytes(), "导入")
    assert session.workspace.head()[0] == entries + 1
    plan = read_plan(path.read_bytes())
    stored = tables.tasks.all(session.workspace, project_id=report.project.id)
    assert [task.name for task in sorted(stored, key=lambda one: one.external_ref)] == [
        task.name for task in sorted(plan.tasks, key=lambda one: one.external_ref)
    ]
    assert tables.links.count(session.workspace, project_id=report.project.id) == len(plan.links)
    state = plan_state(session, report.project.id)
    assert all(state.start(task.id) == task.start and state.finish(task.id) == task.finish for task in stored)
    session.undo()
    assert {table.name: table.all(session.workspace) for table in tables.ALL} == before


@pytest.mark.skipif(not FILES, reason="the test corpus is not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_kept_dates_are_the_files_dates(path: Path, session: Session) -> None:
    content = path.read_bytes()
    report = import_plan(session, content, "导入", keep_dates=True)
    plan = read_plan(content)
    refs = {task.id: task.external_ref for task in plan.tasks}
    parents = {task.parent_id for task in plan.tasks}
    stored = {task.external_ref: task for task in tables.tasks.all(session.workspace, project_id=report.project.id)}
    calendar = plan.calendar.working_time
    for row in plan.stored:
        task = stored[refs[row.task_id]]
        if row.task_id not in parents and row.start is not None and row.finish is not None:
            assert calendar.same(task.start, row.start), task.name
            assert calendar.same(task.finish, row.finish), task.name
    assert all(difference.kept for difference in report.differences)
    assert all(difference.name in difference.words() for difference in report.differences)
    pinned = {task.name for task in stored.values() if task.mode is TaskMode.PINNED}
    assert bool(pinned) >= bool([one for one in report.differences if one.task_id not in parents])


@pytest.mark.skipif(not FILES, reason="the test corpus is not on this machine")
def test_every_difference_has_a_cause_and_computed_plans_have_none(session: Session) -> None:
    differing = {}
    for path in FILES:
        report = import_plan(session, path.read_bytes(), path.stem[:80])
        assert all(difference.cause_text() for difference in report.differences)
        if report.differences:
            differing[path.name] = len(report.differences)
    # GanttProject does not count leave, a workspace does.
    leave = {"KDE__calligraplan__ganttproject.gan": 3}
    assert differing == {"aspose__SplitTaskFinishDate.xml": 8, "aspose__not_updated.xml": 4, **leave}


def test_another_programs_backward_plan_sits_late(session: Session) -> None:
    text = """<Project xmlns="http://schemas.microsoft.com/project"><ScheduleFromStart>0</ScheduleFromStart>
    <StartDate>2026-08-03T09:00:00</StartDate><FinishDate>2026-08-07T18:00:00</FinishDate><Tasks><Task><UID>1</UID>
    <ID>1</ID><Name>布展</Name><OutlineLevel>1</OutlineLevel><Start>2026-08-07T09:00:00</Start>
    <Finish>2026-08-07T18:00:00</Finish><Duration>PT8H0M0S</Duration></Task></Tasks></Project>"""
    report = import_plan(session, text.encode(), "倒排")
    assert report.differences == ()
    assert report.project.direction is ScheduleDirection.BACKWARD
    assert report.project.key_on == date(2026, 8, 7)
    assert any("1 个无约束的任务" in line for line in report.dropped)


def _file_task(uid: int, name: str, start: str, finish: str, hours: int, more: str = "") -> str:
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>{name}</Name><OutlineLevel>1</OutlineLevel><Start>{start}</Start>"
        f"<Finish>{finish}</Finish><Duration>PT{hours}H0M0S</Duration>{more}</Task>"
    )


@pytest.mark.parametrize("asked", ["", "<ConstraintType>0</ConstraintType>", "<ConstraintType>1</ConstraintType>"])
def test_a_plan_from_its_finish_has_chains_at_the_end_and_dated_tasks_on_their_dates(
    session: Session, asked: str
) -> None:
    link = "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink>"
    held = "<ConstraintType>4</ConstraintType><ConstraintDate>2026-08-03T09:00:00</ConstraintDate>"
    rows = (
        _file_task(1, "策划", "2026-08-10T09:00:00", "2026-08-11T18:00:00", 16, asked),
        _file_task(2, "制作", "2026-08-12T09:00:00", "2026-08-14T18:00:00", 24, asked + link),
        _file_task(3, "通知", "2026-08-14T09:00:00", "2026-08-14T18:00:00", 8, asked),
        _file_task(4, "限期", "2026-08-03T09:00:00", "2026-08-03T18:00:00", 8, held),
    )
    text = f"""<Project xmlns="http://schemas.microsoft.com/project"><ScheduleFromStart>0</ScheduleFromStart>
    <StartDate>2026-08-03T09:00:00</StartDate><FinishDate>2026-08-14T18:00:00</FinishDate>
    <Tasks>{"".join(rows)}</Tasks></Project>"""
    report = import_plan(session, text.encode(), "倒排")
    assert report.differences == ()
    assert any("3 个无约束的任务" in line for line in report.dropped) == ("1<" not in asked)


def test_a_difference_names_the_calendar_that_a_task_has_in_the_file(session: Session) -> None:
    def week(uid: int, name: str, days: range) -> str:
        hours = "<FromTime>09:00:00</FromTime><ToTime>17:00:00</ToTime>"
        times = f"<WorkingTimes><WorkingTime>{hours}</WorkingTime></WorkingTimes>"
        rows = (
            f"<WeekDay><DayType>{day}</DayType><DayWorking>{int(day in days)}</DayWorking>"
            f"{times if day in days else ''}</WeekDay>"
            for day in range(1, 8)
        )
        base = "<IsBaseCalendar>1</IsBaseCalendar>"
        return f"<Calendar><UID>{uid}</UID><Name>{name}</Name>{base}<WeekDays>{''.join(rows)}</WeekDays></Calendar>"

    row = _file_task(1, "布展", "2026-08-08T09:00:00", "2026-08-08T17:00:00", 8, "<CalendarUID>2</CalendarUID>")
    text = f"""<Project xmlns="http://schemas.microsoft.com/project"><CalendarUID>1</CalendarUID>
    <StartDate>2026-08-03T09:00:00</StartDate><Calendars>{week(1, "标准", range(2, 7))}{week(2, "周末班", range(7, 8))}
    </Calendars><Tasks>{row}</Tasks></Project>"""
    report = import_plan(session, text.encode(), "周末")
    assert ["“周末班”" in one.cause_text() for one in report.differences] == [True]


def test_a_plan_that_begins_within_a_day_keeps_its_hour(session: Session) -> None:
    text = """<Project xmlns="http://schemas.microsoft.com/project"><StartDate>2026-08-03T14:00:00</StartDate><Tasks>
    <Task><UID>1</UID><ID>1</ID><Name>布展</Name><OutlineLevel>1</OutlineLevel><Start>2026-08-03T14:00:00</Start>
    <Finish>2026-08-03T18:00:00</Finish><Duration>PT4H0M0S</Duration></Task></Tasks></Project>"""
    report = import_plan(session, text.encode(), "下午")
    assert report.differences == ()
    assert any("14:00" in line for line in report.dropped)


@pytest.mark.skipif(not FILES, reason="the test corpus is not on this machine")
def test_a_file_cut_anywhere_is_refused_with_nothing_stored(session: Session) -> None:
    content = FILES[0].read_bytes()
    head = session.workspace.head()
    for part in range(1, 20):
        with pytest.raises(QihuaError):
            import_plan(session, content[: len(content) * part // 20], "半个")
    assert session.workspace.head() == head

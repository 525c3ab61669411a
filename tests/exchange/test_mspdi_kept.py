"""What MSPDI files have beside the model is kept by UID and goes back in schema order, as it was."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.exchange.export_plan import exported_plan, write_plan
from qihua_desktop.exchange.import_plan import import_plan
from qihua_desktop.exchange.mspdi_kept import KeptSource, unpacked
from qihua_desktop.exchange.mspdi_order import ASSIGNMENT, PROJECT, RESOURCE, TASK
from qihua_desktop.exchange.read_plan import PlanFormat, read_plan
from qihua_desktop.services.plan import delete_tasks, set_duration
from qihua_desktop.services.plan_shares import shares_text
from qihua_desktop.services.plan_state import plan_state
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import fresh_session

pytestmark = pytest.mark.language("en")

FIELD = "<ExtendedAttribute><FieldID>188743731</FieldID><Value>甲 &amp; 乙 &lt;b&gt;</Value></ExtendedAttribute>"
OUTLINE = "<OutlineCode><FieldID>188744588</FieldID><ValueID>3</ValueID></OutlineCode>"
RATES = "<Rates><Rate><RatesFrom>1984-01-01T00:00:00</RatesFrom><StandardRate>50</StandardRate></Rate></Rates>"
DAYS = (
    "<TimephasedData><Type>1</Type><UID>1</UID><Start>2026-03-02T09:00:00</Start>"
    "<Finish>2026-03-02T18:00:00</Finish><Unit>2</Unit><Value>PT8H0M0S</Value></TimephasedData>"
)
DEFINED = (
    "<ExtendedAttribute><FieldID>188743731</FieldID><FieldName>Text1</FieldName><Alias>供应商</Alias>"
    "</ExtendedAttribute>"
)
OFFICE = "".join(
    f"<WeekDay><DayType>{day}</DayType><DayWorking>1</DayWorking><WorkingTimes><WorkingTime><FromTime>09:00:00"
    "</FromTime><ToTime>12:00:00</ToTime></WorkingTime><WorkingTime><FromTime>13:00:00</FromTime><ToTime>18:00:00"
    "</ToTime></WorkingTime></WorkingTimes></WeekDay>"
    for day in range(2, 7)
)
PLAN = f"""<?xml version="1.0" encoding="UTF-8"?>
<Project xmlns="http://schemas.microsoft.com/project"><Name>P</Name><Company>星河</Company>
<StartDate>2026-03-02T09:00:00</StartDate><FinishDate>2026-03-03T18:00:00</FinishDate>
<CurrencyCode>USD</CurrencyCode><CalendarUID>1</CalendarUID><StatusDate>2026-03-01T09:00:00</StatusDate>
<ExtendedAttributes>{DEFINED}</ExtendedAttributes>
<Calendars><Calendar><UID>1</UID><Name>Standard</Name><WeekDays>{OFFICE}</WeekDays></Calendar>
<Calendar><UID>7</UID><Name>Night</Name><BaseCalendarUID>1</BaseCalendarUID></Calendar></Calendars>
<Tasks><Task><UID>5</UID><ID>1</ID><Name>one</Name><Type>0</Type><OutlineLevel>1</OutlineLevel>
<Start>2026-03-02T09:00:00</Start><Finish>2026-03-02T18:00:00</Finish><Duration>PT8H0M0S</Duration>
<FixedCost>500</FixedCost><CalendarUID>-1</CalendarUID><Hyperlink>x</Hyperlink>{FIELD}{OUTLINE}</Task>
<Task><UID>9</UID><ID>2</ID><Name>two</Name><OutlineLevel>1</OutlineLevel><Start>2026-03-02T09:00:00</Start>
<Finish>2026-03-02T18:00:00</Finish><Duration>PT8H0M0S</Duration><CalendarUID>7</CalendarUID>{FIELD}</Task></Tasks>
<Resources><Resource><UID>3</UID><ID>1</ID><Name>张伟</Name><Type>1</Type><Initials>Z</Initials><MaxUnits>2</MaxUnits>
<StandardRate>80</StandardRate>{FIELD}{RATES}</Resource>
<Resource><UID>4</UID><ID>2</ID><Name>李娜</Name><Type>1</Type></Resource>
<Resource><UID>6</UID><ID>3</ID><Name>砖</Name><Type>0</Type><MaterialLabel>块</MaterialLabel></Resource></Resources>
<Assignments><Assignment><UID>1</UID><TaskUID>5</TaskUID><ResourceUID>3</ResourceUID><Finish>2026-03-02T18:00:00</Finish>
<Start>2026-03-02T09:00:00</Start><Units>1</Units><Work>PT8H0M0S</Work>{DAYS}</Assignment>
<Assignment><UID>2</UID><TaskUID>5</TaskUID><ResourceUID>4</ResourceUID><Finish>2026-03-02T18:00:00</Finish>
<Start>2026-03-02T09:00:00</Start><Units>0.5</Units><Work>PT4H0M0S</Work></Assignment>
<Assignment><UID>3</UID><TaskUID>5</TaskUID><ResourceUID>6</ResourceUID><Units>12</Units><Work>PT12H0M0S</Work></Assignment>
</Assignments></Project>"""
KEPT_TEXTS = (FIELD, OUTLINE, RATES, DAYS, DEFINED, "<Company>星河</Company>", "<CurrencyCode>USD</CurrencyCode>",
              "<FixedCost>500</FixedCost>", "<Initials>Z</Initials>", "<MaxUnits>2</MaxUnits>",
              "<MaterialLabel>块</MaterialLabel>", "<Units>12</Units>", "<Name>Night</Name>")  # fmt: skip


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = fresh_session(tmp_path)
    yield opened
    opened.workspace.close()


def exported(session: Session, content: str = PLAN) -> str:
    report = import_plan(session, content.encode(), "P")
    return write_plan(exported_plan(session, report.project.id), PlanFormat.MSPDI).content.decode()


def test_unmodelled_parts_come_back_word_for_word(session: Session) -> None:
    written = exported(session)
    for text in KEPT_TEXTS:
        assert written.count(text) == PLAN.count(text), text


def test_children_stand_in_the_order_of_the_schema(session: Session) -> None:
    written = exported(session)
    for tag, order in (("Task", TASK), ("Resource", RESOURCE), ("Assignment", ASSIGNMENT)):
        for inside in re.findall(f"<{tag}>(.*?)</{tag}>", written):
            places = [order[one] for one in _children(inside)]
            assert places == sorted(places)
    top = _children(written[written.index("<Project") :].partition(">")[2].rpartition("</Project>")[0])
    assert [PROJECT[one] for one in top] == sorted(PROJECT[one] for one in top)


def _children(inside: str) -> list[str]:
    found: list[str] = []
    while inside:
        tag = inside[1 : inside.index(">")]
        found.append(tag)
        inside = inside[inside.index(f"</{tag}>") + len(tag) + 3 :].lstrip()
        while found[-1] == tag and inside.startswith(f"</{tag}>"):
            inside = inside[len(tag) + 3 :]
    return found


def test_several_people_keep_their_shares_and_are_added_once(session: Session) -> None:
    report = import_plan(session, PLAN.encode(), "P")
    again = import_plan(session, PLAN.encode(), "Q")
    state = plan_state(session, report.project.id)
    first = next(task for task in state.tasks.values() if task.name == "one")
    assert shares_text(state, first.id) == "张伟、李娜 50%"
    names = [person.name for person in tables.people.all(session.workspace)]
    assert names.count("张伟") == names.count("李娜") == 1
    assert any("2 people of the file were added" in line for line in report.dropped)
    assert not any("added to the workspace" in line for line in again.dropped)
    assert any("kept for export" in line and "custom fields" in line for line in report.dropped)


def test_what_belongs_to_a_deleted_task_is_not_written_and_changed_work_is_said(session: Session) -> None:
    report = import_plan(session, PLAN.encode(), "P")
    state = plan_state(session, report.project.id)
    one, two = (next(task.id for task in state.tasks.values() if task.name == name) for name in ("one", "two"))
    delete_tasks(session, report.project.id, (two,))
    set_duration(session, report.project.id, (one,), 960)
    written = write_plan(exported_plan(session, report.project.id), PlanFormat.MSPDI)
    text = written.content.decode()
    assert text.count(FIELD) == PLAN.count(FIELD) - 1
    assert "<Name>Night</Name>" not in text
    assert DAYS not in text
    assert any("work by days" in line for line in written.dropped)
    assert read_plan(written.content).tasks[0].duration == 960


def test_undoing_the_import_removes_people_and_kept_parts(session: Session) -> None:
    before = {table.name: table.all(session.workspace) for table in tables.ALL}
    import_plan(session, PLAN.encode(), "P")
    assert tables.plan_sources.count(session.workspace) == 1
    assert tables.assignments.count(session.workspace) == 2
    session.workspace.undo()
    assert {table.name: table.all(session.workspace) for table in tables.ALL} == before


def test_kept_parts_that_are_damaged_are_simply_not_there() -> None:
    assert not unpacked(b"")
    assert not unpacked(b"x" * 50)
    kept = KeptSource(project={"Company": "<Company>x</Company>"})
    assert unpacked(kept.packed()).project == kept.project
    assert not unpacked(kept.packed()[:-9])

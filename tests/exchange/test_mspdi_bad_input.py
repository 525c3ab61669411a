"""Damaged, hostile and absurd files are refused in plain words or read with a report, in bounded time and memory."""

from __future__ import annotations

import pytest

from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.schedule import schedule
from qihua_desktop.exchange.mspdi import read_mspdi

pytestmark = pytest.mark.language("en")

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
NAMESPACE = 'xmlns="http://schemas.microsoft.com/project"'


def task(uid: int, extra: str = "", *, level: int = 1, duration: str = "PT8H0M0S", name: str = "") -> str:
    return (
        f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>{name or f'task {uid}'}</Name><OutlineLevel>{level}</OutlineLevel>"
        f"<Start>2026-03-02T09:00:00</Start><Finish>2026-03-02T18:00:00</Finish><Duration>{duration}</Duration>"
        f"{extra}</Task>"
    )


def after(uid: int) -> str:
    return f"<PredecessorLink><PredecessorUID>{uid}</PredecessorUID><Type>1</Type></PredecessorLink>"


def project(*tasks: str, before: str = "") -> bytes:
    text = (
        f"{HEAD}{before}<Project {NAMESPACE}><StartDate>2026-03-02T09:00:00</StartDate><Tasks>{''.join(tasks)}</Tasks>"
    )
    return (text + "</Project>").encode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 1000,
        b"PK\x03\x04 not xml",
        b"<Project><Tasks><Task>",
        project(task(1))[:-30],
        project(task(1)).replace(b"UTF-8", b"UTF-16"),
        project(task(1)).replace(b"task 1", b"\xff\xfe\xfa"),
        b'<?xml version="1.0" encoding="nonsense"?><Project/>',
        HEAD.encode() + b"<html><body>no plan</body></html>",
        b"<Project>" * 100_000,
    ],
)
def test_what_is_no_plan_is_refused_in_plain_words(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read_mspdi(content)
    assert caught.value.message
    assert caught.value.advice


def test_document_types_and_entities_are_refused() -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    outside = '<!DOCTYPE Project SYSTEM "file:///etc/passwd">'
    for before in (laughs, outside):
        with pytest.raises(InputError, match="document type"):
            read_mspdi(project(task(1, name="&b;"), before=before))


def test_a_loop_of_links_is_refused_naming_it() -> None:
    plan = read_mspdi(project(task(1, after(3)), task(2, after(1)), task(3, after(2))))
    with pytest.raises(RuleError) as caught:
        plan.network()
    assert set(caught.value.details) == {"task 1", "task 2", "task 3"}


def test_a_task_that_waits_for_itself_or_its_summary_is_refused() -> None:
    for rows in ([task(1, after(1))], [task(1), task(2, after(1), level=2)]):
        with pytest.raises(RuleError):
            read_mspdi(project(*rows)).network()


def test_negative_and_endless_durations_are_corrected_and_reported() -> None:
    plan = read_mspdi(
        project(task(1, duration="-PT8H0M0S"), task(2, duration="PT99999999999H0M0S"), task(3, duration="8h"))
    )
    assert [row.duration for row in plan.tasks] == [0, 100 * 366 * 1440, 0]
    assert "1 negative duration was set to 0." in plan.dropped
    assert "1 duration was cut to 100 years." in plan.dropped
    assert "1 unreadable duration was set to 0." in plan.dropped


def test_a_plan_that_leaves_the_calendar_is_refused_when_scheduled() -> None:
    rows = [task(uid, after(uid - 1) if uid > 1 else "", duration="PT400000H0M0S") for uid in range(1, 4)]
    plan = read_mspdi(project(*rows))
    with pytest.raises(InputError, match="1900 to 2200"):
        schedule(plan.network())


def test_outlines_deeper_than_a_hundred_levels_are_flattened() -> None:
    plan = read_mspdi(project(*(task(level, level=level) for level in range(1, 3001))))
    assert len(plan.tasks) == 3000
    assert any("moved up" in line for line in plan.dropped)
    assert len(schedule(plan.network())) == 3000


def test_numbers_that_repeat_or_are_missing_still_give_every_row() -> None:
    plan = read_mspdi(project(task(7), task(7), task(-3), "<Task><Name>bare</Name></Task>"))
    assert [row.name for row in plan.tasks] == ["task 7", "task 7", "task -3", "bare"]
    assert len({row.id for row in plan.tasks}) == 4


def test_a_calendar_without_working_time_does_not_hang() -> None:
    idle = "<Calendars><Calendar><UID>1</UID><Name>idle</Name></Calendar></Calendars><CalendarUID>1</CalendarUID>"
    content = project(task(1)).replace(b"<Tasks>", idle.encode() + b"<Tasks>")
    plan = read_mspdi(content)
    assert any("project calendar" in line for line in plan.dropped)
    assert len(schedule(plan.network())) == 1


def test_hostile_names_are_plain_text() -> None:
    name = "&lt;img src=x&gt; =cmd|' /C calc'!A0 \u202e" + "长" * 20_000
    plan = read_mspdi(project(task(1, name=name)))
    assert plan.tasks[0].name.startswith("<img src=x> =cmd|' /C calc'!A0 \u202e长")
    assert len(plan.tasks[0].name) == 10_000


def test_chinese_encodings_of_old_programs_are_read() -> None:
    content = project(task(1, name="物料制作")).decode().replace("UTF-8", "GB2312").encode("gb18030")
    assert read_mspdi(content).tasks[0].name == "物料制作"


def test_a_hundred_thousand_rows_are_read_or_refused_in_bounded_time() -> None:
    rows = [task(uid, after(uid - 1) if uid > 1 and uid % 50 else "") for uid in range(1, 100_001)]
    plan = read_mspdi(project(*rows))
    assert len(plan.tasks) == 100_000
    with pytest.raises(InputError) as caught:
        read_mspdi(project(*(f"<Task><UID>{uid}</UID></Task>" for uid in range(130_000))))
    assert caught.value.details == ("The file has more than 120000 rows.",)

"""GanttProject's files: whole days, links in the predecessor, hardness, holidays, people and baselines."""

from __future__ import annotations

from pathlib import Path

import pytest

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.plan import LinkType, moment
from qihua_desktop.domain.schedule import schedule
from qihua_desktop.exchange.date_differences import date_differences
from qihua_desktop.exchange.gan import read_gan
from tests.corpus import corpus_files

pytestmark = pytest.mark.language("en")

# ruff: noqa: E501
PLAN = """<?xml version="1.0" encoding="UTF-8"?><project name="年会" version="3.3">
<calendars><day-types><default-week id="1" sun="1" mon="0" tue="0" wed="0" thu="0" fri="0" sat="1"/>
<only-show-weekends value="{shown}"/></day-types>
<date year="2026" month="11" date="11" type="HOLIDAY"><![CDATA[Day off]]></date>
<date year="" month="11" date="14" type="WORKING_DAY"/></calendars>
<tasks><task id="1" name="设计" meeting="false" start="2026-11-09" duration="5" complete="40" webLink="https%3A%2F%2Fa.b">
<notes><![CDATA[first]]></notes><depend id="2" type="2" difference="1" hardness="Strong"/>
<depend id="9" type="2" difference="0" hardness="Strong"/></task>
<task id="2" name="制作" start="2026-11-18" duration="2"/>
<task id="3" name="阶段" start="2026-11-20" duration="1"><task id="4" name="签到" meeting="true" start="2026-11-20" duration="0"/></task>
</tasks>
<resources><resource id="0" name="李明" contacts="a@b.c"><rate name="standard" value="800"/></resource></resources>
<allocations><allocation task-id="1" resource-id="0" load="50.0" responsible="true"/></allocations>
<previous><previous-tasks name="v1"><previous-task id="1" start="2026-11-02" duration="3" meeting="false"/></previous-tasks></previous>
</project>"""


@pytest.mark.parametrize("path", corpus_files("gantt/gan", "*.gan"), ids=lambda path: path.stem)
def test_real_plans_fall_on_their_stored_dates(path: Path) -> None:
    plan = read_gan(path.read_bytes())
    assert plan.tasks
    leaves = {row.task_id for row in plan.stored if not row.summary}
    assert [found for found in date_differences(plan, schedule(plan.network())) if found.task_id in leaves] == []


def test_days_links_lags_and_holidays() -> None:
    plan = read_gan(PLAN.format(shown="false").encode())
    design, making, stage, check_in = plan.tasks
    assert (plan.name, design.progress, design.notes) == ("年会", 4000, "first\nhttps://a.b")
    assert str(moment(design.finish)) == "2026-11-14 18:00:00"
    [link] = plan.links
    assert (link.type, link.lag, link.successor_id) == (LinkType.FS, 480, making.id)
    assert check_in.parent_id == stage.id
    assert check_in.milestone
    assert plan.dropped == ("1 unusable link was left out.",)
    result = schedule(plan.network())
    assert str(moment(result.start(making.id))) == "2026-11-17 09:00:00"
    assert date_differences(plan, result)[0].name == "制作"


def test_people_and_baselines() -> None:
    plan = read_gan(PLAN.format(shown="false").encode())
    assert [(person.name, person.rate) for person in plan.resources] == [("李明", 10_000)]
    assert [(row.units, row.work) for row in plan.assignments] == [(5000, 1200)]
    assert plan.tasks[0].owner_text == "李明"
    assert [baseline.name for baseline in plan.baselines] == ["v1"]
    assert str(moment(plan.baseline_tasks[0].finish)) == "2026-11-04 18:00:00"


def test_weekends_that_are_only_shown_are_worked() -> None:
    plan = read_gan(PLAN.format(shown="true").encode())
    assert str(moment(plan.tasks[0].finish)) == "2026-11-14 18:00:00"
    assert plan.calendar.working_time.is_working(plan.tasks[0].start + 6 * 1440)


@pytest.mark.parametrize("content", [b"", b"<project", b"<Project/>", b"<!DOCTYPE a []><project/>"])
def test_what_is_no_plan_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        read_gan(content)


def test_an_empty_plan_is_empty() -> None:
    plan = read_gan(b"<project name='x'><tasks/></project>")
    assert plan.tasks == ()
    assert len(schedule(plan.network())) == 0

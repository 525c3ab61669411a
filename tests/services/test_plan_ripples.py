"""Whatever is edited, every date that follows moves at once and is told with its old and new dates and the cause."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from qihua_desktop.domain.calendars import Announcement, national_calendar
from qihua_desktop.domain.plan import ConstraintType, LinkType, ScheduleDirection
from qihua_desktop.services import plan, plan_calendar
from qihua_desktop.services.plan_calendar import DayChange
from qihua_desktop.services.plan_commit import Outcome
from qihua_desktop.services.plan_explain import why
from qihua_desktop.services.plan_state import plan_state
from tests.services.plan_samples import PlanSample, add_person, at, open_sample, text, three_in_a_row


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[PlanSample]:
    found = open_sample(tmp_path)
    three_in_a_row(found)
    yield found
    found.session.workspace.close()


@pytest.fixture
def winter(tmp_path: Path) -> Iterator[PlanSample]:
    """A plan across the last announced year's end: 调研 (2 d) → 策划 (3 d) → 审批 (1 d) from Tuesday 29 December."""
    found = open_sample(tmp_path, key_on=date(2026, 12, 29))
    three_in_a_row(found)
    yield found
    found.session.workspace.close()


EDITS: dict[str, Callable[[PlanSample], Outcome]] = {
    "move": lambda s: plan.move_tasks(s.session, s.project.id, (s.ids["调研"],), s.ids["调研"], at(8, 6)),
    "move by days": lambda s: plan.move_by_days(s.session, s.project.id, (s.ids["策划"],), 2),
    "start": lambda s: plan.set_start(s.session, s.project.id, s.ids["调研"], at(8, 6)),
    "finish": lambda s: plan.set_finish(s.session, s.project.id, s.ids["调研"], at(8, 7, 18)),
    "begin": lambda s: plan.set_begin(s.session, s.project.id, s.ids["策划"], at(8, 6)),
    "duration": lambda s: plan.set_duration(s.session, s.project.id, (s.ids["调研"],), 480),
    "elapsed duration": lambda s: plan.set_duration(s.session, s.project.id, (s.ids["调研"],), 9000, elapsed=True),
    "milestone": lambda s: plan.set_milestone(s.session, s.project.id, (s.ids["调研"],), milestone=True),
    "constraint": lambda s: plan.set_constraint(
        s.session, s.project.id, (s.ids["策划"],), ConstraintType.SNET, at(8, 12)
    ),
    "lag": lambda s: plan.change_link(
        s.session, s.project.id, next(iter(s.state.into(s.ids["策划"]))).id, LinkType.FS, 480
    ),
    "link type": lambda s: plan.change_link(
        s.session, s.project.id, next(iter(s.state.into(s.ids["策划"]))).id, LinkType.SS, 0
    ),
    "unlink": lambda s: plan.remove_link(s.session, s.project.id, next(iter(s.state.into(s.ids["策划"]))).id),
    "delete": lambda s: plan.delete_tasks(s.session, s.project.id, (s.ids["调研"],)),
    "key date": lambda s: plan.set_key_date(s.session, s.project.id, date(2026, 8, 10), ScheduleDirection.FORWARD),
    "turn round": lambda s: plan.set_key_date(s.session, s.project.id, date(2026, 9, 18), ScheduleDirection.BACKWARD),
}


@pytest.mark.parametrize("kind", EDITS)
def test_every_edit_tells_what_moved_from_where_to_where_and_why(sample: PlanSample, kind: str) -> None:
    old = {one: (sample.state.start(one), sample.state.finish(one)) for one in sample.ids.values()}
    stored = sample.content()
    outcome = EDITS[kind](sample)
    state = sample.state
    moved = {one.task_id: one for one in outcome.moved}
    assert moved
    for task_id in state.tasks:
        new = (state.start(task_id), state.finish(task_id))
        assert (task_id in moved) == (new != old[task_id]), state.tasks[task_id].name
        if task_id in moved:
            one = moved[task_id]
            assert (one.old_start, one.old_finish, one.new_start, one.new_finish) == (*old[task_id], *new)
            assert one.edited or one.cause, (kind, one.name)
            assert why(state, task_id)
    sample.session.undo()
    assert sample.content() == stored


def test_a_project_that_starts_later_names_that_as_the_cause(sample: PlanSample) -> None:
    outcome = EDITS["key date"](sample)
    assert [(one.name, bool(one.cause)) for one in outcome.moved] == [("调研", True), ("策划", True), ("审批", True)]
    assert [one.cause for one in outcome.moved[1:]] == ["调研", "策划"]


def test_a_stage_that_waits_is_the_cause_of_what_lies_in_it(sample: PlanSample) -> None:
    stage = sample.add("搭建")
    sample.add("进场", parent_id=stage, duration=480)
    sample.link("审批", "搭建")
    outcome = plan.set_duration(sample.session, sample.project.id, (sample.ids["审批"],), 960)
    assert [(one.name, one.cause) for one in outcome.moved] == [("审批", ""), ("进场", "审批")]


def _year(**days: list[str]) -> bytes:
    return json.dumps({"off": days["off"], "work": days["work"], "names": {}, "source": "test"}).encode()


def _days_moved(sample: PlanSample, act: Callable[[], object]) -> Outcome:
    before = plan_state(sample.session, sample.project.id)
    act()
    return plan_calendar.days_outcome(before, plan_state(sample.session, sample.project.id), "节假日")


def test_a_years_holidays_read_from_a_file_move_the_plan_at_once(winter: PlanSample) -> None:
    last = national_calendar().last_year
    assert last == 2026
    assert (winter.start("策划"), winter.finish("策划")) == ("12-31 09:00", "01-04 18:00")  # 2027 is only guessed
    content = _year(off=["2027-01-01", "2027-01-04"], work=["2027-01-02"])
    outcome = _days_moved(winter, lambda: plan_calendar.import_year(winter.session, content))
    assert (winter.start("策划"), winter.finish("策划")) == ("12-31 09:00", "01-05 18:00")
    assert winter.start("审批") == "01-06 09:00"
    told = [(one.name, text(one.old_finish), text(one.new_finish), one.cause) for one in outcome.moved]
    assert told == [
        ("策划", "01-04 18:00", "01-05 18:00", "节假日"),
        ("审批", "01-05 18:00", "01-06 18:00", "策划"),
    ]
    winter.session.undo()
    assert winter.finish("策划") == "01-04 18:00"


def test_days_beyond_the_last_known_year_are_not_announced_and_its_last_days_tentative(winter: PlanSample) -> None:
    calendars = winter.state.calendars
    kinds = {day: calendars.day(day, winter.project.id).announcement for day in _turn_of_year()}
    assert [kinds[day] for day in _turn_of_year()] == [
        Announcement.ANNOUNCED,
        Announcement.TENTATIVE,
        Announcement.TENTATIVE,
        Announcement.TENTATIVE,
        Announcement.NOT_ANNOUNCED,
    ]
    assert calendars.rests_on_unannounced(date(2026, 12, 28), date(2026, 12, 29))
    assert not calendars.rests_on_unannounced(date(2026, 12, 27), date(2026, 12, 28))
    plan_calendar.import_year(winter.session, _year(off=["2027-01-01"], work=[]))
    calendars = winter.state.calendars
    assert {calendars.day(day).announcement for day in _turn_of_year()} == {Announcement.ANNOUNCED}
    assert calendars.day(date(2027, 12, 29)).announcement is Announcement.TENTATIVE


def _turn_of_year() -> tuple[date, ...]:
    return (date(2026, 12, 28), date(2026, 12, 29), date(2026, 12, 30), date(2026, 12, 31), date(2027, 1, 1))


def test_a_projects_own_days_win_over_the_workspace_and_the_holidays(sample: PlanSample) -> None:
    off = DayChange(date(2026, 8, 5), date(2026, 8, 5), working=False, name="停电")
    outcome = _days_moved(sample, lambda: plan_calendar.change_days(sample.session, off))
    assert sample.start("策划") == "08-06 09:00"
    assert [(one.name, one.cause) for one in outcome.moved] == [("策划", "节假日"), ("审批", "策划")]
    work = DayChange(date(2026, 8, 5), date(2026, 8, 5), working=True)
    plan_calendar.change_days(sample.session, work, sample.project.id)
    assert sample.start("策划") == "08-05 09:00"
    saturday = DayChange(date(2026, 8, 8), date(2026, 8, 8), working=True, name="加班")
    plan_calendar.change_days(sample.session, saturday, sample.project.id)
    assert sample.start("审批") == "08-08 09:00"
    assert plan_calendar.change_days(sample.session, DayChange(date(2026, 8, 8), date(2026, 8, 8), working=None)) == 0


def test_a_persons_days_off_move_only_what_they_do_and_what_follows(sample: PlanSample) -> None:
    person = add_person(sample, "周航")
    plan.set_owner(sample.session, sample.project.id, (sample.ids["策划"],), person.id)
    leave = DayChange(date(2026, 8, 3), date(2026, 8, 6), working=False, name="年假")
    outcome = _days_moved(sample, lambda: plan_calendar.change_days(sample.session, leave, None, person.id))
    assert sample.start("调研") == "08-03 09:00"
    assert sample.start("策划") == "08-07 09:00"
    assert [one.name for one in outcome.moved] == ["策划", "审批"]
    moved = plan.set_owner(sample.session, sample.project.id, (sample.ids["策划"],), None).moved
    assert [one.name for one in moved] == ["策划", "审批"]
    assert sample.start("策划") == "08-05 09:00"

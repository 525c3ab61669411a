from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import day_start
from qihua_desktop.domain.project import ProjectKind, ProjectStatus
from qihua_desktop.domain.today import (
    NextEvent,
    TodaySignOff,
    TodayTask,
    late_tasks,
    next_event,
    sign_offs_waiting,
    tasks_due,
)
from tests.domain import rows

TODAY = date(2026, 9, 1)
ME, OTHER = rows.key(50), rows.key(51)


def row(number, start, finish, owner: EntityId | None = ME, *, summary=False, project=None, **fields):
    """A task from the morning of one day to the evening of another, in days from today."""
    begin = day_start(TODAY + timedelta(days=start)) + 540
    end = day_start(TODAY + timedelta(days=finish)) + 1080
    task = rows.task(number, start=begin, finish=end, owner_id=owner, **fields)
    return TodayTask(task, project or rows.project(), is_summary=summary)


def names(due):
    return [each.task.id[-1] for each in due]


def test_my_tasks_are_late_running_or_due_soon_the_most_urgent_first():
    found = tasks_due(
        [row(1, 5, 7), row(2, -5, -1), row(3, 0, 30), row(4, 6, 8), row(5, -3, 0), row(6, 0, 0, owner=OTHER)], ME, TODAY
    )
    assert names(found) == [2, 5, 1, 3]
    assert [each.days_left for each in found] == [-1, 0, 7, 30]


def test_finished_and_summary_tasks_and_closed_projects_are_left_out():
    closed = rows.project(status=ProjectStatus.CLOSED)
    found = [row(1, 0, 0, progress=10000), row(2, 0, 0, summary=True), row(3, 0, 0, project=closed)]
    assert tasks_due(found, ME, TODAY) == late_tasks(found, TODAY + timedelta(days=9)) == ()


def test_tasks_without_an_owner_fall_to_the_projects_owner():
    mine = rows.project(owner_id=ME)
    found = [
        row(1, 0, 0, None, project=mine),
        row(2, 0, 0, None),
        row(3, 0, 0, None, project=mine, owner_text="设计部"),
    ]
    assert names(tasks_due(found, ME, TODAY)) == [1]
    assert tasks_due(found, None, TODAY) == ()


def test_late_means_the_last_day_or_the_deadline_has_passed():
    deadline = day_start(TODAY)
    found = late_tasks([row(1, -3, -1, OTHER), row(2, -3, 0), row(3, -3, 4, deadline=deadline)], TODAY)
    assert names(found) == [1, 3]
    assert all(each.late for each in found)


@given(st.lists(st.tuples(st.integers(-20, 20), st.integers(0, 10), st.sampled_from([ME, OTHER])), max_size=12))
def test_whatever_is_late_and_mine_is_in_both_lists(drawn):
    found = [row(at, start, start + length, owner) for at, (start, length, owner) in enumerate(drawn, 1)]
    late = {each.task.id for each in late_tasks(found, TODAY) if each.task.owner_id == ME}
    assert late == {each.task.id for each in tasks_due(found, ME, TODAY) if each.late}


def sign_off(number, person=ME, since=0, due=None, **fields):
    return TodaySignOff(rows.project(**fields), rows.key(number), rows.key(1), person, "方案", 1, since, due)


def test_sign_offs_waiting_on_me_come_by_limit_then_by_waiting_time():
    found = sign_offs_waiting(
        [
            sign_off(1),
            sign_off(2, due=9),
            sign_off(3, OTHER),
            sign_off(4, since=-5),
            sign_off(5, due=3),
            sign_off(6, status=ProjectStatus.CANCELLED),
        ],
        ME,
    )
    assert [each.seat_id[-1] for each in found] == [5, 2, 4, 1]


def test_the_next_event_is_the_nearest_active_one_from_today_on():
    def project(days, **fields):
        return rows.project(key_on=TODAY + timedelta(days=days), **fields)

    coming = next_event(
        [
            project(-1),
            project(9),
            project(5, name="near"),
            project(1, kind=ProjectKind.BRAND),
            project(2, status=ProjectStatus.CANCELLED),
        ],
        TODAY,
    )
    assert coming is not None
    assert (coming.project.name, coming.days_left) == ("near", 5)
    assert next_event([project(-1), project(0)], TODAY) == NextEvent(project(0), 0)
    assert next_event([], TODAY) is None

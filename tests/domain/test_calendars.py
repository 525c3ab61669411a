"""China's working days, and what a workspace, a project and a person change in them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from qihua_desktop.domain.calendars import (
    Announcement,
    Calendars,
    DayKind,
    WorkingHours,
    add_working_days,
    national_calendar,
    read_year,
    working_days,
)
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import CalendarDay, instant
from resources import resource_bytes


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text))


def override(
    day: str, *, working: bool, hours: str = "", project: EntityId | None = None, person: EntityId | None = None
) -> CalendarDay:
    return CalendarDay(new_id(), project, person, date.fromisoformat(day), working, hours, "named")


def test_every_known_year_has_the_published_number_of_working_days() -> None:
    national = national_calendar()
    assert [year.year for year in national.years] == list(range(2004, 2027))
    assert sum(len(year.off) for year in national.years) == 621
    assert sum(len(year.work) for year in national.years) == 150
    workspace = Calendars().workspace()
    counts = {
        year.year: len(working_days(workspace, date(year.year, 1, 1), date(year.year, 12, 31)))
        for year in national.years
    }
    assert min(counts.values()) == 248
    assert max(counts.values()) == 252
    assert counts[2026] == 248


def test_make_up_days_are_weekends_that_are_worked() -> None:
    workspace = Calendars().workspace()
    made_up = {day for year in national_calendar().years for day in year.work}
    assert all(day.weekday() >= 5 for day in made_up)
    assert {day for day in made_up if day.year == 2026} == {
        date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 5, 9), date(2026, 9, 20), date(2026, 10, 10)
    }  # fmt: skip
    assert workspace.between(at("2026-02-14T00:00"), at("2026-02-15T00:00")) == 480


def test_the_spring_festival_is_stepped_over_and_its_make_up_day_worked() -> None:
    workspace = Calendars().workspace()
    friday = at("2026-02-13T18:00")
    assert workspace.add(friday, 480) == at("2026-02-14T18:00")
    assert workspace.next_start(workspace.add(friday, 480)) == at("2026-02-24T09:00")
    assert workspace.add(at("2026-02-24T09:00"), -480) == at("2026-02-14T09:00")


def test_days_say_what_they_are() -> None:
    calendars = Calendars()
    assert calendars.day(date(2026, 2, 17)).kind is DayKind.HOLIDAY
    assert calendars.day(date(2026, 2, 17)).name == "春节"
    assert calendars.day(date(2026, 2, 28)).kind is DayKind.MAKE_UP
    assert calendars.day(date(2026, 3, 1)).kind is DayKind.WEEKEND
    assert calendars.day(date(2026, 3, 2)).kind is DayKind.WORKDAY
    assert calendars.day(date(2026, 3, 2)).name == ""


def test_beyond_the_last_known_year_nothing_is_announced() -> None:
    national = national_calendar()
    assert national.announcement(date(2026, 12, 28)) is Announcement.ANNOUNCED
    assert national.announcement(date(2026, 12, 29)) is Announcement.TENTATIVE
    assert national.announcement(date(2027, 1, 1)) is Announcement.NOT_ANNOUNCED
    assert national.info(date(2027, 1, 1)).working
    assert Calendars().rests_on_unannounced(date(2026, 11, 1), date(2027, 1, 4))
    assert not Calendars().rests_on_unannounced(date(2026, 11, 1), date(2026, 12, 28))


def test_a_new_years_file_replaces_the_guess() -> None:
    year = read_year(
        b'{"off": ["2027-01-01"], "work": ["2027-01-03"], "names": {"2027-01-01": "x"}, "source": "notice"}'
    )
    calendars = Calendars(national=national_calendar().with_years([year]))
    assert not calendars.day(date(2027, 1, 1)).working
    assert calendars.day(date(2027, 1, 3)).working
    assert calendars.day(date(2027, 1, 1)).announcement is Announcement.ANNOUNCED
    assert calendars.national.last_year == 2027


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"{}", b'{"off": 3, "work": []}', b'{"off": ["2027-13-01"], "work": []}', b"\xff\xfe",
        b'{"off": ["2027-01-01", "2028-01-01"], "work": []}', b'{"off": ["2027-01-01"], "work": ["2027-01-01"]}',
        b"[" * 100_000, b'{"off": [], "work": []}',
    ],
)  # fmt: skip
def test_what_is_no_year_file_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        read_year(content)


def test_shipped_year_files_read_alone() -> None:
    year = read_year(resource_bytes("calendars/cn-2026.json"))
    assert (year.year, len(year.off), len(year.work)) == (2026, 33, 6)
    assert year.source


def test_the_nearest_override_wins() -> None:
    project, person = new_id(), new_id()
    calendars = Calendars(
        [
            override("2026-03-07", working=True),
            override("2026-03-07", working=False, project=project),
            override("2026-03-07", working=True, hours="600-660", person=person),
        ]
    )
    day = (at("2026-03-07T00:00"), at("2026-03-08T00:00"))
    assert calendars.workspace().between(*day) == 480
    assert calendars.project(project).between(*day) == 0
    assert calendars.person(person, project).between(*day) == 60
    assert calendars.person(person).between(*day) == 60
    assert calendars.person(None, project) is calendars.project(project)
    assert calendars.person(new_id(), project) is calendars.project(project)
    assert calendars.day(date(2026, 3, 7), project).kind is DayKind.DAY_OFF


def test_custom_hours_and_weekdays() -> None:
    hours = WorkingHours(((600, 720),), frozenset(range(6)))
    calendar = Calendars(hours=hours).workspace()
    assert hours.minutes == 120
    assert calendar.between(at("2026-03-02T00:00"), at("2026-03-09T00:00")) == 6 * 120
    assert calendar.between(at("2026-02-14T00:00"), at("2026-02-15T00:00")) == 120


def test_unreadable_hours_fall_back_to_the_usual_ones() -> None:
    calendar = Calendars([override("2026-03-07", working=True, hours="soon")]).workspace()
    assert calendar.between(at("2026-03-07T00:00"), at("2026-03-08T00:00")) == 480


def test_working_days_are_counted_both_ways() -> None:
    workspace = Calendars().workspace()
    assert add_working_days(workspace, date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert add_working_days(workspace, date(2026, 2, 24), -1) == date(2026, 2, 14)
    assert add_working_days(workspace, date(2026, 2, 17), 0) == date(2026, 2, 24)

"""The Gantt chart as a scene: instants and pixels agree, only what is visible is built, marks are in place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.calendars import Announcement, DayInfo, DayKind
from qihua_desktop.domain.gantt_scale import HEADER_HEIGHT, TimeScale, TimeUnit, header, unit_for, weekday_calendar
from qihua_desktop.domain.gantt_scene import BAR_HEIGHT, BAR_TOP, ROW_HEIGHT, BarKind, GanttChart, GanttLink, GanttRow
from qihua_desktop.domain.plan import LinkType, instant
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box, Group, Line, Polygon, Polyline, Primitive, Rect, Text, hit

FIRST = date(2026, 8, 3)
SCALE = TimeScale(FIRST, 12.0)
HOLIDAY = date(2026, 9, 25)
MAKE_UP = date(2026, 9, 20)


def at(text: str) -> int:
    return instant(datetime.fromisoformat(f"2026-{text}"))


def calendar(day: date) -> DayInfo:
    if day == HOLIDAY:
        return DayInfo(day, False, DayKind.HOLIDAY, "中秋", Announcement.ANNOUNCED)
    if day == MAKE_UP:
        return DayInfo(day, True, DayKind.MAKE_UP, "", Announcement.ANNOUNCED)
    return weekday_calendar(day)


def row(key: str, start: str, finish: str, **traits: object) -> GanttRow:
    base = GanttRow(key, key, key, "", at(start), at(finish))
    return replace(base, **traits)


def chart(rows: Iterable[GanttRow], links: Iterable[GanttLink] = (), *, today: int | None = None) -> GanttChart:
    return GanttChart(tuple(rows), tuple(links), SCALE, days=90, calendar=calendar, today=today)


def whole(picture: GanttChart) -> Box:
    return Box(0, 0, picture.width, picture.height)


def flat(primitives: Iterable[Primitive]) -> Iterator[Primitive]:
    for one in primitives:
        if isinstance(one, Group):
            yield from flat(one.children)
        else:
            yield one


def keys(primitives: Iterable[Primitive]) -> list[str | None]:
    return [one.key for one in primitives if isinstance(one, Group)]


def test_a_working_day_fills_its_column_and_half_a_day_half_of_it() -> None:
    assert SCALE.x(at("08-03T09:00")) == 0.0
    assert SCALE.x(at("08-03T13:30")) == 6.0
    assert SCALE.x(at("08-03T18:00")) == SCALE.x(at("08-04T00:00")) == SCALE.x(at("08-04T09:00")) == 12.0


@given(st.integers(0, 400), st.integers(540, 1079))
def test_pixels_lead_back_to_the_instant_within_working_hours(days: int, minute: int) -> None:
    moment = at("08-03T00:00") + days * 1440 + minute
    assert abs(SCALE.at(SCALE.x(moment)) - moment) <= 1


@given(st.lists(st.integers(-100_000, 900_000), min_size=2, max_size=10))
def test_later_instants_are_never_further_left(offsets: list[int]) -> None:
    places = [SCALE.x(at("08-03T00:00") + offset) for offset in sorted(offsets)]
    assert places == sorted(places)


def test_clock_time_counts_every_minute() -> None:
    clock = replace(SCALE, day_start=0, day_end=1440)
    assert clock.x(at("08-03T06:00")) == 3.0
    assert clock.at(3.0) == at("08-03T06:00")


@given(st.floats(-500, 2000))
def test_the_day_under_a_pixel_is_the_column_it_lies_in(x: float) -> None:
    day = SCALE.day_at(x)
    assert SCALE.day_x(day) <= x + 0.05
    assert x <= SCALE.day_x(day + timedelta(days=1)) + 0.05


def test_a_bar_lies_in_its_row_from_start_to_finish() -> None:
    picture = chart([row("a", "08-03T09:00", "08-04T18:00"), row("b", "08-05T09:00", "08-07T18:00")])
    assert picture.bar_box("b") == Box(24.0, ROW_HEIGHT + BAR_TOP, 36.0, BAR_HEIGHT)
    assert picture.bar_box("unknown") is None
    assert picture.row_at(ROW_HEIGHT * 1.5) == 1
    assert picture.row_at(ROW_HEIGHT * 2.5) is None
    box = picture.bar_box("a")
    assert box is not None
    assert hit(picture.body(whole(picture)), box.x + 3, box.y + 3) == "a"


def test_progress_is_the_dark_part_and_critical_bars_have_their_own_colour() -> None:
    picture = chart([row("a", "08-03T09:00", "08-12T18:00", progress=4000, critical=True)])
    bars = [one for one in flat(picture.body(whole(picture))) if isinstance(one, Rect) and one.height == BAR_HEIGHT]
    assert [(bar.fill, bar.width) for bar in bars] == [(Role.CRITICAL_SOFT, 120.0), (Role.CRITICAL, 48.0)]


def test_a_split_task_is_drawn_in_pieces_that_share_the_progress() -> None:
    pieces = ((at("08-03T09:00"), at("08-03T18:00")), (at("08-05T09:00"), at("08-05T18:00")))
    picture = chart([row("a", "08-03T09:00", "08-05T18:00", segments=pieces, progress=7500)])
    bars = [one for one in flat(picture.body(whole(picture))) if isinstance(one, Rect) and one.height == BAR_HEIGHT]
    assert sum(bar.width for bar in bars if bar.fill is Role.BAR) == 18.0


def test_summaries_and_milestones_are_shapes_of_their_own() -> None:
    picture = chart(
        [
            row("s", "08-03T09:00", "08-07T18:00", kind=BarKind.SUMMARY),
            row("m", "08-07T18:00", "08-07T18:00", kind=BarKind.MILESTONE),
        ]
    )
    shapes = [one for one in flat(picture.body(whole(picture))) if isinstance(one, Polygon)]
    assert [shape.fill for shape in shapes] == [Role.SUMMARY, Role.TEXT]
    assert sum(x for x, _y in shapes[1].points) / 4 == SCALE.x(at("08-07T18:00"))


def test_a_row_without_dates_has_no_bar_and_breaks_nothing() -> None:
    dateless = replace(row("a", "08-03T09:00", "08-03T18:00"), start=None, finish=None)
    picture = chart([dateless, row("b", "08-03T09:00", "08-03T18:00")], [GanttLink("l", "a", "b")])
    assert keys(picture.body(whole(picture))) == ["b"]
    assert picture.bar_box("a") is None


@pytest.mark.parametrize("kind", LinkType)
@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_links_leave_and_enter_the_ends_their_type_names(kind: LinkType, order: tuple[str, str]) -> None:
    rows = [row("a", "08-03T09:00", "08-05T18:00"), row("b", "08-10T09:00", "08-12T18:00")]
    picture = chart(rows, [GanttLink("l", *order, kind)])
    (line,) = [one for one in flat(picture.body(whole(picture))) if isinstance(one, Polyline)]
    one, two = picture.bar_box(order[0]), picture.bar_box(order[1])
    assert one is not None
    assert two is not None
    assert line.points[0][0] == (one.right if kind in (LinkType.FS, LinkType.FF) else one.x)
    end = two.right if kind in (LinkType.FF, LinkType.SF) else two.x
    assert abs(line.points[-1][0] - end) <= 4.0
    assert two.y <= line.points[-1][1] <= two.bottom
    assert line.arrow
    for (x1, y1), (x2, y2) in zip(line.points, line.points[1:], strict=False):
        assert x1 == x2 or y1 == y2


def test_links_to_rows_that_are_not_shown_are_ignored() -> None:
    picture = chart([row("a", "08-03T09:00", "08-05T18:00")], [GanttLink("l", "a", "hidden")])
    assert keys(picture.body(whole(picture))) == ["a"]


def test_only_what_is_visible_is_built() -> None:
    rows = [row(str(n), "08-03T09:00", "08-05T18:00") for n in range(2_000)]
    links = [GanttLink(f"l{n}", str(n), str(n + 1)) for n in range(1_999)]
    picture = chart(rows, links)
    part = picture.body(Box(0, 500 * ROW_HEIGHT, 300, 20 * ROW_HEIGHT))
    built = [key for key in keys(part) if key and not key.startswith("l")]
    assert built == [str(n) for n in range(500, 521)]
    assert len(list(flat(part))) < 400


def test_a_long_link_is_built_wherever_it_passes() -> None:
    rows = [row(str(n), "08-03T09:00", "08-05T18:00") for n in range(300)]
    picture = chart(rows, [GanttLink("long", "0", "299")])
    assert "long" in keys(picture.body(Box(0, 150 * ROW_HEIGHT, 900, ROW_HEIGHT)))


def test_days_off_are_shaded_and_a_worked_weekend_is_not() -> None:
    picture = chart([row("a", "09-14T09:00", "09-28T18:00")])
    columns = {
        (one.x, one.width): one.fill
        for one in flat(picture.body(whole(picture)))
        if isinstance(one, Rect) and one.fill in (Role.WEEKEND, Role.HOLIDAY)
    }
    saturday = SCALE.day_x(date(2026, 9, 19))
    assert columns[saturday, 12.0] is Role.WEEKEND
    assert columns[SCALE.day_x(HOLIDAY), 12.0] is Role.HOLIDAY


def test_the_header_names_months_holidays_worked_weekends_and_today() -> None:
    shapes = header(SCALE, calendar, Box(0, 0, 90 * 12.0, HEADER_HEIGHT), today=at("09-09T12:00"))
    texts = [one.text for one in shapes if isinstance(one, Text)]
    for expected in ("2026 年 8 月", "9 月", "8/10", "中秋", "班", "今天"):
        assert expected in texts


@pytest.mark.parametrize(
    ("unit", "width", "expected"),
    [(TimeUnit.DAY, 60.0, "3 周一"), (TimeUnit.MONTH, 4.0, "9 月"), (TimeUnit.QUARTER, 1.5, "第 4 季度")],
)
def test_every_unit_labels_its_ticks(unit: TimeUnit, width: float, expected: str) -> None:
    scale = TimeScale(FIRST, width, unit)
    shapes = header(scale, calendar, Box(0, 0, 900, HEADER_HEIGHT), today=None)
    assert expected in [one.text for one in shapes if isinstance(one, Text)]


def test_the_unit_follows_the_zoom() -> None:
    assert [unit_for(width) for width in (200, 30, 12, 4, 1, 0.2)] == list(TimeUnit)


def test_the_today_line_stands_at_its_instant() -> None:
    picture = chart([row("a", "08-03T09:00", "08-05T18:00")], today=at("08-04T13:30"))
    lines = [one for one in picture.body(whole(picture)) if isinstance(one, Line) and one.stroke is Role.TODAY]
    assert [one.x1 for one in lines] == [18.0]


@pytest.mark.parametrize("width", [0.3, 1.0, 4.2, 13.3, 34.0, 900.0])
def test_days_whose_holidays_are_unknown_are_hatched_and_said(width: float) -> None:
    def known_until_2026(day: date) -> DayInfo:
        info = weekday_calendar(day)
        return info if day.year <= 2026 else replace(info, announcement=Announcement.NOT_ANNOUNCED)

    scale = TimeScale(date(2016, 1, 1), width, unit_for(width))
    border = scale.day_x(date(2027, 1, 1))
    before = header(scale, known_until_2026, Box(max(0.0, border - 400), 0, 390, 42), today=None)
    across = header(scale, known_until_2026, Box(max(0.0, border - 400), 0, 1200, 42), today=None)
    assert not [one for one in before if isinstance(one, Group)]
    (hatching,) = [one for one in across if isinstance(one, Group)]
    assert hatching.clip is not None
    assert hatching.clip.x == pytest.approx(border, abs=max(1.0, width))
    assert any("未公布" in one.text for one in flat(across) if isinstance(one, Text))


@pytest.mark.parametrize("width", [3.5, 5.2, 9.0, 13.3, 24.0, 40.0])
def test_holiday_names_stand_clear_of_each_other(width: float) -> None:
    names = {date(2026, 9, 25): "Mid-Autumn Festival", date(2026, 10, 1): "National Day", date(2026, 10, 5): "中秋"}

    def festive(day: date) -> DayInfo:
        name = names.get(day)
        return DayInfo(day, False, DayKind.HOLIDAY, name, Announcement.ANNOUNCED) if name else weekday_calendar(day)

    scale = TimeScale(FIRST, width, unit_for(width))
    shown = [
        one
        for one in header(scale, festive, Box(scale.day_x(date(2026, 9, 12)), 0, 1400, HEADER_HEIGHT), today=None)
        if isinstance(one, Text) and one.text in names.values()
    ]
    assert shown
    spans = sorted(
        (one.x + one.width / 2, sum(12.0 if ord(sign) > 0x2E80 else 6.8 for sign in one.text)) for one in shown
    )
    for (left, first), (right, second) in pairwise(spans):
        assert right - left >= (first + second) / 2

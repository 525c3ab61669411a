"""All projects as a scene: bars, stages, key dates and weeks stand where their dates are; only the visible is built."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from qihua_desktop.domain.gantt_scale import TimeScale
from qihua_desktop.domain.plan import day_start
from qihua_desktop.domain.portfolio_scene import ROW_HEIGHT, LineKind, PortfolioChart, PortfolioLine, WeekCell
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box, Polygon, Rect, keyed_groups

FIRST = date(2026, 8, 3)
SCALE = TimeScale(FIRST, 10.0)
ALL = Box(0, 0, 1000, 1000)


def project(key: str, first: int, last: int) -> PortfolioLine:
    start = day_start(FIRST + timedelta(days=first)) + 540
    finish = day_start(FIRST + timedelta(days=last)) + 1080
    return PortfolioLine(key, LineKind.PROJECT, key, start, finish, 5000, Role.EVENT, Role.EVENT_BG)


def person(*shares: int) -> PortfolioLine:
    cells = tuple(
        WeekCell(f"week{number}", FIRST + timedelta(days=7 * number), share, share > 10_000, "")
        for number, share in enumerate(shares)
    )
    return PortfolioLine("person", LineKind.PERSON, weeks=cells)


def keys(chart: PortfolioChart, visible: Box = ALL) -> list[str]:
    return [group.key or "" for group, _box in keyed_groups(chart.body(visible))]


def test_bar_covers_its_days_and_is_filled_by_its_progress() -> None:
    chart = PortfolioChart((project("one", 2, 5),), SCALE, days=100)
    (group, _box), *_rest = keyed_groups(chart.body(ALL))
    bar, done = (one for one in group.children if isinstance(one, Rect))
    assert (bar.x, bar.width, bar.fill) == (20.0, 40.0, Role.EVENT_BG)
    assert (done.x, done.width, done.fill) == (20.0, 20.0, Role.EVENT)
    assert chart.bar_box("one") == Box(20.0, 7.0, 40.0, 16.0)


def test_key_date_is_a_diamond_and_lateness_a_red_triangle() -> None:
    line = replace(project("one", 2, 5), key_on=FIRST + timedelta(days=5), is_late=True)
    (group, _box), *_rest = keyed_groups(PortfolioChart((line,), SCALE, days=100).body(ALL))
    triangle, diamond = (one for one in group.children if isinstance(one, Polygon))
    assert triangle.fill is Role.BAD
    assert sum(x for x, _y in diamond.points) / 4 == 55.0


def test_project_without_dates_shows_its_key_date_alone() -> None:
    line = PortfolioLine("one", LineKind.PROJECT, key_on=FIRST)
    assert keys(PortfolioChart((line,), SCALE, days=100)) == ["one"]
    assert keys(PortfolioChart((replace(line, key_on=None),), SCALE, days=100)) == []


def test_weeks_stand_on_their_mondays_and_empty_ones_are_left_out() -> None:
    chart = PortfolioChart((person(5_000, 0, 14_000),), SCALE, days=100)
    cells = {group.key: group.children[0] for group, _box in keyed_groups(chart.body(ALL))}
    assert set(cells) == {"week0", "week2"}
    assert isinstance(cells["week2"], Rect)
    assert cells["week2"].x == 141.5
    assert cells["week2"].fill is Role.CRITICAL
    assert isinstance(cells["week0"], Rect)
    assert cells["week0"].fill is Role.BAR


def test_only_visible_rows_and_stretches_are_built() -> None:
    lines = tuple(project(f"row{number}", number, number + 1) for number in range(90))
    chart = PortfolioChart(lines, SCALE, days=100)
    assert keys(chart, Box(0, 10 * ROW_HEIGHT, 300, ROW_HEIGHT - 1)) == ["row10"]
    assert keys(chart, Box(600, 10 * ROW_HEIGHT, 300, ROW_HEIGHT - 1)) == []

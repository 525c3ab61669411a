"""Sheets worth printing: no empty ones, an event day on one, years on few, a plan without tasks that says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.gantt_scene import BarKind, GanttLink, GanttRow
from qihua_desktop.domain.plan import day_start, instant
from qihua_desktop.reports.canvas import A4
from qihua_desktop.reports.document import PageSetup
from qihua_desktop.reports.export_report import ExportReport
from qihua_desktop.reports.gantt_chart import Fit, GanttInput, render_gantt
from qihua_desktop.reports.gantt_tiles import Tile, cut
from tests.reports import samples
from tests.reports.reading import page_texts, text_of


@pytest.fixture(autouse=True)
def chinese(use_language: object) -> None:
    assert callable(use_language)
    use_language("zh_CN")


def sheets(chart: GanttInput) -> list[Tile]:
    """Return the sheets of a chart on A4."""
    return cut(chart, PageSetup(A4.landscape()).area(), 0.0, ExportReport())


def stairs(count: int, step_days: int) -> GanttInput:
    """Return tasks of two days, each beginning some days after the one before."""
    first = day_start(date(2026, 3, 2)) + 540
    rows = tuple(
        GanttRow(str(at), f"任务 {at}", str(at + 1), "林晓岚", begin, begin + 1440 + 540)
        for at in range(count)
        for begin in (first + at * step_days * 1440,)
    )
    links = tuple(GanttLink(f"l{at}", str(at), str(at + 1)) for at in range(count - 1))
    return replace(samples.gantt(), rows=rows, links=links, days=(), today=None)


def test_every_bar_is_on_a_sheet_and_no_sheet_beside_the_first_is_without_one() -> None:
    chart = replace(stairs(120, 3), fit=Fit.TILES, unit=TimeUnit.WEEK)
    tiles = sheets(chart)
    picture = tiles[0].chart
    assert len(tiles) < tiles[0].bands * tiles[0].columns
    for row in chart.rows:
        box, number = picture.bar_box(row.key), picture.row_number(row.key)
        assert box is not None
        assert number is not None
        own = [tile for tile in tiles if tile.first_row <= number < tile.last_row]
        seen = sum(max(0.0, min(box.right, tile.right) - max(box.x, tile.left)) for tile in own)
        assert seen == pytest.approx(box.width)
    for tile in tiles:
        rows = picture.rows[tile.first_row : tile.last_row]
        boxes = [box for row in rows if (box := picture.bar_box(row.key)) is not None]
        assert tile.column == 0 or any(box.x < tile.right and box.right + 61 > tile.left for box in boxes)


def test_the_map_counts_the_sheets_that_are_there() -> None:
    chart = replace(stairs(60, 3), fit=Fit.TILES, unit=TimeUnit.WEEK)
    tiles = sheets(chart)
    assert tiles[0].places == tuple((tile.band, tile.column) for tile in tiles)
    assert render_gantt(chart).pages == len(tiles)


def test_an_event_day_with_steps_of_five_minutes_fits_one_sheet_with_its_last_label() -> None:
    day = date(2026, 9, 19)
    begin = instant(datetime(2026, 9, 19, 8))
    rows = tuple(
        GanttRow(str(at), f"环节 {at}", str(at), "周航", begin + at * 45, begin + at * 45 + 5, label="周航")
        for at in range(16)
    )
    last = GanttRow("撤场", "撤场", "17", "赵明", begin + 660, begin + 720, label="赵明")
    chart = replace(samples.gantt(), rows=(*rows, last), links=(), first=day, last=day, today=None)
    (tile,) = sheets(replace(chart, fit=Fit.TILES, unit=TimeUnit.HOUR))
    scale = tile.chart.scale
    assert scale.x(begin + 5) - scale.x(begin) > 3.5
    assert tile.right - scale.x(begin + 720) > 24


def test_a_plan_of_six_years_takes_few_sheets_side_by_side() -> None:
    tiles = sheets(stairs(40, 55))
    assert tiles[0].columns <= 4
    assert tiles[-1].chart.scale.day_at(tiles[-1].right - 1) >= date(2026, 3, 2) + timedelta(days=39 * 55)


def test_a_few_rows_too_many_make_the_sheet_smaller_instead_of_a_second_one() -> None:
    many = replace(stairs(24, 1), fit=Fit.TILES, unit=TimeUnit.WEEK)
    assert sheets(many)[0].bands == 1
    assert sheets(replace(stairs(60, 1), fit=Fit.TILES))[0].scale > 0.55


def test_a_plan_without_tasks_says_so() -> None:
    empty = replace(samples.gantt(), rows=(), links=())
    assert "还没有任务" in text_of(render_gantt(empty).data)
    outside = replace(samples.gantt(), first=date(2030, 1, 1), last=date(2030, 1, 31))
    assert "该时段内没有任务" in text_of(render_gantt(outside).data)


def test_the_legend_names_what_is_there_and_nothing_else() -> None:
    rows = tuple(
        replace(row, deadline=(row.finish or 0) + 1440) if at == 3 else row
        for at, row in enumerate(samples.gantt().rows)
        if row.kind is not BarKind.MILESTONE
    )
    (text,) = page_texts(render_gantt(replace(samples.gantt(), rows=rows, fit=Fit.ONE_PAGE)).data)
    assert "任务依赖" in text
    assert "期限" in text
    assert "里程碑" not in text
    assert "接其他页" not in text
    bare = page_texts(render_gantt(replace(stairs(3, 2), fit=Fit.ONE_PAGE)).data)[0]
    assert "法定假日" not in bare
    assert "期限" not in bare
    assert "接其他页" in text_of(render_gantt(replace(stairs(60, 3), fit=Fit.TILES)).data)

"""Sheets of a printed chart: ranges, hours, columns, marks on cut links, the map of sheets, the sign-off block."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.plan import instant
from qihua_desktop.reports.canvas import A4
from qihua_desktop.reports.document import PageSetup
from qihua_desktop.reports.export_report import ExportReport
from qihua_desktop.reports.gantt_chart import Fit, GanttInput, Paper, render_gantt
from qihua_desktop.reports.gantt_table import TaskColumn
from qihua_desktop.reports.gantt_tiles import cut, rows_within
from qihua_desktop.reports.signatures import BOX_HEIGHT, SignatureBox
from tests.reports import samples
from tests.reports.reading import packed, page_texts, text_of

SEATS = tuple(SignatureBox(heading) for heading in ("编制", "财务部", "总监"))


@pytest.fixture(autouse=True)
def chinese(use_language: object) -> None:
    assert callable(use_language)
    use_language("zh_CN")


def big(copies: int, **changes: object) -> GanttInput:
    """Return the sample chart several times over, its links leading onward from copy to copy."""
    base = samples.gantt()
    rows = tuple(
        replace(row, key=f"{copy} {row.key}", number=f"{copy + 1}.{row.number}")
        for copy in range(copies)
        for row in base.rows
    )
    links = tuple(
        replace(
            link,
            key=f"{copy} {link.key}",
            predecessor=f"{copy} {link.predecessor}",
            successor=f"{min(copies - 1, copy + 1)} {link.successor}",
        )
        for copy in range(copies)
        for link in base.links
    )
    return replace(base, **{"rows": rows, "links": links, **changes})


def test_the_sign_off_block_stands_on_the_last_sheet_only() -> None:
    texts = page_texts(render_gantt(big(3, fit=Fit.TILES, signatures=SEATS)).data)
    assert len(texts) > 4
    assert "总监" in texts[-1]
    assert all("财务部" not in text.replace("预算审批（财务部）", "") for text in texts[:-1])
    assert render_gantt(samples.gantt(signatures=SEATS)).pages == 1


@settings(max_examples=40, deadline=None)
@given(
    rows=st.integers(0, 90),
    fit=st.sampled_from(Fit),
    unit=st.sampled_from((TimeUnit.HOUR, TimeUnit.DAY, TimeUnit.WEEK, TimeUnit.QUARTER)),
    signing=st.sampled_from((0.0, BOX_HEIGHT + 8, 2 * BOX_HEIGHT + 8)),
    days=st.integers(0, 40),
)
def test_sheets_show_every_row_and_every_day_once_and_hold_what_is_on_them(
    rows: int, fit: Fit, unit: TimeUnit, signing: float, days: int
) -> None:
    first = date(2026, 8, 20)
    chart = big(4, fit=fit, unit=unit, first=first, last=first + timedelta(days=days))
    chart = replace(chart, rows=chart.rows[:rows])
    area = PageSetup(A4.landscape(), 40, 40, 54, 51).area()
    tiles = cut(chart, area, signing, ExportReport())
    assert tiles[0].left == 0
    assert [(tile.band, tile.column) for tile in tiles] == sorted((tile.band, tile.column) for tile in tiles)
    bands = [(tile.first_row, tile.last_row) for tile in tiles if tile.column == 0]
    assert [row for first_row, last_row in bands for row in range(first_row, last_row)] == list(range(rows))
    edges = sorted({(tile.left, tile.right) for tile in tiles})
    assert all(one[1] <= two[0] + 0.01 for one, two in pairwise(edges))
    assert edges[-1][1] <= tiles[0].chart.width + 0.01
    for number, row in enumerate(chart.rows):
        box = tiles[0].chart.bar_box(row.key)
        if box is not None and box.width > 0:
            own = [tile for tile in tiles if tile.first_row <= number < tile.last_row]
            seen = sum(max(0.0, min(box.right, tile.right) - max(box.x, tile.left)) for tile in own)
            inside = max(0.0, min(box.right, tiles[0].chart.width) - max(box.x, 0.0))
            assert seen >= inside - 0.5
    for tile in tiles:
        height = 48.0 + (42.0 + (tile.last_row - tile.first_row) * 27.0) * tile.scale
        assert height + (signing if tile is tiles[-1] else 0) <= area.height + 0.5
        if fit is Fit.TILES:
            assert (tile.table.width + tile.right - tile.left) * tile.scale <= area.width + 0.5


def test_cut_links_name_the_task_at_their_other_end() -> None:
    texts = page_texts(render_gantt(big(2, fit=Fit.TILES, unit=TimeUnit.MONTH)).data)
    assert len(texts) == 2
    assert "2.1.2" in texts[0]
    plain = page_texts(render_gantt(big(2, fit=Fit.TILES, unit=TimeUnit.MONTH, links=())).data)
    assert "2.1.2" not in plain[0]


def test_every_tile_says_which_rows_and_days_it_shows() -> None:
    texts = page_texts(render_gantt(big(2, fit=Fit.TILES)).data)
    assert all("共46行" in packed(text) for text in texts)
    assert "2026-07-27" in texts[0]
    assert "2026-07-27" not in texts[1]
    assert "共23行" not in text_of(render_gantt(samples.gantt()).data)


def test_a_range_leaves_out_tasks_beyond_it() -> None:
    chart = samples.gantt(first=date(2026, 9, 18), last=date(2026, 9, 19))
    names = {row.name for row in rows_within(chart).rows}
    assert names == {"物料验收（活动前 1 日）", "执行控场", "现场彩排", "活动日：签到 / 环节 / 应急"}
    assert "头脑风暴" not in text_of(render_gantt(chart).data)


def test_the_event_day_prints_by_the_hour_from_its_first_to_its_last_minute() -> None:
    base = samples.gantt(first=date(2026, 9, 19), last=date(2026, 9, 19))
    early = instant(datetime(2026, 9, 19, 6, 30))
    rows = tuple(replace(row, start=early) if row.name.startswith("活动日") else row for row in base.rows)
    for fit in (Fit.AUTO, Fit.TILES):
        text = text_of(render_gantt(replace(base, rows=rows, fit=fit, unit=TimeUnit.HOUR)).data)
        assert "09-1906:30" in text
        assert "06:00" in text
        assert "17:00" in text
        assert "05:00" not in text


def test_columns_are_those_asked_for() -> None:
    columns = (TaskColumn.FINISH, TaskColumn.BASELINE, TaskColumn.DEADLINE)
    text = text_of(render_gantt(samples.gantt(columns=columns, paper=Paper.A3)).data)
    assert "基线完成" in text
    assert "期限" in text
    assert "负责人" not in text

"""Charts of finance reports: every value is written, shapes are true to scale and differ without colour."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Group, Primitive, Rect
from qihua_desktop.reports.chart_block import ChartBlock
from qihua_desktop.reports.charts import CategoryFigures, Deviation, category_chart, deviation_chart
from qihua_desktop.reports.document import DocumentState, PdfResult, RenderOptions, render_blocks
from qihua_desktop.reports.export_report import ExportReport
from qihua_desktop.reports.formats import format_fen
from qihua_desktop.reports.layout import Block
from qihua_desktop.reports.month_chart import MonthFigures, monthly_chart
from qihua_desktop.reports.styles import PAPER

from . import samples
from .reading import packed, page_texts, pixels, text_of
from .test_pdf_archive import assert_archivable

CATEGORIES = (
    CategoryFigures("场地费", 18_000_000, 16_800_000, 16_800_000),
    CategoryFigures("嘉宾费", 12_000_000, 13_260_000, 12_690_000),
    CategoryFigures("应急预备金", 6_000_000, 0, None),
    CategoryFigures("红字冲销", 0, None, -123_400),
)
DEVIATIONS = (
    Deviation("场地费", -667, -1_200_000),
    Deviation("嘉宾费", 575, 690_000),
    Deviation("传播投放", 3300, 2_970_000),
    Deviation("应急预备金", None),
    Deviation("合计", -310, -1_860_000, strong=True),
)
AMOUNTS = st.none() | st.integers(-(10**12), 10**12)
NAMES = st.text(max_size=60)
FiguresOfRow = tuple[str, int | None, int | None, int | None]


def months(count: int, factor: int = 1) -> tuple[MonthFigures, ...]:
    """Return months with growing amounts; the last has no actual figure yet."""
    return tuple(
        MonthFigures(f"{n} 月", n * 1_234_500 * factor, n * 900_000 * factor, None if n == count else -n * 100 * factor)
        for n in range(1, count + 1)
    )


def printed(*blocks: Block) -> PdfResult:
    """Print blocks as a plain document."""
    info = samples.info("预算执行报告", state=DocumentState.PLAIN)
    return render_blocks(info, blocks, ExportReport(), RenderOptions())


def rectangles(chart: ChartBlock, role: Role) -> list[Rect]:
    """Return the rectangles of a fill in a chart's rows."""

    def walk(primitives: tuple[Primitive, ...]) -> list[Rect]:
        found: list[Rect] = []
        for one in primitives:
            if isinstance(one, Rect) and one.fill is role:
                found.append(one)
            elif isinstance(one, Group):
                found += walk(one.children)
        return found

    return [rectangle for row in chart._rows for rectangle in walk(row.primitives)]


def test_every_amount_of_every_category_is_written() -> None:
    text = text_of(printed(category_chart(CATEGORIES, ExportReport())).data)
    for one in CATEGORIES:
        assert one.name in text
        for amount in (one.budget, one.committed, one.actual):
            assert format_fen(amount) in text
    for words in ("预算", "已承诺", "实际", "132,600.00·110.5%", "126,900.00·105.8%", "−1,234.00"):
        assert words in text


def test_bars_are_as_long_as_their_amounts() -> None:
    chart = category_chart(CATEGORIES, ExportReport())
    budget, paid = rectangles(chart, Role.SURFACE), rectangles(chart, Role.ACCENT)
    assert len(budget) == 3
    assert len(paid) == 2
    assert budget[1].width / budget[0].width == pytest.approx(12 / 18)
    assert paid[1].width / budget[1].width == pytest.approx(1.0575)


def test_the_three_kinds_of_amount_differ_in_grey() -> None:
    tones = [PAPER[role].grey().red for role in (Role.SURFACE, Role.BAR_SOFT, Role.ACCENT)]
    assert tones[0] - tones[1] >= 25
    assert tones[1] - tones[2] >= 80


def test_every_deviation_is_written_with_its_sign_and_the_scale_with_its_threshold() -> None:
    text = text_of(printed(deviation_chart(DEVIATIONS, ExportReport())).data)
    for words in ("−6.67%", "−12,000.00", "+5.75%", "+6,900.00", "+33%", "−3.1%", "缺数据", "−20%", "−10%", "+10%"):
        assert words in text
    tighter = text_of(printed(deviation_chart(DEVIATIONS, ExportReport(), threshold=500)).data)
    assert "+5%" in tighter
    assert "−20%" not in tighter


@pytest.mark.parametrize(("basis_points", "part"), [(0, 0.5), (1000, 0.75), (-1000, 0.25), (2000, 1.0), (-310, 0.4225)])
def test_the_mark_stands_where_the_deviation_is(basis_points: int, part: float) -> None:
    chart = deviation_chart((Deviation("合计", basis_points),), ExportReport())
    (mark,) = rectangles(chart, Role.TEXT)
    (band,) = rectangles(chart, Role.OK_BG)
    left, track = band.x - band.width / 2, band.width * 2
    assert mark.x + mark.width / 2 == pytest.approx(left + track * part)


def test_a_deviation_beyond_the_scale_is_an_arrow_at_its_end() -> None:
    chart = deviation_chart((Deviation("甲", 3300), Deviation("乙", -99_999)), ExportReport())
    assert rectangles(chart, Role.TEXT) == []
    assert "−999.99%" in text_of(printed(chart).data)


def test_months_are_in_yuan_where_they_fit_and_in_ten_thousands_where_not() -> None:
    few = text_of(printed(monthly_chart(months(3), ExportReport())).data)
    assert "单位：元" in few
    assert "37,035.00" in few
    many = text_of(printed(monthly_chart(months(12, factor=100), ExportReport())).data)
    assert "单位：万元" in many
    assert "1,481.40" in many
    assert "−0.11" in many
    assert "—" in many


def test_more_than_a_year_continues_in_further_rows_on_one_scale() -> None:
    chart = monthly_chart(months(30), ExportReport())
    tallest = max(rectangles(chart, Role.SURFACE), key=lambda one: one.height)
    assert len(chart._rows) == 3
    assert sum(one.height == tallest.height for one in rectangles(chart, Role.SURFACE)) == 1
    assert all(f"{n}月" in text_of(printed(chart).data) for n in range(1, 31))


def test_a_chart_higher_than_a_page_goes_on_with_its_legend() -> None:
    many = tuple(CategoryFigures(f"科目{n:03d}", n * 100, n * 90, n * 80) for n in range(1, 61))
    texts = [packed(text) for text in page_texts(printed(category_chart(many, ExportReport())).data)]
    assert len(texts) > 3
    assert all("预算已承诺实际" in text for text in texts)
    assert all("".join(texts).count(f"科目{n:03d}") == 1 for n in range(1, 61))


def test_charts_without_anything_to_show_are_still_blocks() -> None:
    report = ExportReport()
    result = printed(category_chart((), report), deviation_chart((), report), monthly_chart((), report))
    assert result.pages == 1


@settings(max_examples=25)
@given(st.lists(st.tuples(NAMES, AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=4))
def test_any_amounts_and_names_stay_within_the_column(
    rows: list[tuple[str, int | None, int | None, int | None]],
) -> None:
    report = ExportReport()
    categories = [CategoryFigures(*row) for row in rows]
    deviations = [Deviation(name, None if a is None else a // 1000, b) for name, a, b, _c in rows]
    charts = [
        category_chart(categories, report),
        deviation_chart(deviations, report),
        monthly_chart([MonthFigures(*row) for row in rows], report, height=60),
    ]
    width, height, tones = pixels(printed(*charts).data)
    edges = [tones[y * width : y * width + 55] + tones[(y + 1) * width - 44 : (y + 1) * width] for y in range(height)]
    assert min(min(edge) for edge in edges) > 200


def test_charts_are_archivable() -> None:
    report = ExportReport()
    blocks = (
        category_chart(CATEGORIES, report),
        deviation_chart(DEVIATIONS, report),
        monthly_chart(months(12), report),
    )
    assert_archivable({"charts": printed(*blocks)})

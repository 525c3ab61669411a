"""The flow of blocks over pages: nothing is lost, headings stay with what follows, groups stay whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Align, Overflow, Rect, Scene, Text, Weight
from qihua_desktop.reports.document import DocumentInfo, RenderOptions, render_blocks
from qihua_desktop.reports.export_report import ExportReport
from qihua_desktop.reports.layout import Block, Gap, PageBreak, Placed, Together, flow
from qihua_desktop.reports.paragraphs import TextBlock, elided
from qihua_desktop.reports.scene_painter import SceneBlock, measure
from qihua_desktop.reports.styles import BODY, PAPER, SECTION
from qihua_desktop.reports.tables import Cell, Column, Row, TableBlock

from . import samples
from .reading import page_texts, pixels

WIDTH, HEIGHT = 300.0, 400.0


def table(count: int, text: str = "明细") -> TableBlock:
    rows = [Row((f"{text}{number:03d}", str(number))) for number in range(count)]
    return TableBlock([Column("名称"), Column("数", fitted=True)], rows, ExportReport())


def heading(text: str = "标题") -> TextBlock:
    return TextBlock(text, SECTION, ExportReport())


def bottom(placed: Placed) -> float:
    return placed.y + placed.block.height(WIDTH)


blocks_of_any_kind = st.lists(
    st.one_of(
        st.integers(1, 60).map(lambda n: TextBlock("预算说明文字，" * n, BODY, ExportReport())),
        st.integers(1, 30).map(table),
        st.just(heading()),
        st.floats(1, 200).map(Gap),
        st.just(PageBreak(0)),
        st.integers(1, 4).map(lambda n: Together((heading(), table(n)))),
    ),
    max_size=12,
)


@given(blocks_of_any_kind)
def test_blocks_never_overlap_or_leave_the_page(blocks: list[Block]) -> None:
    for page in flow(blocks, WIDTH, HEIGHT):
        last = 0.0
        for placed in page:
            assert placed.y >= last - 0.01
            last = bottom(placed)
        assert last <= HEIGHT + 0.02


@given(blocks_of_any_kind)
def test_no_text_is_lost_or_doubled_by_page_breaks(blocks: list[Block]) -> None:
    texts = [block for block in blocks if isinstance(block, TextBlock)]
    placed = [one.block for page in flow(blocks, WIDTH, HEIGHT) for one in page if isinstance(one.block, TextBlock)]
    before = "".join(line for block in texts for line in block.lines(WIDTH))
    assert "".join(line for block in placed for line in block.lines(WIDTH)) == before


@pytest.mark.parametrize("space", range(200, 400, 7))
def test_a_heading_is_never_the_last_thing_on_a_page(space: int) -> None:
    for follower in (table(20), TextBlock("预算说明文字，" * 60, BODY, ExportReport()), Together((table(3),))):
        for page in flow([Gap(space), heading(), follower], WIDTH, HEIGHT):
            assert not page or not page[-1].block.keep_with_next


def test_what_belongs_together_moves_as_a_whole() -> None:
    group = Together((heading(), table(8)))
    pages = flow([Gap(300), group], WIDTH, HEIGHT)
    assert [type(one.block) for one in pages[1]] == [Together]


def test_a_group_higher_than_a_page_is_opened() -> None:
    pages = flow([Together((heading(), table(100)))], WIDTH, HEIGHT)
    assert len(pages) > 3


def test_a_page_break_at_the_top_of_a_page_adds_no_empty_one() -> None:
    assert len(flow([PageBreak(0), heading(), PageBreak(0), PageBreak(0), heading()], WIDTH, HEIGHT)) == 2
    assert len(flow([], WIDTH, HEIGHT)) == 1


def test_a_high_row_is_split_between_its_lines() -> None:
    rows = [Row(("短", "1")), Row(("预算" * 900, "2")), Row(("完", "3"))]
    block = TableBlock([Column("甲"), Column("乙", width=40)], rows, ExportReport())
    pages = flow([block], WIDTH, HEIGHT)
    assert len(pages) > 2
    assert all(bottom(one) <= HEIGHT + 0.02 for page in pages for one in page)


def test_a_row_must_fill_all_columns() -> None:
    with pytest.raises(ValueError, match="1 of 2 columns"):
        TableBlock([Column("甲"), Column("乙")], [Row(("x",))], ExportReport())
    TableBlock([Column("甲"), Column("乙")], [Row((Cell("x", span=2),))], ExportReport())


def test_a_fitted_column_holds_its_widest_amount_on_one_line() -> None:
    rows = [Row(("预算说明" * 30, "1,234,567,890.00"))]
    block = TableBlock([Column("说明"), Column("金额", fitted=True)], rows, ExportReport())
    text = _printed(block)
    assert "1,234,567,890.00" in text


def test_elided_texts_fit_their_room() -> None:
    for width in range(0, 120, 7):
        shown = elided("秋季新品快闪店预算", 10, float(width))
        assert measure(shown, 10, Weight.REGULAR) <= width or not shown


def test_a_scene_is_painted_with_paper_inks_and_its_texts() -> None:
    scene = Scene(
        400,
        60,
        (
            Rect(0, 0, 200, 60, fill=Role.ACCENT),
            Text(210, 0, 180, 20, "图例文字", align=Align.RIGHT),
            Text(210, 20, 60, 40, "很长的说明换行显示", overflow=Overflow.WRAP, size=10),
            Text(0, 0, 20, 20, "<b>原样</b>", overflow=Overflow.VISIBLE),
        ),
    )
    data = _pdf(SceneBlock(scene, ExportReport()))
    text = "".join("".join(page_texts(data)).split())
    assert "图例文字" in text
    assert "很长的说明换行显示" in text
    assert "<b>原样</b>" in text
    assert round(PAPER[Role.ACCENT].grey().red) in pixels(data)[2]


def test_paper_has_an_ink_for_every_role() -> None:
    assert set(PAPER) == set(Role)


def _pdf(block: Block) -> bytes:
    info: DocumentInfo = samples.info("甲")
    return render_blocks(info, [block], ExportReport(), RenderOptions()).data


def _printed(block: Block) -> str:
    return "\n".join(page_texts(_pdf(block)))

"""What every finance document has in common: proofs in the footer, sums at a page's foot, figures below zero."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.reports.budget_approval import render_budget_approval
from qihua_desktop.reports.canvas import Align
from qihua_desktop.reports.document import PdfResult, RenderOptions, render_blocks
from qihua_desktop.reports.export_report import ExportReport
from qihua_desktop.reports.figures import figure
from qihua_desktop.reports.formats import format_fen, signed_fen, signed_percent
from qihua_desktop.reports.layout import Block
from qihua_desktop.reports.styles import BAD
from qihua_desktop.reports.tables import Cell, Column, Row, RunningTotals, TableBlock, total_row

from . import samples
from .reading import packed, page_texts, text_of
from .test_pdf_archive import assert_archivable
from .validators import missing_preflight

AMOUNTS = st.integers(-(10**12), 10**12)


def printed(*blocks: Block, **identity: object) -> PdfResult:
    """Print blocks as a document."""
    return render_blocks(samples.info("凭证清单", **identity), blocks, ExportReport(), RenderOptions())


def table(rows: list[tuple[int, int]], *, name: str = "上海恒隆物业") -> TableBlock:
    """Return vouchers with tax and gross amounts, closed by 合计."""
    columns = [
        Column("发票号码", width=120),
        Column("销售方"),
        Column("税额", fitted=True, align=Align.RIGHT),
        Column("价税合计", fitted=True, align=Align.RIGHT),
    ]
    body = [
        Row((f"2644{number:016d}", name, figure(tax), figure(gross)), amounts=(tax, gross))
        for number, (tax, gross) in enumerate(rows)
    ]
    sums = [sum(row[at] for row in rows) for at in (0, 1)]
    body.append(total_row("合计", "", figure(sums[0]), figure(sums[1])))
    return TableBlock(columns, body, ExportReport(), running_totals=(2, 3))


def test_the_footer_names_number_version_and_both_hashes_on_every_page() -> None:
    texts = page_texts(render_budget_approval(samples.budget_approval()).data)
    assert len(texts) > 1
    for text in texts:
        for part in ("编号 QH-2026-0031", "第 3 版", samples.FINGERPRINT[:8], samples.JOURNAL[:8]):
            assert part in text


def test_the_last_page_and_no_other_has_the_full_hashes() -> None:
    texts = [packed(text) for text in page_texts(render_budget_approval(samples.budget_approval()).data)]
    for digits in (samples.FINGERPRINT, samples.JOURNAL):
        assert digits in texts[-1]
        assert all(digits not in text for text in texts[:-1])


def test_a_document_without_proofs_says_on_its_last_page_when_it_was_printed() -> None:
    (text,) = page_texts(printed(table([(1, 2)]), fingerprint="", journal_head="", version=None).data)
    assert "SHA-256" not in text
    assert "打印于 2026-08-20 15:40 +08:00" in text


def test_a_number_of_any_length_leaves_room_for_what_proves_the_content() -> None:
    text = text_of(printed(table([(1, 2)]), number="很长的编号" * 60).data)
    assert f"第3版·内容指纹{samples.FINGERPRINT[:8]}·日志#1289{samples.JOURNAL[:8]}第1页/共1页" in text


def test_sums_stand_at_the_foot_of_every_page_but_the_last() -> None:
    rows = [(number * 6, number * 106) for number in range(1, 121)]
    result = printed(table(rows))
    texts = [packed(text) for text in page_texts(result.data)]
    assert result.pages > 3
    done = 0
    for text in texts[:-1]:
        here = sum(1 for number in range(120) if f"2644{number:016d}" in text)
        page, so_far = rows[done : done + here], rows[: done + here]
        for label, part in (("本页小计", page), ("累计", so_far)):
            tax, gross = (format_fen(sum(row[at] for row in part)) for at in (0, 1))
            assert f"{label}{tax}{gross}" in text
        done += here
    assert "本页小计" not in texts[-1]
    assert "累计" not in texts[-1]
    assert "".join(texts).count("合计" + format_fen(sum(row[0] for row in rows))) == 1


def test_a_row_cut_over_two_pages_counts_once() -> None:
    result = printed(table([(6, 106)] * 30, name="很长的销售方名称" * 160))
    texts = [packed(text) for text in page_texts(result.data)]
    assert result.pages > 20
    assert "累计1.8031.80" in texts[-2] or "累计1.7430.74" in texts[-2]
    assert "合计1.8031.80" in texts[-1]


def test_no_sum_is_cut_by_its_column_though_every_single_amount_is_short() -> None:
    rows = [(10**9, 1)] * 40 + [(-(10**9), 1)] * 40
    joined = "".join(packed(text) for text in page_texts(printed(table(rows)).data))
    assert any(f"累计{format_fen(count * 10**9)}" in joined for count in range(20, 41))


@settings(max_examples=40)
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS | st.none()), max_size=40), st.data())
def test_the_sums_of_any_pages_add_up(amounts: list[tuple[int, int | None]], data: st.DataObject) -> None:
    rows = [Row(("", "", ""), amounts=pair) for pair in amounts]
    totals = RunningTotals(rows, None, (1, 2))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(rows)), max_size=5)))
    for first, last in zip([0, *cuts], cuts, strict=False):
        page, so_far = totals.rows(first, last, 3)
        for at in (0, 1):
            known = [pair[at] or 0 for pair in amounts]
            for row, expected in ((page, sum(known[first:last])), (so_far, sum(known[:last]))):
                cell = row.cells[at + 1]
                assert isinstance(cell, Cell)
                assert cell.content == format_fen(expected)


@pytest.mark.parametrize(
    ("fen", "plain", "signed"),
    [
        (123_400, "1,234.00", "+1,234.00"),
        (-123_400, "−1,234.00", "−1,234.00"),
        (0, "0.00", "0.00"),
        (None, "—", "—"),
        (-1, "−0.01", "−0.01"),
        (10**12, "10,000,000,000.00", "+10,000,000,000.00"),
    ],
)
def test_amounts_below_zero_have_a_true_minus_and_red_ink(fen: int | None, plain: str, signed: str) -> None:
    cell = figure(fen)
    assert (cell.content, cell.align) == (plain, Align.RIGHT)
    assert cell.ink == (BAD if fen is not None and fen < 0 else None)
    assert figure(fen, signed=True).content == signed_fen(fen) == signed


@pytest.mark.parametrize(
    ("basis_points", "text"),
    [(575, "+5.75%"), (-310, "−3.1%"), (0, "0%"), (None, "—"), (-1000, "−10%"), (33_333, "+333.33%")],
)
def test_deviations_show_their_sign(basis_points: int | None, text: str) -> None:
    assert signed_percent(basis_points) == text


@pytest.mark.skipif(bool(missing_preflight()), reason=f"PDFBox Preflight is missing: {missing_preflight()}")
def test_a_long_table_of_finance_is_archivable() -> None:
    approval = replace(samples.budget_approval(), info=samples.info("预算审批单", number="很长的编号" * 60))
    assert_archivable({"table": printed(table([(-6, 106)] * 300)), "approval": render_budget_approval(approval)})
    assert io.BytesIO(printed(table([])).data).read(5) == b"%PDF-"

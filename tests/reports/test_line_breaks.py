"""Chinese line breaking: the rules hold at every width, and nothing is lost."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.reports.canvas import Align
from qihua_desktop.reports.export_report import ExportReport
from qihua_desktop.reports.fonts import face
from qihua_desktop.reports.line_breaks import NOT_AT_END, NOT_AT_START, break_lines, squeezed_widths
from qihua_desktop.reports.paragraphs import Run, TextBlock
from qihua_desktop.reports.styles import TextStyle

from .samples import LONG_TEXT

SIZE = 9.0
LONG = (LONG_TEXT + "（见附件〔2026〕第31号）——重点在于“体验、分享、复购”；单价¥12.50%～13.00%，") * 3
RUNS = ("¥600,000.00", "180,000.00", "HT-2026-0815-003", "26440000000000000001", "12.50%", "……", "——")


def _lines(text: str, width: float) -> list[str]:
    widths = [face().character_width(c, SIZE) for c in text]
    return [text[line.start : line.end] for line in break_lines(text, widths, width, width)]


@pytest.mark.parametrize("width", range(60, 200))
def test_no_line_begins_or_ends_with_a_forbidden_mark(width: int) -> None:
    lines = _lines(LONG, float(width))
    assert not [line for line in lines if line[0] in NOT_AT_START]
    assert not [line for line in lines[:-1] if line[-1] in NOT_AT_END]


@pytest.mark.parametrize("width", range(110, 200, 3))
def test_amounts_numbers_and_pairs_stay_whole_where_they_fit(width: int) -> None:
    lines = _lines(LONG, float(width))
    for run in RUNS:
        assert sum(line.count(run) for line in lines) == LONG.count(run)


@pytest.mark.parametrize("width", range(60, 200, 7))
def test_no_line_is_wider_than_its_room_and_no_text_is_lost(width: int) -> None:
    lines = _lines(LONG, float(width))
    assert all(face().width(line, SIZE) <= width + 0.02 for line in lines)
    assert "".join(lines) == LONG


@given(st.text(st.sampled_from("预算，。（）“”《》…—¥%a1. \n"), max_size=60), st.floats(12, 120))
def test_any_text_keeps_its_characters_in_order(text: str, width: float) -> None:
    widths = [face().character_width(c, SIZE) for c in text]
    lines = break_lines(text, widths, width, width)
    assert "".join("".join(text[line.start : line.end] for line in lines).split()) == "".join(text.split())
    assert all(before.end <= after.start for before, after in itertools.pairwise(lines))


def test_a_run_wider_than_the_line_is_cut_rather_than_lost_or_hanging_out() -> None:
    lines = _lines("x" * 500, 100.0)
    assert "".join(lines) == "x" * 500
    assert all(face().width(line, SIZE) <= 100.02 for line in lines)


def test_a_character_wider_than_the_line_stands_alone() -> None:
    assert _lines("预算", 2.0) == ["预", "算"]


def test_neighbouring_marks_share_their_blank_halves() -> None:
    text = "《方案》“一”）。好"
    widths = squeezed_widths(text, [10.0] * len(text))
    assert [text[i] for i, width in enumerate(widths) if width == 5.0] == ["》", "”", "）"]


@pytest.mark.parametrize("width", range(70, 190, 11))
def test_mixed_bold_and_plain_runs_follow_the_same_rules(width: int) -> None:
    pieces = [LONG[start : start + 7] for start in range(0, len(LONG), 7)]
    runs = [Run(piece, bold=index % 2 == 0) for index, piece in enumerate(pieces)]
    block = TextBlock(runs, TextStyle(size=SIZE, align=Align.JUSTIFY), ExportReport())
    lines = block.lines(float(width))
    assert "".join(lines) == LONG
    assert not [line for line in lines if line[0] in NOT_AT_START]
    assert not [line for line in lines[:-1] if line[-1] in NOT_AT_END]


def test_a_block_split_over_pages_keeps_every_line_once() -> None:
    block = TextBlock(LONG * 4, TextStyle(size=SIZE, leading=14), ExportReport())
    whole = block.lines(150.0)
    collected: list[str] = []
    rest = block
    while True:
        parts = rest.split(150.0, 100.0)
        if parts is None:
            break
        first, rest = parts
        assert isinstance(first, TextBlock)
        assert isinstance(rest, TextBlock)
        assert len(first.lines(150.0)) >= 2
        collected += first.lines(150.0)
    assert collected + rest.lines(150.0) == whole

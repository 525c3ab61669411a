"""Any text can be printed: what the font lacks is replaced and reported, what is drawn can be copied."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.reports.export_report import ExportReport, SubstitutionKind
from qihua_desktop.reports.fonts import GETA, MARKS, MAX_TEXT, clean, clean_line, face, to_unicode_map


@given(st.text(max_size=200))
def test_a_cleaned_text_has_only_drawable_characters(text: str) -> None:
    cleaned = clean(text, ExportReport())
    assert all(face().has(c) or c in "\n\u3000\xa0" for c in cleaned)
    assert not MARKS & set(cleaned)


@given(st.text(max_size=100))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text, ExportReport())
    report = ExportReport()
    assert clean(once, report) == once
    assert report.substitutions() == ()


def test_both_typefaces_cover_the_same_characters() -> None:
    for character in "企划镕堃昇䶮𬭼①②≥≤℃½—…〓■□●○◆▶":
        assert face().has(character)
        assert face(bold=True).has(character)


def test_emoji_become_geta_and_are_reported_with_their_count() -> None:
    report = ExportReport()
    assert clean("年会🎉启动🎉", report) == f"年会{GETA}启动{GETA}"
    (found,) = report.substitutions()
    assert (found.kind, found.subject, found.count) == (SubstitutionKind.REPLACED, "🎉", 2)
    assert "U+1F389" in found.describe()


def test_direction_marks_and_control_characters_are_dropped_and_reported() -> None:
    report = ExportReport()
    assert clean("报\u202e价\u200f单\x07\ufeff", report) == "报价单"
    assert {one.kind for one in report.substitutions()} == {SubstitutionKind.DROPPED}
    assert all("U+" in one.describe() for one in report.substitutions())


def test_decomposed_letters_are_composed() -> None:
    assert clean(unicodedata.normalize("NFD", "café"), ExportReport()) == "café"


def test_line_ends_and_tabs_are_made_uniform() -> None:
    assert clean("甲\r\n乙\r丙\t丁", ExportReport()) == "甲\n乙\n丙 丁"
    assert clean_line(" 甲\n 乙 ", ExportReport()) == "甲 乙"


def test_a_text_beyond_all_reason_is_cut_and_reported() -> None:
    report = ExportReport()
    assert len(clean("预" * (MAX_TEXT + 5), report)) == MAX_TEXT + 1
    assert report.substitutions()[0].kind is SubstitutionKind.SHORTENED


@pytest.mark.parametrize(("character", "code"), [("企", "4F01"), ("𬭼", "D872DF7C"), ("a", "0061")])
def test_the_unicode_map_writes_utf16(character: str, code: str) -> None:
    assert f"<01> <{code}>" in to_unicode_map("F", [0, ord(character)])


def test_the_unicode_map_has_blocks_of_at_most_a_hundred_entries() -> None:
    text = to_unicode_map("F", list(range(1, 256)))
    assert text.count("beginbfchar") == 3
    assert "100 beginbfchar" in text
    assert "55 beginbfchar" in text

"""What people type is read as they mean it, or refused with words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import duration_text, money_short, money_text, percent_exact, percent_text
from qihua_desktop.domain.parsing import (
    MAX_FEN,
    guard_formula,
    parse_duration,
    parse_money,
    parse_number,
    parse_percent,
    parse_tsv,
    tsv_text,
)
from qihua_desktop.i18n import LANGUAGES, set_language


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.50", 123450),
        ("￥1，234.50", 123450),
        ("¥ 1234.5 元", 123450),
        ("６０万", 60000000),
        ("1.2亿", 12000000000),
        ("12,3456", 12345600),
        ("3千万", 3000000000),
        ("1200*3", 360000),
        ("（80+20）×1.06", 10600),
        ("100-20/4", 9500),
        ("-50元", -5000),
        ("1.2万+3000", 1500000),
        ("人民币100元整", 10000),
        ("\u202a88\u202c", 8800),
    ],
)
def test_money_is_read_as_it_is_written(text, fen):
    assert parse_money(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "abc",
        "1,5",
        "1,23,456",
        "1/0",
        "(1",
        "1)",
        "1 2",
        "=1+1",
        "1e9",
        "__import__('os')",
        "元",
        "9" * 60,
        "(" * 90 + "1",
    ],
)
def test_what_is_no_money_is_refused_with_words(text):
    with pytest.raises(InputError) as caught:
        parse_money(text)
    assert caught.value.message
    assert caught.value.advice


@given(st.integers(-MAX_FEN, MAX_FEN))
def test_money_written_is_money_read(fen):
    assert parse_money(money_text(fen)) == fen


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused_never_a_crash(text):
    for parse in (parse_money, parse_percent, parse_duration, parse_number):
        try:
            parse(text)
        except InputError:
            continue


@pytest.mark.parametrize(
    ("text", "basis_points"),
    [("30", 3000), ("30%", 3000), ("12.5 ％", 1250), ("3成", 3000), ("5‰", 50), ("0.3", 30), ("10+5", 1500)],
)
def test_percentages_are_read(text, basis_points):
    assert parse_percent(text) == basis_points


@given(st.integers(-1_000_000, 1_000_000))
def test_a_percentage_written_exactly_is_read_back(basis_points):
    assert parse_percent(percent_exact(basis_points)) == basis_points


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3天", 1440),
        ("3", 1440),
        ("2周", 4800),
        ("4h", 240),
        ("1.5d", 720),
        ("1天4小时", 720),
        ("半天", 240),
        ("一天半", 720),
        ("2个半小时", 150),
        ("两天", 960),
        ("1个月", 9600),
        ("30分钟", 30),
        ("1 d 4 h", 720),
        ("３天", 1440),
        ("0", 0),
        ("2 weeks", 4800),
    ],
)
def test_durations_are_read(text, minutes):
    assert parse_duration(text) == minutes


@pytest.mark.parametrize("text", ["", "三天半多", "3x", "1h30", "-2d", "天", "1d 2", "9" * 20])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(InputError):
        parse_duration(text)


def test_lags_may_be_negative():
    assert parse_duration("-2d", allow_negative=True) == -960


@given(st.sampled_from(LANGUAGES), st.integers(0, 200_000), st.sampled_from([360, 420, 450, 480, 600]))
def test_a_duration_written_is_read_back(language, minutes, day):
    set_language(language)
    assert parse_duration(duration_text(minutes, day), day) == minutes


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0\r", codec="utf-8"), max_size=8), min_size=1, max_size=4),
        max_size=5,
    )
)
def test_a_table_copied_is_the_table_pasted(rows):
    wanted = tuple(tuple(row) for row in rows)
    while wanted and not any(wanted[-1]):
        wanted = wanted[:-1]
    assert parse_tsv(tsv_text(rows)) == wanted


@pytest.mark.parametrize(
    "cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd", "\tx", "\r=1", " =1", "＝1", "'=1"]
)
def test_formulas_are_disarmed(cell):
    assert guard_formula(cell).startswith("'")


@pytest.mark.parametrize("cell", ["-12.50", "+86 138 0000 0921", "1,234.50", "林晓岚", "", "a=b", "-"])
def test_numbers_and_telephones_survive(cell):
    assert guard_formula(cell) == cell


def test_missing_values_show_a_dash():
    assert money_text(None) == percent_text(None) == duration_text(None) == money_short(None) == "—"


@pytest.mark.parametrize(
    ("fen", "words"), [(60000000, "60 万"), (21400000000, "2.14 亿"), (999900, "9,999"), (-1250000, "-1.25 万")]
)
def test_headline_amounts_are_short(fen, words):
    assert money_short(fen) == words

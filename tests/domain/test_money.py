import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop import i18n
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.money import (
    CAPITAL_LIMIT,
    capital_amount,
    capital_matches,
    format_fen,
    format_percent,
    format_yuan,
)
from qihua_desktop.domain.parsing import parse_money, parse_percent

AMOUNTS = st.integers(-CAPITAL_LIMIT + 1, CAPITAL_LIMIT - 1)


@pytest.fixture(autouse=True)
def any_language(monkeypatch):
    monkeypatch.setattr(i18n, "_language", "en")


@pytest.mark.parametrize(
    ("fen", "capital"),
    [
        (140950, "壹仟肆佰零玖元伍角"),
        (600714, "陆仟零柒元壹角肆分"),
        (168032, "壹仟陆佰捌拾元零叁角贰分"),
        (10700053, "壹拾万柒仟元零伍角叁分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角"),
        (50000000, "伍拾万元整"),
        (100000100, "壹佰万零壹元整"),
        (10000000001, "壹亿元零壹分"),
        (10001000000, "壹亿零壹万元整"),
        (10000100000, "壹亿零壹仟元整"),
        (-12300, "负壹佰贰拾叁元整"),
    ],
)
def test_capital_amount_follows_the_official_examples(fen, capital):
    assert capital_amount(fen) == capital
    assert capital_amount(fen, prefix=True) == "人民币" + capital


@pytest.mark.parametrize(
    ("fen", "variant"),
    [
        (168032, "壹仟陆佰捌拾元叁角贰分"),
        (10700053, "壹拾万零柒仟元伍角叁分"),
        (140950, "人民币壹仟肆佰零玖圆伍角整"),
        (140950, "壹仟肆佰零玖元伍角"),
        (10700053, "壹拾万柒仟元零伍角叁分"),
        (168032, "壹仟陆佰捌拾元零叁角贰分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "人民币叁佰贰拾伍元零肆分"),
        (600714, "陆仟零柒元壹角肆分"),
        (50000000, "伍拾万圆正"),
    ],
)
def test_capital_matches_accepts_the_optional_forms(fen, variant):
    assert capital_matches(variant, fen)
    assert not capital_matches(variant, fen + 1)


def written_by_places(fen):
    """The capitals by another way: each decimal place in turn, the zeros put right by replacement afterwards."""
    digits, text = f"{fen // 100}", ""
    units = ["", "拾", "佰", "仟"]
    for place, digit in enumerate(digits):
        power = len(digits) - 1 - place
        text += "零壹贰叁肆伍陆柒捌玖"[int(digit)] + (units[power % 4] if digit != "0" else "")
        if power and power % 4 == 0:
            text += "亿" if power == 8 else "万"
    while "零零" in text:
        text = text.replace("零零", "零")
    text = text.replace("零亿", "亿").replace("零万", "万").replace("亿万", "亿零").replace("零零", "零").rstrip("零")
    jiao, last = fen % 100 // 10, fen % 10
    text = f"{text}元" if fen >= 100 else ""
    text += "零" if text and jiao and fen // 100 % 10 == 0 else ""
    text += "零壹贰叁肆伍陆柒捌玖"[jiao] + "角" if jiao else "零" if last and text else ""
    return text + ("零壹贰叁肆伍陆柒捌玖"[last] + "分" if last else "" if jiao else "整")


@given(
    st.integers(1, CAPITAL_LIMIT - 1)
    | st.integers(1, 10**7)
    | st.integers(1, CAPITAL_LIMIT // 10**6 - 1).map(lambda n: n * 10**6)
)
def test_capital_amount_agrees_with_another_way_of_writing_it(fen):
    assert capital_amount(fen) == written_by_places(fen)
    assert capital_matches(written_by_places(fen).replace("元", "圆"), fen)


def test_capital_amount_agrees_at_every_edge_from_one_fen_to_9999_yi():
    edges = {
        digit * 10**power + more for power in range(14) for digit in range(1, 10) for more in (-1, 0, 1, 5, 10, 100)
    }
    for fen in sorted(edge for edge in edges if 0 < edge < CAPITAL_LIMIT):
        assert capital_amount(fen) == written_by_places(fen), fen
    assert written_by_places(CAPITAL_LIMIT - 1) == capital_amount(CAPITAL_LIMIT - 1)


def test_capital_amount_refuses_one_wan_yi():
    assert capital_amount(CAPITAL_LIMIT - 1).startswith("玖仟玖佰玖拾玖亿")
    with pytest.raises(RuleError):
        capital_amount(CAPITAL_LIMIT)
    assert not capital_matches("壹万亿元整", CAPITAL_LIMIT)


@given(AMOUNTS)
def test_capital_amount_can_be_read_back(fen):
    assert _read_capital(capital_amount(fen)) == fen
    assert capital_matches(capital_amount(fen, prefix=True), fen)


@given(AMOUNTS, AMOUNTS)
def test_different_amounts_have_different_capitals(one, other):
    assert capital_matches(capital_amount(one), other) == (one == other)


def _read_capital(text):
    """An independent reader: units by position, zeros ignored."""
    sign = -1 if text.startswith("负") else 1
    yuan = section = total = digit = 0
    fen = 0
    for character in text.removeprefix("负"):
        if character in "零壹贰叁肆伍陆柒捌玖":
            digit = "零壹贰叁肆伍陆柒捌玖".index(character)
        elif character in "拾佰仟":
            section += digit * {"拾": 10, "佰": 100, "仟": 1000}[character]
            digit = 0
        elif character in "万亿":
            total += (section + digit) * {"万": 10**4, "亿": 10**8}[character]
            section = digit = 0
        elif character == "元":
            yuan = total + section + digit
            digit = 0
        elif character in "角分":
            fen += digit * {"角": 10, "分": 1}[character]
            digit = 0
    return sign * (yuan * 100 + fen)


@given(AMOUNTS)
def test_formatted_money_reads_back(fen):
    assert parse_money(format_fen(fen)) == fen
    assert parse_money(format_yuan(fen)) == fen
    assert parse_money(format_fen(fen, signed=True)) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.5", 123450),
        ("¥600000", 60000000),
        ("￥1,234.50", 123450),
        ("１２３４．５０", 123450),
        ("12.5万", 12500000),
        (" 12.5 万元 ", 12500000),
        ("3亿元", 30000000000),
        ("-8", -800),
        ("−8", -800),
        ("¥-8", -800),
        ("RMB 20", 2000),
        ("20元", 2000),
        (".5", 50),
        ("5.", 500),
    ],
)
def test_typed_money_is_understood(text, fen):
    assert parse_money(text) == fen


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1,2,3",
        "1e3",
        "1.234",
        "12.3456789万",
        "1 2万万",
        "9" * 70,
        "=1+1",
        "1000000亿",
        "NaN",
    ],
)
def test_other_texts_are_refused_as_money(text):
    with pytest.raises(InputError):
        parse_money(text)


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_words(text):
    try:
        told = parse_money(text)
    except InputError as error:
        told = error.message
    assert told is not None


def test_percentages_show_one_decimal_and_a_second_where_needed():
    assert [format_percent(bp) for bp in (3000, 3333, -310, 0, 10000)] == ["30.0%", "33.33%", "-3.1%", "0.0%", "100.0%"]
    assert [format_percent(bp, places=0) for bp in (3350, -5, 0)] == ["34%", "0%", "0%"]


@given(st.integers(0, 1_000_000))
def test_formatted_percentages_read_back(points):
    assert parse_percent(format_percent(points, places=2).replace(",", "")) == points


@pytest.mark.parametrize("text", ["", "x", "1.234", "10%%", "1,0"])
def test_other_texts_are_refused_as_percentages(text):
    with pytest.raises(InputError):
        parse_percent(text)

"""Dates as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.dates import parse_date
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import date_long, date_text
from qihua_desktop.i18n import LANGUAGES, set_language

TODAY = date(2026, 9, 9)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2026-09-19", date(2026, 9, 19)),
        ("2026/9/19", date(2026, 9, 19)),
        ("2026.9.19", date(2026, 9, 19)),
        ("20260919", date(2026, 9, 19)),
        ("2026年9月19日", date(2026, 9, 19)),
        ("26-9-19", date(2026, 9, 19)),
        ("２０２６－９－１９", date(2026, 9, 19)),
        ("9/19", date(2026, 9, 19)),
        ("9月19日", date(2026, 9, 19)),
        ("九月十九日", date(2026, 9, 19)),
        ("3/5", date(2027, 3, 5)),
        ("4/1", date(2026, 4, 1)),
        ("19号", date(2026, 9, 19)),
        ("2/29", date(2028, 2, 29)),
        ("今天", TODAY),
        ("明天", date(2026, 9, 10)),
        ("大后天", date(2026, 9, 12)),
        ("周五", date(2026, 9, 11)),
        ("本周一", date(2026, 9, 7)),
        ("下周一", date(2026, 9, 14)),
        ("下下周日", date(2026, 9, 27)),
        ("上个星期天", date(2026, 9, 6)),
        ("下周", date(2026, 9, 14)),
        ("3天后", date(2026, 9, 12)),
        ("两周后", date(2026, 9, 23)),
        ("1个月前", date(2026, 8, 9)),
        ("+3", date(2026, 9, 12)),
        ("-1w", date(2026, 9, 2)),
        ("月底", date(2026, 9, 30)),
        ("下月初", date(2026, 10, 1)),
        ("年底", date(2026, 12, 31)),
        ("next Monday", date(2026, 9, 14)),
        ("Tomorrow", date(2026, 9, 10)),
    ],
)
def test_dates_are_read(text, wanted):
    assert parse_date(text, TODAY) == wanted


@pytest.mark.parametrize(
    "text", ["", "foo", "2026-02-30", "13/1", "31号半", "周八", "9999-99-99", "1900-01-01", "x" * 1000]
)
def test_what_is_no_date_is_refused_with_examples(text):
    with pytest.raises(InputError) as caught:
        parse_date(text, TODAY)
    assert "2026-09-19" in caught.value.advice


@given(st.sampled_from(LANGUAGES), st.dates(date(1970, 1, 1), date(2200, 12, 31)))
def test_a_date_written_is_read_back(language, day):
    set_language(language)
    assert parse_date(date_text(day), TODAY) == day
    assert parse_date(date_long(day), TODAY) == day


@given(text=st.text(max_size=20), today=st.dates(date(1970, 1, 1), date(2200, 12, 31)))
def test_any_text_is_read_or_refused(text, today):
    try:
        found = parse_date(text, today)
    except InputError:
        return
    assert 1970 <= found.year <= 2200


@given(number=st.integers(0, 500), today=st.dates(date(1980, 1, 1), date(2190, 1, 1)))
def test_days_from_now_are_counted(number, today):
    assert (parse_date(f"{number}天后", today) - today).days == number

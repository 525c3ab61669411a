"""Dates as people type them: ``2026-09-19``, ``9/19``, ``下周一``, ``3天后``, ``月底``, ``next monday``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from qihua_desktop.i18n import _

from .errors import InputError
from .parsing import chinese_number

FIRST_YEAR: Final = 1970
LAST_YEAR: Final = 2200

_PAST_DAYS: Final = 183
_MAX_LENGTH: Final = 60
_WEEKDAYS: Final = {character: index for index, character in enumerate("一二三四五六日")} | {"天": 6}
_ENGLISH_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_RELATIVE: Final = {
    "今天": 0,
    "今日": 0,
    "today": 0,
    "明天": 1,
    "明日": 1,
    "tomorrow": 1,
    "后天": 2,
    "大后天": 3,
    "昨天": -1,
    "昨日": -1,
    "yesterday": -1,
    "前天": -2,
}
_FULL: Final = re.compile(r"(\d{4}|\d{2})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?$")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})$")
_MONTH_DAY: Final = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?$")
_DAY: Final = re.compile(r"(\d{1,2})[日号]$")
_SHIFT: Final = re.compile(
    r"(?P<sign>[-+])?(?P<number>\d{1,4}|[一二两三四五六七八九十]{1,3})个?"
    r"(?P<unit>天|日|周|星期|礼拜|月|年|days?|weeks?|months?|years?|d|w|m|y)?(?P<side>之?后|以后|之?前|以前|later|ago)?$"
)
_WEEKDAY: Final = re.compile(r"(?P<week>[上下]+|本|这)?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])?$")
_ENGLISH_WEEKDAY: Final = re.compile(r"(?P<week>next|last|this)?(?P<day>mon|tue|wed|thu|fri|sat|sun)[a-z]*$")
_MONTH_EDGE: Final = re.compile(r"(?P<month>[上下]+|本|这)?个?月(?P<edge>底|末|初)$")
_YEAR_EDGE: Final = re.compile(r"(?P<year>明|今|去)?年(?P<edge>底|末|初)$")
_BRACKETED: Final = re.compile(r"\((?:周|星期)?[一二三四五六日天]\)|\([a-z]{3,9}\)")
_CHINESE_DIGITS: Final = re.compile(r"[一二三四五六七八九十]+(?=[月日号])")


def parse_date(text: str, today: date) -> date:
    """Read a date; what has no year is this year's, or next year's if that is over half a year past.

    Weeks begin on Monday: ``下周一`` is the Monday of next week. Raises InputError with examples when unreadable.
    """
    cleaned = unicodedata.normalize("NFKC", text[: _MAX_LENGTH + 1]).strip().lower()
    cleaned = _BRACKETED.sub("", re.sub(r"\s+", "", cleaned))
    if len(text) <= _MAX_LENGTH and cleaned:
        for reader in _READERS:
            try:
                found = reader(cleaned, today)
            except (ValueError, OverflowError) as error:
                raise _unreadable(text) from error
            if found is not None and FIRST_YEAR <= found.year <= LAST_YEAR:
                return found
    raise _unreadable(text)


def _relative(text: str, today: date) -> date | None:
    return today + timedelta(days=_RELATIVE[text]) if text in _RELATIVE else None


def _written(text: str, today: date) -> date | None:
    text = _CHINESE_DIGITS.sub(lambda match: str(chinese_number(match[0]) or match[0]), text)
    match = _FULL.match(text) or _COMPACT.match(text)
    if match:
        year = int(match[1])
        return date(year + 2000 if year < 100 else year, int(match[2]), int(match[3]))
    match = _MONTH_DAY.match(text)
    if match:
        return _without_year(int(match[1]), int(match[2]), today)
    match = _DAY.match(text)
    return today.replace(day=int(match[1])) if match else None


def _without_year(month: int, day: int, today: date) -> date:
    if (month, day) == (2, 29):
        year = next(y for y in range(today.year, today.year + 9) if y % 4 == 0 and (y % 100 or y % 400 == 0))
        return date(year, month, day)
    this_year = date(today.year, month, day)
    return date(today.year + 1, month, day) if (today - this_year).days > _PAST_DAYS else this_year


def _shifted(text: str, today: date) -> date | None:
    match = _SHIFT.match(text)
    if match is None or not (match["sign"] or match["side"]):
        return None
    number = int(match["number"]) if match["number"].isdecimal() else chinese_number(match["number"])
    if number is None:
        return None
    if match["sign"] == "-" or (match["side"] or "").endswith(("前", "ago")):
        number = -number
    unit = (match["unit"] or "d")[0]
    if unit in "天日d":
        return today + timedelta(days=number)
    if unit in "周星礼w":
        return today + timedelta(weeks=number)
    return _months_away(today, number if unit in "月m" else number * 12)


def _weekday(text: str, today: date) -> date | None:
    match = _WEEKDAY.match(text)
    if match:
        week = match["week"] or ""
        weeks = week.count("下") - week.count("上")
        if not week and match["day"] is None:
            return None
        return _day_of_week(today, weeks, _WEEKDAYS[match["day"] or "一"])
    match = _ENGLISH_WEEKDAY.match(text)
    if match:
        weeks = {"next": 1, "last": -1}.get(match["week"] or "", 0)
        return _day_of_week(today, weeks, _ENGLISH_WEEKDAYS.index(match["day"]))
    return None


def _edge(text: str, today: date) -> date | None:
    match = _MONTH_EDGE.match(text)
    if match:
        month = match["month"] or ""
        first = _months_away(today.replace(day=1), month.count("下") - month.count("上"))
        return first if match["edge"] == "初" else _months_away(first, 1) - timedelta(days=1)
    match = _YEAR_EDGE.match(text)
    if match:
        year = today.year + {"明": 1, "去": -1}.get(match["year"] or "", 0)
        return date(year, 1, 1) if match["edge"] == "初" else date(year, 12, 31)
    return None


def _day_of_week(today: date, weeks: int, weekday: int) -> date:
    return today + timedelta(days=weekday - today.weekday(), weeks=weeks)


def _months_away(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    following = date((index + 1) // 12, (index + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - first).days))


_READERS: Final[tuple[Callable[[str, date], date | None], ...]] = (_relative, _written, _shifted, _weekday, _edge)


def _unreadable(text: str) -> InputError:
    shown = text if len(text) <= 40 else text[:40] + "…"
    return InputError(
        _("“{text}” is not a date.").format(text=shown), _("Enter for example 2026-09-19, 9/19, next monday or +3.")
    )

"""What people type into fields: money, percentages, durations, tables from the clipboard. Dates are in ``dates``.

Every function takes full-width forms and raises InputError with a plain sentence when it cannot read the text.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal, DecimalException, localcontext
from typing import Final

from qihua_desktop.i18n import _

from .errors import InputError

MAX_FEN: Final = 10**15
MAX_BASIS_POINTS: Final = 10**7
MAX_MINUTES: Final = 60 * 24 * 36_525
DAYS_PER_WEEK: Final = 5
WEEKS_PER_MONTH: Final = 4

_MAX_LENGTH: Final = 200
_MAX_DEPTH: Final = 20
_SHOWN_LENGTH: Final = 40
_UNITS: Final = {"千": Decimal(1000), "k": Decimal(1000), "万": Decimal(10_000), "亿": Decimal(100_000_000)}
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d{1,4}(?:,\d{4})+(?![\d,])|\d+(?![\d,]))(?:\.\d*)?|\.\d+)\s*(?P<unit>千万|百万|[千万亿k])?"
    r"|(?P<sign>[-+*/()]))",
)
_SIGNS: Final = str.maketrans({"×": "*", "x": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "—": "-"})
_CURRENCY: Final = re.compile(r"人民币|rmb|cny|[¥$]|[元圆块]整?", re.IGNORECASE)
_DURATION_PART: Final = re.compile(
    r"\s*(?P<number>\d+(?:\.\d*)?|\.\d+|半|[一二两三四五六七八九十]+)\s*(?:个)?(?P<half>半)?\s*(?:个)?(?:工作)?\s*"
    r"(?P<unit>小时|分钟|钟头|星期|礼拜|months?|minutes?|hours?|weeks?|days?|mins?|hrs?|mo|天|日|周|月|时|分|d|h|m|w)?"
    r"(?P<tail>半)?",
    re.IGNORECASE,
)
_FORMULA: Final = re.compile(r"^\s*[=@＝＠]|^[\t\r\n]|^\s*[-+＋－](?![\d\s().,-]*$)")
_DATE: Final = re.compile(r"(19|20)\d\d([-/.年])(0?[1-9]|1[0-2])[-/.月](0?[1-9]|[12]\d|3[01])日?( .*)?")
_GUARDED: Final = re.compile(r"^'(?=\s*[-=@+＝＠＋－]|[\t\r\n])")


def parse_number(text: str) -> Decimal:
    """Read a number or a sum: ``1,234.50``, ``1.2万``, ``1200*3``, ``(80+20)×1.06``.

    Commas must group three (or four) digits, so that a decimal comma is refused instead of misread.
    """
    cleaned = _cleaned(text).lower().translate(_SIGNS)
    tokens = _tokens(cleaned, text)
    try:
        with localcontext() as context:
            context.prec = 50
            reader = _SumReader(tokens)
            value = reader.sum(0)
    except (DecimalException, _Unreadable) as error:
        raise _unreadable(text) from error
    if not reader.at_end or not value.is_finite():
        raise _unreadable(text)
    return value


def parse_money(text: str) -> int:
    """Read an amount of yuan and return fen: ``￥1,234.50``, ``60万``, ``1200*3`` (calculations rounded half up)."""
    cleaned = _CURRENCY.sub("", _cleaned(text))
    value = parse_number(cleaned) if cleaned.strip() else _refuse(text)
    if abs(value) > MAX_FEN / 100:
        raise InputError(_("The amount is too large."), _("Check the unit: amounts are in yuan, 600k is 600,000."))
    return _whole(value * 100, text, _("Use at most two decimals."))


def names_its_unit(text: str) -> bool:
    """Tell whether an amount says its own unit (2万, 300元), so that the unit of its column does not count."""
    return any(unit in text for unit in "万亿元")


def refuse_date(text: str) -> None:
    """Refuse a day in a table's cell for a figure, which would else be taken for a subtraction or a division."""
    cleaned = _cleaned(text).strip()
    if _DATE.fullmatch(cleaned):
        raise InputError(_("“{text}” is a date, not a number.").format(text=cleaned))


def parse_percent(text: str) -> int:
    """Read a percentage and return basis points: ``30``, ``30%``, ``12.5 %``, ``3成``, ``5‰``."""
    cleaned = _cleaned(text).strip()
    factor = Decimal(100)
    if cleaned.endswith("成"):
        factor = Decimal(1000)
    elif cleaned.endswith("‰"):
        factor = Decimal(10)
    number = cleaned[:-1].rstrip() if cleaned.endswith(("%", "‰", "成")) else cleaned
    value = parse_number(number) if number else _refuse(text)
    if abs(value * factor) > MAX_BASIS_POINTS:
        raise InputError(_("The percentage is too large."), _("Enter 30 for 30 %."))
    return _whole(value * factor, text, _("Use at most two decimals."))


def parse_duration(text: str, minutes_per_day: int = 480, *, allow_negative: bool = False) -> int:
    """Read a duration and return minutes: ``3天``, ``2周``, ``4h``, ``1.5d``, ``1天4小时``, ``半天``.

    A bare number is days.
    A week has five working days, a month four weeks; ``minutes_per_day`` is what the calendar works on a day.
    ``allow_negative`` is for lags.
    """
    cleaned = _cleaned(text).strip()
    negative = cleaned.startswith(("-", "−"))
    cleaned = cleaned.lstrip("-−+ ")
    if negative and not allow_negative:
        raise InputError(_("A duration cannot be negative."), _("Enter for example 3d, 4h or 2w."))
    total = Decimal(0)
    position = 0
    while position < len(cleaned):
        match = _DURATION_PART.match(cleaned, position)
        bare = match is not None and match["unit"] is None
        if match is None or match.end() == position or (bare and (position > 0 or match.end() < len(cleaned))):
            raise _unreadable_duration(text)
        amount = _amount(match["number"]) + (Decimal("0.5") if match["half"] or match["tail"] else 0)
        total += amount * _unit_minutes(match["unit"] or "d", minutes_per_day)
        position = match.end()
        position += len(cleaned[position:]) - len(cleaned[position:].lstrip(" ,，又零"))
    if not cleaned:
        raise _unreadable_duration(text)
    if total > MAX_MINUTES:
        raise InputError(_("The duration is too long."), _("Enter for example 3d, 4h or 2w."))
    minutes = int(total.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return -minutes if negative else minutes


def parse_tsv(text: str) -> tuple[tuple[str, ...], ...]:
    """Read a table from the clipboard as spreadsheets write it; trailing empty lines are dropped."""
    try:
        rows = [
            tuple(_GUARDED.sub("", cell) for cell in row)
            for row in csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter="\t")
        ]
    except csv.Error as error:
        raise InputError(_("The clipboard does not hold a table."), _("Copy the cells again.")) from error
    while rows and not any(rows[-1]):
        rows.pop()
    return tuple(rows)


def tsv_text(rows: Iterable[Sequence[str]]) -> str:
    """Write a table for the clipboard; what a spreadsheet would run as a formula gets an apostrophe in front."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter="\t", lineterminator="\n")
    for row in rows:
        writer.writerow([guard_formula(cell) for cell in row])
    return stream.getvalue()


def guard_formula(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula; numbers and telephone numbers stay as they are."""
    return f"'{cell}" if _FORMULA.match(cell) or _GUARDED.match(cell) else cell


def chinese_number(text: str) -> int | None:
    """Read 1 to 99 in Chinese (三, 十二, 二十一, 两) or None."""
    digits = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"两": 2}
    if text in digits:
        return digits[text]
    tens, ten, ones = text.partition("十")
    if not ten or (tens and tens not in digits) or (ones and ones not in digits):
        return None
    return (digits[tens] if tens else 1) * 10 + (digits[ones] if ones else 0)


class _Unreadable(Exception):
    """The tokens are no sum."""


class _SumReader:
    """Recursive descent over the four operations; no eval."""

    def __init__(self, tokens: list[str | Decimal]) -> None:
        self._tokens = tokens
        self._position = 0

    @property
    def at_end(self) -> bool:
        return self._position == len(self._tokens)

    def sum(self, depth: int) -> Decimal:
        value = self._product(depth)
        while (sign := self._take("+", "-")) is not None:
            other = self._product(depth)
            value = value + other if sign == "+" else value - other
        return value

    def _product(self, depth: int) -> Decimal:
        value = self._factor(depth)
        while (sign := self._take("*", "/")) is not None:
            other = self._factor(depth)
            value = value * other if sign == "*" else value / other
        return value

    def _factor(self, depth: int) -> Decimal:
        if depth > _MAX_DEPTH or self.at_end:
            raise _Unreadable
        token = self._tokens[self._position]
        self._position += 1
        if isinstance(token, Decimal):
            return token
        if token == "(":
            value = self.sum(depth + 1)
            if self._take(")") is None:
                raise _Unreadable
            return value
        if token in ("-", "+"):
            value = self._factor(depth + 1)
            return -value if token == "-" else value
        raise _Unreadable

    def _take(self, *signs: str) -> str | None:
        if not self.at_end:
            token = self._tokens[self._position]
            if isinstance(token, str) and token in signs:
                self._position += 1
                return token
        return None


def _tokens(cleaned: str, original: str) -> list[str | Decimal]:
    tokens: list[str | Decimal] = []
    position = 0
    stripped = cleaned.rstrip()
    while position < len(stripped):
        match = _TOKEN.match(stripped, position)
        if match is None:
            raise _unreadable(original)
        if match["number"] is not None:
            value = Decimal(match["number"].replace(",", ""))
            for unit in match["unit"] or "":
                value *= _UNITS.get(unit, Decimal(100))
            tokens.append(value)
        else:
            tokens.append(match["sign"])
        position = match.end()
    return tokens


def _cleaned(text: str) -> str:
    if len(text) > _MAX_LENGTH:
        raise _unreadable(text)
    return "".join(
        character for character in unicodedata.normalize("NFKC", text) if unicodedata.category(character) != "Cf"
    )


def _amount(text: str) -> Decimal:
    if text == "半":
        return Decimal("0.5")
    chinese = chinese_number(text)
    if chinese is not None:
        return Decimal(chinese)
    try:
        return Decimal(text)
    except DecimalException as error:
        raise _unreadable_duration(text) from error


def _unit_minutes(unit: str, minutes_per_day: int) -> int:
    lowered = unit.lower()
    if lowered in ("小时", "钟头", "时", "h") or lowered.startswith(("hour", "hr")):
        return 60
    if lowered in ("分钟", "分", "m") or lowered.startswith("min"):
        return 1
    if lowered in ("周", "星期", "礼拜", "w") or lowered.startswith("week"):
        return DAYS_PER_WEEK * minutes_per_day
    if lowered == "月" or lowered.startswith("mo"):
        return WEEKS_PER_MONTH * DAYS_PER_WEEK * minutes_per_day
    return minutes_per_day


def _shown(text: str) -> str:
    return text if len(text) <= _SHOWN_LENGTH else text[:_SHOWN_LENGTH] + "…"


def _unreadable(text: str) -> InputError:
    return InputError(
        _("“{text}” is not a number.").format(text=_shown(text)), _("Enter for example 1,234.50, 600k or 1200*3.")
    )


def _unreadable_duration(text: str) -> InputError:
    return InputError(_("“{text}” is not a duration.").format(text=_shown(text)), _("Enter for example 3d, 4h or 2w."))


def _whole(value: Decimal, text: str, advice: str) -> int:
    """Return a whole number of fen or basis points: a calculation is rounded half up, a plain number is not."""
    if value != value.to_integral_value() and not any(sign in text.strip()[1:] for sign in "*/×÷+-"):
        raise InputError(_("“{text}” is too exact.").format(text=_shown(text)), advice)
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _refuse(text: str) -> Decimal:
    raise _unreadable(text)

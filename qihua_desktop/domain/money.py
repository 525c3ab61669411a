"""Money and percentages as people write them; inside the program they are whole fen and basis points."""

from __future__ import annotations

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Final

from qihua_desktop.i18n import _, current_language

from .errors import InputError, RuleError

FEN_PER_YUAN: Final = 100
FEN_PER_WAN: Final = 1_000_000
CAPITAL_LIMIT: Final = 10**14
"""One 万亿 yuan in fen: the amount from which cheque writing is refused."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")
_UNITS = {"": 1, "元": 1, "圆": 1, "千元": 10**3, "千": 10**3, "万": 10**4, "万元": 10**4, "亿": 10**8, "亿元": 10**8}
_AMOUNT = re.compile(r"([+-]?)(?:¥|RMB|CNY|人民币)?([+-]?)(\d[\d,]*\.?\d*|\.\d+)(千元|万元|亿元|千|万|亿|元|圆)?")
_GROUPED = re.compile(r"\d{1,3}(,\d{3})+(\.\d*)?|\d*\.?\d*")
_PERCENT = re.compile(r"([+-]?)(\d+\.?\d*|\.\d+)%?")
_LONGEST_INPUT = 60


def format_fen(fen: int, *, signed: bool = False) -> str:
    """Return the amount in yuan with two decimals and thousands separators; ``signed`` shows a plus as well."""
    sign = "-" if fen < 0 else "+" if signed and fen > 0 else ""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{yuan:,}.{rest:02d}"


def format_yuan(fen: int) -> str:
    """Return the amount with the currency sign touching the digits: ¥1,234.50."""
    return f"-¥{format_fen(-fen)}" if fen < 0 else f"¥{format_fen(fen)}"


def format_wan(fen: int) -> str:
    """Return a short amount for headings: 60 万 in Chinese, 600,000 in English; nothing is rounded away silently.

    Amounts under one 万, and those that do not fit two decimals of 万, are written in full.
    """
    if current_language() != "zh_CN":
        return format_fen(fen).removesuffix(".00")
    if abs(fen) < FEN_PER_WAN or fen % (FEN_PER_WAN // 100):
        return format_fen(fen)
    sign = "-" if fen < 0 else ""
    wan, rest = divmod(abs(fen), FEN_PER_WAN)
    decimals = f".{rest * 100 // FEN_PER_WAN:02d}".rstrip("0") if rest else ""
    return f"{sign}{wan:,}{decimals} 万"


def parse_money(text: str) -> int:
    """Read an amount typed by a person and return fen.

    Understands ¥, thousands separators, full-width digits, 元, 千, 万, 亿 and a leading sign. Raises InputError for
    anything else, also for fractions of a fen.
    """
    plain = _plain(text)
    match = _AMOUNT.fullmatch(plain)
    if match is None or (match[1] and match[2]) or not _GROUPED.fullmatch(match[3]):
        raise InputError(
            _("“{text}” is not an amount of money.").format(text=_shorten(text)),
            _("Write it like 1,234.50 or 12.5 万."),
        )
    fen = Decimal(match[3].replace(",", "")) * _UNITS[match[4] or ""] * FEN_PER_YUAN
    if fen != fen.to_integral_value():
        raise InputError(
            _("“{text}” has fractions of a fen.").format(text=_shorten(text)), _("Use at most two decimals.")
        )
    if fen >= CAPITAL_LIMIT:
        raise InputError(_("“{text}” is too large for a budget.").format(text=_shorten(text)))
    return -int(fen) if "-" in (match[1], match[2]) else int(fen)


def format_percent(basis_points: int, *, places: int | None = None) -> str:
    """Return a percentage: with one decimal and a second where needed, or with exactly ``places`` (0 … 2)."""
    if places is None:
        places = 2 if basis_points % 10 else 1
    value = (Decimal(basis_points) / 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{value:,}%" if value else f"{abs(value)}%"


def parse_percent(text: str) -> int:
    """Read a percentage with at most two decimals and return basis points. Raises InputError."""
    match = _PERCENT.fullmatch(_plain(text))
    points = Decimal(match[2]) * 100 if match else Decimal("0.5")
    if match is None or points != points.to_integral_value():
        raise InputError(
            _("“{text}” is not a percentage.").format(text=_shorten(text)), _("Write it like 12.5 or 33.33 %.")
        )
    return -int(points) if match[1] == "-" else int(points)


def capital_amount(fen: int, *, prefix: bool = False) -> str:
    """Return the amount in capital characters (支付结算办法, appendix 1); ``prefix`` puts 人民币 before it.

    Raises RuleError from one 万亿 yuan on.
    """
    _refuse_capital(fen)
    return ("人民币" if prefix else "") + ("负" if fen < 0 else "") + _capital(abs(fen), 1, 0, 0)


def capital_matches(text: str, fen: int) -> bool:
    """Tell whether a text is an accepted way of writing the amount in capitals.

    Accepts 圆 for 元, 正 for 整, a leading 人民币, and the optional 零 and 整 that the rules allow.
    """
    if abs(fen) >= CAPITAL_LIMIT:
        return False
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").removeprefix("人民币").replace("圆", "元")
    plain = plain.replace("圓", "元").replace("正", "整")
    negative = plain.startswith("负")
    forms = {_capital(abs(fen), *options) for options in product((0, 1), (0, 1), (0, 1))}
    return negative == (fen < 0) and plain.removeprefix("负") in forms


def _capital(fen: int, zero_before_jiao: int, zero_before_thousands: int, end_after_jiao: int) -> str:
    """Write the amount; the three flags choose among the optional 零 and 整 of the rules."""
    yuan, cents = divmod(fen, FEN_PER_YUAN)
    jiao, last = divmod(cents, 10)
    text = _capital_whole(yuan, zero_before_thousands) + "元" if yuan else ""
    if not cents:
        return (text or "零元") + "整"
    if jiao:
        if yuan and yuan % 10 == 0 and zero_before_jiao:
            text += "零"
        text += _DIGITS[jiao] + "角"
    elif yuan:
        text += "零"
    if last:
        return text + _DIGITS[last] + "分"
    return text + ("整" if end_after_jiao else "")


def _capital_whole(yuan: int, zero_before_thousands: int) -> str:
    groups: list[int] = []
    while yuan:
        yuan, group = divmod(yuan, 10_000)
        groups.append(group)
    text = ""
    gap = False
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if not group:
            gap = True
            continue
        ends_in_zero = bool(zero_before_thousands) and index + 1 < len(groups) and groups[index + 1] % 10 == 0
        if text and (gap or group < 1_000 or ends_in_zero):
            text += "零"
        text += _capital_group(group) + _GROUPS[index]
        gap = False
    return text


def _capital_group(group: int) -> str:
    text = ""
    for place in (3, 2, 1, 0):
        digit = group // 10**place % 10
        if digit:
            text += _DIGITS[digit] + _PLACES[place]
        elif text and not text.endswith("零"):
            text += "零"
    return text.rstrip("零")


def _refuse_capital(fen: int) -> None:
    if abs(fen) >= CAPITAL_LIMIT:
        raise RuleError(
            _("Amounts of 1,000,000,000,000 yuan and more are not written in capital characters."),
            _("Check the number of zeros."),
        )


def _plain(text: str) -> str:
    if len(text) > _LONGEST_INPUT:
        return "?"
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").replace("–", "-").replace("\uffe5", "¥")
    plain = plain.replace("\u3001", "?").upper()
    plain = "".join(character for character in plain if not character.isspace())
    return "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in plain)


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST_INPUT else text[:_LONGEST_INPUT] + "…"

"""Money and percentages as they are written out; ``parsing`` reads them. Inside they are whole fen and basis points."""

from __future__ import annotations

import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Final

from qihua_desktop.i18n import _

from .errors import RuleError

FEN_PER_YUAN: Final = 100
CAPITAL_LIMIT: Final = 10**14
"""One 万亿 yuan in fen: the amount from which cheque writing is refused."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿")


def format_fen(fen: int, *, signed: bool = False) -> str:
    """Return the amount in yuan with two decimals and thousands separators; ``signed`` shows a plus as well."""
    sign = "-" if fen < 0 else "+" if signed and fen > 0 else ""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{yuan:,}.{rest:02d}"


def format_yuan(fen: int) -> str:
    """Return the amount with the currency sign touching the digits: ¥1,234.50."""
    return f"-¥{format_fen(-fen)}" if fen < 0 else f"¥{format_fen(fen)}"


def format_percent(basis_points: int, *, places: int | None = None) -> str:
    """Return a percentage: with one decimal and a second where needed, or with exactly ``places`` (0 … 2)."""
    if places is None:
        places = 2 if basis_points % 10 else 1
    value = (Decimal(basis_points) / 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{value:,}%" if value else f"{abs(value)}%"


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

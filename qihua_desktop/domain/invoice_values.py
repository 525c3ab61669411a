"""Amounts, dates and tax rates in the many ways invoices write them; None for what cannot be read, never a guess."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

MOST_FEN: Final = 10**15
"""The largest amount taken from a file; the same bound as for typed ones."""

_LONGEST: Final = 60
_NUMBER: Final = re.compile(r"([-−–]?)[¥￥]?([-−–]?)(\d{1,3}(?:,\d{3})+|\d{1,18})(\.\d{1,12})?元?")
_CURRENCIES: Final = (
    ("HK$", "HKD"), ("US$", "USD"), ("NT$", "TWD"), ("€", "EUR"), ("£", "GBP"), ("$", "USD"),
    ("美元", "USD"), ("欧元", "EUR"), ("港币", "HKD"), ("港元", "HKD"), ("日元", "JPY"), ("英镑", "GBP"),
)  # fmt: skip
_CODES: Final = frozenset(
    ("USD", "EUR", "HKD", "JPY", "GBP", "TWD", "MOP", "SGD", "KRW", "AUD", "CAD", "CHF", "THB", "MYR", "NZD", "RUB")
)
_OURS: Final = frozenset(("CNY", "RMB", "人民币", "¥", "元", "156"))
_DAY: Final = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?!\d)")
_DAY_DIGITS: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\d{6})?(?!\d)")
_RATE: Final = re.compile(r"(\d{1,3}(?:\.\d{1,8})?)(%?)")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount read: in hundredths of the currency; ``rounded`` when parts of a fen were rounded half up."""

    value: int
    currency: str = "CNY"
    rounded: bool = False


def half_width(text: str) -> str:
    """Return a text with full-width letters, digits and signs as ASCII, without invisible characters."""
    if text.isascii() and text.isprintable():
        return text
    normal = unicodedata.normalize("NFKC", text)
    return "".join(character for character in normal if unicodedata.category(character) not in ("Cf", "Cc"))


def read_amount(text: str) -> Amount | None:
    """Read an amount: ``500.00``, ``-¥1,234.50``, ``0.120000``, ``USD 20``. None for anything else (also ``=1+1``)."""
    if len(text) > _LONGEST:
        return None
    plain = "".join(half_width(text).split())
    match, currency = _NUMBER.fullmatch(plain), "CNY"
    if match is None:
        plain, currency = _without_currency(plain)
        match = _NUMBER.fullmatch(plain)
    if match is None or (match[1] and match[2]):
        return None
    exact = Decimal(match[3].replace(",", "") + (match[4] or "")) * 100
    value = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    if value > MOST_FEN:
        return None
    return Amount(-value if match[1] or match[2] else value, currency, exact != value)


def read_currency(text: str) -> str | None:
    """Return the ISO code of a currency as written; None when it is unknown. An empty text is CNY."""
    plain = half_width(text).strip().upper()
    if not plain or plain in _OURS:
        return "CNY"
    if plain in _CODES:
        return plain
    return dict(_CURRENCIES).get(plain)


def _without_currency(plain: str) -> tuple[str, str]:
    upper = plain.upper()
    for code in (*_CODES, "CNY", "RMB"):
        if upper.startswith(code) or upper.endswith(code):
            return upper.removeprefix(code).removesuffix(code), "CNY" if code == "RMB" else code
    for sign, code in _CURRENCIES:
        if sign in upper:
            return upper.replace(sign, "", 1), code
    return plain.removeprefix("人民币"), "CNY"


def read_day(text: str) -> str | None:
    """Read the day of a date or date-time and return it as ``2026-01-15``; None when there is none."""
    plain = half_width(text).strip()[:_LONGEST]
    compact = plain.replace(" ", "")
    match = _DAY.match(plain) or _DAY.match(compact) or _DAY_DIGITS.match(plain)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None


def read_rate(text: str) -> int | None:
    """Read a tax rate and return basis points: ``0.060000``, ``6%``, ``13``; None for 免税, ``***`` and the like."""
    plain = half_width(text).replace(" ", "")
    match = _RATE.fullmatch(plain[:_LONGEST])
    if match is None:
        return None
    value = Decimal(match[1])
    points = value * 100 if match[2] or value >= 1 else value * 10_000
    whole = int(points.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return whole if whole == points and whole <= 10_000 else None

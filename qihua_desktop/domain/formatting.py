"""Numbers, money, dates and durations as the user reads them; ``parsing`` and ``dates`` read them back."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from qihua_desktop.i18n import N_, _, current_language

from .money import format_fen, format_percent

WEEKDAYS: Final = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
MISSING: Final = "—"


def money_text(fen: int | None) -> str:
    """Return yuan with separators and two decimals: ``180,000.00``; a dash for none."""
    return MISSING if fen is None else format_fen(fen)


def money_short(fen: int | None) -> str:
    """Return a rounded amount for headlines: ``60 万``, ``1.2 亿``, in English ``600 K``."""
    if fen is None:
        return MISSING
    yuan = Decimal(fen) / 100
    if current_language() == "en":
        steps = ((Decimal(10**9), "B"), (Decimal(10**6), "M"), (Decimal(1000), "K"))
    else:
        steps = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
    for step, name in steps:
        if abs(yuan) >= step:
            return f"{_trimmed(yuan / step)} {name}"
    return _trimmed(yuan)


def percent_text(basis_points: int | None, decimals: int = 1) -> str:
    """Return a percentage: ``30.0%``; a dash for none."""
    return MISSING if basis_points is None else format_percent(basis_points, places=decimals)


def percent_exact(basis_points: int | None) -> str:
    """Return a percentage with as many decimals as it has: ``30%``, ``12.5%``."""
    return MISSING if basis_points is None else f"{_plain(Decimal(basis_points) / 100)}%"


def duration_text(minutes: int | None, minutes_per_day: int = 480) -> str:
    """Return a working duration: ``3天``, ``1.5天``, ``2天3小时``, ``45分钟``; in English ``3 d``."""
    if minutes is None:
        return MISSING
    sign = "-" if minutes < 0 else ""
    days, rest = divmod(abs(minutes), minutes_per_day)
    if days and rest * 2 == minutes_per_day:
        return sign + _("{count} d").format(count=f"{days}.5")
    hours, left = divmod(rest, 60)
    parts: list[str] = []
    if days or not rest:
        parts.append(_("{count} d").format(count=days))
    if hours:
        parts.append(_("{count} h").format(count=hours))
    if left:
        parts.append(_("{count} min").format(count=left))
    return sign + (" " if current_language() == "en" else "").join(parts)


def date_text(day: date | None) -> str:
    """Return ``2026-09-19``; a dash for none."""
    return MISSING if day is None else day.isoformat()


def date_short(day: date | None) -> str:
    """Return ``09-19``; a dash for none."""
    return MISSING if day is None else f"{day.month:02d}-{day.day:02d}"


def date_long(day: date | None) -> str:
    """Return a date with its weekday: ``2026-09-19（周六）``, in English ``2026-09-19 (Sat)``."""
    if day is None:
        return MISSING
    return _("{date} ({weekday})").format(date=day.isoformat(), weekday=weekday_text(day))


def weekday_text(day: date) -> str:
    """Return ``周六`` or ``Sat``."""
    return _(WEEKDAYS[day.weekday()])


def count_text(number: int | None) -> str:
    """Return a count with separators; a dash for none."""
    return MISSING if number is None else f"{number:,}"


def _trimmed(value: Decimal) -> str:
    digits = 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 2
    rounded = value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    return f"{_plain(rounded)}"


def _plain(value: Decimal) -> str:
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

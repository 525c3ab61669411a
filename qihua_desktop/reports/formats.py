"""How figures, dates and moments read on paper; a missing figure prints 缺数据 or a dash, never a guess."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.money import capital_amount, format_percent
from qihua_desktop.domain.money import format_fen as domain_fen
from qihua_desktop.i18n import _

DASH = "—"


def format_fen(fen: int | None) -> str:
    """Return ``1,234.50``; negative amounts with a true minus sign, a missing one as a dash."""
    return DASH if fen is None else domain_fen(fen).replace("-", "−")


def signed_fen(fen: int | None) -> str:
    """Return ``+12,900.00``, ``−12,900.00`` or ``0.00``; a missing amount as a dash."""
    return DASH if fen is None else domain_fen(fen, signed=True).replace("-", "−")


def signed_percent(basis_points: int | None) -> str:
    """Return ``+5.7%``, ``−3.1%`` or ``0%``: a deviation with as few decimals as it needs."""
    if basis_points is None:
        return DASH
    return ("+" if basis_points > 0 else "") + percent(basis_points).replace("-", "−")


def percent(basis_points: int | None) -> str:
    """Return ``30%``, ``12.5%`` or ``33.33%``: as few decimals as the value needs."""
    if basis_points is None:
        return DASH
    places = 0 if basis_points % 100 == 0 else 1 if basis_points % 10 == 0 else 2
    return format_percent(basis_points, places=places)


def day(value: date | None) -> str:
    """Return an ISO date, or a dash."""
    return value.isoformat() if value else DASH


def capital(fen: int) -> str:
    """Return the amount in capital characters with 人民币, or a dash beyond what the rules of cheques can write."""
    try:
        return capital_amount(fen, prefix=True)
    except RuleError:
        return DASH


def moment(value: datetime | None) -> str:
    """Return local time with its offset: ``2026-08-20 15:32 +08:00``."""
    if value is None:
        return DASH
    offset = value.utcoffset() or timedelta()
    minutes = round(offset.total_seconds() / 60)
    sign = "−" if minutes < 0 else "+"
    return f"{value:%Y-%m-%d %H:%M} {sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def version_label(number: int | None) -> str:
    """Return ``第 3 版``, empty without a number."""
    return _("Version {number}").format(number=number) if number else ""


def or_missing(text: str) -> str:
    """Return the text, or the words for a figure nobody has entered."""
    return text if text.strip() else _("no data")


def short_hash(fingerprint: str) -> str:
    """Return the first eight digits, as footers print them."""
    return fingerprint[:8]


def grouped_hash(fingerprint: str) -> str:
    """Return a fingerprint in groups of eight, as people compare it."""
    return " ".join(fingerprint[i : i + 8] for i in range(0, len(fingerprint), 8))

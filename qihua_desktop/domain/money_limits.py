"""The department's thresholds for money, and the fiscal year; they are kept in the workspace, not in rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from .budget_checks import RESERVE_FLOOR

WHOLE: Final = 10_000
LARGEST_FEN: Final = 10**14


@dataclass(frozen=True, slots=True)
class MoneyLimits:
    """The thresholds.

    Attributes:
        deviation_bp: a deviation beyond this share of a line's budget needs a reason code, in basis points.
        three_quotes_fen: from this amount on a line needs three quotes, 0 for never.
        reserve_floor_bp: least share of the contingency reserve, in basis points.
        fiscal_start_month: the month in which the fiscal year begins.
        pool_required: whether a plan without an annual pool may not be submitted.
        quotes_required: whether missing quotes stop a submission instead of being a warning.
    """

    deviation_bp: int = 1_000
    three_quotes_fen: int = 5_000_000
    reserve_floor_bp: int = RESERVE_FLOOR
    fiscal_start_month: int = 1
    pool_required: bool = False
    quotes_required: bool = False


def fiscal_year(day: date, start_month: int) -> int:
    """Return the fiscal year of a day, named after the calendar year in which it begins."""
    return day.year if day.month >= start_month else day.year - 1


def fiscal_months(year: int, start_month: int) -> tuple[tuple[int, int], ...]:
    """Return (year, month) of the twelve months of a fiscal year."""
    first = year * 12 + start_month - 1
    return tuple(((first + at) // 12, (first + at) % 12 + 1) for at in range(12))


def fiscal_span(year: int, start_month: int) -> tuple[date, date]:
    """Return the first day of a fiscal year and the first day after it."""
    return date(year, start_month, 1), date(year + 1, start_month, 1)

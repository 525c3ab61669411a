"""How much of a reused item is free: overlapping uses add up, material that is back in store counts for nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from .allocation import QUANTITY_UNIT
from .procurement import StockUse, StockUseState


def overlaps(use: StockUse, from_on: date | None, until_on: date | None) -> bool:
    """Tell whether a use holds its material on a day of a span; None leaves an end open. Both days count."""
    if use.state is StockUseState.RETURNED:
        return False
    starts_after = use.from_on is not None and until_on is not None and use.from_on > until_on
    ends_before = use.until_on is not None and from_on is not None and use.until_on < from_on
    return not (starts_after or ends_before)


def free_on(quantity: int, uses: Sequence[StockUse], day: date) -> int:
    """Return what is left of a quantity on a day; negative when too much was promised."""
    return quantity - sum(use.quantity for use in uses if overlaps(use, day, day))


def free_within(quantity: int, uses: Sequence[StockUse], from_on: date | None, until_on: date | None) -> int:
    """Return what is left of a quantity on the fullest day of a span, either end of which may be open."""
    changes: list[tuple[date, int]] = []
    for use in uses:
        if overlaps(use, from_on, until_on):
            changes.append((max(use.from_on or date.min, from_on or date.min), use.quantity))
            if use.until_on is not None and use.until_on < date.max:
                changes.append((use.until_on + timedelta(1), -use.quantity))
    held = most = 0
    for _day, change in sorted(changes):  # on the same day what ends comes before what begins
        held += change
        most = max(most, held)
    return quantity - most


def quantity_text(quantity: int, unit: str = "") -> str:
    """Return thousandths as a number with its unit: ``2.5 m``, ``12``."""
    whole, rest = divmod(abs(quantity), QUANTITY_UNIT)
    number = f"{whole:,}" + (f".{rest:03d}".rstrip("0") if rest else "")
    return ("-" if quantity < 0 else "") + number + (f" {unit}" if unit else "")

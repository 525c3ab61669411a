"""Three quotes compared (三家比价): what a line needs, which quote is the lowest, and what is missing for a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from qihua_desktop.i18n import _, ngettext

from .budget_checks import CheckOutcome
from .procurement import Quote

QUOTES_NEEDED: Final = 3


@dataclass(frozen=True, slots=True)
class ComparisonFinding:
    """What the comparison of a line's quotes says, and what to do about it."""

    outcome: CheckOutcome
    message: str
    advice: str = ""


def needs_comparison(amount: int, threshold: int) -> bool:
    """Tell whether an amount in fen asks for three quotes; a threshold of 0 never does."""
    return 0 < threshold <= amount


def lowest_gross(quotes: Sequence[Quote]) -> int | None:
    """Return the lowest gross amount, None without quotes."""
    return min((quote.gross for quote in quotes), default=None)


def suppliers_asked(quotes: Sequence[Quote]) -> int:
    """Return how many suppliers have quoted; several quotes of one count once."""
    return len({quote.supplier_id for quote in quotes})


def is_valid_on(quote: Quote, day: date) -> bool:
    """Tell whether a quote holds on a day; one without an end holds."""
    return quote.valid_until is None or quote.valid_until >= day


def reasons_wanted(quote: Quote, quotes: Sequence[Quote], *, needed: bool, today: date) -> tuple[str, ...]:
    """Return why choosing this quote needs a written reason, in words; empty when it needs none."""
    wanted: list[str] = []
    lowest = lowest_gross(quotes)
    if lowest is not None and quote.gross > lowest:
        wanted.append(_("It is not the lowest quote."))
    count = suppliers_asked(quotes)
    if needed and count < QUOTES_NEEDED:
        words = ngettext(
            "Only {count} supplier has quoted; the amount asks for {needed}.",
            "Only {count} suppliers have quoted; the amount asks for {needed}.",
            count,
        )
        wanted.append(words.format(count=count, needed=QUOTES_NEEDED))
    if not is_valid_on(quote, today):
        wanted.append(_("The quote has expired."))
    return tuple(wanted)


def judge_quotes(quotes: Sequence[Quote], *, needed: bool) -> ComparisonFinding:
    """Judge the quotes of a line as they stand."""
    chosen = next((quote for quote in quotes if quote.chosen), None)
    count = suppliers_asked(quotes)
    short = needed and count < QUOTES_NEEDED
    if chosen is None:
        if short:
            message = ngettext(
                "{count} supplier of {needed} has quoted.", "{count} suppliers of {needed} have quoted.", count
            ).format(count=count, needed=QUOTES_NEEDED)
            advice = _("Ask for more quotes, or choose one and say why.")
            return ComparisonFinding(CheckOutcome.FAILED, message, advice)
        return ComparisonFinding(CheckOutcome.NOTICE, _("No quote is chosen yet."), _("Choose one of the quotes."))
    not_lowest = chosen.gross > (lowest_gross(quotes) or 0)
    if (short or not_lowest) and not chosen.reason.strip():
        message = _("The chosen quote is not the lowest.") if not_lowest else _("There are fewer than three quotes.")
        return ComparisonFinding(CheckOutcome.FAILED, message, _("Write why it was chosen."))
    if short:
        message = _("There are fewer than three quotes. Reason: {reason}").format(reason=chosen.reason)
        return ComparisonFinding(CheckOutcome.NOTICE, message)
    if not_lowest:
        message = _("The chosen quote is not the lowest. Reason: {reason}").format(reason=chosen.reason)
        return ComparisonFinding(CheckOutcome.PASSED, message)
    message = ngettext(
        "{count} supplier has quoted, the lowest is chosen.",
        "{count} suppliers have quoted, the lowest is chosen.",
        count,
    )
    return ComparisonFinding(CheckOutcome.PASSED, message.format(count=count))

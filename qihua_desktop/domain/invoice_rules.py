"""The dated rules about invoices, from ``resources/rules/invoices.toml``: tax rates, kinds, budget lines."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Any, Final

from resources import resource_bytes

from .invoice import InvoiceKind

RULES_FILE: Final = "rules/invoices.toml"


class RuleLevel(StrEnum):
    """What a voucher that does not fit its line brings about."""

    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Period:
    """The days from and until which something holds, both included; None is open."""

    start: date | None = None
    end: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether a day is in the period."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class RateRule:
    """A tax rate in basis points and when it may be charged."""

    points: int
    period: Period


@dataclass(frozen=True, slots=True)
class LineRule:
    """What fits a budget line whose name has one of ``words``; empty sets allow everything."""

    words: tuple[str, ...]
    kinds: frozenset[InvoiceKind]
    rates: frozenset[int]
    level: RuleLevel
    reason: str
    period: Period


@dataclass(frozen=True, slots=True)
class InvoiceRules:
    """All rules of a file."""

    rates: tuple[RateRule, ...]
    kinds: Mapping[InvoiceKind, Period]
    lines: tuple[LineRule, ...]

    def rate_holds(self, points: int, day: date) -> bool | None:
        """Tell whether a rate may be charged on a day; None for a rate that the rules do not know."""
        known = [rule for rule in self.rates if rule.points == points]
        return any(rule.period.holds_on(day) for rule in known) if known else None

    def line_rule(self, line_name: str, day: date) -> LineRule | None:
        """Return the first rule whose words are in a line's name."""
        name = line_name.casefold()
        return next(
            (rule for rule in self.lines if rule.period.holds_on(day) and any(word in name for word in rule.words)),
            None,
        )


@cache
def shipped_rules() -> InvoiceRules:
    """Return the rules that come with the program."""
    return read_rules(resource_bytes(RULES_FILE).decode("utf-8"))


def read_rules(text: str) -> InvoiceRules:
    """Read rules from TOML. Raises ValueError or KeyError when it does not have the form of the shipped file."""
    tables: dict[str, list[dict[str, Any]]] = tomllib.loads(text)
    return InvoiceRules(
        rates=tuple(RateRule(int(entry["points"]), _period(entry)) for entry in tables.get("rate", ())),
        kinds={InvoiceKind(entry["key"]): _period(entry) for entry in tables.get("kind", ())},
        lines=tuple(_line(entry) for entry in tables.get("line", ())),
    )


def _line(entry: dict[str, Any]) -> LineRule:
    return LineRule(
        words=tuple(str(word).casefold() for word in entry["words"]),
        kinds=frozenset(InvoiceKind(kind) for kind in entry.get("kinds", ())),
        rates=frozenset(int(rate) for rate in entry.get("rates", ())),
        level=RuleLevel(entry.get("level", "warn")),
        reason=str(entry.get("reason", "")),
        period=_period(entry),
    )


def _period(entry: dict[str, Any]) -> Period:
    start, end = entry.get("from"), entry.get("until")
    if (start is not None and type(start) is not date) or (end is not None and type(end) is not date):
        raise ValueError("from and until are days")
    return Period(start, end)

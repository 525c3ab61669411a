"""What the execution report says (预算执行报告): deviations that still need a reason, cost per head, ROI, months.

Cost is what was spent and is bound: actual + open commitments. A figure that cannot be reckoned is None and printed
as missing, never guessed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from .allocation import WHOLE, priced_amount
from .budget import BudgetLine
from .execution import OutcomeBasis
from .ids import EntityId
from .ledger import Ledger, LedgerSource, LineLedger, committed_gross
from .procurement import ContractState, StockUseState
from .vouchers import VoucherState

ROI_TARGET: Final = 3
"""The department's target: one yuan of cost brings three of income or more (1 : 3)."""


@dataclass(frozen=True, slots=True)
class Roi:
    """Input to output: ``ratio`` is cost to income, ``percent_bp`` is (income − cost) / cost in basis points."""

    cost: int
    income: int
    ratio: str
    percent_bp: int
    meets_target: bool


@dataclass(frozen=True, slots=True)
class PerHead:
    """Cost per guest or lead in fen: budget by planned heads, estimate by expected ones, cost by actual ones."""

    budget: int | None
    estimate: int | None
    actual: int | None


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """What a month was planned to cost, was bound in it, and cost, in fen."""

    year: int
    month: int
    planned: int
    committed: int
    actual: int


@dataclass(frozen=True, slots=True)
class MissingReason:
    """A row that deviates beyond the threshold without a reason; ``line_id`` None is the whole budget."""

    line_id: EntityId | None
    figures: LineLedger


def return_on(cost: int, income: int | None) -> Roi | None:
    """Return the ROI, None without cost or income. The ratio is cut, not rounded, so that it never looks better."""
    if cost <= 0 or income is None:
        return None
    hundredths = income * 100 // cost if income >= 0 else -(-income * 100 // cost)
    whole, rest = divmod(abs(hundredths), 100)
    number = f"{whole:,}" + (f".{rest:02d}".rstrip("0") if rest else "")
    gain = income - cost
    percent = (2 * abs(gain) * WHOLE + cost) // (2 * cost)
    ratio = f"1 : {'-' if hundredths < 0 else ''}{number}"
    return Roi(cost, income, ratio, percent if gain >= 0 else -percent, income >= ROI_TARGET * cost)


def per_head(figures: LineLedger, planned: int, actual: int | None) -> PerHead:
    """Return the cost per guest or lead; the estimate uses actual heads once they are known."""
    return PerHead(
        _each(figures.effective, planned),
        _each(figures.eac, planned if actual is None else actual),
        _each(figures.actual + figures.open_commitment, actual),
    )


def outcome_roi(figures: LineLedger, outcome: OutcomeBasis | None) -> tuple[Roi | None, Roi | None]:
    """Return the planned ROI (budget and planned income) and the actual one; None for what is missing."""
    if outcome is None:
        return None, None
    planned = return_on(figures.effective, outcome.income_planned or None)
    return planned, return_on(figures.actual + figures.open_commitment, outcome.income_actual)


def missing_reasons(
    ledger: Ledger, lines: Sequence[BudgetLine], explained: Collection[EntityId | None]
) -> tuple[MissingReason, ...]:
    """Return the rows beyond the threshold that nobody explained, in reading order, the whole budget last.

    A reason given for a row covers everything below it. A row with children, and the whole budget, need one of their
    own only where neither a reason nor a missing one stands below.
    """
    reasons = set(explained)
    parent_of = {line.id: line.parent_id for line in lines}
    covered: set[EntityId] = set()
    for line_id in ledger.rows:  # parents come before their children
        if line_id in reasons or parent_of.get(line_id) in covered:
            covered.add(line_id)
    settled: set[EntityId | None] = set()  # rows below which a reason stands, or is asked for
    missing: set[EntityId] = set()
    for line_id in reversed(ledger.rows):
        row = ledger.rows[line_id]
        if row.beyond and line_id not in covered and line_id not in settled:
            missing.add(line_id)
        if line_id in settled or line_id in missing or line_id in reasons:
            settled.add(parent_of.get(line_id))
    found = [MissingReason(line_id, row) for line_id, row in ledger.rows.items() if line_id in missing]
    if ledger.total.beyond and None not in reasons and None not in settled:
        found.append(MissingReason(None, ledger.total))
    return tuple(found)


def by_month(source: LedgerSource, finish_of: Mapping[EntityId, date], key_on: date) -> tuple[MonthFigures, ...]:
    """Return planned, committed and actual money of every month from the first to the last that has any.

    A line is planned for the month in which its task, or that of a row above, finishes (``finish_of`` by task), else
    for the key date. A contract counts when it is signed, a voucher when it was issued, stock when it is taken.
    """
    sums: dict[tuple[int, int], list[int]] = {}

    def book(day: date, column: int, amount: int) -> None:
        if amount:
            sums.setdefault((day.year, day.month), [0, 0, 0])[column] += amount

    by_id = {line.id: line for line in source.lines}
    parents = {line.parent_id for line in source.lines}
    for line in source.lines:
        if line.id not in parents:
            book(_planned_on(line, by_id, finish_of, key_on), 0, line.amount)
    for contract in source.contracts:
        if contract.state is not ContractState.DRAFT:
            book(contract.signed_on or key_on, 1, committed_gross(contract))
    for voucher in source.vouchers:
        if voucher.state is VoucherState.ACCEPTED:
            added = datetime.fromtimestamp(voucher.added_ms / 1000, UTC).date()
            book(voucher.issued_on or added, 2, voucher.gross)
    for use in source.stock_uses:
        cost = priced_amount(use.unit_price, use.quantity)
        book(use.from_on or key_on, 1, cost)
        if use.state is not StockUseState.RESERVED:
            book(use.from_on or key_on, 2, cost)
    if not sums:
        return ()
    first, last = min(sums), max(sums)
    months = range(first[0] * 12 + first[1] - 1, last[0] * 12 + last[1])
    return tuple(MonthFigures(at // 12, at % 12 + 1, *sums.get((at // 12, at % 12 + 1), (0, 0, 0))) for at in months)


def _each(amount: int, heads: int | None) -> int | None:
    if heads is None or heads <= 0:
        return None
    size = (2 * abs(amount) + heads) // (2 * heads)
    return size if amount >= 0 else -size


def _planned_on(
    line: BudgetLine, by_id: Mapping[EntityId, BudgetLine], finish_of: Mapping[EntityId, date], key_on: date
) -> date:
    row: BudgetLine | None = line
    while row is not None:
        if row.task_id is not None and row.task_id in finish_of:
            return finish_of[row.task_id]
        row = by_id.get(row.parent_id) if row.parent_id is not None else None
    return key_on

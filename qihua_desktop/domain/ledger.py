"""What a budget has become: contracted, actual, still to come, and the estimate at completion of every line.

Nothing counts twice: an accepted invoice consumes its contract. Open = max(0, contract − its accepted invoices);
actual = accepted vouchers + stock used; EAC = actual + open + to go; deviation = EAC − effective budget, where
effective = budget ± approved use of the reserve. Rows with children are sums of them and of what was recorded at the
row itself. A default to-go is what the effective budget leaves while the project runs; money committed at a parent
uses up the default to-go below it, so that adding lines under a row with a contract does not change its estimate.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from .allocation import WHOLE, priced_amount, split
from .budget import BudgetLine
from .execution import LineForecast, ReleaseState, ReserveRelease
from .ids import EntityId
from .money_limits import MoneyLimits
from .procurement import Contract, ContractState, Payment, Quote, StockUse, StockUseState
from .vouchers import Voucher, VoucherShare, VoucherState

DEVIATION_LIMIT: Final = MoneyLimits().deviation_bp
"""Deviation in basis points beyond which a reason is asked for, unless the settings say otherwise."""


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """The plain rows that a ledger is made of, in any order."""

    lines: Sequence[BudgetLine] = ()
    quotes: Sequence[Quote] = ()
    contracts: Sequence[Contract] = ()
    payments: Sequence[Payment] = ()
    vouchers: Sequence[Voucher] = ()
    shares: Sequence[VoucherShare] = ()
    stock_uses: Sequence[StockUse] = ()
    releases: Sequence[ReserveRelease] = ()
    forecasts: Sequence[LineForecast] = ()


@dataclass(frozen=True, slots=True)
class LineLedger:
    """The figures of a line, a category or the whole budget, in fen.

    Attributes:
        line_id: None for the whole budget.
        level: 0 for a category, −1 for the whole budget.
        released: approved use of the reserve: positive where it goes, negative on the reserve.
        effective: budget + released.
        contracted: contracts that were signed, finished ones too; of cancelled ones what stays due.
        open_commitment: what contracts and reserved stock still commit beyond accepted invoices.
        to_go: what is expected beyond that; ``to_go_typed`` when somebody typed it here or below.
        rate_bp: deviation in basis points of the effective budget, None outside the budget (预算外).
        beyond: the deviation needs a reason. A reserve that was not used needs none.
        remaining: effective budget − actual − open commitments; negative when overdrawn.
    """

    line_id: EntityId | None
    level: int
    budget: int
    released: int
    effective: int
    contracted: int
    open_commitment: int
    actual: int
    paid: int
    to_go: int
    to_go_typed: bool
    eac: int
    deviation: int
    rate_bp: int | None
    beyond: bool
    remaining: int
    has_children: bool = False
    is_reserve: bool = False


@dataclass(frozen=True, slots=True)
class Ledger:
    """The figures of every row by line in reading order, and of the whole budget.

    ``unassigned`` is what accepted vouchers hold that no line bears yet; ``total.actual`` contains it.
    ``total.budget`` is the budget's total, so it contains what no category holds.
    """

    rows: dict[EntityId, LineLedger]
    total: LineLedger
    unassigned: int
    threshold_bp: int = DEVIATION_LIMIT

    @property
    def categories(self) -> tuple[LineLedger, ...]:
        """The rows of the first level."""
        return tuple(row for row in self.rows.values() if row.level == 0)


@dataclass(slots=True)
class _Node:
    """Figures recorded at one row; while rolling up they become those of everything below as well."""

    line: BudgetLine | None
    level: int = -1
    budget: int = 0
    released: int = 0
    contracted: int = 0
    open: int = 0
    actual: int = 0
    paid: int = 0
    to_go: int = 0
    spare: int = 0  # the part of to_go that was not typed, so that commitments above may use it up
    typed: bool = False
    is_reserve: bool = False
    below: list[_Node] = field(default_factory=list["_Node"])


def build_ledger(
    total: int, source: LedgerSource, threshold_bp: int = DEVIATION_LIMIT, *, running: bool = True
) -> Ledger:
    """Return the ledger of a budget. Once the project is not ``running``, nothing is to go any more."""
    root, nodes, order = _tree(source.lines)
    _book_contracts(root, nodes, source)
    unassigned = _book_vouchers(root, nodes, source)
    _book_payments(root, nodes, source)
    for use in source.stock_uses:
        node, cost = _at(nodes, use.line_id, root), priced_amount(use.unit_price, use.quantity)
        if use.state is StockUseState.RESERVED:
            node.open += cost
        else:
            node.actual += cost
    for release in source.releases:
        if release.state is ReleaseState.APPROVED:
            _at(nodes, release.line_id, root).released += release.amount
            _at(nodes, release.reserve_line_id, root).released -= release.amount
    forecasts = {forecast.line_id: forecast.to_go for forecast in source.forecasts}
    root.budget = total
    for node in reversed(order):
        _roll_up(node, forecasts, running=running)
    _roll_up(root, forecasts, running=running)
    rows = {node.line.id: _row(node, threshold_bp) for node in order if node.line is not None}
    return Ledger(rows, _row(root, threshold_bp), unassigned, threshold_bp)


def consumed_by_contract(vouchers: Sequence[Voucher], shares: Sequence[VoucherShare]) -> dict[EntityId, int]:
    """Return what accepted vouchers have invoiced of each contract, red ones taken off."""
    accepted = {voucher.id for voucher in vouchers if voucher.state is VoucherState.ACCEPTED}
    consumed: dict[EntityId, int] = {}
    for share in shares:
        if share.contract_id is not None and share.voucher_id in accepted:
            consumed[share.contract_id] = consumed.get(share.contract_id, 0) + share.gross
    return consumed


def committed_gross(contract: Contract) -> int:
    """Return what a contract binds in all: a draft nothing, a cancelled one what stays due."""
    if contract.state is ContractState.DRAFT:
        return 0
    return contract.unavoidable if contract.state is ContractState.CANCELLED else contract.gross


def open_commitment(contract: Contract, invoiced: int) -> int:
    """Return what a contract still commits beyond its accepted invoices."""
    if contract.state in (ContractState.DRAFT, ContractState.FINISHED):
        return 0
    return max(0, committed_gross(contract) - invoiced)


def deviation_rate(deviation: int, effective: int) -> int | None:
    """Return a deviation in basis points of its budget, halves away from zero; None without a budget (预算外)."""
    if effective <= 0:
        return None
    size = (2 * abs(deviation) * WHOLE + effective) // (2 * effective)
    return size if deviation >= 0 else -size


def is_beyond(deviation: int, effective: int, threshold_bp: int) -> bool:
    """Tell whether a deviation exceeds the threshold, to the fen; without a budget every deviation does."""
    if effective <= 0:
        return deviation != 0
    return abs(deviation) * WHOLE > threshold_bp * effective


def _tree(lines: Sequence[BudgetLine]) -> tuple[_Node, dict[EntityId, _Node], list[_Node]]:
    root = _Node(None)
    nodes = {line.id: _Node(line) for line in lines}
    for line in sorted(lines, key=lambda one: (one.position, one.id)):
        _at(nodes, line.parent_id, root).below.append(nodes[line.id])
    order: list[_Node] = []
    waiting = list(reversed(root.below))
    for node in waiting:
        node.level = 0
    while waiting:
        node = waiting.pop()
        order.append(node)
        assert node.line is not None
        node.is_reserve = node.is_reserve or node.line.is_reserve
        for child in reversed(node.below):
            child.level = node.level + 1
            child.is_reserve = node.is_reserve
            waiting.append(child)
        if not node.below:
            node.budget = node.line.amount
    return root, nodes, order


def _at(nodes: Mapping[EntityId, _Node], line_id: EntityId | None, root: _Node) -> _Node:
    """Return where something is booked; what has no line of this budget stands at the whole budget."""
    return nodes.get(line_id, root) if line_id is not None else root


def _book_contracts(root: _Node, nodes: Mapping[EntityId, _Node], source: LedgerSource) -> None:
    consumed = consumed_by_contract(source.vouchers, source.shares)
    for contract in source.contracts:
        node = _at(nodes, contract.line_id, root)
        node.contracted += committed_gross(contract)
        node.open += open_commitment(contract, consumed.get(contract.id, 0))


def _book_vouchers(root: _Node, nodes: Mapping[EntityId, _Node], source: LedgerSource) -> int:
    left = {voucher.id: voucher.gross for voucher in source.vouchers if voucher.state is VoucherState.ACCEPTED}
    for share in source.shares:
        node = nodes.get(share.line_id) if share.line_id is not None else None
        if node is not None and share.voucher_id in left:
            node.actual += share.gross
            left[share.voucher_id] -= share.gross
    unassigned = sum(left.values())
    root.actual += unassigned
    return unassigned


def _book_payments(root: _Node, nodes: Mapping[EntityId, _Node], source: LedgerSource) -> None:
    contracts = {contract.id: contract.line_id for contract in source.contracts}
    shares: dict[EntityId, list[VoucherShare]] = {}
    for share in source.shares:
        shares.setdefault(share.voucher_id, []).append(share)
    gross = {voucher.id: voucher.gross for voucher in source.vouchers}
    for payment in source.payments:
        if payment.contract_id is not None and payment.contract_id in contracts:
            _at(nodes, contracts[payment.contract_id], root).paid += payment.paid
            continue
        parts = shares.get(payment.voucher_id, []) if payment.voucher_id is not None else []
        whole = gross.get(payment.voucher_id, 0) if payment.voucher_id is not None else 0
        weights = [*(abs(share.gross) for share in parts), abs(whole - sum(share.gross for share in parts))]
        places = [*(_at(nodes, share.line_id, root) for share in parts), root]
        for node, part in zip(places, split(payment.paid, weights), strict=True):
            node.paid += part


def _roll_up(node: _Node, forecasts: Mapping[EntityId, int], *, running: bool) -> None:
    """Add what stands below a row, once that is complete, and settle what is to go."""
    below = node.below
    held = sum(child.budget for child in below)
    if node.line is not None and below:
        node.budget = held
    # Of rows with others below only the whole budget has money of its own: what no category holds.
    own_effective = max(0, node.budget - held) + node.released
    spent = node.actual + node.open
    typed = forecasts.get(node.line.id) if node.line is not None and not below else None
    if not running:
        pass
    elif typed is not None:
        node.to_go, node.typed = typed, True
    else:
        node.spare = node.to_go = max(0, own_effective - spent)
    if below:
        beyond_own = max(0, spent - own_effective)
        for child in below:
            node.released += child.released
            node.contracted += child.contracted
            node.open += child.open
            node.actual += child.actual
            node.paid += child.paid
            node.to_go += child.to_go
            node.spare += child.spare
            node.typed = node.typed or child.typed
        used = min(beyond_own, node.spare)
        node.to_go -= used
        node.spare -= used


def _row(node: _Node, threshold_bp: int) -> LineLedger:
    effective = node.budget + node.released
    eac = node.actual + node.open + node.to_go
    deviation = eac - effective
    return LineLedger(
        node.line.id if node.line is not None else None,
        node.level,
        node.budget,
        node.released,
        effective,
        node.contracted,
        node.open,
        node.actual,
        node.paid,
        node.to_go,
        node.typed,
        eac,
        deviation,
        deviation_rate(deviation, effective),
        is_beyond(deviation, effective, threshold_bp) and not (node.is_reserve and deviation < 0),
        effective - node.actual - node.open,
        bool(node.below),
        node.is_reserve,
    )

"""The year across projects: planned, committed and actual money by month.

A project belongs to the fiscal year of its key date. A line is planned in the month in which its task ends, or in that
of the key date; a contract is committed in the month of its signing, a voucher is actual in the month of its date. What
falls into months outside the year is shown beside the twelve, so that every row still adds up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from db import tables
from qihua_desktop.domain.allocation import priced_amount
from qihua_desktop.domain.budget import Budget, BudgetLine
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.ledger import committed_gross
from qihua_desktop.domain.plan import last_day_of
from qihua_desktop.domain.procurement import Contract, ContractState, StockUse, StockUseState
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.vouchers import Voucher, VoucherShare, VoucherState

from .money_limits import fiscal_months, fiscal_year, money_limits
from .pool_uses import grouped
from .session import Session

OUTSIDE = 12
"""The place behind the twelve months for what falls outside the year."""


@dataclass(frozen=True, slots=True)
class YearFigures:
    """Twelve months and, as a thirteenth place, what falls outside the year; in fen."""

    plan: tuple[int, ...]
    committed: tuple[int, ...]
    actual: tuple[int, ...]

    @property
    def totals(self) -> tuple[int, int, int]:
        """The sums of plan, committed and actual."""
        return sum(self.plan), sum(self.committed), sum(self.actual)


@dataclass(frozen=True, slots=True)
class YearRow:
    """A project's year; ``by_pool`` divides the figures by annual pool, None for no pool."""

    project: Project
    budget: Budget
    figures: YearFigures
    by_pool: Mapping[EntityId | None, YearFigures]


@dataclass(frozen=True, slots=True)
class YearView:
    """All projects of a fiscal year; ``months`` are (year, month) in its order."""

    year: int
    months: tuple[tuple[int, int], ...]
    rows: tuple[YearRow, ...]
    total: YearFigures


@dataclass(slots=True)
class _Sums:
    plan: list[int] = field(default_factory=lambda: [0] * (OUTSIDE + 1))
    committed: list[int] = field(default_factory=lambda: [0] * (OUTSIDE + 1))
    actual: list[int] = field(default_factory=lambda: [0] * (OUTSIDE + 1))

    def done(self) -> YearFigures:
        return YearFigures(tuple(self.plan), tuple(self.committed), tuple(self.actual))


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one project."""

    lines: tuple[BudgetLine, ...]
    contracts: tuple[Contract, ...]
    vouchers: tuple[Voucher, ...]
    shares: tuple[VoucherShare, ...]
    stock: tuple[StockUse, ...]


def year_view(session: Session, year: int) -> YearView:
    """Return the year of every project whose key date lies in it, by key date."""
    workspace = session.workspace
    start = money_limits(session).fiscal_start_month
    projects = [one for one in tables.projects.all(workspace) if fiscal_year(one.key_on, start) == year]
    months = fiscal_months(year, start)
    place = {month: at for at, month in enumerate(months)}
    ids = [one.id for one in projects]
    budgets = {one.project_id: one for one in tables.budgets.all(workspace)}
    lines = grouped(tables.budget_lines.among(workspace, "project_id", ids))
    contracts = grouped(tables.contracts.among(workspace, "project_id", ids))
    vouchers = grouped(tables.vouchers.among(workspace, "project_id", ids))
    shares = grouped(tables.voucher_shares.among(workspace, "project_id", ids))
    stock = grouped(tables.stock_uses.among(workspace, "project_id", ids))
    ends = _task_ends(session, (line for own in lines.values() for line in own))
    rows: list[YearRow] = []
    for project in sorted(projects, key=lambda one: (one.key_on, one.number)):
        budget = budgets.get(project.id)
        if budget is None:
            continue
        own = _Rows(*(part.get(project.id, ()) for part in (lines, contracts, vouchers, shares, stock)))  # type: ignore[arg-type]
        sums = _project_sums(project, budget, own, ends, place)
        by_pool = {pool: one.done() for pool, one in sums.items()}
        rows.append(YearRow(project, budget, add_figures(by_pool.values()), by_pool))
    return YearView(year, months, tuple(rows), add_figures(row.figures for row in rows))


def add_figures(figures: Iterable[YearFigures]) -> YearFigures:
    """Return the sum of figures, month by month."""
    sums = _Sums()
    for one in figures:
        for target, values in ((sums.plan, one.plan), (sums.committed, one.committed), (sums.actual, one.actual)):
            for at, value in enumerate(values):
                target[at] += value
    return sums.done()


def _task_ends(session: Session, lines: Iterable[BudgetLine]) -> dict[EntityId, date]:
    wanted = {line.task_id for line in lines if line.task_id is not None}
    tasks = tables.tasks.among(session.workspace, "id", sorted(wanted)) if wanted else ()
    return {task.id: last_day_of(task.start, task.finish) for task in tasks}


def _project_sums(
    project: Project,
    budget: Budget,
    rows: _Rows,
    ends: Mapping[EntityId, date],
    place: Mapping[tuple[int, int], int],
) -> dict[EntityId | None, _Sums]:
    sums: dict[EntityId | None, _Sums] = {budget.pool_id: _Sums()}
    pools = _pools_of_lines(budget, rows.lines)

    def at(day: date | None) -> int:
        known = day or project.key_on
        return place.get((known.year, known.month), OUTSIDE)

    def of(line_id: EntityId | None) -> _Sums:
        pool = pools.get(line_id, budget.pool_id) if line_id is not None else budget.pool_id
        return sums.setdefault(pool, _Sums())

    parents = {line.parent_id for line in rows.lines}
    allocated = 0
    for line in rows.lines:
        if line.id not in parents:
            allocated += line.amount
            of(line.id).plan[at(ends.get(line.task_id) if line.task_id is not None else None)] += line.amount
    of(None).plan[at(None)] += budget.total - allocated
    for contract in rows.contracts:
        if contract.state is not ContractState.DRAFT:
            of(contract.line_id).committed[at(contract.signed_on)] += committed_gross(contract)
    accepted = {one.id: one for one in rows.vouchers if one.state is VoucherState.ACCEPTED}
    left = {one.id: one.gross for one in accepted.values()}
    for share in rows.shares:
        voucher = accepted.get(share.voucher_id)
        if voucher is not None:
            of(share.line_id).actual[at(voucher.issued_on)] += share.gross
            left[voucher.id] -= share.gross
    for voucher_id, rest in left.items():
        of(None).actual[at(accepted[voucher_id].issued_on)] += rest
    for use in rows.stock:
        cost = priced_amount(use.unit_price, use.quantity)
        figures = of(use.line_id)
        (figures.committed if use.state is StockUseState.RESERVED else figures.actual)[at(use.from_on)] += cost
    return sums


def _pools_of_lines(budget: Budget, lines: Iterable[BudgetLine]) -> dict[EntityId, EntityId | None]:
    """Return the pool that each line draws on: that of its category where it has one, else the budget's."""
    by_id = {line.id: line for line in lines}
    moved = any(line.pool_id is not None and line.parent_id is None for line in by_id.values())
    found: dict[EntityId, EntityId | None] = {}
    for line in by_id.values() if moved else ():
        top = line
        for _step in range(8):
            if top.parent_id is None or top.parent_id not in by_id:
                break
            top = by_id[top.parent_id]
        found[line.id] = top.pool_id or budget.pool_id
    return found

"""A fiscal year at a glance: its pools, how every project stands with them, its months, and signed exceptions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from db import tables
from qihua_desktop.domain.annual import PoolException
from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.ledger import LedgerSource, LineLedger, build_ledger
from qihua_desktop.domain.pool_rules import PlanState
from qihua_desktop.domain.project import Project, ProjectStatus

from .money_limits import fiscal_year, money_limits
from .pool_uses import ProjectUses, grouped, project_uses
from .pools import PoolView, ProjectPool, as_of, content_sha256, pool_views, project_positions
from .session import Session
from .year_view import YearFigures, YearView, year_view


@dataclass(frozen=True, slots=True)
class YearProject:
    """A project of the year; amounts in fen.

    ``pool_id`` is what its budget draws on, ``other_pools`` those of its categories. ``asks`` are the pools that have
    too little for the plan as it stands. ``other_year`` is the year of its pool where that is another one.
    """

    project: Project
    state: PlanState
    pool_id: EntityId | None
    pool_name: str
    other_pools: tuple[str, ...]
    figures: LineLedger
    needed: int
    asks: tuple[ProjectPool, ...]
    other_year: int | None

    @property
    def is_overdrawn(self) -> bool:
        """Whether more is spent and committed than the budget has."""
        return self.figures.remaining < 0

    @property
    def blocked(self) -> bool:
        """Whether a pool's level forbids the plan as it stands."""
        return any(one.outcome is CheckOutcome.FAILED for one in self.asks)


@dataclass(frozen=True, slots=True)
class SignedException:
    """A signed permission with names; ``holds`` while the budget is still the one that was signed for."""

    exception: PoolException
    project_name: str
    pool_name: str
    signer: str
    holds: bool


@dataclass(frozen=True, slots=True)
class YearOverview:
    """Everything that the year's page shows; ``months`` of the view are in the order of the fiscal year."""

    year: int
    pools: tuple[PoolView, ...]
    projects: tuple[YearProject, ...]
    view: YearView
    exceptions: tuple[SignedException, ...]
    as_of: str

    def pool(self, pool_id: EntityId) -> PoolView | None:
        """Return a pool of the year, None for one of another year."""
        return next((one for one in self.pools if one.pool.id == pool_id), None)

    def project(self, project_id: EntityId) -> YearProject | None:
        """Return a project of the year."""
        return next((one for one in self.projects if one.project.id == project_id), None)

    def months_of(self, project_id: EntityId) -> YearFigures | None:
        """Return a project's months."""
        return next((row.figures for row in self.view.rows if row.project.id == project_id), None)


def year_overview(session: Session, year: int, going_on: Callable[[], object] = bool) -> YearOverview:
    """Return a fiscal year; ``going_on`` is called now and then and may raise to end it.

    Its projects are those whose key date lies in the year, and those that draw on one of its pools.
    """
    uses = project_uses(session)
    going_on()
    view = year_view(session, year)
    going_on()
    found = pool_views(session, year, uses, view.rows)
    start = money_limits(session).fiscal_start_month
    ours = {one.pool.id for one in found}
    shown = [
        one for one in uses if fiscal_year(one.project.key_on, start) == year or any(pool in ours for pool in one.uses)
    ]
    shown.sort(key=lambda one: (one.project.key_on, one.project.number))
    figures = _figures(session, shown)
    going_on()
    known = {one.id: one for one in tables.annual_pools.all(session.workspace)}
    rows: list[YearProject] = []
    for one in shown:
        pool = known.get(one.budget.pool_id) if one.budget.pool_id is not None else None
        others = (known.get(key) for key in one.uses if key is not None and key != one.budget.pool_id)
        row = YearProject(
            one.project,
            one.state,
            pool.id if pool else None,
            pool.name if pool else "",
            tuple(other.name for other in others if other is not None),
            figures[one.project.id],
            sum(use.needed for use in one.uses.values()),
            _asks(session, one, found),
            pool.year if pool is not None and pool.year != year else None,
        )
        rows.append(row)
        going_on()
    signed = _exceptions(session, ours, {one.project.id for one in uses})
    return YearOverview(year, found, tuple(rows), view, signed, as_of(session))


def overview_elsewhere(session: Session, year: int, going_on: Callable[[], object] = bool) -> YearOverview:
    """Return a fiscal year, read through a connection of its own: for any thread."""
    sibling = session.workspace.sibling()
    try:
        return year_overview(Session(sibling, session.actor, session.local_now), year, going_on)
    finally:
        sibling.close()


def _asks(session: Session, own: ProjectUses, found: Iterable[PoolView]) -> tuple[ProjectPool, ...]:
    """Return how a project that is not over stands with the pools that have too little for it; most cost nothing."""
    if own.state in (PlanState.CLOSED, PlanState.CANCELLED):
        return ()
    room = {one.pool.id: one.position.available for one in found}
    short = {
        pool_id
        for pool_id, use in own.uses.items()
        if pool_id is not None and pool_id in room and use.needed > room[pool_id] + use.occupied
    }
    if not short:
        return ()
    positions = project_positions(session, own.project.id)
    return tuple(one for one in positions if one.pool is not None and one.pool.id in short)


def _figures(session: Session, shown: Iterable[ProjectUses]) -> Mapping[EntityId, LineLedger]:
    """Return what each project's whole budget has become, from rows read once."""
    workspace, limit = session.workspace, money_limits(session).deviation_bp
    own = list(shown)
    ids = [one.project.id for one in own]
    contracts = grouped(tables.contracts.among(workspace, "project_id", ids))
    payments = grouped(tables.payments.among(workspace, "project_id", ids))
    vouchers = grouped(tables.vouchers.among(workspace, "project_id", ids))
    shares = grouped(tables.voucher_shares.among(workspace, "project_id", ids))
    stock = grouped(tables.stock_uses.among(workspace, "project_id", ids))
    releases = grouped(tables.reserve_releases.among(workspace, "project_id", ids))
    forecasts = grouped(tables.line_forecasts.among(workspace, "project_id", ids))
    found: dict[EntityId, LineLedger] = {}
    for one in own:
        key = one.project.id
        source = LedgerSource(
            one.lines,
            contracts=contracts.get(key, ()),
            payments=payments.get(key, ()),
            vouchers=vouchers.get(key, ()),
            shares=shares.get(key, ()),
            stock_uses=stock.get(key, ()),
            releases=releases.get(key, ()),
            forecasts=forecasts.get(key, ()),
        )
        running = one.project.status is ProjectStatus.ACTIVE
        found[key] = build_ledger(one.budget.total, source, limit, running=running).total
    return found


def _exceptions(
    session: Session, ours: Iterable[EntityId], with_budget: Iterable[EntityId]
) -> tuple[SignedException, ...]:
    workspace = session.workspace
    signed = tables.pool_exceptions.among(workspace, "pool_id", sorted(ours))
    known = set(with_budget)
    people = {one.id: one.name for one in tables.people.all(workspace)}
    projects = {one.id: one.name for one in tables.projects.all(workspace)}
    pools = {one.id: one.name for one in tables.annual_pools.all(workspace)}
    digests = {key: content_sha256(session, key) for key in {one.project_id for one in signed} & known}
    return tuple(
        SignedException(
            one,
            projects.get(one.project_id, ""),
            pools.get(one.pool_id, ""),
            people.get(one.signed_by, ""),
            digests.get(one.project_id) == one.content_sha256,
        )
        for one in sorted(signed, key=lambda row: row.signed_ms, reverse=True)
    )

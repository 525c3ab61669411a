"""What every project asks of the annual pools, gathered from all projects at once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from db import tables
from qihua_desktop.domain.budget import Budget, BudgetLine, BudgetState, BudgetVersion
from qihua_desktop.domain.ids import EntityId, id_text
from qihua_desktop.domain.ledger import Ledger, LedgerSource, build_ledger
from qihua_desktop.domain.pool_rules import PlanState, PlanUse
from qihua_desktop.domain.project import Project, ProjectStatus
from qihua_desktop.domain.review import VersionState

from .money_limits import money_limits
from .session import Session


class _OfProject(Protocol):
    @property
    def project_id(self) -> EntityId: ...


_Row = TypeVar("_Row", bound=_OfProject)


@dataclass(frozen=True, slots=True)
class ProjectUses:
    """A project and what it asks of each pool; what stands under None draws on no pool."""

    project: Project
    budget: Budget
    lines: tuple[BudgetLine, ...]
    state: PlanState
    uses: Mapping[EntityId | None, PlanUse]
    approved_number: int | None


def project_uses(session: Session, project_ids: Iterable[EntityId] | None = None) -> tuple[ProjectUses, ...]:
    """Return what projects ask of the pools, all projects unless some are named, in the order they were made."""
    workspace = session.workspace
    wanted = None if project_ids is None else set(project_ids)
    projects = [one for one in tables.projects.all(workspace) if wanted is None or one.id in wanted]
    budgets = {one.project_id: one for one in tables.budgets.all(workspace)}
    lines = grouped(tables.budget_lines.all(workspace))
    versions = _approved(session)
    ended = [one.id for one in projects if one.status is not ProjectStatus.ACTIVE]
    ledgers = _ledgers(session, ended, budgets, lines)
    found: list[ProjectUses] = []
    for project in projects:
        budget = budgets.get(project.id)
        if budget is None:
            continue
        own, approved = lines.get(project.id, ()), versions.get(project.id)
        state = plan_state(project, budget, approved is not None)
        uses = _uses(project, budget, own, state, approved, ledgers.get(project.id))
        found.append(ProjectUses(project, budget, own, state, uses, approved.number if approved else None))
    return tuple(found)


def plan_state(project: Project, budget: Budget, is_approved: bool) -> PlanState:  # noqa: FBT001 - a plain fact
    """Return where a plan stands for its pool."""
    if project.status is ProjectStatus.CANCELLED:
        return PlanState.CANCELLED
    if project.status is ProjectStatus.CLOSED or budget.state is BudgetState.CLOSED:
        return PlanState.CLOSED
    if budget.state is BudgetState.IN_REVIEW:
        return PlanState.IN_REVIEW
    if not is_approved:
        return PlanState.DRAFT
    return PlanState.APPROVED if budget.state is BudgetState.APPROVED else PlanState.REVISED


def grouped(rows: Iterable[_Row]) -> dict[EntityId, tuple[_Row, ...]]:
    """Return rows by their project."""
    found: dict[EntityId, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.project_id, []).append(row)
    return {project_id: tuple(own) for project_id, own in found.items()}


def _approved(session: Session) -> dict[EntityId, BudgetVersion]:
    """Return the newest approved budget version of every project."""
    workspace = session.workspace
    approved = {one.id for one in tables.plan_versions.all(workspace, state=VersionState.APPROVED)}
    newest: dict[EntityId, BudgetVersion] = {}
    for version in tables.budget_versions.all(workspace) if approved else ():
        known = newest.get(version.project_id)
        if version.plan_version_id in approved and (known is None or known.number < version.number):
            newest[version.project_id] = version
    return newest


def _ledgers(
    session: Session,
    wanted: Iterable[EntityId],
    budgets: Mapping[EntityId, Budget],
    lines: Mapping[EntityId, tuple[BudgetLine, ...]],
) -> dict[EntityId, Ledger]:
    """Return the ledgers of ended projects, from rows read once."""
    ids = [one for one in wanted if one in budgets]
    if not ids:
        return {}
    workspace, limit = session.workspace, money_limits(session).deviation_bp
    contracts = grouped(tables.contracts.among(workspace, "project_id", ids))
    vouchers = grouped(tables.vouchers.among(workspace, "project_id", ids))
    shares = grouped(tables.voucher_shares.among(workspace, "project_id", ids))
    stock = grouped(tables.stock_uses.among(workspace, "project_id", ids))
    found: dict[EntityId, Ledger] = {}
    for one in ids:
        source = LedgerSource(
            lines.get(one, ()),
            contracts=contracts.get(one, ()),
            vouchers=vouchers.get(one, ()),
            shares=shares.get(one, ()),
            stock_uses=stock.get(one, ()),
        )
        found[one] = build_ledger(budgets[one].total, source, limit, running=False)
    return found


def _uses(
    project: Project,
    budget: Budget,
    lines: tuple[BudgetLine, ...],
    state: PlanState,
    approved: BudgetVersion | None,
    ledger: Ledger | None,
) -> dict[EntityId | None, PlanUse]:
    moved = {line.id: line.pool_id for line in lines if line.parent_id is None and line.pool_id is not None}
    moved = {line_id: pool for line_id, pool in moved.items() if pool != budget.pool_id}
    requested = _divide(budget.total, {line.id: line.amount for line in lines if line.id in moved}, moved, budget)
    held = _divide(approved.total, _frozen(approved, moved), moved, budget) if approved is not None else {}
    spent: dict[EntityId | None, int] = {}
    due: dict[EntityId | None, int] = {}
    if ledger is not None:
        rows = {row.line_id: row for row in ledger.categories if row.line_id is not None}
        spent = _divide(ledger.total.actual, {one: rows[one].actual for one in moved if one in rows}, moved, budget)
        due = _divide(
            ledger.total.open_commitment,
            {one: rows[one].open_commitment for one in moved if one in rows},
            moved,
            budget,
        )
    name = f"{project.number} {project.name}"
    return {
        pool: PlanUse(
            project.id,
            name,
            state,
            held.get(pool, 0),
            requested.get(pool, 0),
            spent.get(pool, 0),
            due.get(pool, 0),
        )
        for pool in {budget.pool_id: None, **dict.fromkeys(moved.values())}
    }


def _divide(
    total: int, parts: Mapping[EntityId, int], moved: Mapping[EntityId, EntityId | None], budget: Budget
) -> dict[EntityId | None, int]:
    """Return an amount by pool: the moved categories' parts, and the rest under the budget's own pool."""
    found: dict[EntityId | None, int] = {budget.pool_id: total - sum(parts.values())}
    for line_id, amount in parts.items():
        found[moved[line_id]] = found.get(moved[line_id], 0) + amount
    return found


def _frozen(version: BudgetVersion, moved: Mapping[EntityId, Any]) -> dict[EntityId, int]:
    """Return what moved categories had in an approved version."""
    if not moved:
        return {}
    names = {id_text(one): one for one in moved}
    rows: list[dict[str, Any]] = json.loads(version.content)["lines"]
    return {names[row["id"]]: int(row["amount"]) for row in rows if row["id"] in names}

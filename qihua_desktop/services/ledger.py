"""A project's ledger: what its budget has become, from the stored rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db import tables
from qihua_desktop.domain.ledger import Ledger, LedgerSource, build_ledger
from qihua_desktop.domain.project import ProjectStatus

from .budget_view import find_budget
from .money_limits import money_limits
from .session import Session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qihua_desktop.domain.budget import BudgetLine
    from qihua_desktop.domain.ids import EntityId


def load_ledger(session: Session, project_id: EntityId) -> Ledger:
    """Return a project's ledger; once closed or cancelled nothing is to go. Raises LookupError without a budget."""
    project = tables.projects.get(session.workspace, project_id)
    return ledger_of(session, project_id, running=project.status is ProjectStatus.ACTIVE)


def ledger_of(session: Session, project_id: EntityId, *, running: bool, source: LedgerSource | None = None) -> Ledger:
    """Return a project's ledger as if it were running, or as if it were closed now."""
    budget = find_budget(session, project_id)
    if budget is None:
        raise LookupError("the project has no budget")
    rows = source or ledger_source(session, project_id)
    return build_ledger(budget.total, rows, money_limits(session).deviation_bp, running=running)


def ledger_source(session: Session, project_id: EntityId, lines: Sequence[BudgetLine] | None = None) -> LedgerSource:
    """Return the rows that a project's ledger is made of; ``lines`` when they were read already."""
    workspace = session.workspace
    return LedgerSource(
        tables.budget_lines.all(workspace, project_id=project_id) if lines is None else lines,
        tables.quotes.all(workspace, project_id=project_id),
        tables.contracts.all(workspace, project_id=project_id),
        tables.payments.all(workspace, project_id=project_id),
        tables.vouchers.all(workspace, project_id=project_id),
        tables.voucher_shares.all(workspace, project_id=project_id),
        tables.stock_uses.all(workspace, project_id=project_id),
        tables.reserve_releases.all(workspace, project_id=project_id),
        tables.line_forecasts.all(workspace, project_id=project_id),
    )

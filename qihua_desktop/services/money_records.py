"""What a project has recorded about money, counted only: menus ask for it each time they open."""

from __future__ import annotations

from dataclasses import dataclass

from db import tables
from qihua_desktop.domain.ids import EntityId

from .session import Session


@dataclass(frozen=True, slots=True)
class MoneyRecords:
    """How many of each kind there are; ``commitments`` are contracts, reused stock and uses of the reserve."""

    vouchers: int
    claims: int
    commitments: int

    @property
    def anything(self) -> bool:
        """Whether a budget is being carried out at all."""
        return bool(self.vouchers or self.claims or self.commitments)


def recorded(session: Session, project_id: EntityId) -> MoneyRecords:
    """Return what a project has recorded."""
    workspace = session.workspace
    return MoneyRecords(
        tables.vouchers.count(workspace, project_id=project_id),
        tables.expense_claims.count(workspace, project_id=project_id),
        tables.contracts.count(workspace, project_id=project_id)
        + tables.stock_uses.count(workspace, project_id=project_id)
        + tables.reserve_releases.count(workspace, project_id=project_id),
    )

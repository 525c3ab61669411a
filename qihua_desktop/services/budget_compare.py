"""Two states of a budget line by line: any two frozen versions, or a version and the budget as it is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from db import tables
from qihua_desktop.domain.canonical import parse_canonical
from qihua_desktop.domain.content_difference import ChangeKind, ContentChange, content_differences
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan_content import PlanContent, budget_content
from qihua_desktop.i18n import _

from .budget_view import load_budget
from .session import Session

__all__ = ["BudgetComparison", "ChangeKind", "ContentChange", "compare_versions"]


@dataclass(frozen=True, slots=True)
class BudgetComparison:
    """The differences of two states in reading order; a number of None is the budget as it is now."""

    before: int | None
    after: int | None
    changes: tuple[ContentChange, ...]

    @property
    def counts(self) -> tuple[int, int, int]:
        """How many lines were added and removed, and how many have other values or another place."""
        added = {one.row_id for one in self.changes if one.kind is ChangeKind.ADDED}
        removed = {one.row_id for one in self.changes if one.kind is ChangeKind.REMOVED}
        changed = {one.row_id for one in self.changes if one.kind in (ChangeKind.CHANGED, ChangeKind.MOVED)}
        return len(added), len(removed), len(changed)


def compare_versions(session: Session, project_id: EntityId, before: int | None, after: int | None) -> BudgetComparison:
    """Return what differs between two versions by their numbers; None is the budget as it is now.

    Raises RuleError for a number that was never submitted.
    """
    old, new = _content(session, project_id, before), _content(session, project_id, after)
    return BudgetComparison(before, after, content_differences(old, new))


def _content(session: Session, project_id: EntityId, number: int | None) -> PlanContent:
    if number is None:
        view = load_budget(session, project_id)
        return budget_content(view.budget.total, view.plain_lines)
    found = tables.budget_versions.all(session.workspace, project_id=project_id, number=number)
    if not found:
        raise RuleError(_("There is no version {number} of this budget.").format(number=number))
    return cast("PlanContent", parse_canonical(found[0].content))

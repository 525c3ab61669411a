"""Where a budget stands: its versions, what changed since the approved one, and whose sign-offs a change voids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from db import tables
from qihua_desktop.domain.budget import BudgetState, BudgetVersion
from qihua_desktop.domain.budget_checks import RESERVE_FLOOR, BudgetCheck, BudgetFacts, check_budget
from qihua_desktop.domain.canonical import canonical_text, parse_canonical, text_fingerprint
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan_content import budget_content
from qihua_desktop.domain.review import PlanVersion, Verdict, VersionState

from .budget_view import BudgetView, load_budget
from .session import Session

_AGREED = (Verdict.APPROVE, Verdict.APPROVE_WITH_COMMENT)


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """How the live budget differs from a frozen version: counts of rows, and names of what changed, added first."""

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    total_before: int | None = None
    reordered: bool = False

    @property
    def count(self) -> int:
        """Number of differences, the total counted as one."""
        rows = len(self.added) + len(self.removed) + len(self.changed) + (self.total_before is not None)
        return rows or int(self.reordered)


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """A submitted version and where its review stands."""

    version: BudgetVersion
    state: VersionState | None


@dataclass(frozen=True, slots=True)
class BudgetStatus:
    """Versions of a budget.

    Attributes:
        versions: all submitted versions, newest first.
        newest: the newest submitted version, None before the first.
        newest_state: its review's state.
        approved: the newest approved version.
        since_newest, since_approved: differences of the live budget from them, None where there is none.
        signed: names of those who have agreed to the newest version while it is in review or approved.
    """

    versions: tuple[VersionInfo, ...]
    newest: BudgetVersion | None
    newest_state: VersionState | None
    approved: BudgetVersion | None
    since_newest: VersionDifference | None
    since_approved: VersionDifference | None
    signed: tuple[str, ...]

    @property
    def would_void(self) -> bool:
        """Whether a change made now takes the force of decisions that still hold."""
        holds = self.newest_state in (VersionState.IN_REVIEW, VersionState.APPROVED)
        return holds and bool(self.signed) and self.since_newest is not None and not self.since_newest.count

    @property
    def has_voided(self) -> bool:
        """Whether changes already made void decisions on the newest version."""
        holds = self.newest_state in (VersionState.IN_REVIEW, VersionState.APPROVED)
        return holds and bool(self.signed) and self.since_newest is not None and self.since_newest.count > 0


def budget_status(session: Session, view: BudgetView) -> BudgetStatus:
    """Return where a budget stands."""
    workspace, project_id = session.workspace, view.budget.project_id
    frozen = sorted(tables.budget_versions.all(workspace, project_id=project_id), key=lambda row: -row.number)
    plans = {one.id: one for one in tables.plan_versions.all(workspace, project_id=project_id)}
    newest = frozen[0] if frozen else None
    plan = _plan_of(newest, plans)
    states = [(one, _plan_of(one, plans)) for one in frozen]
    approved = next((one for one in frozen if _is_approved(one, plans)), None)
    return BudgetStatus(
        tuple(VersionInfo(one, found.state if found else None) for one, found in states),
        newest,
        plan.state if plan else None,
        approved,
        difference(view, newest) if newest else None,
        difference(view, approved) if approved else None,
        _signed(session, plan.id) if plan else (),
    )


def budget_checks(
    view: BudgetView, status: BudgetStatus, reserve_floor: int = RESERVE_FLOOR
) -> tuple[BudgetCheck, ...]:
    """Judge a budget by the department's rules; the floor of the reserve in basis points."""
    facts = BudgetFacts(
        view.budget.total,
        view.plain_lines,
        view.budget.state,
        status.approved.number if status.approved else None,
        status.since_approved.count if status.since_approved else 0,
        reserve_floor,
    )
    return check_budget(facts)


def difference(view: BudgetView, version: BudgetVersion) -> VersionDifference:
    """Return how the live budget differs from a frozen version."""
    live = budget_content(view.budget.total, view.plain_lines)
    if text_fingerprint(canonical_text(live)) == version.sha256:
        return VersionDifference()
    content = cast("dict[str, Any]", parse_canonical(version.content))
    before: dict[str, Mapping[str, Any]] = {row["id"]: row for row in content["lines"]}
    after: dict[str, Mapping[str, Any]] = {row["id"]: row for row in cast("list[dict[str, Any]]", live["lines"])}
    total = content["budget"]["total"]
    return VersionDifference(
        tuple(row["name"] for key, row in after.items() if key not in before),
        tuple(row["name"] for key, row in before.items() if key not in after),
        tuple(row["name"] for key, row in after.items() if key in before and row != before[key]),
        total if total != view.budget.total else None,
        reordered=True,
    )


def _plan_of(version: BudgetVersion | None, plans: Mapping[EntityId, PlanVersion]) -> PlanVersion | None:
    return plans.get(version.plan_version_id) if version is not None and version.plan_version_id is not None else None


def _is_approved(version: BudgetVersion, plans: Mapping[EntityId, PlanVersion]) -> bool:
    plan = _plan_of(version, plans)
    return plan is not None and plan.state is VersionState.APPROVED


def _signed(session: Session, version_id: EntityId) -> tuple[str, ...]:
    """Return who has agreed to a version, in the order they did; any change makes a new version for all of them."""
    names: list[str] = []
    for sign_off in tables.sign_offs.all(session.workspace, version_id=version_id):
        person = tables.people.find(session.workspace, sign_off.person_id)
        if sign_off.verdict in _AGREED and person is not None and person.name not in names:
            names.append(person.name)
    return tuple(names)


def state_by_versions(session: Session, project_id: EntityId) -> BudgetState | None:
    """Return where a closed budget stands once its project is open again, None for one that is not closed."""
    if not tables.budgets.count(session.workspace, project_id=project_id):
        return None
    view = load_budget(session, project_id)
    if view.budget.state is not BudgetState.CLOSED:
        return None
    status = budget_status(session, view)
    if status.newest_state is VersionState.IN_REVIEW:
        return BudgetState.IN_REVIEW
    if status.approved is None or status.since_approved is None:
        return BudgetState.DRAFT
    return BudgetState.REVISED if status.since_approved.count else BudgetState.APPROVED

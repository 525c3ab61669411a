"""Annual pools (年度池): how much each holds, who draws on it, and what is left, with every term of the arithmetic."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from db import tables
from qihua_desktop.domain.annual import AnnualPool, PoolAdjustment, PoolException, PoolLevel
from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.canonical import canonical_text, text_fingerprint
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.money_limits import LARGEST_FEN
from qihua_desktop.domain.people import Role
from qihua_desktop.domain.plan_content import budget_content
from qihua_desktop.domain.pool_rules import Judgement, PlanUse, PoolPosition, judge, position
from qihua_desktop.i18n import _

from .authors import authors_since
from .budget_view import stored_budget
from .limits import body, required_text
from .money_limits import fiscal_year, money_limits
from .people import PinProof, prove_pin
from .pool_uses import ProjectUses, project_uses
from .review_view import require_actor, versions
from .session import Session
from .year_view import YearFigures, YearRow, YearView, add_figures, year_view

__all__ = [
    "PoolView",
    "ProjectPool",
    "YearFigures",
    "YearRow",
    "YearView",
    "add_pool",
    "adjust_pool",
    "as_of",
    "assign_category",
    "assign_project",
    "content_sha256",
    "copy_year",
    "delete_pool",
    "move_pool",
    "pool_views",
    "pool_years",
    "pools",
    "pools_of_year",
    "present_year",
    "project_positions",
    "project_year",
    "sign_exception",
    "update_pool",
    "year_view",
]


@dataclass(frozen=True, slots=True)
class PoolView:
    """A pool with its adjustments, its arithmetic, the plans that draw on it and its months."""

    pool: AnnualPool
    adjustments: tuple[PoolAdjustment, ...]
    position: PoolPosition
    uses: tuple[PlanUse, ...]
    months: YearFigures
    as_of: str

    @property
    def occupied(self) -> int:
        """What all plans take together."""
        return sum(use.occupied for use in self.uses)


@dataclass(frozen=True, slots=True)
class ProjectPool:
    """What a project asks of a pool, what the pool has for it (all other plans taken off), and what that means.

    ``pool`` is None, and the position too, for what draws on no pool. ``exception`` is the signed permission that
    holds for the budget as it stands.
    """

    pool: AnnualPool | None
    use: PlanUse
    needed: int
    position: PoolPosition | None
    outcome: CheckOutcome
    words: str
    remedy: str
    excess: int
    exception: PoolException | None
    other_year: bool
    as_of: str


def pools_of_year(session: Session, year: int) -> tuple[AnnualPool, ...]:
    """Return the pools of a year in their order."""
    return tables.annual_pools.all(session.workspace, year=year)


def pool_years(session: Session) -> tuple[int, ...]:
    """Return the years that have pools, and the present one, in order."""
    known = {pool.year for pool in tables.annual_pools.all(session.workspace)}
    return tuple(sorted({*known, present_year(session)}))


def pools(session: Session, year: int) -> tuple[PoolView, ...]:
    """Return the pools of a year with what is left of each."""
    return pool_views(session, year, project_uses(session), year_view(session, year).rows)


def pool_views(
    session: Session, year: int, uses: Sequence[ProjectUses], rows: Sequence[YearRow]
) -> tuple[PoolView, ...]:
    """Return the pools of a year, from what was read already: what all projects ask for, and the year's rows."""
    views: list[PoolView] = []
    for pool in pools_of_year(session, year):
        own = tuple(one.uses[pool.id] for one in uses if pool.id in one.uses)
        adjustments = tables.pool_adjustments.all(session.workspace, pool_id=pool.id)
        months = add_figures(row.by_pool[pool.id] for row in rows if pool.id in row.by_pool)
        views.append(PoolView(pool, adjustments, position(pool, adjustments, own), own, months, as_of(session)))
    return tuple(views)


def present_year(session: Session) -> int:
    """Return the fiscal year of today."""
    return fiscal_year(session.today(), money_limits(session).fiscal_start_month)


def project_year(session: Session, project_id: EntityId) -> int:
    """Return the fiscal year of a project's key date."""
    project = tables.projects.get(session.workspace, project_id)
    return fiscal_year(project.key_on, money_limits(session).fiscal_start_month)


def project_positions(
    session: Session, project_id: EntityId, *, explained: Iterable[EntityId] = ()
) -> tuple[ProjectPool, ...]:
    """Return how a project stands with each pool it draws on; ``explained`` are pools whose excess was explained."""
    reasons = set(explained)
    uses = project_uses(session)
    own = next((one for one in uses if one.project.id == project_id), None)
    if own is None:
        raise LookupError("the project has no budget")
    year = project_year(session, project_id)
    digest = content_sha256(session, project_id)
    known = {pool.id: pool for pool in tables.annual_pools.all(session.workspace)}
    signed = [
        one
        for one in tables.pool_exceptions.all(session.workspace, project_id=project_id)
        if one.content_sha256 == digest
    ]
    found: list[ProjectPool] = []
    for pool_id, use in own.uses.items():
        pool = known.get(pool_id) if pool_id is not None else None
        if pool is None:
            if use.needed or len(own.uses) == 1:
                found.append(_without_pool(session, use))
            continue
        found.append(_position(session, pool, use, uses, signed, is_explained=pool.id in reasons, year=year))
    return tuple(found)


def content_sha256(session: Session, project_id: EntityId) -> str:
    """Return the fingerprint of the budget as it stands; a frozen version of the same content has the same one."""
    budget, lines = stored_budget(session, project_id)
    return text_fingerprint(canonical_text(budget_content(budget.total, lines)))


def as_of(session: Session) -> str:
    """Return when the figures hold: another laptop may have used the pool since."""
    return _("As of {time}").format(time=session.local_now().strftime("%Y-%m-%d %H:%M"))


def add_pool(session: Session, year: int, name: str, amount: int, level: PoolLevel, notes: str = "") -> AnnualPool:
    """Add a pool to a year. Raises InputError."""
    _check_year(year)
    _check_amount(amount)
    others = pools_of_year(session, year)
    kept = required_text(name, _("name"))
    _check_name(others, kept)
    pool = AnnualPool(new_id(), year, kept, amount, level, body(notes), len(others))
    with session.edit(_("Add annual pool “{pool}”").format(pool=kept)) as edit:
        tables.annual_pools.insert(edit, pool)
    return pool


def update_pool(session: Session, pool_id: EntityId, **fields: Any) -> None:
    """Change name, amount, level or notes of a pool. Raises InputError."""
    if unknown := set(fields) - {"name", "amount", "level", "notes"}:
        raise ValueError(f"not to be set directly: {sorted(unknown)}")
    pool = tables.annual_pools.get(session.workspace, pool_id)
    if "name" in fields:
        fields["name"] = required_text(fields["name"], _("name"))
        _check_name([one for one in pools_of_year(session, pool.year) if one.id != pool_id], fields["name"])
    if "amount" in fields:
        _check_amount(fields["amount"])
    if "notes" in fields:
        fields["notes"] = body(fields["notes"])
    if all(getattr(pool, field) == value for field, value in fields.items()):
        return
    with session.edit(_("Change annual pool “{pool}”").format(pool=pool.name)) as edit:
        tables.annual_pools.update(edit, pool_id, **fields)


def delete_pool(session: Session, pool_id: EntityId) -> None:
    """Delete a pool. Raises RuleError naming the projects that draw on it."""
    workspace = session.workspace
    pool = tables.annual_pools.get(workspace, pool_id)
    ids = {one.project_id for one in tables.budgets.all(workspace, pool_id=pool_id)}
    ids |= {one.project_id for one in tables.budget_lines.all(workspace, pool_id=pool_id)}
    if ids:
        names = [f"{one.number} {one.name}" for one in tables.projects.among(workspace, "id", sorted(ids))]
        raise RuleError(
            _("“{pool}” is still used.").format(pool=pool.name), _("Move these projects to another pool first."), names
        )
    with session.edit(_("Delete annual pool “{pool}”").format(pool=pool.name)) as edit:
        tables.annual_pools.delete(edit, pool_id)


def move_pool(session: Session, pool_id: EntityId, to: int) -> None:
    """Move a pool to a place among those of its year."""
    pool = tables.annual_pools.get(session.workspace, pool_id)
    order = [one for one in pools_of_year(session, pool.year) if one.id != pool_id]
    order.insert(max(0, min(to, len(order))), pool)
    changes = [(one.id, {"position": at}) for at, one in enumerate(order) if one.position != at]
    if changes:
        with session.edit(_("Move annual pool “{pool}”").format(pool=pool.name)) as edit:
            tables.annual_pools.update_many(edit, changes)


def adjust_pool(session: Session, pool_id: EntityId, amount: int, reason: str) -> PoolAdjustment:
    """Raise or lower a pool during the year, with a reason. Raises InputError."""
    if amount == 0:
        raise InputError(_("Enter an amount other than zero."))
    _check_amount(abs(amount))
    said = required_text(reason, _("reason"))
    pool = tables.annual_pools.get(session.workspace, pool_id)
    actor = session.actor.id if session.actor else None
    label = _("Adjust “{pool}” by {amount}").format(pool=pool.name, amount=format_fen(amount, signed=True))
    with session.edit(label) as edit:
        made = PoolAdjustment(new_id(), pool_id, amount, said, actor, edit.now_ms())
        tables.pool_adjustments.insert(edit, made)
    return made


def copy_year(session: Session, source: int, target: int) -> tuple[AnnualPool, ...]:
    """Take the pools of a year over into another one, without adjustments; names that exist there are left alone."""
    _check_year(target)
    there = pools_of_year(session, target)
    names = {pool.name for pool in there}
    new = tuple(
        AnnualPool(new_id(), target, pool.name, pool.amount, pool.level, pool.notes, len(there) + at)
        for at, pool in enumerate(one for one in pools_of_year(session, source) if one.name not in names)
    )
    if not new:
        raise RuleError(_("{year} has no pools that {target} lacks.").format(year=source, target=target))
    with session.edit(_("Copy the pools of {year} to {target}").format(year=source, target=target)) as edit:
        tables.annual_pools.insert_many(edit, new)
    return new


def assign_project(session: Session, project_id: EntityId, pool_id: EntityId | None) -> None:
    """Let a project's budget draw on a pool, or on none."""
    budget, _lines = stored_budget(session, project_id)
    if budget.pool_id == pool_id:
        return
    with session.edit(_pool_label(session, pool_id), project_id) as edit:
        tables.budgets.update(edit, budget.id, pool_id=pool_id)


def assign_category(session: Session, line_id: EntityId, pool_id: EntityId | None) -> None:
    """Let a category draw on a pool of its own, or (None) on that of its budget. Raises RuleError for a line below."""
    line = tables.budget_lines.get(session.workspace, line_id)
    if line.parent_id is not None:
        raise RuleError(_("Only a category has a pool of its own."), _("Choose the category above it."))
    if line.pool_id == pool_id:
        return
    with session.edit(_pool_label(session, pool_id), line.project_id) as edit:
        tables.budget_lines.update(edit, line_id, pool_id=pool_id)


def sign_exception(
    session: Session,
    project_id: EntityId,
    pool_id: EntityId,
    reason: str,
    pin: str | PinProof,
    *,
    person_id: EntityId | None = None,
) -> PoolException:
    """Let a director permit by PIN that the budget as it stands exceeds a pool by what it exceeds it now.

    It holds for this very budget content and up to this excess. Raises RuleError for anybody but a director who did
    not write the plan, or when nothing is exceeded; InputError for a wrong PIN.
    """
    signer = require_actor(session) if person_id is None else tables.people.get(session.workspace, person_id)
    if signer.role is not Role.DIRECTOR or not signer.active:
        raise RuleError(_("Only a director can sign an exception."), _("Ask the planning director."))
    if signer.id in plan_authors(session, project_id):
        raise RuleError(_("Whoever wrote the plan cannot sign its exception."), _("Ask another director."))
    said = required_text(reason, _("reason"))
    asked = next((one for one in project_positions(session, project_id) if one.pool and one.pool.id == pool_id), None)
    if asked is None or asked.excess <= 0 or asked.pool is None:
        raise RuleError(_("The pool is not exceeded; no exception is needed."))
    prove_pin(session, signer.id, pin)
    label = _("{person} allows “{pool}” to be exceeded by {amount}").format(
        person=signer.name, pool=asked.pool.name, amount=format_fen(asked.excess)
    )
    with session.workspace.edit(signer, label, project_id) as edit:
        made = PoolException(
            new_id(),
            project_id,
            pool_id,
            asked.excess,
            said,
            signer.id,
            edit.now_ms(),
            content_sha256(session, project_id),
        )
        tables.pool_exceptions.insert(edit, made)
    return made


def plan_authors(session: Session, project_id: EntityId) -> frozenset[EntityId]:
    """Return who changed the plan since it was last approved."""
    approved = [one for one in versions(session, project_id) if one.state.value == "approved"]
    return authors_since(session, project_id, approved[0].submitted_ms if approved else 0)


def _position(
    session: Session,
    pool: AnnualPool,
    use: PlanUse,
    uses: Iterable[ProjectUses],
    signed: Iterable[PoolException],
    *,
    is_explained: bool,
    year: int,
) -> ProjectPool:
    adjustments = tables.pool_adjustments.all(session.workspace, pool_id=pool.id)
    plans = [one.uses[pool.id] for one in uses if pool.id in one.uses]
    left = position(pool, adjustments, plans, without=use.project_id)
    own = [one for one in signed if one.pool_id == pool.id]
    best = max(own, key=lambda one: one.allowed, default=None)
    allowed = best.allowed if best is not None else None
    said: Judgement = judge(pool, use.needed, left.available, allowed, explained=is_explained)
    return ProjectPool(
        pool,
        use,
        use.needed,
        left,
        said.outcome,
        said.words,
        said.remedy,
        said.excess,
        best if best is not None and said.excess and best.allowed >= said.excess else None,
        pool.year != year,
        as_of(session),
    )


def _without_pool(session: Session, use: PlanUse) -> ProjectPool:
    words = _("{amount} yuan draw on no annual pool.").format(amount=format_fen(use.needed))
    remedy = _("Assign the project to a pool of its year, if the department keeps annual pools.")
    return ProjectPool(
        None, use, use.needed, None, CheckOutcome.NOTICE, words, remedy, 0, None, other_year=False, as_of=as_of(session)
    )


def _pool_label(session: Session, pool_id: EntityId | None) -> str:
    if pool_id is None:
        return _("Draw on no annual pool")
    return _("Draw on the annual pool “{pool}”").format(pool=tables.annual_pools.get(session.workspace, pool_id).name)


def _check_year(year: int) -> None:
    if not 2000 <= year <= 2200:
        raise InputError(_("The year lies between 2000 and 2200."))


def _check_amount(amount: int) -> None:
    if not 0 <= amount < LARGEST_FEN:
        raise InputError(_("The amount lies between 0.00 and 999,999,999,999.99."))


def _check_name(others: Iterable[AnnualPool], name: str) -> None:
    if any(one.name == name for one in others):
        raise InputError(_("This year has a pool “{pool}” already.").format(pool=name))

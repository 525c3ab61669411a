"""Gated use of the contingency reserve (动用备用金): asked for with a reason, decided by a director who did not ask.

An approved use moves money from the reserve to a line without changing the approved budget.
"""

from __future__ import annotations

from dataclasses import dataclass

from db import tables
from qihua_desktop.domain.budget import BudgetLine
from qihua_desktop.domain.budget_checks import reserve_lines
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.execution import DeviationCode, ReleaseState, ReserveRelease
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.ledger import Ledger
from qihua_desktop.domain.money import format_fen
from qihua_desktop.domain.people import Person, Role
from qihua_desktop.i18n import _

from .budget_view import stored_budget
from .ledger import load_ledger
from .limits import body, required_text
from .people import PinProof, person_names, prove_pin
from .quotes import require_active, require_money
from .session import Session


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """A use of the reserve with the names that belong to it; empty ones are of lines or people that are gone."""

    release: ReserveRelease
    reserve_name: str
    line_name: str
    requested_by: str
    decided_by: str


@dataclass(frozen=True, slots=True)
class ReservePosition:
    """What a reserve holds, in fen: available = budget − released − committed and spent on it directly.

    ``requested`` is what waits for a decision; it is still part of what is available.
    """

    line_id: EntityId
    name: str
    budget: int
    released: int
    spent: int
    requested: int
    available: int


def releases(session: Session, project_id: EntityId) -> tuple[ReleaseView, ...]:
    """Return the uses of the reserve in the order they were asked for."""
    found = tables.reserve_releases.all(session.workspace, project_id=project_id)
    if not found:
        return ()
    names = {one.id: one.name for one in tables.budget_lines.all(session.workspace, project_id=project_id)}
    people = person_names(session)
    return tuple(
        ReleaseView(
            row,
            names.get(row.reserve_line_id, "") if row.reserve_line_id is not None else "",
            names.get(row.line_id, "") if row.line_id is not None else "",
            people.get(row.requested_by, "") if row.requested_by is not None else "",
            people.get(row.decided_by, "") if row.decided_by is not None else "",
        )
        for row in found
    )


def reserve_positions(session: Session, project_id: EntityId) -> tuple[ReservePosition, ...]:
    """Return what every reserve of a budget holds."""
    _budget, lines = stored_budget(session, project_id)
    marked = reserve_lines(lines)
    if not marked:
        return ()
    ledger = load_ledger(session, project_id)
    asked = tables.reserve_releases.all(session.workspace, project_id=project_id, state=ReleaseState.REQUESTED)
    return tuple(_position(line, ledger, asked) for line in marked)


def available_reserve(session: Session, project_id: EntityId) -> int:
    """Return the fen that all reserves of a budget still hold."""
    return sum(max(0, one.available) for one in reserve_positions(session, project_id))


def request_release(
    session: Session,
    to_line_id: EntityId,
    amount: int,
    code: DeviationCode,
    reason: str,
    reserve_line_id: EntityId | None = None,
) -> ReserveRelease:
    """Ask to use the reserve for a line; without ``reserve_line_id`` it is taken from the reserve that holds most.

    Raises RuleError for more than is available, InputError without an amount or a reason.
    """
    line = tables.budget_lines.get(session.workspace, to_line_id)
    require_active(session, line.project_id)
    actor = _actor(session)
    require_money(amount)
    if amount == 0:
        raise InputError(_("Enter how much of the reserve is needed."))
    why = required_text(reason, _("reason"))
    reserve = _reserve(session, line, reserve_line_id)
    _require_available(reserve, amount)
    made = ReserveRelease(
        new_id(),
        line.project_id,
        reserve.line_id,
        to_line_id,
        amount,
        code,
        why,
        ReleaseState.REQUESTED,
        actor.id,
        session.workspace.now_ms(),
        None,
        None,
        "",
    )
    label = _("Ask for {amount} of the reserve for “{line}”: {reason}")
    with session.edit(label.format(amount=format_fen(amount), line=line.name, reason=why), line.project_id) as edit:
        tables.reserve_releases.insert(edit, made)
    return made


def deciders(session: Session, release_id: EntityId) -> tuple[Person, ...]:
    """Return the directors who may decide on a use: active, and not the one who asked for it."""
    release = tables.reserve_releases.get(session.workspace, release_id)
    directors = tables.people.all(session.workspace, active=True, role=Role.DIRECTOR)
    return tuple(one for one in directors if one.id != release.requested_by)


def decide_release(
    session: Session,
    release_id: EntityId,
    *,
    approved: bool,
    note: str,
    pin: str | PinProof,
    person_id: EntityId | None = None,
) -> None:
    """Approve or refuse a use of the reserve, as the one who works here or as ``person_id``, checked by their PIN.

    Raises RuleError for anybody but a director who did not ask, and for more than is available now; InputError for a
    wrong PIN, or a refusal without a note.
    """
    release = tables.reserve_releases.get(session.workspace, release_id)
    require_active(session, release.project_id)
    if release.state is not ReleaseState.REQUESTED:
        raise RuleError(_("This use of the reserve is decided already."))
    decider = tables.people.get(session.workspace, person_id) if person_id is not None else _actor(session)
    if decider.role is not Role.DIRECTOR or not decider.active:
        raise RuleError(_("Only a director decides on the reserve."))
    if decider.id == release.requested_by:
        raise RuleError(_("Nobody decides on their own request."), _("Ask another director."))
    remark = body(note).strip()
    if not approved and not remark:
        raise InputError(_("Say why it is refused."))
    line = tables.budget_lines.find(session.workspace, release.line_id) if release.line_id is not None else None
    if line is None:
        raise RuleError(_("This budget line no longer exists."))
    if approved:
        _require_available(_reserve(session, line, release.reserve_line_id), release.amount)
    prove_pin(session, decider.id, pin)
    words = (
        _("{person} approves {amount} of the reserve for “{line}”: {reason}")
        if approved
        else _("{person} refuses {amount} of the reserve for “{line}”: {reason}")
    )
    label = words.format(person=decider.name, amount=format_fen(release.amount), line=line.name, reason=release.reason)
    with session.workspace.edit(decider, label, release.project_id) as edit:
        tables.reserve_releases.update(
            edit,
            release_id,
            state=ReleaseState.APPROVED if approved else ReleaseState.REFUSED,
            decided_by=decider.id,
            decided_ms=edit.now_ms(),
            note=remark,
        )


def withdraw_release(session: Session, release_id: EntityId) -> None:
    """Take back a request nobody decided on yet. Raises RuleError for anybody but the one who asked."""
    release = tables.reserve_releases.get(session.workspace, release_id)
    if release.state is not ReleaseState.REQUESTED:
        raise RuleError(_("This use of the reserve is decided already."))
    if release.requested_by is not None and _actor(session).id != release.requested_by:
        raise RuleError(_("Only the one who asked takes a request back."))
    label = _("Take back the request for {amount} of the reserve").format(amount=format_fen(release.amount))
    with session.edit(label, release.project_id) as edit:
        tables.reserve_releases.delete(edit, release_id)


def _position(line: BudgetLine, ledger: Ledger, asked: tuple[ReserveRelease, ...]) -> ReservePosition:
    row = ledger.rows[line.id]
    requested = sum(one.amount for one in asked if one.reserve_line_id == line.id)
    return ReservePosition(
        line.id, line.name, row.budget, -row.released, row.actual + row.open_commitment, requested, row.remaining
    )


def _reserve(session: Session, line: BudgetLine, reserve_line_id: EntityId | None) -> ReservePosition:
    positions = reserve_positions(session, line.project_id)
    if not positions:
        raise RuleError(_("There is no contingency reserve."), _("Mark a category as the reserve first."))
    _budget, lines = stored_budget(session, line.project_id)
    if line.id in _within(lines, {one.line_id for one in positions}):
        raise RuleError(_("“{line}” is part of the reserve itself.").format(line=line.name))
    if reserve_line_id is None:
        return max(positions, key=lambda one: one.available)
    found = next((one for one in positions if one.line_id == reserve_line_id), None)
    if found is None:
        raise RuleError(_("The line it was to come from is no reserve any more."))
    return found


def _within(lines: tuple[BudgetLine, ...], roots: set[EntityId]) -> set[EntityId]:
    children: dict[EntityId | None, list[EntityId]] = {}
    for line in lines:
        children.setdefault(line.parent_id, []).append(line.id)
    found, waiting = set(roots), list(roots)
    while waiting:
        below = children.get(waiting.pop(), [])
        found.update(below)
        waiting.extend(below)
    return found


def _require_available(reserve: ReservePosition, amount: int) -> None:
    if amount > reserve.available:
        raise RuleError(
            _("“{reserve}” holds only {available}.").format(
                reserve=reserve.name, available=format_fen(max(0, reserve.available))
            ),
            _("Ask for less, or submit a changed budget for review."),
        )


def _actor(session: Session) -> Person:
    if session.actor is None:
        raise RuleError(_("Choose first who works on this laptop."))
    return session.actor

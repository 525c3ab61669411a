"""Deciding on a version: checked by PIN, bound to the content it is given for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.canonical import canonical_text
from qihua_desktop.domain.compliance import GatePurpose
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.review import Dimension, PlanVersion, SignOff, Verdict, VersionState
from qihua_desktop.domain.review_rules import ReviewStatus, review_status, seat_to_decide
from qihua_desktop.i18n import _

from . import budget, compliance, plan_baselines
from .limits import body
from .people import PinProof, prove_pin
from .review_view import close, refusal, review_view
from .session import Session

Strokes = Sequence[Sequence[tuple[int, int]]]

SIGNATURE_LIMIT = 20_000
"""Points a drawn signature may have."""


def sign(
    session: Session,
    version_id: EntityId,
    person_id: EntityId,
    pin: str | PinProof,
    verdict: Verdict,
    *,
    comment: str = "",
    opinions: Mapping[Dimension, str] | None = None,
    strokes: Strokes = (),
) -> SignOff:
    """Record a person's decision, checked by their PIN and bound to the version's content.

    The last agreement approves the version, freezes the budget and takes a baseline; a return or a rejection closes
    the review. Raises RuleError (author, not their turn, changed content, open blocking comment,
    annual pool exceeded meanwhile) or InputError (PIN).
    """
    prove_pin(session, person_id, pin)
    view = review_view(session, version_id)
    reason = refusal(session, view, person_id, verdict)
    if reason:
        raise RuleError(reason, details=[change.words() for change in view.changed_since[:10]])
    said = [comment, *(opinions or {}).values()]
    if verdict is not Verdict.APPROVE and not any(text.strip() for text in said):
        raise InputError(_("Say why: this decision needs a comment."))
    version = view.version
    seats = [status.seat for status in view.status.seats]
    sign_offs = tables.sign_offs.all(session.workspace, version_id=version_id)
    seat = seat_to_decide(person_id, view.status, view.authors)
    if seat is None:
        raise RuleError(_("It is not this person's turn."))
    person = tables.people.get(session.workspace, person_id)
    decision = SignOff(
        new_id(),
        version.project_id,
        version_id,
        seat.id,
        person_id,
        verdict,
        body(comment),
        canonical_text({key.value: body(text) for key, text in (opinions or {}).items() if text.strip()}),
        signature_text(strokes),
        version.sha256,
        version.dimension_sha256,
        session.workspace.now_ms(),
    )
    status = review_status(version, seats, (*sign_offs, decision), view.comments, view.authors)
    if status.state is VersionState.APPROVED:
        compliance.require_passed(session, version.project_id, GatePurpose.APPROVAL)
    with session.workspace.edit(
        person, _("{person} decides on version {number}").format(person=person.name, number=version.number),
        version.project_id,
    ) as edit:  # fmt: skip
        tables.sign_offs.insert(edit, decision)
        settle(edit, session, version, status)
    return decision


def settle(edit: Edit, session: Session, version: PlanVersion, status: ReviewStatus) -> None:
    """Write what the decisions amount to inside a running edit: an approval freezes budget and baseline."""
    if status.state is VersionState.APPROVED:
        close(edit, version, VersionState.APPROVED)
        budget.set_state(edit, version.project_id, BudgetState.APPROVED, version.number)
        name = _("Version {number} approved").format(number=version.number)
        plan_baselines.freeze(
            edit,
            version.project_id,
            name,
            taken_by=edit.actor.id if edit.actor else None,
            plan_version_id=version.id,
        )
    elif status.state in (VersionState.RETURNED, VersionState.REJECTED):
        close(edit, version, status.state)
        budget.set_state(edit, version.project_id, BudgetState.DRAFT)


def signature_text(strokes: Strokes) -> str:
    """Return drawn strokes as JSON, empty for none. Raises InputError for an impossible drawing."""
    points = [[(int(x), int(y)) for x, y in stroke] for stroke in strokes if stroke]
    if not points:
        return ""
    if sum(len(stroke) for stroke in points) > SIGNATURE_LIMIT:
        raise InputError(_("The signature is too long."), _("Clear it and sign again."))
    if any(not (0 <= x <= 10_000 and 0 <= y <= 10_000) for stroke in points for x, y in stroke):
        raise InputError(_("The signature lies outside its box."), _("Clear it and sign again."))
    return json.dumps(points, separators=(",", ":"))


def signature_strokes(text: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Return stored strokes."""
    return tuple(tuple((int(x), int(y)) for x, y in stroke) for stroke in json.loads(text)) if text else ()

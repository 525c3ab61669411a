"""Starting a review, taking it back and handing a seat on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.budget import BudgetState, BudgetVersion
from qihua_desktop.domain.canonical import canonical_text, text_fingerprint
from qihua_desktop.domain.compliance import GatePurpose
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.people import Department, Person, department_label
from qihua_desktop.domain.plan_content import dimensions_text, read_content
from qihua_desktop.domain.review import (
    Dimension,
    PlanVersion,
    ReviewComment,
    ReviewSeat,
    RouteMode,
    Severity,
    VersionState,
)
from qihua_desktop.domain.review_rules import (
    authors_text,
    default_route,
    dimensions_list,
    may_submit,
    may_withdraw,
    read_authors,
    seat_dimensions,
)
from qihua_desktop.i18n import _

from . import budget, compliance
from .limits import body, required_text
from .people import PinProof, prove_pin
from .review_view import close, current_authors, live_content, plan_document, require_actor, versions
from .session import Session


@dataclass(frozen=True, slots=True)
class SeatDraft:
    """A seat of the route as chosen before submitting; ``person_id`` None until somebody is chosen."""

    step: int
    mode: RouteMode
    department: Department
    person_id: EntityId | None
    dimensions: tuple[Dimension, ...]


def proposed_seats(session: Session, project_id: EntityId) -> tuple[SeatDraft, ...]:
    """Return the usual route for the project's kind with people who may sit on it; the last version's route if any."""
    authors = current_authors(session, project_id)
    earlier = versions(session, project_id)
    if earlier:
        seats = tables.review_seats.all(session.workspace, version_id=earlier[0].id)
        return tuple(
            SeatDraft(
                seat.step,
                seat.mode,
                seat.department,
                None if seat.person_id in authors else seat.person_id,
                tuple(Dimension(name) for name in seat.dimensions.split(",") if name),
            )
            for seat in seats
        )
    people = tables.people.all(session.workspace, active=True)
    project = tables.projects.get(session.workspace, project_id)
    drafts: list[SeatDraft] = []
    for seat in default_route(project.kind):
        able = [one for one in people if one.department is seat.department and one.id not in authors]
        able.sort(key=lambda one: one.role.value not in ("director", "reviewer"))
        drafts.append(SeatDraft(seat.step, seat.mode, seat.department, able[0].id if able else None, seat.dimensions))
    return tuple(drafts)


def submit(session: Session, project_id: EntityId, seats: Sequence[SeatDraft], note: str = "") -> PlanVersion:
    """Freeze the plan's present content as a new version and start its review.

    Raises RuleError when nobody is chosen as the author, a seat is empty or held by an author, or the content is
    already under review or approved unchanged, or a compliance rule stops it.
    """
    actor = session.actor
    if actor is None:
        raise RuleError(_("Choose who you are before submitting."), _("Pick a profile at the lower left."))
    if any(seat.person_id is None for seat in seats):
        names = [_seat_name(seat) for seat in seats if seat.person_id is None]
        raise RuleError(_("Some seats of the route are empty."), _("Choose a person for each."), names)
    content, hashes = live_content(session, project_id)
    earlier = versions(session, project_id)
    number = earlier[0].number + 1 if earlier else 1
    open_states = (VersionState.IN_REVIEW, VersionState.APPROVED)
    if earlier and earlier[0].state in open_states and earlier[0].sha256 == hashes.content:
        raise RuleError(_("Nothing has changed since version {number}.").format(number=earlier[0].number))
    document = plan_document(session, project_id)
    authors = current_authors(session, project_id)
    version = PlanVersion(
        new_id(),
        project_id,
        document.id,
        number,
        VersionState.IN_REVIEW,
        canonical_text(content),
        hashes.content,
        dimensions_text(hashes),
        authors_text(authors),
        actor.id,
        session.workspace.now_ms(),
        None,
        body(note),
    )
    stored = tuple(_seat(project_id, version.id, at, seat) for at, seat in enumerate(seats))
    reason = may_submit(
        [seat.person_id for seat in stored],
        authors,
        [one for one in earlier if one.state is not VersionState.IN_REVIEW],
        content_sha256=hashes.content,
    )
    if reason:
        raise RuleError(reason, details=_held_by_authors(session, stored, authors))
    compliance.require_passed(session, project_id, GatePurpose.SUBMIT)
    title = _("Submit “{title}” version {number}").format(title=document.title, number=number)
    with session.edit(title, project_id) as edit:
        for old in earlier:
            if old.state is VersionState.IN_REVIEW:
                close(edit, old, VersionState.SUPERSEDED)
        tables.plan_versions.insert(edit, version)
        tables.review_seats.insert_many(edit, stored)
        _freeze_budget(edit, session, version)
        _mark_document(edit, session, project_id, document.key)
    return version


def withdraw(session: Session, version_id: EntityId, note: str = "") -> None:
    """Take a version back before the final decision. Raises RuleError for anybody but an author."""
    version = tables.plan_versions.get(session.workspace, version_id)
    actor = require_actor(session)
    reason = may_withdraw(actor.id, version, read_authors(version.author_ids))
    if reason:
        raise RuleError(reason)
    said = body(note).strip()
    with session.edit(_("Withdraw version {number}").format(number=version.number), version.project_id) as edit:
        close(edit, version, VersionState.WITHDRAWN)
        if said:
            kept = [version.note, _("Withdrawn: {reason}").format(reason=said)]
            tables.plan_versions.update(edit, version_id, note="\n".join(part for part in kept if part))
        budget.set_state(edit, version.project_id, BudgetState.DRAFT)


def transfer_seat(session: Session, seat_id: EntityId, person_id: EntityId, reason: str, pin: str | PinProof) -> None:
    """Hand a seat to somebody else for good (转交), with the PIN of who does it: its holder or an author.

    The reason stays with the version as a settled comment. Raises RuleError when the seat cannot go to this person.
    """
    actor = require_actor(session)
    workspace = session.workspace
    seat = tables.review_seats.get(workspace, seat_id)
    version = tables.plan_versions.get(workspace, seat.version_id)
    authors = read_authors(version.author_ids)
    person = tables.people.get(workspace, person_id)
    refused = _why_not_transfer(session, seat, version, person)
    if refused:
        raise RuleError(refused)
    if actor.id not in (seat.person_id, version.submitted_by) and actor.id not in authors:
        raise RuleError(_("Only whoever holds the seat, or an author, can hand it on."))
    why = required_text(reason, _("reason"))
    prove_pin(session, actor.id, pin)
    former = tables.people.get(workspace, seat.person_id)
    words = _("Seat handed from {former} to {person}: {reason}")
    label = _("Transfer the seat to {person}: {reason}").format(person=person.name, reason=why)
    with session.edit(label, seat.project_id) as edit:
        tables.review_seats.update(edit, seat_id, person_id=person_id)
        now = edit.now_ms()
        tables.review_comments.insert(
            edit,
            ReviewComment(
                new_id(), seat.project_id, version.id, actor.id, seat_dimensions(seat)[0], Severity.ADVICE, "", "",
                words.format(former=former.name, person=person.name, reason=why), "", now, actor.id, now,
            ),
        )  # fmt: skip


def _why_not_transfer(session: Session, seat: ReviewSeat, version: PlanVersion, person: Person) -> str | None:
    if version.state is not VersionState.IN_REVIEW:
        return _("The review of this version is closed.")
    if tables.sign_offs.count(session.workspace, seat_id=seat.id):
        return _("This seat has already decided.")
    if person.id in read_authors(version.author_ids):
        return _("The author of a plan cannot sign it off.")
    if person.id == seat.person_id:
        return _("“{person}” holds this seat already.").format(person=person.name)
    if not person.active:
        return _("“{person}” is no longer in the list of people.").format(person=person.name)
    if any(one.person_id == person.id for one in tables.review_seats.all(session.workspace, version_id=version.id)):
        return _("“{person}” has a seat in this review already.").format(person=person.name)
    return None


def _freeze_budget(edit: Edit, session: Session, version: PlanVersion) -> None:
    content = read_content(version.content)
    part = {"budget": content["budget"], "lines": content["lines"]}
    stored = canonical_text(part)
    budget_row = tables.budgets.all(edit, project_id=version.project_id)[0]
    tables.budget_versions.insert(
        edit,
        BudgetVersion(
            new_id(),
            version.project_id,
            version.number,
            budget_row.total,
            stored,
            text_fingerprint(stored),
            version.id,
            edit.now_ms(),
            session.actor.id if session.actor else None,
        ),
    )
    budget.set_state(edit, version.project_id, BudgetState.IN_REVIEW, version.number)


def _mark_document(edit: Edit, session: Session, project_id: EntityId, key: str) -> None:
    for document in tables.project_documents.all(edit, project_id=project_id, key=key):
        tables.project_documents.update(
            edit,
            document.id,
            produced_ms=edit.now_ms(),
            produced_by=session.actor.id if session.actor else None,
        )


def _seat(project_id: EntityId, version_id: EntityId, at: int, seat: SeatDraft) -> ReviewSeat:
    if seat.person_id is None:
        raise ValueError("an empty seat")
    return ReviewSeat(
        new_id(),
        project_id,
        version_id,
        seat.step,
        at,
        seat.mode,
        seat.department,
        seat.person_id,
        dimensions_list(seat.dimensions),
        None,
    )


def _seat_name(seat: SeatDraft) -> str:
    return department_label(seat.department)


def _held_by_authors(session: Session, seats: Sequence[ReviewSeat], authors: frozenset[EntityId]) -> list[str]:
    return [tables.people.get(session.workspace, seat.person_id).name for seat in seats if seat.person_id in authors]

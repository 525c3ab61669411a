"""Submitting a plan, deciding on it, commenting: decisions are bound to the content they were given for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.budget import BudgetState, BudgetVersion
from qihua_desktop.domain.canonical import canonical_text, text_fingerprint
from qihua_desktop.domain.content_difference import ContentChange, content_differences
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.people import Department, Person, department_label
from qihua_desktop.domain.plan_content import (
    ContentHashes,
    PlanContent,
    PlanSource,
    build_content,
    content_hashes,
    dimensions_text,
    read_content,
)
from qihua_desktop.domain.review import (
    Dimension,
    PlanDocument,
    PlanVersion,
    ReviewComment,
    ReviewSeat,
    RouteMode,
    Severity,
    SignOff,
    Verdict,
    VersionState,
)
from qihua_desktop.domain.review_rules import (
    ReviewStatus,
    authors_text,
    default_route,
    dimensions_list,
    may_decide,
    may_resolve,
    may_submit,
    may_withdraw,
    read_authors,
    review_status,
    seat_to_decide,
)
from qihua_desktop.i18n import _

from . import baselines, budget
from .authors import authors_since
from .limits import body, required_text
from .people import check_pin
from .session import Session

Strokes = Sequence[Sequence[tuple[int, int]]]

SIGNATURE_LIMIT = 20_000
"""Points a drawn signature may have."""


@dataclass(frozen=True, slots=True)
class SeatDraft:
    """A seat of the route as chosen before submitting; ``person_id`` None until somebody is chosen."""

    step: int
    mode: RouteMode
    department: Department
    person_id: EntityId | None
    dimensions: tuple[Dimension, ...]


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A version as its window shows it.

    ``status`` counts decisions against the live content while the version is under review. ``changed_since`` is what
    the plan says differently now; ``changes`` what differs from the version before.
    """

    version: PlanVersion
    content: PlanContent
    status: ReviewStatus
    comments: tuple[ReviewComment, ...]
    changed_since: tuple[ContentChange, ...]
    changes: tuple[ContentChange, ...]
    previous: PlanVersion | None
    people: Mapping[EntityId, Person]
    authors: frozenset[EntityId]


def plan_document(session: Session, project_id: EntityId) -> PlanDocument:
    """Return the document of a project that goes through review. Raises LookupError when it has none."""
    found = tables.plan_documents.all(session.workspace, project_id=project_id)
    if not found:
        raise LookupError("the project has no plan document")
    return found[0]


def versions(session: Session, project_id: EntityId) -> tuple[PlanVersion, ...]:
    """Return the submitted versions, newest first."""
    return tuple(reversed(tables.plan_versions.all(session.workspace, project_id=project_id)))


def live_content(session: Session, project_id: EntityId) -> tuple[PlanContent, ContentHashes]:
    """Return the plan's present content and fingerprints."""
    content = build_content(_source(session, project_id))
    return content, content_hashes(content)


def current_authors(session: Session, project_id: EntityId) -> frozenset[EntityId]:
    """Return whoever wrote what would be submitted now: the present person and all who changed it since approval."""
    approved = [one for one in versions(session, project_id) if one.state is VersionState.APPROVED]
    found = authors_since(session, project_id, approved[0].submitted_ms if approved else 0)
    return found | {session.actor.id} if session.actor else found


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
    already under review or approved unchanged.
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
    title = _("Submit “{title}” version {number}").format(title=document.title, number=number)
    with session.edit(title, project_id) as edit:
        for old in earlier:
            if old.state is VersionState.IN_REVIEW:
                _close(edit, old, VersionState.SUPERSEDED)
        tables.plan_versions.insert(edit, version)
        tables.review_seats.insert_many(edit, stored)
        _freeze_budget(edit, session, version)
        _mark_document(edit, session, project_id, document.key)
    return version


def review_view(session: Session, version_id: EntityId) -> ReviewView:
    """Return a version with its decisions, comments and differences."""
    workspace = session.workspace
    version = tables.plan_versions.get(workspace, version_id)
    content = read_content(version.content)
    every = versions(session, version.project_id)
    previous = next((one for one in every if one.number < version.number), None)
    is_newest = every[0].id == version.id
    live, hashes = live_content(session, version.project_id)
    counted = version
    if is_newest and version.state is VersionState.IN_REVIEW:
        counted = replace(version, dimension_sha256=dimensions_text(hashes))
    seats = tables.review_seats.all(workspace, version_id=version_id)
    sign_offs = tables.sign_offs.all(workspace, version_id=version_id)
    comments = tables.review_comments.all(workspace, version_id=version_id)
    authors = read_authors(version.author_ids)
    return ReviewView(
        version,
        content,
        review_status(counted, seats, sign_offs, comments, authors),
        comments,
        content_differences(content, live) if is_newest else (),
        content_differences(read_content(previous.content), content) if previous else (),
        previous,
        {person.id: person for person in tables.people.all(workspace)},
        authors,
    )


def why_not_decide(session: Session, version_id: EntityId, person_id: EntityId) -> str | None:
    """Return why a person may not decide on a version now, or None."""
    view = review_view(session, version_id)
    return _refusal(session, view, person_id)


def sign(
    session: Session,
    version_id: EntityId,
    person_id: EntityId,
    pin: str,
    verdict: Verdict,
    *,
    comment: str = "",
    opinions: Mapping[Dimension, str] | None = None,
    strokes: Strokes = (),
) -> SignOff:
    """Record a person's decision, checked by their PIN and bound to the version's content.

    The last agreement approves the version, freezes the budget and takes a baseline; a return or a rejection closes
    the review. Raises RuleError (author, not their turn, changed content, open blocking comment) or InputError (PIN).
    """
    check_pin(session, person_id, pin)
    view = review_view(session, version_id)
    reason = _refusal(session, view, person_id, verdict)
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
    with session.workspace.edit(
        person, _("{person} decides on version {number}").format(person=person.name, number=version.number),
        version.project_id,
    ) as edit:  # fmt: skip
        tables.sign_offs.insert(edit, decision)
        status = review_status(version, seats, (*sign_offs, decision), view.comments, view.authors)
        _settle(edit, session, version, status)
    return decision


def withdraw(session: Session, version_id: EntityId, note: str = "") -> None:
    """Take a version back before the final decision. Raises RuleError for anybody but an author."""
    version = tables.plan_versions.get(session.workspace, version_id)
    actor = _require_actor(session)
    reason = may_withdraw(actor.id, version, read_authors(version.author_ids))
    if reason:
        raise RuleError(reason)
    with session.edit(_("Withdraw version {number}").format(number=version.number), version.project_id) as edit:
        _close(edit, version, VersionState.WITHDRAWN)
        if note:
            tables.plan_versions.update(edit, version_id, note=body(note))
        budget.set_state(edit, version.project_id, BudgetState.DRAFT)


def transfer_seat(session: Session, seat_id: EntityId, person_id: EntityId, reason: str) -> None:
    """Hand a seat to somebody else for good (转交). Raises RuleError for an author or a seat already decided."""
    seat = tables.review_seats.get(session.workspace, seat_id)
    version = tables.plan_versions.get(session.workspace, seat.version_id)
    why = required_text(reason, _("reason"))
    if person_id in read_authors(version.author_ids):
        raise RuleError(_("The author of a plan cannot sign it off."))
    if tables.sign_offs.count(session.workspace, seat_id=seat_id):
        raise RuleError(_("This seat has already decided."))
    person = tables.people.get(session.workspace, person_id)
    label = _("Transfer the seat to {person}: {reason}").format(person=person.name, reason=why)
    with session.edit(label, seat.project_id) as edit:
        tables.review_seats.update(edit, seat_id, person_id=person_id)


def add_comment(
    session: Session,
    version_id: EntityId,
    dimension: Dimension,
    severity: Severity,
    text: str,
    *,
    section_key: str = "",
    quote: str = "",
) -> ReviewComment:
    """Add an opinion on a place of the document in the present person's name."""
    actor = _require_actor(session)
    version = tables.plan_versions.get(session.workspace, version_id)
    written = body(text)
    if not written.strip():
        raise InputError(_("The comment is empty."))
    comment = ReviewComment(
        new_id(),
        version.project_id,
        version_id,
        actor.id,
        dimension,
        severity,
        section_key,
        body(quote),
        written,
        "",
        None,
        None,
        session.workspace.now_ms(),
    )
    with session.edit(_("Comment on version {number}").format(number=version.number), version.project_id) as edit:
        tables.review_comments.insert(edit, comment)
    return comment


def reply_to_comment(session: Session, comment_id: EntityId, text: str) -> None:
    """Answer a comment; this does not resolve it."""
    comment = tables.review_comments.get(session.workspace, comment_id)
    with session.edit(_("Reply to a comment"), comment.project_id) as edit:
        tables.review_comments.update(edit, comment_id, reply=body(text))


def resolve_comment(session: Session, comment_id: EntityId, *, resolved: bool = True) -> None:
    """Settle a comment or open it again. Raises RuleError when a blocking one is not the present person's own."""
    actor = _require_actor(session)
    comment = tables.review_comments.get(session.workspace, comment_id)
    reason = may_resolve(actor.id, replace(comment, resolved_ms=None))
    if reason:
        raise RuleError(reason)
    version = tables.plan_versions.get(session.workspace, comment.version_id)
    label = _("Resolve a comment") if resolved else _("Reopen a comment")
    with session.edit(label, comment.project_id) as edit:
        tables.review_comments.update(
            edit,
            comment_id,
            resolved_ms=edit.now_ms() if resolved else None,
            resolved_by=actor.id if resolved else None,
        )
        if version.state is VersionState.IN_REVIEW:
            status = review_status(
                version,
                tables.review_seats.all(edit, version_id=version.id),
                tables.sign_offs.all(edit, version_id=version.id),
                tables.review_comments.all(edit, version_id=version.id),
                read_authors(version.author_ids),
            )
            _settle(edit, session, version, status)


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


def _refusal(session: Session, view: ReviewView, person_id: EntityId, verdict: Verdict | None = None) -> str | None:
    seats = [status.seat for status in view.status.seats]
    sign_offs = tables.sign_offs.all(session.workspace, version_id=view.version.id)
    reason = may_decide(person_id, view.version, seats, sign_offs, view.comments, view.authors, verdict=verdict)
    if reason:
        return reason
    if view.changed_since and view.version.state is VersionState.IN_REVIEW:
        return _("The plan was changed after version {number} was submitted; a new version must be submitted.").format(
            number=view.version.number
        )
    return None


def _settle(edit: Edit, session: Session, version: PlanVersion, status: ReviewStatus) -> None:
    if status.state is VersionState.APPROVED:
        _close(edit, version, VersionState.APPROVED)
        budget.set_state(edit, version.project_id, BudgetState.APPROVED, version.number)
        name = _("Version {number} approved").format(number=version.number)
        baselines.take(edit, session, version.project_id, name, plan_version_id=version.id)
    elif status.state in (VersionState.RETURNED, VersionState.REJECTED):
        _close(edit, version, status.state)
        budget.set_state(edit, version.project_id, BudgetState.DRAFT)


def _close(edit: Edit, version: PlanVersion, state: VersionState) -> None:
    tables.plan_versions.update(edit, version.id, state=state, closed_ms=edit.now_ms())


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


def _source(session: Session, project_id: EntityId) -> PlanSource:
    workspace = session.workspace
    document = plan_document(session, project_id)
    return PlanSource(
        document,
        tables.projects.get(workspace, project_id),
        tables.plan_sections.all(workspace, document_id=document.id),
        tables.stages.all(workspace, project_id=project_id),
        tables.tasks.all(workspace, project_id=project_id),
        tables.budgets.all(workspace, project_id=project_id)[0],
        tables.budget_lines.all(workspace, project_id=project_id),
        tables.risks.all(workspace, project_id=project_id),
        tables.attachments.all(workspace, owner_id=document.id),
        {person.id: person.name for person in tables.people.all(workspace)},
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


def _require_actor(session: Session) -> Person:
    if session.actor is None:
        raise RuleError(_("Choose who you are first."), _("Pick a profile at the lower left."))
    return session.actor

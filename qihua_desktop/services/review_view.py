"""A plan under review as it is read: its live content, its versions, who wrote it and who may decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.content_difference import ContentChange, content_differences
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.history import JournalEntry
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Person
from qihua_desktop.domain.plan_content import (
    ContentHashes,
    PlanContent,
    PlanSource,
    build_content,
    content_hashes,
    dimensions_text,
    read_content,
)
from qihua_desktop.domain.review import PlanDocument, PlanVersion, ReviewComment, Verdict, VersionState
from qihua_desktop.domain.review_rules import ReviewStatus, may_decide, read_authors, review_status
from qihua_desktop.i18n import _

from .authors import authorship_since
from .session import Session


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


@dataclass(frozen=True, slots=True)
class AuthorReason:
    """Why somebody counts as an author: their newest change of the content; none for who only submits."""

    person_id: EntityId
    label: str
    at_ms: int | None


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
    found = frozenset(_authorship(session, project_id))
    return found | {session.actor.id} if session.actor else found


def author_reasons(session: Session, project_id: EntityId) -> tuple[AuthorReason, ...]:
    """Return the authors with what they changed last; the submitter without a change of theirs comes last."""
    found = [
        AuthorReason(person_id, entry.label, entry.at_ms)
        for person_id, entry in _authorship(session, project_id).items()
    ]
    if session.actor is not None and all(one.person_id != session.actor.id for one in found):
        found.append(AuthorReason(session.actor.id, "", None))
    return tuple(found)


def find_version(session: Session, version_id: EntityId) -> PlanVersion | None:
    """Return a version, None when there is none (any more)."""
    return tables.plan_versions.find(session.workspace, version_id)


def review_view(
    session: Session, version_id: EntityId, live: tuple[PlanContent, ContentHashes] | None = None
) -> ReviewView:
    """Return a version with its decisions, comments and differences; ``live`` is the present content if at hand."""
    workspace = session.workspace
    version = tables.plan_versions.get(workspace, version_id)
    content = read_content(version.content)
    every = versions(session, version.project_id)
    previous = next((one for one in every if one.number < version.number), None)
    is_newest = every[0].id == version.id
    counted, changed_since = version, ()
    if is_newest:
        now, hashes = live or live_content(session, version.project_id)
        changed_since = content_differences(content, now) if hashes.content != version.sha256 else ()
        if version.state is VersionState.IN_REVIEW:
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
        changed_since,
        content_differences(read_content(previous.content), content) if previous else (),
        previous,
        {person.id: person for person in tables.people.all(workspace)},
        authors,
    )


def why_not_decide(session: Session, version_id: EntityId, person_id: EntityId) -> str | None:
    """Return why a person may not decide on a version now, or None."""
    view = review_view(session, version_id)
    return refusal(session, view, person_id)


def refusal(session: Session, view: ReviewView, person_id: EntityId, verdict: Verdict | None = None) -> str | None:
    """Return why a person may not decide (so) on a version as it stands, or None."""
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


def require_actor(session: Session) -> Person:
    """Return who works now. Raises RuleError when nobody was chosen."""
    if session.actor is None:
        raise RuleError(_("Choose who you are first."), _("Pick a profile at the lower left."))
    return session.actor


def _authorship(session: Session, project_id: EntityId) -> dict[EntityId, JournalEntry]:
    approved = [one for one in versions(session, project_id) if one.state is VersionState.APPROVED]
    return authorship_since(session, project_id, approved[0].submitted_ms if approved else 0)


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


def close(edit: Edit, version: PlanVersion, state: VersionState) -> None:
    """End a version's review inside a running edit."""
    tables.plan_versions.update(edit, version.id, state=state, closed_ms=edit.now_ms())

"""Plan documents, their frozen versions, review seats, decisions and comments.

A version's ``content`` is canonical JSON (see ``canonical``); ``sha256`` is its fingerprint, ``dimension_sha256`` maps
each dimension to its own hash. Moments (``…_ms``) are UTC milliseconds since 1970.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .ids import EntityId
from .people import Department


class Dimension(StrEnum):
    """What an opinion is about."""

    BUDGET = "budget"
    COMPLIANCE = "compliance"
    FEASIBILITY = "feasibility"


class VersionState(StrEnum):
    """Life of a submitted version."""

    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


class RouteMode(StrEnum):
    """How the seats of one step count: all must agree (会签), the first decides (或签), or one after another (依次)."""

    ALL = "all"
    ANY = "any"
    IN_ORDER = "in_order"


class Verdict(StrEnum):
    """One person's decision."""

    APPROVE = "approve"
    APPROVE_WITH_COMMENT = "approve_with_comment"
    RETURN = "return"
    REJECT = "reject"


class Severity(StrEnum):
    """Whether a comment must be dealt with before release."""

    BLOCKING = "blocking"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True)
class PlanDocument:
    """The document of a project that goes through review (方案); ``key`` names its kind (event_plan …)."""

    id: EntityId
    project_id: EntityId
    key: str
    title: str


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A written section of the draft: 目标, 流程, 风险预案 …; ``body`` is plain text, paragraphs by line."""

    id: EntityId
    project_id: EntityId
    document_id: EntityId
    position: int
    key: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A frozen submitted version."""

    id: EntityId
    project_id: EntityId
    document_id: EntityId
    number: int
    state: VersionState
    content: str
    sha256: str
    dimension_sha256: str
    author_ids: str
    submitted_by: EntityId
    submitted_ms: int
    closed_ms: int | None
    note: str


@dataclass(frozen=True, slots=True)
class ReviewSeat:
    """A place in the route: steps run in order of ``step``; seats of one step count as ``mode`` says.

    ``dimensions`` is a comma-separated list of ``Dimension`` values the seat gives an opinion on.
    """

    id: EntityId
    project_id: EntityId
    version_id: EntityId
    step: int
    position: int
    mode: RouteMode
    department: Department
    person_id: EntityId
    dimensions: str
    due_ms: int | None


@dataclass(frozen=True, slots=True)
class SignOff:
    """One person's decision on a version, bound to the content it was given for.

    ``signature`` is JSON: strokes of [x, y] pairs in 0 … 10000 of the box, empty when none was drawn.
    ``opinions`` is JSON: dimension → comment.
    """

    id: EntityId
    project_id: EntityId
    version_id: EntityId
    seat_id: EntityId
    person_id: EntityId
    verdict: Verdict
    comment: str
    opinions: str
    signature: str
    content_sha256: str
    dimension_sha256: str
    signed_ms: int


@dataclass(frozen=True, slots=True)
class ReviewComment:
    """An opinion on a place of the document; a blocking one is resolved by its writer only."""

    id: EntityId
    project_id: EntityId
    version_id: EntityId
    person_id: EntityId
    dimension: Dimension
    severity: Severity
    section_key: str
    quote: str
    body: str
    reply: str
    resolved_ms: int | None
    resolved_by: EntityId | None
    created_ms: int


@dataclass(frozen=True, slots=True)
class RouteTemplateSeat:
    """A default seat proposed when a plan is submitted."""

    step: int
    mode: RouteMode
    department: Department
    dimensions: tuple[Dimension, ...]


_DIMENSIONS = {
    Dimension.BUDGET: N_("Budget"),
    Dimension.COMPLIANCE: N_("Compliance"),
    Dimension.FEASIBILITY: N_("Feasibility"),
}
_VERDICTS = {
    Verdict.APPROVE: N_("Agree"),
    Verdict.APPROVE_WITH_COMMENT: N_("Agree with comments"),
    Verdict.RETURN: N_("Return for revision"),
    Verdict.REJECT: N_("Reject"),
}
_STATES = {
    VersionState.IN_REVIEW: N_("In review"),
    VersionState.APPROVED: N_("Approved"),
    VersionState.RETURNED: N_("Returned"),
    VersionState.REJECTED: N_("Rejected"),
    VersionState.WITHDRAWN: N_("Withdrawn"),
    VersionState.SUPERSEDED: N_("Superseded"),
}


def dimension_label(dimension: Dimension) -> str:
    """Return the dimension's name in the user's language."""
    return _(_DIMENSIONS[dimension])


def verdict_label(verdict: Verdict) -> str:
    """Return the decision in the user's language."""
    return _(_VERDICTS[verdict])


def version_state_label(state: VersionState) -> str:
    """Return the version state in the user's language."""
    return _(_STATES[state])

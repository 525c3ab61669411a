"""Who may sign off a plan, in which order, and what the decisions given so far amount to.

The state of a version is always worked out from its seats, sign-offs and comments; no flag can disagree with them.
Order of recording counts, never a clock: sign-offs are given in the order in which the workspace recorded them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import Final

from qihua_desktop.i18n import N_, _

from .ids import EntityId, id_from_text, id_text
from .people import Department
from .plan_content import read_dimensions
from .project import ProjectKind
from .review import (
    Dimension,
    PlanVersion,
    ReviewComment,
    ReviewSeat,
    RouteMode,
    RouteTemplateSeat,
    Severity,
    SignOff,
    Verdict,
    VersionState,
)

AGREEMENTS: Final = frozenset((Verdict.APPROVE, Verdict.APPROVE_WITH_COMMENT))


class SeatState(StrEnum):
    """Where a seat stands. NOT_YET waits for others; UNDECIDED was closed by somebody else's decision."""

    NOT_YET = "not_yet"
    OPEN = "open"
    AGREED = "agreed"
    AGREED_WITH_COMMENT = "agreed_with_comment"
    RETURNED = "returned"
    REJECTED = "rejected"
    STALE = "stale"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Delegation:
    """``delegate_id`` may decide for ``giver_id`` from ``from_ms`` until before ``until_ms``; it is not passed on."""

    giver_id: EntityId
    delegate_id: EntityId
    from_ms: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class SeatStatus:
    """A seat, the decision in force on it, and the seats it waits for.

    ``stale`` are the dimensions that changed since the decision; ``remarks`` are decisions that came too late to count.
    """

    seat: ReviewSeat
    state: SeatState
    sign_off: SignOff | None
    waiting_for: tuple[EntityId, ...]
    stale: tuple[Dimension, ...]
    remarks: tuple[SignOff, ...]


@dataclass(frozen=True, slots=True)
class ReviewStatus:
    """What the decisions amount to.

    ``state`` is the version's derived state. ``waiting_on`` are the seats whose turn it is; ``blocking`` the open
    blocking comments, without which ``agreed`` becomes approved. ``refused`` are decisions that never count because an
    author gave them or the person does not hold the seat.
    """

    state: VersionState
    agreed: bool
    seats: tuple[SeatStatus, ...]
    waiting_on: tuple[ReviewSeat, ...]
    blocking: tuple[ReviewComment, ...]
    refused: tuple[SignOff, ...]

    @property
    def may_release(self) -> bool:
        """Whether the version is approved and nothing blocks it."""
        return self.state is VersionState.APPROVED

    def seat_status(self, seat_id: EntityId) -> SeatStatus | None:
        """Return the status of one seat, None when the route has no such seat."""
        return next((status for status in self.seats if status.seat.id == seat_id), None)


_CLOSED = frozenset((VersionState.WITHDRAWN, VersionState.SUPERSEDED))
_PENDING = frozenset((SeatState.OPEN, SeatState.STALE, SeatState.NOT_YET))
_DECIDED = {
    Verdict.APPROVE: SeatState.AGREED,
    Verdict.APPROVE_WITH_COMMENT: SeatState.AGREED_WITH_COMMENT,
    Verdict.RETURN: SeatState.RETURNED,
    Verdict.REJECT: SeatState.REJECTED,
}
_SEAT_STATES = {
    SeatState.NOT_YET: N_("Not yet due"),
    SeatState.OPEN: N_("To be signed"),
    SeatState.AGREED: N_("Agree"),
    SeatState.AGREED_WITH_COMMENT: N_("Agree with comments"),
    SeatState.RETURNED: N_("Return for revision"),
    SeatState.REJECTED: N_("Reject"),
    SeatState.STALE: N_("No longer valid"),
    SeatState.UNDECIDED: N_("Undecided"),
}
_MODES = {
    RouteMode.ALL: N_("All must agree"),
    RouteMode.ANY: N_("The first decides"),
    RouteMode.IN_ORDER: N_("One after another"),
}


def seat_state_label(state: SeatState) -> str:
    """Return the seat's state in the user's language."""
    return _(_SEAT_STATES[state])


def route_mode_label(mode: RouteMode) -> str:
    """Return how the seats of a step count, in the user's language."""
    return _(_MODES[mode])


def default_route(kind: ProjectKind) -> tuple[RouteTemplateSeat, ...]:
    """Return the seats proposed for a plan: sales, finance and legal together, then the planning director.

    Events add administration (venue), research takes product in the place of sales.
    """
    first = Department.PRODUCT if kind is ProjectKind.RESEARCH else Department.SALES
    seats = [
        RouteTemplateSeat(1, RouteMode.ALL, first, (Dimension.FEASIBILITY,)),
        RouteTemplateSeat(1, RouteMode.ALL, Department.FINANCE, (Dimension.BUDGET,)),
        RouteTemplateSeat(1, RouteMode.ALL, Department.LEGAL, (Dimension.COMPLIANCE,)),
    ]
    if kind is ProjectKind.EVENT:
        seats.append(RouteTemplateSeat(1, RouteMode.ALL, Department.ADMIN, (Dimension.FEASIBILITY,)))
    return (*seats, RouteTemplateSeat(2, RouteMode.ALL, Department.PLANNING, tuple(Dimension)))


def seat_dimensions(seat: ReviewSeat) -> tuple[Dimension, ...]:
    """Return what a seat gives an opinion on; a seat without any is about the whole content."""
    known = {dimension.value: dimension for dimension in Dimension}
    named = [known[name.strip()] for name in seat.dimensions.split(",") if name.strip() in known]
    return tuple(dict.fromkeys(named)) or tuple(Dimension)


def dimensions_list(dimensions: Iterable[Dimension]) -> str:
    """Write dimensions as ``ReviewSeat.dimensions`` stores them."""
    return ",".join(dimension.value for dimension in dimensions)


def read_authors(text: str) -> frozenset[EntityId]:
    """Read ``PlanVersion.author_ids``."""
    return frozenset(id_from_text(part) for part in text.split(",") if part)


def authors_text(authors: Iterable[EntityId]) -> str:
    """Write authors as ``PlanVersion.author_ids`` stores them: sorted, comma-separated hexadecimal ids."""
    return ",".join(sorted(id_text(author) for author in set(authors)))


def stale_dimensions(
    sign_off: SignOff, current: Mapping[Dimension, str], dimensions: Iterable[Dimension]
) -> tuple[Dimension, ...]:
    """Return those dimensions whose content is no longer what the decision was given for."""
    signed = read_dimensions(sign_off.dimension_sha256)
    return tuple(each for each in dimensions if not current.get(each) or signed.get(each) != current[each])


def blocking_comments(comments: Iterable[ReviewComment], version_id: EntityId) -> tuple[ReviewComment, ...]:
    """Return the open comments that must be dealt with before release."""
    return tuple(
        comment
        for comment in comments
        if comment.version_id == version_id and comment.severity is Severity.BLOCKING and comment.resolved_ms is None
    )


def review_status(
    version: PlanVersion,
    seats: Sequence[ReviewSeat],
    sign_offs: Sequence[SignOff],
    comments: Sequence[ReviewComment],
    authors: Collection[EntityId],
    *,
    delegations: Collection[Delegation] = (),
) -> ReviewStatus:
    """Work out where a version stands. ``sign_offs`` come in the order in which they were recorded.

    ALL (会签): the first return or rejection closes the review, agreement needs every seat. ANY (或签): the first
    decision counts, later ones are remarks. IN_ORDER (依次): a seat waits for the one before it. Steps wait for earlier
    steps. A route without seats is never approved.
    """
    route = _Route(version, seats, sign_offs, authors, delegations)
    statuses: list[SeatStatus] = []
    waited: tuple[EntityId, ...] = ()
    for _step, group in groupby(route.seats, key=lambda seat: seat.step):
        step = route.step_status(list(group), waited)
        statuses.extend(step)
        if not waited and not _step_agreed(step):
            waited = tuple(status.seat.id for status in step if status.state in _PENDING)
    outcome = version.state if version.state in _CLOSED else _outcome(statuses)
    agreed = bool(statuses) and outcome is VersionState.IN_REVIEW and not waited
    blocking = blocking_comments(comments, version.id)
    if agreed and not blocking:
        outcome = VersionState.APPROVED
    if outcome is not VersionState.IN_REVIEW:
        statuses = [_closed(status) for status in statuses]
    waiting = tuple(status.seat for status in statuses if status.state in (SeatState.OPEN, SeatState.STALE))
    return ReviewStatus(outcome, agreed, tuple(statuses), waiting, blocking, tuple(route.refused))


def may_decide(
    person_id: EntityId,
    version: PlanVersion,
    seats: Sequence[ReviewSeat],
    sign_offs: Sequence[SignOff],
    comments: Sequence[ReviewComment],
    authors: Collection[EntityId],
    *,
    verdict: Verdict | None = None,
    now_ms: int = 0,
    delegations: Collection[Delegation] = (),
) -> str | None:
    """Return why a person may not decide now, None when they may. With a ``verdict``, that decision is checked.

    An author never decides, nor does whoever acts for an author. Agreeing is refused while a blocking comment of one's
    own is open.
    """
    if person_id in authors:
        return _("The author of a plan cannot approve it.")
    if _acts_for_author(person_id, authors, delegations, now_ms):
        return _("Whoever acts for the author cannot approve the plan either.")
    status = review_status(version, seats, sign_offs, comments, authors, delegations=delegations)
    if status.state is not VersionState.IN_REVIEW:
        return _("The review of this version is closed.")
    mine = [each for each in status.seats if _may_hold(person_id, each.seat, authors, delegations, now_ms)]
    if not mine:
        return _("You have no seat in this review.")
    if not any(each.state in (SeatState.OPEN, SeatState.STALE) for each in mine):
        waiting = any(each.state is SeatState.NOT_YET for each in mine)
        return _("Others have to sign first.") if waiting else _("You have already decided.")
    own_blocking = any(comment.person_id == person_id for comment in status.blocking)
    if verdict in AGREEMENTS and own_blocking:
        return _("Your own blocking comment is still open: resolve it before you agree.")
    return None


def seat_to_decide(
    person_id: EntityId,
    status: ReviewStatus,
    authors: Collection[EntityId],
    *,
    now_ms: int = 0,
    delegations: Collection[Delegation] = (),
) -> ReviewSeat | None:
    """Return the seat a person is to decide next, their own before one they stand in for."""
    open_seats = [seat for seat in status.waiting_on if _may_hold(person_id, seat, authors, delegations, now_ms)]
    return min(open_seats, key=lambda seat: seat.person_id != person_id, default=None)


def may_submit(
    people: Collection[EntityId],
    authors: Collection[EntityId],
    versions: Iterable[PlanVersion],
    *,
    content_sha256: str,
) -> str | None:
    """Return why a route cannot be started, None when it can. ``people`` hold its seats; ``versions`` exist already."""
    if not people:
        return _("Name at least one reviewer.")
    if set(authors) & set(people):
        return _("An author cannot be a reviewer of their own plan.")
    for version in versions:
        if version.state is VersionState.IN_REVIEW:
            return _("Version {number} is still in review.").format(number=version.number)
        if version.sha256 == content_sha256 and version.state is VersionState.APPROVED:
            return _("Version {number} with the same content is approved already.").format(number=version.number)
    return None


def may_withdraw(person_id: EntityId, version: PlanVersion, authors: Collection[EntityId]) -> str | None:
    """Return why a person may not take a version back, None when they may: authors only, before the review closes."""
    if person_id != version.submitted_by and person_id not in authors:
        return _("Only an author can withdraw the plan.")
    if version.state is not VersionState.IN_REVIEW:
        return _("The review of this version is closed.")
    return None


def may_resolve(person_id: EntityId, comment: ReviewComment) -> str | None:
    """Return why a person may not resolve a comment, None when they may: a blocking one belongs to its writer."""
    if comment.resolved_ms is not None:
        return _("The comment is resolved already.")
    if comment.severity is Severity.BLOCKING and person_id != comment.person_id:
        return _("Only the writer of a blocking comment can resolve it.")
    return None


def may_comment(status: ReviewStatus) -> str | None:
    """Return why no comment can be added, None when one can: a closed review stays as it was."""
    return None if status.state is VersionState.IN_REVIEW else _("The review of this version is closed.")


class _Route:
    """The seats of one version with the decisions that count for them."""

    def __init__(
        self,
        version: PlanVersion,
        seats: Sequence[ReviewSeat],
        sign_offs: Sequence[SignOff],
        authors: Collection[EntityId],
        delegations: Collection[Delegation],
    ) -> None:
        self.seats = sorted(
            (seat for seat in seats if seat.version_id == version.id), key=lambda seat: (seat.step, seat.position)
        )
        self._current = read_dimensions(version.dimension_sha256)
        self._given: dict[EntityId, list[tuple[int, SignOff]]] = {seat.id: [] for seat in self.seats}
        self.refused: list[SignOff] = []
        by_id = {seat.id: seat for seat in self.seats}
        for order, sign_off in enumerate(sign_offs):
            if sign_off.version_id != version.id:
                continue
            seat = by_id.get(sign_off.seat_id)
            if seat is None or not _may_hold(sign_off.person_id, seat, authors, delegations, sign_off.signed_ms):
                self.refused.append(sign_off)
            else:
                self._given[seat.id].append((order, sign_off))

    def step_status(self, members: Sequence[ReviewSeat], waited: tuple[EntityId, ...]) -> list[SeatStatus]:
        """Return the statuses of one step's seats; ``waited`` are the seats of earlier steps it waits for."""
        mode = members[0].mode
        first = self._first_decision(members) if mode is RouteMode.ANY else None
        before = waited
        statuses: list[SeatStatus] = []
        for seat in members:
            status = self._seat_status(seat, before, first)
            statuses.append(status)
            if mode is RouteMode.IN_ORDER and not before and status.state in _PENDING:
                before = (seat.id,)
        return statuses

    def _seat_status(self, seat: ReviewSeat, before: tuple[EntityId, ...], first: SignOff | None) -> SeatStatus:
        latest, stale = self._latest(seat)
        if latest is not None and not stale:
            if first is None or first is latest:
                return SeatStatus(seat, _DECIDED[latest.verdict], latest, (), (), ())
            return SeatStatus(seat, SeatState.UNDECIDED, None, (), (), (latest,))
        if first is not None:
            return SeatStatus(seat, SeatState.UNDECIDED, latest, (), stale, ())
        if before:
            return SeatStatus(seat, SeatState.NOT_YET, latest, before, stale, ())
        return SeatStatus(seat, SeatState.STALE if stale else SeatState.OPEN, latest, (), stale, ())

    def _latest(self, seat: ReviewSeat) -> tuple[SignOff | None, tuple[Dimension, ...]]:
        given = self._given[seat.id]
        if not given:
            return None, ()
        return given[-1][1], stale_dimensions(given[-1][1], self._current, seat_dimensions(seat))

    def _first_decision(self, members: Sequence[ReviewSeat]) -> SignOff | None:
        """Return the first recorded decision of a step that is still about the current content."""
        valid = [self._given[seat.id][-1] for seat in members if self._given[seat.id] and not self._latest(seat)[1]]
        return min(valid, key=lambda pair: pair[0])[1] if valid else None


def _outcome(statuses: Iterable[SeatStatus]) -> VersionState:
    """Return what the first refusal in the order of the route makes of the version."""
    for status in statuses:
        if status.state is SeatState.REJECTED:
            return VersionState.REJECTED
        if status.state is SeatState.RETURNED:
            return VersionState.RETURNED
    return VersionState.IN_REVIEW


def _closed(status: SeatStatus) -> SeatStatus:
    if status.state not in _PENDING:
        return status
    return SeatStatus(status.seat, SeatState.UNDECIDED, status.sign_off, (), status.stale, status.remarks)


def _step_agreed(step: Sequence[SeatStatus]) -> bool:
    agreed = [status.state in (SeatState.AGREED, SeatState.AGREED_WITH_COMMENT) for status in step]
    return any(agreed) if step[0].seat.mode is RouteMode.ANY else all(agreed)


def _may_hold(
    person_id: EntityId,
    seat: ReviewSeat,
    authors: Collection[EntityId],
    delegations: Collection[Delegation],
    at_ms: int,
) -> bool:
    if person_id in authors or _acts_for_author(person_id, authors, delegations, at_ms):
        return False
    return person_id == seat.person_id or (
        seat.person_id not in authors and _is_delegate(person_id, seat.person_id, delegations, at_ms)
    )


def _is_delegate(person_id: EntityId, giver_id: EntityId, delegations: Collection[Delegation], at_ms: int) -> bool:
    return any(
        each.giver_id == giver_id and each.delegate_id == person_id and each.from_ms <= at_ms < each.until_ms
        for each in delegations
    )


def _acts_for_author(
    person_id: EntityId, authors: Collection[EntityId], delegations: Collection[Delegation], at_ms: int
) -> bool:
    return any(_is_delegate(person_id, author, delegations, at_ms) for author in authors)

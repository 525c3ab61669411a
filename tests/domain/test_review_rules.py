from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from qihua_desktop.domain.people import Department
from qihua_desktop.domain.plan_content import ContentHashes, dimensions_text, read_dimensions
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.domain.review import Dimension, RouteMode, Severity, Verdict, VersionState
from qihua_desktop.domain.review_rules import (
    AGREEMENTS,
    Delegation,
    SeatState,
    authors_text,
    default_route,
    dimensions_list,
    may_comment,
    may_decide,
    may_resolve,
    may_submit,
    may_withdraw,
    read_authors,
    review_status,
    seat_dimensions,
    seat_to_decide,
    stale_dimensions,
)
from tests.domain import rows

AUTHOR, SALES, FINANCE, LEGAL, DIRECTOR = (rows.key(number) for number in range(100, 105))
PEOPLE = (AUTHOR, SALES, FINANCE, LEGAL, DIRECTOR)
ALL, ANY, IN_ORDER = RouteMode.ALL, RouteMode.ANY, RouteMode.IN_ORDER


def hashes(*marks):
    marks = marks or ("a", "b", "c")
    return dimensions_text(ContentHashes("", {each: mark * 64 for each, mark in zip(Dimension, marks, strict=True)}))


VERSION = rows.version(dimension_sha256=hashes(), submitted_by=AUTHOR)


def route(*seats):
    """Seats as (person, step, mode)."""
    return tuple(
        rows.seat(at + 1, person_id=person, step=step, mode=mode, position=at, dimensions="")
        for at, (person, step, mode) in enumerate(seats)
    )


def signed(seat, verdict=Verdict.APPROVE, number=None, **fields):
    return rows.sign_off(
        number or int.from_bytes(seat.id, "big"),
        seat_id=seat.id,
        person_id=fields.pop("person_id", seat.person_id),
        verdict=verdict,
        dimension_sha256=fields.pop("dimension_sha256", hashes()),
        **fields,
    )


def states(seats, sign_offs=(), comments=(), **fields):
    status = review_status(replace(VERSION, **fields), seats, sign_offs, comments, {AUTHOR})
    return status.state, [each.state.value for each in status.seats]


TWO_STEPS = route((SALES, 1, ALL), (FINANCE, 1, ALL), (DIRECTOR, 2, ALL))


def test_all_seats_of_a_step_must_agree_before_the_next_step():
    sales, finance, director = TWO_STEPS
    assert states(TWO_STEPS) == (VersionState.IN_REVIEW, ["open", "open", "not_yet"])
    assert states(TWO_STEPS, [signed(sales)]) == (VersionState.IN_REVIEW, ["agreed", "open", "not_yet"])
    two = [signed(sales), signed(finance, Verdict.APPROVE_WITH_COMMENT)]
    assert states(TWO_STEPS, two) == (VersionState.IN_REVIEW, ["agreed", "agreed_with_comment", "open"])
    assert states(TWO_STEPS, [*two, signed(director)])[0] is VersionState.APPROVED


def test_a_seat_that_waits_names_those_it_waits_for():
    status = review_status(VERSION, TWO_STEPS, [signed(TWO_STEPS[0])], [], {AUTHOR})
    assert status.seats[2].waiting_for == (TWO_STEPS[1].id,)
    assert status.waiting_on == (TWO_STEPS[1],)


@pytest.mark.parametrize(
    ("verdict", "state"), [(Verdict.RETURN, VersionState.RETURNED), (Verdict.REJECT, VersionState.REJECTED)]
)
def test_the_first_refusal_closes_the_review_and_leaves_open_seats_undecided(verdict, state):
    assert states(TWO_STEPS, [signed(TWO_STEPS[1], verdict)]) == (state, ["undecided", state.value, "undecided"])


def test_in_a_first_decides_step_later_decisions_are_remarks():
    seats = route((SALES, 1, ANY), (FINANCE, 1, ANY))
    given = [signed(seats[1]), signed(seats[0], Verdict.REJECT)]
    status = review_status(VERSION, seats, given, [], {AUTHOR})
    assert status.state is VersionState.APPROVED
    assert [each.state for each in status.seats] == [SeatState.UNDECIDED, SeatState.AGREED]
    assert status.seats[0].remarks == (given[1],)
    assert states(seats, given[::-1])[0] is VersionState.REJECTED


def test_in_order_seats_wait_for_the_one_before():
    seats = route((SALES, 1, IN_ORDER), (FINANCE, 1, IN_ORDER), (LEGAL, 1, IN_ORDER))
    assert states(seats)[1] == ["open", "not_yet", "not_yet"]
    assert states(seats, [signed(seats[0])])[1] == ["agreed", "open", "not_yet"]


def test_a_changed_dimension_voids_only_the_seats_that_judge_it():
    seats = tuple(
        replace(seat, dimensions=name) for seat, name in zip(TWO_STEPS, ("feasibility", "budget", ""), strict=True)
    )
    given = [signed(seat) for seat in seats]
    assert states(seats, given)[0] is VersionState.APPROVED
    state, seat_states = states(seats, given, dimension_sha256=hashes("x", "b", "c"))
    assert (state, seat_states) == (VersionState.IN_REVIEW, ["agreed", "stale", "not_yet"])
    status = review_status(replace(VERSION, dimension_sha256=hashes("x", "b", "c")), seats, given, [], {AUTHOR})
    assert status.seats[1].stale == (Dimension.BUDGET,)


def test_a_decision_without_or_with_broken_fingerprints_never_counts():
    for text in ("", "{}", "{", '{"budget":1}'):
        assert states(TWO_STEPS[:1], [signed(TWO_STEPS[0], dimension_sha256=text)])[1] == ["stale"]
        assert states(TWO_STEPS[:1], [signed(TWO_STEPS[0])], dimension_sha256=text)[1] == ["stale"]


def test_a_route_without_seats_is_never_approved():
    assert states(())[0] is VersionState.IN_REVIEW


def test_withdrawn_and_superseded_versions_stay_so():
    given = [signed(seat) for seat in TWO_STEPS]
    for state in (VersionState.WITHDRAWN, VersionState.SUPERSEDED):
        assert states(TWO_STEPS, given, state=state)[0] is state
    assert states(TWO_STEPS, (), state=VersionState.WITHDRAWN)[1] == ["undecided"] * 3


def test_an_open_blocking_comment_blocks_release_and_advice_does_not():
    given = [signed(seat) for seat in TWO_STEPS]
    comment = rows.comment(person_id=SALES)
    assert states(TWO_STEPS, given, [comment])[0] is VersionState.IN_REVIEW
    status = review_status(VERSION, TWO_STEPS, given, [comment], {AUTHOR})
    assert status.agreed
    assert not status.may_release
    assert status.blocking == (comment,)
    assert states(TWO_STEPS, given, [replace(comment, resolved_ms=1)])[0] is VersionState.APPROVED
    assert states(TWO_STEPS, given, [replace(comment, severity=Severity.ADVICE)])[0] is VersionState.APPROVED


def test_an_author_never_decides_whoever_put_them_in_the_route():
    seats = route((AUTHOR, 1, ALL), (SALES, 1, ALL))
    given = [signed(seats[0]), signed(seats[1])]
    status = review_status(VERSION, seats, given, [], {AUTHOR})
    assert status.state is VersionState.IN_REVIEW
    assert status.refused == (given[0],)
    assert may_decide(AUTHOR, VERSION, seats, [], [], {AUTHOR}) is not None
    assert may_submit(PEOPLE, {AUTHOR}, [], content_sha256="") is not None


def test_nobody_decides_in_place_of_another_without_a_delegation():
    given = [signed(TWO_STEPS[0], person_id=LEGAL)]
    assert review_status(VERSION, TWO_STEPS, given, [], {AUTHOR}).refused == tuple(given)
    assert may_decide(LEGAL, VERSION, TWO_STEPS, [], [], {AUTHOR}) is not None


def test_a_delegate_decides_in_time_and_never_for_an_author():
    def reason(delegation, now, person=LEGAL):
        return may_decide(person, VERSION, TWO_STEPS, [], [], {AUTHOR}, now_ms=now, delegations=[delegation])

    assert reason(Delegation(SALES, LEGAL, 0, 10), 5) is None
    assert reason(Delegation(SALES, LEGAL, 0, 10), 10) is not None
    assert reason(Delegation(SALES, AUTHOR, 0, 10), 5, AUTHOR) is not None
    assert reason(Delegation(AUTHOR, SALES, 0, 10), 5, SALES) is not None


def test_delegations_are_not_passed_on():
    chain = [Delegation(SALES, FINANCE, 0, 10), Delegation(FINANCE, LEGAL, 0, 10)]
    only_sales = route((SALES, 1, ALL))
    assert may_decide(FINANCE, VERSION, only_sales, [], [], {AUTHOR}, now_ms=1, delegations=chain) is None
    assert may_decide(LEGAL, VERSION, only_sales, [], [], {AUTHOR}, now_ms=1, delegations=chain) is not None


def test_agreeing_with_an_own_open_blocking_comment_is_refused():
    mine, other = rows.comment(1, person_id=SALES), rows.comment(2, person_id=FINANCE)
    for verdict in Verdict:
        reason = may_decide(SALES, VERSION, TWO_STEPS, [], [mine], {AUTHOR}, verdict=verdict)
        assert (reason is not None) == (verdict in AGREEMENTS)
    assert may_decide(SALES, VERSION, TWO_STEPS, [], [other], {AUTHOR}, verdict=Verdict.APPROVE) is None


def test_only_the_writer_resolves_a_blocking_comment():
    comment = rows.comment(person_id=SALES)
    assert may_resolve(SALES, comment) is None
    assert may_resolve(AUTHOR, comment) is not None
    assert may_resolve(AUTHOR, replace(comment, severity=Severity.ADVICE)) is None
    assert may_resolve(SALES, replace(comment, resolved_ms=1)) is not None


def test_only_authors_withdraw_and_only_before_the_end():
    assert may_withdraw(AUTHOR, VERSION, {AUTHOR}) is None
    assert may_withdraw(SALES, VERSION, {AUTHOR}) is not None
    assert may_withdraw(AUTHOR, replace(VERSION, state=VersionState.APPROVED), {AUTHOR}) is not None


def test_submitting_needs_reviewers_and_no_open_review():
    assert may_submit([SALES], {AUTHOR}, [], content_sha256="") is None
    assert may_submit([], {AUTHOR}, [], content_sha256="") is not None
    assert may_submit([SALES], {AUTHOR}, [VERSION], content_sha256="") is not None
    approved = replace(VERSION, state=VersionState.APPROVED, sha256="s")
    assert may_submit([SALES], {AUTHOR}, [approved], content_sha256="s") is not None
    assert may_submit([SALES], {AUTHOR}, [approved], content_sha256="t") is None


@pytest.mark.parametrize("kind", ProjectKind)
def test_default_routes_end_with_the_director_and_cover_every_dimension(kind):
    seats = default_route(kind)
    assert {Department.FINANCE, Department.LEGAL} <= {seat.department for seat in seats}
    last = [seat for seat in seats if seat.step == max(each.step for each in seats)]
    assert [(seat.department, seat.dimensions) for seat in last] == [(Department.PLANNING, tuple(Dimension))]
    assert {each for seat in seats[:-1] for each in seat.dimensions} == set(Dimension)


def test_stored_lists_read_back():
    assert read_authors(authors_text([SALES, AUTHOR, SALES])) == {SALES, AUTHOR}
    assert read_authors("") == frozenset()
    stored = rows.seat(dimensions=dimensions_list([Dimension.BUDGET, Dimension.FEASIBILITY]))
    assert seat_dimensions(stored) == (Dimension.BUDGET, Dimension.FEASIBILITY)
    assert seat_dimensions(rows.seat(dimensions="")) == tuple(Dimension)


class Review(RuleBasedStateMachine):
    """People sign, comment and edit in any order; whatever they do, approval means what it should."""

    @initialize(
        steps=st.lists(
            st.tuples(st.sampled_from([ALL, ANY, IN_ORDER]), st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3)),
            min_size=1,
            max_size=3,
        ),
        authors=st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=2),
    )
    def start(self, steps, authors):
        self.seats = route(*((person, at, mode) for at, (mode, people) in enumerate(steps) for person in people))
        self.authors = authors
        self.version = VERSION
        self.sign_offs = []
        self.comments = []

    def status(self):
        return review_status(self.version, self.seats, self.sign_offs, self.comments, self.authors)

    @rule(person=st.sampled_from(PEOPLE), verdict=st.sampled_from([*AGREEMENTS, *AGREEMENTS, *Verdict]))
    def decide(self, person, verdict):
        reason = may_decide(
            person, self.version, self.seats, self.sign_offs, self.comments, self.authors, verdict=verdict
        )
        status = self.status()
        seat = seat_to_decide(person, status, self.authors)
        if reason is not None:
            return
        assert seat is not None
        assert person not in self.authors
        assert seat.person_id == person
        self.sign_offs.append(
            signed(seat, verdict, len(self.sign_offs) + 1, dimension_sha256=self.version.dimension_sha256)
        )
        recorded = self.status().seat_status(seat.id)
        assert recorded is not None
        assert recorded.sign_off is self.sign_offs[-1]

    @rule(person=st.sampled_from(PEOPLE), seat=st.integers(0, 8), verdict=st.sampled_from(Verdict))
    def forge(self, person, seat, verdict):
        """Put a decision of the wrong person into the rows, past the service."""
        chosen = self.seats[seat % len(self.seats)]
        if person == chosen.person_id and person not in self.authors:
            return
        before = self.status()
        self.sign_offs.append(
            signed(chosen, verdict, len(self.sign_offs) + 1, person_id=person, dimension_sha256=hashes())
        )
        after = self.status()
        assert after.state is before.state
        assert after.seats == before.seats

    @rule(marks=st.tuples(*[st.sampled_from("ab")] * 3))
    def change_content(self, marks):
        self.version = replace(self.version, dimension_sha256=hashes(*marks))

    @precondition(lambda self: may_comment(self.status()) is None)
    @rule(person=st.sampled_from(PEOPLE), severity=st.sampled_from(Severity))
    def comment(self, person, severity):
        self.comments.append(rows.comment(len(self.comments) + 1, person_id=person, severity=severity))

    @precondition(lambda self: self.comments)
    @rule(person=st.sampled_from(PEOPLE), index=st.integers(0, 20))
    def resolve(self, person, index):
        index %= len(self.comments)
        if may_resolve(person, self.comments[index]) is None:
            self.comments[index] = replace(self.comments[index], resolved_ms=1, resolved_by=person)

    @precondition(lambda self: self.version.state is VersionState.IN_REVIEW)
    @rule(person=st.sampled_from(PEOPLE))
    def withdraw_only_as_author(self, person):
        assert (may_withdraw(person, self.version, self.authors) is None) == (
            person in self.authors or person == self.version.submitted_by
        )

    @invariant()
    def approval_means_agreement_of_others_with_this_content(self):
        status = self.status()
        if status.state is not VersionState.APPROVED:
            return
        assert not status.blocking
        for step in {seat.step for seat in self.seats}:
            of_step = [each for each in status.seats if each.seat.step == step]
            valid = [
                each
                for each in of_step
                if each.sign_off is not None
                and each.sign_off.verdict in AGREEMENTS
                and each.sign_off.person_id not in self.authors
                and not stale_dimensions(each.sign_off, _current(self.version), seat_dimensions(each.seat))
            ]
            assert len(valid) == len(of_step) or (of_step[0].seat.mode is ANY and valid)

    @invariant()
    def a_review_is_never_left_hanging(self):
        status = self.status()
        if status.state is VersionState.IN_REVIEW:
            assert status.waiting_on or (status.agreed and status.blocking)
        else:
            assert not status.waiting_on
            assert all(each.state not in (SeatState.OPEN, SeatState.NOT_YET) for each in status.seats)
            for person in PEOPLE:
                assert may_decide(person, self.version, self.seats, self.sign_offs, self.comments, self.authors)

    @invariant()
    def only_one_seat_of_an_ordered_step_is_open(self):
        for seat in self.status().waiting_on:
            if seat.mode is IN_ORDER:
                assert sum(each.step == seat.step for each in self.status().waiting_on) == 1


def _current(version):
    return read_dimensions(version.dimension_sha256)


TestReview = Review.TestCase
TestReview.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)

"""The reserve is used only when a director who did not ask agrees, and never beyond what it holds."""

from __future__ import annotations

import pytest

from db import tables
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.execution import DeviationCode, ReleaseState
from qihua_desktop.domain.people import Department, Role
from qihua_desktop.services import budget, budget_lines, people, projects, reserve
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.ledger import load_ledger
from tests.services.budget_samples import add_event, open_session
from tests.services.money_samples import PIN, add_director, book, line, put_state

PRICE = DeviationCode.PRICE


@pytest.fixture
def session(tmp_path):
    made = open_session(tmp_path)
    yield made
    made.workspace.close()


@pytest.fixture
def project_id(session):
    return add_event(session)


@pytest.fixture
def director(session):
    return add_director(session)


@pytest.fixture
def travel(session, project_id):
    return line(session, project_id, "差旅与住宿")


def ask(session, to, amount=300_000, reason="机票涨价"):
    return reserve.request_release(session, to, amount, PRICE, reason).id


def decide(session, release_id, director, *, approved=True, note="", pin=PIN):
    reserve.decide_release(session, release_id, approved=approved, note=note, pin=pin, person_id=director.id)


def effective(session, project_id, line_id):
    return load_ledger(session, project_id).rows[line_id].effective


def test_only_an_approved_use_moves_money_and_the_budget_stays(session, project_id, director, travel):
    before = effective(session, project_id, travel)
    put_state(session, project_id, BudgetState.APPROVED)
    asked = ask(session, travel)
    assert effective(session, project_id, travel) == before
    assert reserve.available_reserve(session, project_id) == 6_000_000
    decide(session, asked, director)
    assert effective(session, project_id, travel) == before + 300_000
    assert reserve.available_reserve(session, project_id) == 5_700_000
    view = load_budget(session, project_id)
    assert (view.budget.state, sum(row.line.amount for row in view.categories)) == (BudgetState.APPROVED, 60_000_000)
    assert load_ledger(session, project_id).total.effective == 60_000_000


def test_history_says_who_how_much_for_what_and_why(session, project_id, director, travel):
    decide(session, ask(session, travel), director)
    entry = session.workspace.history(project_id)[0]
    assert entry.actor_id == director.id
    for part in (director.name, "3,000.00", "差旅与住宿", "机票涨价"):
        assert part in entry.label
    (view,) = reserve.releases(session, project_id)
    assert (view.reserve_name, view.line_name, view.requested_by, view.decided_by) == (
        "应急预备金", "差旅与住宿", "林晓岚", "周明",
    )  # fmt: skip
    session.undo()
    assert reserve.releases(session, project_id)[0].release.state is ReleaseState.REQUESTED


def test_nobody_decides_on_their_own_request(session, project_id, director, travel):
    session.actor = director
    asked = ask(session, travel)
    with pytest.raises(RuleError):
        decide(session, asked, director)
    assert reserve.deciders(session, asked) == ()
    other = add_director(session, "吴越", "9021")
    assert [one.name for one in reserve.deciders(session, asked)] == ["吴越"]
    decide(session, asked, other, pin="9021")


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DIRECTOR])
def test_only_directors_decide(session, travel, role):
    person = people.add_person(session, people.PersonDraft("某人", Department.FINANCE, role))
    people.set_pin(session, person.id, PIN)
    with pytest.raises(RuleError):
        decide(session, ask(session, travel), person)


@pytest.mark.parametrize("pin", ["0000", "", "4712"])
def test_a_wrong_pin_decides_nothing(session, project_id, director, travel, pin):
    asked = ask(session, travel)
    with pytest.raises(InputError):
        decide(session, asked, director, pin=pin)
    assert reserve.releases(session, project_id)[0].release.state is ReleaseState.REQUESTED


def test_a_refusal_says_why_and_moves_nothing(session, project_id, director, travel):
    before, asked = effective(session, project_id, travel), ask(session, travel)
    with pytest.raises(InputError):
        decide(session, asked, director, approved=False, note=" ")
    decide(session, asked, director, approved=False, note="先谈价")
    assert effective(session, project_id, travel) == before
    assert reserve.releases(session, project_id)[0].release.note == "先谈价"
    with pytest.raises(RuleError):
        decide(session, asked, director)


def test_no_more_than_the_reserve_holds_when_it_is_decided(session, project_id, director, travel):
    with pytest.raises(RuleError):
        ask(session, travel, 6_000_001)
    first, second = ask(session, travel, 4_000_000), ask(session, travel, 4_000_000)
    (position,) = reserve.reserve_positions(session, project_id)
    assert (position.requested, position.available) == (8_000_000, 6_000_000)
    decide(session, first, director)
    with pytest.raises(RuleError):
        decide(session, second, director)
    book(session, project_id, 1_999_999, line(session, project_id, "应急预备金"))
    assert reserve.available_reserve(session, project_id) == 1


def test_a_reserve_with_lines_is_used_as_a_whole(session, project_id, director, travel):
    marked = line(session, project_id, "应急预备金")
    budget_lines.add_line(session, marked, "天气")
    decide(session, ask(session, travel, 6_000_000), director)
    assert reserve.available_reserve(session, project_id) == 0
    ledger = load_ledger(session, project_id)
    assert (ledger.rows[marked].effective, ledger.rows[marked].eac, ledger.total.deviation) == (0, 0, 0)
    with pytest.raises(RuleError):
        ask(session, line(session, project_id, "天气"), 1)


@pytest.mark.parametrize(("amount", "reason"), [(0, "x"), (-1, "x"), (1, ""), (1, " \n ")])
def test_a_request_needs_an_amount_and_a_reason(session, travel, amount, reason):
    with pytest.raises(InputError):
        ask(session, travel, amount, reason)


def test_without_a_reserve_there_is_nothing_to_use(session, project_id, travel):
    budget.update_line(session, line(session, project_id, "应急预备金"), is_reserve=False)
    with pytest.raises(RuleError):
        ask(session, travel)
    assert reserve.available_reserve(session, project_id) == 0


def test_a_closed_project_uses_no_reserve(session, project_id, director, travel):
    asked = ask(session, travel)
    projects.cancel_project(session, project_id)
    with pytest.raises(RuleError):
        ask(session, travel)
    with pytest.raises(RuleError):
        decide(session, asked, director)


def test_only_the_one_who_asked_takes_it_back(session, director, travel):
    asked = ask(session, travel)
    mine, session.actor = session.actor, director
    with pytest.raises(RuleError):
        reserve.withdraw_release(session, asked)
    session.actor = mine
    reserve.withdraw_release(session, asked)
    assert tables.reserve_releases.all(session.workspace) == ()
    session.actor = None
    with pytest.raises(RuleError):
        ask(session, travel)


def test_a_director_who_decided_stays_readable(session, project_id, director, travel):
    decide(session, ask(session, travel), director)
    people.remove_person(session, director.id)
    assert reserve.releases(session, project_id)[0].decided_by == "周明"
    assert director.id not in {one.id for one in people.list_people(session)}

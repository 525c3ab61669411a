"""Review and sign-off: decisions bind to content, authors never decide, and every action is one undo step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from db import tables
from qihua_desktop.domain.budget import BudgetState
from qihua_desktop.domain.canonical import text_fingerprint
from qihua_desktop.domain.errors import InputError, QihuaError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.review import Dimension, RouteMode, Severity, SignOff, Verdict, VersionState
from qihua_desktop.domain.review_rules import SeatState
from qihua_desktop.services import budget, people, review, sections
from qihua_desktop.services.people import PinProof
from tests.services.review_samples import PIN, STROKES, ReviewSample, open_review_sample

REVIEWERS = ("周海", "何静", "顾衡", "赵明", "沈知远")


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[ReviewSample]:
    found = open_review_sample(tmp_path)
    yield found
    found.session.workspace.close()


def _states(sample: ReviewSample) -> list[VersionState]:
    return [one.state for one in review.versions(sample.session, sample.project.id)]


def _budget_state(sample: ReviewSample) -> BudgetState:
    return tables.budgets.all(sample.session.workspace, project_id=sample.project.id)[0].state


def _write_flow(sample: ReviewSample, text: str) -> None:
    flow = next(one for one in sections.sections(sample.session, sample.project.id) if one.key == "flow")
    sections.write_section(sample.session, flow.id, text)


# --- the whole story ---


def test_returned_plan_is_revised_resubmitted_and_approved(sample: ReviewSample) -> None:
    first = sample.submit()
    assert (first.number, first.state, _budget_state(sample)) == (1, VersionState.IN_REVIEW, BudgetState.IN_REVIEW)
    assert first.sha256 == text_fingerprint(first.content)

    sample.sign(first, "何静", Verdict.RETURN, "差旅缺改签预留")
    assert (_states(sample), _budget_state(sample)) == ([VersionState.RETURNED], BudgetState.DRAFT)

    _write_flow(sample, "09:00 签到\n10:00 开场")
    second = sample.submit()
    changes = review.review_view(sample.session, second.id).changes
    assert [(one.group, one.name, one.field) for one in changes] == [("sections", "活动流程", "body")]

    for name in REVIEWERS:
        assert review.review_view(sample.session, second.id).status.state is VersionState.IN_REVIEW
        sample.sign(second, name)
    assert _states(sample) == [VersionState.APPROVED, VersionState.RETURNED]
    assert _budget_state(sample) is BudgetState.APPROVED
    frozen = tables.budget_versions.all(sample.session.workspace, plan_version_id=second.id)
    assert [(one.number, one.total) for one in frozen] == [(2, 60_000_000)]
    baseline = tables.baselines.all(sample.session.workspace, plan_version_id=second.id)
    tasks = tables.tasks.all(sample.session.workspace, project_id=sample.project.id)
    rows = tables.baseline_tasks.all(sample.session.workspace, baseline_id=baseline[0].id)
    assert {row.task_id: (row.start, row.finish) for row in rows} == {one.id: (one.start, one.finish) for one in tasks}


def test_unchanged_plan_is_not_submitted_twice(sample: ReviewSample) -> None:
    version = sample.submit()
    with pytest.raises(RuleError):
        sample.submit()
    for name in REVIEWERS:
        sample.sign(version, name)
    with pytest.raises(RuleError):
        sample.submit()
    assert len(_states(sample)) == 1


def test_new_version_ends_the_review_of_the_old_one(sample: ReviewSample) -> None:
    first = sample.submit()
    sample.sign(first, "周海")
    _write_flow(sample, "改动")
    second = sample.submit()
    assert _states(sample) == [VersionState.IN_REVIEW, VersionState.SUPERSEDED]
    with pytest.raises(RuleError):
        sample.sign(first, "何静")
    assert review.review_view(sample.session, second.id).status.agreed is False


def test_route_of_the_next_version_is_that_of_the_last(sample: ReviewSample) -> None:
    first = sample.submit(sample.seat("何静", 1, RouteMode.IN_ORDER), sample.seat("顾衡", 1, RouteMode.IN_ORDER))
    sample.sign(first, "何静", Verdict.RETURN, "重做")
    proposed = review.proposed_seats(sample.session, sample.project.id)
    assert [(one.step, one.mode, one.person_id) for one in proposed] == [
        (1, RouteMode.IN_ORDER, sample.id("何静")),
        (1, RouteMode.IN_ORDER, sample.id("顾衡")),
    ]


# --- who may decide ---


def test_steps_wait_for_earlier_steps(sample: ReviewSample) -> None:
    version = sample.submit()
    reason = review.why_not_decide(sample.session, version.id, sample.id("沈知远"))
    assert reason is not None
    with pytest.raises(RuleError, match=reason):
        sample.sign(version, "沈知远")
    status = review.review_view(sample.session, version.id).status
    assert [one.state for one in status.seats] == [SeatState.OPEN] * 4 + [SeatState.NOT_YET]


def test_author_is_refused_by_the_service(sample: ReviewSample) -> None:
    with pytest.raises(RuleError) as refused:
        sample.submit(sample.seat("林晓岚"), sample.seat("何静"))
    assert "林晓岚" in refused.value.details
    version = sample.submit()
    with pytest.raises(RuleError):
        sample.sign(version, "林晓岚")


def test_whoever_changed_the_content_is_an_author(sample: ReviewSample) -> None:
    sample.act_as("何静")
    budget.set_amount(sample.session, sample.line(), 19_000_000)
    sample.act_as("林晓岚")
    assert {sample.id("何静"), sample.id("林晓岚")} == review.current_authors(sample.session, sample.project.id)
    reasons = {one.person_id: one for one in review.author_reasons(sample.session, sample.project.id)}
    assert "190,000" in reasons[sample.id("何静")].label
    version = sample.submit()
    finance = [one for one in tables.review_seats.all(sample.session.workspace, version_id=version.id)
               if one.department == "finance"]  # fmt: skip
    assert [one.person_id for one in finance] == [sample.id("孙会计")]
    with pytest.raises(RuleError):
        sample.sign(version, "何静")


def test_author_is_refused_by_the_database(sample: ReviewSample) -> None:
    version = sample.submit()
    seat = tables.review_seats.all(sample.session.workspace, version_id=version.id)[0]
    forged = SignOff(
        new_id(), sample.project.id, version.id, seat.id, sample.id("林晓岚"), Verdict.APPROVE, "", "{}", "",
        version.sha256, version.dimension_sha256, 0,
    )  # fmt: skip
    before = sample.rows()
    with pytest.raises((apsw.ConstraintError, QihuaError)), sample.session.edit("伪造") as edit:
        tables.sign_offs.insert(edit, forged)
    assert sample.rows() == before


def test_submitted_content_cannot_be_changed(sample: ReviewSample) -> None:
    version = sample.submit()
    with pytest.raises((apsw.ConstraintError, QihuaError)), sample.session.edit("伪造") as edit:
        tables.plan_versions.update(edit, version.id, author_ids="")
    assert tables.plan_versions.get(sample.session.workspace, version.id) == version


def test_first_decision_counts_when_any_one_signs(sample: ReviewSample) -> None:
    version = sample.submit(sample.seat("何静", 1, RouteMode.ANY), sample.seat("顾衡", 1, RouteMode.ANY))
    sample.sign(version, "顾衡")
    assert _states(sample) == [VersionState.APPROVED]


def test_order_is_kept_when_they_sign_one_after_another(sample: ReviewSample) -> None:
    version = sample.submit(sample.seat("何静", 1, RouteMode.IN_ORDER), sample.seat("顾衡", 1, RouteMode.IN_ORDER))
    with pytest.raises(RuleError):
        sample.sign(version, "顾衡")
    sample.sign(version, "何静")
    sample.sign(version, "顾衡")
    assert _states(sample) == [VersionState.APPROVED]


def test_rejection_closes_the_review_and_frees_the_budget(sample: ReviewSample) -> None:
    version = sample.submit()
    sample.sign(version, "顾衡", Verdict.REJECT, "奖品超限")
    assert (_states(sample), _budget_state(sample)) == ([VersionState.REJECTED], BudgetState.DRAFT)
    with pytest.raises(RuleError):
        sample.sign(version, "何静")


@pytest.mark.parametrize("verdict", [Verdict.APPROVE_WITH_COMMENT, Verdict.RETURN, Verdict.REJECT])
def test_decision_that_is_no_plain_agreement_needs_words(sample: ReviewSample, verdict: Verdict) -> None:
    version = sample.submit()
    with pytest.raises(InputError):
        sample.sign(version, "何静", verdict, "  ")
    assert tables.sign_offs.count(sample.session.workspace, version_id=version.id) == 0


# --- signatures hold for content ---


def test_signatures_are_stale_while_the_plan_says_otherwise(sample: ReviewSample) -> None:
    version = sample.submit()
    sample.sign(version, "何静")
    line = sample.line()
    old = tables.budget_lines.get(sample.session.workspace, line).amount
    budget.set_amount(sample.session, line, old - 1)

    view = review.review_view(sample.session, version.id)
    finance = next(one for one in view.status.seats if one.seat.person_id == sample.id("何静"))
    assert (finance.state, finance.stale) == (SeatState.STALE, (Dimension.BUDGET,))
    assert {change.group for change in view.changed_since} == {"lines"}
    with pytest.raises(RuleError) as refused:
        sample.sign(version, "周海")
    assert refused.value.details

    sample.session.undo()
    assert review.review_view(sample.session, version.id).changed_since == ()
    sample.sign(version, "周海")


def test_progress_and_notes_void_nothing(sample: ReviewSample) -> None:
    version = sample.submit()
    task = tables.tasks.all(sample.session.workspace, project_id=sample.project.id)[-1]
    with sample.session.edit("进度", sample.project.id) as edit:
        tables.tasks.update(edit, task.id, progress=4000, notes="现场已看")
    assert review.review_view(sample.session, version.id).changed_since == ()


def test_approval_stays_but_later_changes_are_told(sample: ReviewSample) -> None:
    version = sample.submit()
    for name in REVIEWERS:
        sample.sign(version, name)
    _write_flow(sample, "批准后又改")
    view = review.review_view(sample.session, version.id)
    assert (view.version.state, [one.name for one in view.changed_since]) == (VersionState.APPROVED, ["活动流程"])
    assert sample.submit().number == 2


# --- PIN and signature ---


def test_wrong_pin_signs_nothing(sample: ReviewSample) -> None:
    version = sample.submit()
    with pytest.raises(InputError):
        review.sign(sample.session, version.id, sample.id("何静"), "1357", Verdict.APPROVE)
    assert tables.sign_offs.count(sample.session.workspace) == 0


def test_pin_can_be_compared_beforehand(sample: ReviewSample) -> None:
    version = sample.submit()
    proof = people.pin_check(sample.session, sample.id("何静"), PIN).run()
    decision = review.sign(
        sample.session, version.id, sample.id("何静"), proof, Verdict.APPROVE_WITH_COMMENT,
        opinions={Dimension.BUDGET: "按合同节点付款"}, strokes=STROKES,
    )  # fmt: skip
    assert review.signature_strokes(decision.signature) == STROKES
    assert (decision.content_sha256, decision.opinions) == (version.sha256, '{"budget":"按合同节点付款"}')


@pytest.mark.parametrize("forge", [
    lambda proof, other: proof,
    lambda proof, other: PinProof(other, ""),
    lambda proof, other: PinProof(other, "$argon2id$other"),
])  # fmt: skip
def test_proof_of_another_pin_is_none(sample: ReviewSample, forge: Callable[[PinProof, bytes], PinProof]) -> None:
    version = sample.submit()
    proof = people.pin_check(sample.session, sample.id("何静"), PIN).run()
    with pytest.raises(InputError):
        review.sign(sample.session, version.id, sample.id("顾衡"), forge(proof, sample.id("顾衡")), Verdict.APPROVE)


@pytest.mark.parametrize("strokes", [(((0, -1), (5, 5)),), (((0, 10_001), (5, 5)),), ((((1, 1),) * 20_001),)])
def test_impossible_drawings_are_refused(strokes: review.Strokes) -> None:
    with pytest.raises(InputError):
        review.signature_text(strokes)


# --- comments ---


def test_blocking_comment_holds_the_release_until_its_writer_resolves_it(sample: ReviewSample) -> None:
    version = sample.submit()
    sample.act_as("周海")
    comment = review.add_comment(
        sample.session, version.id, Dimension.FEASIBILITY, Severity.BLOCKING, "与渠道大会同期", section_key="flow"
    )
    with pytest.raises(RuleError):
        sample.sign(version, "周海")
    sample.act_as("林晓岚")
    review.reply_to_comment(sample.session, comment.id, "已改期")
    with pytest.raises(RuleError):
        review.resolve_comment(sample.session, comment.id)
    sample.act_as("周海")
    review.resolve_comment(sample.session, comment.id)
    stored = review.comments(sample.session, version.id)[0]
    assert (stored.reply, stored.resolved_by) == ("林晓岚：已改期", sample.id("周海"))
    sample.sign(version, "周海")


def test_last_resolved_comment_releases_an_agreed_plan(sample: ReviewSample) -> None:
    version = sample.submit(sample.seat("何静"))
    sample.act_as("顾衡")
    comment = review.add_comment(sample.session, version.id, Dimension.COMPLIANCE, Severity.BLOCKING, "须公示规则")
    sample.sign(version, "何静")
    assert _states(sample) == [VersionState.IN_REVIEW]
    assert review.review_view(sample.session, version.id).status.agreed
    review.resolve_comment(sample.session, comment.id)
    assert (_states(sample), _budget_state(sample)) == ([VersionState.APPROVED], BudgetState.APPROVED)


def test_answers_stand_below_each_other(sample: ReviewSample) -> None:
    version = sample.submit()
    comment = review.add_comment(sample.session, version.id, Dimension.BUDGET, Severity.ADVICE, "请注明舱位")
    review.reply_to_comment(sample.session, comment.id, "经济舱")
    sample.act_as("何静")
    review.reply_to_comment(sample.session, comment.id, "好")
    assert review.comments(sample.session, version.id)[0].reply == "林晓岚：经济舱\n何静：好"


def test_closed_review_takes_no_comments(sample: ReviewSample) -> None:
    version = sample.submit()
    sample.sign(version, "何静", Verdict.RETURN, "重做")
    with pytest.raises(RuleError):
        review.add_comment(sample.session, version.id, Dimension.BUDGET, Severity.ADVICE, "晚了")


def test_empty_comments_and_answers_are_refused(sample: ReviewSample) -> None:
    version = sample.submit()
    with pytest.raises(InputError):
        review.add_comment(sample.session, version.id, Dimension.BUDGET, Severity.ADVICE, " \n ")
    comment = review.add_comment(sample.session, version.id, Dimension.BUDGET, Severity.ADVICE, "意见")
    with pytest.raises(InputError):
        review.reply_to_comment(sample.session, comment.id, " ")


# --- withdrawing and handing on ---


def test_only_an_author_withdraws(sample: ReviewSample) -> None:
    version = sample.submit()
    sample.act_as("何静")
    with pytest.raises(RuleError):
        review.withdraw(sample.session, version.id)
    sample.act_as("林晓岚")
    review.withdraw(sample.session, version.id, "补充流程")
    stored = review.versions(sample.session, sample.project.id)[0]
    assert (stored.state, _budget_state(sample)) == (VersionState.WITHDRAWN, BudgetState.DRAFT)
    assert "补充流程" in stored.note
    with pytest.raises(RuleError):
        sample.sign(version, "何静")


def test_seat_handed_on_is_no_longer_its_former_holders(sample: ReviewSample) -> None:
    version = sample.submit()
    seat = next(one for one in tables.review_seats.all(sample.session.workspace, version_id=version.id)
                if one.person_id == sample.id("何静"))  # fmt: skip
    sample.act_as("何静")
    review.transfer_seat(sample.session, seat.id, sample.id("孙会计"), "出差", PIN)
    with pytest.raises(RuleError):
        sample.sign(version, "何静")
    sample.sign(version, "孙会计")
    told = review.comments(sample.session, version.id)[0]
    assert ("何静" in told.body, "孙会计" in told.body, "出差" in told.body, told.resolved_ms is None) == (
        True, True, True, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("actor", "to", "reason", "pin"),
    [
        ("何静", "林晓岚", "出差", PIN),  # an author
        ("何静", "顾衡", "出差", PIN),  # has a seat already
        ("何静", "何静", "出差", PIN),
        ("何静", "孙会计", " ", PIN),
        ("何静", "孙会计", "出差", "0000"),
        ("顾衡", "孙会计", "出差", PIN),  # neither the holder nor an author
    ],
)
def test_seat_is_not_handed_on_against_the_rules(
    sample: ReviewSample, actor: str, to: str, reason: str, pin: str
) -> None:
    version = sample.submit()
    seat = next(one for one in tables.review_seats.all(sample.session.workspace, version_id=version.id)
                if one.person_id == sample.id("何静"))  # fmt: skip
    sample.act_as(actor)
    before = sample.rows()
    with pytest.raises(InputError):
        review.transfer_seat(sample.session, seat.id, sample.id(to), reason, pin)
    assert sample.rows() == before


def test_decided_seat_is_not_handed_on(sample: ReviewSample) -> None:
    version = sample.submit()
    decision = sample.sign(version, "何静")
    with pytest.raises(RuleError):
        review.transfer_seat(sample.session, decision.seat_id, sample.id("孙会计"), "出差", PIN)


# --- undo ---


def _hand_on(sample: ReviewSample) -> None:
    version = review.versions(sample.session, sample.project.id)[0]
    seat = tables.review_seats.all(sample.session.workspace, version_id=version.id)[0]
    review.transfer_seat(sample.session, seat.id, sample.id("孙会计"), "出差", PIN)


def _section(sample: ReviewSample, at: int) -> EntityId:
    return sections.sections(sample.session, sample.project.id)[at].id


def _newest(sample: ReviewSample) -> review.ReviewView:
    return review.review_view(sample.session, review.versions(sample.session, sample.project.id)[0].id)


def _resubmit(sample: ReviewSample) -> None:
    sample.submit(sample.seat("何静"))


def _comment(sample: ReviewSample, severity: Severity = Severity.ADVICE) -> None:
    review.add_comment(sample.session, _newest(sample).version.id, Dimension.BUDGET, severity, "意见")


@pytest.mark.parametrize(
    ("before", "action"),
    [
        (lambda s: None, lambda s: s.submit()),
        (lambda s: (s.submit(), _write_flow(s, "改")), _resubmit),
        (lambda s: s.submit(), lambda s: s.sign(_newest(s).version, "何静", Verdict.RETURN, "重做")),
        (lambda s: s.submit(s.seat("何静")), lambda s: s.sign(_newest(s).version, "何静")),
        (lambda s: s.submit(), lambda s: review.withdraw(s.session, _newest(s).version.id, "补充")),
        (lambda s: s.submit(), _hand_on),
        (lambda s: s.submit(), _comment),
        (
            lambda s: (s.submit(), _comment(s)),
            lambda s: review.reply_to_comment(s.session, _newest(s).comments[0].id, "好"),
        ),
        (
            lambda s: (s.submit(s.seat("何静")), _comment(s, Severity.BLOCKING), s.sign(_newest(s).version, "何静")),
            lambda s: review.resolve_comment(s.session, _newest(s).comments[0].id),
        ),
        (lambda s: None, lambda s: sections.add_section(s.session, s.project.id, "直播方案")),
        (lambda s: None, lambda s: sections.move_section(s.session, _section(s, 2), 0)),
        (lambda s: None, lambda s: sections.delete_section(s.session, _section(s, 1))),
        (
            lambda s: None,
            lambda s: sections.rename_section(s.session, _section(s, 1), "人群"),
        ),
        (lambda s: None, lambda s: _write_flow(s, "09:00")),
    ],
    ids=[
        "submit", "resubmit", "return", "approve", "withdraw", "hand-on", "comment", "reply", "resolve-and-release",
        "add-section", "move-section", "delete-section", "rename-section", "write-section",
    ],
)  # fmt: skip
def test_each_action_is_one_exact_undo_step(
    sample: ReviewSample,
    before: Callable[[ReviewSample], object],
    action: Callable[[ReviewSample], object],
) -> None:
    before(sample)
    old = sample.rows()
    action(sample)
    new = sample.rows()
    assert new != old
    sample.session.undo()
    assert sample.rows() == old
    sample.session.redo()
    assert sample.rows() == new

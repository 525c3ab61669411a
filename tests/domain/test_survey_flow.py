from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.survey import Jump, JumpTarget, Option, Question, QuestionKind
from qihua_desktop.domain.survey_flow import Outcome, Runner, compile_form, refusal
from qihua_desktop.domain.survey_logic import FlowOption, FlowQuestion
from qihua_desktop.domain.survey_rules import Weight, check_survey
from tests.domain.rows import PROJECT, key
from tests.domain.test_survey_rules import all_answers, forms

SURVEY = key(500)
BUYER, CHANNEL, REASON, SCORE = (key(number) for number in (1, 2, 3, 4))
YES, NO, SHOP, ONLINE = (key(number) for number in (11, 12, 21, 22))


def question(identifier, position, kind, **fields):
    base = Question(
        identifier, PROJECT, SURVEY, position, f"Q{position + 1}", kind, "?", "", True, 0, 0, "", "", randomise=False
    )
    return replace(base, **fields)


def option(identifier, owner, position, label, **fields):
    base = Option(identifier, PROJECT, owner, position, label, exclusive=False, with_text=False)
    return replace(base, **fields)


QUESTIONS = [
    question(BUYER, 0, QuestionKind.SINGLE),
    question(CHANNEL, 1, QuestionKind.MULTIPLE),
    question(REASON, 2, QuestionKind.TEXT, required=False),
    question(SCORE, 3, QuestionKind.SCALE, minimum=0, maximum=10),
]
OPTIONS = [
    option(YES, BUYER, 0, "是"),
    option(NO, BUYER, 1, "否"),
    option(SHOP, CHANNEL, 0, "门店"),
    option(ONLINE, CHANNEL, 1, "线上"),
]
JUMPS = [Jump(key(31), PROJECT, BUYER, 0, NO, JumpTarget.QUESTION, REASON)]
FORM = compile_form(QUESTIONS[::-1], OPTIONS[::-1], JUMPS)


def run(*answers):
    runner = Runner(FORM)
    for answer in answers:
        runner.answer(answer)
    return runner


def asked(runner):
    assert runner.current is not None
    return runner.current.key


def test_a_jump_skips_what_lies_between():
    assert asked(run(frozenset((YES,)))) == CHANNEL
    assert asked(run(frozenset((NO,)))) == REASON


def test_a_run_ends_after_the_last_question():
    runner = run(frozenset((NO,)), None, 7)
    assert (runner.outcome, runner.current, runner.progress) == (Outcome.COMPLETED, None, 10000)
    assert runner.exported() == {BUYER: frozenset((NO,)), SCORE: 7}
    with pytest.raises(InputError):
        runner.answer(1)


def test_going_back_keeps_answers_but_a_left_branch_is_never_exported():
    runner = run(frozenset((YES,)), frozenset((SHOP, ONLINE)))
    assert runner.back()
    assert runner.kept_answer == frozenset((SHOP, ONLINE))
    assert runner.back()
    assert not runner.back()
    runner.answer(frozenset((NO,)))
    runner.answer("太贵")
    runner.answer(3)
    assert CHANNEL not in runner.exported()
    assert runner.route == (BUYER, REASON, SCORE)
    while runner.back():
        pass
    runner.answer(frozenset((YES,)))
    assert runner.kept_answer == frozenset((SHOP, ONLINE))


def test_screen_out_ends_at_once():
    form = compile_form(QUESTIONS, OPTIONS, [replace(JUMPS[0], target=JumpTarget.SCREEN_OUT, target_question_id=None)])
    runner = Runner(form)
    runner.answer(frozenset((NO,)))
    assert runner.outcome is Outcome.SCREENED_OUT


def test_a_refused_answer_leaves_the_run_where_it_is():
    runner = Runner(FORM)
    for wrong in (None, frozenset(), frozenset((YES, NO)), frozenset((SHOP,)), "是", 1, (YES,)):
        with pytest.raises(InputError):
            runner.answer(wrong)
    assert asked(runner) == BUYER


def test_rows_are_checked_through_the_same_rules():
    report = check_survey(QUESTIONS, OPTIONS, JUMPS)
    assert report.may_release
    assert (report.paths, report.shortest, report.longest) == (2, 3, 4)
    assert report.sometimes_skipped == (CHANNEL,)
    backward = [*JUMPS, Jump(key(32), PROJECT, SCORE, 0, None, JumpTarget.QUESTION, BUYER)]
    assert any(message.weight is Weight.ERROR for message in check_survey(QUESTIONS, OPTIONS, backward).messages())


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (
            QuestionKind.MULTIPLE,
            [frozenset("ab"), frozenset("x")],
            [frozenset("a"), frozenset("ax"), frozenset("abcd")],
        ),
        (QuestionKind.RANKING, [("b", "a"), ("a", "b", "c")], [("a", "a"), frozenset("ab"), ("a",)]),
        (QuestionKind.NUMBER, [2, 3], [1, 4, "2", True]),
        (QuestionKind.SCALE, [2, 3], [0, 9]),
        (QuestionKind.TEXT, ["x", "=cmd|' /C calc'!A0", "<img src=…>"], ["", "x" * 10001, 5, frozenset("a")]),
        (QuestionKind.DATE, ["2026-09-19"], ["19.9.2026", "2026-13-01", 5]),
        (QuestionKind.NOTE, [None], ["x", 1]),
    ],
)
def test_answers_must_fit_their_question(kind, right, wrong):
    options = tuple(FlowOption(each, each, exclusive=each == "x") for each in "abcdx")
    asked = FlowQuestion("q", "Q", kind, options=options, minimum=2, maximum=3)
    assert [refusal(asked, value) for value in right] == [None] * len(right)
    assert all(refusal(asked, value) for value in wrong)


@settings(max_examples=80, deadline=None)
@given(forms(), st.data())
def test_going_back_and_forth_never_changes_what_is_exported(form, data):
    runner = Runner(form)
    answers = []
    while runner.current is not None:
        choices = all_answers(runner.current)
        if not choices:
            return
        answers.append(data.draw(st.sampled_from(choices)))
        progress = runner.progress
        runner.answer(answers[-1])
        assert runner.progress >= progress
    exported, route = runner.exported(), runner.route
    steps = data.draw(st.integers(0, len(route)))
    for _step in range(steps):
        assert runner.back()
    for value in answers[len(answers) - steps :]:
        assert value is None or runner.kept_answer == value
        runner.answer(value)
    assert (runner.exported(), runner.route) == (exported, route)
    assert set(exported) <= set(route)

"""Building questionnaires: every action is one undo step, only drafts change, and no jump leads back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.survey import JumpTarget, QuestionKind, Survey, SurveyState
from qihua_desktop.domain.survey_rules import Weight
from qihua_desktop.services import survey, survey_options, survey_questions
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import event_project, fresh_session

HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "</b><script>",
    "=cmd|'/C calc'!A0",
    "\u202eعربي\u200f",
    "𠮷野家 👩‍👩‍👧‍👦",
    "长" * 10_000,
)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = fresh_session(tmp_path)
    yield opened
    opened.workspace.close()


@pytest.fixture
def form(session: Session) -> Survey:
    """Give a questionnaire of three questions: single choice, scale, text."""
    added = survey.add_survey(session, event_project(session).id, "顾客满意度")
    for kind in (QuestionKind.SINGLE, QuestionKind.SCALE, QuestionKind.TEXT):
        survey_questions.add_question(session, added.id, kind)
    return added


def view(session: Session, form: Survey) -> survey.SurveyView:
    return survey.load_survey(session, form.id)


def first(session: Session, form: Survey):
    return view(session, form).questions[0]


def options(session: Session, form: Survey, place: int = 0):
    current = view(session, form)
    return current.options[current.questions[place].id]


def goto(session: Session, form: Survey, option: int, place: int) -> None:
    """Let an option of the first question lead to a question."""
    current = view(session, form)
    source, goal = current.questions[0], current.questions[place]
    chosen = current.options[source.id][option].id
    survey_options.set_jump(session, source.id, chosen, JumpTarget.QUESTION, goal.id)


QUESTION_ACTIONS: dict[str, Callable[[Session, Survey], object]] = {
    "add": lambda s, f: survey_questions.add_question(s, f.id, QuestionKind.RANKING, index=1),
    "add nps": lambda s, f: survey_questions.add_question(s, f.id, QuestionKind.SCALE, nps=True),
    "text": lambda s, f: survey_questions.update_question(s, first(s, f).id, text="还会再来吗?", required=False),
    "kind": lambda s, f: survey_questions.change_kind(s, first(s, f).id, QuestionKind.NUMBER),
    "kind with options": lambda s, f: survey_questions.change_kind(s, first(s, f).id, QuestionKind.MULTIPLE),
    "duplicate": lambda s, f: survey_questions.duplicate_question(s, first(s, f).id),
    "delete": lambda s, f: survey_questions.delete_question(s, view(s, f).questions[2].id),
    "move": lambda s, f: survey_questions.move_question(s, first(s, f).id, 2),
    "add option": lambda s, f: survey_options.add_option(s, first(s, f).id, index=0),
    "paste options": lambda s, f: survey_options.add_options(s, first(s, f).id, ["甲", "", "乙"], index=1),
    "change option": lambda s, f: survey_options.update_option(s, options(s, f)[0].id, label="是", with_text=True),
    "delete option": lambda s, f: survey_options.delete_option(s, options(s, f)[0].id),
    "move option": lambda s, f: survey_options.move_option(s, options(s, f)[0].id, 1),
    "jump": lambda s, f: survey_options.set_jump(s, first(s, f).id, options(s, f)[0].id, JumpTarget.END),
    "jump of all": lambda s, f: survey_options.set_jump(s, first(s, f).id, None, JumpTarget.SCREEN_OUT),
    "no jump": lambda s, f: survey_options.set_jump(s, first(s, f).id, options(s, f)[1].id, None),
}
SURVEY_ACTIONS: dict[str, Callable[[Session, Survey], object]] = {
    "frame": lambda s, f: survey.update_survey(s, f.id, title="新标题", intro="您好\n请作答", outro="谢谢", target=800),
    "copy": lambda s, f: survey.duplicate_survey(s, f.id, "第二版"),
    "release": lambda s, f: survey.release(s, f.id),
    "delete": lambda s, f: survey.delete_survey(s, f.id),
    "new": lambda s, f: survey.add_survey(s, f.project_id, "另一份"),
}


def everything(session: Session, form: Survey) -> object:
    existing = survey.surveys(session, form.project_id)
    return [survey.load_survey(session, one.id) for one in existing]


@pytest.mark.parametrize("name", [*QUESTION_ACTIONS, *(f"survey {name}" for name in SURVEY_ACTIONS)])
def test_every_action_is_one_undo_step_and_undone_and_redone_exactly(session: Session, form: Survey, name: str) -> None:
    goto(session, form, 1, 2)
    action = SURVEY_ACTIONS[name.removeprefix("survey ")] if name.startswith("survey ") else QUESTION_ACTIONS[name]
    before, label = everything(session, form), session.undo_label()
    action(session, form)
    after = everything(session, form)
    assert after != before
    session.undo()
    assert everything(session, form) == before
    assert session.undo_label() == label
    session.redo()
    assert everything(session, form) == after


@pytest.mark.parametrize("state", [SurveyState.RELEASED, SurveyState.CLOSED])
@pytest.mark.parametrize("name", list(QUESTION_ACTIONS))
def test_nothing_of_a_released_questionnaire_can_be_changed(
    session: Session, form: Survey, name: str, state: SurveyState
) -> None:
    survey.release(session, form.id)
    if state is SurveyState.CLOSED:
        survey.close_survey(session, form.id)
    before = everything(session, form)
    with pytest.raises(RuleError):
        QUESTION_ACTIONS[name](session, form)
    assert everything(session, form) == before


def test_a_released_questionnaire_turned_back_into_a_draft_can_be_edited(session: Session, form: Survey) -> None:
    survey.release(session, form.id)
    survey.reopen_survey(session, form.id)
    survey_questions.update_question(session, first(session, form).id, text="新题干")
    assert first(session, form).text == "新题干"
    assert view(session, form).survey.state is SurveyState.DRAFT


def test_an_action_that_changes_nothing_leaves_no_undo_step(session: Session, form: Survey) -> None:
    label = session.undo_label()
    current = view(session, form)
    survey_questions.move_question(session, current.questions[0].id, 0)
    survey_options.move_option(session, current.all_options[0].id, 0)
    survey_options.set_jump(session, current.questions[0].id, None, None)
    survey_questions.change_kind(session, current.questions[0].id, current.questions[0].kind)
    assert session.undo_label() == label


@pytest.mark.parametrize("goal", [0, 1])
def test_a_jump_backward_or_to_itself_is_refused(session: Session, form: Survey, goal: int) -> None:
    current = view(session, form)
    with pytest.raises(RuleError):
        survey_options.set_jump(session, current.questions[1].id, None, JumpTarget.QUESTION, current.questions[goal].id)
    assert not view(session, form).all_jumps


def test_a_jump_into_another_questionnaire_is_refused(session: Session, form: Survey) -> None:
    other = survey.add_survey(session, form.project_id, "另一份")
    survey_questions.add_question(session, other.id, QuestionKind.TEXT)
    goal = survey_questions.add_question(session, other.id, QuestionKind.TEXT)
    with pytest.raises(RuleError):
        survey_options.set_jump(session, first(session, form).id, None, JumpTarget.QUESTION, goal.id)


def test_an_option_of_another_question_cannot_carry_a_jump(session: Session, form: Survey) -> None:
    stranger = survey_questions.add_question(session, form.id, QuestionKind.SINGLE)
    foreign = view(session, form).options[stranger.id][0]
    with pytest.raises(InputError):
        survey_options.set_jump(session, first(session, form).id, foreign.id, JumpTarget.END)


def test_deleting_a_question_removes_the_jumps_to_it_and_names_the_dependants(session: Session, form: Survey) -> None:
    goto(session, form, 0, 2)
    target = view(session, form).questions[2]
    assert survey_questions.dependants(session, target.id) == (first(session, form),)
    survey_questions.delete_question(session, target.id)
    assert not view(session, form).all_jumps
    assert [question.position for question in view(session, form).questions] == [0, 1]
    session.undo()
    assert view(session, form).all_jumps[0].target_question_id == target.id


def test_a_jump_that_leads_back_after_moving_stays_and_is_reported(session: Session, form: Survey) -> None:
    goto(session, form, 0, 2)
    survey_questions.move_question(session, view(session, form).questions[2].id, 0)
    report = survey.check(view(session, form))
    assert view(session, form).all_jumps
    assert not report.may_release
    with pytest.raises(RuleError) as refused:
        survey.release(session, form.id)
    assert any("Q2" in line for line in refused.value.details)


def test_the_jump_of_single_options_counts_before_that_of_all_others(session: Session, form: Survey) -> None:
    source = first(session, form)
    survey_options.set_jump(session, source.id, None, JumpTarget.END)
    goto(session, form, 0, 2)
    jumps = view(session, form).jumps[source.id]
    assert [jump.option_id is None for jump in jumps] == [False, True]


def test_jumps_follow_the_order_of_their_options(session: Session, form: Survey) -> None:
    source = first(session, form)
    survey_questions.change_kind(session, source.id, QuestionKind.MULTIPLE)
    one, other = options(session, form)
    survey_options.set_jump(session, source.id, one.id, JumpTarget.END)
    survey_options.set_jump(session, source.id, other.id, JumpTarget.SCREEN_OUT)
    survey_options.move_option(session, other.id, 0)
    assert [jump.option_id for jump in view(session, form).jumps[source.id]] == [other.id, one.id]


def test_a_kind_without_options_loses_options_and_their_jumps_only(session: Session, form: Survey) -> None:
    goto(session, form, 0, 2)
    survey_options.set_jump(session, first(session, form).id, None, JumpTarget.END)
    survey_questions.change_kind(session, first(session, form).id, QuestionKind.TEXT)
    current = view(session, form)
    assert not current.options.get(first(session, form).id)
    assert [jump.option_id for jump in current.all_jumps] == [None]


def test_a_ranking_has_no_jumps_of_single_options(session: Session, form: Survey) -> None:
    goto(session, form, 0, 2)
    source = first(session, form)
    survey_options.set_jump(session, source.id, None, JumpTarget.END)
    survey_questions.change_kind(session, source.id, QuestionKind.RANKING)
    assert [jump.option_id for jump in view(session, form).all_jumps] == [None]
    with pytest.raises(InputError):
        goto(session, form, 0, 2)


def test_a_copy_of_a_questionnaire_keeps_its_jumps_to_its_own_questions(session: Session, form: Survey) -> None:
    goto(session, form, 0, 2)
    copy = survey.load_survey(session, survey.duplicate_survey(session, form.id, "第二版").id)
    (jump,) = copy.all_jumps
    assert jump.target_question_id == copy.questions[2].id
    assert jump.option_id == copy.options[copy.questions[0].id][0].id
    assert copy.survey.state is SurveyState.DRAFT


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_stored_and_reported_literally(session: Session, form: Survey, text: str) -> None:
    question = first(session, form)
    survey.update_survey(session, form.id, title=text, intro=text, outro=text)
    survey_questions.update_question(session, question.id, text=text, hint=text)
    survey_options.update_option(session, options(session, form)[0].id, label=text)
    goto(session, form, 0, 2)
    current = view(session, form)
    assert (current.survey.title, current.questions[0].text, current.questions[0].hint) == (text, text, text)
    assert current.options[question.id][0].label == text
    words = current.route_words(question.id)
    assert len(words) < 60
    assert words.startswith(text[:10])
    report = survey.check(current)
    assert report.may_release
    assert all(len(message.text) < 200 for message in report.messages())


def test_too_long_and_empty_texts_are_refused(session: Session, form: Survey) -> None:
    question = first(session, form)
    for text in ("", "  ", "长" * 10_001):
        with pytest.raises(InputError):
            survey_questions.update_question(session, question.id, text=text)
    with pytest.raises(InputError):
        survey.update_survey(session, form.id, title=" ")
    with pytest.raises(InputError):
        survey.update_survey(session, form.id, target=-1)


@pytest.mark.parametrize(
    ("kind", "bounds"),
    [
        (QuestionKind.SCALE, {"minimum": 5, "maximum": 5}),
        (QuestionKind.SCALE, {"minimum": 0, "maximum": 11}),
        (QuestionKind.NUMBER, {"minimum": 9, "maximum": 3}),
        (QuestionKind.MULTIPLE, {"minimum": -1}),
        (QuestionKind.NUMBER, {"maximum": 10**12}),
    ],
)
def test_impossible_bounds_are_refused(
    session: Session, form: Survey, kind: QuestionKind, bounds: dict[str, int]
) -> None:
    question = survey_questions.add_question(session, form.id, kind)
    with pytest.raises(InputError):
        survey_questions.update_question(session, question.id, **bounds)


def test_new_options_never_repeat_a_name(session: Session, form: Survey) -> None:
    question = first(session, form)
    survey_options.delete_option(session, options(session, form)[0].id)
    for _time in range(3):
        survey_options.add_option(session, question.id)
    labels = [option.label for option in options(session, form)]
    assert len(set(labels)) == len(labels) == 4


def test_a_questionnaire_without_questions_cannot_be_released(session: Session, form: Survey) -> None:
    empty = survey.add_survey(session, form.project_id, "空白")
    with pytest.raises(RuleError):
        survey.release(session, empty.id)


def test_an_unreachable_question_is_named_with_its_cause_and_a_witness(session: Session, form: Survey) -> None:
    goto(session, form, 0, 2)
    goto(session, form, 1, 2)
    error = next(one for one in survey.check(view(session, form)).messages() if one.weight is Weight.ERROR)
    assert error.question == view(session, form).questions[1].id
    assert "Q2" in error.text
    assert "Q1" in error.text
    assert options(session, form)[0].label in error.witness


def test_a_recommendation_question_that_is_passed_over_is_warned_of(session: Session, form: Survey) -> None:
    middle = view(session, form).questions[1]
    survey_questions.update_question(session, middle.id, minimum=0, maximum=10)
    goto(session, form, 0, 2)
    report = survey.check(view(session, form))
    warnings = [message for message in report.messages() if message.weight is Weight.WARNING]
    assert [message.question for message in warnings] == [middle.id]
    assert report.may_release


def test_notes_are_called_by_their_own_number_and_paper_goes_to_the_question_behind(
    session: Session, form: Survey
) -> None:
    note = survey_questions.add_question(session, form.id, QuestionKind.NOTE, index=1)
    last = survey_questions.add_question(session, form.id, QuestionKind.NOTE)
    current = view(session, form)
    assert [current.label(question.id) for question in current.questions] == ["Q1", "说明1", "Q2", "Q3", "说明2"]
    assert current.paper_number(note.id) == 2
    assert current.paper_number(last.id) is None

"""Trying a questionnaire out: keys alone, going back keeps answers, both ends, nothing is stored."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.survey import JumpTarget, QuestionKind
from qihua_desktop.services import survey, survey_options, survey_questions
from qihua_desktop.services.session import Session
from ui.survey.answer_fields import DateField, NumberField, RankingField, TextField
from ui.survey.runner_window import RunnerWindow

from .conftest import Window

ENTER, BACK = Qt.Key.Key_Return, Qt.Key.Key_Backspace


def press(run: RunnerWindow, *keys: str | Qt.Key) -> None:
    """Press keys where the focus is."""
    for key in keys:
        target = run.focusWidget() or run
        if isinstance(key, str):
            QTest.keyClicks(target, key)
        else:
            QTest.keyClick(target, key)


def asked(run: RunnerWindow) -> str:
    assert run.runner.current is not None
    return run.runner.current.code


def test_a_whole_interview_by_keys_alone_stores_nothing(window: Window) -> None:
    label = window.session.undo_label()
    run = window.run()
    assert run.screen() == "opening"
    press(run, ENTER)
    press(run, "2", ENTER)
    press(run, "1", "2", ENTER)
    press(run, "4", ENTER)
    assert asked(run) == "Q4"
    press(run, "all good", ENTER)
    assert run.screen() == "completed"
    answers = list(run.runner.exported().values())
    assert len(answers[1]) == 2  # type: ignore[arg-type]
    assert answers[2:] == [4, "all good"]
    assert run.path_words() == "Q1 “选项2” → Q2 “选项1”、“选项2” → Q3 4 → Q4 “all good” → 结束"
    assert window.session.undo_label() == label


def test_a_required_question_is_not_left_empty_and_says_so(window: Window) -> None:
    run = window.run()
    press(run, ENTER, ENTER)
    assert asked(run) == "Q1"
    assert run._problem.isVisible()
    press(run, "1")
    assert not run._problem.isVisible()


def test_going_back_keeps_answers_and_the_new_path_counts(window: Window) -> None:
    view = window.view
    first = view.questions[0]
    survey_options.set_jump(
        window.session, first.id, view.options[first.id][1].id, JumpTarget.QUESTION, view.questions[3].id
    )
    run = window.run()
    press(run, ENTER, "1", ENTER, "1", ENTER, "3", ENTER)
    press(run, BACK, BACK, BACK)
    assert asked(run) == "Q1"
    press(run, "2", ENTER)
    assert asked(run) == "Q4"
    assert len(run.runner.exported()) == 1
    press(run, BACK, "1", ENTER)
    assert asked(run) == "Q2"
    assert run.field is not None
    assert run.field.value() == run.runner.kept_answer == frozenset((view.options[view.questions[1].id][0].id,))


def test_what_was_chosen_before_going_back_is_still_there(window: Window) -> None:
    run = window.run()
    press(run, ENTER, "1", ENTER, "2", BACK, ENTER)
    assert asked(run) == "Q2"
    assert run.field is not None
    assert run.field.value() is not None


def test_a_screened_out_respondent_is_thanked(window: Window) -> None:
    view = window.view
    first = view.questions[0]
    survey_options.set_jump(window.session, first.id, view.options[first.id][0].id, JumpTarget.SCREEN_OUT)
    run = window.run()
    press(run, ENTER, "1", ENTER)
    assert run.screen() == "screened_out"
    assert run.path_words().endswith("甄别结束")
    press(run, BACK)
    assert asked(run) == "Q1"


def test_begin_again_forgets_the_answers(window: Window) -> None:
    run = window.run()
    press(run, ENTER, "1", ENTER)
    QTest.keyClick(run, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert run.screen() == "opening"
    assert not run.runner.exported()


def test_an_edited_questionnaire_is_offered_to_begin_again(window: Window) -> None:
    run = window.run()
    assert not run._changed_banner.isVisible()
    survey_questions.update_question(window.session, window.view.questions[0].id, text="改过了")
    assert run._changed_banner.isVisible()
    run.restart_button.click()
    assert run.view.questions[0].text == "改过了"
    assert not run._changed_banner.isVisible()


def test_a_deleted_questionnaire_closes_its_trial_run(window: Window) -> None:
    window.run()
    survey.delete_survey(window.session, window.view.survey.id)
    assert window.page.runner is None


def test_escape_closes_the_trial_run_and_it_opens_again(window: Window) -> None:
    press(window.run(), Qt.Key.Key_Escape)
    assert window.page.runner is None
    assert window.run().isVisible()


def test_the_trial_run_closes_with_the_window_it_was_opened_from(window: Window) -> None:
    run = window.run()
    window.page.window().hide()
    assert window.page.runner is None
    assert not run.isVisible()


def one_question(kind: QuestionKind, **fields: object) -> Callable[[Session, EntityId], object]:
    def fill(session: Session, project_id: EntityId) -> None:
        added = survey.add_survey(session, project_id, "一题")
        survey.update_survey(session, added.id, intro="")
        question = survey_questions.add_question(session, added.id, kind)
        if fields:
            survey_questions.update_question(session, question.id, **fields)

    return fill


def test_exclusive_options_stand_alone(make_window: Callable[..., Window]) -> None:
    window = make_window(one_question(QuestionKind.MULTIPLE))
    question = window.view.questions[0]
    added = survey_options.add_option(window.session, question.id, "以上都不是")
    survey_options.update_option(window.session, added.id, exclusive=True)
    run = window.run()
    press(run, "1", "2", "3")
    assert run.field is not None
    assert run.field.value() == frozenset((added.id,))
    press(run, "1")
    assert len(run.field.value()) == 1  # type: ignore[arg-type]
    assert added.id not in run.field.value()  # type: ignore[operator]


def test_ten_is_typed_as_one_and_nought(make_window: Callable[..., Window]) -> None:
    window = make_window(one_question(QuestionKind.SCALE, minimum=0, maximum=10))
    run = window.run()
    press(run, "1", "0")
    assert run.field is not None
    assert run.field.value() == 10
    press(run, "7")
    assert run.field.value() == 7


def test_ranking_gives_ranks_in_the_order_of_the_keys(make_window: Callable[..., Window]) -> None:
    window = make_window(one_question(QuestionKind.RANKING))
    options = window.view.all_options
    run = window.run()
    assert isinstance(run.field, RankingField)
    press(run, "2")
    press(run, ENTER)
    assert run.screen() == "question"
    press(run, "1", ENTER)
    assert run.runner.exported()[options[0].question_id] == (options[1].id, options[0].id)


@pytest.mark.parametrize(
    ("kind", "field", "wrong", "right", "answer"),
    [
        (QuestionKind.NUMBER, NumberField, "many", "42", 42),
        (QuestionKind.DATE, DateField, "someday", "2026-09-19", "2026-09-19"),
        (QuestionKind.TEXT, TextField, "", "fine", "fine"),
    ],
)
def test_typed_answers_are_checked(
    make_window: Callable[..., Window], kind: QuestionKind, field: type, wrong: str, right: str, answer: object
) -> None:
    window = make_window(one_question(kind))
    run = window.run()
    assert isinstance(run.field, field)
    press(run, wrong, ENTER)
    assert run.screen() == "question"
    assert run._problem.isVisible()
    run.field.first().selectAll()  # type: ignore[union-attr]
    press(run, right, ENTER)
    assert run.screen() == "completed"
    assert list(run.runner.exported().values()) == [answer]


def test_a_note_is_read_and_passed(make_window: Callable[..., Window]) -> None:
    window = make_window(one_question(QuestionKind.NOTE))
    run = window.run()
    press(run, ENTER)
    assert run.screen() == "completed"


def test_options_are_shuffled_per_run_and_special_ones_stay_last(make_window: Callable[..., Window]) -> None:
    window = make_window(one_question(QuestionKind.SINGLE, randomise=True))
    question = window.view.questions[0]
    survey_options.add_options(window.session, question.id, [f"甲{n}" for n in range(12)], index=2)
    other = survey_options.add_option(window.session, question.id, "其他")
    survey_options.update_option(window.session, other.id, with_text=True)
    survey_options.move_option(window.session, other.id, 0)
    orders = set()
    for seed in range(5):
        run = RunnerWindow(window.view, window.session.today(), seed=seed)
        window.qtbot.addWidget(run)
        orders.add(tuple(run.field.buttons))  # type: ignore[union-attr]
    assert len(orders) > 1
    assert {order[-1] for order in orders} == {other.id}

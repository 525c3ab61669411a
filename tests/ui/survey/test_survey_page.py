"""The Survey window driven by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QSpinBox

import ui.common.dialogs as dialogs
from qihua_desktop.domain.survey import JumpTarget, QuestionKind, SurveyState, kind_words
from qihua_desktop.services import survey, survey_options, survey_questions
from ui.survey.question_list import QuestionModel

from .conftest import Window, drag

NO_KEYS = Qt.KeyboardModifier.NoModifier


def type_over(line: QLineEdit | QPlainTextEdit, text: str) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)


def test_the_list_says_number_text_kind_and_jumps(window: Window) -> None:
    view = window.view
    first, last = view.questions[0], view.questions[3]
    survey_options.set_jump(window.session, first.id, view.options[first.id][1].id, JumpTarget.QUESTION, last.id)
    row = window.page.list.rows.rows[0]
    assert (row.number, row.text, row.kind) == ("Q1", "第1题", "单选")
    assert row.leads == "选项2 → Q4"


def test_clicking_a_question_shows_it_in_the_editor_and_on_the_map(window: Window) -> None:
    window.select(2)
    assert window.page.editor.question_id() == window.view.questions[2].id
    assert window.page.editor.text.toPlainText() == "第3题"
    flow = window.page.flow.map()
    assert flow is not None
    box = flow.box(window.view.questions[1].id.hex())
    assert box is not None
    place = window.page.flow.to_view(box.x + 5, box.y + 5).toPoint()
    QTest.mouseClick(window.page.flow.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.page.selected == window.view.questions[1].id
    assert window.page.list.selected_id() == window.page.selected


def test_a_typed_question_text_is_stored_by_enter_in_one_undo_step(window: Window) -> None:
    window.select(0)
    type_over(window.page.editor.text, "Would you come again?")
    QTest.keyClick(window.page.editor.text, Qt.Key.Key_Return)
    assert window.texts()[0] == "Would you come again?"
    window.session.undo()
    assert window.texts()[0] == "第1题"
    assert window.page.editor.text.toPlainText() == "第1题"


def test_clicking_another_question_stores_what_is_half_typed(window: Window) -> None:
    window.select(0)
    type_over(window.page.editor.text, "half typed")
    window.select(1)
    assert window.texts()[0] == "half typed"
    assert window.texts()[1] == "第2题"


def test_escape_restores_and_an_empty_text_is_put_back(window: Window) -> None:
    window.select(0)
    label = window.session.undo_label()
    type_over(window.page.editor.text, "oops")
    QTest.keyClick(window.page.editor.text, Qt.Key.Key_Escape)
    assert window.page.editor.text.toPlainText() == "第1题"
    line = window.page.editor.options.rows()[0].line
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    window.page.list.setFocus()
    assert line.text() == "选项1"
    assert window.session.undo_label() == label


def test_a_text_that_is_too_long_is_refused_in_words_not_cut(window: Window) -> None:
    window.select(0)
    before = window.view
    editor = window.page.editor.text
    editor.setFocus()
    editor.selectAll()
    editor.insertPlainText("长" * 10_001)
    with dialogs.scripted() as seen:
        editor.commit()
    assert "10001" in seen[0][1]
    assert window.view == before


def test_a_refresh_keeps_half_typed_text_focus_and_widgets(window: Window) -> None:
    window.select(0)
    line = window.page.editor.options.rows()[1].line
    type_over(line, "half")
    view = window.view
    survey_questions.update_question(window.session, view.questions[0].id, hint="提示")
    survey_options.add_option(window.session, view.questions[0].id, "先来的", index=0)
    assert line.text() == "half"
    assert line.hasFocus()
    assert window.page.editor.options.rows()[2].line is line
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert window.labels(0) == ["先来的", "选项1", "half"]


def test_enter_in_an_option_adds_the_next_one_ready_to_be_typed(window: Window) -> None:
    window.select(0)
    line = window.page.editor.options.rows()[0].line
    type_over(line, "Yes")
    QTest.keyClick(line, Qt.Key.Key_Return)
    added = window.page.editor.options.rows()[1].line
    assert added.hasFocus()
    assert added.selectedText() == added.text()
    QTest.keyClicks(added, "Perhaps")
    QTest.keyClick(added, Qt.Key.Key_Tab)
    assert window.labels(0) == ["Yes", "Perhaps", "选项2"]


def test_backspace_in_an_emptied_option_deletes_it(window: Window) -> None:
    window.select(0)
    line = window.page.editor.options.rows()[1].line
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert window.labels(0) == ["选项1", "选项2"]
    QTest.keyClick(line, Qt.Key.Key_Backspace)
    assert window.labels(0) == ["选项1"]
    assert window.page.editor.options.rows()[0].line.hasFocus()


def test_pasted_lines_become_options_in_one_step(window: Window) -> None:
    window.select(0)
    before = window.labels(0)
    QGuiApplication.clipboard().setText("门店\n电商\n\n直播间\n")
    line = window.page.editor.options.rows()[0].line
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert window.labels(0) == ["选项1", "门店", "电商", "直播间", "选项2"]
    window.session.undo()
    assert window.labels(0) == before


def test_an_option_is_dragged_by_its_grip_and_moved_by_keys(window: Window) -> None:
    window.select(0)
    survey_options.add_option(window.session, window.view.questions[0].id)
    rows = window.page.editor.options.rows()
    grip = rows[0].grip
    window.page.editor.options.layout().activate()
    below = grip.mapFromGlobal(rows[2].mapToGlobal(QPoint(5, rows[2].height() - 1)))
    drag(grip, QPoint(8, 10), below)
    assert window.labels(0) == ["选项2", "选项3", "选项1"]
    line = window.page.editor.options.rows()[2].line
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert window.labels(0) == ["选项2", "选项1", "选项3"]
    assert line.hasFocus()


def test_a_question_is_dragged_to_another_place_in_one_undo_step(window: Window) -> None:
    window.select(0)
    listing = window.page.list
    start = listing.visualRect(listing.rows.index(0, 0)).center()
    end = listing.visualRect(listing.rows.index(2, 0)).bottomLeft() + QPoint(40, -4)
    drag(listing.viewport(), start, end)
    assert window.texts() == ["第2题", "第3题", "第1题", "第4题"]
    assert window.page.selected == window.view.questions[2].id
    window.session.undo()
    assert window.texts() == ["第1题", "第2题", "第3题", "第4题"]


def test_the_jump_menu_offers_later_questions_and_the_ends_only(window: Window) -> None:
    window.select(1)
    chip = window.page.editor.options.rows()[0].jump
    chip._choices.aboutToShow.emit()
    texts = [action.text() for action in chip._choices.actions() if not action.isSeparator()]
    assert texts == ["→ 下一题", "Q3  第3题", "Q4  第4题", "结束问卷", "甄别结束（非目标人群）"]
    chip._choices.actions()[3].trigger()
    jump = window.view.all_jumps[0]
    assert (jump.target, jump.target_question_id) == (JumpTarget.QUESTION, window.view.questions[3].id)
    assert "Q4" in window.page.editor.options.rows()[0].jump.chip_text()
    chip._choices.aboutToShow.emit()
    chip._choices.actions()[0].trigger()
    assert not window.view.all_jumps


def test_flags_of_an_option_are_set_from_its_menu(window: Window) -> None:
    window.select(1)
    row = window.page.editor.options.rows()[1]
    row._menu.aboutToShow.emit()
    checkable = [action for action in row._menu.actions() if action.isCheckable()]
    checkable[0].trigger()
    row._menu.aboutToShow.emit()
    [action for action in row._menu.actions() if action.isCheckable()][1].trigger()
    option = window.view.options[window.view.questions[1].id][1]
    assert (option.exclusive, option.with_text) == (True, True)
    assert not row.exclusive_chip.isHidden()
    assert not row.text_chip.isHidden()


@pytest.mark.parametrize("kind", list(QuestionKind))
def test_every_kind_can_be_added_by_its_action_and_typed_at_once(window: Window, kind: QuestionKind) -> None:
    window.select(1)
    window.trigger(f"question.add_{kind}")
    assert [question.kind for question in window.view.questions][2] is kind
    text = window.page.editor.text
    assert text.hasFocus()
    QTest.keyClicks(text, "new one")
    QTest.keyClick(text, Qt.Key.Key_Return)
    assert window.texts()[2] == "new one"


def test_a_recommendation_scale_and_its_bounds_by_keyboard(window: Window) -> None:
    window.trigger("question.nps")
    question = window.view.question(window.page.selected)  # type: ignore[arg-type]
    assert question is not None
    assert kind_words(question) == "NPS 0–10"
    high = window.page.editor.high
    high.setFocus()
    high.lineEdit().selectAll()
    QTest.keyClicks(high, "7")
    QTest.keyClick(high, Qt.Key.Key_Return)
    changed = window.view.question(question.id)
    assert changed is not None
    assert (changed.minimum, changed.maximum) == (0, 7)


def test_duplicate_move_and_delete_by_their_keys(window: Window) -> None:
    window.select(0)
    window.page.list.setFocus()
    QTest.keyClick(window.page.list, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert window.texts() == ["第1题", "第1题", "第2题", "第3题", "第4题"]
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window.page.list, Qt.Key.Key_Down, both)
    assert window.texts() == ["第1题", "第2题", "第1题", "第3题", "第4题"]
    QTest.keyClick(window.page.list, Qt.Key.Key_Delete)
    assert window.texts() == ["第1题", "第2题", "第3题", "第4题"]
    assert window.page.selected == window.view.questions[2].id


def test_deleting_a_target_names_the_questions_that_jump_there(window: Window) -> None:
    view = window.view
    survey_options.set_jump(window.session, view.questions[0].id, None, JumpTarget.QUESTION, view.questions[2].id)
    window.select(2)
    with dialogs.scripted([False]) as seen:
        window.trigger("question.delete")
    assert len(window.texts()) == 4
    assert "Q3" in seen[0][1]
    with dialogs.scripted([True]):
        window.trigger("question.delete")
    assert window.texts() == ["第1题", "第2题", "第4题"]
    assert not window.view.all_jumps


def test_the_checks_say_in_words_what_holds_and_name_what_does_not(window: Window) -> None:
    window.wait_checked()
    assert "所有题目可达" in window.page.checks.words()
    assert "无循环跳转" in window.page.checks.words()
    assert "每条路径都能结束" in window.page.checks.words()
    view = window.view
    survey_options.set_jump(window.session, view.questions[0].id, None, JumpTarget.QUESTION, view.questions[2].id)
    window.wait_checked()
    assert "Q2 永远不会出现" in window.page.checks.words()
    assert "例如" in window.page.checks.words()
    assert window.page.list.rows.rows[1].faulty
    finding = next(one for one in window.page.checks.findings if "Q2" in one.words())
    QTest.mouseClick(finding, Qt.MouseButton.LeftButton)
    assert window.page.selected == view.questions[1].id
    with dialogs.scripted() as seen:
        window.trigger("survey.release")
    assert seen[0][0] == "error"
    assert window.view.survey.state is SurveyState.DRAFT


def test_a_released_questionnaire_is_read_only_until_it_is_edited_again(window: Window) -> None:
    window.trigger("survey.release")
    assert window.view.survey.state is SurveyState.RELEASED
    page = window.page
    assert page.bar.state.chip_text() == "已发布"
    assert page.locked.isVisible()
    assert page.editor.text.isReadOnly()
    assert not page.commands.actions.get("question.add").isEnabled()
    assert not page.editor.options.rows()[0].jump.isEnabled()
    window.trigger("survey.close")
    assert window.view.survey.state is SurveyState.CLOSED
    window.trigger("survey.reopen")
    assert not page.locked.isVisible()
    assert not page.editor.text.isReadOnly()


def test_several_questionnaires_are_switched_copied_and_deleted(window: Window) -> None:
    first = window.view.survey.id
    with dialogs.scripted(["第二版"]):
        window.trigger("survey.duplicate")
    assert window.view.survey.title == "第二版"
    assert len(window.texts()) == 4
    window.page.bar._menu.aboutToShow.emit()
    window.page.bar._menu.actions()[0].trigger()
    assert window.view.survey.id == first
    with dialogs.scripted([True]):
        window.trigger("survey.delete")
    assert window.view.survey.title == "第二版"
    window.session.undo()
    assert len(survey.surveys(window.session, window.project_id)) == 2


def test_title_target_opening_and_closing_are_typed_in_place(window: Window) -> None:
    window.trigger("survey.cover")
    cover = window.page.cover
    assert cover.title.hasFocus()
    type_over(cover.title, "Guests")
    QTest.keyClick(cover.title, Qt.Key.Key_Return)
    cover.target.setFocus()
    cover.target.lineEdit().selectAll()
    QTest.keyClicks(cover.target, "800")
    QTest.keyClick(cover.target, Qt.Key.Key_Return)
    type_over(cover.intro, "Hello")
    window.page.list.setFocus()
    stored = window.view.survey
    assert (stored.title, stored.target, stored.intro) == ("Guests", 800, "Hello")


def test_a_project_without_questionnaires_offers_the_first_one(make_window: Callable[..., Window]) -> None:
    window = make_window(lambda _session, _project: None)
    empty = window.page._no_survey
    assert empty.isVisible()
    assert empty.action is not None
    with dialogs.scripted(["新问卷"]):
        QTest.mouseClick(empty.action, Qt.MouseButton.LeftButton)
    assert window.view.survey.title == "新问卷"
    assert window.page._no_questions.action is not None
    QTest.mouseClick(window.page._no_questions.action, Qt.MouseButton.LeftButton)
    assert [question.kind for question in window.view.questions] == [QuestionKind.SINGLE]


def test_without_a_project_the_page_says_so(window: Window) -> None:
    window.page.show_project(None)
    assert window.page._no_project.isVisible()
    assert not window.page.commands.actions.get("survey.new").isEnabled()


def test_the_paper_version_is_asked_for_by_its_questionnaire(window: Window) -> None:
    window.trigger("survey.paper")
    assert window.exported == [("survey-form", {"survey_id": window.view.survey.id})]


def test_a_question_is_revealed_by_its_id(window: Window) -> None:
    wanted = window.view.questions[3].id
    with dialogs.scripted(["第二版"]):
        window.trigger("survey.duplicate")
    window.page.reveal(wanted)
    assert window.page.selected == wanted


@pytest.mark.parametrize("text", ["<img src=x>", "</b>", "=cmd|'/C calc'!A0", "\u202eRTL", "👩‍👩‍👧 𠮷", "长" * 10_000])
def test_hostile_texts_are_shown_literally(window: Window, text: str) -> None:
    view = window.view
    first = view.questions[0]
    survey.update_survey(window.session, view.survey.id, title=text)
    survey_questions.update_question(window.session, first.id, text=text, hint=text)
    survey_options.update_option(window.session, view.options[first.id][0].id, label=text)
    survey_options.set_jump(window.session, first.id, view.options[first.id][0].id, JumpTarget.END)
    window.select(0)
    window.wait_checked()
    assert window.page.editor.text.toPlainText() == text
    assert window.page.editor.options.rows()[0].line.text() == text
    assert not window.page.grab().isNull()
    assert window.page.minimumSizeHint().width() < 1100
    run = window.run()
    run.go_on()
    assert not run.grab().isNull()


def test_everything_that_takes_keys_has_a_name(window: Window) -> None:
    nameless = [
        type(widget).__name__
        for kind in (QAbstractButton, QLineEdit, QPlainTextEdit, QSpinBox)
        for widget in window.page.findChildren(kind)
        if widget.isVisible()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
        and not isinstance(widget.parentWidget(), QSpinBox)
    ]
    assert nameless == []


def test_the_list_is_a_sound_item_model(window: Window, qtmodeltester) -> None:
    model = QuestionModel(window.page)
    model.set_rows(window.page.list.rows.rows)
    qtmodeltester.check(model)
    assert "Q1" in model.index(0, 0).data()

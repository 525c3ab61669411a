"""The review window, driven by keyboard and mouse on a real workspace."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox

import ui.common.dialogs as dialogs
from db import tables
from qihua_desktop.domain.review import Dimension, Severity, Verdict, VersionState
from qihua_desktop.services import budget, review, sections
from tests.services.review_samples import PIN, ReviewSample
from tests.ui.review.conftest import Desk
from ui.common.widgets import EmptyState
from ui.review.submit_dialog import SubmitDialog
from ui.review.transfer_dialog import TransferDialog

Open = Callable[..., Desk]
CTRL = Qt.KeyboardModifier.ControlModifier


def _submitted(sample: ReviewSample) -> None:
    sample.submit()


def _version(desk: Desk, at: int = 0):
    return review.versions(desk.sample.session, desk.sample.project.id)[at]


def _pick(choice: QComboBox, value: object) -> None:
    choice.setCurrentIndex([choice.itemData(at) for at in range(choice.count())].index(value))


def _draw(desk: Desk) -> None:
    pad = desk.page.sign_card.pad
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    for x in range(40, 160, 20):
        QTest.mouseMove(pad, QPoint(x, 30 + x % 40))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(160, 60))


def _sign(desk: Desk, pin: str = PIN) -> None:
    card = desk.page.sign_card
    card.pin.setFocus()
    QTest.keyClicks(card.pin, pin)
    QTest.keyClick(card.pin, Qt.Key.Key_Return)
    desk.wait_for_jobs()


# --- writing ---


def test_unsubmitted_plan_opens_for_writing(open_desk: Open) -> None:
    page = open_desk().page
    assert page.middle.currentWidget() is page.writing
    assert [one.title.text() for one in page.writing.editors()][:2] == ["活动目标", "目标人群与洞察"]


def test_pause_in_typing_is_one_edit_and_keeps_the_cursor(open_desk: Open) -> None:
    desk = open_desk()
    body = desk.page.writing.editors()[1].body
    body.setFocus()
    QTest.keyClicks(body, "young")
    body._timer.setInterval(10)
    QTest.keyClicks(body, " buyers")
    desk.qtbot.waitUntil(lambda: not body.is_typed())
    stored = sections.sections(desk.sample.session, desk.sample.project.id)[1]
    assert (stored.body, body.textCursor().position(), body.hasFocus()) == ("young buyers", 12, True)
    assert desk.sample.session.undo_label() == "编写章节“目标人群与洞察”"
    QTest.keyClick(body, Qt.Key.Key_Z, CTRL)
    assert (body.toPlainText(), desk.page.writing.editors()[1].section.body) == ("", "")
    QTest.keyClick(body, Qt.Key.Key_Y, CTRL)
    assert body.toPlainText() == "young buyers"


def test_undo_while_typing_takes_back_typing_only(open_desk: Open) -> None:
    desk = open_desk()
    before = desk.sample.session.undo_label()
    body = desk.page.writing.editors()[1].body
    body.setFocus()
    QTest.keyClicks(body, "abc")
    QTest.keyClick(body, Qt.Key.Key_Z, CTRL)
    assert (body.toPlainText(), desk.sample.session.undo_label()) == ("", before)


def test_leaving_a_field_stores_it(open_desk: Open) -> None:
    desk = open_desk()
    editors = desk.page.writing.editors()
    editors[1].body.setFocus()
    QTest.keyClicks(editors[1].body, "left")
    editors[2].body.setFocus()
    assert sections.sections(desk.sample.session, desk.sample.project.id)[1].body == "left"


def test_change_elsewhere_leaves_half_typed_text_alone(open_desk: Open) -> None:
    desk = open_desk()
    editors = desk.page.writing.editors()
    editors[1].body.setFocus()
    QTest.keyClicks(editors[1].body, "half")
    sections.write_section(desk.sample.session, editors[2].section.id, "elsewhere")
    assert (editors[1].body.toPlainText(), editors[1].body.hasFocus()) == ("half", True)
    assert editors[2].body.toPlainText() == "elsewhere"


def test_sections_are_renamed_moved_added_and_deleted(open_desk: Open) -> None:
    desk = open_desk()
    writing = desk.page.writing
    title = writing.editors()[1].title
    title.setFocus()
    title.selectAll()
    QTest.keyClicks(title, "Guests")
    QTest.keyClick(title, Qt.Key.Key_Return)
    writing.editors()[1].up.click()
    assert [one.section.title for one in writing.editors()][:2] == ["Guests", "活动目标"]
    writing.add_button.click()
    assert writing.editors()[-1].title.hasFocus()
    QTest.keyClicks(writing.editors()[-1].title, "Live stream")
    writing.editors()[0].body.setFocus()
    assert writing.editors()[-1].section.title == "Live stream"
    writing.editors()[-1].remove.click()
    assert "Live stream" not in [one.section.title for one in writing.editors()]
    for _step in range(5):
        desk.sample.session.undo()
    assert [one.section.title for one in writing.editors()][:2] == ["活动目标", "目标人群与洞察"]


def test_hostile_texts_show_literally(open_desk: Open) -> None:
    nasty = "<img src=x onerror=1> </b> =cmd|' /C calc'!A0 \u202eRTL 𠮷🎪"

    def prepare(sample: ReviewSample) -> None:
        flow = next(one for one in sections.sections(sample.session, sample.project.id) if one.key == "flow")
        sections.write_section(sample.session, flow.id, nasty + "\n" + "长" * 10_000)
        sections.rename_section(sample.session, flow.id, nasty)
        version = sample.submit()
        review.add_comment(sample.session, version.id, Dimension.BUDGET, Severity.ADVICE, nasty, quote=nasty)

    page = open_desk(prepare).page
    assert page.paper.text().count(nasty) == 2
    assert page.comments.views()[0].body.full_text() == nasty
    assert page.width() <= 1170


# --- submitting ---


def test_submit_dialog_freezes_the_plan_by_the_route_chosen(open_desk: Open) -> None:
    desk = open_desk()

    def fill(dialog: SubmitDialog) -> bool:
        rows = dialog.route.rows()
        assert [len(step) for step in rows] == [4, 1]
        dialog.route.remove_seat(0, 3)
        dialog.note.set_text("请重点看预算")
        dialog.accept()
        return True

    with dialogs.scripted([fill]):
        desk.context.actions.trigger("review.submit")
    version = _version(desk)
    seats = tables.review_seats.all(desk.sample.session.workspace, version_id=version.id)
    assert (version.state, version.note, len(seats)) == (VersionState.IN_REVIEW, "请重点看预算", 4)
    assert desk.page.middle.currentWidget() is desk.page.paper
    assert desk.page.strip.version.chip_text() == "第 1 版 · 评审中"
    assert len(desk.page.route.rows()) == 4


def test_submit_dialog_says_what_is_missing_and_stays(open_desk: Open) -> None:
    desk = open_desk()
    problems: list[str] = []

    def fill(dialog: SubmitDialog) -> bool:
        dialog.route.rows()[0][0].person.setCurrentIndex(0)
        dialog.accept()
        problems.append(dialog.problem())
        return False

    with dialogs.scripted([fill]):
        desk.context.actions.trigger("review.submit")
    assert "席位" in problems[0]
    assert review.versions(desk.sample.session, desk.sample.project.id) == ()


def test_authors_are_greyed_in_the_route(open_desk: Open) -> None:
    desk = open_desk()
    dialog = SubmitDialog(desk.context, desk.page.state, None)
    desk.qtbot.addWidget(dialog)
    choice = dialog.route.rows()[1][0].person
    _pick(choice, desk.sample.id("林晓岚"))
    model = choice.model()
    assert isinstance(model, QStandardItemModel)
    assert not model.item(choice.currentIndex()).isEnabled()
    choice.setCurrentIndex(0)
    dialog.route.add_step()
    dialog.route.move_seat(2, 0, -1)
    assert [one.step for one in dialog.route.seats()] == [1, 1, 1, 1, 2, 2]


# --- signing ---


def test_reviewer_signs_with_drawing_and_pin(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    desk.act_as("何静")
    card = desk.page.sign_card
    assert card.form.isVisible()
    card.verdict.set_current(Verdict.APPROVE_WITH_COMMENT)
    assert [one for one, field in card.opinions.items() if field.isVisible()] == [Dimension.BUDGET]
    card.opinions[Dimension.BUDGET].setFocus()
    QTest.keyClicks(card.opinions[Dimension.BUDGET], "pay by milestone")
    _draw(desk)
    _sign(desk)
    given = tables.sign_offs.all(desk.sample.session.workspace)[0]
    assert (given.verdict, given.opinions) == (Verdict.APPROVE_WITH_COMMENT, '{"budget":"pay by milestone"}')
    assert review.signature_strokes(given.signature)
    seat = desk.page.route.rows()[given.seat_id]
    assert seat.chip.chip_text() == "附意见同意"
    assert not card.form.isVisible()
    desk.sample.session.undo()
    assert card.form.isVisible()
    assert tables.sign_offs.count(desk.sample.session.workspace) == 0


def test_wrong_pin_is_said_in_place(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    desk.act_as("何静")
    _draw(desk)
    _sign(desk, "1111")
    card = desk.page.sign_card
    assert "口令" in card.problem.full_text()
    assert card.pin.hasFocus()
    assert tables.sign_offs.count(desk.sample.session.workspace) == 0
    QTest.keyClicks(card.pin, PIN)
    QTest.keyClick(card.pin, Qt.Key.Key_Return)
    desk.wait_for_jobs()
    assert tables.sign_offs.count(desk.sample.session.workspace) == 1


def test_agreement_needs_a_drawn_signature_and_return_needs_words(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    desk.act_as("何静")
    card = desk.page.sign_card
    _sign(desk)
    assert "签名" in card.problem.full_text()
    card.verdict.set_current(Verdict.RETURN)
    card.confirm()
    assert "意见" in card.problem.full_text()
    card.opinions[Dimension.BUDGET].set_text("redo")
    card.confirm()
    desk.wait_for_jobs()
    assert _version(desk).state is VersionState.RETURNED
    assert "退回" in desk.page.banner.message()


def test_name_is_written_by_keyboard(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    desk.act_as("何静")
    desk.page.sign_card.pad.setFocus()
    QTest.keyClick(desk.page.sign_card.pad, Qt.Key.Key_Return)
    _sign(desk)
    assert tables.sign_offs.count(desk.sample.session.workspace) == 1


def test_author_sees_why_not(open_desk: Open) -> None:
    card = open_desk(_submitted).page.sign_card
    assert not card.form.isVisible()
    assert "编制人" in card.reason.full_text()
    assert "何静" in card.reason.full_text()


def test_half_filled_form_survives_changes_elsewhere(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    desk.act_as("何静")
    card = desk.page.sign_card
    _draw(desk)
    card.opinions[Dimension.BUDGET].setFocus()
    QTest.keyClicks(card.opinions[Dimension.BUDGET], "half")
    review.add_comment(desk.sample.session, _version(desk).id, Dimension.BUDGET, Severity.ADVICE, "意见")
    assert card.opinions[Dimension.BUDGET].text() == "half"
    assert card.opinions[Dimension.BUDGET].hasFocus()
    assert not card.pad.is_empty()


def test_holder_hands_the_seat_on(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    desk.act_as("何静")
    card = desk.page.sign_card
    card.verdict.set_current("hand_on")
    _pick(card.successor, desk.sample.id("孙会计"))
    card.why.setText("出差")
    _sign(desk)
    holders = [one.person_id for one in tables.review_seats.all(desk.sample.session.workspace)]
    assert desk.sample.id("孙会计") in holders
    assert desk.sample.id("何静") not in holders
    assert not card.form.isVisible()


def test_author_hands_a_seat_on_from_the_route(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    seat_id, row = next(iter(desk.page.route.rows().items()))

    def fill(dialog: TransferDialog) -> bool:
        _pick(dialog.successor, desk.sample.id("孙会计"))
        dialog.why.setText("休假")
        dialog.pin.setText(PIN)
        dialog.accept()
        return True

    assert row.hand_on is not None
    with dialogs.scripted([fill]):
        row.hand_on.click()
    assert tables.review_seats.get(desk.sample.session.workspace, seat_id).person_id == desk.sample.id("孙会计")


# --- versions and differences ---


def test_live_change_warns_and_lists_differences(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    assert not desk.page.banner.isVisible()
    line = desk.sample.line()
    name = tables.budget_lines.get(desk.sample.session.workspace, line).name
    budget.set_amount(desk.sample.session, line, 19_000_000)
    assert "已有签批不再有效" in desk.page.banner.message()
    assert desk.context.actions.get("review.submit").isEnabled()
    desk.page._show_live_changes()
    assert desk.page.state is not None
    assert name in [change.name for change in desk.page.state.changes]
    assert desk.page.strip.version.chip_text() == "草稿"
    desk.sample.session.undo()
    assert not desk.page.banner.isVisible()


def test_versions_are_chosen_and_compared(open_desk: Open) -> None:
    def prepare(sample: ReviewSample) -> None:
        first = sample.submit()
        sample.sign(first, "何静", Verdict.RETURN, "重做")
        flow = next(one for one in sections.sections(sample.session, sample.project.id) if one.key == "flow")
        sections.write_section(sample.session, flow.id, "10:00 开场")
        sample.submit()

    desk = open_desk(prepare)
    page = desk.page
    assert "10:00 开场" in page.paper.text()
    page.versions.show_changes()
    QApplication.processEvents()
    page.versions.rows()[_version(desk, 1).id].click()
    assert "10:00 开场" not in page.paper.text()
    assert page.strip.version.chip_text() == "第 1 版 · 已退回"
    page.reveal(_version(desk).id)
    assert page.strip.version.chip_text() == "第 2 版 · 评审中"


def test_withdrawing_goes_on_writing(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    with dialogs.scripted([True]):
        desk.context.actions.trigger("review.withdraw")
    assert _version(desk).state is VersionState.WITHDRAWN
    assert desk.page.middle.currentWidget() is desk.page.writing
    desk.sample.session.undo()
    assert _version(desk).state is VersionState.IN_REVIEW


def test_only_authors_may_withdraw(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    desk.act_as("何静")
    assert not desk.context.actions.get("review.withdraw").isEnabled()
    assert not desk.page.strip.withdraw.isVisible()


# --- comments ---


def test_comment_quotes_the_selection_and_is_answered_and_resolved(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    desk.act_as("顾衡")
    page = desk.page
    assert page.paper.reveal("section:lines")
    desk.context.actions.trigger("review.comment")
    form = page.comments.form
    assert form.isVisible()
    assert (form.section_key(), form.dimension()) == ("lines", Dimension.COMPLIANCE)
    assert form.quote() == ""
    form.severity_choice.set_current(Severity.BLOCKING.value)
    QTest.keyClicks(form.body, "show the rules")
    QTest.keyClick(form.body, Qt.Key.Key_Return, CTRL)
    assert not form.isVisible()
    view = page.comments.views()[0]
    assert view.body.full_text() == "show the rules"
    assert page.comments.count.chip_text() == "1 条未解决"
    desk.act_as("林晓岚")
    assert not view.resolve_link.isEnabled()
    view.reply_link.click()
    QTest.keyClicks(view.reply_field, "done")
    QTest.keyClick(view.reply_field, Qt.Key.Key_Return)
    desk.act_as("顾衡")
    view.resolve_link.click()
    stored = review.comments(desk.sample.session, _version(desk).id)[0]
    assert (stored.reply, stored.resolved_by) == ("林晓岚：done", desk.sample.id("顾衡"))
    page.comments.filter.set_current("open")
    assert page.comments.views() == ()


def test_half_typed_answer_survives_a_refresh(open_desk: Open) -> None:
    def prepare(sample: ReviewSample) -> None:
        version = sample.submit()
        review.add_comment(sample.session, version.id, Dimension.BUDGET, Severity.ADVICE, "意见")

    desk = open_desk(prepare)
    view = desk.page.comments.views()[0]
    view.reply_link.click()
    QTest.keyClicks(view.reply_field, "half")
    review.add_comment(desk.sample.session, _version(desk).id, Dimension.BUDGET, Severity.ADVICE, "又一条")
    assert (view.reply_field.text(), view.reply_field.hasFocus()) == ("half", True)


# --- the rest ---


def test_page_without_a_project_offers_the_list(open_desk: Open) -> None:
    desk = open_desk()
    wanted: list[str] = []
    desk.context.page_requested.connect(lambda key, _target: wanted.append(key))
    desk.context.choose_project(None)
    empty = desk.page.stack.currentWidget()
    assert empty is desk.page.stack.widget(1)
    assert isinstance(empty, EmptyState)
    empty.action.click()
    assert wanted == ["projects"]


@pytest.mark.parametrize(("action", "key"), [("review.pdf_plan", "plan"), ("review.pdf_sheet", "sign-off")])
def test_documents_of_the_version_shown_are_asked_for(open_desk: Open, action: str, key: str) -> None:
    desk = open_desk(_submitted)
    asked: list[tuple[str, object]] = []
    desk.context.export_requested.connect(lambda name, options: asked.append((name, options)))
    desk.context.actions.trigger(action)
    assert asked == [(key, {"version_id": _version(desk).id})]


def test_seat_is_pointed_out(open_desk: Open) -> None:
    desk = open_desk(_submitted)
    desk.act_as("何静")
    seat = tables.review_seats.all(desk.sample.session.workspace)[1]
    desk.page.reveal(seat.id)
    assert desk.page.sign_card.form.isAncestorOf(QApplication.focusWidget())


def test_actions_rest_while_the_page_is_hidden(open_desk: Open) -> None:
    desk = open_desk()
    desk.page.hide()
    assert not any(
        desk.context.actions.get(one.id).isEnabled()
        for one in desk.context.actions.all()
        if one.id.startswith("review.")
    )


def test_everything_typed_is_stored_when_the_page_is_left(open_desk: Open) -> None:
    desk = open_desk()
    body = desk.page.writing.editors()[1].body
    body.setFocus()
    QTest.keyClicks(body, "kept")
    desk.page.set_dormant(dormant=True)
    assert sections.sections(desk.sample.session, desk.sample.project.id)[1].body == "kept"

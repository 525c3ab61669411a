"""Choosing who works on a task, with shares, in the details of the Gantt window."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

import ui.common.dialogs as dialogs
from qihua_desktop.services.plan_shares import shares_of, shares_text
from tests.services.plan_samples import add_person
from tests.ui.gantt.conftest import Window
from ui.gantt.display import Arrangement, Filter, Grouping, arrange, matches
from ui.gantt.people_editor import PeopleEditor

HOSTILE = "<img src=x> =cmd|' \u202e" + "长" * 80


@pytest.fixture
def editor(window: Window) -> PeopleEditor:
    for name in ("张伟", "李娜", HOSTILE):
        add_person(window.sample, name)
    window.page.reload()
    window.page.set_details(shown=True)
    window.select("策划")
    return window.page.inspector.people


def team(window: Window) -> str:
    return shares_text(window.sample.state, window.sample.ids["策划"])


def choose(editor: PeopleEditor, name: str) -> None:
    """Choose somebody with the keyboard alone, and add them."""
    editor.choice.setFocus()
    for _step in range(editor.choice.count()):
        if editor.choice.currentText() != name:
            QTest.keyClick(editor.choice, Qt.Key.Key_Down)
    assert editor.choice.currentText() == name
    QTest.keyClick(editor.choice, Qt.Key.Key_Tab)
    QTest.keyClick(editor.add_button, Qt.Key.Key_Space)


def test_people_are_added_get_shares_and_go_by_the_keyboard_in_single_steps(
    window: Window, editor: PeopleEditor
) -> None:
    choose(editor, "张伟")
    choose(editor, "李娜")
    assert team(window) == "张伟、李娜"
    percent = editor.lines[1].percent
    percent.selectAll()
    QTest.keyClicks(percent, "50")
    QTest.keyClick(percent, Qt.Key.Key_Return)
    assert team(window) == "张伟、李娜 50%"
    assert editor.lines[1].percent is percent  # the line lives on while its figure changes
    QTest.keyClick(editor.lines[0].cross, Qt.Key.Key_Space)
    assert [share.units for share in shares_of(window.sample.state, window.sample.ids["策划"])] == [5_000]
    assert editor.names() == ("李娜",)
    window.sample.session.undo()
    assert team(window) == "张伟、李娜 50%"
    assert editor.names() == ("张伟", "李娜")
    window.sample.session.undo()
    window.sample.session.undo()
    assert editor.names() == ("张伟",)


def test_nobody_can_be_chosen_twice_and_no_choice_adds_nobody(window: Window, editor: PeopleEditor) -> None:
    choose(editor, "张伟")
    assert "张伟" not in [editor.choice.itemText(at) for at in range(editor.choice.count())]
    editor.choice.select(None)
    editor.add()
    assert team(window) == "张伟"


def test_a_share_of_nothing_is_refused_and_the_old_one_shown_again(window: Window, editor: PeopleEditor) -> None:
    choose(editor, "张伟")
    percent = editor.lines[0].percent
    percent.selectAll()
    QTest.keyClicks(percent, "0")
    with dialogs.scripted():
        QTest.keyClick(percent, Qt.Key.Key_Return)
    assert team(window) == "张伟"
    assert editor.lines[0].percent.basis_points() == 10_000


def test_hostile_names_are_shown_as_they_are(window: Window, editor: PeopleEditor) -> None:
    choose(editor, next(text for at in range(editor.choice.count()) if (text := editor.choice.itemText(at))[0] == "<"))
    assert editor.names() == (HOSTILE,)
    QApplication.processEvents()
    inspector = window.page.inspector
    body = inspector.widget()
    assert body.minimumSizeHint().width() <= inspector.viewport().width()
    cross = editor.lines[0].cross
    right = cross.mapToGlobal(cross.rect().bottomRight()).x()
    assert right < inspector.mapToGlobal(inspector.rect().bottomRight()).x()


def test_filters_and_groups_know_the_whole_team(window: Window, editor: PeopleEditor) -> None:
    choose(editor, "张伟")
    choose(editor, "李娜")
    row, now = window.row("策划"), 0
    assert matches(row, Arrangement(owner="李娜"), now)
    assert matches(row, Arrangement(owner="张伟"), now)
    assert matches(row, Arrangement(search="李娜"), now)
    assert not matches(row, Arrangement(filter=Filter.NOBODY), now)
    view = window.page.view()
    assert view is not None
    shown = arrange(view, Arrangement(grouping=Grouping.OWNER), (), {})
    assert "张伟、李娜" in [one.title for one in shown if one.is_heading]

"""Actions do not clash; dialogs can be answered by tests and never surprise them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

import ui.common.dialogs as dialogs
from qihua_desktop.domain.errors import InputError, StorageError
from ui.common.actions import Action, ActionRegistry, ShortcutConflict
from ui.common.dialog_base import BaseDialog, CrashDialog, MessageDialog
from ui.common.shortcut_list import ShortcutList


@pytest.fixture
def holder(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture
def registry(holder):
    return ActionRegistry(holder)


def test_a_shortcut_carries_out_its_action(qtbot, registry):
    done: list[str] = []
    registry.add(Action("task.add", "任务", lambda: done.append("add"), shortcut="Ctrl+N", icon="plus", group="任务"))
    registry.get("task.add").trigger()
    assert done == ["add"]
    assert registry.shortcut_rows()[0].keys == "Ctrl+N"


def test_two_actions_cannot_have_the_same_keys(registry):
    registry.add(Action("a", "甲", lambda: None, shortcut="Ctrl+K; F3"))
    with pytest.raises(ShortcutConflict):
        registry.add(Action("b", "乙", lambda: None, shortcut="F3"))
    with pytest.raises(ValueError, match="two actions"):
        registry.add(Action("a", "丙", lambda: None))


def test_clashes_between_windows_are_found(qtbot, registry, holder):
    other = ActionRegistry(holder)
    registry.add(Action("a", "甲", lambda: None, shortcut="Ctrl+K"))
    other.add(Action("b", "乙", lambda: None, shortcut="Ctrl+K"))
    assert registry.conflicts(other) == (("Ctrl+K", "a", "b"),)


def test_a_checkable_action_passes_its_state(registry):
    seen: list[bool] = []
    registry.add(Action("show", "显示", seen.append, checkable=True))
    registry.trigger("show")
    registry.set_checked("show", False)
    assert seen == [True]
    assert not registry.get("show").isChecked()


def test_menus_and_buttons_follow_their_action(qtbot, registry):
    registry.add_all([Action("a", "甲", lambda: None, icon="plus"), Action("b", "乙", lambda: None)])
    menu = registry.menu(["a", None, "b"], "文件")
    one = registry.button("a", primary=True)
    qtbot.addWidget(one)
    registry.set_enabled("a", False)
    assert not one.isEnabled()
    assert [action.isSeparator() for action in menu.actions()] == [False, True, False]
    registry.remove(["b"])
    assert [action.id for action in registry.all()] == ["a"]
    menu.deleteLater()


def test_the_f1_list_shows_and_finds_shortcuts(qtbot, registry):
    registry.add(Action("a", "新建任务", lambda: None, shortcut="Ctrl+N", group="甘特图"))
    registry.add(Action("b", "无快捷键", lambda: None))
    listed = ShortcutList([registry])
    qtbot.addWidget(listed)
    assert listed.table.model().rowCount() == 1
    listed._proxy.set_search("甘特 ctrl")
    assert listed.table.model().rowCount() == 1
    listed._proxy.set_search("预算")
    assert listed.table.model().rowCount() == 0


def test_scripted_answers_are_given_in_order():
    with dialogs.scripted([True, "名字", None]) as seen:
        assert dialogs.confirm(None, "删除？", danger=True) is True
        assert dialogs.ask_text(None, "改名", "名称") == "名字"
        assert dialogs.choose(None, "怎么办", [dialogs.Choice("a", "甲")]) is None
        dialogs.inform(None, "好了")
        dialogs.show_error(None, StorageError("磁盘已满", "请清理"))
    assert [kind for kind, _message in seen] == ["confirm", "text", "choose", "inform", "error"]


def test_an_unexpected_question_fails_the_test():
    with pytest.raises(AssertionError, match="unexpected"), dialogs.scripted():
        dialogs.confirm(None, "真的？")


def test_an_answer_nobody_asked_for_fails_the_test():
    with pytest.raises(AssertionError, match="nobody"), dialogs.scripted([True]):
        pass


def test_a_bug_is_not_shown_as_an_error_of_the_user():
    with dialogs.scripted(), pytest.raises(ZeroDivisionError):
        dialogs.show_error(None, ZeroDivisionError())


def answer(kind: type, act) -> None:
    """Act on the dialog once it is shown."""

    def look() -> None:
        found = QApplication.activeModalWidget()
        if isinstance(found, kind):
            act(found)
        else:
            QTimer.singleShot(0, look)

    QTimer.singleShot(0, look)


def test_enter_chooses_the_primary_button_and_escape_none(qtbot):
    answer(MessageDialog, lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Return))
    assert dialogs.confirm(None, "继续？", action="继续") is True
    answer(MessageDialog, lambda dialog: qtbot.keyClick(dialog, Qt.Key.Key_Escape))
    assert dialogs.confirm(None, "继续？") is False


def test_enter_does_not_carry_out_a_danger(qtbot):
    def press(dialog) -> None:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        if dialog.isVisible():
            dialog.reject()

    answer(MessageDialog, press)
    assert dialogs.confirm(None, "全部删除？", danger=True) is False


def test_a_text_that_is_refused_keeps_the_dialog_open(qtbot):
    problems: list[str] = []

    def refuse(text: str) -> None:
        if text == "x":
            raise InputError("太短。", "请再写。")

    def act(dialog: BaseDialog) -> None:
        field = dialog.findChild(QLineEdit)
        field.setText("x")
        dialog.accept_button.click()
        problems.append(dialog.problem())
        field.setText("xyz")
        dialog.accept_button.click()

    answer(BaseDialog, act)
    assert dialogs.ask_text(None, "改名", "名称", validate=refuse) == "xyz"
    assert problems == ["太短。 请再写。"]


def test_a_form_can_be_filled_by_a_script(qtbot):
    dialog = BaseDialog("新建")
    qtbot.addWidget(dialog)
    field = QLineEdit()
    dialog.body.addWidget(field)
    with dialogs.scripted([lambda form: form.findChild(QLineEdit).setText("甲") is None]):
        assert dialogs.run_form(dialog)
    assert field.text() == "甲"


def test_the_report_of_a_bug_can_be_copied(qtbot):
    dialog = CrashDialog("ValueError: <b>")
    qtbot.addWidget(dialog)
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == "ValueError: <b>"
    assert dialog.text.toPlainText() == "ValueError: <b>"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a/b\\c:d?.pdf", "a_b_c_d_.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("..", "_"),
        ("报告\u202efdp.pdf", "报告fdp.pdf"),
        ("x" * 300 + ".pdf", "x" * 80 + ".pdf"),
        (" . ", "_"),
    ],
)
def test_file_names_are_safe_everywhere(name, wanted):
    assert dialogs.safe_file_name(name) == wanted

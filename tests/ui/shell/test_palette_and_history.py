"""Search by pinyin initials, commands, and the journal for people."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, Qt
from PySide6.QtTest import QTest

from qihua_desktop.domain.errors import UndoConflict
from qihua_desktop.services import history, projects
from ui.common.dialogs import scripted
from ui.shell.main_window import MainWindow
from ui.shell.palette import Palette, Scope


def open_palette(window: MainWindow) -> Palette:
    """Open the palette by its shortcut and wait until its index is read."""
    QTest.keySequence(window, "Ctrl+K")
    QCoreApplication.processEvents()
    (palette,) = [one for one in window.findChildren(Palette) if one.isVisible()]
    return read(palette)


def read(palette: Palette) -> Palette:
    """Wait until everything is read in the background."""
    deadline = QDeadlineTimer(10_000)
    while not palette.is_ready and not deadline.hasExpired():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    assert palette.is_ready
    return palette


def test_pinyin_initials_find_a_task_and_enter_goes_to_its_project(window: MainWindow) -> None:
    palette = open_palette(window)
    QTest.keyClicks(palette.field, "wlsj")
    found = palette.entries()
    assert found[0].title.startswith("物料设计")
    assert "秋季新品快闪店" in found[0].details
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.host.current_key == "gantt"
    assert window.host.page("gantt").current_row().name == found[0].title  # type: ignore[attr-defined]


def test_a_project_is_found_in_chinese_and_opened(window: MainWindow) -> None:
    palette = open_palette(window)
    palette.field.setText("国潮")
    assert palette.entries()[0].icon == "folder-kanban"
    palette.run_current()
    assert window.host.current_key == "overview"
    assert window.header.title.full_text() == "Z 世代国潮偏好"


def test_commands_are_found_by_name_and_by_initials(window: MainWindow) -> None:
    palette = open_palette(window)
    for query in ("收起导航", "sqdhl"):
        palette.field.setText(query)
        assert palette.entries()[-1].title == "收起导航栏"
    palette.list.setCurrentRow(palette.list.count() - 1)
    palette.run_current()
    assert window.navigation.collapsed


def test_the_palette_is_there_before_everything_is_read_and_may_be_closed_at_once(window: MainWindow) -> None:
    QTest.keySequence(window, "Ctrl+K")
    palette = next(one for one in window.findChildren(Palette) if one.isVisible())
    assert not palette.is_ready
    palette.field.setText("收起导航")
    assert palette.entries()[0].title == "收起导航栏"
    palette.close()
    deadline = QDeadlineTimer(10_000)
    while window.context.jobs.running and not deadline.hasExpired():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    assert not window.context.jobs.running
    assert [one for one in window.findChildren(Palette) if one.isVisible()] == []


def test_nothing_found_is_said(window: MainWindow) -> None:
    palette = open_palette(window)
    palette.field.setText("没有这样的东西")
    assert palette.entries() == ()
    assert palette.nothing.isVisible()
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_ctrl_p_switches_the_project_and_stays_on_the_page(window: MainWindow) -> None:
    window.show_page("overview")
    palette = Palette(window.context, window.registry, window, scope=Scope.PROJECTS)
    palette.open_over(window)
    read(palette)
    assert len(palette.entries()) == len(projects.all_projects(window.context.session))
    palette.field.setText("qxsj")
    palette.run_current()
    assert window.header.title.full_text() == "七夕市集"
    assert window.host.current_key == "overview"


def test_history_shows_who_changed_what_from_what_to_what(window: MainWindow) -> None:
    session, project_id = window.context.session, window.context.project_id
    assert project_id is not None
    projects.update_project(session, project_id, venue="北广场")
    window.show_page("history")
    page = window.host.page("history")
    newest = page.model.rows[0]  # type: ignore[attr-defined]
    assert newest.entry.actor_name == "林晓岚"
    (change,) = history.entry_changes(session, newest.entry.seq)
    assert [(one.old, one.new) for one in change.fields] == [("恒隆广场中庭", "北广场")]


def test_return_to_an_earlier_state_is_asked_for_and_can_be_undone(window: MainWindow) -> None:
    session, project_id = window.context.session, window.context.project_id
    assert project_id is not None
    seq = history.history(session, limit=1)[0].seq
    projects.update_project(session, project_id, venue="北广场")
    projects.update_project(session, project_id, goal="别的目标")
    window.show_page("history")
    page = window.host.page("history")
    page.table.select_identity(seq)  # type: ignore[attr-defined]
    with scripted([True]) as seen:
        page.go_back_to_selected()  # type: ignore[attr-defined]
    assert seen[0][0] == "confirm"
    assert projects.project(session, project_id).venue == "恒隆广场中庭"
    QTest.keySequence(window, "Ctrl+Z")
    assert projects.project(session, project_id).venue == "北广场"
    assert projects.project(session, project_id).goal == "别的目标"


def test_history_of_a_project_holds_only_its_own(window: MainWindow) -> None:
    window.show_page("history")
    page = window.host.page("history")
    page.scope.set_current("project")  # type: ignore[attr-defined]
    assert {row.entry.project_id for row in page.model.rows} == {window.context.project_id}  # type: ignore[attr-defined]


def test_a_conflicting_undo_is_refused_by_name(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise UndoConflict("不能撤销", "请先撤销之后的改动", ("物料设计与制作",))

    monkeypatch.setattr(type(window.context.session.workspace), "undo", refuse)
    label = window.context.session.undo_label()
    with scripted() as seen:
        window.undo()
    assert seen == [("error", "不能撤销")]
    assert window.context.session.undo_label() == label

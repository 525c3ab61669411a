"""The main window: pages, project, profile, undo, windows of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QPlainTextEdit, QTextEdit

from qihua_desktop import app
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.services import projects
from qihua_desktop.services.today import pending_sign_offs
from ui.shell.main_window import MainWindow
from ui.shell.page_window import PageWindow
from ui.shell.palette import Palette

from .conftest import person_named

HOSTILE = "<img src=x></b>=cmd|' /C calc'!A0 \u202e中\U00020bb7\U0001f389" + "长" * 300


def event_project(window: MainWindow):
    """Return the sample's event project."""
    return next(one for one in projects.all_projects(window.context.session) if one.name == "秋季新品快闪店")


def test_the_next_active_event_is_the_project_shown_first(window: MainWindow) -> None:
    assert window.context.project_id is not None
    name = projects.project(window.context.session, window.context.project_id).name
    assert name == "秋季新品快闪店"
    assert window.host.current_key == "today"


@pytest.mark.parametrize("language", ["zh_CN", "en"], indirect=True)
def test_every_page_opens_and_everything_in_it_has_a_name(
    desktop: app.Desktop, open_window: Callable[[], MainWindow], language: str
) -> None:
    desktop.store.change(language=language)
    desktop.apply_settings()
    window = open_window()
    nameless: list[str] = []
    for page in desktop.registry:
        window.show_page(page.key)
        assert window.host.current_key == page.key
        nameless.extend(f"{page.key}: {one}" for one in _nameless(window))
    assert nameless == []


def _nameless(window: MainWindow) -> list[str]:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QTextEdit, QAbstractSpinBox)
    found: list[str] = []
    for kind in kinds:
        for widget in window.findChildren(kind):
            if not widget.isVisible() or widget.focusPolicy() is Qt.FocusPolicy.NoFocus:
                continue
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            if not (widget.accessibleName() or text):
                found.append(f"{type(widget).__name__} {widget.objectName()}")
    return found


def test_page_shortcuts_lead_to_their_pages(window: MainWindow) -> None:
    for page in window.registry:
        QTest.keySequence(window, page.shortcut)
        assert window.host.current_key == page.key


def test_back_and_forward_walk_through_the_pages_seen(window: MainWindow) -> None:
    window.show_page("people")
    window.show_page("history")
    QTest.keySequence(window, "Alt+Left")
    assert window.host.current_key == "people"
    QTest.keySequence(window, "Alt+Right")
    assert window.host.current_key == "history"


def test_ctrl_z_undoes_and_the_status_line_says_what(window: MainWindow) -> None:
    session, project = window.context.session, event_project(window)
    projects.update_project(session, project.id, name="冬季快闪店")
    window.refresh()
    assert "冬季快闪店" not in window.status.undo.text()
    assert window.status.undo.text().startswith("撤销：")
    window.show_page("overview")
    assert window.header.title.full_text() == "冬季快闪店"
    QTest.keySequence(window, "Ctrl+Z")
    window.refresh()
    assert window.header.title.full_text() == "秋季新品快闪店"
    assert window.status.redo.text().startswith("重做：")
    QTest.keySequence(window, "Ctrl+Shift+Z")
    assert projects.project(session, project.id).name == "冬季快闪店"
    QTest.keySequence(window, "Ctrl+Z")
    QTest.keySequence(window, "Ctrl+Y")
    assert projects.project(session, project.id).name == "冬季快闪店"


def test_undo_is_named_in_the_menu(window: MainWindow) -> None:
    label = window.context.session.undo_label()
    assert label is not None
    window.refresh()
    assert label in window.context.actions.get("edit.undo").text().replace("&&", "&")


def test_a_profile_is_switched_and_its_sign_offs_are_counted(window: MainWindow, desktop: app.Desktop) -> None:
    session = window.context.session
    waiting = pending_sign_offs(session)
    signer = next(one for one in window_people(window) if one.id == waiting[0].person_id)
    window.profile_menu.fill()
    action = next(one for one in window.profile_menu.actions() if one.text().startswith(signer.name))
    action.trigger()
    assert session.actor == signer
    mine = sum(1 for one in waiting if one.person_id == signer.id)
    assert window.navigation.button("approvals").badge() == str(mine)
    assert desktop.store.profile_of(session.workspace.path) == signer.id
    window.show_page("approvals")
    page = window.host.page("approvals")
    assert len(page.mine.buttons()) == mine  # type: ignore[attr-defined]


def window_people(window: MainWindow):
    """Return everybody of the sample."""
    from qihua_desktop.services import people

    return people.list_people(window.context.session)


def test_a_row_of_today_leads_to_its_project(window: MainWindow) -> None:
    page = window.host.page("today")
    row = page.running.buttons()[0]  # type: ignore[attr-defined]
    row.setFocus()
    QTest.keyClick(row, Qt.Key.Key_Return)
    assert window.host.current_key == "overview"


def test_a_window_of_its_own_keeps_its_project_and_follows_changes(window: MainWindow) -> None:
    window.show_page("overview")
    project = event_project(window)
    QTest.keySequence(window, "Ctrl+Shift+W")
    own = window.windows[0]
    assert isinstance(own, PageWindow)
    other = next(one for one in projects.all_projects(window.context.session) if one.id != project.id)
    window.context.choose_project(other.id)
    assert own.project_id == project.id
    assert own.header.title.full_text() == project.name
    projects.update_project(window.context.session, project.id, name="改名的快闪店")
    assert own.header.title.full_text() == "改名的快闪店"
    QTest.keySequence(own, "Ctrl+Z")
    assert own.header.title.full_text() == project.name
    window.open_page_window()
    assert len(window.windows) == 2
    window.windows[1].close()
    assert window.windows == [own]


def test_windows_of_their_own_close_with_the_main_window(window: MainWindow, desktop: app.Desktop) -> None:
    window.show_page("people")
    window.open_page_window()
    own = window.windows[0]
    assert own.isVisible()
    desktop.leave()
    assert not own.isVisible()


def test_a_window_closes_when_its_project_is_deleted(window: MainWindow) -> None:
    window.show_page("overview")
    window.open_page_window()
    projects.delete_project(window.context.session, event_project(window).id)
    assert window.windows == []
    window.refresh()
    assert window.context.project_id is not None


def test_hostile_names_show_literally(window: MainWindow) -> None:
    projects.update_project(window.context.session, event_project(window).id, name=HOSTILE)
    window.show_page("overview")
    window.refresh()
    shown = window.header.title.full_text()
    assert shown.startswith("<img src=x></b>=cmd|")
    for page in window.registry:
        window.show_page(page.key)
        window.grab()
    window.show_palette()
    QCoreApplication.processEvents()
    (palette,) = window.findChildren(Palette)
    while not palette.is_ready and window.context.jobs.running:
        QCoreApplication.processEvents()
    palette.field.setText("<img")
    assert any(entry.title.startswith("<img src=x>") for entry in palette.entries())
    palette.grab()
    palette.close()


def test_place_and_page_come_back(open_window: Callable[[], MainWindow], desktop: app.Desktop) -> None:
    window = open_window()
    window.show_page("templates")
    window.toggle_navigation()
    assert window.navigation.collapsed
    desktop.close_workspace()
    again = open_window()
    assert again.host.current_key == "templates"
    assert again.navigation.collapsed


def test_the_navigation_lists_only_pages_that_exist(window: MainWindow) -> None:
    for page in window.registry:
        assert window.navigation.button(page.key).text() == page.title
        page.load()


def test_arrow_keys_move_through_the_navigation(window: MainWindow) -> None:
    first = window.navigation.button("today")
    first.setFocus()
    QTest.keyClick(first, Qt.Key.Key_Down)
    assert window.navigation.button("projects").hasFocus()
    QTest.keyClick(window.navigation.button("projects"), Qt.Key.Key_Return)
    assert window.host.current_key == "projects"


def test_project_pages_follow_a_deleted_last_project(window: MainWindow) -> None:
    session = window.context.session
    for project in projects.all_projects(session):
        projects.delete_project(session, project.id)
    window.refresh()
    assert window.context.project_id is None
    assert not window.navigation.button("overview").isEnabled()
    window.show_page("overview")
    assert window.host.current_key == "projects"


def test_the_kind_filter_keeps_only_that_kind(window: MainWindow) -> None:
    window.show_page("projects")
    page = window.host.page("projects")
    page.kinds.set_current(ProjectKind.BRAND.value)  # type: ignore[attr-defined]
    shown = [page.proxy.index(at, 0).data() for at in range(page.proxy.rowCount())]  # type: ignore[attr-defined]
    expected = [one.name for one in projects.all_projects(window.context.session) if one.kind is ProjectKind.BRAND]
    assert sorted(shown) == sorted(expected)
    page.search.setText("没有这个项目")  # type: ignore[attr-defined]
    page._apply_filter()  # type: ignore[attr-defined]
    assert page.stack.currentWidget() is page.nothing  # type: ignore[attr-defined]
    page.nothing.action.click()  # type: ignore[attr-defined]
    assert page.proxy.rowCount() == len(projects.all_projects(window.context.session))  # type: ignore[attr-defined]


def test_the_person_who_works_is_chosen_again_next_time(
    window: MainWindow, desktop: app.Desktop, workspace_file: Path
) -> None:
    director = person_named(window.context.session, "沈知远")
    window.context.choose_actor(director)
    desktop.close_workspace()
    assert desktop.open_path(workspace_file)
    assert desktop.session is not None
    assert desktop.session.actor == director


def test_every_page_stands_in_a_window_of_its_own(window: MainWindow, desktop: app.Desktop) -> None:
    for page in desktop.registry:
        window.show_page(page.key)
        window.open_page_window()
    assert [own.spec.key for own in window.windows] == [page.key for page in desktop.registry]
    projects.update_project(window.context.session, event_project(window).id, name="处处可见的新名字")
    for own in tuple(window.windows):
        own.grab()
        own.close()
    assert window.windows == []


def test_a_small_window_cuts_nothing_off(window: MainWindow) -> None:
    window.navigation.set_collapsed(collapsed=True)
    window.resize(960, 500)
    for page in window.registry:
        window.show_page(page.key)
        assert window.width() == 960, page.key
        assert window.host.width() <= 960


def test_rows_are_revealed_where_they_are(window: MainWindow) -> None:
    session = window.context.session
    director = person_named(session, "沈知远")
    window.go_to("people", director.id)
    assert window.host.page("people").table.selected_rows() == (director,)  # type: ignore[attr-defined]
    other = next(one for one in projects.all_projects(session) if one.id != window.context.project_id)
    window.go_to("overview", (other.id, None))
    assert window.context.project_id == other.id


def test_who_works_is_kept_as_stored_through_undo_and_removal(window: MainWindow) -> None:
    from qihua_desktop.services import people

    session = window.context.session
    assert session.actor is not None
    people.update_person(session, session.actor.id, title="高级企划经理")
    assert window.context.session.actor.title == "高级企划经理"  # type: ignore[union-attr]
    QTest.keySequence(window, "Ctrl+Z")
    assert window.context.session.actor.title == "企划经理"  # type: ignore[union-attr]
    people.update_person(session, session.actor.id, has_profile=False)
    assert window.context.session.actor is None
    assert window.navigation.profile_button.accessibleName().startswith("身份：选择身份")

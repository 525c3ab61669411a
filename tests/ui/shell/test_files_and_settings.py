"""Opening whatever the file is, passwords, backups, settings, start screen."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from qihua_desktop import app
from qihua_desktop.domain.errors import WrongPassword
from qihua_desktop.i18n import current_language
from qihua_desktop.services import projects
from qihua_desktop.services.settings import company
from ui.common.dialogs import scripted
from ui.shell.about_dialog import versions_text
from ui.shell.main_window import MainWindow
from ui.shell.password_dialogs import NewPasswordDialog, RecoveryCodeDialog, UnlockDialog
from ui.shell.restore_dialog import RestoreDialog
from ui.shell.settings_dialog import SettingsDialog

PASSWORD = "四个词 组成 一句 好记的话"


def rename_event(window: MainWindow, name: str) -> None:
    """Rename the project shown."""
    assert window.context.project_id is not None
    projects.update_project(window.context.session, window.context.project_id, name=name)


def test_a_backup_is_restored_and_the_former_file_kept(window: MainWindow, desktop: app.Desktop) -> None:
    path = window.context.session.workspace.path
    assert desktop.files.back_up(window.context.session) is not None
    rename_event(window, "改坏了")
    seen_projects: list[tuple[str, ...]] = []

    def choose(dialog: RestoreDialog) -> bool:
        oldest = dialog.model.rows[-1]
        dialog.table.select_identity(oldest.path)
        assert dialog.chosen is not None
        seen_projects.append(dialog.chosen.projects)
        assert "秋季新品快闪店" in dialog.projects.full_text()
        return True

    with scripted([choose]) as seen:
        assert desktop.restore(window)
    assert seen[-1][0] == "inform"
    assert desktop.session is not None
    names = {one.name for one in projects.all_projects(desktop.session)}
    assert "秋季新品快闪店" in names
    assert "改坏了" not in names
    assert len(list(path.parent.glob("*.qihua"))) >= 1


def test_closing_makes_a_backup_of_what_changed(window: MainWindow, desktop: app.Desktop, workspace_file: Path) -> None:
    rename_event(window, "改名的快闪店")
    desktop.close_workspace()
    newest = desktop.files.backups(workspace_file)[0]
    assert "改名的快闪店" in newest.projects
    assert desktop.start is not None
    assert desktop.start.rows[0].text() == workspace_file.stem


def test_a_workspace_open_elsewhere_can_be_viewed(desktop: app.Desktop, workspace_file: Path, tmp_path: Path) -> None:
    owner = desktop.files.open(workspace_file)
    with scripted(["view"]) as seen:
        assert desktop.open_path(workspace_file)
    assert seen[0][0] == "choose"
    window = desktop.window
    assert window is not None
    assert window.banner.isVisible()
    assert not window.context.actions.get("project.new").isEnabled()
    for page in desktop.registry:
        window.show_page(page.key)
    name = "看得见的改动"
    first = projects.all_projects(owner)[0]
    projects.update_project(owner, first.id, name=name)
    desktop._follow_owner()
    assert name in {one.name for one in projects.all_projects(window.context.session)}
    owner.workspace.close()


def test_a_file_that_is_no_workspace_is_named_as_such(desktop: app.Desktop, tmp_path: Path) -> None:
    other = tmp_path / "报告.qihua"
    other.write_bytes(b"%PDF-1.7 something else entirely" * 20)
    desktop.show_start()
    with scripted() as seen:
        assert not desktop.open_path(other)
    assert seen[0][0] == "error"
    assert "报告.qihua" in seen[0][1]
    with scripted() as seen:
        assert not desktop.open_path(tmp_path / "没有.qihua")
    assert seen[0][0] == "error"


def test_a_damaged_file_offers_its_backups(desktop: app.Desktop, window: MainWindow, workspace_file: Path) -> None:
    rename_event(window, "好的状态")
    desktop.close_workspace()
    content = bytearray(workspace_file.read_bytes())
    del content[len(content) // 2 :]
    workspace_file.write_bytes(bytes(content))

    def choose(dialog: RestoreDialog) -> bool:
        assert dialog.chosen is not None
        return True

    with scripted(["restore", choose]) as seen:
        assert desktop.open_path(workspace_file)
    assert [kind for kind, _message in seen][:2] == ["choose", "form"]
    assert desktop.session is not None
    assert "好的状态" in {one.name for one in projects.all_projects(desktop.session)}


def test_a_password_is_set_asked_for_and_replaced_with_the_code(
    window: MainWindow, desktop: app.Desktop, workspace_file: Path
) -> None:
    codes: list[str] = []

    def set_it(dialog: NewPasswordDialog) -> bool:
        dialog.new.setText("1")
        dialog.again.setText("1")
        dialog.accept()
        assert dialog.problem() != ""
        dialog.new.setText(PASSWORD)
        dialog.again.setText(PASSWORD)
        dialog.accept()
        return True

    def keep(dialog: RecoveryCodeDialog) -> bool:
        assert not dialog.accept_button.isEnabled()
        dialog.kept.setChecked(True)
        codes.append(dialog.field.toPlainText())
        return True

    desktop.files.back_up(window.context.session)
    with scripted([set_it, keep, True]) as seen:
        window.context.actions.trigger("file.password")
    assert seen[-1][0] == "confirm"
    assert desktop.files.is_encrypted(window.context.session)
    assert desktop.files.readable_backups(window.context.session) == 0
    assert desktop.files.backups(workspace_file, password=PASSWORD)[0].encrypted
    desktop.close_workspace()

    def guess_then_know(dialog: UnlockDialog) -> bool:
        dialog.field.setText("falsch")
        dialog.accept()
        assert dialog.problem() != ""
        dialog.field.setText(PASSWORD)
        dialog.accept()
        return dialog.session is not None

    with scripted([guess_then_know]):
        assert desktop.open_path(workspace_file)
    desktop.close_workspace()

    def forget(dialog: UnlockDialog) -> bool:
        dialog.use_code()
        dialog.field.setText(codes[0])
        dialog.accept()
        return dialog.session is not None

    def set_other(dialog: NewPasswordDialog) -> bool:
        dialog.new.setText(PASSWORD + "二")
        dialog.again.setText(PASSWORD + "二")
        dialog.accept()
        return True

    with scripted([forget, set_other, keep]):
        assert desktop.open_path(workspace_file)
    desktop.close_workspace()
    with pytest.raises(WrongPassword):
        desktop.files.open(workspace_file, password=PASSWORD)
    desktop.files.open(workspace_file, password=PASSWORD + "二").workspace.close()


def test_a_copy_is_saved_and_opens(window: MainWindow, desktop: app.Desktop, tmp_path: Path) -> None:
    with scripted([tmp_path / "副本"]):
        window.context.actions.trigger("file.copy")
    copy = tmp_path / "副本.qihua"
    assert copy.is_file()
    session = desktop.files.open(copy)
    assert len(projects.all_projects(session)) == len(projects.all_projects(window.context.session))
    session.workspace.close()


def test_compacting_tells_the_sizes(window: MainWindow) -> None:
    with scripted() as seen:
        window.context.actions.trigger("file.compact")
    assert seen[0][0] == "inform"


def test_a_new_workspace_begins_empty_and_usable(desktop: app.Desktop, tmp_path: Path) -> None:
    desktop.show_start()
    with scripted([tmp_path / "新部门.qihua"]):
        assert desktop.new_workspace(desktop.start)
    window = desktop.window
    assert window is not None
    assert desktop.start is None
    for page in desktop.registry:
        window.show_page(page.key)
        window.grab()
    assert window.host.current_key in desktop.registry
    assert desktop.store.recent_files()[0].name == "新部门.qihua"


def test_the_language_switches_and_the_windows_are_made_anew(window: MainWindow, desktop: app.Desktop) -> None:
    window.show_page("people")

    def english(dialog: SettingsDialog) -> bool:
        dialog.language.select("en")
        dialog.theme.set_current("dark")
        dialog.name.setText("Acme & Co <b>")
        dialog.accept()
        return True

    with scripted([english]):
        window.context.actions.trigger("file.settings")
    assert current_language() == "en"
    again = desktop.window
    assert again is not None
    assert again is not window
    assert again.host.current_key == "people"
    assert again.navigation.button("people").text() == "People"
    assert again.context.theme.is_dark
    assert company(again.context.session).name == "Acme & Co <b>"
    assert desktop.store.settings.language == "en"


def test_a_backup_folder_that_cannot_be_used_is_refused(
    window: MainWindow, desktop: app.Desktop, tmp_path: Path
) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("x")
    dialog = SettingsDialog(desktop, window.context, window)
    dialog.folder.field.setText(str(blocker / "backups"))
    dialog.accept()
    assert dialog.problem() != ""
    dialog.deleteLater()


def test_the_start_screen_lists_opens_and_forgets(desktop: app.Desktop, workspace_file: Path, tmp_path: Path) -> None:
    desktop.store.add_recent(tmp_path / "不见了.qihua")
    desktop.store.add_recent(workspace_file)
    desktop.show_start()
    start = desktop.start
    assert start is not None
    assert [row.text() for row in start.rows] == [workspace_file.stem, "不见了"]
    start._forget(tmp_path / "不见了.qihua")
    assert len(start.rows) == 1
    start.rows[0].click()
    assert desktop.window is not None
    assert desktop.start is None


def test_the_sample_opens_from_the_start_screen(desktop: app.Desktop, isolated_home: Path) -> None:
    desktop.show_start()
    assert desktop.start is not None
    desktop.start.demo_button.click()
    assert desktop.session is not None
    assert len(projects.all_projects(desktop.session)) >= 3


def test_every_action_has_a_place_in_a_menu_and_no_two_share_keys(window: MainWindow) -> None:
    in_menus = {action.objectName() for menu in window.menus for action in menu.actions() if action.objectName()}
    every = {action.id for action in window.context.actions.all()}
    assert every - in_menus <= {"view.menu", "profile.switch", "project.export"} | {"project.export"}
    assert window.context.actions.conflicts() is not None


def test_about_names_every_library() -> None:
    text = versions_text()
    for name in ("PySide6", "apsw-sqlite3mc", "peewee", "reportlab", "argon2-cffi", "pypinyin"):
        assert name in text


def test_opening_the_same_file_again_only_raises_it(
    window: MainWindow, desktop: app.Desktop, workspace_file: Path
) -> None:
    assert desktop.open_path(workspace_file)
    assert desktop.window is window


def test_a_copy_of_the_open_file_replaces_it(
    window: MainWindow, desktop: app.Desktop, workspace_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "另一个.qihua"
    shutil.copyfile(workspace_file, other)
    assert desktop.open_path(other, window)
    assert desktop.window is not None
    assert desktop.window is not window
    assert desktop.session is not None
    assert desktop.session.workspace.path.name == "另一个.qihua"


def test_shortcut_list_holds_every_key(window: MainWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[int] = []

    def count(listing: QWidget) -> int:
        shown.append(listing.table.model().rowCount())  # type: ignore[attr-defined]
        return 0

    monkeypatch.setattr("ui.common.shortcut_list.ShortcutList.exec", count)
    window.context.actions.trigger("help.shortcuts")
    assert shown[0] >= sum(1 for action in window.context.actions.all() if action.shortcut)

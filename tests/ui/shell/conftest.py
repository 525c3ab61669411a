"""The running program over a copy of the sample workspace, at the fixed moment of the pictures."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from qihua_desktop import app, i18n
from qihua_desktop.domain.people import Person
from qihua_desktop.services import people
from qihua_desktop.settings_store import SettingsStore
from qihua_desktop.workspace_files import make_demo
from ui.shell.main_window import MainWindow

NOW = datetime(2026, 9, 9, 10, 42, 7)


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample workspace, built once; copy it before opening."""
    i18n.set_language("zh_CN")
    path = tmp_path_factory.mktemp("demo") / "企划部.qihua"
    make_demo(path, NOW.date())
    return path


@pytest.fixture
def workspace_file(demo_file: Path, tmp_path: Path) -> Path:
    """Return a copy of the sample workspace of this test's own."""
    target = tmp_path / demo_file.name
    shutil.copyfile(demo_file, target)
    return target


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path) -> Iterator[app.Desktop]:
    """Return the program with no workspace open."""
    store = SettingsStore(tmp_path / "config" / "settings.json")
    store.change(language="zh_CN", theme="light", backup_folder=str(tmp_path / "backups"))
    store.write("shell/collapsed", "0")
    app.build_application([], store)
    running = app.Desktop(qapp, store)
    yield running
    running.leave()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def open_window(desktop: app.Desktop, workspace_file: Path) -> Callable[[], MainWindow]:
    """Return a function that opens the sample workspace as its planning manager."""

    def open_it() -> MainWindow:
        session = desktop.files.open(workspace_file)
        session.local_now = lambda: NOW
        session.actor = person_named(session, "林晓岚")
        window = desktop.show_session(session, workspace_file)
        window.resize(1440, 900)
        return window

    return open_it


@pytest.fixture
def window(open_window: Callable[[], MainWindow]) -> MainWindow:
    """Return the main window over the sample workspace."""
    return open_window()


def person_named(session: object, name: str) -> Person:
    """Return a person of the sample by name."""
    return next(one for one in people.list_people(session) if one.name == name)  # type: ignore[arg-type]

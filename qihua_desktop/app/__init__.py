"""The only wiring place: puts settings, files, windows and pages together and runs them."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from db.lock import OwnerLock, acquire
from qihua_desktop import __version__, log, paths
from qihua_desktop.domain.errors import ReadOnlyWorkspace, WorkspaceLocked
from qihua_desktop.i18n import current_language, set_language
from qihua_desktop.settings_store import SettingsStore
from ui.common.theme import set_ui_scale, theme
from ui.shell.crash import CrashGuard
from ui.shell.single_instance import hand_over

from .desktop import Desktop
from .look import dress
from .pages import page_registry

__all__ = ["Desktop", "build_application", "dress", "page_registry", "run"]

_PATIENCE_S = 3
_PAUSE_S = 0.1
_LISTEN_MS = 500
_SETTLED_MS = 1_000


def build_application(argv: Sequence[str], store: SettingsStore) -> QApplication:
    """Make the QApplication in the user's scale, language and theme."""
    settings = store.settings
    if not QApplication.instance():
        set_ui_scale(settings.scale)
    set_language(settings.language)
    application = QApplication.instance() or QApplication(theme().arguments(argv))
    assert isinstance(application, QApplication)
    application.setApplicationName("qihua-desktop")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("qihua-desktop")
    dress(application, settings.theme)
    return application


def run(path: Path | None = None) -> int:
    """Run the program until its last window is closed; returns the exit code."""
    log.start(paths.log_file())
    store = SettingsStore(paths.settings_file())
    application = build_application(sys.argv[:1], store)
    goes_on, place = _take_place(path)
    if not goes_on:
        return 0
    guard = CrashGuard(application)
    guard.install(paths.fault_file())
    desktop = Desktop(application, store)
    application.setQuitOnLastWindowClosed(False)
    if path is None or not desktop.open_path(path):
        desktop.show_start()
    QTimer.singleShot(_LISTEN_MS, desktop, desktop.listen)
    QTimer.singleShot(_SETTLED_MS, _collect_garbage)
    code = application.exec()
    if place is not None:
        place.release()
    guard.remove()
    log.stop()
    return code


def _take_place(path: Path | None) -> tuple[bool, OwnerLock | None]:
    """Return whether this program goes on, and its place as the one that runs; otherwise its file was handed over.

    Whoever has the place listens for later starts once its window is there; a program that is ending gives it free.
    """
    file = paths.settings_file().with_name("running")
    waiting_until = time.monotonic() + _PATIENCE_S
    while True:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            return True, acquire(file)
        except (OSError, ReadOnlyWorkspace):  # no place can be kept here
            return not hand_over(path), None
        except WorkspaceLocked:
            if hand_over(path):
                return False, None
            if time.monotonic() > waiting_until:
                return True, None
        time.sleep(_PAUSE_S)


def _collect_garbage() -> None:
    """Let the collector work from now on; what the start made is kept out of its rounds."""
    gc.freeze()
    gc.enable()


def self_test_window(path: Path, pdf: Path) -> str:
    """Open a workspace in the real window without a screen, show every page and preview a PDF; for the self-test."""
    from ui.shell import self_check

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    store = SettingsStore(path.parent / "settings.json")
    application = build_application(sys.argv[:1], store)
    found = [self_check.check_qt(application, chinese=current_language() == "zh_CN"), self_check.check_preview(pdf)]
    desktop = Desktop(application, store)
    if not desktop.open_path(path) or desktop.window is None:
        raise RuntimeError("the window did not open")
    found.append(self_check.check_pages(desktop.window, [page.key for page in desktop.registry]))
    desktop.close_workspace()
    desktop.quit()
    return ", ".join(found)

"""The program as it runs, for the tests that go through whole windows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from qihua_desktop import app
from qihua_desktop.settings_store import SettingsStore


@pytest.fixture
def desktop(qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[app.Desktop]:
    store = SettingsStore(tmp_path / "config" / "settings.json")
    store.change(language="zh_CN", theme="light", backup_folder=str(tmp_path / "backups"))
    app.build_application([], store)
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(_open_nothing))
    running = app.Desktop(qapp, store)
    yield running
    running.leave()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _open_nothing(_url: QUrl) -> bool:
    return True

"""Per-machine settings, log, crashes, start-up, one running program."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from qihua_desktop import log, paths
from qihua_desktop.settings_store import SCALES, MachineSettings, SettingsStore
from ui.shell.crash import CrashGuard
from ui.shell.single_instance import InstanceServer, hand_over

ROOT = Path(__file__).resolve().parents[3]


def test_settings_survive_a_restart(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "a" / "settings.json")
    store.change(theme="dark", language="en", scale=150)
    store.write("columns/projects", '{"widths": {}}')
    store.add_recent(tmp_path / "一.qihua")
    store.remember_profile(tmp_path / "一.qihua", b"\x01\x02")
    store.flush()
    again = SettingsStore(tmp_path / "a" / "settings.json")
    assert again.settings == MachineSettings("dark", "en", 150)
    assert again.read("columns/projects") == '{"widths": {}}'
    assert again.recent_files() == (tmp_path / "一.qihua",)
    assert again.profile_of(tmp_path / "一.qihua") == b"\x01\x02"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=5),
    )
)
def test_any_content_of_the_settings_file_gives_usable_settings(
    tmp_path_factory: pytest.TempPathFactory, content
) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_text(json.dumps({"settings": content, "recent": content, "views": content, "profiles": content}))
    settings = SettingsStore(path).settings
    assert settings.theme in ("system", "light", "dark")
    assert settings.scale in SCALES
    path.write_text(json.dumps(content))
    SettingsStore(path).write("a", "b")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[]", b'{"settings": {"scale": 9}}'])
def test_a_damaged_settings_file_gives_the_usual_settings(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert SettingsStore(path).settings == MachineSettings()


def test_a_value_out_of_range_is_a_mistake_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        SettingsStore(tmp_path / "settings.json").change(scale=73)


def test_an_unwritable_folder_costs_the_settings_only(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("x")
    store = SettingsStore(blocker / "settings.json")
    store.change(theme="dark")
    assert store.settings.theme == "dark"


def test_recent_files_are_few_and_without_repeats(tmp_path: Path) -> None:
    store = SettingsStore(tmp_path / "settings.json")
    for number in [*range(15), 3]:
        store.add_recent(tmp_path / f"{number}.qihua")
    names = [path.stem for path in store.recent_files()]
    assert names[:2] == ["3", "14"]
    assert len(names) == len(set(names)) == 10


@pytest.mark.parametrize(
    "text",
    [
        "guest “张三丰” called",
        "phone 138 0000 0000 and 13800000000",
        "mail zhang.san@example.com",
        "KeyError: '张三'",
        "file HOME/secret.qihua",
        "姓名张三 in plain text",
    ],
)
def test_the_log_holds_no_personal_data(text: str) -> None:
    shown = log.without_personal_data(text.replace("HOME", str(Path.home())))
    for part in ("张三", "1380000", "zhang", str(Path.home())):
        assert part not in shown


def test_exceptions_are_logged_as_places_without_messages(tmp_path: Path) -> None:
    path = tmp_path / "logs" / "qihua.log"
    log.start(path)
    try:
        try:
            raise KeyError("王五的手机号")
        except KeyError:
            logging.getLogger("qihua.test").info("failed", exc_info=True)
    finally:
        log.stop()
    text = path.read_text(encoding="utf-8")
    assert "KeyError" in text
    assert "test_machine.py" in text
    assert "王五" not in text


@pytest.mark.expected_log("unexpected")
def test_an_exception_in_a_thread_is_shown_once_and_logged(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class FakeDialog:
        def __init__(self, text: str, _parent: object) -> None:
            shown.append(text)

        def exec(self) -> int:
            return 0

        def deleteLater(self) -> None:
            shown.append("gone")

    monkeypatch.setattr("ui.common.dialog_base.CrashDialog", FakeDialog)
    guard = CrashGuard()
    guard.install()
    try:
        thread = threading.Thread(target=lambda: {}["李四"])  # type: ignore[index]
        thread.start()
        thread.join()
        QCoreApplication.processEvents()
    finally:
        guard.remove()
    assert "KeyError" in shown[0]
    assert "李四" not in shown[0]
    assert shown[1:] == ["gone"]


def test_a_second_start_hands_its_file_over(qapp: QApplication, isolated_home: Path, tmp_path: Path) -> None:
    got: list[Path | None] = []
    assert not hand_over(None)
    server = InstanceServer(got.append)
    assert hand_over(tmp_path / "一.qihua")
    assert hand_over(None)
    for _round in range(50):
        QCoreApplication.processEvents()
    server.close()
    assert got == [tmp_path / "一.qihua", None]


def test_nothing_heavy_is_loaded_before_the_window_is_painted(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from qihua_desktop import app, paths
from qihua_desktop.settings_store import SettingsStore
from qihua_desktop.workspace_files import make_demo
from datetime import date
path = Path(sys.argv[1])
if sys.argv[2] == "make":
    make_demo(path, date(2026, 9, 9))
    sys.exit(0)
application = app.build_application(["qihua"], SettingsStore(paths.settings_file()))
desktop = app.Desktop(application, SettingsStore(paths.settings_file()))
assert desktop.open_path(path)
application.processEvents()
heavy = (
    "reportlab", "openpyxl", "xlsxwriter", "pypinyin", "argon2", "PIL", "html", "tomllib", "logging.handlers",
    "PySide6.QtPdf", "PySide6.QtPrintSupport", "PySide6.QtNetwork", "ui.common.fields", "ui.common.tables",
    "ui.common.dialog_base", "ui.common.delegates", "ui.shell.palette", "ui.shell.wizard", "ui.shell.start_window",
    "ui.gantt.page", "ui.budget.page", "ui.review.page", "ui.survey.page", "qihua_desktop.domain.schedule",
    "qihua_desktop.domain.survey", "qihua_desktop.domain.budget", "qihua_desktop.domain.workflow", "db.backup",
    "qihua_desktop.services.templates", "qihua_desktop.reports", "qihua_desktop.exchange",
)
print([name for name in heavy if name in sys.modules])
desktop.leave()
"""
    results = [
        subprocess.run(
            [sys.executable, "-c", script, str(tmp_path / "示例.qihua"), step],
            cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8",
        )
        for step in ("make", "show")
    ]  # fmt: skip
    assert results[1].stdout.strip() == "[]"


def test_own_files_stay_in_the_users_folders(isolated_home: Path) -> None:
    for path in (paths.settings_file(), paths.log_file(), paths.default_backup_folder(), paths.demo_file()):
        assert path.is_relative_to(isolated_home)

"""A machine that lacks something is told so in one line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tools import bootstrap, system_libraries


def test_missing_libraries_are_named_with_their_packages_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries.sys, "platform", "linux")
    monkeypatch.setattr(
        system_libraries, "_loads", lambda library: library not in {"libEGL.so.1", "libxcb-cursor.so.0"}
    )
    monkeypatch.setattr(
        system_libraries.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None
    )
    without, with_display = system_libraries.advice(display=False), system_libraries.advice(display=True)
    assert without.endswith("apt-get install -y libegl1")
    assert with_display.endswith("apt-get install -y libegl1 libxcb-cursor0")
    assert "\n" not in with_display


def test_a_complete_machine_is_told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_libraries, "_loads", lambda _library: True)
    assert system_libraries.advice(display=True) == ""


@pytest.mark.parametrize(
    ("environment", "expected"), [({}, False), ({"DISPLAY": ":0"}, True), ({"WAYLAND_DISPLAY": "wayland-0"}, True)]
)
def test_a_display_is_found_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: bool
) -> None:
    monkeypatch.setattr(system_libraries.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert system_libraries.has_display() is expected


def test_an_old_python_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST_PYTHON", (sys.version_info[0], sys.version_info[1] + 1))
    monkeypatch.setattr(sys, "argv", ["bootstrap.py"])
    assert bootstrap.main() == 1
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_changed_lock_file_is_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "ROOT", str(tmp_path))
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", str(tmp_path / ".venv"))
    monkeypatch.setattr(bootstrap, "environment_python", lambda: sys.executable)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "requirements.txt").write_text("a==1\n", "utf-8")
    assert not bootstrap._is_installed("requirements.txt")
    Path(bootstrap._stamp("requirements.txt")).write_text(bootstrap._digest("requirements.txt"), "utf-8")
    assert bootstrap._is_installed("requirements.txt")
    (tmp_path / "requirements.txt").write_text("a==2\n", "utf-8")
    assert not bootstrap._is_installed("requirements.txt")


def test_opening_a_window_without_a_display_is_refused_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(system_libraries, "_loads", lambda _library: True)
    monkeypatch.setattr(system_libraries.sys, "platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "argv", ["system_libraries.py", "--display"])
    assert system_libraries.main() == 1
    assert len(capsys.readouterr().err.splitlines()) == 1

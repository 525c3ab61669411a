"""Common rules of all tests: an isolated home, one language, no stray windows, no unexpected log records."""

from __future__ import annotations

import logging
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from qihua_desktop import i18n

# Set before anything of Qt is loaded: no test may open a real window or read this user's settings.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.pop("QT_STYLE_OVERRIDE", None)
os.environ.pop("QT_SCALE_FACTOR", None)
_SESSION_HOME = tempfile.TemporaryDirectory(prefix="qihua-tests-", ignore_cleanup_errors=True)

_HOME_FOLDERS = {
    "HOME": "",
    "USERPROFILE": "",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_DOCUMENTS_DIR": "Documents",
}
# Tooltips close by a timer of their own.
_PASSING_WINDOWS = {"QTipLabel"}

settings.register_profile("suite", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("suite"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "suite")


def _home_environment(home: Path) -> Iterator[tuple[str, str]]:
    for variable, folder in _HOME_FOLDERS.items():
        path = home / folder
        path.mkdir(parents=True, exist_ok=True)
        yield variable, str(path)


def pytest_configure() -> None:
    """Send everything that starts before the first test, and font caches, to a home of this run."""
    session_home = Path(_SESSION_HOME.name)
    for variable, path in _home_environment(session_home):
        os.environ[variable] = path
    os.environ["XDG_CACHE_HOME"] = str(session_home / ".cache")


def pytest_unconfigure() -> None:
    """Remove the home of this run."""
    _SESSION_HOME.cleanup()


@pytest.fixture(autouse=True)
def isolated_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give each test an empty home folder, with its settings, data and documents folders."""
    home = tmp_path_factory.mktemp("home")
    for variable, path in _home_environment(home):
        monkeypatch.setenv(variable, path)
    return home


@pytest.fixture(autouse=True)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run the test in Chinese, or in the language of its ``language`` marker or parameter."""
    marker = request.node.get_closest_marker("language")
    wanted: str = getattr(request, "param", marker.args[0] if marker else "zh_CN")
    yield i18n.set_language(wanted)
    i18n.set_language(wanted)


@pytest.fixture
def use_language() -> Iterator[Callable[[str], str]]:
    """Return a function that switches the language within a test."""
    before = i18n.current_language()
    yield i18n.set_language
    i18n.set_language(before)


class _Collector(logging.Handler):
    """Keeps the records that a test has to answer for."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that logs a warning or worse without naming it by ``expected_log``, or names one in vain."""
    patterns: list[str] = [marker.args[0] for marker in request.node.iter_markers("expected_log")]
    collector = _Collector()
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    stray = [text for text in collector.texts if not any(re.search(pattern, text) for pattern in patterns)]
    absent = [pattern for pattern in patterns if not any(re.search(pattern, text) for text in collector.texts)]
    if stray:
        pytest.fail("unexpected log records:\n" + "\n".join(stray), pytrace=False)
    if absent:
        pytest.fail("expected log records did not come:\n" + "\n".join(absent), pytrace=False)


@pytest.fixture(autouse=True)
def no_stray_windows() -> Iterator[None]:
    """Fail a test after which a window is still on the screen, and close it."""
    yield
    widgets = sys.modules.get("PySide6.QtWidgets")
    core = sys.modules.get("PySide6.QtCore")
    if widgets is None or core is None or widgets.QApplication.instance() is None:
        return
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    stray = [
        window
        for window in widgets.QApplication.topLevelWidgets()
        if window.isVisible() and window.metaObject().className() not in _PASSING_WINDOWS
    ]
    names = [f"{window.metaObject().className()} “{window.windowTitle()}”" for window in stray]
    for window in stray:
        window.hide()
        window.deleteLater()
    core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
    if names:
        pytest.fail("windows left open: " + ", ".join(names), pytrace=False)

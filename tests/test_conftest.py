"""The common fixtures catch what they promise to catch."""

from __future__ import annotations

import logging
import os
from pathlib import Path

import pytest

from qihua_desktop import i18n

pytest_plugins = ["pytester"]

COMMON = Path(__file__).with_name("conftest.py")


@pytest.fixture
def inner(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A test project of its own with the common fixtures."""
    monkeypatch.setenv("PYTHONPATH", str(COMMON.parents[1]))
    pytester.makeconftest(COMMON.read_text("utf-8"))
    pytester.makepyprojecttoml((COMMON.parents[1] / "pyproject.toml").read_text("utf-8"))
    return pytester


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("import logging\n    logging.getLogger('x').warning('odd')", "*unexpected log records*"),
        (
            "from PySide6.QtWidgets import QLabel\n    global w\n    w = QLabel(); w.show()",
            "*windows left open*",
        ),
        ("from PySide6.QtCore import qWarning\n    qWarning('odd')", "*Failure: Qt messages*"),
        ("import warnings\n    warnings.warn('odd')", "*UserWarning: odd*"),
    ],
    ids=["log", "window", "qt", "warning"],
)
def test_a_careless_test_fails(inner: pytest.Pytester, body: str, words: str) -> None:
    inner.makepyfile(f"def test_it(qapp):\n    {body}\n")
    result = inner.runpytest_subprocess(".", "-p", "no:xdist")
    assert result.ret != 0
    result.stdout.fnmatch_lines([words])


def test_a_careful_test_passes(inner: pytest.Pytester) -> None:
    inner.makepyfile(
        "from PySide6.QtWidgets import QLabel\n"
        "def test_it(qtbot):\n    label = QLabel('x'); qtbot.addWidget(label); label.show()\n"
    )
    inner.runpytest_subprocess(".", "-p", "no:xdist").assert_outcomes(passed=1)


def test_home_and_settings_are_those_of_the_test(isolated_home: Path) -> None:
    assert Path.home() == isolated_home
    assert os.environ["XDG_CONFIG_HOME"].startswith(str(isolated_home))


def test_texts_are_chinese_unless_a_test_asks_otherwise() -> None:
    assert i18n.current_language() == "zh_CN"


@pytest.mark.language("en")
def test_the_language_marker_selects_english() -> None:
    assert i18n.current_language() == "en"


@pytest.mark.expected_log("disk is full")
def test_an_expected_log_record_is_accepted() -> None:
    logging.getLogger("qihua").warning("the disk is full")

"""What ``make demo`` leaves behind: the sample workspace and each document once, however often it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from qihua_desktop.reports import catalogue
from tools import demo, system_libraries


def _no_display() -> bool:
    return False


def test_the_demo_makes_every_document_also_the_second_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(demo, "FOLDER", tmp_path / "demo")
    monkeypatch.setattr(demo, "WORKSPACE", tmp_path / "demo" / "demo.qihua")
    monkeypatch.setattr(system_libraries, "has_display", _no_display)
    wanted = {"demo.qihua", "finance-pack.zip", *(f"{key}.pdf" for key in catalogue.DOCUMENTS)}
    for _run in range(2):
        assert demo.main() == 0
        made = {path.name: path for path in (tmp_path / "demo").iterdir()}
        assert set(made) == wanted
        assert all(path.is_file() for path in made.values())

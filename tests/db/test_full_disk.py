"""A full disk refuses the new edit in words, keeps every older one, and editing goes on once there is room."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHILD = [sys.executable, "-m", "tests.db.full_disk_child"]


def _outcome(answer: subprocess.CompletedProcess[str]) -> list[str]:
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout.splitlines()


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of file sizes here")
def test_a_file_that_may_not_grow_any_more_keeps_what_it_has(tmp_path: Path) -> None:
    answer = subprocess.run(
        [*CHILD, "limit", str(tmp_path / "a.qihua")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = _outcome(answer)
    assert lines[0].startswith("StorageError")
    assert "a.qihua" in lines[0]
    assert lines[-1] == "ok"


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting needs root")
def test_a_full_drive_keeps_what_it_has(tmp_path: Path) -> None:
    script = 'mount -t tmpfs -o size=16m tmpfs "$1" && shift && exec "$@"'
    answer = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script, "sh", str(tmp_path), *CHILD, "mount", str(tmp_path / "a.qihua")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if "denied" in answer.stderr or "not permitted" in answer.stderr:
        pytest.skip("mounting is not permitted here")
    lines = _outcome(answer)
    assert lines[0].startswith("StorageError")
    assert lines[-1] == "ok"
    assert list(tmp_path.iterdir()) == []

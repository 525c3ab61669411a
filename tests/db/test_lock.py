"""One program writes a workspace at a time; others learn who it is; what a killed one leaves does not count."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from db import lock, opening
from qihua_desktop.domain.errors import ReadOnlyWorkspace, WorkspaceLocked
from tests.db import samples

ROOT = Path(__file__).resolve().parents[2]
_HOLD = """
import sys, time
from pathlib import Path
from db import opening
workspace = opening.open_workspace(Path(sys.argv[1]))
print(workspace.owner.pid, flush=True)
sys.stdin.read()
"""


def _made(path: Path) -> Path:
    workspace, _project = samples.make(path)
    workspace.close()
    return path


def _holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert int(process.stdout.readline())
    return process


def test_another_programs_workspace_is_refused_with_who_and_where_and_can_be_viewed(tmp_path: Path) -> None:
    path = _made(tmp_path / "a.qihua")
    process = _holder(path)
    try:
        owner = lock.read_owner(path)
        assert owner is not None
        assert owner.pid == process.pid
        with pytest.raises(WorkspaceLocked) as caught:
            opening.open_workspace(path)
        for told in (owner.host, owner.user, owner.since(), "a.qihua"):
            assert told in caught.value.message
        viewer = opening.open_workspace(path, read_only=True)
        assert viewer.head()[0] == 1
        viewer.close()
    finally:
        process.communicate()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_the_lock_of_a_killed_program_does_not_count(tmp_path: Path) -> None:
    path = _made(tmp_path / "a.qihua")
    process = _holder(path)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert lock.lock_path(path).exists()
    workspace = opening.open_workspace(path)
    assert workspace.owner != lock.LockOwner("", "", process.pid, 0)
    assert lock.read_owner(path) == workspace.owner
    workspace.close()
    assert not lock.lock_path(path).exists()


@pytest.mark.parametrize("text", [b"", b"\xff\xfe", b"{}", b"[1]", b'{"host": 1}', b"x" * 10_000])
def test_a_garbled_lock_file_is_only_less_telling(tmp_path: Path, text: bytes) -> None:
    path = _made(tmp_path / "a.qihua")
    lock.lock_path(path).write_bytes(text)
    assert lock.read_owner(path) is None
    workspace = opening.open_workspace(path)
    with pytest.raises(WorkspaceLocked) as caught:
        opening.open_workspace(path)
    assert "a.qihua" in caught.value.message
    workspace.close()


def test_a_lock_held_by_nobody_knows_whom_is_told_without_a_name(tmp_path: Path) -> None:
    held = lock.acquire(tmp_path / "a.qihua")
    lock.lock_path(tmp_path / "a.qihua").write_bytes(b"")
    with pytest.raises(WorkspaceLocked) as caught:
        lock.acquire(tmp_path / "a.qihua")
    assert caught.value.advice
    held.release()


def test_the_second_window_of_one_program_is_refused_too(tmp_path: Path) -> None:
    workspace, _project = samples.make(tmp_path / "a.qihua")
    with pytest.raises(WorkspaceLocked):
        opening.open_workspace(workspace.path)
    workspace.close()
    workspace.close()
    opening.open_workspace(workspace.path).close()


def test_of_many_who_want_the_lock_at_once_one_has_it_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "a.qihua"
    inside, most, taken = 0, 0, 0
    counting = threading.Lock()

    def grab() -> None:
        nonlocal inside, most, taken
        for _at in range(200):
            try:
                held = lock.acquire(path)
            except WorkspaceLocked:
                continue
            with counting:
                inside += 1
                taken += 1
                most = max(most, inside)
            with counting:
                inside -= 1
            held.release()

    threads = [threading.Thread(target=grab) for _at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1
    assert taken > 0


def test_a_folder_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(ReadOnlyWorkspace):
        lock.acquire(tmp_path / "none" / "a.qihua")


def test_the_lock_file_holds_names_in_any_script(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "_user", lambda: "王芳 😀")
    held = lock.acquire(tmp_path / "a.qihua")
    found = json.loads(lock.lock_path(tmp_path / "a.qihua").read_text(encoding="utf-8"))
    assert found["user"] == "王芳 😀"
    held.release()

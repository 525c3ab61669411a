"""A program killed at any moment loses no acknowledged edit and leaves none half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest

from db import check, encryption, journal, opening, tables
from tests.db import kill_server, samples

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 100

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the writer is forked to save time")


def _server(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.db.kill_server", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _round(server: subprocess.Popen[str], path: Path, first: int, random: Random, slowness: float = 0.004) -> list[int]:
    """Have one writer killed at random and return what it acknowledged."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(f"{first} {path}\n")
    server.stdin.flush()
    wanted, delay, acknowledged, pid = (
        random.randrange(0, int(0.1 / slowness)),
        random.random() * slowness,
        list[int](),
        0,
    )
    while True:
        line = server.stdout.readline().strip()
        if line == "end":
            return acknowledged
        if line.startswith("pid "):
            pid = int(line[4:])
        else:
            acknowledged.append(int(line))
        if pid and len(acknowledged) >= wanted:
            time.sleep(delay)
            os.kill(pid, signal.SIGKILL)
            wanted = 1 << 30


def test_no_acknowledged_edit_is_lost_and_none_is_torn_in_100_kills(tmp_path: Path) -> None:
    path = tmp_path / "killed.qihua"
    workspace, _project = samples.make(path, tasks=0)
    workspace.close()
    random = Random(os.environ.get("QIHUA_KILL_SEED", "1"))
    acknowledged: set[int] = set()
    uncleanly = 0
    with _server() as server:
        first = 1
        for _at in range(ROUNDS):
            acknowledged.update(_round(server, path, first, random))
            uncleanly += path.with_name(path.name + "-wal").exists()
            workspace = opening.open_workspace(path)  # examines the whole file after an unclean end
            rows = workspace.connection.execute("SELECT name, count(*) FROM task GROUP BY name").fetchall()
            kept = {int(name): count for name, count in rows}
            assert acknowledged <= kept.keys(), "an acknowledged edit is lost"
            assert set(kept.values()) <= {3}, "an edit is torn"
            assert len(kept) - len(acknowledged) <= ROUNDS
            first = max(kept, default=0) + 1
            workspace.close()
    workspace = opening.open_workspace(path)
    assert check.check_workspace(workspace) == ()
    assert journal.verify_chain(workspace.connection) == []
    assert workspace.history(limit=1)[0].label == str(max(int(row.name) for row in tables.tasks.all(workspace)))
    workspace.close()
    assert len(acknowledged) > ROUNDS * 5
    assert uncleanly > ROUNDS // 2


def test_a_change_of_password_killed_at_any_moment_leaves_one_whole_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encryption, "MEMORY_KIB", 64)
    monkeypatch.setattr(encryption, "TIME_COST", 1)
    path = tmp_path / "killed.qihua"
    workspace, _project = samples.make(path, tasks=300)
    before = samples.content(workspace), workspace.history()
    workspace.close()
    random, first, kinds = Random(int(os.environ.get("QIHUA_KILL_SEED", "5"))), 1, set[opening.FileKind]()
    with _server("password") as server:
        for _at in range(25):
            first += len(_round(server, path, first, random, slowness=0.05)) + 1
            kinds.add(opening.inspect(path).kind)
            workspace = kill_server.open_with_any(path)
            assert (samples.content(workspace), workspace.history()) == before
            assert check.check_workspace(workspace) == ()
            workspace.close()
            assert [one.name for one in tmp_path.iterdir()] == [path.name]
    assert len(kinds) > 1

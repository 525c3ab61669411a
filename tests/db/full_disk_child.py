"""Child of the full-disk test: edits until the disk takes no more, then goes on; run as a module, not a test.

Prints a line for each thing found, ``ok`` at the end.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from db import backup, check, compaction, opening, tables
from db.workspace import Workspace
from qihua_desktop.domain.errors import QihuaError, StorageError
from tests.db import samples


def fill(workspace: Workspace, limit: int = 3000) -> tuple[StorageError, int]:
    """Edit until an edit is refused; return the error and the number of edits that were kept."""
    project = tables.projects.all(workspace)[0]
    for number in range(limit):
        try:
            with workspace.edit(None, str(number)) as edit:
                tables.tasks.insert(edit, samples.new_task(project, str(number), number))
                edit.add_blob(number.to_bytes(4, "big") * 5000)
        except StorageError as error:
            return error, number
    raise SystemExit("the disk never filled up")


def refusal(action: Callable[[], object]) -> QihuaError | None:
    """Return how an action was refused, or None."""
    try:
        action()
    except QihuaError as error:
        return error
    return None


def scenario(path: Path, make_full: Callable[[], None], make_room: Callable[[], None]) -> None:
    """Fill the disk, look whether everything is as it was, make room and go on."""
    workspace = opening.open_workspace(path)
    backups = path.parent / "backups"
    make_full()
    error, kept = fill(workspace)
    say(f"{type(error).__name__} {error.message}")
    names = [task.name for task in tables.tasks.all(workspace)]
    assert len(names) == kept, (len(names), kept)
    before, head = samples.content(workspace), workspace.head()[0]
    for action in (
        lambda: compaction.compact(workspace),
        lambda: backup.make_backup(workspace.file, backups),
    ):
        refused = refusal(action)
        assert refused is None or (isinstance(refused, StorageError) and refused.advice)
        assert list(path.parent.rglob("*.tmp")) == []
    fill(workspace)
    make_room()
    workspace.return_to(head, None, "back")
    assert samples.content(workspace) == before
    task = tables.tasks.all(workspace)[0]
    samples.rename(workspace, task.id, "weiter")
    assert tables.tasks.get(workspace, task.id).name == "weiter"
    workspace.undo()
    made = backup.make_backup(workspace.file, backups)
    workspace.close()
    workspace = opening.open_workspace(path)
    assert samples.content(workspace) == before
    assert check.check_workspace(workspace) == ()
    workspace.close()
    opening.open_workspace(made.path, read_only=True).close()
    say("ok")


def say(line: str) -> None:
    """Tell the parent."""
    sys.stdout.write(line + "\n")


def main() -> None:
    """Run with ``limit PATH`` (greatest file size) or ``mount PATH`` (a small file system with a filler file)."""
    mode, path = sys.argv[1], Path(sys.argv[2])
    samples.make(path, tasks=0)[0].close()
    if mode == "limit":
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        scenario(
            path,
            lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 700_000, hard)),
            lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard)),
        )
        return
    filler = path.parent / "filler"
    filler.write_bytes(bytes(12_000_000))
    scenario(path, lambda: None, filler.unlink)


if __name__ == "__main__":
    main()

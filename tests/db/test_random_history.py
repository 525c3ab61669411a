"""Any history of edits over all tables can be undone to the start and done again to the end."""

from __future__ import annotations

from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import apsw
from hypothesis import given, settings
from hypothesis import strategies as st

from db import journal, opening, tables
from db.workspace import Edit, Workspace
from tests.db import samples

_OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from(["insert", "insert", "insert", "update", "delete", "bulk", "undo", "redo"]),
        st.sampled_from(tables.ALL),
        st.integers(0, 1 << 30),
    ),
    min_size=1,
    max_size=40,
)


def _write(edit: Edit, kind: str, name: str, random: Random) -> None:
    workspace, table = edit.workspace, tables.BY_NAME[name]
    if kind == "insert":
        table.insert(edit, table.entity(**samples.random_values(workspace, table, random)))
        return
    ids = [row[0] for row in workspace.connection.execute(f'SELECT id FROM "{name}"').fetchall()]
    if kind == "bulk":
        edit.execute_many(f'DELETE FROM "{name}" WHERE rowid % ? = 0', [[random.randrange(1, 4)]])
    elif ids and kind == "delete":
        table.delete(edit, random.choice(ids))
    elif ids:
        values = samples.random_values(workspace, table, random)
        chosen = random.sample(sorted(values), random.randrange(1, len(values)))
        table.update(edit, random.choice(ids), **{one: values[one] for one in chosen if one != "id"})


def _seed(workspace: Workspace, random: Random) -> None:
    """Fill every table in the order of its references."""
    with workspace.edit(None, "seed") as edit:
        for name in _parents_first(workspace):
            for _attempt in range(6):
                try:
                    _write(edit, "insert", name, random)
                    break
                except apsw.ConstraintError:
                    continue


def _parents_first(workspace: Workspace) -> list[str]:
    missing, ordered = [table.name for table in tables.ALL], list[str]()
    while missing:
        for name in missing:
            wanted = set(samples.references(workspace.connection, name).values()) - {name}
            if wanted <= set(ordered) or name == "project":
                ordered.append(name)
                missing.remove(name)
                break
    return ordered


def _check(path: Path, operations: list[tuple[str, tables.Table[object], int]]) -> None:
    workspace = opening.create_workspace(path)
    states = [samples.content(workspace)]
    _seed(workspace, Random(operations[0][2]))
    states.append(samples.content(workspace))
    at = 1
    for kind, table, seed in operations:
        before = samples.content(workspace)
        if kind == "undo":
            at -= workspace.undo() is not None
        elif kind == "redo":
            at += workspace.redo() is not None
        else:
            try:
                with workspace.edit(None, kind) as edit:
                    _write(edit, kind, table.name, Random(seed))
            except apsw.ConstraintError:
                assert samples.content(workspace) == before
            if samples.content(workspace) != before:
                del states[at + 1 :]
                states.append(samples.content(workspace))
                at += 1
            else:
                assert workspace.redo_label is None or len(states) > at + 1
        assert samples.content(workspace) == states[at]
    workspace.close()
    workspace = opening.open_workspace(path)
    while workspace.undo() is not None:
        at -= 1
        assert samples.content(workspace) == states[at]
    assert at == 0
    workspace.close()
    workspace = opening.open_workspace(path)
    while workspace.redo() is not None:
        at += 1
        assert samples.content(workspace) == states[at]
    assert at == len(states) - 1
    assert journal.verify_chain(workspace.connection) == []
    assert workspace.connection.execute("PRAGMA foreign_key_check").fetchall() == []
    workspace.close()


@settings(max_examples=40)
@given(_OPERATIONS)
def test_any_history_over_all_tables_is_undone_and_redone_exactly(
    operations: list[tuple[str, tables.Table[object], int]],
) -> None:
    with TemporaryDirectory() as folder:
        _check(Path(folder) / "random.qihua", operations)


def test_the_seed_fills_every_table(tmp_path: Path) -> None:
    workspace = opening.create_workspace(tmp_path / "seed.qihua")
    for seed in range(3):
        _seed(workspace, Random(seed))
    assert [name for name, rows in samples.content(workspace).items() if not rows] == []
    workspace.close()

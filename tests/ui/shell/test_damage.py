"""A file whose damage shows only when its rows are read: the backups are offered, nothing is backed up over them."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from qihua_desktop import app
from ui.common.dialogs import scripted


@pytest.fixture
def damaged_file(workspace_file: Path) -> Path:
    """Return a workspace in which the pages of the projects are spoiled."""
    connection = apsw.Connection(str(workspace_file))
    pages = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'project'").fetchall()
    size = int(str(connection.pragma("page_size")))
    connection.close()
    data = bytearray(workspace_file.read_bytes())
    for row in pages:
        page = int(str(row[0]))
        data[(page - 1) * size : page * size] = b"\x55" * size
    workspace_file.write_bytes(data)
    return workspace_file


def test_damage_found_while_the_window_is_made_offers_the_backups(desktop: app.Desktop, damaged_file: Path) -> None:
    desktop.show_start()
    with scripted(["cancel"]) as said:
        assert not desktop.open_path(damaged_file, desktop.start)
    assert len(said) == 1
    assert damaged_file.name in said[0][1]
    assert desktop.session is None
    assert desktop.window is None
    assert desktop.start is not None
    assert desktop.start.isVisible()
    assert not desktop.files.backups(damaged_file)


def test_a_damaged_file_opened_from_another_leads_back_to_the_start(
    desktop: app.Desktop, damaged_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "另一个.qihua"
    desktop.files.create(other)[0].workspace.close()
    assert desktop.open_path(other)
    with scripted(["cancel"]):
        assert not desktop.open_path(damaged_file, desktop.window)
    assert desktop.start is not None
    assert desktop.start.isVisible()

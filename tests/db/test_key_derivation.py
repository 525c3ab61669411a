"""The key of a password is fixed by the file format: another one would open no existing file."""

from __future__ import annotations

from pathlib import Path

from db import encryption, opening


def test_the_key_of_a_password_never_changes() -> None:
    key = encryption.derive("企划部 2026", bytes(range(16)))
    assert key.hex() == "522added7de9eec62fe4d5d5915e2488876ee74f457a8749cb67c2ca682bab46"


def test_creating_and_opening_use_the_same_key(tmp_path: Path) -> None:
    opening.create_workspace(tmp_path / "a.qihua", password="correct horse").close()
    opening.open_workspace(tmp_path / "a.qihua", password="correct horse").close()

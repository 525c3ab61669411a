"""Shipped files are found by name, and nothing else is."""

from __future__ import annotations

import pytest

from resources import resource_bytes, resource_names, resource_path


def test_shipped_files_are_found():
    assert resource_path("fonts/OFL.txt").is_file()
    assert b"SIL OPEN FONT LICENSE" in resource_bytes("fonts/OFL.txt").upper()
    assert "house.svg" in resource_names("icons/outline", ".svg")


@pytest.mark.parametrize("name", ["../pyproject.toml", "fonts/../../README.md", "/etc/passwd", "no/such/file"])
def test_what_is_not_shipped_is_not_found(name):
    with pytest.raises(FileNotFoundError):
        resource_path(name)


@pytest.mark.parametrize("name", ["icons/qihua.svg", "icons/qihua.ico", "icons/qihua.icns", "icons/outline/LICENSE"])
def test_the_programs_icon_and_the_icons_licence_are_shipped(name):
    assert resource_bytes(name)

"""Network drives and synced folders are warned about, by guess, and nothing else is."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

from db import location


@pytest.mark.parametrize(
    ("path", "service"),
    [
        (PureWindowsPath(r"C:\Users\wang\OneDrive - 星河集团\企划\a.qihua"), "OneDrive"),
        (PureWindowsPath(r"D:\我的坚果云\a.qihua"), "坚果云"),
        (PureWindowsPath(r"D:\BaiduSyncdisk\年会\a.qihua"), "百度网盘"),
        (PurePosixPath("/Users/wang/Library/Mobile Documents/com~apple~CloudDocs/a.qihua"), "iCloud"),
        (PurePosixPath("/home/wang/Dropbox/a.qihua"), "Dropbox"),
        (PurePosixPath("/home/wang/Documents/OneDrive.qihua"), None),
        (PurePosixPath("/home/wang/Documents/a.qihua"), None),
    ],
)
def test_synced_folders_are_known_by_name(path: PurePosixPath, service: str | None) -> None:
    assert location.cloud_service(path) == service


def test_the_innermost_mount_decides() -> None:
    mounts = {"/": "ext4", "/mnt/share": "cifs", "/mnt/share/local": "ext4"}
    assert location.file_system(PurePosixPath("/mnt/share/a/b.qihua"), mounts) == "cifs"
    assert location.file_system(PurePosixPath("/mnt/share/local/b.qihua"), mounts) == "ext4"
    assert location.file_system(PurePosixPath("/home/b.qihua"), mounts) == "ext4"


def test_a_local_folder_gets_no_warning_and_a_synced_or_network_one_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.qihua"
    assert location.location_warning(path) is None
    synced = tmp_path / "坚果云" / "a.qihua"
    warning = location.location_warning(synced)
    assert warning is not None
    assert "坚果云" in warning
    monkeypatch.setattr(location, "on_network", lambda _path: True)
    assert location.location_warning(path)

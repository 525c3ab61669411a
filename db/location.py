"""Whether a folder is on a network drive or kept in step by a cloud service, where SQLite files come to harm."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path, PurePath

from qihua_desktop.i18n import _

_NETWORK_TYPES = {
    "9p", "afpfs", "afs", "ceph", "cifs", "davfs", "fuse.davfs2", "fuse.rclone", "fuse.sshfs", "glusterfs", "ncpfs",
    "nfs", "nfs4", "smb2", "smb3", "smbfs", "webdav",
}  # fmt: skip
# Folder names that the services give their folders; compared without case, a suffix such as “ - 公司” allowed.
_CLOUD_FOLDERS = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "mobile documents": "iCloud",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "box sync": "Box",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "syncthing": "Syncthing",
    "nutstore": "坚果云",
    "nutstore files": "坚果云",
    "我的坚果云": "坚果云",
    "坚果云": "坚果云",
    "baidusyncdisk": "百度网盘",
    "baidunetdiskworkspace": "百度网盘",
    "百度网盘": "百度网盘",
    "wpsdrive": "WPS 云盘",
    "wps云盘": "WPS 云盘",
    "wps cloud files": "WPS 云盘",
    "微云": "微云",
    "weiyun": "微云",
    "阿里云盘": "阿里云盘",
    "wxwork": "企业微信",
}
_DRIVE_REMOTE = 4


def location_warning(path: Path) -> str | None:
    """Return a warning about the place of a file, or None. It is a guess and never a reason to refuse."""
    absolute = Path(os.path.realpath(path))
    service = cloud_service(absolute)
    if service is not None:
        return _(
            "“{name}” is in a folder that {service} keeps in step. Copying half-written files can damage it: keep "
            "the workspace in a local folder, and put backups here instead."
        ).format(name=path.name, service=service)
    if on_network(absolute):
        return _(
            "“{name}” is on a network drive. A broken connection can damage it: keep the workspace on this computer, "
            "and put backups there instead."
        ).format(name=path.name)
    return None


def cloud_service(path: PurePath) -> str | None:
    """Return the name of the cloud service in whose folder a path lies, judged by folder names, or None."""
    for part in path.parts[:-1]:
        plain = part.casefold().split(" - ")[0].strip()
        if plain in _CLOUD_FOLDERS:
            return _CLOUD_FOLDERS[plain]
    return None


def on_network(path: Path) -> bool:
    """Return whether a file lies on a network drive, as far as the system tells."""
    if sys.platform == "win32":
        import ctypes

        if str(path).startswith("\\\\"):
            return True
        return bool(ctypes.windll.kernel32.GetDriveTypeW(path.anchor) == _DRIVE_REMOTE)
    return file_system(path, _mounts()) in _NETWORK_TYPES


def file_system(path: PurePath, mounts: dict[str, str]) -> str:
    """Return the type of the file system a path lies on, given mount points and their types."""
    for folder in (path, *path.parents):
        kind = mounts.get(str(folder))
        if kind is not None:
            return kind
    return ""


def _mounts() -> dict[str, str]:
    if sys.platform == "darwin":
        return _mac_mounts()
    try:
        lines = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return {}
    fields = [line.split() for line in lines]
    return {one[1].replace("\\040", " "): one[2] for one in fields if len(one) > 2}


def _mac_mounts() -> dict[str, str]:
    try:
        answer = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=2, check=False).stdout
    except (OSError, subprocess.SubprocessError):
        return {}
    found: dict[str, str] = {}
    for line in answer.splitlines():  # //user@host/share on /Volumes/share (smbfs, nodev)
        place, _bracket, options = line.partition(" on ")[2].rpartition(" (")
        if place:
            found[place] = options.split(",")[0].rstrip(")")
    return found

"""Where this machine keeps the program's own files: settings, log, backups. Looked up at call time, made when used."""

from __future__ import annotations

from pathlib import Path

from platformdirs import PlatformDirs

_NAME = "qihua-desktop"


def _folders() -> PlatformDirs:
    return PlatformDirs(_NAME, appauthor=False, roaming=False)


def settings_file() -> Path:
    """Return the file of per-machine settings."""
    return _folders().user_config_path / "settings.json"


def log_file() -> Path:
    """Return the newest log file."""
    return _folders().user_log_path / "qihua.log"


def fault_file() -> Path:
    """Return the file into which the interpreter itself writes when it dies."""
    return _folders().user_log_path / "fault.log"


def default_backup_folder() -> Path:
    """Return the folder for backups while the user chose none."""
    return _folders().user_data_path / "backups"


def documents_folder() -> Path:
    """Return the folder that file dialogs start in."""
    folder = _folders().user_documents_path
    return folder if folder.is_dir() else Path.home()


def demo_file() -> Path:
    """Return where the sample workspace is kept."""
    return _folders().user_data_path / "demo.qihua"

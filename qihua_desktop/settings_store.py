"""Settings of this machine, not of a workspace: appearance, recent files, backups, window places, view states."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any, cast

_log = logging.getLogger(__name__)
_RECENT_LIMIT = 10
_STATE_LIMIT = 500

THEMES = ("system", "light", "dark")
LANGUAGES = ("auto", "zh_CN", "en")
SCALES = (100, 110, 125, 150, 175, 200)


@dataclass(frozen=True, slots=True)
class MachineSettings:
    """What the settings dialog offers for this machine. ``backup_folder`` is empty for the usual one."""

    theme: str = "system"
    language: str = "auto"
    scale: int = 100
    backup_folder: str = ""
    second_backup_folder: str = ""


@dataclass(slots=True)
class _Stored:
    settings: MachineSettings = field(default_factory=MachineSettings)
    recent: list[str] = field(default_factory=list[str])
    profiles: dict[str, str] = field(default_factory=dict[str, str])
    views: dict[str, str] = field(default_factory=dict[str, str])


class SettingsStore:
    """Reads the settings file once and writes it whole, through a temporary sibling.

    A missing, damaged or foreign file gives the usual settings; the program never fails to start because of it.
    ``read`` and ``write`` keep the state of views (column widths, splitters, window places).
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stored = _load(path)
        self._dirty = False

    @property
    def settings(self) -> MachineSettings:
        """The settings in force."""
        return self._stored.settings

    def change(self, **changes: Any) -> MachineSettings:
        """Change settings and write them at once. Raises ValueError for a value that is none of the choices."""
        new = replace(self._stored.settings, **changes)
        if new != _checked(asdict(new)):
            raise ValueError(f"settings out of range: {changes}")
        self._stored.settings = new
        self._dirty = True
        self.flush()
        return new

    def recent_files(self) -> tuple[Path, ...]:
        """Return the workspaces opened lately, newest first, also those that are gone by now."""
        return tuple(Path(name) for name in self._stored.recent)

    def add_recent(self, path: Path) -> None:
        """Put a workspace on top of the recent ones."""
        name = str(path.absolute())
        self._stored.recent = [name, *(one for one in self._stored.recent if one != name)][:_RECENT_LIMIT]
        self._dirty = True
        self.flush()

    def forget_recent(self, path: Path) -> None:
        """Take a workspace off the recent ones."""
        self._stored.recent = [one for one in self._stored.recent if one != str(path.absolute())]
        self._dirty = True
        self.flush()

    def profile_of(self, path: Path) -> bytes | None:
        """Return the id of the person who worked last in a workspace on this machine."""
        stored = self._stored.profiles.get(str(path.absolute()), "")
        try:
            return bytes.fromhex(stored) or None
        except ValueError:
            return None

    def remember_profile(self, path: Path, person_id: bytes | None) -> None:
        """Remember who works in a workspace on this machine."""
        self._stored.profiles[str(path.absolute())] = person_id.hex() if person_id else ""
        self._dirty = True

    def read(self, key: str) -> str:
        """Return a view's stored state, empty for none."""
        return self._stored.views.get(key, "")

    def write(self, key: str, text: str) -> None:
        """Store a view's state; written to the file by the next ``flush``."""
        if self._stored.views.get(key) != text:
            self._stored.views.pop(key, None)
            self._stored.views[key] = text
            while len(self._stored.views) > _STATE_LIMIT:
                del self._stored.views[next(iter(self._stored.views))]
            self._dirty = True

    def flush(self) -> None:
        """Write what changed; a folder that cannot be written to costs the settings, not the work."""
        if not self._dirty:
            return
        text = json.dumps(asdict(self._stored), ensure_ascii=False, indent=1)
        temporary = self.path.with_name(f"{self.path.name}.{os.getpid()}.tmp")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("w", encoding="utf-8") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(self.path)
        except OSError as error:
            _log.info("settings not written: %s", type(error).__name__)
            return
        self._dirty = False


def _load(path: Path) -> _Stored:
    try:
        found: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return _Stored()
    if not isinstance(found, dict):
        return _Stored()
    content = cast("dict[str, Any]", found)
    return _Stored(
        _checked(_texts(content.get("settings"), str | int)),
        [one for one in _list(content.get("recent")) if isinstance(one, str)][:_RECENT_LIMIT],
        _texts(content.get("profiles"), str),
        _texts(content.get("views"), str),
    )


def _checked(found: dict[str, Any]) -> MachineSettings:
    """Take over every value that is one of the choices, the usual value for the others."""
    known = {one.name for one in fields(MachineSettings)}
    values = {name: value for name, value in found.items() if name in known}
    choices: dict[str, tuple[object, ...]] = {"theme": THEMES, "language": LANGUAGES, "scale": SCALES}
    for name, allowed in choices.items():
        if values.get(name) not in allowed:
            values.pop(name, None)
    for name in ("backup_folder", "second_backup_folder"):
        if not isinstance(values.get(name, ""), str):
            values.pop(name)
    return MachineSettings(**values)


def _list(found: Any) -> list[Any]:
    return cast("list[Any]", found) if isinstance(found, list) else []


def _texts(found: Any, kind: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        return {}
    return {str(key): value for key, value in cast("dict[Any, Any]", found).items() if isinstance(value, kind)}

"""Files that ship with the program, found the same way in a checkout, an installation and a frozen build."""

from __future__ import annotations

from pathlib import Path

_ROOT = Path(__file__).resolve().parent


def resource_path(name: str) -> Path:
    """Return the path of a shipped file, ``"fonts/OFL.txt"``. Raises FileNotFoundError when it is not shipped.

    The name may not lead out of the package.
    """
    path = _ROOT / name
    if ".." in path.parts or not path.is_relative_to(_ROOT) or not path.exists():
        raise FileNotFoundError(f"no such resource: {name}")
    return path


def resource_bytes(name: str) -> bytes:
    """Return the content of a shipped file. Raises FileNotFoundError when it is not shipped."""
    return resource_path(name).read_bytes()


def resource_names(folder: str, suffix: str = "") -> tuple[str, ...]:
    """Return the names inside a shipped folder, sorted, without the folder."""
    return tuple(sorted(entry.name for entry in resource_path(folder).iterdir() if entry.name.endswith(suffix)))

"""The committed files agree with each other and name nothing of the machine they were written on."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import frozen

ROOT = frozen.ROOT
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
RUNTIME: list[Requirement] = [Requirement(text) for text in PROJECT["project"]["dependencies"]]
DEVELOPMENT = [Requirement(text) for text in PROJECT["project"]["optional-dependencies"]["dev"]]

# Import name → distribution name, where they differ.
_DISTRIBUTIONS = {
    "apsw": "apsw-sqlite3mc", "playhouse": "peewee", "argon2": "argon2-cffi", "PIL": "pillow", "shiboken6": "PySide6",
    "zxingcpp": "zxing-cpp",
    "xdist": "pytest-xdist", "importlinter": "import-linter", "chinese_calendar": "chinesecalendar",
    "grimp": "import-linter", "PyInstaller": "pyinstaller", "_pytest": "pytest", "pytestqt": "pytest-qt",
}  # fmt: skip
# Spelt in pieces, so that this file does not contain them.
_FORBIDDEN = [
    re.compile(text, re.IGNORECASE)
    for text in (
        r"py" r"pi\.org", r"python" r"hosted\.org", r"registry\." r"npmjs", r"deb\.debian\." r"org",
        r"--(extra-)?index-" r"url", r"--find-" r"links", r"(?<![\w.])/wo" r"rk/", r"(?<![\w.])/ro" r"ot/",
        r"/op" r"t/py", r"py" r"env",
    )
]  # fmt: skip


def committed() -> list[Path]:
    """Return the files of the project as git knows them, or all source files where there is no git."""
    if shutil.which("git") and (ROOT / ".git").exists():
        listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout
        return [path for name in listing.decode().split("\0") if name and (path := ROOT / name).is_file()]
    pytest.skip("not a git checkout")


def texts() -> Iterator[tuple[Path, str]]:
    """Yield the committed text files."""
    for path in committed():
        try:
            yield path, path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_names_a_registry_host_or_a_folder_of_a_developers_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path, text in texts()
        if path.suffix not in {".po", ".xml", ".svg"} and path != Path(__file__)
        for pattern in _FORBIDDEN
        if (match := pattern.search(text))
    ]
    assert not found


def test_no_file_left_in_the_tree_is_huge() -> None:
    sizes = {path.relative_to(ROOT).as_posix(): path.stat().st_size / 1e6 for path in committed()}
    assert not {name: size for name, size in sizes.items() if size > 12}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_locked_version_has_hashes_and_no_source_but_the_registry(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (ROOT / name).read_text("utf-8"))
    libraries = [entry for entry in entries if not entry.startswith("#")]
    assert libraries
    for entry in libraries:
        assert re.match(r"[a-z0-9-]+(\[[a-z,]+\])?==[\w.]+( ; [^\\]+)? \\\n", entry), entry
        assert "--hash=sha256:" in entry, entry


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_lock_files_satisfy_the_project(name: str) -> None:
    locked = {canonicalize_name(library): number for library, number in frozen.locked(name).items()}
    wanted = RUNTIME if name == "requirements.txt" else [*RUNTIME, *DEVELOPMENT]
    for requirement in wanted:
        assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), requirement


def test_both_lock_files_agree() -> None:
    runtime, development = frozen.locked("requirements.txt"), frozen.locked("requirements-dev.txt")
    assert runtime.items() <= development.items()


def test_libraries_of_other_systems_are_locked_too() -> None:
    text = (ROOT / "requirements-dev.txt").read_text("utf-8")
    for library in ("colorama", "pefile", "pywin32-ctypes", "macholib"):
        assert re.search(rf"^{library}==\S+ ; sys_platform == ", text, re.MULTILINE), library


def test_the_tests_run_with_the_locked_engine_and_qt() -> None:
    locked = frozen.locked()
    for library in ("apsw-sqlite3mc", "peewee", "pyside6", "reportlab"):
        assert version(library) == locked[library]


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


def _undeclared(folders: tuple[str, ...], declared: list[Requirement]) -> set[str]:
    names = {canonicalize_name(requirement.name) for requirement in declared}
    own = {"qihua_desktop", "ui", "db", "resources", "tests", "tools"}
    tops = {
        name.partition(".")[0]
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        for name in _imported(path)
    }
    return {
        top
        for top in tops - own - sys.stdlib_module_names
        if canonicalize_name(_DISTRIBUTIONS.get(top, top)) not in names
    }


def test_the_program_imports_only_declared_libraries() -> None:
    assert not _undeclared(("qihua_desktop", "db", "ui", "resources"), RUNTIME)


def test_tests_and_tools_import_only_declared_libraries() -> None:
    assert not _undeclared(("tests", "tools"), [*RUNTIME, *DEVELOPMENT])


def test_packages_are_listed_for_setuptools_and_for_the_frozen_program() -> None:
    from setuptools import find_packages

    options = PROJECT["tool"]["setuptools"]["packages"]["find"]
    found = set(find_packages(str(ROOT), include=options["include"]))
    folders = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for package in frozen.PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    assert folders == found, "a folder with modules lacks its __init__.py"


def test_the_version_is_the_changelogs_newest() -> None:
    from qihua_desktop import __version__

    newest = re.search(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == __version__


def test_every_make_target_of_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z0-9]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z0-9]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE))
    assert named <= targets
    assert {"demo", "run", "test", "lint", "bench", "shots", "build"} <= targets

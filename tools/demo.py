"""Build the sample workspace with its PDFs in ``out/demo`` and open it where there is a screen.

python -m tools.demo
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from tools import system_libraries

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "out" / "demo"
WORKSPACE = FOLDER / "demo.qihua"

_FAILURE_OF_INPUT = 2
_PACK = "finance-pack"


def _program(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "qihua_desktop", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True, encoding="utf-8")


def _or_stop(result: subprocess.CompletedProcess[str]) -> str:
    if result.returncode != 0:
        sys.exit(result.stderr.strip() or f"the program ended with code {result.returncode}")
    return result.stdout


def _documents() -> list[str]:
    """Return the names of the documents: the first word of each line of the list."""
    return [line.split()[0] for line in _or_stop(_program("export", "--list")).splitlines() if line.strip()]


def _projects() -> list[str]:
    """Return the names of the projects: those with a review under way first, then the other events."""
    rows: list[dict[str, Any]] = json.loads(_or_stop(_program("projects", WORKSPACE, "--json")))
    rows.sort(key=lambda row: (not row["waiting_sign_offs"], row["kind"] != "event"))
    return [str(row["name"]) for row in rows]


def _export(document: str, names: list[str]) -> bool:
    """Export a document of the first project that has it; return whether one has."""
    target = FOLDER / f"{document}.{'zip' if document == _PACK else 'pdf'}"
    for name in names:
        result = _program("export", WORKSPACE, document, "--project", name, "-o", target)
        if result.returncode != _FAILURE_OF_INPUT:
            _or_stop(result)
            return True
    return False


def main() -> int:
    """Run the tool; return the exit code."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    _or_stop(_program("demo", WORKSPACE))
    names = _projects()
    made = sum(_export(document, names) for document in _documents())
    place = os.path.relpath(FOLDER, ROOT)
    print(f"示例工作区 sample workspace: {os.path.join(place, WORKSPACE.name)}, 文件 documents: {made} × {place}")
    if not system_libraries.has_display():
        print("这台机器没有显示器，未打开程序 no display here, so the program was not opened")
        return 0
    missing = system_libraries.advice(display=True)
    if missing:
        print(missing)
        return 0
    return subprocess.call([sys.executable, "-m", "qihua_desktop", str(WORKSPACE)], cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main())

"""Build the sample workspace with its PDFs in ``out/demo`` and open it where there is a screen.

python -m tools.demo
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tools import system_libraries

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "out" / "demo"
WORKSPACE = FOLDER / "demo.qihua"

_FAILURE_OF_INPUT = 2


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


def _export_all() -> int:
    """Export every document of the first project, the event; return how many files were made."""
    projects: list[dict[str, str]] = json.loads(_or_stop(_program("projects", WORKSPACE, "--json")))
    name, made = projects[0]["name"], 0
    for document in _documents():
        target = FOLDER / f"{document}.pdf"
        result = _program("export", WORKSPACE, document, "--project", name, "-o", target)
        # A document that this project does not have is no failure of the demo.
        if result.returncode != _FAILURE_OF_INPUT:
            _or_stop(result)
            made += 1
    return made


def main() -> int:
    """Run the tool; return the exit code."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in (*FOLDER.glob("*.qihua*"), *FOLDER.glob("*.pdf")):
        old.unlink()
    _or_stop(_program("demo", WORKSPACE))
    made = _export_all()
    print(f"示例工作区 sample workspace: {WORKSPACE.relative_to(ROOT)}, PDF: {made} × {FOLDER.relative_to(ROOT)}/*.pdf")
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

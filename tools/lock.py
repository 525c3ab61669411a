"""Write requirements.txt and requirements-dev.txt: exact versions with the hashes of all files of all systems.

    make lock                       refresh what pyproject.toml demands, keep the other versions
    python -m tools.lock --upgrade  move everything to the newest versions allowed

The resolver (uv, fetched into a temporary environment) solves for Linux, Windows and macOS and every Python from 3.11
at once; what only one of them needs carries a marker. Neither file names the place the packages come from.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RESOLVER = "uv==0.13.9"
OLDEST_PYTHON = "3.11"


def _compile(resolver: Path, output: str, *arguments: str) -> None:
    command = [
        str(resolver), "pip", "compile", "pyproject.toml", "--universal", "--python-version", OLDEST_PYTHON,
        "--generate-hashes", "--no-config", "--quiet", "--custom-compile-command", "make lock",
        "--output-file", output, *arguments,
    ]  # fmt: skip
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    subprocess.run(command, cwd=ROOT, check=True, env=clean, stdout=subprocess.DEVNULL)


def main() -> int:
    """Run the tool; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.lock", description="Lock the versions of all libraries.")
    parser.add_argument("--upgrade", action="store_true", help="move everything to the newest versions allowed")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        scripts = Path(folder) / ("Scripts" if os.name == "nt" else "bin")
        subprocess.run([str(scripts / "python"), "-m", "pip", "install", "-q", RESOLVER], check=True)
        _compile(scripts / "uv", "requirements.txt", *upgrade)
        _compile(scripts / "uv", "requirements-dev.txt", "--extra", "dev", "--constraint", "requirements.txt", *upgrade)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Make ``.venv`` and install the locked libraries into it, once per change of the lock files.

    python3 tools/bootstrap.py             everything, for development, tests and builds
    python3 tools/bootstrap.py --runtime   only what running the program needs

Uses nothing but the standard library, and says in one line what the machine lacks.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ENVIRONMENT = os.path.join(ROOT, ".venv")
OLDEST_PYTHON = (3, 11)
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"


def environment_python() -> str:
    """Return the path of the environment's interpreter."""
    parts = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return os.path.join(ENVIRONMENT, *parts)


def _digest(requirements: str) -> str:
    digest = hashlib.sha256()
    with open(os.path.join(ROOT, requirements), "rb") as stream:
        digest.update(stream.read())
    return digest.hexdigest()


def _stamp(requirements: str) -> str:
    return os.path.join(ENVIRONMENT, ".installed-" + requirements)


def _is_installed(requirements: str) -> bool:
    try:
        with open(_stamp(requirements), encoding="utf-8") as stream:
            known = stream.read()
    except OSError:
        return False
    # The interpreter the environment was made from may be gone since.
    return known == _digest(requirements) and subprocess.call([environment_python(), "-c", ""]) == 0


def _refuse(line: str) -> int:
    sys.stderr.write(line + "\n")
    return 1


def _make_environment() -> int:
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    print(f"making .venv with Python {sys.version_info[0]}.{sys.version_info[1]}", flush=True)
    return subprocess.call([sys.executable, "-m", "venv", ENVIRONMENT])


def _environment_works() -> bool:
    """Tell whether .venv exists, is new enough and has pip."""
    test = f"import sys, pip; sys.exit(sys.version_info < {OLDEST_PYTHON})"
    try:
        return subprocess.call([environment_python(), "-c", test], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def install(requirements: str) -> int:
    """Install the locked libraries where they are not yet; return the exit code."""
    if _is_installed(requirements):
        return 0
    if not _environment_works():
        if any(importlib.util.find_spec(name) is None for name in ("venv", "ensurepip")):
            return _refuse(
                "This Python cannot make environments 缺少 venv 模块: sudo apt-get install -y python3-venv "
                "(or: sudo dnf install -y python3)"
            )
        if _make_environment() != 0:
            return _refuse("The environment .venv could not be made; the lines above say why.")
    print(f"installing the locked libraries of {requirements}", flush=True)
    command = [environment_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--require-hashes", "--only-binary", ":all:", "-r", os.path.join(ROOT, requirements)]
    if subprocess.call(command) != 0:
        return _refuse("The libraries could not be installed; is the machine connected? The lines above say more.")
    with open(_stamp(requirements), "w", encoding="utf-8") as stream:
        stream.write(_digest(requirements))
    return 0


def main() -> int:
    """Run the tool; return the exit code."""
    parser = argparse.ArgumentParser(description="Make .venv and install the locked libraries.")
    parser.add_argument("--runtime", action="store_true", help="only what running the program needs")
    options = parser.parse_args()
    if sys.version_info < OLDEST_PYTHON:
        return _refuse(f"Python 3.11 or newer is needed 需要 Python 3.11 或更高版本; this is {sys.version.split()[0]}")
    if options.runtime and _is_installed(DEVELOPMENT):
        return 0
    return install(RUNTIME if options.runtime else DEVELOPMENT)


if __name__ == "__main__":
    sys.exit(main())

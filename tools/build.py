"""Make the frozen program in ``dist/``, tell its size, and let it test itself.

    python -m tools.build

Fails when the program is larger than promised, when a shared library it ships lacks another, or when its
``self-test`` fails.
"""

from __future__ import annotations

import ctypes.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

from tools import frozen, system_libraries

ROOT = frozen.ROOT
DIST = ROOT / "dist"
PROGRAM = DIST / frozen.NAME

_SELF_TEST_SECONDS = 300


def _missing_tools() -> str:
    """Return one line naming what a build needs and this Linux machine lacks, else nothing."""
    if not sys.platform.startswith("linux"):
        return ""
    packages: list[str] = []
    if shutil.which("objdump") is None or shutil.which("ldd") is None:
        packages.append("binutils")
    version = sysconfig.get_python_version()
    library = f"libpython{version}.so.1.0"
    places = (Path(sysconfig.get_config_var("LIBDIR") or ""), Path(sys.base_prefix) / "lib")
    found = any((place / library).exists() for place in places) or ctypes.util.find_library(f"python{version}")
    if not found:
        packages.append(f"libpython{version}")
    if not packages:
        return ""
    return f"A build needs more of the system 打包还缺少系统组件: sudo apt-get install -y {' '.join(packages)}"


def _run_pyinstaller() -> None:
    command = [
        sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level", "ERROR",
        "--distpath", str(DIST), "--workpath", str(ROOT / "build"), str(ROOT / "build.spec"),
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True)


def _strip_libraries() -> None:
    """Drop the debugging symbols of libraries that come with them: most of the size of Python's own on Linux."""
    strip, internal = shutil.which("strip"), PROGRAM / "_internal"
    if strip and sys.platform.startswith("linux"):
        patterns = ("libpython3*.so*", "python3*/lib-dynload/*.so", "PIL/*.so", "pypdfium2_raw/*.so")
        libraries = [library for pattern in patterns for library in internal.glob(pattern)]
        subprocess.run([strip, "--strip-unneeded", *map(str, libraries)], check=True)


def _write_desktop_entry() -> None:
    """Put what a Linux desktop needs to list the program beside it, for an installer or a person to copy."""
    if not sys.platform.startswith("linux"):
        return
    share = PROGRAM / "share"
    share.mkdir(exist_ok=True)
    lines = [
        "[Desktop Entry]", "Type=Application", "Name=Qihua Desktop", "Name[zh_CN]=企划桌面",
        "Comment=Plans, budgets, reviews and surveys", "Comment[zh_CN]=计划、预算、评审与问卷",
        f"Exec={frozen.NAME} %f", f"Icon={frozen.NAME}", "Categories=Office;ProjectManagement;",
        "MimeType=application/x-qihua;", "StartupWMClass=qihua-desktop", "",
    ]  # fmt: skip
    (share / f"{frozen.NAME}.desktop").write_text("\n".join(lines), "utf-8")
    icon = ROOT / "resources" / "icons" / "qihua-256.png"
    if icon.exists():
        shutil.copyfile(icon, share / f"{frozen.NAME}.png")


def size_in_mb(folder: Path) -> float:
    """Return the size of a folder's files in millions of bytes, counting a linked file once."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6


def unmet_libraries(folder: Path) -> list[str]:
    """Return the Qt libraries that a shipped library asks for and the folder lacks (Linux)."""
    if not sys.platform.startswith("linux"):
        return []
    unmet: set[str] = set()
    for library in folder.rglob("*.so*"):
        if library.is_symlink() or not library.is_file():
            continue
        result = subprocess.run(["ldd", str(library)], check=False, capture_output=True, text=True)
        for line in result.stdout.splitlines():
            name = line.split()[0] if line.strip() else ""
            if "not found" in line and name.startswith(("libQt6", "libpyside", "libshiboken", "libicu")):
                unmet.add(f"{library.name} → {name}")
    return sorted(unmet)


def executable() -> Path:
    """Return the program with a console."""
    if sys.platform == "darwin":
        return DIST / f"{frozen.WINDOWED_NAME}.app" / "Contents" / "MacOS" / frozen.NAME
    return PROGRAM / (f"{frozen.NAME}.exe" if os.name == "nt" else frozen.NAME)


def _self_test() -> int:
    """Run the program's own test far from the source, with nothing of this environment; return its exit code."""
    kept = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "LANG", "LC_ALL", "WINDIR")
    with tempfile.TemporaryDirectory() as home:
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        environment |= {"QT_QPA_PLATFORM": "offscreen", "HOME": home, "USERPROFILE": home, "APPDATA": home}
        environment |= {"LOCALAPPDATA": home, "PYTHONUTF8": "1"}
        command = [str(executable()), "self-test"]
        return subprocess.run(command, cwd=home, env=environment, check=False, timeout=_SELF_TEST_SECONDS).returncode


def main() -> int:
    """Run the tool; return the exit code."""
    missing = _missing_tools()
    if missing:
        print(missing, file=sys.stderr)
        return 1
    if system_libraries.advice(display=True):
        print("note: this machine lacks X11 libraries, so the program will use those of the machine it runs on")
    shutil.rmtree(DIST, ignore_errors=True)
    _run_pyinstaller()
    _strip_libraries()
    _write_desktop_entry()
    licences = frozen.collect_licences(PROGRAM / "licences")
    if sys.platform == "darwin":
        shutil.copytree(PROGRAM / "licences", executable().parents[1] / "Resources" / "licences", dirs_exist_ok=True)
    size = size_in_mb(PROGRAM)
    print(f"dist/{frozen.NAME}: {size:.0f} MB (limit {frozen.SIZE_LIMIT_MB}), {licences} licence files")
    unmet = unmet_libraries(PROGRAM)
    for line in unmet:
        print(f"a library is missing: {line}", file=sys.stderr)
    if size >= frozen.SIZE_LIMIT_MB or unmet:
        return 1
    code = _self_test()
    print("self-test passed" if code == 0 else f"self-test failed with code {code}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())

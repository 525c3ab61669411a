"""What goes into the frozen program, what stays out, and where its licences come from; used by build.spec and tests."""

from __future__ import annotations

import os
import re
import shutil
import sys
import sysconfig
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NAME = "qihua-desktop"
WINDOWED_NAME = "Qihua Desktop"
PACKAGES = ("qihua_desktop", "db", "ui", "resources")
SIZE_LIMIT_MB = 200

# Modules that nothing of ours needs but that analysis finds behind optional imports.
EXCLUDED_MODULES = (
    "tkinter", "_tkinter", "unittest", "pydoc", "pydoc_data", "test", "doctest", "lib2to3", "ensurepip", "venv",
    "setuptools", "pkg_resources", "pip", "wheel", "distutils", "numpy", "pandas", "matplotlib", "IPython",
    "pytest", "_pytest", "hypothesis", "babel",
    "lxml",  # openpyxl and pikepdf can do without it in everything the program does
    "PIL.ImageQt", "PIL.ImageTk", "PIL.ImageShow", "PIL.AvifImagePlugin", "PIL._avif",
    "sqlite3", "_sqlite3",  # an old SQLite with the WAL-reset defect: the program brings its own
    "ssl", "_ssl", "curses", "_curses", "readline", "ftplib", "imaplib", "smtplib", "nntplib", "telnetlib",
    "reportlab.graphics.testshapes", "reportlab.graphics.samples", "playhouse.flask_utils", "psycopg2", "pymysql",
    "apsw.tests", "apsw.shell", "tools", "tests",
    *(f"PySide6.Qt{name}" for name in (
        "3DAnimation", "3DCore", "3DExtras", "3DInput", "3DLogic", "3DRender", "Bluetooth", "Charts", "Concurrent",
        "DBus", "DataVisualization", "Designer", "Graphs", "GraphsWidgets", "Help", "HttpServer", "Location",
        "Multimedia", "MultimediaWidgets", "NetworkAuth", "Nfc", "OpenGL", "OpenGLWidgets", "Positioning", "Qml",
        "Quick", "Quick3D", "QuickControls2", "QuickTest", "QuickWidgets", "RemoteObjects", "Scxml", "Sensors",
        "SerialBus", "SerialPort", "SpatialAudio", "Sql", "StateMachine", "Test", "TextToSpeech", "UiTools",
        "WebChannel", "WebEngineCore", "WebEngineQuick", "WebEngineWidgets", "WebSockets", "WebView", "Xml",
    )),
)  # fmt: skip

# Files of Qt that come with the modules in use and serve none of our windows. Matched inside PySide6 only: Pillow's
# private libraries have similar names and are needed.
_QT_DROPPED = re.compile(
    r"""
    /plugins/(
        platformthemes/.*gtk3                                  # pulls in GTK 3
      | platforms/.*(eglfs|linuxfb|vnc|minimal|vkkhrdisplay|direct2d)
      | egldeviceintegrations/ | generic/ | tls/ | networkinformation/ | sqldrivers/ | qmltooling/ | position/
      | platforminputcontexts/.*virtualkeyboard
      | imageformats/.*(tiff|webp|wbmp|tga|icns|pdf)
      | wayland-graphics-integration-server/
      | wayland-shell-integration/.*(ivi|fullscreen|wl-shell|qt-shell)
    )
  | /(lib)?Qt6?(
        Quick|Qml|VirtualKeyboard|WebEngine|WebView|Multimedia|3D|Designer|EglFS|WlShell|Labs|ShaderTools|Bodymovin
    )[A-Za-z0-9]*(\.so|\.dll|\.framework|\.abi3|$)
  | /(opengl32sw|d3dcompiler_\d+|avcodec|avformat|avutil|swresample|swscale)[^/]*\.dll$
  | /qml/ | /metatypes/ | /resources/.*\.pak$
  | /translations/(?!qtbase_zh_CN\.qm$)
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_dropped(destination: str) -> bool:
    """Tell whether a collected file stays out of the frozen program, by its path in it."""
    path = "/" + destination.replace("\\", "/").lstrip("/")
    return "/PySide6/" in path and _QT_DROPPED.search(path) is not None


def without_orphans(binaries: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """Return the collected binaries less the libraries that only dropped ones asked for.

    Entries are (path in the program, source, kind), as PyInstaller lists them. Extension modules, plugins and
    Python's own library stay; any other library stays when one that stays links to it.
    """
    from PyInstaller.depend.bindepend import get_imports

    by_name: dict[str, list[tuple[str, str, str]]] = {}
    for entry in binaries:
        by_name.setdefault(Path(entry[0]).name.lower(), []).append(entry)
    waiting = [
        entry
        for entry in binaries
        if entry[2] == "EXTENSION"
        or "/plugins/" in entry[0].replace("\\", "/")
        or Path(entry[0]).name.lower().startswith(("libpython", "python", "vcruntime", "ucrtbase", "api-ms"))
        or (entry[2] == "BINARY" and Path(entry[0]).parent != Path() and "PySide6" not in Path(entry[0]).parts)
    ]
    kept = {entry[0] for entry in waiting}
    while waiting:
        _path, source, kind = waiting.pop()
        for name, _resolved in get_imports(source) if kind != "SYMLINK" else ():
            for entry in by_name.get(Path(name).name.lower(), []):
                if entry[0] not in kept:
                    kept.add(entry[0])
                    waiting.append(entry)
    return [entry for entry in binaries if entry[0] in kept or (entry[2] == "SYMLINK" and _leads_to(entry, kept))]


def _leads_to(link: tuple[str, str, str], kept: set[str]) -> bool:
    """Tell whether a collected link points at a file, or a folder with a file, that stays."""
    target = os.path.normpath(os.path.join(os.path.dirname(link[0]), link[1]))
    return target in kept or any(path.startswith(target + os.sep) for path in kept)


def shipped_data() -> list[tuple[str, str]]:
    """Return the data files of ``resources`` as (source, folder in the program)."""
    folder = ROOT / "resources"
    return [
        (str(path), path.parent.relative_to(ROOT).as_posix())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix not in {".py", ".pyc", ".po", ".pyi"} and "__pycache__" not in path.parts
    ]


def locked(requirements: str = "requirements.txt") -> dict[str, str]:
    """Return name → version of each locked library that this system installs."""
    from packaging.requirements import Requirement

    found: dict[str, str] = {}
    for line in (ROOT / requirements).read_text("utf-8").splitlines():
        if line and not line.startswith((" ", "#")):
            requirement = Requirement(line.rstrip("\\ "))
            if requirement.marker is None or requirement.marker.evaluate():
                found[requirement.name] = str(requirement.specifier).removeprefix("==")
    return found


def _licence_files(library: Distribution) -> list[Path]:
    names = [str(file) for file in library.files or [] if ".dist-info/" in str(file)]
    wanted = [name for name in names if re.search(r"(licen[cs]e|copying|notice|authors)", name, re.IGNORECASE)]
    return [Path(str(library.locate_file(name))) for name in wanted]


def collect_licences(target: Path) -> int:
    """Copy the licences of the program, its fonts, Python, Qt and each library into a folder; return how many."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    resources = ROOT / "resources"
    sources = {
        f"{NAME}/LICENSE": ROOT / "LICENSE",
        "Noto Sans SC/OFL.txt": resources / "fonts" / "OFL.txt",
        "sRGB colour profile/LICENSE.txt": resources / "colour" / "LICENSE.txt",
    }
    for path in sorted((resources / "icons").rglob("*LICENSE*")):
        sources[f"icons {path.parent.name}/{path.name}"] = path
    for path in sorted((resources / "licences").iterdir()):
        sources[f"Qt and PySide6/{path.name}"] = path
    for folder in (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix)):
        if (folder / "LICENSE.txt").is_file():
            sources["Python/LICENSE.txt"] = folder / "LICENSE.txt"
    for name in locked():
        try:
            library = distribution(name)
        except PackageNotFoundError:
            continue
        for path in _licence_files(library):
            sources[f"{name} {library.version}/{path.name}"] = path
    for relative, source in sources.items():
        (target / relative).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target / relative)
    return len(sources)

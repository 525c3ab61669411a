"""The frozen program leaves out what it must leave out, and nothing it needs."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tools import frozen

ROOT = frozen.ROOT


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6/Qt/plugins/tls/libqopensslbackend.so",
        "PySide6\\plugins\\imageformats\\qtiff.dll",
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/lib/libQt6QmlModels.so.6",
        "PySide6\\Qt6VirtualKeyboard.dll",
        "PySide6\\opengl32sw.dll",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/translations/qtwebengine_locales/zh-CN.pak",
    ],
)
def test_unused_parts_of_qt_are_dropped(path: str) -> None:
    assert frozen.is_dropped(path)


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/Qt/lib/libQt6Pdf.so.6",
        "PySide6/Qt/lib/libQt6Widgets.so.6",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        # Pillow's private libraries have names like those of Qt's plugins.
        "pillow.libs/libtiff-20b7e810.so.6.3.0",
        "pillow.libs/libwebp-51b0b3f7.so.7.2.0",
    ],
)
def test_what_windows_and_pdfs_need_stays(path: str) -> None:
    assert not frozen.is_dropped(path)


def test_libraries_that_only_dropped_plugins_asked_for_go_with_them() -> None:
    pytest.importorskip("PyInstaller")
    if not sys.platform.startswith("linux"):
        pytest.skip("looks at Linux libraries")
    import PySide6

    qt = Path(PySide6.__file__).parent / "Qt"
    binaries = [
        ("PySide6/Qt/plugins/platforms/libqoffscreen.so", str(qt / "plugins/platforms/libqoffscreen.so"), "BINARY"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", str(qt / "lib/libQt6Gui.so.6"), "BINARY"),
        ("PySide6/Qt/lib/libQt6Core.so.6", str(qt / "lib/libQt6Core.so.6"), "BINARY"),
        ("PySide6/Qt/lib/libQt6Svg.so.6", str(qt / "lib/libQt6Svg.so.6"), "BINARY"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
        ("libQt6Svg.so.6", "PySide6/Qt/lib/libQt6Svg.so.6", "SYMLINK"),
    ]
    kept = {entry[0] for entry in frozen.without_orphans(binaries)}
    assert {entry[0] for entry in binaries} - kept == {"PySide6/Qt/lib/libQt6Svg.so.6", "libQt6Svg.so.6"}


def test_no_module_of_ours_imports_an_excluded_one() -> None:
    code = "import importlib\nfor name in sys.argv[1:]: importlib.import_module(name)\nprint(*sys.modules)"
    modules = ["playhouse.apsw_ext", "reportlab.platypus", "reportlab.pdfbase.ttfonts", "argon2", "pypinyin", "peewee"]
    modules += ["zxingcpp", "pypdfium2", "PIL.Image", "PIL.ImageOps", "PIL.ImageSequence"]
    modules += ["pikepdf", "openpyxl"]
    blocked = (
        "import sys\nclass Blocked:\n"
        f" names = {set(frozen.EXCLUDED_MODULES)!r}\n"
        " def find_spec(self, name, path=None, target=None):\n"
        "  if name in self.names: raise ModuleNotFoundError(name, name=name)\n"
        "sys.meta_path.insert(0, Blocked())\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", blocked + code, *modules], check=False, capture_output=True, text=True, cwd=ROOT
    )
    assert result.returncode == 0, result.stderr
    assert not set(result.stdout.split()) & set(frozen.EXCLUDED_MODULES)


def test_every_shipped_resource_is_in_the_wheel_and_in_the_frozen_program() -> None:
    patterns: list[str] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"][
        "package-data"
    ]["resources"]
    folder = ROOT / "resources"
    packaged = {path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}
    shipped = {Path(source) for source, _target in frozen.shipped_data()}
    assert {path for path in shipped if "__pycache__" not in path.parts} == {
        path for path in packaged if path.suffix != ".po"
    }


def test_the_licence_of_each_shipped_library_is_collected(tmp_path: Path) -> None:
    frozen.collect_licences(tmp_path / "licences")
    folders = {path.name.partition(" ")[0].lower() for path in (tmp_path / "licences").iterdir()}
    without_file = {"pyside6", "pyside6-addons", "pyside6-essentials", "shiboken6"}  # theirs are the texts under “Qt”
    assert set(frozen.locked()) - without_file <= folders
    assert {"qt", "noto", "icons", frozen.NAME} <= folders

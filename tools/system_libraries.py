"""Say in one line which system packages Qt still needs on this Linux machine.

    python tools/system_libraries.py            what drawing without a screen needs (tests, PDFs, the command line)
    python tools/system_libraries.py --display  and what a window on the screen needs

Uses nothing but the standard library. Exit code 0 when all is there, 1 otherwise.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys

# shared library: (Debian and Ubuntu package, Fedora package)
_ALWAYS = {
    "libglib-2.0.so.0": ("libglib2.0-0", "glib2"),
    "libGL.so.1": ("libgl1", "libglvnd-glx"),
    "libEGL.so.1": ("libegl1", "libglvnd-egl"),
    "libxkbcommon.so.0": ("libxkbcommon0", "libxkbcommon"),
    "libfontconfig.so.1": ("libfontconfig1", "fontconfig"),
    "libfreetype.so.6": ("libfreetype6", "freetype"),
    "libdbus-1.so.3": ("libdbus-1-3", "dbus-libs"),
    "libz.so.1": ("zlib1g", "zlib"),
}
_X11 = {
    "libxkbcommon-x11.so.0": ("libxkbcommon-x11-0", "libxkbcommon-x11"),
    "libX11-xcb.so.1": ("libx11-xcb1", "libX11-xcb"),
    "libxcb-cursor.so.0": ("libxcb-cursor0", "xcb-util-cursor"),
    "libxcb-icccm.so.4": ("libxcb-icccm4", "xcb-util-wm"),
    "libxcb-image.so.0": ("libxcb-image0", "xcb-util-image"),
    "libxcb-keysyms.so.1": ("libxcb-keysyms1", "xcb-util-keysyms"),
    "libxcb-render-util.so.0": ("libxcb-render-util0", "xcb-util-renderutil"),
    "libxcb-randr.so.0": ("libxcb-randr0", "libxcb"),
    "libxcb-shape.so.0": ("libxcb-shape0", "libxcb"),
    "libxcb-shm.so.0": ("libxcb-shm0", "libxcb"),
    "libxcb-sync.so.1": ("libxcb-sync1", "libxcb"),
    "libxcb-xfixes.so.0": ("libxcb-xfixes0", "libxcb"),
    "libxcb-xkb.so.1": ("libxcb-xkb1", "libxcb"),
    "libxcb-render.so.0": ("libxcb-render0", "libxcb"),
}


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def has_display() -> bool:
    """Tell whether a window could be shown: always on Windows and macOS, else where a display is set."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def advice(*, display: bool) -> str:
    """Return one line naming the packages to install, empty when nothing is missing."""
    if not sys.platform.startswith("linux"):
        return ""
    wanted = {**_ALWAYS, **_X11} if display else _ALWAYS
    missing = [packages for library, packages in wanted.items() if not _loads(library)]
    if not missing:
        return ""
    debian = " ".join(dict.fromkeys(package for package, _fedora in missing))
    fedora = " ".join(dict.fromkeys(package for _debian, package in missing))
    if shutil.which("apt-get"):
        command = f"sudo apt-get install -y {debian}"
    elif shutil.which("dnf"):
        command = f"sudo dnf install -y {fedora}"
    else:
        command = f"{debian} (Debian's names) or {fedora} (Fedora's)"
    return f"Qt needs system libraries that are not installed here 缺少 Qt 所需的系统库: {command}"


def main() -> int:
    """Run the check; return the exit code."""
    display = "--display" in sys.argv[1:]
    text = advice(display=display)
    if display and not text and not has_display() and "QT_QPA_PLATFORM" not in os.environ:
        text = "There is no display here to open a window on 没有可用的显示器; “make demo” works without one"
    if text:
        print(text, file=sys.stderr)
    return 1 if text else 0


if __name__ == "__main__":
    sys.exit(main())

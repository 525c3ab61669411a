"""From starting Python to a usable main window on the sample workspace, beside a bare PySide6 window.

A window is usable once it is shown, painted and has no events waiting. Both run from source in processes of their own,
with their byte code on the disk, as on every start but the first. The program is started as people start it,
``python -m qihua_desktop FILE``, with its log, crash hooks and lock; its settings are those of a new user. What it puts
off until the window is up (listening for a second start, collecting garbage, the weekly check) is not in the figure.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from tools.bench import Report

ROOT = Path(__file__).resolve().parents[2]
ROUNDS = 11

_USABLE = """
def usable(window):
    for _round in range(3):
        QApplication.processEvents()
    window.grab()
    print(time.time(), flush=True)
"""

_BARE = f"""
import time
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
{_USABLE}
application = QApplication([])
window = QMainWindow()
window.setCentralWidget(QLabel("…"))
window.resize(1440, 900)
window.show()
usable(window)
"""

_APP = f"""
import sys, time
from PySide6.QtWidgets import QApplication, QMainWindow
{_USABLE}
def measured(*_arguments):
    window = next(one for one in QApplication.topLevelWidgets() if isinstance(one, QMainWindow) and one.isVisible())
    window.resize(1440, 900)
    usable(window)
    window.close()
    return 0
QApplication.exec = measured
from qihua_desktop.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def run(report: Report) -> None:
    """Add the figure to the report."""
    from qihua_desktop.workspace_files import make_demo

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.qihua"
        make_demo(path, date(2026, 9, 10))
        environment = _environment(Path(folder))
        bare: list[float] = []
        app: list[float] = []
        for number in range(ROUNDS + 1):
            seconds = _seconds(environment, _BARE), _seconds(environment, _APP, str(path))
            if number:  # the first round writes the byte code
                bare.append(seconds[0])
                app.append(seconds[1])
    report.add(
        "start to a usable window (sample workspace)",
        statistics.median(app) * 1000,
        baseline=statistics.median(bare) * 1000,
        ratio_limit=1.8,
    )


def _environment(home: Path) -> dict[str, str]:
    folders = ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA")
    result = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)} | dict.fromkeys(folders, str(home))
    result.pop("PYTHONDONTWRITEBYTECODE", None)
    return result


def _seconds(environment: dict[str, str], script: str, *arguments: str) -> float:
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return float(done.stdout.split()[-1]) - started

"""From starting Python to a usable main window on the sample workspace, beside a bare PySide6 window.

A window is usable once it is shown, painted and has no events waiting. Both run from source in processes of their own.
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
ROUNDS = 7

_BARE = """
import time
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow
application = QApplication([])
window = QMainWindow()
window.setCentralWidget(QLabel("…"))
window.resize(1440, 900)
window.show()
for _round in range(3):
    application.processEvents()
window.grab()
print(time.time())
"""

_APP = """
import sys, time
from pathlib import Path
from qihua_desktop.app import Desktop, build_application
from qihua_desktop.settings_store import SettingsStore
application = build_application(["qihua-desktop"], SettingsStore(Path(sys.argv[1]).with_name("settings.json")))
desktop = Desktop(application, SettingsStore(Path(sys.argv[1]).with_name("settings.json")))
assert desktop.open_path(Path(sys.argv[1]))
desktop.window.resize(1440, 900)
for _round in range(3):
    application.processEvents()
desktop.window.grab()
print(time.time())
sys.stdout.flush()
desktop.close_workspace()
"""


def run(report: Report) -> None:
    """Add the figure to the report."""
    from qihua_desktop.workspace_files import make_demo

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "demo.qihua"
        make_demo(path, date(2026, 9, 10))
        bare = [_seconds(_BARE) for _round in range(ROUNDS)]
        app = [_seconds(_APP, str(path)) for _round in range(ROUNDS)]
    report.add(
        "start to a usable window (sample workspace)",
        statistics.median(app) * 1000,
        baseline=statistics.median(bare) * 1000,
        ratio_limit=1.8,
    )


def _seconds(script: str, *arguments: str) -> float:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    started = time.time()
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1]) - started

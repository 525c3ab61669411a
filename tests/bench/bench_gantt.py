"""The Gantt window on 10,000 tasks and 15,000 links: opening, a drag's preview, scrolling, zooming, memory, growth.

Memory is that of a process with the window on the big plan, beside one whose window is on an empty plan. Opening is
measured per task at 1,000 to 30,000 tasks, beside the smallest. Reading the rows from the file and building the rows
of the table dominate it.
"""

from __future__ import annotations

import importlib
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.plan import LagKind, Link, LinkType, Task
from qihua_desktop.services import plan
from qihua_desktop.services.plan_edit import new_task
from tests.services.plan_samples import PlanSample, open_sample
from tools.bench import Report

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.common.context import AppContext
    from ui.gantt.page import GanttPage

TASKS = 10_000
LINKS = 15_000
FRAMES = 120
SIZES = (1_000, 3_000, 10_000, 30_000)
ROOT = Path(__file__).resolve().parents[2]

_MEMORY = """
import os, sys, tempfile
from pathlib import Path
from PySide6.QtWidgets import QApplication
from tests.bench.bench_gantt import big_plan, open_window
application = QApplication([])
with tempfile.TemporaryDirectory() as folder:
    sample = big_plan(Path(folder), int(sys.argv[1]))
    page, context = open_window(sample)
    for place in range(0, 60_000, 3_000):
        page.chart.verticalScrollBar().setValue(place)
        application.processEvents()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    print(pages * os.sysconf("SC_PAGE_SIZE"))
    sys.stdout.flush()
    page.hide()
    context.close()
    sample.session.workspace.close()
"""


def run(report: Report) -> None:
    """Measure the window offscreen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ui.common.theme import ThemeMode, theme
    from ui.gantt.drags import DragKind, Drop, preview

    importlib.import_module("ui.gantt.page")  # importing is no part of opening
    application = QApplication.instance() or QApplication([])
    if isinstance(application, QApplication):
        theme().apply(application, ThemeMode.LIGHT)
    with tempfile.TemporaryDirectory() as folder:
        sample = big_plan(Path(folder))
        begun = perf_counter()
        page, context = open_window(sample)
        report.add("Open and paint 10,000 tasks", (perf_counter() - begun) * 1000, limit=1000.0)
        state = sample.state
        row = next(row for row in page.view_rows()[5000:] if not row.is_summary)
        drops = [Drop(DragKind.MOVE, row.id, (row.id,), row.start + day * 1440) for day in range(1, 40)]
        previews = [_elapsed(lambda drop=drop: preview(state, drop)) for drop in drops]
        report.add("One drag step, previewed by the engine (median)", _share(previews, 0.5), limit=16.0)
        bar = page.chart.verticalScrollBar()

        def scroll(step: int) -> None:
            bar.setValue(step * 60)
            application.processEvents()

        frames = [_elapsed(lambda step=step: scroll(step)) for step in range(FRAMES)]
        report.add("Scroll frame of table and chart (p95)", _share(frames, 0.95), limit=16.0)

        def zoom(step: int) -> None:
            page.set_day_width(3.0 * 1.06**step)
            application.processEvents()

        frames = [_elapsed(lambda step=step: zoom(step)) for step in range(80)]
        report.add("Zoom frame (p95)", _share(frames, 0.95), limit=16.0)
        page.hide()
        context.close()
        sample.session.workspace.close()
    if sys.platform == "linux":
        report.add(
            "Memory of the window with 10,000 tasks above an empty one",
            (_memory(TASKS) - _memory(0)) / 2**20,
            unit="MB",
            limit=150.0,
        )
    _growth(report)


def open_window(sample: PlanSample) -> tuple[GanttPage, AppContext]:
    """Return the shown and painted window of a plan."""
    from PySide6.QtWidgets import QApplication, QWidget

    from ui.common.actions import ActionRegistry
    from ui.common.context import AppContext
    from ui.common.jobs import Jobs
    from ui.common.theme import theme
    from ui.gantt.page import GanttPage

    holder = QWidget()
    context = AppContext(sample.session, theme(), Jobs(holder), ActionRegistry(holder), holder)
    context.project_id = sample.project.id
    page = GanttPage(context)
    _HOLDERS.append(holder)
    page.resize(1250, 800)
    page.show()
    page.reload()
    QApplication.processEvents()
    page.grab()
    return page, context


_HOLDERS: list[QWidget] = []


def _growth(report: Report) -> None:
    first: float | None = None
    for size in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            sample = big_plan(Path(folder), size)
            begun = perf_counter()
            page, context = open_window(sample)
            each = (perf_counter() - begun) * 1_000_000 / size
            page.hide()
            context.close()
            sample.session.workspace.close()
        first = first or each
        report.add(f"Open and paint {size:,} tasks, per task", each, unit="µs", baseline=first, ratio_limit=1.5)


def _memory(tasks: int) -> int:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", _MEMORY, str(tasks)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout.split()[-1])


def big_plan(folder: Path, count: int = TASKS) -> PlanSample:
    """Return a plan of stages of twenty tasks, linked onward to the next few stages: three links for two tasks."""
    draw = random.Random(1)
    sample = open_sample(folder)
    base = new_task(sample.state, "任务", sample.session)
    tasks: list[Task] = []
    for number in range(count):
        if number % 20 == 0:
            tasks.append(replace(base, id=new_id(), name=f"阶段 {number // 20}", position=number // 20))
            continue
        head = tasks[number - number % 20]
        tasks.append(
            replace(
                base,
                id=new_id(),
                name=f"任务 {number}",
                parent_id=head.id,
                position=number % 20,
                duration=draw.choice((240, 480, 960, 1440)),
                owner_text=draw.choice(("林晓岚", "陈一诺", "周航")),
            )
        )
    leaves = [task for task in tasks if task.parent_id is not None]
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < count * LINKS // TASKS:
        first = draw.randrange(len(leaves) - 1)
        pairs.add((first, min(len(leaves) - 1, first + draw.randrange(1, 30))))
    links = [
        Link(new_id(), sample.project.id, leaves[one].id, leaves[two].id, LinkType.FS, 0, LagKind.WORKING)
        for one, two in sorted(pairs)
        if one != two
    ]
    with sample.session.edit("大计划", sample.project.id) as edit:
        plan.insert_plan(edit, sample.project, tasks, links)
    return sample


def _elapsed(work: Callable[[], object]) -> float:
    begun = perf_counter()
    work()
    return (perf_counter() - begun) * 1000


def _share(figures: list[float], share: float) -> float:
    return sorted(figures)[min(len(figures) - 1, int(len(figures) * share))]

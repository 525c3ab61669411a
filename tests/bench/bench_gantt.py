"""The Gantt window on 10,000 tasks and 15,000 links: opening, a drag's preview, scrolling, zooming, memory, growth.

The baseline is a bare scroll area (``bare_chart``) that paints the same rows straight from the file. Drags are a
sample of the whole plan with the first tasks of its chains, later in a plan from its start, earlier in one that leads
back from the event: what the mouse's next position costs until every date that would move is known. Memory is that of
a process with the window on the big plan above one whose window is on an empty plan, beside bare lists of tuples of
the same rows. Opening is measured per task at 1,000 to 30,000 tasks, beside the smallest, with what dominates it.
"""

from __future__ import annotations

import cProfile
import gc
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

from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import ConstraintType, LagKind, Link, LinkType, ScheduleDirection, Task, day_of
from qihua_desktop.services import plan
from qihua_desktop.services.plan_edit import new_task
from qihua_desktop.services.plan_network import plan_calendars
from qihua_desktop.services.plan_state import PlanState
from tests.bench.bare_chart import BareChart, bare_rows
from tests.services.plan_samples import PlanSample, open_sample
from tools.bench import Report, dominating

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.common.context import AppContext
    from ui.gantt.page import GanttPage

TASKS = 10_000
LINKS = 15_000
FRAMES = 120
DRAGS = 200
FIRST = 40
SIZES = (1_000, 3_000, 10_000, 30_000)
ROOT = Path(__file__).resolve().parents[2]

_PRINT_MEMORY = """
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    print(pages * os.sysconf("SC_PAGE_SIZE"))
    sys.stdout.flush()
"""

_MEMORY = f"""
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
{_PRINT_MEMORY}
    page.hide()
    context.close()
    sample.session.workspace.close()
"""

_BARE_MEMORY = f"""
import os, sys
from pathlib import Path
if True:
    count = int(sys.argv[1])
    tasks = [(os.urandom(16), f"任务 {{n}}", n, n * 1440, n * 1440 + 480, 480, 0, None) for n in range(count)]
    links = [(os.urandom(16), tasks[n * 2 // 3][0], tasks[n // 2][0], "FS", 0) for n in range(count * 3 // 2)]
{_PRINT_MEMORY}
"""


def run(report: Report) -> None:
    """Measure the window offscreen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from ui.common.theme import ThemeMode, theme

    importlib.import_module("ui.gantt.page")  # importing is no part of opening
    application = QApplication.instance() or QApplication([])
    if isinstance(application, QApplication):
        theme().apply(application, ThemeMode.LIGHT)
    with tempfile.TemporaryDirectory() as folder:
        sample = big_plan(Path(folder))
        begun = perf_counter()
        page, context = open_window(sample)
        opened = (perf_counter() - begun) * 1000
        begun = perf_counter()
        bare = BareChart(bare_rows(Path(folder) / "plan.qihua"))
        bare.show()
        bare.grab()
        bare_opened = (perf_counter() - begun) * 1000
        report.add("Open and paint 10,000 tasks", opened, baseline=bare_opened, limit=1000.0)
        _drags(report, "from the start, later", sample.state, 1)
        _drags(report, "back from the event, earlier", led_back(sample.state), -1)
        _frames(report, page, bare)
        bare.close()
        page.hide()
        context.close()
        sample.session.workspace.close()
    if sys.platform == "linux":
        report.add(
            "Memory of the window with 10,000 tasks above an empty one",
            (_memory(_MEMORY, TASKS) - _memory(_MEMORY, 0)) / 2**20,
            unit="MB",
            baseline=(_memory(_BARE_MEMORY, TASKS) - _memory(_BARE_MEMORY, 0)) / 2**20,
            limit=150.0,
        )
    _growth(report)
    report.note(f"Open and paint 10,000 tasks, where the time goes: {_dominates()}")


def led_back(state: PlanState) -> PlanState:
    """Return the plan as one that leads back from an event day: every task as late as the event allows."""
    last = max(state.schedule.finish_list)
    project = replace(state.project, direction=ScheduleDirection.BACKWARD, key_on=day_of(last))
    tasks = {
        task.id: task if state.is_summary(task.id) else replace(task, constraint=ConstraintType.ALAP)
        for task in state.tasks.values()
    }
    return PlanState(project, tasks, state.links, plan_calendars(project, ()), state.people)


def _drags(report: Report, name: str, state: PlanState, direction: int) -> None:
    """Preview a sample of drags; of three tries each the quickest counts, others may include another program's turn."""
    from ui.gantt.drags import DragKind, Drop, preview

    draw = random.Random(3)
    leaves = [task.id for task in state.tasks.values() if not state.is_summary(task.id)]
    first = sorted(leaves, key=state.start, reverse=direction < 0)[:FIRST]
    drops = [
        Drop(DragKind.MOVE, one, (one,), state.start(one) + direction * draw.choice((1, 3, 10, 30)) * 1440)
        for one in (*draw.sample(leaves, DRAGS - FIRST), *first)
    ]
    preview(state, drops[0])
    gc.collect()
    gc.disable()
    try:
        times = sorted(
            (
                min(_elapsed(lambda drop=drop: preview(state, drop)) for _round in range(3)),
                len(preview(state, drop).dates),
            )
            for drop in drops
        )
    finally:
        gc.enable()
    for share, word in ((0.5, "median"), (0.95, "p95"), (1.0, "worst")):
        took, moved = times[min(len(times) - 1, int(len(times) * share))]
        report.add(f"Preview of one drag of {DRAGS}, {name}: {word}, {moved:,} move", took, limit=16.0)


def _frames(report: Report, page: GanttPage, bare: BareChart) -> None:
    from PySide6.QtWidgets import QApplication

    def frame(act: Callable[[], None]) -> float:
        def work() -> None:
            act()
            QApplication.processEvents()

        return _elapsed(work)

    bar, other = page.chart.verticalScrollBar(), bare.verticalScrollBar()
    frames = [frame(lambda step=step: bar.setValue(step * 60)) for step in range(FRAMES)]
    plain = [frame(lambda step=step: other.setValue(step * 60)) for step in range(FRAMES)]
    title = "Scroll frame of table and chart (p95)"
    report.add(title, _share(frames, 0.95), baseline=_share(plain, 0.95), limit=16.0)
    frames = [frame(lambda step=step: page.set_day_width(3.0 * 1.06**step)) for step in range(80)]
    plain = [frame(lambda step=step: bare.set_day_width(3.0 * 1.06**step)) for step in range(80)]
    report.add("Zoom frame (p95)", _share(frames, 0.95), baseline=_share(plain, 0.95), limit=16.0)


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


def _drop(page: GanttPage, task_id: EntityId) -> None:
    """Let a bar go three days later."""
    from PySide6.QtWidgets import QApplication

    from ui.gantt.drags import DragKind, Drop

    row = next(row for row in page.view_rows() if row.id == task_id)
    page.commands.carry_out(Drop(DragKind.MOVE, task_id, (task_id,), row.start + 3 * 1440))
    QApplication.processEvents()


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


def _dominates() -> str:
    profile = cProfile.Profile()
    with tempfile.TemporaryDirectory() as folder:
        sample = big_plan(Path(folder))
        page, context = profile.runcall(open_window, sample)
        page.hide()
        context.close()
        sample.session.workspace.close()
    return dominating(profile)


def _memory(script: str, tasks: int) -> int:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", script, str(tasks)],
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

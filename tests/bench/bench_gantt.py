"""The Gantt window on 10,000 tasks and 15,000 links: opening and painting, a drag's preview, scrolling, zooming."""

from __future__ import annotations

import os
import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.plan import LagKind, Link, LinkType, Task
from qihua_desktop.services import plan
from qihua_desktop.services.plan_edit import new_task
from tests.services.plan_samples import PlanSample, open_sample
from tools.bench import Report

TASKS = 10_000
LINKS = 15_000
FRAMES = 120


def run(report: Report) -> None:
    """Measure the window offscreen."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication, QWidget

    from ui.common.actions import ActionRegistry
    from ui.common.context import AppContext
    from ui.common.jobs import Jobs
    from ui.common.theme import ThemeMode, theme
    from ui.gantt.drags import DragKind, Drop, preview
    from ui.gantt.page import GanttPage

    application = QApplication.instance() or QApplication([])
    if isinstance(application, QApplication):
        theme().apply(application, ThemeMode.LIGHT)
    with tempfile.TemporaryDirectory() as folder:
        sample = big_plan(Path(folder))
        holder = QWidget()
        context = AppContext(sample.session, theme(), Jobs(holder), ActionRegistry(holder), holder)
        context.project_id = sample.project.id
        begun = perf_counter()
        page = GanttPage(context)
        page.resize(1250, 800)
        page.show()
        page.reload()
        application.processEvents()
        page.grab()
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


def big_plan(folder: Path) -> PlanSample:
    """Return a plan of stages of twenty tasks, linked onward to the next few stages."""
    draw = random.Random(1)
    sample = open_sample(folder)
    base = new_task(sample.state, "任务", sample.session)
    tasks: list[Task] = []
    for number in range(TASKS):
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
    while len(pairs) < LINKS:
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

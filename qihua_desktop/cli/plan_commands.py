"""The commands for plan files: schedule one without a workspace, import one as a project, export a project's plan."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qihua_desktop.domain.plan import moment
from qihua_desktop.i18n import _

from .commands import open_session

if TYPE_CHECKING:
    from qihua_desktop.exchange.plan_columns import DateOrder


def schedule(options: argparse.Namespace) -> int:
    """Compute dates, floats and critical tasks of a plan file."""
    from qihua_desktop.domain.schedule import conflict_text, conflicts
    from qihua_desktop.domain.schedule import schedule as compute
    from qihua_desktop.exchange.read_plan import read_plan

    plan = read_plan(_content(options.file), name=options.file.stem, date_order=_date_order(options))
    computed = compute(plan.network())
    names = {task.id: task.name for task in plan.tasks}
    rows: list[dict[str, object]] = []
    for stored in plan.stored:
        dates = computed.dates(stored.task_id)
        rows.append(
            {
                "id": stored.row,
                "uid": stored.uid,
                "name": names[stored.task_id],
                "start": _iso(dates.start),
                "finish": _iso(dates.finish),
                "early_start": _iso(dates.early_start),
                "early_finish": _iso(dates.early_finish),
                "late_start": _iso(dates.late_start),
                "late_finish": _iso(dates.late_finish),
                "total_float_minutes": dates.total_float,
                "critical": dates.critical,
                "summary": stored.summary,
            }
        )
    for line in (*plan.dropped, *(conflict_text(computed, one) for one in conflicts(computed))):
        print(line, file=sys.stderr)
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for row in rows:
        mark = "*" if row["critical"] else " "
        start, finish = str(row["start"])[:16].replace("T", " "), str(row["finish"])[:16].replace("T", " ")
        print(f"{row['id']:>6} {mark} {start}  {finish}  {row['total_float_minutes']:>8}  {row['name']}")
    print(_("* critical; total float in working minutes"), file=sys.stderr)
    return 0


def import_plan(options: argparse.Namespace) -> int:
    """Import a plan file as a new project."""
    from qihua_desktop.domain.project import ProjectKind
    from qihua_desktop.exchange.import_plan import import_plan as import_file

    content = _content(options.plan)
    with open_session(options, read_only=False) as session:
        report = import_file(
            session,
            content,
            options.project,
            kind=ProjectKind(options.kind),
            keep_dates=options.keep_dates,
            date_order=_date_order(options),
        )
    print(
        _("{number} {name}: {tasks} tasks, {links} links").format(
            number=report.project.number, name=report.project.name, tasks=report.tasks, links=report.links
        )
    )
    for line in report.dropped:
        print(line)
    for difference in report.differences:
        print(difference.words())
    return 0


def export_plan(options: argparse.Namespace) -> int:
    """Write a project's plan as MSPDI, CSV, XLSX or ICS."""
    from qihua_desktop.exchange.export_plan import export_format
    from qihua_desktop.exchange.export_plan import export_plan as export_file
    from qihua_desktop.services.projects import project_by_name

    export_format(options.output)
    with open_session(options, read_only=True) as session:
        project = project_by_name(session, options.project)
        written, dropped = export_file(session, project.id, options.output)
    print(written)
    for line in dropped:
        print(line, file=sys.stderr)
    return 0


def _content(path: Path) -> bytes:
    from qihua_desktop.services.documents import read_file

    return read_file(path)


def _date_order(options: argparse.Namespace) -> DateOrder | None:
    from qihua_desktop.exchange.plan_columns import DateOrder

    return DateOrder(options.date_order) if options.date_order else None


def _iso(at: int) -> str:
    return moment(at).isoformat(timespec="seconds")

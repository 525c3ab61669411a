"""A plan written as MSPDI and imported again is the same plan; tables and calendar files say what they leave out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, fields
from pathlib import Path

import pytest

from db import tables
from db.opening import open_workspace
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Task
from qihua_desktop.exchange.export_plan import export_format, export_plan, exported_plan, write_plan
from qihua_desktop.exchange.import_plan import import_plan
from qihua_desktop.exchange.read_plan import PlanFormat, plan_format, read_plan
from qihua_desktop.services.plan_state import plan_state
from qihua_desktop.services.projects import all_projects
from qihua_desktop.services.session import Session
from tests.corpus import corpus_files
from tests.services.workspace_samples import demo_file, fresh_session

FILES = [path for path in corpus_files("gantt", "*/*") if path.suffix in (".xml", ".gan")]
_OF_THE_PROJECT = {"id", "project_id", "parent_id", "stage_id", "external_ref"}
_DAY = 1440


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = fresh_session(tmp_path)
    yield opened
    opened.workspace.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Session]:
    workspace = open_workspace(demo_file(tmp_path, "zh_CN"))
    yield Session(workspace)
    workspace.close()


def _plan(session: Session, project_id: EntityId) -> dict[str, object]:
    """Return everything of a plan that a file must hold, with rows instead of ids."""
    state = plan_state(session, project_id)
    rows = {row.id: number for number, row in enumerate(state.outline)}
    kept = [field.name for field in fields(Task) if field.name not in _OF_THE_PROJECT]
    parents = {task.parent_id for task in state.tasks.values()}
    tasks: list[dict[str, object]] = []
    for row in state.outline:
        task = state.tasks[row.id]
        values = {name: getattr(task, name) for name in kept}
        values |= {"level": row.level, "start": state.start(row.id), "finish": state.finish(row.id)}
        values |= {"progress": round(task.progress / 100), "total_float": state.total_float(row.id)}
        values |= {"name": task.name.strip(), "notes": task.notes.strip()}
        if row.id in parents:
            values |= {"duration": 0, "actual_start": None, "actual_finish": None, "units": 0, "elapsed": False}
        if row.id in parents or not state.owner_name(task):
            values["units"] = 0
        tasks.append(values)
    links = sorted(
        (rows[link.predecessor_id], rows[link.successor_id], link.type, link.lag, link.lag_kind)
        for link in state.links.values()
    )
    days = range(state.schedule.project_start // _DAY - 5, state.schedule.project_finish // _DAY + 60)
    baselines = [
        sorted(
            (rows[row.task_id], row.start, row.finish, row.duration, row.cost)
            for row in tables.baseline_tasks.all(session.workspace, baseline_id=baseline.id)
            if row.task_id in rows
        )
        for baseline in tables.baselines.all(session.workspace, project_id=project_id)
    ]
    return {
        "tasks": tasks,
        "links": links,
        "calendar": [state.calendar.periods(day) for day in days],
        "baselines": [rows for rows in baselines if rows],
        "key": (state.project.key_on, state.project.direction, state.project.work_hours),
    }


def _assert_same(first: dict[str, object], second: dict[str, object]) -> None:
    assert first.keys() == second.keys()
    for key in first.keys() - {"tasks"}:
        assert first[key] == second[key], key
    one, other = first["tasks"], second["tasks"]
    assert isinstance(one, list)
    assert isinstance(other, list)
    for ours, theirs in zip(one, other, strict=True):
        assert ours == theirs


@pytest.mark.skipif(not FILES, reason="the test corpus is not on this machine")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_plan_is_the_same_after_a_round_trip(path: Path, session: Session) -> None:
    project = import_plan(session, path.read_bytes(), "一").project
    written = write_plan(exported_plan(session, project.id), PlanFormat.MSPDI)
    report = import_plan(session, written.content, "二")
    assert report.differences == ()
    _assert_same(_plan(session, project.id), _plan(session, report.project.id))


def test_every_project_of_the_sample_is_the_same_after_a_round_trip(demo: Session) -> None:
    for project in all_projects(demo):
        written = write_plan(exported_plan(demo, project.id), PlanFormat.MSPDI)
        report = import_plan(demo, written.content, "副本")
        assert report.differences == (), project.name
        _assert_same(_plan(demo, project.id), _plan(demo, report.project.id))


@pytest.mark.parametrize("kind", [PlanFormat.CSV, PlanFormat.XLSX])
def test_tables_of_the_sample_read_back(demo: Session, kind: PlanFormat) -> None:
    for project in all_projects(demo):
        plan = exported_plan(demo, project.id)
        content = write_plan(plan, kind).content
        assert plan_format(content) is kind
        back = read_plan(content, name="表")
        assert len(back.links) == len(plan.links)
        for ours, theirs in zip(plan.tasks, back.tasks, strict=True):
            for name in ("name", "owner_text", "elapsed", "mode", "constraint", "constraint_at", "deadline", "progress",
                         "actual_start", "actual_finish", "notes"):  # fmt: skip
                assert getattr(ours, name) == getattr(theirs, name), (ours.name, name)
            assert (plan.schedule.start(ours.id), plan.schedule.finish(ours.id)) == (theirs.start, theirs.finish)


def test_the_suffix_says_the_format_and_losses_are_told(demo: Session, tmp_path: Path) -> None:
    project = all_projects(demo)[0]
    for suffix, kind in ((".xml", PlanFormat.MSPDI), (".CSV", PlanFormat.CSV), (".xlsx", PlanFormat.XLSX)):
        target, dropped = export_plan(demo, project.id, tmp_path / f"计划{suffix}")
        assert plan_format(target.read_bytes()) is kind
        assert all(dropped)
    target, dropped = export_plan(demo, project.id, tmp_path / "计划.ics")
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert len(dropped) == 1
    for name in ("计划.pdf", "计划", "计划.gan"):
        with pytest.raises(InputError):
            export_format(Path(name))


def test_exporting_changes_nothing(demo: Session, tmp_path: Path) -> None:
    head = demo.workspace.head()
    before = [astuple(row) for row in tables.tasks.all(demo.workspace)]
    export_plan(demo, all_projects(demo)[0].id, tmp_path / "计划.xml")
    assert demo.workspace.head() == head
    assert [astuple(row) for row in tables.tasks.all(demo.workspace)] == before

"""Whatever a project's plan holds is the same after it went out as MSPDI and came back into an empty workspace."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import tables
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.people import Department, Role
from qihua_desktop.domain.plan import (
    Baseline,
    BaselineTask,
    CalendarDay,
    ConstraintType,
    LagKind,
    Link,
    LinkType,
    PersonWeek,
    ScheduleDirection,
    Task,
    TaskMode,
    day_start,
)
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.exchange.export_plan import exported_plan, write_plan
from qihua_desktop.exchange.import_plan import import_plan
from qihua_desktop.exchange.read_plan import PlanFormat
from qihua_desktop.services import people, projects
from qihua_desktop.services.people import PersonDraft
from qihua_desktop.services.plan_commit import recalculate
from qihua_desktop.services.plan_shares import Share, share_rows, shares_of
from qihua_desktop.services.plan_state import plan_state
from qihua_desktop.services.projects import NewProject
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import fresh_session

START = date(2026, 3, 2)
NINE = 540
NAMES = ("物料 <制作> & 𠮷", "=1+1", "x" * 300, "A、B", '"quoted" \u202eRTL', "line\nbreak", "  spaced")
WORDS = ("", "备注\n第二行", "<b>&amp;</b>", "?> ]]> --")


def _project(session: Session, direction: ScheduleDirection) -> Project:
    made = projects.create_project(
        session, NewProject("往返", ProjectKind.EVENT, "event", direction, START, None, "", 0)
    )
    with session.edit("clear") as edit:
        tables.tasks.delete(edit, *(task.id for task in tables.tasks.all(edit, project_id=made.id)))
    return made


def _task(random: Random, project: Project, stages: list[EntityId], place: int, parent: EntityId | None) -> Task:
    start = day_start(START) + NINE + random.randrange(20) * 1440
    kind = random.choice(list(ConstraintType))
    milestone = random.random() < 0.15
    elapsed = not milestone and random.random() < 0.15
    duration = 0 if milestone else random.choice((60, 240, 480, 481, 960, 2400))
    pinned = random.random() < 0.2
    started = not pinned and random.random() < 0.15
    splits = "240+480" if duration > 480 and not elapsed and not pinned and random.random() < 0.3 else ""
    return Task(
        id=new_id(),
        project_id=project.id,
        parent_id=parent,
        stage_id=random.choice([None, *stages]),
        position=place,
        name=random.choice(NAMES).strip() + str(place),
        owner_id=None,
        owner_text=random.choice(("", "", "设计部", "全员")),
        duration=duration,
        elapsed=elapsed,
        milestone=milestone,
        mode=TaskMode.PINNED if pinned else TaskMode.AUTO,
        start=start,
        finish=start + (0 if milestone else random.randrange(1, 3000)),
        constraint=kind,
        constraint_at=None if kind in (ConstraintType.ASAP, ConstraintType.ALAP) else start,
        deadline=random.choice((None, start + 5000)),
        progress=random.choice((0, 5000, 3333, 10_000, 12)),
        actual_start=start if started else None,
        actual_finish=None,
        priority=random.choice((500, 0, 1000)),
        units=10_000,
        notes=random.choice(WORDS),
        external_ref="",
        splits=splits,
    )


def _fill(session: Session, project: Project, random: Random, count: int) -> None:
    stages = [stage.id for stage in tables.stages.all(session.workspace, project_id=project.id)]
    workers = [
        people.add_person(session, PersonDraft(name, Department.DESIGN, Role.CREW, has_profile=False))
        for name in ("张伟", "李娜", "王 <芳>")
    ]
    tasks: list[Task] = []
    for place in range(count):
        parent = random.choice([None, None, *(task.id for task in tasks[-2:])])
        tasks.append(_task(random, project, stages, place, parent))
    parents = {task.parent_id for task in tasks}
    tasks = [_as_summary(task) if task.id in parents else task for task in tasks]
    links = _links(random, project, [task for task in tasks if task.id not in parents])
    baseline = Baseline(new_id(), project.id, "签批版 <1>", 1_780_000_000_000, None, None)
    with session.edit("fill") as edit:
        tables.tasks.insert_many(edit, tasks)
        tables.links.insert_many(edit, links)
        tables.person_weeks.insert(
            edit, PersonWeek(new_id(), None, workers[1].id, "540-720;540-720;;540-720,780-1080;540-720;;")
        )
        tables.calendar_days.insert(
            edit,
            CalendarDay(new_id(), project.id, None, date(2026, 3, 10), False, "", "场地占用"),
            CalendarDay(new_id(), project.id, workers[0].id, date(2026, 3, 4), False, "", ""),
        )
        tables.baselines.insert(edit, baseline)
        tables.baseline_tasks.insert_many(
            edit,
            [
                BaselineTask(new_id(), baseline.id, task.id, task.name, task.start, task.finish, 480, 12_345)
                for task in tasks[::2]
            ],
        )
        for task in tasks:
            if task.id not in parents and random.random() < 0.5:
                chosen = random.sample(workers, random.randrange(1, 4))
                shares = [Share(one.id, one.name, random.choice((10_000, 5_000))) for one in chosen]
                tables.tasks.update(edit, task.id, owner_id=shares[0].person_id, owner_text="", units=shares[0].units)
                tables.assignments.insert_many(edit, share_rows(task, shares))
        recalculate(edit, project.id)


def _as_summary(task: Task) -> Task:
    return replace(
        task, duration=0, elapsed=False, milestone=False, mode=TaskMode.AUTO, constraint=ConstraintType.ASAP,
        constraint_at=None, actual_start=None, splits="", progress=0, deadline=None,
    )  # fmt: skip


def _links(random: Random, project: Project, leaves: list[Task]) -> list[Link]:
    found: list[Link] = []
    for before, after in pairwise(leaves):
        if random.random() < 0.6:
            kind = random.choice(list(LagKind))
            lag = random.choice((0, 480, -240)) if kind is not LagKind.PERCENT else random.choice((5000, -2550, 0))
            found.append(Link(new_id(), project.id, before.id, after.id, random.choice(list(LinkType)), lag, kind))
    return found


LEFT_OUT = {"id", "project_id", "parent_id", "stage_id", "owner_id", "external_ref", "position"}


def _content(session: Session, project_id: EntityId) -> dict[str, Any]:
    """Return everything modelled of a plan, with rows named instead of numbered."""
    state = plan_state(session, project_id)
    names = {task.id: task.name for task in state.tasks.values()}
    stages = {stage.id: stage.name for stage in tables.stages.all(session.workspace, project_id=project_id)}
    summaries = {task.parent_id for task in state.tasks.values()}
    tasks: dict[str, Any] = {}
    for task in state.tasks.values():
        known = {one.name: getattr(task, one.name) for one in fields(Task) if one.name not in LEFT_OUT}
        if task.id in summaries:
            known.pop("duration")
        if task.mode is TaskMode.AUTO:
            known["start"], known["finish"] = state.start(task.id), state.finish(task.id)
        known["owner_text"] = state.owner_name(task)
        known["parent"] = names.get(task.parent_id) if task.parent_id is not None else None
        known["stage"] = stages.get(task.stage_id) if task.stage_id is not None else None
        known["shares"] = [(one.name, one.units, one.minutes) for one in shares_of(state, task.id)]
        tasks[task.name] = known
    links = sorted(
        (names[one.predecessor_id], names[one.successor_id], one.type, one.lag, one.lag_kind)
        for one in state.links.values()
    )
    baselines = tables.baselines.all(session.workspace, project_id=project_id)
    rows = sorted(
        (names[row.task_id], row.name, row.start, row.finish, row.duration, row.cost)
        for one in baselines
        for row in tables.baseline_tasks.all(session.workspace, baseline_id=one.id)
    )
    days = range(day_start(START) // 1440 - 10, day_start(START) // 1440 + 60)
    by_person = {
        person.name: [state.calendars.person(person.id, project_id).periods(day) for day in days]
        for person in state.people.values()
    }
    assigned = {share[0] for known in tasks.values() for share in known["shares"]}
    return {
        "project": (state.project.name, state.project.direction, state.project.key_on),
        "rows": [names[row.id] for row in state.outline],
        "tasks": tasks,
        "links": links,
        "baselines": [(one.name, one.taken_at) for one in baselines],
        "baseline rows": rows,
        "days": [state.calendar.periods(day) for day in days],
        "people": {name: periods for name, periods in by_person.items() if name in assigned},
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1 << 30), st.integers(1, 12), st.sampled_from(list(ScheduleDirection)))
def test_everything_modelled_survives_mspdi(
    tmp_path: Path, seed: int, count: int, direction: ScheduleDirection
) -> None:
    with TemporaryDirectory(dir=tmp_path) as folder:
        for name in ("a", "b"):
            (Path(folder) / name).mkdir()
        first, second = fresh_session(Path(folder) / "a"), fresh_session(Path(folder) / "b")
        project = _project(first, direction)
        _fill(first, project, Random(seed), count)
        written = write_plan(exported_plan(first, project.id), PlanFormat.MSPDI)
        report = import_plan(second, written.content, "往返", kind=ProjectKind.EVENT)
        ours, theirs = _content(first, project.id), _content(second, report.project.id)
        first.workspace.close()
        second.workspace.close()
    assert written.dropped == ()
    assert report.differences == ()
    for key, value in ours.items():
        assert theirs[key] == value, key

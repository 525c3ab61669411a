"""What is written as MSPDI reads back the same: rows, links, calendars, people, dates and floats."""

from __future__ import annotations

from hypothesis import given, note, settings

from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import DONE, Baseline, BaselineTask, ConstraintType, Task, TaskMode
from qihua_desktop.domain.plan import Link as PlanLink
from qihua_desktop.domain.schedule import Network, ScheduleLink, ScheduleTask, Split, Terms, schedule
from qihua_desktop.exchange.date_differences import date_differences
from qihua_desktop.exchange.exported_plan import ExportedPerson, ExportedPlan
from qihua_desktop.exchange.mspdi import read_mspdi
from qihua_desktop.exchange.mspdi_write import write_mspdi
from tests.domain.schedule.networks import OFFICE, START, plans

PROJECT = new_id()


def _row(task: ScheduleTask, position: int, *, owner: EntityId | None = None) -> Task:
    done = task.actual_finish is not None
    start, finish = task.pinned or (0, 0)
    return Task(
        id=task.id, project_id=PROJECT, parent_id=task.parent_id, stage_id=None, position=position, name=task.name,
        owner_id=owner, owner_text="", duration=task.duration, elapsed=task.elapsed, milestone=not task.duration,
        mode=TaskMode.PINNED if task.pinned else TaskMode.AUTO, start=start, finish=finish,
        constraint=task.constraint, constraint_at=task.constraint_at, deadline=task.deadline,
        progress=DONE if done else 0, actual_start=task.actual_start, actual_finish=task.actual_finish,
        priority=500, units=DONE, notes="", external_ref="",
    )  # fmt: skip


def _plan_link(link: ScheduleLink) -> PlanLink:
    return PlanLink(link.id, PROJECT, link.predecessor_id, link.successor_id, link.type, link.lag, link.lag_kind)


def _preorder(tasks: list[ScheduleTask]) -> list[ScheduleTask]:
    children: dict[EntityId | None, list[ScheduleTask]] = {}
    for task in tasks:
        children.setdefault(task.parent_id, []).append(task)
    ordered: list[ScheduleTask] = []
    waiting = list(reversed(children.get(None, [])))
    while waiting:
        task = waiting.pop()
        ordered.append(task)
        waiting.extend(reversed(children.get(task.id, [])))
    return ordered


def _own_calendars_only_where_work_is(task: ScheduleTask) -> ScheduleTask:
    follows = task.duration and not task.elapsed and not task.pinned
    values = {name: getattr(task, name) for name in ScheduleTask.__slots__}
    # Interruptions and shares are written from the rows that keep them: tests/exchange/test_content_round_trip.py.
    return ScheduleTask(
        **{**values, "calendar": task.calendar if follows else None, "splits": (), "parts": (), "remaining": None}
    )


@settings(max_examples=120, deadline=None)
@given(plans())
def test_a_plan_reads_back_with_the_same_dates_and_floats(plan: tuple[list[ScheduleTask], list[ScheduleLink]]) -> None:
    tasks, links = [_own_calendars_only_where_work_is(task) for task in _preorder(plan[0])], plan[1]
    result = schedule(Network(tasks, links, calendar=OFFICE, terms=Terms(START)))
    people = [ExportedPerson(new_id(), f"person {task.name}", task.calendar) for task in tasks if task.calendar]
    owners = {person.name.removeprefix("person "): person.id for person in people}
    rows = [_row(task, place, owner=owners.get(task.name)) for place, task in enumerate(tasks)]
    written = write_mspdi(
        ExportedPlan(
            "Plan",
            result,
            rows,
            [_plan_link(link) for link in links],
            people,
            [(row.id, row.owner_id, DONE) for row in rows if row.owner_id is not None],
        )
    )
    note(written.content.decode())
    back = read_mspdi(written.content)
    again = schedule(back.network())
    assert [task.name for task in back.tasks] == [task.name for task in tasks]
    assert len(back.links) == len(links)
    assert date_differences(back, again) == ()
    for ours, theirs in zip(rows, back.tasks, strict=True):
        one, other = result.dates(ours.id), again.dates(theirs.id)
        assert one == other, ours.name
        assert (ours.mode, ours.deadline, ours.elapsed, ours.progress) == (
            theirs.mode, theirs.deadline, theirs.elapsed, theirs.progress,
        )  # fmt: skip
        if ours.constraint is not ConstraintType.ASAP:
            assert (ours.constraint, ours.constraint_at) == (theirs.constraint, theirs.constraint_at)


def test_interruptions_baselines_names_and_rates_survive() -> None:
    task = ScheduleTask(new_id(), "物料 <制作> & 𠮷 \u202eRTL =1+1", duration=960, splits=(Split(480, 960),))
    result = schedule(Network([task], [], calendar=OFFICE, terms=Terms(START)))
    row = _row(task, 0)
    baseline = Baseline(new_id(), PROJECT, "签批版", 0, None, None)
    frozen = BaselineTask(new_id(), baseline.id, task.id, task.name, START, START + 540, 480, 123_456)
    written = write_mspdi(
        ExportedPlan(
            "年会", result, [row], [], [ExportedPerson(new_id(), "李明", None, 12_345)], (),
            {task.id: task.splits}, [baseline], [frozen],
        )
    )  # fmt: skip
    back = read_mspdi(written.content)
    assert back.name == "年会"
    assert back.tasks[0].name == task.name
    assert [splits for _task, splits in back.splits] == [task.splits]
    assert back.baseline_tasks[0].cost == 123_456
    assert (back.resources[0].name, back.resources[0].rate) == ("李明", 12_345)
    assert back.baselines[0].name == "签批版"
    assert written.dropped == ()


def test_names_with_characters_that_xml_forbids_do_not_break_the_file() -> None:
    task = ScheduleTask(new_id(), "bad\x00\x0b\ud800name", duration=480)
    result = schedule(Network([task], [], calendar=OFFICE, terms=Terms(START)))
    written = write_mspdi(ExportedPlan("x", result, [_row(task, 0)], []))
    assert read_mspdi(written.content).tasks[0].name == "badname"

"""What templates and copies keep: constraints, deadlines, interruptions, pins, recurring tasks, money and its tasks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.budget import BudgetLine
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, id_text, new_id
from qihua_desktop.domain.people import Department, Role
from qihua_desktop.domain.plan import CalendarDay, ConstraintType, Task, TaskMode, instant, moment
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.recurrence import Every, Recurrence, read_rule
from qihua_desktop.domain.workflow import read_workflow, workflow_data
from qihua_desktop.services import plan, plan_recurring, projects, stage_templates, templates
from qihua_desktop.services.plan_recurring import RecurringTask
from qihua_desktop.services.project_copy import project_key
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import event_project, fresh_session, new_project, person

Again = Callable[[Session, Project, date], Project]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    found = fresh_session(tmp_path)
    person(found, "周航", Department.PLANNING, Role.SPECIALIST_EVENT)
    yield found
    found.workspace.close()


def by_copy(session: Session, source: Project, day: date) -> Project:
    """Make a project from a past one."""
    wanted = replace(new_project(name="再来一次"), template_key=project_key(source.id), key_on=day)
    return projects.create_project(session, wanted)


def by_template(session: Session, source: Project, day: date) -> Project:
    """Make a project from a template saved from another; what the file holds is read back."""
    stored = templates.save_as_template(session, source.id, "门店快闪")
    key = next(one.key for one in templates.list_templates(session) if one.name == stored.name)
    workflow = templates.load_template(session, key)
    assert read_workflow(workflow_data(workflow)) == workflow
    return projects.create_project(session, replace(new_project(name="再来"), template_key=key, key_on=day))


both = pytest.mark.parametrize("again", [by_copy, by_template])


def at(month: int, day: int, hour: int = 9) -> int:
    """Return an instant of 2026."""
    return instant(datetime(2026, month, day, hour))


def add(session: Session, project: Project, name: str, **fields: object) -> EntityId:
    """Add a task with whatever fields."""
    task = plan.add_task(session, project.id, name).added[0]
    with session.edit("任务") as edit:
        tables.tasks.update(edit, task, **fields)
    return task


def named(session: Session, project: Project, name: str) -> Task:
    """Return a task of a project."""
    return next(one for one in tables.tasks.all(session.workspace, project_id=project.id) if one.name == name)


@both
def test_every_kind_of_date_and_interruption_comes_along(session: Session, again: Again) -> None:
    source = event_project(session)
    add(session, source, "供货", constraint=ConstraintType.FNLT, constraint_at=at(9, 14, 18), deadline=at(9, 15, 18))
    add(session, source, "布展", constraint=ConstraintType.MSO, constraint_at=at(9, 18, 20), elapsed=True, duration=240)
    add(session, source, "撤场", mode=TaskMode.PINNED, start=at(9, 19, 22), finish=at(9, 20, 2))
    add(session, source, "印刷", duration=1440, splits="480+960", units=5_000, priority=700)
    made = again(session, source, date(2026, 12, 12))
    supply = named(session, made, "供货")
    assert supply.constraint is ConstraintType.FNLT
    assert supply.constraint_at is not None
    assert supply.deadline is not None
    # Five working days lie between the end of 14 September and the event; Friday 4 December is as far from the 12th.
    assert moment(supply.constraint_at) == datetime(2026, 12, 7, 18)
    assert moment(supply.deadline) == datetime(2026, 12, 8, 18)
    evening = named(session, made, "布展")
    assert (evening.constraint, evening.elapsed, evening.duration) == (ConstraintType.MSO, True, 240)
    assert moment(evening.constraint_at or 0) == datetime(2026, 12, 11, 20)
    night = named(session, made, "撤场")
    assert (night.mode, moment(night.start), moment(night.finish)) == (
        TaskMode.PINNED,
        datetime(2026, 12, 12, 22),
        datetime(2026, 12, 13, 2),
    )
    printing = named(session, made, "印刷")
    assert (printing.splits, printing.units, printing.priority) == ("480+960", 5_000, 700)


@both
def test_rows_outside_the_stages_and_links_of_stages_come_along(session: Session, again: Again) -> None:
    source = event_project(session)
    rows = tables.tasks.all(session.workspace, project_id=source.id)
    head = next(one for one in rows if one.parent_id is None)
    loose = plan.add_task(session, source.id, "复盘会").added[0]
    plan.add_link(session, source.id, head.id, loose)
    made = again(session, source, date(2026, 12, 12))
    links = tables.links.all(session.workspace, project_id=made.id)
    assert len(links) == len(tables.links.all(session.workspace, project_id=source.id))
    found = named(session, made, "复盘会")
    assert any(link.successor_id == found.id for link in links)
    assert len(tables.tasks.all(session.workspace, project_id=made.id)) == len(rows) + 1


@both
def test_a_weekly_brief_stays_on_its_weekday_and_sees_the_new_holidays(session: Session, again: Again) -> None:
    source = event_project(session)
    rule = Recurrence(Every.WEEK, 1, date(2026, 8, 10), weekday=0, until=date(2026, 9, 14))
    plan_recurring.add_recurring(session, source.id, RecurringTask("周例会", 60, None, rule))
    made = again(session, source, date(2026, 10, 31))
    summary = named(session, made, "周例会")
    moved = read_rule(summary.external_ref)
    assert moved is not None
    assert (moved.first, moved.until) == (date(2026, 9, 21), date(2026, 10, 26))
    tasks = tables.tasks.all(session.workspace, project_id=made.id)
    days = sorted(moment(one.start).date() for one in tasks if one.parent_id == summary.id)
    # Monday 5 October is a holiday: that brief is on the next day worked.
    assert days == [
        date(2026, 9, 21), date(2026, 9, 28), date(2026, 10, 8), date(2026, 10, 12), date(2026, 10, 19),
        date(2026, 10, 26),
    ]  # fmt: skip
    assert {one.name for one in tasks if one.parent_id == summary.id} >= {"周例会 2026-09-21", "周例会 2026-10-08"}


@both
def test_the_shares_of_every_budget_line_and_their_tasks_come_along(session: Session, again: Again) -> None:
    source = event_project(session)
    lines = tables.budget_lines.all(session.workspace, project_id=source.id)
    category = next(one for one in lines if one.parent_id is None and any(two.parent_id == one.id for two in lines))
    below = [one for one in lines if one.parent_id == category.id]
    task = next(one for one in tables.tasks.all(session.workspace, project_id=source.id) if one.parent_id is not None)
    with session.edit("预算") as edit:
        tables.budget_lines.update(edit, below[0].id, amount=below[0].amount + below[1].amount - 100, task_id=task.id)
        tables.budget_lines.update(edit, below[1].id, amount=100, basis="三家比价", tax_rate=600)
    made = again(session, source, date(2026, 12, 12))
    new = tables.budget_lines.all(session.workspace, project_id=made.id)
    old = tables.budget_lines.all(session.workspace, project_id=source.id)

    def shape(rows: tuple[BudgetLine, ...]) -> list[tuple[str, int, str, int]]:
        return sorted((one.name, one.amount, one.basis, one.tax_rate) for one in rows)

    assert shape(new) == shape(old)
    paid = next(one for one in new if one.task_id is not None)
    assert tables.tasks.get(session.workspace, paid.task_id or EntityId(b"")).name == task.name


def test_days_off_of_the_past_project_stay_behind_and_that_is_said(session: Session) -> None:
    source = event_project(session)
    own = CalendarDay(new_id(), source.id, None, date(2026, 9, 1), False, "", "搬家")
    with session.edit("假") as edit:
        tables.calendar_days.insert(edit, own)
    wanted = replace(new_project(name="再来一次"), template_key=project_key(source.id), key_on=date(2026, 12, 12))
    preview = projects.preview_template(session, wanted)
    made = projects.create_project(session, wanted)
    assert tables.calendar_days.all(session.workspace, project_id=made.id) == ()
    assert any("1" in words and "不" in words for words in preview.warnings)


def test_a_stage_keeps_constraints_deadlines_interruptions_and_pins_from_its_beginning(session: Session) -> None:
    source = event_project(session)
    head = plan.add_task(session, source.id, "物料", at=at(9, 7)).added[0]
    for name, fields in (
        ("供货", {"constraint": ConstraintType.SNET, "constraint_at": at(9, 7)}),
        ("设计", {"constraint": ConstraintType.SNET, "constraint_at": at(9, 9), "deadline": at(9, 11, 18)}),
        ("打样", {"constraint": ConstraintType.FNLT, "constraint_at": at(9, 10, 18), "splits": "240+480"}),
        ("夜间运输", {"mode": TaskMode.PINNED, "start": at(9, 8, 21), "finish": at(9, 8, 23)}),
    ):
        task = plan.add_task(session, source.id, name, parent_id=head).added[0]
        with session.edit("任务") as edit:
            tables.tasks.update(edit, task, **fields)
    kept = stage_templates.save_stage(session, source.id, head, "物料制作")
    target = projects.create_project(session, new_project(name="品鉴会"))
    stage_templates.insert_stage(session, target.id, kept.id, date(2026, 8, 17))
    design, sample = named(session, target, "设计"), named(session, target, "打样")
    assert (design.constraint, moment(design.constraint_at or 0)) == (ConstraintType.SNET, datetime(2026, 8, 19, 9))
    assert moment(design.deadline or 0) == datetime(2026, 8, 21, 18)
    assert (sample.constraint, sample.splits) == (ConstraintType.FNLT, "240+480")
    assert moment(sample.constraint_at or 0) == datetime(2026, 8, 20, 18)
    night = named(session, target, "夜间运输")
    assert (night.mode, moment(night.start)) == (TaskMode.PINNED, datetime(2026, 8, 18, 21))


def test_a_template_with_a_spoilt_plan_is_refused_in_plain_words(session: Session) -> None:
    source = event_project(session)
    stored = templates.save_as_template(session, source.id, "门店快闪")
    content = json.loads(stored.content)
    content["plan"]["task"][0]["constraint"] = "someday"
    with session.edit("坏") as edit:
        tables.templates.update(edit, stored.id, content=json.dumps(content))
    wanted = replace(new_project(), template_key=id_text(stored.id))
    with pytest.raises(InputError, match="模板"):
        projects.create_project(session, wanted)

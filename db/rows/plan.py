"""Rows and repositories of tasks, links, people's shares and weeks, calendar days and baselines."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.plan import (
    Assignment,
    Baseline,
    BaselineTask,
    CalendarDay,
    ConstraintType,
    LagKind,
    Link,
    LinkType,
    PersonWeek,
    PlanSource,
    Task,
    TaskMode,
)

from ..fields import DayField, EnumField, FlagField, IdField
from ..table import Table
from .base import Row


class TaskRow(Row):
    project_id = IdField()
    parent_id = IdField(null=True)
    stage_id = IdField(null=True)
    position = IntegerField()
    name = TextField()
    owner_id = IdField(null=True)
    owner_text = TextField()
    duration = IntegerField()
    elapsed = FlagField()
    milestone = FlagField()
    mode = EnumField(TaskMode)
    start = IntegerField()
    finish = IntegerField()
    constraint = EnumField(ConstraintType)
    constraint_at = IntegerField(null=True)
    deadline = IntegerField(null=True)
    progress = IntegerField()
    actual_start = IntegerField(null=True)
    actual_finish = IntegerField(null=True)
    priority = IntegerField()
    units = IntegerField()
    notes = TextField()
    external_ref = TextField()
    splits = TextField()
    fixed_duration = FlagField()

    class Meta:
        table_name = "task"


class LinkRow(Row):
    project_id = IdField()
    predecessor_id = IdField()
    successor_id = IdField()
    type = EnumField(LinkType)
    lag = IntegerField()
    lag_kind = EnumField(LagKind)

    class Meta:
        table_name = "link"


class CalendarDayRow(Row):
    project_id = IdField(null=True)
    person_id = IdField(null=True)
    day = DayField()
    working = FlagField()
    hours = TextField()
    name = TextField()

    class Meta:
        table_name = "calendar_day"


class AssignmentRow(Row):
    project_id = IdField()
    task_id = IdField()
    position = IntegerField()
    person_id = IdField(null=True)
    name = TextField()
    units = IntegerField()
    work = IntegerField()
    duration = IntegerField()

    class Meta:
        table_name = "assignment"


class PersonWeekRow(Row):
    project_id = IdField(null=True)
    person_id = IdField()
    hours = TextField()

    class Meta:
        table_name = "person_week"


class PlanSourceRow(Row):
    project_id = IdField()
    format = TextField()
    sha256 = TextField()

    class Meta:
        table_name = "plan_source"


class BaselineRow(Row):
    project_id = IdField()
    name = TextField()
    taken_at = IntegerField()
    taken_by = IdField(null=True)
    plan_version_id = IdField(null=True)

    class Meta:
        table_name = "baseline"


class BaselineTaskRow(Row):
    baseline_id = IdField()
    task_id = IdField()
    name = TextField()
    start = IntegerField()
    finish = IntegerField()
    duration = IntegerField()
    cost = IntegerField()

    class Meta:
        table_name = "baseline_task"


tasks = Table(TaskRow, Task)
links = Table(LinkRow, Link, order=("id",), label="type")
calendar_days = Table(CalendarDayRow, CalendarDay, order=("day", "id"), label="day")
assignments = Table(AssignmentRow, Assignment)
person_weeks = Table(PersonWeekRow, PersonWeek, order=("id",), label="hours")
plan_sources = Table(PlanSourceRow, PlanSource, order=("id",), label="format")
baselines = Table(BaselineRow, Baseline, order=("taken_at", "id"))
baseline_tasks = Table(BaselineTaskRow, BaselineTask, order=("id",))

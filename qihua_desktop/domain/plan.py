"""The Gantt plan: tasks, links, calendars' overrides and baselines as the planner entered them.

Instants are whole minutes of the project's own wall clock since 1970-01-01 00:00 (an event at 09:30 stays at 09:30
wherever the laptop is); intervals are half-open. Durations, lags and floats are whole minutes: working minutes unless
the field says elapsed. Progress is in basis points (10000 = done).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from .ids import EntityId

EPOCH: Final = datetime(1970, 1, 1)
MINUTES_PER_DAY: Final = 1440
DONE: Final = 10_000


class LinkType(StrEnum):
    """How a successor depends on its predecessor."""

    FS = "FS"
    SS = "SS"
    FF = "FF"
    SF = "SF"


class LagKind(StrEnum):
    """What a lag counts: working minutes, clock minutes, or basis points of the predecessor's duration."""

    WORKING = "working"
    ELAPSED = "elapsed"
    PERCENT = "percent"


class ConstraintType(StrEnum):
    """Date constraints with their customary abbreviations."""

    ASAP = "ASAP"
    ALAP = "ALAP"
    SNET = "SNET"
    SNLT = "SNLT"
    FNET = "FNET"
    FNLT = "FNLT"
    MSO = "MSO"
    MFO = "MFO"


class TaskMode(StrEnum):
    """Whether links move a task or its dates were pinned by hand."""

    AUTO = "auto"
    PINNED = "pinned"


class ScheduleDirection(StrEnum):
    """From a start date forward, or backward from the event day."""

    FORWARD = "forward"
    BACKWARD = "backward"


@dataclass(frozen=True, slots=True)
class Task:
    """A row of the Gantt view; a task with children is a summary and its dates follow from them.

    ``position`` orders siblings. ``start`` and ``finish`` are the scheduled instants; for a pinned task they are what
    the planner fixed. ``elapsed`` durations count clock minutes. A milestone has duration 0 and ``milestone`` set.
    ``owner_text`` names an owner who is not a person of the workspace (全员, 设计部). ``splits`` are interruptions
    taken over from a plan file, such as ``480+960``: after 480 working minutes it rests for 960. With
    ``fixed_duration`` it follows the project's calendar, whoever works on it.
    """

    id: EntityId
    project_id: EntityId
    parent_id: EntityId | None
    stage_id: EntityId | None
    position: int
    name: str
    owner_id: EntityId | None
    owner_text: str
    duration: int
    elapsed: bool
    milestone: bool
    mode: TaskMode
    start: int
    finish: int
    constraint: ConstraintType
    constraint_at: int | None
    deadline: int | None
    progress: int
    actual_start: int | None
    actual_finish: int | None
    priority: int
    units: int
    notes: str
    external_ref: str
    splits: str = ""
    fixed_duration: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """A dependency between two tasks of one project; ``lag`` is in the unit that ``lag_kind`` names."""

    id: EntityId
    project_id: EntityId
    predecessor_id: EntityId
    successor_id: EntityId
    type: LinkType
    lag: int
    lag_kind: LagKind


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day that differs from the national calendar: for a project, for a person, or for the whole workspace.

    ``hours`` is empty for the usual working hours, else periods of minutes such as ``540-720,780-1080``.
    """

    id: EntityId
    project_id: EntityId | None
    person_id: EntityId | None
    day: date
    working: bool
    hours: str
    name: str


@dataclass(frozen=True, slots=True)
class Assignment:
    """Somebody's share in a task on which several people work; ``position`` orders them.

    The task's owner leads: the first one. ``name`` is for somebody who is not a person of the workspace. ``units`` is
    the share of their time in basis points; ``work`` the minutes they spend when the task lasts ``duration``: another
    duration stretches their work with it.
    """

    id: EntityId
    project_id: EntityId
    task_id: EntityId
    position: int
    person_id: EntityId | None
    name: str
    units: int
    work: int
    duration: int


@dataclass(frozen=True, slots=True)
class PersonWeek:
    """The hours somebody usually works, everywhere or in one project.

    ``hours`` has seven parts from Monday on, joined by semicolons: periods such as ``540-720,780-1080``, or nothing.
    """

    id: EntityId
    project_id: EntityId | None
    person_id: EntityId
    hours: str


@dataclass(frozen=True, slots=True)
class PlanSource:
    """What a plan file had that is not modelled, kept to be written back; ``sha256`` names the kept bytes."""

    id: EntityId
    project_id: EntityId
    format: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Baseline:
    """A named frozen copy of a plan's dates and money, to compare with."""

    id: EntityId
    project_id: EntityId
    name: str
    taken_at: int
    taken_by: EntityId | None
    plan_version_id: EntityId | None


@dataclass(frozen=True, slots=True)
class BaselineTask:
    """One task as it stood when the baseline was taken; ``cost`` is whole fen."""

    id: EntityId
    baseline_id: EntityId
    task_id: EntityId
    name: str
    start: int
    finish: int
    duration: int
    cost: int


def instant(moment: datetime) -> int:
    """Return the wall-clock minute of a naive datetime; seconds are cut."""
    return int((moment - EPOCH).total_seconds() // 60)


def moment(at: int) -> datetime:
    """Return the naive datetime of an instant."""
    return EPOCH + timedelta(minutes=at)


def day_start(day: date) -> int:
    """Return the instant at which a day begins."""
    return (day - EPOCH.date()).days * MINUTES_PER_DAY


def day_of(at: int) -> date:
    """Return the day an instant falls on."""
    return EPOCH.date() + timedelta(days=at // MINUTES_PER_DAY)


def last_day_of(start: int, finish: int) -> date:
    """Return the last day a half-open interval touches: a finish at 00:00 belongs to the day before."""
    return day_of(finish - 1) if finish > start else day_of(finish)

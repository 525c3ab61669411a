"""The scheduling engine: dates, floats and reasons of a plan. Pure, iterative, deterministic; no Qt, no database."""

from __future__ import annotations

from .model import (
    Changes,
    Conflict,
    Driver,
    DriverKind,
    Move,
    ScheduleLink,
    ScheduleTask,
    Split,
    TaskDates,
    Terms,
    WorkPart,
)
from .network import Network
from .result import Schedule, reschedule, schedule

__all__ = [
    "Changes",
    "Conflict",
    "Driver",
    "DriverKind",
    "Move",
    "Network",
    "Schedule",
    "ScheduleLink",
    "ScheduleTask",
    "Split",
    "TaskDates",
    "Terms",
    "WorkPart",
    "reschedule",
    "schedule",
]

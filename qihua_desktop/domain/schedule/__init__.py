"""The scheduling engine: dates, floats and reasons of a plan. Pure, iterative, deterministic; no Qt, no database."""

from __future__ import annotations

from .build import network_of, schedule_link, schedule_task
from .explain import (
    changed_dates,
    changed_tasks,
    conflicts,
    critical_links,
    critical_paths,
    driver,
    driving_chain,
    moved,
    segments,
)
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
    splits_from_text,
    splits_text,
)
from .network import Network
from .result import Schedule, reschedule, schedule
from .words import chain_text, conflict_text, constraint_text, driver_text, reason

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
    "chain_text",
    "changed_dates",
    "changed_tasks",
    "conflict_text",
    "conflicts",
    "constraint_text",
    "critical_links",
    "critical_paths",
    "driver",
    "driver_text",
    "driving_chain",
    "moved",
    "network_of",
    "reason",
    "reschedule",
    "schedule",
    "schedule_link",
    "schedule_task",
    "segments",
    "splits_from_text",
    "splits_text",
]

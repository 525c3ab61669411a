"""Compile one task's own demands: duration, constraint, deadline, pin and actual dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..plan import ConstraintType
from ..working_time import ENDLESS, WorkingTime
from .model import ScheduleTask

if TYPE_CHECKING:
    from .network import Network

_ASAP: Final = ConstraintType.ASAP

LEAF: Final = 0
FIXED: Final = 1
POINT: Final = 2
SHARED: Final = 3
SUMMARY: Final = 4
GATE: Final = 5
"""Kinds of nodes: a plain task; one with fixed dates; a milestone; one shared by people; a summary; a gate."""


def compile_tasks(network: Network) -> None:
    """Fill in all nodes of a fresh network; plain tasks, which most are, take the short way."""
    tasks, children = network.tasks, network.children
    kinds, coordinates, calendars = network.kind, network.coordinate, network.calendar
    spans, backs = network.span, network.back
    for node in range(network.count):
        task = tasks[node]
        if (
            children[node]
            or task.constraint is not _ASAP
            or task.deadline is not None
            or task.pinned is not None
            or task.actual_start is not None
            or task.actual_finish is not None
            or task.splits
            or task.parts
            or task.duration < 0
        ):
            compile_task(network, node)
            continue
        number = calendars[node] = network.calendar_number(task.calendar)
        spans[node] = backs[node] = task.duration
        if task.duration:
            kinds[node] = LEAF
            coordinates[node] = 0 if task.elapsed else number
        else:
            kinds[node] = POINT


def compile_task(network: Network, node: int) -> None:
    """Fill in a node's kind, calendars, span, bounds and fixed dates. Links are compiled afterwards."""
    task = network.tasks[node]
    number = network.calendar_number(task.calendar)
    calendar = network.calendars[number]
    network.calendar[node] = number
    network.late_sitters.discard(node)
    if network.children[node]:
        network.kind[node] = SUMMARY
        if task.constraint is ConstraintType.FNLT and task.constraint_at is not None:
            network.cap[node] = task.constraint_at
        return
    span = max(0, task.duration)
    for split in task.splits:
        span += split.gap
    started = task.actual_start is not None or task.actual_finish is not None
    network.span[node] = span
    network.back[node] = span if not started or task.remaining is None else max(0, task.remaining)
    network.done[node] = task.actual_finish is not None
    fixed = _fixed_dates(task, calendar, span)
    network.fixed[node] = fixed
    if fixed is not None and not started:
        network.back[node] = fixed[1] - fixed[0] if task.elapsed else calendar.between(*fixed)
    coordinate = 0
    if fixed is not None:
        network.kind[node] = FIXED
    elif task.parts:
        network.kind[node] = SHARED
    elif span == 0:
        network.kind[node] = POINT
    else:
        network.kind[node] = LEAF
        coordinate = 0 if task.elapsed else number
    network.coordinate[node] = coordinate
    network.lowest[node] = -ENDLESS
    network.highest[node] = network.cap[node] = ENDLESS
    if task.constraint_at is not None or task.deadline is not None:
        _compile_bounds(network, node, task)
    if task.constraint is ConstraintType.ALAP and fixed is None:
        network.late_sitters.add(node)


def _fixed_dates(task: ScheduleTask, calendar: WorkingTime, span: int) -> tuple[int, int] | None:
    start, finish = task.actual_start, task.actual_finish
    if finish is not None:
        if start is None:
            start = finish - span if task.elapsed else calendar.add(finish, -span)
        return start, max(start, finish)
    if start is not None:
        if task.parts:
            return start, max(part.calendar.add(start, part.minutes) for part in task.parts)
        return start, start + span if task.elapsed else calendar.add(start, span)
    if task.pinned is not None:
        return task.pinned[0], max(task.pinned)
    return None


def _compile_bounds(network: Network, node: int, task: ScheduleTask) -> None:
    """Turn constraint and deadline into bounds on the start, and on the late finish, in the node's coordinate."""
    coordinate = network.coordinate[node]
    exact = coordinate == 0
    calendar = network.calendars[network.calendar[node]]
    span = network.span[node]

    def position(at: int) -> int:
        return at if exact else calendar.work(at)

    def later(at: int, minutes: int) -> int:
        if not exact:
            return calendar.work(at) + minutes
        return at + minutes if task.elapsed or not minutes else calendar.add(at, minutes)

    kind, at = task.constraint, task.constraint_at if task.pinned is None else None
    cap = ENDLESS
    if at is not None:
        if kind in (ConstraintType.SNET, ConstraintType.MSO):
            network.lowest[node] = position(at)
        elif kind in (ConstraintType.FNET, ConstraintType.MFO):
            network.lowest[node] = later(at, -span)
        if kind in (ConstraintType.SNLT, ConstraintType.MSO):
            network.highest[node] = position(at)
            cap = later(at, span)
        elif kind in (ConstraintType.FNLT, ConstraintType.MFO):
            network.highest[node] = later(at, -span)
            cap = position(at)
    if task.deadline is not None:
        cap = min(cap, position(task.deadline))
    network.cap[node] = cap

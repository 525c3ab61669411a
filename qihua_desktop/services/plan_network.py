"""From a project's stored tasks, links and calendar days to the engine's network and back to floats.

A forward plan starts on the key date. In a backward plan the event day itself is a working day, tasks constrained
ALAP sit as late as the event allows, and the plan's start follows from them: the longest chain has no float.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from qihua_desktop.domain.calendars import Calendars, NationalCalendar, WorkingHours
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    DONE,
    MINUTES_PER_DAY,
    Assignment,
    CalendarDay,
    ConstraintType,
    Link,
    PersonWeek,
    ScheduleDirection,
    Task,
    TaskMode,
    day_start,
)
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.schedule import (
    Changes,
    Network,
    Schedule,
    ScheduleLink,
    ScheduleTask,
    Terms,
    WorkPart,
    reschedule,
    schedule,
    splits_from_text,
)
from qihua_desktop.domain.working_time import ENDLESS, WorkingTime, periods_from_text
from qihua_desktop.i18n import _

Shares = Mapping[EntityId, Sequence[Assignment]]
"""Who works on a task, by task; the lead first. Tasks that one person does alone are not in it."""
_LONGEST_LEAD_DAYS: Final = 7300
_SHORTEST_LEAD_DAYS: Final = 400


def plan_calendars(
    project: Project,
    days: Iterable[CalendarDay],
    national: NationalCalendar | None = None,
    weeks: Iterable[PersonWeek] = (),
) -> Calendars:
    """Return the calendars a project is planned by; a backward plan's event day is worked unless said otherwise."""
    stored = tuple(days)
    if project.direction is ScheduleDirection.BACKWARD and not any(
        day.project_id == project.id and day.person_id is None and day.day == project.key_on for day in stored
    ):
        stored = (*stored, CalendarDay(project.id, project.id, None, project.key_on, True, "", _("Event day")))
    around = day_start(project.key_on)
    return Calendars(stored, national=national, hours=working_hours(project), around=around, weeks=weeks)


def working_hours(project: Project) -> WorkingHours:
    """Return the project's own working hours, or the usual ones."""
    if project.work_hours:
        try:
            periods = periods_from_text(project.work_hours)
        except ValueError:
            periods = ()
        if periods:
            return WorkingHours(periods)
    return WorkingHours()


def day_opening(calendar: WorkingTime, day: date) -> int:
    """Return the instant at which work begins on a day; the usual opening hour on a day off."""
    midnight = day_start(day)
    periods = calendar.periods(midnight // MINUTES_PER_DAY)
    return midnight + (periods[0][0] if periods else 540)


def day_closing(calendar: WorkingTime, day: date) -> int:
    """Return the instant at which work ends on a day; the usual closing hour on a day off."""
    midnight = day_start(day)
    periods = calendar.periods(midnight // MINUTES_PER_DAY)
    return midnight + (periods[-1][1] if periods else 1080)


def task_calendar(task: Task, project: Project, calendars: Calendars, shares: Sequence[Assignment] = ()) -> WorkingTime:
    """Return the working time a task follows: its owner's within the project, or the clock when elapsed."""
    return calendars.elapsed() if task.elapsed else shared_time(task, project, calendars, shares)[0]


def shared_time(
    task: Task, project: Project, calendars: Calendars, shares: Sequence[Assignment]
) -> tuple[WorkingTime, tuple[WorkPart, ...]]:
    """Return the calendar a task follows, and everybody's part of the work where their calendars differ."""
    if task.fixed_duration:
        return calendars.project(project.id), ()
    if not shares:
        return calendars.person(task.owner_id, project.id), ()
    parts = [
        WorkPart(calendars.person(share_person(task, share), project.id), minutes)
        for share in shares
        if (minutes := share_minutes(task, share))
    ]
    if not parts:
        return calendars.person(task.owner_id, project.id), ()
    first = parts[0].calendar
    if all(part.calendar is first for part in parts):
        return first, ()
    return calendars.project(project.id), tuple(parts)


def share_person(task: Task, share: Assignment) -> EntityId | None:
    """Return whose share it is; the first one's is the owner's, whoever that is now."""
    return share.person_id if share.position else task.owner_id


def share_minutes(task: Task, share: Assignment) -> int:
    """Return how long somebody works on a task; it stretches with the task since the share was set."""
    if share.work == round(share.duration * share.units / DONE):
        return task.duration
    length = round(share.work * DONE / share.units) if share.units else 0
    return length if share.duration in (0, task.duration) else round(length * task.duration / share.duration)


def sits_late(task: Task, project: Project) -> bool:
    """Return whether a task sits as late as it may: in a backward plan a latest date does not make it start early."""
    if task.constraint is ConstraintType.ALAP:
        return project.direction is ScheduleDirection.BACKWARD
    latest = task.constraint in (ConstraintType.FNLT, ConstraintType.SNLT) and task.constraint_at is not None
    return latest and project.direction is ScheduleDirection.BACKWARD


def _latest_finish(task: Task, calendar: WorkingTime) -> int | None:
    if task.constraint is ConstraintType.FNLT:
        return task.constraint_at
    if task.constraint is ConstraintType.SNLT and task.constraint_at is not None:
        return calendar.add(task.constraint_at, 0 if task.milestone else task.duration)
    return None


def schedule_task(
    task: Task, project: Project, calendars: Calendars, shares: Sequence[Assignment] = ()
) -> ScheduleTask:
    """Return a task as the engine sees it."""
    calendar, parts = shared_time(task, project, calendars, shares)
    duration = 0 if task.milestone else task.duration
    started = task.actual_start is not None
    constraint, constraint_at, deadline = task.constraint, task.constraint_at, task.deadline
    if sits_late(task, project):
        closing = day_closing(calendars.project(project.id), project.key_on)
        asked = _latest_finish(task, task_calendar(task, project, calendars, shares))
        deadline = min(at for at in (deadline, closing, asked) if at is not None)
        constraint, constraint_at = ConstraintType.ALAP, None
    return ScheduleTask(
        task.id,
        task.name,
        task.parent_id,
        duration,
        task.elapsed,
        calendar,
        constraint,
        constraint_at,
        deadline,
        (task.start, task.finish) if task.mode is TaskMode.PINNED else None,
        task.actual_start,
        task.actual_finish,
        duration - duration * task.progress // DONE if started else None,
        splits_from_text(task.splits) if duration and not task.elapsed and task.mode is TaskMode.AUTO else (),
        parts if duration and not task.elapsed else (),
    )


def schedule_link(link: Link) -> ScheduleLink:
    """Return a link as the engine sees it."""
    return ScheduleLink(link.id, link.predecessor_id, link.successor_id, link.type, link.lag, link.lag_kind)


def compute(
    project: Project,
    tasks: Sequence[Task],
    links: Iterable[Link],
    calendars: Calendars,
    shares: Shares | None = None,
) -> Schedule:
    """Schedule a whole plan. Raises RuleError naming a loop, InputError when dates leave the calendar's years."""
    of_task = shares or {}
    described = [schedule_task(task, project, calendars, of_task.get(task.id, ())) for task in tasks]
    connected = [schedule_link(link) for link in links]
    calendar = calendars.project(project.id)
    if project.direction is ScheduleDirection.FORWARD:
        return schedule(Network(described, connected, calendar=calendar, terms=Terms(day_start(project.key_on))))
    return _settled(
        project, schedule(Network(described, connected, calendar=calendar, terms=_provisional(project, tasks)))
    )


def backward_schedule(project: Project, tasks: Iterable[Task], edited: Schedule) -> Schedule:
    """Return an edited backward plan with the terms that it has when it is computed in full.

    The edit was computed with the terms of before. A start that came too late then would hold a task that defines the
    start now, and with another last day its late dates differ: where that may be, everything is computed from afar.
    """
    network = edited.network
    terms = backward_terms(project, edited)
    closing = day_closing(network.calendars[1], project.key_on)
    if network.late_needs_early or network.terms.event != closing or terms.event != closing:
        afar = True
    else:
        lowest, calendars, coordinate = network.lowest, network.calendars, network.coordinate
        asked = [
            calendars[coordinate[node]].at_start(lowest[node]) if coordinate[node] else lowest[node]
            for node in _start_givers(network)
            if network.fixed[node] is None and lowest[node] > -ENDLESS
        ]
        afar = terms.start is None or min(asked, default=terms.start) < terms.start
    if not afar:
        provisional = _provisional(project, tasks).start
        afar = provisional is None or terms.start is None or terms.start < provisional
    if afar:
        return _settled(project, reschedule(edited, Changes(terms=_provisional(project, tasks))))
    return edited if terms == network.terms else reschedule(edited, Changes(terms=terms))


def _settled(project: Project, early: Schedule) -> Schedule:
    """Return a backward plan with its own terms, from one that starts long before."""
    network = early.network
    end = max(day_closing(network.calendars[1], project.key_on), early.project_finish)
    first = reschedule(early, Changes(terms=replace(network.terms, event=end)))
    return reschedule(first, Changes(terms=backward_terms(project, first)))


def _provisional(project: Project, tasks: Iterable[Task]) -> Terms:
    return Terms(day_start(project.key_on) - _lead_days(tasks) * MINUTES_PER_DAY)


def _start_givers(network: Network) -> list[int]:
    """Return the tasks that have a reason of their own to be where they are, other than sitting late."""
    sitters, children, fixed = network.late_sitters, network.children, network.fixed
    return [
        node
        for node, task in enumerate(network.tasks)
        if (task.constraint is not ConstraintType.ASAP or fixed[node] is not None)
        and node not in sitters
        and not children[node]
    ]


def backward_terms(project: Project, plan: Schedule) -> Terms:
    """Return the terms of a backward plan from its dates.

    It starts with the first task that has a reason of its own to be where it is, and nothing in it need be done
    before the event day ends or, where something follows the event, before that is done.
    """
    network, start = plan.network, plan.start_list
    starts = [start[node] for node in _start_givers(network)]
    first = plan.earliest_late_start() if network.late_sitters else None
    if first is not None:
        starts.append(first)
    closing = day_closing(network.calendars[1], project.key_on)
    return Terms(min(starts, default=day_start(project.key_on)), max(closing, plan.project_finish))


def floats(project: Project, plan: Schedule) -> list[int]:
    """Return the total float per task in the plan's order.

    In a backward plan tasks sit on their late dates, so their float counts from where they could be at the earliest.
    """
    if project.direction is ScheduleDirection.FORWARD:
        return plan.total_float_list
    network = plan.network
    early, late_start, late_finish = plan.early, plan.late_start_list, plan.late_finish_list
    result: list[int] = []
    for node in range(network.count):
        calendar = network.calendars[network.calendar[node]]
        at_finish = calendar.between(early.finish[node], late_finish[node])
        if network.done[node]:
            result.append(0)
        elif network.tasks[node].actual_start is not None and not network.children[node]:
            result.append(at_finish)
        else:
            result.append(min(at_finish, calendar.between(early.start[node], late_start[node])))
    return result


def critical_tasks(plan: Schedule, total_floats: Sequence[int]) -> frozenset[EntityId]:
    """Return the critical tasks; a finished one counts only where it led straight to a critical one."""
    network = plan.network
    limit = network.terms.critical_float
    critical = [total_floats[node] <= limit and not network.done[node] for node in range(network.count)]
    for node in reversed(network.order):
        if node >= network.count or not network.done[node]:
            continue
        calendar = network.calendars[network.calendar[node]]
        for link in network.out_links[node]:
            after = network.index[link.successor_id]
            if critical[after] and calendar.between(plan.finish_list[node], plan.start_list[after]) <= max(0, link.lag):
                critical[node] = True
                break
    for node in network.order:
        if node < network.count and network.children[node]:
            critical[node] = total_floats[node] <= limit and any(critical[child] for child in network.children[node])
    return frozenset(network.tasks[node].id for node in range(network.count) if critical[node])


def _lead_days(tasks: Iterable[Task]) -> int:
    work = sum(task.duration for task in tasks) // 480
    return min(_LONGEST_LEAD_DAYS, _SHORTEST_LEAD_DAYS + 2 * work)


def links_by_end(links: Mapping[EntityId, Link]) -> tuple[dict[EntityId, list[Link]], dict[EntityId, list[Link]]]:
    """Return the links by successor and by predecessor."""
    into: dict[EntityId, list[Link]] = {}
    out_of: dict[EntityId, list[Link]] = {}
    for link in links.values():
        into.setdefault(link.successor_id, []).append(link)
        out_of.setdefault(link.predecessor_id, []).append(link)
    return into, out_of


def links_by_end_again(
    old: Mapping[EntityId, Link],
    new: Mapping[EntityId, Link],
    into: Mapping[EntityId, list[Link]],
    out_of: Mapping[EntityId, list[Link]],
) -> tuple[dict[EntityId, list[Link]], dict[EntityId, list[Link]]]:
    """Return the links by successor and by predecessor from those of other links; only what differs is filed anew."""
    gone = [link for link in old.values() if new.get(link.id) is not link]
    come = [link for link in new.values() if old.get(link.id) is not link]
    result = dict(into), dict(out_of)
    for filed, end in zip(result, ("successor_id", "predecessor_id"), strict=True):
        for task_id in {getattr(link, end) for link in (*gone, *come)}:
            kept = [link for link in filed.get(task_id, ()) if new.get(link.id) is link]
            filed[task_id] = [*kept, *(link for link in come if getattr(link, end) == task_id)]
    return result

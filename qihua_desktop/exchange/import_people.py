"""The people of a plan file as people of the workspace: their shares in tasks, their weeks and their days off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from qihua_desktop.domain.calendars import Calendars, week_text
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.plan import DONE, Assignment, CalendarDay, PersonWeek, Task, day_of
from qihua_desktop.domain.working_time import WorkingTime, periods_text
from qihua_desktop.services.plan_shares import LARGEST_SHARE, MOST_PEOPLE, Share, share_rows

from .imported_plan import ImportedAssignment, ImportedPlan, ImportedResource, ResourceKind

MOST_NEW_PEOPLE: Final = 2_000
MOST_DAYS: Final = 200_000
_LONGEST_NAME: Final = 200
_DAY: Final = 1440


@dataclass(frozen=True, slots=True)
class ImportedPeople:
    """Who works on an imported plan: new people, tasks with their owners, and everybody's shares by task."""

    added: tuple[Person, ...]
    person_of: Mapping[EntityId, EntityId]
    """The person that each resource is."""
    tasks: tuple[Task, ...]
    shares: Mapping[EntityId, tuple[Assignment, ...]]


def people_of(people: Sequence[Person], plan: ImportedPlan) -> ImportedPeople:
    """Find or make the people of a file; roles and teams stay names."""
    workers = {one.id: one for one in plan.resources if one.kind is ResourceKind.WORK and one.name.strip()}
    by_task: dict[EntityId, list[ImportedAssignment]] = {}
    for one in plan.assignments:
        if one.resource_id in workers:
            by_task.setdefault(one.task_id, []).append(one)
    added, person_of = _persons(people, workers, {one.resource_id for rows in by_task.values() for one in rows})
    summaries = {task.parent_id for task in plan.tasks}
    by_name = {person.name: person.id for person in people}
    tasks: list[Task] = []
    shares: dict[EntityId, tuple[Assignment, ...]] = {}
    for task in plan.tasks:
        wanted = _shares(task, by_task.get(task.id, ()), workers, person_of)
        if not wanted or all(share.person_id is None and share.units == DONE for share in wanted):
            known = by_name.get(task.owner_text)
            tasks.append(task if known is None else replace(task, owner_id=known, owner_text=""))
            continue
        lead = wanted[0]
        owned = replace(
            task,
            owner_id=lead.person_id,
            owner_text="" if lead.person_id is not None else lead.name,
            units=lead.units,
        )
        tasks.append(owned)
        rows = () if task.id in summaries and len(wanted) == 1 else share_rows(owned, wanted)
        if rows:
            shares[task.id] = rows
    return ImportedPeople(added, person_of, tuple(tasks), shares)


def _persons(
    people: Sequence[Person], workers: Mapping[EntityId, ImportedResource], assigned: set[EntityId]
) -> tuple[tuple[Person, ...], dict[EntityId, EntityId]]:
    by_name = {person.name: person.id for person in people}
    added: list[Person] = []
    person_of: dict[EntityId, EntityId] = {}
    for resource in workers.values():
        name = resource.name.strip()[:_LONGEST_NAME]
        if name not in by_name and resource.id in assigned and not resource.generic and len(added) < MOST_NEW_PEOPLE:
            person = Person(
                new_id(), name, Department.EXTERNAL, Role.CREW, "", "", resource.email[:_LONGEST_NAME], "", False, True
            )
            added.append(person)
            by_name[name] = person.id
        if name in by_name:
            person_of[resource.id] = by_name[name]
    return tuple(added), person_of


def _shares(
    task: Task,
    rows: Sequence[ImportedAssignment],
    workers: Mapping[EntityId, ImportedResource],
    person_of: Mapping[EntityId, EntityId],
) -> tuple[Share, ...]:
    """Return everybody once; whoever works as long as the task lasts leads."""
    found: dict[EntityId | str, Share] = {}
    for row in rows[:MOST_PEOPLE]:
        name = workers[row.resource_id].name[:_LONGEST_NAME]
        person = person_of.get(row.resource_id)
        units = min(row.units, LARGEST_SHARE) or DONE
        whole = row.work == round(task.duration * units / DONE)
        minutes = task.duration if whole else round(row.work * DONE / units)
        found.setdefault(person or name, Share(person, name, units, minutes))
    shares = list(found.values())
    if len(shares) == 1:
        return (replace(shares[0], minutes=None),)
    lead = next((one for one in shares if one.minutes == task.duration), None)
    if lead is None and shares:
        lead = max(shares, key=lambda one: one.minutes or 0)
    return tuple(sorted(shares, key=lambda one: one is not lead))


def own_time(
    plan: ImportedPlan, person_of: Mapping[EntityId, EntityId], project_id: EntityId, calendars: Calendars, span: range
) -> tuple[tuple[PersonWeek, ...], tuple[CalendarDay, ...], int]:
    """Return the weeks and days of people who work otherwise than the project, and how many were too much.

    Args:
        calendars: the project's, with its own days.
        span: the days to compare, by number.
    """
    usual = plan.calendar.working_time
    followed: dict[EntityId, WorkingTime] = {}
    for resource in plan.resources:
        person = person_of.get(resource.id)
        if person is not None and resource.calendar is not None and resource.calendar is not usual:
            followed.setdefault(person, resource.calendar)
    weeks = tuple(
        PersonWeek(new_id(), project_id, person, week_text(theirs.week))
        for person, theirs in followed.items()
        if theirs.week != calendars.person(person, project_id).week
    )
    days: list[CalendarDay] = []
    left_out = 0
    with_weeks = calendars.with_weeks(weeks)
    for person, theirs in followed.items():
        present = with_weeks.person(person, project_id)
        own = [number for number in span if theirs.periods(number) != present.periods(number)]
        if len(days) + len(own) > MOST_DAYS:
            left_out += 1
            continue
        for number in own:
            hours = theirs.periods(number)
            text = periods_text(hours) if hours else ""
            days.append(CalendarDay(new_id(), project_id, person, day_of(number * _DAY), bool(hours), text, ""))
    return weeks, tuple(days), left_out

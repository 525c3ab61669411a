"""Read GanttProject's files (.gan) into an ``ImportedPlan``; whole days become working days of the usual hours."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final
from urllib.parse import unquote

from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import (
    DONE,
    Baseline,
    BaselineTask,
    ConstraintType,
    LagKind,
    Link,
    LinkType,
    ScheduleDirection,
    Task,
    TaskMode,
    day_start,
)
from qihua_desktop.domain.schedule import ScheduleLink, ScheduleTask, Terms
from qihua_desktop.domain.working_time import EPOCH_ORDINAL, OFFICE_HOURS, Periods, WorkingTime
from qihua_desktop.i18n import _, ngettext

from .imported_plan import (
    CalendarException,
    ImportedAssignment,
    ImportedCalendar,
    ImportedPlan,
    ImportedResource,
    ResourceKind,
    StoredDates,
)
from .mspdi_values import LONGEST, Corrections, read_integer, read_number
from .safe_xml import Progress, Record, read_records, unreadable

_TYPES: Final = {1: LinkType.SS, 2: LinkType.FS, 3: LinkType.FF, 4: LinkType.SF}
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = sum(last - first for first, last in OFFICE_HOURS)
_OPENING: Final = OFFICE_HOURS[0][0]
_YEARS_AROUND: Final = 5
_LONGEST_LEAVE: Final = 1000
MOST_ROWS: Final = 120_000
LONGEST_NAME: Final = 10_000


def read_gan(
    content: bytes,
    *,
    project_id: EntityId | None = None,
    baseline_day: int | None = None,
    progress: Progress | None = None,
) -> ImportedPlan:
    """Read a .gan file.

    Tasks that no strong link holds keep their place by an earliest start. Raises InputError when the file is damaged,
    too large, of another kind, or declares a document type.
    """
    root = read_records(content, "project", progress=progress)
    return _GanReader(root, project_id or new_id(), baseline_day).plan()


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


class _GanReader:
    def __init__(self, root: Record, project_id: EntityId, baseline_day: int | None) -> None:
        self.root = root
        self.project_id = project_id
        self.dropped = Corrections()
        self.rows = list(self._walk())
        if len(self.rows) > MOST_ROWS:
            raise unreadable(_("The file has more than {count} rows.").format(count=MOST_ROWS))
        days = [day for record, _parent, _id in self.rows if (day := _date(record.attributes.get("start", "")))]
        self.first_day = min(days, default=date(2026, 1, 1))
        self.last_day = max(days, default=self.first_day)
        self.calendar = self._calendar()
        self.baseline_day = day_start(self.first_day) * 60_000 if baseline_day is None else baseline_day
        self.id_of: dict[str, EntityId] = {}
        for record, _parent, task_id in self.rows:
            self.id_of.setdefault(record.attributes.get("id", ""), task_id)
        self.links: list[Link] = []
        self.held = self._read_links()

    def _walk(self) -> Iterator[tuple[Record, EntityId | None, EntityId]]:
        """Yield every task in row order with its parent and its new id."""
        tops = [task for group in self.root.all("tasks") for task in group.all("task")]
        waiting: list[tuple[Record, EntityId | None]] = [(task, None) for task in reversed(tops)]
        while waiting:
            record, parent = waiting.pop()
            task_id = new_id()
            yield record, parent, task_id
            waiting.extend((child, task_id) for child in reversed(record.all("task")))

    # --- calendar ----------------------------------------------------------------------------------------------

    def _calendar(self) -> ImportedCalendar:
        week: list[Periods] = [OFFICE_HOURS] * 5 + [(), ()]
        exceptions: dict[date, CalendarException] = {}
        for calendars in self.root.all("calendars"):
            for types in calendars.all("day-types"):
                shown_only = any(entry.attributes.get("value") == "true" for entry in types.all("only-show-weekends"))
                for default in types.all("default-week"):
                    off = [default.attributes.get(name) == "1" and not shown_only for name in _WEEKDAYS]
                    week = [() if is_off else OFFICE_HOURS for is_off in off]
            for entry in calendars.all("date"):
                kind = entry.attributes.get("type", "HOLIDAY")
                if kind in ("HOLIDAY", "WORKING_DAY"):
                    periods = OFFICE_HOURS if kind == "WORKING_DAY" else ()
                    for day in self._days_of(entry):
                        exceptions[day] = CalendarException(day, periods, entry.text.strip())
        if not any(week):
            week = [OFFICE_HOURS] * 5 + [(), ()]
        days = {day.toordinal() - EPOCH_ORDINAL: entry.periods for day, entry in exceptions.items()}
        working_time = WorkingTime("GanttProject", tuple(week), days, around=day_start(self.first_day))
        return ImportedCalendar(1, "GanttProject", working_time, tuple(exceptions[day] for day in sorted(exceptions)))

    def _days_of(self, entry: Record) -> Iterator[date]:
        month, day = read_integer(entry.attributes.get("month", "")), read_integer(entry.attributes.get("date", ""))
        year = entry.attributes.get("year", "")
        years = range(self.first_day.year - 1, self.last_day.year + _YEARS_AROUND + 1)
        for number in [read_integer(year)] if year else years:
            try:
                yield date(number, month, day)
            except ValueError:
                continue

    # --- links -------------------------------------------------------------------------------------------------

    def _read_links(self) -> set[EntityId]:
        """Read all links; return the tasks whose start a strong link decides."""
        held: set[EntityId] = set()
        for record, _parent, predecessor in self.rows:
            for entry in record.all("depend"):
                successor = self.id_of.get(entry.attributes.get("id", ""))
                type_ = _TYPES.get(read_integer(entry.attributes.get("type", ""), 2))
                if successor is None or type_ is None:
                    self.dropped.note("link")
                    continue
                days = max(-36_600, min(36_600, read_integer(entry.attributes.get("difference", ""))))
                self.links.append(
                    Link(new_id(), self.project_id, predecessor, successor, type_, days * _DAY, LagKind.WORKING)
                )
                if entry.attributes.get("hardness", "Strong") == "Strong":
                    held.add(successor)
        return held

    # --- rows --------------------------------------------------------------------------------------------------

    def plan(self) -> ImportedPlan:
        resources, resource_of = self._resources()
        assignments, owners = self._assignments(resource_of)
        summaries = {parent for _record, parent, _id in self.rows if parent is not None}
        tasks: list[Task] = []
        schedule_tasks: list[ScheduleTask] = []
        stored: list[StoredDates] = []
        positions: dict[EntityId | None, int] = {}
        for row, (record, parent, task_id) in enumerate(self.rows, start=1):
            position = positions[parent] = positions.get(parent, -1) + 1
            task = self._task(record, task_id, parent, position, summary=task_id in summaries, owners=owners)
            tasks.append(task)
            schedule_tasks.append(
                ScheduleTask(
                    id=task_id,
                    name=task.name,
                    parent_id=parent,
                    duration=task.duration,
                    constraint=task.constraint,
                    constraint_at=task.constraint_at,
                )
            )
            uid = read_integer(record.attributes.get("id", ""), row)
            stored.append(
                StoredDates(
                    task_id, uid, row, task.start, task.finish, None, None, None, None, None, None, None,
                    task_id in summaries, 0, "",
                )
            )  # fmt: skip
        baselines, baseline_tasks = self._baselines()
        start = min((task.start for task in tasks), default=day_start(self.first_day) + _OPENING)
        return ImportedPlan(
            name=self.root.attributes.get("name", "")[:LONGEST_NAME],
            start=start,
            finish=max((task.finish for task in tasks), default=start),
            direction=ScheduleDirection.FORWARD,
            tasks=tuple(tasks),
            links=tuple(self.links),
            splits=(),
            schedule_tasks=tuple(schedule_tasks),
            schedule_links=tuple(
                ScheduleLink(link.id, link.predecessor_id, link.successor_id, link.type, link.lag, link.lag_kind)
                for link in self.links
            ),
            calendar=self.calendar,
            calendars=(self.calendar,),
            resources=tuple(resources),
            assignments=tuple(assignments),
            baselines=tuple(baselines),
            baseline_tasks=tuple(baseline_tasks),
            stored=tuple(stored),
            terms=Terms(start),
            dropped=tuple(self._report()),
        )

    def _span(self, attributes: dict[str, str] | Record, *, milestone: bool) -> tuple[int, int, int]:
        """Return start, finish and duration in minutes of a task's or baseline's attributes."""
        values = attributes.attributes if isinstance(attributes, Record) else attributes
        day = _date(values.get("start", "")) or self.first_day
        days = read_integer(values.get("duration", ""))
        if days < 0:
            self.dropped.note("negative")
            days = 0
        duration = 0 if milestone else min(days * _DAY, LONGEST)
        start = day_start(day) + _OPENING
        return start, self.calendar.working_time.add(start, duration), duration

    def _task(
        self,
        record: Record,
        task_id: EntityId,
        parent: EntityId | None,
        position: int,
        *,
        summary: bool,
        owners: dict[EntityId, list[str]],
    ) -> Task:
        values = record.attributes
        milestone = values.get("meeting") == "true" and not summary
        start, finish, duration = self._span(record, milestone=milestone)
        constraint, constraint_at = ConstraintType.ASAP, None
        third = _date(values.get("thirdDate", "")) if values.get("thirdDate-constraint") == "1" else None
        if third is not None:
            constraint, constraint_at = ConstraintType.SNET, day_start(third) + _OPENING
        elif task_id not in self.held and not summary:
            constraint, constraint_at = ConstraintType.SNET, start
        notes = [record.get("notes"), *(entry.text.strip() for entry in record.all("notes"))]
        web = unquote(values.get("webLink", ""))
        if web and web != "http://":
            notes.append(web)
        if record.all("customproperty"):
            self.dropped.note("custom")
        return Task(
            id=task_id,
            project_id=self.project_id,
            parent_id=parent,
            stage_id=None,
            position=position,
            name=values.get("name", "")[:LONGEST_NAME],
            owner_id=None,
            owner_text="、".join(owners.get(task_id, ()))[:LONGEST_NAME],
            duration=duration,
            elapsed=False,
            milestone=milestone,
            mode=TaskMode.AUTO,
            start=start,
            finish=finish,
            constraint=constraint,
            constraint_at=constraint_at,
            deadline=None,
            progress=max(0, min(DONE, round(read_number(values.get("complete", "")) * 100))),
            actual_start=None,
            actual_finish=None,
            priority=500,
            units=DONE,
            notes="\n".join(part for part in notes if part),
            external_ref=values.get("id", "")[:100],
        )

    def _time_off(self) -> dict[str, WorkingTime]:
        """Return the calendars of people with leave, by their ids in the file."""
        leave: dict[str, set[int]] = {}
        for group in self.root.all("vacations"):
            for entry in group.all("vacation"):
                first, last = _date(entry.attributes.get("start", "")), _date(entry.attributes.get("end", ""))
                if first is None or last is None or not 0 <= (last - first).days <= _LONGEST_LEAVE:
                    self.dropped.note("vacation")
                    continue
                begin = first.toordinal() - EPOCH_ORDINAL
                days = range(begin, begin + (last - first).days + 1)
                leave.setdefault(entry.attributes.get("resourceid", ""), set()).update(days)
        usual = self.calendar.working_time
        special = {entry.day.toordinal() - EPOCH_ORDINAL: entry.periods for entry in self.calendar.exceptions}
        around = day_start(self.first_day)
        return {
            key: WorkingTime("leave", usual.week, {**special, **dict.fromkeys(days, ())}, around=around)
            for key, days in leave.items()
        }

    def _resources(self) -> tuple[list[ImportedResource], dict[str, ImportedResource]]:
        found: list[ImportedResource] = []
        by_id: dict[str, ImportedResource] = {}
        time_off = self._time_off()
        for group in self.root.all("resources"):
            for entry in group.all("resource"):
                values = entry.attributes
                key = values.get("id", "")
                if key in by_id:
                    continue
                rates = [rate.attributes.get("value", "") for rate in entry.all("rate")]
                by_id[key] = resource = ImportedResource(
                    id=new_id(),
                    uid=read_integer(key, len(found)),
                    name=values.get("name", "")[:LONGEST_NAME],
                    kind=ResourceKind.WORK,
                    max_units=DONE,
                    # GanttProject's rate is per day.
                    rate=round(read_number(rates[0]) * 100 * 60 / _DAY) if rates else 0,
                    cost_per_use=0,
                    calendar=time_off.get(key),
                    notes=values.get("phone", ""),
                    email=values.get("contacts", ""),
                )
                found.append(resource)
        return found, by_id

    def _assignments(
        self, resource_of: dict[str, ImportedResource]
    ) -> tuple[list[ImportedAssignment], dict[EntityId, list[str]]]:
        """Return assignments, and the names of those who work on each task, the responsible one first."""
        assignments: list[ImportedAssignment] = []
        owners: dict[EntityId, list[str]] = {}
        durations = {task_id: read_integer(record.attributes.get("duration", "")) for record, _p, task_id in self.rows}
        for group in self.root.all("allocations"):
            for entry in group.all("allocation"):
                task_id = self.id_of.get(entry.attributes.get("task-id", ""))
                resource = resource_of.get(entry.attributes.get("resource-id", ""))
                if task_id is None or resource is None:
                    self.dropped.note("assignment")
                    continue
                units = max(0, round(read_number(entry.attributes.get("load", ""), 100.0) * 100))
                work = max(0, durations[task_id]) * _DAY * units // DONE
                assignments.append(ImportedAssignment(task_id, resource.id, work, units))
                names = owners.setdefault(task_id, [])
                if entry.attributes.get("responsible") == "true":
                    names.insert(0, resource.name)
                else:
                    names.append(resource.name)
        return assignments, owners

    def _baselines(self) -> tuple[list[Baseline], list[BaselineTask]]:
        baselines: list[Baseline] = []
        rows: list[BaselineTask] = []
        names = {task_id: record.attributes.get("name", "") for record, _parent, task_id in self.rows}
        for group in self.root.all("previous"):
            for state in group.all("previous-tasks"):
                name = state.attributes.get("name", "")[:LONGEST_NAME] or _("Baseline")
                baseline = Baseline(new_id(), self.project_id, name, self.baseline_day, None, None)
                baselines.append(baseline)
                for entry in state.all("previous-task"):
                    task_id = self.id_of.get(entry.attributes.get("id", ""))
                    if task_id is None:
                        self.dropped.note("baseline_row")
                        continue
                    start, finish, duration = self._span(entry, milestone=entry.attributes.get("meeting") == "true")
                    rows.append(
                        BaselineTask(
                            new_id(), baseline.id, task_id, names[task_id][:LONGEST_NAME], start, finish, duration, 0
                        )
                    )
        return baselines, rows

    def _report(self) -> Iterator[str]:
        for number, text in self._counted():
            if number:
                yield text.format(count=number)

    def _counted(self) -> Iterator[tuple[int, str]]:
        number = self.dropped["link"]
        yield number, ngettext("{count} unusable link was left out.", "{count} unusable links were left out.", number)
        number = self.dropped["negative"]
        yield (
            number,
            ngettext("{count} negative duration was set to 0.", "{count} negative durations were set to 0.", number),
        )
        number = self.dropped["assignment"]
        yield (
            number,
            ngettext(
                "{count} unusable assignment was left out.", "{count} unusable assignments were left out.", number
            ),
        )
        number = self.dropped["vacation"]
        yield number, ngettext("{count} leave was left out.", "{count} leaves were left out.", number)
        number = self.dropped["baseline_row"]
        yield (
            number,
            ngettext(
                "{count} baseline row of a deleted task was left out.",
                "{count} baseline rows of deleted tasks were left out.",
                number,
            ),
        )
        number = self.dropped["custom"]
        yield (
            number,
            ngettext(
                "Custom fields of {count} task were left out.", "Custom fields of {count} tasks were left out.", number
            ),
        )

"""Write a plan as Microsoft Project's XML (MSPDI), children in the order of its schema."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.sax.saxutils import escape

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    DONE,
    MINUTES_PER_DAY,
    Baseline,
    BaselineTask,
    ConstraintType,
    LagKind,
    Link,
    LinkType,
    ScheduleDirection,
    Task,
    TaskMode,
    day_of,
    moment,
)
from qihua_desktop.domain.schedule import Schedule, Split, segments
from qihua_desktop.domain.working_time import ELAPSED, Periods, WorkingTime
from qihua_desktop.i18n import ngettext

from .mspdi_values import EVENT_DAY_MARK, baseline_name

_LINK_NUMBERS: Final = {LinkType.FF: 0, LinkType.FS: 1, LinkType.SF: 2, LinkType.SS: 3}
_CONSTRAINT_NUMBERS: Final = {
    ConstraintType.ASAP: 0,
    ConstraintType.ALAP: 1,
    ConstraintType.MSO: 2,
    ConstraintType.MFO: 3,
    ConstraintType.SNET: 4,
    ConstraintType.SNLT: 5,
    ConstraintType.FNET: 6,
    ConstraintType.FNLT: 7,
}
_UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_WEEKS_AROUND: Final = 400
_NOBODY: Final = -65535
_DAYS: Final = 7
_ELAPSED_DAYS: Final = 8
_PERCENT: Final = 19


@dataclass(frozen=True, slots=True)
class ExportedPerson:
    """Somebody who works on tasks; ``calendar`` when it differs from the project's, rate in fen per hour."""

    id: EntityId
    name: str
    calendar: WorkingTime | None = None
    rate: int = 0


@dataclass(frozen=True, slots=True)
class ExportedPlan:
    """A project's plan with its computed schedule, as it is written to files.

    ``tasks`` come in row order, children after their parent. ``costs`` are fen per task.
    """

    name: str
    schedule: Schedule
    tasks: Sequence[Task]
    links: Sequence[Link]
    people: Sequence[ExportedPerson] = ()
    assignments: Sequence[tuple[EntityId, EntityId, int]] = ()
    """Task, person, units in basis points."""
    splits: Mapping[EntityId, tuple[Split, ...]] | None = None
    baselines: Sequence[Baseline] = ()
    baseline_tasks: Sequence[BaselineTask] = ()
    costs: Mapping[EntityId, int] | None = None
    event_day: date | None = None
    """The day the plan leads back from, when it does."""
    day_names: Mapping[date, str] | None = None
    """What the project calls its days off and extra workdays."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """The bytes of a file, and one line per kind of thing that it cannot hold."""

    content: bytes
    dropped: tuple[str, ...]


def write_mspdi(plan: ExportedPlan) -> WrittenFile:
    """Return a plan as MSPDI with its dates, floats, calendars, people and baselines."""
    writer = _Writer(plan)
    return WrittenFile(writer.document().encode("utf-8"), tuple(writer.dropped))


def _text(value: str) -> str:
    return escape(_UNWRITABLE.sub("", value))


def _time(at: int) -> str:
    return moment(at).isoformat(timespec="seconds")


def _duration(minutes: int) -> str:
    return f"PT{minutes // 60}H{minutes % 60}M0S"


def _clock(minutes: int) -> str:
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}:00"


def _element(tag: str, value: object) -> str:
    return f"<{tag}>{value}</{tag}>"


class _Writer:
    def __init__(self, plan: ExportedPlan) -> None:
        self.plan = plan
        self.schedule = plan.schedule
        network = plan.schedule.network
        self.calendar = network.calendars[1]
        self.dropped: list[str] = []
        self.uids = _uids(plan.tasks)
        self.person_uids = {person.id: number for number, person in enumerate(plan.people, start=1)}
        self.minutes_per_day = max((_length(periods) for periods in self.calendar.week), default=0) or 480
        self.children: dict[EntityId | None, list[Task]] = {}
        for task in plan.tasks:
            self.children.setdefault(task.parent_id, []).append(task)
        self.incoming: dict[EntityId, list[Link]] = {}
        for link in plan.links:
            self.incoming.setdefault(link.successor_id, []).append(link)
        self.baselines: dict[EntityId, list[tuple[int, BaselineTask]]] = {}
        numbers = {baseline.id: number for number, baseline in enumerate(plan.baselines[:11])}
        for row in plan.baseline_tasks:
            if row.baseline_id in numbers:
                self.baselines.setdefault(row.task_id, []).append((numbers[row.baseline_id], row))
        self._note_dropped()

    def _note_dropped(self) -> None:
        plan = self.plan
        extra = len(plan.baselines) - 11
        if extra > 0:
            self.dropped.append(
                ngettext(
                    "{count} baseline was left out; the format holds 11.",
                    "{count} baselines were left out; the format holds 11.",
                    extra,
                ).format(count=extra)
            )
        fractions = sum(1 for link in plan.links if link.lag_kind is LagKind.PERCENT and link.lag % 100)
        if fractions:
            self.dropped.append(
                ngettext(
                    "{count} lag was rounded to a whole percent.",
                    "{count} lags were rounded to a whole percent.",
                    fractions,
                ).format(count=fractions)
            )

        named = sum(1 for number, one in enumerate(plan.baselines[:11]) if one.name != baseline_name(number))
        if named:
            self.dropped.append(
                ngettext(
                    "The name of {count} baseline was left out; the format numbers them.",
                    "The names of {count} baselines were left out; the format numbers them.",
                    named,
                ).format(count=named)
            )
        known = {task.id for task in plan.tasks}
        gone = sum(1 for row in plan.baseline_tasks if row.task_id not in known)
        if gone:
            self.dropped.append(
                ngettext(
                    "{count} baseline row of a deleted task was left out.",
                    "{count} baseline rows of deleted tasks were left out.",
                    gone,
                ).format(count=gone)
            )
        finer = sum(1 for task in plan.tasks if task.progress % 100)
        if finer:
            self.dropped.append(
                ngettext(
                    "The progress of {count} task was rounded to a whole percent.",
                    "The progress of {count} tasks was rounded to a whole percent.",
                    finer,
                ).format(count=finer)
            )

    def document(self) -> str:
        plan, schedule = self.plan, self.schedule
        terms = schedule.network.terms
        opening = next((periods[0][0] for periods in self.calendar.week if periods), 540)
        closing = next((periods[-1][1] for periods in self.calendar.week if periods), 1080)
        event_day = plan.event_day
        backward = terms.direction is ScheduleDirection.BACKWARD or event_day is not None
        start = schedule.project_start if backward or terms.start is None else terms.start
        if not backward and start % MINUTES_PER_DAY == 0 and min(schedule.start_list, default=start) >= start + opening:
            start += opening
        finish = terms.event if backward and event_day is None and terms.event is not None else schedule.project_finish
        week = sum(_length(periods) for periods in self.calendar.week) or self.minutes_per_day * 5
        parts = [
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
            '<Project xmlns="http://schemas.microsoft.com/project">',
            _element("SaveVersion", 14),
            _element("Name", _text(plan.name)),
            _element("Title", _text(plan.name)),
            "" if event_day is None else _element("Subject", f"{EVENT_DAY_MARK}{event_day}"),
            _element("ScheduleFromStart", 0 if backward else 1),
            _element("StartDate", _time(start)),
            _element("FinishDate", _time(finish)),
            _element("FYStartDate", 1),
            _element("CriticalSlackLimit", terms.critical_float // self.minutes_per_day),
            _element("CurrencyDigits", 2),
            _element("CurrencySymbol", "¥"),
            _element("CurrencyCode", "CNY"),
            _element("CalendarUID", 1),
            _element("DefaultStartTime", _clock(opening)),
            _element("DefaultFinishTime", _clock(closing)),
            _element("MinutesPerDay", self.minutes_per_day),
            _element("MinutesPerWeek", week),
            _element("DaysPerMonth", 20),
            _element("DefaultTaskType", 0),
            _element("DurationFormat", _DAYS),
            _element("WorkFormat", 2),
            _element("NewTasksAreManual", 0),
            "<Calendars>",
            *self._calendars(),
            "</Calendars><Tasks>",
            *self._tasks(start),
            "</Tasks><Resources>",
            *(self._person(person) for person in plan.people),
            "</Resources><Assignments>",
            *self._assignments(),
            "</Assignments></Project>\n",
        ]
        return "".join(parts)

    # --- calendars ---------------------------------------------------------------------------------------------

    def _calendars(self) -> list[str]:
        parts = [self._calendar(1, "Standard", self.calendar)]
        for person in self.plan.people:
            uid = self.person_uids[person.id] + 1
            if person.calendar is not None:
                parts.append(self._calendar(uid, f"{_text(person.name)} {uid}", person.calendar))
        return parts

    def _calendar(self, uid: int, name: str, calendar: WorkingTime) -> str:
        days = "".join(
            f"<WeekDay>{_element('DayType', (weekday + 1) % 7 + 1)}{self._working(calendar.week[weekday])}</WeekDay>"
            for weekday in (6, 0, 1, 2, 3, 4, 5)
        )
        first = self.schedule.project_start // MINUTES_PER_DAY - _WEEKS_AROUND
        last = self.schedule.project_finish // MINUTES_PER_DAY + _WEEKS_AROUND
        exceptions = "".join(
            "<Exception><EnteredByOccurrences>0</EnteredByOccurrences><TimePeriod>"
            f"<FromDate>{_time(day * MINUTES_PER_DAY)}</FromDate>"
            f"<ToDate>{_time(day * MINUTES_PER_DAY + 1439)}</ToDate></TimePeriod><Occurrences>1</Occurrences>"
            f"<Name>{self._day_name(day)}</Name><Type>1</Type>{self._working(periods)}</Exception>"
            for day, periods in calendar.different_days(first, last).items()
        )
        return (
            f"<Calendar>{_element('UID', uid)}{_element('Name', name)}<IsBaseCalendar>1</IsBaseCalendar>"
            f"<BaseCalendarUID>-1</BaseCalendarUID><WeekDays>{days}</WeekDays>"
            f"{f'<Exceptions>{exceptions}</Exceptions>' if exceptions else ''}</Calendar>"
        )

    def _day_name(self, day: int) -> str:
        when = day_of(day * MINUTES_PER_DAY)
        return _text((self.plan.day_names or {}).get(when, "")) or when.isoformat()

    @staticmethod
    def _working(periods: Periods) -> str:
        if not periods:
            return _element("DayWorking", 0)
        times = "".join(
            f"<WorkingTime>{_element('FromTime', _clock(first))}{_element('ToTime', _clock(last))}</WorkingTime>"
            for first, last in periods
        )
        return f"{_element('DayWorking', 1)}<WorkingTimes>{times}</WorkingTimes>"

    # --- tasks -------------------------------------------------------------------------------------------------

    def _tasks(self, start: int) -> list[str]:
        finish = max(start, self.schedule.project_finish)
        duration = self.calendar.between(start, finish)
        parts = [
            "<Task><UID>0</UID><ID>0</ID>",
            _element("Name", _text(self.plan.name)),
            "<Type>1</Type><IsNull>0</IsNull><OutlineNumber>0</OutlineNumber><OutlineLevel>0</OutlineLevel>",
            _element("Start", _time(start)),
            _element("Finish", _time(finish)),
            _element("Duration", _duration(duration)),
            "<DurationFormat>7</DurationFormat><Summary>1</Summary></Task>",
        ]
        outline: dict[EntityId, str] = {}
        counts: dict[EntityId | None, int] = {}
        for row, task in enumerate(self.plan.tasks, start=1):
            number = counts[task.parent_id] = counts.get(task.parent_id, 0) + 1
            above = "" if task.parent_id is None else outline[task.parent_id] + "."
            outline[task.id] = f"{above}{number}"
            parts.append(self._task(task, row, outline[task.id]))
        return parts

    def _task(self, task: Task, row: int, outline: str) -> str:
        dates = self.schedule.dates(task.id)
        summary = task.id in self.children
        pinned = task.mode is TaskMode.PINNED and not summary
        duration = task.duration
        if summary:
            duration = max(0, self.calendar.between(dates.start, dates.finish))
        elapsed = task.elapsed and not summary
        remaining = duration * (DONE - task.progress) // DONE
        parts = [
            "<Task>",
            _element("UID", self.uids[task.id]),
            _element("ID", row),
            _element("Name", _text(task.name)),
            _element("Active", 1),
            _element("Manual", int(pinned)),
            _element("Type", int(summary)),
            _element("IsNull", 0),
            _element("WBS", outline),
            _element("OutlineNumber", outline),
            _element("OutlineLevel", outline.count(".") + 1),
            _element("Priority", task.priority),
            _element("Start", _time(dates.start)),
            _element("Finish", _time(dates.finish)),
            _element("Duration", _duration(duration)),
        ]
        if pinned:
            parts += [
                _element("ManualStart", _time(dates.start)),
                _element("ManualFinish", _time(dates.finish)),
                _element("ManualDuration", _duration(duration)),
            ]
        parts += [
            _element("DurationFormat", _ELAPSED_DAYS if elapsed else _DAYS),
            _element("EffortDriven", 0),
            _element("Estimated", 0),
            _element("Milestone", int(task.milestone)),
            _element("Summary", int(summary)),
            _element("Critical", int(dates.critical)),
            _element("EarlyStart", _time(dates.early_start)),
            _element("EarlyFinish", _time(dates.early_finish)),
            _element("LateStart", _time(dates.late_start)),
            _element("LateFinish", _time(dates.late_finish)),
            _element("FreeSlack", dates.free_float * 10),
            _element("TotalSlack", dates.total_float * 10),
            _element("PercentComplete", round(task.progress / 100)),
        ]
        cost = (self.plan.costs or {}).get(task.id, 0)
        if cost:
            parts.append(_element("Cost", cost))
        if not summary:
            if task.actual_start is not None:
                parts.append(_element("ActualStart", _time(task.actual_start)))
            if task.actual_finish is not None:
                parts.append(_element("ActualFinish", _time(task.actual_finish)))
        parts.append(_element("RemainingDuration", _duration(remaining)))
        parts.append(_element("ConstraintType", _CONSTRAINT_NUMBERS[task.constraint]))
        parts.append(_element("CalendarUID", -1))
        if task.constraint_at is not None:
            parts.append(_element("ConstraintDate", _time(task.constraint_at)))
        if task.deadline is not None:
            parts.append(_element("Deadline", _time(task.deadline)))
        if task.notes:
            parts.append(_element("Notes", _text(task.notes)))
        parts += [self._link(link) for link in self.incoming.get(task.id, ())]
        parts += [_baseline(number, baseline) for number, baseline in self.baselines.get(task.id, ())]
        parts.append("</Task>")
        return "".join(parts)

    def _link(self, link: Link) -> str:
        if link.lag_kind is LagKind.PERCENT:
            lag, format_ = round(link.lag / 100), _PERCENT
        else:
            lag, format_ = link.lag * 10, _ELAPSED_DAYS if link.lag_kind is LagKind.ELAPSED else _DAYS
        return (
            f"<PredecessorLink>{_element('PredecessorUID', self.uids[link.predecessor_id])}"
            f"{_element('Type', _LINK_NUMBERS[link.type])}<CrossProject>0</CrossProject>"
            f"{_element('LinkLag', lag)}{_element('LagFormat', format_)}</PredecessorLink>"
        )

    # --- people ------------------------------------------------------------------------------------------------

    def _person(self, person: ExportedPerson) -> str:
        uid = self.person_uids[person.id]
        calendar = uid + 1 if person.calendar is not None else 1
        rate = f"{person.rate / 100:.2f}"
        return (
            f"<Resource>{_element('UID', uid)}{_element('ID', uid)}{_element('Name', _text(person.name))}"
            f"<Type>1</Type><IsNull>0</IsNull><MaxUnits>1</MaxUnits>{_element('StandardRate', rate)}"
            f"<StandardRateFormat>2</StandardRateFormat>{_element('CalendarUID', calendar)}</Resource>"
        )

    def _assignments(self) -> list[str]:
        parts: list[str] = []
        by_id = {task.id: task for task in self.plan.tasks}
        for task_id, person_id, units in self.plan.assignments:
            work = 0 if task_id in self.children else by_id[task_id].duration * units // DONE
            parts.append(self._assignment(len(parts) + 1, task_id, self.person_uids[person_id], work, units))
        assigned = {task_id for task_id, _person, _units in self.plan.assignments}
        for task_id in self.plan.splits or {}:
            if task_id not in assigned:
                work = by_id[task_id].duration
                parts.append(self._assignment(len(parts) + 1, task_id, _NOBODY, work, DONE))
        return parts

    def _assignment(self, uid: int, task_id: EntityId, person_uid: int, work: int, units: int) -> str:
        start, finish = self.schedule.start(task_id), self.schedule.finish(task_id)
        days = self._worked_days(uid, task_id) if (self.plan.splits or {}).get(task_id) else ""
        return (
            f"<Assignment>{_element('UID', uid)}{_element('TaskUID', self.uids[task_id])}"
            f"{_element('ResourceUID', person_uid)}{_element('Finish', _time(finish))}{_element('Start', _time(start))}"
            f"{_element('Units', f'{units / DONE:g}')}{_element('Work', _duration(work))}{days}</Assignment>"
        )

    def _worked_days(self, uid: int, task_id: EntityId) -> str:
        """Write an interrupted task's work day by day; days of its interruptions have no work."""
        network = self.schedule.network
        node = network.index[task_id]
        calendar = ELAPSED if network.tasks[node].elapsed else network.calendars[network.calendar[node]]
        rows: list[tuple[int, int, int]] = []
        pieces = segments(self.schedule, task_id)
        for place, (begin, end) in enumerate(pieces):
            if place:
                rows.append((pieces[place - 1][1], begin, 0))
            while begin < end:
                following = min(end, (begin // MINUTES_PER_DAY + 1) * MINUTES_PER_DAY)
                rows.append((begin, following, calendar.between(begin, following)))
                begin = following
        return "".join(
            f"<TimephasedData><Type>1</Type>{_element('UID', uid)}{_element('Start', _time(first))}"
            f"{_element('Finish', _time(last))}<Unit>2</Unit>{_element('Value', _duration(value))}</TimephasedData>"
            for first, last, value in rows
        )


def _length(periods: Periods) -> int:
    return sum(last - first for first, last in periods)


def _baseline(number: int, row: BaselineTask) -> str:
    return (
        f"<Baseline>{_element('Number', number)}{_element('Start', _time(row.start))}"
        f"{_element('Finish', _time(row.finish))}{_element('Duration', _duration(row.duration))}"
        f"<DurationFormat>7</DurationFormat>{_element('Cost', row.cost)}</Baseline>"
    )


def _uids(tasks: Sequence[Task]) -> dict[EntityId, int]:
    """Return a number per task: the one it was imported with where that is still unique, else a fresh one."""
    result: dict[EntityId, int] = {}
    taken: set[int] = set()
    for task in tasks:
        if task.external_ref.isdecimal() and len(task.external_ref) < 9:
            number = int(task.external_ref)
            if number > 0 and number not in taken:
                result[task.id] = number
                taken.add(number)
    following = max(taken, default=0)
    for task in tasks:
        if task.id not in result:
            following += 1
            result[task.id] = following
    return result

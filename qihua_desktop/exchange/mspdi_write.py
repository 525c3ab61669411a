"""Write a plan as Microsoft Project's XML (MSPDI), children in the order of its schema."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    DONE,
    MINUTES_PER_DAY,
    BaselineTask,
    ConstraintType,
    LagKind,
    Link,
    LinkType,
    ScheduleDirection,
    Task,
    TaskMode,
)
from qihua_desktop.domain.working_time import Periods
from qihua_desktop.i18n import ngettext

from .exported_plan import ExportedPlan, WrittenFile
from .mspdi_extras import Extras
from .mspdi_kept import KeptSource, project_parts, task_parts, value_of
from .mspdi_order import PROJECT, TASK, in_order, tag_of
from .mspdi_values import (
    EVENT_DAY_MARK,
    clock_text,
    duration_text,
    element,
    is_elapsed,
    read_integer,
    time_text,
    written_text,
)
from .mspdi_write_people import PeopleWriter

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
_DAYS: Final = 7
_ELAPSED_DAYS: Final = 8
_PERCENT: Final = 19
_MOST_BASELINES: Final = 11
_KEPT_WINS: Final = frozenset(
    {
        "FYStartDate", "CriticalSlackLimit", "CurrencyDigits", "CurrencySymbol", "CurrencyCode", "DaysPerMonth",
        "DefaultTaskType", "DurationFormat", "WorkFormat", "NewTasksAreManual", "Estimated", "EffortDriven",
    }
)  # fmt: skip


def write_mspdi(plan: ExportedPlan) -> WrittenFile:
    """Return a plan as MSPDI with its dates, floats, calendars, people and baselines."""
    writer = _Writer(plan)
    content = writer.document().encode("utf-8")
    stale = writer.people.stale
    if stale:
        text = ngettext(
            "The file's work by days of {count} assignment was left out: its dates or work have changed.",
            "The file's work by days of {count} assignments was left out: their dates or work have changed.",
            stale,
        )
        writer.dropped.append(text.format(count=stale))
    return WrittenFile(content, tuple(writer.dropped))


class _Writer:
    def __init__(self, plan: ExportedPlan) -> None:
        self.plan = plan
        self.schedule = plan.schedule
        network = plan.schedule.network
        self.calendar = network.calendars[1]
        self.dropped: list[str] = []
        self.uids = _uids(plan.tasks)
        self.kept = plan.kept or KeptSource()
        self.minutes_per_day = max((_length(periods) for periods in self.calendar.week), default=0) or 480
        self.children: dict[EntityId | None, list[Task]] = {}
        for task in plan.tasks:
            self.children.setdefault(task.parent_id, []).append(task)
        self.people = PeopleWriter(plan, self.uids, set(self.children))
        self.incoming: dict[EntityId, list[Link]] = {}
        for link in plan.links:
            self.incoming.setdefault(link.successor_id, []).append(link)
        self.baselines: dict[EntityId, list[tuple[int, BaselineTask]]] = {}
        numbers = {baseline.id: number for number, baseline in enumerate(plan.baselines[:_MOST_BASELINES])}
        for row in plan.baseline_tasks:
            if row.baseline_id in numbers:
                self.baselines.setdefault(row.task_id, []).append((numbers[row.baseline_id], row))
        self._note_dropped()

    def _note_dropped(self) -> None:
        plan = self.plan
        extra = len(plan.baselines) - _MOST_BASELINES
        if extra > 0:
            self.dropped.append(
                ngettext(
                    "{count} baseline was left out; the format holds 11.",
                    "{count} baselines were left out; the format holds 11.",
                    extra,
                ).format(count=extra)
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

    def _extras(self) -> Extras:
        """Return what the format has no place for; other programs pass over it."""
        plan, uids = self.plan, self.uids
        return Extras(
            {number: (one.name, one.taken_at) for number, one in enumerate(plan.baselines[:_MOST_BASELINES])},
            {uids[task.id]: plan.stages[task.id] for task in plan.tasks if task.id in plan.stages},
            {uids[task.id]: task.progress for task in plan.tasks if task.progress % 100},
            {
                f"{uids[link.predecessor_id]} {uids[link.successor_id]}": link.lag
                for link in plan.links
                if link.lag_kind is LagKind.PERCENT and link.lag % 100
            },
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
        kept = project_parts(self.kept)
        own = [
            element("SaveVersion", 14),
            element("Name", written_text(plan.name)),
            element("Title", written_text(plan.name)),
            "" if event_day is None else element("Subject", f"{EVENT_DAY_MARK}{event_day}"),
            element("ScheduleFromStart", 0 if backward else 1),
            element("StartDate", time_text(start)),
            element("FinishDate", time_text(finish)),
            element("FYStartDate", 1),
            element("CriticalSlackLimit", terms.critical_float // self.minutes_per_day),
            element("CurrencyDigits", 2),
            element("CurrencySymbol", "¥"),
            element("CurrencyCode", "CNY"),
            element("CalendarUID", 1),
            element("DefaultStartTime", clock_text(opening)),
            element("DefaultFinishTime", clock_text(closing)),
            element("MinutesPerDay", self.minutes_per_day),
            element("MinutesPerWeek", week),
            element("DaysPerMonth", 20),
            element("DefaultTaskType", 0),
            element("DurationFormat", _DAYS),
            element("WorkFormat", 2),
            element("NewTasksAreManual", 0),
        ]
        own = [part for part in own if part and not (tag_of(part) in _KEPT_WINS and tag_of(part) in kept)]
        parts = [
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n',
            self._extras().written(),
            '<Project xmlns="http://schemas.microsoft.com/project">',
            *in_order(own, kept, PROJECT),
            "<Calendars>",
            *self.people.calendars(),
            "</Calendars><Tasks>",
            *self._tasks(start),
            "</Tasks><Resources>",
            *self.people.resources(),
            "</Resources><Assignments>",
            *self.people.assignments(),
            "</Assignments></Project>\n",
        ]
        return "".join(parts)

    # --- tasks -------------------------------------------------------------------------------------------------

    def _tasks(self, start: int) -> list[str]:
        finish = max(start, self.schedule.project_finish)
        duration = self.calendar.between(start, finish)
        own = [
            "<UID>0</UID>",
            "<ID>0</ID>",
            element("Name", written_text(self.plan.name)),
            "<Type>1</Type>",
            "<IsNull>0</IsNull>",
            "<OutlineNumber>0</OutlineNumber>",
            "<OutlineLevel>0</OutlineLevel>",
            element("Start", time_text(start)),
            element("Finish", time_text(finish)),
            element("Duration", duration_text(duration)),
            "<DurationFormat>7</DurationFormat>",
            "<Summary>1</Summary>",
        ]
        title = {tag: text for tag, text in task_parts(self.kept, 0).items() if tag != "CalendarUID"}
        parts = [f"<Task>{''.join(in_order(own, title, TASK))}</Task>"]
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
            element("UID", self.uids[task.id]),
            element("ID", row),
            element("Name", written_text(task.name)),
            element("Active", 1),
            element("Manual", int(pinned)),
            element("Type", int(summary or task.fixed_duration)),
            element("IsNull", 0),
            element("WBS", outline),
            element("OutlineNumber", outline),
            element("OutlineLevel", outline.count(".") + 1),
            element("Priority", task.priority),
            element("Start", time_text(dates.start)),
            element("Finish", time_text(dates.finish)),
            element("Duration", duration_text(duration)),
        ]
        if pinned:
            parts += [
                element("ManualStart", time_text(dates.start)),
                element("ManualFinish", time_text(dates.finish)),
                element("ManualDuration", duration_text(duration)),
            ]
        parts += [
            element("DurationFormat", _ELAPSED_DAYS if elapsed else _DAYS),
            element("EffortDriven", 0),
            element("Estimated", 0),
            element("Milestone", int(task.milestone)),
            element("Summary", int(summary)),
            element("Critical", int(dates.critical)),
            element("EarlyStart", time_text(dates.early_start)),
            element("EarlyFinish", time_text(dates.early_finish)),
            element("LateStart", time_text(dates.late_start)),
            element("LateFinish", time_text(dates.late_finish)),
            element("FreeSlack", dates.free_float * 10),
            element("TotalSlack", dates.total_float * 10),
            element("PercentComplete", round(task.progress / 100)),
        ]
        cost = (self.plan.costs or {}).get(task.id, 0)
        if cost:
            parts.append(element("Cost", cost))
        if not summary:
            if task.actual_start is not None:
                parts.append(element("ActualStart", time_text(task.actual_start)))
            if task.actual_finish is not None:
                parts.append(element("ActualFinish", time_text(task.actual_finish)))
        parts.append(element("RemainingDuration", duration_text(remaining)))
        parts.append(element("ConstraintType", _CONSTRAINT_NUMBERS[task.constraint]))
        parts.append(element("CalendarUID", -1))
        if task.constraint_at is not None:
            parts.append(element("ConstraintDate", time_text(task.constraint_at)))
        if task.deadline is not None:
            parts.append(element("Deadline", time_text(task.deadline)))
        if task.notes:
            parts.append(element("Notes", written_text(task.notes)))
        parts += [self._link(link) for link in self.incoming.get(task.id, ())]
        parts += [_baseline(number, baseline) for number, baseline in self.baselines.get(task.id, ())]
        kept = task_parts(self.kept, self.uids[task.id]) if self.kept.tasks else {}
        if kept:
            parts = self._with_kept(task, parts, kept, is_summary=summary)
        return f"<Task>{''.join(parts)}</Task>"

    def _with_kept(self, task: Task, own: list[str], kept: dict[str, str], *, is_summary: bool) -> list[str]:
        """Return a task's elements with what was kept of it, where that does not contradict what it is now."""
        wins = set(_KEPT_WINS)
        if is_elapsed(read_integer(value_of(kept.get("DurationFormat", ""), "DurationFormat"), _DAYS)) is not (
            task.elapsed and not is_summary
        ):
            wins.discard("DurationFormat")
        if task.mode is TaskMode.PINNED:
            wins.add("Active")
        else:
            kept.pop("ExternalTask", None)
        if not is_summary and (not task.fixed_duration or "IgnoreResourceCalendar" in kept):
            wins.add("Type")
        calendar = kept.pop("CalendarUID", "")
        number = value_of(calendar, "CalendarUID")
        if number.isdecimal():
            kept["CalendarUID"] = element("CalendarUID", self.people.calendar_uid(int(number)))
            wins.add("CalendarUID")
        left = [part for part in own if not (tag_of(part) in wins and tag_of(part) in kept)]
        return in_order(left, kept, TASK)

    def _link(self, link: Link) -> str:
        if link.lag_kind is LagKind.PERCENT:
            lag, format_ = round(link.lag / 100), _PERCENT
        else:
            lag, format_ = link.lag * 10, _ELAPSED_DAYS if link.lag_kind is LagKind.ELAPSED else _DAYS
        return (
            f"<PredecessorLink>{element('PredecessorUID', self.uids[link.predecessor_id])}"
            f"{element('Type', _LINK_NUMBERS[link.type])}<CrossProject>0</CrossProject>"
            f"{element('LinkLag', lag)}{element('LagFormat', format_)}</PredecessorLink>"
        )


def _length(periods: Periods) -> int:
    return sum(last - first for first, last in periods)


def _baseline(number: int, row: BaselineTask) -> str:
    return (
        f"<Baseline>{element('Number', number)}{element('Start', time_text(row.start))}"
        f"{element('Finish', time_text(row.finish))}{element('Duration', duration_text(row.duration))}"
        f"<DurationFormat>7</DurationFormat>{element('Cost', row.cost)}</Baseline>"
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

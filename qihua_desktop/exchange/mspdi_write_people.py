"""The people, calendars and assignments of a plan as MSPDI, with what was kept of those in the file it came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import DONE, MINUTES_PER_DAY, Task, day_of
from qihua_desktop.domain.schedule import segments
from qihua_desktop.domain.working_time import ELAPSED, Periods, WorkingTime

from .exported_plan import ExportedPerson, ExportedPlan
from .mspdi_kept import NOBODY, KeptSource, assignment_parts, resource_parts, value_of, with_values
from .mspdi_order import ASSIGNMENT, RESOURCE, in_order, tag_of
from .mspdi_values import clock_text, duration_text, element, time_text, written_text

_DAYS_AROUND: Final = 400
_MOST_PARENTS: Final = 50
_WORK: Final = "1"


class PeopleWriter:
    """Writes who works, when, and on what."""

    def __init__(self, plan: ExportedPlan, uids: dict[EntityId, int], summaries: set[EntityId | None]) -> None:
        self.plan = plan
        self.schedule = plan.schedule
        self.calendar = plan.schedule.network.calendars[1]
        self.uids = uids
        self.summaries = summaries
        self.kept = plan.kept or KeptSource()
        self.person_uids = _person_uids(plan.people, self.kept)
        self.calendar_uids: dict[int, int] = {}
        """The UIDs that kept calendars get, by those they had."""
        self.own_calendars: dict[EntityId, int] = {}
        self.stale = 0
        """How many assignments lost their work by days, because task or work are not what they were."""
        following = 2
        for person in plan.people:
            if person.calendar is not None:
                self.own_calendars[person.id] = following
                following += 1
        for uid in self._wanted_calendars():
            self.calendar_uids[uid] = following
            following += 1

    # --- calendars ---------------------------------------------------------------------------------------------

    def calendars(self) -> list[str]:
        """Return the project's calendar, people's own, and those kept for tasks and things."""
        parts = [self._calendar(1, "Standard", self.calendar)]
        for person in self.plan.people:
            if person.calendar is not None:
                uid = self.own_calendars[person.id]
                parts.append(self._calendar(uid, f"{written_text(person.name)} {uid}", person.calendar))
        for old, uid in self.calendar_uids.items():
            base = self.calendar_uid(int(value_of(self.kept.calendars[old], "BaseCalendarUID") or -1))
            parts.append(with_values(self.kept.calendars[old], {"UID": uid, "BaseCalendarUID": base}))
        return parts

    def calendar_uid(self, old: int) -> int:
        """Return the UID of a calendar of the file now; -1 when it is none."""
        if str(old) == value_of(self.kept.project.get("CalendarUID", ""), "CalendarUID"):
            return 1
        return self.calendar_uids.get(old, -1)

    def _wanted_calendars(self) -> list[int]:
        """Return the calendars that tasks, or resources that are no people, have of their own, with their bases."""
        if not self.kept.calendars:
            return []
        present = {str(uid) for uid in self.uids.values()}
        texts = [text for uid, text in self.kept.tasks.items() if str(uid) in present and "<CalendarUID>" in text]
        texts += [text for uid, text in self.kept.resources.items() if uid not in self.person_uids.values()]
        project = value_of(self.kept.project.get("CalendarUID", ""), "CalendarUID")
        found: dict[int, None] = {}
        for text in texts:
            number = value_of(text, "CalendarUID")
            for _generation in range(_MOST_PARENTS):
                if number == project or not number.isdecimal() or int(number) not in self.kept.calendars:
                    break
                found.setdefault(int(number))
                number = value_of(self.kept.calendars[int(number)], "BaseCalendarUID")
        return list(found)

    def _calendar(self, uid: int, name: str, calendar: WorkingTime) -> str:
        days = "".join(
            f"<WeekDay>{element('DayType', (weekday + 1) % 7 + 1)}{self._working(calendar.week[weekday])}</WeekDay>"
            for weekday in (6, 0, 1, 2, 3, 4, 5)
        )
        first = self.schedule.project_start // MINUTES_PER_DAY - _DAYS_AROUND
        last = self.schedule.project_finish // MINUTES_PER_DAY + _DAYS_AROUND
        exceptions = "".join(
            "<Exception><EnteredByOccurrences>0</EnteredByOccurrences><TimePeriod>"
            f"<FromDate>{time_text(day * MINUTES_PER_DAY)}</FromDate>"
            f"<ToDate>{time_text(day * MINUTES_PER_DAY + 1439)}</ToDate></TimePeriod><Occurrences>1</Occurrences>"
            f"<Name>{self._day_name(day)}</Name><Type>1</Type>{self._working(periods)}</Exception>"
            for day, periods in calendar.different_days(first, last).items()
        )
        return (
            f"<Calendar>{element('UID', uid)}{element('Name', name)}<IsBaseCalendar>1</IsBaseCalendar>"
            f"<BaseCalendarUID>-1</BaseCalendarUID><WeekDays>{days}</WeekDays>"
            f"{f'<Exceptions>{exceptions}</Exceptions>' if exceptions else ''}</Calendar>"
        )

    def _day_name(self, day: int) -> str:
        when = day_of(day * MINUTES_PER_DAY)
        return written_text((self.plan.day_names or {}).get(when, "")) or when.isoformat()

    @staticmethod
    def _working(periods: Periods) -> str:
        if not periods:
            return element("DayWorking", 0)
        times = "".join(
            f"<WorkingTime>{element('FromTime', clock_text(first))}{element('ToTime', clock_text(last))}</WorkingTime>"
            for first, last in periods
        )
        return f"{element('DayWorking', 1)}<WorkingTimes>{times}</WorkingTimes>"

    # --- people ------------------------------------------------------------------------------------------------

    def resources(self) -> list[str]:
        """Return people, and what else the file used, as it was."""
        taken = set(self.person_uids.values())
        parts = [self._person(person) for person in self.plan.people]
        for uid, whole in self.kept.resources.items():
            if uid not in taken:
                old = value_of(whole, "CalendarUID")
                number = self.calendar_uid(int(old)) if old.lstrip("-").isdecimal() else -1
                parts.append(with_values(whole, {"CalendarUID": number}))
        return parts

    def _person(self, person: ExportedPerson) -> str:
        uid = self.person_uids[person.id]
        whole = self.kept.resources.get(uid, "")
        kept = resource_parts(whole) if whole else {}
        own = [
            element("UID", uid),
            element("ID", uid),
            element("Name", written_text(person.name)),
            element("Type", _WORK),
            "<IsNull>0</IsNull>",
            element("EmailAddress", written_text(person.email)) if person.email else "",
            "<MaxUnits>1</MaxUnits>",
            element("StandardRate", f"{person.rate / 100:.2f}"),
            "<StandardRateFormat>2</StandardRateFormat>",
            element("CalendarUID", self.own_calendars.get(person.id, 1)),
            "<IsGeneric>1</IsGeneric>" if person.generic else "",
        ]
        own = [part for part in own if part and (tag_of(part) not in kept or tag_of(part) == "EmailAddress")]
        return f"<Resource>{''.join(in_order(own, kept, RESOURCE))}</Resource>"

    def assignments(self) -> list[str]:
        """Return who works on what; what was kept of an assignment comes back whole where nothing has changed."""
        parts: list[str] = []
        by_id = {task.id: task for task in self.plan.tasks}
        written: set[str] = set()
        for task_id, person_id, units in self.plan.assignments:
            length = self.plan.minutes.get((task_id, person_id), by_id[task_id].duration)
            work = 0 if task_id in self.summaries else round(length * units / DONE)
            person = self.person_uids[person_id]
            written.add(f"{self.uids[task_id]} {person}")
            parts.append(self._assignment(len(parts) + 1, by_id[task_id], person, work, units))
        assigned = {task_id for task_id, _person, _units in self.plan.assignments}
        splits = self.plan.splits or {}
        for task in self.plan.tasks:
            number = f"{self.uids[task.id]} {NOBODY}"
            if task.id not in assigned and (task.id in splits or number in self.kept.assignments):
                parts.append(self._assignment(len(parts) + 1, task, NOBODY, task.duration, DONE))
        parts += self._of_things(len(parts), written)
        return parts

    def _of_things(self, count: int, written: set[str]) -> list[str]:
        """Return the kept assignments of what is no person."""
        present = {str(uid) for uid in self.uids.values()}
        people = {str(uid) for uid in self.person_uids.values()}
        parts: list[str] = []
        for key, whole in self.kept.assignments.items():
            task, _space, resource = key.partition(" ")
            known = resource.isdecimal() and int(resource) in self.kept.resources
            if key not in written and task in present and known and resource not in people:
                parts.append(with_values(whole, {"UID": count + len(parts) + 1}))
        return parts

    def _assignment(self, uid: int, task: Task, person: int, work: int, units: int) -> str:
        start, finish = time_text(self.schedule.start(task.id)), time_text(self.schedule.finish(task.id))
        number = self.uids[task.id]
        whole = self.kept.assignments.get(f"{number} {person}", "")
        share = f"{units / DONE:g}"
        same_dates = [value_of(whole, tag) for tag in ("Start", "Finish")] == [start, finish]
        same_work = value_of(whole, "Work") == duration_text(work) and _same_number(value_of(whole, "Units"), share)
        exact = bool(whole) and same_dates and (same_work or person == NOBODY)
        kept = assignment_parts(whole, exact=exact) if whole else {}
        self.stale += not exact and "<TimephasedData>" in whole
        days = self._worked_days(uid, task.id) if (self.plan.splits or {}).get(task.id) else ""
        own = [
            element("UID", uid),
            element("TaskUID", number),
            element("ResourceUID", person),
            element("Finish", finish),
            element("Start", start),
            element("Units", share),
            element("Work", duration_text(work)),
            "" if "TimephasedData" in kept else days,
        ]
        own = [part for part in own if part]
        if exact:
            own = [part for part in own if tag_of(part) not in ("Work", "Units") or tag_of(part) not in kept]
        return f"<Assignment>{''.join(in_order(own, kept, ASSIGNMENT))}</Assignment>"

    def _worked_days(self, uid: int, task_id: EntityId) -> str:
        """Write an interrupted task's work day by day; days of its interruptions have no work."""
        network = self.schedule.network
        node = network.index[task_id]
        calendar = ELAPSED if network.tasks[node].elapsed else network.calendars[network.calendar[node]]
        rows: list[tuple[int, int, int]] = []
        pieces = segments(self.schedule, task_id)
        if network.tasks[node].parts:
            pieces = _pieces(calendar, self.schedule.start(task_id), self.plan, task_id)
        for place, (begin, end) in enumerate(pieces):
            if place:
                rows.append((pieces[place - 1][1], begin, 0))
            while begin < end:
                following = min(end, (begin // MINUTES_PER_DAY + 1) * MINUTES_PER_DAY)
                rows.append((begin, following, calendar.between(begin, following)))
                begin = following
        return "".join(
            f"<TimephasedData><Type>1</Type>{element('UID', uid)}{element('Start', time_text(first))}"
            f"{element('Finish', time_text(last))}<Unit>2</Unit>{element('Value', duration_text(value))}"
            "</TimephasedData>"
            for first, last, value in rows
        )


def _pieces(calendar: WorkingTime, at: int, plan: ExportedPlan, task_id: EntityId) -> Sequence[tuple[int, int]]:
    """Return the pieces of an interrupted task that several people share; the schedule has only its whole span."""
    task = plan.schedule.task(task_id)
    pieces: list[tuple[int, int]] = []
    done = 0
    for split in (plan.splits or {}).get(task_id, ()):
        begin = calendar.next_start(at)
        end = calendar.add(begin, split.after - done)
        pieces.append((begin, end))
        at, done = calendar.add(end, split.gap), split.after
    begin = calendar.next_start(at)
    return [*pieces, (begin, calendar.add(begin, task.duration - done))]


def _person_uids(people: Iterable[ExportedPerson], kept: KeptSource) -> dict[EntityId, int]:
    """Return a number per person: that of the worker of this name in the file, else a fresh one."""
    known: dict[str, int] = {}
    for uid, whole in kept.resources.items():
        if value_of(whole, "Type") in (_WORK, "") and uid > 0:
            known.setdefault(value_of(whole, "Name").strip(), uid)
    result: dict[EntityId, int] = {}
    following = max(kept.resources, default=0)
    for person in people:
        uid = known.pop(written_text(person.name).strip(), None)
        if uid is None:
            following += 1
            uid = following
        result[person.id] = uid
    return result


def _same_number(one: str, other: str) -> bool:
    try:
        return abs(float(one or 1) - float(other)) < 1e-6
    except ValueError:
        return False

"""One task of MSPDI as a domain row and as the engine's input."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import (
    DONE,
    ConstraintType,
    Task,
    TaskMode,
)
from qihua_desktop.domain.schedule import ScheduleTask, Split, WorkPart, splits_text
from qihua_desktop.domain.working_time import WorkingTime
from qihua_desktop.i18n import _

from .imported_plan import (
    ResourceKind,
    StoredDates,
)
from .mspdi_rows import LONGEST_NAME, Rows
from .mspdi_values import (
    Corrections,
    is_elapsed,
    read_duration,
    read_integer,
    read_moment,
    read_number,
)
from .safe_xml import Record

MOST_SPLITS: Final = 1000
_CONSTRAINTS: Final = (
    ConstraintType.ASAP,
    ConstraintType.ALAP,
    ConstraintType.MSO,
    ConstraintType.MFO,
    ConstraintType.SNET,
    ConstraintType.SNLT,
    ConstraintType.FNET,
    ConstraintType.FNLT,
)
_FIXED_DURATION: Final = 1


class TaskReader:
    """Builds one row from its record."""

    def __init__(self, rows: Rows, record: Record, task_id: EntityId, corrections: Corrections) -> None:
        self.rows = rows
        self.record = record
        self.task_id = task_id
        self.corrections = corrections
        self.uid = read_integer(record.get("UID"), -1)
        self.notes: list[str] = []

    def moment(self, tag: str) -> int | None:
        return read_moment(self.record.get(tag), self.corrections)

    def build(self, parent: EntityId | None, position: int, *, summary: bool, external: bool, has_slack: bool) -> None:
        record, rows = self.record, self.rows
        elapsed = is_elapsed(read_integer(record.get("DurationFormat"), 7))
        duration = read_duration(record.get("Duration"), self.corrections)
        start, finish = self.moment("Start"), self.moment("Finish")
        if start is None:
            start = finish if finish is not None else 0
        finish = start if finish is None else max(start, finish)
        pinned = self._pinned(start, finish, summary=summary, external=external)
        constraint, constraint_at = self._constraint()
        if summary and external:
            constraint, constraint_at = ConstraintType.SNET, start
        actual_start, actual_finish = self.moment("ActualStart"), self.moment("ActualFinish")
        progress = max(0, min(DONE, round(read_number(record.get("PercentComplete")) * 100)))
        deadline = self.moment("Deadline")
        if not progress and duration and actual_start is not None and actual_start == actual_finish:
            # Some programs write one and the same date for everything that has none.
            rows.dropped.note("placeholder")
            deadline = None if deadline == actual_start else deadline
            actual_start = actual_finish = None
        assigned = rows.assignments_of_uid.get(self.uid, [])
        people = [
            rows.resource_of_uid[uid]
            for uid in dict.fromkeys(read_integer(item.get("ResourceUID"), -1) for item in assigned)
            if uid in rows.resource_of_uid
        ]
        workers = [person.name for person in people if person.kind is ResourceKind.WORK]
        milestone = record.get("Milestone") == "1" and duration == 0
        calendar, parts = (None, ()) if summary or elapsed else self._working_time(assigned)
        splits = () if summary or elapsed or pinned else self._splits(assigned, start, calendar)[:MOST_SPLITS]
        task = Task(
            id=self.task_id,
            project_id=rows.project_id,
            parent_id=parent,
            stage_id=None,
            position=position,
            name=record.get("Name")[:LONGEST_NAME],
            owner_id=None,
            owner_text="、".join(workers)[:LONGEST_NAME],
            duration=duration,
            elapsed=elapsed,
            milestone=milestone,
            mode=TaskMode.PINNED if pinned else TaskMode.AUTO,
            start=start,
            finish=finish,
            constraint=constraint,
            constraint_at=constraint_at,
            deadline=deadline,
            progress=progress,
            actual_start=actual_start,
            actual_finish=actual_finish,
            priority=max(0, min(1000, read_integer(record.get("Priority"), 500))),
            units=DONE,
            notes=record.values.get("Notes", ""),
            external_ref=str(self.uid),
            splits=splits_text(splits),
            fixed_duration=bool(workers) and not summary and self._is_fixed(),
        )
        rows.tasks.append(task)
        remaining = read_duration(record.get("RemainingDuration"), self.corrections)
        rows.schedule_tasks.append(
            ScheduleTask(
                id=self.task_id,
                name=task.name,
                parent_id=parent,
                duration=duration,
                elapsed=elapsed,
                calendar=calendar,
                constraint=constraint,
                constraint_at=constraint_at,
                deadline=deadline,
                pinned=(start, finish) if pinned else None,
                actual_start=None if summary else actual_start,
                actual_finish=None if summary else actual_finish,
                remaining=remaining if "RemainingDuration" in record.values else None,
                splits=splits,
                parts=parts,
            )
        )
        rows.stored.append(self._stored(start, finish, summary=summary, has_slack=has_slack))

    def _pinned(self, start: int, finish: int, *, summary: bool, external: bool) -> bool:
        record, dropped = self.record, self.rows.dropped
        manual = record.get("Manual") == "1"
        if summary:
            if manual and finish > start:
                self.notes.append(_("the summary was scheduled by hand"))
            return False
        if record.get("Active", "1") == "0":
            dropped.note("inactive")
            return True
        if record.get("IsSubproject") == "1":
            dropped.note("subproject")
        if read_number(record.get("LevelingDelay")) > 0:
            dropped.note("leveling")
            self.notes.append(_("a levelling delay"))
        return manual or external or record.get("ExternalTask") == "1"

    def _is_fixed(self) -> bool:
        record = self.record
        return read_integer(record.get("Type")) == _FIXED_DURATION or record.get("IgnoreResourceCalendar") == "1"

    def _constraint(self) -> tuple[ConstraintType, int | None]:
        number = read_integer(self.record.get("ConstraintType"))
        constraint = _CONSTRAINTS[number] if 0 <= number < len(_CONSTRAINTS) else ConstraintType.ASAP
        at = self.moment("ConstraintDate")
        if constraint in (ConstraintType.ASAP, ConstraintType.ALAP):
            return constraint, None
        if at is None:
            self.rows.dropped.note("constraint")
            return ConstraintType.ASAP, None
        return constraint, at

    def _working_time(self, assigned: Sequence[Record]) -> tuple[WorkingTime | None, tuple[WorkPart, ...]]:
        """Return the calendar the task follows, and the shares of people when their calendars differ."""
        record, rows = self.record, self.rows
        own = rows.calendars.get(read_integer(record.get("CalendarUID"), -1))
        calendar = own.working_time if own is not None and own.working_time.has_work() else None
        if calendar is not None and calendar is not rows.calendar.working_time:
            rows.dropped.note("task_calendar")
        if self._is_fixed():
            return calendar, ()
        parts: list[WorkPart] = []
        for item in assigned:
            person = rows.resource_of_uid.get(read_integer(item.get("ResourceUID"), -1))
            work = read_duration(item.get("Work"), self.corrections)
            units = read_number(item.get("Units"), 1.0)
            if person is None or person.kind is not ResourceKind.WORK or not work or units <= 0:
                continue
            if read_integer(item.get("WorkContour")) not in (0, 8):
                rows.dropped.note("contour")
                self.notes.append(_("a work contour"))
            parts.append(WorkPart(person.calendar or rows.calendar.working_time, round(work / units)))
        if not parts or calendar is not None:
            return calendar, ()
        followed = {id(part.calendar): part.calendar for part in parts}
        if len(followed) == 1:
            return next(iter(followed.values())), ()
        return None, tuple(parts)

    def _splits(self, assigned: Sequence[Record], start: int, calendar: WorkingTime | None) -> tuple[Split, ...]:
        """Return interruptions: days without work between days with work."""
        working = calendar or self.rows.calendar.working_time
        best: tuple[Split, ...] = ()
        for item in assigned:
            splits = _splits_of(item, start, working, self.corrections)
            if splits and (not best or sum(split.gap for split in splits) < sum(split.gap for split in best)):
                best = splits
        stop, resume = self.moment("Stop"), self.moment("Resume")
        started = self.moment("ActualStart")
        if not best and started is not None and stop is not None and resume is not None and stop > started:
            gap = working.between(stop, resume)
            if gap > 0 and "ActualFinish" not in self.record.values:
                best = (Split(working.between(started, stop), gap),)
        return best

    def _stored(self, start: int, finish: int, *, summary: bool, has_slack: bool) -> StoredDates:
        record = self.record

        def slack(tag: str) -> int | None:
            return round(read_number(record.get(tag)) / 10) if has_slack else None

        return StoredDates(
            task_id=self.task_id,
            uid=self.uid,
            row=read_integer(record.get("ID"), -1),
            start=start if record.get("Start") else None,
            finish=finish if record.get("Finish") else None,
            early_start=self.moment("EarlyStart"),
            early_finish=self.moment("EarlyFinish"),
            late_start=self.moment("LateStart"),
            late_finish=self.moment("LateFinish"),
            total_float=slack("TotalSlack"),
            free_float=slack("FreeSlack"),
            critical=record.get("Critical") == "1" if record.get("Critical") else None,
            summary=summary,
            cost=round(read_number(record.get("Cost"))),
            note="; ".join(dict.fromkeys(self.notes)),
        )


def _splits_of(item: Record, start: int, calendar: WorkingTime, corrections: Corrections) -> tuple[Split, ...]:
    spans: list[tuple[int, int, int]] = []
    for entry in item.all("TimephasedData"):
        if entry.get("Type") in ("1", "2"):
            first = read_moment(entry.get("Start"), corrections)
            last = read_moment(entry.get("Finish"), corrections)
            if first is not None and last is not None and last > first:
                spans.append((first, last, read_duration(entry.get("Value"), corrections)))
    spans.sort()
    worked = [place for place, (_first, _last, value) in enumerate(spans) if value]
    if not worked:
        return ()
    splits: list[Split] = []
    done = gap = 0
    for first, last, value in spans[worked[0] : worked[-1] + 1]:
        if value:
            if gap:
                splits.append(Split(done, gap))
            gap = 0
            done += calendar.between(max(first, start), last)
        else:
            gap += calendar.between(first, last)
    return tuple(splits)

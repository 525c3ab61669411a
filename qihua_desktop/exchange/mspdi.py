"""Read Microsoft Project's XML (MSPDI) into an ``ImportedPlan``.

Nothing is written here and nothing is half-read: the result is complete, with a list of what is not modelled or had
to be corrected, or an InputError is raised.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.domain.schedule import Terms
from qihua_desktop.domain.working_time import OFFICE_HOURS, WorkingTime
from qihua_desktop.i18n import _, ngettext

from .imported_plan import ImportedCalendar, ImportedPlan
from .mspdi_calendars import RawCalendar, read_calendar, resolve_calendars
from .mspdi_tasks import Rows, build_rows
from .mspdi_values import EVENT_DAY_MARK, Corrections, read_date, read_integer, read_moment, read_number
from .safe_xml import Progress, Record, read_records, unreadable

_RECORDS: Final = frozenset({"Task", "Resource", "Assignment", "Calendar"})
MOST_ROWS: Final = 120_000


class _File:
    """What the parser hands over, in file order."""

    def __init__(self) -> None:
        self.tasks: list[Record] = []
        self.resources: list[Record] = []
        self.assignments: list[Record] = []
        self.calendars: dict[int, RawCalendar] = {}
        self.dropped_fields: Corrections = Corrections()

    def take(self, record: Record) -> None:
        if record.tag == "Task":
            self.tasks.append(_slim(record, _TASK_FIELDS, self.dropped_fields))
            if len(self.tasks) > MOST_ROWS:
                raise unreadable(_("The file has more than {count} rows.").format(count=MOST_ROWS))
        elif record.tag == "Resource":
            self.resources.append(record)
        elif record.tag == "Assignment":
            self.assignments.append(_slim(record, _ASSIGNMENT_FIELDS, self.dropped_fields))
        else:
            calendar = read_calendar(record)
            self.calendars.setdefault(calendar.uid, calendar)


_TASK_FIELDS: Final = frozenset(
    {
        "UID", "ID", "Name", "Active", "Manual", "Type", "IsNull", "OutlineLevel", "Priority", "Start", "Finish",
        "Duration", "DurationFormat", "Milestone", "Summary", "Critical", "ExternalTask", "EarlyStart", "EarlyFinish",
        "LateStart", "LateFinish", "FreeSlack", "TotalSlack", "FixedCost", "PercentComplete", "Cost", "ActualStart",
        "ActualFinish", "RemainingDuration", "ConstraintType", "ConstraintDate", "CalendarUID",
        "IgnoreResourceCalendar", "LevelingDelay", "Deadline", "Stop", "Resume", "Notes", "Recurring", "IsSubproject",
        "ManualStart", "ManualFinish", "PredecessorLink", "Baseline", "OutlineNumber",
    }
)  # fmt: skip
_ASSIGNMENT_FIELDS: Final = frozenset({"TaskUID", "ResourceUID", "Units", "Work", "WorkContour", "TimephasedData"})


def _slim(record: Record, wanted: frozenset[str], dropped: Corrections) -> Record:
    """Keep only the fields that are read, so that large files stay small in memory."""
    for tag in record.nested:
        if tag not in wanted:
            dropped.note(tag)
    values = {tag: text for tag, text in record.values.items() if tag in wanted}
    nested = {tag: children for tag, children in record.nested.items() if tag in wanted}
    return Record(record.tag, values, nested)


def read_mspdi(
    content: bytes,
    *,
    project_id: EntityId | None = None,
    baseline_day: int | None = None,
    progress: Progress | None = None,
) -> ImportedPlan:
    """Read an MSPDI file.

    Args:
        project_id: the project that the rows are for; a fresh id when left out.
        baseline_day: UTC milliseconds to note as the day the file's baselines were taken, its start when left out.

    Raises InputError when the file is damaged, too large, of another kind, or declares a document type.
    """
    file = _File()
    root = read_records(content, "Project", _RECORDS, file.take, progress=progress)
    corrections = Corrections()
    start = read_moment(root.get("StartDate"), corrections)
    finish = read_moment(root.get("FinishDate"), corrections)
    stored = [read_moment(task.get("Start"), Corrections()) for task in file.tasks]
    known = [at for at in stored if at is not None]
    if start is None:
        start = min(known, default=0)
    calendars = resolve_calendars(file.calendars, start)
    calendar = _project_calendar(root, calendars, start, corrections)
    minutes_per_day = max(1, read_integer(root.get("MinutesPerDay"), 480))
    rows = build_rows(
        file.tasks,
        file.resources,
        file.assignments,
        calendars=calendars,
        calendar=calendar,
        project_id=project_id or new_id(),
        baseline_day=start * 60_000 if baseline_day is None else baseline_day,
        corrections=corrections,
    )
    backward = root.get("ScheduleFromStart", "1") == "0"
    if finish is None:
        finish = max((row.finish for row in rows.stored if row.finish is not None), default=start)
    critical = max(0, read_integer(root.get("CriticalSlackLimit"))) * minutes_per_day
    if backward:
        direction = ScheduleDirection.BACKWARD
        terms = Terms(None, finish, direction, critical)
    else:
        direction = ScheduleDirection.FORWARD
        terms = Terms(start, None, direction, critical)
    return ImportedPlan(
        name=(root.get("Title") or root.get("Name") or rows.title or "").strip(),
        start=start,
        finish=finish,
        direction=direction,
        tasks=tuple(rows.tasks),
        links=tuple(rows.links),
        splits=tuple((task.id, task.splits) for task in rows.schedule_tasks if task.splits),
        schedule_tasks=tuple(rows.schedule_tasks),
        schedule_links=tuple(rows.schedule_links),
        calendar=calendar,
        calendars=tuple(calendars.values()),
        resources=tuple(rows.resources),
        assignments=tuple(rows.assignments),
        baselines=tuple(rows.baselines),
        baseline_tasks=tuple(rows.baseline_tasks),
        stored=tuple(rows.stored),
        terms=terms,
        event_day=_event_day(root.get("Subject")),
        dropped=_report(root, rows, corrections, file.dropped_fields),
    )


def _event_day(text: str) -> date | None:
    """Return the day that a plan of ours leads back from; other programs' files have none."""
    return read_date(text.removeprefix(EVENT_DAY_MARK)) if text.startswith(EVENT_DAY_MARK) else None


def _project_calendar(
    root: Record, calendars: dict[int, ImportedCalendar], start: int, corrections: Corrections
) -> ImportedCalendar:
    found = calendars.get(read_integer(root.get("CalendarUID"), -1))
    if found is None and calendars:
        corrections.note("project_calendar")
        found = next(iter(calendars.values()))
    if found is not None and found.working_time.has_work():
        return found
    corrections.note("project_calendar")
    usual = WorkingTime("Standard", (OFFICE_HOURS,) * 5 + ((), ()), around=start)
    return ImportedCalendar(-1, "Standard", usual, ())


def _report(root: Record, rows: Rows, corrections: Corrections, fields: Corrections) -> tuple[str, ...]:
    """Return one line per kind of thing that was corrected or is not modelled."""
    count = Counter(corrections) + Counter(rows.dropped)
    lines = [text.format(count=number) for number, text in _counted(count) if number]
    if corrections["project_calendar"]:
        lines.append(_("The file's project calendar is missing or empty; another one was used."))
    if fields["ExtendedAttribute"] or root.all("ExtendedAttributes"):
        lines.append(_("Custom fields were left out."))
    if fields["OutlineCode"] or root.all("OutlineCodes"):
        lines.append(_("Outline codes were left out."))
    if rows.dropped["rates"]:
        lines.append(_("Pay rates that change over time were left out; the first one counts."))
    if read_number(root.get("StatusDate")[:4]) > 0:
        lines.append(_("The status date was left out."))
    return tuple(lines)


def _counted(count: Counter[str]) -> Iterator[tuple[int, str]]:
    """Yield how often each kind was met, with its text."""
    number = count["empty_row"]
    yield number, ngettext("{count} empty row was left out.", "{count} empty rows were left out.", number)
    number = count["negative"]
    yield (
        number,
        ngettext("{count} negative duration was set to 0.", "{count} negative durations were set to 0.", number),
    )
    number = count["long"]
    yield number, ngettext("{count} duration was cut to 100 years.", "{count} durations were cut to 100 years.", number)
    number = count["duration"]
    yield (
        number,
        ngettext("{count} unreadable duration was set to 0.", "{count} unreadable durations were set to 0.", number),
    )
    number = count["moment"]
    yield number, ngettext("{count} unreadable date was ignored.", "{count} unreadable dates were ignored.", number)
    number = count["seconds"]
    yield (
        number,
        ngettext("{count} time was rounded to the minute.", "{count} times were rounded to the minute.", number),
    )
    number = count["external"]
    yield (
        number,
        ngettext(
            "{count} link leads into another file; the task keeps the file's dates.",
            "{count} links lead into another file; the tasks keep the file's dates.",
            number,
        ),
    )
    number = count["inactive"]
    yield (
        number,
        ngettext(
            "{count} inactive task was imported pinned and without links.",
            "{count} inactive tasks were imported pinned and without links.",
            number,
        ),
    )
    number = count["link"]
    yield number, ngettext("{count} unusable link was left out.", "{count} unusable links were left out.", number)
    number = count["elapsed_percent"]
    yield (
        number,
        ngettext(
            "{count} lag in elapsed percent counts as working percent.",
            "{count} lags in elapsed percent count as working percent.",
            number,
        ),
    )
    number = count["deep"]
    yield (
        number,
        ngettext(
            "{count} row nested too deeply was moved up.", "{count} rows nested too deeply were moved up.", number
        ),
    )
    number = count["task_calendar"]
    yield (
        number,
        ngettext(
            "{count} task has its own calendar; it will follow the project's or its owner's.",
            "{count} tasks have their own calendars; they will follow the project's or their owner's.",
            number,
        ),
    )
    number = count["leveling"]
    yield number, ngettext("{count} levelling delay was left out.", "{count} levelling delays were left out.", number)
    number = count["subproject"]
    yield number, ngettext("{count} inserted project was left out.", "{count} inserted projects were left out.", number)
    number = count["summary_pin"]
    yield (
        number,
        ngettext("{count} summary now follows its subtasks.", "{count} summaries now follow their subtasks.", number),
    )
    number = count["assignment"]
    yield (
        number,
        ngettext("{count} unusable assignment was left out.", "{count} unusable assignments were left out.", number),
    )
    number = count["contour"]
    yield number, ngettext("{count} work contour was left out.", "{count} work contours were left out.", number)
    number = count["shared_uid"]
    yield number, ngettext("{count} row repeats another's number.", "{count} rows repeat another's number.", number)
    number = count["constraint"]
    yield (
        number,
        ngettext(
            "{count} constraint without a date was left out.",
            "{count} constraints without a date were left out.",
            number,
        ),
    )
    number = count["placeholder"]
    yield (
        number,
        ngettext(
            "{count} task has one date as actual start and finish, without progress; the date was ignored.",
            "{count} tasks have one date as actual start and finish, without progress; the dates were ignored.",
            number,
        ),
    )

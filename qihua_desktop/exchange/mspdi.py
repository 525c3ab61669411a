"""Read Microsoft Project's XML (MSPDI) into an ``ImportedPlan``.

Nothing is written here and nothing is half-read: the result is complete, with a list of what is not modelled or had
to be corrected, or an InputError is raised.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from xml.etree.ElementTree import Element

from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.domain.schedule import Terms
from qihua_desktop.domain.working_time import OFFICE_HOURS, WorkingTime
from qihua_desktop.i18n import _

from .imported_plan import ImportedCalendar, ImportedPlan
from .mspdi_calendars import RawCalendar, read_calendar, resolve_calendars
from .mspdi_extras import read_extras
from .mspdi_kept import TASK_KEPT, KeptSource
from .mspdi_report import report
from .mspdi_tasks import build_rows
from .mspdi_values import EVENT_DAY_MARK, Corrections, read_date, read_integer, read_moment
from .safe_xml import LONGEST_TEXT, Progress, Record, local_name, read_elements, record_of, unreadable

_LISTS: Final = frozenset({"Tasks", "Resources", "Assignments", "Calendars"})
MOST_ROWS: Final = 120_000
_MOST_TEXTS: Final = 200_000
_SHORT: Final = 64
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
_USUAL: Final = frozenset({"", "0"})
_MEANT_ZEROS: Final = frozenset(
    {"UID", "Active", "OutlineLevel", "Priority", "Critical", "FreeSlack", "TotalSlack", "DurationFormat"}
)
"""Fields in which a nought is not the same as no such field."""


def _field(child: Element) -> tuple[str, bool, bool, str | None]:
    """Return a field's name, whether it is read, whether a nought means something, and what need not be kept."""
    tag = local_name(child)
    return tag, tag in _TASK_FIELDS, tag in _MEANT_ZEROS, TASK_KEPT.get(tag)


class _File:
    """What the parser hands over, in file order."""

    def __init__(self) -> None:
        self.tasks: list[Record] = []
        self.resources: list[Record] = []
        self.assignments: list[Record] = []
        self.calendars: dict[int, RawCalendar] = {}
        self.kept = KeptSource()
        self.texts: dict[str, str] = {}
        self.fields: dict[str, tuple[str, bool, bool, str | None]] = {}

    def take(self, element: Element) -> None:
        tag = local_name(element)
        if tag == "Task":
            self._take_task(element)
        elif tag == "Resource":
            record = record_of(element)
            self.resources.append(record)
            self.kept.take_resource(read_integer(record.get("UID"), -1), element)
        elif tag == "Assignment":
            record = self._slim(record_of(element, _ASSIGNMENT_FIELDS))
            self.assignments.append(record)
            task, resource = read_integer(record.get("TaskUID"), -1), read_integer(record.get("ResourceUID"), -1)
            self.kept.take_assignment(task, resource, element)
        elif tag == "Calendar":
            calendar = read_calendar(record_of(element))
            self.calendars.setdefault(calendar.uid, calendar)
            self.kept.take_calendar(calendar.uid, element)

    def _take_task(self, element: Element) -> None:
        """Read a task; once through its many fields, as this is most of the work for a large file."""
        if len(self.tasks) >= MOST_ROWS:
            raise unreadable(_("The file has more than {count} rows.").format(count=MOST_ROWS))
        record = Record("Task")
        values, once = record.values, self.texts
        others: list[tuple[str, Element]] = []
        for child in element:
            name = child.tag
            known = self.fields.get(name)
            if known is None:
                known = self.fields[name] = _field(child)
            tag, wanted, meant, usual = known
            if len(child) or child.attrib:
                if wanted:
                    record.nested.setdefault(tag, []).append(record_of(child))
                if usual is not None:
                    others.append((tag, child))
                continue
            text = child.text
            if text is None:
                continue
            if wanted and tag not in values and (meant or text not in _USUAL):
                values[tag] = once.setdefault(text, text) if len(text) < _SHORT else text[:LONGEST_TEXT]
            if usual is not None and text != usual:
                others.append((tag, child))
        if len(once) > _MOST_TEXTS:
            once.clear()
        self.tasks.append(record)
        if others:
            self.kept.take_task(read_integer(record.get("UID"), -1), others)

    def _slim(self, record: Record) -> Record:
        """Forget noughts and hold equal texts once, so that large files stay small in memory."""
        once = self.texts
        if len(once) > _MOST_TEXTS:
            once.clear()
        record.values = {
            tag: once.setdefault(text, text)
            for tag, text in record.values.items()
            if tag in _MEANT_ZEROS or text not in _USUAL
        }
        return record


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
    top = read_elements(content, "Project", _LISTS, file.take, progress=progress)
    root = record_of(top)
    file.kept.take_project(top)
    extras = read_extras(content)
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
    extras.apply(rows)
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
        dropped=report(root, rows, corrections, file.kept),
        kept=file.kept,
        stages=extras.stages_of(rows.id_of_uid),
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

"""Plans as tables: write a CSV that spreadsheets open rightly, and read ours, GanttProject's or a hand-made one."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.parsing import guard_formula
from qihua_desktop.domain.plan import (
    DONE,
    MINUTES_PER_DAY,
    ConstraintType,
    Link,
    ScheduleDirection,
    Task,
    TaskMode,
    day_start,
    instant,
    moment,
)
from qihua_desktop.domain.schedule import Terms, schedule_link, schedule_task
from qihua_desktop.i18n import N_, _, ngettext

from .exported_plan import ExportedPlan, WrittenFile
from .imported_plan import ImportedCalendar, ImportedPlan, StoredDates
from .mspdi_values import LONGEST
from .predecessors import Predecessor, parse_predecessors, parse_short_duration, predecessors_text, short_duration
from .safe_xml import unreadable

MOST_ROWS: Final = 120_000
LONGEST_NAME: Final = 10_000
MOST_BYTES: Final = 100 * 1024 * 1024
_DEEPEST: Final = 100
_NUMBERS: Final = re.compile(r"^\s*(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})日?(?:[ T](\d{1,2}):(\d\d))?")


class Column(StrEnum):
    """The columns of a plan table, in order."""

    ID = N_("No.")
    WBS = N_("WBS")
    NAME = N_("Task")
    DURATION = N_("Duration")
    START = N_("Start")
    FINISH = N_("Finish")
    PREDECESSORS = N_("Predecessors")
    OWNER = N_("Owner")
    PROGRESS = N_("Progress")
    CONSTRAINT = N_("Constraint")
    CONSTRAINT_DATE = N_("Constraint date")
    DEADLINE = N_("Deadline")
    MILESTONE = N_("Milestone")
    PINNED = N_("Pinned")
    ACTUAL_START = N_("Actual start")
    ACTUAL_FINISH = N_("Actual finish")
    NOTES = N_("Notes")


_ALIASES: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.ID: ("id", "no.", "序号", "编号", "标识号"),
    Column.WBS: ("wbs", "outline number", "大纲编号", "大纲数字"),
    Column.NAME: ("name", "task", "task name", "任务", "任务名称", "名称"),
    Column.DURATION: ("duration", "工期"),
    Column.START: ("start", "begin date", "start date", "开始", "开始时间", "开始日期"),
    Column.FINISH: ("finish", "end date", "finish date", "完成", "完成时间", "结束日期", "完成日期"),
    Column.PREDECESSORS: ("predecessors", "前置任务", "前置"),
    Column.OWNER: ("owner", "resources", "resource names", "负责人", "资源名称"),
    Column.PROGRESS: ("progress", "completion", "% complete", "进度", "完成百分比"),
    Column.CONSTRAINT: ("constraint", "限制", "限制类型"),
    Column.CONSTRAINT_DATE: ("constraint date", "限制日期"),
    Column.DEADLINE: ("deadline", "截止日期", "截止"),
    Column.MILESTONE: ("milestone", "里程碑"),
    Column.PINNED: ("pinned", "固定"),
    Column.ACTUAL_START: ("actual start", "实际开始"),
    Column.ACTUAL_FINISH: ("actual finish", "实际完成"),
    Column.NOTES: ("notes", "备注"),
}
_YES: Final = frozenset({"1", "yes", "true", "是", "y", "x", "√"})


class DateOrder(StrEnum):
    """How a file writes its dates."""

    YEAR_FIRST = "year"
    DAY_FIRST = "day"
    MONTH_FIRST = "month"


class AmbiguousDates(InputError):
    """The file's dates read both as day/month and as month/day: ask, and read again with the answer."""


def plan_table(plan: ExportedPlan) -> list[list[str]]:
    """Return a plan as rows of plain text under translated headings; the first row is the headings."""
    rows = {task.id: number for number, task in enumerate(plan.tasks, start=1)}
    incoming: dict[EntityId, list[Predecessor]] = {}
    for link in plan.links:
        entry = Predecessor(rows[link.predecessor_id], link.type, link.lag, link.lag_kind)
        incoming.setdefault(link.successor_id, []).append(entry)
    parents = {task.parent_id for task in plan.tasks}
    outline: dict[EntityId, str] = {}
    counts: dict[EntityId | None, int] = {}
    table = [[_(column.value) for column in Column]]
    for task in plan.tasks:
        number = counts[task.parent_id] = counts.get(task.parent_id, 0) + 1
        above = "" if task.parent_id is None else outline[task.parent_id] + "."
        outline[task.id] = f"{above}{number}"
        summary = task.id in parents
        cells: dict[Column, str] = {
            Column.ID: str(rows[task.id]),
            Column.WBS: outline[task.id],
            Column.NAME: task.name,
            Column.DURATION: "" if summary else short_duration(task.duration, elapsed=task.elapsed),
            Column.START: _moment_text(plan.schedule.start(task.id)),
            Column.FINISH: _moment_text(plan.schedule.finish(task.id)),
            Column.PREDECESSORS: predecessors_text(incoming.get(task.id, ())),
            Column.OWNER: task.owner_text,
            Column.PROGRESS: f"{task.progress / 100:g}%",
            Column.CONSTRAINT: "" if task.constraint is ConstraintType.ASAP else task.constraint.value,
            Column.CONSTRAINT_DATE: _moment_text(task.constraint_at),
            Column.DEADLINE: _moment_text(task.deadline),
            Column.MILESTONE: "1" if task.milestone else "",
            Column.PINNED: "1" if task.mode is TaskMode.PINNED else "",
            Column.ACTUAL_START: _moment_text(task.actual_start),
            Column.ACTUAL_FINISH: _moment_text(task.actual_finish),
            Column.NOTES: task.notes,
        }
        table.append([cells[column] for column in Column])
    return table


def write_csv(plan: ExportedPlan) -> WrittenFile:
    """Return a plan as CSV: UTF-8 with a mark so that spreadsheets see it, CRLF, nothing runs as a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    texts = {place for place, column in enumerate(Column) if column in (Column.NAME, Column.OWNER, Column.NOTES)}
    for row in plan_table(plan):
        writer.writerow([guard_formula(cell) if place in texts else cell for place, cell in enumerate(row)])
    return WrittenFile(stream.getvalue().encode("utf-8-sig", "ignore"), table_losses(plan))


def table_losses(plan: ExportedPlan) -> tuple[str, ...]:
    """Return a line for each kind of thing that a table cannot hold."""
    dropped: list[str] = []
    if plan.baselines:
        dropped.append(_("Baselines were left out; a table cannot hold them."))
    if plan.splits:
        dropped.append(_("Interruptions of tasks were left out; a table cannot hold them."))
    if any(task.units != DONE for task in plan.tasks):
        dropped.append(_("Shares of working time were left out; a table cannot hold them."))
    if any(task.priority != 500 for task in plan.tasks):
        dropped.append(_("Priorities were left out; a table cannot hold them."))
    return tuple(dropped)


def _moment_text(at: int | None) -> str:
    return "" if at is None else f"{moment(at):%Y-%m-%d %H:%M}"


def read_csv(
    content: bytes, *, project_id: EntityId | None = None, date_order: DateOrder | None = None, name: str = ""
) -> ImportedPlan:
    """Read a table of tasks; it needs a column of names, everything else may be missing.

    Raises:
        AmbiguousDates: dates like 03/04/2026; ask for the order.
        InputError: no table, no names, too many rows, or a cell that cannot be read (``details`` has its row).
    """
    return read_table(_rows(content), project_id=project_id, date_order=date_order, name=name)


def read_table(
    table: Sequence[Sequence[str]],
    *,
    project_id: EntityId | None = None,
    date_order: DateOrder | None = None,
    name: str = "",
) -> ImportedPlan:
    """Read rows of text that have a row of headings somewhere at the top; raises like ``read_csv``."""
    head = next((place for place, row in enumerate(table[:20]) if _columns(row)), None)
    if head is None:
        raise unreadable(_("No column of the table is headed “Task”."))
    columns = _columns(table[head])
    body: list[dict[Column, str]] = []
    for row in table[head + 1 :]:
        if not any(row):
            if body:
                break  # GanttProject puts its people below, after empty lines.
            continue
        body.append({column: row[place].strip() if place < len(row) else "" for column, place in columns.items()})
    if len(body) > MOST_ROWS:
        raise unreadable(_("The file has more than {count} rows.").format(count=MOST_ROWS))
    order = date_order or _date_order(cells.get(column, "") for cells in body for column in _DATES)
    return _TableReader(body, project_id or new_id(), order, name).plan()


_DATES: Final = (
    Column.START,
    Column.FINISH,
    Column.CONSTRAINT_DATE,
    Column.DEADLINE,
    Column.ACTUAL_START,
    Column.ACTUAL_FINISH,
)


def _rows(content: bytes) -> list[list[str]]:
    if len(content) > MOST_BYTES:
        raise unreadable(_("The file is larger than {size} MB.").format(size=MOST_BYTES // (1024 * 1024)))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise unreadable(_("The text is in an unknown encoding."))
    sample = text[:2000]
    delimiter = max(",;\t", key=sample.count)
    try:
        return [list(row) for row in csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)]
    except csv.Error as error:
        raise unreadable(str(error)) from error


def _columns(row: Sequence[str]) -> dict[Column, int]:
    """Return where each known heading is; nothing when there is no column of names."""
    found: dict[Column, int] = {}
    for place, cell in enumerate(row):
        heading = cell.strip().lower()
        for column, aliases in _ALIASES.items():
            if heading in aliases or heading == _(column.value).lower():
                found.setdefault(column, place)
    return found if Column.NAME in found else {}


def _date_order(cells: Iterable[str]) -> DateOrder:
    day_first = month_first = unclear = False
    for cell in cells:
        match = _NUMBERS.match(cell)
        if match is None or len(match[1]) == 4:
            continue
        first, second = int(match[1]), int(match[2])
        day_first |= first > 12
        month_first |= second > 12
        unclear = True
    if day_first != month_first:
        return DateOrder.DAY_FIRST if day_first else DateOrder.MONTH_FIRST
    if unclear:
        raise AmbiguousDates(
            _("The dates of this file can be read in two ways."), _("Say whether the day or the month comes first.")
        )
    return DateOrder.YEAR_FIRST


class _TableReader:
    def __init__(self, body: list[dict[Column, str]], project_id: EntityId, order: DateOrder, name: str) -> None:
        self.body = body
        self.project_id = project_id
        self.order = order
        self.name = name
        self.number = 0
        self.negative = 0

    def plan(self) -> ImportedPlan:
        ids = [new_id() for _cells in self.body]
        numbers: dict[int, EntityId] = {}
        for place, cells in enumerate(self.body, start=1):
            text = cells.get(Column.ID, "")
            numbers.setdefault(int(text) if text.isdecimal() and len(text) < 10 else place, ids[place - 1])
        starts = self._starts()
        calendars = Calendars(around=min(starts, default=0))
        working = calendars.workspace()
        project_start = working.next_start(min(starts, default=instant(datetime(2026, 1, 1))))
        parents = self._parents(ids)
        parent_ids = set(parents)
        positions: dict[EntityId | None, int] = {}
        tasks: list[Task] = []
        links: list[Link] = []
        for place, cells in enumerate(self.body):
            self.number = place + 1
            parent = parents[place]
            positions[parent] = positions.get(parent, -1) + 1
            predecessors = self._read(cells.get(Column.PREDECESSORS, ""))
            links += self._links(predecessors, numbers, ids[place])
            held = bool(predecessors)
            tasks.append(self._task(cells, ids[place], parent, positions[parent], held=held, summaries=parent_ids))
        calendar = ImportedCalendar(1, "", working, ())
        summaries = {task.parent_id for task in tasks}
        return ImportedPlan(
            name=self.name,
            start=project_start,
            finish=max((task.finish for task in tasks), default=project_start),
            direction=ScheduleDirection.FORWARD,
            tasks=tuple(tasks),
            links=tuple(links),
            splits=(),
            schedule_tasks=tuple(schedule_task(task, calendars) for task in tasks),
            schedule_links=tuple(schedule_link(link) for link in links),
            calendar=calendar,
            calendars=(calendar,),
            resources=(),
            assignments=(),
            baselines=(),
            baseline_tasks=(),
            stored=tuple(
                StoredDates(
                    task.id, row, row, task.start if cells.get(Column.START) else None,
                    task.finish if cells.get(Column.FINISH) else None, None, None, None, None, None, None, None,
                    task.id in summaries, 0, "",
                )
                for row, (task, cells) in enumerate(zip(tasks, self.body, strict=True), start=1)
            ),
            terms=Terms(project_start),
            dropped=self._report(),
        )  # fmt: skip

    def _report(self) -> tuple[str, ...]:
        if not self.negative:
            return ()
        text = ngettext(
            "{count} negative duration was set to 0.", "{count} negative durations were set to 0.", self.negative
        )
        return (text.format(count=self.negative),)

    def _starts(self) -> list[int]:
        """Return the starts of rows that only the project's start can have put where they are, else all starts."""
        free: list[int] = []
        everything: list[int] = []
        for number, cells in enumerate(self.body, start=1):
            self.number = number
            at = self._moment(cells.get(Column.START, ""))
            if at is not None:
                everything.append(at)
                others = (Column.PREDECESSORS, Column.CONSTRAINT, Column.PINNED, Column.ACTUAL_START)
                if not any(cells.get(column) for column in others):
                    free.append(at)
        return free or everything

    def _parents(self, ids: list[EntityId]) -> list[EntityId | None]:
        known: dict[str, EntityId] = {}
        parents: list[EntityId | None] = []
        for cells, task_id in zip(self.body, ids, strict=True):
            outline = cells.get(Column.WBS, "").strip(".")
            above = outline.rpartition(".")[0] if outline.count(".") < _DEEPEST else ""
            parents.append(known.get(above))
            if outline:
                known.setdefault(outline, task_id)
        return parents

    def _links(self, entries: Sequence[Predecessor], numbers: dict[int, EntityId], task_id: EntityId) -> list[Link]:
        links: list[Link] = []
        for entry in entries:
            before = numbers.get(entry.row)
            if before is None:
                raise self._error(_("There is no row {number}.").format(number=entry.row))
            links.append(Link(new_id(), self.project_id, before, task_id, entry.type, entry.lag, entry.lag_kind))
        return links

    def _read(self, text: str) -> tuple[Predecessor, ...]:
        try:
            return parse_predecessors(text)
        except InputError as error:
            raise self._error(error.message, error.advice) from error

    def _error(self, message: str, advice: str = "") -> InputError:
        return InputError(message, advice, (_("row {number}").format(number=self.number),))

    def _moment(self, text: str) -> int | None:
        if not text:
            return None
        match = _NUMBERS.match(text)
        if match is None:
            raise self._error(_("“{text}” is not a date.").format(text=text[:80]))
        first, second, third = int(match[1]), int(match[2]), int(match[3])
        if len(match[1]) == 4:
            year, month, day = first, second, third
        elif self.order is DateOrder.DAY_FIRST:
            year, month, day = third, second, first
        else:
            year, month, day = third, first, second
        try:
            result = day_start(date(year + 2000 if year < 100 else year, month, day))
        except ValueError:
            raise self._error(_("“{text}” is not a date.").format(text=text[:80])) from None
        return result + (int(match[4]) % 24 * 60 + int(match[5]) % 60 if match[4] else 0)

    def _task(
        self,
        cells: Mapping[Column, str],
        task_id: EntityId,
        parent: EntityId | None,
        position: int,
        *,
        held: bool,
        summaries: set[EntityId | None],
    ) -> Task:
        start, finish = self._moment(cells.get(Column.START, "")), self._moment(cells.get(Column.FINISH, ""))
        timed = ":" in cells.get(Column.FINISH, "")
        if finish is not None and not timed and start is not None and finish >= start:
            finish += MINUTES_PER_DAY  # A finish without a time is the whole last day.
        duration, elapsed = self._duration(cells.get(Column.DURATION, ""), start, finish)
        constraint, constraint_at = ConstraintType.ASAP, self._moment(cells.get(Column.CONSTRAINT_DATE, ""))
        text = cells.get(Column.CONSTRAINT, "").upper()
        if text in set(ConstraintType):
            constraint = ConstraintType(text)
        if constraint in (ConstraintType.ASAP, ConstraintType.ALAP) or constraint_at is None:
            constraint = constraint if constraint is ConstraintType.ALAP else ConstraintType.ASAP
            constraint_at = None
        if Column.CONSTRAINT not in cells and not held and start is not None and task_id not in summaries:
            constraint, constraint_at = ConstraintType.SNET, start
        pinned = cells.get(Column.PINNED, "").lower() in _YES and start is not None
        first = start if start is not None else 0
        return Task(
            id=task_id,
            project_id=self.project_id,
            parent_id=parent,
            stage_id=None,
            position=position,
            name=_unguarded(cells.get(Column.NAME, ""))[:LONGEST_NAME],
            owner_id=None,
            owner_text=_unguarded(cells.get(Column.OWNER, ""))[:LONGEST_NAME],
            duration=duration,
            elapsed=elapsed,
            milestone=duration == 0 and task_id not in summaries,
            mode=TaskMode.PINNED if pinned else TaskMode.AUTO,
            start=first,
            finish=max(first, finish if finish is not None else first),
            constraint=constraint,
            constraint_at=constraint_at,
            deadline=self._moment(cells.get(Column.DEADLINE, "")),
            progress=self._progress(cells.get(Column.PROGRESS, "")),
            actual_start=self._moment(cells.get(Column.ACTUAL_START, "")),
            actual_finish=self._moment(cells.get(Column.ACTUAL_FINISH, "")),
            priority=500,
            units=DONE,
            notes=_unguarded(cells.get(Column.NOTES, "")),
            external_ref=cells.get(Column.ID, "")[:100],
        )

    def _duration(self, text: str, start: int | None, finish: int | None) -> tuple[int, bool]:
        if text:
            try:
                minutes, elapsed = parse_short_duration(text)
            except InputError as error:
                raise self._error(error.message, error.advice) from error
            self.negative += minutes < 0
            return min(max(0, minutes), LONGEST), elapsed
        if start is not None and finish is not None:
            return max(0, Calendars().workspace().between(start, finish)), False
        return 0, False

    def _progress(self, text: str) -> int:
        try:
            return max(0, min(DONE, round(float(text.rstrip("%％ ") or 0) * 100)))
        except (ValueError, OverflowError):
            raise self._error(_("“{text}” is not a percentage.").format(text=text[:80])) from None


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and guard_formula(text[1:]) == text else text

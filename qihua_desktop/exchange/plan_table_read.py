"""Read a plan from rows of text: ours, another program's or a hand-made table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
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
)
from qihua_desktop.domain.schedule import Terms, schedule_link, schedule_task
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.plan_shares import LARGEST_SHARE, MOST_PEOPLE

from .imported_plan import (
    ImportedAssignment,
    ImportedCalendar,
    ImportedPlan,
    ImportedResource,
    ResourceKind,
    StoredDates,
)
from .mspdi_values import LONGEST
from .plan_columns import ALIASES, MOST_ROWS, YES, AmbiguousDates, Column, DateOrder
from .predecessors import Predecessor, parse_predecessors, parse_short_duration
from .safe_xml import Progress, unreadable

LONGEST_NAME: Final = 10_000
_DEEPEST: Final = 100
_STEP: Final = 2000
_NUMBERS: Final = re.compile(r"^\s*(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})日?(?:[ T](\d{1,2}):(\d\d))?")
_SEVERAL: Final = re.compile(r"[、;；]|,(?![^\[]*\])")
_SHARE: Final = re.compile(
    r"^(?P<name>.*?\S)(?:\s*\[(?P<part>\d{1,4}(?:\.\d{1,4})?)[%％]?\]|\s+(?P<share>\d{1,4}(?:\.\d{1,4})?)[%％])?$",
    re.DOTALL,
)


def read_table(
    table: Sequence[Sequence[str]],
    *,
    project_id: EntityId | None = None,
    date_order: DateOrder | None = None,
    name: str = "",
    progress: Progress | None = None,
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
    return _TableReader(body, project_id or new_id(), order, name, progress).plan()


_DATES: Final = (
    Column.START,
    Column.FINISH,
    Column.CONSTRAINT_DATE,
    Column.DEADLINE,
    Column.ACTUAL_START,
    Column.ACTUAL_FINISH,
)


def _columns(row: Sequence[str]) -> dict[Column, int]:
    """Return where each known heading is; nothing when there is no column of names."""
    found: dict[Column, int] = {}
    for place, cell in enumerate(row):
        heading = cell.strip().lower()
        for column, aliases in ALIASES.items():
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
    def __init__(
        self,
        body: list[dict[Column, str]],
        project_id: EntityId,
        order: DateOrder,
        name: str,
        progress: Progress | None,
    ) -> None:
        self.body = body
        self.project_id = project_id
        self.order = order
        self.name = name
        self.number = 0
        self.negative = 0
        self.progress = progress
        self.working = Calendars().workspace()
        self.people: dict[str, ImportedResource] = {}
        self.assignments: list[ImportedAssignment] = []

    def plan(self) -> ImportedPlan:
        ids = [new_id() for _cells in self.body]
        numbers: dict[int, EntityId] = {}
        for place, cells in enumerate(self.body, start=1):
            text = cells.get(Column.ID, "")
            numbers.setdefault(int(text) if text.isdecimal() and len(text) < 10 else place, ids[place - 1])
        starts = self._starts()
        calendars = Calendars(around=min(starts, default=0))
        working = self.working = calendars.workspace()
        project_start = working.next_start(min(starts, default=instant(datetime(2026, 1, 1))))
        parents = self._parents(ids)
        parent_ids = set(parents)
        positions: dict[EntityId | None, int] = {}
        tasks: list[Task] = []
        links: list[Link] = []
        for place, cells in enumerate(self.body):
            self.number = place + 1
            if self.progress is not None and place % _STEP == 0:
                self.progress(place, len(self.body))
            parent = parents[place]
            positions[parent] = positions.get(parent, -1) + 1
            predecessors = self._read(cells.get(Column.PREDECESSORS, ""))
            links += self._links(predecessors, numbers, ids[place])
            held = bool(predecessors)
            task = self._task(cells, ids[place], parent, positions[parent], held=held, summaries=parent_ids)
            tasks.append(task)
            self._assign(task)
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
            resources=tuple(self.people.values()),
            assignments=tuple(self.assignments),
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

    def _assign(self, task: Task) -> None:
        """Note who works on a task when the owner's cell names several people or shares of time."""
        named = [_SHARE.match(part.strip()) for part in _SEVERAL.split(task.owner_text) if part.strip()]
        found = [match for match in named if match is not None]
        if len(found) < 2 and not any(match["share"] or match["part"] for match in found):
            return
        for match in found[:MOST_PEOPLE]:
            name = match["name"].strip()
            person = self.people.get(name)
            if person is None:
                person = self.people[name] = ImportedResource(
                    new_id(), len(self.people) + 1, name, ResourceKind.WORK, DONE, 0, 0, None, "", "", generic=True
                )
            share = match["share"] or match["part"]
            units = min(max(1, round(float(share) * 100)), LARGEST_SHARE) if share else DONE
            work = round(task.duration * units / DONE)
            self.assignments.append(ImportedAssignment(task.id, person.id, work, units))

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
        pinned = cells.get(Column.PINNED, "").lower() in YES and start is not None
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
            return max(0, self.working.between(start, finish)), False
        return 0, False

    def _progress(self, text: str) -> int:
        try:
            return max(0, min(DONE, round(float(text.rstrip("%％ ") or 0) * 100)))
        except (ValueError, OverflowError):
            raise self._error(_("“{text}” is not a percentage.").format(text=text[:80])) from None


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and guard_formula(text[1:]) == text else text

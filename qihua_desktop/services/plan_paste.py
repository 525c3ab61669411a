"""Rows to and from spreadsheets: pasted rows become tasks in one edit, chosen tasks are copied as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, TypeVar

from qihua_desktop.domain.dates import parse_date
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import date_text, duration_text, percent_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.parsing import parse_duration, parse_percent, tsv_text
from qihua_desktop.domain.plan import DONE, ConstraintType, Link, Task, day_of, last_day_of
from qihua_desktop.domain.tree import insert, placed
from qihua_desktop.i18n import _, ngettext

from .limits import text
from .plan_commit import Outcome, commit, current
from .plan_edit import new_task
from .plan_links import link_between
from .plan_network import day_closing, day_opening
from .plan_state import PlanChange, PlanState
from .plan_view import PlanRow
from .session import Session

_Value = TypeVar("_Value")
_MOST_ROWS: Final = 5_000
_HEADINGS: Final = {
    "wbs": "number", "序号": "number", "编号": "number", "#": "number",
    "任务": "name", "任务名称": "name", "名称": "name", "task": "name", "name": "name", "task name": "name",
    "负责人": "owner", "责任人": "owner", "owner": "owner", "assignee": "owner", "resource names": "owner",
    "开始": "start", "开始时间": "start", "开始日期": "start", "start": "start",
    "完成": "finish", "结束": "finish", "完成时间": "finish", "结束日期": "finish", "finish": "finish", "end": "finish",
    "工期": "duration", "时长": "duration", "duration": "duration",
    "进度": "progress", "完成率": "progress", "progress": "progress", "% complete": "progress",
    "前置": "predecessors", "前置任务": "predecessors", "predecessors": "predecessors",
}  # fmt: skip
_PLAIN_ORDER: Final = ("name", "owner", "start", "finish", "duration", "progress")


@dataclass(frozen=True, slots=True)
class _Pasted:
    task: Task
    level: int
    number: str
    predecessors: str


def paste_rows(
    session: Session, project_id: EntityId, rows: Sequence[Sequence[str]], after: EntityId | None = None
) -> Outcome:
    """Make tasks of pasted rows, behind a row or at the end.

    A heading row names the columns; without one they are name, owner, start, finish, duration, progress. Leading
    blanks or numbers such as 1.2 nest rows. Raises InputError naming the first cell that cannot be read.
    """
    state = current(session, project_id)
    if len(rows) > _MOST_ROWS:
        raise InputError(_("At most {count} rows can be pasted at once.").format(count=_MOST_ROWS))
    columns, body = _columns(rows)
    found = [
        pasted
        for at, row in enumerate(body, start=1 + len(rows) - len(body))
        if any(cell.strip() for cell in row) and (pasted := _read(state, session, columns, row, at)) is not None
    ]
    if not found:
        raise InputError(_("There are no tasks among the pasted rows."), _("Copy rows that begin with a name."))
    tasks = _nested(state, found, after)
    label = ngettext("Paste {count} task", "Paste {count} tasks", len(found)).format(count=len(found))
    change = PlanChange(tasks, links=_links(state, found, tasks))
    return commit(session, label, state, change)


def rows_text(rows: Sequence[PlanRow], minutes_per_day: int = 480) -> str:
    """Return rows as a spreadsheet takes them, with a heading."""
    cells = [(_("WBS"), _("Task"), _("Owner"), _("Start"), _("Finish"), _("Duration"), _("Progress"))]
    cells.extend(
        (
            row.number,
            "    " * row.level + row.name,
            row.owner,
            date_text(day_of(row.start)),
            date_text(last_day_of(row.start, row.finish)),
            duration_text(row.duration, minutes_per_day),
            percent_text(row.progress, 0),
        )
        for row in rows
    )
    return tsv_text(cells)


def _columns(rows: Sequence[Sequence[str]]) -> tuple[list[str], Sequence[Sequence[str]]]:
    if rows:
        named = [_HEADINGS.get(cell.strip().lower(), "") for cell in rows[0]]
        if "name" in named:
            return named, rows[1:]
    return list(_PLAIN_ORDER), rows


def _read(state: PlanState, session: Session, columns: list[str], row: Sequence[str], line: int) -> _Pasted | None:
    cells = {name: cell for name, cell in zip(columns, row, strict=False) if name}
    raw = cells.get("name", "")
    name = text(raw)
    if not name:
        return None
    today = session.today()
    task = replace(new_task(state, name, session))
    task = _owned(state, task, text(cells.get("owner", ""), 200))
    start = _cell(cells, "start", line, lambda cell: parse_date(cell, today))
    finish = _cell(cells, "finish", line, lambda cell: parse_date(cell, today))
    duration = _cell(cells, "duration", line, lambda cell: parse_duration(cell, state.minutes_per_day))
    progress = _cell(cells, "progress", line, parse_percent)
    if duration is None and start is not None and finish is not None:
        duration = max(0, _working_minutes(state, start, finish))
    if duration is not None:
        task = replace(task, duration=duration, milestone=duration == 0)
    if start is not None:
        at = day_opening(state.calendar, start)
        task = replace(task, constraint=ConstraintType.SNET, constraint_at=at)
    if progress is not None:
        task = replace(task, progress=min(DONE, max(0, progress)))
    number = cells.get("number", "").strip().strip(".")
    level = number.count(".") if number else _indentation(raw)
    return _Pasted(task, level, number, cells.get("predecessors", "").strip())


def _cell(cells: dict[str, str], name: str, line: int, read: Callable[[str], _Value]) -> _Value | None:
    cell = cells.get(name, "").strip()
    if not cell:
        return None
    try:
        return read(cell)
    except InputError as error:
        words = _("Row {row}: {problem}").format(row=line, problem=error.message)
        raise InputError(words, error.advice) from error


def _owned(state: PlanState, task: Task, owner: str) -> Task:
    person = next((one for one in state.people.values() if one.name == owner and one.active), None)
    if person is not None:
        return replace(task, owner_id=person.id)
    return replace(task, owner_text=owner)


def _working_minutes(state: PlanState, first: date, last: date) -> int:
    return state.calendar.between(day_opening(state.calendar, first), day_closing(state.calendar, last))


def _indentation(raw: str) -> int:
    blank = raw[: len(raw) - len(raw.lstrip(" \u3000\t"))]
    return (len(blank) + blank.count("\u3000") * 3 + blank.count("\t") * 3) // 4 if blank else 0


def _nested(state: PlanState, found: Sequence[_Pasted], after: EntityId | None) -> tuple[Task, ...]:
    """Give the new tasks parents and positions; the first level stands beside the row they are put behind."""
    neighbour = state.tasks.get(after) if after is not None else None
    top = neighbour.parent_id if neighbour is not None else None
    siblings = [row.id for row in state.outline if row.parent_id == top]
    index = siblings.index(neighbour.id) + 1 if neighbour is not None else len(siblings)
    least = min(one.level for one in found)
    open_parents: list[EntityId | None] = [top]
    counts: dict[EntityId | None, int] = {}
    result: dict[EntityId, Task] = {}
    for one in found:
        level = min(one.level - least, len(open_parents) - 1)
        del open_parents[level + 1 :]
        parent = open_parents[level]
        position = counts.get(parent, 0)
        counts[parent] = position + 1
        stage = state.tasks[parent].stage_id if parent in state.tasks and parent is not None else None
        result[one.task.id] = replace(one.task, parent_id=parent, position=position, stage_id=stage)
        open_parents.append(one.task.id)
    rows = tuple(state.tasks.values())
    moved: dict[EntityId, Task] = {}
    for offset, task in enumerate([task for task in result.values() if task.parent_id == top]):
        placements = insert(placed(rows, ()), task.id, top, index + offset)
        for placement in placements:
            if placement.id == task.id:
                result[task.id] = replace(task, position=placement.position)
    shift = sum(1 for task in result.values() if task.parent_id == top)
    for sibling in siblings[index:]:
        moved[sibling] = replace(state.tasks[sibling], position=state.tasks[sibling].position + shift)
    return (*moved.values(), *result.values())


def _links(state: PlanState, found: Sequence[_Pasted], tasks: Sequence[Task]) -> tuple[Link, ...]:
    """Link rows that name the numbers of others of the same paste as predecessors."""
    by_number = {one.number: one.task.id for one in found if one.number}
    by_line = {str(at): one.task.id for at, one in enumerate(found, start=1)}
    known = state.after(PlanChange(tuple(tasks)))
    links: list[Link] = []
    for one in found:
        for wanted in one.predecessors.replace("；", ";").replace(",", ";").split(";"):
            before = by_number.get(wanted.strip()) or by_line.get(wanted.strip())
            if before is not None and before != one.task.id:
                links.append(link_between(known, before, one.task.id))
    return tuple(links)

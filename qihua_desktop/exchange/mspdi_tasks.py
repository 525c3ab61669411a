"""Tasks, links, people and baselines of MSPDI as domain rows and as the engine's input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import (
    DONE,
    Baseline,
    BaselineTask,
    LagKind,
    Link,
    LinkType,
)
from qihua_desktop.domain.schedule import ScheduleLink

from .imported_plan import (
    ImportedAssignment,
    ImportedCalendar,
    ImportedResource,
    ResourceKind,
)
from .mspdi_rows import LONGEST_NAME, Rows
from .mspdi_task import TaskReader
from .mspdi_values import (
    ELAPSED_PERCENT,
    LONGEST,
    Corrections,
    baseline_name,
    is_elapsed,
    is_percent,
    read_duration,
    read_integer,
    read_moment,
    read_number,
    unit_of,
)
from .safe_xml import Record

DEEPEST_OUTLINE: Final = 100
_LINK_TYPES: Final = {0: LinkType.FF, 1: LinkType.FS, 2: LinkType.SF, 3: LinkType.SS}
_RESOURCE_KINDS: Final = {0: ResourceKind.MATERIAL, 1: ResourceKind.WORK, 2: ResourceKind.COST}


def build_rows(
    tasks: Sequence[Record],
    resources: Sequence[Record],
    assignments: Sequence[Record],
    *,
    calendars: Mapping[int, ImportedCalendar],
    calendar: ImportedCalendar,
    project_id: EntityId,
    baseline_day: int,
    corrections: Corrections,
) -> Rows:
    """Build everything from the file's records, in row order."""
    rows = Rows(calendars, calendar, project_id)
    for record in resources:
        _read_resource(rows, record)
    for record in assignments:
        rows.assignments_of_uid.setdefault(read_integer(record.get("TaskUID"), -1), []).append(record)
    kept, parents = _outline(rows, tasks)
    summaries = {parent for parent in parents if parent is not None}
    externals = _read_links(rows, kept)
    has_slack = any("TotalSlack" in record.values for record in kept)
    positions: dict[EntityId | None, int] = {}
    for record, parent in zip(kept, parents, strict=True):
        task_id = rows.id_of_uid[read_integer(record.get("UID"), -1)]
        position = positions.get(parent, 0)
        positions[parent] = position + 1
        builder = TaskReader(rows, record, task_id, corrections)
        builder.build(
            parent,
            position,
            summary=task_id in summaries,
            external=task_id in externals,
            has_slack=has_slack,
        )
        _read_baselines(rows, record, task_id, baseline_day, corrections)
    _read_assignments(rows, corrections)
    return rows


def _outline(rows: Rows, tasks: Sequence[Record]) -> tuple[list[Record], list[EntityId | None]]:
    """Return the real rows with their parents, from row order and outline level."""
    kept: list[Record] = []
    parents: list[EntityId | None] = []
    path: list[tuple[int, EntityId]] = []
    for record in tasks:
        uid = read_integer(record.get("UID"), -1)
        level = read_integer(record.get("OutlineLevel"), 1)
        if record.get("IsNull") == "1":
            rows.dropped.note("empty_row")
            continue
        if uid == 0 or (level == 0 and not kept and not path):
            rows.title = record.get("Name")
            continue
        if uid in rows.id_of_uid or uid < 0:
            rows.dropped.note("shared_uid")
            uid = _free_uid(rows, uid)
            record.values["UID"] = str(uid)
        while path and path[-1][0] >= max(1, level):
            path.pop()
        if len(path) >= DEEPEST_OUTLINE:
            rows.dropped.note("deep")
            path = path[: DEEPEST_OUTLINE - 1]
        task_id = rows.id_of_uid[uid] = new_id()
        kept.append(record)
        parents.append(path[-1][1] if path else None)
        path.append((max(1, level), task_id))
    return kept, parents


def _free_uid(rows: Rows, uid: int) -> int:
    return max((uid, *rows.id_of_uid), default=0) + 1 if len(rows.id_of_uid) < 1000 else -len(rows.id_of_uid) - 2


def _read_resource(rows: Rows, record: Record) -> None:
    uid = read_integer(record.get("UID"), -1)
    name = record.get("Name")[:LONGEST_NAME]
    if record.get("IsNull") == "1" or uid < 0 or (uid == 0 and not name) or uid in rows.resource_of_uid:
        return
    kind = _RESOURCE_KINDS.get(read_integer(record.get("Type"), 1), ResourceKind.WORK)
    calendar = rows.calendars.get(read_integer(record.get("CalendarUID"), -1))
    if record.all("Rates"):
        rows.dropped.note("rates")
    resource = ImportedResource(
        id=new_id(),
        uid=uid,
        name=name,
        kind=kind,
        max_units=round(read_number(record.get("MaxUnits"), 1.0) * DONE),
        rate=round(read_number(record.get("StandardRate")) * 100),
        cost_per_use=round(read_number(record.get("CostPerUse"))),
        calendar=calendar.working_time if calendar is not None and calendar.working_time.has_work() else None,
        notes=record.get("Notes"),
        email=record.get("EmailAddress"),
        generic=record.get("IsGeneric") == "1",
    )
    rows.resource_of_uid[uid] = resource
    rows.resources.append(resource)


def _read_links(rows: Rows, tasks: Sequence[Record]) -> set[EntityId]:
    """Read all links; return the tasks that depend on a task outside the file."""
    outside: set[EntityId] = set()
    inactive = {record.get("UID") for record in tasks if record.get("Active", "1") == "0"}
    for record in tasks:
        successor = rows.id_of_uid[read_integer(record.get("UID"), -1)]
        for entry in record.all("PredecessorLink"):
            predecessor = rows.id_of_uid.get(read_integer(entry.get("PredecessorUID"), -1))
            if predecessor is None or entry.get("CrossProject") == "1":
                outside.add(successor)
                rows.dropped.note("external")
                continue
            type_ = _LINK_TYPES.get(read_integer(entry.get("Type"), 1))
            if type_ is None or record.get("UID") in inactive or entry.get("PredecessorUID") in inactive:
                if type_ is None:
                    rows.dropped.note("link")
                continue
            lag, kind = _lag(rows, entry)
            link = Link(new_id(), rows.project_id, predecessor, successor, type_, lag, kind)
            rows.links.append(link)
            rows.schedule_links.append(ScheduleLink(link.id, predecessor, successor, type_, lag, kind))
    return outside


def _lag(rows: Rows, entry: Record) -> tuple[int, LagKind]:
    value = read_number(entry.get("LinkLag"))
    format_ = read_integer(entry.get("LagFormat"), 7)
    if is_percent(format_):
        if unit_of(format_) == ELAPSED_PERCENT:
            rows.dropped.note("elapsed_percent")
        return round(max(-1e6, min(1e6, value)) * 100), LagKind.PERCENT
    minutes = round(max(-LONGEST, min(LONGEST, value / 10)))
    return minutes, LagKind.ELAPSED if is_elapsed(format_) else LagKind.WORKING


def _read_baselines(rows: Rows, record: Record, task_id: EntityId, day: int, corrections: Corrections) -> None:
    for entry in record.all("Baseline"):
        number = read_integer(entry.get("Number"))
        start = read_moment(entry.get("Start"), corrections)
        finish = read_moment(entry.get("Finish"), corrections)
        if start is None or finish is None:
            continue
        name = baseline_name(number)
        baseline = next((known for known in rows.baselines if known.name == name), None)
        if baseline is None:
            baseline = Baseline(new_id(), rows.project_id, name, day, None, None)
            rows.baselines.append(baseline)
        rows.baseline_tasks.append(
            BaselineTask(
                id=new_id(),
                baseline_id=baseline.id,
                task_id=task_id,
                name=record.get("Name")[:LONGEST_NAME],
                start=start,
                finish=max(start, finish),
                duration=read_duration(entry.get("Duration"), corrections),
                cost=round(read_number(entry.get("Cost"))),
            )
        )


def _read_assignments(rows: Rows, corrections: Corrections) -> None:
    for uid, items in rows.assignments_of_uid.items():
        task_id = rows.id_of_uid.get(uid)
        for item in items:
            resource_uid = read_integer(item.get("ResourceUID"), -1)
            resource = rows.resource_of_uid.get(resource_uid)
            if task_id is None or resource is None:
                if resource_uid > 0 and uid > 0:
                    rows.dropped.note("assignment")
                continue
            work = read_duration(item.get("Work"), corrections)
            units = max(0, round(read_number(item.get("Units"), 1.0) * DONE))
            rows.assignments.append(ImportedAssignment(task_id, resource.id, work, units))

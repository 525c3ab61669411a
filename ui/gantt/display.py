"""Which rows the window shows, and in which order: outline, collapsed, filtered, sorted, grouped. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import MINUTES_PER_DAY, day_of, day_start
from qihua_desktop.i18n import N_, _
from qihua_desktop.services.plan_shares import SEVERAL
from qihua_desktop.services.plan_view import Lateness, PlanRow, PlanView


class Filter(StrEnum):
    """What to show."""

    ALL = "all"
    OPEN = "open"
    CRITICAL = "critical"
    LATE = "late"
    THIS_WEEK = "this_week"
    NEXT_WEEK = "next_week"
    NOBODY = "nobody"
    MILESTONES = "milestones"
    SLIPPED = "slipped"


class Grouping(StrEnum):
    """How rows are put together."""

    OUTLINE = "outline"
    STAGE = "stage"
    OWNER = "owner"
    STATE = "state"
    KIND = "kind"


_FILTERS = {
    Filter.ALL: N_("All tasks"),
    Filter.OPEN: N_("Not done yet"),
    Filter.CRITICAL: N_("Critical path only"),
    Filter.LATE: N_("Late"),
    Filter.THIS_WEEK: N_("This week"),
    Filter.NEXT_WEEK: N_("Next week"),
    Filter.NOBODY: N_("Without an owner"),
    Filter.MILESTONES: N_("Milestones"),
    Filter.SLIPPED: N_("Behind the baseline"),
}
_GROUPINGS = {
    Grouping.OUTLINE: N_("Outline"),
    Grouping.STAGE: N_("By stage"),
    Grouping.OWNER: N_("By owner"),
    Grouping.STATE: N_("By state"),
    Grouping.KIND: N_("By kind"),
}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """How the user wants to see the rows; ``sort`` names a key of ``SORTS``, empty for the plan's own order."""

    filter: Filter = Filter.ALL
    grouping: Grouping = Grouping.OUTLINE
    search: str = ""
    owner: str = ""
    stage: EntityId | None = None
    sort: str = ""
    descending: bool = False

    @property
    def keeps_places(self) -> bool:
        """Whether rows stand by the plan's outline alone, whatever their figures are."""
        return not self.narrows and self.grouping is Grouping.OUTLINE and self.sort in ("", "number")

    @property
    def narrows(self) -> bool:
        """Whether rows may be left out."""
        return self.filter is not Filter.ALL or bool(self.search.strip() or self.owner or self.stage)


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row of the window: a task, or a heading of a group. ``is_open`` is None where nothing hangs below."""

    key: str
    level: int
    row: PlanRow | None
    title: str
    is_open: bool | None

    @property
    def is_heading(self) -> bool:
        """Whether this is a group's heading."""
        return self.row is None


SORTS: Mapping[str, Callable[[PlanRow], Any]] = {
    "number": lambda row: 0,
    "name": lambda row: row.name.casefold(),
    "owner": lambda row: row.owner,
    "start": lambda row: row.start,
    "finish": lambda row: row.finish,
    "duration": lambda row: row.duration,
    "progress": lambda row: row.progress,
    "float": lambda row: row.total_float,
    "slip": lambda row: row.slip,
    "deadline": lambda row: row.deadline if row.deadline is not None else 1 << 62,
}


def filter_label(kind: Filter) -> str:
    """Return a filter's name."""
    return _(_FILTERS[kind])


def grouping_label(kind: Grouping) -> str:
    """Return a grouping's name."""
    return _(_GROUPINGS[kind])


def arrange(
    view: PlanView,
    arrangement: Arrangement,
    collapsed: Collection[str],
    stage_names: Mapping[EntityId, str] | None = None,
) -> tuple[ShownRow, ...]:
    """Return the rows to show, from top to bottom."""
    if arrangement.grouping is not Grouping.OUTLINE:
        return _grouped(view, arrangement, collapsed, stage_names or {})
    rows = _sorted_outline(view.rows, arrangement)
    wanted = _wanted(rows, arrangement, view.now) if arrangement.narrows else None
    shown: list[ShownRow] = []
    hidden_below: int | None = None
    for row in rows:
        if hidden_below is not None:
            if row.level > hidden_below:
                continue
            hidden_below = None
        if wanted is not None and row.id not in wanted:
            continue
        key = row.id.hex()
        is_open: bool | None = None
        if row.is_summary:
            is_open = wanted is not None or key not in collapsed
            if not is_open:
                hidden_below = row.level
        shown.append(ShownRow(key, row.level, row, row.name, is_open))
    return tuple(shown)


class Arranger:
    """Arranges a plan again and again; rows of an edit that left every row in its place are taken over."""

    def __init__(self) -> None:
        self._last: tuple[Arrangement, frozenset[str], PlanView] | None = None
        self._rows: tuple[ShownRow, ...] = ()

    def rows(
        self, view: PlanView, arrangement: Arrangement, collapsed: frozenset[str], stages: Mapping[EntityId, str]
    ) -> tuple[ShownRow, ...]:
        """Return the rows to show, from top to bottom."""
        last, self._last = self._last, (arrangement, collapsed, view)
        alike = last is not None and last[:2] == (arrangement, collapsed) and arrangement.keeps_places
        if last is not None and alike and last[2].state.outline is view.state.outline:
            self._rows = renewed(self._rows, last[2], view)
        else:
            self._rows = arrange(view, arrangement, collapsed, stages)
        return self._rows


def renewed(shown: tuple[ShownRow, ...], before: PlanView, after: PlanView) -> tuple[ShownRow, ...]:
    """Return rows in the plan's own order after an edit that left every row in its place; only other figures differ."""
    changed = {new.id: new for old, new in zip(before.rows, after.rows, strict=True) if old is not new}
    if not changed:
        return shown
    rows = list(shown)
    for number, one in enumerate(shown):
        row = changed.get(one.row.id) if one.row is not None else None
        if row is not None:
            rows[number] = replace(one, row=row, title=row.name)
    return tuple(rows)


def matches(row: PlanRow, arrangement: Arrangement, now: int) -> bool:
    """Return whether a row itself is looked for."""
    if arrangement.owner and arrangement.owner not in (row.owner, *row.members):
        return False
    if arrangement.stage is not None and row.stage_id != arrangement.stage:
        return False
    needle = arrangement.search.strip().casefold()
    if needle and not any(needle in text.casefold() for text in (row.name, row.owner, row.team, row.number)):
        return False
    match arrangement.filter:
        case Filter.OPEN:
            return not row.is_done
        case Filter.CRITICAL:
            return row.is_critical
        case Filter.LATE:
            return row.lateness is not Lateness.NONE
        case Filter.THIS_WEEK:
            return _in_week(row, now, 0)
        case Filter.NEXT_WEEK:
            return _in_week(row, now, 1)
        case Filter.NOBODY:
            return not row.owner and not row.members
        case Filter.MILESTONES:
            return row.is_milestone
        case Filter.SLIPPED:
            return row.slip > 0
        case Filter.ALL:
            return True


def next_match(shown: tuple[ShownRow, ...], arrangement: Arrangement, now: int, current: int, step: int) -> str | None:
    """Return the key of the next row looked for, going down or, with a negative step, up; round at the end."""
    found = [at for at, one in enumerate(shown) if one.row is not None and matches(one.row, arrangement, now)]
    if not found:
        return None
    if step > 0:
        at = next((one for one in found if one > current), found[0])
    else:
        at = next((one for one in reversed(found) if one < current), found[-1])
    return shown[at].key


def _in_week(row: PlanRow, now: int, weeks: int) -> bool:
    """Return whether a task is worked on in the week so many weeks from now."""
    today = day_of(now)
    monday = day_start(today) + (7 * weeks - today.weekday()) * MINUTES_PER_DAY
    return row.start < monday + 7 * MINUTES_PER_DAY and max(row.finish, row.start + 1) > monday


def _wanted(rows: tuple[PlanRow, ...], arrangement: Arrangement, now: int) -> set[EntityId]:
    """Return the rows looked for and the summaries above them."""
    by_id = {row.id: row for row in rows}
    wanted: set[EntityId] = set()
    leaves_only = arrangement.filter is not Filter.ALL or arrangement.stage is not None
    for row in rows:
        if (leaves_only and row.is_summary) or not matches(row, arrangement, now):
            continue
        above: EntityId | None = row.id
        while above is not None and above not in wanted:
            wanted.add(above)
            above = by_id[above].parent_id
    return wanted


def _sorted_outline(rows: tuple[PlanRow, ...], arrangement: Arrangement) -> tuple[PlanRow, ...]:
    key = SORTS.get(arrangement.sort)
    if key is None or arrangement.sort == "number":
        return rows
    children: dict[EntityId | None, list[PlanRow]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row)
    for siblings in children.values():
        siblings.sort(key=key, reverse=arrangement.descending)
    result: list[PlanRow] = []
    stack = list(reversed(children.get(None, [])))
    while stack:
        row = stack.pop()
        result.append(row)
        stack.extend(reversed(children.get(row.id, [])))
    return tuple(result)


def _grouped(
    view: PlanView, arrangement: Arrangement, collapsed: Collection[str], stage_names: Mapping[EntityId, str]
) -> tuple[ShownRow, ...]:
    groups: dict[str, list[PlanRow]] = {}
    order: dict[str, int] = {}
    for row in view.rows:
        if row.is_summary or not matches(row, arrangement, view.now):
            continue
        title, rank = _group_of(row, arrangement.grouping, stage_names)
        groups.setdefault(title, []).append(row)
        order.setdefault(title, rank)
    key = SORTS.get(arrangement.sort) or SORTS["start"]
    shown: list[ShownRow] = []
    for title in sorted(groups, key=lambda one: (order[one], one)):
        heading = f"group:{title}"
        is_open = heading not in collapsed
        shown.append(ShownRow(heading, 0, None, title, is_open))
        if is_open:
            members = sorted(groups[title], key=key, reverse=arrangement.descending)
            shown.extend(ShownRow(row.id.hex(), 1, row, row.name, None) for row in members)
    return tuple(shown)


def _group_of(row: PlanRow, grouping: Grouping, stage_names: Mapping[EntityId, str]) -> tuple[str, int]:
    match grouping:
        case Grouping.STAGE:
            names = list(stage_names)
            if row.stage_id is not None and row.stage_id in stage_names:
                return stage_names[row.stage_id], names.index(row.stage_id)
            return _("Without a stage"), len(names)
        case Grouping.OWNER:
            title = SEVERAL.join(row.members) or row.owner
            return (title, 0) if title else (_("Nobody yet"), 1)
        case Grouping.KIND:
            return (_("Milestones"), 1) if row.is_milestone else (_("Tasks"), 0)
        case _:
            if row.is_done:
                return _("Done"), 3
            if row.lateness is not Lateness.NONE:
                return _("Late"), 0
            return (_("In progress"), 1) if row.progress else (_("Not started"), 2)

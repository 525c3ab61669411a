"""Why tasks stand elsewhere than in a baseline: what changed first, and the chain that carried it on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from qihua_desktop.domain.formatting import duration_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import ConstraintType, LagKind, Link, LinkType, Task, TaskMode
from qihua_desktop.domain.schedule import DriverKind, driver
from qihua_desktop.i18n import _

from .plan_baselines import Difference
from .plan_explain import why
from .plan_state import PlanState

_MOST_NAMES: Final = 4
_LONGEST_NAME: Final = 24
_LATE: Final = frozenset({DriverKind.ALAP, DriverKind.EVENT})


def causes(state: PlanState, rows: Iterable[Difference], *, live: bool = True) -> dict[EntityId, str]:
    """Return by task why it slipped: its own change, or the task that changed first and the chain from there.

    With ``live`` the later dates are those of the plan now; else they are another baseline's, whose links are not
    known: then the links of today are followed.
    """
    return _Causes(state, rows, live=live).words()


def _clock_lag(link: Link) -> int:
    return link.lag if link.lag_kind is LagKind.ELAPSED else 0


class _Causes:
    """Follows every slip back to where it began; each task is looked at once."""

    def __init__(self, state: PlanState, rows: Iterable[Difference], *, live: bool) -> None:
        self._state, self._live = state, live
        self._moved = {
            row.task_id: row
            for row in rows
            if row.both and (row.start_slip or row.finish_slip) and row.task_id in state.tasks
            if not state.is_summary(row.task_id)
        }
        self._above: dict[EntityId, EntityId | None] = {}
        self._roots: dict[EntityId, EntityId] = {}

    def words(self) -> dict[EntityId, str]:
        """Return the reason of every task that slipped."""
        found: dict[EntityId, str] = {}
        for task_id in self._moved:
            root = self._root(task_id)
            own = self._own_words(task_id)
            if root == task_id:
                found[task_id] = own or (why(self._state, task_id) if self._live else "")
                continue
            found[task_id] = " ".join(part for part in (self._chain_words(root, task_id), own) if part)
        return found

    def _root(self, task_id: EntityId) -> EntityId:
        """Return where a slip began: the first task back along the chain that no slipped task drives."""
        path: list[EntityId] = []
        seen: set[EntityId] = set()
        one = task_id
        while one not in self._roots and one not in seen:
            seen.add(one)
            path.append(one)
            above = self._cause(one)
            if above is None or above in seen:
                self._roots[one] = one
                break
            one = above
        root = self._roots.get(one, one)
        for step in path:
            self._roots.setdefault(step, root)
        return root

    def _cause(self, task_id: EntityId) -> EntityId | None:
        """Return the slipped task that drives one; None where the slip is its own."""
        if task_id not in self._above:
            row = self._moved[task_id]
            found = self._driver(task_id) if row.start_slip else None
            self._above[task_id] = found if found in self._moved else None
        return self._above[task_id]

    def _driver(self, task_id: EntityId) -> EntityId | None:
        if not self._live:
            return self._nearest(task_id)
        late = self._state.tasks[task_id].constraint is ConstraintType.ALAP
        if self._moved[task_id].start_slip < 0 and late:
            pulling = self._pulling(task_id)
            if pulling is not None:
                return pulling
        kind = driver(self._state.schedule, task_id)
        sits_late = kind.kind in _LATE
        if kind.kind is not DriverKind.LINK and not sits_late:
            return None
        pushing = list(self._pushing(task_id)) if self._moved[task_id].start_slip > 0 else []
        held = [one for one in pushing if driver(self._state.schedule, one).kind not in _LATE]
        if held or not sits_late:
            return held[0] if held else kind.task_id
        return self._pulling(task_id) or next(iter(pushing), None)

    def _pushing(self, task_id: EntityId) -> Iterator[EntityId]:
        """Yield the predecessors that finish or start later now and that a task follows without a gap."""
        state = self._state
        start = state.start(task_id)
        for link in state.into(task_id):
            other = link.predecessor_id
            if other not in self._moved or self._moved[other].finish_slip <= 0 or link.lag_kind is LagKind.PERCENT:
                continue
            from_start = link.type in (LinkType.SS, LinkType.SF)
            bound = (state.start(other) if from_start else state.finish(other)) + _clock_lag(link)
            if link.lag_kind is LagKind.WORKING:
                bound = state.calendar.add(bound, link.lag)
            place = start if link.type in (LinkType.FS, LinkType.SS) else state.finish(task_id)
            if state.calendar.between(bound, place) <= 0:
                yield other

    def _pulling(self, task_id: EntityId) -> EntityId | None:
        """Return the successor that a task sitting late is done just in time for."""
        state = self._state
        for link in state.out_of(task_id):
            place = state.start(link.successor_id) if link.type is LinkType.FS else state.finish(task_id)
            if link.successor_id in self._moved and (state.calendar.same(state.finish(task_id), place) or link.lag):
                return link.successor_id
        return None

    def _nearest(self, task_id: EntityId) -> EntityId | None:
        """Return the slipped neighbour whose slip is the nearest to a task's own."""
        row, state = self._moved[task_id], self._state
        links: list[tuple[Link, EntityId]] = [(link, link.predecessor_id) for link in state.into(task_id)]
        links += [(link, link.successor_id) for link in state.out_of(task_id)] if state.backward else []
        near = [other for _link, other in links if other in self._moved and self._moved[other].finish_slip]
        return min(near, key=lambda one: abs(self._moved[one].finish_slip - row.start_slip), default=None)

    def _own_words(self, task_id: EntityId) -> str:
        """Return what is different in the task itself: its duration, or the days worked in its span."""
        row, task, per_day = self._moved[task_id], self._state.tasks[task_id], self._state.minutes_per_day
        longer = row.new_duration - row.old_duration
        if longer:
            text = _("{time} longer than planned.") if longer > 0 else _("{time} shorter than planned.")
            return text.format(time=duration_text(abs(longer), per_day))
        lost = self._lost_time(row, task)
        if lost:
            text = _("Days off in its time: {time} less can be worked.") if lost > 0 else ""
            text = text or _("Extra workdays in its time: {time} more can be worked.")
            return text.format(time=duration_text(abs(lost), per_day))
        return ""

    def _lost_time(self, row: Difference, task: Task) -> int:
        """Return how much less is worked by today's calendar where the task stood, than when the baseline was taken."""
        if row.old_start is None or row.old_finish is None or not row.old_duration:
            return 0
        if task.elapsed or task.splits or task.mode is TaskMode.PINNED or row.finish_slip == row.start_slip:
            return 0
        return row.old_duration - self._state.calendar_of(task).between(row.old_start, row.old_finish)

    def _chain_words(self, root: EntityId, task_id: EntityId) -> str:
        names = self._chain(root, task_id)
        reason = self._own_words(root) or (why(self._state, root) if self._live else "")
        if len(names) < 2:
            text = _("Because of “{task}”: {reason}") if reason else _("Because of “{task}”.")
            return text.format(task=self._name(root), reason=reason)
        text = _("Because of “{task}” ({chain}): {reason}") if reason else _("Because of “{task}” ({chain}).")
        return text.format(task=self._name(root), chain=" → ".join(names), reason=reason)

    def _chain(self, root: EntityId, task_id: EntityId) -> list[str]:
        """Return the tasks from the root to the one before a task, a long chain without its middle."""
        ids: list[EntityId] = []
        one = self._cause(task_id)
        while one is not None and one != root and len(ids) < _MOST_NAMES:
            ids.append(one)
            one = self._cause(one)
        names = [self._name(one) for one in reversed(ids)]
        if len(names) >= _MOST_NAMES:
            names = ["…", *names[-2:]]
        return [self._name(root), *names]

    def _name(self, task_id: EntityId) -> str:
        name = " ".join(self._state.tasks[task_id].name[: 4 * _LONGEST_NAME].split())
        return name if len(name) <= _LONGEST_NAME else name[: _LONGEST_NAME - 1] + "…"

"""A computed schedule: dates at once, late dates and floats when first asked for, and its incremental successor."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from qihua_desktop.i18n import _

from ..errors import InputError
from ..ids import EntityId
from ..plan import ScheduleDirection
from ..working_time import EARLIEST, ENDLESS, LATEST
from .floats import free_floats, total_floats
from .late import Backward, backward_pass
from .model import Changes, ScheduleTask, TaskDates
from .network import Network
from .passes import Forward, forward_pass
from .terms import SUMMARY

_MARGIN: Final = 10 * 1440


class Schedule:
    """The dates of every task of a network.

    ``start_list`` and ``finish_list`` are parallel to ``ids``; they are what the chart draws. Treat as immutable.
    """

    __slots__ = (
        "_critical",
        "_early",
        "_early_before",
        "_first_late",
        "_free_float",
        "_late",
        "_late_before",
        "_late_changed",
        "_late_dates",
        "_lower",
        "_sitting",
        "_total_float",
        "final",
        "finish_list",
        "network",
        "placed",
        "project_finish",
        "project_start",
        "start_list",
    )

    def __init__(
        self,
        network: Network,
        previous: Schedule | None = None,
        seeds: set[int] | None = None,
        late: tuple[Backward, list[int]] | None = None,
    ) -> None:
        """Compute a network; with ``previous`` and ``seeds`` only what an edit reaches.

        Args:
            late: the late dates and the nodes whose late dates the edit changed, when they are known.

        Raises InputError when the plan leaves the years 1900–2200.
        """
        self.network = network
        self._early: Forward | None = None
        self._early_before: tuple[Forward, set[int], Sequence[int]] | None = None
        self._late, self._late_changed = late or (None, None)
        self._late_before: tuple[Backward, int, set[int]] | None = None
        self._first_late: int | None = None
        self._late_dates: tuple[list[int], list[int]] | None = None
        self._lower: list[int] | None = None
        self._sitting: list[int] | None = None
        if seeds is None:
            previous = None
        if previous is not None and seeds is not None and previous._late is not None and late is None:
            self._late_before = (previous._late, previous.late_event, seeds)
        self._total_float: list[int] | None = None
        self._free_float: list[int] | None = None
        self._critical: list[bool] | None = None
        self.placed: Backward | None = None
        self.final: Forward | None = None
        if network.terms.direction is ScheduleDirection.BACKWARD:
            self._compute_backward(previous, seeds)
        else:
            self._compute_forward(previous, seeds or set())
        roots = network.roots
        self.project_start: int = min([self.start_list[node] for node in roots], default=network.terms.start or 0)
        self.project_finish: int = max([self.finish_list[node] for node in roots], default=self.project_start)

    # --- placing -----------------------------------------------------------------------------------------------

    def _compute_forward(self, previous: Schedule | None, seeds: set[int]) -> None:
        network = self.network
        start = network.terms.start
        if start is None:
            raise ValueError("planning forward needs a start")
        known = None if previous is None or previous._lower is None else (previous._lower, previous.network.terms.start)
        self._lower, moved = _lower_after(network, start, known, seeds)
        before = None if previous is None else previous._early
        if before is not None:
            self._early_before = (before, seeds, moved)
        if network.late_sitters:
            self._sit_late(previous, seeds, moved)
            return
        self.final = early = self.early
        self.start_list: list[int] = early.start
        self.finish_list: list[int] = early.finish

    def _sit_late(self, previous: Schedule | None, seeds: set[int], moved: list[int]) -> None:
        """Place tasks that are to be as late as possible on their late dates, and what follows them."""
        network, lower = self.network, self._lower or []
        late = self.late.first
        sitters = network.late_sitters
        if previous is None or previous._sitting is None or previous.final is None or self._late_changed is None:
            self._sitting = list(lower)
            for node in sitters:
                if late[node] > lower[node]:
                    self._sitting[node] = late[node]
            self.final = final = _forward(network, self._sitting)
        else:
            self._sitting = sitting = list(previous._sitting)
            marks: list[int] = []
            for node in {*seeds, *moved, *self._late_changed}:
                bound = max(lower[node], late[node]) if node in sitters else lower[node]
                if bound != sitting[node]:
                    sitting[node] = bound
                    marks.append(node)
            self.final = final = _forward(network, sitting, previous.final, seeds, marks)
        self.start_list, self.finish_list = final.start, final.finish

    def _compute_backward(self, previous: Schedule | None, seeds: set[int] | None) -> None:
        network = self.network
        event = network.terms.event
        if event is None:
            raise ValueError("planning backward needs an event date")
        same_event = previous is not None and previous.network.terms.event == event
        if previous is not None and previous.placed and seeds is not None and same_event:
            found = _backward_after(network, previous.placed, event, seeds, hold=True)
            if found is not None:
                self.placed, changed = found
                known = (previous.start_list, previous.finish_list)
                self.start_list, self.finish_list = _instants_after(network, self.placed, known, changed)
                return
        early = Forward.empty(len(network.order))
        if network.late_needs_early:
            start = network.terms.start
            early = _forward(network, lower_bounds(network, event if start is None else start))
        self.placed, self.start_list, self.finish_list = _backward(network, early, event, hold=True)

    # --- results -----------------------------------------------------------------------------------------------

    @property
    def ids(self) -> Sequence[EntityId]:
        """The tasks in the network's order, parallel to all lists here."""
        return tuple(self.network.index)

    @property
    def index(self) -> dict[EntityId, int]:
        """The place of each task in the lists."""
        return self.network.index

    def __len__(self) -> int:
        return self.network.count

    def __iter__(self) -> Iterator[EntityId]:
        return iter(self.network.index)

    def task(self, task_id: EntityId) -> ScheduleTask:
        """Return the task that was scheduled."""
        return self.network.tasks[self.network.index[task_id]]

    def start(self, task_id: EntityId) -> int:
        """Return a task's start."""
        return self.start_list[self.network.index[task_id]]

    def finish(self, task_id: EntityId) -> int:
        """Return a task's finish."""
        return self.finish_list[self.network.index[task_id]]

    @property
    def early(self) -> Forward:
        """Earliest dates; where tasks sit late they are computed when first asked for."""
        if self._early is None:
            lower = self._lower
            if lower is None:
                start = self.network.terms.start
                lower = lower_bounds(self.network, self.project_start if start is None else start)
            known, seeds, marks = self._early_before or (None, None, ())
            self._early = _forward(self.network, lower, known, seeds, marks)
            self._early_before = None
        return self._early

    @property
    def late(self) -> Backward:
        """Late dates as positions per node."""
        if self._late is None:
            event, known = self.late_event, self._late_before
            self._late_before = None
            if known is not None and known[1] == event:
                found = _backward_after(self.network, known[0], event, known[2])
                if found is not None:
                    self._late, self._late_changed = found
                    return self._late
            late, starts, finishes = _backward(self.network, self.early, event)
            self._late, self._late_dates = late, (starts, finishes)
        return self._late

    def _latest(self) -> tuple[list[int], list[int]]:
        late = self.late
        if self._late_dates is None:
            self._late_dates = _instants(self.network, late, started_stay=True)
        return self._late_dates

    def earliest_late_start(self) -> int | None:
        """Return when the first of the tasks that are to be as late as possible must start at the latest."""
        if self._first_late is None:
            self._first_late = _first_late(self.network, self.late)
        return self._first_late

    @property
    def late_event(self) -> int:
        """The instant that no late date passes: the event, else the computed finish."""
        event = self.network.terms.event
        if event is not None:
            return event
        return max((self.early.finish[node] for node in self.network.roots), default=0)

    @property
    def late_start_list(self) -> list[int]:
        """Latest starts (最晚开始) that delay nothing."""
        return self._latest()[0]

    @property
    def late_finish_list(self) -> list[int]:
        """Latest finishes that delay nothing."""
        return self._latest()[1]

    @property
    def total_float_list(self) -> list[int]:
        """Working minutes by which each task may slip without delaying the project or missing a deadline."""
        if self._total_float is None:
            self._total_float = total_floats(self)
        return self._total_float

    @property
    def free_float_list(self) -> list[int]:
        """Working minutes by which each task may slip without moving another."""
        if self._free_float is None:
            self._free_float = free_floats(self)
        return self._free_float

    @property
    def critical_list(self) -> list[bool]:
        """Whether each task is critical."""
        if self._critical is None:
            limit = self.network.terms.critical_float
            done = self.network.done
            floats = self.total_float_list
            self._critical = [value <= limit and not done[node] for node, value in enumerate(floats)]
        return self._critical

    def dates(self, task_id: EntityId) -> TaskDates:
        """Return everything computed for a task."""
        node = self.network.index[task_id]
        late_start, late_finish = self._latest()
        return TaskDates(
            self.start_list[node],
            self.finish_list[node],
            self.early.start[node],
            self.early.finish[node],
            late_start[node],
            late_finish[node],
            self.total_float_list[node],
            self.free_float_list[node],
            self.critical_list[node],
        )


def schedule(network: Network) -> Schedule:
    """Compute a network. Raises InputError when the plan leaves the years 1900–2200."""
    return Schedule(network)


def reschedule(previous: Schedule, changes: Changes, *, starts_with_late: bool = False) -> Schedule:
    """Return the schedule after an edit, recomputing what the edit reaches; ``previous`` stays as it is.

    Args:
        starts_with_late: let the plan start earlier where tasks that are to be as late as possible must do so.

    Raises RuleError when new links close a loop, InputError when the plan leaves the years 1900–2200.
    """
    network, seeds = previous.network.edited(changes)
    if seeds is None or bool(network.late_sitters) != bool(previous.network.late_sitters):
        return Schedule(network)
    terms = network.terms
    late: tuple[Backward, list[int]] | None = None
    first: int | None = None
    if starts_with_late and network.late_sitters and terms.event is not None and previous.late_event == terms.event:
        late = _backward_after(network, previous.late, terms.event, seeds)
        first = None if late is None else _first_late(network, late[0])
        if first is not None and terms.start is not None and first < terms.start:
            network.terms = replace(terms, start=first)
    following = Schedule(network, previous, seeds, late)
    following._first_late = first  # pyright: ignore[reportPrivateUsage]
    return following


def _first_late(network: Network, late: Backward) -> int | None:
    coordinate, first = network.coordinate, late.first
    lowest: dict[int, int] = {}
    for node in network.late_sitters:
        if first[node] < lowest.get(coordinate[node], ENDLESS):
            lowest[coordinate[node]] = first[node]
    return min((network.calendars[one].at_start(at) for one, at in lowest.items()), default=None)


def lower_bounds(network: Network, start: int) -> list[int]:
    """Return the earliest start per node in its coordinate: its constraint, and the project start where it binds."""
    _cover(network, start, start)
    floors = [calendar.work(start) for calendar in network.calendars]
    return [
        max(lowest, floors[number]) if floor else lowest
        for lowest, floor, number in zip(network.lowest, network.floor, network.coordinate, strict=True)
    ]


def _lower_after(
    network: Network, start: int, before: tuple[list[int], int | None] | None, seeds: set[int]
) -> tuple[list[int], list[int]]:
    """Return the earliest start per node after an edit, and the nodes where the project's start changed it."""
    if before is None:
        return lower_bounds(network, start), []
    known, old_start = before
    if old_start != start:
        lower = lower_bounds(network, start)
        return lower, [node for node, (old, new) in enumerate(zip(known, lower, strict=True)) if old != new]
    _cover(network, start, start)
    lower = list(known)
    for node in seeds:
        bound = network.lowest[node]
        if network.floor[node]:
            bound = max(bound, network.calendars[network.coordinate[node]].work(start))
        lower[node] = bound
    return lower, []


def _cover(network: Network, first: int, last: int) -> None:
    for calendar in network.calendars:
        calendar.cover(first - _MARGIN, last + _MARGIN)


def _forward(
    network: Network,
    lower: list[int],
    known: Forward | None = None,
    seeds: set[int] | None = None,
    marks: Sequence[int] = (),
) -> Forward:
    """Run a forward pass, widening the calendars until they cover every date."""
    while True:
        dates = Forward.empty(len(network.order)) if known is None else known.copy()
        forward_pass(network, dates, lower, seeds, marks)
        first, last = _extent(network, dates)
        if first >= EARLIEST and last <= LATEST and _covered(network, first, last):
            return dates
        if first < EARLIEST or last > LATEST:
            _refuse(network, dates.start, dates.finish)
        _cover(network, first, last)


def _extent(network: Network, dates: Forward) -> tuple[int, int]:
    if not network.count:
        return network.terms.start or 0, network.terms.start or 0
    count = network.count
    return min(dates.start[:count]), max(dates.finish[:count])


def _covered(network: Network, first: int, last: int) -> bool:
    for calendar in network.calendars:
        begin, end = calendar.covered
        if (first < begin and begin > EARLIEST) or (last > end and end < LATEST):
            return False
    return True


def _refuse(network: Network, starts: Sequence[int], finishes: Sequence[int]) -> None:
    outside = [node for node in range(network.count) if finishes[node] > LATEST or starts[node] < EARLIEST]
    names = [network.tasks[node].name for node in sorted(outside, key=starts.__getitem__)[:3]]
    idle = [calendar.name for calendar in network.calendars if not calendar.has_work()]
    if idle:
        raise InputError(
            _("The calendar “{name}” has no working time.").format(name=idle[0]),
            _("Give it working days, or choose another calendar."),
            names,
        )
    raise InputError(
        _("The plan leaves the years 1900 to 2200."),
        _("Check the durations and lags of the first tasks that do so."),
        names,
    )


def _backward(
    network: Network, early: Forward, event: int, *, hold: bool = False
) -> tuple[Backward, list[int], list[int]]:
    """Run a backward pass, widening the calendars until they cover every date; return its instants as well."""
    _cover(network, event, event)
    while True:
        dates = Backward.empty(len(network.order))
        backward_pass(network, dates, early, event, hold=hold)
        starts, finishes = _instants(network, dates, started_stay=not hold)
        first, last = min(starts, default=event), max(finishes, default=event)
        if first >= EARLIEST and last <= LATEST and _covered(network, first, last):
            return dates, starts, finishes
        if first < EARLIEST or last > LATEST:
            _refuse(network, starts, finishes)
        _cover(network, first, last)


def _backward_after(
    network: Network, known: Backward, event: int, seeds: set[int], *, hold: bool = False
) -> tuple[Backward, list[int]] | None:
    """Run a backward pass from an edit, and return the nodes it moved; ``None`` when it takes a full one."""
    if network.late_needs_early:
        return None
    if not seeds:
        return known, []
    _cover(network, event, event)
    dates = known.copy()
    changed = backward_pass(network, dates, Forward.empty(len(network.order)), event, hold=hold, seeds=seeds)
    calendars = network.calendars
    opened = max(calendar.covered[0] for calendar in calendars)
    closed = min(calendar.covered[1] for calendar in calendars)
    earliest = [opened, *(calendar.cumulated[1] for calendar in calendars[1:])]
    latest = [closed, *(calendar.cumulated[-2] for calendar in calendars[1:])]
    first, last, coordinate, kind = dates.first, dates.last, network.coordinate, network.kind
    for node in changed:
        number = coordinate[node]
        if (first[node] <= earliest[number] or last[node] >= latest[number]) and kind[node] < SUMMARY:
            return None
    return dates, changed


def _instants_after(
    network: Network, dates: Backward, known: tuple[list[int], list[int]], changed: list[int]
) -> tuple[list[int], list[int]]:
    """Return the instants of a backward pass that holds fixed tasks, when only some nodes have changed."""
    starts, finishes = list(known[0]), list(known[1])
    coordinate, parent, kind, count = network.coordinate, network.parent, network.kind, network.count
    openings = [calendar.starts for calendar in network.calendars]
    cumulated = [calendar.cumulated for calendar in network.calendars]
    first, last = dates.first, dates.last
    above: set[int] = set()
    for node in changed:
        if node >= count or kind[node] == SUMMARY:
            continue
        begin, end = first[node], last[node]
        sums, periods = cumulated[coordinate[node]], openings[coordinate[node]]
        place = bisect_right(sums, begin) - 1
        starts[node] = periods[place] + begin - sums[place]
        place = bisect_left(sums, end) - 1
        finishes[node] = periods[place] + end - sums[place]
        summary = parent[node]
        while summary >= 0 and summary not in above:
            above.add(summary)
            summary = parent[summary]
    for node in sorted(above, key=network.position.__getitem__):
        starts[node] = min([starts[child] for child in network.children[node]])
        finishes[node] = max([finishes[child] for child in network.children[node]])
    return starts, finishes


def _instants(network: Network, dates: Backward, *, started_stay: bool = False) -> tuple[list[int], list[int]]:
    """Return the instants of positions of a backward pass; summaries follow their children.

    With ``started_stay`` the start of a started task is its actual one, however late it could finish.
    """
    count = network.count
    starts, finishes = dates.first[:count], dates.last[:count]
    openings = [calendar.starts for calendar in network.calendars]
    cumulated = [calendar.cumulated for calendar in network.calendars]
    coordinate = network.coordinate
    for node in range(count):
        number = coordinate[node]
        if number:
            sums, periods = cumulated[number], openings[number]
            position = starts[node]
            place = bisect_right(sums, position) - 1
            starts[node] = periods[place] + position - sums[place]
            position = finishes[node]
            place = bisect_left(sums, position) - 1
            finishes[node] = periods[place] + position - sums[place]
    if started_stay:
        for node, task in enumerate(network.tasks):
            if task.actual_start is not None:
                starts[node] = task.actual_start
    for node in network.order:
        if node < count and network.kind[node] == SUMMARY:
            children = network.children[node]
            starts[node] = min([starts[child] for child in children])
            finishes[node] = max([finishes[child] for child in children])
    return starts, finishes

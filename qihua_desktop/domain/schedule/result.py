"""A computed schedule: dates at once, late dates and floats when first asked for, and its incremental successor."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from qihua_desktop.i18n import _

from ..errors import InputError
from ..ids import EntityId
from ..plan import ConstraintType, ScheduleDirection
from ..working_time import EARLIEST, LATEST
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
        "_free_float",
        "_late",
        "_late_before",
        "_total_float",
        "final",
        "finish_list",
        "network",
        "placed",
        "project_finish",
        "project_start",
        "start_list",
    )

    def __init__(self, network: Network, previous: Schedule | None = None, seeds: set[int] | None = None) -> None:
        """Compute a network; with ``previous`` and ``seeds`` only what an edit reaches.

        Raises InputError when the plan leaves the years 1900–2200.
        """
        self.network = network
        self._early: Forward | None = None
        self._late: tuple[Backward, list[int], list[int]] | None = None
        self._late_before: tuple[Backward, int, set[int]] | None = None
        if previous is not None and previous._late is not None and seeds is not None:
            self._late_before = (previous._late[0], previous.late_event, seeds)
        self._total_float: list[int] | None = None
        self._free_float: list[int] | None = None
        self._critical: list[bool] | None = None
        self.placed: Backward | None = None
        self.final: Forward | None = None
        if network.terms.direction is ScheduleDirection.BACKWARD:
            self._compute_backward(previous, seeds)
        else:
            self._compute_forward(previous, seeds)
        roots = network.roots
        self.project_start: int = min((self.start_list[node] for node in roots), default=network.terms.start or 0)
        self.project_finish: int = max((self.finish_list[node] for node in roots), default=self.project_start)

    # --- placing -----------------------------------------------------------------------------------------------

    def _compute_forward(self, previous: Schedule | None, seeds: set[int] | None) -> None:
        network = self.network
        start = network.terms.start
        if start is None:
            raise ValueError("planning forward needs a start")
        lower = lower_bounds(network, start)
        if previous is None or seeds is None:
            early = _forward(network, lower)
        else:
            early = _forward(network, lower, previous.early.copy(), seeds)
        self._early = self.final = early
        self.start_list: list[int] = early.start
        self.finish_list: list[int] = early.finish
        if network.has_alap:
            self._sit_late(lower)

    def _sit_late(self, lower: list[int]) -> None:
        """Move tasks that are to be as late as possible onto their late dates, and what follows them."""
        network = self.network
        late = self.late
        seeds: list[int] = []
        for node in range(network.count):
            movable = network.kind[node] != SUMMARY and network.fixed[node] is None
            if movable and network.tasks[node].constraint is ConstraintType.ALAP and late.first[node] > lower[node]:
                lower[node] = late.first[node]
                seeds.append(node)
        self.final = final = _forward(network, lower, self.early.copy(), set(seeds))
        self.start_list, self.finish_list = final.start, final.finish

    def _compute_backward(self, previous: Schedule | None, seeds: set[int] | None) -> None:
        network = self.network
        event = network.terms.event
        if event is None:
            raise ValueError("planning backward needs an event date")
        early = Forward.empty(len(network.order))
        if network.late_needs_early:
            start = network.terms.start
            early = _forward(network, lower_bounds(network, event if start is None else start))
        known = None if previous is None or seeds is None else previous.placed
        self.placed, self.start_list, self.finish_list = _backward(
            network, early, event, hold=True, known=known, seeds=seeds
        )

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
        """Earliest dates; planning backward they are computed when first asked for."""
        if self._early is None:
            start = self.network.terms.start
            if start is None:
                start = self.project_start
            self._early = _forward(self.network, lower_bounds(self.network, start))
        return self._early

    @property
    def late(self) -> Backward:
        """Late dates as positions per node."""
        return self._latest()[0]

    def _latest(self) -> tuple[Backward, list[int], list[int]]:
        if self._late is None:
            event = self.late_event
            known, seeds = None, None
            if self._late_before is not None and self._late_before[1] == event:
                known, _event, seeds = self._late_before
            self._late = _backward(self.network, self.early, event, known=known, seeds=seeds)
            self._late_before = None
        return self._late

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
        return self._latest()[1]

    @property
    def late_finish_list(self) -> list[int]:
        """Latest finishes that delay nothing."""
        return self._latest()[2]

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
        _positions, late_start, late_finish = self._latest()
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


def reschedule(previous: Schedule, changes: Changes) -> Schedule:
    """Return the schedule after an edit, recomputing what the edit reaches; ``previous`` stays as it is.

    Raises RuleError when new links close a loop, InputError when the plan leaves the years 1900–2200.
    """
    network, seeds = previous.network.edited(changes)
    if seeds is None or network.has_alap != previous.network.has_alap:
        return Schedule(network)
    return Schedule(network, previous, seeds)


def lower_bounds(network: Network, start: int) -> list[int]:
    """Return the earliest start per node in its coordinate: its constraint, and the project start where it binds."""
    _cover(network, start, start)
    floors = [calendar.work(start) for calendar in network.calendars]
    return [
        max(lowest, floors[number]) if floor else lowest
        for lowest, floor, number in zip(network.lowest, network.floor, network.coordinate, strict=True)
    ]


def _cover(network: Network, first: int, last: int) -> None:
    for calendar in network.calendars:
        calendar.cover(first - _MARGIN, last + _MARGIN)


def _forward(
    network: Network, lower: list[int], dates: Forward | None = None, seeds: set[int] | None = None
) -> Forward:
    """Run a forward pass, widening the calendars until they cover every date."""
    original = dates
    while True:
        dates = Forward.empty(len(network.order)) if original is None else original.copy()
        forward_pass(network, dates, lower, seeds)
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
    network: Network,
    early: Forward,
    event: int,
    *,
    hold: bool = False,
    known: Backward | None = None,
    seeds: set[int] | None = None,
) -> tuple[Backward, list[int], list[int]]:
    """Run a backward pass, widening the calendars until they cover every date; return its instants as well."""
    _cover(network, event, event)
    while True:
        if known is None or seeds is None or network.late_needs_early:
            dates = Backward.empty(len(network.order))
            backward_pass(network, dates, early, event, hold=hold)
        else:
            dates = known.copy()
            backward_pass(network, dates, early, event, hold=hold, seeds=seeds)
        starts, finishes = _instants(network, dates, started_stay=not hold)
        first, last = min(starts, default=event), max(finishes, default=event)
        if first >= EARLIEST and last <= LATEST and _covered(network, first, last):
            return dates, starts, finishes
        if first < EARLIEST or last > LATEST:
            _refuse(network, starts, finishes)
        _cover(network, first, last)


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

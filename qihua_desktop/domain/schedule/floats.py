"""Total and free float, measured in each task's own working time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..plan import LagKind, LinkType
from ..working_time import ELAPSED, ENDLESS, WorkingTime
from .model import ScheduleLink
from .passes import Forward, link_instant
from .terms import LEAF, SUMMARY

if TYPE_CHECKING:
    from .network import Network
    from .result import Schedule

_FS: Final = LinkType.FS
_SS: Final = LinkType.SS
_FF: Final = LinkType.FF


def measure(network: Network, node: int) -> WorkingTime:
    """Return the calendar in which a task's floats count: the clock for an elapsed duration."""
    if network.kind[node] != SUMMARY and network.tasks[node].elapsed:
        return ELAPSED
    return network.calendars[network.calendar[node]]


def total_floats(plan: Schedule) -> list[int]:
    """Return the smaller of start and finish float per task; of a started task its finish float."""
    network, late, early = plan.network, plan.late, plan.early
    late_starts, late_finishes = plan.late_start_list, plan.late_finish_list
    backward = plan.placed is not None
    starts = early.start if backward else plan.start_list
    finishes = early.finish if backward else plan.finish_list
    moved = starts is not early.start
    kind, late_first, early_first = network.kind, late.first, early.first
    result = [0] * network.count
    for node in range(network.count):
        if kind[node] == LEAF and not moved:
            result[node] = late_first[node] - early_first[node]
            continue
        calendar = measure(network, node)
        at_finish = calendar.between(finishes[node], late_finishes[node])
        task = network.tasks[node]
        if network.done[node]:
            result[node] = 0
        elif task.actual_start is not None and kind[node] != SUMMARY:
            result[node] = at_finish
        else:
            result[node] = min(at_finish, calendar.between(starts[node], late_starts[node]))
    return result


def free_floats(plan: Schedule) -> list[int]:
    """Return the smallest gap to a direct successor per task, at least 0; without successors the total float."""
    network, early = plan.network, plan.early
    totals = plan.total_float_list
    first, last = early.first, early.last
    kind, coordinate, out_links, done = network.kind, network.coordinate, network.out_links, network.done
    result = list(totals)
    for node in range(network.count):
        links = out_links[node]
        if not links:
            continue
        smallest = ENDLESS
        plain = kind[node] == LEAF
        for link, after in zip(links, network.targets[node], strict=True):
            if done[after]:
                continue
            if plain and link.lag == 0 and link.type is _FS and coordinate[after] == coordinate[node]:
                gap = first[after] - last[node]
            else:
                gap = _gap(network, early, node, link)
            if gap < smallest:
                smallest = gap
        if smallest < ENDLESS:
            result[node] = max(0, smallest)
    return result


def _gap(network: Network, early: Forward, node: int, link: ScheduleLink) -> int:
    """Return the working minutes between what a link asks and where its successor stands."""
    after = network.index[link.successor_id]
    to_start = link.type is _FS or link.type is _SS
    place = early.start[after] if to_start else early.finish[after]
    if link.lag == 0 and network.coordinate[node]:
        own = early.last[node] if link.type is _FS or link.type is _FF else early.first[node]
        return network.calendars[network.coordinate[node]].work(place) - own
    number = network.coordinate[node]
    if number and number == network.coordinate[after] and link.lag_kind is LagKind.WORKING:
        own = early.last[node] if link.type is _FS or link.type is _FF else early.first[node]
        return (early.first[after] if to_start else early.last[after]) - own - link.lag
    return measure(network, node).between(link_instant(network, early, link), place)

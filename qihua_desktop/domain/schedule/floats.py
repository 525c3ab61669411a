"""Total and free float, measured in each task's own working time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..plan import LinkType
from ..working_time import ELAPSED, ENDLESS, WorkingTime
from .passes import link_instant
from .terms import LEAF, SUMMARY

if TYPE_CHECKING:
    from .network import Network
    from .result import Schedule


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
    result = [0] * network.count
    kind = network.kind
    for node in range(network.count):
        if kind[node] == LEAF and not moved:
            result[node] = late.first[node] - early.first[node]
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
    result = [0] * network.count
    for node in range(network.count):
        smallest = ENDLESS
        calendar = measure(network, node)
        for link in network.out_links[node]:
            after = network.index[link.successor_id]
            if network.done[after]:
                continue
            asked = link_instant(network, early, link)
            at_start = link.type in (LinkType.FS, LinkType.SS)
            smallest = min(smallest, calendar.between(asked, early.start[after] if at_start else early.finish[after]))
        result[node] = totals[node] if smallest == ENDLESS else max(0, smallest)
    return result

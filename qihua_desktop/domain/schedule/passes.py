"""The forward pass over a compiled network: earliest dates, in full or from an edit onward.

It keeps four lists per node: ``first`` and ``last`` in the node's coordinate, and the instants ``start`` and
``finish``. An unchanged node stops the wave of an incremental pass.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from ..plan import LinkType
from ..working_time import ENDLESS
from .arcs import delayed
from .model import ScheduleLink
from .network import Network
from .terms import GATE, LEAF, POINT, SHARED, SUMMARY

_FORGOTTEN: Final = ENDLESS + 1


class Forward:
    """Early dates: positions ``first`` and ``last``, instants ``start`` and ``finish``, per node."""

    __slots__ = ("finish", "first", "last", "start")

    def __init__(self, first: list[int], last: list[int], start: list[int], finish: list[int]) -> None:
        self.first = first
        self.last = last
        self.start = start
        self.finish = finish

    @classmethod
    def empty(cls, count: int) -> Forward:
        """Return dates that no pass has computed."""
        return cls([-ENDLESS] * count, [-ENDLESS] * count, [0] * count, [0] * count)

    def copy(self) -> Forward:
        """Return dates that a pass may change."""
        return Forward(list(self.first), list(self.last), list(self.start), list(self.finish))


def _wave(order: Sequence[int], dirty: bytearray) -> Iterator[int]:
    place = dirty.find(1)
    while place >= 0:
        dirty[place] = 0
        yield order[place]
        place = dirty.find(1, place + 1)


def forget_and_mark(network: Network, seeds: Iterable[int], first: list[int]) -> bytearray:
    """Mark the nodes to recompute and forget their dates: equal numbers of another calendar are other dates."""
    dirty = bytearray(len(network.order))
    for node in seeds:
        dirty[network.position[node]] = 1
        first[node] = _FORGOTTEN
    return dirty


def forward_pass(
    network: Network,
    dates: Forward,
    lower: Sequence[int],
    seeds: Iterable[int] | None = None,
    marks: Iterable[int] = (),
) -> None:
    """Compute early dates into ``dates``: all of them, or from changed nodes onward.

    Args:
        lower: the earliest start per node in its coordinate, project start included where it binds.
        seeds: nodes that are different now; ``None`` computes everything.
        marks: nodes whose bound in ``lower`` is different now.
    """
    kind, coordinate, span, highest = network.kind, network.coordinate, network.span, network.highest
    fs, cross, odd, gate = network.fs, network.cross, network.odd, network.gate
    finish_arcs, start_arcs, special = network.finish_arcs, network.start_arcs, network.special
    first, last, start, finish = dates.first, dates.last, dates.start, dates.finish
    starts = [calendar.starts for calendar in network.calendars]
    cumulated = [calendar.cumulated for calendar in network.calendars]
    dependents, position = network.dependents, network.position
    dirty = None if seeds is None else forget_and_mark(network, seeds, first)
    if dirty is not None:
        for node in marks:
            dirty[position[node]] = 1
    for node in network.order if dirty is None else _wave(network.order, dirty):
        if kind[node] == LEAF:
            begin = lower[node]
            for before in fs[node]:
                if last[before] > begin:
                    begin = last[before]
            number = coordinate[node]
            sums, periods = cumulated[number], starts[number]
            if special[node]:
                for before, offset in finish_arcs[node]:
                    if last[before] + offset > begin:
                        begin = last[before] + offset
                for before, offset in start_arcs[node]:
                    if first[before] + offset > begin:
                        begin = first[before] + offset
                for before, at_finish, offset in cross[node]:
                    at = finish[before] if at_finish else start[before]
                    place = bisect_right(periods, at)
                    bound = sums[place - 1] + at - periods[place - 1]
                    if bound > sums[place]:
                        bound = sums[place]
                    if bound + offset > begin:
                        begin = bound + offset
                if odd[node] or gate[node] >= 0:
                    begin = max(begin, _other_bounds(network, dates, node))
            if begin > highest[node]:
                begin = highest[node]
            end = begin + span[node]
            if dirty is not None and begin == first[node] and end == last[node]:
                continue
            first[node], last[node] = begin, end
            place = bisect_right(sums, begin) - 1
            start[node] = periods[place] + begin - sums[place]
            place = bisect_left(sums, end, place) - 1
            finish[node] = periods[place] + end - sums[place]
        else:
            begin, end = _exact_dates(network, dates, node, lower[node])
            if dirty is not None and begin == first[node] and end == last[node]:
                continue
            first[node] = start[node] = begin
            last[node] = finish[node] = end
        if dirty is not None:
            for after in dependents[node]:
                dirty[position[after]] = 1


def _exact_dates(network: Network, dates: Forward, node: int, begin: int) -> tuple[int, int]:
    """Return start and finish instants of a node that keeps instants; for a gate its two bounds."""
    kind = network.kind[node]
    if kind == SUMMARY:
        children = network.children[node]
        start, finish = dates.start, dates.finish
        return min([start[child] for child in children]), max([finish[child] for child in children])
    if kind == GATE:
        return _gate_bounds(network, dates, node)
    fixed = network.fixed[node]
    if fixed is not None:
        return fixed
    begin = max(begin, start_bound(network, dates, node))
    highest = network.highest[node]
    if kind == SHARED:
        begin = min(begin, highest)
        parts = network.tasks[node].parts
        earliest = min(part.calendar.next_start(begin) for part in parts)
        return earliest, max(part.calendar.add(begin, part.minutes) for part in parts)
    calendar = network.calendars[network.calendar[node]]
    if kind == POINT and begin < highest:
        following = calendar.next_start(begin)
        if following != begin and calendar.previous_end(begin) != begin:
            begin = following
    begin = min(begin, highest)
    return begin, begin


def start_bound(network: Network, dates: Forward, node: int) -> int:
    """Return the latest start, in a node's coordinate, that its predecessors ask for."""
    bound = -ENDLESS
    first, last = dates.first, dates.last
    for before in network.fs[node]:
        bound = max(bound, last[before])
    for before, offset in network.finish_arcs[node]:
        bound = max(bound, last[before] + offset)
    for before, offset in network.start_arcs[node]:
        bound = max(bound, first[before] + offset)
    for before, at_finish, offset in network.cross[node]:
        at = dates.finish[before] if at_finish else dates.start[before]
        bound = max(bound, in_coordinate(network, node, at) + offset)
    return max(bound, _other_bounds(network, dates, node))


def link_bound(network: Network, dates: Forward, node: int, link: ScheduleLink) -> int:
    """Return the start, in a node's coordinate, that one link asks for; the link may hang on a summary above."""
    at = link_instant(network, dates, link)
    if link.type in (LinkType.FF, LinkType.SF):
        return _start_for_finish(network, node, at)
    return in_coordinate(network, node, at)


def link_instant(network: Network, dates: Forward, link: ScheduleLink) -> int:
    """Return the instant a link asks its successor to start at, or to finish at when it binds the finish."""
    before = network.index[link.predecessor_id]
    at = dates.finish[before] if link.type in (LinkType.FS, LinkType.FF) else dates.start[before]
    return delayed(network, link, at, 1, summary_span(network, dates, before))


def summary_span(network: Network, dates: Forward, node: int) -> int:
    if network.kind[node] != SUMMARY or dates.finish[node] <= dates.start[node]:
        return 0
    return network.calendars[network.calendar[node]].between(dates.start[node], dates.finish[node])


def in_coordinate(network: Network, node: int, at: int) -> int:
    number = network.coordinate[node]
    return network.calendars[number].work(at) if number else at


def _start_for_finish(network: Network, node: int, at: int) -> int:
    number, span = network.coordinate[node], network.span[node]
    if number:
        return network.calendars[number].work(at) - span
    if network.tasks[node].elapsed or not span:
        return at - span
    return network.calendars[network.calendar[node]].add(at, -span)


def _other_bounds(network: Network, dates: Forward, node: int) -> int:
    """Return the start bound of links that need instants, and of the gates above."""
    bound = -ENDLESS
    for link in network.odd[node]:
        bound = max(bound, link_bound(network, dates, node, link))
    gate = network.gate[node]
    if gate >= 0:
        begin, end = dates.first[gate], dates.last[gate]
        if begin > -ENDLESS:
            bound = max(bound, in_coordinate(network, node, begin))
        if end > -ENDLESS:
            bound = max(bound, _start_for_finish(network, node, end))
    return bound


def _gate_bounds(network: Network, dates: Forward, gate: int) -> tuple[int, int]:
    begin = end = -ENDLESS
    above = network.gate[gate]
    if above >= 0:
        begin, end = dates.first[above], dates.last[above]
    for link in network.in_links[gate]:
        at = link_instant(network, dates, link)
        if link.type in (LinkType.FS, LinkType.SS):
            begin = max(begin, at)
        else:
            end = max(end, at)
    asked = network.gate_start[gate]
    return (begin if asked is None else max(begin, asked)), end

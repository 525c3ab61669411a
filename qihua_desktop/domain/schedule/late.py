"""The backward pass over a compiled network: latest dates, in full or from an edit backward."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from ..plan import LinkType
from ..working_time import ENDLESS
from .arcs import delayed
from .model import ScheduleLink
from .network import Network
from .passes import Forward, forget_and_mark, in_coordinate, summary_span
from .terms import GATE, LEAF, POINT, SHARED, SUMMARY


class Backward:
    """Late dates as positions per node; for a summary ``last`` is the bound it puts on its leaves."""

    __slots__ = ("first", "last")

    def __init__(self, first: list[int], last: list[int]) -> None:
        self.first = first
        self.last = last

    @classmethod
    def empty(cls, count: int) -> Backward:
        """Return dates that no pass has computed."""
        return cls([ENDLESS] * count, [ENDLESS] * count)

    def copy(self) -> Backward:
        """Return dates that a pass may change."""
        return Backward(list(self.first), list(self.last))


def _wave_back(order: Sequence[int], dirty: bytearray) -> Iterator[int]:
    place = dirty.rfind(1)
    while place >= 0:
        dirty[place] = 0
        yield order[place]
        place = dirty.rfind(1, 0, place)


def backward_pass(
    network: Network,
    dates: Backward,
    early: Forward,
    event: int,
    *,
    hold: bool = False,
    seeds: Iterable[int] | None = None,
) -> list[int]:
    """Compute late dates into ``dates``: all of them, or from changed nodes backward.

    Args:
        early: forward dates, to find a summary's earliest leaf.
        event: nothing may finish later than this instant.
        hold: fixed tasks stay where they are and earliest-start constraints push, as when tasks are to sit on their
            late dates; otherwise every task gets the latest dates that delay nothing.
        seeds: nodes to recompute first; not allowed when late dates need early ones (``late_needs_early``).

    Returns the nodes whose dates are different now, when there are seeds.
    """
    kind, coordinate, back, cap = network.kind, network.coordinate, network.back, network.cap
    late_fs, late_odd, late_gate = network.late_fs, network.late_odd, network.late_gate
    cross, special = network.late_cross, network.late_special
    starts = [calendar.starts for calendar in network.calendars]
    cumulated = [calendar.cumulated for calendar in network.calendars]
    start_arcs, finish_arcs, lowest = network.late_start_arcs, network.late_finish_arcs, network.lowest
    first, last = dates.first, dates.last
    ends = [calendar.work(event) for calendar in network.calendars]
    feeders, position = network.feeders, network.position
    asked: dict[int, int] = {}
    changed: list[int] = []
    dirty = None if seeds is None else forget_and_mark(network, seeds, first)
    for node in reversed(network.order) if dirty is None else _wave_back(network.order, dirty):
        if kind[node] == LEAF:
            end = ends[coordinate[node]]
            if cap[node] < end:
                end = cap[node]
            for after in late_fs[node]:
                if first[after] < end:
                    end = first[after]
            if special[node]:
                for after, offset in start_arcs[node]:
                    if first[after] + offset < end:
                        end = first[after] + offset
                for after, offset in finish_arcs[node]:
                    if last[after] + offset < end:
                        end = last[after] + offset
                for after, to_start, lag, more in cross[node]:
                    theirs = coordinate[after]
                    value = (first[after] if to_start else last[after]) - lag
                    sums = cumulated[theirs]
                    place = bisect_right(sums, value) - 1
                    at = starts[theirs][place] + value - sums[place]
                    periods, sums = starts[coordinate[node]], cumulated[coordinate[node]]
                    place = bisect_right(periods, at)
                    value = sums[place - 1] + at - periods[place - 1]
                    if value > sums[place]:
                        value = sums[place]
                    if value + more < end:
                        end = value + more
                if late_odd[node] or late_gate[node] >= 0:
                    end = min(end, _other_late(network, dates, early, node))
            begin = end - back[node]
            if node in asked:
                begin = min(begin, in_coordinate(network, node, asked[node]))
                end = begin + back[node]
            if hold and begin < lowest[node]:
                begin = lowest[node]
                end = begin + back[node]
        else:
            begin, end = _late_exact(network, dates, early, node, event, asked, hold=hold)
            if kind[node] == SUMMARY and network.late_needs_early:
                _ask_first_leaf(network, dates, early, node, asked)
        if dirty is not None:
            if begin == first[node] and end == last[node]:
                continue
            changed.append(node)
            for before in feeders[node]:
                dirty[position[before]] = 1
        first[node], last[node] = begin, end
    return changed


def _late_exact(
    network: Network,
    dates: Backward,
    early: Forward,
    node: int,
    event: int,
    asked: dict[int, int],
    *,
    hold: bool,
) -> tuple[int, int]:
    kind = network.kind[node]
    if kind == GATE:
        return _gate_late(network, dates, node)
    if kind == SUMMARY:
        end = min(_other_late(network, dates, early, node), network.cap[node])
        return end, end
    fixed = network.fixed[node]
    if fixed is not None and (hold or network.done[node]):
        return fixed
    end = min(event, network.cap[node], _plain_late(network, dates, node), _other_late(network, dates, early, node))
    if kind == POINT and end != network.cap[node] and not (hold and end == event):
        end = _milestone_before(network, node, end)
    if kind == SHARED:
        latest = min(_start_cap(network, dates, early, node), asked.get(node, ENDLESS))
        end = min(end, _finish_from(network, node, latest)) if latest < ENDLESS else end
        begin = min(_late_start(network, node, end), latest)
    else:
        begin = _late_start(network, node, end)
    if node in asked and asked[node] < begin:
        end = asked[node] if kind == POINT else min(end, _finish_from(network, node, asked[node]))
        begin = end if kind == POINT else min(begin, _late_start(network, node, end))
    if hold and begin < network.lowest[node]:
        begin = network.lowest[node]
        end = begin if kind == POINT else _finish_from(network, node, begin)
    return begin, end


def _milestone_before(network: Network, node: int, at: int) -> int:
    """Return the latest instant up to ``at`` where a milestone may stand: in working time or at its end."""
    calendar = network.calendars[network.calendar[node]]
    before = calendar.previous_end(at)
    return at if before == at or calendar.is_working(at) else before


def _plain_late(network: Network, dates: Backward, node: int) -> int:
    bound = ENDLESS
    for after in network.late_fs[node]:
        bound = min(bound, dates.first[after])
    for after, offset in network.late_start_arcs[node]:
        bound = min(bound, dates.first[after] + offset)
    for after, offset in network.late_finish_arcs[node]:
        bound = min(bound, dates.last[after] + offset)
    return bound


def _late_start(network: Network, node: int, end: int) -> int:
    """Return the late start of a node that keeps instants."""
    task, back = network.tasks[node], network.back[node]
    if network.kind[node] == SHARED and back == network.span[node]:
        return min(part.calendar.add(end, -part.minutes) for part in task.parts)
    if not back:
        return end
    if task.elapsed:
        return end - back
    return network.calendars[network.calendar[node]].add(end, -back)


def _finish_from(network: Network, node: int, begin: int) -> int:
    task = network.tasks[node]
    if network.kind[node] == SHARED:
        return max(part.calendar.add(begin, part.minutes) for part in task.parts)
    if task.elapsed:
        return begin + network.back[node]
    return network.calendars[network.calendar[node]].add(begin, network.back[node])


def _latest_instant(network: Network, node: int, position: int) -> int:
    number = network.coordinate[node]
    return network.calendars[number].at_start(position) if number else position


def _start_cap(network: Network, dates: Backward, early: Forward, node: int) -> int:
    """Return the instant by which links ask a task to start; people who finish early would let it start later."""
    links = [link for link in network.late_odd[node] if link.type in (LinkType.SS, LinkType.SF)]
    return min((late_link_instant(network, dates, early, link) for link in links), default=ENDLESS)


def _gate_late(network: Network, dates: Backward, gate: int) -> tuple[int, int]:
    begin = end = ENDLESS
    for member in network.gate_members[gate]:
        if not network.done[member]:
            begin = min(begin, _latest_instant(network, member, dates.first[member]))
            end = min(end, _latest_instant(network, member, dates.last[member]))
    return begin, end


def late_link_instant(network: Network, dates: Backward, early: Forward, link: ScheduleLink) -> int:
    """Return the instant by which a link's predecessor must finish (FS, FF) or start (SS, SF); ENDLESS for none."""
    after = network.target(link)
    value = dates.first[after] if link.type in (LinkType.FS, LinkType.SS) else dates.last[after]
    if value >= ENDLESS:
        return ENDLESS
    number = network.coordinate[after]
    span = summary_span(network, early, network.index[link.predecessor_id])
    return delayed(network, link, network.calendars[number].at_start(value) if number else value, -1, span)


def _other_late(network: Network, dates: Backward, early: Forward, node: int) -> int:
    """Return the late finish, in a node's coordinate, of links that need instants and of summaries above."""
    bound = ENDLESS
    for link in network.late_odd[node]:
        at = late_link_instant(network, dates, early, link)
        if at >= ENDLESS:
            continue
        if link.type in (LinkType.FS, LinkType.FF):
            bound = min(bound, in_coordinate(network, node, at))
        elif network.kind[node] != SUMMARY:
            bound = min(bound, _finish_for_start(network, node, at))
    above = network.late_gate[node]
    if above >= 0 and dates.last[above] < ENDLESS:
        bound = min(bound, in_coordinate(network, node, dates.last[above]))
    return bound


def _finish_for_start(network: Network, node: int, at: int) -> int:
    number = network.coordinate[node]
    if number:
        return network.calendars[number].work(at) + network.span[node]
    if network.kind[node] == POINT:
        return at
    return _finish_from(network, node, at)


def first_leaf(network: Network, early: Forward, summary: int) -> int:
    """Return the leaf of a summary that starts earliest, the first in row order on a tie."""
    node = summary
    while network.children[node]:
        node = min(network.children[node], key=early.start.__getitem__)
    return node


def _ask_first_leaf(network: Network, dates: Backward, early: Forward, summary: int, asked: dict[int, int]) -> None:
    """Note the late start that links from a summary's start ask of its earliest leaf."""
    for link in network.late_odd[summary]:
        if link.type in (LinkType.SS, LinkType.SF):
            at = late_link_instant(network, dates, early, link)
            leaf = first_leaf(network, early, summary)
            asked[leaf] = min(asked.get(leaf, ENDLESS), at)

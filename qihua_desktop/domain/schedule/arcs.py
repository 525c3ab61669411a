"""Compile links into arcs that the passes read: integers where both ends share a coordinate, else the link itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from ..plan import DONE, LagKind, LinkType
from ..working_time import WorkingTime
from .model import ScheduleLink
from .terms import LEAF, POINT, SUMMARY

if TYPE_CHECKING:
    from .network import Network

_FS: Final = LinkType.FS  # reading a member from its class costs more than the comparison
_SS: Final = LinkType.SS
_FF: Final = LinkType.FF
_SF: Final = LinkType.SF

CrossArc: TypeAlias = tuple[int, bool, int]
"""Predecessor of another calendar, whether its finish counts (else its start), and what to add to the position."""

LateCrossArc: TypeAlias = tuple[int, bool, int, int]
"""Successor of another calendar, whether its start counts, the lag in its calendar, and what to add afterwards."""

Ends: TypeAlias = tuple[ScheduleLink, int, int]
"""A link with the node it comes from and the node it binds, which is a gate where it leads to a summary."""


def working_lag(network: Network, link: ScheduleLink) -> int | None:
    """Return a link's lag as working minutes of its successor, ``None`` when that needs the dates or the clock."""
    if link.lag == 0:
        return 0
    if link.lag_kind is LagKind.WORKING:
        return link.lag
    if link.lag_kind is LagKind.PERCENT:
        node = network.index[link.predecessor_id]
        if network.kind[node] != SUMMARY and not network.tasks[node].elapsed:
            return round(network.tasks[node].duration * link.lag / DONE)
    return None


def compile_arcs(network: Network, nodes: Iterable[int]) -> None:
    """Sort the links into some tasks anew by how the forward pass reads them."""
    ends: list[Ends] = []
    for node in nodes:
        links, gate = network.in_links[node], network.gate[node]
        network.floor[node] = starts_at_project_start(network, links, gate) if links or gate >= 0 else True
        network.fs[node], network.finish_arcs[node], network.start_arcs[node] = [], [], []
        network.cross[node], network.odd[node] = [], ()
        network.special[node] = gate >= 0
        ends += [(link, before, node) for link, before in zip(links, network.sources[node], strict=True)]
    sort_into(network, ends)


def sort_into(network: Network, ends: Iterable[Ends]) -> None:
    """Add links to the arcs that the forward pass reads."""
    coordinates, calendars, spans, kinds = network.coordinate, network.calendar, network.span, network.kind
    all_fs, finish_arcs, start_arcs = network.fs, network.finish_arcs, network.start_arcs
    all_cross, all_odd, special = network.cross, network.odd, network.special
    for link, before, node in ends:
        type_, lag, coordinate = link.type, link.lag, coordinates[node]
        same = coordinates[before] == coordinate
        if same and type_ is _FS and lag == 0:
            fs = all_fs[node]
            if fs:
                fs.append(before)
            else:
                all_fs[node] = [before]
            continue
        special[node] = True
        minutes = lag and working_lag(network, link)
        # Lags count in the node's own calendar, so that they can be added to its positions.
        plain = coordinate != 0 and coordinate == calendars[node]
        binds_start = type_ is _FS or type_ is _SS
        if minutes is None or (minutes and not plain) or not (plain or binds_start or kinds[node] == POINT):
            all_odd[node] = [*all_odd[node], link]
            continue
        offset = minutes if binds_start else minutes - spans[node]
        at_finish = type_ is _FS or type_ is _FF
        if not same:
            cross = all_cross[node]
            if cross:
                cross.append((before, at_finish, offset))
            else:
                all_cross[node] = [(before, at_finish, offset)]
        elif at_finish:
            finish_arcs[node] = [*finish_arcs[node], (before, offset)]
        else:
            start_arcs[node] = [*start_arcs[node], (before, offset)]


def starts_at_project_start(network: Network, links: Sequence[ScheduleLink], gate: int) -> bool:
    """Return whether the project start bounds a node: nothing precedes it, or it must finish with another (FF)."""
    found = bool(links)
    while True:
        for link in links:
            if link.type is _FF:
                return True
        if gate < 0:
            return not found
        links = network.in_links[gate]
        found = found or bool(links)
        gate = network.gate[gate]


def compile_late_arcs(network: Network, nodes: Iterable[int]) -> None:
    """Sort the links out of some tasks anew by how the backward pass reads them."""
    ends: list[Ends] = []
    for node in nodes:
        network.late_fs[node], network.late_start_arcs[node], network.late_finish_arcs[node] = [], [], []
        network.late_cross[node], network.late_odd[node] = [], ()
        network.late_special[node] = network.late_gate[node] >= 0
        ends += [
            (link, node, after) for link, after in zip(network.out_links[node], network.targets[node], strict=True)
        ]
    sort_out(network, ends)


def sort_out(network: Network, ends: Iterable[Ends]) -> None:
    """Add links to the arcs that the backward pass reads; finished successors bind nothing."""
    kinds, spans = network.kind, network.span
    coordinates, calendars, done = network.coordinate, network.calendar, network.done
    late_fs, start_arcs, finish_arcs = network.late_fs, network.late_start_arcs, network.late_finish_arcs
    all_cross, all_odd, special = network.late_cross, network.late_odd, network.late_special
    for link, node, after in ends:
        if done[after]:
            continue
        type_, lag, kind, number = link.type, link.lag, kinds[node], coordinates[after]
        same = number == coordinates[node] and kind != SUMMARY
        if same and type_ is _FS and lag == 0:
            fs = late_fs[node]
            if fs:
                fs.append(after)
            else:
                late_fs[node] = [after]
            continue
        special[node] = True
        minutes = lag and working_lag(network, link)
        leaf = kind == LEAF
        if minutes is None or not (leaf or kind == POINT) or (minutes and (number == 0 or number != calendars[after])):
            all_odd[node] = [*all_odd[node], link]
            continue
        to_start = type_ is _FS or type_ is _SS
        more = spans[node] if type_ is _SS or type_ is _SF else 0
        if same:
            arcs = start_arcs if to_start else finish_arcs
            arcs[node] = [*arcs[node], (after, more - minutes)]
        elif leaf:
            cross = all_cross[node]
            if cross:
                cross.append((after, to_start, minutes, more))
            else:
                all_cross[node] = [(after, to_start, minutes, more)]
        else:
            all_odd[node] = [*all_odd[node], link]


def delayed(network: Network, link: ScheduleLink, at: int, back: int, predecessor_span: int) -> int:
    """Return an instant moved by a link's lag in its successor's working time; ``back`` is 1 onward, −1 backward.

    Args:
        predecessor_span: the predecessor's duration, for a percentage of a summary.
    """
    lag = link.lag * back
    if lag == 0:
        return at
    if link.lag_kind is LagKind.ELAPSED:
        return at + lag
    calendar = successor_calendar(network, link)
    if link.lag_kind is LagKind.PERCENT:
        before = network.index[link.predecessor_id]
        task = network.tasks[before]
        if network.kind[before] == SUMMARY:
            lag = round(predecessor_span * lag / DONE)
        else:
            lag = round(task.duration * lag / DONE)
            if task.elapsed:
                return at + lag
        if lag == 0:
            return at
    if back > 0:
        return calendar.add(at, lag)
    return calendar.at_start(calendar.work(at) + lag)


def successor_calendar(network: Network, link: ScheduleLink) -> WorkingTime:
    """Return the calendar in which a link's lag counts."""
    return network.calendars[network.calendar[network.index[link.successor_id]]]

"""Compile links into arcs that the passes read: integers where both ends share a coordinate, else the link itself."""

from __future__ import annotations

from collections.abc import Iterable
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
    """Sort the links into some nodes by how the forward pass reads them."""
    in_links, sources, gates = network.in_links, network.sources, network.gate
    coordinates, calendars, spans, kinds = network.coordinate, network.calendar, network.span, network.kind
    for node in nodes:
        links, gate = in_links[node], gates[node]
        network.floor[node] = _starts_at_project_start(network, links, gate) if links or gate >= 0 else True
        coordinate, span = coordinates[node], spans[node]
        # Lags count in the node's own calendar, so that they can be added to its positions.
        plain = coordinate != 0 and coordinate == calendars[node]
        point = kinds[node] == POINT
        fs: list[int] = []
        finish_arcs: list[tuple[int, int]] = []
        start_arcs: list[tuple[int, int]] = []
        cross: list[CrossArc] = []
        odd: list[ScheduleLink] = []
        for link, before in zip(links, sources[node], strict=True):
            type_ = link.type
            lag = link.lag and working_lag(network, link)
            same = coordinates[before] == coordinate
            if type_ is _FS and lag == 0 and same:
                fs.append(before)
                continue
            binds_start = type_ is _FS or type_ is _SS
            if lag is None or (lag and not plain) or not (plain or point or binds_start):
                odd.append(link)
                continue
            offset = lag if binds_start else lag - span
            at_finish = type_ is _FS or type_ is _FF
            if not same:
                cross.append((before, at_finish, offset))
            elif at_finish:
                finish_arcs.append((before, offset))
            else:
                start_arcs.append((before, offset))
        network.fs[node] = tuple(fs)
        network.finish_arcs[node] = tuple(finish_arcs)
        network.start_arcs[node] = tuple(start_arcs)
        network.cross[node] = tuple(cross)
        network.odd[node] = tuple(odd)


def _starts_at_project_start(network: Network, links: tuple[ScheduleLink, ...], gate: int) -> bool:
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
    """Sort the links out of some nodes by how the backward pass reads them; finished successors bind nothing."""
    out_links, targets, kinds, spans = network.out_links, network.targets, network.kind, network.span
    coordinates, calendars, done = network.coordinate, network.calendar, network.done
    for node in nodes:
        coordinate, kind, span = coordinates[node], kinds[node], spans[node]
        leaf = kind == LEAF
        plain = leaf or kind == POINT
        fs: list[int] = []
        start_arcs: list[tuple[int, int]] = []
        finish_arcs: list[tuple[int, int]] = []
        cross: list[LateCrossArc] = []
        odd: list[ScheduleLink] = []
        for link, after in zip(out_links[node], targets[node], strict=True):
            if done[after]:
                continue
            type_ = link.type
            lag = link.lag and working_lag(network, link)
            number = coordinates[after]
            same = number == coordinate and kind != SUMMARY
            if type_ is _FS and lag == 0 and same:
                fs.append(after)
                continue
            if lag is None or not plain or (lag and (number == 0 or number != calendars[after])):
                odd.append(link)
                continue
            to_start = type_ is _FS or type_ is _SS
            more = span if type_ is _SS or type_ is _SF else 0
            if same:
                (start_arcs if to_start else finish_arcs).append((after, more - lag))
            elif leaf:
                cross.append((after, to_start, lag, more))
            else:
                odd.append(link)
        network.late_fs[node] = tuple(fs)
        network.late_start_arcs[node] = tuple(start_arcs)
        network.late_finish_arcs[node] = tuple(finish_arcs)
        network.late_cross[node] = tuple(cross)
        network.late_odd[node] = tuple(odd)


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
    if back > 0:
        return calendar.add(at, lag)
    return calendar.at_start(calendar.work(at) + lag)


def successor_calendar(network: Network, link: ScheduleLink) -> WorkingTime:
    """Return the calendar in which a link's lag counts."""
    return network.calendars[network.calendar[network.index[link.successor_id]]]

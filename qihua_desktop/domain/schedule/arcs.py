"""Compile links into arcs that the passes read: integers where both ends share a coordinate, else the link itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..plan import LagKind, LinkType
from ..working_time import WorkingTime
from .model import ScheduleLink
from .terms import LEAF, POINT, SUMMARY

if TYPE_CHECKING:
    from .network import Network

DONE = 10_000


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


def compile_arcs(network: Network, node: int) -> None:
    """Sort the links into a node by how the forward pass reads them."""
    links = network.in_links[node]
    gate = network.gate[node]
    network.floor[node] = _starts_at_project_start(network, links, gate)
    if not links:
        network.fs[node] = network.fs_cross[node] = ()
        network.finish_arcs[node] = network.start_arcs[node] = ()
        network.odd[node] = ()
        return
    coordinate, kind = network.coordinate[node], network.kind[node]
    plain = coordinate == network.calendar[node] or kind == POINT
    span = network.span[node]
    fs: list[int] = []
    fs_cross: list[int] = []
    finish_arcs: list[tuple[int, int]] = []
    start_arcs: list[tuple[int, int]] = []
    odd: list[ScheduleLink] = []
    index = network.index
    for link in links:
        before = index[link.predecessor_id]
        lag = working_lag(network, link)
        type_ = link.type
        same = network.coordinate[before] == coordinate
        if type_ is LinkType.FS and lag == 0:
            (fs if same else fs_cross).append(before)
        elif not same or lag is None or not plain or (lag and coordinate == 0):
            odd.append(link)
        elif type_ is LinkType.FS or type_ is LinkType.FF:
            finish_arcs.append((before, lag if type_ is LinkType.FS else lag - span))
        else:
            start_arcs.append((before, lag if type_ is LinkType.SS else lag - span))
    network.fs[node] = tuple(fs)
    network.fs_cross[node] = tuple(fs_cross)
    network.finish_arcs[node] = tuple(finish_arcs)
    network.start_arcs[node] = tuple(start_arcs)
    network.odd[node] = tuple(odd)


def _starts_at_project_start(network: Network, links: tuple[ScheduleLink, ...], gate: int) -> bool:
    """Return whether the project start bounds a node: nothing precedes it, or it must finish with another (FF)."""
    found = bool(links)
    while True:
        for link in links:
            if link.type is LinkType.FF:
                return True
        if gate < 0:
            return not found
        links = network.in_links[gate]
        found = found or bool(links)
        gate = network.gate[gate]


def compile_late_arcs(network: Network, node: int) -> None:
    """Sort the links out of a node by how the backward pass reads them; finished successors bind nothing."""
    links = network.out_links[node]
    if not links:
        network.late_fs[node] = ()
        network.late_start_arcs[node] = network.late_finish_arcs[node] = ()
        network.late_odd[node] = ()
        return
    coordinate, kind = network.coordinate[node], network.kind[node]
    plain = kind in (LEAF, POINT)
    span = network.span[node]
    fs: list[int] = []
    start_arcs: list[tuple[int, int]] = []
    finish_arcs: list[tuple[int, int]] = []
    odd: list[ScheduleLink] = []
    for link in links:
        after = network.target(link)
        if network.done[after]:
            continue
        lag = working_lag(network, link)
        type_ = link.type
        same = network.coordinate[after] == coordinate and kind != SUMMARY
        if type_ is LinkType.FS and lag == 0 and same:
            fs.append(after)
        elif not same or lag is None or not plain or (lag and coordinate != network.calendar[after]):
            odd.append(link)
        elif type_ is LinkType.FS or type_ is LinkType.SS:
            start_arcs.append((after, -lag if type_ is LinkType.FS else span - lag))
        else:
            finish_arcs.append((after, -lag if type_ is LinkType.FF else span - lag))
    network.late_fs[node] = tuple(fs)
    network.late_start_arcs[node] = tuple(start_arcs)
    network.late_finish_arcs[node] = tuple(finish_arcs)
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

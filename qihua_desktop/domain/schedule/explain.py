"""Why a task is where it is, what an edit moved, which demands conflict, and which chains are critical."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ..ids import EntityId
from ..plan import MINUTES_PER_DAY, ConstraintType, LinkType
from ..working_time import ENDLESS, WorkingTime
from .floats import measure
from .late import first_leaf, late_link_instant
from .model import Conflict, Driver, DriverKind, Move, ScheduleLink
from .network import Network
from .passes import Forward, in_coordinate, link_bound, link_instant, start_bound
from .result import Schedule, lower_bounds
from .terms import SUMMARY

_ENDS: Final = (ConstraintType.FNET, ConstraintType.FNLT, ConstraintType.MFO)
_CEILINGS: Final = (ConstraintType.SNLT, ConstraintType.FNLT, ConstraintType.MSO, ConstraintType.MFO)
_MOST_DAYS: Final = 400


def driver(plan: Schedule, task_id: EntityId) -> Driver:
    """Return why a task is where it is."""
    network = plan.network
    node = network.index[task_id]
    task = network.tasks[node]
    if network.kind[node] == SUMMARY:
        children = network.children[node]
        child = min(children, key=plan.start_list.__getitem__)
        return Driver(DriverKind.CHILD, network.tasks[child].id, bound=plan.start_list[child])
    if task.actual_start is not None or task.actual_finish is not None:
        return Driver(DriverKind.ACTUAL, bound=plan.start_list[node])
    if task.pinned is not None:
        return Driver(DriverKind.PIN, bound=task.pinned[0])
    if plan.final is None:
        return _late_driver(plan, node)
    early = plan.early.start[node]
    if task.constraint is ConstraintType.ALAP and plan.start_list[node] > early:
        link = _late_link(plan, node)
        successor, link_id = (None, None) if link is None else (link.successor_id, link.id)
        return Driver(DriverKind.ALAP, successor, link_id, bound=plan.finish_list[node])
    return _forward_driver(network, plan.final, node)


def _forward_driver(network: Network, dates: Forward, node: int) -> Driver:
    """Return what holds a movable task at its place in a forward pass: what asks for the latest start, or caps it."""
    task, calendar = network.tasks[node], network.calendars[network.calendar[node]]
    link, by_link = _latest_link(network, dates, node)
    by_start, by_own, by_stage = _other_starts(network, node)
    asked = max(by_link, by_start, by_stage)
    if task.constraint_at is not None:
        fixed = task.constraint in (ConstraintType.MSO, ConstraintType.MFO)
        capped = task.constraint in _CEILINGS and max(asked, by_own) > network.highest[node]
        if fixed or capped or by_own > asked:
            return Driver(DriverKind.CONSTRAINT, constraint=task.constraint, bound=task.constraint_at)
    if link is not None and by_link >= asked:
        at = link_instant(network, dates, link)
        place = dates.finish[node] if link.type in (LinkType.FF, LinkType.SF) else dates.start[node]
        return Driver(DriverKind.LINK, link.predecessor_id, link.id, None, at, _waits(calendar, at, place))
    if by_stage > by_start:
        stage = network.gate_start_above(node)
        return Driver(DriverKind.CONSTRAINT, constraint=ConstraintType.SNET, bound=stage)
    start = network.terms.start
    waits = start is not None and _waits(calendar, start, dates.start[node])
    return Driver(DriverKind.PROJECT_START, bound=start, waits=waits)


def _latest_link(network: Network, dates: Forward, node: int) -> tuple[ScheduleLink | None, int]:
    """Return the link that asks for the latest start, the oldest of several, and that start in the coordinate."""
    best: ScheduleLink | None = None
    best_bound = -ENDLESS
    for link in links_above(network, node):
        bound = link_bound(network, dates, node, link)
        if bound > best_bound or (bound == best_bound and best is not None and link.id < best.id):
            best, best_bound = link, bound
    return best, best_bound


def _other_starts(network: Network, node: int) -> tuple[int, int, int]:
    """Return the starts that the project, the task's own constraint and those of its stages ask for."""
    start, stage = network.terms.start, network.gate_start_above(node)
    by_start = in_coordinate(network, node, start) if start is not None and network.floor[node] else -ENDLESS
    by_stage = -ENDLESS if stage is None else in_coordinate(network, node, stage)
    return by_start, network.lowest[node], by_stage


def _waits(calendar: WorkingTime, asked: int, place: int) -> bool:
    """Return whether a day without working time lies between what is asked and the place."""
    first, last = asked // MINUTES_PER_DAY, place // MINUTES_PER_DAY
    if asked % MINUTES_PER_DAY:
        first += 0 if not calendar.periods(first) else 1
    return any(not calendar.periods(day) for day in range(first, min(last, first + _MOST_DAYS)))


def _late_driver(plan: Schedule, node: int) -> Driver:
    """Return what holds a task that sits on its late dates when planning backward."""
    network, placed = plan.network, plan.placed
    if placed is None:
        raise ValueError("not planned backward")
    task = network.tasks[node]
    end = placed.last[node]
    lowest = network.lowest[node]
    if task.constraint_at is not None and placed.first[node] == lowest:
        return Driver(DriverKind.CONSTRAINT, constraint=task.constraint, bound=task.constraint_at)
    calendar = network.calendars[network.coordinate[node]]
    for link in sorted(late_links_above(network, node), key=lambda one: one.id):
        at = late_link_instant(network, placed, plan.early, link)
        if at >= ENDLESS:
            continue
        on_finish = link.type in (LinkType.FS, LinkType.FF)
        value = end if on_finish else placed.first[node]
        if calendar.work(at) == value:
            place = plan.finish_list[node] if on_finish else plan.start_list[node]
            working = network.calendars[network.calendar[node]]
            return Driver(DriverKind.LINK, link.successor_id, link.id, None, at, _waits(working, place, at))
    if network.cap[node] == end:
        if task.deadline is not None and calendar.work(task.deadline) == end:
            return Driver(DriverKind.DEADLINE, bound=task.deadline)
        return Driver(DriverKind.CONSTRAINT, constraint=task.constraint, bound=task.constraint_at)
    return Driver(DriverKind.EVENT, bound=network.terms.event)


def _late_link(plan: Schedule, node: int) -> ScheduleLink | None:
    """Return the link to what a task that is as late as possible must be done for, the oldest of several."""
    network, late = plan.network, plan.late
    calendar = network.calendars[network.coordinate[node]]
    for link in sorted(late_links_above(network, node), key=lambda one: one.id):
        at = late_link_instant(network, late, plan.early, link)
        if at < ENDLESS:
            on_finish = link.type in (LinkType.FS, LinkType.FF)
            if calendar.work(at) == (late.last[node] if on_finish else late.first[node]):
                return link
    return None


def links_above(network: Network, node: int) -> Iterator[ScheduleLink]:
    """Yield the links that bind a leaf: its own, then those of the summaries above."""
    yield from network.in_links[node]
    gate = network.gate[node]
    while gate >= 0:
        yield from network.in_links[gate]
        gate = network.gate[gate]


def late_links_above(network: Network, node: int) -> Iterator[ScheduleLink]:
    """Yield the links that follow a leaf: its own, then those of the summaries above."""
    yield from network.out_links[node]
    above = network.late_gate[node]
    while above >= 0:
        yield from network.out_links[above]
        above = network.late_gate[above]


def driving_chain(plan: Schedule, task_id: EntityId) -> tuple[EntityId, ...]:
    """Return the tasks that push a task to its earliest dates, from the first cause to the task itself."""
    network = plan.network
    dates = plan.early if plan.final is None else plan.final
    node = network.index[task_id]
    chain = [node]
    seen = {node}
    while True:
        if network.kind[node] == SUMMARY:
            node = max(network.children[node], key=dates.finish.__getitem__)
        elif network.fixed[node] is not None and len(chain) > 1:
            break
        else:
            link = _driving_link(network, dates, node)
            if link is None:
                break
            before = network.index[link.predecessor_id]
            at_start = link.type in (LinkType.SS, LinkType.SF)
            node = first_leaf(network, dates, before) if at_start else before
        if node in seen:
            break
        seen.add(node)
        chain.append(node)
    chain.reverse()
    leaves = [member for member in chain if network.kind[member] != SUMMARY or member == network.index[task_id]]
    return tuple(network.tasks[member].id for member in leaves)


def _driving_link(network: Network, dates: Forward, node: int) -> ScheduleLink | None:
    """Return the link that asks for the latest start, if it is what holds or would hold the task."""
    link, by_link = _latest_link(network, dates, node)
    return link if by_link >= max(_other_starts(network, node)) else None


def conflicts(plan: Schedule) -> tuple[Conflict, ...]:
    """Return the demands that cannot be met together with the links, each with the chain that forbids it."""
    network = plan.network
    dates = plan.early if plan.final is None else plan.final
    start = network.terms.start
    lower = lower_bounds(network, start) if start is not None else None
    found: list[Conflict] = []
    for node in range(network.count):
        task = network.tasks[node]
        if network.kind[node] == SUMMARY or task.actual_start is not None or task.actual_finish is not None:
            continue
        if task.constraint_at is None and task.pinned is None and task.deadline is None:
            continue
        bound = start_bound(network, dates, node)
        if lower is not None and network.floor[node] and start is not None:
            bound = max(bound, network.calendars[network.coordinate[node]].work(start))
        found.extend(_conflicts_of(plan, dates, node, bound))
    found.extend(_event_conflicts(plan))
    return tuple(found)


def _conflicts_of(plan: Schedule, dates: Forward, node: int, bound: int) -> Iterator[Conflict]:
    network = plan.network
    task = network.tasks[node]
    calendar = network.calendars[network.coordinate[node]]
    working = measure(network, node)
    if task.pinned is not None:
        if bound > -ENDLESS and working.between(task.pinned[0], bound) > 0:
            yield Conflict(
                task.id,
                DriverKind.PIN,
                None,
                task.pinned[0],
                bound,
                on_finish=False,
                chain=driving_chain(plan, task.id),
            )
    elif task.constraint_at is not None and task.constraint in _CEILINGS and bound > network.highest[node]:
        on_finish = task.constraint in _ENDS
        late = bound - network.highest[node]
        if network.coordinate[node] or working.between(network.highest[node], bound) > 0:
            possible = calendar.at_start(bound) if network.coordinate[node] else bound
            if on_finish:
                possible = (
                    calendar.at_end(bound + network.span[node])
                    if network.coordinate[node]
                    else (task.constraint_at + late)
                )
            yield Conflict(
                task.id, DriverKind.CONSTRAINT, task.constraint, task.constraint_at, possible,
                on_finish=on_finish, chain=driving_chain(plan, task.id),
            )  # fmt: skip
    if task.deadline is not None and working.between(task.deadline, dates.finish[node]) > 0:
        yield Conflict(
            task.id,
            DriverKind.DEADLINE,
            None,
            task.deadline,
            dates.finish[node],
            on_finish=True,
            chain=driving_chain(plan, task.id),
        )


def _event_conflicts(plan: Schedule) -> Iterator[Conflict]:
    """Yield the ends of chains that cannot be done before the event."""
    network = plan.network
    event = network.terms.event
    if event is None:
        return
    dates = plan.early if plan.final is None else plan.final
    for node in range(network.count):
        if network.kind[node] == SUMMARY or network.done[node]:
            continue
        finish = dates.finish[node]
        if finish > event and measure(network, node).between(event, finish) > 0 and not network.out_links[node]:
            task_id = network.tasks[node].id
            chain = driving_chain(plan, task_id)
            yield Conflict(task_id, DriverKind.EVENT, None, event, finish, on_finish=True, chain=chain)


def changed_tasks(previous: Schedule, following: Schedule) -> list[EntityId]:
    """Return the tasks whose start or finish differs between two schedules, new ones included; quick."""
    return list(changed_dates(previous, following))


def changed_dates(previous: Schedule, following: Schedule) -> dict[EntityId, tuple[int, int]]:
    """Return start and finish of the tasks that stand elsewhere than before, new ones included; quick."""
    starts, finishes = previous.start_list, previous.finish_list
    new_starts, new_finishes = following.start_list, following.finish_list
    index, known = following.network.index, previous.network.index
    if index is known or index == known:
        rows = zip(index, starts, new_starts, finishes, new_finishes, strict=False)  # behind the tasks come gates
        return {
            task_id: (new_start, new_finish)
            for task_id, start, new_start, finish, new_finish in rows
            if start != new_start or finish != new_finish
        }
    result: dict[EntityId, tuple[int, int]] = {}
    for task_id, node in index.items():
        old = known.get(task_id)
        new = (new_starts[node], new_finishes[node])
        if old is None or (starts[old], finishes[old]) != new:
            result[task_id] = new
    return result


def moved(previous: Schedule, following: Schedule) -> tuple[Move, ...]:
    """Return every task that an edit moved, in row order, with its old and new dates and the cause."""
    before, after = previous.network, following.network
    result: list[Move] = []
    for task_id in changed_tasks(previous, following):
        node = after.index[task_id]
        old = before.index.get(task_id)
        result.append(
            Move(
                task_id,
                None if old is None else previous.start_list[old],
                None if old is None else previous.finish_list[old],
                following.start_list[node],
                following.finish_list[node],
                edited=old is None or before.tasks[old] != after.tasks[node],
                cause=driver(following, task_id),
            )
        )
    return tuple(result)


def critical_links(plan: Schedule) -> frozenset[EntityId]:
    """Return the links on critical paths: both ends critical, and the link has no room."""
    network, critical = plan.network, plan.critical_list
    early = plan.early
    result: set[EntityId] = set()
    for link in network.links.values():
        before, after = network.index[link.predecessor_id], network.index[link.successor_id]
        if not (critical[before] and critical[after]):
            continue
        asked = link_instant(network, early, link)
        at_start = link.type in (LinkType.FS, LinkType.SS)
        place = early.start[after] if at_start else early.finish[after]
        if measure(network, after).between(asked, place) <= 0:
            result.add(link.id)
    return frozenset(result)


def critical_paths(plan: Schedule, most: int = 100) -> tuple[tuple[EntityId, ...], ...]:
    """Return the critical chains from their first to their last task, at most ``most`` of them."""
    network, critical = plan.network, plan.critical_list
    driving = critical_links(plan)
    onward: dict[int, list[int]] = {}
    has_before: set[int] = set()
    for link_id in driving:
        link = network.links[link_id]
        before, after = network.index[link.predecessor_id], network.index[link.successor_id]
        onward.setdefault(before, []).append(after)
        has_before.add(after)
    paths: list[tuple[EntityId, ...]] = []
    leaves = [node for node in range(network.count) if critical[node] and network.kind[node] != SUMMARY]
    waiting: list[tuple[int, ...]] = [(node,) for node in reversed(leaves) if node not in has_before]
    waiting += [(node,) for node in onward if network.kind[node] == SUMMARY and node not in has_before]
    while waiting and len(paths) < most:
        path = waiting.pop()
        while len(ahead := sorted(set(onward.get(path[-1], ())))) == 1:
            path = (*path, ahead[0])
        if ahead:
            waiting.extend((*path, node) for node in reversed(ahead))
        else:
            paths.append(tuple(network.tasks[node].id for node in path))
    return tuple(paths)


def segments(plan: Schedule, task_id: EntityId) -> tuple[tuple[int, int], ...]:
    """Return the pieces of a task's bar: one, or several around its interruptions."""
    network = plan.network
    node = network.index[task_id]
    start, finish = plan.start_list[node], plan.finish_list[node]
    calendar = measure(network, node)
    pieces: list[tuple[int, int]] = []
    origin = calendar.work(start)
    begin, passed = start, 0
    for split in network.tasks[node].splits:
        end = calendar.at_end(origin + passed + split.after)
        if begin < end < finish:
            pieces.append((begin, end))
            passed += split.gap
            begin = calendar.at_start(origin + passed + split.after)
    pieces.append((begin, finish))
    return tuple(pieces)

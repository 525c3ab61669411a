"""Topological order of a network's nodes, kept as positions and repaired locally; all loops, no recursion."""

from __future__ import annotations

from collections.abc import Sequence


def topological_order(dependents: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """Return the nodes in an order in which every node precedes its dependents, and what is left on or behind loops.

    Deterministic: ties go by node number. The second list is empty unless the network has a cycle.
    """
    count = len(dependents)
    waiting = [0] * count
    for targets in dependents:
        for target in targets:
            waiting[target] += 1
    order = [node for node in range(count) if not waiting[node]]
    for node in order:  # grows while it is read
        for target in dependents[node]:
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    left = [node for node in range(count) if waiting[node]] if len(order) < count else []
    return order, left


def find_loop(dependents: Sequence[Sequence[int]], left: Sequence[int]) -> list[int]:
    """Return the nodes of one loop, each depending on the one before, given what ``topological_order`` left over."""
    inside = set(left)
    feeders: dict[int, int] = {}
    for node in left:
        for target in dependents[node]:
            if target in inside:
                feeders.setdefault(target, node)
    node = left[0]
    seen: dict[int, int] = {}
    path: list[int] = []
    while node not in seen:
        seen[node] = len(path)
        path.append(node)
        node = feeders[node]
    loop = path[seen[node] :]
    loop.reverse()
    return loop


def path_between(dependents: Sequence[Sequence[int]], first: int, last: int) -> list[int]:
    """Return the nodes on one way from ``first`` to ``last`` along the dependents, both included; empty when none."""
    came_from = {first: -1}
    queue = [first]
    for node in queue:
        if node == last:
            break
        for target in dependents[node]:
            if target not in came_from:
                came_from[target] = node
                queue.append(target)
    if last not in came_from:
        return []
    path: list[int] = []
    node = last
    while node != -1:
        path.append(node)
        node = came_from[node]
    path.reverse()
    return path


def reachable(dependents: Sequence[Sequence[int]], first: int) -> set[int]:
    """Return every node that depends on ``first``, itself included."""
    seen = {first}
    queue = [first]
    for node in queue:
        for target in dependents[node]:
            if target not in seen:
                seen.add(target)
                queue.append(target)
    return seen


def repair_order(
    order: list[int],
    position: list[int],
    dependents: Sequence[Sequence[int]],
    feeders: Sequence[Sequence[int]],
    edge: tuple[int, int],
) -> bool:
    """Make the order right again after an edge from its first to its second node was added (Pearce and Kelly 2006).

    Only nodes between the two move. Returns False when the edge closes a loop; the order is then untouched.
    """
    source, target = edge
    low, high = position[target], position[source]
    if low > high:
        return True
    after = {target}
    queue = [target]
    for node in queue:
        for following in dependents[node]:
            if following == source:
                return False
            if following not in after and position[following] < high:
                after.add(following)
                queue.append(following)
    before = {source}
    queue = [source]
    for node in queue:
        for previous in feeders[node]:
            if previous not in before and position[previous] > low:
                before.add(previous)
                queue.append(previous)
    moved = sorted(before, key=position.__getitem__) + sorted(after, key=position.__getitem__)
    slots = sorted(position[node] for node in moved)
    for slot, node in zip(slots, moved, strict=True):
        order[slot] = node
        position[node] = slot
    return True

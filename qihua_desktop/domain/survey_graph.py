"""Check of imported jump graphs, where jumps may lead backwards: cycles, unreachable questions, no way to the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

END: Final = "END"


@dataclass(frozen=True, slots=True)
class GraphReport:
    """Findings in the order of the questionnaire; ``stale_routes`` are routes of answers that no longer exist."""

    cycles: tuple[tuple[str, ...], ...]
    unreachable: tuple[str, ...]
    no_path_to_end: tuple[str, ...]
    stale_routes: tuple[tuple[str, str], ...]


def check_graph(
    order: Sequence[str],
    options: Mapping[str, Sequence[str]],
    routes: Mapping[str, Mapping[str, str]],
    *,
    optional: Collection[str] = (),
) -> GraphReport:
    """Check routes from answers to questions or to ``END``.

    There is a fall-through edge only when some answer, or leaving an optional question empty, is not routed.
    """
    edges = {key: _edges(order, at, options, routes, optional) for at, key in enumerate(order)}
    reached = _reach(order[:1], edges)
    backwards: dict[str, list[str]] = {END: []}
    for source, targets in edges.items():
        for target in targets:
            backwards.setdefault(target, []).append(source)
    ending = _reach((END,), backwards)
    place = {key: at for at, key in enumerate(order)}
    cycles = [sorted(part, key=place.__getitem__) for part in _components(order, edges)]
    return GraphReport(
        tuple(
            tuple(part)
            for part in sorted(cycles, key=lambda part: place[part[0]])
            if len(part) > 1 or part[0] in edges[part[0]]
        ),
        tuple(key for key in order if key not in reached),
        tuple(key for key in order if key not in ending),
        tuple((key, option) for key in order for option in routes.get(key, {}) if option not in options.get(key, ())),
    )


def _edges(
    order: Sequence[str],
    at: int,
    options: Mapping[str, Sequence[str]],
    routes: Mapping[str, Mapping[str, str]],
    optional: Collection[str],
) -> list[str]:
    key = order[at]
    answers, routed = options.get(key, ()), routes.get(key, {})
    targets = [routed[option] for option in answers if option in routed]
    if not answers or key in optional or any(option not in routed for option in answers):
        targets.append(order[at + 1] if at + 1 < len(order) else END)
    return [target for target in dict.fromkeys(targets) if target == END or target in order]


def _reach(starts: Iterable[str], edges: Mapping[str, Sequence[str]]) -> set[str]:
    found = set(starts)
    waiting = list(found)
    while waiting:
        for target in edges.get(waiting.pop(), ()):
            if target not in found:
                found.add(target)
                waiting.append(target)
    return found


def _components(order: Sequence[str], edges: Mapping[str, Sequence[str]]) -> list[list[str]]:
    """Return the strongly connected components (Tarjan 1972), without recursion."""
    number: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    components: list[list[str]] = []
    for root in order:
        if root in number:
            continue
        work: list[tuple[str, int]] = [(root, 0)]
        while work:
            key, at = work.pop()
            if at == 0:
                number[key] = lowest[key] = len(number)
                stack.append(key)
                on_stack.add(key)
            targets = edges.get(key, ())
            if at:
                lowest[key] = min(lowest[key], lowest[targets[at - 1]])
            while at < len(targets):
                target = targets[at]
                at += 1
                if target in on_stack:
                    lowest[key] = min(lowest[key], number[target])
                elif target != END and target not in number:
                    work.extend(((key, at), (target, 0)))
                    break
            else:
                if lowest[key] == number[key]:
                    cut = stack.index(key)
                    components.append(stack[cut:])
                    on_stack.difference_update(stack[cut:])
                    del stack[cut:]
    return components

"""A plan compiled for scheduling: parallel lists over nodes, so that the passes touch only integers.

Where all that binds a node are finish-to-start links within its coordinate, as for most, it is not ``special``.
Nodes are the tasks in their given order, followed by one *gate* per summary that links or a constraint bind from
outside; a gate carries that bound to the leaves below. Each leaf has a *coordinate* calendar: its early and late
dates are work positions of that calendar (see ``WorkingTime``), or instants where exact instants matter (coordinate
0: milestones, elapsed durations, fixed dates, tasks shared by several people, summaries and gates).
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from qihua_desktop.i18n import _

from ..errors import RuleError
from ..ids import EntityId
from ..plan import ConstraintType, LagKind, LinkType
from ..working_time import ELAPSED, ENDLESS, WorkingTime
from .arcs import (
    CrossArc,
    Ends,
    LateCrossArc,
    compile_arcs,
    compile_late_arcs,
    sort_into,
    sort_out,
    starts_at_project_start,
)
from .model import Changes, ScheduleLink, ScheduleTask, Terms
from .order import find_loop, path_between, reachable, repair_order, topological_order
from .terms import GATE, SUMMARY, compile_task, compile_tasks

_DEMANDS: Final = (
    "tasks", "kind", "coordinate", "calendar", "span", "back", "lowest", "highest", "cap", "fixed", "done", "calendars",
)  # fmt: skip
"""What an edit of a task's own terms changes."""

_ARCS: Final = (
    "floor", "fs", "finish_arcs", "start_arcs", "cross", "odd", "special", "late_fs", "late_start_arcs",
    "late_finish_arcs", "late_cross", "late_odd", "late_special",
)  # fmt: skip
"""What changes with a task's duration or calendar, or a link."""

_LINKS: Final = ("in_links", "out_links", "sources", "targets", "dependents", "feeders", "order", "position")


class Network:
    """A compiled plan; treat as immutable. ``edited`` returns a changed copy that shares what is the same."""

    __slots__ = (
        "_calendar_numbers",
        "children",
        "count",
        "late_needs_early",
        "gate",
        "gate_members",
        "gate_of_summary",
        "gate_start",
        "late_sitters",
        "index",
        "late_gate",
        "late_members",
        "links",
        "parent",
        "roots",
        "summaries",
        "terms",
        *_DEMANDS,
        *_ARCS,
        *_LINKS,
    )

    def __init__(
        self,
        tasks: Sequence[ScheduleTask],
        links: Sequence[ScheduleLink],
        *,
        calendar: WorkingTime,
        terms: Terms,
    ) -> None:
        """Compile a plan.

        Args:
            tasks: in row order; parents may come anywhere.
            calendar: the project's working time, for tasks without their own.

        Raises:
            RuleError: the links form a loop, named in ``details``.
            ValueError: a link or a parent names an unknown task, or an id occurs twice.
        """
        self.terms = terms
        self.calendars: list[WorkingTime] = [ELAPSED, calendar]
        self._calendar_numbers = {id(ELAPSED): 0, id(calendar): 1}
        self.count = count = len(tasks)
        self.tasks: list[ScheduleTask] = list(tasks)
        self.index: dict[EntityId, int] = {task.id: node for node, task in enumerate(tasks)}
        if len(self.index) != count:
            raise ValueError("two tasks have the same id")
        self.links: dict[EntityId, ScheduleLink] = {link.id: link for link in links}
        if len(self.links) != len(links):
            raise ValueError("two links have the same id")
        with _collector_paused():
            ends = self._build_tree()
            self._build_gates()
            self._compile(ends)

    # --- structure ---------------------------------------------------------------------------------------------

    def _build_tree(self) -> list[Ends]:
        index, count = self.index, self.count
        self.parent: list[int] = [-1] * count
        children: list[list[int]] = [[]] * count  # one empty list for all that have none; never changed in place
        self.summaries: list[int] = []
        for node, task in enumerate(self.tasks):
            if task.parent_id is not None:
                above = index.get(task.parent_id)
                if above is None:
                    raise ValueError(f"unknown parent of {task.name!r}")
                self.parent[node] = above
                if children[above]:
                    children[above].append(node)
                else:
                    children[above] = [node]
                    self.summaries.append(above)
        self.children: list[list[int]] = children
        self.roots: list[int] = [node for node, above in enumerate(self.parent) if above < 0]
        self.in_links: list[Sequence[ScheduleLink]] = [()] * count
        self.out_links: list[Sequence[ScheduleLink]] = [()] * count
        try:
            ends = [(link, index[link.predecessor_id], index[link.successor_id]) for link in self.links.values()]
        except KeyError:
            raise ValueError("a link names an unknown task") from None
        incoming: dict[int, list[ScheduleLink]] = defaultdict(list)
        outgoing: dict[int, list[ScheduleLink]] = defaultdict(list)
        for link, before, after in ends:
            outgoing[before].append(link)
            incoming[after].append(link)
        for node, links in incoming.items():
            self.in_links[node] = links
        for node, links in outgoing.items():
            self.out_links[node] = links
        return ends

    def _build_gates(self) -> None:
        count, children, parent = self.count, self.children, self.parent
        self.gate_of_summary: dict[int, int] = {}
        self.gate_start: dict[int, int | None] = {}
        bound_late: set[int] = set()
        for node in sorted(self.summaries):
            task = self.tasks[node]
            dated = task.constraint_at is not None
            if self.in_links[node] or (dated and task.constraint is ConstraintType.SNET):
                gate = self.gate_of_summary[node] = count + len(self.gate_of_summary)
                self.gate_start[gate] = task.constraint_at if task.constraint is ConstraintType.SNET else None
            if self.out_links[node] or (dated and task.constraint is ConstraintType.FNLT):
                bound_late.add(node)
        total = count + len(self.gate_of_summary)
        self.gate: list[int] = [-1] * total
        self.late_gate: list[int] = [-1] * total
        self.gate_members: dict[int, list[int]] = {gate: [] for gate in self.gate_of_summary.values()}
        self.late_members: dict[int, list[int]] = {node: [] for node in bound_late}
        if not self.gate_of_summary and not bound_late and all(above < node for node, above in enumerate(parent)):
            return  # parents come before their children, as in every outline: no loop of parents either
        visited = 0
        queue = list(self.roots)
        for node in queue:
            visited += 1
            above = parent[node]
            if above >= 0:
                gate = self.gate_of_summary.get(above, self.gate[above])
                late = above if above in bound_late else self.late_gate[above]
                own = self.gate_of_summary.get(node)
                self.gate[node] = gate
                if own is not None:
                    self.gate[own] = gate
                if gate >= 0 and (own is not None or not children[node]):
                    self.gate_members[gate].append(node if own is None else own)
                self.late_gate[node] = late
                if late >= 0 and (node in bound_late or not children[node]):
                    self.late_members[late].append(node)
            queue.extend(children[node])
        if visited < count:
            self._refuse_loop([task.name for task in self._parent_loop()])

    def _parent_loop(self) -> list[ScheduleTask]:
        seen: dict[int, None] = {}
        node = next(node for node in range(self.count) if not self._leads_to_root(node))
        while node not in seen:
            seen[node] = None
            node = self.parent[node]
        return [self.tasks[member] for member in seen]

    def _leads_to_root(self, node: int) -> bool:
        for _step in range(self.count + 1):
            if node < 0:
                return True
            node = self.parent[node]
        return False

    # --- compilation -------------------------------------------------------------------------------------------

    def _compile(self, ends: list[Ends]) -> None:
        total = len(self.gate)
        self.kind: list[int] = [GATE] * total
        self.coordinate: list[int] = [0] * total
        self.calendar: list[int] = [1] * total
        self.span: list[int] = [0] * total
        self.back: list[int] = [0] * total
        self.lowest: list[int] = [-ENDLESS] * total
        self.highest: list[int] = [ENDLESS] * total
        self.cap: list[int] = [ENDLESS] * total
        self.fixed: list[tuple[int, int] | None] = [None] * total
        self.done: list[bool] = [False] * total
        self.fs: list[list[int]] = [[]] * total  # one empty list for all; never changed in place
        self.cross: list[list[CrossArc]] = [[]] * total
        self.finish_arcs: list[list[tuple[int, int]]] = [[]] * total
        self.start_arcs: list[list[tuple[int, int]]] = [[]] * total
        self.odd: list[Sequence[ScheduleLink]] = [()] * total
        self.late_fs: list[list[int]] = [[]] * total
        self.late_start_arcs: list[list[tuple[int, int]]] = [[]] * total
        self.late_finish_arcs: list[list[tuple[int, int]]] = [[]] * total
        self.late_cross: list[list[LateCrossArc]] = [[]] * total
        self.late_odd: list[Sequence[ScheduleLink]] = [()] * total
        self.special: list[bool] = [gate >= 0 for gate in self.gate]
        self.late_special: list[bool] = [gate >= 0 for gate in self.late_gate]
        self.late_sitters: set[int] = set()
        compile_tasks(self)
        self._compile_links(ends)
        self.order, left = topological_order(self.dependents)
        if left:
            self._refuse_loop(self.names(find_loop(self.dependents, left)))
        self.position: list[int] = [0] * total
        for place, node in enumerate(self.order):
            self.position[node] = place

    def _compile_links(self, ends: list[Ends]) -> None:
        count, gates, gate_of = self.count, len(self.gate) - self.count, self.gate_of_summary
        self.late_needs_early = any(
            link.type in (LinkType.SS, LinkType.SF) or link.lag_kind is LagKind.PERCENT
            for node in self.late_members
            for link in self.out_links[node]
        )
        self.floor: list[bool] = [not links for links in self.in_links] + [False] * gates
        together = LinkType.FF
        for link, _before, after in ends:
            if link.type is together:
                self.floor[after] = True
        self.in_links += [()] * gates
        self.out_links += [()] * gates
        for summary, gate in gate_of.items():
            self.odd[gate] = self.in_links[gate] = self.in_links[summary]
            self.in_links[summary] = ()
            self.floor[summary] = True
        if gate_of:
            ends = [(link, before, gate_of.get(after, after)) for link, before, after in ends]
            for node in range(count):
                if self.gate[node] >= 0:
                    self.floor[node] = starts_at_project_start(self, self.in_links[node], self.gate[node])
        sort_into(self, [end for end in ends if end[2] < count] if gate_of else ends)
        sort_out(self, ends)
        sources: dict[int, list[int]] = defaultdict(list)
        targets: dict[int, list[int]] = defaultdict(list)
        for _link, before, after in ends:
            targets[before].append(after)
            sources[after].append(before)
        nothing: list[int] = []
        self.sources: list[Sequence[int]] = [sources.get(node, nothing) for node in range(count + gates)]
        self.targets: list[Sequence[int]] = [targets.get(node, nothing) for node in range(count + gates)]
        self.feeders: list[Sequence[int]] = list(self.sources)
        self.dependents: list[Sequence[int]] = [
            [*after, above] if above >= 0 else after for after, above in zip(self.targets, self.parent, strict=False)
        ]
        self.dependents += [nothing] * gates
        for node in (*range(count), *gate_of.values()) if gates or self.late_members else ():
            self._connect(node)

    def _connect(self, node: int) -> None:
        """Note which nodes to recompute when this one changes, forward and backward."""
        after, before = self.targets[node], self.sources[node]
        if node >= self.count:
            after = (*after, *self.gate_members[node])
        elif self.parent[node] >= 0:
            after = (*after, self.parent[node])
        if self.kind[node] == SUMMARY:
            before = (*before, *self.late_members.get(node, ()))
        elif self.gate[node] >= 0:
            before = (*before, self.gate[node])
        self.dependents[node] = after
        self.feeders[node] = before

    def _find_ends(self, node: int) -> None:
        """Note the nodes at the other ends of a node's links, parallel to the links."""
        index = self.index
        if self.in_links[node]:
            self.sources[node] = tuple([index[link.predecessor_id] for link in self.in_links[node]])
        else:
            self.sources[node] = ()
        if not self.out_links[node]:
            self.targets[node] = ()
        elif self.gate_of_summary:
            self.targets[node] = tuple([self.target(link) for link in self.out_links[node]])
        else:
            self.targets[node] = tuple([index[link.successor_id] for link in self.out_links[node]])

    def target(self, link: ScheduleLink) -> int:
        """Return the node that a link binds: its successor, or the gate of a summary."""
        node = self.index[link.successor_id]
        return self.gate_of_summary.get(node, node)

    def calendar_number(self, calendar: WorkingTime | None) -> int:
        """Return the place of a calendar in ``calendars``, adding it when it is new."""
        if calendar is None:
            return 1
        number = self._calendar_numbers.get(id(calendar))
        if number is None:
            number = self._calendar_numbers[id(calendar)] = len(self.calendars)
            self.calendars.append(calendar)
        return number

    def names(self, nodes: Iterable[int]) -> list[str]:
        """Return the task names of nodes; a gate has its summary's name, and neighbours with one name count once."""
        summaries = {gate: summary for summary, gate in self.gate_of_summary.items()}
        named = [summaries.get(node, node) for node in nodes]
        return [self.tasks[node].name for place, node in enumerate(named) if not place or named[place - 1] != node]

    def _refuse_loop(self, names: Sequence[str]) -> None:
        shown = [*names, names[0]] if names[0] != names[-1] or len(names) == 1 else list(names)
        raise RuleError(
            _("These links form a loop: {tasks}").format(tasks=" → ".join(shown)),
            _("Remove one of the links; a task cannot wait for itself."),
            shown,
        )

    def refused_targets(self, task_id: EntityId) -> frozenset[EntityId]:
        """Return the tasks that cannot become successors of a task, because a loop would result."""
        node = self.index[task_id]
        refused = {node}
        above = self.parent[node]
        while above >= 0:
            refused.add(above)
            above = self.parent[above]
        refused |= _below(self.children, node)
        behind = _reverse(self.dependents)
        sources = reachable(behind, node)
        summaries = {gate: summary for summary, gate in self.gate_of_summary.items()}
        refused |= {summaries.get(source, source) for source in sources}
        # A summary without a gate would get one that feeds all its leaves.
        for source in tuple(refused):
            if not self.children[source]:
                above = self.parent[source]
                while above >= 0 and above not in refused:
                    refused.add(above)
                    above = self.parent[above]
        return frozenset(self.tasks[refusal].id for refusal in refused)

    def gate_start_above(self, node: int) -> int | None:
        """Return the latest start that constraints of summaries above ask of a leaf."""
        asked: int | None = None
        gate = self.gate[node]
        while gate >= 0:
            own = self.gate_start[gate]
            if own is not None:
                asked = own if asked is None else max(asked, own)
            gate = self.gate[gate]
        return asked

    # --- edits -------------------------------------------------------------------------------------------------

    def edited(self, changes: Changes) -> tuple[Network, set[int] | None]:
        """Return the network after an edit and the nodes to recompute first; ``None`` means all of them.

        Raises RuleError when new links close a loop.
        """
        if not self._keeps_structure(changes):
            return self._rebuilt(changes), None
        copy = self._copy(_DEMANDS)
        copy.terms = changes.terms or self.terms
        relinked = bool(changes.links or changes.removed_links)
        seeds = {copy.index[task.id] for task in changes.tasks}
        for task in changes.tasks:
            node = copy.index[task.id]
            copy.tasks[node] = task
            compile_task(copy, node)
        touched = {node for node in seeds if relinked or copy._shape(node) != self._shape(node)}
        if not touched and not relinked:
            return copy, seeds
        copy._own((*_ARCS, *_LINKS) if relinked else _ARCS)
        if relinked:
            touched |= copy._relink(changes)
        for node in touched:
            neighbours, earlier = set(copy.targets[node]), set(copy.sources[node])
            nearby = {node, *neighbours}
            compile_arcs(copy, [near for near in nearby if near < copy.count and not copy.children[near]])
            compile_late_arcs(copy, {node, *earlier})
            seeds |= {node} | neighbours | earlier
        return copy, seeds

    def _shape(self, node: int) -> tuple[object, ...]:
        """Return what the arcs of a task and its neighbours depend on."""
        task = self.tasks[node]
        return (
            self.kind[node], self.coordinate[node], self.calendar[node], self.span[node], self.done[node],
            task.duration, task.elapsed,
        )  # fmt: skip

    def _relink(self, changes: Changes) -> set[int]:
        """Take links out and put new and different ones in; return the nodes at their ends."""
        self.links = dict(self.links)
        touched: set[int] = set()
        removed = [self.links.pop(link_id) for link_id in changes.removed_links]
        replaced = [self.links[link.id] for link in changes.links if link.id in self.links]
        for link in (*removed, *replaced):
            before, after = self.index[link.predecessor_id], self.index[link.successor_id]
            self.out_links[before] = tuple(other for other in self.out_links[before] if other.id != link.id)
            self.in_links[after] = tuple(other for other in self.in_links[after] if other.id != link.id)
            self._reconnect(before, after)
            touched |= {before, after}
        for link in changes.links:
            touched |= self._add_link(link)
        return touched

    def _keeps_structure(self, changes: Changes) -> bool:
        if changes.removed_tasks or (changes.terms and changes.terms.direction is not self.terms.direction):
            return False
        for task in changes.tasks:
            node = self.index.get(task.id)
            if node is None or self.children[node] or self.tasks[node].parent_id != task.parent_id:
                return False
        ends = [(link.predecessor_id, link.successor_id) for link in changes.links]
        for link_id in (*changes.removed_links, *(link.id for link in changes.links)):
            known = self.links.get(link_id)
            if known is not None:
                ends.append((known.predecessor_id, known.successor_id))
        return not any(self.children[self.index[end]] for pair in ends for end in pair)

    def _reconnect(self, *nodes: int) -> None:
        for node in nodes:
            self._find_ends(node)
            self._connect(node)

    def _add_link(self, link: ScheduleLink) -> set[int]:
        before, after = self.index[link.predecessor_id], self.index[link.successor_id]
        if before == after:
            self._refuse_loop([link_name := self.tasks[before].name, link_name])
        self.links[link.id] = link
        self.out_links[before] = (*self.out_links[before], link)
        self.in_links[after] = (*self.in_links[after], link)
        self._reconnect(before, after)
        feeders = self.feeders if self.position[before] < self.position[after] else _reverse(self.dependents)
        if not repair_order(self.order, self.position, self.dependents, feeders, (before, after)):
            self._refuse_loop(self.names(path_between(self.dependents, after, before)))
        return {before, after}

    def _copy(self, own: Iterable[str]) -> Network:
        """Return a network that shares everything but some lists."""
        copy = object.__new__(Network)
        for name in self.__slots__:
            setattr(copy, name, getattr(self, name))
        copy._own(own)
        copy.late_sitters = set(self.late_sitters)
        copy._calendar_numbers = dict(self._calendar_numbers)
        return copy

    def _own(self, names: Iterable[str]) -> None:
        for name in names:
            setattr(self, name, list(getattr(self, name)))

    def _rebuilt(self, changes: Changes) -> Network:
        gone = set(changes.removed_tasks)
        changed = {task.id: task for task in changes.tasks}
        tasks = [changed.pop(task.id, task) for task in self.tasks if task.id not in gone]
        tasks += [task for task in changes.tasks if task.id in changed]
        gone_links = set(changes.removed_links)
        links = dict(self.links)
        links.update((link.id, link) for link in changes.links)
        kept = [
            link
            for link in links.values()
            if link.id not in gone_links and link.predecessor_id not in gone and link.successor_id not in gone
        ]
        kept_tasks = [replace(task, parent_id=None) if task.parent_id in gone else task for task in tasks]
        return Network(kept_tasks, kept, calendar=self.calendars[1], terms=changes.terms or self.terms)


@contextmanager
def _collector_paused() -> Generator[None, None, None]:
    """Keep the cycle collector from walking the whole program while many small tuples are made, none of them cyclic."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _below(children: Sequence[Sequence[int]], node: int) -> set[int]:
    queue = list(children[node])
    for member in queue:
        queue.extend(children[member])
    return set(queue)


def _reverse(dependents: Sequence[Sequence[int]]) -> list[list[int]]:
    result: list[list[int]] = [[] for _node in dependents]
    for node, targets in enumerate(dependents):
        for target in targets:
            result[target].append(node)
    return result

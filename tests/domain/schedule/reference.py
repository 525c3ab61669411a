"""A slow scheduler that is right by inspection: it walks half hours one by one and relaxes until nothing moves.

It shares no code with the engine: no prefix sums, no work positions, no topological order, no gates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from qihua_desktop.domain.plan import ConstraintType, LagKind, LinkType
from qihua_desktop.domain.schedule import ScheduleLink, ScheduleTask
from qihua_desktop.domain.working_time import WorkingTime

FAR = 10**9


STEP = 30


class Minutes:
    """A calendar as a plain list of working flags per half hour; every number in the tests is a multiple of 30."""

    def __init__(self, calendar: WorkingTime, first: int, days: int) -> None:
        self.first = first
        self.flags = [False] * (days * 1440 // STEP)
        for day in range(first // 1440, first // 1440 + days):
            for begin, end in calendar.periods(day):
                for minute in range(day * 1440 + begin, day * 1440 + end, STEP):
                    self.flags[(minute - first) // STEP] = True

    def works(self, minute: int) -> bool:
        assert minute >= self.first
        return self.flags[(minute - self.first) // STEP]

    def add(self, at: int, minutes: int) -> int:
        while minutes > 0:
            minutes -= STEP * self.works(at)
            at += STEP
        while minutes < 0:
            at -= STEP
            minutes += STEP * self.works(at)
        return at

    def next_start(self, at: int) -> int:
        while not self.works(at):
            at += STEP
        return at

    def earliest(self, at: int) -> int:
        """Return the earliest instant with no working minute between it and ``at``."""
        while not self.works(at - STEP):
            at -= STEP
        return at

    def between(self, one: int, other: int) -> int:
        if one > other:
            return -self.between(other, one)
        return STEP * sum(self.flags[(one - self.first) // STEP : (other - self.first) // STEP])


class Reference:
    """Early and late dates of leaves by relaxation."""

    def __init__(
        self,
        tasks: Sequence[ScheduleTask],
        links: Sequence[ScheduleLink],
        minutes: Callable[[WorkingTime | None], Minutes],
        elapsed: Minutes,
        start: int,
    ) -> None:
        self.tasks = {task.id: task for task in tasks}
        self.links = links
        self.start_at = start
        self.parents = {task.parent_id for task in tasks}
        self.leaves = [task for task in tasks if task.id not in self.parents]
        self.work = {task.id: minutes(task.calendar) for task in tasks}
        self.clock = {task.id: elapsed if task.elapsed else self.work[task.id] for task in tasks}
        self.people = {id(part.calendar): minutes(part.calendar) for task in tasks for part in task.parts}
        self.early: dict[bytes, tuple[int, int]] = {}
        self.late: dict[bytes, tuple[int, int]] = {}

    def ancestors(self, task_id: bytes) -> list[bytes]:
        chain = [task_id]
        while self.tasks[chain[-1]].parent_id is not None:
            chain.append(self.tasks[chain[-1]].parent_id)
        return chain

    def leaves_of(self, task_id: bytes) -> list[ScheduleTask]:
        return [leaf for leaf in self.leaves if task_id in self.ancestors(leaf.id)]

    def into(self, leaf: ScheduleTask) -> list[ScheduleLink]:
        above = self.ancestors(leaf.id)
        return [link for link in self.links if link.successor_id in above]

    def out_of(self, leaf: ScheduleTask) -> list[ScheduleLink]:
        above = self.ancestors(leaf.id)
        return [link for link in self.links if link.predecessor_id in above]

    def lagged(self, link: ScheduleLink, at: int, sign: int) -> int:
        if link.lag == 0:
            return at
        if link.lag_kind is LagKind.ELAPSED:
            return at + sign * link.lag
        lag = link.lag
        predecessor = self.tasks[link.predecessor_id]
        if link.lag_kind is LagKind.PERCENT:
            lag = round(predecessor.duration * link.lag / 10_000)
            if predecessor.elapsed:
                return at + sign * lag
        return self.work[link.successor_id].add(at, sign * lag)

    def span(self, leaf: ScheduleTask) -> int:
        return leaf.duration + sum(split.gap for split in leaf.splits)

    def finish_from(self, leaf: ScheduleTask, at: int, length: int) -> int:
        """Return where work ends that begins at an instant, the last of its people counts."""
        if leaf.parts:
            return max(self.people[id(part.calendar)].add(at, part.minutes) for part in leaf.parts)
        return self.clock[leaf.id].add(at, length)

    def fixed(self, leaf: ScheduleTask) -> tuple[int, int] | None:
        if leaf.actual_finish is not None:
            start = leaf.actual_start
            if start is None:
                start = self.clock[leaf.id].add(leaf.actual_finish, -self.span(leaf))
            return start, leaf.actual_finish
        if leaf.actual_start is not None:
            return leaf.actual_start, self.finish_from(leaf, leaf.actual_start, self.span(leaf))
        return leaf.pinned

    def bound(self, leaf: ScheduleTask, dates: dict[bytes, tuple[int, int]]) -> int:
        """Return the earliest start that project start and links allow."""
        links = self.into(leaf)
        clock = self.clock[leaf.id]
        at = -FAR
        if not links or any(link.type is LinkType.FF for link in links):
            at = self.start_at
        for link in links:
            before = [dates[other.id] for other in self.leaves_of(link.predecessor_id)]
            if link.type in (LinkType.FS, LinkType.FF):
                value = self.lagged(link, max(finish for _start, finish in before), 1)
            else:
                value = self.lagged(link, min(start for start, _finish in before), 1)
            if link.type in (LinkType.FF, LinkType.SF):
                value = clock.add(value, -self.span(leaf))
            at = max(at, value)
        for above in self.ancestors(leaf.id)[1:]:
            summary = self.tasks[above]
            if summary.constraint is ConstraintType.SNET and summary.constraint_at is not None:
                at = max(at, summary.constraint_at)
        return at

    def placed(self, leaf: ScheduleTask, at: int) -> tuple[int, int]:
        """Return start and finish of a task that may start at an instant, after its own constraint."""
        clock = self.clock[leaf.id]
        kind, asked = leaf.constraint, leaf.constraint_at
        if asked is not None:
            if kind in (ConstraintType.FNET, ConstraintType.FNLT, ConstraintType.MFO):
                asked = clock.add(asked, -self.span(leaf))
            if kind in (ConstraintType.MSO, ConstraintType.MFO):
                at = asked
            elif kind in (ConstraintType.SNET, ConstraintType.FNET):
                at = max(at, asked)
            elif kind in (ConstraintType.SNLT, ConstraintType.FNLT):
                at = min(at, asked)
        if leaf.duration == 0:
            hard = asked is not None and kind in _HARD
            if not (hard and at == asked) and self.work[leaf.id].earliest(at) != at:
                at = self.work[leaf.id].next_start(at)
            return (min(at, asked),) * 2 if hard and asked is not None else (at, at)
        if leaf.parts:
            start = min(self.people[id(part.calendar)].next_start(at) for part in leaf.parts)
            return start, self.finish_from(leaf, at, 0)
        start = clock.next_start(at)
        return start, clock.add(start, self.span(leaf))

    def forward(self, at_least: dict[bytes, int] | None = None) -> dict[bytes, tuple[int, int]]:
        dates = {leaf.id: self.fixed(leaf) or self.placed(leaf, self.start_at) for leaf in self.leaves}
        for _round in range(4 * len(self.leaves) + 4):
            before = dict(dates)
            for leaf in self.leaves:
                fixed = self.fixed(leaf)
                if fixed is None:
                    at = max(self.bound(leaf, dates), (at_least or {}).get(leaf.id, -FAR))
                    dates[leaf.id] = self.placed(leaf, at)
            if dates == before:
                return dates
        raise AssertionError("does not settle")

    def backward(
        self, event: int, early: dict[bytes, tuple[int, int]], *, hold: bool = False
    ) -> dict[bytes, tuple[int, int]]:
        """Return late start and finish of leaves; with ``hold`` where they sit when planned backward."""
        dates: dict[bytes, tuple[int, int]] = {leaf.id: (FAR, FAR) for leaf in self.leaves}
        for _round in range(4 * len(self.leaves) + 4):
            before = dict(dates)
            for leaf in self.leaves:
                dates[leaf.id] = self.latest(leaf, event, dates, early)
                if hold:
                    dates[leaf.id] = self.held(leaf, *dates[leaf.id], event=event)
            if dates == before:
                return dates
        raise AssertionError("does not settle")

    def latest(
        self,
        leaf: ScheduleTask,
        event: int,
        dates: dict[bytes, tuple[int, int]],
        early: dict[bytes, tuple[int, int]],
    ) -> tuple[int, int]:
        clock = self.clock[leaf.id]
        if leaf.actual_finish is not None:
            return self.fixed(leaf) or (0, 0)
        finish, latest = event, FAR
        length = whole = self.span(leaf)
        if leaf.actual_start is not None:
            length = whole if leaf.remaining is None else leaf.remaining
        elif leaf.pinned:
            length = clock.between(*leaf.pinned)
        kind, asked = leaf.constraint, leaf.constraint_at
        if asked is not None and not leaf.pinned:
            if kind in (ConstraintType.MSO, ConstraintType.SNLT):
                finish = min(finish, clock.add(asked, whole))
            elif kind in (ConstraintType.MFO, ConstraintType.FNLT):
                finish = min(finish, asked)
        if leaf.deadline is not None:
            finish = min(finish, leaf.deadline)
        for above in self.ancestors(leaf.id)[1:]:
            summary = self.tasks[above]
            if summary.constraint is ConstraintType.FNLT and summary.constraint_at is not None:
                finish = min(finish, summary.constraint_at)
        for link in self.out_of(leaf):
            after = [self.room(t, dates) for t in self.leaves_of(link.successor_id) if t.actual_finish is None]
            if not after or min(start for start, _finish in after) >= FAR:
                continue
            if link.type in (LinkType.SS, LinkType.SF):
                ends = self.leaves_of(link.predecessor_id)
                if min(ends, key=lambda other: early[other.id][0]).id != leaf.id:
                    continue
            at_start = link.type in (LinkType.FS, LinkType.SS)
            at = min(start if at_start else end for start, end in after)
            at = self.lagged(link, at, -1)
            if link.lag and link.lag_kind is not LagKind.ELAPSED:
                at = self.latest_form(link, at)
            if link.type in (LinkType.SS, LinkType.SF):
                shared = leaf.parts and self.fixed(leaf) is None
                if shared:
                    latest = min(latest, at)
                at = self.finish_from(leaf, at, 0) if shared else clock.add(at, length)
            finish = min(finish, at)
        free = finish != leaf.deadline and (asked is None or leaf.pinned or kind not in _HARD or finish != asked)
        if leaf.duration == 0 and self.fixed(leaf) is None and free and not self.work[leaf.id].works(finish):
            finish = self.work[leaf.id].earliest(finish)
        if leaf.parts and self.fixed(leaf) is None:
            begins = [self.people[id(part.calendar)].add(finish, -part.minutes) for part in leaf.parts]
            return min(latest, *begins), finish
        return clock.add(finish, -length), finish

    def held(self, leaf: ScheduleTask, start: int, finish: int, *, event: int) -> tuple[int, int]:
        """Return where a task sits whose latest dates are given: fixed ones stay, “no earlier than” pushes."""
        fixed = self.fixed(leaf)
        if fixed is not None:
            return fixed
        clock, asked = self.clock[leaf.id], leaf.constraint_at
        if leaf.duration == 0 and clock.between(finish, event) == 0:
            start = finish = min(event, self.work[leaf.id].next_start(finish)) if finish != leaf.deadline else finish
        if asked is not None and leaf.constraint in _PUSH:
            if leaf.constraint in (ConstraintType.FNET, ConstraintType.MFO):
                asked = clock.add(asked, -self.span(leaf))
            if clock.between(start, asked) > 0 or ((leaf.parts or leaf.duration == 0) and asked > start):
                start = clock.next_start(asked) if self.plain(leaf) else asked
                return start, self.finish_from(leaf, start, self.span(leaf))
        return start, finish

    def plain(self, leaf: ScheduleTask) -> bool:
        return leaf.duration > 0 and self.fixed(leaf) is None and not leaf.parts

    def room(self, leaf: ScheduleTask, dates: dict[bytes, tuple[int, int]]) -> tuple[int, int]:
        """Return late dates of a successor, its finish as late as the clock may show without working."""
        start, finish = dates[leaf.id]
        return start, self.clock[leaf.id].next_start(finish) if self.plain(leaf) and finish < FAR else finish

    def latest_form(self, link: ScheduleLink, at: int) -> int:
        predecessor = self.tasks[link.predecessor_id]
        if link.lag_kind is LagKind.PERCENT and (predecessor.elapsed or not predecessor.duration):
            return at
        return self.work[link.successor_id].next_start(at)

    def total_float(self, leaf: ScheduleTask, start: int, finish: int) -> int:
        """Return the total float of a leaf that stands at ``start`` and ``finish``."""
        clock = self.clock[leaf.id]
        late_start, late_finish = self.late[leaf.id]
        if leaf.actual_finish is not None:
            return 0
        if leaf.actual_start is not None:
            return clock.between(finish, late_finish)
        return min(clock.between(start, late_start), clock.between(finish, late_finish))


_PUSH = (ConstraintType.SNET, ConstraintType.FNET, ConstraintType.MSO, ConstraintType.MFO)
_HARD = (ConstraintType.MSO, ConstraintType.MFO, ConstraintType.SNLT, ConstraintType.FNLT)

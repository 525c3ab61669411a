"""The random plans of the property tests contain everything the engine knows, each often enough to matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings

from qihua_desktop.domain.plan import ConstraintType, LagKind, LinkType
from qihua_desktop.domain.schedule import ScheduleLink, ScheduleTask

from .networks import CREW, NIGHT, OFFICE, plans

PLANS = 800
EACH = 5


def _features(tasks: list[ScheduleTask], links: list[ScheduleLink]) -> Iterator[str]:
    by_id = {task.id: task for task in tasks}
    summaries = {task.parent_id for task in tasks if task.parent_id is not None}
    for task in tasks:
        kind = "summary" if task.id in summaries else "task"
        yield f"{kind} {task.constraint.value}"
        yield from (name for name in _TERMS if getattr(task, name) not in (None, (), False))
        if task.calendar is not None:
            yield f"calendar {task.calendar.name}"
        if kind == "summary" and task.parent_id is not None:
            yield "summary below a summary"
        if kind == "task" and task.duration == 0:
            yield "milestone"
    for link in links:
        before, after = by_id[link.predecessor_id], by_id[link.successor_id]
        sign = "+" if link.lag > 0 else "-" if link.lag < 0 else "0"
        yield f"{link.type.value} {link.lag_kind.value} {sign}"
        if link.predecessor_id in summaries:
            yield f"{link.type.value} from a summary"
        if link.successor_id in summaries:
            yield f"{link.type.value} to a summary"
        if before.calendar is not after.calendar:
            yield "link between calendars"
        if before.actual_start is not None or before.pinned is not None:
            yield "link from a fixed task"
        if after.actual_finish is not None:
            yield "link to a finished task"


_TERMS = ("deadline", "pinned", "actual_start", "actual_finish", "remaining", "splits", "parts", "elapsed")


def _wanted() -> set[str]:
    signed = [(LagKind.WORKING, "+"), (LagKind.WORKING, "-"), (LagKind.ELAPSED, "+"), (LagKind.ELAPSED, "-")]
    signed += [(LagKind.WORKING, "0"), (LagKind.PERCENT, "+"), (LagKind.PERCENT, "-")]
    return {
        *_TERMS,
        *(f"task {kind.value}" for kind in ConstraintType),
        *(f"summary {kind.value}" for kind in (ConstraintType.ASAP, ConstraintType.SNET, ConstraintType.FNLT)),
        *(f"calendar {calendar.name}" for calendar in (OFFICE, CREW, NIGHT)),
        *(f"{type_.value} {kind.value} {sign}" for type_ in LinkType for kind, sign in signed),
        *(f"{type_.value} {side} a summary" for type_ in LinkType for side in ("from", "to")),
        *("summary below a summary", "milestone", "link between calendars", "link from a fixed task"),
        "link to a finished task",
    }


def test_random_plans_contain_every_kind_of_task_link_and_term() -> None:
    seen: Counter[str] = Counter()

    @settings(
        max_examples=PLANS, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(plans(late=True))
    def count(plan: tuple[list[ScheduleTask], list[ScheduleLink]]) -> None:
        seen.update(set(_features(*plan)))

    count()
    rare = {name: seen[name] for name in sorted(_wanted()) if seen[name] < EACH}
    assert not rare

"""Rules no real file shows, worked out by hand in March 2026, whose working days are Monday to Friday, 09:00–18:00.

2 March is a Monday; the hour from 12 to 13 is free, so that a day has 480 working minutes.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.plan import ConstraintType, LagKind, LinkType, ScheduleDirection
from qihua_desktop.domain.schedule import (
    Changes,
    DriverKind,
    Schedule,
    ScheduleLink,
    ScheduleTask,
    conflict_text,
    conflicts,
    driver,
    reschedule,
)

from .test_semantics import DAY, at, dates, link, plan, shown, task

pytestmark = pytest.mark.language("en")

FS, SS, FF, SF = LinkType.FS, LinkType.SS, LinkType.FF, LinkType.SF
SNET, SNLT, FNET, FNLT = ConstraintType.SNET, ConstraintType.SNLT, ConstraintType.FNET, ConstraintType.FNLT
MSO, MFO, ALAP = ConstraintType.MSO, ConstraintType.MFO, ConstraintType.ALAP
BACK = ScheduleDirection.BACKWARD
END = "2026-03-13T18:00"  # a Friday


def late(result: Schedule, name: str) -> tuple[str, str]:
    found = result.dates(name.encode())
    return shown(found.late_start), shown(found.late_finish)


@pytest.mark.parametrize(
    ("type_", "lag", "expected"),
    [
        (FS, 1440, ("03-04 09:00", "03-05 18:00")),  # Monday 18:00 and a day is Tuesday 18:00
        (FS, 4 * 1440, ("03-09 09:00", "03-10 18:00")),  # Friday 18:00
        (FS, 4 * 1440 - 480, ("03-06 10:00", "03-10 10:00")),
        (FS, -540, ("03-02 09:00", "03-03 18:00")),
        (SS, 1440, ("03-03 09:00", "03-04 18:00")),
        (SS, 5 * 1440, ("03-09 09:00", "03-10 18:00")),  # Saturday morning
        (FF, 1440, ("03-02 09:00", "03-03 18:00")),
        (FF, 6 * 1440, ("03-05 09:00", "03-06 18:00")),  # Sunday 18:00: the work ends on Friday
        (SF, 3 * 1440, ("03-03 09:00", "03-04 18:00")),  # to end by Thursday 09:00
    ],
)
def test_elapsed_lags_of_every_link_type(type_: LinkType, lag: int, expected: tuple[str, str]) -> None:
    result = plan(task("a"), task("b", 2), link("a", "b", type_, lag, LagKind.ELAPSED))
    assert dates(result, "b") == expected


@pytest.mark.parametrize(
    ("constraint", "asked", "early", "late_dates", "total"),
    [
        (SNET, "2026-03-04T09:00", ("03-04 09:00", "03-05 18:00"), ("03-12 09:00", "03-13 18:00"), 6),
        (FNET, "2026-03-06T18:00", ("03-05 09:00", "03-06 18:00"), ("03-12 09:00", "03-13 18:00"), 5),
        (SNLT, "2026-03-04T09:00", ("03-02 09:00", "03-03 18:00"), ("03-04 09:00", "03-05 18:00"), 2),
        (FNLT, "2026-03-06T18:00", ("03-02 09:00", "03-03 18:00"), ("03-05 09:00", "03-06 18:00"), 3),
        (MSO, "2026-03-04T09:00", ("03-04 09:00", "03-05 18:00"), ("03-04 09:00", "03-05 18:00"), 0),
        (MFO, "2026-03-06T18:00", ("03-05 09:00", "03-06 18:00"), ("03-05 09:00", "03-06 18:00"), 0),
        (SNLT, "2026-02-27T09:00", ("02-27 09:00", "02-28 18:00"), ("02-27 09:00", "02-28 18:00"), 0),
        (FNLT, "2026-02-28T18:00", ("02-27 09:00", "02-28 18:00"), ("02-27 09:00", "02-28 18:00"), 0),
        (MSO, "2026-03-07T09:00", ("03-09 09:00", "03-10 18:00"), ("03-09 09:00", "03-10 18:00"), 0),
    ],
)
def test_a_constraint_bounds_early_and_late_dates(
    constraint: ConstraintType, asked: str, early: tuple[str, str], late_dates: tuple[str, str], total: int
) -> None:
    held = task("a", 2, constraint=constraint, constraint_at=at(asked))
    result = plan(held, task("rest", 10))  # the other task ends on Friday the 13th
    assert dates(result, "a") == early
    assert late(result, "a") == late_dates
    assert result.dates(b"a").total_float == total * DAY


@pytest.mark.parametrize(
    ("constraint", "asked", "placed"),
    [
        (SNET, "2026-03-11T09:00", ("03-12 09:00", "03-13 18:00")),
        (SNET, "2026-03-16T09:00", ("03-16 09:00", "03-17 18:00")),
        (FNET, "2026-03-16T18:00", ("03-13 09:00", "03-16 18:00")),
        (SNLT, "2026-03-04T09:00", ("03-04 09:00", "03-05 18:00")),
        (FNLT, "2026-03-06T18:00", ("03-05 09:00", "03-06 18:00")),
        (MSO, "2026-03-04T09:00", ("03-04 09:00", "03-05 18:00")),
        (MFO, "2026-03-06T18:00", ("03-05 09:00", "03-06 18:00")),
        (ConstraintType.ASAP, "", ("03-12 09:00", "03-13 18:00")),
        (ALAP, "", ("03-12 09:00", "03-13 18:00")),
    ],
)
def test_planned_from_the_finish_a_constraint_bounds_where_a_task_sits(
    constraint: ConstraintType, asked: str, placed: tuple[str, str]
) -> None:
    held = task("a", 2, constraint=constraint, constraint_at=at(asked) if asked else None)
    before = task("before", 1)
    result = plan(before, held, link("before", "a"), event=at(END), direction=BACK)
    assert dates(result, "a") == placed
    assert result.finish(b"before") <= result.start(b"a")


def test_planned_from_the_finish_links_with_lags_of_all_types() -> None:
    last = task("z", 1)
    for type_, lag, kind, expected in (
        (FS, DAY, LagKind.WORKING, ("03-10 09:00", "03-11 18:00")),
        (FS, -DAY, LagKind.WORKING, ("03-12 09:00", "03-13 18:00")),
        (FS, 1440, LagKind.ELAPSED, ("03-10 09:00", "03-11 18:00")),  # Thursday 09:00 at the latest
        (FS, 5000, LagKind.PERCENT, ("03-10 09:00", "03-11 18:00")),
        (SS, DAY, LagKind.WORKING, ("03-12 09:00", "03-13 18:00")),
        (FF, DAY, LagKind.WORKING, ("03-11 09:00", "03-12 18:00")),
        (SF, DAY, LagKind.WORKING, ("03-12 09:00", "03-13 18:00")),
    ):
        result = plan(task("a", 2), last, link("a", "z", type_, lag, kind), event=at(END), direction=BACK)
        assert dates(result, "a") == expected, (type_, lag, kind)


def test_a_deadline_caps_late_dates_in_both_directions_and_pulls_only_when_planned_backward() -> None:
    due = task("a", 2, deadline=at("2026-03-06T18:00"))
    forward = plan(due, task("rest", 10))
    assert dates(forward, "a") == ("03-02 09:00", "03-03 18:00")
    assert forward.dates(b"a").total_float == 3 * DAY
    backward = plan(due, event=at(END), direction=BACK)
    assert dates(backward, "a") == ("03-05 09:00", "03-06 18:00")
    assert driver(backward, b"a").kind is DriverKind.DEADLINE


def test_a_chain_as_late_as_possible_keeps_its_lags_and_people() -> None:
    alap = ConstraintType.ALAP
    result = plan(
        task("rest", 10),
        task("a", 1, constraint=alap), task("b", 2, constraint=alap), task("c", 1, constraint=alap),
        link("a", "b", FS, DAY), link("b", "c", SS, DAY),
    )  # fmt: skip
    assert dates(result, "c") == ("03-13 09:00", "03-13 18:00")
    assert dates(result, "b") == ("03-12 09:00", "03-13 18:00")
    assert dates(result, "a") == ("03-10 09:00", "03-10 18:00")
    assert result.project_finish == at(END)


def test_a_task_between_late_ones_that_is_not_late_itself_delays_none() -> None:
    result = plan(
        task("rest", 10), task("a", 1, constraint=ALAP), task("b", 1), task("c", 1, constraint=ALAP),
        link("a", "b"), link("b", "c"),
    )  # fmt: skip
    assert dates(result, "a") == ("03-11 09:00", "03-11 18:00")
    assert dates(result, "b") == ("03-12 09:00", "03-12 18:00")
    assert dates(result, "c") == ("03-13 09:00", "03-13 18:00")


@pytest.mark.parametrize(
    ("constraint", "asked", "possible", "on_finish"),
    [
        (SNLT, "2026-03-04T09:00", "03-06 09:00", False),
        (MSO, "2026-03-04T09:00", "03-06 09:00", False),
        (FNLT, "2026-03-05T18:00", "03-06 18:00", True),
        (MFO, "2026-03-05T18:00", "03-06 18:00", True),
    ],
)
def test_an_impossible_constraint_is_told_as_the_chain_that_conflicts(
    constraint: ConstraintType, asked: str, possible: str, on_finish: bool
) -> None:
    held = task("c", 1, constraint=constraint, constraint_at=at(asked))
    result = plan(task("a", 2), task("b", 2), held, task("aside"), link("a", "b"), link("b", "c"))
    [found] = conflicts(result)
    assert (found.task_id, found.constraint, found.chain) == (b"c", constraint, (b"a", b"b", b"c"))
    assert (shown(found.possible), found.on_finish) == (possible, on_finish)
    assert conflict_text(result, found).endswith("a → b → c")


@pytest.mark.parametrize("constraint", [SNET, FNET])
def test_a_constraint_that_only_pushes_never_conflicts(constraint: ConstraintType) -> None:
    held = task("b", 1, constraint=constraint, constraint_at=at("2026-03-02T09:00"))
    assert conflicts(plan(task("a", 5), held, link("a", "b"))) == ()


def test_two_fixed_dates_that_contradict_each_other_name_both() -> None:
    first = task("a", 2, constraint=MFO, constraint_at=at("2026-03-12T18:00"))
    second = task("b", 1, constraint=MSO, constraint_at=at("2026-03-10T09:00"))
    [found] = conflicts(plan(first, second, link("a", "b")))
    assert found.chain == (b"a", b"b")


def test_an_impossible_deadline_and_event_name_their_chain() -> None:
    result = plan(task("a", 3), task("b", 2, deadline=at("2026-03-05T18:00")), link("a", "b"))
    assert [(one.kind, one.chain) for one in conflicts(result)] == [(DriverKind.DEADLINE, (b"a", b"b"))]
    result = plan(task("a", 3), task("b", 2), link("a", "b"), event=at("2026-03-05T18:00"))
    assert [(one.kind, one.chain) for one in conflicts(result)] == [(DriverKind.EVENT, (b"a", b"b"))]


STAGE = (task("s", 0), task("x", 1, parent_id=b"s"), task("deep", 0, parent_id=b"s"), task("y", 1, parent_id=b"deep"))


@pytest.mark.parametrize(
    ("links", "members"),
    [
        ((link("x", "s"),), {"s", "x"}),
        ((link("s", "x"),), {"s", "x"}),
        ((link("y", "s"),), {"s", "y"}),
        ((link("s", "y"),), {"s", "y"}),
        ((link("y", "deep"),), {"deep", "y"}),
        ((link("x", "y"), link("deep", "x")), {"deep", "x", "y"}),
        ((link("x", "o"), link("o", "s")), {"s", "x", "o"}),
        ((link("s", "o"), link("o", "y", SS, -DAY)), {"s", "y", "o"}),
    ],
)
def test_loops_through_stages_are_refused_naming_them(links: tuple[ScheduleLink, ...], members: set[str]) -> None:
    outside = task("o")
    with pytest.raises(RuleError) as caught:
        plan(*STAGE, outside, *links)
    assert members <= set(caught.value.details)
    assert all(f"{name}" in caught.value.message for name in members)
    current = plan(*STAGE, outside, *links[:-1])
    with pytest.raises(RuleError) as again:
        reschedule(current, Changes(links=links[-1:]))
    assert members <= set(again.value.details)


def test_moving_a_task_below_its_own_predecessors_stage_is_refused_naming_the_loop() -> None:
    current = plan(*STAGE, task("o"), link("s", "o"))
    with pytest.raises(RuleError) as caught:
        reschedule(current, Changes(tasks=(replace(task("o"), parent_id=b"s"),)))
    assert set(caught.value.details) >= {"s", "o"}


def test_the_result_does_not_depend_on_the_order_of_rows_and_links() -> None:
    items: tuple[ScheduleTask | ScheduleLink, ...] = (
        task("a", 2), task("b", 1), task("c", 3, constraint=ALAP), task("d", 1),
        link("a", "b", SS, DAY), link("a", "c"), link("b", "d", FF), link("c", "d", FS, -DAY),
    )  # fmt: skip
    one, other = plan(*items), plan(*reversed(items))
    for name in (b"a", b"b", b"c", b"d"):
        assert one.dates(name) == other.dates(name)

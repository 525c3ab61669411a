"""The rules of scheduling one by one, as a planner would check them by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from qihua_desktop.domain.calendars import Calendars
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.plan import ConstraintType, LagKind, LinkType, ScheduleDirection, instant, moment
from qihua_desktop.domain.schedule import (
    Changes,
    DriverKind,
    Network,
    Schedule,
    ScheduleLink,
    ScheduleTask,
    Split,
    Terms,
    WorkPart,
    conflict_text,
    conflicts,
    critical_links,
    critical_paths,
    driver,
    driving_chain,
    reason,
    reschedule,
    schedule,
    segments,
)
from qihua_desktop.domain.working_time import WorkingTime

pytestmark = pytest.mark.language("en")

CHINA = Calendars().workspace()
DAY = 480


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text))


def shown(value: int) -> str:
    return f"{moment(value):%m-%d %H:%M}"


def task(name: str, days: float = 1, **terms: object) -> ScheduleTask:
    return ScheduleTask(name.encode(), name, duration=round(days * DAY), **terms)  # type: ignore[arg-type]


def link(
    before: str, after: str, type_: LinkType = LinkType.FS, lag: int = 0, kind: LagKind = LagKind.WORKING
) -> ScheduleLink:
    return ScheduleLink(f"{before}-{after}".encode(), before.encode(), after.encode(), type_, lag, kind)


def plan(*items: ScheduleTask | ScheduleLink, start: str = "2026-03-02T09:00", **terms: object) -> Schedule:
    tasks = [item for item in items if isinstance(item, ScheduleTask)]
    links = [item for item in items if isinstance(item, ScheduleLink)]
    given = Terms(at(start), **terms)  # type: ignore[arg-type]
    return schedule(Network(tasks, links, calendar=CHINA, terms=given))


def dates(result: Schedule, name: str) -> tuple[str, str]:
    return shown(result.start(name.encode())), shown(result.finish(name.encode()))


@pytest.mark.parametrize(
    ("type_", "lag", "expected"),
    [
        (LinkType.FS, 0, ("03-04 09:00", "03-05 18:00")),
        (LinkType.FS, DAY, ("03-05 09:00", "03-06 18:00")),
        (LinkType.FS, -DAY, ("03-03 09:00", "03-04 18:00")),
        (LinkType.SS, 240, ("03-02 14:00", "03-04 14:00")),
        (LinkType.FF, DAY, ("03-03 09:00", "03-04 18:00")),
        (LinkType.FF, -2 * DAY, ("03-02 09:00", "03-03 18:00")),
        (LinkType.SF, 2 * DAY, ("03-02 09:00", "03-03 18:00")),
    ],
)
def test_link_types_with_lag(type_: LinkType, lag: int, expected: tuple[str, str]) -> None:
    assert dates(plan(task("a", 2), task("b", 2), link("a", "b", type_, lag)), "b") == expected


def test_an_elapsed_lag_counts_nights_and_days_off() -> None:
    result = plan(task("a", 5), task("b"), link("a", "b", LinkType.FS, 3 * 1440, LagKind.ELAPSED))
    assert dates(result, "b") == ("03-10 09:00", "03-10 18:00")


def test_a_percentage_lag_counts_from_the_predecessors_duration() -> None:
    result = plan(task("a", 4), task("b"), link("a", "b", LinkType.FS, -5000, LagKind.PERCENT))
    assert dates(result, "b") == ("03-04 09:00", "03-04 18:00")


def test_an_elapsed_duration_runs_through_the_weekend() -> None:
    dry = ScheduleTask(b"dry", "dry", duration=2 * 1440, elapsed=True)
    result = plan(task("a", 5), dry, task("b"), link("a", "dry"), link("dry", "b"))
    assert dates(result, "dry") == ("03-06 18:00", "03-08 18:00")
    assert dates(result, "b") == ("03-09 09:00", "03-09 18:00")


@pytest.mark.parametrize(
    ("constraint", "day", "expected"),
    [
        (ConstraintType.SNET, "2026-03-05T09:00", ("03-05 09:00", "03-06 18:00")),
        (ConstraintType.SNET, "2026-03-07T09:00", ("03-09 09:00", "03-10 18:00")),
        (ConstraintType.FNET, "2026-03-06T18:00", ("03-05 09:00", "03-06 18:00")),
        (ConstraintType.SNLT, "2026-03-06T09:00", ("03-03 09:00", "03-04 18:00")),
        (ConstraintType.SNLT, "2026-03-02T09:00", ("03-02 09:00", "03-03 18:00")),
        (ConstraintType.FNLT, "2026-03-03T18:00", ("03-02 09:00", "03-03 18:00")),
        (ConstraintType.MSO, "2026-03-12T09:00", ("03-12 09:00", "03-13 18:00")),
        (ConstraintType.MFO, "2026-03-12T18:00", ("03-11 09:00", "03-12 18:00")),
        (ConstraintType.MSO, "2026-03-02T09:00", ("03-02 09:00", "03-03 18:00")),
    ],
)
def test_constraints_push_pull_and_fix(constraint: ConstraintType, day: str, expected: tuple[str, str]) -> None:
    result = plan(task("a"), task("b", 2, constraint=constraint, constraint_at=at(day)), link("a", "b"))
    assert dates(result, "b") == expected


def test_as_late_as_possible_takes_its_own_float_and_delays_nothing() -> None:
    late = task("late", 1, constraint=ConstraintType.ALAP)
    result = plan(task("a", 5), late, task("end"), link("a", "end"), link("late", "end"))
    assert dates(result, "late") == ("03-06 09:00", "03-06 18:00")
    assert dates(result, "end") == ("03-09 09:00", "03-09 18:00")
    assert result.dates(b"late").total_float == 0
    assert shown(result.dates(b"late").early_start) == "03-02 09:00"
    assert driver(result, b"late").kind is DriverKind.ALAP


def test_a_chain_of_late_tasks_stays_a_chain() -> None:
    alap = ConstraintType.ALAP
    result = plan(
        task("a", 10), task("b", 2, constraint=alap), task("c", 1, constraint=alap), task("end"),
        link("a", "end"), link("b", "c"), link("c", "end"),
    )  # fmt: skip
    assert dates(result, "b") == ("03-11 09:00", "03-12 18:00")
    assert dates(result, "c") == ("03-13 09:00", "03-13 18:00")


def test_a_deadline_never_moves_a_task_but_takes_its_float() -> None:
    result = plan(task("a", 3, deadline=at("2026-03-03T18:00")), task("long", 5))
    assert dates(result, "a") == ("03-02 09:00", "03-04 18:00")
    assert result.dates(b"a").total_float == -DAY
    assert result.dates(b"a").critical
    [found] = conflicts(result)
    assert found.kind is DriverKind.DEADLINE
    assert conflict_text(result, found).startswith("“a” misses its deadline 2026-03-03 18:00")


def test_a_pinned_task_stays_and_others_follow_it() -> None:
    pinned = task("a", 1, pinned=(at("2026-03-14T10:00"), at("2026-03-14T12:00")))
    result = plan(task("first", 20), pinned, task("b"), link("first", "a"), link("a", "b"))
    assert dates(result, "a") == ("03-14 10:00", "03-14 12:00")
    assert dates(result, "b") == ("03-16 09:00", "03-16 18:00")
    [found] = conflicts(result)
    assert (found.kind, found.task_id, found.chain) == (DriverKind.PIN, b"a", (b"first", b"a"))


def test_actual_dates_win_over_everything() -> None:
    started = task("a", 2, actual_start=at("2026-03-09T14:00"), remaining=DAY)
    result = plan(task("first", 1), started, task("b"), link("first", "a"), link("a", "b"))
    assert dates(result, "a") == ("03-09 14:00", "03-11 14:00")
    assert dates(result, "b") == ("03-11 14:00", "03-12 14:00")
    assert driver(result, b"a").kind is DriverKind.ACTUAL


def test_a_finished_task_has_no_float_and_is_not_critical() -> None:
    done = task("a", 2, actual_start=at("2026-03-02T09:00"), actual_finish=at("2026-03-03T18:00"))
    result = plan(done, task("b", 5))
    assert result.dates(b"a").total_float == 0
    assert not result.dates(b"a").critical


def test_a_milestone_stays_at_the_end_of_the_day_that_reaches_it() -> None:
    result = plan(task("a", 5), task("m", 0), link("a", "m"))
    assert dates(result, "m") == ("03-06 18:00", "03-06 18:00")


def test_a_milestone_that_must_be_on_a_saturday_is_on_that_saturday() -> None:
    event = task("event", 0, constraint=ConstraintType.MSO, constraint_at=at("2026-09-19T09:30"))
    assert dates(plan(task("a"), event, link("a", "event")), "event") == ("09-19 09:30", "09-19 09:30")


def test_the_spring_festival_and_its_make_up_day() -> None:
    result = plan(task("a", 5), task("b"), link("a", "b", LinkType.FS, DAY), start="2026-02-09T09:00")
    assert dates(result, "a") == ("02-09 09:00", "02-13 18:00")
    assert dates(result, "b") == ("02-24 09:00", "02-24 18:00")
    assert driver(result, b"b").waits
    assert reason(result, b"b") == "Starts after “a” finishes; days off lie between"


def test_a_persons_leave_moves_the_task_and_what_follows() -> None:
    leave = WorkingTime("leave", days={at("2026-03-03T00:00") // 1440: ()})
    result = plan(task("a", 2, calendar=leave), task("b"), link("a", "b"))
    assert dates(result, "a") == ("03-02 09:00", "03-04 18:00")
    assert dates(result, "b") == ("03-05 09:00", "03-05 18:00")


def test_a_shared_task_ends_with_the_last_of_its_people() -> None:
    saturday = WorkingTime("six", (((540, 720), (780, 1080)),) * 6 + ((),))
    shared = task("a", 6, parts=(WorkPart(saturday, 6 * DAY), WorkPart(CHINA, 5 * DAY)))
    assert dates(plan(shared), "a") == ("03-02 09:00", "03-07 18:00")


def test_an_interrupted_task_is_drawn_in_pieces() -> None:
    result = plan(task("a", 2, splits=(Split(DAY, DAY),)))
    assert dates(result, "a") == ("03-02 09:00", "03-04 18:00")
    assert [(shown(begin), shown(end)) for begin, end in segments(result, b"a")] == [
        ("03-02 09:00", "03-02 18:00"),
        ("03-04 09:00", "03-04 18:00"),
    ]


def test_a_link_to_a_summary_binds_all_its_leaves_and_one_from_it_waits_for_the_last() -> None:
    result = plan(
        task("s", 0), task("x", 1, parent_id=b"s"), task("y", 3, parent_id=b"s"), task("a", 2), task("z"),
        link("a", "s"), link("s", "z"),
    )  # fmt: skip
    assert dates(result, "x") == ("03-04 09:00", "03-04 18:00")
    assert dates(result, "y") == ("03-04 09:00", "03-06 18:00")
    assert dates(result, "s") == ("03-04 09:00", "03-06 18:00")
    assert dates(result, "z") == ("03-09 09:00", "03-09 18:00")
    assert result.dates(b"x").total_float == 2 * DAY
    assert result.dates(b"s").critical
    assert reason(result, b"x") == "Starts after “a” finishes"
    assert reason(result, b"s").startswith("Follows its subtasks")


def test_a_summarys_own_earliest_start_pushes_its_leaves() -> None:
    limit = at("2026-03-05T09:00")
    stage = task("s", 0, constraint=ConstraintType.SNET, constraint_at=limit)
    result = plan(stage, task("x", 1, parent_id=b"s"), task("y"))
    assert dates(result, "x") == ("03-05 09:00", "03-05 18:00")
    assert dates(result, "y") == ("03-02 09:00", "03-02 18:00")
    assert driver(result, b"x").kind is DriverKind.CONSTRAINT


def test_a_summarys_latest_finish_takes_the_float_of_its_leaves() -> None:
    stage = task("s", 0, constraint=ConstraintType.FNLT, constraint_at=at("2026-03-03T18:00"))
    result = plan(stage, task("x", 1, parent_id=b"s"), task("y", 5))
    assert result.dates(b"x").total_float == DAY


def test_backward_from_the_event_everything_sits_as_late_as_it_may() -> None:
    event = at("2026-03-13T18:00")
    backward = ScheduleDirection.BACKWARD
    items = (task("a", 2), task("b", 3), task("c", 1), link("a", "b"), link("b", "c"), task("free", 1))
    result = plan(*items, event=event, direction=backward)
    assert dates(result, "c") == ("03-13 09:00", "03-13 18:00")
    assert dates(result, "a") == ("03-06 09:00", "03-09 18:00")
    assert dates(result, "free") == ("03-13 09:00", "03-13 18:00")
    assert result.dates(b"a").total_float == 4 * DAY
    assert reason(result, b"c") == "As late as the event on 2026-03-13 18:00 allows"
    assert reason(result, b"a") == "Must finish before “b” starts"
    assert conflicts(result) == ()


def test_an_event_that_comes_too_early_shows_the_chain() -> None:
    event = at("2026-03-04T18:00")
    result = plan(
        task("a", 2), task("b", 3), link("a", "b"), task("short"), event=event, direction=ScheduleDirection.BACKWARD
    )
    assert result.dates(b"a").total_float == result.dates(b"b").total_float == -2 * DAY
    assert dates(result, "a") == ("02-27 09:00", "02-28 18:00")
    [found] = conflicts(result)
    assert (found.kind, found.chain) == (DriverKind.EVENT, (b"a", b"b"))
    assert conflict_text(result, found).endswith("a → b")


def test_backward_without_a_start_the_longest_chain_is_critical() -> None:
    items = [task("a", 2), task("b", 3), task("short", 1), link("a", "b")]
    network = Network(
        [item for item in items if isinstance(item, ScheduleTask)],
        [item for item in items if isinstance(item, ScheduleLink)],
        calendar=CHINA,
        terms=Terms(None, at("2026-03-13T18:00"), ScheduleDirection.BACKWARD),
    )
    result = schedule(network)
    assert shown(result.project_start) == "03-09 09:00"
    assert [result.dates(name).total_float for name in (b"a", b"b", b"short")] == [0, 0, 4 * DAY]


def test_forward_with_an_event_floats_count_to_the_event() -> None:
    result = plan(task("a", 2), event=at("2026-03-05T18:00"))
    assert result.dates(b"a").total_float == 2 * DAY


def test_constraints_that_contradict_links_are_reported_as_a_chain() -> None:
    result = plan(
        task("a", 2), task("b", 2), task("c", 1, constraint=ConstraintType.MSO, constraint_at=at("2026-03-04T09:00")),
        link("a", "b"), link("b", "c"),
    )  # fmt: skip
    [found] = conflicts(result)
    assert (found.kind, found.constraint, found.chain) == (
        DriverKind.CONSTRAINT,
        ConstraintType.MSO,
        (b"a", b"b", b"c"),
    )
    assert shown(found.possible) == "03-06 09:00"
    assert "Must start on 2026-03-04 09:00" in conflict_text(result, found)


def test_all_critical_paths_are_found() -> None:
    result = plan(
        task("a"), task("b", 2), task("c", 2), task("d"), task("slow", 1),
        link("a", "b"), link("a", "c"), link("b", "d"), link("c", "d"), link("a", "slow"), link("slow", "d"),
    )  # fmt: skip
    assert set(critical_paths(result)) == {(b"a", b"b", b"d"), (b"a", b"c", b"d")}
    assert critical_links(result) == {b"a-b", b"a-c", b"b-d", b"c-d"}
    assert driving_chain(result, b"d") == (b"a", b"b", b"d")


def test_free_float_is_the_room_before_the_next_task() -> None:
    result = plan(task("a", 3), task("b", 1), task("c"), link("a", "c"), link("b", "c"))
    assert result.dates(b"b").free_float == 2 * DAY
    assert result.dates(b"a").free_float == 0


def test_why_a_task_is_there() -> None:
    result = plan(
        task("a"), task("b", 1, constraint=ConstraintType.SNET, constraint_at=at("2026-03-10T09:00")), task("c"),
        task("p", 1, pinned=(at("2026-03-10T09:00"), at("2026-03-10T18:00"))),
        link("a", "b"), link("b", "c", LinkType.SS),
    )  # fmt: skip
    assert reason(result, b"a") == "Starts with the project on 2026-03-02 09:00"
    assert reason(result, b"b") == "Start no earlier than 2026-03-10 09:00"
    assert reason(result, b"c") == "Starts with “b”"
    assert reason(result, b"p") == "Pinned by hand on 2026-03-10 09:00"


def test_loops_name_their_tasks_whatever_they_pass_through() -> None:
    with pytest.raises(RuleError) as caught:
        plan(task("a"), task("b"), task("c"), link("a", "b"), link("b", "c"), link("c", "a"))
    assert set(caught.value.details) == {"a", "b", "c"}
    with pytest.raises(RuleError) as caught:
        plan(task("s", 0), task("x", 1, parent_id=b"s"), task("y"), link("s", "y"), link("y", "x"))
    assert set(caught.value.details) == {"s", "x", "y"}
    with pytest.raises(RuleError):
        plan(task("a"), link("a", "a"))
    with pytest.raises(RuleError):
        plan(task("a", 1, parent_id=b"b"), task("b", 1, parent_id=b"a"))


def test_refused_targets_are_exactly_the_links_that_would_make_a_loop() -> None:
    items = (
        task("s", 0), task("x", 1, parent_id=b"s"), task("y", 1, parent_id=b"s"), task("a"), task("b"), task("c"),
        link("a", "s"), link("y", "b"),
    )  # fmt: skip
    result = plan(*items)
    for source in result.ids:
        refused = result.network.refused_targets(source)
        for target in result.ids:
            new = ScheduleLink(b"new", source, target)
            try:
                reschedule(result, Changes(links=(new,)))
                looped = False
            except RuleError:
                looped = True
            assert looped == (target in refused), (source, target)


def test_a_plan_that_runs_past_2200_is_refused_by_name() -> None:
    with pytest.raises(InputError) as caught:
        plan(task("endless", 100_000))
    assert caught.value.details == ("endless",)


def test_a_calendar_without_work_is_refused_by_name() -> None:
    idle = WorkingTime("nobody", ((),) * 7)
    with pytest.raises(InputError, match="nobody"):
        plan(task("a", 1, calendar=idle))


def test_plans_far_from_today_are_computed_as_well() -> None:
    result = plan(task("a", 2000), start="1950-01-02T09:00")
    assert CHINA.between(result.project_start, result.project_finish) == 2000 * DAY
    again = schedule(Network([replace(task("a", 2000))], [], calendar=CHINA, terms=Terms(at("2150-01-05T09:00"))))
    assert CHINA.between(again.project_start, again.project_finish) == 2000 * DAY


def test_an_empty_plan_has_no_dates() -> None:
    result = plan()
    assert len(result) == 0
    assert result.project_start == result.project_finish == at("2026-03-02T09:00")

"""Recurring tasks: one undo step, working days, and making them anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qihua_desktop.domain.recurrence import Every, Recurrence
from qihua_desktop.services import plan
from qihua_desktop.services.plan_recurring import RecurringTask, add_recurring, find_recurring, replace_recurring
from tests.services.plan_samples import PlanSample, add_person, open_sample, text, three_in_a_row

WEEKLY = RecurringTask("周报", 60, None, Recurrence(Every.WEEK, 1, date(2026, 9, 21), 0, until=date(2026, 10, 20)))


@pytest.fixture
def sample(tmp_path: Path) -> Iterator[PlanSample]:
    found = open_sample(tmp_path)
    yield found
    found.session.workspace.close()


def below(sample: PlanSample, name: str) -> list[tuple[str, str]]:
    """Return names and starts of what is below a row."""
    state = sample.state
    summary = next(task.id for task in state.tasks.values() if task.name == name)
    return [(state.tasks[row.id].name, text(state.start(row.id))) for row in state.outline if row.parent_id == summary]


def test_occurrences_leave_out_the_holidays_and_are_one_step(sample: PlanSample) -> None:
    three_in_a_row(sample)
    before = sample.content()
    add_recurring(sample.session, sample.project.id, WEEKLY, sample.ids["调研"])
    assert below(sample, "周报") == [
        ("周报 2026-09-21", "09-21 09:00"),
        ("周报 2026-09-28", "09-28 09:00"),
        ("周报 2026-10-08", "10-08 09:00"),
        ("周报 2026-10-12", "10-12 09:00"),
        ("周报 2026-10-19", "10-19 09:00"),
    ]
    tops = [sample.state.tasks[row.id].name for row in sample.state.outline if row.parent_id is None]
    assert tops == ["调研", "周报", "策划", "审批"]
    sample.session.undo()
    assert sample.content() == before


def test_a_new_rule_replaces_occurrences_only_and_undo_restores(sample: PlanSample) -> None:
    summary = add_recurring(sample.session, sample.project.id, WEEKLY).added[0]
    own = plan.add_task(sample.session, sample.project.id, "附件整理", parent_id=summary).added[0]
    first = next(row.id for row in sample.state.outline if row.parent_id == summary)
    plan.set_progress(sample.session, sample.project.id, (first,), 5000)
    found = find_recurring(sample.state, first)
    assert found is not None
    assert (found.summary_id, found.task, found.occurrences, found.begun) == (summary, WEEKLY, 5, 1)
    before = sample.content()
    rule = Recurrence(Every.MONTH, 1, date(2026, 9, 15), count=2)
    replace_recurring(sample.session, sample.project.id, summary, replace(WEEKLY, name="月报", rule=rule))
    assert [name for name, _start in below(sample, "月报")] == ["附件整理", "月报 2026-09-15", "月报 2026-10-15"]
    assert own in sample.state.tasks
    sample.session.undo()
    assert sample.content() == before


def test_a_day_off_of_the_owner_moves_the_occurrence(sample: PlanSample) -> None:
    from qihua_desktop.domain.ids import new_id
    from qihua_desktop.domain.plan import CalendarDay

    person = add_person(sample, "周航")
    with sample.session.edit("休假") as edit:
        from db import tables

        tables.calendar_days.insert(
            edit, CalendarDay(new_id(), None, person.id, date(2026, 9, 7), working=False, hours="", name="")
        )
    rule = Recurrence(Every.WEEK, 1, date(2026, 9, 7), 0, count=1)
    add_recurring(sample.session, sample.project.id, RecurringTask("周报", 60, person.id, rule))
    assert below(sample, "周报") == [("周报 2026-09-08", "09-08 09:00")]


def test_other_rows_are_not_recurring(sample: PlanSample) -> None:
    three_in_a_row(sample)
    assert find_recurring(sample.state, sample.ids["策划"]) is None

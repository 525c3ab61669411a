"""A new project from a past one: by working days, with owners, without progress."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.people import Department, Role
from qihua_desktop.domain.plan import ConstraintType, ScheduleDirection, day_of, day_start
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.services import plan, projects
from qihua_desktop.services.plan_state import plan_state
from qihua_desktop.services.project_copy import past_projects, past_workflow, project_key
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import event_project, fresh_session, new_project, person


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    found = fresh_session(tmp_path)
    person(found, "周航", Department.PLANNING, Role.SPECIALIST_EVENT)
    yield found
    found.workspace.close()


def copy(session: Session, source: Project, day: date, **changes: object) -> Project:
    """Make a project from another one at a new event day."""
    wanted = replace(new_project(name="再来一次"), template_key=project_key(source.id), key_on=day)
    return projects.create_project(session, replace(wanted, **changes))  # type: ignore[arg-type]


def test_every_task_keeps_its_working_days_to_the_event(session: Session) -> None:
    source = event_project(session)
    again = copy(session, source, date(2026, 12, 12))
    old, new = plan_state(session, source.id), plan_state(session, again.id)
    assert len(new.tasks) == len(old.tasks)
    assert len(new.links) == len(old.links)
    for first, second in zip(old.outline, new.outline, strict=True):
        one, two = old.tasks[first.id], new.tasks[second.id]
        assert (one.name, one.duration, one.owner_id, first.level) == (
            two.name,
            two.duration,
            two.owner_id,
            second.level,
        )
        if not first.has_children and one.constraint is ConstraintType.ALAP:
            left = old.calendar.between(one.start, _event(old))
            assert left == new.calendar.between(two.start, _event(new))


def _event(state: plan.PlanState) -> int:
    return day_start(state.project.key_on)


def test_progress_actual_dates_and_sign_marks_are_cleared_and_owners_stay(session: Session) -> None:
    source = event_project(session)
    state = plan_state(session, source.id)
    leaf = next(row.id for row in state.outline if not row.has_children)
    helper = person(session, "赵明", Department.ADMIN, Role.REVIEWER)
    plan.set_progress(session, source.id, (leaf,), 10_000)
    plan.set_owner(session, source.id, (leaf,), helper.id)
    name = state.tasks[leaf].name
    again = copy(session, source, date(2026, 12, 12))
    task = next(one for one in tables.tasks.all(session.workspace, project_id=again.id) if one.name == name)
    assert (task.progress, task.actual_start, task.actual_finish, task.owner_id) == (0, None, None, helper.id)
    documents = tables.project_documents.all(session.workspace, project_id=again.id)
    assert documents
    assert all(one.produced_ms is None for one in documents)


def test_tasks_of_people_who_left_are_named_and_have_no_owner(session: Session) -> None:
    source = event_project(session)
    leaf = next(row.id for row in plan_state(session, source.id).outline if not row.has_children)
    helper = person(session, "赵明", Department.ADMIN, Role.REVIEWER)
    plan.set_owner(session, source.id, (leaf,), helper.id)
    with session.edit("离岗") as edit:
        tables.people.update(edit, helper.id, active=False)
    wanted = replace(new_project(), template_key=project_key(source.id), key_on=date(2026, 12, 12))
    preview = projects.preview_template(session, wanted)
    assert any("离岗" in words for words in preview.warnings)
    again = projects.create_project(session, wanted)
    assert all(task.owner_id != helper.id for task in tables.tasks.all(session.workspace, project_id=again.id))


def test_dated_constraints_and_deadlines_move_by_working_days(session: Session) -> None:
    source = event_project(session)
    added = plan.add_task(session, source.id, "样品确认", at=_at(date(2026, 9, 14))).added[0]
    plan.set_deadline(session, source.id, (added,), _at(date(2026, 9, 15), 18))
    again = copy(session, source, date(2026, 9, 26))
    task = next(one for one in tables.tasks.all(session.workspace, project_id=again.id) if one.name == "样品确认")
    assert task.constraint is ConstraintType.SNET
    assert task.constraint_at is not None
    assert task.deadline is not None
    # From 14 September there are five working days to the event on the 19th; before the 26th, 25 September is off
    # and Sunday 20 September is worked.
    assert day_of(task.constraint_at) == date(2026, 9, 20)
    assert day_of(task.deadline) == date(2026, 9, 21)


def _at(day: date, hour: int = 9) -> int:
    return day_start(day) + hour * 60


def test_a_plan_can_be_turned_around_on_the_way(session: Session) -> None:
    source = event_project(session)
    again = copy(session, source, date(2026, 11, 2), direction=ScheduleDirection.FORWARD)
    state = plan_state(session, again.id)
    assert day_of(state.schedule.project_start) >= date(2026, 11, 2)
    assert not any(task.constraint is ConstraintType.ALAP for task in state.tasks.values())


def test_it_is_one_step_and_past_projects_are_offered_by_kind(session: Session) -> None:
    source = event_project(session)
    (offered,) = past_projects(session, ProjectKind.EVENT)
    assert offered.key == project_key(source.id)
    assert past_projects(session, ProjectKind.BRAND) == ()
    assert [stage.name for stage in past_workflow(session, offered.key).stages] == [
        stage.name for stage in tables.stages.all(session.workspace, project_id=source.id)
    ]
    copy(session, source, date(2026, 12, 12))
    session.undo()
    assert [one.id for one in tables.projects.all(session.workspace)] == [source.id]
    projects.delete_project(session, source.id)
    with pytest.raises(InputError):
        copy(session, source, date(2026, 12, 12))

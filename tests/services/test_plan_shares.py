"""Several people on a task: their calendars decide its dates, everything follows edits, undo, removal and deletion."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, id_text
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.plan import ScheduleDirection, day_of
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.services import people
from qihua_desktop.services.plan import add_task, set_duration, set_owner
from qihua_desktop.services.plan_calendar import DayChange, change_days
from qihua_desktop.services.plan_load import owners, weekly_load
from qihua_desktop.services.plan_shares import Share, person_week, set_person_week, set_shares, shares_of, shares_text
from qihua_desktop.services.plan_state import load_state, plan_state
from qihua_desktop.services.plan_view import plan_view
from qihua_desktop.services.project_copy import lay_out_copy, project_key
from qihua_desktop.services.projects import NewProject, create_project, delete_project
from qihua_desktop.services.session import Session
from qihua_desktop.services.templates import save_as_template
from tests.services.workspace_samples import fresh_session, person

MONDAY = date(2026, 8, 3)
DAY = ((540, 720), (780, 1080))


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = fresh_session(tmp_path)
    yield opened
    opened.workspace.close()


@pytest.fixture
def project(session: Session) -> Project:
    new = NewProject("P", ProjectKind.BRAND, "brand", ScheduleDirection.FORWARD, MONDAY, None, "", 0)
    made = create_project(session, new)
    with session.edit("clear") as edit:
        tables.tasks.delete(edit, *(task.id for task in tables.tasks.all(edit, project_id=made.id)))
    return made


@pytest.fixture
def pair(session: Session) -> tuple[Person, Person]:
    return (
        person(session, "张伟", Department.DESIGN, Role.CREW),
        person(session, "李娜", Department.DESIGN, Role.CREW),
    )


@pytest.fixture
def task(session: Session, project: Project) -> EntityId:
    return add_task(session, project.id, "搭建", duration=960).added[0]


def share(one: Person, units: int = 10_000) -> Share:
    return Share(one.id, one.name, units)


def finish_day(session: Session, project: Project, task: EntityId) -> date:
    state = plan_state(session, project.id)
    assert state.finish(task) == load_state(session.workspace, project.id).finish(task)
    assert state.task(task).finish == state.finish(task)
    return day_of(state.finish(task))


def test_the_one_who_is_away_longest_decides_the_finish(
    session: Session, project: Project, pair: tuple[Person, Person], task: EntityId
) -> None:
    set_shares(session, project.id, task, (share(pair[0]), share(pair[1], 5_000)))
    assert shares_text(plan_state(session, project.id), task) == "张伟、李娜 50%"
    assert finish_day(session, project, task) == date(2026, 8, 4)
    change_days(session, DayChange(date(2026, 8, 4), date(2026, 8, 5), working=False), person_id=pair[1].id)
    assert finish_day(session, project, task) == date(2026, 8, 6)
    assert set_person_week(session, pair[1].id, (DAY, (), (), (), DAY, (), ())) == 1
    assert person_week(session, pair[1].id)[4] == DAY
    assert finish_day(session, project, task) == date(2026, 8, 7)
    session.workspace.undo()
    assert finish_day(session, project, task) == date(2026, 8, 6)


def test_undo_takes_shares_back_and_a_longer_task_stretches_everybody(
    session: Session, project: Project, pair: tuple[Person, Person], task: EntityId
) -> None:
    set_shares(session, project.id, task, (share(pair[0]), Share(pair[1].id, "", 10_000, 480)))
    set_duration(session, project.id, (task,), 1920)
    assert [one.minutes for one in shares_of(plan_state(session, project.id), task)] == [None, 960]
    session.workspace.undo()
    session.workspace.undo()
    assert shares_of(plan_state(session, project.id), task) == ()
    assert tables.assignments.count(session.workspace) == 0


def test_a_new_owner_takes_the_lead_and_is_not_named_twice(
    session: Session, project: Project, pair: tuple[Person, Person], task: EntityId
) -> None:
    set_shares(session, project.id, task, (share(pair[0]), share(pair[1])))
    set_owner(session, project.id, (task,), pair[1].id)
    assert shares_text(plan_state(session, project.id), task) == "李娜"


def test_the_table_shows_the_team_at_once(
    session: Session, project: Project, pair: tuple[Person, Person], task: EntityId
) -> None:
    set_owner(session, project.id, (task,), pair[0].id)
    before = plan_view(session, project.id)
    set_shares(session, project.id, task, (share(pair[0]), share(pair[1])))
    after = plan_view(session, project.id, before=before)
    assert after.by_id[task].team == "张伟、李娜"
    assert before.by_id[task].team == ""


def test_everybody_of_a_task_is_loaded_with_their_share(
    session: Session, project: Project, pair: tuple[Person, Person], task: EntityId
) -> None:
    set_shares(session, project.id, task, (share(pair[0]), share(pair[1], 5_000)))
    state = plan_state(session, project.id)
    found = {owner.name: owner for owner in owners(state)}
    assert set(found) == {"张伟", "李娜"}
    assert [weekly_load(session, state, found[name])[0].planned for name in ("张伟", "李娜")] == [960, 480]


def test_removing_a_person_or_the_project_leaves_nothing_behind(
    session: Session, project: Project, pair: tuple[Person, Person], task: EntityId
) -> None:
    set_shares(session, project.id, task, (share(pair[0]), share(pair[1])))
    set_person_week(session, pair[1].id, (DAY, DAY, DAY, (), (), (), ()))
    people.remove_person(session, pair[1].id)
    assert shares_text(plan_state(session, project.id), task) == "张伟"
    assert tables.person_weeks.count(session.workspace) == 0
    delete_project(session, project.id)
    assert tables.assignments.count(session.workspace) == 0


def test_shares_that_cannot_be_are_refused(
    session: Session, project: Project, pair: tuple[Person, Person], task: EntityId
) -> None:
    with pytest.raises(InputError):
        set_shares(session, project.id, task, (share(pair[0], 0),))
    with pytest.raises(InputError):
        set_shares(session, project.id, task, [Share(None, f"人 {at}") for at in range(60)])
    with pytest.raises(InputError):
        set_person_week(session, pair[0].id, ((), (), (), (), (), (), ()))


def copied_team(session: Session, key: str) -> str:
    new = NewProject("Q", ProjectKind.BRAND, key, ScheduleDirection.FORWARD, MONDAY, None, "", 0)
    state = plan_state(session, create_project(session, new).id)
    task = next(one.id for one in state.tasks.values() if one.name == "搭建")
    assert state.task(task).finish == state.finish(task)
    return shares_text(state, task)


def test_a_copied_project_takes_everybody_along_and_a_template_their_roles(
    session: Session, project: Project, pair: tuple[Person, Person], task: EntityId
) -> None:
    set_shares(session, project.id, task, (share(pair[0]), share(pair[1], 5_000), Share(None, "外协", 2_500)))
    assert copied_team(session, project_key(project.id)) == "张伟、李娜 50%、外协 25%"
    template = save_as_template(session, project.id, "T")
    assert copied_team(session, id_text(template.id)) == "张伟、外协 25%"  # both are of one role


def test_who_left_is_not_copied_and_the_copy_says_so(
    session: Session, project: Project, pair: tuple[Person, Person], task: EntityId
) -> None:
    set_shares(session, project.id, task, (share(pair[0]), share(pair[1])))
    with session.edit("leave") as edit:
        tables.people.update(edit, pair[1].id, active=False)
    new = NewProject("Q", ProjectKind.BRAND, project_key(project.id), ScheduleDirection.FORWARD, MONDAY, None, "", 0)
    laid = lay_out_copy(session, new, "QH-1")
    assert not laid.shares
    assert any("1 个任务" in line for line in laid.warnings)

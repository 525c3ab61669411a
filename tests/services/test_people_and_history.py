"""People and PINs, the company, the strategy tree, search and the readable history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import tables
from qihua_desktop.domain.errors import InputError, UndoConflict
from qihua_desktop.domain.history import RowOperation
from qihua_desktop.domain.people import Department, Role
from qihua_desktop.services import budget, history, people, projects, settings, strategy
from qihua_desktop.services.search import SearchIndex, pinyin_keys
from qihua_desktop.services.session import Session
from qihua_desktop.services.settings import CompanyProfile
from tests.services.workspace_samples import event_project, fresh_session, person

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    opened = fresh_session(tmp_path)
    yield opened
    opened.workspace.close()


def test_a_pin_is_stored_as_a_hash_and_checked(session: Session) -> None:
    finance = person(session, "何静", Department.FINANCE, Role.REVIEWER)
    with pytest.raises(InputError):
        people.check_pin(session, finance.id, "2468")
    people.set_pin(session, finance.id, "2468")
    people.check_pin(session, finance.id, "2468")
    with pytest.raises(InputError):
        people.check_pin(session, finance.id, "2469")
    stored = tables.people.get(session.workspace, finance.id).pin_hash
    assert stored.startswith("$argon2id$")
    assert "2468" not in stored
    with pytest.raises(InputError):
        people.set_pin(session, finance.id, "1357", old_pin="0000")
    people.set_pin(session, finance.id, "1357", old_pin="2468")
    people.check_pin(session, finance.id, "1357")


def test_a_forgotten_pin_is_replaced_when_a_manager_vouches(session: Session) -> None:
    finance = person(session, "何静", Department.FINANCE, Role.REVIEWER)
    legal = person(session, "顾衡", Department.LEGAL, Role.REVIEWER)
    assert session.actor is not None
    people.set_pin(session, finance.id, "2468")
    people.set_pin(session, legal.id, "8642")
    assert people.vouchers(session, finance.id) == ()
    people.set_pin(session, session.actor.id, "1357")
    assert [one.id for one in people.vouchers(session, finance.id)] == [session.actor.id]
    with pytest.raises(InputError):
        people.reset_pin(session, finance.id, "9753", legal.id, "8642")
    with pytest.raises(InputError):
        people.reset_pin(session, finance.id, "9753", session.actor.id, "0000")
    with pytest.raises(InputError):
        people.reset_pin(session, session.actor.id, "9753", session.actor.id, "1357")
    people.reset_pin(session, finance.id, "9753", session.actor.id, "1357")
    people.check_pin(session, finance.id, "9753")
    assert "林晓岚" in history.history(session)[0].label


@pytest.mark.parametrize("pin", ["", "123", "1" * 13, "12a4", "１２３４", "0000", "12 34"])
def test_weak_or_odd_pins_are_refused(session: Session, pin: str) -> None:
    finance = person(session, "何静", Department.FINANCE, Role.REVIEWER)
    with pytest.raises(InputError):
        people.set_pin(session, finance.id, pin)


def test_somebody_who_left_no_trace_is_deleted(session: Session) -> None:
    crew = person(session, "临时", Department.EXTERNAL, Role.CREW)
    people.remove_person(session, crew.id)
    assert tables.people.find(session.workspace, crew.id) is None
    session.undo()
    assert tables.people.get(session.workspace, crew.id).name == "临时"


def test_the_present_person_follows_a_change_of_name(session: Session) -> None:
    assert session.actor is not None
    people.update_person(session, session.actor.id, name="林晓岚 2")
    assert session.actor.name == "林晓岚 2"


def test_the_company_with_its_logo_is_kept_in_the_workspace(session: Session) -> None:
    profile = CompanyProfile("青禾", "91310000MA1FL0QH5X", "上海", "021", PNG)
    settings.save_company(session, profile)
    assert settings.company(session) == profile
    with pytest.raises(InputError):
        settings.save_company(session, CompanyProfile("青禾", logo=b"GIF89a"))
    assert settings.company(session) == profile
    session.undo()
    assert settings.company(session) == CompanyProfile()


def test_projects_hang_under_programmes_and_survive_their_deletion(session: Session) -> None:
    year = strategy.add_strategy(session, 2026, "品牌升级")
    theme = strategy.add_programme(session, year.id, 3, "秋日上新")
    made = event_project(session)
    assert strategy.unassigned(session) == (projects.project(session, made.id),)
    strategy.assign_project(session, made.id, theme.id)
    tree = strategy.strategy_tree(session)
    assert tree[0].programmes[0].projects[0].id == made.id
    strategy.delete_strategy(session, year.id)
    assert projects.project(session, made.id).programme_id is None
    session.undo()
    assert strategy.strategy_tree(session)[0].programmes[0].projects[0].id == made.id
    with pytest.raises(InputError):
        strategy.add_programme(session, year.id, 5, "x")
    with pytest.raises(InputError):
        strategy.add_strategy(session, 26, "x")


def test_search_finds_chinese_pinyin_initials_and_numbers(session: Session) -> None:
    made = event_project(session)
    index = SearchIndex()
    index.prepare(session)

    def first(query: str) -> str:
        return index.search(query)[0].title

    assert first("快闪") == "秋季新品快闪店"
    assert first("qjxp") == "秋季新品快闪店"
    assert first("kuaishan") == "秋季新品快闪店"
    assert first(made.number.lower()) == "秋季新品快闪店"
    hit = next(hit for hit in index.search("cdqy") if hit.table == "task")
    assert (hit.title, hit.page_key, hit.project_id) == ("场地签约（行政部）", "gantt", made.id)
    assert index.search("zzzzzz") == ()
    assert index.search("   ") == ()


@pytest.mark.parametrize(("name", "initials"), [("曾小贤", "cxx"), ("重庆展", "cqz"), ("单雄信", "sxx")])
def test_ambiguous_characters_are_found_by_each_reading(name: str, initials: str) -> None:
    assert initials in pinyin_keys(name)[0]


def test_history_tells_from_what_to_what_in_words(session: Session) -> None:
    made = event_project(session)
    row = budget.load_budget(session, made.id).categories[0]
    budget.set_percent(session, row.line.id, 2800)
    entry = history.history(session, made.id)[0]
    assert entry.label == "场地费 30.0% → 28.0%"
    changes = {change.name: change for change in history.entry_changes(session, entry.seq)}
    amount = next(field for field in changes["场地费"].fields if field.label == "金额")
    assert (amount.old, amount.new) == ("180,000.00", "168,000.00")
    assert changes["场地费"].operation is RowOperation.CHANGED
    assert changes["场地费"].table_label == "预算明细"


def test_history_of_a_project_leaves_others_out(session: Session) -> None:
    first, second = event_project(session), event_project(session, name="第二个")
    projects.update_project(session, second.id, venue="广场")
    labels = [entry.label for entry in history.history(session, first.id)]
    assert labels == ["新建项目“秋季新品快闪店”"]


def test_undo_to_here_is_one_edit_that_can_be_undone(session: Session) -> None:
    made = event_project(session)
    start = session.workspace.head()[0]
    for venue in ("甲", "乙", "丙"):
        projects.update_project(session, made.id, venue=venue)
    history.undo_to(session, start, made.id)
    assert projects.project(session, made.id).venue == ""
    assert session.workspace.head()[0] == start + 4
    session.undo()
    assert projects.project(session, made.id).venue == "丙"


def test_undo_to_here_is_refused_by_name_when_something_depends_on_it(session: Session) -> None:
    start = session.workspace.head()[0]
    other = event_project(session, name="母项目")
    theme_year = strategy.add_strategy(session, 2026, "年")
    theme = strategy.add_programme(session, theme_year.id, 1, "主题")
    strategy.assign_project(session, other.id, theme.id)
    with session.edit("unrelated edit of the same row") as edit:
        tables.projects.update(edit, other.id, venue="改过")
    with pytest.raises(UndoConflict):
        history.undo_to(session, start, other.id)
    assert projects.project(session, other.id).venue == "改过"

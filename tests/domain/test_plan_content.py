from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop import i18n
from qihua_desktop.domain.canonical import canonical_text, parse_canonical
from qihua_desktop.domain.content_difference import ChangeKind, changes_of, content_differences
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.plan_content import (
    FIELD_DIMENSIONS,
    PlanSource,
    build_content,
    content_hashes,
    content_rows,
    dimensions_text,
    field_dimensions,
    read_content,
    read_dimensions,
)
from qihua_desktop.domain.project import Attachment
from qihua_desktop.domain.review import Dimension
from tests.domain import rows
from tests.domain.budget_rows import line

BUDGET, COMPLIANCE, FEASIBILITY = Dimension.BUDGET, Dimension.COMPLIANCE, Dimension.FEASIBILITY
VENUE = line("场地费", 18000000, number=11, position=0)


@pytest.fixture(autouse=True)
def english(monkeypatch):
    monkeypatch.setattr(i18n, "_translations", i18n.gettext.NullTranslations())


def source(**changes):
    values: dict[str, Any] = {
        "document": rows.PLAN_DOCUMENT,
        "project": rows.project(),
        "sections": [rows.section(1), rows.section(2, key="flow", title="活动流程", body="开场", position=1)],
        "stages": [rows.stage()],
        "tasks": [rows.task(1), rows.task(2, parent_id=rows.key(1), name="布展")],
        "budget": rows.budget(),
        "lines": [VENUE, line("租赁", 15000000, parent=VENUE.id, number=12, position=0)],
        "risks": [rows.risk()],
    }
    return PlanSource(**(values | changes))


BASE = build_content(source())


def changed_dimensions(content, before=BASE):
    old, new = content_hashes(before), content_hashes(content)
    stale = {each for each in Dimension if old.dimensions[each] != new.dimensions[each]}
    assert bool(stale) == (old.content != new.content)
    return stale


def test_content_is_canonical_and_readable_again():
    assert read_content(canonical_text(BASE)) == parse_canonical(canonical_text(BASE))
    with pytest.raises(InputError):
        read_content("[]")


def test_the_order_rows_arrive_in_does_not_matter():
    shuffled = source(tasks=source().tasks[::-1], lines=source().lines[::-1], sections=source().sections[::-1])
    assert build_content(shuffled) == BASE


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"lines": [VENUE]}, {BUDGET, COMPLIANCE}),
        ({"lines": [replace(VENUE, amount=18000001), source().lines[1]]}, {BUDGET}),
        ({"lines": [replace(VENUE, supplier="恒隆"), source().lines[1]]}, {BUDGET, COMPLIANCE}),
        ({"budget": rows.budget(total=1)}, {BUDGET}),
        ({"tasks": [rows.task(1, start=999), source().tasks[1]]}, {FEASIBILITY}),
        ({"tasks": [rows.task(1)]}, {FEASIBILITY}),
        ({"project": rows.project(key_on=date(2026, 9, 20))}, {FEASIBILITY}),
        ({"project": rows.project(goal="别的")}, set(Dimension)),
        ({"risks": [rows.risk(notice="改")]}, {FEASIBILITY, COMPLIANCE}),
        ({"risks": [rows.risk(contingency="改")]}, {FEASIBILITY}),
        ({"sections": [rows.section(1, body="改"), source().sections[1]]}, set(Dimension)),
        ({"sections": [source().sections[0], replace(source().sections[1], body="改")]}, {FEASIBILITY}),
        (
            {"attachments": [Attachment(rows.key(5), None, None, "合同.pdf", "application/pdf", 3, "a" * 64, 0)]},
            set(Dimension),
        ),
    ],
)
def test_a_change_voids_exactly_the_dimensions_it_is_about(change, expected):
    assert changed_dimensions(build_content(source(**change))) == expected


@pytest.mark.parametrize(
    "change",
    [
        {"tasks": [rows.task(1, progress=5000, notes="x", actual_start=7), source().tasks[1]]},
        {"lines": [replace(VENUE, notes="private", colour="brand"), source().lines[1]]},
        {"budget": rows.budget(notes="private", version=7)},
        {"project": rows.project(created_ms=5, stage_id=rows.key(1))},
    ],
)
def test_private_notes_progress_and_layout_are_not_content(change):
    assert changed_dimensions(build_content(source(**change))) == set()


def test_reordering_rows_voids_their_dimension():
    first, second = line("a", 1, number=21, position=0), line("b", 1, number=22, position=1)
    one = build_content(source(lines=[first, second]))
    other = build_content(source(lines=[replace(first, position=1), replace(second, position=0)]))
    assert BUDGET in changed_dimensions(other, one)
    assert [change.kind for change in content_differences(one, other)] == [ChangeKind.MOVED]


def test_a_field_without_a_mapping_belongs_to_all_dimensions():
    assert field_dimensions("lines", "unheard_of") == frozenset(Dimension)
    assert changed_dimensions({**BASE, "budget": {"total": 60000000, "pool": 1}}) == set(Dimension)


def test_the_mapping_names_only_fields_that_exist():
    known = {f"{group}.{name}" for group, value in BASE.items() if isinstance(value, dict) for name in value}
    known |= {f"{group}.{name}" for group in BASE for row in content_rows(BASE, group) for name in row}
    assert set(FIELD_DIMENSIONS) <= known


def test_every_budget_and_task_field_is_content_or_left_out_on_purpose():
    left_out = {
        "tasks": {
            "project_id",
            "position",
            "elapsed",
            "mode",
            "constraint",
            "constraint_at",
            "progress",
            "units",
            "fixed_duration",
        }
        | {"actual_start", "actual_finish", "priority", "notes", "external_ref", "splits"},
        "lines": {"project_id", "position", "colour", "task_id", "notes", "supplier_id", "pool_id"},
    }
    names = {"parent_id": "parent", "stage_id": "stage", "owner_id": "owner", "owner_text": "owner"}
    for group, example in (("tasks", rows.task()), ("lines", VENUE)):
        present = set(content_rows(BASE, group)[0])
        stored = {names.get(each.name, each.name) for each in fields(example)} - left_out[group]
        assert stored == present


def test_dimension_fingerprints_are_stored_and_read_back():
    hashes = content_hashes(BASE)
    assert read_dimensions(dimensions_text(hashes)) == hashes.dimensions
    assert read_dimensions("{}") == read_dimensions("nonsense") == {}


# differences


def test_equal_contents_have_no_differences():
    assert content_differences(BASE, build_content(source())) == ()


def test_differences_say_what_changed_from_what_to_what():
    new = build_content(
        source(
            lines=[replace(VENUE, amount=18500000, name="场地"), line("保险", 500000, number=13, position=1)],
            tasks=[rows.task(1, milestone=True), source().tasks[1]],
            project=rows.project(venue=""),
        )
    )
    assert [change.words() for change in content_differences(BASE, new)] == [
        "Project venue: 上海恒隆广场 → none",
        "Task “Task” milestone: no → yes",
        "Budget line “租赁” (150,000.00): removed",
        "Budget line “场地” name: 场地费 → 场地",
        "Budget line “场地” amount: 180,000.00 → 185,000.00",
        "Budget line “保险” (5,000.00): added",
    ]


def test_long_texts_are_shown_where_they_differ():
    body = "很长的一段" * 100
    old = build_content(source(sections=[rows.section(1, body=body + "甲")]))
    new = build_content(source(sections=[rows.section(1, body=body + "乙")]))
    (change,) = content_differences(old, new)
    assert change.words().count("甲") == change.words().count("乙") == 1
    assert len(change.words()) < 200
    assert change.after == body + "乙"


LINES = st.lists(
    st.builds(
        lambda number, name, amount: (number, name, amount),
        st.integers(30, 36),
        st.sampled_from("甲乙丙"),
        st.integers(0, 3),
    ),
    unique_by=lambda row: row[0],
    max_size=6,
)


@settings(max_examples=60)
@given(LINES, LINES)
def test_there_is_a_difference_exactly_when_a_dimension_changed(one, other):
    old, new = (build_content(source(lines=_numbered(each))) for each in (one, other))
    changes = content_differences(old, new)
    before, after = content_hashes(old), content_hashes(new)
    for dimension in Dimension:
        assert bool(changes_of(changes, dimension)) == (before.dimensions[dimension] != after.dimensions[dimension])
    assert all(change.words() for change in changes)


def _numbered(drawn):
    return [line(name, amount, number=number, position=at) for at, (number, name, amount) in enumerate(drawn)]

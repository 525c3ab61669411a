from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain import tree
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.numbering import document_number, next_document_number, read_document_number, wbs_numbers
from qihua_desktop.domain.tree import Placement


def key(name):
    return EntityId(str(name).encode().rjust(16, b"\0"))


@dataclass(frozen=True)
class Node:
    id: EntityId
    parent_id: EntityId | None
    position: int


def forest(text):
    """Read an indented outline: one name per line, two spaces per level."""
    rows, path, counts = [], [], {}
    for entry in text.strip("\n").splitlines():
        level = (len(entry) - len(entry.lstrip())) // 2
        path = path[:level]
        parent = path[-1] if path else None
        counts[parent] = counts.get(parent, -1) + 1
        rows.append(Node(key(entry.strip()), parent, counts[parent]))
        path.append(key(entry.strip()))
    return rows


def drawn(rows):
    return "\n".join("  " * row.level + row.id.lstrip(b"\0").decode() for row in tree.outline(rows))


def after(rows, changes):
    return drawn(tree.placed(rows, changes))


PLAN = forest("a\n  b\n  c\n    d\n  e\nf\ng")


@st.composite
def forests(draw):
    count = draw(st.integers(1, 12))
    rows, siblings = [], {}
    for index in range(count):
        parent = draw(st.sampled_from([None, *(row.id for row in rows)]))
        siblings[parent] = siblings.get(parent, -1) + 1
        rows.append(Node(key(index), parent, siblings[parent]))
    return draw(st.permutations(rows))


def assert_sound(rows):
    groups = {}
    for row in rows:
        groups.setdefault(row.parent_id, []).append(row.position)
    assert all(sorted(positions) == list(range(len(positions))) for positions in groups.values())
    assert len(tree.outline(rows)) == len(rows)


@given(forests())
def test_outline_lists_every_row_once_with_parents_first(rows):
    seen = set()
    for row in tree.outline(rows):
        assert row.parent_id is None or row.parent_id in seen
        seen.add(row.id)
    assert seen == {row.id for row in rows}


OPERATIONS = {
    "indent": lambda rows, ids, _data: tree.indent(rows, ids),
    "outdent": lambda rows, ids, _data: tree.outdent(rows, ids),
    "up": lambda rows, ids, _data: tree.move_up(rows, ids),
    "down": lambda rows, ids, _data: tree.move_down(rows, ids),
    "move": lambda rows, ids, data: tree.move(
        rows, ids, data.draw(st.sampled_from([None, *(row.id for row in rows)])), data.draw(st.integers(0, 12))
    ),
}


@pytest.mark.parametrize("operation", OPERATIONS)
@given(forests(), st.data())
def test_every_operation_leaves_a_sound_tree_and_reports_only_changes(operation, rows, data):
    ids = data.draw(st.sets(st.sampled_from([row.id for row in rows]), min_size=1))
    try:
        changes = OPERATIONS[operation](rows, ids, data)
    except RuleError:
        changes = ()
    assert_sound(tree.placed(rows, changes))
    old = {row.id: (row.parent_id, row.position) for row in rows}
    assert all(old[change.id] != (change.parent_id, change.position) for change in changes)


@given(forests(), st.data())
def test_move_keeps_what_hangs_below_and_the_order_of_the_rest(rows, data):
    ids = data.draw(st.sets(st.sampled_from([row.id for row in rows]), min_size=1))
    parent = data.draw(st.sampled_from([None, *(row.id for row in rows)]))
    try:
        changes = tree.move(rows, ids, parent, data.draw(st.integers(0, 12)))
    except RuleError:
        return
    result = tree.placed(rows, changes)
    for row in rows:
        assert set(tree.descendants(rows, [row.id])) - _below(rows, ids) <= set(tree.descendants(result, [row.id]))
    chosen = tree.topmost(rows, ids)
    assert [each for each in tree.children_of(result, parent) if each in chosen] == list(chosen)


def _below(rows, ids):
    return {*ids, *tree.descendants(rows, ids)}


@given(forests(), st.data())
def test_indent_then_outdent_gives_the_same_outline(rows, data):
    chosen = data.draw(st.sampled_from([row.id for row in rows]))
    try:
        changes = tree.indent(rows, [chosen])
    except RuleError:
        return
    indented = tree.placed(rows, changes)
    assert drawn(tree.placed(indented, tree.outdent(indented, [chosen]))) == drawn(rows)


@given(forests(), st.data())
def test_insert_then_remove_restores_the_tree(rows, data):
    parent = data.draw(st.sampled_from([None, *(row.id for row in rows)]))
    new = key("new")
    changes = tree.insert(rows, new, parent, data.draw(st.integers(0, 12)))
    inserted = tree.placed(rows, changes)
    assert_sound(inserted)
    removal = tree.remove(inserted, [new])
    assert removal.removed == (new,)
    assert drawn([row for row in tree.placed(inserted, removal.changes) if row.id != new]) == drawn(rows)


@given(forests(), st.data())
def test_remove_takes_everything_below_and_closes_gaps(rows, data):
    ids = data.draw(st.sets(st.sampled_from([row.id for row in rows]), min_size=1))
    removal = tree.remove(rows, ids)
    assert set(removal.removed) == _below(rows, ids)
    assert len(set(removal.removed)) == len(removal.removed)
    assert_sound([row for row in tree.placed(rows, removal.changes) if row.id not in removal.removed])


def test_indent_puts_rows_under_the_one_before():
    assert after(PLAN, tree.indent(PLAN, [key("f"), key("g")])) == "a\n  b\n  c\n    d\n  e\n  f\n  g"
    assert tree.indent(PLAN, [key("g")]) == (Placement(key("g"), key("f"), 0),)


def test_outdent_leaves_later_siblings_where_they_are():
    assert after(PLAN, tree.outdent(PLAN, [key("b")])) == "a\n  c\n    d\n  e\nb\nf\ng"
    assert after(PLAN, tree.outdent(PLAN, [key("b"), key("e")])) == "a\n  c\n    d\nb\ne\nf\ng"


def test_impossible_steps_are_refused():
    for refused in (
        lambda: tree.indent(PLAN, [key("a")]),
        lambda: tree.outdent(PLAN, [key("a")]),
        lambda: tree.move(PLAN, [key("a")], key("d"), 0),
        lambda: tree.move(PLAN, [key("a")], key("a"), 0),
        lambda: tree.move(PLAN, [key("gone")], None, 0),
        lambda: tree.indent(PLAN, [key("e")], max_level=1),
        lambda: tree.move(PLAN, [key("a")], key("f"), 0, max_level=2),
    ):
        with pytest.raises(RuleError):
            refused()


def test_a_chosen_parent_carries_its_chosen_children():
    assert after(PLAN, tree.move(PLAN, [key("c"), key("d")], None, 0)) == "c\n  d\na\n  b\n  e\nf\ng"


def test_moving_within_the_same_parent_counts_places_of_the_old_order():
    assert after(PLAN, tree.move(PLAN, [key("b")], key("a"), 2)) == "a\n  c\n    d\n  b\n  e\nf\ng"
    assert tree.move(PLAN, [key("b")], key("a"), 1) == ()


def test_a_block_moves_up_and_stops_at_the_edge():
    assert after(PLAN, tree.move_up(PLAN, [key("f"), key("g")])) == "f\ng\na\n  b\n  c\n    d\n  e"
    assert tree.move_up(PLAN, [key("a")]) == ()
    assert tree.move_down(PLAN, [key("f"), key("g")]) == ()


def test_ancestors_run_from_the_nearest_to_the_top():
    assert tree.ancestors(PLAN, key("d")) == (key("c"), key("a"))


def test_outline_numbers_follow_the_tree():
    assert wbs_numbers(PLAN) == dict(
        zip(map(key, "abcdefg"), ["1", "1.1", "1.2", "1.2.1", "1.3", "2", "3"], strict=True)
    )


@given(forests())
def test_outline_numbers_are_unique_and_extend_the_parents(rows):
    numbers = wbs_numbers(rows)
    assert len(set(numbers.values())) == len(rows)
    for row in rows:
        if row.parent_id is not None:
            assert numbers[row.id].rpartition(".")[0] == numbers[row.parent_id]


def test_document_numbers_run_by_year():
    assert document_number(2026, 31) == "QH-2026-0031"
    assert next_document_number(2026, ["QH-2026-0030", "QH-2025-0099", "mine", ""]) == "QH-2026-0031"
    assert next_document_number(2027, ["QH-2026-0030"]) == "QH-2027-0001"


@given(st.integers(1, 9999), st.integers(1, 999_999_999))
def test_document_numbers_read_back(year, sequence):
    assert read_document_number(document_number(year, sequence)) == (year, sequence)


@given(st.lists(st.integers(1, 20000), max_size=8))
def test_the_next_document_number_is_new(used):
    existing = [document_number(2026, number) for number in used]
    assert next_document_number(2026, existing) not in existing


def test_the_rows_below_one_end_where_the_next_of_its_level_begins() -> None:
    assert tree.subtree_ends([0, 1, 2, 1, 0, 0]) == [4, 3, 3, 4, 5, 6]
    assert tree.subtree_ends([]) == []

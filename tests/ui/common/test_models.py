"""Models tell views exactly what differs, whatever the change."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester

from ui.common.columns import CellKind, CellRole, Column
from ui.common.models import RowsModel, SortFilterModel
from ui.common.tree_models import TreeRowsModel


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    name: str
    fen: int | None = None
    parent: int | None = None
    done: bool = False


COLUMNS = (
    Column[Item]("name", "Name", lambda item: item.name, editable=lambda item: True),
    Column[Item]("fen", "Money", lambda item: item.fen, kind=CellKind.MONEY),
    Column[Item]("done", "Done", lambda item: item.done, kind=CellKind.CHECK, editable=lambda item: True),
)

items = st.lists(
    st.builds(Item, st.integers(0, 9), st.sampled_from("abc"), st.none() | st.integers(0, 3)),
    max_size=8,
    unique_by=lambda i: i.id,
)


def table_model(**options) -> RowsModel[Item]:
    return RowsModel(COLUMNS, lambda item: item.id, **options)


def tree_model() -> TreeRowsModel[Item]:
    return TreeRowsModel(COLUMNS, lambda item: item.id, lambda item: item.parent)


@st.composite
def forests(draw) -> list[Item]:
    numbers = draw(st.lists(st.integers(0, 9), unique=True, max_size=9))
    result: list[Item] = []
    for place, number in enumerate(numbers):
        parent = draw(st.none() | st.sampled_from(numbers[:place])) if place else None
        result.append(Item(number, draw(st.sampled_from("ab")), parent=parent))
    return draw(st.permutations(result))


def tree_content(model: TreeRowsModel[Item], parent=None) -> list:
    indexes = [
        model.index(row, 0, parent) if parent is not None else model.index(row, 0)
        for row in range(model.rowCount(parent) if parent is not None else model.rowCount())
    ]
    return [(model.row_at(index), tree_content(model, index)) for index in indexes]


def wanted_tree(rows: list[Item], parent: int | None = None) -> list:
    return [(row, wanted_tree(rows, row.id)) for row in rows if row.parent == parent]


@settings(max_examples=60, deadline=None)
@given(before=items, after=items)
def test_a_table_shows_the_new_rows_and_follows_those_that_stay(qapp, before, after):
    model = table_model()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(before)
    kept = {item.id: QPersistentModelIndex(model.index_of(item.id)) for item in before}
    model.set_rows(after)
    assert model.rows == tuple(after)
    after_ids = {item.id: place for place, item in enumerate(after)}
    for identity, index in kept.items():
        assert index.isValid() == (identity in after_ids)
        if index.isValid():
            assert index.row() == after_ids[identity]
    assert tester.model() is model


@settings(max_examples=80, deadline=None)
@given(before=forests(), after=forests())
def test_a_tree_shows_the_new_rows_and_follows_those_that_stay(qapp, before, after):
    model = tree_model()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_rows(before)
    assert tree_content(model) == wanted_tree(before)
    kept = {item.id: QPersistentModelIndex(model.index_of(item.id)) for item in before}
    model.set_rows(after)
    assert tree_content(model) == wanted_tree(after)
    surviving = {item.id for item in after}
    if surviving and before:
        assert {identity for identity, index in kept.items() if index.isValid()} == {i for i in kept if i in surviving}
    assert tester.model() is model


def test_equal_rows_emit_nothing(qapp, qtbot):
    model = table_model()
    rows = [Item(number, "a") for number in range(5)]
    model.set_rows(rows)
    with qtbot.assertNotEmitted(model.dataChanged), qtbot.assertNotEmitted(model.layoutChanged):
        model.set_rows([replace(row) for row in rows])


def test_one_changed_row_emits_one_change(qapp):
    model = table_model()
    rows = [Item(number, "a") for number in range(5)]
    model.set_rows(rows)
    seen: list[tuple[int, int]] = []
    model.dataChanged.connect(lambda first, last: seen.append((first.row(), last.row())))
    model.set_rows([replace(row, name="z") if row.id == 3 else row for row in rows])
    assert seen == [(3, 3)]


def test_removing_the_first_of_many_branches_moves_nothing(qapp, qtbot):
    model = tree_model()
    rows = [Item(number, "a") for number in range(50)]
    model.set_rows(rows)
    with qtbot.assertNotEmitted(model.rowsMoved):
        model.set_rows(rows[1:])
    assert model.rowCount() == 49


def test_moving_one_branch_to_the_end_takes_few_moves(qapp):
    model = tree_model()
    rows = [Item(number, "a") for number in range(50)]
    model.set_rows(rows)
    moves: list[int] = []
    model.rowsMoved.connect(lambda *_arguments: moves.append(1))
    model.set_rows([*rows[1:], rows[0]])
    assert len(moves) <= 2


def test_two_rows_of_one_identity_are_refused(qapp):
    with pytest.raises(ValueError, match="identity"):
        table_model().set_rows([Item(1, "a"), Item(1, "b")])


def test_a_circle_of_parents_is_refused(qapp):
    with pytest.raises(ValueError, match="ancestors"):
        tree_model().set_rows([Item(1, "a", parent=2), Item(2, "b", parent=1)])


@pytest.mark.parametrize("order", [Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder])
def test_missing_values_sort_last_in_both_orders(qapp, order):
    model = table_model()
    model.set_rows([Item(1, "a", 5), Item(2, "b", None), Item(3, "c", 10_000), Item(4, "d", 20)])
    proxy = SortFilterModel(model)
    tester = QAbstractItemModelTester(proxy, QAbstractItemModelTester.FailureReportingMode.Fatal)
    proxy.sort(1, order)
    values = [proxy.index(row, 1).data(CellRole.VALUE) for row in range(proxy.rowCount())]
    assert values[-1] is None
    assert values[:-1] == sorted(values[:-1], reverse=order == Qt.SortOrder.DescendingOrder)
    assert tester.model() is proxy


def test_names_sort_by_number_and_pinyin_not_by_code(qapp):
    model = table_model()
    model.set_rows([Item(1, "第10项"), Item(2, "第9项")])
    proxy = SortFilterModel(model)
    proxy.sort(0)
    assert [proxy.index(row, 0).data() for row in range(2)] == ["第9项", "第10项"]


def test_search_needs_every_word_in_some_column(qapp):
    model = table_model()
    model.set_rows([Item(1, "场地费", 18_000_000), Item(2, "物料费", 100)])
    proxy = SortFilterModel(model)
    proxy.set_search("费 180,000")
    assert [proxy.row_at(proxy.index(row, 0)).id for row in range(proxy.rowCount())] == [1]
    proxy.set_search("")
    proxy.set_filter(lambda item: item.fen == 100)
    assert [proxy.row_at(proxy.index(row, 0)).id for row in range(proxy.rowCount())] == [2]


def test_an_edit_goes_to_the_window_with_its_column(qapp):
    edits: list[tuple[int, str, object]] = []
    model = table_model(on_edit=lambda row, key, value: edits.append((row.id, key, value)) is None)
    model.set_rows([Item(1, "a")])
    assert model.setData(model.index(0, 0), "b")
    assert model.setData(model.index(0, 2), Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    assert not model.setData(model.index(0, 1), 5)
    assert edits == [(1, "name", "b"), (1, "done", True)]


def test_an_unchanged_value_is_no_edit(qapp):
    edits: list[object] = []
    model = table_model(on_edit=lambda *edit: edits.append(edit) is None)
    model.set_rows([Item(1, "a")])
    assert model.setData(model.index(0, 0), "a")
    assert edits == []


def test_tool_tips_of_cells_are_escaped(qapp):
    column = Column[Item]("name", "Name", lambda item: item.name, tool_tip=lambda item: item.name)
    model = RowsModel((column,), lambda item: item.id)
    model.set_rows([Item(1, "<img src=x>")])
    assert "<img" not in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)

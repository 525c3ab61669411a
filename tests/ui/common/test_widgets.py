"""Controls are reached by keyboard, say what they are, and survive narrow windows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QSplitter, QWidget

from ui.common.columns import CellKind, Column
from ui.common.models import RowsModel, SortFilterModel
from ui.common.tables import DataTable, DataTree
from ui.common.tree_models import TreeRowsModel
from ui.common.widgets import (
    Banner,
    Card,
    ChipButton,
    EmptyState,
    FormGrid,
    MemoryViewState,
    SearchField,
    Segment,
    SegmentedControl,
    SplitterMemory,
    Tone,
    Toolbar,
    button,
    icon_button,
    primary_button,
)


@dataclass(frozen=True, slots=True)
class Item:
    id: int
    name: str
    fen: int
    parent: int | None = None


ITEMS = tuple(
    Item(number, f"项目{number}", number * 100, None if number % 3 == 0 else number // 3 * 3) for number in range(6)
)
COLUMNS = (
    Column[Item]("name", "名称", lambda item: item.name, stretch=True),
    Column[Item]("fen", "金额", lambda item: item.fen, kind=CellKind.MONEY, editable=lambda _item: True),
    Column[Item]("id", "编号", lambda item: item.id, kind=CellKind.NUMBER, hidden=True),
)


def table(qtbot, state=None, **options) -> DataTable:
    model = RowsModel(COLUMNS, lambda item: item.id, **options)
    model.set_rows(ITEMS)
    view = DataTable(SortFilterModel(model), key="t", state=state)
    view.model().setParent(view)
    model.setParent(view)
    qtbot.addWidget(view)
    view.resize(500, 240)
    view.show()
    return view


def test_arrow_keys_choose_segments(qtbot):
    control = SegmentedControl([Segment("a", "甲"), Segment("b", "乙"), Segment("c", "丙")], accessible_name="页")
    qtbot.addWidget(control)
    control.show()
    first = control._buttons["a"]
    control.activateWindow()
    first.setFocus()
    qtbot.waitUntil(first.hasFocus)
    with qtbot.waitSignal(control.current_changed) as signal:
        qtbot.keyClick(first, Qt.Key.Key_Right)
    assert signal.args == ["b"]
    assert control.current_key() == "b"


@pytest.mark.parametrize("make", [lambda: ChipButton("版本"), lambda: button("甲"), lambda: icon_button("x", "关闭")])
def test_space_presses_every_button(qtbot, make):
    one: QAbstractButton = make()
    qtbot.addWidget(one)
    one.show()
    assert one.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert one.accessibleName()
    with qtbot.waitSignal(one.clicked):
        qtbot.keyClick(one, Qt.Key.Key_Space)


def test_a_toolbar_wraps_and_clips_nothing(qtbot):
    bar = Toolbar()
    buttons = [button(f"按钮按钮{number}") for number in range(8)]
    bar.add(*buttons[:5])
    bar.add_stretch()
    bar.add(*buttons[5:])
    qtbot.addWidget(bar)
    bar.show()
    for width in (1400, 700, 400, 200):
        bar.resize(width, bar.height())
        QApplication.sendPostedEvents()
        assert all(bar.rect().contains(one.geometry()) for one in buttons)
    assert bar.height() > 100
    bar.resize(1400, bar.height())
    assert bar.height() == 44
    assert buttons[-1].geometry().right() > 1350


def test_a_search_waits_for_a_rest_and_escape_empties_it(qtbot):
    field = SearchField("搜索", delay=1)
    qtbot.addWidget(field)
    field.show()
    with qtbot.waitSignal(field.searched) as signal:
        qtbot.keyClicks(field, "wsy")
    assert signal.args == ["wsy"]
    with qtbot.waitSignal(field.searched) as signal:
        qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert signal.args == [""]


def test_an_empty_state_offers_its_action(qtbot):
    pressed: list[int] = []
    state = EmptyState("inbox", "没有任务", "从模板开始", action_text="新建", callback=lambda: pressed.append(1))
    qtbot.addWidget(state)
    assert state.action is not None
    state.action.click()
    assert pressed == [1]


def test_making_cards_and_banners_opens_no_window(qtbot):
    before = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    card, banner = Card("标题"), Banner("注意", Tone.WARN)
    card.add(banner)
    qtbot.addWidget(card)
    assert [window for window in QApplication.topLevelWidgets() if window.isVisible()] == before
    card.show()
    assert banner.isVisible()
    banner.show_message("")
    assert not banner.isVisible()


def test_a_banner_carries_out_its_action(qtbot):
    pressed: list[int] = []
    banner = Banner("注意", closable=True)
    banner.add_action("查看", lambda: pressed.append(1)).click()
    qtbot.addWidget(banner)
    banner.clear_actions()
    assert pressed == [1]


def test_a_form_labels_its_fields_for_screen_readers(qtbot):
    form, field = FormGrid(), QLineEdit()
    form.add_row("名称", field)
    qtbot.addWidget(form)
    form.set_error(field, "太长")
    assert field.accessibleName() == "名称"
    assert field.property("problem") is True
    form.set_row_visible(field, visible=False)
    assert field.isHidden()


def test_a_splitter_comes_back_as_it_was_left(qtbot):
    state = MemoryViewState()

    def made() -> QSplitter:
        splitter = QSplitter()
        splitter.addWidget(QWidget())
        splitter.addWidget(QWidget())
        splitter.resize(400, 100)
        qtbot.addWidget(splitter)
        return splitter

    first = made()
    memory = SplitterMemory(first, "main", state)
    first.show()
    first.setSizes([300, 90])
    memory.save()
    kept = first.sizes()
    second = made()
    assert SplitterMemory(second, "main", state).restore()
    second.show()
    assert second.sizes() == kept


@pytest.mark.parametrize("text", ["", "nonsense", "[1]", '["a", 2]', "[0, 0]", "[-1, 5]", "{}"])
def test_a_spoiled_splitter_memory_is_ignored(qtbot, text):
    state = MemoryViewState()
    state.write("splitter/main", text)
    splitter = QSplitter()
    splitter.addWidget(QWidget())
    splitter.addWidget(QWidget())
    qtbot.addWidget(splitter)
    assert not SplitterMemory(splitter, "main", state).restore()


def test_copying_takes_the_selected_rows_and_the_shown_columns(qtbot):
    view = table(qtbot)
    view.selectRow(1)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "名称\t金额\n项目1\t1.00\n"


def test_pasting_tells_the_rows(qtbot):
    view = table(qtbot)
    QGuiApplication.clipboard().setText('甲\t1\n"乙\n丙"\t2\n')
    with qtbot.waitSignal(view.rows_pasted) as signal:
        qtbot.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert signal.args[0] == (("甲", "1"), ("乙\n丙", "2"))


def test_columns_come_back_as_they_were_left(qtbot):
    state = MemoryViewState()
    first = table(qtbot, state)
    assert first.isColumnHidden(2)
    first._memory.show_column(2, shown=True)
    first._memory.show_column(1, shown=False)
    first.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    first.save_columns()
    second = table(qtbot, state)
    assert not second.isColumnHidden(2)
    assert second.isColumnHidden(1)
    assert second.model().index(0, 0).data() == "项目5"
    second._memory.reset()
    assert second.isColumnHidden(2)


def test_enter_activates_the_current_row(qtbot):
    view = table(qtbot)
    view.select_identity(4)
    with qtbot.waitSignal(view.row_activated) as signal:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert signal.args[0].id == 4
    assert [row.id for row in view.selected_rows()] == [4]


def test_a_cell_editor_stays_open_until_it_can_be_read(qtbot):
    edits: list[tuple[int, str, object]] = []
    view = table(qtbot, on_edit=lambda row, key, value: edits.append((row.id, key, value)) is None)
    index = view.model().index(2, 1)
    view.setCurrentIndex(index)
    view.edit(index)
    editor = view.findChild(QLineEdit)
    editor.setText("三百")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert editor.isVisible()
    assert edits == []
    editor.setText("100*3")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(edits))
    assert edits == [(2, "fen", 30000)]


def test_leaving_a_cell_with_nonsense_changes_nothing(qtbot):
    edits: list[object] = []
    view = table(qtbot, on_edit=lambda *edit: edits.append(edit) is None)
    index = view.model().index(2, 1)
    view.edit(index)
    editor = view.findChild(QLineEdit)
    editor.setText("三百")
    QApplication.sendEvent(editor, QFocusEvent(QEvent.Type.FocusOut))
    assert edits == []


def test_a_tree_keeps_branches_open_across_changes(qtbot):
    model = TreeRowsModel(COLUMNS, lambda item: item.id, lambda item: item.parent)
    model.set_rows(ITEMS)
    view = DataTree(model, row_height=27)
    model.setParent(view)
    qtbot.addWidget(view)
    view.expandAll()
    model.set_rows(tuple(item for item in ITEMS if item.id != 1))
    assert view.isExpanded(model.index_of(0))
    assert view.visualRect(model.index_of(0)).height() == 27


def test_an_empty_table_says_what_belongs_there(qtbot):
    model = RowsModel(COLUMNS, lambda item: item.id)
    view = DataTable(model)
    model.setParent(view)
    qtbot.addWidget(view)
    view.set_placeholder("还没有任务")
    view.resize(300, 200)
    blank = view.grab().toImage()
    model.set_rows(ITEMS[:1])
    model.set_rows(())
    view.set_placeholder("")
    assert view.grab().toImage() != blank


def test_the_first_column_cannot_be_hidden(qtbot):
    view = table(qtbot)
    menu = view.column_menu()
    texts = [action.text() for action in menu.actions()]
    assert "名称" not in texts
    assert "金额" in texts


def test_primary_buttons_answer_the_mouse(qtbot):
    pressed: list[int] = []
    one = primary_button("送审", lambda: pressed.append(1), icon_name="send")
    qtbot.addWidget(one)
    one.show()
    qtbot.mouseClick(one, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert pressed == [1]

"""A guest's name is shown as it is, wherever it stands: no tag is obeyed, no local image is drawn."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QToolTip, QWidget

from ui.common.actions import Action, ActionRegistry
from ui.common.columns import CellKind, Column
from ui.common.dialog_base import BaseDialog, CrashDialog, MessageDialog
from ui.common.fields import TextArea
from ui.common.labels import PlainLabel, set_tool_tip
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.widgets import (
    Avatar,
    Banner,
    Card,
    Chip,
    ChipButton,
    EmptyState,
    FormGrid,
    SearchField,
    Segment,
    SegmentedControl,
    StatTile,
    button,
)

MAGENTA = QColor(255, 0, 254)
HOSTILE = (
    "</b><i>",
    "=cmd|' /C calc'!A0",
    "\u202etxt.exe",
    "A & B && C",
    "𠮷野家👩‍👩‍👧",
    "字" * 10_000,
    "x" * 10_000,
    "a\nb\tc",
    "\0",
)


def _table(text: str) -> QWidget:
    model = RowsModel(
        (Column("a", text, lambda row: row), Column("b", "b", lambda row: row, kind=CellKind.CHIP)), lambda r: r
    )
    model.set_rows((text,))
    table = DataTable(model)
    model.setParent(table)
    return table


def _card(text: str) -> QWidget:
    card = Card(text, chip=Chip(text))
    form = FormGrid()
    area = TextArea()
    area.set_text(text)
    form.add_row(text, area, text)
    form.set_error(area, text)
    card.add(form)
    return card


def _dialog(text: str) -> QWidget:
    dialog = BaseDialog(text, accept_text=text)
    dialog.set_problem(text)
    return dialog


MAKERS: dict[str, Callable[[str], QWidget]] = {
    "label": PlainLabel,
    "wrapped label": lambda text: PlainLabel(text, wrap=True),
    "chip": Chip,
    "chip button": ChipButton,
    "avatar": Avatar,
    "button": button,
    "card": _card,
    "banner": lambda text: Banner(text, closable=True),
    "empty state": lambda text: EmptyState("inbox", text, text, action_text=text),
    "figure": lambda text: StatTile(text, text, text),
    "segments": lambda text: SegmentedControl([Segment("a", text), Segment("b", "b")], accessible_name=text),
    "search": SearchField,
    "message": lambda text: MessageDialog(text, advice=text, details=(text,)),
    "form": _dialog,
    "crash": CrashDialog,
    "table": _table,
}


@pytest.fixture
def image_name(tmp_path) -> str:
    image = QImage(60, 60, QImage.Format.Format_RGB32)
    image.fill(MAGENTA)
    path = tmp_path / "image.png"
    image.save(str(path))
    return path.as_posix()


def magenta_pixels(widget: QWidget) -> int:
    image = widget.grab().toImage()
    return sum(
        image.pixelColor(x, y) == MAGENTA for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    )


@pytest.mark.parametrize("name", MAKERS)
def test_no_pixel_of_an_image_named_in_a_text_is_drawn(qtbot, image_name, name):
    widget = MAKERS[name](f'张三<img src="{image_name}">')
    qtbot.addWidget(widget)
    widget.resize(max(400, widget.sizeHint().width()), max(300, widget.sizeHint().height()))
    assert magenta_pixels(widget) == 0


def test_the_image_would_be_seen_if_a_tag_were_obeyed(qtbot, image_name):
    from PySide6.QtWidgets import QLabel

    raw = QLabel(f'<img src="{image_name}">')
    qtbot.addWidget(raw)
    raw.resize(200, 100)
    assert magenta_pixels(raw) > 100


def test_tool_tips_show_tags_instead_of_obeying_them(qtbot, image_name):
    widget = QWidget()
    qtbot.addWidget(widget)
    set_tool_tip(widget, f'<img src="{image_name}">')
    QToolTip.showText(widget.pos(), widget.toolTip(), widget)
    assert "<img" not in widget.toolTip()
    assert "&lt;img" in widget.toolTip()
    QToolTip.hideText()


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_texts_break_nothing_and_do_not_widen_the_window(qtbot, name, number):
    widget = MAKERS[name](HOSTILE[number])
    qtbot.addWidget(widget)
    assert widget.minimumSizeHint().width() <= 900
    widget.resize(480, 320)
    assert not widget.grab().isNull()


def test_a_label_keeps_the_text_it_was_given(qtbot):
    label = PlainLabel("甲\n<b>乙</b>")
    qtbot.addWidget(label)
    assert label.full_text() == "甲\n<b>乙</b>"
    assert "<b>乙</b>" in label.text()


def test_an_ampersand_in_a_name_makes_no_shortcut(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    registry = ActionRegistry(holder)
    made = registry.add(Action("a", "A & B", lambda: None))
    assert made.text() == "A && B"
    assert button("A & B").text() == "A && B"

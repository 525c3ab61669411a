"""Fields read what people type, keep what they cannot read, and are reached by keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from qihua_desktop.domain.errors import InputError
from ui.common.calendar_popup import DayMark, MonthView
from ui.common.fields import DateEdit, DurationEdit, MoneyEdit, PercentEdit, TextArea

TODAY = date(2026, 9, 9)


def shown(qtbot, widget):
    qtbot.addWidget(widget)
    widget.show()
    return widget


def enter(qtbot, field, text):
    """Type as an input method does; QTest has no keys for Chinese."""
    field.selectAll()
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(field, event)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_a_sum_becomes_an_amount(qtbot):
    field = shown(qtbot, MoneyEdit())
    with qtbot.waitSignal(field.fen_changed) as signal:
        enter(qtbot, field, "1200*3")
    assert signal.args == [360000]
    assert field.text() == "3,600.00"


def test_what_cannot_be_read_stays_and_is_explained(qtbot):
    field = shown(qtbot, MoneyEdit())
    field.set_fen(500)
    with qtbot.assertNotEmitted(field.fen_changed):
        enter(qtbot, field, "abc")
    assert field.text() == "abc"
    assert not field.is_valid()
    assert "abc" in field.error_text()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "5.00"
    assert field.is_valid()


def test_the_same_value_again_tells_nobody(qtbot):
    field = shown(qtbot, PercentEdit())
    field.set_basis_points(3000)
    with qtbot.assertNotEmitted(field.basis_points_changed):
        enter(qtbot, field, "30 %")


def test_a_required_field_may_not_be_empty(qtbot):
    field = shown(qtbot, DurationEdit(required=True))
    with pytest.raises(InputError):
        field.require()
    enter(qtbot, field, "2周")
    assert field.require() == 4800
    assert field.text() == "10天"


def test_what_is_being_typed_counts_when_asked(qtbot):
    field = shown(qtbot, DurationEdit())
    qtbot.keyClicks(field, "4h")
    assert field.minutes() == 240


@pytest.mark.qt_log_ignore("This plugin does not support grabbing the keyboard", extend=True)
def test_dates_are_typed_stepped_and_picked(qtbot):
    field = shown(qtbot, DateEdit(today=lambda: TODAY))
    enter(qtbot, field, "下周一")
    assert field.date() == date(2026, 9, 14)
    assert field.text() == "2026-09-14（周一）"
    qtbot.keyClick(field, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert field.date() == date(2026, 9, 15)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    popup = field._popup
    assert popup is not None
    qtbot.keyClick(popup.month, Qt.Key.Key_Right)
    qtbot.keyClick(popup.month, Qt.Key.Key_PageDown)
    with qtbot.waitSignal(field.date_changed) as signal:
        qtbot.keyClick(popup.month, Qt.Key.Key_Return)
    assert signal.args == [date(2026, 10, 16)]
    assert not popup.isVisible()


def test_a_month_begins_on_monday_and_shows_marks(qtbot):
    month = shown(qtbot, MonthView())
    month.show_day(date(2026, 9, 19), today=TODAY, marks={date(2026, 9, 25): DayMark("中秋", is_off=True)})
    assert month._first_shown() == date(2026, 8, 31)
    assert not month.grab().isNull()


@pytest.mark.parametrize("day", [date(1970, 1, 31), date(2199, 12, 31), date(2024, 2, 29), date(2026, 3, 31)])
def test_turning_pages_stays_within_the_calendar(qtbot, day):
    month = shown(qtbot, MonthView())
    month.show_day(day, today=TODAY, marks={})
    for months in (-1, -1, 1, 12, 12, -12):
        month.turn(months)
    assert 1970 <= month.day().year <= 2199


def test_tab_reaches_and_leaves_every_field(qtbot):
    holder = QWidget()
    column = QVBoxLayout(holder)
    fields = (MoneyEdit(), PercentEdit(), DateEdit(), DurationEdit(), TextArea())
    for field in fields:
        column.addWidget(field)
    shown(qtbot, holder)
    holder.activateWindow()
    fields[0].setFocus()
    reached = []
    for _number in range(len(fields)):
        reached.append(holder.focusWidget())
        qtbot.keyClick(holder.focusWidget(), Qt.Key.Key_Tab)
    assert reached == list(fields)


def test_a_text_area_takes_plain_text_and_has_an_end(qtbot):
    area = shown(qtbot, TextArea(max_length=5))
    area.set_text("<b>粗体字很长</b>")
    assert area.toPlainText() == "<b>粗体字很长</b>"
    assert len(area.text()) == 5

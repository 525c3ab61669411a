"""A month to pick a day from: weeks from Monday, holidays and moved working days marked, all by keyboard too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import WEEKDAYS, date_long
from qihua_desktop.i18n import _, current_language

from .buttons import icon_button, link_button
from .labels import PlainLabel
from .theme import SECONDARY_SIZE, SPACE_2, SPACE_3, Role, theme

_CELL: Final = 34
_HEAD: Final = 26
_CHINESE_DAYS: Final = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class DayMark:
    """What is special about a day: a short word under the number, whether it is a day off or a moved working day."""

    text: str = ""
    is_off: bool = False
    is_work: bool = False


class MonthView(QWidget):
    """One month as a grid of six weeks.

    Signals:
        picked(object): a day was chosen.
        moved(object): the keyboard or the wheel is on another day.
    """

    picked = Signal(object)
    moved = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._day = date.today()
        self._today = date.today()
        self._chosen = date.today()
        self._marks: dict[date, DayMark] = {}
        self._hover: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setFixedSize(self.sizeHint())
        self.setAccessibleName(_("Calendar"))

    def show_day(self, day: date, *, today: date, marks: dict[date, DayMark]) -> None:
        """Show the month of a day."""
        self._today, self._marks, self._chosen = today, marks, day
        self.go_to(day)

    def day(self) -> date:
        """Return the day the keyboard is on."""
        return self._day

    def go_to(self, day: date) -> None:
        """Put the keyboard on a day."""
        self._day = day
        self.setAccessibleDescription(date_long(day))
        self.moved.emit(day)
        self.update()

    def turn(self, months: int) -> None:
        """Go some months on or back."""
        index = self._day.year * 12 + self._day.month - 1 + months
        if not 1970 * 12 <= index < 2200 * 12:
            return
        first = date(index // 12, index % 12 + 1, 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        self.go_to(first.replace(day=min(self._day.day, last.day)))

    def _first_shown(self) -> date:
        first = self._day.replace(day=1)
        return first - timedelta(days=first.weekday())

    def _day_at(self, position: QPointF) -> date | None:
        column, row = int(position.x() // _CELL), int((position.y() - _HEAD) // _CELL)
        if position.y() < _HEAD or not (0 <= column < 7 and 0 <= row < 6):
            return None
        return self._first_shown() + timedelta(days=row * 7 + column)

    def _paint_day(self, painter: QPainter, rect: QRectF, day: date) -> None:
        mark = self._marks.get(day, DayMark())
        inside = day.month == self._day.month
        weekend = day.weekday() >= 5 and not mark.is_work
        disc = QRectF(rect).adjusted(2, 2, -2, -2)
        painter.setPen(Qt.PenStyle.NoPen)
        chosen = day == self._chosen
        if chosen:
            painter.setBrush(theme().color(Role.ACCENT))
            painter.drawRoundedRect(disc, 6, 6)
        elif day == self._hover:
            painter.setBrush(theme().color(Role.HOVER))
            painter.drawRoundedRect(disc, 6, 6)
        if day == self._day and self.hasFocus() and not chosen:
            painter.setPen(QPen(theme().color(Role.ACCENT), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(disc, 6, 6)
        role = Role.TEXT
        if chosen:
            role = Role.ON_ACCENT
        elif not inside:
            role = Role.FAINT
        elif mark.is_off:
            role = Role.BAD
        elif day == self._today:
            role = Role.ACCENT
        elif weekend:
            role = Role.MUTED
        painter.setPen(theme().color(role))
        painter.setFont(theme().font(bold=day == self._today, tabular=True))
        number = rect.adjusted(0, 0, 0, -10) if mark.text else rect
        painter.drawText(number, int(Qt.AlignmentFlag.AlignCenter), str(day.day))
        if mark.text:
            painter.setFont(theme().font(9))
            below = rect.adjusted(0, 17, 0, -2)
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), mark.text[:3])

    def sizeHint(self) -> QSize:
        return QSize(7 * _CELL, _HEAD + 6 * _CELL)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme().font(SECONDARY_SIZE))
        for column in range(7):
            painter.setPen(theme().color(Role.MUTED))
            name = _(WEEKDAYS[column])[:2] if current_language() == "en" else _CHINESE_DAYS[column]
            painter.drawText(QRectF(column * _CELL, 0, _CELL, _HEAD), int(Qt.AlignmentFlag.AlignCenter), name)
        first = self._first_shown()
        for number in range(42):
            rect = QRectF(number % 7 * _CELL, _HEAD + number // 7 * _CELL, _CELL, _CELL)
            self._paint_day(painter, rect, first + timedelta(days=number))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover = self._day_at(event.position())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        day = self._day_at(event.position())
        if day is not None:
            self.picked.emit(day)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.turn(-1 if event.angleDelta().y() > 0 else 1)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
        key = event.key()
        if key in steps:
            self.go_to(self._day + timedelta(days=steps[Qt.Key(key)]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.turn(-1 if key == Qt.Key.Key_PageUp else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self._day)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_T):
            self.go_to(self._today)
        else:
            super().keyPressEvent(event)


class CalendarPopup(QFrame):
    """The month in a popup below its field.

    Signals:
        picked(object): a day was chosen; the popup is closed.
    """

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setProperty("look", "popup")
        self._today = date.today()
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(4)
        head = QHBoxLayout()
        self._title = PlainLabel("", bold=True)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.month = MonthView()
        head.addWidget(icon_button("chevrons-left", _("Previous year"), lambda: self.month.turn(-12)))
        head.addWidget(icon_button("chevron-left", _("Previous month"), lambda: self.month.turn(-1)))
        head.addWidget(self._title, 1)
        head.addWidget(icon_button("chevron-right", _("Next month"), lambda: self.month.turn(1)))
        head.addWidget(icon_button("chevrons-right", _("Next year"), lambda: self.month.turn(12)))
        column.addLayout(head)
        column.addWidget(self.month)
        column.addWidget(
            link_button(_("Today"), lambda: self._on_picked(self._today)), 0, Qt.AlignmentFlag.AlignHCenter
        )
        self.month.picked.connect(self._on_picked)
        self.month.moved.connect(self._on_moved)

    def show_below(self, field: QWidget, day: date, *, today: date, marks: dict[date, DayMark]) -> None:
        """Open below a field, or above it where the screen ends."""
        self._today = today
        self.month.show_day(day, today=today, marks=marks)
        self.adjustSize()
        corner = field.mapToGlobal(QPoint(0, field.height() + 2))
        screen = field.screen() or QGuiApplication.primaryScreen()
        area = screen.availableGeometry()
        if corner.y() + self.height() > area.bottom():
            corner.setY(field.mapToGlobal(QPoint(0, 0)).y() - self.height() - 2)
        corner.setX(max(area.left(), min(corner.x(), area.right() - self.width())))
        self.move(corner)
        self.show()
        self.month.setFocus()

    def _on_moved(self, day: date) -> None:
        self._title.setText(_("{month}/{year}").format(year=day.year, month=day.month))

    def _on_picked(self, day: date) -> None:
        self.close()
        self.picked.emit(day)

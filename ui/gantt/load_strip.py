"""人员负荷: how much of somebody's working time each week takes, under the chart and on its time axis."""

from __future__ import annotations

from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QToolTip, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import date_short, duration_text, percent_text
from qihua_desktop.domain.gantt_scale import TimeScale
from qihua_desktop.domain.plan import DONE, day_of, day_start
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _
from qihua_desktop.services.plan_load import Owner, WeekLoad
from ui.common.labels import literal, tool_tip_text
from ui.common.theme import theme
from ui.common.widgets import ChipButton, PlainLabel, blended, secondary_label

from .chart_view import ChartView

STRIP_HEIGHT: Final = 68
_TALLEST: Final = 13_000
_LEAST_LABEL: Final = 26.0


class LoadStrip(QWidget):
    """The strip; its head is as wide as the table.

    Signals:
        owner_chosen(object): another ``Owner`` is to be shown.
    """

    owner_chosen = Signal(object)

    def __init__(self, view: ChartView) -> None:
        super().__init__()
        self.setFixedHeight(STRIP_HEIGHT)
        self.setAccessibleName(_("Workload"))
        self.bars = LoadBars(view)
        self._menu = QMenu(self)
        self.chip = ChipButton("", menu=self._menu)
        self.head = QWidget()
        column = QVBoxLayout(self.head)
        column.setContentsMargins(14, 9, 8, 8)
        column.setSpacing(4)
        column.addWidget(PlainLabel(_("Workload"), bold=True))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.chip)
        line.addWidget(secondary_label(_("working time per week")))
        line.addStretch(1)
        column.addLayout(line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 1, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.head)
        row.addWidget(self.bars, 1)

    def show_load(self, owners: tuple[Owner, ...], chosen: Owner | None, weeks: tuple[WeekLoad, ...]) -> None:
        """Show somebody's weeks."""
        self.chip.set_text(chosen.name if chosen is not None else _("Nobody yet"))
        self._menu.clear()
        for owner in owners[:60]:
            action = self._menu.addAction(literal(owner.name))
            action.setCheckable(True)
            action.setChecked(owner == chosen)
            action.triggered.connect(lambda _checked=False, one=owner: self.owner_chosen.emit(one))
        self.chip.setEnabled(bool(owners))
        self.bars.show_weeks(weeks)

    def set_head_width(self, width: int) -> None:
        """Keep the head as wide as the table above it."""
        self.head.setFixedWidth(max(0, width))

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color(Role.SURFACE))
        painter.fillRect(0, 0, self.width(), 1, theme().color(Role.LINE))


class LoadBars(QWidget):
    """One bar per week; over 100 % it is red. A click, or Enter on the week chosen with the arrows, lists its tasks.

    Signals:
        week_opened(object, QPoint): the tasks of a ``WeekLoad`` are wanted, at a global position.
    """

    week_opened = Signal(object, QPoint)

    def __init__(self, view: ChartView) -> None:
        super().__init__()
        self._view = view
        self._current: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Load by week"))
        self.setMouseTracking(True)
        self._weeks: tuple[WeekLoad, ...] = ()
        self._painted: tuple[float, ...] = ()
        view.view_changed.connect(self._on_view_changed)
        theme().changed.connect(self.update)

    def _on_view_changed(self) -> None:
        """Follow the chart; scrolling up and down changes nothing here."""
        axis = self._view.picture.axis
        place = (
            float(self._view.horizontalScrollBar().value()),
            axis.day_width,
            float(axis.first.toordinal()),
            float(self._view.viewport().width()),
        )
        if place != self._painted:
            self._painted = place
            self.update()

    def show_weeks(self, weeks: tuple[WeekLoad, ...]) -> None:
        """Show other weeks."""
        self._weeks = weeks
        over = [week for week in weeks if week.is_over]
        self.setAccessibleDescription(_("{count} weeks overloaded").format(count=len(over)) if over else "")
        self.update()

    def week_at(self, x: float) -> WeekLoad | None:
        """Return the week at a place of the widget."""
        return next((week for week in self._weeks if self._span(week)[0] <= x < self._span(week)[1]), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        week = self.week_at(event.position().x())
        if week is not None and week.planned and event.button() == Qt.MouseButton.LeftButton:
            self._current = week.monday
            self.update()
            self.week_opened.emit(week, event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        week = self.week_at(event.position().x())
        pointing = week is not None and bool(week.planned)
        self.setCursor(Qt.CursorShape.PointingHandCursor if pointing else Qt.CursorShape.ArrowCursor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        QApplication.sendEvent(self._view.viewport(), event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        weeks = [week for week in self._weeks if week.planned]
        number = next((at for at, week in enumerate(weeks) if week.monday == self._current), None)
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if weeks and step is not None:
            chosen = weeks[0 if number is None else min(len(weeks) - 1, max(0, number + step))]
            self._current = chosen.monday
            left, right = self._span(chosen)
            bar = self._view.horizontalScrollBar()
            if left < 0 or right > self._view.viewport().width():
                bar.setValue(round(bar.value() + left - self._view.viewport().width() / 3))
            self.setAccessibleDescription(_week_words(chosen))
            self.update()
        elif number is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            place = QPoint(round(max(0.0, self._span(weeks[number])[0])), 0)
            self.week_opened.emit(weeks[number], self.mapToGlobal(place))
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.update()

    def _span(self, week: WeekLoad, scale: TimeScale | None = None) -> tuple[float, float]:
        scale = scale or self._view.picture.axis.scale
        left = scale.day_x(week.monday) - self._view.horizontalScrollBar().value()
        return left, left + 7 * scale.day_width

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = self._view.viewport().width()
        painter.fillRect(0, 0, 1, self.height(), theme().color(Role.LINE))
        painter.setClipRect(1, 0, width, self.height())
        base, room = self.height() - 4, self.height() - 20
        peak = max([DONE, *(min(_TALLEST, week.share) for week in self._weeks)])
        full = base - room * DONE / peak
        surface = theme().color(Role.SURFACE)
        painter.setFont(theme().font(11, tabular=True))
        scale = self._view.picture.axis.scale
        for week in self._weeks:
            left, right = self._span(week, scale)
            if right < 0 or left > width or not week.planned:
                continue
            height = room * min(_TALLEST, week.share) / peak
            role = Role.CRITICAL if week.is_over else Role.BAR
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(blended(theme().color(role), surface, 0.56 if week.is_over else 0.34))
            gap = 2.5 if right - left > 14 else 0.3
            painter.drawRoundedRect(QRectF(left + gap, base - height, right - left - 2 * gap, height), 2, 2)
            if week.monday == self._current and self.hasFocus():
                painter.setPen(QPen(theme().color(Role.ACCENT), 1.5))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(left + gap, base - height, right - left - 2 * gap, height), 2, 2)
            if right - max(left, 0.0) >= _LEAST_LABEL:
                painter.setPen(theme().color(Role.BAD if week.is_over else Role.MUTED))
                place = QRectF(max(left, 0) + 6, base - height - 14, right - left, 13)
                painter.drawText(place, int(Qt.AlignmentFlag.AlignVCenter), percent_text(week.share, 0))
        painter.setPen(QPen(theme().color(Role.BAD), 1, Qt.PenStyle.DashLine))
        if self._weeks:
            painter.drawLine(1, round(full), width, round(full))
        else:
            painter.setPen(theme().color(Role.MUTED))
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), _("Give tasks an owner to see the load."))

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            week = self.week_at(event.pos().x())
            if week is not None:
                QToolTip.showText(event.globalPos(), tool_tip_text(_week_words(week)), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)


def _week_words(week: WeekLoad) -> str:
    sunday = day_of(day_start(week.monday) + 6 * 1440)
    words = _("{first} – {last}: {planned} planned, {available} available ({share})").format(
        first=date_short(week.monday),
        last=date_short(sunday),
        planned=duration_text(week.planned),
        available=duration_text(week.available),
        share=percent_text(week.share, 0),
    )
    if week.elsewhere:
        words += "\n" + _("of these in other projects: {time}").format(time=duration_text(week.elsewhere))
    return words

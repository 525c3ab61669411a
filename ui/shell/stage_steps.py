"""The stages of a project as steps, with owner, output and the state of each gate."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from qihua_desktop.domain.people import role_label
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.stages import StageOverview
from ui.common.icons import paint_icon
from ui.common.theme import RADIUS, Role, theme
from ui.common.widgets import Tone, paint_chip, set_tool_tip

from .focus_button import FocusButton

_HEIGHT: Final = 108
_CIRCLE: Final = 24
_TOP: Final = 9


def gate_text(stage: StageOverview) -> tuple[str, Tone]:
    """Return the state of a stage's gate as a chip's word and tone."""
    missing = sum(1 for finding in stage.findings if not finding.met)
    if stage.is_done:
        return _("Done"), Tone.OK
    if not stage.is_current:
        return _("Not started"), Tone.NEUTRAL
    if missing:
        return ngettext("{count} point missing", "{count} points missing", missing).format(count=missing), Tone.WARN
    return _("May move on"), Tone.OK


class StepButton(FocusButton):
    """One stage."""

    def __init__(self, number: int, *, is_last: bool) -> None:
        super().__init__()
        self._number = number
        self._is_last = is_last
        self._stage: StageOverview | None = None
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_stage(self, stage: StageOverview) -> None:
        """Show a stage."""
        self._stage = stage
        owner = stage.owner_name or role_label(stage.stage.owner_role)
        gate, _tone = gate_text(stage)
        done = _("{done} of {total} tasks").format(done=stage.tasks_done, total=stage.tasks_total)
        self.setText(stage.stage.name)
        self.setAccessibleName(f"{self._number} {stage.stage.name}, {owner}, {gate}, {done}")
        set_tool_tip(self, "\n".join(part for part in (stage.stage.name, stage.stage.output, owner, done) if part))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(150, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(104, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        stage = self._stage
        if stage is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        area = QRectF(self.rect()).adjusted(1, 1, -5, -1)
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color(Role.ACCENT_BG if self.isChecked() else Role.HOVER))
            painter.drawRoundedRect(area, RADIUS, RADIUS)
        if self.shows_focus():
            painter.setPen(QPen(colors.color(Role.ACCENT), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        self._paint_circle(painter, stage)
        self._paint_texts(painter, stage)
        painter.end()

    def _paint_circle(self, painter: QPainter, stage: StageOverview) -> None:
        colors = theme()
        circle = QRectF(12, _TOP, _CIRCLE, _CIRCLE)
        if not self._is_last:
            painter.setPen(QPen(colors.color(Role.OK if stage.is_done else Role.LINE_STRONG), 2))
            y = circle.center().y()
            painter.drawLine(QPointF(circle.right() + 8, y), QPointF(self.width() - 1.0, y))
        if stage.is_done:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color(Role.OK_BG))
            painter.drawEllipse(circle)
            paint_icon(painter, "check", QRect(12 + 5, _TOP + 5, 14, 14), Role.OK)
            return
        current = stage.is_current
        painter.setPen(Qt.PenStyle.NoPen if current else QPen(colors.color(Role.LINE_STRONG), 1.5))
        painter.setBrush(colors.color(Role.ACCENT if current else Role.SURFACE))
        painter.drawEllipse(circle)
        painter.setPen(colors.color(Role.ON_ACCENT if current else Role.MUTED))
        painter.setFont(colors.font(12, bold=True))
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))

    def _paint_texts(self, painter: QPainter, stage: StageOverview) -> None:
        colors = theme()
        left, width = 12, self.width() - 12 - 14
        top = _TOP + _CIRCLE + 7
        lines = (
            (stage.stage.name, colors.font(bold=True), Role.TEXT),
            (stage.owner_name or role_label(stage.stage.owner_role), colors.font(12), Role.MUTED),
        )
        for text, font, role in lines:
            painter.setFont(font)
            painter.setPen(colors.color(role))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(left, top, width, 18), Qt.AlignmentFlag.AlignVCenter, shown)
            top += 19
        word, tone = gate_text(stage)
        painter.setFont(colors.font(12))
        chip = min(width, painter.fontMetrics().horizontalAdvance(word) + 14)
        paint_chip(painter, QRectF(left, top + 3, chip, 20), word, tone)


class StageSteps(QWidget):
    """All stages side by side; arrow keys move between them.

    Signals:
        stage_chosen(int): the number of the stage to look at, from 0.
    """

    stage_chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Stages"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._buttons: list[StepButton] = []

    def show_stages(self, stages: tuple[StageOverview, ...], chosen: int) -> None:
        """Show a project's stages, one of them looked at."""
        if len(stages) != len(self._buttons):
            self._rebuild(len(stages))
        for button, stage in zip(self._buttons, stages, strict=True):
            button.show_stage(stage)
        self.choose(chosen)

    def choose(self, number: int) -> None:
        """Mark the stage looked at."""
        for at, button in enumerate(self._buttons):
            button.setChecked(at == number)

    def buttons(self) -> tuple[StepButton, ...]:
        """Return the steps."""
        return tuple(self._buttons)

    def _rebuild(self, count: int) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = [StepButton(at + 1, is_last=at == count - 1) for at in range(count)]
        for at, button in enumerate(self._buttons):
            button.clicked.connect(lambda _checked=False, at=at: self._on_clicked(at))
            self._row.addWidget(button, 1)

    def _on_clicked(self, at: int) -> None:
        self.choose(at)
        self.stage_chosen.emit(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()))
        focused = self.focusWidget()
        if step is None or not isinstance(focused, StepButton) or focused not in self._buttons:
            super().keyPressEvent(event)
            return
        at = (self._buttons.index(focused) + step) % len(self._buttons)
        self._buttons[at].setFocus(Qt.FocusReason.TabFocusReason)

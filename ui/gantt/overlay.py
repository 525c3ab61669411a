"""What is drawn above the chart while the mouse is at work: handles, where a drag began, link targets, the badge."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from qihua_desktop.domain.gantt_scene import ROW_HEIGHT
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import DONE
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box
from ui.common.theme import theme

from .drags import DragKind, Drop, Preview
from .grips import NARROW_BAR, Grip
from .picture import ChartPicture

_BADGE_WIDTH: Final = 420.0
_BADGE_LINE: Final = 17.0


def paint_handles(painter: QPainter, box: Box | None, grip: Grip) -> None:
    """Draw the ends from which links are drawn, and the knob that sets progress."""
    row = grip.row.row
    if box is None or row is None:
        return
    painter.setPen(QPen(theme().color(Role.ACCENT), 1.4))
    middle = box.y + box.height / 2
    for at_start, x in ((False, box.right + 8), (True, box.x - 8)):
        chosen = grip.kind is DragKind.LINK and grip.at_start is at_start
        painter.setBrush(theme().color(Role.ACCENT if chosen else Role.SURFACE))
        painter.drawEllipse(QPointF(x, middle), 3.5, 3.5)
    if not row.is_summary and not row.is_milestone and box.width >= NARROW_BAR:
        knob = box.x + box.width * min(row.progress, DONE) / DONE
        bottom = box.y + box.height
        painter.setBrush(theme().color(Role.ACCENT if grip.kind is DragKind.PROGRESS else Role.SURFACE))
        painter.drawPolygon([QPointF(knob, bottom - 3), QPointF(knob + 5, bottom + 4), QPointF(knob - 5, bottom + 4)])


def paint_origin(painter: QPainter, box: Box) -> None:
    """Draw where a dragged bar was."""
    painter.setPen(QPen(theme().color(Role.MUTED), 1, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(box.x, box.y, box.width, box.height), 2.5, 2.5)


def paint_targets(
    painter: QPainter, picture: ChartPicture, drop: Drop, refused: frozenset[EntityId], visible: Box
) -> None:
    """Dim the rows a link cannot go to, mark the ends of those it can, and frame the one it would go to."""
    first = max(0, int(visible.y // ROW_HEIGHT))
    for number in range(first, min(len(picture.rows), int(visible.bottom // ROW_HEIGHT) + 1)):
        row = picture.rows[number].row
        box = picture.chart.bar_box(picture.rows[number].key)
        if row is None or row.id in refused:
            shade = theme().color(Role.SURFACE, alpha=0.62)
            painter.fillRect(QRectF(visible.x, number * ROW_HEIGHT, visible.width, ROW_HEIGHT - 1), shade)
        elif row.id == drop.target:
            if box is not None:
                painter.setPen(QPen(theme().color(Role.ACCENT), 2))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(QRectF(box.x - 3, box.y - 3, box.width + 6, box.height + 6), 5, 5)
        elif box is not None and row.id != drop.task_id:
            painter.setPen(QPen(theme().color(Role.ACCENT), 1.2))
            painter.setBrush(theme().color(Role.SURFACE))
            for x in (box.x - 6, box.right + 6):
                painter.drawEllipse(QPointF(x, box.y + box.height / 2), 2.6, 2.6)


def paint_rubber_line(painter: QPainter, box: Box, mouse: QPointF, *, at_start: bool, bad: bool) -> None:
    """Draw the link being drawn, from a bar's end to the mouse."""
    start = QPointF(box.x - 8 if at_start else box.right + 8, box.y + box.height / 2)
    color = theme().color(Role.BAD if bad else Role.ACCENT)
    painter.setPen(QPen(color, 1.8))
    painter.drawLine(start, mouse)
    painter.setBrush(color)
    painter.drawEllipse(mouse, 3.5, 3.5)


def paint_band(painter: QPainter, band: Box) -> None:
    """Draw a rubber band."""
    painter.setPen(QPen(theme().color(Role.ACCENT), 1))
    painter.setBrush(theme().color(Role.ACCENT, alpha=0.10))
    painter.drawRect(QRectF(band.x, band.y, band.width, band.height))


def paint_badge(painter: QPainter, preview: Preview, mouse: QPointF, view: QSize) -> None:
    """Say beside the mouse what letting go would do, or why it cannot be."""
    lines = (preview.refused,) if preview.refused else preview.words
    if not lines:
        return
    painter.save()
    painter.resetTransform()
    metrics = QFontMetricsF(theme().font(12, bold=True, tabular=True))
    width = min(_BADGE_WIDTH, max(metrics.horizontalAdvance(line[:200]) for line in lines)) + 20
    height = _BADGE_LINE * len(lines) + 10
    x = min(mouse.x() + 16, view.width() - width - 6)
    y = mouse.y() + 22
    if y + height > view.height() - 4:
        y = mouse.y() - height - 14
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color(Role.BAD if preview.refused else Role.TOOLTIP))
    painter.drawRoundedRect(QRectF(x, y, width, height), 6, 6)
    painter.setPen(theme().color(Role.ON_BAD if preview.refused else Role.ON_TOOLTIP))
    for number, line in enumerate(lines):
        painter.setFont(theme().font(12, bold=number == 0, tabular=True))
        area = QRectF(x + 10, y + 5 + _BADGE_LINE * number, width - 20, _BADGE_LINE)
        shown = painter.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, int(area.width()) + 1)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), shown)
    painter.restore()

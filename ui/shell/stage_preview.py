"""The calendar a new project would get: a line per stage with its days and a bar."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from qihua_desktop.domain.formatting import date_short
from qihua_desktop.i18n import _
from qihua_desktop.services.projects import TemplatePreview
from ui.common.theme import Role, theme

_ROW = 28
_NAME = 158
_ROLE = 126
_DATES = 104


class StagePreviewView(QWidget):
    """Paints a template preview."""

    def __init__(self) -> None:
        super().__init__()
        self._preview: TemplatePreview | None = None
        self._today: date | None = None
        self._mark: date | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Stages on the calendar"))

    def show_preview(self, preview: TemplatePreview | None, today: date, mark: date | None) -> None:
        """Show a preview; ``mark`` is the key date."""
        self._preview, self._today, self._mark = preview, today, mark
        lines = [] if preview is None else [f"{one.name} {one.start} – {one.finish}" for one in preview.stages]
        self.setAccessibleDescription("\n".join(lines))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        rows = len(self._preview.stages) if self._preview is not None else 5
        return QSize(560, rows * _ROW + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(420, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        preview = self._preview
        if preview is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        left = _NAME + _ROLE + _DATES
        width = self.width() - left - 8
        first = min(preview.start, self._today or preview.start)
        last = max(preview.finish, self._mark or preview.finish)
        span = max(1, (last - first).days + 1)

        def x_of(day: date) -> float:
            return left + width * (day - first).days / span

        for number, stage in enumerate(preview.stages):
            top = number * _ROW
            painter.setPen(colors.color(Role.LINE_SOFT))
            painter.drawLine(0, top + _ROW - 1, self.width(), top + _ROW - 1)
            cells = (
                (stage.name, Role.TEXT, 0, _NAME - 6, False),
                (stage.owner_role_label, Role.MUTED, _NAME, _ROLE - 6, False),
                (
                    f"{date_short(stage.start)} – {date_short(stage.finish)}",
                    Role.TEXT_SOFT,
                    _NAME + _ROLE,
                    _DATES - 6,
                    True,
                ),
            )
            for text, role, x, room, tabular in cells:
                painter.setFont(colors.font(13 if role is Role.TEXT else 12, tabular=tabular))
                painter.setPen(colors.color(role))
                shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room)
                painter.drawText(QRect(x, top, room, _ROW), Qt.AlignmentFlag.AlignVCenter, shown)
            start, end = x_of(stage.start), x_of(stage.finish) + width / span
            past = self._today is not None and stage.start < self._today
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color(Role.CRITICAL if past else Role.BAR))
            painter.drawRoundedRect(QRectF(start, top + 9, max(4.0, end - start), 10), 3, 3)
        self._paint_days(painter, x_of, len(preview.stages) * _ROW)
        painter.end()

    def _paint_days(self, painter: QPainter, x_of: object, height: int) -> None:
        for day, role, style in (
            (self._today, Role.TODAY, Qt.PenStyle.SolidLine),
            (self._mark, Role.EVENT, Qt.PenStyle.DashLine),
        ):
            if day is not None:
                x = x_of(day)  # type: ignore[operator]
                painter.setPen(QPen(theme().color(role), 1.5, style))
                painter.drawLine(round(x), 0, round(x), height)

"""A large choice with icon, name and description; one of a group is chosen, arrow keys move between them."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from ui.common.icons import paint_icon
from ui.common.theme import CARD_RADIUS, SPACE_3, Role, theme


class ChoiceCard(QAbstractButton):
    """One choice."""

    def __init__(self, icon_name: str, title: str, description: str, role: Role = Role.ACCENT) -> None:
        super().__init__()
        self._icon_name = icon_name
        self._title = title
        self._description = description
        self._role = role
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        self.setAccessibleDescription(description)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        return QSize(200, 112)

    def minimumSizeHint(self) -> QSize:
        return QSize(150, 112)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colors = theme()
        chosen = self.isChecked()
        edge = Role.ACCENT if chosen or self.hasFocus() else Role.LINE_STRONG
        painter.setPen(QPen(colors.color(edge), 2 if chosen else 1))
        painter.setBrush(colors.color(Role.ACCENT_BG if chosen else Role.HOVER if self.underMouse() else Role.SURFACE))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), CARD_RADIUS, CARD_RADIUS)
        if self.hasFocus() and chosen:
            painter.setPen(QPen(colors.color(Role.ACCENT), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(5, 5, -5, -5), CARD_RADIUS - 3, CARD_RADIUS - 3)
        paint_icon(painter, self._icon_name, QRect(SPACE_3 + 2, SPACE_3 + 1, 20, 20), self._role)
        painter.setPen(colors.color(Role.TEXT))
        painter.setFont(colors.font(bold=True))
        left = SPACE_3 + 30
        title = painter.fontMetrics().elidedText(
            self._title, Qt.TextElideMode.ElideRight, self.width() - left - SPACE_3
        )
        painter.drawText(QRect(left, SPACE_3, self.width() - left - SPACE_3, 22), Qt.AlignmentFlag.AlignVCenter, title)
        painter.setPen(colors.color(Role.MUTED))
        painter.setFont(colors.font(12))
        place = QRect(SPACE_3 + 2, SPACE_3 + 30, self.width() - 2 * SPACE_3 - 4, self.height() - SPACE_3 - 36)
        painter.drawText(place, int(Qt.AlignmentFlag.AlignLeft) | int(Qt.TextFlag.TextWordWrap), self._description)
        painter.end()

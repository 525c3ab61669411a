"""Buttons whose text takes as many lines as it needs: answers to choose, findings to go to."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from ui.common.icons import paint_icon
from ui.common.theme import SECONDARY_SIZE, Role, theme
from ui.common.widgets import Tone, tone_roles

_LONGEST_SHOWN: Final = 1_500
_TONE_ICONS: Final = {
    Tone.BAD: "circle-alert",
    Tone.WARN: "triangle-alert",
    Tone.OK: "circle-check",
    Tone.NEUTRAL: "corner-down-right",
}


class WrappedButton(QAbstractButton):
    """A lead picture and wrapped text, with a smaller second text below."""

    def __init__(
        self,
        text: str,
        second: str = "",
        *,
        lead: int = 26,
        padding: int = 6,
        size: int = 13,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = text[:_LONGEST_SHOWN] + ("…" if len(text) > _LONGEST_SHOWN else "")
        self._second = second
        self._lead = lead
        self._padding = padding
        self._size = size
        self.setAccessibleName(text)
        self.setAccessibleDescription(second)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def words(self) -> str:
        """Return the text shown."""
        return self._words

    def paint_lead(self, painter: QPainter, area: QRect) -> None:
        """Draw the lead picture into its square."""

    def ground_role(self) -> Role | None:
        """Return the colour behind the text, None for none."""
        return Role.HOVER if self.underMouse() and self.isEnabled() else None

    def text_role(self) -> Role:
        """Return the colour of the text."""
        return Role.TEXT

    def _text_area(self, width: int) -> QRect:
        return QRect(
            self._lead + self._padding, self._padding, max(20, width - self._lead - 2 * self._padding), 100_000
        )

    def _heights(self, width: int) -> tuple[int, int]:
        area = self._text_area(width)
        first = QFontMetrics(theme().font(self._size)).boundingRect(area, self._flags(self._words), self._words or " ")
        if not self._second:
            return first.height(), 0
        metrics = QFontMetrics(theme().font(SECONDARY_SIZE))
        return first.height(), metrics.boundingRect(area, self._flags(self._second), self._second).height()

    @staticmethod
    def _flags(text: str) -> int:
        unbroken = any(len(word) > 24 and word.isascii() for word in text.split())
        return int(Qt.TextFlag.TextWrapAnywhere if unbroken else Qt.TextFlag.TextWordWrap)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return sum(self._heights(width)) + 2 * self._padding

    def sizeHint(self) -> QSize:
        return QSize(280, self.heightForWidth(280))

    def minimumSizeHint(self) -> QSize:
        return QSize(90, self.fontMetrics().height() + 2 * self._padding)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = self.ground_role()
        painter.setBrush(theme().color(ground) if ground is not None else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme().color(Role.ACCENT), 1.2) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.6, 0.6, -0.6, -0.6), 6, 6)
        first, second = self._heights(self.width())
        line = QFontMetrics(theme().font(self._size)).lineSpacing()
        self.paint_lead(painter, QRect(self._padding, self._padding + (line - 18) // 2, 18, 18))
        area = self._text_area(self.width())
        painter.setFont(theme().font(self._size))
        painter.setPen(theme().color(self.text_role()))
        painter.drawText(QRect(area.x(), area.y(), area.width(), first + 2), self._flags(self._words), self._words)
        if second:
            painter.setFont(theme().font(SECONDARY_SIZE))
            painter.setPen(theme().color(Role.MUTED))
            below = QRect(area.x(), area.y() + first, area.width(), second + 2)
            painter.drawText(below, self._flags(self._second), self._second)


class FindingButton(WrappedButton):
    """A finding of the check; pressing it goes to its question."""

    def __init__(self, tone: Tone, text: str, second: str = "") -> None:
        super().__init__(text, second, padding=4)
        self.tone = tone

    def paint_lead(self, painter: QPainter, area: QRect) -> None:
        paint_icon(painter, _TONE_ICONS[self.tone], area.adjusted(1, 1, -1, -1), tone_roles(self.tone)[0])


class ChoiceButton(WrappedButton):
    """An answer: a circle for one, a square for several, a rank for an order; ``digit`` is the key that chooses it."""

    def __init__(self, text: str, *, single: bool, digit: int | None = None, large: bool = False) -> None:
        super().__init__(text, lead=28, padding=8 if large else 5, size=15 if large else 13)
        self._single = single
        self._digit = digit
        self._large = large
        self.rank: int | None = None
        self.setCheckable(True)

    def ground_role(self) -> Role | None:
        if self.isChecked() and self._large:
            return Role.ACCENT_BG
        return super().ground_role()

    def paint_lead(self, painter: QPainter, area: QRect) -> None:
        chosen = self.isChecked()
        role = Role.ACCENT if chosen else Role.LINE_STRONG if not self._large else Role.MUTED
        painter.setPen(QPen(theme().color(role), 1.4))
        painter.setBrush(theme().color(Role.ACCENT) if chosen and not self._single else theme().color(Role.SURFACE))
        box = QRectF(area).adjusted(1.5, 1.5, -1.5, -1.5)
        if self._single:
            painter.drawEllipse(box)
        else:
            painter.drawRoundedRect(box, 3.5, 3.5)
        if not chosen:
            if self._digit is not None and self._large:
                painter.setFont(theme().font(10))
                painter.setPen(theme().color(Role.MUTED))
                painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), str(self._digit))
        elif self.rank is not None:
            painter.setFont(theme().font(11, bold=True))
            painter.setPen(theme().color(Role.ON_ACCENT))
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), str(self.rank))
        elif self._single:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(Role.ACCENT))
            painter.drawEllipse(box.adjusted(3.5, 3.5, -3.5, -3.5))
        else:
            paint_icon(painter, "check", area.adjusted(3, 3, -3, -3), Role.ON_ACCENT)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Arrow keys move between answers; Enter belongs to the window.
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.ignore()
        else:
            super().keyPressEvent(event)

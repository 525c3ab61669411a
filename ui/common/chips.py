"""Status words on a tinted ground, and the tones they share with banners and cells."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy

from .icons import paint_icon
from .labels import one_line, upright
from .theme import CHIP_HEIGHT, CHIP_RADIUS, SECONDARY_SIZE, Role, theme

_CHIP_PADDING: Final = 7
_CHIP_WIDEST: Final = 320


class Tone(StrEnum):
    """What a chip, a banner or a figure says at a glance, besides its word."""

    NEUTRAL = "neutral"
    ACCENT = "accent"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    BRAND = "brand"
    EVENT = "event"
    RESEARCH = "research"


_TONE_ROLES: Final = {
    Tone.NEUTRAL: (Role.NEUTRAL, Role.NEUTRAL_BG),
    Tone.ACCENT: (Role.ACCENT, Role.ACCENT_BG),
    Tone.OK: (Role.OK, Role.OK_BG),
    Tone.WARN: (Role.WARN, Role.WARN_BG),
    Tone.BAD: (Role.BAD, Role.BAD_BG),
    Tone.BRAND: (Role.BRAND_TEXT, Role.BRAND_BG),
    Tone.EVENT: (Role.EVENT_TEXT, Role.EVENT_BG),
    Tone.RESEARCH: (Role.RESEARCH_TEXT, Role.RESEARCH_BG),
}


def tone_roles(tone: Tone) -> tuple[Role, Role]:
    """Return a tone's text and background roles."""
    return _TONE_ROLES[tone]


def paint_chip(painter: QPainter, rect: QRectF, text: str, tone: Tone) -> None:
    """Draw a chip into a rectangle with the painter's font; cells and the chip widget share this."""
    ink, ground = tone_roles(tone)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme().color(ground))
    painter.drawRoundedRect(rect, CHIP_RADIUS, CHIP_RADIUS)
    painter.setPen(theme().color(ink))
    inner = rect.adjusted(_CHIP_PADDING - 1, 0, -_CHIP_PADDING + 1, 0)
    words = one_line(upright(text))
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(inner.width()) + 1)
    painter.drawText(inner, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), shown)


def chip_width(metrics: QFontMetrics, text: str) -> int:
    """Return how wide a chip of a text is."""
    return min(_CHIP_WIDEST, metrics.horizontalAdvance(text[:200]) + 2 * _CHIP_PADDING)


class _ChipBase(QAbstractButton):
    """Paints a chip; as a plain chip it takes neither focus nor clicks."""

    def __init__(self, text: str, tone: Tone, *, bold: bool, icon_name: str | None, dot: bool) -> None:
        super().__init__()
        self._label = text
        self._tone = tone
        self._icon_name = icon_name
        self._dot = dot
        self.setFont(theme().font(SECONDARY_SIZE, bold=bold))
        self.setAccessibleName(text)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def chip_text(self) -> str:
        """Return the word shown."""
        return self._label

    def tone(self) -> Tone:
        """Return the tone shown."""
        return self._tone

    def set_text(self, text: str) -> None:
        """Change the word."""
        self._label = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def set_tone(self, tone: Tone) -> None:
        """Change the tone."""
        self._tone = tone
        self.update()

    def _lead(self) -> int:
        return 18 if self._icon_name else 14 if self._dot else 0

    def _tail(self) -> int:
        return 0

    def sizeHint(self) -> QSize:
        width = chip_width(self.fontMetrics(), self._label) + self._lead() + self._tail()
        return QSize(width, CHIP_HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(self.sizeHint().width(), 48), CHIP_HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, ground = tone_roles(self._tone)
        if self.isCheckable() and self.isChecked():
            ink, ground = tone_roles(Tone.ACCENT)
        rect = QRectF(self.rect())
        painter.setPen(QPen(theme().color(Role.ACCENT), 1) if self.hasFocus() else Qt.PenStyle.NoPen)
        fill = theme().color(ground)
        if self.isEnabled() and self.underMouse() and not isinstance(self, Chip):
            fill = fill.darker(104) if not theme().is_dark else fill.lighter(118)
        painter.setBrush(fill)
        painter.drawRoundedRect(
            rect.adjusted(0.5, 0.5, -0.5, -0.5) if self.hasFocus() else rect, CHIP_RADIUS, CHIP_RADIUS
        )
        color = theme().color(ink if self.isEnabled() else Role.MUTED)
        if self._icon_name:
            paint_icon(painter, self._icon_name, square_in(_CHIP_PADDING, rect, 14), ink)
        elif self._dot:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawEllipse(QPointF(_CHIP_PADDING + 4, rect.center().y()), 4, 4)
        inner = rect.adjusted(_CHIP_PADDING - 1 + self._lead(), 0, -_CHIP_PADDING + 1 - self._tail(), 0)
        painter.setPen(color)
        words = one_line(upright(self._label))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(inner.width()) + 1)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), shown)
        if self._tail():
            paint_icon(painter, "chevron-down", square_in(int(rect.right()) - 18, rect, 12), ink)


class Chip(_ChipBase):
    """A status word on a tinted ground."""

    def __init__(
        self,
        text: str = "",
        tone: Tone = Tone.NEUTRAL,
        *,
        bold: bool = False,
        icon_name: str | None = None,
        dot: bool = False,
    ) -> None:
        super().__init__(text, tone, bold=bold, icon_name=icon_name, dot=dot)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)


class ChipButton(_ChipBase):
    """A chip to press: a version to choose, a filter to switch on. A menu gives it a chevron."""

    def __init__(
        self,
        text: str = "",
        tone: Tone = Tone.NEUTRAL,
        *,
        menu: QMenu | None = None,
        checkable: bool = False,
        icon_name: str | None = None,
        dot: bool = False,
    ) -> None:
        self._menu = menu
        super().__init__(text, tone, bold=False, icon_name=icon_name, dot=dot)
        self.setCheckable(checkable)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(self._on_clicked)

    def set_menu(self, menu: QMenu) -> None:
        """Give the chip a menu."""
        self._menu = menu
        self.updateGeometry()

    def _tail(self) -> int:
        return 14 if self._menu is not None else 0

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), CHIP_HEIGHT + 4)

    @Slot()
    def _on_clicked(self) -> None:
        if self._menu is not None:
            self._menu.popup(self.mapToGlobal(self.rect().bottomLeft()))


def square_in(x: int, rect: QRectF, side: int) -> QRect:
    """Return a square for an icon, centred vertically in a rectangle."""
    return QRect(x, round(rect.center().y() - side / 2), side, side)

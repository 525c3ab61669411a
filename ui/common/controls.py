"""Small controls: segments, search, avatars, progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from qihua_desktop.i18n import _

from .chips import square_in
from .icons import paint_icon, set_icon
from .theme import CONTROL_HEIGHT, ICON_SIZE, RADIUS, Role, theme

_SEGMENT_PADDING: Final = 11
_SEGMENT_WIDEST: Final = 240
_SEARCH_DELAY: Final = 150


@dataclass(frozen=True, slots=True)
class Segment:
    """One choice of a segmented control; ``badge`` is a count beside the text."""

    key: str
    text: str
    icon_name: str | None = None
    badge: str = ""


class SegmentedControl(QFrame):
    """Two to six choices side by side, one in force. Arrow keys move between them.

    Signals:
        current_changed(str): another segment was chosen, by the user or by ``set_current``.
    """

    current_changed = Signal(str)

    def __init__(self, segments: Sequence[Segment], *, accessible_name: str, current: str | None = None) -> None:
        super().__init__()
        self.setProperty("look", "segments")
        self.setAccessibleName(accessible_name)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[str, _SegmentButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        for number, segment in enumerate(segments):
            one = _SegmentButton(segment, is_first=number == 0, is_last=number == len(segments) - 1)
            self._buttons[segment.key] = one
            self._group.addButton(one, number)
            row.addWidget(one)
        self._current = current if current is not None else segments[0].key
        self._buttons[self._current].setChecked(True)
        self._group.buttonToggled.connect(self._on_toggled)

    def current_key(self) -> str:
        """Return the key of the segment in force."""
        return self._current

    def segment_keys(self) -> tuple[str, ...]:
        """Return the keys of all segments, from the left."""
        return tuple(self._buttons)

    def set_current(self, key: str) -> None:
        """Choose a segment."""
        self._buttons[key].setChecked(True)

    def set_badge(self, key: str, badge: str) -> None:
        """Change the count beside a segment's text."""
        self._buttons[key].set_badge(badge)

    def set_segment_enabled(self, key: str, *, enabled: bool) -> None:
        """Allow or forbid one choice."""
        self._buttons[key].setEnabled(enabled)

    @Slot(QAbstractButton, bool)
    def _on_toggled(self, chosen: QAbstractButton, checked: bool) -> None:
        if checked and isinstance(chosen, _SegmentButton) and chosen.segment.key != self._current:
            self._current = chosen.segment.key
            self.current_changed.emit(self._current)


class _SegmentButton(QAbstractButton):
    def __init__(self, segment: Segment, *, is_first: bool, is_last: bool) -> None:
        super().__init__()
        self.segment = segment
        self._badge = segment.badge
        self._is_first = is_first
        self._is_last = is_last
        self.setCheckable(True)
        self.setAccessibleName(segment.text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFont(theme().font())

    def set_badge(self, badge: str) -> None:
        self._badge = badge
        self.updateGeometry()
        self.update()

    def _words(self) -> str:
        return f"{self.segment.text} {self._badge}" if self._badge else self.segment.text

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme().font(bold=True))
        lead = 20 if self.segment.icon_name else 0
        words = min(_SEGMENT_WIDEST, metrics.horizontalAdvance(self._words()[:200]))
        return QSize(words + 2 * _SEGMENT_PADDING + lead, CONTROL_HEIGHT - 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(min(40, self.sizeHint().width()), CONTROL_HEIGHT - 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(self.rect())
        checked = self.isChecked()
        if checked or (self.underMouse() and self.isEnabled()):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(Role.ACCENT_BG if checked else Role.HOVER))
            left = -RADIUS if not self._is_first else 0
            right = RADIUS if not self._is_last else 0
            painter.setClipRect(self.rect())
            painter.drawRoundedRect(rect.adjusted(left, 0, right, 0), RADIUS - 1, RADIUS - 1)
        if not self._is_last:
            painter.fillRect(QRectF(rect.right() - 1, 0, 1, rect.height()), theme().color(Role.LINE))
        if self.hasFocus():
            painter.setPen(QPen(theme().color(Role.ACCENT), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect.adjusted(1.5, 1.5, -2.5, -1.5), RADIUS - 2, RADIUS - 2)
        role = Role.FAINT if not self.isEnabled() else Role.ACCENT if checked else Role.TEXT_SOFT
        painter.setFont(theme().font(bold=checked))
        painter.setPen(theme().color(role))
        words = rect.adjusted(_SEGMENT_PADDING / 2, 0, -_SEGMENT_PADDING / 2, 0)
        if self.segment.icon_name:
            paint_icon(painter, self.segment.icon_name, square_in(9, rect, ICON_SIZE), role)
            words.setLeft(words.left() + 20)
        shown = painter.fontMetrics().elidedText(self._words(), Qt.TextElideMode.ElideRight, int(words.width()))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine), shown)


class Avatar(QWidget):
    """A person's first character in a circle."""

    def __init__(self, name: str, *, diameter: int = 28) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(diameter, diameter)
        self.setAccessibleName(name)

    def set_name(self, name: str) -> None:
        """Show another person."""
        self._name = name
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(blended(theme().color(Role.ACCENT), theme().color(Role.SURFACE), 0.16))
        painter.drawEllipse(self.rect())
        painter.setPen(theme().color(Role.ACCENT))
        painter.setFont(theme().font(self.width() * 0.46, bold=True))
        initial = self._name.strip()[:1].upper() or "?"
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), initial)


class ProgressBar(QWidget):
    """A thin bar of how much is done or used; over 100 % it is full and red."""

    def __init__(self, basis_points: int = 0, *, role: Role = Role.ACCENT) -> None:
        super().__init__()
        self._basis_points = basis_points
        self._role = role
        self.setMinimumSize(40, 6)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_basis_points(self, basis_points: int, *, role: Role | None = None) -> None:
        """Show another share, in hundredths of a percent."""
        self._basis_points = basis_points
        self._role = role or self._role
        self.setAccessibleDescription(f"{basis_points / 100:.0f}%")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(80, 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rect = QRectF(0, (self.height() - 6) / 2, self.width(), 6)
        paint_progress(painter, rect, self._basis_points, self._role)


def paint_progress(painter: QPainter, rect: QRectF, basis_points: int, role: Role = Role.ACCENT) -> None:
    """Draw a progress bar; over 100 % it turns red."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = rect.height() / 2
    painter.setBrush(theme().color(Role.TRACK))
    painter.drawRoundedRect(rect, radius, radius)
    share = max(0, min(10_000, basis_points)) / 10_000
    if share > 0:
        painter.setBrush(theme().color(Role.BAD if basis_points > 10_000 else role))
        painter.drawRoundedRect(
            QRectF(rect.x(), rect.y(), max(rect.height(), rect.width() * share), rect.height()), radius, radius
        )


class SearchField(QLineEdit):
    """A search box; Escape empties it.

    Signals:
        searched(str): the text rested for a moment, or Enter was pressed.
    """

    searched = Signal(str)

    def __init__(self, placeholder: str = "", *, delay: int = _SEARCH_DELAY) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder or _("Search"))
        self.setAccessibleName(placeholder or _("Search"))
        self.setClearButtonEnabled(True)
        self._lens = QAction(placeholder or _("Search"), self)
        set_icon(self._lens, "search", Role.MUTED)
        self.addAction(self._lens, QLineEdit.ActionPosition.LeadingPosition)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(delay)
        self._timer.timeout.connect(self._on_rested)
        self.textChanged.connect(self._timer.start)
        self.returnPressed.connect(self._on_rested)
        self.setMinimumWidth(140)

    @Slot()
    def _on_rested(self) -> None:
        self._timer.stop()
        self.searched.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._on_rested()
            return
        super().keyPressEvent(event)


def blended(top: QColor, ground: QColor, share: float) -> QColor:
    """Return ``share`` of one colour laid over another."""
    rest = 1.0 - share
    return QColor(
        round(top.red() * share + ground.red() * rest),
        round(top.green() * share + ground.green() * rest),
        round(top.blue() * share + ground.blue() * rest),
    )

"""What a page is made of: cards, figures, banners and what stands in for data that is not there yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from qihua_desktop.i18n import _

from .buttons import button, icon_button, link_button, primary_button
from .chips import Tone, tone_roles
from .icons import paint_icon
from .labels import PlainLabel, figure_label, muted_label, section_label
from .layouts import show_in_place
from .theme import RADIUS, SECONDARY_SIZE, SPACE_1, SPACE_2, Role, theme

_CARD_MARGIN: Final = 14
_HEADER_HEIGHT: Final = 43
_TONE_ICONS: Final = {
    Tone.OK: "circle-check",
    Tone.WARN: "triangle-alert",
    Tone.BAD: "circle-alert",
}


class Card(QFrame):
    """A bordered surface: a head with title, chip and actions, and a ``body`` layout."""

    def __init__(self, title: str = "", *, chip: QWidget | None = None, padded: bool = True) -> None:
        super().__init__()
        self.setProperty("look", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        self._header = QFrame()
        self._header.setProperty("look", "card-header")
        self._header.setFixedHeight(_HEADER_HEIGHT)
        self._row = QHBoxLayout(self._header)
        self._row.setContentsMargins(_CARD_MARGIN, 0, _CARD_MARGIN, 0)
        self._row.setSpacing(SPACE_2)
        self._title = section_label(title)
        self._row.addWidget(self._title, 1)
        if chip is not None:
            self._row.addWidget(chip)
        column.addWidget(self._header)
        self._header.setVisible(bool(title) or chip is not None)
        self.body = QVBoxLayout()
        margin = _CARD_MARGIN if padded else 0
        self.body.setContentsMargins(margin, margin, margin, margin)
        self.body.setSpacing(SPACE_2)
        column.addLayout(self.body, 1)
        self.setAccessibleName(title)

    def set_title(self, title: str) -> None:
        """Change the title."""
        self._title.setText(title)
        self.setAccessibleName(title)
        self._header.setVisible(True)

    def add_action(self, widget: QWidget) -> None:
        """Add a button or chip to the right end of the head."""
        self._row.addWidget(widget)
        self._header.setVisible(True)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Add to the body."""
        self.body.addWidget(widget, stretch)


class EmptyState(QWidget):
    """Says what belongs here and offers the first action."""

    def __init__(
        self,
        icon_name: str,
        title: str,
        hint: str = "",
        *,
        action_text: str = "",
        callback: Callable[[], object] | None = None,
        second_text: str = "",
        second: Callable[[], object] | None = None,
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(SPACE_2)
        column.addStretch(2)
        column.addWidget(_RoundIcon(icon_name), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(SPACE_1)
        self.title = section_label(title)
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(self.title)
        self.hint = muted_label(hint, wrap=True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.hint.setMaximumWidth(420)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.hint, 8)
        row.addStretch(1)
        column.addLayout(row)
        self.action: QPushButton | None = None
        if action_text:
            self.action = primary_button(action_text, callback)
            column.addSpacing(SPACE_2)
            column.addWidget(self.action, 0, Qt.AlignmentFlag.AlignHCenter)
        self.second_action: QPushButton | None = None
        if second_text:
            self.second_action = button(second_text, second)
            column.addWidget(self.second_action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)


class _RoundIcon(QWidget):
    def __init__(self, icon_name: str) -> None:
        super().__init__()
        self._icon_name = icon_name
        self.setFixedSize(56, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(Role.ACCENT_BG))
        painter.drawEllipse(self.rect())
        paint_icon(painter, self._icon_name, self.rect().adjusted(16, 16, -16, -16), Role.ACCENT)


class StatTile(QFrame):
    """A figure with its caption and a note."""

    def __init__(self, caption: str, value: str = "—", note: str = "", *, tone: Tone = Tone.NEUTRAL) -> None:
        super().__init__()
        self.setProperty("look", "card")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(2)
        self._caption = PlainLabel(caption, role=Role.MUTED)
        self._value = figure_label(value)
        self._note = PlainLabel(note, size=SECONDARY_SIZE)
        for label in (self._caption, self._value, self._note):
            column.addWidget(label)
        self.set_value(value, note, tone)

    def set_value(self, value: str, note: str = "", tone: Tone = Tone.NEUTRAL) -> None:
        """Show another figure."""
        self._value.setText(value)
        self._note.setText(note)
        self._note.set_role(Role.MUTED if tone is Tone.NEUTRAL else tone_roles(tone)[0])
        self.setAccessibleName(f"{self._caption.full_text()} {value} {note}".strip())

    def set_caption(self, caption: str) -> None:
        """Change what the figure is."""
        self._caption.setText(caption)


class Banner(QFrame):
    """A message inside the page, with actions; nobody has to close it to go on.

    Signals:
        closed: the user closed it.
    """

    closed = Signal()

    def __init__(self, text: str = "", tone: Tone = Tone.ACCENT, *, closable: bool = False) -> None:
        super().__init__()
        self._tone = tone
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout(self)
        row.setContentsMargins(38, 6, SPACE_2, 6)
        row.setSpacing(SPACE_2)
        self._text = PlainLabel(text, wrap=True)
        self._text.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._text.setMinimumHeight(24)
        row.addWidget(self._text, 1)
        self._actions = QHBoxLayout()
        self._actions.setSpacing(SPACE_1)
        row.addLayout(self._actions)
        if closable:
            row.addWidget(icon_button("x", _("Close"), self._close), 0, Qt.AlignmentFlag.AlignTop)
        self.show_message(text, tone)

    def message(self) -> str:
        """Return the text shown."""
        return self._text.full_text()

    def show_message(self, text: str, tone: Tone | None = None) -> None:
        """Show a message; an empty one hides the banner."""
        self._tone = tone or self._tone
        self._text.setText(text)
        self.setAccessibleName(text)
        show_in_place(self, visible=bool(text))
        self.update()

    def add_action(self, text: str, callback: Callable[[], object]) -> QPushButton:
        """Add a link at the right."""
        action = link_button(text, callback)
        self._actions.addWidget(action)
        return action

    def clear_actions(self) -> None:
        """Remove all links."""
        while (item := self._actions.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _close(self) -> None:
        self.hide()
        self.closed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink, ground = tone_roles(self._tone)
        painter.setPen(QPen(theme().color(ink, alpha=0.22), 1))
        painter.setBrush(theme().color(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        line = self._text.geometry()
        top = line.y() + 4 if line.height() > 36 else line.center().y() - 7
        painter_rect = self.rect()
        painter_rect.setRect(14, top, 16, 16)
        paint_icon(painter, _TONE_ICONS.get(self._tone, "info"), painter_rect, ink)


class Swatch(QWidget):
    """A little square of a category's colour, for legends."""

    def __init__(self, role: Role, *, side: int = 10) -> None:
        super().__init__()
        self._role = role
        self.setFixedSize(QSize(side, side))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(self._role))
        painter.drawRoundedRect(self.rect(), 2.5, 2.5)

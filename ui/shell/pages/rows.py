"""Rows of the cards on Today and Approvals: each leads to its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.common.theme import RADIUS, SPACE_2, SPACE_3, Role, theme
from ui.common.widgets import Avatar, Card, Chip, Elide, PlainLabel, ProgressBar, Tone, muted_label

from ..focus_button import FocusButton

_HEIGHT = 46


@dataclass(frozen=True, slots=True)
class Line:
    """What one row says; ``key`` names it, ``bar`` is a progress in basis points or None."""

    key: object
    title: str
    details: str
    chip: str = ""
    tone: Tone = Tone.NEUTRAL
    bar: int | None = None
    person: str = ""


class LineButton(FocusButton):
    """A row to press."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        self.setText(line.title.replace("&", "&&"))
        self.setAccessibleName(", ".join(part for part in (line.title, line.details, line.chip) if part))
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(PlainLabel(line.title, elide=Elide.END))
        texts.addWidget(muted_label(line.details))
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_2 + 2, 0, SPACE_2 + 2, 0)
        row.setSpacing(SPACE_3)
        if line.person:
            row.addWidget(Avatar(line.person, diameter=28))
        row.addLayout(texts, 1)
        if line.bar is not None:
            bar = ProgressBar(line.bar)
            bar.setFixedWidth(56)
            row.addWidget(bar)
        if line.chip:
            row.addWidget(Chip(line.chip, line.tone))
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.shows_focus():
            painter.setPen(theme().color(Role.ACCENT) if self.shows_focus() else Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(Role.HOVER))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.end()


class LineCard(Card):
    """A card of rows.

    Signals:
        line_chosen(object): the key of the row pressed.
    """

    line_chosen = Signal(object)

    def __init__(self, title: str, nothing: str, *, tone: Tone = Tone.NEUTRAL, longest: int = 8) -> None:
        self.count = Chip("", tone)
        super().__init__(title, chip=self.count)
        self._nothing = nothing
        self._tone = tone
        self._longest = longest
        self._lines: tuple[Line, ...] | None = None
        self._widgets: list[QWidget] = []
        self.body.setContentsMargins(6, 6, 6, 6)
        self.body.setSpacing(0)
        self.more_text: Callable[[int], str] = str

    def show_lines(self, lines: tuple[Line, ...]) -> None:
        """Show rows; a card without any says so."""
        if lines == self._lines:
            return
        self._lines = lines
        focused = next((at for at, widget in enumerate(self._widgets) if widget.hasFocus()), None)
        while (item := self.body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._widgets = []
        for line in lines[: self._longest]:
            button = LineButton(line)
            button.clicked.connect(lambda _checked=False, key=line.key: self.line_chosen.emit(key))
            self._widgets.append(button)
            self.body.addWidget(button)
        rest = len(lines) - self._longest
        if rest > 0 or not lines:
            note = muted_label(self.more_text(rest) if lines else self._nothing, wrap=True)
            note.setContentsMargins(10, 8, 10, 8)
            self.body.addWidget(note)
        self.body.addStretch(1)
        if focused is not None and self._widgets:
            self._widgets[min(focused, len(self._widgets) - 1)].setFocus()
        self.count.set_text(str(len(lines)))
        self.count.setVisible(bool(lines))

    def buttons(self) -> tuple[QWidget, ...]:
        """Return the rows shown."""
        return tuple(self._widgets)

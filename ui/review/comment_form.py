"""The form of a new comment, inside the card: what about, how grave, where, and the words."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout

from qihua_desktop.domain.review import Dimension, Severity, dimension_label
from qihua_desktop.domain.review_rules import seat_dimensions
from qihua_desktop.i18n import _
from ui.common.fields import TextArea
from ui.common.theme import SECONDARY_SIZE, SPACE_2, Role
from ui.common.widgets import (
    Elide,
    PlainLabel,
    Segment,
    SegmentedControl,
    button,
    ghost_button,
    icon_button,
    literal,
    set_tool_tip,
)

from .state import ReviewState
from .words import severity_label


class CommentForm(QFrame):
    """Ctrl+Enter adds, Escape closes an empty form."""

    def __init__(self, add: Callable[[], bool]) -> None:
        super().__init__()
        self.setProperty("look", "bottombar")
        self._add = add
        self._quote = ""
        self._touched = False
        self._headings: tuple[tuple[str, str], ...] = ()
        self.dimension_choice = SegmentedControl(
            [Segment(one.value, dimension_label(one)) for one in Dimension],
            accessible_name=_("What the comment is about"),
        )
        self.severity_choice = SegmentedControl(
            [Segment(one.value, severity_label(one)) for one in (Severity.BLOCKING, Severity.ADVICE)],
            accessible_name=_("Whether it must be dealt with"),
            current=Severity.ADVICE.value,
        )
        self.section = QComboBox()
        self.section.setAccessibleName(_("Where"))
        self.section.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.section.setMinimumContentsLength(6)
        self._quoted = PlainLabel("", elide=Elide.END, size=SECONDARY_SIZE, role=Role.MUTED)
        self._unquote = icon_button("x", _("Comment without this quotation"), lambda: self._show_quote(""))
        self.body = _Words(placeholder=_("Say what should change, and why"), lines=3)
        self.body.setAccessibleName(_("Comment"))
        self.body.send = self._send
        self.body.cancel = self._cancel
        self.add_button = button(_("Add comment"), self._send)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 10)
        column.setSpacing(SPACE_2)
        first = QHBoxLayout()
        first.addWidget(self.dimension_choice)
        first.addStretch(1)
        column.addLayout(first)
        second = QHBoxLayout()
        second.setSpacing(SPACE_2)
        second.addWidget(self.severity_choice)
        second.addWidget(self.section, 1)
        column.addLayout(second)
        third = QHBoxLayout()
        third.addWidget(self._quoted, 1)
        third.addWidget(self._unquote)
        column.addLayout(third)
        column.addWidget(self.body)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(ghost_button(_("Cancel"), self._cancel))
        foot.addWidget(self.add_button)
        column.addLayout(foot)
        self._show_quote("")

    def show_state(self, state: ReviewState) -> None:
        """Offer the sections of the document shown, and the dimension of the present person's seat first."""
        headings = tuple(
            (one.key, f"{one.number}\u3000{one.title}" if one.number else one.title) for one in state.headings
        )
        if headings != self._headings:
            kept = self.section_key()
            self._headings = headings
            self.section.clear()
            self.section.addItem(_("Whole document"), "")
            for key, title in headings:
                self.section.addItem(literal(title).replace("&&", "&"), key)
            self.section.setCurrentIndex(max(0, self.section.findData(kept)))
        if not self.is_empty() or state.view is None or state.actor is None:
            return
        for status in state.view.status.seats:
            if status.seat.person_id == state.actor.id:
                self.dimension_choice.set_current(seat_dimensions(status.seat)[0].value)
                break

    def start(self, section_key: str, quote: str) -> None:
        """Begin a comment on a place."""
        if section_key:
            self.section.setCurrentIndex(max(0, self.section.findData(section_key)))
        self._show_quote(quote)

    def is_empty(self) -> bool:
        """Return whether nothing was typed."""
        return not self.body.text().strip()

    def dimension(self) -> Dimension:
        """Return what the comment is about."""
        return Dimension(self.dimension_choice.current_key())

    def severity(self) -> Severity:
        """Return how grave it is."""
        return Severity(self.severity_choice.current_key())

    def section_key(self) -> str:
        """Return the section's key, empty for the whole document."""
        return str(self.section.currentData() or "")

    def quote(self) -> str:
        """Return the words quoted."""
        return self._quote

    def _show_quote(self, quote: str) -> None:
        self._quote = " ".join(quote.split())[:400]
        self._quoted.setText(_("“{name}”").format(name=self._quote) if self._quote else "")
        set_tool_tip(self._quoted, self._quote)
        self._quoted.setVisible(bool(self._quote))
        self._unquote.setVisible(bool(self._quote))

    def _send(self) -> None:
        if self._add():
            self.body.set_text("")
            self._show_quote("")
            self.section.setCurrentIndex(0)

    def _cancel(self) -> None:
        self.body.set_text("")
        self._show_quote("")
        self.hide()


class _Words(TextArea):
    send: Callable[[], object]
    cancel: Callable[[], object]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.send()
        elif event.key() == Qt.Key.Key_Escape and not self.text().strip():
            self.cancel()
        else:
            super().keyPressEvent(event)

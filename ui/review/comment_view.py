"""One comment with its quote, answers and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Person
from qihua_desktop.domain.review import ReviewComment, Severity, dimension_label
from qihua_desktop.domain.review_rules import may_resolve
from qihua_desktop.i18n import _
from ui.common.theme import SECONDARY_SIZE, SPACE_1, SPACE_2, Role, theme
from ui.common.widgets import (
    Avatar,
    Chip,
    Elide,
    PlainLabel,
    Separator,
    Tone,
    button,
    link_button,
    muted_label,
    set_look,
    set_tool_tip,
)

from .state import ReviewState
from .words import DIMENSION_TONES, moment_text, severity_label

Reply = Callable[[EntityId, str], bool]
Resolve = Callable[[EntityId, bool], bool]


class CommentView(QFrame):
    """Keeps a half-typed answer through every refresh.

    Signals:
        place_chosen(str): the comment's section is to be shown.
    """

    place_chosen = Signal(str)

    def __init__(self, reply: Reply, resolve: Resolve) -> None:
        super().__init__()
        self._reply = reply
        self._resolve = resolve
        self.comment: ReviewComment | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        row = QHBoxLayout()
        row.setContentsMargins(14, 10, 14, 8)
        row.setSpacing(SPACE_2)
        self._avatar = Avatar("", diameter=26)
        row.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(3)
        column.addLayout(self._build_head())
        self._quote = PlainLabel("", elide=Elide.END, size=SECONDARY_SIZE, role=Role.MUTED)
        column.addWidget(self._quote)
        self.body = PlainLabel("", wrap=True)
        column.addWidget(self.body)
        self._answers = _Beside()
        column.addWidget(self._answers)
        column.addLayout(self._build_foot())
        self.reply_field = _ReplyField(self._end_reply)
        self.reply_field.returnPressed.connect(self._send_reply)
        self.reply_send = button(_("Reply"), self._send_reply)
        reply_row = QHBoxLayout()
        reply_row.addWidget(self.reply_field, 1)
        reply_row.addWidget(self.reply_send)
        column.addLayout(reply_row)
        row.addLayout(column, 1)
        outer.addLayout(row)
        outer.addWidget(Separator())
        self._end_reply()

    def _build_head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(SPACE_1 + 2)
        self._name = PlainLabel("", bold=True, elide=Elide.END)
        self._dimension = Chip()
        self.place = link_button("", self._go_to_place)
        set_look(self.place, "link")
        self._severity = PlainLabel("", size=SECONDARY_SIZE)
        self._when = muted_label()
        head.addWidget(self._name)
        head.addWidget(self._dimension)
        head.addWidget(self.place)
        head.addWidget(self._severity)
        head.addStretch(1)
        return head

    def _build_foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_1)
        self.chip = Chip()
        self.reply_link = link_button(_("Reply"), self._start_reply)
        self.resolve_link = link_button(_("Resolve"), self._toggle)
        self._version = muted_label()
        foot.addWidget(self.chip)
        foot.addSpacing(2)
        foot.addWidget(self._when)
        foot.addWidget(self._version)
        foot.addStretch(1)
        foot.addWidget(self.reply_link)
        foot.addWidget(self.resolve_link)
        return foot

    def show_comment(self, comment: ReviewComment, state: ReviewState, version_number: int | None) -> None:
        """Show a comment; ``version_number`` is given for one of an earlier version."""
        self.comment = comment
        name = state.name(comment.person_id)
        self._avatar.set_name(name)
        self._name.setText(name)
        set_tool_tip(self._name, name)
        self._dimension.set_text(dimension_label(comment.dimension))
        self._dimension.set_tone(DIMENSION_TONES[comment.dimension])
        place = state.place(comment.section_key)
        self.place.setText(place)
        self.place.setVisible(bool(place))
        blocking = comment.severity is Severity.BLOCKING
        self._severity.setText(severity_label(comment.severity))
        self._severity.set_role(Role.BAD if blocking and comment.resolved_ms is None else Role.MUTED)
        self._when.setText(moment_text(comment.created_ms, state.now))
        self._quote.setText(_("“{name}”").format(name=comment.quote) if comment.quote else "")
        self._quote.setVisible(bool(comment.quote))
        set_tool_tip(self._quote, comment.quote)
        self.body.setText(comment.body)
        self._answers.show_lines(comment.reply)
        resolved = comment.resolved_ms is not None
        self.chip.set_text(_("Resolved") if resolved else _("Unresolved"))
        self.chip.set_tone(Tone.OK if resolved else Tone.WARN)
        by = state.name(comment.resolved_by)
        set_tool_tip(self.chip, f"{by} {moment_text(comment.resolved_ms, state.now)}" if comment.resolved_ms else "")
        self._version.setText(_("on version {number}").format(number=version_number) if version_number else "")
        self._allow(comment, state.actor, read_only=state.read_only)
        self.setAccessibleName(f"{name} {dimension_label(comment.dimension)} {comment.body[:200]}")

    def _allow(self, comment: ReviewComment, actor: Person | None, *, read_only: bool) -> None:
        resolved = comment.resolved_ms is not None
        able = actor is not None and not read_only
        self.reply_link.setEnabled(able)
        self.resolve_link.setText(_("Reopen") if resolved else _("Resolve"))
        blocking = comment.severity is Severity.BLOCKING
        if actor is None:
            reason = _("Choose who you are at the bottom left.")
        elif resolved:
            reason = None if actor.id == comment.person_id or not blocking else _("Only its writer can reopen it.")
        else:
            reason = may_resolve(actor.id, comment)
        self.resolve_link.setEnabled(able and reason is None)
        set_tool_tip(self.resolve_link, reason or "")

    def _go_to_place(self) -> None:
        if self.comment is not None:
            self.place_chosen.emit(self.comment.section_key)

    def _start_reply(self) -> None:
        self.reply_field.show()
        self.reply_send.show()
        self.reply_field.setFocus()

    def _end_reply(self) -> None:
        self.reply_field.clear()
        self.reply_field.hide()
        self.reply_send.hide()

    def _send_reply(self) -> None:
        if self.comment is not None and self._reply(self.comment.id, self.reply_field.text()):
            self._end_reply()
            self.reply_link.setFocus()

    def _toggle(self) -> None:
        if self.comment is not None:
            self._resolve(self.comment.id, self.comment.resolved_ms is None)


class _ReplyField(QLineEdit):
    def __init__(self, cancel: Callable[[], object]) -> None:
        super().__init__()
        self._cancel = cancel
        self.setPlaceholderText(_("Your answer"))
        self.setAccessibleName(_("Your answer"))
        self.setMaxLength(10_000)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
            return
        super().keyPressEvent(event)


class _Beside(QWidget):
    """Answers, one line each, beside a bar."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 1, 0, 1)
        self._column.setSpacing(2)
        self._text = ""
        self.hide()

    def show_lines(self, text: str) -> None:
        if text == self._text:
            return
        self._text = text
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for line in text.split("\n"):
            self._column.addWidget(PlainLabel(line, wrap=True, role=Role.TEXT_SOFT))
        self.setVisible(bool(text))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(1, 1, 2, self.height() - 2), theme().color(Role.LINE))

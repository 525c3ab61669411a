"""The line at the bottom: when the work was saved and backed up, and what undo and redo would do."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from qihua_desktop.i18n import _
from ui.common.jobs import JobProgress, Jobs
from ui.common.labels import literal
from ui.common.theme import SPACE_4, SPACE_5, Role
from ui.common.widgets import Elide, PlainLabel, link_button, set_tool_tip

_HEIGHT = 28
_NOTICE_MS = 6_000
_LABEL_LENGTH = 40


def clock_text(moment: datetime | None, now: datetime, *, seconds: bool = False) -> str:
    """Return a moment as people say it: the time today, the day otherwise."""
    if moment is None:
        return "—"
    if moment.date() == now.date():
        return f"{moment:%H:%M:%S}" if seconds else f"{moment:%H:%M}"
    return f"{moment:%m-%d %H:%M}" if moment.year == now.year else f"{moment:%Y-%m-%d}"


class StatusBar(QFrame):
    """The status line.

    Signals:
        undo_clicked(): undo was asked for.
        redo_clicked(): redo was asked for.
    """

    undo_clicked = Signal()
    redo_clicked = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "bottombar")
        self.setFixedHeight(_HEIGHT)
        self.setAccessibleName(_("Status"))
        self.saved = PlainLabel("", role=Role.MUTED, size=12, elide=Elide.END)
        self.backup = PlainLabel("", role=Role.MUTED, size=12, elide=Elide.END)
        self.offline = PlainLabel(_("Works offline"), role=Role.MUTED, size=12, elide=Elide.END)
        self.notice = PlainLabel("", role=Role.TEXT_SOFT, size=12, elide=Elide.END)
        self.progress = JobProgress(jobs)
        self.redo = link_button("", self.redo_clicked.emit)
        self.undo = link_button("", self.undo_clicked.emit)
        for action in (self.undo, self.redo):
            action.setProperty("look", "status")
            action.setMaximumWidth(420)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_5, 0, SPACE_5 - 6, 0)
        row.setSpacing(SPACE_4 + 4)
        row.addWidget(self.saved)
        row.addWidget(self.backup)
        row.addWidget(self.offline)
        row.addWidget(self.notice, 1)
        row.addWidget(self.progress)
        row.addWidget(self.redo)
        row.addWidget(self.undo)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_NOTICE_MS)
        self._timer.timeout.connect(lambda: self.notice.setText(""))

    def show_saved(self, text: str) -> None:
        """Show when the last change was saved."""
        self.saved.setText(text)

    def show_backup(self, text: str) -> None:
        """Show when the last backup was made."""
        self.backup.setText(text)

    def show_notice(self, text: str) -> None:
        """Show a short message for some seconds."""
        self.notice.setText(text)
        self._timer.start()

    def show_steps(self, undo: str | None, redo: str | None) -> None:
        """Show what undo and redo would do."""
        _show(self.undo, _("Undo: {label}"), undo, "Ctrl+Z")
        _show(self.redo, _("Redo: {label}"), redo, "Ctrl+Shift+Z")


def _show(button: QPushButton, template: str, label: str | None, shortcut: str) -> None:
    button.setVisible(label is not None)
    if label is None:
        return
    text = " ".join(template.format(label=label).split())
    shown = text if len(text) <= _LABEL_LENGTH else text[:_LABEL_LENGTH] + "…"
    button.setText(literal(shown))
    button.setAccessibleName(text)
    set_tool_tip(button, f"{text}  ({shortcut})")

"""The line that says what an edit moved, with a list of every task on request. It goes with the next edit."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.plan_commit import Outcome
from qihua_desktop.services.plan_explain import move_lines, outcome_text
from ui.common import dialogs
from ui.common.labels import set_tool_tip
from ui.common.theme import theme
from ui.common.widgets import Elide, PlainLabel, icon_button, link_button


class MovedBar(QFrame):
    """Shown while the last edit moved other tasks.

    Signals:
        undo_requested: take that edit back.
    """

    undo_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[str, ...] = ()
        self.setFixedHeight(30)
        self.label = PlainLabel("", elide=Elide.END, role=Role.TEXT_SOFT, size=12)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 12, 0)
        row.setSpacing(10)
        row.addWidget(self.label, 1)
        row.addWidget(link_button(_("Show all"), self._on_all), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(link_button(_("Undo"), self.undo_requested.emit), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(icon_button("x", _("Close"), self.hide))
        theme().changed.connect(self.update)
        self.hide()

    def tell(self, outcome: Outcome) -> str:
        """Show what moved along; hide when nothing did. Returns the words."""
        words = outcome_text(outcome)
        self._lines = move_lines(outcome)
        self.label.setText(words)
        set_tool_tip(self.label, "\n".join(self._lines[:20]))
        self.setVisible(bool(words))
        return words

    def _on_all(self) -> None:
        count = len(self._lines)
        words = ngettext("{count} task moved", "{count} tasks moved", count).format(count=count)
        dialogs.inform(self.window(), words, details=self._lines)

    def paintEvent(self, event: object) -> None:
        from PySide6.QtGui import QPainter

        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color(Role.ACCENT_BG))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().color(Role.LINE))

"""Sign-offs across all projects: those that wait on me, those that wait on others."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import people
from qihua_desktop.services.today import pending_sign_offs
from ui.common.context import AppContext
from ui.common.page import Page
from ui.common.theme import SPACE_3
from ui.common.widgets import Banner, Tone
from ui.common.widgets import Page as ScrollingPage

from .rows import LineCard
from .today_page import sign_off_line

_TABLES = frozenset({"plan_version", "review_seat", "sign_off", "review_comment", "plan_document", "project", "person"})


class ApprovalsPage(Page):
    """Whose turn it is to sign."""

    key = "approvals"
    icon = "stamp"
    per_project = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.hint = Banner()
        self.mine = LineCard(
            _("Waiting for my sign-off"), _("No plan waits for your sign-off."), tone=Tone.WARN, longest=50
        )
        self.others = LineCard(_("Waiting for others"), _("Nobody else has to sign at present."), longest=50)
        for card in (self.mine, self.others):
            card.line_chosen.connect(self._on_line_chosen)
        context.actor_changed.connect(self._on_actor_changed)
        page = ScrollingPage()
        page.body.addWidget(self.hint)
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        for card in (self.mine, self.others):
            column = QVBoxLayout()
            column.addWidget(card)
            column.addStretch(1)
            row.addLayout(column, 1)
        page.body.addLayout(row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Approvals")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown."""
        return any(table in _TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch the sign-offs anew."""
        session = self.context.session
        names = people.person_names(session)
        me = session.actor.id if session.actor else None
        waiting = pending_sign_offs(session)
        self.mine.show_lines(tuple(sign_off_line(one) for one in waiting if one.person_id == me))
        self.others.show_lines(
            tuple(sign_off_line(one, names.get(one.person_id, "")) for one in waiting if one.person_id != me)
        )
        self.hint.show_message("" if me else _("Choose who you are at the bottom left to see what waits on you."))

    @Slot(object)
    def _on_line_chosen(self, key: tuple[EntityId, EntityId]) -> None:
        self.context.page_requested.emit("review", key)

    @Slot(object)
    def _on_actor_changed(self, _person: object) -> None:
        self.reload()

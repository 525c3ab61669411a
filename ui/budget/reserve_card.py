"""What the reserve still holds, who asked for some of it, and what was decided."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.execution import ReleaseState, deviation_label, release_state_label
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _
from qihua_desktop.services import reserve
from qihua_desktop.services.reserve import ReleaseView
from ui.common.theme import SECONDARY_SIZE, SPACE_2
from ui.common.widgets import Card, Chip, Elide, PlainLabel, Tone, button, link_button, set_tool_tip

from .reserve_dialogs import decide, use_reserve, withdraw
from .tabs import BudgetTab

_TONES = {ReleaseState.REQUESTED: Tone.WARN, ReleaseState.APPROVED: Tone.OK, ReleaseState.REFUSED: Tone.NEUTRAL}
_SHOWN = 30


class ReserveCard(Card):
    """The reserve of a project."""

    def __init__(self, tab: BudgetTab) -> None:
        self.available = Chip()
        super().__init__(_("Reserve"), chip=self.available)
        self._tab = tab
        self.use = link_button(_("Use the reserve…"), lambda: use_reserve(tab))
        self.empty = PlainLabel(_("Nothing of the reserve was asked for."), role=Role.MUTED, wrap=True)
        self.add(self.empty)
        self._rows: list[QWidget] = []
        self._shown: tuple[object, ...] = ()
        self.add(self.use)
        self.body.addStretch(1)

    def show_reserve(self, found: Sequence[ReleaseView], *, editable: bool) -> None:
        """Show the uses, newest first."""
        project_id, session = self._tab.project_id, self._tab.context.session
        if project_id is None:
            return
        held = reserve.available_reserve(session, project_id)
        self.available.set_text(_("{amount} available").format(amount=money_text(held)))
        self.available.set_tone(Tone.OK if held > 0 else Tone.NEUTRAL)
        self.use.setEnabled(editable)
        self.empty.setVisible(not found)
        if self._shown == (*found, editable):
            return
        self._shown = (*found, editable)
        for row in self._rows:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._release_row(one, editable=editable) for one in list(reversed(found))[:_SHOWN]]
        for at, row in enumerate(self._rows):
            self.body.insertWidget(at, row)

    def _release_row(self, one: ReleaseView, *, editable: bool) -> QWidget:
        release = one.release
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 2, 0, 4)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(Chip(release_state_label(release.state), _TONES[release.state]))
        head.addWidget(PlainLabel(" ".join(one.line_name[:40].split()), elide=Elide.END), 1)
        head.addWidget(PlainLabel(f"+{money_text(release.amount)}", bold=True, tabular=True))
        column.addLayout(head)
        words = f"{release.code.value} {deviation_label(release.code)} · {release.reason[:120]}"
        who = _("asked by {name}").format(name=one.requested_by or "—")
        if release.state is not ReleaseState.REQUESTED:
            who += " · " + _("decided by {name}").format(name=one.decided_by or "—")
        if release.note:
            who += f" · {release.note[:120]}"
        for text in (words, who):
            label = PlainLabel(text, wrap=True, role=Role.MUTED, size=SECONDARY_SIZE)
            set_tool_tip(label, f"{release.reason[:2000]}\n{release.note[:2000]}".strip())
            column.addWidget(label)
        if release.state is ReleaseState.REQUESTED and editable:
            actions = QHBoxLayout()
            actions.addWidget(button(_("Decide…"), lambda: decide(self._tab, one)))
            actions.addWidget(link_button(_("Take back"), lambda: withdraw(self._tab, one)))
            actions.addStretch(1)
            column.addLayout(actions)
        return holder

"""What a gate asks for: what is met, what is missing, who must do it, and the way there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from qihua_desktop.domain.gates import GateFinding
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import role_label
from qihua_desktop.domain.project import GateKind
from qihua_desktop.i18n import _
from ui.common.icons import paint_icon
from ui.common.theme import SECONDARY_SIZE, SPACE_1, SPACE_2, Role
from ui.common.widgets import PlainLabel, link_button, muted_label, set_tool_tip

_LONGEST: Final = 100
_PAGES: Final = {
    GateKind.TASKS: "gantt",
    GateKind.DOCUMENT: "overview",
    GateKind.SIGN_OFF: "review",
    GateKind.BUDGET: "budget",
    GateKind.SURVEY: "survey",
}


class StateIcon(QWidget):
    """A round mark: met or missing; the words beside it say the same."""

    def __init__(self, *, met: bool) -> None:
        super().__init__()
        self._met = met
        self.setFixedSize(QSize(18, 18))
        self.setAccessibleName(_("Met") if met else _("Missing"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(
            painter,
            "circle-check" if self._met else "circle-alert",
            self.rect().adjusted(1, 1, -1, -1),
            Role.OK if self._met else Role.WARN,
        )
        painter.end()


class GateList(QWidget):
    """The conditions of one gate.

    Signals:
        page_wanted(str): the page on which what is missing is done.
        confirmed(object, bool): a manual condition was confirmed, or that was taken back.
    """

    page_wanted = Signal(str)
    confirmed = Signal(object, bool)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_2)
        self._rows: list[QWidget] = []
        self._shown: tuple[object, ...] = ()

    def show_findings(
        self, findings: Sequence[GateFinding], names: Mapping[EntityId, str], *, editable: bool, pages: Sequence[str]
    ) -> None:
        """Show conditions; ``editable`` offers to confirm, ``pages`` are the pages there are."""
        wanted = (tuple(findings), tuple(sorted(names.items())), editable)
        if wanted == self._shown:
            return
        self._shown = wanted
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = [self._row(finding, names, editable=editable, pages=pages) for finding in findings]
        if not findings:
            self._rows = [muted_label(_("This stage has no conditions."))]
        for row in self._rows:
            self._column.addWidget(row)

    def _row(
        self, finding: GateFinding, names: Mapping[EntityId, str], *, editable: bool, pages: Sequence[str]
    ) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE_2)
        line.addWidget(StateIcon(met=finding.met), 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(SPACE_1 // 2)
        name = PlainLabel(finding.item.name, wrap=True, longest=_LONGEST)
        set_tool_tip(name, finding.item.name)
        texts.addWidget(name)
        if not finding.met:
            who = names.get(finding.owner_id, "") if finding.owner_id else ""
            who = who or role_label(finding.owner_role)
            words = _("{missing} · {who}").format(missing=finding.missing, who=who)
            texts.addWidget(PlainLabel(words, wrap=True, size=SECONDARY_SIZE, role=Role.MUTED, longest=_LONGEST * 2))
        line.addLayout(texts, 1)
        action = self._action(finding, editable=editable, pages=pages)
        if action is not None:
            line.addWidget(action, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _action(self, finding: GateFinding, *, editable: bool, pages: Sequence[str]) -> QPushButton | None:
        item = finding.item
        if item.kind is GateKind.MANUAL:
            if not editable:
                return None
            text = _("Take back") if finding.met else _("Confirm")
            return self._link(text, item.name, lambda: self.confirmed.emit(item.id, not finding.met))
        page = _PAGES[item.kind]
        if finding.met or page not in pages:
            return None
        return self._link(_("Go there"), item.name, lambda: self.page_wanted.emit(page))

    def _link(self, text: str, about: str, callback: Callable[[], object]) -> QPushButton:
        link = link_button(text, callback)
        link.setAccessibleName(f"{text}: {about}")
        return link

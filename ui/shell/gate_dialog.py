"""Moving a project's stage on: its gate, what is missing, and the step itself."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.gates import may_leave
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import people
from qihua_desktop.services import stages as stage_service
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.widgets import Banner, Tone, secondary_label

from .gate_list import GateList

_PAGES = ("overview", "gantt", "budget", "review", "survey")


class GateDialog(BaseDialog):
    """Shows the current stage's gate; its button moves the project on when nothing is missing."""

    def __init__(self, context: AppContext, project_id: EntityId, parent: QWidget | None) -> None:
        super().__init__(_("Move the stage on"), parent, accept_text=_("Move on"))
        self._context = context
        self._project_id = project_id
        self.setMinimumWidth(520)
        self.heading = secondary_label("", wrap=True)
        self.state = Banner()
        self.gate = GateList()
        self.gate.page_wanted.connect(self._on_page_wanted)
        self.gate.confirmed.connect(self._on_confirmed)
        for one in (self.heading, self.state, self.gate):
            self.body.addWidget(one)
        self.refresh()

    def refresh(self) -> None:
        """Judge the gate anew."""
        session = self._context.session
        stages = stage_service.stage_overview(session, self._project_id)
        at = next((number for number, one in enumerate(stages) if one.is_current), None)
        if at is None:
            self.heading.setText(_("Every stage of this project is done."))
            self.accept_button.setEnabled(False)
            return
        stage = stages[at]
        following = stages[at + 1].stage.name if at + 1 < len(stages) else _("the end of the project")
        self.heading.setText(_("From “{stage}” to “{next}”").format(stage=stage.stage.name, next=following))
        free = may_leave(stage.findings)
        if free:
            self.state.show_message(_("Everything the gate asks for is there."), Tone.OK)
        else:
            self.state.show_message(_("The stage cannot be left yet. This is missing:"), Tone.WARN)
        self.gate.show_findings(
            stage.findings,
            people.person_names(session),
            editable=not session.workspace.read_only,
            pages=_PAGES,
        )
        self.accept_button.setEnabled(free and not session.workspace.read_only)
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Give the wrapped conditions the height they need."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(layout.totalHeightForWidth(self.width()), layout.totalMinimumSize().height()))

    def accept(self) -> None:
        """Move on; stay open when the rules refuse."""
        if self._context.attempt(lambda: stage_service.move_stage_on(self._context.session, self._project_id), self):
            super().accept()

    def _on_page_wanted(self, page: str) -> None:
        self.reject()
        self._context.page_requested.emit(page, self._project_id)

    def _on_confirmed(self, item_id: EntityId, confirmed: bool) -> None:
        session = self._context.session
        self._context.attempt(
            lambda: stage_service.confirm_gate_item(session, item_id, confirmed=confirmed),
            self,
        )
        self.refresh()

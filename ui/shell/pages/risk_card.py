"""The risk plan as a table that is edited in place."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtWidgets import QMenu

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.project import Risk
from qihua_desktop.i18n import _
from qihua_desktop.services import people, risks
from ui.common import dialogs
from ui.common.columns import Column
from ui.common.context import AppContext
from ui.common.delegates import ChoiceDelegate, TextDelegate
from ui.common.icons import set_icon
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.widgets import Card, Chip, ghost_button, icon_button

_BODY = 5_000


class RiskCard(Card):
    """Risk, trigger, contingency, owner and the text that goes out."""

    def __init__(self, context: AppContext) -> None:
        self.count = Chip()
        super().__init__(_("Risk plan"), chip=self.count, padded=False)
        self._context = context
        self._project_id: EntityId | None = None
        self._names: dict[EntityId, str] = {}
        self._editable = not context.session.workspace.read_only
        self.model = RowsModel(self._columns(), lambda risk: risk.id, on_edit=self._on_edit, parent=self)
        self.table = DataTable(
            self.model, key="risks", state=context.view_state, row_height=32, accessible_name=_("Risk plan")
        )
        self.table.set_delegate("owner", ChoiceDelegate(self._owner_choices))
        self.table.set_delegate("name", TextDelegate(max_length=200, may_be_empty=False))
        for key in ("trigger", "contingency", "notice"):
            self.table.set_delegate(key, TextDelegate(max_length=_BODY))
        self.table.set_placeholder(
            _("Write down what may go wrong, how it is noticed, what is done then, and by whom.")
        )
        self.table.setMinimumHeight(150)
        self.table.context_requested.connect(self._on_context_requested)
        if self._editable:
            self.add_action(icon_button("arrow-up", _("Move up"), lambda: self._move(-1)))
            self.add_action(icon_button("arrow-down", _("Move down"), lambda: self._move(1)))
            self.add_action(icon_button("trash-2", _("Delete risk"), self.delete_selected))
            self.add_action(ghost_button(_("Add risk"), self.add_risk, icon_name="plus"))
        self.add(self.table, 1)

    def show_project(self, project_id: EntityId | None) -> None:
        """Show a project's risk plan."""
        self._project_id = project_id
        session = self._context.session
        self._names = people.person_names(session)
        rows = risks.risks(session, project_id) if project_id is not None else ()
        self.model.set_rows(rows)
        self.count.set_text(str(len(rows)))
        self.count.setVisible(bool(rows))

    def add_risk(self) -> None:
        """Ask for a risk's name and add it."""
        project_id = self._project_id
        if project_id is None:
            return
        name = dialogs.ask_text(
            self,
            _("Add risk"),
            _("What may go wrong?"),
            validate=lambda text: dialogs.check_text(text, longest=200),
            accept_text=_("Add"),
        )
        if name is None:
            return
        added: list[Risk] = []
        if self._context.attempt(lambda: added.append(risks.add_risk(self._context.session, project_id, name)), self):
            self.show_project(project_id)
            self.table.select_identity(added[0].id)

    def delete_selected(self) -> None:
        """Delete the selected risks."""
        for risk in self.table.selected_rows():
            if not self._context.attempt(lambda risk=risk: risks.delete_risk(self._context.session, risk.id), self):
                return

    def _move(self, offset: int) -> None:
        risk = self.table.current_row()
        if risk is not None:
            self._context.attempt(lambda: risks.move_risk(self._context.session, risk.id, offset), self)
            self.table.select_identity(risk.id)

    def _on_edit(self, risk: Risk, column: str, value: Any) -> bool:
        session = self._context.session
        fields: dict[str, Any] = {column: value or ""}
        if column == "owner":
            fields = {"owner_id": value or None}
            if value:
                fields["owner_text"] = ""
        return self._context.attempt(lambda: risks.update_risk(session, risk.id, **fields), self)

    def _owner_choices(self, risk: Risk) -> tuple[tuple[Any, str], ...]:
        active = people.list_people(self._context.session)
        nobody = risk.owner_text or _("Nobody yet")
        return ((None, nobody), *((person.id, person.name) for person in active))

    def _owner_name(self, risk: Risk) -> str:
        return self._names.get(risk.owner_id, "") if risk.owner_id else risk.owner_text

    def _columns(self) -> tuple[Column[Risk], ...]:
        def may_edit(_risk: Risk) -> bool:
            return self._editable

        return (
            Column("name", _("Risk"), lambda risk: risk.name, width=150, editable=may_edit, bold=lambda _risk: True,
                   tool_tip=lambda risk: risk.name),
            Column("trigger", _("Trigger"), lambda risk: risk.trigger, width=150, editable=may_edit,
                   tool_tip=lambda risk: risk.trigger),
            Column("contingency", _("Contingency"), lambda risk: risk.contingency, width=190, stretch=True,
                   editable=may_edit, tool_tip=lambda risk: risk.contingency),
            Column("owner", _("Owner"), lambda risk: risk.owner_id, text=self._owner_name, sort=self._owner_name,
                   width=84, editable=may_edit),
            Column("notice", _("Notification"), lambda risk: risk.notice, width=160, editable=may_edit,
                   tool_tip=lambda risk: risk.notice),
        )  # fmt: skip

    @Slot(object, QPoint)
    def _on_context_requested(self, risk: Risk | None, place: QPoint) -> None:
        if not self._editable:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        items = [("plus", _("Add risk"), self.add_risk)]
        if risk is not None:
            items.append(("arrow-up", _("Move up"), lambda: self._move(-1)))
            items.append(("arrow-down", _("Move down"), lambda: self._move(1)))
            items.append(("trash-2", _("Delete risk"), self.delete_selected))
        for icon, text, callback in items:
            action = menu.addAction(text)
            set_icon(action, icon)
            action.triggered.connect(lambda _checked=False, callback=callback: callback())
        menu.popup(place)

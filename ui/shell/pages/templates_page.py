"""Workflow templates: the ones that ship and the ones saved from projects."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.project import kind_label
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import projects, templates
from qihua_desktop.services.templates import TemplateInfo
from ui.common import dialogs
from ui.common.columns import CellKind, Column
from ui.common.context import AppContext
from ui.common.models import RowsModel, SortFilterModel
from ui.common.page import Page
from ui.common.tables import DataTable
from ui.common.theme import SPACE_1, SPACE_3
from ui.common.widgets import Card, PlainLabel, SearchField, Tone, Toolbar, button, muted_label, primary_button

from .. import project_actions
from ..header import KIND_TONES


class TemplatesPage(Page):
    """The list of templates with the stages of the one selected."""

    key = "templates"
    icon = "layers"
    per_project = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.model = RowsModel(_columns(), lambda row: row.key, parent=self)
        self.proxy = SortFilterModel(self.model, self)
        self.table = DataTable(
            self.proxy, key="templates", state=context.view_state, row_height=36, accessible_name=_("Templates")
        )
        self.table.selection_changed.connect(self._on_selection_changed)
        self.table.row_activated.connect(lambda _row: self.use_selected())
        self.detail = Card(_("Workflow"))
        self.detail.setMinimumWidth(300)
        card = Card(padded=False)
        card.add(self.table, 1)
        row = QHBoxLayout()
        row.setContentsMargins(20, 16, 20, 16)
        row.setSpacing(SPACE_3)
        row.addWidget(card, 5)
        row.addWidget(self.detail, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._toolbar())
        layout.addLayout(row, 1)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Templates")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to templates."""
        return any(table == "template" for table, _row in changed)

    def reload(self) -> None:
        """Fetch the templates anew."""
        self.model.set_rows(templates.list_templates(self.context.session))
        if not self.table.selected_rows() and self.model.rows:
            self.table.select_identity(self.model.rows[0].key)
        self._on_selection_changed(self.table.selected_rows())

    def use_selected(self) -> None:
        """Start the wizard with the selected template."""
        for template in self.table.selected_rows()[:1]:
            project_actions.new_project(self.context, self, template=template)

    def save_project(self) -> None:
        """Choose a project and save it as a template."""
        session = self.context.session
        rows = projects.project_summaries(session)
        items = [(row.project.id, row.project.name) for row in rows]
        if not items:
            dialogs.inform(self, _("There is no project yet."))
            return
        chosen = dialogs.ask_choice(
            self, _("Save project as template"), _("Project"), items, current=self.context.project_id
        )
        if chosen is not None:
            project_actions.save_template(self.context, self, chosen)

    def rename_selected(self) -> None:
        """Rename the selected template."""
        for template in self.table.selected_rows()[:1]:
            name = dialogs.ask_text(self, _("Rename template"), _("Name of the template"), value=template.name)
            if name is not None:
                self._rename(template.key, name)

    def _rename(self, key: str, name: str) -> None:
        self.context.attempt(lambda: templates.rename_template(self.context.session, key, name), self)

    def delete_selected(self) -> None:
        """Delete the selected template."""
        for template in self.table.selected_rows()[:1]:
            agreed = dialogs.confirm(
                self,
                _("Delete the template “{name}”?").format(name=template.name),
                advice=_("Projects made from it stay as they are. Undo brings it back."),
                action=_("Delete"),
                danger=True,
            )
            if agreed:
                session = self.context.session
                self.context.attempt(lambda: templates.delete_template(session, template.key), self)  # noqa: B023

    def _toolbar(self) -> Toolbar:
        search = SearchField(_("Find a template"))
        search.setFixedWidth(220)
        search.searched.connect(self.proxy.set_search)
        self.rename_button = button(_("Rename"), self.rename_selected, icon_name="pencil")
        self.delete_button = button(_("Delete"), self.delete_selected, icon_name="trash-2")
        self.save_button = button(_("Save a project as template…"), self.save_project, icon_name="layers")
        self.use_button = primary_button(_("New project from this"), self.use_selected, icon_name="plus")
        bar = Toolbar()
        bar.add(search, self.rename_button, self.delete_button)
        bar.add_stretch()
        bar.add(self.save_button, self.use_button)
        return bar

    @Slot(object)
    def _on_selection_changed(self, chosen: tuple[TemplateInfo, ...]) -> None:
        writable = not self.context.session.workspace.read_only
        own = bool(chosen) and not chosen[0].built_in
        self.rename_button.setEnabled(own and writable)
        self.delete_button.setEnabled(own and writable)
        self.save_button.setEnabled(writable)
        self.use_button.setEnabled(bool(chosen) and writable)
        self._show_detail(chosen[0] if chosen else None)

    def _show_detail(self, template: TemplateInfo | None) -> None:
        body = self.detail.body
        while (item := body.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if template is None:
            return
        self.detail.set_title(template.name)
        if template.description:
            body.addWidget(muted_label(template.description, wrap=True))
        workflow = templates.load_template(self.context.session, template.key)
        for number, stage in enumerate(workflow.stages, 1):
            tasks = ngettext("{count} task", "{count} tasks", len(stage.tasks)).format(count=len(stage.tasks))
            holder = QWidget()
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, SPACE_1, 0, SPACE_1)
            column.setSpacing(2)
            column.addWidget(PlainLabel(f"{number}  {stage.name}", bold=True))
            column.addWidget(muted_label(" · ".join(part for part in (tasks, stage.output) if part), wrap=True))
            body.addWidget(holder)
        body.addStretch(1)


def _columns() -> tuple[Column[TemplateInfo], ...]:
    return (
        Column("name", _("Template"), lambda row: row.name, width=200, stretch=True, bold=lambda row: True),
        Column("kind", _("Kind"), lambda row: kind_label(row.kind), CellKind.CHIP, width=126,
               tone=lambda row: KIND_TONES[row.kind]),
        Column("stages", _("Stages"), lambda row: row.stages, CellKind.NUMBER, width=64),
        Column("tasks", _("Tasks"), lambda row: row.tasks, CellKind.NUMBER, width=64),
        Column("origin", _("Origin"), lambda row: _("Built in") if row.built_in else _("Saved here"), CellKind.CHIP,
               width=100, tone=lambda row: Tone.NEUTRAL if row.built_in else Tone.ACCENT),
    )  # fmt: skip

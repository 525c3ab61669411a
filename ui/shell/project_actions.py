"""What the Project menu does with the current project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import projects
from ui.common import dialogs
from ui.common.context import AppContext

if TYPE_CHECKING:
    from qihua_desktop.services.templates import TemplateInfo


def new_project(context: AppContext, parent: QWidget, *, template: TemplateInfo | None = None) -> None:
    """Run the wizard; the new project becomes the current one."""
    from .wizard import ProjectWizard

    wizard = ProjectWizard(context, parent, template=template)
    if dialogs.run_form(wizard) and wizard.created is not None:
        context.choose_project(wizard.created.id)
        context.page_requested.emit("overview", wizard.created.id)
        context.notice_posted.emit(_("“{project}” was created.").format(project=wizard.created.name))


def edit_project(context: AppContext, parent: QWidget) -> None:
    """Change name, owner, day, goal and venue."""
    from .project_dialog import ProjectDialog

    if context.project_id is not None:
        dialogs.run_form(ProjectDialog(context, context.project_id, parent))


def advance_stage(context: AppContext, parent: QWidget) -> None:
    """Show the gate of the current stage and move on."""
    from .gate_dialog import GateDialog

    if context.project_id is not None:
        dialogs.run_form(GateDialog(context, context.project_id, parent))


def save_template(context: AppContext, parent: QWidget, chosen: EntityId | None = None) -> None:
    """Keep a project's workflow as a template; the current project's unless another is named."""
    from qihua_desktop.services import templates

    project_id = chosen or context.project_id
    if project_id is None:
        return
    project = projects.project(context.session, project_id)
    name = dialogs.ask_text(parent, _("Save project as template"), _("Name of the template"), value=project.name)
    if name is not None and context.attempt(
        lambda: templates.save_as_template(context.session, project_id, name), parent
    ):
        context.notice_posted.emit(_("Template “{name}” saved.").format(name=name))


def delete_project(context: AppContext, parent: QWidget, project_id: object) -> bool:
    """Delete a project after asking; undo brings it back."""
    project = projects.find_project(context.session, project_id)  # type: ignore[arg-type]
    if project is None:
        return False
    agreed = dialogs.confirm(
        parent,
        _("Delete “{project}” with its plan, budget, reviews and surveys?").format(project=project.name),
        advice=_("Undo brings it back."),
        action=_("Delete"),
        danger=True,
    )
    return agreed and context.attempt(lambda: projects.delete_project(context.session, project.id), parent)

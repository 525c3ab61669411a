"""The current project's name, kind, stage and day, as the heads of the windows show them."""

from __future__ import annotations

from qihua_desktop.services import projects
from ui.common.context import AppContext

from .header import Header


def show_project_in(header: Header, context: AppContext) -> str | None:
    """Fill a head with the context's project; returns its name, or None when it is gone."""
    if context.project_id is None:
        return None
    project = projects.find_project(context.session, context.project_id)
    if project is None:
        return None
    header.show_project(project, projects.stage_name(context.session, project))
    return project.name

"""The current project's name, kind, stage and day, as the heads of the windows show them."""

from __future__ import annotations

from qihua_desktop.services import projects
from qihua_desktop.services import stages as stage_service
from ui.common.context import AppContext

from .header import Header


def show_project_in(header: Header, context: AppContext) -> str | None:
    """Fill a head with the context's project; returns its name, or None when it is gone."""
    if context.project_id is None:
        return None
    project = projects.find_project(context.session, context.project_id)
    if project is None:
        return None
    stages = {stage.id: stage.name for stage in stage_service.stages(context.session, project.id)}
    header.show_project(project, stages.get(project.stage_id, "") if project.stage_id else "")
    return project.name

"""Rows and repositories of projects, stages, gates, documents, risks and attachments."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.people import Role
from qihua_desktop.domain.plan import ScheduleDirection
from qihua_desktop.domain.project import (
    Attachment,
    GateItem,
    GateKind,
    Project,
    ProjectDocument,
    ProjectKind,
    ProjectStatus,
    Risk,
    Stage,
)

from ..fields import DayField, EnumField, IdField
from ..table import Table
from .base import Row


class ProjectRow(Row):
    number = TextField(unique=True)
    name = TextField()
    kind = EnumField(ProjectKind)
    programme_id = IdField(null=True)
    owner_id = IdField(null=True)
    goal = TextField()
    venue = TextField()
    direction = EnumField(ScheduleDirection)
    key_on = DayField()
    stage_id = IdField(null=True)
    status = EnumField(ProjectStatus)
    template_key = TextField()
    work_hours = TextField()
    created_ms = IntegerField()

    class Meta:
        table_name = "project"


class StageRow(Row):
    project_id = IdField()
    position = IntegerField()
    key = TextField()
    name = TextField()
    owner_role = EnumField(Role)
    owner_id = IdField(null=True)
    output = TextField()
    review_days = IntegerField()
    completed_ms = IntegerField(null=True)
    completed_by = IdField(null=True)

    class Meta:
        table_name = "stage"


class GateItemRow(Row):
    project_id = IdField()
    stage_id = IdField()
    position = IntegerField()
    kind = EnumField(GateKind)
    document_key = TextField()
    name = TextField()
    owner_role = EnumField(Role)
    target = IntegerField()
    done_ms = IntegerField(null=True)
    done_by = IdField(null=True)

    class Meta:
        table_name = "gate_item"


class AttachmentRow(Row):
    project_id = IdField(null=True)
    owner_id = IdField(null=True)
    name = TextField()
    media_type = TextField()
    size = IntegerField()
    sha256 = TextField()
    added_ms = IntegerField()

    class Meta:
        table_name = "attachment"


class ProjectDocumentRow(Row):
    project_id = IdField()
    stage_id = IdField(null=True)
    position = IntegerField()
    key = TextField()
    name = TextField()
    produced_ms = IntegerField(null=True)
    produced_by = IdField(null=True)
    attachment_id = IdField(null=True)

    class Meta:
        table_name = "project_document"


class RiskRow(Row):
    project_id = IdField()
    position = IntegerField()
    name = TextField()
    trigger = TextField()
    contingency = TextField()
    owner_id = IdField(null=True)
    owner_text = TextField()
    notice = TextField()

    class Meta:
        table_name = "risk"


projects = Table(ProjectRow, Project, order=("created_ms", "id"))
stages = Table(StageRow, Stage)
gate_items = Table(GateItemRow, GateItem)
attachments = Table(AttachmentRow, Attachment, order=("added_ms", "id"))
project_documents = Table(ProjectDocumentRow, ProjectDocument)
risks = Table(RiskRow, Risk)

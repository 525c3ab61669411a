"""Rows and repositories of plan documents, sections, versions, seats, decisions and comments."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.people import Department
from qihua_desktop.domain.review import (
    Dimension,
    PlanDocument,
    PlanSection,
    PlanVersion,
    ReviewComment,
    ReviewSeat,
    RouteMode,
    Severity,
    SignOff,
    Verdict,
    VersionState,
)

from ..fields import EnumField, IdField
from ..table import Table
from .base import Row


class PlanDocumentRow(Row):
    project_id = IdField()
    key = TextField()
    title = TextField()

    class Meta:
        table_name = "plan_document"


class PlanSectionRow(Row):
    project_id = IdField()
    document_id = IdField()
    position = IntegerField()
    key = TextField()
    title = TextField()
    body = TextField()

    class Meta:
        table_name = "plan_section"


class PlanVersionRow(Row):
    project_id = IdField()
    document_id = IdField()
    number = IntegerField()
    state = EnumField(VersionState)
    content = TextField()
    sha256 = TextField()
    dimension_sha256 = TextField()
    author_ids = TextField()
    submitted_by = IdField()
    submitted_ms = IntegerField()
    closed_ms = IntegerField(null=True)
    note = TextField()

    class Meta:
        table_name = "plan_version"


class ReviewSeatRow(Row):
    project_id = IdField()
    version_id = IdField()
    step = IntegerField()
    position = IntegerField()
    mode = EnumField(RouteMode)
    department = EnumField(Department)
    person_id = IdField()
    dimensions = TextField()
    due_ms = IntegerField(null=True)

    class Meta:
        table_name = "review_seat"


class SignOffRow(Row):
    project_id = IdField()
    version_id = IdField()
    seat_id = IdField()
    person_id = IdField()
    verdict = EnumField(Verdict)
    comment = TextField()
    opinions = TextField()
    signature = TextField()
    content_sha256 = TextField()
    dimension_sha256 = TextField()
    signed_ms = IntegerField()

    class Meta:
        table_name = "sign_off"


class ReviewCommentRow(Row):
    project_id = IdField()
    version_id = IdField()
    person_id = IdField()
    dimension = EnumField(Dimension)
    severity = EnumField(Severity)
    section_key = TextField()
    quote = TextField()
    body = TextField()
    reply = TextField()
    resolved_ms = IntegerField(null=True)
    resolved_by = IdField(null=True)
    created_ms = IntegerField()

    class Meta:
        table_name = "review_comment"


plan_documents = Table(PlanDocumentRow, PlanDocument, order=("id",), label="title")
plan_sections = Table(PlanSectionRow, PlanSection, label="title")
plan_versions = Table(PlanVersionRow, PlanVersion, order=("number",), label="number")
review_seats = Table(ReviewSeatRow, ReviewSeat, order=("step", "position", "id"), label="department")
sign_offs = Table(SignOffRow, SignOff, order=("signed_ms", "id"), label="verdict")
review_comments = Table(ReviewCommentRow, ReviewComment, order=("created_ms", "id"), label="body")

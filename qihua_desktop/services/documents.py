"""Required documents of a project and the files attached to them."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.project import Attachment, ProjectDocument
from qihua_desktop.i18n import _

from .session import Session

FILE_LIMIT = 200_000_000
"""Bytes an attached file may have."""


def documents(session: Session, project_id: EntityId) -> tuple[ProjectDocument, ...]:
    """Return the documents a project must produce, in the order of its stages."""
    order = {stage.id: stage.position for stage in tables.stages.all(session.workspace, project_id=project_id)}
    found = tables.project_documents.all(session.workspace, project_id=project_id)
    return tuple(sorted(found, key=lambda one: (order.get(one.stage_id, 99) if one.stage_id else 99, one.position)))


def attachments(session: Session, owner_id: EntityId) -> tuple[Attachment, ...]:
    """Return the files attached to a row (a document, a task)."""
    return tables.attachments.all(session.workspace, owner_id=owner_id)


def attach_file(session: Session, document_id: EntityId, path: Path) -> Attachment:
    """Put a file into the workspace as the document. Raises InputError when it cannot be read or is too large."""
    document = tables.project_documents.get(session.workspace, document_id)
    data = read_file(path)
    with session.edit(_("Attach “{file}”").format(file=path.name), document.project_id) as edit:
        attachment = keep(edit, document.project_id, document_id, path.name, data)
        tables.project_documents.update(
            edit,
            document_id,
            attachment_id=attachment.id,
            produced_ms=edit.now_ms(),
            produced_by=session.actor.id if session.actor else None,
        )
    return attachment


def attach_to(session: Session, project_id: EntityId, owner_id: EntityId, path: Path) -> Attachment:
    """Attach a file to any row of a project, such as a task. Raises InputError."""
    data = read_file(path)
    with session.edit(_("Attach “{file}”").format(file=path.name), project_id) as edit:
        return keep(edit, project_id, owner_id, path.name, data)


def detach(session: Session, attachment_id: EntityId) -> None:
    """Remove an attached file from its row; undo brings it back."""
    attachment = tables.attachments.get(session.workspace, attachment_id)
    with session.edit(_("Remove attachment “{file}”").format(file=attachment.name), attachment.project_id) as edit:
        tables.attachments.delete(edit, attachment_id)


def attachment_bytes(session: Session, attachment_id: EntityId) -> bytes:
    """Return an attached file's bytes, checked against their hash. Raises WorkspaceDamaged."""
    return session.workspace.blob(tables.attachments.get(session.workspace, attachment_id).sha256)


def attachment(session: Session, attachment_id: EntityId) -> Attachment:
    """Return what is known of an attached file."""
    return tables.attachments.get(session.workspace, attachment_id)


def mark_produced(session: Session, document_id: EntityId, *, produced: bool) -> None:
    """Record by hand that a required document exists, or take that back."""
    document = tables.project_documents.get(session.workspace, document_id)
    label = _("Mark “{document}” as done") if produced else _("Mark “{document}” as open")
    with session.edit(label.format(document=document.name), document.project_id) as edit:
        tables.project_documents.update(
            edit,
            document_id,
            produced_ms=edit.now_ms() if produced else None,
            produced_by=session.actor.id if produced and session.actor else None,
        )


def keep(edit: Edit, project_id: EntityId | None, owner_id: EntityId | None, name: str, data: bytes) -> Attachment:
    """Keep a file inside a running edit."""
    kept = Attachment(
        new_id(),
        project_id,
        owner_id,
        name,
        mimetypes.guess_type(name)[0] or "application/octet-stream",
        len(data),
        edit.add_blob(data),
        edit.now_ms(),
    )
    tables.attachments.insert(edit, kept)
    return kept


def read_file(path: Path) -> bytes:
    """Return a file's bytes. Raises InputError in plain words."""
    try:
        if path.stat().st_size > FILE_LIMIT:
            raise InputError(
                _("“{file}” is larger than 200 MB.").format(file=path.name), _("Keep it beside the workspace instead.")
            )
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            _("“{file}” cannot be read.").format(file=path.name), details=(str(error.strerror),)
        ) from error

"""Opinions on places of a version, their answers, and who may settle them."""

from __future__ import annotations

from dataclasses import replace

from db import tables
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.review import Dimension, ReviewComment, Severity, VersionState
from qihua_desktop.domain.review_rules import may_comment, may_resolve, read_authors, review_status
from qihua_desktop.i18n import _

from .limits import body
from .review_decision import settle
from .review_view import require_actor, review_view
from .session import Session


def comments(session: Session, version_id: EntityId) -> tuple[ReviewComment, ...]:
    """Return the comments on a version, oldest first."""
    return tables.review_comments.all(session.workspace, version_id=version_id)


def add_comment(
    session: Session,
    version_id: EntityId,
    dimension: Dimension,
    severity: Severity,
    text: str,
    *,
    section_key: str = "",
    quote: str = "",
) -> ReviewComment:
    """Add an opinion on a place of the document in the present person's name."""
    actor = require_actor(session)
    version = tables.plan_versions.get(session.workspace, version_id)
    written = body(text)
    if not written.strip():
        raise InputError(_("The comment is empty."))
    closed = may_comment(review_view(session, version_id).status)
    if closed:
        raise RuleError(closed)
    comment = ReviewComment(
        new_id(),
        version.project_id,
        version_id,
        actor.id,
        dimension,
        severity,
        section_key,
        body(quote),
        written,
        "",
        None,
        None,
        session.workspace.now_ms(),
    )
    with session.edit(_("Comment on version {number}").format(number=version.number), version.project_id) as edit:
        tables.review_comments.insert(edit, comment)
    return comment


def reply_to_comment(session: Session, comment_id: EntityId, text: str) -> None:
    """Answer a comment in the present person's name, below earlier answers; this does not resolve it."""
    actor = require_actor(session)
    comment = tables.review_comments.get(session.workspace, comment_id)
    said = body(text).strip()
    if not said:
        raise InputError(_("The reply is empty."))
    line = _("{person}: {text}").format(person=actor.name, text=said)
    with session.edit(_("Reply to a comment"), comment.project_id) as edit:
        tables.review_comments.update(edit, comment_id, reply=f"{comment.reply}\n{line}" if comment.reply else line)


def resolve_comment(session: Session, comment_id: EntityId, *, resolved: bool = True) -> None:
    """Settle a comment or open it again. Raises RuleError when a blocking one is not the present person's own."""
    actor = require_actor(session)
    comment = tables.review_comments.get(session.workspace, comment_id)
    reason = may_resolve(actor.id, replace(comment, resolved_ms=None))
    if reason:
        raise RuleError(reason)
    version = tables.plan_versions.get(session.workspace, comment.version_id)
    label = _("Resolve a comment") if resolved else _("Reopen a comment")
    with session.edit(label, comment.project_id) as edit:
        tables.review_comments.update(
            edit,
            comment_id,
            resolved_ms=edit.now_ms() if resolved else None,
            resolved_by=actor.id if resolved else None,
        )
        if version.state is VersionState.IN_REVIEW:
            status = review_status(
                version,
                tables.review_seats.all(edit, version_id=version.id),
                tables.sign_offs.all(edit, version_id=version.id),
                tables.review_comments.all(edit, version_id=version.id),
                read_authors(version.author_ids),
            )
            settle(edit, session, version, status)

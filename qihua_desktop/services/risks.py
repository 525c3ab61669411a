"""The risk plan: risk, trigger, contingency, owner and notification text."""

from __future__ import annotations

from typing import Any

from db import tables
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.project import Risk
from qihua_desktop.i18n import _

from .limits import body, required_text, text
from .session import Session


def risks(session: Session, project_id: EntityId) -> tuple[Risk, ...]:
    """Return a project's risk plan in its order."""
    return tables.risks.all(session.workspace, project_id=project_id)


def add_risk(session: Session, project_id: EntityId, name: str) -> Risk:
    """Add a risk at the end. Raises InputError without a name."""
    existing = risks(session, project_id)
    position = existing[-1].position + 1 if existing else 0
    risk = Risk(new_id(), project_id, position, required_text(name, _("name")), "", "", None, "", "")
    with session.edit(_("Add risk “{risk}”").format(risk=risk.name), project_id) as edit:
        tables.risks.insert(edit, risk)
    return risk


def update_risk(session: Session, risk_id: EntityId, **fields: Any) -> None:
    """Change fields of a risk."""
    if "name" in fields:
        fields["name"] = required_text(fields["name"], _("name"))
    if "owner_text" in fields:
        fields["owner_text"] = text(fields["owner_text"])
    for field in ("trigger", "contingency", "notice"):
        if field in fields:
            fields[field] = body(fields[field])
    risk = tables.risks.get(session.workspace, risk_id)
    with session.edit(_("Change risk “{risk}”").format(risk=risk.name), risk.project_id) as edit:
        tables.risks.update(edit, risk_id, **fields)


def delete_risk(session: Session, risk_id: EntityId) -> None:
    """Delete a risk."""
    risk = tables.risks.get(session.workspace, risk_id)
    with session.edit(_("Delete risk “{risk}”").format(risk=risk.name), risk.project_id) as edit:
        tables.risks.delete(edit, risk_id)


def move_risk(session: Session, risk_id: EntityId, offset: int) -> None:
    """Move a risk up (negative) or down the list."""
    risk = tables.risks.get(session.workspace, risk_id)
    ordered = list(risks(session, risk.project_id))
    at = next(index for index, one in enumerate(ordered) if one.id == risk_id)
    ordered.insert(max(0, min(len(ordered) - 1, at + offset)), ordered.pop(at))
    with session.edit(_("Move risk “{risk}”").format(risk=risk.name), risk.project_id) as edit:
        tables.risks.update_many(
            edit, ((one.id, {"position": index}) for index, one in enumerate(ordered) if one.position != index)
        )

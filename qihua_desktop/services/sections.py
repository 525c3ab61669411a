"""The written sections of a plan document's draft."""

from __future__ import annotations

from db import tables
from qihua_desktop.domain.ids import EntityId, id_text, new_id
from qihua_desktop.domain.review import PlanSection
from qihua_desktop.i18n import _

from .limits import body, required_text
from .session import Session


def sections(session: Session, project_id: EntityId) -> tuple[PlanSection, ...]:
    """Return the sections in order."""
    return tables.plan_sections.all(session.workspace, project_id=project_id)


def add_section(session: Session, project_id: EntityId, title: str) -> PlanSection:
    """Add an empty section at the end."""
    document = tables.plan_documents.all(session.workspace, project_id=project_id)[0]
    existing = sections(session, project_id)
    identifier = new_id()
    position = existing[-1].position + 1 if existing else 0
    section = PlanSection(
        identifier, project_id, document.id, position, id_text(identifier), required_text(title, _("title")), ""
    )
    with session.edit(_("Add section “{title}”").format(title=section.title), project_id) as edit:
        tables.plan_sections.insert(edit, section)
    return section


def rename_section(session: Session, section_id: EntityId, title: str) -> None:
    """Give a section another title."""
    section = tables.plan_sections.get(session.workspace, section_id)
    with session.edit(_("Rename section “{title}”").format(title=section.title), section.project_id) as edit:
        tables.plan_sections.update(edit, section_id, title=required_text(title, _("title")))


def write_section(session: Session, section_id: EntityId, text: str) -> None:
    """Store what was written in a section."""
    section = tables.plan_sections.get(session.workspace, section_id)
    with session.edit(_("Write section “{title}”").format(title=section.title), section.project_id) as edit:
        tables.plan_sections.update(edit, section_id, body=body(text))


def delete_section(session: Session, section_id: EntityId) -> None:
    """Delete a section."""
    section = tables.plan_sections.get(session.workspace, section_id)
    with session.edit(_("Delete section “{title}”").format(title=section.title), section.project_id) as edit:
        tables.plan_sections.delete(edit, section_id)


def move_section(session: Session, section_id: EntityId, index: int) -> None:
    """Move a section to a place in the order."""
    section = tables.plan_sections.get(session.workspace, section_id)
    ordered = [one for one in sections(session, section.project_id) if one.id != section_id]
    ordered.insert(max(0, min(index, len(ordered))), section)
    with session.edit(_("Move section “{title}”").format(title=section.title), section.project_id) as edit:
        tables.plan_sections.update_many(
            edit, ((one.id, {"position": at}) for at, one in enumerate(ordered) if one.position != at)
        )

"""Proportion templates (比例模板): the shares of the built-in kinds, of saved templates and of past projects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from db import tables
from qihua_desktop.domain import allocation, budget_entry
from qihua_desktop.domain.budget import BudgetLine
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import EntityId, id_text
from qihua_desktop.domain.project import ProjectStatus
from qihua_desktop.domain.workflow import TemplateCategory
from qihua_desktop.i18n import _

from . import templates
from .budget import mark_revised, require_open, write_lines
from .budget_lines import new_line
from .budget_view import stored_budget
from .session import Session

PAST_PROJECTS = 12
"""At most so many past projects are offered, the latest first."""


class ProportionSource(StrEnum):
    """Where shares come from."""

    BUILT_IN = "built_in"
    SAVED = "saved"
    PROJECT = "project"


@dataclass(frozen=True, slots=True)
class ProportionTemplate:
    """Categories with their shares of a total, in basis points, the reserve marked."""

    key: str
    name: str
    source: ProportionSource
    categories: tuple[TemplateCategory, ...]


def proportion_templates(session: Session, project_id: EntityId) -> tuple[ProportionTemplate, ...]:
    """Return the templates to choose from: the own kind's first, then other kinds', saved ones, past projects."""
    kind = tables.projects.get(session.workspace, project_id).kind
    found: list[ProportionTemplate] = []
    for info in sorted(templates.list_templates(session), key=lambda one: (not one.built_in, one.kind is not kind)):
        workflow = templates.load_template(session, info.key)
        source = ProportionSource.BUILT_IN if info.built_in else ProportionSource.SAVED
        if any(category.percent for category in workflow.budget):
            found.append(ProportionTemplate(info.key, info.name, source, workflow.budget))
    return (*found, *_of_projects(session, project_id))


def apply_proportions(session: Session, project_id: EntityId, categories: Sequence[TemplateCategory]) -> None:
    """Take over the categories and shares of a template.

    Categories of the same name keep their lines and texts, missing ones are added, others get nothing. Locked ones
    keep what they have, and the template's shares divide the rest. Raises RuleError naming colliding locks.
    """
    budget, lines = stored_budget(session, project_id)
    require_open(budget)
    if budget.total <= 0:
        raise RuleError(_("The budget has no total yet."), _("Enter it in the last row of the table."))
    present = {line.name: line for line in lines if line.parent_id is None}
    position = max((line.position for line in present.values()), default=-1) + 1
    added: list[BudgetLine] = []
    weights: dict[EntityId, int] = {}
    for category in categories:
        line = present.get(category.name)
        if line is None:
            fresh = new_line(project_id, None, category.name, category.colour)
            line = replace(fresh, position=position + len(added), is_reserve=category.reserve)
            present[category.name] = line
            added.append(line)
        weights[line.id] = category.percent
    before = (*lines, *added)
    after = budget_entry.spread_by(budget.total, before, weights)
    by_id = {line.id: line for line in after}
    with session.edit(_("Apply proportions"), project_id) as edit:
        tables.budget_lines.insert_many(edit, [by_id[line.id] for line in added])
        write_lines(edit, lines, after)
        mark_revised(edit, budget)


def _of_projects(session: Session, project_id: EntityId) -> tuple[ProportionTemplate, ...]:
    workspace = session.workspace
    own = tables.projects.get(workspace, project_id)
    others = [one for one in tables.projects.all(workspace) if one.id != project_id]
    closed = ProjectStatus.CLOSED
    others.sort(key=lambda one: (one.kind is not own.kind, one.status is not closed, -one.key_on.toordinal()))
    found: list[ProportionTemplate] = []
    for project in others:
        lines = tables.budget_lines.all(workspace, project_id=project.id)
        categories = [line for line in lines if line.parent_id is None and line.amount > 0]
        if not categories or len(found) == PAST_PROJECTS:
            continue
        shares = allocation.split(allocation.WHOLE, [line.amount for line in categories])
        found.append(
            ProportionTemplate(
                id_text(project.id),
                project.name,
                ProportionSource.PROJECT,
                tuple(
                    TemplateCategory(line.name, share, line.colour, line.is_reserve, ())
                    for line, share in zip(categories, shares, strict=True)
                ),
            )
        )
    return tuple(found)

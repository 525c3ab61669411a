"""The content of a plan document as reviewers sign it: built from the project's data, hashed per dimension.

Private notes, progress and layout are not part of it: they change without touching what was approved. A field that the
table of dimensions does not name belongs to all of them, so that a forgotten field can only void too much.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias, cast

from qihua_desktop.i18n import _

from .budget import Budget, BudgetLine, LineLock
from .canonical import JsonValue, canonical_text, fingerprint, parse_canonical
from .errors import InputError
from .ids import EntityId, id_text
from .plan import Task
from .project import Attachment, Project, Risk, Stage
from .review import Dimension, PlanDocument, PlanSection
from .tree import outline

SCHEMA: Final = "qihua-plan/1"
MAPPING_VERSION: Final = 1
"""Raise it with every change of ``FIELD_DIMENSIONS``: older sign-offs then count as given for other content."""

PlanContent: TypeAlias = Mapping[str, JsonValue]

ALL: Final = frozenset(Dimension)
_MONEY = frozenset((Dimension.BUDGET,))
_DOING = frozenset((Dimension.FEASIBILITY,))
_LAWFUL = frozenset((Dimension.COMPLIANCE,))

FIELD_DIMENSIONS: Final[Mapping[str, frozenset[Dimension]]] = {
    "project.venue": _DOING | _LAWFUL,
    "project.direction": _DOING,
    "project.key_on": _DOING,
    "project.work_hours": _DOING,
    **{f"stages.{name}": _DOING for name in ("id", "name", "owner", "output", "review_days")},
    **{
        f"tasks.{name}": _DOING
        for name in ("id", "parent", "stage", "name", "owner", "start", "finish", "duration", "milestone", "deadline")
    },
    "budget.total": _MONEY,
    "lines.id": _MONEY | _LAWFUL,
    **{
        f"lines.{name}": _MONEY
        for name in (
            "parent",
            "name",
            "amount",
            "lock",
            "percent",
            "quantity",
            "unit",
            "unit_price",
            "tax_rate",
            "is_reserve",
        )
    },
    "lines.supplier": _MONEY | _LAWFUL,
    "lines.basis": _MONEY | _LAWFUL,
    "risks.id": _DOING | _LAWFUL,
    **{f"risks.{name}": _DOING for name in ("name", "trigger", "contingency", "owner")},
    "risks.notice": _DOING | _LAWFUL,
}
"""What each field is about; rows of lists name their fields as list.field."""

SECTION_DIMENSIONS: Final[Mapping[str, frozenset[Dimension]]] = {
    "flow": _DOING,
    "staffing": _DOING,
    "schedule": _DOING,
    "visual": _DOING,
    "methods": _DOING,
    "quality": _DOING,
    "channels": _DOING | _MONEY,
    "content": _DOING | _LAWFUL,
    "promotion": _DOING | _LAWFUL,
    "population": _DOING | _LAWFUL,
    "risk": _DOING | _LAWFUL,
    "budget": _MONEY,
    "compliance": _LAWFUL,
}
"""What a written section is about, by its key; other sections belong to all dimensions."""


@dataclass(frozen=True, slots=True)
class PlanSource:
    """Everything a plan document is made of; ``people`` gives the names of owners."""

    document: PlanDocument
    project: Project
    sections: Sequence[PlanSection]
    stages: Sequence[Stage]
    tasks: Sequence[Task]
    budget: Budget
    lines: Sequence[BudgetLine]
    risks: Sequence[Risk]
    attachments: Sequence[Attachment] = ()
    people: Mapping[EntityId, str] = field(default_factory=dict[EntityId, str])


@dataclass(frozen=True, slots=True)
class ContentHashes:
    """The fingerprint of the whole content and of each dimension, 64 hexadecimal digits each."""

    content: str
    dimensions: Mapping[Dimension, str]


def build_content(source: PlanSource) -> PlanContent:
    """Return the content object of a plan document; equal data gives an equal object, whatever order rows come in."""
    project = source.project
    return {
        "schema": SCHEMA,
        "mapping": MAPPING_VERSION,
        "document": {"key": source.document.key, "title": source.document.title},
        "project": {
            "number": project.number,
            "name": project.name,
            "kind": project.kind.value,
            "owner": _name(source, project.owner_id),
            "goal": project.goal,
            "venue": project.venue,
            "direction": project.direction.value,
            "key_on": project.key_on.isoformat(),
            "work_hours": project.work_hours,
        },
        "sections": [
            {"id": section.key, "title": section.title, "body": section.body}
            for section in sorted(source.sections, key=lambda row: (row.position, row.id))
        ],
        "stages": [_stage(source, stage) for stage in sorted(source.stages, key=lambda row: (row.position, row.id))],
        "tasks": _tasks(source),
        **budget_content(source.budget.total, source.lines),
        "risks": [_risk(source, risk) for risk in sorted(source.risks, key=lambda row: (row.position, row.id))],
        "attachments": [
            {"id": each.sha256, "name": each.name}
            for each in sorted(source.attachments, key=lambda row: (row.sha256, row.name))
        ],
    }


def budget_content(total: int, lines: Sequence[BudgetLine]) -> dict[str, JsonValue]:
    """Return the budget's part of the content, as frozen budget versions keep it."""
    return {"budget": {"total": total}, "lines": _lines(lines)}


def content_hashes(content: PlanContent) -> ContentHashes:
    """Return the fingerprints of a content object."""
    return ContentHashes(
        fingerprint(content),
        {dimension: fingerprint(dimension_content(content, dimension)) for dimension in Dimension},
    )


def dimension_content(content: PlanContent, dimension: Dimension) -> PlanContent:
    """Return the part of a content object that a dimension is about."""
    part: dict[str, JsonValue] = {}
    for group, value in content.items():
        if isinstance(value, Mapping):
            part[group] = {name: item for name, item in value.items() if dimension in field_dimensions(group, name)}
        elif isinstance(value, Sequence) and not isinstance(value, str):
            rows = [_row_part(group, row, dimension) for row in content_rows(content, group)]
            part[group] = [row for row in rows if row]
        else:
            part[group] = value
    return part


def field_dimensions(group: str, name: str, row_id: str = "") -> frozenset[Dimension]:
    """Return what a field is about; ``row_id`` is needed for sections, which are mapped by their key."""
    if group == "sections":
        return SECTION_DIMENSIONS.get(row_id, ALL)
    return FIELD_DIMENSIONS.get(f"{group}.{name}", ALL)


def content_rows(content: PlanContent, group: str) -> Sequence[Mapping[str, JsonValue]]:
    """Return the rows of a list in a content object, none when the content has no such list."""
    value = content.get(group)
    if not isinstance(value, Sequence) or isinstance(value, str):
        return ()
    return [row for row in value if isinstance(row, Mapping)]


def read_content(text: str) -> PlanContent:
    """Read a stored content. Raises InputError when it is not a canonical object."""
    value = parse_canonical(text)
    if not isinstance(value, Mapping):
        raise InputError(_("This is not the content of a plan document."))
    return value


def dimensions_text(hashes: ContentHashes) -> str:
    """Write the dimension fingerprints as versions and sign-offs store them."""
    return canonical_text({dimension.value: digest for dimension, digest in hashes.dimensions.items()})


def read_dimensions(text: str) -> dict[Dimension, str]:
    """Read stored dimension fingerprints; unknown names and broken texts give nothing, so nothing can match them."""
    try:
        value = parse_canonical(text)
    except InputError:
        return {}
    if not isinstance(value, Mapping):
        return {}
    known = {dimension.value: dimension for dimension in Dimension}
    return {known[name]: digest for name, digest in value.items() if name in known and isinstance(digest, str)}


def _row_part(group: str, row: Mapping[str, JsonValue], dimension: Dimension) -> dict[str, JsonValue]:
    row_id = cast("str", row.get("id", ""))
    return {name: item for name, item in row.items() if dimension in field_dimensions(group, name, row_id)}


def _name(source: PlanSource, person_id: EntityId | None, text: str = "") -> str:
    return source.people.get(person_id, "") if person_id is not None else text


def _optional_id(identifier: EntityId | None) -> str:
    return id_text(identifier) if identifier is not None else ""


def _stage(source: PlanSource, stage: Stage) -> dict[str, JsonValue]:
    return {
        "id": id_text(stage.id),
        "name": stage.name,
        "owner": _name(source, stage.owner_id, stage.owner_role.value),
        "output": stage.output,
        "review_days": stage.review_days,
    }


def _tasks(source: PlanSource) -> list[JsonValue]:
    tasks = {task.id: task for task in source.tasks}
    return [_task(source, tasks[row.id], row.parent_id) for row in outline(source.tasks)]


def _task(source: PlanSource, task: Task, parent_id: EntityId | None) -> dict[str, JsonValue]:
    return {
        "id": id_text(task.id),
        "parent": _optional_id(parent_id),
        "stage": _optional_id(task.stage_id),
        "name": task.name,
        "owner": _name(source, task.owner_id, task.owner_text),
        "start": task.start,
        "finish": task.finish,
        "duration": task.duration,
        "milestone": task.milestone,
        "deadline": task.deadline,
    }


def _lines(lines: Sequence[BudgetLine]) -> list[JsonValue]:
    by_id = {line.id: line for line in lines}
    return [_line(by_id[row.id], row.parent_id) for row in outline(lines)]


def _line(line: BudgetLine, parent_id: EntityId | None) -> dict[str, JsonValue]:
    locked = line.lock in (LineLock.PERCENT, LineLock.BOTH)
    return {
        "id": id_text(line.id),
        "parent": _optional_id(parent_id),
        "name": line.name,
        "amount": line.amount,
        "lock": line.lock.value,
        "percent": line.percent if locked else 0,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "tax_rate": line.tax_rate,
        "supplier": line.supplier,
        "basis": line.basis,
        "is_reserve": line.is_reserve,
    }


def _risk(source: PlanSource, risk: Risk) -> dict[str, JsonValue]:
    return {
        "id": id_text(risk.id),
        "name": risk.name,
        "trigger": risk.trigger,
        "contingency": risk.contingency,
        "owner": _name(source, risk.owner_id, risk.owner_text),
        "notice": risk.notice,
    }

"""A project workflow as a template describes it: stages, tasks with working-day durations and links, gates, budget.

The form of a template file is explained in ``resources/templates/event.toml``; a stored template is the same as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from qihua_desktop.i18n import _

from .errors import InputError
from .people import Role
from .plan import LagKind, LinkType, ScheduleDirection
from .project import GateKind, ProjectKind

WORKING_DAY: Final = 480
"""Working minutes of a day in templates."""

_LINK = re.compile(r"^(?P<key>\S+?)(?:\s+(?P<type>FS|SS|FF|SF)(?:(?P<sign>[+-])(?P<size>\d+)(?P<unit>[dhm]))?)?$")
_UNITS = {"d": WORKING_DAY, "h": 60, "m": 1}
_DEPARTMENTS = frozenset({"sales", "finance", "legal", "design", "product", "admin"})


@dataclass(frozen=True, slots=True)
class TemplateLink:
    """A link to a predecessor within the template; ``lag`` in working minutes."""

    predecessor: str
    type: LinkType
    lag: int
    lag_kind: LagKind = LagKind.WORKING


@dataclass(frozen=True, slots=True)
class TemplateTask:
    """A task of a stage.

    ``owner`` is a role or a department value, empty when ``owner_text`` names the owner. ``duration`` in working
    minutes. ``anchor`` marks what stands on the event day itself. ``parent`` is the key of a task above it.
    """

    key: str
    name: str
    owner: str
    owner_text: str
    duration: int
    milestone: bool
    anchor: bool
    after: tuple[TemplateLink, ...]
    parent: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class TemplateGate:
    """One condition of a stage's gate."""

    kind: GateKind
    name: str
    owner: Role
    document: str
    target: int


@dataclass(frozen=True, slots=True)
class TemplateDocument:
    """A document that a stage must produce."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class TemplateStage:
    """A step of the workflow; ``review_days`` is its limit in working days, 0 for none."""

    key: str
    name: str
    owner: Role
    output: str
    review_days: int
    tasks: tuple[TemplateTask, ...]
    documents: tuple[TemplateDocument, ...]
    gates: tuple[TemplateGate, ...]


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A line below a budget category: its weight among its siblings and what a new budget begins with.

    ``above`` is the place of the line above it, -1 right below the category. ``task`` is the key of the task it pays.
    """

    name: str
    weight: int
    above: int = -1
    unit: str = ""
    tax_rate: int = 0
    supplier: str = ""
    basis: str = ""
    notes: str = ""
    reserve: bool = False
    task: str = ""


@dataclass(frozen=True, slots=True)
class TemplateCategory:
    """A budget category with its share in basis points and its lines: by name alone, or in ``details``.

    ``weight`` is the share to the fen where it is known.
    """

    name: str
    percent: int
    colour: str
    reserve: bool
    lines: tuple[str, ...]
    details: tuple[TemplateLine, ...] = ()
    weight: int = 0


@dataclass(frozen=True, slots=True)
class TemplateSection:
    """A written section of the plan document; ``body`` is what the writer starts from."""

    key: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class TemplateRisk:
    """A row of the risk plan."""

    name: str
    trigger: str
    contingency: str
    owner: str
    notice: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """A whole template; ``plan`` is the whole plan of a project it was saved from, in the services' own form."""

    key: str
    kind: ProjectKind
    direction: ScheduleDirection
    document: str
    name: str
    description: str
    stages: tuple[TemplateStage, ...]
    budget: tuple[TemplateCategory, ...]
    sections: tuple[TemplateSection, ...]
    risks: tuple[TemplateRisk, ...]
    plan: Mapping[str, Any] | None = None

    @property
    def tasks(self) -> tuple[TemplateTask, ...]:
        """All tasks in order."""
        return tuple(task for stage in self.stages for task in stage.tasks)


def read_workflow(data: Mapping[str, Any], *, english: bool = False) -> Workflow:
    """Build a workflow from a parsed template file, with English texts where it has them.

    Raises InputError naming what is wrong.
    """
    try:
        workflow = _workflow(data, english=english)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            _("The template “{name}” cannot be read.").format(name=str(data.get("name", ""))), details=(str(error),)
        ) from error
    known = {task.key for task in workflow.tasks}
    if len(known) != len(workflow.tasks):
        raise InputError(_("The template “{name}” has two tasks with the same key.").format(name=workflow.name))
    missing = [link.predecessor for task in workflow.tasks for link in task.after if link.predecessor not in known]
    if missing:
        raise InputError(_("The template “{name}” links to unknown tasks.").format(name=workflow.name), details=missing)
    return workflow


def workflow_data(workflow: Workflow) -> dict[str, Any]:
    """Return a workflow as plain data that ``read_workflow`` reads back."""
    data: dict[str, Any] = {
        "key": workflow.key,
        "kind": workflow.kind.value,
        "direction": workflow.direction.value,
        "document": workflow.document,
        "name": workflow.name,
        "description": workflow.description,
        "stage": [_stage_data(stage) for stage in workflow.stages],
        "budget": [
            {
                "name": category.name,
                "percent": category.percent,
                "colour": category.colour,
                "reserve": category.reserve,
                "lines": list(category.lines),
                "detail": [_line_data(line) for line in category.details],
                "weight": category.weight,
            }
            for category in workflow.budget
        ],
        "section": [{"key": one.key, "title": one.title, "body": one.body} for one in workflow.sections],
        "risk": [
            {
                "name": risk.name,
                "trigger": risk.trigger,
                "contingency": risk.contingency,
                "owner": risk.owner,
                "notice": risk.notice,
            }
            for risk in workflow.risks
        ],
    }
    return data if workflow.plan is None else data | {"plan": dict(workflow.plan)}


def _line_data(line: TemplateLine) -> dict[str, Any]:
    return {
        "name": line.name,
        "weight": line.weight,
        "above": line.above,
        "unit": line.unit,
        "tax_rate": line.tax_rate,
        "supplier": line.supplier,
        "basis": line.basis,
        "notes": line.notes,
        "reserve": line.reserve,
        "task": line.task,
    }


def _stage_data(stage: TemplateStage) -> dict[str, Any]:
    return {
        "key": stage.key,
        "name": stage.name,
        "owner": stage.owner.value,
        "output": stage.output,
        "review_days": stage.review_days,
        "task": [
            {
                "key": task.key,
                "name": task.name,
                "owner": task.owner,
                "owner_text": task.owner_text,
                "minutes": task.duration,
                "milestone": task.milestone,
                "anchor": task.anchor,
                "parent": task.parent,
                "notes": task.notes,
                "after": [_link_text(link) for link in task.after],
            }
            for task in stage.tasks
        ],
        "document": [{"key": one.key, "name": one.name} for one in stage.documents],
        "gate": [
            {
                "kind": gate.kind.value,
                "name": gate.name,
                "owner": gate.owner.value,
                "document": gate.document,
                "target": gate.target,
            }
            for gate in stage.gates
        ],
    }


def _link_text(link: TemplateLink) -> str:
    if link.lag_kind is LagKind.ELAPSED:
        return f"{link.predecessor} {link.type.value}{link.lag:+d}e"
    if link.lag_kind is LagKind.PERCENT:
        return f"{link.predecessor} {link.type.value}{link.lag:+d}%"
    return f"{link.predecessor} {link.type.value}{link.lag:+d}m"


def _workflow(data: Mapping[str, Any], *, english: bool) -> Workflow:
    return Workflow(
        str(data["key"]),
        ProjectKind(data["kind"]),
        ScheduleDirection(data["direction"]),
        str(data["document"]),
        _text(data, "name", english=english),
        _text(data, "description", english=english),
        tuple(_stage(one, english=english) for one in _list(data, "stage")),
        tuple(_category(one, english=english) for one in _list(data, "budget")),
        tuple(
            TemplateSection(str(one["key"]), _text(one, "title", english=english), _text(one, "body", english=english))
            for one in _list(data, "section")
        ),
        tuple(
            TemplateRisk(
                _text(one, "name", english=english),
                _text(one, "trigger", english=english),
                _text(one, "contingency", english=english),
                str(one.get("owner", "")),
                _text(one, "notice", english=english),
            )
            for one in _list(data, "risk")
        ),
        cast("Mapping[str, Any] | None", data.get("plan")),
    )


def _stage(data: Mapping[str, Any], *, english: bool) -> TemplateStage:
    return TemplateStage(
        str(data["key"]),
        _text(data, "name", english=english),
        Role(data["owner"]),
        _text(data, "output", english=english),
        int(data.get("review_days", 0)),
        tuple(_task(one, english=english) for one in _list(data, "task")),
        tuple(
            TemplateDocument(str(one["key"]), _text(one, "name", english=english)) for one in _list(data, "document")
        ),
        tuple(
            TemplateGate(
                GateKind(one["kind"]),
                _text(one, "name", english=english),
                Role(one["owner"]),
                str(one.get("document", "")),
                int(one.get("target", 0)),
            )
            for one in _list(data, "gate")
        ),
    )


def _task(data: Mapping[str, Any], *, english: bool) -> TemplateTask:
    owner = str(data.get("owner", ""))
    if owner and owner not in _DEPARTMENTS:
        Role(owner)
    minutes = int(data["minutes"]) if "minutes" in data else int(data.get("days", 0)) * WORKING_DAY
    if minutes < 0:
        raise ValueError(f"negative duration of {data['key']!r}")
    milestone = bool(data.get("milestone", False))
    return TemplateTask(
        str(data["key"]),
        _text(data, "name", english=english),
        owner,
        _text(data, "owner_text", english=english),
        0 if milestone else minutes,
        milestone,
        bool(data.get("anchor", False)),
        tuple(_link(str(one)) for one in data.get("after", ())),
        str(data.get("parent", "")),
        str(data.get("notes", "")),
    )


def _link(text: str) -> TemplateLink:
    for mark, kind in (("e", LagKind.ELAPSED), ("%", LagKind.PERCENT)):
        special = re.fullmatch(rf"(\S+) (FS|SS|FF|SF)([+-]\d+){mark}", text)
        if special:
            return TemplateLink(special[1], LinkType(special[2]), int(special[3]), kind)
    match = _LINK.match(text)
    if match is None:
        raise ValueError(f"unreadable link {text!r}")
    lag = int(match["size"]) * _UNITS[match["unit"]] if match["size"] else 0
    return TemplateLink(match["key"], LinkType(match["type"] or "FS"), -lag if match["sign"] == "-" else lag)


def _category(data: Mapping[str, Any], *, english: bool) -> TemplateCategory:
    lines = data.get("lines_en") if english and data.get("lines_en") else data.get("lines", ())
    return TemplateCategory(
        _text(data, "name", english=english),
        int(data["percent"]),
        str(data.get("colour", "accent")),
        bool(data.get("reserve", False)),
        tuple(str(one) for one in lines or ()),
        tuple(_line(one, at) for at, one in enumerate(_list(data, "detail"))),
        max(0, int(data.get("weight", 0))),
    )


def _line(data: Mapping[str, Any], at: int) -> TemplateLine:
    above, weight = int(data["above"]), int(data["weight"])
    if not -1 <= above < at or weight < 0:
        raise ValueError(f"budget line {at}")
    return TemplateLine(
        str(data["name"]),
        weight,
        above,
        str(data["unit"]),
        int(data["tax_rate"]),
        str(data["supplier"]),
        str(data["basis"]),
        str(data["notes"]),
        bool(data["reserve"]),
        str(data["task"]),
    )


def _text(data: Mapping[str, Any], key: str, *, english: bool) -> str:
    return str((data.get(f"{key}_en") if english else None) or data.get(key, ""))


def _list(data: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    return cast("list[Mapping[str, Any]]", data.get(key, []))

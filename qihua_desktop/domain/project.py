"""Strategy, programmes, projects, their stages and gates, documents and the risk plan.

Recorded moments (``…_ms``) are UTC milliseconds since 1970; days are calendar days; money is whole fen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .ids import EntityId
from .people import Role
from .plan import ScheduleDirection


class ProjectKind(StrEnum):
    """The three kinds of project, each with its own workflow."""

    BRAND = "brand"
    EVENT = "event"
    RESEARCH = "research"


class ProjectStatus(StrEnum):
    """Where a project is in its life."""

    ACTIVE = "active"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class GateKind(StrEnum):
    """What a gate asks for before a stage may be left."""

    TASKS = "tasks"
    DOCUMENT = "document"
    SIGN_OFF = "sign_off"
    BUDGET = "budget"
    SURVEY = "survey"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Strategy:
    """A year's strategic goal (品牌升级, 市场破局, 用户增长)."""

    id: EntityId
    year: int
    name: str
    goal: str
    position: int


@dataclass(frozen=True, slots=True)
class Programme:
    """A quarterly theme under a strategy; ``quarter`` is 1 … 4, or 0 for the whole year."""

    id: EntityId
    strategy_id: EntityId
    quarter: int
    name: str
    goal: str
    position: int


@dataclass(frozen=True, slots=True)
class Project:
    """One brand, event or research project.

    ``number`` is the printed document number (QH-YYYY-NNNN). ``key_on`` is the start date of a forward plan or the
    event day of a backward plan. ``stage_id`` is the stage the project stands in.
    """

    id: EntityId
    number: str
    name: str
    kind: ProjectKind
    programme_id: EntityId | None
    owner_id: EntityId | None
    goal: str
    venue: str
    direction: ScheduleDirection
    key_on: date
    stage_id: EntityId | None
    status: ProjectStatus
    template_key: str
    work_hours: str
    created_ms: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the project's workflow. ``review_days`` is the working-day limit of the template, 0 for none."""

    id: EntityId
    project_id: EntityId
    position: int
    key: str
    name: str
    owner_role: Role
    owner_id: EntityId | None
    output: str
    review_days: int
    completed_ms: int | None
    completed_by: EntityId | None


@dataclass(frozen=True, slots=True)
class GateItem:
    """One condition of a stage's gate; ``done_ms`` is set for manual confirmations only."""

    id: EntityId
    project_id: EntityId
    stage_id: EntityId
    position: int
    kind: GateKind
    document_key: str
    name: str
    owner_role: Role
    target: int
    done_ms: int | None
    done_by: EntityId | None


@dataclass(frozen=True, slots=True)
class ProjectDocument:
    """A required document (《活动策划方案》 …): produced by the app, or a file attached by hand."""

    id: EntityId
    project_id: EntityId
    stage_id: EntityId | None
    position: int
    key: str
    name: str
    produced_ms: int | None
    produced_by: EntityId | None
    attachment_id: EntityId | None


@dataclass(frozen=True, slots=True)
class Risk:
    """A row of the risk plan: risk, trigger, contingency, owner and the notification text."""

    id: EntityId
    project_id: EntityId
    position: int
    name: str
    trigger: str
    contingency: str
    owner_id: EntityId | None
    owner_text: str
    notice: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file kept inside the workspace; the bytes are found by ``sha256`` (64 hexadecimal digits)."""

    id: EntityId
    project_id: EntityId | None
    owner_id: EntityId | None
    name: str
    media_type: str
    size: int
    sha256: str
    added_ms: int


_KINDS = {
    ProjectKind.BRAND: N_("Brand"),
    ProjectKind.EVENT: N_("Event"),
    ProjectKind.RESEARCH: N_("Market research"),
}
_STATUSES = {
    ProjectStatus.ACTIVE: N_("Active"),
    ProjectStatus.CLOSED: N_("Closed"),
    ProjectStatus.CANCELLED: N_("Cancelled"),
}


def kind_label(kind: ProjectKind) -> str:
    """Return the kind's name in the user's language."""
    return _(_KINDS[kind])


def status_label(status: ProjectStatus) -> str:
    """Return the status's name in the user's language."""
    return _(_STATUSES[status])

"""What the documents need to know: plain frozen data, assembled by the services from a workspace or a frozen version.

Money is whole fen, percentages basis points, tax rates basis points of the net amount; moments are aware datetimes.
None stands for a figure nobody has entered and prints as 缺数据 or a dash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from qihua_desktop.domain.people import Department
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.domain.review import Dimension, RouteMode, Severity, Verdict
from qihua_desktop.domain.survey import QuestionKind

from .document import DocumentInfo
from .signatures import SignatureBox, Strokes


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a document's head table: label and value."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class WrittenSection:
    """A section the planner wrote; ``body`` is plain text, one paragraph per line."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A row of the schedule table; stages and summaries (``strong``) stand above their tasks."""

    number: str
    name: str
    owner: str
    start: date | None
    finish: date | None
    milestone: bool = False
    strong: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A category (level 0) or a line under one, in printing order.

    ``share`` is the part of the total. ``tax_rate`` None: not entered. ``counted`` rows add up to the total (the
    categories); rows under them only explain.
    """

    name: str
    amount: int
    share: int | None
    level: int = 0
    tax_rate: int | None = None
    net: int | None = None
    committed: int | None = None
    note: str = ""
    colour: str = ""

    @property
    def counted(self) -> bool:
        """Whether the row is a category."""
        return self.level == 0


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A row of the risk plan."""

    name: str
    trigger: str
    contingency: str
    owner: str
    notice: str = ""


@dataclass(frozen=True, slots=True)
class PlanInput:
    """品牌企划方案, 活动策划方案 or 市场调研方案. ``total`` is what the project may spend; rows may leave a rest."""

    info: DocumentInfo
    kind: ProjectKind
    goal: str
    facts: tuple[Fact, ...] = ()
    sections: tuple[WrittenSection, ...] = ()
    schedule: tuple[ScheduleRow, ...] = ()
    budget: tuple[BudgetRow, ...] = ()
    total: int | None = None
    risks: tuple[RiskRow, ...] = ()
    signatures: tuple[SignatureBox, ...] = ()


@dataclass(frozen=True, slots=True)
class PoolBox:
    """An annual pool that a budget draws on, as known on this laptop at ``as_of``.

    ``terms`` add up to what the pool has for this plan, all other plans taken off. ``judgement`` says what it means,
    ``bad`` where it forbids; ``exception`` who permitted to exceed it.
    """

    name: str
    terms: tuple[tuple[str, int], ...]
    this_plan: int
    as_of: datetime
    level: str = ""
    judgement: str = ""
    bad: bool = False
    exception: str = ""

    @property
    def available(self) -> int:
        """What the pool has for this plan."""
        return sum(amount for _label, amount in self.terms)

    @property
    def left(self) -> int:
        """What remains once this plan is counted."""
        return self.available - self.this_plan


@dataclass(frozen=True, slots=True)
class ApprovalSeat:
    """A box of the budget approval: an empty one is signed in ink, a filled one shows the recorded decision."""

    heading: str
    department: Department | None = None
    person: str = ""
    verdict: Verdict | None = None
    comment: str = ""
    signed_at: datetime | None = None
    fingerprint: str = ""
    strokes: Strokes = ()
    stale: bool = False


@dataclass(frozen=True, slots=True)
class BudgetApprovalInput:
    """预算审批单. ``purpose`` says what the money is for; ``previous_total`` is the last approved version's.

    ``guests`` and ``leads`` are planned numbers, 0 where nobody has planned any.
    """

    info: DocumentInfo
    total: int
    rows: tuple[BudgetRow, ...]
    kind: ProjectKind | None = None
    applicant: str = ""
    department: str = ""
    key_date: date | None = None
    purpose: str = ""
    previous_total: int | None = None
    pools: tuple[PoolBox, ...] = ()
    seats: tuple[ApprovalSeat, ...] = ()
    notes: str = ""
    guests: int = 0
    leads: int = 0
    pool_note: str = ""


@dataclass(frozen=True, slots=True)
class DimensionFingerprint:
    """The hash of one dimension's content in the version under review."""

    dimension: Dimension
    sha256: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A seat of the route and what was decided there, if anything yet.

    ``opinions`` are remarks per dimension. ``on_behalf_of`` names whom a delegate acted for. ``stale_dimensions`` are
    those whose content changed after the signature: the decision is printed as no longer valid.
    ``transcribed_by`` names who entered a decision made on paper (代录).
    """

    step: int
    mode: RouteMode
    department: Department
    person: str
    title: str = ""
    dimensions: tuple[Dimension, ...] = ()
    verdict: Verdict | None = None
    comment: str = ""
    opinions: tuple[tuple[Dimension, str], ...] = ()
    signed_at: datetime | None = None
    version: int | None = None
    fingerprint: str = ""
    strokes: Strokes = ()
    stale_dimensions: tuple[Dimension, ...] = ()
    on_behalf_of: str = ""
    transcribed_by: str = ""


@dataclass(frozen=True, slots=True)
class CommentRow:
    """A review comment with its place, the quoted text and how it ended."""

    person: str
    department: Department | None
    dimension: Dimension
    severity: Severity
    place: str
    body: str
    quote: str = ""
    reply: str = ""
    resolved_at: datetime | None = None
    resolved_by: str = ""


@dataclass(frozen=True, slots=True)
class SignOffInput:
    """评审签批单: one version's round of review.

    ``result`` is the outcome in words (已批准, 评审中 …). ``self_signed`` says that the decisions carry signatures made
    with self-signed certificates; otherwise they were confirmed with a PIN only, and the sheet says that.
    """

    info: DocumentInfo
    document_title: str
    submitted_by: str
    submitted_at: datetime
    result: str
    authors: tuple[str, ...] = ()
    dimensions: tuple[DimensionFingerprint, ...] = ()
    decisions: tuple[Decision, ...] = ()
    comments: tuple[CommentRow, ...] = ()
    total: int | None = None
    self_signed: bool = False


@dataclass(frozen=True, slots=True)
class SurveyOption:
    """An answer to choose. ``jump`` is where choosing it leads: a printed number, or None to go on.

    ``ends`` and ``screens_out`` mark answers after which the interview is over.
    """

    label: str
    with_text: bool = False
    exclusive: bool = False
    jump: str | None = None
    ends: bool = False
    screens_out: bool = False


@dataclass(frozen=True, slots=True)
class SurveyQuestion:
    """A question as printed. ``jump``/``ends`` lead on from it whatever is answered."""

    number: str
    kind: QuestionKind
    text: str
    hint: str = ""
    required: bool = False
    options: tuple[SurveyOption, ...] = ()
    minimum: int = 0
    maximum: int = 0
    low_label: str = ""
    high_label: str = ""
    jump: str | None = None
    ends: bool = False


@dataclass(frozen=True, slots=True)
class SurveyInput:
    """问卷(纸质): ``fields`` are blanks for the interviewer (编号, 日期, 地点)."""

    info: DocumentInfo
    title: str
    intro: str = ""
    outro: str = ""
    questions: tuple[SurveyQuestion, ...] = ()
    fields: tuple[str, ...] = ()

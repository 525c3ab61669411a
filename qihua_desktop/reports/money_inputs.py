"""What the documents about money need to know: plain frozen data, gathered from the services.

Money is whole fen, rates are basis points, moments are aware datetimes. None is unknown and prints as 缺数据 or a dash.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from qihua_desktop.domain.execution_report import PerHead, Roi
from qihua_desktop.domain.vouchers import VoucherState

from .document import DocumentInfo
from .inputs import Fact
from .month_chart import MonthFigures


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """A voucher of a list. ``number`` is text; ``line`` names what bears it; ``duplicate`` where its number is held.

    ``check`` is the gravest result in words with what it concerns, ``bad`` where it failed. ``waits`` says that the tax
    bureau was not asked yet. ``sha256`` is that of the original, empty for a typed voucher.
    """

    number: str
    kind: str
    issued_on: date | None
    seller: str
    line: str
    net: int
    tax: int
    gross: int
    state: VoucherState
    check: str = ""
    bad: bool = False
    duplicate: str = ""
    waits: bool = False
    sha256: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class VoucherListInput:
    """凭证清单: the vouchers of a project in the order in which they came."""

    info: DocumentInfo
    rows: tuple[VoucherRow, ...]
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimItem:
    """A row of an expense claim, and the voucher behind it."""

    item: str
    purpose: str
    day: date | None
    gross: int
    number: str = ""
    kind: str = ""
    seller: str = ""
    file: str = ""
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ClaimForm:
    """One 费用报销单. ``refund`` is what the company still pays; negative is to be given back.

    ``fingerprint`` is that of the claim's content, 64 hexadecimal digits.
    """

    number: str
    department: str
    claimant: str
    claimed_on: date
    purpose: str
    state: str
    attachments: int
    items: tuple[ClaimItem, ...]
    advance: int
    refund: int
    paid_on: date | None = None
    notes: str = ""
    fingerprint: str = ""

    @property
    def total(self) -> int:
        """What the vouchers add up to."""
        return sum(one.gross for one in self.items)


@dataclass(frozen=True, slots=True)
class ClaimsInput:
    """Expense claims to be printed, one after the other."""

    info: DocumentInfo
    claims: tuple[ClaimForm, ...]


@dataclass(frozen=True, slots=True)
class ExecutionLine:
    """A category (level 0) or a line of the execution report.

    ``rate_bp`` is None outside the budget (预算外). ``missing`` marks a deviation that nobody has explained, ``needs``
    one beyond the threshold.
    """

    name: str
    level: int
    budget: int
    released: int
    contracted: int
    open: int
    actual: int
    remaining: int
    eac: int
    deviation: int
    rate_bp: int | None
    needs: bool = False
    missing: bool = False
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReserveUse:
    """A use of the reserve that was asked for, and what was decided on it."""

    amount: int
    source: str
    target: str
    code: str
    reason: str
    asked_by: str
    asked_at: datetime
    state: str
    decided_by: str = ""
    decided_at: datetime | None = None
    note: str = ""
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How success was to be measured, fixed when and by whom, and what came of it.

    ``beforehand`` tells whether it was fixed before the key date, None while it is not fixed.
    """

    method: str
    fixed_at: datetime | None
    fixed_by: str
    beforehand: bool | None
    guests: tuple[int | None, int | None]
    leads: tuple[int | None, int | None]
    income: tuple[int | None, int | None]
    roi_planned: Roi | None
    roi: Roi | None
    per_guest: PerHead
    per_lead: PerHead


@dataclass(frozen=True, slots=True)
class Finding:
    """What a compliance rule found; ``waiver`` says who let it pass, when and why."""

    rule: str
    subject: str
    outcome: str
    failed: bool
    message: str
    remedy: str = ""
    waiver: str = ""


@dataclass(frozen=True, slots=True)
class ExecutionInput:
    """预算执行报告. ``lines`` are in reading order; ``rest`` is what no category holds, None where there is nothing.

    ``passed`` counts the rules that found nothing. ``changed`` counts differences from the approved budget.
    """

    info: DocumentInfo
    facts: tuple[Fact, ...]
    threshold_bp: int
    total: ExecutionLine
    lines: tuple[ExecutionLine, ...]
    rest: ExecutionLine | None = None
    uses: tuple[ReserveUse, ...] = ()
    outcome: Outcome | None = None
    months: tuple[MonthFigures, ...] = ()
    vouchers: tuple[VoucherRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    passed: int = 0
    applicant: str = ""
    approved: bool = True
    changed: int = 0
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class PoolTable:
    """An annual pool with every term of its arithmetic; the terms add up to what is available.

    The first term is the pool itself, then come as many ``adjustments``, then the plans.
    """

    name: str
    level: str
    terms: tuple[tuple[str, int], ...]
    adjustments: int
    plan: int
    committed: int
    actual: int
    notes: str = ""

    @property
    def available(self) -> int:
        """What the pool still has."""
        return sum(amount for _label, amount in self.terms)


@dataclass(frozen=True, slots=True)
class YearProject:
    """A project's year; ``pool`` names what it draws on, empty for none."""

    number: str
    name: str
    state: str
    pool: str
    key_on: date
    plan: int
    committed: int
    actual: int
    occupied: int


@dataclass(frozen=True, slots=True)
class AnnualInput:
    """年度预算表. ``granted`` is what the pools hold with their adjustments; ``outside`` what falls outside the year.

    ``as_of`` says when the figures held.
    """

    info: DocumentInfo
    facts: tuple[Fact, ...]
    granted: int
    pools: tuple[PoolTable, ...]
    projects: tuple[YearProject, ...]
    months: tuple[MonthFigures, ...]
    outside: tuple[int, int, int] = (0, 0, 0)
    as_of: str = ""

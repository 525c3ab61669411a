"""The columns of the year's page: pools, projects, months, signed exceptions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from qihua_desktop.domain.annual import pool_level_label
from qihua_desktop.domain.pool_rules import PlanState, plan_state_label
from qihua_desktop.i18n import _
from qihua_desktop.services.annual_overview import SignedException, YearProject
from qihua_desktop.services.pools import PoolView
from ui.common.columns import CellKind, Column
from ui.common.theme import Role
from ui.common.widgets import Tone

STATE_TONES = {
    PlanState.DRAFT: Tone.NEUTRAL,
    PlanState.IN_REVIEW: Tone.ACCENT,
    PlanState.APPROVED: Tone.OK,
    PlanState.REVISED: Tone.WARN,
    PlanState.CLOSED: Tone.NEUTRAL,
    PlanState.CANCELLED: Tone.NEUTRAL,
}


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A month, what falls outside the year, or the sum; in fen."""

    key: str
    label: str
    plan: int
    committed: int
    actual: int
    is_total: bool = False

    @property
    def is_over(self) -> bool:
        """Whether more was spent than planned."""
        return self.actual > self.plan


def pool_columns(may_edit: Callable[[PoolView], bool]) -> tuple[Column[PoolView], ...]:
    """Return the columns of the pools."""

    def granted(view: PoolView) -> int:
        return view.pool.amount + sum(one.amount for one in view.adjustments)

    def used(view: PoolView) -> int | None:
        return view.occupied * 10_000 // granted(view) if granted(view) > 0 else None

    return (
        Column("name", _("Pool"), lambda view: view.pool.name, width=140, stretch=True, editable=may_edit,
               bold=lambda _view: True),
        Column("level", _("When exceeded"), lambda view: view.pool.level, width=124,
               text=lambda view: pool_level_label(view.pool.level), editable=may_edit),
        Column("amount", _("Amount"), lambda view: view.pool.amount, CellKind.MONEY, width=112, editable=may_edit),
        Column("adjusted", _("Adjustment"), lambda view: sum(one.amount for one in view.adjustments) or None,
               CellKind.MONEY, width=100, hidden=True),
        Column("occupied", _("Occupied"), lambda view: view.occupied, CellKind.MONEY, width=112),
        Column("available", _("Available"), lambda view: view.position.available, CellKind.MONEY, width=112,
               bold=lambda _view: True, tone=lambda view: Tone.BAD if view.position.available < 0 else None),
        Column("used", _("Used"), used, CellKind.PROGRESS, width=110),
        Column("notes", _("Notes"), lambda view: view.pool.notes, width=160, hidden=True, editable=may_edit),
    )  # fmt: skip


def project_columns(may_edit: Callable[[YearProject], bool]) -> tuple[Column[YearProject], ...]:
    """Return the columns of the projects."""

    def bad(row: YearProject) -> Tone | None:
        return Tone.BAD if row.is_overdrawn else None

    return (
        Column("name", _("Project"), lambda row: row.project.name, width=150, stretch=True,
               tool_tip=lambda row: f"{row.project.number} {row.project.name}"),
        Column("key_on", _("Key date"), lambda row: row.project.key_on, CellKind.DATE, width=88),
        Column("state", _("State"), lambda row: row.state, CellKind.CHIP, width=90,
               text=lambda row: plan_state_label(row.state), tone=lambda row: STATE_TONES[row.state]),
        Column("pool", _("Pool"), lambda row: row.pool_id, width=110, text=pool_words, editable=may_edit,
               sort=lambda row: row.pool_name, role=lambda row: None if row.pool_id else Role.MUTED),
        Column("plan", _("Plan"), lambda row: row.figures.budget, CellKind.MONEY, width=104),
        Column("committed", _("Contracted"), lambda row: row.figures.contracted, CellKind.MONEY, width=104),
        Column("actual", _("Actual"), lambda row: row.figures.actual, CellKind.MONEY, width=104),
        Column("remaining", _("Remaining"), lambda row: row.figures.remaining, CellKind.MONEY, width=104, tone=bad),
        Column("check", _("Check"), _rank, CellKind.CHIP, width=118, text=check_words, tone=_check_tone,
               tool_tip=lambda row: "\n".join(f"{one.words} {one.remedy}" for one in row.asks)),
        Column("eac", _("At completion"), lambda row: row.figures.eac, CellKind.MONEY, width=104, hidden=True),
    )  # fmt: skip


def month_columns() -> tuple[Column[MonthRow], ...]:
    """Return the columns of the months."""

    def bold(row: MonthRow) -> bool:
        return row.is_total

    return (
        Column("label", _("Month"), lambda row: row.label, width=84, stretch=True, bold=bold),
        Column("plan", _("Plan"), lambda row: row.plan, CellKind.MONEY, width=100, bold=bold),
        Column("committed", _("Contracted"), lambda row: row.committed, CellKind.MONEY, width=100, bold=bold),
        Column("actual", _("Actual"), lambda row: row.actual, CellKind.MONEY, width=100, bold=bold,
               tone=lambda row: Tone.BAD if row.is_over else None),
    )  # fmt: skip


def exception_columns() -> tuple[Column[SignedException], ...]:
    """Return the columns of the signed exceptions."""
    return (
        Column("project", _("Project"), lambda row: row.project_name, width=160),
        Column("pool", _("Pool"), lambda row: row.pool_name, width=110),
        Column("allowed", _("Allowed excess"), lambda row: row.exception.allowed, CellKind.MONEY, width=112),
        Column("signer", _("Signed by"), lambda row: row.signer, width=90),
        Column("signed", _("When signed"), lambda row: _moment(row.exception.signed_ms), width=132),
        Column("state", _("State"), lambda row: row.holds, CellKind.CHIP, width=110,
               text=lambda row: _("In force") if row.holds else _("Budget changed"),
               tone=lambda row: Tone.OK if row.holds else Tone.NEUTRAL),
        Column("reason", _("Reason"), lambda row: row.exception.reason, width=200, stretch=True,
               tool_tip=lambda row: row.exception.reason),
    )  # fmt: skip


def pool_words(row: YearProject) -> str:
    """Return what a project draws on."""
    name = row.pool_name or _("No pool")
    if row.other_year is not None:
        name = _("{pool} ({year})").format(pool=name, year=row.other_year)
    return _(", ").join((name, *row.other_pools))


def check_words(row: YearProject) -> str:
    """Return what is wrong with a project's money, empty for nothing."""
    if row.is_overdrawn:
        return _("Overdrawn")
    if row.blocked:
        return _("Pool exceeded")
    if any(one.exception is not None for one in row.asks):
        return _("Exception signed")
    return _("Pool short") if row.asks else ""


def _rank(row: YearProject) -> int:
    return 0 if row.is_overdrawn else 1 if row.blocked else 2 if row.asks else 3


def _check_tone(row: YearProject) -> Tone:
    return Tone.BAD if row.is_overdrawn or row.blocked else Tone.WARN


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone().strftime("%Y-%m-%d %H:%M")

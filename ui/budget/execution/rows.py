"""The rows and columns of the execution table: what became of every line, and why it deviates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qihua_desktop.domain.execution import DeviationCode, DeviationReason, LineForecast, deviation_label
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.ledger import LineLedger
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _
from qihua_desktop.services.execution import ExecutionView
from ui.budget.deviation_card import rate_text
from ui.common.chips import Tone
from ui.common.columns import CellKind, Column

TOTAL = b"total"


@dataclass(frozen=True, slots=True)
class ExecutionLine:
    """A row; the last one is the whole budget. ``pending`` is a code chosen whose words are not typed yet."""

    line_id: EntityId | None
    parent_id: EntityId | None
    name: str
    figures: LineLedger
    reason: DeviationReason | None
    forecast: LineForecast | None
    needs_reason: bool
    pending: DeviationCode | None = None

    @property
    def identity(self) -> bytes:
        """What names the row in the table."""
        return self.line_id if self.line_id is not None else TOTAL

    @property
    def code(self) -> DeviationCode | None:
        """The code shown."""
        return self.pending or (self.reason.code if self.reason is not None else None)

    @property
    def is_leaf(self) -> bool:
        """Whether a forecast can be typed here."""
        return self.line_id is not None and not self.figures.has_children


def execution_lines(found: ExecutionView, pending: dict[EntityId | None, DeviationCode]) -> tuple[ExecutionLine, ...]:
    """Return the rows of a budget, the whole budget last."""
    asked = {one.line_id for one in found.missing_reasons}
    rows = [
        ExecutionLine(row.line.id, row.line.parent_id, row.line.name, row.figures, row.reason, row.forecast,
                      row.needs_reason, pending.get(row.line.id))
        for row in found.rows
    ]  # fmt: skip
    if rows:
        rows.append(
            ExecutionLine(None, None, _("Whole budget"), found.total, found.total_reason, None, None in asked,
                          pending.get(None))
        )  # fmt: skip
    return tuple(rows)


def code_choices(_row: ExecutionLine) -> list[tuple[DeviationCode | None, str]]:
    """Return the codes to choose from."""
    codes: list[tuple[DeviationCode | None, str]] = [(None, _("No reason"))]
    return [*codes, *((code, f"{code.value} {deviation_label(code)}") for code in DeviationCode)]


def execution_columns(may_edit: Callable[[], bool], running: Callable[[], bool]) -> tuple[Column[ExecutionLine], ...]:
    """Return the columns; ``running`` tells whether anything may still be to go."""

    def bold(row: ExecutionLine) -> bool:
        return row.figures.level <= 0

    def money(
        key: str, title: str, value: Callable[[LineLedger], int], *, width: int = 88, hidden: bool = False
    ) -> Column[ExecutionLine]:
        def role(row: ExecutionLine) -> Role:
            return Role.TEXT if value(row.figures) else Role.FAINT

        return Column(
            key, title, lambda row: value(row.figures), CellKind.MONEY, bold=bold, role=role, width=width, hidden=hidden
        )  # fmt: skip

    def deviation_role(row: ExecutionLine) -> Role:
        return Role.BAD if row.figures.beyond else Role.TEXT if row.figures.deviation else Role.FAINT

    return (
        Column("name", _("Category"), lambda row: row.name, bold=bold, width=120),
        money("budget", _("Budget (yuan)"), lambda one: one.budget, width=94),
        money("released", _("Reserve used"), lambda one: one.released, width=80),
        money("contracted", _("Contracted"), lambda one: one.contracted),
        money("open", _("Not yet invoiced"), lambda one: one.open_commitment),
        money("actual", _("Actual"), lambda one: one.actual),
        Column("to_go", _("To go"), lambda row: row.figures.to_go, CellKind.MONEY, width=82,
               editable=lambda row: may_edit() and running() and row.is_leaf, bold=bold,
               role=lambda row: Role.ACCENT if row.figures.to_go_typed else Role.MUTED, tool_tip=_forecast_tip),
        money("eac", _("EAC"), lambda one: one.eac, width=94),
        Column("deviation", _("Deviation"), lambda row: row.figures.deviation, CellKind.MONEY, role=deviation_role,
               text=lambda row: signed_text(row.figures.deviation), bold=bold, width=88),
        Column("rate", _("Rate"), lambda row: row.figures.rate_bp, CellKind.CHIP, width=64,
               text=lambda row: rate_text(row.figures.rate_bp) if row.figures.deviation else "",
               tone=lambda row: Tone.BAD if row.figures.beyond else Tone.NEUTRAL),
        Column("code", _("Reason code"), lambda row: row.code, CellKind.CHIP, width=94, text=_code_text,
               tone=lambda row: Tone.NEUTRAL if row.reason is not None and not row.pending else Tone.WARN,
               editable=lambda _row: may_edit()),
        Column("text", _("Explanation"), _reason_text, width=120, stretch=True,
               text=lambda row: " ".join(_reason_text(row).split()), tool_tip=_reason_text,
               editable=lambda _row: may_edit()),
        Column("basis", _("Basis of the forecast"), lambda row: row.forecast.basis if row.forecast else "", width=150,
               editable=lambda row: may_edit() and running() and row.forecast is not None, hidden=True),
        money("paid", _("Paid"), lambda one: one.paid, hidden=True),
    )  # fmt: skip


def signed_text(fen: int) -> str:
    """Return an amount with its sign."""
    return f"+{money_text(fen)}" if fen > 0 else f"−{money_text(-fen)}" if fen < 0 else money_text(0)


def _reason_text(row: ExecutionLine) -> str:
    return row.reason.text if row.reason is not None else ""


def _code_text(row: ExecutionLine) -> str:
    if row.code is not None:
        return f"{row.code.value} {deviation_label(row.code)}"
    return _("To be explained") if row.needs_reason else ""


def _forecast_tip(row: ExecutionLine) -> str:
    if row.forecast is None:
        return _("What the budget leaves; type another amount where you know better.") if row.is_leaf else ""
    return _("Basis: {basis}").format(basis=row.forecast.basis)

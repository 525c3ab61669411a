"""What the tab shows: lines with the state of their buying, and payments with when they are due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.procurement import ContractState, Payment
from qihua_desktop.i18n import N_, _, ngettext
from qihua_desktop.services import contracts, ledger, quotes
from qihua_desktop.services.contracts import ContractView
from qihua_desktop.services.quotes import LineComparison
from qihua_desktop.services.session import Session
from ui.common.widgets import Tone

WITHOUT_LINE = EntityId(b"")
_SOON = 7
_LIVE = (ContractState.DRAFT, ContractState.SIGNED)


class Mark(StrEnum):
    """How far the buying of a line is, and what is wrong with it."""

    COMPARE = "compare"
    EXPLAIN = "explain"
    CHOOSE = "choose"
    CHOSEN = "chosen"
    DRAFT = "draft"
    SIGNED = "signed"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    OVER_BUDGET = "over budget"
    OVER_INVOICED = "over-invoiced"
    OVERDUE = "overdue"


_MARKS: dict[Mark, tuple[str, Tone]] = {
    Mark.COMPARE: (N_("3 quotes needed"), Tone.BAD),
    Mark.EXPLAIN: (N_("Reason missing"), Tone.BAD),
    Mark.CHOOSE: (N_("To be chosen"), Tone.WARN),
    Mark.CHOSEN: (N_("Quote chosen"), Tone.ACCENT),
    Mark.DRAFT: (N_("Draft to sign"), Tone.WARN),
    Mark.SIGNED: (N_("Signed"), Tone.OK),
    Mark.FINISHED: (N_("Finished"), Tone.NEUTRAL),
    Mark.CANCELLED: (N_("Cancelled"), Tone.NEUTRAL),
    Mark.OVER_BUDGET: (N_("Over budget"), Tone.BAD),
    Mark.OVER_INVOICED: (N_("Over-invoiced"), Tone.BAD),
    Mark.OVERDUE: (N_("Overdue"), Tone.BAD),
}
_SETTLED = frozenset({Mark.SIGNED, Mark.FINISHED, Mark.CANCELLED})


def mark_label(mark: Mark) -> str:
    """Return a mark in the user's language."""
    return _(_MARKS[mark][0])


def mark_tone(mark: Mark) -> Tone:
    """Return a mark's tone."""
    return _MARKS[mark][1]


@dataclass(frozen=True, slots=True)
class BuyingLine:
    """A budget line with its quotes and contracts; ``remaining`` is what the budget leaves, in fen."""

    line_id: EntityId
    name: str
    budget: int
    remaining: int
    comparison: LineComparison | None
    contracts: tuple[ContractView, ...]
    marks: tuple[Mark, ...]

    @property
    def is_open(self) -> bool:
        """Whether there is something left to do before anything is bought, signed or paid as it should be."""
        return not _SETTLED.issuperset(self.marks)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A payment as its contract's plan shows it."""

    payment: Payment
    view: ContractView
    today: date

    @property
    def is_paid(self) -> bool:
        """Whether the payment was made."""
        return self.payment.paid_on is not None

    @property
    def is_overdue(self) -> bool:
        """Whether the payment should have been made."""
        return is_overdue(self.payment, self.today)

    @property
    def share(self) -> int:
        """The share of the contract in basis points."""
        gross = self.view.contract.gross
        return round(self.payment.amount * 10_000 / gross) if gross else 0

    def words(self) -> str:
        """Return when the payment is due, in words."""
        if self.is_paid:
            return _("Paid")
        if self.payment.due_on is None:
            return _("No date")
        days = (self.payment.due_on - self.today).days
        if days < 0:
            return ngettext("{count} day overdue", "{count} days overdue", -days).format(count=-days)
        if days == 0:
            return _("Due today")
        return ngettext("in {count} day", "in {count} days", days).format(count=days)

    def tone(self) -> Tone:
        """Return how urgent the payment is."""
        if self.is_paid:
            return Tone.OK
        if self.payment.due_on is None:
            return Tone.NEUTRAL
        days = (self.payment.due_on - self.today).days
        return Tone.BAD if days < 0 else Tone.WARN if days <= _SOON else Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class Buying:
    """A project's quotes, contracts and payments."""

    lines: tuple[BuyingLine, ...]
    contracts: tuple[ContractView, ...]
    dues: tuple[PaymentRow, ...]


def load_buying(session: Session, project_id: EntityId) -> Buying:
    """Fetch what a project buys."""
    today = session.today()
    views = contracts.contracts(session, project_id)
    compared = {one.line.id: one for one in quotes.comparison(session, project_id)}
    by_line: dict[EntityId, list[ContractView]] = {}
    for view in views:
        by_line.setdefault(view.contract.line_id or WITHOUT_LINE, []).append(view)
    books = ledger.load_ledger(session, project_id)
    names = {view.contract.line_id: view.line_name for view in views}
    found: list[BuyingLine] = []
    for line_id, figures in books.rows.items():
        comparison, held = compared.get(line_id), tuple(by_line.pop(line_id, ()))
        if comparison is None and not held:
            continue
        name = comparison.line.name if comparison is not None else names.get(line_id, "")
        marks = _marks(comparison, held, figures.remaining, today)
        found.append(BuyingLine(line_id, name, figures.effective, figures.remaining, comparison, held, marks))
    lost = tuple(view for held in by_line.values() for view in held)
    if lost:
        found.append(
            BuyingLine(WITHOUT_LINE, _("Without a budget line"), 0, 0, None, lost, _marks(None, lost, 0, today))
        )
    dues = [
        PaymentRow(payment, view, today)
        for view in views
        if view.contract.state is not ContractState.DRAFT
        for payment in view.payments
        if payment.paid_on is None
    ]
    dues.sort(key=lambda row: (row.payment.due_on or date.max, row.view.contract.position, row.payment.position))
    return Buying(tuple(found), views, tuple(dues))


def is_overdue(payment: Payment, today: date) -> bool:
    """Tell whether a payment should have been made before today."""
    return payment.paid_on is None and payment.due_on is not None and payment.due_on < today


def plan_gap(view: ContractView) -> int:
    """Return the fen of a contract that no payment covers, negative when payments exceed it."""
    contract = view.contract
    whole = contract.unavoidable if contract.state is ContractState.CANCELLED else contract.gross
    return whole - sum(one.paid if one.paid_on is not None else one.amount for one in view.payments)


def _marks(
    comparison: LineComparison | None, held: tuple[ContractView, ...], remaining: int, today: date
) -> tuple[Mark, ...]:
    found: list[Mark] = []
    failed = comparison is not None and comparison.outcome is CheckOutcome.FAILED
    chosen = comparison.chosen if comparison is not None else None
    states = {view.contract.state for view in held}
    bound = any(
        chosen is not None and view.contract.quote_id == chosen.quote.id and view.contract.state in _LIVE
        for view in held
    )
    if failed:
        found.append(Mark.EXPLAIN if chosen is not None else Mark.COMPARE)
    if ContractState.DRAFT in states:
        found.append(Mark.DRAFT)
    elif ContractState.SIGNED in states:
        found.append(Mark.SIGNED)
    elif ContractState.FINISHED in states:
        found.append(Mark.FINISHED)
    elif chosen is not None:
        found.append(Mark.CHOSEN)
    elif comparison is not None and comparison.quotes and not failed:
        found.append(Mark.CHOOSE)
    elif not failed and states:
        found.append(Mark.CANCELLED)
    expected = chosen.quote.gross if chosen is not None and not bound and not states.intersection(_LIVE) else 0
    drafts = sum(view.contract.gross for view in held if view.contract.state is ContractState.DRAFT)
    if remaining < 0 or (ContractState.FINISHED not in states and remaining < max(expected, drafts)):
        found.append(Mark.OVER_BUDGET)
    if any(view.over_invoiced for view in held):
        found.append(Mark.OVER_INVOICED)
    if any(
        is_overdue(one, today)
        for view in held
        if view.contract.state is not ContractState.DRAFT
        for one in view.payments
    ):
        found.append(Mark.OVERDUE)
    return tuple(found)

"""The compliance card of a budget (合规检查): what can be judged from the budget itself, and what to do about it.

The floor of the contingency reserve is the department's own rule (制度), not a law.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qihua_desktop.i18n import N_, _, ngettext

from .allocation import unallocated
from .budget import BudgetLine, BudgetState
from .formatting import money_short, percent_exact, percent_text
from .ids import EntityId
from .money import format_fen

RESERVE_FLOOR: Final = 500
"""Least share of the contingency reserve unless the settings say otherwise, in basis points."""

_NAMES_SHOWN: Final = 3


class CheckOutcome(StrEnum):
    """What a check says: in order, worth a look, or not in order."""

    PASSED = "passed"
    NOTICE = "notice"
    FAILED = "failed"


class CheckKey(StrEnum):
    """The rules, in the order of the card."""

    TOTAL = "total"
    ALLOCATED = "allocated"
    RESERVE = "reserve"
    EXPLAINED = "explained"
    EMPTY_LINES = "empty_lines"
    APPROVED = "approved"


@dataclass(frozen=True, slots=True)
class BudgetCheck:
    """One rule's finding: a sentence, what to do, and the lines concerned."""

    key: CheckKey
    outcome: CheckOutcome
    message: str
    advice: str = ""
    line_ids: tuple[EntityId, ...] = ()


@dataclass(frozen=True, slots=True)
class BudgetFacts:
    """What is judged. ``approved_number`` is the newest approved version, None before the first one;
    ``changed_since`` counts the differences of the live budget from it. ``reserve_floor`` is in basis points."""

    total: int
    lines: tuple[BudgetLine, ...]
    state: BudgetState
    approved_number: int | None = None
    changed_since: int = 0
    reserve_floor: int = RESERVE_FLOOR


_OUTCOMES: Final = {
    CheckOutcome.PASSED: N_("Passed"),
    CheckOutcome.NOTICE: N_("Look here"),
    CheckOutcome.FAILED: N_("Failed"),
}


def outcome_label(outcome: CheckOutcome) -> str:
    """Return 通过, 留意 or 未过."""
    return _(_OUTCOMES[outcome])


def check_budget(facts: BudgetFacts) -> tuple[BudgetCheck, ...]:
    """Judge a budget by every rule, in the order of ``CheckKey``; rules that do not apply are left out."""
    checks = [_total(facts)]
    if facts.total > 0:
        checks += [_allocated(facts), _reserve(facts)]
        checks += [_explained(facts)] if facts.lines else []
        empty = _empty_lines(facts)
        checks += [empty] if empty else []
    checks.append(_approved(facts))
    return tuple(checks)


def _total(facts: BudgetFacts) -> BudgetCheck:
    if facts.total > 0:
        return _passed(CheckKey.TOTAL, _("Budget total {amount}").format(amount=money_short(facts.total)))
    return BudgetCheck(
        CheckKey.TOTAL,
        CheckOutcome.FAILED,
        _("The budget has no total yet."),
        _("Enter it in the last row of the table."),
    )


def _allocated(facts: BudgetFacts) -> BudgetCheck:
    left = unallocated(facts.total, facts.lines)
    if left == 0:
        return _passed(CheckKey.ALLOCATED, _("100 % of the total is allocated."))
    amount = format_fen(abs(left))
    if left > 0:
        message = _("{amount} yuan are not allocated.").format(amount=amount)
        advice = _("Spread the rest over the free categories, or lower the total.")
    else:
        message = _("The categories exceed the total by {amount} yuan.").format(amount=amount)
        advice = _("Lower a category, spread anew, or raise the total.")
    return BudgetCheck(CheckKey.ALLOCATED, CheckOutcome.FAILED, message, advice)


def _reserve(facts: BudgetFacts) -> BudgetCheck:
    marked = reserve_lines(facts.lines)
    ids = tuple(line.id for line in marked)
    floor = percent_exact(facts.reserve_floor)
    if not marked and not facts.reserve_floor:
        return _passed(CheckKey.RESERVE, _("The department asks for no contingency reserve."))
    if not marked:
        return BudgetCheck(
            CheckKey.RESERVE,
            CheckOutcome.FAILED,
            _("There is no contingency reserve."),
            _("Mark a category as the reserve; it should hold {floor} or more.").format(floor=floor),
        )
    amount = sum(line.amount for line in marked)
    share = percent_text(amount * 10_000 // facts.total)
    if amount * 10_000 >= facts.total * facts.reserve_floor:
        message = _("The reserve of {share} meets the floor of {floor}.").format(share=share, floor=floor)
        return _passed(CheckKey.RESERVE, message, ids)
    missing = (facts.total * facts.reserve_floor + 9_999) // 10_000 - amount
    return BudgetCheck(
        CheckKey.RESERVE,
        CheckOutcome.FAILED,
        _("The reserve of {share} is below the floor of {floor}.").format(share=share, floor=floor),
        _("Add {amount} yuan to it.").format(amount=format_fen(missing)),
        ids,
    )


def _explained(facts: BudgetFacts) -> BudgetCheck:
    parents = {line.parent_id for line in facts.lines}
    bare = [
        line
        for line in facts.lines
        if line.parent_id is None
        and line.id not in parents
        and not line.is_reserve
        and not line.basis.strip()
        and not (line.unit_price and line.quantity)
    ]
    if not bare:
        return _passed(CheckKey.EXPLAINED, _("Every category has lines or a basis."))
    message = ngettext(
        "{count} category has neither lines nor a basis: {names}",
        "{count} categories have neither lines nor a basis: {names}",
        len(bare),
    ).format(count=len(bare), names=_names(bare))
    advice = _("Break it down, or write what the amount is based on.")
    return BudgetCheck(CheckKey.EXPLAINED, CheckOutcome.NOTICE, message, advice, tuple(line.id for line in bare))


def _empty_lines(facts: BudgetFacts) -> BudgetCheck | None:
    empty = [line for line in facts.lines if line.amount == 0]
    if not empty:
        return None
    message = ngettext("{count} row has no amount: {names}", "{count} rows have no amount: {names}", len(empty)).format(
        count=len(empty), names=_names(empty)
    )
    ids = tuple(line.id for line in empty)
    return BudgetCheck(CheckKey.EMPTY_LINES, CheckOutcome.NOTICE, message, _("Enter an amount, or delete it."), ids)


def _approved(facts: BudgetFacts) -> BudgetCheck:
    number = facts.approved_number
    if number is None:
        if facts.state is BudgetState.IN_REVIEW:
            message, advice = _("The budget is in review and not approved yet."), ""
        else:
            message = _("The budget has not been approved yet.")
            advice = _("Submit the plan on the review page.")
        return BudgetCheck(CheckKey.APPROVED, CheckOutcome.NOTICE, message, advice)
    if not facts.changed_since:
        return _passed(CheckKey.APPROVED, _("It is the approved version {number}.").format(number=number))
    message = ngettext(
        "It differs from the approved version {number} in {count} place.",
        "It differs from the approved version {number} in {count} places.",
        facts.changed_since,
    ).format(number=number, count=facts.changed_since)
    if facts.state is BudgetState.IN_REVIEW:
        return BudgetCheck(CheckKey.APPROVED, CheckOutcome.NOTICE, message, _("The new version is in review."))
    advice = _("Submit the changed plan on the review page.")
    return BudgetCheck(CheckKey.APPROVED, CheckOutcome.FAILED, message, advice)


def reserve_lines(lines: Sequence[BudgetLine]) -> tuple[BudgetLine, ...]:
    """Return the rows marked as reserve, without those under another marked row."""
    by_id = {line.id: line for line in lines}

    def is_below_reserve(line: BudgetLine) -> bool:
        parent = by_id.get(line.parent_id) if line.parent_id is not None else None
        return parent is not None and (parent.is_reserve or is_below_reserve(parent))

    return tuple(line for line in lines if line.is_reserve and not is_below_reserve(line))


def _passed(key: CheckKey, message: str, line_ids: tuple[EntityId, ...] = ()) -> BudgetCheck:
    return BudgetCheck(key, CheckOutcome.PASSED, message, "", line_ids)


def _names(lines: Sequence[BudgetLine]) -> str:
    shown = [line.name if len(line.name) <= 20 else line.name[:20] + "…" for line in lines[:_NAMES_SHOWN]]
    return _(", ").join(shown) + ("…" if len(lines) > _NAMES_SHOWN else "")

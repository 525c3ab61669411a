"""The compliance rules of a project's money (合规检查): what each stops, and who may waive it.

A broken rule that stops nothing is shown and nothing more. ``-`` does not stop.

================= ========================================= ====== ======== ============ ================
rule              broken when                               submit approval finance pack waived by
================= ========================================= ====== ======== ============ ================
total             no total (a department without budgets)   -      -        -            -
allocated         categories exceed the total               stops  -        stops        reviewers
allocated         part of the total is not allocated        -      -        -            -
reserve           below the floor of the settings           -      -        -            reviewers
explained, empty  category without basis, row without sum   -      -        -            -
approved          not approved, or changed since            -      -        -            -
annual pool       level stop, no signed exception           stops  stops    -            nobody: exception
annual pool       level explain, no reason                  stops  stops    -            anybody, authors too
no pool           settings demand a pool                    stops  -        -            reviewers
pool's year       pool of another fiscal year               -      -        -            -
quotes            settings demand quotes                    stops  -        -            reviewers
quote's reason    a chosen quote that needs a reason        -      -        stops        reviewers
contract on line  contracts exceed the line                 -      -        -            reviewers
over-invoiced     accepted invoices exceed the contract     -      -        stops        reviewers
pending           vouchers wait to be checked               -      -        -            -
duplicate         two accepted vouchers are one invoice     -      -        stops        nobody
buyer             accepted with another buyer               -      -        stops        reviewers
sums              accepted with 三额, lines or 大写 wrong   -      -        stops        reviewers
kind and rate     accepted though the line forbids it       -      -        stops        reviewers
period            accepted with a date outside the year     -      -        stops        reviewers
void              accepted, void at the tax bureau          -      -        stops        nobody
not deductible    accepted ordinary invoices                -      -        -            -
neighbours        consecutive numbers of one seller         -      -        -            -
unverified        not looked up at the tax bureau           -      -        -            -
no line           accepted, its line was deleted            -      -        stops        reviewers
deviation         beyond the threshold without a reason     -      -        stops        reviewers
================= ========================================= ====== ======== ============ ================

Reviewers are directors and the reviewers of finance, never somebody who wrote the plan. A waiver holds for the figures
it was given for and no others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qihua_desktop.i18n import N_, _

from .budget_checks import CheckOutcome
from .execution import Waiver
from .ids import EntityId
from .people import Department, Person, Role


class GatePurpose(StrEnum):
    """What is about to happen."""

    SUBMIT = "submit"
    APPROVAL = "approval"
    FINANCE_PACK = "finance_pack"


class ComplianceRule(StrEnum):
    """The rules, in the order of the card."""

    TOTAL = "total"
    ALLOCATED = "allocated"
    RESERVE = "reserve"
    EXPLAINED = "explained"
    EMPTY_LINES = "empty_lines"
    APPROVED = "approved"
    ANNUAL_POOL = "annual_pool"
    NO_POOL = "no_pool"
    POOL_YEAR = "pool_year"
    QUOTES = "quotes"
    QUOTE_REASON = "quote_reason"
    CONTRACT_LINE = "contract_line"
    OVER_INVOICED = "over_invoiced"
    PENDING = "pending"
    DUPLICATE = "duplicate"
    BUYER = "buyer"
    SUMS = "sums"
    KIND_RATE = "kind_rate"
    PERIOD = "period"
    VOID = "void"
    NOT_DEDUCTIBLE = "not_deductible"
    NEIGHBOURS = "neighbours"
    UNVERIFIED = "unverified"
    NO_LINE = "no_line"
    DEVIATION = "deviation"


class WaivableBy(StrEnum):
    """Who may decide that a broken rule does not stop."""

    NOBODY = "nobody"
    REVIEWERS = "reviewers"
    ANYBODY = "anybody"


@dataclass(frozen=True, slots=True)
class RuleResult:
    """One rule's finding on one subject.

    ``subject`` is an id in hexadecimal digits, empty for the whole project; ``inputs`` are labels and texts for
    display; ``basis`` are the figures that a waiver is bound to. ``stops`` says what the broken rule stops.
    """

    rule: ComplianceRule
    outcome: CheckOutcome
    message: str
    remedy: str = ""
    subject: str = ""
    subject_name: str = ""
    inputs: tuple[tuple[str, str], ...] = ()
    basis: str = ""
    stops: frozenset[GatePurpose] = frozenset()
    waivable_by: WaivableBy = WaivableBy.NOBODY
    waiver: Waiver | None = None
    line_ids: tuple[EntityId, ...] = ()
    voucher_ids: tuple[EntityId, ...] = ()

    @property
    def waivable(self) -> bool:
        """Whether anybody may waive it."""
        return self.outcome is CheckOutcome.FAILED and self.waivable_by is not WaivableBy.NOBODY

    @property
    def title(self) -> str:
        """The rule's name in the user's language."""
        return rule_label(self.rule)


def gate(results: Iterable[RuleResult], purpose: GatePurpose) -> tuple[RuleResult, ...]:
    """Return what stops a purpose: broken rules that stop it and are not waived."""
    return tuple(
        one for one in results if one.outcome is CheckOutcome.FAILED and purpose in one.stops and one.waiver is None
    )


def matching_waiver(result: RuleResult, waivers: Iterable[Waiver]) -> Waiver | None:
    """Return the newest waiver that was given for this rule, this subject and these very figures."""
    fitting = [
        one
        for one in waivers
        if (one.rule, one.subject, one.inputs) == (result.rule.value, result.subject, result.basis)
    ]
    return max(fitting, key=lambda one: one.waived_ms, default=None)


def refusal_to_waive(result: RuleResult, person: Person, *, is_author: bool) -> str | None:
    """Return why a person may not waive a broken rule, or None."""
    if not result.waivable:
        return _("This finding cannot be waived.")
    if not person.active:
        return _("“{person}” is no longer in the list of people.").format(person=person.name)
    if result.waivable_by is WaivableBy.ANYBODY:
        return None
    is_finance = person.department is Department.FINANCE and person.role is Role.REVIEWER
    if person.role is not Role.DIRECTOR and not is_finance:
        return _("Only a director or a reviewer of finance can waive a rule.")
    if is_author:
        return _("Whoever wrote the plan cannot waive its rules.")
    return None


SUBMITTING: Final = frozenset((GatePurpose.SUBMIT,))
DECIDING: Final = frozenset((GatePurpose.SUBMIT, GatePurpose.APPROVAL))
PACKING: Final = frozenset((GatePurpose.FINANCE_PACK,))
SUBMITTING_AND_PACKING: Final = SUBMITTING | PACKING

_LABELS = {
    ComplianceRule.TOTAL: N_("Budget total"),
    ComplianceRule.ALLOCATED: N_("Fully allocated"),
    ComplianceRule.RESERVE: N_("Reserve floor"),
    ComplianceRule.EXPLAINED: N_("Basis of the categories"),
    ComplianceRule.EMPTY_LINES: N_("Rows with amounts"),
    ComplianceRule.APPROVED: N_("Approved version"),
    ComplianceRule.ANNUAL_POOL: N_("Within the annual pool"),
    ComplianceRule.NO_POOL: N_("Assigned to an annual pool"),
    ComplianceRule.POOL_YEAR: N_("Pool of the right year"),
    ComplianceRule.QUOTES: N_("Three quotes"),
    ComplianceRule.QUOTE_REASON: N_("Reason for the chosen quote"),
    ComplianceRule.CONTRACT_LINE: N_("Contracts within the line"),
    ComplianceRule.OVER_INVOICED: N_("Invoices within the contract"),
    ComplianceRule.PENDING: N_("Vouchers checked"),
    ComplianceRule.DUPLICATE: N_("Each invoice once"),
    ComplianceRule.BUYER: N_("Buyer on the invoices"),
    ComplianceRule.SUMS: N_("Sums of the invoices"),
    ComplianceRule.KIND_RATE: N_("Kind and tax rate of the invoices"),
    ComplianceRule.PERIOD: N_("Dates of the invoices"),
    ComplianceRule.VOID: N_("State at the tax bureau"),
    ComplianceRule.NOT_DEDUCTIBLE: N_("Deductible input tax"),
    ComplianceRule.NEIGHBOURS: N_("Consecutive invoice numbers"),
    ComplianceRule.UNVERIFIED: N_("Looked up at the tax bureau"),
    ComplianceRule.NO_LINE: N_("Vouchers borne by lines"),
    ComplianceRule.DEVIATION: N_("Reasons of deviations"),
}


def rule_label(rule: ComplianceRule) -> str:
    """Return the rule's name in the user's language."""
    return _(_LABELS[rule])

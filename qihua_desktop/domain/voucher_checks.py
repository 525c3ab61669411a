"""What a voucher is judged by: the checks of its invoice, and where it stands in the project."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .invoice_facts import Inputs, InvoiceCheck, InvoiceCheckKey, InvoiceOutcome, invoice_check_title


class VoucherRule(StrEnum):
    """The checks that the invoice itself cannot answer; they come before the invoice's own."""

    AMOUNT = "amount"
    LINE = "line"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class VoucherCheck:
    """One check's result, like an ``InvoiceCheck``, whose ``key`` may also be a rule about the voucher."""

    key: InvoiceCheckKey | VoucherRule
    outcome: InvoiceOutcome
    message: str
    remedy: str = ""
    inputs: Inputs = ()

    @property
    def title(self) -> str:
        """The check's name in the user's language."""
        return _(_TITLES[self.key]) if isinstance(self.key, VoucherRule) else invoice_check_title(self.key)


_TITLES = {
    VoucherRule.AMOUNT: N_("Amount in yuan"),
    VoucherRule.LINE: N_("Borne by a budget line"),
    VoucherRule.SHARES: N_("Shares equal the amount"),
}
_GRAVITY = (InvoiceOutcome.FAILED, InvoiceOutcome.WARNING, InvoiceOutcome.PASSED)


def of_invoice(check: InvoiceCheck) -> VoucherCheck:
    """Return an invoice's check as one of its voucher."""
    return VoucherCheck(check.key, check.outcome, check.message, check.remedy, check.inputs)


def worst(checks: Sequence[VoucherCheck]) -> InvoiceOutcome:
    """Return the gravest result that says something about this voucher.

    What cannot be checked, and that the tax bureau has not been asked yet, is true of nearly every voucher and does
    not count here; both are listed all the same.
    """
    found = {check.outcome for check in checks if not is_usual(check)}
    return next((outcome for outcome in _GRAVITY if outcome in found), InvoiceOutcome.PASSED)


def is_usual(check: VoucherCheck) -> bool:
    """Tell whether a finding only says what is not known offline."""
    waits = check.key is InvoiceCheckKey.VERIFIED and check.outcome is InvoiceOutcome.WARNING
    return waits or check.outcome is InvoiceOutcome.NOT_CHECKABLE

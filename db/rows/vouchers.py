"""Rows and repositories of vouchers, their shares and expense claims."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.vouchers import ClaimState, ExpenseClaim, Voucher, VoucherShare, VoucherState

from ..fields import DayField, EnumField, IdField
from ..table import Table
from .base import Row


class VoucherRow(Row):
    project_id = IdField()
    supplier_id = IdField(null=True)
    claim_id = IdField(null=True)
    attachment_id = IdField(null=True)
    state = EnumField(VoucherState)
    invoice_kind = TextField()
    source = TextField()
    number = TextField()
    code = TextField()
    duplicate_key = TextField()
    issued_on = DayField(null=True)
    seller_name = TextField()
    seller_tax_id = TextField()
    buyer_name = TextField()
    buyer_tax_id = TextField()
    currency = TextField()
    foreign_gross = IntegerField()
    net = IntegerField()
    tax = IntegerField()
    gross = IntegerField()
    capital = TextField()
    content = TextField()
    file_sha256 = TextField()
    red_of = TextField()
    item = TextField()
    purpose = TextField()
    reason = TextField()
    added_ms = IntegerField()
    added_by = IdField(null=True)
    decided_ms = IntegerField(null=True)
    decided_by = IdField(null=True)

    class Meta:
        table_name = "voucher"


class VoucherShareRow(Row):
    project_id = IdField()
    voucher_id = IdField()
    line_id = IdField(null=True)
    contract_id = IdField(null=True)
    position = IntegerField()
    gross = IntegerField()

    class Meta:
        table_name = "voucher_share"


class ExpenseClaimRow(Row):
    project_id = IdField()
    number = TextField()
    department = TextField()
    claimant_id = IdField(null=True)
    claimant = TextField()
    claimed_on = DayField()
    purpose = TextField()
    advance = IntegerField()
    state = EnumField(ClaimState)
    paid_on = DayField(null=True)
    notes = TextField()
    created_ms = IntegerField()

    class Meta:
        table_name = "expense_claim"


vouchers = Table(VoucherRow, Voucher, order=("added_ms", "id"), label="number")
voucher_shares = Table(VoucherShareRow, VoucherShare, label="gross")
expense_claims = Table(ExpenseClaimRow, ExpenseClaim, order=("created_ms", "id"), label="number")

"""Rows and repositories of suppliers, quotes, contracts, payments and reused stock."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.procurement import (
    Contract,
    ContractState,
    Payment,
    Quote,
    StockItem,
    StockUse,
    StockUseState,
    Supplier,
)

from ..fields import DayField, EnumField, FlagField, IdField
from ..table import Table
from .base import Row


class SupplierRow(Row):
    name = TextField()
    tax_id = TextField()
    category = TextField()
    contact = TextField()
    phone = TextField()
    email = TextField()
    bank = TextField()
    account = TextField()
    notes = TextField()
    active = FlagField()
    created_ms = IntegerField()

    class Meta:
        table_name = "supplier"


class QuoteRow(Row):
    project_id = IdField()
    line_id = IdField(null=True)
    supplier_id = IdField()
    gross = IntegerField()
    tax_rate = IntegerField()
    received_on = DayField(null=True)
    valid_until = DayField(null=True)
    chosen = FlagField()
    reason = TextField()
    notes = TextField()
    created_ms = IntegerField()

    class Meta:
        table_name = "quote"


class ContractRow(Row):
    project_id = IdField()
    line_id = IdField(null=True)
    supplier_id = IdField()
    quote_id = IdField(null=True)
    position = IntegerField()
    number = TextField()
    title = TextField()
    gross = IntegerField()
    tax_rate = IntegerField()
    state = EnumField(ContractState)
    signed_on = DayField(null=True)
    unavoidable = IntegerField()
    notes = TextField()
    created_ms = IntegerField()

    class Meta:
        table_name = "contract"


class PaymentRow(Row):
    project_id = IdField()
    contract_id = IdField(null=True)
    voucher_id = IdField(null=True)
    position = IntegerField()
    name = TextField()
    amount = IntegerField()
    due_on = DayField(null=True)
    paid_on = DayField(null=True)
    paid = IntegerField()
    notes = TextField()

    class Meta:
        table_name = "payment"


class StockItemRow(Row):
    name = TextField()
    spec = TextField()
    unit = TextField()
    quantity = IntegerField()
    internal_price = IntegerField()
    location = TextField()
    supplier_id = IdField(null=True)
    notes = TextField()
    active = FlagField()
    created_ms = IntegerField()

    class Meta:
        table_name = "stock_item"


class StockUseRow(Row):
    project_id = IdField()
    line_id = IdField(null=True)
    item_id = IdField()
    position = IntegerField()
    quantity = IntegerField()
    unit_price = IntegerField()
    from_on = DayField(null=True)
    until_on = DayField(null=True)
    state = EnumField(StockUseState)
    notes = TextField()

    class Meta:
        table_name = "stock_use"


suppliers = Table(SupplierRow, Supplier, order=("created_ms", "id"))
quotes = Table(QuoteRow, Quote, order=("created_ms", "id"), label="notes")
contracts = Table(ContractRow, Contract, label="title")
payments = Table(PaymentRow, Payment)
stock_items = Table(StockItemRow, StockItem, order=("created_ms", "id"))
stock_uses = Table(StockUseRow, StockUse, label="notes")

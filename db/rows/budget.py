"""Rows and repositories of budgets, their lines and frozen versions."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.budget import Budget, BudgetLine, BudgetState, BudgetVersion, LineLock

from ..fields import EnumField, FlagField, IdField
from ..table import Table
from .base import Row


class BudgetRow(Row):
    project_id = IdField(unique=True)
    total = IntegerField()
    state = EnumField(BudgetState)
    version = IntegerField()
    notes = TextField()
    pool_id = IdField(null=True)

    class Meta:
        table_name = "budget"


class BudgetLineRow(Row):
    project_id = IdField()
    parent_id = IdField(null=True)
    position = IntegerField()
    name = TextField()
    amount = IntegerField()
    lock = EnumField(LineLock)
    percent = IntegerField()
    quantity = IntegerField()
    unit = TextField()
    unit_price = IntegerField()
    tax_rate = IntegerField()
    supplier = TextField()
    basis = TextField()
    colour = TextField()
    is_reserve = FlagField()
    task_id = IdField(null=True)
    notes = TextField()
    supplier_id = IdField(null=True)
    pool_id = IdField(null=True)

    class Meta:
        table_name = "budget_line"


class BudgetVersionRow(Row):
    project_id = IdField()
    number = IntegerField()
    total = IntegerField()
    content = TextField()
    sha256 = TextField()
    plan_version_id = IdField(null=True)
    created_ms = IntegerField()
    created_by = IdField(null=True)

    class Meta:
        table_name = "budget_version"


budgets = Table(BudgetRow, Budget, order=("id",), label="state")
budget_lines = Table(BudgetLineRow, BudgetLine)
budget_versions = Table(BudgetVersionRow, BudgetVersion, order=("number",), label="number")

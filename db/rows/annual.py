"""Rows and repositories of annual pools, their adjustments and signed exceptions."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.annual import AnnualPool, PoolAdjustment, PoolException, PoolLevel

from ..fields import EnumField, IdField
from ..table import Table
from .base import Row


class AnnualPoolRow(Row):
    year = IntegerField()
    name = TextField()
    amount = IntegerField()
    level = EnumField(PoolLevel)
    notes = TextField()
    position = IntegerField()

    class Meta:
        table_name = "annual_pool"


class PoolAdjustmentRow(Row):
    pool_id = IdField()
    amount = IntegerField()
    reason = TextField()
    made_by = IdField(null=True)
    made_ms = IntegerField()

    class Meta:
        table_name = "pool_adjustment"


class PoolExceptionRow(Row):
    project_id = IdField()
    pool_id = IdField()
    allowed = IntegerField()
    reason = TextField()
    signed_by = IdField()
    signed_ms = IntegerField()
    content_sha256 = TextField()

    class Meta:
        table_name = "pool_exception"


annual_pools = Table(AnnualPoolRow, AnnualPool, order=("year", "position", "id"))
pool_adjustments = Table(PoolAdjustmentRow, PoolAdjustment, order=("made_ms", "id"), label="reason")
pool_exceptions = Table(PoolExceptionRow, PoolException, order=("signed_ms", "id"), label="reason")

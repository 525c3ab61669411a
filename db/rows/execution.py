"""Rows and repositories of reserve releases, forecasts, deviation reasons, outcome bases and waivers."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.execution import (
    DeviationCode,
    DeviationReason,
    LineForecast,
    OutcomeBasis,
    ReleaseState,
    ReserveRelease,
    Waiver,
)

from ..fields import EnumField, IdField
from ..table import Table
from .base import Row


class ReserveReleaseRow(Row):
    project_id = IdField()
    reserve_line_id = IdField(null=True)
    line_id = IdField(null=True)
    amount = IntegerField()
    code = EnumField(DeviationCode)
    reason = TextField()
    state = EnumField(ReleaseState)
    requested_by = IdField(null=True)
    requested_ms = IntegerField()
    decided_by = IdField(null=True)
    decided_ms = IntegerField(null=True)
    note = TextField()

    class Meta:
        table_name = "reserve_release"


class LineForecastRow(Row):
    project_id = IdField()
    line_id = IdField()
    to_go = IntegerField()
    basis = TextField()
    made_by = IdField(null=True)
    made_ms = IntegerField()

    class Meta:
        table_name = "line_forecast"


class DeviationReasonRow(Row):
    project_id = IdField()
    line_id = IdField(null=True)
    code = EnumField(DeviationCode)
    text = TextField()
    made_by = IdField(null=True)
    made_ms = IntegerField()

    class Meta:
        table_name = "deviation_reason"


class OutcomeBasisRow(Row):
    project_id = IdField(unique=True)
    guests_planned = IntegerField()
    leads_planned = IntegerField()
    income_planned = IntegerField()
    method = TextField()
    fixed_ms = IntegerField(null=True)
    fixed_by = IdField(null=True)
    guests_actual = IntegerField(null=True)
    leads_actual = IntegerField(null=True)
    income_actual = IntegerField(null=True)
    notes = TextField()

    class Meta:
        table_name = "outcome_basis"


class WaiverRow(Row):
    project_id = IdField()
    rule = TextField()
    subject = TextField()
    inputs = TextField()
    reason = TextField()
    waived_by = IdField()
    waived_ms = IntegerField()

    class Meta:
        table_name = "waiver"


reserve_releases = Table(ReserveReleaseRow, ReserveRelease, order=("requested_ms", "id"), label="reason")
line_forecasts = Table(LineForecastRow, LineForecast, order=("made_ms", "id"), label="basis")
deviation_reasons = Table(DeviationReasonRow, DeviationReason, order=("made_ms", "id"), label="text")
outcome_bases = Table(OutcomeBasisRow, OutcomeBasis, order=("id",), label="method")
waivers = Table(WaiverRow, Waiver, order=("waived_ms", "id"), label="rule")

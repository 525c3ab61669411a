"""Rows of settings, people, strategies, programmes and stored templates."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.people import Department, Role
from qihua_desktop.domain.project import ProjectKind

from ..fields import EnumField, FlagField, IdField
from .base import Row


class SettingRow(Row):
    key = TextField(unique=True)
    value = TextField()

    class Meta:
        table_name = "setting"


class PersonRow(Row):
    name = TextField()
    department = EnumField(Department)
    role = EnumField(Role)
    title = TextField()
    phone = TextField()
    email = TextField()
    pin_hash = TextField()
    has_profile = FlagField()
    active = FlagField()

    class Meta:
        table_name = "person"


class StrategyRow(Row):
    year = IntegerField()
    name = TextField()
    goal = TextField()
    position = IntegerField()

    class Meta:
        table_name = "strategy"


class ProgrammeRow(Row):
    strategy_id = IdField()
    quarter = IntegerField()
    name = TextField()
    goal = TextField()
    position = IntegerField()

    class Meta:
        table_name = "programme"


class TemplateRow(Row):
    name = TextField()
    kind = EnumField(ProjectKind)
    content = TextField()
    created_ms = IntegerField()

    class Meta:
        table_name = "template"

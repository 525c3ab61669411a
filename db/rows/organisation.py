"""Rows and repositories of settings, people, strategies, programmes and stored templates."""

from __future__ import annotations

from peewee import IntegerField, TextField

from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.domain.project import Programme, ProjectKind, Strategy
from qihua_desktop.domain.settings import Setting, StoredTemplate

from ..fields import EnumField, FlagField, IdField
from ..table import Table
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


settings = Table(SettingRow, Setting, order=("key",), label="key")
people = Table(PersonRow, Person, order=("name", "id"))
strategies = Table(StrategyRow, Strategy, order=("-year", "position", "id"))
programmes = Table(ProgrammeRow, Programme, order=("quarter", "position", "id"))
templates = Table(TemplateRow, StoredTemplate, order=("name", "id"))

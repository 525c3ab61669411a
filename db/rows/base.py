"""The base of all peewee row classes: they describe tables and never leave this package."""

from __future__ import annotations

from peewee import Model

from ..fields import IdField


class Row(Model):
    """A row with a 16-byte id. Queries name their database explicitly, so a class is not tied to one workspace."""

    id = IdField(primary_key=True)

    class Meta:
        legacy_table_names = False
        strict_tables = True

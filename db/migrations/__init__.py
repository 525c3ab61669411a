"""The ordered list of schema migrations; ``user_version`` of a file is the number of those applied."""

from __future__ import annotations

from . import m0001_initial
from .base import Migration

MIGRATIONS: tuple[Migration, ...] = (Migration(1, m0001_initial.__name__, m0001_initial.apply),)
SCHEMA_VERSION = MIGRATIONS[-1].version

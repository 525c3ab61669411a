"""The ordered list of schema migrations; ``user_version`` of a file is the number of those applied."""

from __future__ import annotations

from . import m0001_initial, m0002_plan, m0003_money
from .base import Migration

MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, m0001_initial.__name__, m0001_initial.apply),
    Migration(2, m0002_plan.__name__, m0002_plan.apply),
    Migration(3, m0003_money.__name__, m0003_money.apply),
)
SCHEMA_VERSION = MIGRATIONS[-1].version

"""The annual budget as data: pools (年度池) per year and purpose, their adjustments, and signed exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .ids import EntityId


class PoolLevel(StrEnum):
    """What happens when a plan needs more than its pool has."""

    IGNORE = "ignore"
    WARN = "warn"
    EXPLAIN = "explain"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class AnnualPool:
    """What a year allows for a purpose, in fen, before adjustments."""

    id: EntityId
    year: int
    name: str
    amount: int
    level: PoolLevel
    notes: str
    position: int


@dataclass(frozen=True, slots=True)
class PoolAdjustment:
    """A change of a pool during the year, in fen, positive or negative."""

    id: EntityId
    pool_id: EntityId
    amount: int
    reason: str
    made_by: EntityId | None
    made_ms: int


@dataclass(frozen=True, slots=True)
class PoolException:
    """A person's signed permission to exceed a pool by up to ``allowed`` fen with one frozen budget content."""

    id: EntityId
    project_id: EntityId
    pool_id: EntityId
    allowed: int
    reason: str
    signed_by: EntityId
    signed_ms: int
    content_sha256: str


_LEVELS = {
    PoolLevel.IGNORE: N_("Ignore"),
    PoolLevel.WARN: N_("Warn"),
    PoolLevel.EXPLAIN: N_("Ask for a reason"),
    PoolLevel.STOP: N_("Forbid"),
}


def pool_level_label(level: PoolLevel) -> str:
    """Return the level's name in the user's language."""
    return _(_LEVELS[level])

"""What a migration is: a number and a function over a raw connection; never live row classes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import apsw


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from ``version - 1`` to ``version``."""

    version: int
    name: str
    apply: Callable[[apsw.Connection], None]

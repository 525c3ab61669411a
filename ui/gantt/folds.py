"""Which summaries and headings are shut, remembered per project."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from qihua_desktop.domain.ids import EntityId
from ui.common.layouts import ViewState

_MOST_KEPT: Final = 2000


class Folds:
    """The shut rows of the project shown, by their keys."""

    def __init__(self, state: ViewState) -> None:
        self._state = state
        self._place = ""
        self._shut: frozenset[str] = frozenset()

    @property
    def shut(self) -> frozenset[str]:
        """The keys of what is shut."""
        return self._shut

    def begin(self, project_id: EntityId) -> None:
        """Take up what was left shut in a project."""
        self._place = f"gantt.folds.{project_id.hex()}"
        try:
            kept = json.loads(self._state.read(self._place) or "[]")
        except ValueError:
            kept = []
        self._shut = frozenset(str(key) for key in kept) if isinstance(kept, list) else frozenset()

    def toggle(self, key: str) -> None:
        """Open what is shut, or shut what is open."""
        self.set(self._shut ^ {key})

    def open(self, keys: Iterable[str]) -> bool:
        """Open some rows; returns whether any was shut."""
        opened = self._shut.intersection(keys)
        if opened:
            self.set(self._shut - opened)
        return bool(opened)

    def set(self, shut: Iterable[str]) -> None:
        """Shut exactly these."""
        self._shut = frozenset(shut)
        if self._place:
            self._state.write(self._place, json.dumps(sorted(self._shut)[:_MOST_KEPT]))

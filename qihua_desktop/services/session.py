"""Who works on which workspace: what every service function takes first."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

from db.workspace import Changed, Edit, Workspace
from qihua_desktop.domain.history import JournalEntry
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Person


@dataclass(slots=True)
class Session:
    """An open workspace and the person who works in it; ``actor`` is None until somebody is chosen.

    ``local_now`` is the laptop's clock as a naive local time; tests and pictures put a fixed one here.
    """

    workspace: Workspace
    actor: Person | None = None
    local_now: Callable[[], datetime] = field(default=datetime.now)

    def today(self) -> date:
        """Return the laptop's present day."""
        return self.local_now().date()

    @contextmanager
    def edit(self, label: str, project_id: EntityId | None = None) -> Generator[Edit]:
        """Run one journaled change in the actor's name; see ``Workspace.edit``."""
        with self.workspace.edit(self.actor, label, project_id) as edit:
            yield edit

    def subscribe(self, listener: Callable[[Changed], None]) -> Callable[[], None]:
        """Call a function after every committed change; returns a function that ends this."""
        return self.workspace.subscribe(listener)

    def changed_ms(self) -> int | None:
        """When the newest change was recorded, UTC milliseconds; None before the first one."""
        newest = self.workspace.history(limit=1)
        return newest[0].at_ms if newest else None

    def undo_label(self) -> str | None:
        """What undo would undo, or None."""
        return self.workspace.undo_label

    def redo_label(self) -> str | None:
        """What redo would do again, or None."""
        return self.workspace.redo_label

    def undo(self) -> JournalEntry | None:
        """Undo the newest edit in force. Raises UndoConflict."""
        return self.workspace.undo(self.actor)

    def redo(self) -> JournalEntry | None:
        """Redo the newest undone edit. Raises UndoConflict."""
        return self.workspace.redo(self.actor)

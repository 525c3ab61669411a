"""What typing into a cell of the task table does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import MINUTES_PER_DAY, day_start, last_day_of
from qihua_desktop.services import plan
from qihua_desktop.services.plan_network import day_closing, day_opening
from qihua_desktop.services.plan_view import PlanRow, PlanView

from .columns import TypedMoment
from .commands import GanttCommands
from .display import ShownRow
from .predecessor_cells import Wanted, read_predecessors


class CellEdits:
    """Hands typed values to the services."""

    def __init__(
        self,
        commands: GanttCommands,
        names: Callable[[], tuple[str, ...]],
        view: Callable[[], PlanView | None],
    ) -> None:
        self._commands = commands
        self._names = names
        self._view = view

    def change(self, column: str, shown: ShownRow, value: Any) -> bool:
        """Carry out an edit; returns whether it was accepted."""
        row, view = shown.row, self._view()
        if row is None or view is None:
            return False
        run = self._commands.run
        match column:
            case "name":
                return run(lambda session, project: plan.rename_task(session, project, row.id, str(value)))
            case "owner":
                return self._owner(view, row, str(value))
            case "start" if isinstance(value, TypedMoment):
                at = self._start(view, row, value)
                return run(lambda session, project: plan.set_start(session, project, row.id, at))
            case "finish" if isinstance(value, TypedMoment):
                at = self._finish(view, row, value)
                return run(lambda session, project: plan.set_finish(session, project, row.id, at))
            case "duration" if isinstance(value, int):
                return run(lambda session, project: plan.set_duration(session, project, (row.id,), value))
            case "progress" if isinstance(value, int):
                return run(lambda session, project: plan.set_progress(session, project, (row.id,), value))
            case "predecessors":
                return self._predecessors(view, row, str(value))
            case "deadline":
                at = self._deadline(view, row, value) if isinstance(value, TypedMoment) else None
                return run(lambda session, project: plan.set_deadline(session, project, (row.id,), at))
            case _:
                return False

    def _owner(self, view: PlanView, row: PlanRow, name: str) -> bool:
        if name in (row.owner, row.team):
            return True
        people = view.state.people.values()
        person: EntityId | None = next((one.id for one in people if one.name == name and one.active), None)
        return self._commands.run(lambda session, project: plan.set_owner(session, project, (row.id,), person, name))

    def _predecessors(self, view: PlanView, row: PlanRow, words: str) -> bool:
        found: list[Wanted] = []
        if not self._commands.attempt(lambda: found.extend(read_predecessors(view, words))):
            return False
        return self._commands.run(lambda session, project: plan.set_predecessors(session, project, row.id, found))

    @staticmethod
    def _start(view: PlanView, row: PlanRow, typed: TypedMoment) -> int:
        day = typed.on(row.start)
        if typed.minute is not None:
            return day_start(day) + typed.minute
        calendar = view.state.calendar_of(view.state.tasks[row.id])
        minute = row.start % MINUTES_PER_DAY
        whole = minute == day_opening(calendar, day) % MINUTES_PER_DAY or row.duration >= 480
        return day_opening(calendar, day) if whole else day_start(day) + minute

    @staticmethod
    def _finish(view: PlanView, row: PlanRow, typed: TypedMoment) -> int:
        day = typed.day or last_day_of(row.start, row.finish)
        if typed.minute is not None:
            return day_start(day) + typed.minute
        calendar = view.state.calendar_of(view.state.tasks[row.id])
        return day_opening(calendar, day) if row.is_milestone else day_closing(calendar, day)

    @staticmethod
    def _deadline(view: PlanView, row: PlanRow, typed: TypedMoment) -> int:
        day = typed.on((row.finish if row.deadline is None else row.deadline) - 1)
        return day_closing(view.state.calendar, day) if typed.minute is None else day_start(day) + typed.minute

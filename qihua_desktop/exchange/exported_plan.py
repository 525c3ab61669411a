"""A plan as it goes out to files: everything that is modelled, with its computed schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Baseline, BaselineTask, Link, Task
from qihua_desktop.domain.schedule import Schedule, Split
from qihua_desktop.domain.working_time import WorkingTime

from .mspdi_kept import KeptSource


@dataclass(frozen=True, slots=True)
class ExportedPerson:
    """Somebody who works on tasks; ``calendar`` when it differs from the project's, rate in fen per hour."""

    id: EntityId
    name: str
    calendar: WorkingTime | None = None
    rate: int = 0
    generic: bool = False
    """Whether it is a role or a team, only named."""
    email: str = ""


@dataclass(frozen=True, slots=True)
class ExportedPlan:
    """A project's plan with its computed schedule, as it is written to files.

    ``tasks`` come in row order, children after their parent. ``costs`` are fen per task.
    """

    name: str
    schedule: Schedule
    tasks: Sequence[Task]
    links: Sequence[Link]
    people: Sequence[ExportedPerson] = ()
    assignments: Sequence[tuple[EntityId, EntityId, int]] = ()
    """Task, person, units in basis points."""
    splits: Mapping[EntityId, tuple[Split, ...]] | None = None
    baselines: Sequence[Baseline] = ()
    baseline_tasks: Sequence[BaselineTask] = ()
    costs: Mapping[EntityId, int] | None = None
    event_day: date | None = None
    """The day the plan leads back from, when it does."""
    day_names: Mapping[date, str] | None = None
    """What the project calls its days off and extra workdays."""
    minutes: Mapping[tuple[EntityId, EntityId], int] = field(default_factory=dict["tuple[EntityId, EntityId]", int])
    """How long a person works on a task, where that is not as long as it lasts."""
    stages: Mapping[EntityId, str] = field(default_factory=dict["EntityId", str])
    """The names of the stages of tasks."""
    kept: KeptSource | None = None
    """What a file that the plan came from had beside what is modelled."""


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """The bytes of a file, and one line per kind of thing that it cannot hold."""

    content: bytes
    dropped: tuple[str, ...]

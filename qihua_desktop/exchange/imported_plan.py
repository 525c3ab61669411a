"""A plan read from a file, before anything is stored: the rows we model, what the file said, and what was dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Baseline, BaselineTask, Link, ScheduleDirection, Task, moment
from qihua_desktop.domain.schedule import Network, ScheduleLink, ScheduleTask, Split, Terms
from qihua_desktop.domain.working_time import Periods, WorkingTime
from qihua_desktop.i18n import N_, _

from .mspdi_kept import KeptSource


class ResourceKind(StrEnum):
    """What an assignment uses."""

    WORK = "work"
    MATERIAL = "material"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class CalendarException:
    """A day that a calendar of the file sets apart; empty periods are a day off."""

    day: date
    periods: Periods
    name: str


@dataclass(frozen=True, slots=True)
class ImportedCalendar:
    """A calendar of the file with everything it inherits worked in."""

    uid: int
    name: str
    working_time: WorkingTime
    exceptions: tuple[CalendarException, ...]


@dataclass(frozen=True, slots=True)
class ImportedResource:
    """A person or material of the file; rates in fen per hour and per use, units in basis points."""

    id: EntityId
    uid: int
    name: str
    kind: ResourceKind
    max_units: int
    rate: int
    cost_per_use: int
    calendar: WorkingTime | None
    notes: str
    email: str
    generic: bool = False
    """Whether it stands for a role or a team, not for a person."""


@dataclass(frozen=True, slots=True)
class ImportedAssignment:
    """Who works on a task: minutes of work, units in basis points."""

    task_id: EntityId
    resource_id: EntityId
    work: int
    units: int


@dataclass(frozen=True, slots=True)
class StoredDates:
    """What the file itself says about a task; floats in working minutes; ``None`` where it says nothing.

    ``note`` names what the file has on this task that we schedule otherwise, may be empty.
    """

    task_id: EntityId
    uid: int
    row: int
    start: int | None
    finish: int | None
    early_start: int | None
    early_finish: int | None
    late_start: int | None
    late_finish: int | None
    total_float: int | None
    free_float: int | None
    critical: bool | None
    summary: bool
    cost: int
    note: str


@dataclass(frozen=True, slots=True)
class ImportedPlan:
    """Everything read from a plan file.

    ``tasks`` and ``links`` are ready to be stored in a project; their dates are the file's. ``schedule_tasks`` are the
    same tasks with the file's own calendars, as ``network`` computes them. ``dropped`` has one plain line per kind of
    thing that is not modelled or was corrected.
    """

    name: str
    start: int
    finish: int
    direction: ScheduleDirection
    tasks: tuple[Task, ...]
    links: tuple[Link, ...]
    splits: tuple[tuple[EntityId, tuple[Split, ...]], ...]
    schedule_tasks: tuple[ScheduleTask, ...]
    schedule_links: tuple[ScheduleLink, ...]
    calendar: ImportedCalendar
    calendars: tuple[ImportedCalendar, ...]
    resources: tuple[ImportedResource, ...]
    assignments: tuple[ImportedAssignment, ...]
    baselines: tuple[Baseline, ...]
    baseline_tasks: tuple[BaselineTask, ...]
    stored: tuple[StoredDates, ...]
    terms: Terms
    dropped: tuple[str, ...]
    kept: KeptSource | None = None
    """What is not modelled and goes back into the same kind of file."""
    stages: Mapping[EntityId, str] = field(default_factory=dict["EntityId", str])
    """The names of the stages of tasks, in a file that this program wrote."""
    event_day: date | None = None
    """The day that a plan written by this program leads back from."""

    def network(self) -> Network:
        """Return the plan compiled with the file's own calendars. Raises RuleError naming a loop of links."""
        return Network(self.schedule_tasks, self.schedule_links, calendar=self.calendar.working_time, terms=self.terms)


class DifferenceCause(StrEnum):
    """Why our engine computes another date than the file has."""

    PREDECESSOR = "predecessor"
    NOTE = "note"
    STALE = "stale"
    CALENDAR = "calendar"
    CHILDREN = "children"
    RULE = "rule"


CAUSE_TEXT = {
    DifferenceCause.PREDECESSOR: N_("follows from “{task}”"),
    DifferenceCause.STALE: N_("the file's date contradicts its own link from “{task}”"),
    DifferenceCause.CALENDAR: N_("the file's date is not working time"),
    DifferenceCause.CHILDREN: N_("follows from its subtask “{task}”"),
    DifferenceCause.RULE: N_("the file was computed by other rules"),
}


@dataclass(frozen=True, slots=True)
class DateDifference:
    """One task whose dates our engine computes otherwise; instants."""

    task_id: EntityId
    name: str
    file_start: int
    file_finish: int
    our_start: int
    our_finish: int
    cause: DifferenceCause
    other: str
    note: str
    kept: bool = False
    """Whether the file's dates stay, pinned."""

    def words(self) -> str:
        """Return one line for a report."""
        text = (
            _("“{task}”: the file says {file}, computed {ours} ({cause}); the file's dates are kept")
            if self.kept
            else _("“{task}”: the file says {file}, computed {ours} ({cause})")
        )
        return text.format(
            task=self.name,
            file=span_text(self.file_start, self.file_finish),
            ours=span_text(self.our_start, self.our_finish),
            cause=self.cause_text(),
        )

    def cause_text(self) -> str:
        """Return the cause as a phrase in the user's language."""
        if self.cause is DifferenceCause.NOTE:
            return self.note
        return _(CAUSE_TEXT[self.cause]).format(task=self.other)


def span_text(start: int, finish: int) -> str:
    """Return two instants as a report has them."""
    return f"{moment(start):%Y-%m-%d %H:%M} – {moment(finish):%Y-%m-%d %H:%M}"


def stage_names(tasks: Sequence[Task]) -> tuple[str, ...]:
    """Return the names of the outermost summaries, in order."""
    parents = {task.parent_id for task in tasks}
    return tuple(task.name for task in tasks if task.parent_id is None and task.id in parents)

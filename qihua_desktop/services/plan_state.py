"""A project's plan in memory: tasks, links, calendars and the computed schedule, kept up to date with the journal.

A state is never changed; ``after`` gives the state that a change would lead to, which is what a drag previews and
what a drop commits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from db import journal, tables
from db.workspace import Edit, Workspace
from qihua_desktop.domain.calendars import Calendars, NationalCalendar
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Person
from qihua_desktop.domain.plan import Assignment, CalendarDay, Link, PersonWeek, ScheduleDirection, Task
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.schedule import Changes, Schedule, reschedule
from qihua_desktop.domain.tree import OutlineRow, outline
from qihua_desktop.domain.working_time import WorkingTime
from qihua_desktop.i18n import _

from .plan_network import (
    Shares,
    backward_schedule,
    compute,
    critical_tasks,
    floats,
    links_by_end,
    links_by_end_again,
    plan_calendars,
    schedule_link,
    schedule_task,
    task_calendar,
)
from .session import Session

_FOLLOWED_ENTRIES: Final = 32
_FOLLOWED_ROWS: Final = 2_000


@dataclass(frozen=True, slots=True)
class PlanChange:
    """What an edit writes: new and different tasks and links, and what goes. Removed tasks take their links along."""

    tasks: tuple[Task, ...] = ()
    removed: tuple[EntityId, ...] = ()
    links: tuple[Link, ...] = ()
    removed_links: tuple[EntityId, ...] = ()
    shares: tuple[tuple[EntityId, tuple[Assignment, ...]], ...] = ()
    """By task, everybody who works on it from now on; nobody but the owner when empty."""

    def __bool__(self) -> bool:
        return bool(self.tasks or self.removed or self.links or self.removed_links or self.shares)


class PlanState:
    """A project's plan; treat as immutable."""

    __slots__ = (
        "_critical",
        "_floats",
        "_into",
        "_out_of",
        "_outline",
        "calendars",
        "links",
        "people",
        "project",
        "schedule",
        "shares",
        "tasks",
    )

    def __init__(
        self,
        project: Project,
        tasks: dict[EntityId, Task],
        links: dict[EntityId, Link],
        calendars: Calendars,
        people: dict[EntityId, Person],
        schedule: Schedule | None = None,
        order: tuple[OutlineRow, ...] | None = None,
        *,
        shares: Shares | None = None,
    ) -> None:
        """Take a plan; it is scheduled unless a schedule is given. Raises RuleError or InputError."""
        self.project = project
        self.tasks = tasks
        self.links = links
        self.calendars = calendars
        self.people = people
        self.shares: Shares = shares or {}
        self._outline = order
        self._into: dict[EntityId, list[Link]] | None = None
        self._out_of: dict[EntityId, list[Link]] | None = None
        self._floats: list[int] | None = None
        self._critical: frozenset[EntityId] | None = None
        if schedule is None:
            ordered = [tasks[row.id] for row in self.outline]
            schedule = compute(project, ordered, links.values(), calendars, self.shares)
        self.schedule = schedule

    @property
    def outline(self) -> tuple[OutlineRow, ...]:
        """The tasks in reading order with their levels."""
        if self._outline is None:
            self._outline = outline(self.tasks.values())
        return self._outline

    @property
    def calendar(self) -> WorkingTime:
        """The project's working time."""
        return self.calendars.project(self.project.id)

    @property
    def minutes_per_day(self) -> int:
        """Working minutes of a usual day."""
        return self.calendars.hours.minutes

    @property
    def backward(self) -> bool:
        """Whether the plan leads back from the event day."""
        return self.project.direction is ScheduleDirection.BACKWARD

    def task(self, task_id: EntityId) -> Task:
        """Return a task. Raises InputError when it is gone."""
        found = self.tasks.get(task_id)
        if found is None:
            raise InputError(_("The task no longer exists."), _("It was deleted meanwhile."))
        return found

    def is_summary(self, task_id: EntityId) -> bool:
        """Return whether a task has tasks below it."""
        return bool(self.schedule.network.children[self.schedule.index[task_id]])

    def start(self, task_id: EntityId) -> int:
        """Return where the schedule puts a task's start."""
        return self.schedule.start(task_id)

    def finish(self, task_id: EntityId) -> int:
        """Return where the schedule puts a task's finish."""
        return self.schedule.finish(task_id)

    def calendar_of(self, task: Task) -> WorkingTime:
        """Return the working time a task follows."""
        return task_calendar(task, self.project, self.calendars, self.shares.get(task.id, ()))

    def total_float(self, task_id: EntityId) -> int:
        """Return the working minutes a task may slip without delaying the whole."""
        return self.float_list[self.schedule.index[task_id]]

    @property
    def float_list(self) -> list[int]:
        """The total float per task in the schedule's order."""
        if self._floats is None:
            self._floats = floats(self.project, self.schedule)
        return self._floats

    @property
    def critical(self) -> frozenset[EntityId]:
        """The tasks that cannot slip."""
        if self._critical is None:
            self._critical = critical_tasks(self.schedule, self.float_list)
        return self._critical

    def into(self, task_id: EntityId) -> Sequence[Link]:
        """Return the links from a task's predecessors."""
        if self._into is None:
            self._into, self._out_of = links_by_end(self.links)
        return self._into.get(task_id, ())

    def out_of(self, task_id: EntityId) -> Sequence[Link]:
        """Return the links to a task's successors."""
        if self._out_of is None:
            self._into, self._out_of = links_by_end(self.links)
        return self._out_of.get(task_id, ())

    def leaves(self, ids: Iterable[EntityId]) -> tuple[EntityId, ...]:
        """Return the tasks with dates of their own among and below the given ones, without repetition."""
        network = self.schedule.network
        found: dict[EntityId, None] = {}
        queue = [self.schedule.index[one] for one in ids]
        for node in queue:
            if network.children[node]:
                queue.extend(network.children[node])
            else:
                found[network.tasks[node].id] = None
        return tuple(found)

    def owner_name(self, task: Task) -> str:
        """Return the name to show for a task's owner."""
        person = self.people.get(task.owner_id) if task.owner_id is not None else None
        return person.name if person is not None else task.owner_text

    def after(self, change: PlanChange) -> PlanState:
        """Return the plan after a change, with everything that moves moved. Raises RuleError naming a loop."""
        tasks, links, shares = self.tasks, self.links, self.shares
        if change.shares:
            shares = {**shares, **dict(change.shares)}
        structural = bool(change.removed)
        if change.tasks or change.removed:
            tasks = dict(tasks)
            for task in change.tasks:
                old = tasks.get(task.id)
                structural |= old is None or (old.parent_id, old.position) != (task.parent_id, task.position)
                tasks[task.id] = task
            for removed in change.removed:
                tasks.pop(removed, None)
        gone = set(change.removed_links)
        if change.removed:
            removed_tasks = set(change.removed)
            gone |= {
                link.id
                for link in links.values()
                if link.predecessor_id in removed_tasks or link.successor_id in removed_tasks
            }
        if change.links or gone:
            links = {**links, **{link.id: link for link in change.links}}
            for link_id in gone:
                links.pop(link_id, None)
        if structural:
            return PlanState(self.project, tasks, links, self.calendars, self.people, shares=shares)
        edited = dict.fromkeys((*(task.id for task in change.tasks), *(one for one, _rows in change.shares)))
        described = [schedule_task(tasks[one], self.project, self.calendars, shares.get(one, ())) for one in edited]
        changes = Changes(
            tasks=tuple(one for one in described if self.schedule.task(one.id) != one),
            links=tuple(schedule_link(link) for link in change.links),
            removed_links=tuple(one for one in gone if one in self.links),
        )
        if not change:
            return self
        computed = self.schedule
        if changes.tasks or changes.links or changes.removed_links:
            computed = reschedule(computed, changes, starts_with_late=self.backward)
        if self.backward and computed is not self.schedule:
            computed = backward_schedule(self.project, tasks.values(), computed)
        following = PlanState(
            self.project, tasks, links, self.calendars, self.people, computed, self._outline, shares=shares
        )
        following.take_over(self)
        return following

    def take_over(self, other: PlanState) -> None:
        """Take over what another state has worked out already, as far as it holds here too."""
        if other._into is not None and other._out_of is not None:
            self._into, self._out_of = other._into, other._out_of
            if self.links is not other.links:
                self._into, self._out_of = links_by_end_again(other.links, self.links, other._into, other._out_of)
        if self.schedule is other.schedule:
            self._floats, self._critical = other._floats, other._critical


class _Kept:
    """The states of one workspace and the journal entry they stand at."""

    __slots__ = ("expected", "states")

    def __init__(self) -> None:
        self.states: dict[EntityId, tuple[int, PlanState]] = {}
        self.expected: dict[EntityId, tuple[int, PlanState]] = {}


_kept: WeakKeyDictionary[Workspace, _Kept] = WeakKeyDictionary()


def plan_state(session: Session, project_id: EntityId) -> PlanState:
    """Return a project's plan as stored, scheduled. Raises InputError when the project is gone."""
    workspace = session.workspace
    kept = _kept.setdefault(workspace, _Kept())
    head = workspace.head()[0]
    expected = kept.expected.pop(project_id, None)
    if expected is not None and expected[0] == head:
        kept.states[project_id] = expected
        return expected[1]
    known = kept.states.get(project_id)
    if known is not None and known[0] == head:
        return known[1]
    state = _followed(workspace, known[1], known[0], head) if known is not None else None
    if state is None:
        state = load_state(workspace, project_id)
    kept.states[project_id] = (head, state)
    return state


def expect_state(session: Session, state: PlanState) -> None:
    """Say, within an edit, what the plan will be once the edit is committed, so that nobody reads it again."""
    kept = _kept.setdefault(session.workspace, _Kept())
    kept.expected[state.project.id] = (session.workspace.head()[0] + 1, state)


def settle_expected(session: Session, project_id: EntityId) -> None:
    """Say that the edit is over: what was expected is taken over when it came about, else forgotten."""
    kept = _kept.setdefault(session.workspace, _Kept())
    expected = kept.expected.pop(project_id, None)
    if expected is not None and expected[0] == session.workspace.head()[0]:
        kept.states[project_id] = expected


def load_state(source: Workspace | Edit, project_id: EntityId) -> PlanState:
    """Read a project's plan and schedule it. Raises InputError when the project is gone."""
    project = tables.projects.find(source, project_id)
    if project is None:
        raise InputError(_("The project no longer exists."), _("It was deleted meanwhile."))
    return PlanState(
        project,
        {task.id: task for task in tables.tasks.all(source, project_id=project_id)},
        {link.id: link for link in tables.links.all(source, project_id=project_id)},
        project_calendars(source, project),
        {person.id: person for person in tables.people.all(source)},
        shares=stored_shares(source, project_id),
    )


def stored_shares(source: Workspace | Edit, project_id: EntityId) -> dict[EntityId, list[Assignment]]:
    """Return who works on a project's shared tasks, by task, the lead first."""
    found: dict[EntityId, list[Assignment]] = {}
    for one in tables.assignments.all(source, project_id=project_id):
        found.setdefault(one.task_id, []).append(one)
    return found


def project_calendars(source: Workspace | Edit, project: Project) -> Calendars:
    """Return the calendars a project is planned by."""
    days = calendar_days(source, project.id)
    return plan_calendars(project, days, stored_national(source), person_weeks(source, project.id))


def calendar_days(source: Workspace | Edit, project_id: EntityId) -> tuple[CalendarDay, ...]:
    """Return the changed days that concern a project: the workspace's, its people's and its own."""
    return (
        *tables.calendar_days.all(source, project_id=None),
        *tables.calendar_days.all(source, project_id=project_id),
    )


def person_weeks(source: Workspace | Edit, project_id: EntityId) -> tuple[PersonWeek, ...]:
    """Return the weeks of people who work other hours, in general and in this project."""
    return (
        *tables.person_weeks.all(source, project_id=None),
        *tables.person_weeks.all(source, project_id=project_id),
    )


def stored_national(source: Workspace | Edit) -> NationalCalendar | None:
    """Return the national calendar with the year files that were read in, or None when there are none."""
    from .plan_calendar import national_with_years

    return national_with_years(source)


def _followed(workspace: Workspace, state: PlanState, since: int, head: int) -> PlanState | None:
    """Return a known state brought up to the journal's head, or None when reading everything is simpler."""
    if head < since or head - since > _FOLLOWED_ENTRIES:
        return None
    changed: set[tuple[str, bytes]] = set()
    for seq in range(since + 1, head + 1):
        changed |= journal.changed_rows(journal.changeset_of(workspace.connection, seq))
    if len(changed) > _FOLLOWED_ROWS:
        return None
    touched: dict[str, set[EntityId]] = {}
    for table, identifier in changed:
        touched.setdefault(table, set()).add(EntityId(identifier))
    if state.project.id in touched.get("project", ()) or not touched.keys().isdisjoint(
        {"calendar_day", "person", "person_week", "assignment", "setting"}
    ):
        return None
    task_ids, link_ids = touched.get("task", set()), touched.get("link", set())
    if not task_ids and not link_ids:
        return state
    tasks = {
        task.id: task for task in tables.tasks.among(workspace, "id", task_ids) if task.project_id == state.project.id
    }
    links = {
        link.id: link for link in tables.links.among(workspace, "id", link_ids) if link.project_id == state.project.id
    }
    change = PlanChange(
        tuple(task for task in tasks.values() if task != state.tasks.get(task.id)),
        tuple(one for one in task_ids if one in state.tasks and one not in tasks),
        tuple(link for link in links.values() if link != state.links.get(link.id)),
        tuple(one for one in link_ids if one in state.links and one not in links),
    )
    return state.after(change) if change else state

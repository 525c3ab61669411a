"""A project's plan as a file: MSPDI, CSV, XLSX or ICS, with a line for each kind of thing that the file cannot hold.

``exported_plan`` gathers everything from the workspace; ``write_plan`` needs none and may run in a thread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Final

from db import tables
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import Task
from qihua_desktop.domain.schedule import Split, splits_from_text
from qihua_desktop.files import write_safely
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.plan_baselines import task_costs
from qihua_desktop.services.plan_shares import SEVERAL, Share, task_shares
from qihua_desktop.services.plan_state import PlanState, calendar_days, plan_state
from qihua_desktop.services.session import Session

from .exported_plan import ExportedPerson, ExportedPlan, WrittenFile
from .ics import write_ics
from .mspdi_kept import KeptSource, unpacked
from .mspdi_write import write_mspdi
from .plan_csv import write_csv
from .plan_xlsx import write_xlsx
from .read_plan import PlanFormat

SUFFIXES: Final = {
    ".xml": PlanFormat.MSPDI,
    ".csv": PlanFormat.CSV,
    ".xlsx": PlanFormat.XLSX,
    ".ics": PlanFormat.ICS,
}


def export_format(path: Path) -> PlanFormat:
    """Return the format that a file name asks for. Raises InputError for one that is not written."""
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise InputError(
            _("“{name}” does not say which format to write.").format(name=path.name),
            _("End the name in .xml, .csv, .xlsx or .ics."),
        )
    return kind


def export_plan(session: Session, project_id: EntityId, path: Path) -> tuple[Path, tuple[str, ...]]:
    """Write a project's plan and return where it went and what the file cannot hold."""
    kind = export_format(path)
    plan = exported_plan(session, project_id)
    written = write_plan(plan, kind, sequence=session.workspace.head()[0])
    return write_safely(path, written.content), written.dropped


def write_plan(
    plan: ExportedPlan,
    kind: PlanFormat,
    *,
    zone: tzinfo | None = None,
    stamp: datetime | None = None,
    sequence: int = 0,
) -> WrittenFile:
    """Return a plan as the bytes of a file.

    Args:
        zone: the time zone of the plan's wall clock, this machine's when left out; only calendar files name one.
        stamp: when the file is made, aware; now when left out.
        sequence: grows with every export, so that calendars replace what they have.
    """
    if kind is PlanFormat.MSPDI:
        written = write_mspdi(plan)
    elif kind is PlanFormat.CSV:
        written = write_csv(plan)
    elif kind is PlanFormat.XLSX:
        written = write_xlsx(plan)
    elif kind is PlanFormat.ICS:
        content = write_ics(plan, zone=zone, stamp=stamp or datetime.now(UTC), sequence=sequence)
        written = WrittenFile(content, (_("A calendar file holds dates, names and notes only."),))
    else:
        raise InputError(_("Plans cannot be written in this format."))
    if kind is PlanFormat.ICS:
        return written
    return WrittenFile(written.content, tuple(dict.fromkeys((*written.dropped, *_losses(plan, kind)))))


def _losses(plan: ExportedPlan, kind: PlanFormat) -> Iterator[str]:
    """Yield what no format of other programs holds."""
    staged = len(plan.stages)
    if staged and kind is not PlanFormat.MSPDI:
        text = ngettext("The stage of {count} task was left out.", "The stages of {count} tasks were left out.", staged)
        yield text.format(count=staged)
    if kind is not PlanFormat.MSPDI and (plan.day_names or any(person.calendar for person in plan.people)):
        yield _("Working hours, days off and people's leave were left out; a table cannot hold them.")
    if kind is not PlanFormat.MSPDI and plan.event_day is not None:
        yield _("That the plan leads back from the event day was left out; a table cannot hold it.")


def exported_plan(session: Session, project_id: EntityId) -> ExportedPlan:
    """Gather a project's plan with its schedule, people, calendar and baselines, rows in reading order."""
    state = plan_state(session, project_id)
    tasks = tuple(state.tasks[row.id] for row in state.outline)
    people = _People(state, tasks)
    stages = {stage.id: stage.name for stage in tables.stages.all(session.workspace, project_id=project_id)}
    baselines = tables.baselines.all(session.workspace, project_id=project_id)
    days = calendar_days(session.workspace, project_id)
    return ExportedPlan(
        name=state.project.name,
        schedule=state.schedule,
        tasks=[_named(state, task) for task in tasks],
        links=list(state.links.values()),
        people=list(people.people.values()),
        assignments=people.assignments,
        minutes=people.minutes,
        stages={task.id: name for task in tasks if task.stage_id and (name := stages.get(task.stage_id))},
        kept=kept_source(session, project_id),
        splits=_splits(tasks),
        baselines=baselines,
        baseline_tasks=[
            row
            for baseline in baselines
            for row in tables.baseline_tasks.all(session.workspace, baseline_id=baseline.id)
        ],
        costs=task_costs(session.workspace, project_id),
        event_day=state.project.key_on if state.backward else None,
        day_names={day.day: day.name for day in days if day.person_id is None},
    )


def kept_source(session: Session, project_id: EntityId) -> KeptSource | None:
    """Return what the file that a project came from had beside what is modelled."""
    found = tables.plan_sources.all(session.workspace, project_id=project_id, format=PlanFormat.MSPDI.value)
    if not found:
        return None
    try:
        return unpacked(session.workspace.blob(found[-1].sha256))
    except LookupError:
        return None


def _named(state: PlanState, task: Task) -> Task:
    """Return a task whose owner is named by text, as files name people."""
    name = state.owner_name(task)
    return task if task.owner_text == name else replace(task, owner_text=name)


class _People:
    """Everybody who works on a plan, once, and who works on what; several names in one text are several."""

    def __init__(self, state: PlanState, tasks: Sequence[Task]) -> None:
        self.state = state
        self.people: dict[EntityId | str, ExportedPerson] = {}
        self.assignments: list[tuple[EntityId, EntityId, int]] = []
        self.minutes: dict[tuple[EntityId, EntityId], int] = {}
        for task in tasks:
            for share in self._shares(task):
                person = self._person(share)
                self.assignments.append((task.id, person.id, share.units))
                if share.minutes is not None:
                    self.minutes[task.id, person.id] = share.minutes

    def _shares(self, task: Task) -> Iterator[Share]:
        for share in task_shares(self.state, task):
            if share.person_id is not None:
                yield share
                continue
            for name in dict.fromkeys(part.strip() for part in share.name.split(SEVERAL)):
                if name:
                    yield replace(share, name=name)

    def _person(self, share: Share) -> ExportedPerson:
        key = share.name if share.person_id is None else share.person_id
        known = self.people.get(key)
        if known is None:
            known = self.people[key] = self._made(share)
        return known

    def _made(self, share: Share) -> ExportedPerson:
        state = self.state
        if share.person_id is None:
            return ExportedPerson(new_id(), share.name, generic=True)
        own = state.calendars.person(share.person_id, state.project.id)
        calendar = None if own is state.calendar else own
        return ExportedPerson(share.person_id, share.name, calendar, email=state.people[share.person_id].email)


def _splits(tasks: tuple[Task, ...]) -> dict[EntityId, tuple[Split, ...]]:
    return {task.id: splits for task in tasks if (splits := splits_from_text(task.splits))}

"""What a project cannot hold of a plan that was read: one plain line per kind of thing."""

from __future__ import annotations

from collections.abc import Iterator

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _, ngettext

from .imported_plan import ImportedPlan, ResourceKind


def losses(plan: ImportedPlan) -> tuple[str, ...]:
    """Return what reading left out and what a project has no place for."""
    return tuple(dict.fromkeys((*plan.dropped, *_of_tasks(plan), *_of_people(plan))))


def _of_tasks(plan: ImportedPlan) -> Iterator[str]:
    number = sum(1 for row in plan.stored if row.cost and not row.summary)
    if number:
        text = ngettext(
            "The cost of {count} task was left out; enter money in the budget.",
            "The costs of {count} tasks were left out; enter money in the budget.",
            number,
        )
        yield text.format(count=number)
    if plan.terms.critical_float:
        yield _("The file calls tasks critical that have some float; here only those without float are.")


def _of_people(plan: ImportedPlan) -> Iterator[str]:
    workers = [resource for resource in plan.resources if resource.kind is ResourceKind.WORK]
    number = len(plan.resources) - len(workers)
    if number:
        text = ngettext(
            "{count} material or cost item was left out.", "{count} material or cost items were left out.", number
        )
        yield text.format(count=number)
    if any(resource.rate or resource.cost_per_use for resource in plan.resources):
        yield _("Pay rates were left out.")
    if any(resource.notes or resource.email for resource in workers):
        yield _("Addresses and notes of people were left out.")
    usual = plan.calendar.working_time
    number = sum(1 for one in workers if one.calendar is not None and one.calendar is not usual)
    if number:
        text = ngettext(
            "{count} person's own calendar was left out; everybody follows the project's.",
            "The calendars of {count} people were left out; everybody follows the project's.",
            number,
        )
        yield text.format(count=number)
    of_work = {resource.id for resource in workers}
    shares: dict[EntityId, set[int]] = {}
    for assignment in plan.assignments:
        if assignment.resource_id in of_work:
            shares.setdefault(assignment.task_id, set()).add(assignment.units)
    if any(len(units) > 1 for units in shares.values()):
        yield _("Where several people work on a task, only the first one's share of time was kept.")

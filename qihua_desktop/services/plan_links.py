"""Links between tasks: drawing, changing and removing them, one edit each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.plan import LagKind, Link, LinkType
from qihua_desktop.i18n import _, ngettext

from .plan_commit import Outcome, commit, current
from .plan_state import PlanChange, PlanState
from .session import Session

_LONGEST_LAG = 480 * 250 * 10


def add_link(
    session: Session,
    project_id: EntityId,
    predecessor_id: EntityId,
    successor_id: EntityId,
    type_: LinkType = LinkType.FS,
    lag: int = 0,
    lag_kind: LagKind = LagKind.WORKING,
) -> Outcome:
    """Link two tasks; a link between the two that is there already changes its type and lag.

    Raises RuleError naming the loop when the link would close one.
    """
    state = current(session, project_id)
    link = link_between(state, predecessor_id, successor_id, type_, lag, lag_kind)
    label = _("Link “{first}” and “{second}”").format(
        first=state.task(predecessor_id).name[:40], second=state.task(successor_id).name[:40]
    )
    return commit(session, label, state, PlanChange(links=(link,)))


def link_between(
    state: PlanState,
    predecessor_id: EntityId,
    successor_id: EntityId,
    type_: LinkType = LinkType.FS,
    lag: int = 0,
    lag_kind: LagKind = LagKind.WORKING,
) -> Link:
    """Return the link to draw between two tasks, not yet stored. Raises RuleError or InputError."""
    first, second = state.task(predecessor_id), state.task(successor_id)
    if predecessor_id == successor_id:
        raise RuleError(_("A task cannot be linked to itself."))
    if abs(lag) > _LONGEST_LAG:
        raise InputError(_("A lag may be ten years at most."))
    for known in state.into(successor_id):
        if known.predecessor_id == predecessor_id:
            return replace(known, type=type_, lag=lag, lag_kind=lag_kind)
    return Link(new_id(), state.project.id, first.id, second.id, type_, lag, lag_kind)


def link_tasks(session: Session, project_id: EntityId, ids: Sequence[EntityId]) -> Outcome:
    """Link tasks one after the other, finish to start, in the given order; links that are there stay."""
    state = current(session, project_id)
    if len(ids) < 2:
        raise InputError(_("Choose the tasks to link first."), _("Select two or more rows, in their order."))
    linked = {(link.predecessor_id, link.successor_id) for link in state.links.values()}
    links = tuple(
        link_between(state, first, second) for first, second in pairwise(ids) if (first, second) not in linked
    )
    label = ngettext("Link {count} task", "Link {count} tasks", len(ids)).format(count=len(ids))
    return commit(session, label, state, PlanChange(links=links))


def unlink_tasks(session: Session, project_id: EntityId, ids: Collection[EntityId]) -> Outcome:
    """Remove the links among tasks; of a single task all its links."""
    state = current(session, project_id)
    chosen = set(ids)
    both = len(chosen) > 1
    gone = tuple(
        link.id
        for link in state.links.values()
        if (link.predecessor_id in chosen and link.successor_id in chosen)
        or (not both and (link.predecessor_id in chosen or link.successor_id in chosen))
    )
    label = ngettext("Remove {count} link", "Remove {count} links", len(gone)).format(count=len(gone))
    return commit(session, label, state, PlanChange(removed_links=gone))


def change_link(
    session: Session,
    project_id: EntityId,
    link_id: EntityId,
    type_: LinkType,
    lag: int,
    lag_kind: LagKind = LagKind.WORKING,
) -> Outcome:
    """Change a link's type and lag."""
    state = current(session, project_id)
    link = _link(state, link_id)
    if abs(lag) > _LONGEST_LAG:
        raise InputError(_("A lag may be ten years at most."))
    new = replace(link, type=type_, lag=lag, lag_kind=lag_kind)
    label = _("Change a link of “{task}”").format(task=state.task(link.successor_id).name[:60])
    return commit(session, label, state, PlanChange(links=(new,) if new != link else ()))


def set_predecessors(
    session: Session,
    project_id: EntityId,
    task_id: EntityId,
    wanted: Sequence[tuple[EntityId, LinkType, int, LagKind]],
) -> Outcome:
    """Give a task exactly these predecessors, each with type, lag and the lag's kind."""
    state = current(session, project_id)
    task = state.task(task_id)
    new = {one[0]: link_between(state, one[0], task_id, *one[1:]) for one in wanted}
    gone = tuple(link.id for link in state.into(task_id) if link.predecessor_id not in new)
    changed = tuple(link for link in new.values() if state.links.get(link.id) != link)
    label = _("Set what comes before “{task}”").format(task=task.name[:60])
    return commit(session, label, state, PlanChange(links=changed, removed_links=gone))


def remove_link(session: Session, project_id: EntityId, link_id: EntityId) -> Outcome:
    """Remove a link."""
    state = current(session, project_id)
    link = _link(state, link_id)
    label = _("Unlink “{first}” and “{second}”").format(
        first=state.task(link.predecessor_id).name[:40], second=state.task(link.successor_id).name[:40]
    )
    return commit(session, label, state, PlanChange(removed_links=(link_id,)))


def refused_targets(state: PlanState, task_id: EntityId) -> frozenset[EntityId]:
    """Return the tasks that cannot follow a task, because the links would form a loop."""
    return state.schedule.network.refused_targets(task_id)


def _link(state: PlanState, link_id: EntityId) -> Link:
    found = state.links.get(link_id)
    if found is None:
        raise InputError(_("The link no longer exists."))
    return found

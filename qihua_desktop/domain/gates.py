"""What a stage's gate asks for, what of it is missing, and who must do it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from qihua_desktop.i18n import _, ngettext

from .budget import Budget, BudgetState
from .ids import EntityId
from .people import Role
from .plan import DONE, Task
from .project import GateItem, GateKind, ProjectDocument, Stage
from .review import PlanDocument, PlanVersion, VersionState
from .survey import Survey, SurveyState

NAMED_TASKS: Final = 3
"""So many unfinished tasks are named; the others are counted."""


@dataclass(frozen=True, slots=True)
class GateFacts:
    """Everything a gate is judged by. ``responses`` counts the usable responses of each survey.

    ``versions`` have their derived state (see ``review_rules.review_status``), ``tasks`` are all of the project.
    """

    stage: Stage
    items: Sequence[GateItem]
    tasks: Sequence[Task] = ()
    documents: Sequence[ProjectDocument] = ()
    plan_documents: Sequence[PlanDocument] = ()
    versions: Sequence[PlanVersion] = ()
    budget: Budget | None = None
    surveys: Sequence[Survey] = ()
    responses: Mapping[EntityId, int] = field(default_factory=dict[EntityId, int])


@dataclass(frozen=True, slots=True)
class GateFinding:
    """Whether one condition is met; if not, what is missing in words and who must do it."""

    item: GateItem
    met: bool
    missing: str
    owner_role: Role
    owner_id: EntityId | None


def gate_findings(facts: GateFacts) -> tuple[GateFinding, ...]:
    """Judge every condition of the stage's gate, in their order."""
    items = [item for item in facts.items if item.stage_id == facts.stage.id]
    return tuple(_finding(facts, item) for item in sorted(items, key=lambda item: (item.position, item.id)))


def may_leave(findings: Iterable[GateFinding]) -> bool:
    """Tell whether the stage may be left; a stage without conditions may."""
    return all(finding.met for finding in findings)


def stage_tasks(tasks: Sequence[Task], stage_id: EntityId) -> tuple[Task, ...]:
    """Return the stage's tasks that are work themselves: no summaries; a task belongs to its own or parents' stage."""
    by_id = {task.id: task for task in tasks}
    parents = {task.parent_id for task in tasks}
    return tuple(task for task in tasks if task.id not in parents and _stage_of(task, by_id) == stage_id)


def _stage_of(task: Task, by_id: Mapping[EntityId, Task]) -> EntityId | None:
    seen: set[EntityId] = set()
    current: Task | None = task
    while current is not None and current.id not in seen:
        if current.stage_id is not None:
            return current.stage_id
        seen.add(current.id)
        current = by_id.get(current.parent_id) if current.parent_id is not None else None
    return None


def _finding(facts: GateFacts, item: GateItem) -> GateFinding:
    judge = {
        GateKind.TASKS: _tasks_missing,
        GateKind.DOCUMENT: _document_missing,
        GateKind.SIGN_OFF: _sign_off_missing,
        GateKind.BUDGET: _budget_missing,
        GateKind.SURVEY: _survey_missing,
        GateKind.MANUAL: _confirmation_missing,
    }[item.kind]
    missing = judge(facts, item)
    owner = facts.stage.owner_id if item.owner_role is facts.stage.owner_role else None
    return GateFinding(item, not missing, missing, item.owner_role, owner)


def _tasks_missing(facts: GateFacts, item: GateItem) -> str:
    needed = item.target or DONE
    tasks = sorted(stage_tasks(facts.tasks, facts.stage.id), key=lambda task: (task.start, task.id))
    unfinished = [task.name for task in tasks if task.progress < needed]
    if not unfinished:
        return ""
    named = _(", ").join(_("“{name}”").format(name=name) for name in unfinished[:NAMED_TASKS])
    more = len(unfinished) - NAMED_TASKS
    if more > 0:
        return ngettext(
            "Not finished: {tasks} and {count} more task", "Not finished: {tasks} and {count} more tasks", more
        ).format(tasks=named, count=more)
    return _("Not finished: {tasks}").format(tasks=named)


def _document_missing(facts: GateFacts, item: GateItem) -> str:
    produced = [document for document in facts.documents if document.key == item.document_key]
    if any(document.produced_ms is not None or document.attachment_id is not None for document in produced):
        return ""
    if _versions_of(facts, {item.document_key}):
        return ""
    name = produced[0].name if produced else item.name
    return _("{document} has not been issued yet").format(document=name)


def _sign_off_missing(facts: GateFacts, item: GateItem) -> str:
    keys = {item.document_key} if item.document_key else {document.key for document in facts.plan_documents}
    versions = _versions_of(facts, keys)
    if not versions:
        return _("The plan has not been submitted for review yet")
    latest = max(versions, key=lambda version: version.number)
    if latest.state is VersionState.APPROVED:
        return ""
    words = {
        VersionState.IN_REVIEW: _("Version {number} is still in review"),
        VersionState.RETURNED: _("Version {number} was returned for revision"),
        VersionState.REJECTED: _("Version {number} was rejected"),
        VersionState.WITHDRAWN: _("Version {number} was withdrawn"),
        VersionState.SUPERSEDED: _("Version {number} is out of date: submit the current plan"),
    }
    return words[latest.state].format(number=latest.number)


def _budget_missing(facts: GateFacts, _item: GateItem) -> str:
    if facts.budget is None:
        return _("There is no budget yet")
    words = {
        BudgetState.DRAFT: _("The budget is still a draft"),
        BudgetState.IN_REVIEW: _("The budget is still in review"),
        BudgetState.APPROVED: "",
        BudgetState.REVISED: _("The budget was changed after approval and must be approved again"),
        BudgetState.CLOSED: "",
    }
    return words[facts.budget.state]


def _survey_missing(facts: GateFacts, item: GateItem) -> str:
    if not facts.surveys:
        return _("There is no survey yet")
    drafts = [survey.title for survey in facts.surveys if survey.state is SurveyState.DRAFT]
    if len(drafts) == len(facts.surveys):
        return _("The survey “{title}” has not been released").format(title=drafts[0])
    collected = sum(facts.responses.get(survey.id, 0) for survey in facts.surveys)
    if collected < item.target:
        return _("{collected} of {target} responses collected").format(collected=collected, target=item.target)
    return ""


def _confirmation_missing(_facts: GateFacts, item: GateItem) -> str:
    return "" if item.done_ms is not None else _("To be confirmed by hand")


def _versions_of(facts: GateFacts, keys: Collection[str]) -> list[PlanVersion]:
    documents = {document.id for document in facts.plan_documents if document.key in keys}
    return [version for version in facts.versions if version.document_id in documents]

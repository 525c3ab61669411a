"""The documents there are, by the names the command line and the export menu use.

``prepare`` reads the workspace on its own thread and returns a task of plain data; ``RenderTask.render`` may run
anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.files import file_name
from qihua_desktop.i18n import N_, _
from qihua_desktop.services import money_records, plan_baselines, pools, projects, review, survey
from qihua_desktop.services.session import Session

from .document import PdfResult, RenderOptions

if TYPE_CHECKING:
    from .gather_gantt import GanttPrint


class Scope(StrEnum):
    """What one document is about."""

    PROJECT = "project"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """A kind of document; ``message`` is its untranslated title. One of a year is about all of its projects."""

    key: str
    message: str
    scope: Scope = Scope.PROJECT

    def title(self) -> str:
        """Return the document's name in the user's language."""
        return _(self.message)


@dataclass(frozen=True, slots=True)
class RenderTask:
    """A document ready to be rendered: plain data and the function that prints it."""

    key: str
    title: str
    file_name: str
    input: Any
    function: Callable[[Any, RenderOptions | None], PdfResult]

    def render(self, options: RenderOptions | None = None) -> PdfResult:
        """Return the finished PDF. Raises Cancelled."""
        return self.function(self.input, options)


DOCUMENTS: dict[str, DocumentKind] = {
    kind.key: kind
    for kind in (
        DocumentKind("gantt", N_("Gantt chart")),
        DocumentKind("baseline-comparison", N_("Baseline comparison")),
        DocumentKind("plan", N_("Plan document")),
        DocumentKind("budget-approval", N_("Budget approval form")),
        DocumentKind("budget-execution", N_("Budget execution report")),
        DocumentKind("voucher-list", N_("Voucher list")),
        DocumentKind("expense-claim", N_("Expense claim")),
        DocumentKind("annual-budget", N_("Annual budget"), Scope.YEAR),
        DocumentKind("sign-off", N_("Review and sign-off sheet")),
        DocumentKind("survey-form", N_("Paper questionnaire")),
    )
}
FINANCE_PACK = "finance-pack"
"""The key of the pack (送财务), which is several files."""


def available(session: Session, project_id: EntityId) -> tuple[DocumentKind, ...]:
    """Return the documents a project can print now."""
    missing: set[str] = set()
    if not plan_baselines.baselines(session, project_id):
        missing.add("baseline-comparison")
    if not review.versions(session, project_id):
        missing.add("sign-off")
    if not survey.surveys(session, project_id):
        missing.add("survey-form")
    recorded = money_records.recorded(session, project_id)
    if not recorded.anything:
        missing.add("budget-execution")
    if not recorded.vouchers:
        missing.add("voucher-list")
    if not recorded.claims:
        missing.add("expense-claim")
    if not pools.pools_of_year(session, pools.project_year(session, project_id)):
        missing.add("annual-budget")
    return tuple(kind for key, kind in DOCUMENTS.items() if key not in missing)


def prepare(
    session: Session,
    key: str,
    project_id: EntityId | None,
    *,
    version_id: EntityId | None = None,
    survey_id: EntityId | None = None,
    chart: GanttPrint | None = None,
    baseline_id: EntityId | None = None,
    other_baseline_id: EntityId | None = None,
    claim_id: EntityId | None = None,
    year: int | None = None,
) -> RenderTask:
    """Gather a document's data; ``chart`` says how a Gantt chart is printed.

    A baseline is compared with the plan, or with ``other_baseline_id``. Without ``claim_id`` all claims are printed.
    The annual budget needs no project; without ``year`` it is that of the project, else the present one.

    Raises InputError for an unknown document or one the project has nothing for.
    """
    if key not in DOCUMENTS:
        raise InputError(_("There is no document “{key}”.").format(key=key), details=[*DOCUMENTS, FINANCE_PACK])
    if key == "annual-budget":
        return _annual(session, year if year is not None else _year(session, project_id))
    if project_id is None:
        raise InputError(_("Choose a project first."))
    if key == "expense-claim":
        return _claims(session, project_id, claim_id)
    if key == "gantt":
        return _gantt(session, project_id, chart)
    if key == "baseline-comparison":
        return _comparison(session, project_id, baseline_id, other_baseline_id)
    gather = {
        "plan": _plan,
        "budget-approval": _budget_approval,
        "budget-execution": _execution,
        "voucher-list": _vouchers,
        "sign-off": _sign_off,
        "survey-form": _survey_form,
    }[key]
    return gather(session, project_id, version_id, survey_id)


def _gantt(session: Session, project_id: EntityId, chart: GanttPrint | None) -> RenderTask:
    from .gantt_chart import render_gantt
    from .gather_gantt import gantt_input

    content = gantt_input(session, project_id, chart)
    return _task(session, project_id, "gantt", DOCUMENTS["gantt"].title(), content, render_gantt)


def _comparison(
    session: Session, project_id: EntityId, baseline_id: EntityId | None, other_id: EntityId | None
) -> RenderTask:
    from .baseline_comparison import render_comparison
    from .gather_baseline import comparison_input

    content = comparison_input(session, project_id, baseline_id, other_id)
    key = "baseline-comparison"
    return _task(session, project_id, key, DOCUMENTS[key].title(), content, render_comparison)


def _plan(session: Session, project_id: EntityId, version_id: EntityId | None, _survey: EntityId | None) -> RenderTask:
    from .gather import document_info, plan_input, plan_text, signature_boxes
    from .plan_document import plan_title, render_plan

    text = plan_text(session, project_id, version_id)
    title = plan_title(ProjectKind(text.project.kind))
    info = document_info(session, title, text)
    return _task(
        session, project_id, "plan", title, plan_input(info, text, signature_boxes(session, text)), render_plan
    )


def _budget_approval(
    session: Session, project_id: EntityId, _version: EntityId | None, _survey: EntityId | None
) -> RenderTask:
    from .budget_approval import render_budget_approval
    from .gather_review import budget_approval_input

    title = DOCUMENTS["budget-approval"].title()
    content = budget_approval_input(session, project_id)
    return _task(session, project_id, "budget-approval", title, content, render_budget_approval)


def _execution(
    session: Session, project_id: EntityId, _version: EntityId | None, _survey: EntityId | None
) -> RenderTask:
    from .budget_execution import render_budget_execution
    from .gather_execution import execution_input

    key = "budget-execution"
    content = execution_input(session, project_id)
    return _task(session, project_id, key, DOCUMENTS[key].title(), content, render_budget_execution)


def _vouchers(
    session: Session, project_id: EntityId, _version: EntityId | None, _survey: EntityId | None
) -> RenderTask:
    from .gather_vouchers import render_vouchers, voucher_source

    key = "voucher-list"
    content = voucher_source(session, project_id)
    return _task(session, project_id, key, DOCUMENTS[key].title(), content, render_vouchers)


def _claims(session: Session, project_id: EntityId, claim_id: EntityId | None) -> RenderTask:
    from .expense_claim import render_claims
    from .gather_vouchers import claims_input

    content = claims_input(session, project_id, claim_id)
    title = DOCUMENTS["expense-claim"].title()
    numbered = f"{title} {content.claims[0].number}" if len(content.claims) == 1 else title
    return _task(session, project_id, "expense-claim", numbered, content, render_claims)


def _annual(session: Session, year: int) -> RenderTask:
    from .annual_budget import render_annual_budget
    from .gather_annual import annual_input

    content = annual_input(session, year)
    return RenderTask(
        "annual-budget", content.info.title, file_name(content.info.title, ".pdf"), content, render_annual_budget
    )


def _year(session: Session, project_id: EntityId | None) -> int:
    return pools.present_year(session) if project_id is None else pools.project_year(session, project_id)


def _sign_off(
    session: Session, project_id: EntityId, version_id: EntityId | None, _survey: EntityId | None
) -> RenderTask:
    from .gather_review import sign_off_input
    from .sign_off_sheet import render_sign_off

    title = DOCUMENTS["sign-off"].title()
    content = sign_off_input(session, project_id, version_id)
    return _task(session, project_id, "sign-off", title, content, render_sign_off)


def _survey_form(
    session: Session, project_id: EntityId, _version: EntityId | None, survey_id: EntityId | None
) -> RenderTask:
    from .gather_review import survey_input
    from .survey_form import render_survey_form

    existing = survey.surveys(session, project_id)
    if not existing:
        raise InputError(_("The project has no questionnaire yet."), _("Add one on the Survey page."))
    chosen = survey_id or existing[0].id
    title = DOCUMENTS["survey-form"].title()
    return _task(session, project_id, "survey-form", title, survey_input(session, chosen), render_survey_form)


def _task(
    session: Session,
    project_id: EntityId,
    key: str,
    title: str,
    content: Any,
    function: Callable[[Any, RenderOptions | None], PdfResult],
) -> RenderTask:
    project = projects.project(session, project_id)
    name = file_name(f"{project.number} {project.name[:60]} {title}", ".pdf")
    return RenderTask(key, title, name, content, function)

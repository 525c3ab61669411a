"""What the budget approval, the sign-off sheet and the paper questionnaire print."""

from __future__ import annotations

from qihua_desktop.domain.canonical import parse_canonical
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Department, department_label
from qihua_desktop.domain.plan_content import content_rows, read_dimensions
from qihua_desktop.domain.project import ProjectKind
from qihua_desktop.domain.review import Dimension, SignOff, VersionState, version_state_label
from qihua_desktop.domain.review_rules import SeatStatus, seat_dimensions
from qihua_desktop.domain.survey import Jump, JumpTarget, QuestionKind
from qihua_desktop.i18n import N_, _
from qihua_desktop.services import projects, review, survey
from qihua_desktop.services.execution import outcome_of
from qihua_desktop.services.people import person_names
from qihua_desktop.services.session import Session

from .document import DocumentInfo, DocumentState
from .gather import PlanText, document_info, letterhead, local, plan_text, project_key_date
from .gather_approval import money_rows, pool_boxes, pool_note
from .inputs import (
    ApprovalSeat,
    BudgetApprovalInput,
    CommentRow,
    Decision,
    DimensionFingerprint,
    SignOffInput,
    SurveyInput,
    SurveyOption,
    SurveyQuestion,
)

_BUILT_SECTIONS = {"tasks": N_("Schedule"), "lines": N_("Budget allocation"), "risks": N_("Risk plan")}


def budget_approval_input(session: Session, project_id: EntityId) -> BudgetApprovalInput:
    """Return the 预算审批单 of the version in force, or of the live draft.

    What is committed and what the pools have is as of now.
    """
    text = plan_text(session, project_id)
    info = document_info(session, _("Budget approval form"), text)
    names = person_names(session)
    project = text.project
    total = int(str(_group(text, "budget")["total"]))
    outcome = outcome_of(session, project_id)
    return BudgetApprovalInput(
        info,
        total,
        money_rows(session, text),
        ProjectKind(project.kind),
        names.get(project.owner_id, "") if project.owner_id else "",
        _("Planning department"),
        project_key_date(text),
        str(_group(text, "project")["goal"]),
        _previous_total(session, text),
        pool_boxes(session, project_id, total, names),
        _approval_seats(session, text, names),
        guests=outcome.guests_planned if outcome else 0,
        leads=outcome.leads_planned if outcome else 0,
        pool_note=pool_note(session, project_id, total),
    )


def sign_off_input(session: Session, project_id: EntityId, version_id: EntityId | None = None) -> SignOffInput:
    """Return the 评审签批单 of a version, the newest one by default. Raises RuleError when none was submitted."""
    versions = review.versions(session, project_id)
    if not versions:
        raise RuleError(
            _("This plan has not been submitted yet."),
            _("Submit it on the Review page first."),
        )
    text = plan_text(session, project_id, version_id or versions[0].id)
    version = text.version
    if version is None:
        raise LookupError("a version without content")
    view = review.review_view(session, version.id)
    names = {person.id: person.name for person in view.people.values()}
    return SignOffInput(
        document_info(session, _("Review and sign-off sheet"), text),
        str(_group(text, "document")["title"]),
        names.get(version.submitted_by, ""),
        local(version.submitted_ms),
        version_state_label(view.status.state if version.state is VersionState.IN_REVIEW else version.state),
        tuple(names.get(author, "") for author in sorted(view.authors)),
        tuple(
            DimensionFingerprint(dimension, digest)
            for dimension, digest in read_dimensions(version.dimension_sha256).items()
        ),
        tuple(_decision(status, view.people[status.seat.person_id].title, names, version.number)
              for status in view.status.seats),
        tuple(
            CommentRow(
                names.get(comment.person_id, ""),
                view.people[comment.person_id].department if comment.person_id in view.people else None,
                comment.dimension,
                comment.severity,
                _place(text, comment.section_key),
                comment.body,
                comment.quote,
                comment.reply,
                local(comment.resolved_ms) if comment.resolved_ms is not None else None,
                names.get(comment.resolved_by, "") if comment.resolved_by else "",
            )
            for comment in view.comments
        ),
        int(str(_group(text, "budget")["total"])),
    )  # fmt: skip


def survey_input(session: Session, survey_id: EntityId) -> SurveyInput:
    """Return the paper questionnaire of a survey."""
    view = survey.load_survey(session, survey_id)
    project = projects.project(session, view.survey.project_id)
    entry, head = session.workspace.head()
    info = DocumentInfo(
        _("Questionnaire"),
        project.name,
        project.number,
        session.local_now().astimezone(),
        None,
        DocumentState.PLAIN,
        "",
        entry,
        head,
        letterhead(session),
    )
    questions: list[SurveyQuestion] = []
    for question in view.questions:
        number = "" if question.kind is QuestionKind.NOTE else str(view.number(question.id))
        leads = {jump.option_id: jump for jump in reversed(view.jumps.get(question.id, ()))}
        always = leads.get(None)
        options: list[SurveyOption] = []
        for option in view.options.get(question.id, ()):
            jump = leads.get(option.id)
            options.append(
                SurveyOption(
                    option.label,
                    option.with_text,
                    option.exclusive,
                    _paper_target(view, jump),
                    jump is not None and jump.target is not JumpTarget.SCREEN_OUT and not _paper_target(view, jump),
                    jump is not None and jump.target is JumpTarget.SCREEN_OUT,
                )
            )
        questions.append(
            SurveyQuestion(
                number,
                question.kind,
                question.text,
                question.hint,
                question.required,
                tuple(options),
                question.minimum,
                question.maximum,
                question.low_label,
                question.high_label,
                _paper_target(view, always),
                always is not None and not _paper_target(view, always),
            )
        )
    fields = (_("No."), _("Date"), _("Place"), _("Interviewer"))
    return SurveyInput(info, view.survey.title, view.survey.intro, view.survey.outro, tuple(questions), fields)


def _paper_target(view: survey.SurveyView, jump: Jump | None) -> str | None:
    """Return the printed number a jump leads to; None without a jump and where nothing is left to answer."""
    if jump is None or jump.target_question_id is None:
        return None
    number = view.paper_number(jump.target_question_id)
    return None if number is None else str(number)


def _group(text: PlanText, name: str) -> dict[str, object]:
    value = text.content[name]
    return dict(value) if isinstance(value, dict) else {}


def _previous_total(session: Session, text: PlanText) -> int | None:
    below = text.version.number if text.version else 1 << 30
    for version in review.versions(session, text.project.id):
        if version.number < below and version.state is VersionState.APPROVED:
            content = parse_canonical(version.content)
            if isinstance(content, dict) and isinstance(content["budget"], dict):
                return int(str(content["budget"]["total"]))
    return None


def _approval_seats(session: Session, text: PlanText, names: dict[EntityId, str]) -> tuple[ApprovalSeat, ...]:
    if text.version is None:
        return tuple(
            ApprovalSeat(heading)
            for heading in (_("Prepared by"), _("Department head"), _("Finance review"), _("Approved by"))
        )
    view = review.review_view(session, text.version.id)
    wanted = (Department.FINANCE, Department.PLANNING)
    return tuple(
        ApprovalSeat(
            department_label(status.seat.department),
            status.seat.department,
            names.get(status.seat.person_id, ""),
            status.sign_off.verdict if status.sign_off else None,
            _all_words(status.sign_off) if status.sign_off else "",
            local(status.sign_off.signed_ms) if status.sign_off else None,
            status.sign_off.content_sha256 if status.sign_off else "",
            review.signature_strokes(status.sign_off.signature) if status.sign_off else (),
            bool(status.stale),
        )
        for status in view.status.seats
        if status.seat.department in wanted or Dimension.BUDGET in seat_dimensions(status.seat)
    )


def _decision(status: SeatStatus, title: str, names: dict[EntityId, str], number: int) -> Decision:
    seat, given = status.seat, status.sign_off
    base = Decision(seat.step, seat.mode, seat.department, names.get(seat.person_id, ""), title, seat_dimensions(seat))
    if given is None:
        return base
    holder = names.get(seat.person_id, "")
    return Decision(
        seat.step,
        seat.mode,
        seat.department,
        names.get(given.person_id, ""),
        title,
        seat_dimensions(seat),
        given.verdict,
        given.comment,
        _opinions(given),
        local(given.signed_ms),
        number,
        given.content_sha256,
        review.signature_strokes(given.signature),
        status.stale,
        holder if given.person_id != seat.person_id else "",
    )


def _opinions(given: SignOff) -> tuple[tuple[Dimension, str], ...]:
    stored = parse_canonical(given.opinions) if given.opinions else {}
    if not isinstance(stored, dict):
        return ()
    return tuple((Dimension(key), str(value)) for key, value in stored.items())


def _all_words(given: SignOff) -> str:
    return "\n".join(part for part in (given.comment, *(words for _key, words in _opinions(given))) if part)


def _place(text: PlanText, section_key: str) -> str:
    for row in content_rows(text.content, "sections"):
        if row["id"] == section_key:
            return str(row["title"])
    return _(_BUILT_SECTIONS.get(section_key, section_key))

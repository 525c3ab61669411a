"""Questionnaires of a project: reading, checking, releasing. Their questions are edited by ``survey_questions``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from db import tables
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.survey import Jump, JumpTarget, Option, Question, QuestionKind, Survey, SurveyState
from qihua_desktop.domain.survey_flow import compile_form
from qihua_desktop.domain.survey_logic import Form
from qihua_desktop.domain.survey_routes import shortened
from qihua_desktop.domain.survey_rules import CheckReport, Weight, check_form
from qihua_desktop.i18n import _

from .limits import body, required_text
from .session import Session

MOST_RESPONSES = 1_000_000


@dataclass(frozen=True, slots=True)
class SurveyView:
    """A questionnaire with everything in it, in order."""

    survey: Survey
    questions: tuple[Question, ...]
    options: Mapping[EntityId, tuple[Option, ...]]
    jumps: Mapping[EntityId, tuple[Jump, ...]]

    def number(self, question_id: EntityId) -> int:
        """Return a question's printed number, notes not counted. Raises LookupError."""
        count = 0
        for question in self.questions:
            count += question.kind is not QuestionKind.NOTE
            if question.id == question_id:
                return count
        raise LookupError("no such question")

    def paper_number(self, question_id: EntityId) -> int | None:
        """Return the number to go to on paper: a note's is that of the question after it, None behind the last one."""
        at = next(place for place, one in enumerate(self.questions) if one.id == question_id)
        for question in self.questions[at:]:
            if question.kind is not QuestionKind.NOTE:
                return self.number(question.id)
        return None

    def label(self, question_id: EntityId) -> str:
        """Return what a question is called on screen: its number, or a note's own. Raises LookupError."""
        notes = 0
        for question in self.questions:
            is_note = question.kind is QuestionKind.NOTE
            notes += is_note
            if question.id == question_id:
                return _("Note {number}").format(number=notes) if is_note else f"Q{self.number(question_id)}"
        raise LookupError("no such question")

    def question(self, question_id: EntityId) -> Question | None:
        """Return a question, None when it is not in this questionnaire."""
        return next((one for one in self.questions if one.id == question_id), None)

    def later(self, question_id: EntityId) -> tuple[Question, ...]:
        """Return the questions behind one: where its jumps may lead."""
        at = next((place for place, one in enumerate(self.questions) if one.id == question_id), len(self.questions))
        return self.questions[at + 1 :]

    def jump_of(self, question_id: EntityId, option_id: EntityId | None) -> Jump | None:
        """Return the jump of an answer, or with None the one of every other answer."""
        return next((one for one in self.jumps.get(question_id, ()) if one.option_id == option_id), None)

    def jump_words(self, jump: Jump | None) -> str:
        """Return where a jump leads, in a few words; no jump leads to the next question."""
        if jump is None:
            return _("Next question")
        if jump.target is JumpTarget.END:
            return _("End")
        if jump.target is JumpTarget.SCREEN_OUT:
            return _("Screen out")
        goal = self.question(jump.target_question_id) if jump.target_question_id else None
        return self.label(goal.id) if goal is not None else _("(deleted)")

    def route_words(self, question_id: EntityId) -> str:
        """Return all jumps of a question in one line: which answers lead where."""
        labels = {option.id: option.label for option in self.options.get(question_id, ())}
        parts: list[str] = []
        for jump in self.jumps.get(question_id, ()):
            goal = self.jump_words(jump)
            answer = shortened(labels.get(jump.option_id, ""), 16) if jump.option_id else ""
            parts.append(f"{answer} → {goal}" if answer else f"→ {goal}")
        return _("; ").join(parts)

    def form(self) -> Form:
        """Return the logic of the questionnaire; questions are called what the screen calls them."""
        named = [replace(question, code=self.label(question.id)) for question in self.questions]
        return compile_form(named, self.all_options, self.all_jumps)

    @property
    def is_editable(self) -> bool:
        """Whether questions may be changed: only a draft's may."""
        return self.survey.state is SurveyState.DRAFT

    @property
    def all_options(self) -> tuple[Option, ...]:
        """Every option in order."""
        return tuple(option for question in self.questions for option in self.options.get(question.id, ()))

    @property
    def all_jumps(self) -> tuple[Jump, ...]:
        """Every jump in order."""
        return tuple(jump for question in self.questions for jump in self.jumps.get(question.id, ()))


def surveys(session: Session, project_id: EntityId) -> tuple[Survey, ...]:
    """Return a project's questionnaires."""
    return tables.surveys.all(session.workspace, project_id=project_id)


def load_survey(session: Session, survey_id: EntityId) -> SurveyView:
    """Return a questionnaire. Raises LookupError when it was deleted."""
    workspace = session.workspace
    survey = tables.surveys.get(workspace, survey_id)
    questions = tables.questions.all(workspace, survey_id=survey_id)
    ids = [question.id for question in questions]
    options: dict[EntityId, list[Option]] = {}
    for option in tables.options.among(workspace, "question_id", ids):
        options.setdefault(option.question_id, []).append(option)
    jumps: dict[EntityId, list[Jump]] = {}
    for jump in tables.jumps.among(workspace, "question_id", ids):
        jumps.setdefault(jump.question_id, []).append(jump)
    return SurveyView(
        survey,
        questions,
        {key: tuple(rows) for key, rows in options.items()},
        {key: tuple(rows) for key, rows in jumps.items()},
    )


def check(view: SurveyView) -> CheckReport:
    """Run the static checks over a questionnaire."""
    return check_form(view.form())


def add_survey(session: Session, project_id: EntityId, title: str) -> Survey:
    """Add an empty questionnaire."""
    existing = surveys(session, project_id)
    position = max((survey.position for survey in existing), default=-1) + 1
    survey = Survey(
        new_id(),
        project_id,
        position,
        required_text(title, _("title")),
        _("Thank you for taking part. Your answers are used for statistics only."),
        _("This is the end of the questionnaire. Thank you."),
        SurveyState.DRAFT,
        500,
    )
    with session.edit(_("Add survey “{title}”").format(title=survey.title), project_id) as edit:
        tables.surveys.insert(edit, survey)
    return survey


def update_survey(session: Session, survey_id: EntityId, **fields: Any) -> None:
    """Change title, introduction, closing words or target; the state has functions of its own."""
    if "state" in fields:
        raise ValueError("use release, close or reopen")
    if "title" in fields:
        fields["title"] = required_text(fields["title"], _("title"))
    for field in ("intro", "outro"):
        if field in fields:
            fields[field] = body(fields[field])
    if not 0 <= fields.get("target", 0) <= MOST_RESPONSES:
        raise InputError(_("The target is a number from 0 to {most}.").format(most=MOST_RESPONSES))
    survey = tables.surveys.get(session.workspace, survey_id)
    with session.edit(_("Change survey “{title}”").format(title=survey.title), survey.project_id) as edit:
        tables.surveys.update(edit, survey_id, **fields)


def delete_survey(session: Session, survey_id: EntityId) -> None:
    """Delete a questionnaire with its questions."""
    survey = tables.surveys.get(session.workspace, survey_id)
    with session.edit(_("Delete survey “{title}”").format(title=survey.title), survey.project_id) as edit:
        tables.surveys.delete(edit, survey_id)


def duplicate_survey(session: Session, survey_id: EntityId, title: str) -> Survey:
    """Copy a questionnaire with its questions, options and jumps as a draft, behind the others."""
    view = load_survey(session, survey_id)
    position = max(survey.position for survey in surveys(session, view.survey.project_id)) + 1
    copy = replace(
        view.survey,
        id=new_id(),
        title=required_text(title, _("title")),
        position=position,
        state=SurveyState.DRAFT,
    )
    questions = {question.id: new_id() for question in view.questions}
    options = {option.id: new_id() for option in view.all_options}
    with session.edit(_("Add survey “{title}”").format(title=copy.title), copy.project_id) as edit:
        tables.surveys.insert(edit, copy)
        tables.questions.insert_many(
            edit, (replace(one, id=questions[one.id], survey_id=copy.id) for one in view.questions)
        )
        tables.options.insert_many(
            edit, (replace(one, id=options[one.id], question_id=questions[one.question_id]) for one in view.all_options)
        )
        tables.jumps.insert_many(
            edit,
            (
                replace(
                    jump,
                    id=new_id(),
                    question_id=questions[jump.question_id],
                    option_id=options[jump.option_id] if jump.option_id else None,
                    target_question_id=questions[jump.target_question_id] if jump.target_question_id else None,
                )
                for jump in view.all_jumps
            ),
        )
    return copy


def release(session: Session, survey_id: EntityId) -> None:
    """Release a questionnaire for interviews. Raises RuleError while its checks find errors."""
    view = load_survey(session, survey_id)
    if view.survey.state is SurveyState.RELEASED:
        return
    if not view.questions:
        raise RuleError(_("The questionnaire has no questions yet."))
    report = check(view)
    if not report.may_release:
        problems = [message.text for message in report.messages() if message.weight is Weight.ERROR]
        raise RuleError(_("The questionnaire has errors and cannot be released."), details=problems)
    _set_state(session, view.survey, SurveyState.RELEASED, _("Release survey “{title}”"))


def close_survey(session: Session, survey_id: EntityId) -> None:
    """End the collection of responses."""
    survey = tables.surveys.get(session.workspace, survey_id)
    _set_state(session, survey, SurveyState.CLOSED, _("Close survey “{title}”"))


def reopen_survey(session: Session, survey_id: EntityId) -> None:
    """Turn a questionnaire back into a draft."""
    survey = tables.surveys.get(session.workspace, survey_id)
    _set_state(session, survey, SurveyState.DRAFT, _("Edit survey “{title}” again"))


def _set_state(session: Session, survey: Survey, state: SurveyState, label: str) -> None:
    if survey.state is state:
        return
    with session.edit(label.format(title=survey.title), survey.project_id) as edit:
        tables.surveys.update(edit, survey.id, state=state)

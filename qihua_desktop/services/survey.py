"""Building questionnaires: questions, options, jumps, checks and release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.survey import (
    Jump,
    JumpTarget,
    Option,
    Question,
    QuestionKind,
    Survey,
    SurveyState,
    question_kind_label,
)
from qihua_desktop.domain.survey_rules import CheckReport, check_survey
from qihua_desktop.i18n import _

from .limits import body, required_text, text
from .session import Session

_WITH_OPTIONS = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.RANKING})


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
    return check_survey(view.questions, view.all_options, view.all_jumps)


def add_survey(session: Session, project_id: EntityId, title: str) -> Survey:
    """Add an empty questionnaire."""
    position = tables.surveys.count(session.workspace, project_id=project_id)
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
    if fields.get("target", 0) < 0:
        raise InputError(_("The target cannot be negative."))
    survey = tables.surveys.get(session.workspace, survey_id)
    with session.edit(_("Change survey “{title}”").format(title=survey.title), survey.project_id) as edit:
        tables.surveys.update(edit, survey_id, **fields)


def delete_survey(session: Session, survey_id: EntityId) -> None:
    """Delete a questionnaire with its questions."""
    survey = tables.surveys.get(session.workspace, survey_id)
    with session.edit(_("Delete survey “{title}”").format(title=survey.title), survey.project_id) as edit:
        tables.surveys.delete(edit, survey_id)


def release(session: Session, survey_id: EntityId) -> None:
    """Release a questionnaire for interviews. Raises RuleError while its checks find errors."""
    view = load_survey(session, survey_id)
    if not view.questions:
        raise RuleError(_("The questionnaire has no questions yet."))
    problems = [finding.words() for finding in check(view).errors]
    if problems:
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


def add_question(
    session: Session, survey_id: EntityId, kind: QuestionKind, *, index: int | None = None, question: str = ""
) -> Question:
    """Add a question at a place, with two options where its kind has options."""
    survey = _editable(session, survey_id)
    existing = tables.questions.all(session.workspace, survey_id=survey_id)
    at = len(existing) if index is None else max(0, min(index, len(existing)))
    added = Question(
        new_id(),
        survey.project_id,
        survey_id,
        at,
        _free_code(existing),
        kind,
        text(question) or question_kind_label(kind),
        "",
        kind is not QuestionKind.NOTE,
        1 if kind is QuestionKind.SCALE else 0,
        5 if kind is QuestionKind.SCALE else 0,
        "",
        "",
        False,
    )
    with session.edit(_("Add question “{question}”").format(question=added.text), survey.project_id) as edit:
        tables.questions.insert(edit, added)
        _renumber(edit, [*existing[:at], added, *existing[at:]])
        if kind in _WITH_OPTIONS:
            for position in range(2):
                label = _("Option {number}").format(number=position + 1)
                tables.options.insert(edit, _new_option(added, position, label))
    return added


def update_question(session: Session, question_id: EntityId, **fields: Any) -> None:
    """Change a question's text, hint, required, bounds or labels. Raises InputError for impossible bounds."""
    question = tables.questions.get(session.workspace, question_id)
    _editable(session, question.survey_id)
    if "text" in fields:
        fields["text"] = required_text(fields["text"], _("question"))
    for field in ("hint", "low_label", "high_label", "code"):
        if field in fields:
            fields[field] = text(fields[field])
    new = replace(question, **fields)
    if new.maximum and new.minimum > new.maximum:
        raise InputError(_("The minimum is larger than the maximum."))
    if new.kind is QuestionKind.SCALE and not 2 <= new.maximum - new.minimum + 1 <= 11:
        raise InputError(_("A scale has 2 to 11 points."))
    label = _("Change question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        tables.questions.update(edit, question_id, **fields)


def change_kind(session: Session, question_id: EntityId, kind: QuestionKind) -> None:
    """Turn a question into another kind; options and jumps on options go where the new kind has none."""
    question = tables.questions.get(session.workspace, question_id)
    _editable(session, question.survey_id)
    options = tables.options.all(session.workspace, question_id=question_id)
    scale = kind is QuestionKind.SCALE
    label = _("Change question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        bounds = {"minimum": 1 if scale else 0, "maximum": 5 if scale else 0} if kind is not question.kind else {}
        tables.questions.update(edit, question_id, kind=kind, **bounds)
        if kind not in _WITH_OPTIONS:
            tables.options.delete(edit, *(option.id for option in options))
        elif not options:
            for position in range(2):
                tables.options.insert(
                    edit, _new_option(question, position, _("Option {number}").format(number=position + 1))
                )


def duplicate_question(session: Session, question_id: EntityId) -> Question:
    """Copy a question with its options behind itself; jumps are not copied."""
    question = tables.questions.get(session.workspace, question_id)
    _editable(session, question.survey_id)
    existing = tables.questions.all(session.workspace, survey_id=question.survey_id)
    copy = replace(question, id=new_id(), code=_free_code(existing), position=question.position + 1)
    at = next(index for index, one in enumerate(existing) if one.id == question_id) + 1
    label = _("Duplicate question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        tables.questions.insert(edit, copy)
        _renumber(edit, [*existing[:at], copy, *existing[at:]])
        for option in tables.options.all(edit, question_id=question_id):
            tables.options.insert(edit, replace(option, id=new_id(), question_id=copy.id))
    return copy


def delete_question(session: Session, question_id: EntityId) -> None:
    """Delete a question with its options and every jump that leads to it."""
    question = tables.questions.get(session.workspace, question_id)
    _editable(session, question.survey_id)
    left = [one for one in tables.questions.all(session.workspace, survey_id=question.survey_id) if one != question]
    label = _("Delete question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        tables.questions.delete(edit, question_id)
        _renumber(edit, left)


def dependants(session: Session, question_id: EntityId) -> tuple[Question, ...]:
    """Return the questions whose jumps lead to a question; deleting it removes those jumps."""
    sources = {jump.question_id for jump in tables.jumps.all(session.workspace, target_question_id=question_id)}
    return tables.questions.among(session.workspace, "id", sources)


def move_question(session: Session, question_id: EntityId, index: int) -> None:
    """Move a question to a place; jumps that would lead backward are reported by the checks."""
    question = tables.questions.get(session.workspace, question_id)
    _editable(session, question.survey_id)
    ordered = [
        one for one in tables.questions.all(session.workspace, survey_id=question.survey_id) if one.id != question_id
    ]
    ordered.insert(max(0, min(index, len(ordered))), question)
    label = _("Move question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        _renumber(edit, ordered)


def add_option(session: Session, question_id: EntityId, label: str = "") -> Option:
    """Add an answer at the end."""
    question = tables.questions.get(session.workspace, question_id)
    _editable(session, question.survey_id)
    position = tables.options.count(session.workspace, question_id=question_id)
    option = _new_option(question, position, text(label) or _("Option {number}").format(number=position + 1))
    with session.edit(_("Add option “{option}”").format(option=option.label), question.project_id) as edit:
        tables.options.insert(edit, option)
    return option


def update_option(session: Session, option_id: EntityId, **fields: Any) -> None:
    """Change an answer's label, whether it excludes the others, or whether it asks for text."""
    option = tables.options.get(session.workspace, option_id)
    _editable_question(session, option.question_id)
    if "label" in fields:
        fields["label"] = required_text(fields["label"], _("option"))
    with session.edit(_("Change option “{option}”").format(option=option.label), option.project_id) as edit:
        tables.options.update(edit, option_id, **fields)


def delete_option(session: Session, option_id: EntityId) -> None:
    """Delete an answer with its jump."""
    option = tables.options.get(session.workspace, option_id)
    _editable_question(session, option.question_id)
    with session.edit(_("Delete option “{option}”").format(option=option.label), option.project_id) as edit:
        tables.options.delete(edit, option_id)
        _renumber_options(edit, tables.options.all(edit, question_id=option.question_id))


def move_option(session: Session, option_id: EntityId, index: int) -> None:
    """Move an answer to a place among its question's answers."""
    option = tables.options.get(session.workspace, option_id)
    _editable_question(session, option.question_id)
    ordered = [
        one for one in tables.options.all(session.workspace, question_id=option.question_id) if one.id != option_id
    ]
    ordered.insert(max(0, min(index, len(ordered))), option)
    with session.edit(_("Move option “{option}”").format(option=option.label), option.project_id) as edit:
        _renumber_options(edit, ordered)


def set_jump(
    session: Session,
    question_id: EntityId,
    option_id: EntityId | None,
    target: JumpTarget | None,
    target_question_id: EntityId | None = None,
) -> None:
    """Set where an answer leads, or every answer with ``option_id`` None; a ``target`` of None means the next question.

    Raises RuleError for a jump backward or to the question itself.
    """
    question = _editable_question(session, question_id)
    if target is JumpTarget.QUESTION:
        if target_question_id is None:
            raise InputError(_("Choose the question to jump to."))
        goal = tables.questions.get(session.workspace, target_question_id)
        if goal.survey_id != question.survey_id or goal.position <= question.position:
            raise RuleError(_("A jump can only lead to a later question."))
    existing = tables.jumps.all(session.workspace, question_id=question_id)
    old = [jump for jump in existing if jump.option_id == option_id]
    label = _("Jump of question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        tables.jumps.delete(edit, *(jump.id for jump in old))
        if target is not None:
            position = old[0].position if old else max((jump.position for jump in existing), default=-1) + 1
            if option_id is None:
                position = 1_000_000
            goal_id = target_question_id if target is JumpTarget.QUESTION else None
            tables.jumps.insert(
                edit, Jump(new_id(), question.project_id, question_id, position, option_id, target, goal_id)
            )


def _set_state(session: Session, survey: Survey, state: SurveyState, label: str) -> None:
    with session.edit(label.format(title=survey.title), survey.project_id) as edit:
        tables.surveys.update(edit, survey.id, state=state)


def _editable(session: Session, survey_id: EntityId) -> Survey:
    survey = tables.surveys.get(session.workspace, survey_id)
    if survey.state is not SurveyState.DRAFT:
        raise RuleError(_("A released questionnaire cannot be changed."), _("Turn it back into a draft to edit it."))
    return survey


def _editable_question(session: Session, question_id: EntityId) -> Question:
    question = tables.questions.get(session.workspace, question_id)
    _editable(session, question.survey_id)
    return question


def _new_option(question: Question, position: int, label: str) -> Option:
    return Option(new_id(), question.project_id, question.id, position, label, False, False)


def _free_code(existing: Sequence[Question]) -> str:
    taken = {question.code for question in existing}
    number = len(existing) + 1
    while f"Q{number}" in taken:
        number += 1
    return f"Q{number}"


def _renumber(edit: Edit, ordered: Sequence[Question]) -> None:
    tables.questions.update_many(edit, ((one.id, {"position": at}) for at, one in enumerate(ordered)))


def _renumber_options(edit: Edit, ordered: Sequence[Option]) -> None:
    tables.options.update_many(edit, ((one.id, {"position": at}) for at, one in enumerate(ordered)))

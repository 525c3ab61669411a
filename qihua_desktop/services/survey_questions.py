"""Editing the questions of a questionnaire; only a draft can be edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.survey import (
    KINDS_WITH_OPTIONS,
    KINDS_WITH_ROUTES,
    NPS_ENDS,
    Option,
    Question,
    QuestionKind,
    Survey,
    SurveyState,
    question_kind_label,
)
from qihua_desktop.i18n import _

from .limits import required_text, text
from .session import Session

MOST_POINTS: Final = 11
LARGEST_NUMBER: Final = 1_000_000_000
_LIKERT_ENDS: Final = (1, 5)
_STARTING_OPTIONS: Final = 2


def add_question(
    session: Session,
    survey_id: EntityId,
    kind: QuestionKind,
    *,
    index: int | None = None,
    question: str = "",
    nps: bool = False,
) -> Question:
    """Add a question at a place, with two options where its kind has options; ``nps`` makes a scale from 0 to 10."""
    survey = editable_survey(session, survey_id)
    existing = tables.questions.all(session.workspace, survey_id=survey_id)
    at = len(existing) if index is None else max(0, min(index, len(existing)))
    low, high = _bounds(kind, nps=nps)
    added = Question(
        new_id(),
        survey.project_id,
        survey_id,
        at,
        _free_code(existing),
        kind,
        text(question) or (_("How likely are you to recommend us?") if nps else question_kind_label(kind)),
        "",
        kind is not QuestionKind.NOTE,
        low,
        high,
        _("Not at all") if nps else "",
        _("Certainly") if nps else "",
        False,
    )
    with session.edit(_("Add question “{question}”").format(question=added.text), survey.project_id) as edit:
        tables.questions.insert(edit, added)
        _renumber(edit, [*existing[:at], added, *existing[at:]])
        if kind in KINDS_WITH_OPTIONS:
            _add_starting_options(edit, added)
    return added


def update_question(session: Session, question_id: EntityId, **fields: Any) -> None:
    """Change a question's text, hint, required, bounds or labels. Raises InputError for impossible bounds."""
    question = editable_question(session, question_id)
    if "kind" in fields:
        raise ValueError("use change_kind")
    if "text" in fields:
        fields["text"] = required_text(fields["text"], _("question"))
    for field in ("hint", "low_label", "high_label"):
        if field in fields:
            fields[field] = text(fields[field])
    if "code" in fields:
        fields["code"] = required_text(fields["code"], _("number"))
        others = tables.questions.all(session.workspace, survey_id=question.survey_id)
        if any(one.code.casefold() == fields["code"].casefold() for one in others if one.id != question_id):
            raise InputError(_("Another question has the number “{code}”.").format(code=fields["code"]))
    _check_bounds(replace(question, **fields))
    label = _("Change question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        tables.questions.update(edit, question_id, **fields)


def change_kind(session: Session, question_id: EntityId, kind: QuestionKind) -> None:
    """Turn a question into another kind; options and jumps on options go where the new kind has none."""
    question = editable_question(session, question_id)
    if kind is question.kind:
        return
    options = tables.options.all(session.workspace, question_id=question_id)
    low, high = _bounds(kind, nps=False)
    fields: dict[str, Any] = {"kind": kind, "minimum": low, "maximum": high, "low_label": "", "high_label": ""}
    if QuestionKind.NOTE in (kind, question.kind):
        fields["required"] = kind is not QuestionKind.NOTE
    if kind not in KINDS_WITH_OPTIONS:
        fields["randomise"] = False
    label = _("Change question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        tables.questions.update(edit, question_id, **fields)
        if kind not in KINDS_WITH_OPTIONS:
            tables.options.delete(edit, *(option.id for option in options))
        elif not options:
            _add_starting_options(edit, question)
        elif kind is not QuestionKind.MULTIPLE:
            tables.options.update_many(
                edit, ((option.id, {"exclusive": False}) for option in options if option.exclusive)
            )
        if kind in KINDS_WITH_OPTIONS - KINDS_WITH_ROUTES:
            jumps = tables.jumps.all(edit, question_id=question_id)
            tables.jumps.delete(edit, *(jump.id for jump in jumps if jump.option_id is not None))


def duplicate_question(session: Session, question_id: EntityId) -> Question:
    """Copy a question with its options behind itself; jumps are not copied."""
    question = editable_question(session, question_id)
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
    question = editable_question(session, question_id)
    everything = tables.questions.all(session.workspace, survey_id=question.survey_id)
    label = _("Delete question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        tables.questions.delete(edit, question_id)
        _renumber(edit, [one for one in everything if one.id != question_id])


def dependants(session: Session, question_id: EntityId) -> tuple[Question, ...]:
    """Return the questions whose jumps lead to a question, in order; deleting it removes those jumps."""
    sources = {jump.question_id for jump in tables.jumps.all(session.workspace, target_question_id=question_id)}
    return tables.questions.among(session.workspace, "id", sources)


def move_question(session: Session, question_id: EntityId, index: int) -> None:
    """Move a question to a place; jumps that would lead backward stay and are reported by the checks."""
    question = editable_question(session, question_id)
    before = tables.questions.all(session.workspace, survey_id=question.survey_id)
    ordered = [one for one in before if one.id != question_id]
    ordered.insert(max(0, min(index, len(ordered))), question)
    if [one.id for one in ordered] == [one.id for one in before]:
        return
    label = _("Move question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        _renumber(edit, ordered)


def editable_survey(session: Session, survey_id: EntityId) -> Survey:
    """Return a draft. Raises RuleError for a released or closed questionnaire."""
    survey = tables.surveys.get(session.workspace, survey_id)
    if survey.state is not SurveyState.DRAFT:
        raise RuleError(_("A released questionnaire cannot be changed."), _("Turn it back into a draft to edit it."))
    return survey


def editable_question(session: Session, question_id: EntityId) -> Question:
    """Return a question of a draft. Raises RuleError for one of a released or closed questionnaire."""
    question = tables.questions.get(session.workspace, question_id)
    editable_survey(session, question.survey_id)
    return question


def new_option(question: Question, position: int, label: str) -> Option:
    """Return an answer without flags."""
    return Option(new_id(), question.project_id, question.id, position, label, exclusive=False, with_text=False)


def numbered_label(number: int) -> str:
    """Return what an answer is called before anybody named it."""
    return _("Option {number}").format(number=number)


def _add_starting_options(edit: Edit, question: Question) -> None:
    for position in range(_STARTING_OPTIONS):
        tables.options.insert(edit, new_option(question, position, numbered_label(position + 1)))


def _bounds(kind: QuestionKind, *, nps: bool) -> tuple[int, int]:
    if kind is not QuestionKind.SCALE:
        return 0, 0
    return NPS_ENDS if nps else _LIKERT_ENDS


def _check_bounds(question: Question) -> None:
    low, high = question.minimum, question.maximum
    if max(abs(low), abs(high)) > LARGEST_NUMBER:
        raise InputError(_("A number between −{most} and {most} fits here.").format(most=f"{LARGEST_NUMBER:,}"))
    if question.kind is QuestionKind.SCALE:
        if not 2 <= high - low + 1 <= MOST_POINTS:
            raise InputError(_("A scale has 2 to {most} points.").format(most=MOST_POINTS))
    elif high and low > high:
        raise InputError(_("The minimum is larger than the maximum."))
    if question.kind in KINDS_WITH_OPTIONS and low < 0:
        raise InputError(_("The number of choices cannot be negative."))


def _free_code(existing: Sequence[Question]) -> str:
    taken = {question.code for question in existing}
    number = len(existing) + 1
    while f"Q{number}" in taken:
        number += 1
    return f"Q{number}"


def _renumber(edit: Edit, ordered: Sequence[Question]) -> None:
    tables.questions.update_many(edit, ((one.id, {"position": at}) for at, one in enumerate(ordered)))

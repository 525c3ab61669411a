"""Editing the answers of a question and where they lead; only a draft can be edited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.survey import KINDS_WITH_OPTIONS, KINDS_WITH_ROUTES, Jump, JumpTarget, Option, Question
from qihua_desktop.i18n import _, ngettext

from .limits import required_text, text
from .session import Session
from .survey_questions import editable_question, new_option, numbered_label

MOST_OPTIONS: Final = 200
_AFTER_ALL: Final = 1_000_000
"""The place of the jump of every other answer: behind those of single answers."""


def add_option(session: Session, question_id: EntityId, label: str = "", *, index: int | None = None) -> Option:
    """Add an answer at a place, at the end without one; an unnamed one is numbered."""
    question = editable_question(session, question_id)
    existing = tables.options.all(session.workspace, question_id=question_id)
    _check_room(question, existing, 1)
    option = new_option(question, len(existing), text(label) or _free_label(existing))
    at = len(existing) if index is None else max(0, min(index, len(existing)))
    with session.edit(_("Add option “{option}”").format(option=option.label), question.project_id) as edit:
        tables.options.insert(edit, option)
        _renumber(edit, question_id, [*existing[:at], option, *existing[at:]])
    return option


def add_options(session: Session, question_id: EntityId, labels: Sequence[str], *, index: int) -> tuple[Option, ...]:
    """Add several answers at a place, as pasted from a list; empty lines are left out."""
    question = editable_question(session, question_id)
    existing = tables.options.all(session.workspace, question_id=question_id)
    wanted = [label for label in (text(one) for one in labels) if label]
    if not wanted:
        return ()
    _check_room(question, existing, len(wanted))
    added = tuple(new_option(question, len(existing) + at, label) for at, label in enumerate(wanted))
    words = ngettext("Add {count} option", "Add {count} options", len(added)).format(count=len(added))
    at = max(0, min(index, len(existing)))
    with session.edit(words, question.project_id) as edit:
        tables.options.insert_many(edit, added)
        _renumber(edit, question_id, [*existing[:at], *added, *existing[at:]])
    return added


def update_option(session: Session, option_id: EntityId, **fields: Any) -> None:
    """Change an answer's label, whether it excludes the others, or whether it asks for text."""
    option = tables.options.get(session.workspace, option_id)
    editable_question(session, option.question_id)
    if "label" in fields:
        fields["label"] = required_text(fields["label"], _("option"))
    with session.edit(_("Change option “{option}”").format(option=option.label), option.project_id) as edit:
        tables.options.update(edit, option_id, **fields)


def delete_option(session: Session, option_id: EntityId) -> None:
    """Delete an answer with its jump."""
    option = tables.options.get(session.workspace, option_id)
    editable_question(session, option.question_id)
    with session.edit(_("Delete option “{option}”").format(option=option.label), option.project_id) as edit:
        tables.options.delete(edit, option_id)
        _renumber(edit, option.question_id, tables.options.all(edit, question_id=option.question_id))


def move_option(session: Session, option_id: EntityId, index: int) -> None:
    """Move an answer to a place among its question's answers; its jump goes along."""
    option = tables.options.get(session.workspace, option_id)
    editable_question(session, option.question_id)
    before = tables.options.all(session.workspace, question_id=option.question_id)
    ordered = [one for one in before if one.id != option_id]
    ordered.insert(max(0, min(index, len(ordered))), option)
    if [one.id for one in ordered] == [one.id for one in before]:
        return
    with session.edit(_("Move option “{option}”").format(option=option.label), option.project_id) as edit:
        _renumber(edit, option.question_id, ordered)


def set_jump(
    session: Session,
    question_id: EntityId,
    option_id: EntityId | None,
    target: JumpTarget | None,
    target_question_id: EntityId | None = None,
) -> None:
    """Set where an answer leads; with ``option_id`` None every answer without a jump of its own.

    A ``target`` of None means the next question. The jumps of several chosen answers count in the order of the answers.
    Raises RuleError for a jump backward or to the question itself.
    """
    question = editable_question(session, question_id)
    options = tables.options.all(session.workspace, question_id=question_id)
    places = {option.id: at for at, option in enumerate(options)}
    if option_id is not None and option_id not in places:
        raise InputError(_("The option does not belong to this question."))
    if option_id is not None and question.kind not in KINDS_WITH_ROUTES:
        raise InputError(_("A ranking has no jumps of single options: all of them are ranked."))
    goal = _goal(session, question, target, target_question_id)
    old = [jump for jump in tables.jumps.all(session.workspace, question_id=question_id) if jump.option_id == option_id]
    if [(jump.target, jump.target_question_id) for jump in old] == ([] if target is None else [(target, goal)]):
        return
    label = _("Jump of question “{question}”").format(question=question.text)
    with session.edit(label, question.project_id) as edit:
        tables.jumps.delete(edit, *(jump.id for jump in old))
        if target is not None:
            position = _AFTER_ALL if option_id is None else places[option_id]
            jump = Jump(new_id(), question.project_id, question_id, position, option_id, target, goal)
            tables.jumps.insert(edit, jump)


def _goal(
    session: Session, question: Question, target: JumpTarget | None, target_question_id: EntityId | None
) -> EntityId | None:
    if target is not JumpTarget.QUESTION:
        return None
    if target_question_id is None:
        raise InputError(_("Choose the question to jump to."))
    goal = tables.questions.get(session.workspace, target_question_id)
    if goal.survey_id != question.survey_id or goal.position <= question.position:
        raise RuleError(_("A jump can only lead to a later question."))
    return goal.id


def _check_room(question: Question, existing: Sequence[Option], more: int) -> None:
    if question.kind not in KINDS_WITH_OPTIONS:
        raise InputError(_("This kind of question has no options."))
    if len(existing) + more > MOST_OPTIONS:
        raise InputError(_("A question has at most {count} options.").format(count=MOST_OPTIONS))


def _free_label(existing: Sequence[Option]) -> str:
    taken = {option.label for option in existing}
    number = len(existing) + 1
    while numbered_label(number) in taken:
        number += 1
    return numbered_label(number)


def _renumber(edit: Edit, question_id: EntityId, ordered: Sequence[Option]) -> None:
    """Number the answers, and their jumps alike: which jump counts first follows the answers."""
    tables.options.update_many(edit, ((one.id, {"position": at}) for at, one in enumerate(ordered)))
    places = {option.id: at for at, option in enumerate(ordered)}
    tables.jumps.update_many(
        edit,
        (
            (jump.id, {"position": places[jump.option_id]})
            for jump in tables.jumps.all(edit, question_id=question_id)
            if jump.option_id is not None and jump.option_id in places
        ),
    )

"""Questionnaires as data: questions, options and jumps. Ids never change; number, code and text may."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from qihua_desktop.i18n import N_, _

from .ids import EntityId


class QuestionKind(StrEnum):
    """The kinds of question the builder offers."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    SCALE = "scale"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    RANKING = "ranking"
    NOTE = "note"


class SurveyState(StrEnum):
    """Life of a questionnaire."""

    DRAFT = "draft"
    RELEASED = "released"
    CLOSED = "closed"


class JumpTarget(StrEnum):
    """Where a jump leads."""

    QUESTION = "question"
    END = "end"
    SCREEN_OUT = "screen_out"


@dataclass(frozen=True, slots=True)
class Survey:
    """A questionnaire of a project; ``target`` is the number of responses wanted."""

    id: EntityId
    project_id: EntityId
    position: int
    title: str
    intro: str
    outro: str
    state: SurveyState
    target: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question in order of ``position``.

    ``minimum``/``maximum`` bound the number of choices, a scale's ends, or a number; equal zeros mean unbounded for
    multiple choice. ``low_label``/``high_label`` name a scale's ends.
    """

    id: EntityId
    project_id: EntityId
    survey_id: EntityId
    position: int
    code: str
    kind: QuestionKind
    text: str
    hint: str
    required: bool
    minimum: int
    maximum: int
    low_label: str
    high_label: str
    randomise: bool


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to choose."""

    id: EntityId
    project_id: EntityId
    question_id: EntityId
    position: int
    label: str
    exclusive: bool
    with_text: bool


@dataclass(frozen=True, slots=True)
class Jump:
    """Where to go after a question: when ``option_id`` was chosen, or always when it is None; the first match wins."""

    id: EntityId
    project_id: EntityId
    question_id: EntityId
    position: int
    option_id: EntityId | None
    target: JumpTarget
    target_question_id: EntityId | None


_KINDS = {
    QuestionKind.SINGLE: N_("Single choice"),
    QuestionKind.MULTIPLE: N_("Multiple choice"),
    QuestionKind.SCALE: N_("Scale"),
    QuestionKind.TEXT: N_("Text"),
    QuestionKind.NUMBER: N_("Number"),
    QuestionKind.DATE: N_("Date"),
    QuestionKind.RANKING: N_("Ranking"),
    QuestionKind.NOTE: N_("Note"),
}


def question_kind_label(kind: QuestionKind) -> str:
    """Return the kind's name in the user's language."""
    return _(_KINDS[kind])


KINDS_WITH_OPTIONS: Final = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.RANKING})
KINDS_WITH_ROUTES: Final = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})
"""Single answers of these kinds may lead elsewhere; in a ranking every answer is given."""
NPS_ENDS: Final = (0, 10)
"""A scale from 0 to 10 asks how likely people are to recommend: the net promoter score."""

_STATES = {
    SurveyState.DRAFT: N_("Draft"),
    SurveyState.RELEASED: N_("Released"),
    SurveyState.CLOSED: N_("Collection ended"),
}


def survey_state_label(state: SurveyState) -> str:
    """Return the state's name in the user's language."""
    return _(_STATES[state])


def is_nps(question: Question) -> bool:
    """Tell whether a question is a scale that gives a net promoter score."""
    return question.kind is QuestionKind.SCALE and (question.minimum, question.maximum) == NPS_ENDS


def kind_words(question: Question) -> str:
    """Return the kind with what matters of it: ``NPS 0–10``, ``Scale 1–5``, else just its name."""
    if question.kind is not QuestionKind.SCALE:
        return question_kind_label(question.kind)
    name = "NPS" if is_nps(question) else question_kind_label(question.kind)
    return f"{name} {question.minimum}–{question.maximum}"

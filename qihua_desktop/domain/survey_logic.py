"""The one logic of questionnaires: conditions, what they say about answers, and questions as the checks see them.

Every leaf of a condition is false while its question is unanswered: hidden, jumped over or left empty. So "none of"
needs an answer, while the negation of "any of" does not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from operator import eq, ge, gt, le, lt, ne
from typing import Final, TypeAlias

from .survey import JumpTarget, QuestionKind

Key: TypeAlias = bytes | str
"""Names a question or an option: the row's id, or a name in imported files and tests."""

Answer: TypeAlias = frozenset[Key] | tuple[Key, ...] | int | str
"""Chosen options, ranked options, a number, or text (dates as YYYY-MM-DD)."""


class ChoiceMode(StrEnum):
    """How many of the named options must have been chosen."""

    ANY = "any"
    ALL = "all"
    NONE = "none"


class Operator(StrEnum):
    """How a number is compared."""

    EQUAL = "="
    UNEQUAL = "!="
    LESS = "<"
    AT_MOST = "<="
    MORE = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Answered:
    """The question was answered."""

    question: Key


@dataclass(frozen=True, slots=True)
class Chose:
    """Any, all or none of the options were chosen."""

    question: Key
    mode: ChoiceMode
    options: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Compare:
    """The number given compares with a constant."""

    question: Key
    operator: Operator
    constant: int


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


Leaf: TypeAlias = Answered | Chose | Compare
Condition: TypeAlias = "Answered | Chose | Compare | And | Or | Not"


@dataclass(frozen=True, slots=True)
class FlowOption:
    """An answer to choose; an exclusive one cannot go together with others."""

    key: Key
    label: str = ""
    exclusive: bool = False


@dataclass(frozen=True, slots=True)
class FlowJump:
    """Where to go after a question that was shown, when the condition holds (always without one)."""

    target: JumpTarget
    question: Key | None = None
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class FlowQuestion:
    """A question as logic sees it. ``minimum``/``maximum`` are None where nothing bounds the answer."""

    key: Key
    code: str
    kind: QuestionKind
    required: bool = True
    options: tuple[FlowOption, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    show_if: Condition | None = None
    jumps: tuple[FlowJump, ...] = ()

    def choice_bounds(self) -> tuple[int, int]:
        """Return how many options an answer may hold; unbounded ranking means all of them."""
        size = len(self.options)
        if self.kind is QuestionKind.SINGLE:
            return 1, 1
        least = self.minimum if self.minimum is not None else size if self.kind is QuestionKind.RANKING else 1
        most = self.maximum if self.maximum is not None else size
        return max(1, min(least, size)), min(most, size)


@dataclass(frozen=True)
class Form:
    """A questionnaire in order."""

    questions: tuple[FlowQuestion, ...]

    @cached_property
    def index(self) -> Mapping[Key, int]:
        """Where each question stands; the first one of equal keys."""
        places: dict[Key, int] = {}
        for place, question in enumerate(self.questions):
            places.setdefault(question.key, place)
        return places


CHOICES: Final = frozenset((QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.RANKING))
NUMBERS: Final = frozenset((QuestionKind.NUMBER, QuestionKind.SCALE))

SECONDS: Final[Mapping[QuestionKind, int]] = {
    QuestionKind.SINGLE: 12,
    QuestionKind.MULTIPLE: 20,
    QuestionKind.SCALE: 10,
    QuestionKind.TEXT: 40,
    QuestionKind.NUMBER: 15,
    QuestionKind.DATE: 15,
    QuestionKind.RANKING: 30,
    QuestionKind.NOTE: 8,
}
"""How long people take for a question, roughly; for the estimate of a whole questionnaire."""

_OPERATORS = {
    Operator.EQUAL: eq,
    Operator.UNEQUAL: ne,
    Operator.LESS: lt,
    Operator.AT_MOST: le,
    Operator.MORE: gt,
    Operator.AT_LEAST: ge,
}


def leaves(condition: Condition | None) -> Iterator[Leaf]:
    """Yield the leaves of a condition from left to right, equal ones as often as they stand there."""
    if condition is None:
        return
    if isinstance(condition, (And, Or)):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        yield condition


def leaf_holds(leaf: Leaf, answer: Answer | None) -> bool:
    """Tell whether a leaf holds for the answer of its question; never for None."""
    if answer is None:
        return False
    if isinstance(leaf, Answered):
        return True
    if isinstance(leaf, Compare):
        return isinstance(answer, int) and bool(_OPERATORS[leaf.operator](answer, leaf.constant))
    if not isinstance(answer, (frozenset, tuple)):
        return False
    chosen = leaf.options.intersection(answer)
    if leaf.mode is ChoiceMode.ANY:
        return bool(chosen)
    return len(chosen) == len(leaf.options) if leaf.mode is ChoiceMode.ALL else not chosen


def holds(condition: Condition | None, answers: Mapping[Key, Answer]) -> bool:
    """Tell whether a condition holds for the answers in force; without a condition always."""
    if condition is None:
        return True
    if isinstance(condition, And):
        return all(holds(part, answers) for part in condition.parts)
    if isinstance(condition, Or):
        return any(holds(part, answers) for part in condition.parts)
    if isinstance(condition, Not):
        return not holds(condition.part, answers)
    return leaf_holds(condition, answers.get(condition.question))


def jump_taken(question: FlowQuestion, answers: Mapping[Key, Answer]) -> FlowJump | None:
    """Return the first jump of a shown question that applies; the first match wins."""
    return next((jump for jump in question.jumps if holds(jump.when, answers)), None)

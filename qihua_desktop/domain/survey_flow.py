"""Running a questionnaire: which question comes next, going back, and what may be exported."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from qihua_desktop.i18n import _, ngettext

from .errors import InputError
from .survey import Jump, JumpTarget, Option, Question, QuestionKind
from .survey_logic import (
    CHOICES,
    NUMBERS,
    Answer,
    ChoiceMode,
    Chose,
    FlowJump,
    FlowOption,
    FlowQuestion,
    Form,
    Key,
    holds,
    jump_taken,
)

LONGEST_TEXT: Final = 10_000


class Outcome(StrEnum):
    """How a run ended."""

    COMPLETED = "completed"
    SCREENED_OUT = "screened_out"


@dataclass(frozen=True, slots=True)
class Step:
    """Where a run goes: to the question at ``place``, or to its end."""

    place: int | None
    outcome: Outcome | None


def compile_form(questions: Iterable[Question], options: Iterable[Option], jumps: Iterable[Jump]) -> Form:
    """Build the logic of a questionnaire from its rows, in any order."""
    choices: dict[Key, list[Option]] = {}
    for option in sorted(options, key=lambda row: (row.position, row.id)):
        choices.setdefault(option.question_id, []).append(option)
    routes: dict[Key, list[Jump]] = {}
    for jump in sorted(jumps, key=lambda row: (row.position, row.id)):
        routes.setdefault(jump.question_id, []).append(jump)
    return Form(
        tuple(
            _flow_question(question, choices.get(question.id, ()), routes.get(question.id, ()))
            for question in sorted(questions, key=lambda row: (row.position, row.id))
        )
    )


def _flow_question(question: Question, options: Sequence[Option], jumps: Sequence[Jump]) -> FlowQuestion:
    bounded = question.minimum or question.maximum
    least: int | None = question.minimum if bounded else None
    most: int | None = question.maximum if bounded else None
    if question.kind in CHOICES:
        least, most = least or None, most or None
    elif least is not None and most == 0 and least > 0:
        most = None
    return FlowQuestion(
        question.id,
        question.code,
        question.kind,
        question.required,
        tuple(FlowOption(option.id, option.label, option.exclusive) for option in options),
        least,
        most,
        None,
        tuple(
            FlowJump(
                jump.target,
                jump.target_question_id,
                None if jump.option_id is None else Chose(question.id, ChoiceMode.ANY, frozenset((jump.option_id,))),
            )
            for jump in jumps
        ),
    )


class Runner:
    """One run through a questionnaire.

    Answers given on a branch that was left again are kept for going back, but they steer nothing and are never
    exported: only answers on the present route count.
    """

    def __init__(self, form: Form) -> None:
        self._form = form
        self._kept: dict[Key, Answer] = {}
        self._route: list[int] = []
        self._step = self._next()

    @property
    def form(self) -> Form:
        """The questionnaire that is run through."""
        return self._form

    @property
    def current(self) -> FlowQuestion | None:
        """The question to answer now, None when the run has ended."""
        return None if self._step.place is None else self._form.questions[self._step.place]

    @property
    def outcome(self) -> Outcome | None:
        """How the run ended, None while it goes on."""
        return self._step.outcome

    @property
    def kept_answer(self) -> Answer | None:
        """What was answered to the current question before, to be shown again."""
        return self._kept.get(self.current.key) if self.current is not None else None

    @property
    def route(self) -> tuple[Key, ...]:
        """The questions shown so far on the present route, without the current one."""
        return tuple(self._form.questions[place].key for place in self._route)

    @property
    def progress(self) -> int:
        """How far the run is in basis points, by the place in the questionnaire; it never falls when going on."""
        if self._step.place is None:
            return 10_000
        return self._step.place * 10_000 // len(self._form.questions)

    def answer(self, value: Answer | None) -> None:
        """Answer the current question, None to leave it empty, and go on.

        Raises InputError when the value does not fit; the run stays where it is.
        """
        question = self.current
        if question is None or self._step.place is None:
            raise InputError(_("The questionnaire has ended."))
        reason = refusal(question, value)
        if reason is not None:
            raise InputError(reason)
        if value is None:
            self._kept.pop(question.key, None)
        else:
            self._kept[question.key] = value
        self._route.append(self._step.place)
        self._step = self._next()

    def back(self) -> bool:
        """Return to the question shown before; False at the first one. Nothing that was answered is lost."""
        if not self._route:
            return False
        self._step = Step(self._route.pop(), None)
        return True

    def exported(self) -> dict[Key, Answer]:
        """Return the answers on the present route."""
        return {key: self._kept[key] for key in self.route if key in self._kept}

    def _next(self) -> Step:
        return next_step(self._form, self._route, self.exported())


def next_step(form: Form, route: Sequence[int], answers: dict[Key, Answer]) -> Step:
    """Return what follows a route (places of the questions shown) with the answers given on it."""
    place = 0
    if route:
        question = form.questions[route[-1]]
        place = route[-1] + 1
        jump = jump_taken(question, answers)
        if jump is not None:
            if jump.target is JumpTarget.END:
                return Step(None, Outcome.COMPLETED)
            if jump.target is JumpTarget.SCREEN_OUT:
                return Step(None, Outcome.SCREENED_OUT)
            # A jump that does not lead forward is refused by the check; here it must not loop.
            place = max(place, form.index.get(jump.question, 0) if jump.question is not None else 0)
    while place < len(form.questions):
        if holds(form.questions[place].show_if, answers):
            return Step(place, None)
        place += 1
    return Step(None, Outcome.COMPLETED)


def refusal(question: FlowQuestion, value: Answer | None) -> str | None:
    """Return why a value is no answer to a question, None when it is one."""
    if question.kind is QuestionKind.NOTE:
        return None if value is None else _("This is a note, not a question.")
    if value is None or value == "" or value == frozenset() or value == ():
        return _("Please answer this question.") if question.required else None
    if question.kind in CHOICES:
        return _choice_refusal(question, value)
    if question.kind in NUMBERS:
        return _number_refusal(question, value)
    if not isinstance(value, str):
        return _("Please answer with text.")
    if question.kind is QuestionKind.DATE:
        try:
            date.fromisoformat(value)
        except ValueError:
            return _("Please enter a date such as 2026-09-19.")
        return None
    return _("The text is too long.") if len(value) > LONGEST_TEXT else None


def _choice_refusal(question: FlowQuestion, value: Answer) -> str | None:
    wanted = tuple if question.kind is QuestionKind.RANKING else frozenset
    if not isinstance(value, wanted):
        return _("Please choose from the options.")
    chosen = set(value)
    known = {option.key for option in question.options}
    if len(chosen) != len(value) or not chosen <= known:
        return _("Please choose from the options.")
    exclusive = [option.label for option in question.options if option.exclusive and option.key in chosen]
    if exclusive and question.kind is QuestionKind.MULTIPLE:
        return _("“{option}” cannot go together with others.").format(option=exclusive[0]) if len(chosen) > 1 else None
    least, most = question.choice_bounds()
    if len(chosen) < least:
        return ngettext("Choose at least {count} option.", "Choose at least {count} options.", least).format(
            count=least
        )
    if len(chosen) > most:
        return ngettext("Choose at most {count} option.", "Choose at most {count} options.", most).format(count=most)
    return None


def _number_refusal(question: FlowQuestion, value: Answer) -> str | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return _("Please enter a whole number.")
    if question.minimum is not None and value < question.minimum:
        return _("The number must be at least {minimum}.").format(minimum=question.minimum)
    if question.maximum is not None and value > question.maximum:
        return _("The number must be at most {maximum}.").format(maximum=question.maximum)
    return None


def shown_order(question: Question, options: Sequence[Option], seed: int) -> tuple[Option, ...]:
    """Return the options as one respondent sees them: shuffled by the seed where the question asks for it.

    Answers that exclude the others or ask for text stay at the end, in their order.
    """
    if not question.randomise:
        return tuple(options)
    anchored = [option for option in options if option.exclusive or option.with_text]
    free = [option for option in options if not (option.exclusive or option.with_text)]
    random.Random(f"{seed}/{question.id.hex()}").shuffle(free)
    return (*free, *anchored)

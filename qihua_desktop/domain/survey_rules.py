"""The static check of a questionnaire: structure first, then what the exact sweep proves about every way through it."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import Final

from qihua_desktop.i18n import N_, _, ngettext

from .survey import NPS_ENDS, Jump, JumpTarget, Option, Question, QuestionKind
from .survey_flow import Runner, compile_form
from .survey_logic import (
    CHOICES,
    NUMBERS,
    Answer,
    Answered,
    Chose,
    Condition,
    FlowQuestion,
    Form,
    Key,
    Leaf,
    leaves,
)
from .survey_routes import blocker, codes_words, option_words, passed_over, path_words, routes
from .survey_sweep import MOST_STATES, Sweep, representatives, sweep

RANDOM_RESPONDENTS: Final = 5_000
MOST_DETOURS: Final = 8
"""Jumps named one by one in the words of the check."""


class Problem(StrEnum):
    """What can be wrong with the structure; any of these blocks release."""

    UNKNOWN_QUESTION = "ref.unknown_question"
    UNKNOWN_OPTION = "ref.unknown_option"
    SELF_REFERENCE = "ref.self"
    FORWARD_REFERENCE = "ref.forward"
    WRONG_OPERATOR = "op.type"
    BACKWARD_JUMP = "jump.backward"
    UNKNOWN_TARGET = "jump.unknown_target"
    DUPLICATE_CODE = "code.duplicate"
    DUPLICATE_OPTION = "option.duplicate"
    NO_OPTIONS = "option.missing"
    EMPTY_RANGE = "range.empty"


class Weight(StrEnum):
    """What a message is: an error blocks release, a warning deserves a look; then what was proved, and mere facts."""

    ERROR = "error"
    WARNING = "warning"
    PASSED = "passed"
    FACT = "fact"


@dataclass(frozen=True, slots=True)
class Finding:
    """A structural problem of a question."""

    problem: Problem
    question: Key


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the check for people; ``question`` is None when it is about the whole.

    ``witness`` gives answers that show it, as words.
    """

    weight: Weight
    question: Key | None
    text: str
    witness: str = ""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What the check found. With structural findings nothing else was examined.

    Questions stand in the order of the form. ``not_proved`` are questions about which the sweep could not decide within
    its limits: nothing is claimed of them. ``shortest``/``longest`` count questions on completed runs, times are
    seconds. ``paths`` counts different ways through the form, None when there are too many to count.
    """

    form: Form
    structure: tuple[Finding, ...] = ()
    unreachable: tuple[Key, ...] = ()
    always_shown: tuple[Key, ...] = ()
    sometimes_skipped: tuple[Key, ...] = ()
    not_proved: tuple[Key, ...] = ()
    all_screened_out: bool = False
    screen_out_possible: bool = False
    impossible_quotas: tuple[str, ...] = ()
    shortest: int | None = None
    longest: int | None = None
    quickest: int | None = None
    slowest: int | None = None
    paths: int | None = None
    complete: bool = False
    witnesses: Mapping[Key, Mapping[Key, Answer]] = field(default_factory=dict[Key, Mapping[Key, Answer]])
    end_witness: Mapping[Key, Answer] | None = None
    screen_out_witness: Mapping[Key, Answer] | None = None

    @property
    def may_release(self) -> bool:
        """Whether nothing blocks release: a sound structure, all reachable, somebody can complete it."""
        return bool(self.form.questions) and not (self.structure or self.unreachable or self.all_screened_out)

    def messages(self) -> tuple[Message, ...]:
        """Return the report in words, errors first."""
        found = list(_messages(self))
        order = list(Weight)
        return tuple(sorted(found, key=lambda message: order.index(message.weight)))


_PROBLEMS = {
    Problem.UNKNOWN_QUESTION: N_("{question}: the condition refers to a question that no longer exists."),
    Problem.UNKNOWN_OPTION: N_("{question}: the condition refers to an option that no longer exists."),
    Problem.SELF_REFERENCE: N_("{question}: the condition refers to the question itself."),
    Problem.FORWARD_REFERENCE: N_("{question}: the condition refers to a later question."),
    Problem.WRONG_OPERATOR: N_("{question}: the condition does not fit the kind of question it looks at."),
    Problem.BACKWARD_JUMP: N_("{question}: a jump must lead to a later question."),
    Problem.UNKNOWN_TARGET: N_("{question}: a jump leads to a question that no longer exists."),
    Problem.DUPLICATE_CODE: N_("{question}: another question has the same number."),
    Problem.DUPLICATE_OPTION: N_("{question}: two options are the same."),
    Problem.NO_OPTIONS: N_("{question}: there are no options to choose from."),
    Problem.EMPTY_RANGE: N_("{question}: the smallest value allowed is larger than the largest."),
}


def check_survey(questions: Iterable[Question], options: Iterable[Option], jumps: Iterable[Jump]) -> CheckReport:
    """Check a questionnaire given as rows."""
    return check_form(compile_form(questions, options, jumps))


def check_form(
    form: Form, quotas: Mapping[str, Condition] | None = None, *, most_states: int = MOST_STATES
) -> CheckReport:
    """Check a questionnaire; ``quotas`` are the conditions of quota cells by name."""
    quotas = quotas or {}
    structure = check_structure(form)
    if structure:
        return CheckReport(form, structure)
    found = sweep(form, quotas, most_states=most_states)
    complete = found.finished == len(form.questions)
    if not complete:
        _try_random_respondents(form, found)
    keys = [question.key for question in form.questions]
    proved = range(found.finished)
    return CheckReport(
        form,
        (),
        tuple(keys[place] for place in proved if place not in found.shown),
        tuple(
            keys[place]
            for place in proved
            if form.questions[place].show_if is not None
            and place in found.reached
            and place not in found.condition_false
        ),
        tuple(keys[place] for place in sorted(found.skipped & found.shown)),
        tuple(keys[place] for place in range(found.finished, len(keys)) if place not in found.shown),
        complete and found.end_witness is None,
        found.screen_out_witness is not None,
        tuple(name for name in quotas if name not in found.possible_quotas) if complete else (),
        *(found.questions if complete and found.questions else (None, None)),
        *(found.seconds if complete and found.seconds else (None, None)),
        found.paths,
        complete,
        {keys[place]: witness for place, witness in sorted(found.witnesses.items())},
        found.end_witness,
        found.screen_out_witness,
    )


def check_structure(form: Form) -> tuple[Finding, ...]:
    """Return what is wrong with references, jumps, codes and options, in the order of the form."""
    found: list[Finding] = []
    codes: set[str] = set()
    for place, question in enumerate(form.questions):
        code = question.code.strip().casefold()
        if code and code in codes:
            found.append(Finding(Problem.DUPLICATE_CODE, question.key))
        codes.add(code)
        found.extend(Finding(problem, question.key) for problem in _option_problems(question))
        found.extend(
            Finding(problem, question.key)
            for problem in _condition_problems(form, question.show_if, place, sees_itself=False)
        )
        for jump in question.jumps:
            found.extend(
                Finding(problem, question.key)
                for problem in _condition_problems(form, jump.when, place, sees_itself=True)
            )
            if jump.target is JumpTarget.QUESTION:
                target = form.index.get(jump.question) if jump.question is not None else None
                if target is None:
                    found.append(Finding(Problem.UNKNOWN_TARGET, question.key))
                elif target <= place:
                    found.append(Finding(Problem.BACKWARD_JUMP, question.key))
    return tuple(dict.fromkeys(found))


def _option_problems(question: FlowQuestion) -> Iterator[Problem]:
    if question.kind in CHOICES:
        labels = [(option.label or str(option.key)).strip() for option in question.options]
        if len(set(labels)) != len(labels):
            yield Problem.DUPLICATE_OPTION
        if not labels:
            yield Problem.NO_OPTIONS
    bounded = question.minimum is not None and question.maximum is not None
    if bounded and question.minimum > question.maximum:  # type: ignore[operator]
        yield Problem.EMPTY_RANGE


def _condition_problems(form: Form, condition: Condition | None, place: int, *, sees_itself: bool) -> Iterator[Problem]:
    for leaf in leaves(condition):
        at = form.index.get(leaf.question)
        if at is None:
            yield Problem.UNKNOWN_QUESTION
        elif at == place and not sees_itself:
            yield Problem.SELF_REFERENCE
        elif at > place:
            yield Problem.FORWARD_REFERENCE
        else:
            target = form.questions[at]
            if isinstance(leaf, Chose) and target.kind in CHOICES:
                if not leaf.options <= {option.key for option in target.options}:
                    yield Problem.UNKNOWN_OPTION
            elif isinstance(leaf, Answered):
                if target.kind is QuestionKind.NOTE:
                    yield Problem.WRONG_OPERATOR
            elif isinstance(leaf, Chose) or target.kind not in NUMBERS:
                yield Problem.WRONG_OPERATOR


def _try_random_respondents(form: Form, found: Sweep) -> None:
    """Let random respondents answer where the sweep gave up: a question they see is proved reachable."""
    chance = random.Random(len(form.questions))
    wanted = {
        question.key: [
            leaf
            for other in form.questions
            for condition in (other.show_if, *(jump.when for jump in other.jumps))
            for leaf in leaves(condition)
            if leaf.question == question.key
        ][:12]
        for question in form.questions
    }
    choices = {
        question.key: list(islice(representatives(question, wanted[question.key]), 500)) for question in form.questions
    }
    for _respondent in range(RANDOM_RESPONDENTS):
        runner = Runner(form)
        while runner.current is not None:
            place = form.index[runner.current.key]
            if place not in found.shown:
                found.shown.add(place)
                found.witnesses[place] = runner.exported()
            runner.answer(chance.choice(choices[runner.current.key]))
        if len(found.shown) == len(form.questions):
            return


def _messages(report: CheckReport) -> Iterator[Message]:
    codes = {question.key: question.code for question in report.form.questions}
    for finding in report.structure:
        text = _(_PROBLEMS[finding.problem]).format(question=codes[finding.question])
        yield Message(Weight.ERROR, finding.question, text)
    if report.structure:
        return
    if not report.form.questions:
        yield Message(Weight.ERROR, None, _("The questionnaire has no questions yet."))
        return
    yield from (_unreachable(report, key, codes) for key in report.unreachable)
    if report.all_screened_out:
        yield Message(Weight.ERROR, None, _("Every respondent is screened out; nobody can complete it."))
    for name in report.impossible_quotas:
        yield Message(Weight.WARNING, None, _("The quota “{name}” can never be filled.").format(name=name))
    for key in report.always_shown:
        text = _("{question}: the condition has no effect, everybody who gets there sees it.").format(
            question=codes[key]
        )
        yield Message(Weight.WARNING, key, text)
    for key in report.not_proved:
        text = _("{question}: whether it can be shown could not be proved.").format(question=codes[key])
        yield Message(Weight.WARNING, key, text)
    yield from _facts(report)
    yield from _detours(report, codes)


def _facts(report: CheckReport) -> Iterator[Message]:
    if not report.unreachable and not report.not_proved:
        yield Message(Weight.PASSED, None, _("Every question can be reached"))
    yield Message(Weight.PASSED, None, _("No jump leads back"))
    if report.complete and not report.all_screened_out:
        yield Message(Weight.PASSED, None, _("Every path comes to an end"))
    if report.slowest is not None and report.longest is not None:
        minutes, seconds = divmod(report.slowest, 60)
        text = ngettext(
            "About {minutes} min {seconds} s at most, {count} question on the longest path",
            "About {minutes} min {seconds} s at most, {count} questions on the longest path",
            report.longest,
        ).format(minutes=minutes, seconds=seconds, count=report.longest)
        yield Message(Weight.FACT, None, text)
    if report.paths is not None:
        text = ngettext("{count} path", "{count} paths", report.paths).format(count=report.paths)
        yield Message(Weight.FACT, None, text)


def _unreachable(report: CheckReport, key: Key, codes: Mapping[Key, str]) -> Message:
    """Name what keeps a question from being shown, with answers that lead past it."""
    text = _("{question} can never be shown, whatever is answered.").format(question=codes[key])
    source = blocker(report.form, report.witnesses, key)
    if source is None:
        return Message(Weight.ERROR, key, text)
    question = report.form.questions[report.form.index[source]]
    answer = next(representatives(question, _leaves_of(question)), None)
    taken = {**report.witnesses[source], **({source: answer} if answer is not None else {})}
    cause = _("{question} can never be shown: everybody who gets to {source} is led past it.").format(
        question=codes[key], source=codes[source]
    )
    example = _("For example: {path}").format(path=path_words(report.form, taken)) if taken else ""
    return Message(Weight.ERROR, key, cause, example)


def _leaves_of(question: FlowQuestion) -> list[Leaf]:
    return [leaf for jump in question.jumps for leaf in leaves(jump.when) if leaf.question == question.key]


def _detours(report: CheckReport, codes: Mapping[Key, str]) -> Iterator[Message]:
    """Say which answers pass over which questions; a recommendation scale that is passed over deserves a look."""
    form = report.form
    told = 0
    for route in routes(form):
        question = form.questions[form.index[route.source]]
        passed = passed_over(form, route)
        if not passed or route.source in report.unreachable:
            continue
        told += 1
        if told > MOST_DETOURS:
            continue
        labels = {option.key: option.label for option in question.options}
        answers = option_words([labels[key] for key in route.options])
        source = f"{codes[route.source]} {answers}".strip()
        if route.kind is JumpTarget.END:
            text = _("{answer} ends the questionnaire").format(answer=source)
        elif route.kind is JumpTarget.SCREEN_OUT:
            text = _("{answer} screens out").format(answer=source)
        else:
            text = _("{answer} skips {questions}").format(answer=source, questions=codes_words(form, passed))
        yield Message(Weight.FACT, route.source, text)
        lost = [key for key in passed if _is_recommendation(form.questions[form.index[key]])]
        if lost and route.kind is JumpTarget.QUESTION:
            warning = _("{question} is not asked after {answer}, so the NPS has fewer answers").format(
                question=codes_words(form, lost), answer=source
            )
            yield Message(Weight.WARNING, lost[0], warning)
    if told > MOST_DETOURS:
        rest = told - MOST_DETOURS
        text = ngettext("{count} more jump", "{count} more jumps", rest).format(count=rest)
        yield Message(Weight.FACT, None, text)


def _is_recommendation(question: FlowQuestion) -> bool:
    return question.kind is QuestionKind.SCALE and (question.minimum, question.maximum) == NPS_ENDS

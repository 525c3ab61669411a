"""Where answers lead, seen from outside: the routes of a form, what they pass over, and which questions let go on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from qihua_desktop.i18n import _

from .survey import JumpTarget
from .survey_logic import CHOICES, Answer, ChoiceMode, Chose, FlowJump, FlowQuestion, Form, Key

_LONGEST_ANSWER: Final = 24


@dataclass(frozen=True, slots=True)
class Route:
    """The jumps from one question to one place.

    ``target`` is None for the ends. ``options`` are the answers that lead there in the order of the question, none when
    every answer does or when another condition decides.
    """

    source: Key
    kind: JumpTarget
    target: Key | None
    options: tuple[Key, ...]


def routes(form: Form) -> tuple[Route, ...]:
    """Return the routes in the order of the form; jumps to questions that are not there are left out."""
    found: list[Route] = []
    for question in form.questions:
        grouped: dict[tuple[JumpTarget, Key | None], list[Key]] = {}
        plain: set[tuple[JumpTarget, Key | None]] = set()
        for jump in question.jumps:
            place = (jump.target, jump.question if jump.target is JumpTarget.QUESTION else None)
            if jump.target is JumpTarget.QUESTION and jump.question not in form.index:
                continue
            chosen = _own_options(question, jump)
            grouped.setdefault(place, []).extend(chosen)
            if not chosen:
                plain.add(place)
        order = [option.key for option in question.options]
        for place, options in grouped.items():
            kept = () if place in plain else tuple(sorted(set(options), key=order.index))
            found.append(Route(question.key, place[0], place[1], kept))
    return tuple(found)


def falls_through(question: FlowQuestion) -> bool:
    """Tell whether some answer, or leaving it empty, goes on to the next question."""
    if question.show_if is not None:
        return True
    if any(jump.when is None for jump in question.jumps):
        return False
    if question.kind not in CHOICES or not question.required or not question.options:
        return True
    routed = {key for jump in question.jumps for key in _own_options(question, jump)}
    return not routed.issuperset(option.key for option in question.options)


def passed_over(form: Form, route: Route) -> tuple[Key, ...]:
    """Return the questions between a route's source and its target; none for a route that leads back."""
    last = len(form.questions) if route.target is None else form.index[route.target]
    return tuple(question.key for question in form.questions[form.index[route.source] + 1 : last])


def blocker(form: Form, shown: Iterable[Key], hidden: Key) -> Key | None:
    """Return the last question before a hidden one that everybody leaves past it, None when there is no single one."""
    place = form.index[hidden]
    reachable = set(shown)
    leading: dict[Key, list[Route]] = {}
    for route in routes(form):
        leading.setdefault(route.source, []).append(route)
    for question in reversed(form.questions[:place]):
        if question.key not in reachable or falls_through(question):
            continue
        ways = leading.get(question.key, [])
        if ways and all(way.target is None or form.index[way.target] > place for way in ways):
            return question.key
    return None


def answer_words(question: FlowQuestion, answer: Answer | None) -> str:
    """Return an answer as people read it, shortened: “Yes”, 7, or nothing for an empty one."""
    if answer is None:
        return ""
    if isinstance(answer, (frozenset, tuple)):
        chosen = answer if isinstance(answer, tuple) else [one.key for one in question.options if one.key in answer]
        labels = {option.key: option.label for option in question.options}
        return option_words([labels.get(key, "") for key in chosen])
    return quoted(str(answer)) if isinstance(answer, str) else str(answer)


def option_words(labels: Sequence[str]) -> str:
    """Return options in quotation marks, shortened."""
    return _(", ").join(quoted(label) for label in labels)


def quoted(text: str) -> str:
    """Return a text in quotation marks, shortened."""
    return _("“{text}”").format(text=shortened(text))


def shortened(text: str, longest: int = _LONGEST_ANSWER) -> str:
    """Return a text that fits into a sentence."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def path_words(form: Form, answers: Mapping[Key, Answer]) -> str:
    """Return answers as a path in the order of the form: Q1 “Yes” → Q3 7."""
    steps = [
        f"{question.code} {answer_words(question, answers[question.key])}"
        for question in form.questions
        if question.key in answers
    ]
    return " → ".join(steps)


def codes_words(form: Form, keys: Sequence[Key]) -> str:
    """Return questions by code, runs of more than two as from–to: Q3, Q5–Q8."""
    places = sorted(form.index[key] for key in keys)
    parts: list[str] = []
    first = 0
    for at, place in enumerate(places):
        if at + 1 < len(places) and places[at + 1] == place + 1:
            continue
        run = [form.questions[one].code for one in places[first : at + 1]]
        parts.extend([f"{run[0]}–{run[-1]}"] if len(run) > 2 else run)
        first = at + 1
    return _(", ").join(parts)


def _own_options(question: FlowQuestion, jump: FlowJump) -> tuple[Key, ...]:
    when = jump.when
    if isinstance(when, Chose) and when.question == question.key and when.mode is ChoiceMode.ANY:
        known = {option.key for option in question.options}
        return tuple(key for key in when.options if key in known)
    return ()

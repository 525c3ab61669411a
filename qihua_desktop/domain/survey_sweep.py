"""The exact forward sweep over a questionnaire: every way through it at once, with merged states.

A state is what still matters of the answers so far: a jump under way and the truth of the leaves still needed. For each
question one representative answer per attainable truth vector stands for all answers. Findings are exact until the cap
is reached; from there on nothing is claimed.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from .survey import JumpTarget, QuestionKind
from .survey_logic import (
    CHOICES,
    NUMBERS,
    SECONDS,
    And,
    Answer,
    Chose,
    Compare,
    Condition,
    FlowQuestion,
    Form,
    Key,
    Leaf,
    Not,
    Or,
    leaf_holds,
    leaves,
)

MOST_STATES: Final = 200_000
MOST_SECONDS: Final = 2.0
MOST_COUNTED: Final = 20_000
"""Paths are counted while their sets of states stay below this number."""

_State = tuple[int, int]
"""Where a jump leads (0 for none), and the truths still needed as bits.

For counting paths, runs that ended stand past the last question: completed ones at it, screened out ones after it.
"""

_END: Final = -1
_SCREEN_OUT: Final = -2


@dataclass(frozen=True, slots=True)
class _Trace:
    """How a state was reached first, and the least and most questions and seconds on the ways to it."""

    before: _Trace | None
    place: int
    answer: Answer | None
    questions: tuple[int, int]
    seconds: tuple[int, int]


@dataclass(slots=True)
class Sweep:
    """What the sweep found; places are indexes of questions.

    ``finished`` is the number of questions whose findings are exact. ``witnesses`` gives, for each question that can be
    shown, answers that lead to it. Lengths and times are over completed runs, None when nobody can complete.
    """

    finished: int = 0
    shown: set[int] = field(default_factory=set[int])
    reached: set[int] = field(default_factory=set[int])
    condition_false: set[int] = field(default_factory=set[int])
    skipped: set[int] = field(default_factory=set[int])
    witnesses: dict[int, dict[Key, Answer]] = field(default_factory=dict[int, dict[Key, Answer]])
    end_witness: dict[Key, Answer] | None = None
    screen_out_witness: dict[Key, Answer] | None = None
    questions: tuple[int, int] | None = None
    seconds: tuple[int, int] | None = None
    possible_quotas: set[str] = field(default_factory=set[str])
    paths: int | None = None
    states: int = 0


def sweep(form: Form, quotas: Mapping[str, Condition], *, most_states: int = MOST_STATES) -> Sweep:
    """Run through all answers of a structurally sound form at once."""
    return _Sweeper(form, quotas, most_states).run()


def representatives(question: FlowQuestion, wanted: Sequence[Leaf]) -> Iterator[Answer | None]:
    """Yield answers that together attain every truth vector of the leaves that any answer attains."""
    if question.kind is QuestionKind.NOTE:
        yield None
        return
    if not question.required:
        yield None
    if question.kind in CHOICES:
        yield from _choices(question, [leaf for leaf in wanted if isinstance(leaf, Chose)])
    elif question.kind in NUMBERS:
        yield from _numbers(question, [leaf.constant for leaf in wanted if isinstance(leaf, Compare)])
    else:
        yield "2026-01-01" if question.kind is QuestionKind.DATE else "…"


def _choices(question: FlowQuestion, wanted: Sequence[Chose]) -> Iterator[Answer]:
    least, most = question.choice_bounds()
    ranked = question.kind is QuestionKind.RANKING
    groups: dict[tuple[bool, ...], list[Key]] = {}
    for option in question.options:
        if option.exclusive and question.kind is QuestionKind.MULTIPLE:
            yield frozenset((option.key,))
        else:
            groups.setdefault(tuple(option.key in leaf.options for leaf in wanted), []).append(option.key)
    members = list(groups.values())
    if question.kind is QuestionKind.SINGLE:
        yield from (frozenset((keys[0],)) for keys in members)
        return
    # Of each group none, some or all are chosen: more makes no difference to "any", "all" and "none".
    ranges = [[(0, 0), *([(1, len(keys) - 1)] if len(keys) > 1 else []), (len(keys), len(keys))] for keys in members]
    for chosen in product(*ranges):
        if sum(high for _low, high in chosen) < least or sum(low for low, _high in chosen) > most:
            continue
        counts = [low for low, _high in chosen]
        missing = max(0, least - sum(counts))
        for at, (low, high) in enumerate(chosen):
            more = min(missing, high - low)
            counts[at] += more
            missing -= more
        picked = [key for keys, count in zip(members, counts, strict=True) for key in keys[:count]]
        if picked:
            yield tuple(picked) if ranked else frozenset(picked)


def _numbers(question: FlowQuestion, constants: Iterable[int]) -> Iterator[Answer]:
    candidates = {bound for bound in (question.minimum, question.maximum) if bound is not None}
    candidates.update(value for constant in constants for value in (constant - 1, constant, constant + 1))
    yield from sorted(
        value
        for value in candidates or {0}
        if (question.minimum is None or value >= question.minimum)
        and (question.maximum is None or value <= question.maximum)
    )


class _Sweeper:
    def __init__(self, form: Form, quotas: Mapping[str, Condition], most_states: int) -> None:
        self.form = form
        self.quotas = quotas
        self.most_states = most_states
        self.deadline = time.monotonic() + MOST_SECONDS
        self.result = Sweep()
        self.bits: dict[Leaf, int] = {}
        self.last_use: list[int] = []
        self.by_question: dict[Key, list[Leaf]] = {}
        for place, question in enumerate(form.questions):
            for condition in (question.show_if, *(jump.when for jump in question.jumps)):
                self._register(condition, place)
        for condition in quotas.values():
            self._register(condition, len(form.questions))
        self.layers: list[dict[_State, tuple[bool, frozenset[_State]]]] | None = []

    def _register(self, condition: Condition | None, place: int) -> None:
        for leaf in leaves(condition):
            if leaf not in self.bits:
                self.bits[leaf] = len(self.bits)
                self.last_use.append(place)
                self.by_question.setdefault(leaf.question, []).append(leaf)
            self.last_use[self.bits[leaf]] = max(self.last_use[self.bits[leaf]], place)

    def run(self) -> Sweep:
        states: dict[_State, _Trace] = {(0, 0): _Trace(None, -1, None, (0, 0), (0, 0))}
        for place in range(len(self.form.questions)):
            following = self._question(place, states)
            if following is None:
                return self.result
            states = following
            self.result.finished = place + 1
        for (_pending, mask), trace in states.items():
            self._completed(mask, trace)
        self.result.paths = self._count_paths()
        return self.result

    def _question(self, place: int, states: Mapping[_State, _Trace]) -> dict[_State, _Trace] | None:
        question = self.form.questions[place]
        keep = sum(1 << bit for bit, last in enumerate(self.last_use) if last > place)
        vectors = self._vectors(question)
        if vectors is None:
            return None
        following: dict[_State, _Trace] = {}
        layer: dict[_State, tuple[bool, frozenset[_State]]] = {}
        for state, trace in states.items():
            pending, mask = state
            if pending > place:
                self.result.skipped.add(place)
                layer[state] = (False, frozenset((self._add(following, (pending, mask & keep), trace),)))
                continue
            self.result.reached.add(place)
            if not self._holds(question.show_if, mask):
                self.result.condition_false.add(place)
                self.result.skipped.add(place)
                layer[state] = (False, frozenset((self._add(following, (0, mask & keep), trace),)))
                continue
            if place not in self.result.shown:
                self.result.shown.add(place)
                self.result.witnesses[place] = self._witness(trace)
            layer[state] = (True, self._branch(place, mask, keep, trace, vectors, following))
        self.result.states += len(following)
        if self.result.states > self.most_states or time.monotonic() > self.deadline:
            return None
        if self.layers is not None:
            self.layers.append(layer)
            if self.result.states > MOST_COUNTED:
                self.layers = None
        return following

    def _branch(
        self,
        place: int,
        mask: int,
        keep: int,
        trace: _Trace,
        vectors: Mapping[int, Answer | None],
        following: dict[_State, _Trace],
    ) -> frozenset[_State]:
        """Follow every kind of answer to a shown question."""
        question = self.form.questions[place]
        counted = 0 if question.kind is QuestionKind.NOTE else 1
        seconds = SECONDS[question.kind]
        low, high = trace.questions
        fast, slow = trace.seconds
        targets: set[_State] = set()
        past = len(self.form.questions)
        for vector, answer in vectors.items():
            truths = mask | vector
            step = _Trace(trace, place, answer, (low + counted, high + counted), (fast + seconds, slow + seconds))
            pending = self._jump(question, truths)
            if pending == _SCREEN_OUT:
                targets.add((past + 1, 0))
                if self.result.screen_out_witness is None:
                    self.result.screen_out_witness = self._witness(step)
            elif pending == _END:
                targets.add((past, 0))
                self._completed(truths, step)
            else:
                targets.add(self._add(following, (pending, truths & keep), step))
        return frozenset(targets)

    def _vectors(self, question: FlowQuestion) -> dict[int, Answer | None] | None:
        wanted = self.by_question.get(question.key, [])
        vectors: dict[int, Answer | None] = {}
        for count, answer in enumerate(representatives(question, wanted)):
            vector = sum(1 << self.bits[leaf] for leaf in wanted if leaf_holds(leaf, answer))
            vectors.setdefault(vector, answer)
            if count > self.most_states or (count % 1024 == 1023 and time.monotonic() > self.deadline):
                return None
        return vectors

    def _jump(self, question: FlowQuestion, truths: int) -> int:
        for jump in question.jumps:
            if self._holds(jump.when, truths):
                if jump.target is JumpTarget.END:
                    return _END
                if jump.target is JumpTarget.SCREEN_OUT or jump.question is None:
                    return _SCREEN_OUT
                return self.form.index[jump.question]
        return 0

    def _holds(self, condition: Condition | None, truths: int) -> bool:
        if condition is None:
            return True
        if isinstance(condition, And):
            return all(self._holds(part, truths) for part in condition.parts)
        if isinstance(condition, Or):
            return any(self._holds(part, truths) for part in condition.parts)
        if isinstance(condition, Not):
            return not self._holds(condition.part, truths)
        return bool(truths >> self.bits[condition] & 1)

    def _add(self, following: dict[_State, _Trace], state: _State, trace: _Trace) -> _State:
        known = following.get(state)
        if known is None:
            following[state] = trace
        else:
            questions, seconds = _wider(known.questions, trace.questions), _wider(known.seconds, trace.seconds)
            if (questions, seconds) != (known.questions, known.seconds):
                following[state] = _Trace(known.before, known.place, known.answer, questions, seconds)
        return state

    def _completed(self, truths: int, trace: _Trace) -> None:
        result = self.result
        if result.end_witness is None:
            result.end_witness = self._witness(trace)
        result.questions = trace.questions if result.questions is None else _wider(result.questions, trace.questions)
        result.seconds = trace.seconds if result.seconds is None else _wider(result.seconds, trace.seconds)
        for name, condition in self.quotas.items():
            if name not in result.possible_quotas and self._holds(condition, truths):
                result.possible_quotas.add(name)

    def _witness(self, trace: _Trace | None) -> dict[Key, Answer]:
        steps: list[_Trace] = []
        while trace is not None and trace.place >= 0:
            steps.append(trace)
            trace = trace.before
        return {self.form.questions[step.place].key: step.answer for step in reversed(steps) if step.answer is not None}

    def _count_paths(self) -> int | None:
        """Count the different sequences of shown questions, with their ends; None when there are too many sets."""
        if self.layers is None:
            return None
        past = len(self.form.questions)
        current: dict[frozenset[_State], int] = {frozenset(((0, 0),)): 1}
        for layer in self.layers:
            following: dict[frozenset[_State], int] = {}
            for states, count in current.items():
                steps = [layer.get(state, (False, frozenset((state,)))) for state in states]
                for shown in (False, True):
                    targets = frozenset[_State]().union(*(goals for is_shown, goals in steps if is_shown is shown))
                    if targets:
                        following[targets] = following.get(targets, 0) + count
            if len(following) > MOST_COUNTED or time.monotonic() > self.deadline:
                return None
            current = following
        return sum(
            count * (((past + 1, 0) in states) + any(pending <= past for pending, _mask in states))
            for states, count in current.items()
        )


def _wider(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return min(one[0], other[0]), max(one[1], other[1])

import json
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qihua_desktop.domain.survey import JumpTarget, QuestionKind
from qihua_desktop.domain.survey_flow import Outcome, Runner
from qihua_desktop.domain.survey_graph import check_graph
from qihua_desktop.domain.survey_logic import (
    And,
    Answered,
    ChoiceMode,
    Chose,
    Compare,
    FlowJump,
    FlowOption,
    FlowQuestion,
    Form,
    Not,
    Operator,
    Or,
    holds,
)
from qihua_desktop.domain.survey_rules import Problem, Weight, check_form
from tests.corpus import corpus

KINDS = {
    "single": QuestionKind.SINGLE,
    "multi": QuestionKind.MULTIPLE,
    "text": QuestionKind.TEXT,
    "int": QuestionKind.NUMBER,
}
GROUPS = ("structural", "reach", "imported_graph")


def cases(group):
    try:
        return json.loads((corpus("survey/logic/cases.json")).read_text("utf-8"))[group]
    except pytest.skip.Exception:
        return []


def read_condition(data):
    if data is None:
        return None
    head, *rest = data
    if head == "ans":
        return Answered(rest[0])
    if head == "chose":
        return Chose(rest[0], ChoiceMode(rest[1]), frozenset(rest[2]))
    if head == "cmp":
        return Compare(rest[0], Operator(rest[1]), rest[2])
    if head == "not":
        return Not(read_condition(rest[0]))
    return {"and": And, "or": Or}[head](tuple(map(read_condition, rest)))


def read_jump(data):
    target = {"END": JumpTarget.END, "SCREEN_OUT": JumpTarget.SCREEN_OUT}.get(data["to"], JumpTarget.QUESTION)
    return FlowJump(target, data["to"] if target is JumpTarget.QUESTION else None, read_condition(data.get("when")))


def read_form(questions):
    return Form(
        tuple(
            FlowQuestion(
                data["id"],
                data["id"],
                KINDS[data["type"]],
                data.get("required", True),
                tuple(FlowOption(each, each, each in data.get("exclusive", ())) for each in data.get("options", ())),
                data.get("min"),
                data.get("max"),
                read_condition(data.get("show_if")),
                tuple(map(read_jump, data.get("jumps", ()))),
            )
            for data in questions
        )
    )


def test_the_corpus_of_cases_is_complete():
    assert [len(json.loads(corpus("survey/logic/cases.json").read_text("utf-8"))[group]) for group in GROUPS] == [
        7,
        13,
        4,
    ]


@pytest.mark.parametrize("case", cases("structural"), ids=lambda case: case["id"])
def test_structural_problems_are_found_exactly(case):
    report = check_form(read_form(case["questions"]))
    assert sorted([finding.problem.value, finding.question] for finding in report.structure) == sorted(
        case["structural"]
    )
    assert not report.may_release
    assert all(message.weight is Weight.ERROR for message in report.messages())


@pytest.mark.parametrize("case", cases("reach"), ids=lambda case: case["id"])
def test_reachability_is_exact(case):
    quotas = {quota["id"]: read_condition(quota["if"]) for quota in case.get("quotas", ())}
    report = check_form(read_form(case["questions"]), quotas)
    expected = case["expect"]
    assert report.structure == ()
    assert list(report.unreachable) == expected["unreachable"]
    assert list(report.always_shown) == expected["always_shown"]
    assert report.all_screened_out == expected["all_screened_out"]
    assert report.screen_out_possible == expected["screen_out_possible"]
    assert list(report.impossible_quotas) == expected["impossible_quota"]
    assert (report.shortest, report.longest) == (expected.get("min_len"), expected.get("max_len"))


@pytest.mark.parametrize("case", cases("imported_graph"), ids=lambda case: case["id"])
def test_imported_graphs_are_judged_by_real_edges_only(case):
    report = check_graph(case["order"], case["options"], case["routes"])
    assert [list(cycle) for cycle in report.cycles] == case["expect"]["cycles"]
    assert list(report.unreachable) == case["expect"]["unreachable"]
    assert list(report.no_path_to_end) == case["expect"]["no_path_to_end"]


def test_routes_of_deleted_options_are_stale_and_no_edges():
    report = check_graph(["a", "b"], {"a": ["x"], "b": ["y"]}, {"a": {"x": "b", "gone": "a"}, "b": {"y": "b"}})
    assert report.stale_routes == (("a", "gone"),)
    assert report.cycles == (("b",),)
    assert report.no_path_to_end == ("a", "b")


@given(st.integers(1, 7), st.data())
def test_graph_findings_agree_with_plain_reachability(size, data):
    order = [f"q{at}" for at in range(size)]
    options = {key: ["a", "b"] for key in order}
    targets = st.sampled_from([*order, "END"])
    routes = {key: data.draw(st.dictionaries(st.sampled_from("ab"), targets)) for key in order}
    report = check_graph(order, options, routes)

    def after(key):
        fall = order[order.index(key) + 1] if key != order[-1] else "END"
        return {routes[key].get(option, fall) for option in "ab"}

    reach = {key: _closure(after, after(key)) for key in order}
    assert report.unreachable == tuple(key for key in order if key not in {order[0]} | reach[order[0]])
    assert report.no_path_to_end == tuple(key for key in order if "END" not in reach[key])
    assert {key for cycle in report.cycles for key in cycle} == {key for key in order if key in reach[key]}
    for cycle in report.cycles:
        assert all(other in reach[key] for key in cycle for other in cycle)


def _closure(after, start):
    found, waiting = set(start), list(start)
    while waiting:
        key = waiting.pop()
        for target in after(key) - found if key != "END" else ():
            found.add(target)
            waiting.append(target)
    return found


# the sweep against full enumeration


def leaf_strategy(questions):
    choices = []
    for question in questions:
        choices.append(st.just(Answered(question.key)))
        if question.kind is QuestionKind.NUMBER:
            choices.append(st.builds(Compare, st.just(question.key), st.sampled_from(Operator), st.integers(-1, 4)))
        elif question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
            keys = [option.key for option in question.options]
            some = st.frozensets(st.sampled_from(keys), min_size=1)
            choices.append(st.builds(Chose, st.just(question.key), st.sampled_from(ChoiceMode), some))
    return st.recursive(
        st.one_of(choices),
        lambda parts: (
            st.builds(lambda each: And(tuple(each)), st.lists(parts, min_size=1, max_size=2))
            | st.builds(lambda each: Or(tuple(each)), st.lists(parts, min_size=1, max_size=2))
            | st.builds(Not, parts)
        ),
        max_leaves=3,
    )


@st.composite
def forms(draw):
    questions = []
    count = draw(st.integers(1, 5))
    for at in range(count):
        kind = draw(
            st.sampled_from([QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.NUMBER, QuestionKind.TEXT])
        )
        options: tuple[FlowOption, ...] = ()
        minimum = maximum = None
        if kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
            size = draw(st.integers(1, 3))
            options = tuple(FlowOption(f"o{each}", f"o{each}", draw(st.booleans())) for each in range(size))
            if kind is QuestionKind.MULTIPLE:
                minimum, maximum = draw(st.sampled_from([(None, None), (1, 1), (2, 3), (None, 2)]))
        elif kind is QuestionKind.NUMBER:
            minimum, maximum = 0, 3
        show_if = draw(st.none() | leaf_strategy(questions)) if questions else None
        question = FlowQuestion(f"q{at}", f"Q{at}", kind, draw(st.booleans()), options, minimum, maximum, show_if)
        jumps = []
        for _jump in range(draw(st.integers(0, 2))):
            target = draw(st.sampled_from(JumpTarget))
            goal = draw(st.integers(at + 1, count - 1)) if at + 1 < count and target is JumpTarget.QUESTION else None
            if target is JumpTarget.QUESTION and goal is None:
                continue
            when = draw(st.none() | leaf_strategy([*questions, question]))
            jumps.append(FlowJump(target, None if goal is None else f"q{goal}", when))
        questions.append(
            FlowQuestion(
                question.key, question.code, kind, question.required, options, minimum, maximum, show_if, tuple(jumps)
            )
        )
    return Form(tuple(questions))


def all_answers(question):
    values: list[Any] = [] if question.required else [None]
    if question.kind is QuestionKind.NUMBER:
        return values + list(range(question.minimum, question.maximum + 1))
    if question.kind is QuestionKind.TEXT:
        return [*values, "x"]
    keys = [option.key for option in question.options]
    if question.kind is QuestionKind.SINGLE:
        return values + [frozenset((each,)) for each in keys]
    exclusive = {option.key for option in question.options if option.exclusive}
    least, most = question.choice_bounds()
    for size in range(1, len(keys) + 1):
        for chosen in combinations(keys, size):
            alone = size == 1 and chosen[0] in exclusive
            if alone or (exclusive.isdisjoint(chosen) and least <= size <= most):
                values.append(frozenset(chosen))
    return values


def every_run(form):
    """Return every run: route, answers and outcome. Answers are changed by going back, as respondents do."""
    runner, runs = Runner(form), []

    def go_on():
        if runner.current is None:
            runs.append((runner.route, runner.exported(), runner.outcome))
            return
        for value in all_answers(runner.current):
            runner.answer(value)
            go_on()
            assert runner.back()

    go_on()
    return runs


@settings(max_examples=150, deadline=None)
@given(forms(), st.data())
def test_the_sweep_agrees_with_full_enumeration(form, data):
    quota = data.draw(leaf_strategy(form.questions))
    report = check_form(form, {"cell": quota})
    dead_ends = [question for question in form.questions if not all_answers(question)]
    if report.structure or dead_ends:
        return
    runs = every_run(form)
    completed = [run for run in runs if run[2] is Outcome.COMPLETED]
    shown = {key for route, _answers, _outcome in runs for key in route}
    assert report.complete
    assert report.unreachable == tuple(each.key for each in form.questions if each.key not in shown)
    assert report.all_screened_out == (not completed)
    assert report.screen_out_possible == (len(completed) < len(runs))
    assert report.paths == len({(route, outcome) for route, _answers, outcome in runs})
    lengths = [len(route) for route, _answers, _outcome in completed]
    assert (report.shortest, report.longest) == ((min(lengths), max(lengths)) if lengths else (None, None))
    assert bool(report.impossible_quotas) == (not any(holds(quota, run[1]) for run in completed))
    skipping = {key for key in shown if any(key not in run[0] for run in runs if _gets_past(form, run, key))}
    assert set(report.sometimes_skipped) == skipping
    for key, witness in report.witnesses.items():
        runner = Runner(form)
        while runner.current is not None and runner.current.key != key:
            runner.answer(witness.get(runner.current.key))
        assert runner.current is not None
    assert all(message.text for message in report.messages())


def _gets_past(form, run, key):
    """Whether a run went on beyond a question's place instead of ending before it."""
    route, answers, _outcome = run
    last = form.questions[form.index[route[-1]]]
    jumped = next((jump for jump in last.jumps if holds(jump.when, answers)), None)
    ended = jumped is not None and jumped.target is not JumpTarget.QUESTION
    return form.index[key] < form.index[route[-1]] or not ended


@settings(max_examples=60, deadline=None)
@given(forms())
def test_a_condition_that_is_always_true_has_no_effect(form):
    report = check_form(form)
    if report.structure:
        return
    for key in report.always_shown:
        place = form.index[key]
        questions = list(form.questions)
        old = questions[place]
        questions[place] = FlowQuestion(
            old.key, old.code, old.kind, old.required, old.options, old.minimum, old.maximum, None, old.jumps
        )
        changed = check_form(Form(tuple(questions)))
        assert changed.unreachable == report.unreachable
        assert (changed.paths, changed.longest) == (report.paths, report.longest)


# limits


def wide_form(count):
    """Questions whose answers all matter until the end: the states double with each."""
    questions = [
        FlowQuestion(f"q{at}", f"q{at}", QuestionKind.SINGLE, options=(FlowOption("a", "a"), FlowOption("b", "b")))
        for at in range(count)
    ]
    every = And(tuple(Chose(f"q{at}", ChoiceMode.ANY, frozenset("a")) for at in range(count)))
    last = FlowQuestion("end", "end", QuestionKind.TEXT, show_if=Or((every, Answered("q0"))))
    never = FlowQuestion("never", "never", QuestionKind.TEXT, show_if=And((every, Not(every))))
    return Form((*questions, last, never))


def test_beyond_the_cap_nothing_is_claimed_that_was_not_proved():
    report = check_form(wide_form(12), most_states=200)
    assert not report.complete
    assert report.unreachable == ()
    assert report.not_proved == ("never",)
    assert "end" in report.witnesses
    assert (report.longest, report.paths) == (None, None)


def test_within_the_cap_the_same_form_is_decided():
    report = check_form(wide_form(8))
    assert report.complete
    assert report.unreachable == ("never",)


def test_more_structure():
    def problems(*questions):
        return [finding.problem for finding in check_form(Form(questions)).structure]

    assert problems(FlowQuestion("a", "1", QuestionKind.SINGLE)) == [Problem.NO_OPTIONS]
    assert problems(FlowQuestion("a", "1", QuestionKind.NUMBER, minimum=3, maximum=2)) == [Problem.EMPTY_RANGE]
    lost = FlowJump(JumpTarget.QUESTION, "gone")
    assert problems(FlowQuestion("a", "1", QuestionKind.TEXT, jumps=(lost,))) == [Problem.UNKNOWN_TARGET]
    note = FlowQuestion("n", "n", QuestionKind.NOTE)
    assert problems(note, FlowQuestion("b", "2", QuestionKind.TEXT, show_if=Answered("n"))) == [Problem.WRONG_OPERATOR]
    empty = check_form(Form(()))
    assert not empty.may_release
    assert [message.weight for message in empty.messages()] == [Weight.ERROR]


def test_every_option_of_a_long_list_can_have_its_own_jump():
    options = tuple(FlowOption(f"o{at}", f"o{at}") for at in range(40))
    jumps = tuple(
        FlowJump(JumpTarget.QUESTION, "last", Chose("q", ChoiceMode.ANY, frozenset((option.key,))))
        for option in options[:39]
    )
    report = check_form(
        Form(
            (
                FlowQuestion("q", "1", QuestionKind.SINGLE, options=options, jumps=jumps),
                FlowQuestion("middle", "2", QuestionKind.TEXT),
                FlowQuestion("last", "3", QuestionKind.TEXT),
            )
        )
    )
    assert report.complete
    assert report.may_release
    assert report.paths == 2
    assert report.sometimes_skipped == ("middle",)
    assert list(product((report.shortest,), (report.longest,))) == [(2, 3)]

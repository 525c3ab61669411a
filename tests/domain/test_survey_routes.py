from qihua_desktop.domain.survey import JumpTarget, QuestionKind
from qihua_desktop.domain.survey_logic import ChoiceMode, Chose, FlowJump, FlowOption, FlowQuestion, Form
from qihua_desktop.domain.survey_routes import (
    Route,
    answer_words,
    blocker,
    codes_words,
    falls_through,
    passed_over,
    path_words,
    routes,
)
from qihua_desktop.domain.survey_rules import Weight, check_form

OPTIONS = (FlowOption("yes", "Yes"), FlowOption("no", "No"))


def question(number, *jumps, kind=QuestionKind.SINGLE, required=True):
    options = OPTIONS if kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE) else ()
    return FlowQuestion(f"q{number}", f"Q{number}", kind, required, options, jumps=jumps)


def when(number, option, target=JumpTarget.END, goal=None):
    return FlowJump(target, goal, Chose(f"q{number}", ChoiceMode.ANY, frozenset((option,))))


def always(goal):
    return FlowJump(JumpTarget.QUESTION, goal)


def test_jumps_of_several_options_to_one_place_are_one_route():
    to_three = [when(1, option, JumpTarget.QUESTION, "q3") for option in ("no", "yes")]
    form = Form((question(1, *to_three), question(2), question(3)))
    assert routes(form) == (Route("q1", JumpTarget.QUESTION, "q3", ("yes", "no")),)


def test_a_jump_to_a_question_that_is_gone_is_no_route():
    assert routes(Form((question(1, always("gone")),))) == ()


def test_a_question_lets_go_on_unless_every_answer_is_led_away():
    assert falls_through(question(1))
    assert falls_through(question(1, when(1, "yes")))
    assert not falls_through(question(1, when(1, "yes"), when(1, "no")))
    assert falls_through(question(1, when(1, "yes"), when(1, "no"), required=False))
    assert not falls_through(question(1, always("q2")))
    assert falls_through(question(1, kind=QuestionKind.TEXT))


def test_what_a_route_passes_over_lies_between_source_and_target():
    form = Form((question(1, always("q3"), when(1, "yes")), question(2), question(3)))
    to_three, to_end = routes(form)
    assert passed_over(form, to_three) == ("q2",)
    assert passed_over(form, to_end) == ("q2", "q3")


def test_the_question_that_leads_everybody_past_another_is_found():
    form = Form((question(1), question(2, always("q4")), question(3), question(4)))
    report = check_form(form)
    assert report.unreachable == ("q3",)
    assert blocker(form, report.witnesses, "q3") == "q2"
    (error,) = [message for message in report.messages() if message.weight is Weight.ERROR]
    assert "Q2" in error.text
    assert "Q1 “Yes” → Q2 “Yes”" in error.witness


def test_codes_of_neighbours_are_put_together():
    form = Form(tuple(question(number) for number in range(1, 9)))
    assert codes_words(form, ["q1", "q3", "q4", "q6", "q7", "q8"]) == "Q1、Q3、Q4、Q6–Q8"


def test_answers_read_as_people_say_them_and_never_at_length():
    single = question(1)
    assert answer_words(single, frozenset(("no", "yes"))) == "“Yes”、“No”"
    assert answer_words(question(2, kind=QuestionKind.SCALE), 7) == "7"
    assert answer_words(single, None) == ""
    assert len(answer_words(question(3, kind=QuestionKind.TEXT), "x" * 10_000)) < 30
    assert path_words(Form((single,)), {"q1": frozenset(("no",))}) == "Q1 “No”"


def test_many_jumps_are_counted_instead_of_named():
    questions = [question(n, when(n, "no")) for n in range(1, 14)]
    texts = [message.text for message in check_form(Form((*questions, question(14)))).messages()]
    assert sum("直接结束问卷" in text for text in texts) == 8
    assert any("5" in text for text in texts[-1:])

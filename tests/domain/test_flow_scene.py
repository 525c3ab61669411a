from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.flow_scene import END_KEY, SCREEN_OUT_KEY, FlowMap, FlowNode, FlowRoute
from qihua_desktop.domain.scene import Box, Polyline, hit, keyed_groups


def measure(text, size, _weight):
    return len(text) * size * 0.6


def flow(count, routes=(), *, width=300.0, selected=None, stops=()):
    nodes = [
        FlowNode(f"q{n}", f"Q{n + 1}", "text", goes_on=n not in stops, selected=n == selected) for n in range(count)
    ]
    lines = [FlowRoute(source, target, "no", "Q1 “no”") for source, target in routes]
    return FlowMap(nodes, lines, width=width, end_label="End", screen_out_label="Out", measure=measure)


def steps(made):
    return [one for one in made.primitives if isinstance(one, Polyline)]


def jump_lines(made):
    return [
        child
        for group, _box in keyed_groups(made.primitives)
        for child in group.children
        if isinstance(child, Polyline)
    ]


def verticals(line):
    return [(x1, min(y1, y2), max(y1, y2)) for (x1, y1), (x2, y2) in pairwise(line.points) if x1 == x2]


def test_every_question_that_lets_go_on_has_an_arrow_to_the_next():
    made = flow(4, stops={1})
    assert len(steps(made)) == 3
    assert all(line.arrow for line in steps(made))


def test_an_empty_questionnaire_shows_its_end_only():
    made = flow(0)
    assert made.box(END_KEY) is not None
    assert made.box(SCREEN_OUT_KEY) is None


def test_routes_to_unknown_questions_are_left_out():
    assert jump_lines(flow(2, [("q0", "gone"), ("gone", "q1")])) == []


def test_jumps_go_round_at_the_right_and_ends_at_the_left():
    made = flow(4, [("q0", "q2"), ("q1", END_KEY), ("q2", SCREEN_OUT_KEY)])
    column = made.box("q0")
    right, end, out = jump_lines(made)
    assert max(x for x, _y in right.points) > column.right
    assert min(x for x, _y in end.points) < column.x
    assert min(x for x, _y in out.points) < min(x for x, _y in end.points)


def test_the_selected_question_and_its_jumps_stand_out():
    made = flow(3, [("q0", "q2"), ("q1", END_KEY)], selected=0)
    widths = [line.width for line in jump_lines(made)]
    assert sorted(widths) == [1.2, 2.0]
    assert jump_lines(made)[-1].width == 2.0


def test_a_click_on_a_question_or_its_jump_finds_it():
    made = flow(4, [("q0", "q3")])
    box = made.box("q2")
    assert hit(made.primitives, box.x + 4, box.y + 4) == "q2"
    (line,) = jump_lines(made)
    x, low, high = verticals(line)[0]
    assert hit(made.primitives, x, (low + high) / 2) == "q0"


@st.composite
def maps(draw):
    count = draw(st.integers(1, 60))
    targets = st.one_of(st.sampled_from([END_KEY, SCREEN_OUT_KEY]), st.integers(0, count - 1).map(lambda n: f"q{n}"))
    sources = st.integers(0, count - 1).map(lambda n: f"q{n}")
    routes = draw(st.lists(st.tuples(sources, targets), max_size=60, unique=True))
    return flow(count, routes, width=draw(st.floats(200, 900))), count, routes


@given(maps())
def test_nothing_lies_on_a_question_or_outside_the_map(case):
    made, count, _routes = case
    boxes = [made.box(f"q{n}") for n in range(count)] + [made.box(END_KEY)]
    assert all(upper.bottom < lower.y for upper, lower in pairwise(boxes))
    for line in jump_lines(made):
        assert all(0 <= x <= made.width and 0 <= y <= made.height for x, y in line.points)
        for x, low, high in verticals(line):
            assert not any(box.grown(-1).intersects(Box(x, low, 0, high - low)) for box in boxes)


@given(maps())
def test_two_lines_share_a_lane_only_when_they_lead_to_the_same_place(case):
    made, _count, routes = case
    lanes = {}
    for line in jump_lines(made):
        lanes.setdefault(line.points[-1], []).extend(verticals(line))
    for one, other in combinations(lanes.values(), 2):
        for x1, low1, high1 in one:
            assert not any(x1 == x2 and low1 < high2 and low2 < high1 for x2, low2, high2 in other)
    assert len(jump_lines(made)) == len(routes)

"""Scenes know their bounds and what is where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.roles import SERIES, Role, series_role
from qihua_desktop.domain.scene import (
    Box,
    Group,
    Line,
    Polygon,
    Polyline,
    Rect,
    RingSegment,
    Text,
    bounds,
    bounds_of,
    hit,
    hit_path,
    keyed_groups,
)

sizes = st.floats(0, 500)


def bar(key: str, x: float, y: float, width: float = 40, **options) -> Group:
    return Group((Rect(x, y, width, 12, Role.BAR),), key, **options)


def test_the_topmost_object_is_hit():
    scene = (bar("below", 0, 0), bar("above", 20, 0))
    assert hit(scene, 30, 5) == "above"
    assert hit(scene, 10, 5) == "below"
    assert hit(scene, 90, 5) is None


def test_moved_and_clipped_groups_are_hit_where_they_are_seen():
    scene = (bar("moved", 0, 0, dx=100, dy=50), bar("clipped", 0, 100, clip=Box(0, 100, 10, 12)))
    assert hit(scene, 110, 55) == "moved"
    assert hit(scene, 5, 105) == "clipped"
    assert hit(scene, 20, 105) is None


def test_nested_objects_are_named_from_the_outside_in():
    scene = (Group((bar("inner", 0, 0), Rect(0, 20, 40, 10, Role.LINE)), "outer"),)
    assert hit_path(scene, 5, 5) == ("outer", "inner")
    assert hit_path(scene, 5, 25) == ("outer",)


@pytest.mark.parametrize(
    ("shape", "inside", "outside"),
    [
        (Polygon(((0, 10), (10, 0), (20, 10), (10, 20)), Role.TEXT), (10, 10), (1, 1)),
        (RingSegment(50, 50, 20, 40, 0, 90, Role.ACCENT), (71, 29), (29, 29)),
        (RingSegment(50, 50, 20, 40, 0, 90, Role.ACCENT), (50, 20), (50, 50)),
        (Line(0, 0, 100, 0), (50, 3), (50, 9)),
        (Polyline(((0, 0), (50, 0), (50, 50))), (49, 30), (20, 30)),
        (Text(10, 10, 40, 20, "x"), (20, 20), (60, 20)),
        (Group((Rect(0, 0, 5, 5),), dx=10), (12, 2), (2, 2)),
    ],
)
def test_shapes_are_hit_by_their_form(shape, inside, outside):
    scene = (Group((shape,), "key"),)
    assert hit(scene, *inside) == "key"
    assert hit(scene, *outside) is None


def test_every_keyed_group_is_listed_with_its_place():
    scene = (Group((bar("inner", 1, 2, dx=5),), "outer", dx=10, dy=20),)
    assert [(group.key, box) for group, box in keyed_groups(scene)] == [
        ("outer", Box(16, 22, 40, 12)),
        ("inner", Box(16, 22, 40, 12)),
    ]


@given(sizes, sizes, sizes, sizes, st.floats(-50, 50), st.floats(-50, 50))
def test_bounds_move_with_their_group(x, y, width, height, dx, dy):
    rect = Rect(x, y, width, height)
    assert bounds(Group((rect,), dx=dx, dy=dy)) == bounds(rect).moved(dx, dy)


@given(st.lists(st.builds(Rect, sizes, sizes, sizes, sizes), min_size=1, max_size=5))
def test_the_bounds_of_many_hold_each(rects):
    whole = bounds_of(rects)
    assert all(whole.intersects(bounds(rect)) for rect in rects)
    assert whole.x == min(rect.x for rect in rects)


def test_nothing_has_empty_bounds():
    assert bounds_of(()) == bounds(Polyline(())) == Box(0, 0, 0, 0)


def test_chart_colours_repeat_after_the_last():
    assert series_role(0) is SERIES[0]
    assert series_role(len(SERIES)) is SERIES[0]

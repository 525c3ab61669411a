"""Small charts as scenes: areas in proportion, every part found by its key, nothing breaks without values."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.chart_scene import Slice, bars_scene, columns_scene, ring_scene, ring_with_legend
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Box, Group, Primitive, Rect, RingSegment, Scene, Text, Weight, bounds_of, hit


def measure(text: str, size: float, weight: Weight) -> float:
    return len(text) * size * (0.6 if weight is Weight.REGULAR else 0.65)


def slices(*values: int) -> list[Slice]:
    return [Slice(str(index), f"科目{index}", value, f"{value}.00") for index, value in enumerate(values)]


def flat(primitives: tuple[Primitive, ...]) -> Iterator[Primitive]:
    for one in primitives:
        if isinstance(one, Group):
            yield from flat(one.children)
        else:
            yield one


def segments(scene: Scene) -> list[RingSegment]:
    return [one for one in flat(scene.primitives) if isinstance(one, RingSegment)]


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=12).filter(any))
def test_the_ring_closes_and_its_segments_are_in_proportion(values: list[int]) -> None:
    drawn = segments(ring_scene(slices(*values), diameter=150))
    shown = [value for value in values if value]
    assert sum(one.sweep for one in drawn) == pytest.approx(360)
    assert [one.sweep for one in drawn] == pytest.approx([360 * value / sum(values) for value in shown])
    assert [one.start for one in drawn[1:]] == pytest.approx([one.start + one.sweep for one in drawn[:-1]])


@pytest.mark.parametrize("count", [2, 12, 500, 5000])
def test_the_lines_between_slices_leave_most_of_the_ring_to_see(count: int) -> None:
    drawn = segments(ring_scene(slices(*[1] * count), diameter=150))
    round_the_middle = 3.1416 * (drawn[0].inner + drawn[0].outer)
    assert sum(one.stroke_width for one in drawn) < round_the_middle / 2


def test_a_ring_of_nothing_is_an_empty_track() -> None:
    (track,) = segments(ring_scene(slices(0, 0), diameter=150))
    assert (track.sweep, track.fill) == (360.0, Role.TRACK)


def test_the_middle_holds_the_total_and_shrinks_it_to_fit() -> None:
    scene = ring_scene(slices(1), diameter=120, centre="123,456,789.00", caption="预算总额")
    total, caption = [one for one in flat(scene.primitives) if isinstance(one, Text)]
    assert (total.text, caption.text) == ("123,456,789.00", "预算总额")
    assert total.size * 0.6 * len(total.text) <= total.width + 0.01


def test_a_segment_and_its_legend_line_share_a_key() -> None:
    scene = ring_with_legend(slices(1, 1), width=400, diameter=100)
    assert hit(scene.primitives, 95, 50) == "0"
    assert hit(scene.primitives, 5, 50) == "1"
    assert hit(scene.primitives, 150, 40) == "0"
    assert bounds_of(scene.primitives).right <= scene.width


@given(st.lists(st.integers(0, 10**9), max_size=10))
def test_bars_are_in_proportion_and_stay_inside(values: list[int]) -> None:
    scene = bars_scene(slices(*values), width=400, measure=measure)
    box = bounds_of(scene.primitives)
    assert box.right <= scene.width + 0.01
    assert box.bottom <= scene.height + 0.01
    lengths = [one.width for one in flat(scene.primitives) if isinstance(one, Rect) and one.fill is not Role.TRACK]
    assert len(lengths) == sum(value > 0 for value in values)


def test_columns_over_the_limit_are_marked() -> None:
    scene = columns_scene(slices(50, 120), width=200, height=120, limit=100)
    fills = [one.fill for one in flat(scene.primitives) if isinstance(one, Rect)]
    assert fills == [Role.BAR_SOFT, Role.CRITICAL_SOFT]
    whole = Box(0, 0, scene.width, scene.height)
    assert whole.intersects(bounds_of(scene.primitives))

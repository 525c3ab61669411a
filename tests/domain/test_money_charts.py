"""Bars of budget, commitments and cost: as long as their values, with a legend that never leaves one out."""

from __future__ import annotations

from qihua_desktop.domain.money_charts import Compared, Series, compared_bars, compared_columns
from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import Group, Rect, Text, keyed_groups

SERIES = (Series("预算", Role.BAR_SOFT), Series("已承诺", Role.ACCENT), Series("实际", Role.SERIES_2))
GROUPS = (Compared("a", "场地费", (100, 50, 25)), Compared("b", "物料费", (40, 0, -5)))


def measure(text, size, _weight):
    return len(text) * size


def bars(group):
    return [one for one in group.children if isinstance(one, Rect)]


def test_bars_are_as_long_as_their_values():
    scene = compared_bars(GROUPS, SERIES, width=400, measure=measure)
    groups = {one.key: one for one in scene.primitives if isinstance(one, Group)}
    first = bars(groups["a"])
    assert [round(one.width / first[0].width, 3) for one in first] == [1.0, 0.5, 0.25]
    assert len(bars(groups["b"])) == 1


def test_columns_stand_on_one_line_and_within_the_chart():
    scene = compared_columns(GROUPS, SERIES, width=300, height=200, measure=measure)
    for group in (one for one in scene.primitives if isinstance(one, Group)):
        for bar in bars(group):
            assert round(bar.y + bar.height, 6) == 182
            assert bar.y >= 0


def test_a_narrow_chart_wraps_its_legend():
    for width in (60, 120, 400):
        scene = compared_columns(GROUPS, SERIES, width=width, height=200, measure=measure)
        shown = [one.text for one in scene.primitives if isinstance(one, Text)]
        assert shown == [one.label for one in SERIES]


def test_charts_without_money_are_empty_but_whole():
    nothing = (Compared("a", "场地费", (0, 0, 0)),)
    assert not bars(
        next(
            one
            for one in compared_bars(nothing, SERIES, width=300, measure=measure).primitives
            if isinstance(one, Group)
        )
    )
    assert compared_columns((), SERIES, width=300, height=150, measure=measure).height == 150


def test_every_group_is_named_for_hits_and_readers():
    scene = compared_bars(GROUPS, SERIES, width=400, measure=measure)
    assert {group.key for group, _box in keyed_groups(scene.primitives)} == {"a", "b"}
    assert all("预算" in one.label for one in scene.primitives if isinstance(one, Group))

"""Highlights point at exactly what differs."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.content_difference import ChangeKind, ContentChange, content_differences
from qihua_desktop.domain.plan_content import ALL
from ui.review.marks import Marks

LINES = st.lists(st.sampled_from(["签到", "开场", "发布", "抽奖", "合影"]), max_size=8)


def _content(lines: list[str]) -> dict[str, object]:
    return {"sections": [{"id": "flow", "title": "流程", "body": "\n".join(lines)}]}


@given(LINES, LINES)
def test_lines_left_unmarked_are_old_lines_in_their_old_order(before: list[str], after: list[str]) -> None:
    marks = Marks(content_differences(_content(before), _content(after)))
    changed = marks.changed_lines("flow", after)
    kept = [line for number, line in enumerate(after) if number not in changed]
    rest = iter(before)
    assert all(line in rest for line in kept)
    assert bool(changed) <= (before != after)


def test_rows_are_marked_by_field_and_removed_rows_are_told() -> None:
    marks = Marks(
        [
            ContentChange(ChangeKind.CHANGED, ALL, "lines", "a", "差旅", "amount", "1.00", "2.00"),
            ContentChange(ChangeKind.ADDED, ALL, "lines", "b", "礼品", "", "", "3.00"),
            ContentChange(ChangeKind.REMOVED, ALL, "lines", "c", "外包", "", "4.00", ""),
        ]
    )
    assert marks.has("lines", "a", "amount")
    assert not marks.has("lines", "a", "name")
    assert marks.is_new("lines", "b")
    assert not marks.touches("lines", "c")
    assert marks.removed("lines") == ["外包 4.00"]


def test_nothing_is_marked_without_changes() -> None:
    marks = Marks()
    assert marks.changed_lines("flow", ["签到"]) == frozenset()
    assert not marks.touches("sections", "flow")

"""A scene as SVG: well-formed, literal texts, every primitive, texts shortened to their boxes."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from qihua_desktop.domain.roles import Role
from qihua_desktop.domain.scene import (
    Align,
    Box,
    Dash,
    Group,
    Line,
    Overflow,
    Polygon,
    Polyline,
    Primitive,
    Rect,
    RingSegment,
    Scene,
    Text,
    VerticalAlign,
    Weight,
)
from qihua_desktop.exchange.scene_svg import write_svg


def _svg(*shapes: Primitive) -> ElementTree.Element:
    content = write_svg(
        Scene(200, 100, shapes),
        colour=lambda _role: "#102030",
        measure=lambda text, size, _weight: len(text) * size,
        title="图 <1>",
        background=Role.SURFACE,
    )
    return ElementTree.fromstring(content)


def _texts(root: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in root.iter() if one.tag.endswith("}text")]


@given(st.text(max_size=60))
def test_any_text_is_literal_and_keeps_the_file_well_formed(words: str) -> None:
    root = _svg(Text(0, 0, 10, 10, words, overflow=Overflow.VISIBLE), Group((Line(0, 0, 1, 1),), label=words))
    assert {one.tag.rpartition("}")[2] for one in root.iter()} <= {"svg", "title", "rect", "text", "g", "line"}
    kept = [character for character in words if character.isprintable()]
    shown = "".join(_texts(root))
    assert all(character in shown for character in kept if "\ud800" > character > " ")


def test_every_primitive_is_drawn() -> None:
    root = _svg(
        Rect(1, 2, 3, 4, fill=Role.ACCENT, stroke=Role.LINE, radius=9, dash=Dash.DASHED, opacity=0.5),
        Line(0, 0, 5, 5, dash=Dash.DOTTED),
        Polyline(((0, 0), (5, 0), (5, 5)), arrow=True),
        Polygon(((0, 0), (5, 0), (5, 5)), fill=Role.BAD),
        RingSegment(50, 50, 10, 20, 0, 90, fill=Role.OK),
        RingSegment(50, 50, 10, 20, 0, 360, fill=Role.OK),
        RingSegment(50, 50, 0, 20, 300, 270, fill=Role.OK),
        Text(0, 0, 100, 20, "字", weight=Weight.BOLD, align=Align.RIGHT, vertical=VerticalAlign.TOP, angle=90),
        Group((Rect(0, 0, 1, 1),), dx=3, clip=Box(0, 0, 9, 9)),
    )
    tags = [one.tag.rpartition("}")[2] for one in root.iter()]
    assert tags.count("path") == 3
    assert tags.count("polygon") == 2
    assert tags.count("polyline") == tags.count("line") == tags.count("clipPath") == tags.count("text") == 1
    assert root.attrib["viewBox"] == "0 0 200 100"


def test_texts_are_shortened_or_wrapped_to_their_boxes() -> None:
    root = _svg(
        Text(0, 0, 50, 20, "abcdefghij", size=10),
        Text(0, 0, 5, 20, "abc", size=10),
        Text(0, 0, 50, 40, "abcdefghij", size=10, overflow=Overflow.WRAP),
    )
    assert _texts(root) == ["abcd…", "abcde", "fghij"]

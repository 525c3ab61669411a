"""The live map of a questionnaire: questions in a column, jumps between them at the right, to the ends at the left.

Jumps to the same question share a lane, so the map stays readable with sixty questions. It is built once and drawn on
screen and on paper.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .roles import Role
from .scene import Align, Box, Dash, Group, Overflow, Polyline, Primitive, Rect, Scene, Text, Weight

Measure = Callable[[str, float, Weight], float]

END_KEY: Final = "end"
SCREEN_OUT_KEY: Final = "screen-out"
NODE_HEIGHT: Final = 38.0
_MARGIN: Final = 20.0
_GAP: Final = 28.0
_NARROW_GAP: Final = 18.0
_ROOMY: Final = 14
_PORT: Final = 15.0
_STUB: Final = 46.0
_LANE: Final = 13.0
_NARROWEST: Final = 108.0
_WIDEST: Final = 190.0
_LABEL_SIZE: Final = 11.0
_END_WIDTH: Final = 96.0
_END_HEIGHT: Final = 28.0
_RADIUS: Final = 5.0


class NodeLook(StrEnum):
    """How a question stands out on the map."""

    PLAIN = "plain"
    VISITED = "visited"
    FAULTY = "faulty"


@dataclass(frozen=True, slots=True)
class FlowNode:
    """A question on the map; ``goes_on`` tells whether some answer leads to the next one."""

    key: str
    number: str
    text: str
    goes_on: bool = True
    look: NodeLook = NodeLook.PLAIN
    selected: bool = False


@dataclass(frozen=True, slots=True)
class FlowRoute:
    """A jump from a question to another one or to an end; ``label`` names the answers, ``words`` is the tool tip."""

    source: str
    target: str
    label: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Lane:
    """A vertical line beside the column, used by every jump to one target."""

    target: str
    first: int
    last: int
    place: int


class FlowMap:
    """Lays out a questionnaire for a width; only a map with many lanes becomes wider."""

    def __init__(
        self,
        nodes: Sequence[FlowNode],
        routes: Sequence[FlowRoute],
        *,
        width: float,
        end_label: str,
        screen_out_label: str,
        measure: Measure,
    ) -> None:
        """Take the questions in order; routes from or to unknown keys are left out."""
        self._nodes = tuple(nodes)
        self._index = {node.key: at for at, node in enumerate(self._nodes)}
        known = {*self._index, END_KEY, SCREEN_OUT_KEY}
        self._routes = tuple(one for one in routes if one.source in self._index and one.target in known)
        self._measure = measure
        self._labels = {END_KEY: end_label, SCREEN_OUT_KEY: screen_out_label}
        self._ends = tuple(
            key for key in (END_KEY, SCREEN_OUT_KEY) if any(route.target == key for route in self._routes)
        )
        self._lanes = {lane.target: lane for lane in self._assign_lanes()}
        self._place(width)
        self.primitives = self._draw()

    @property
    def scene(self) -> Scene:
        """The whole map."""
        return Scene(self.width, self.height, self.primitives)

    def box(self, key: str) -> Box | None:
        """Return where a question or an end stands."""
        return self._boxes.get(key)

    def _assign_lanes(self) -> list[_Lane]:
        """Give every question that is jumped to the innermost free lane; short ones first, so they lie inside."""
        spans: dict[str, tuple[int, int]] = {}
        for route in self._routes:
            if route.target in self._index:
                places = (self._index[route.source], self._index[route.target])
                low, high = spans.get(route.target, places)
                spans[route.target] = (min(low, *places), max(high, *places))
        taken: list[list[tuple[int, int]]] = []
        lanes: list[_Lane] = []
        for target, (first, last) in sorted(spans.items(), key=lambda item: (item[1][1] - item[1][0], item[1])):
            place = 0
            while place < len(taken) and any(first <= end and start <= last for start, end in taken[place]):
                place += 1
            if place == len(taken):
                taken.append([])
            taken[place].append((first, last))
            lanes.append(_Lane(target, first, last, place))
        return lanes

    def _place(self, width: float) -> None:
        right_lanes = max((lane.place + 1 for lane in self._lanes.values()), default=0)
        left = _MARGIN + (_STUB + _LANE * len(self._ends) if self._ends else 0.0)
        right = _MARGIN + (_STUB + _LANE * right_lanes if right_lanes else 0.0)
        self._node_width = min(_WIDEST, max(_NARROWEST, width - left - right))
        spare = max(0.0, width - left - right - self._node_width)
        self._left = left + spare / 2
        self.width = max(width, left + self._node_width + right)
        self._boxes: dict[str, Box] = {}
        gap = _GAP if len(self._nodes) <= _ROOMY else _NARROW_GAP
        y = _MARGIN
        for node in self._nodes:
            height = max(NODE_HEIGHT, _PORT * max(self._ports(node.key)) + 10)
            self._boxes[node.key] = Box(self._left, y, self._node_width, height)
            y += height + gap
        middle = self._left + self._node_width / 2
        for key in (END_KEY, SCREEN_OUT_KEY):
            if key == END_KEY or key in self._ends:
                self._boxes[key] = Box(middle - _END_WIDTH / 2, y, _END_WIDTH, _END_HEIGHT)
                y += _END_HEIGHT + 12
        self.height = y + _MARGIN - 12

    def _ports(self, key: str) -> tuple[int, int]:
        """Return how many lines meet a question at the left and at the right."""
        outgoing = [route for route in self._routes if route.source == key]
        left = sum(route.target not in self._index for route in outgoing)
        return left, len(outgoing) - left + (key in self._lanes)

    def _port_y(self, key: str, number: int, count: int) -> float:
        box = self._boxes[key]
        return round(box.y + box.height / 2 + (number - (count - 1) / 2) * _PORT)

    def _draw(self) -> tuple[Primitive, ...]:
        return (*self._steps(), *self._jumps(), *self._questions(), *self._end_boxes())

    def _steps(self) -> list[Primitive]:
        """Draw the arrows from each question to the next."""
        drawn: list[Primitive] = []
        boxes = [self._boxes[node.key] for node in self._nodes] + [self._boxes[END_KEY]]
        for at, node in enumerate(self._nodes):
            if node.goes_on:
                upper, lower = boxes[at], boxes[at + 1]
                x = round(upper.x + upper.width / 2) + 0.5
                drawn.append(
                    Polyline(((x, upper.bottom), (x, lower.y - 1)), Role.LINK, 1.2, arrow=True, arrow_size=6.0)
                )
        return drawn

    def _jumps(self) -> list[Primitive]:
        """Draw the jumps; those of the selected question last and stronger."""
        left_used: dict[str, int] = {}
        right_used: dict[str, int] = {}
        plain: list[Primitive] = []
        strong: list[Primitive] = []
        chosen = {node.key for node in self._nodes if node.selected}
        for route in self._routes:
            left, right = self._ports(route.source)
            if route.target in self._index:
                number = right_used.get(route.source, int(route.source in self._lanes))
                right_used[route.source] = number + 1
                drawn = self._jump_right(
                    route, self._port_y(route.source, number, right), strong=route.source in chosen
                )
            else:
                number = left_used.get(route.source, 0)
                left_used[route.source] = number + 1
                drawn = self._jump_left(route, self._port_y(route.source, number, left), strong=route.source in chosen)
            (strong if route.source in chosen else plain).append(Group(drawn, route.source, label=route.words))
        return plain + strong

    def _jump_right(self, route: FlowRoute, y: float, *, strong: bool) -> tuple[Primitive, ...]:
        backward = self._index[route.target] <= self._index[route.source]
        role = Role.BAD if backward else Role.ACCENT
        start = self._boxes[route.source].right
        lane = start + _STUB + _LANE * self._lanes[route.target].place + 0.5
        goal = self._port_y(route.target, 0, self._ports(route.target)[1])
        end = self._boxes[route.target].right + 1
        points = ((start, y), (lane, y), (lane, goal), (end, goal))
        return (
            self._line(points, role, strong=strong, dash=Dash.DASHED if backward else Dash.SOLID),
            *self._label(route.label, start + 3, y, role),
        )

    def _jump_left(self, route: FlowRoute, y: float, *, strong: bool) -> tuple[Primitive, ...]:
        role = Role.WARN if route.target == END_KEY else Role.BAD
        start = self._boxes[route.source].x
        lane = start - _STUB - _LANE * self._ends.index(route.target) - 0.5
        goal = self._boxes[route.target]
        middle = goal.y + goal.height / 2
        points = ((start, y), (lane, y), (lane, middle), (goal.x - 1, middle))
        return (
            self._line(points, role, strong=strong, dash=Dash.SOLID),
            *self._label(route.label, start - _STUB + 1, y, role),
        )

    @staticmethod
    def _line(points: tuple[tuple[float, float], ...], role: Role, *, strong: bool, dash: Dash) -> Polyline:
        return Polyline(points, role, 2.0 if strong else 1.2, dash, arrow=True, arrow_size=7.0, radius=_RADIUS)

    def _label(self, label: str, x: float, y: float, role: Role) -> tuple[Primitive, ...]:
        if not label:
            return ()
        room = _STUB - 6
        return (Text(x, y - 15, room, 14, label, role, _LABEL_SIZE, align=Align.CENTER, overflow=Overflow.ELIDE),)

    def _questions(self) -> list[Primitive]:
        return [self._question(node, self._boxes[node.key]) for node in self._nodes]

    def _question(self, node: FlowNode, box: Box) -> Group:
        fill, stroke = Role.SURFACE, Role.LINE_STRONG
        if node.look is NodeLook.FAULTY:
            fill, stroke = Role.BAD_BG, Role.BAD
        elif node.look is NodeLook.VISITED:
            fill, stroke = Role.OK_BG, Role.OK
        if node.selected:
            fill, stroke = (fill if node.look is NodeLook.FAULTY else Role.ACCENT_BG), Role.ACCENT
        dash = Dash.DASHED if node.look is NodeLook.FAULTY and not node.selected else Dash.SOLID
        number_width = self._measure(node.number, 12.0, Weight.BOLD) + 6
        inner = box.width - 20
        text_role = Role.ACCENT if node.selected else Role.TEXT
        return Group(
            (
                Rect(box.x, box.y, box.width, box.height, fill, stroke, 1.5 if node.selected else 1.0, 6.0, dash),
                Text(
                    box.x + 10, box.y, min(number_width, inner), box.height, node.number, text_role, 12.0, Weight.BOLD
                ),
                Text(
                    box.x + 10 + number_width, box.y, max(0.0, inner - number_width), box.height, node.text,
                    Role.TEXT_SOFT, 12.0,
                ),
            ),
            node.key,
            label=f"{node.number} {node.text}",
        )  # fmt: skip

    def _end_boxes(self) -> list[Primitive]:
        drawn: list[Primitive] = []
        for key in (END_KEY, SCREEN_OUT_KEY):
            box = self._boxes.get(key)
            if box is None:
                continue
            ground, ink = (Role.NEUTRAL_BG, Role.NEUTRAL) if key == END_KEY else (Role.BAD_BG, Role.BAD)
            drawn.append(
                Group(
                    (
                        Rect(box.x, box.y, box.width, box.height, ground, Role.LINE_STRONG, radius=box.height / 2),
                        Text(box.x + 6, box.y, box.width - 12, box.height, self._labels[key], ink, 12.0,
                             align=Align.CENTER),
                    ),
                    key,
                    label=self._labels[key],
                )
            )  # fmt: skip
        return drawn

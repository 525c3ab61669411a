"""The live map of the questionnaire as a scrolling picture; it fits the width and follows the selection."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent

from qihua_desktop.domain.flow_scene import END_KEY, SCREEN_OUT_KEY, FlowMap, FlowNode, FlowRoute, NodeLook
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.scene import Box, Primitive
from qihua_desktop.domain.survey import JumpTarget
from qihua_desktop.domain.survey_logic import Form
from qihua_desktop.domain.survey_routes import falls_through, option_words, routes
from qihua_desktop.i18n import _
from qihua_desktop.services.survey import SurveyView
from ui.common.canvas import SceneCanvas
from ui.common.painter import measure
from ui.common.theme import theme

_NARROWEST = 150


class FlowView(SceneCanvas):
    """Shows a questionnaire's map; the keys of its objects are the questions' ids in hexadecimal."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(_("Flow map"))
        self._nodes: tuple[FlowNode, ...] = ()
        self._routes: tuple[FlowRoute, ...] = ()
        self._map: FlowMap | None = None
        self._selected = ""
        theme().changed.connect(self._build)

    def show_survey(
        self,
        view: SurveyView,
        *,
        selected: EntityId | None = None,
        faulty: Collection[bytes] = (),
        visited: Collection[bytes] = (),
    ) -> None:
        """Show a questionnaire; ``faulty`` questions have findings, ``visited`` ones were seen on a run."""
        form = view.form()
        texts = {question.id: question.text for question in view.questions}
        nodes = tuple(
            FlowNode(
                _hex(question.key),
                question.code,
                " ".join(texts[EntityId(_raw(question.key))][:200].split()),
                falls_through(question),
                NodeLook.FAULTY
                if question.key in faulty
                else NodeLook.VISITED
                if question.key in visited
                else NodeLook.PLAIN,
                question.key == selected,
            )
            for question in form.questions
        )
        flow_routes = flow_lines(form)
        wanted = selected.hex() if selected is not None else ""
        if (nodes, flow_routes) == (self._nodes, self._routes) and self._map is not None:
            return
        self._nodes, self._routes = nodes, flow_routes
        self._build()
        if wanted and wanted != self._selected:
            self.show_key(wanted)
        self._selected = wanted

    def show_key(self, key: str) -> None:
        """Scroll a question into sight."""
        box = self._map.box(key) if self._map is not None else None
        if box is not None:
            self.ensure_visible(Box(0, box.y, 1, box.height), margin=40.0)

    def map(self) -> FlowMap | None:
        """Return the map shown."""
        return self._map

    def _build(self) -> None:
        width = max(_NARROWEST, self.viewport().width())
        self._map = FlowMap(
            self._nodes,
            self._routes,
            width=float(width),
            end_label=_("End"),
            screen_out_label=_("Screened out"),
            measure=measure,
        )
        self.set_provider(_MapProvider(self._map))

    def sizeHint(self) -> QSize:
        return QSize(300, 400)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if self._nodes:
            self._build()
        super().resizeEvent(event)


class _MapProvider:
    def __init__(self, flow_map: FlowMap) -> None:
        self._map = flow_map

    def size(self) -> tuple[float, float]:
        return self._map.width, self._map.height

    def scene_for(self, visible: Box) -> Sequence[Primitive]:
        return self._map.primitives


def flow_lines(form: Form) -> tuple[FlowRoute, ...]:
    """Return the routes of a form for the map, with the answers that take them."""
    lines: list[FlowRoute] = []
    for route in routes(form):
        question = form.questions[form.index[route.source]]
        labels = [option.label for option in question.options if option.key in route.options]
        if route.kind is JumpTarget.QUESTION and route.target is not None:
            target = _hex(route.target)
            goal = form.questions[form.index[route.target]].code
        else:
            target = END_KEY if route.kind is JumpTarget.END else SCREEN_OUT_KEY
            goal = _("End") if route.kind is JumpTarget.END else _("Screened out")
        words = f"{question.code} {option_words(labels)} → {goal}"
        lines.append(FlowRoute(_hex(route.source), target, "/".join(labels)[:60], words))
    return tuple(lines)


def _raw(key: bytes | str) -> bytes:
    return key if isinstance(key, bytes) else key.encode()


def _hex(key: bytes | str) -> str:
    return _raw(key).hex()

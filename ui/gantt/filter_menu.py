"""The menu of what to show: filters, persons, stages, groups, and what the chart draws beside the bars."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from PySide6.QtWidgets import QMenu, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from ui.common.labels import literal

from .display import Arrangement, Filter, Grouping, filter_label, grouping_label

_MOST_NAMES: Final = 40


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen from: owners by name, asked for when the menu opens, and stages by id."""

    owners: Callable[[], Sequence[str]] = tuple
    stages: Mapping[EntityId, str] | None = None
    shows_float: bool = False


class FilterMenu(QMenu):
    """Filled anew whenever it opens."""

    def __init__(
        self,
        parent: QWidget,
        *,
        now: Callable[[], Arrangement],
        choices: Callable[[], Choices],
        change: Callable[[Arrangement], object],
        toggle_float: Callable[[], object],
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._choices = choices
        self._change = change
        self._toggle_float = toggle_float
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Put in what can be chosen now."""
        now, choices = self._now(), self._choices()
        self.clear()
        for kind in Filter:
            self._choice(self, filter_label(kind), now.filter is kind, filter=kind)
        people = self.addMenu(_("Only the tasks of"))
        self._choice(people, _("Everybody"), not now.owner, owner="")
        for name in choices.owners()[:_MOST_NAMES]:
            self._choice(people, name, now.owner == name, owner=name)
        if choices.stages:
            stages = self.addMenu(_("Only the stage"))
            self._choice(stages, _("Every stage"), now.stage is None, stage=None)
            for stage_id, name in choices.stages.items():
                self._choice(stages, name, now.stage == stage_id, stage=stage_id)
        self.addSection(_("Group"))
        for grouping in Grouping:
            self._choice(self, grouping_label(grouping), now.grouping is grouping, grouping=grouping)
        self.addSection(_("Chart"))
        slack = self.addAction(_("Float of every task"))
        slack.setCheckable(True)
        slack.setChecked(choices.shows_float)
        slack.triggered.connect(lambda _checked=False: self._toggle_float())
        self.addSeparator()
        self.addAction(_("Show everything again")).triggered.connect(lambda _checked=False: self._change(Arrangement()))

    def _choice(self, menu: QMenu, text: str, chosen: object, **values: Any) -> None:
        action = menu.addAction(literal(text))
        action.setCheckable(True)
        action.setChecked(bool(chosen))
        action.triggered.connect(lambda _checked=False: self._change(replace(self._now(), **values)))

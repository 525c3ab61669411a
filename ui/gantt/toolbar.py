"""The tools above the plan: adding, zoom, critical path, baseline, direction, what deserves a look, filter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QMenu

from qihua_desktop.domain.formatting import duration_text
from qihua_desktop.domain.gantt_scale import TimeUnit
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services.plan_view import PlanView, headline
from ui.common.actions import ActionRegistry
from ui.common.labels import literal
from ui.common.theme import SPACE_2, SPACE_5
from ui.common.widgets import (
    ChipButton,
    SearchField,
    Segment,
    SegmentedControl,
    Tone,
    Toolbar,
    icon_button,
    menu_button,
    set_tool_tip,
)

from .display import Arrangement, Filter, Grouping, filter_label, grouping_label
from .filter_menu import Choices, FilterMenu

_NO_BASELINE: Final = EntityId(b"")
_LONGEST_NAME: Final = 14
_LEAST_HEADLINE: Final = 88


class GanttToolbar(Toolbar):
    """The strip.

    Signals:
        unit_chosen(str): a ``TimeUnit`` to zoom to.
        critical_toggled(bool): show the critical path or not.
        baseline_chosen(object): a baseline's id, or None for none.
        headline_clicked: show the task that deserves a look.
        arrangement_changed(object): filter, grouping or search changed.
        details_toggled(bool): show the panel about the selected task.
        float_toggled(bool): draw the float of every task.
        search_left: the search box was closed.
        next_wanted: Enter in the search box.
    """

    unit_chosen = Signal(str)
    critical_toggled = Signal(bool)
    baseline_chosen = Signal(object)
    headline_clicked = Signal()
    arrangement_changed = Signal(object)
    details_toggled = Signal(bool)
    float_toggled = Signal(bool)
    search_left = Signal()
    next_wanted = Signal()

    def __init__(self, actions: ActionRegistry, *, show_details: bool) -> None:
        super().__init__()
        self._actions = actions
        self._arrangement = Arrangement()
        self._quiet = False
        units = (
            Segment(TimeUnit.HOUR.value, _("H")),
            Segment(TimeUnit.DAY.value, _("D")),
            Segment(TimeUnit.WEEK.value, _("Wk")),
            Segment(TimeUnit.MONTH.value, _("M")),
            Segment(TimeUnit.QUARTER.value, _("Q")),
            Segment(TimeUnit.YEAR.value, _("Y")),
        )
        self.units = SegmentedControl(units, accessible_name=_("Zoom"), current=TimeUnit.WEEK.value)
        names = (
            _("Zoom to hours"),
            _("Zoom to days"),
            _("Zoom to weeks"),
            _("Zoom to months"),
            _("Zoom to quarters"),
            _("Zoom to years"),
        )
        for one, name in zip(self.units.findChildren(QAbstractButton), names, strict=True):
            one.setAccessibleName(name)
            set_tool_tip(one, name)
        self.units.current_changed.connect(self._on_unit)
        self.critical = ChipButton(_("Critical path"), Tone.BAD, checkable=False, dot=True)
        self._shows_critical = True
        self.critical.clicked.connect(self._on_critical)
        self._baseline_menu = QMenu(self)
        self.baseline = ChipButton(_("Baseline"), menu=self._baseline_menu)
        self._direction_menu = QMenu(self)
        self.direction = ChipButton("", menu=self._direction_menu)
        self.headline = ChipButton("", Tone.WARN)
        self.headline.clicked.connect(self.headline_clicked.emit)
        self.headline.hide()
        self._choices = Choices()
        menu = FilterMenu(
            self,
            now=self.arrangement,
            choices=lambda: self._choices,
            change=self._rearrange,
            toggle_float=self._on_float,
        )
        self.filter = menu_button(_("Filter"), menu)
        self.search = SearchField(_("Find tasks"))
        self.search.setFixedWidth(150)
        self.search.hide()
        self.search.searched.connect(self._on_searched)
        self.search.returnPressed.connect(self.next_wanted.emit)
        self.files_menu = QMenu(self)
        self.files = icon_button("arrow-up-down", _("Import and export…"), self._open_files)
        self.details = icon_button("panel-right", _("Task details"), self._on_details, checkable=True)
        self.details.setChecked(show_details)
        self.print = icon_button("printer", _("Print or save as PDF…"), actions.get("gantt.print").trigger)
        buttons = (
            actions.button("gantt.add", primary=True, text=_("Task")),
            actions.button("gantt.milestone", text=_("Milestone")),
            actions.button("gantt.link", text=_("Link")),
            actions.button("gantt.fit", text=_("Fit")),
        )
        self._buttons = buttons
        self.add(
            *buttons[:3],
            self.units,
            buttons[3],
            self.critical,
            self.baseline,
            self.direction,
        )
        self.add_stretch()
        self.add(self.headline, self.search, self.filter, self.files, self.print, self.details)

    def open_search(self) -> None:
        """Show the search box and go there; it goes again when it is emptied."""
        self.search.show()
        self._fit_headline()
        self.search.setFocus()
        self.search.selectAll()

    def set_unit(self, unit: TimeUnit) -> None:
        """Show which unit the zoom is at."""
        self._quiet = True
        self.units.set_current(unit.value)
        self._quiet = False

    def arrangement(self) -> Arrangement:
        """Return how the rows are to be shown."""
        return self._arrangement

    def set_arrangement(self, arrangement: Arrangement) -> None:
        """Show another filter, grouping or sorting."""
        if arrangement == self._arrangement:
            return
        self._arrangement = arrangement
        words = _("Filter")
        if arrangement.filter is not Filter.ALL:
            words = filter_label(arrangement.filter)
        elif arrangement.owner:
            words = arrangement.owner[:_LONGEST_NAME]
        elif arrangement.stage is not None:
            words = (self._choices.stages or {}).get(arrangement.stage, words)[:_LONGEST_NAME]
        elif arrangement.grouping is not Grouping.OUTLINE:
            words = grouping_label(arrangement.grouping)
        self.filter.setText(literal(words))
        self.arrangement_changed.emit(arrangement)

    def show_view(self, view: PlanView, owners: Callable[[], tuple[str, ...]], stages: Mapping[EntityId, str]) -> None:
        """Show what the plan says: length of the critical path, baseline, direction, headline."""
        self._choices = replace(self._choices, owners=owners, stages=stages)
        length = duration_text(view.critical_minutes, view.state.minutes_per_day)
        self.critical.set_text(_("Critical path {length}").format(length=length))
        self._paint_critical()
        set_tool_tip(
            self.critical, _("Working time from the first to the last critical task. Click to hide or show the colour.")
        )
        name = view.baseline.name[:_LONGEST_NAME] if view.baseline is not None else _("none")
        self.baseline.set_text(_("Baseline: {name}").format(name=name))
        self._fill_baseline_menu(view)
        self._show_direction(view)
        words = headline(view)
        self.headline.set_text(words)
        self.headline.set_tone(Tone.BAD if view.infeasible is not None else Tone.WARN)
        set_tool_tip(self.headline, words)
        self.headline.setVisible(bool(words))
        self._fit_headline()

    def set_details(self, *, shown: bool) -> None:
        """Tick the panel's button."""
        self.details.setChecked(shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_headline()
        super().resizeEvent(event)

    def _fit_headline(self) -> None:
        """Keep to one line: what keys and menus offer as well goes first, then the headline is cut short.

        The headline's full sentence is in its tool tip.
        """
        always = (self._buttons[0], self.units, self.critical, self.baseline, self.filter, self.files, self.details)
        room = self.width() - 2 * SPACE_5 - 2 * SPACE_2 - sum(one.sizeHint().width() + SPACE_2 for one in always)
        room -= 0 if self.search.isHidden() else self.search.width() + SPACE_2
        least = 0 if self.headline.isHidden() else _LEAST_HEADLINE
        for spare in (self.direction, *self._buttons[1:], self.print):
            width = spare.sizeHint().width() + SPACE_2
            spare.setVisible(room - width >= least)
            room -= width if room - width >= least else 0
        self.headline.setMaximumWidth(max(_LEAST_HEADLINE, room))

    def _show_direction(self, view: PlanView) -> None:
        possible = view.infeasible is None
        if view.state.backward:
            self.direction.set_text(_("Back from event {mark}").format(mark="✓" if possible else "!"))
        else:
            self.direction.set_text(_("Forward from the start"))
        self.direction.set_tone(Tone.NEUTRAL if possible else Tone.BAD)
        self._direction_menu.clear()
        for identifier in ("gantt.backward", "gantt.forward", "gantt.key_date", "gantt.calendar"):
            self._direction_menu.addAction(self._actions.get(identifier))

    def _fill_baseline_menu(self, view: PlanView) -> None:
        menu = self._baseline_menu
        menu.clear()
        chosen = view.baseline.id if view.baseline is not None else None
        for baseline in reversed(view.baselines):
            action = menu.addAction(literal(baseline.name))
            action.setCheckable(True)
            action.setChecked(baseline.id == chosen)
            action.triggered.connect(lambda _checked=False, one=baseline.id: self.baseline_chosen.emit(one))
        none = menu.addAction(_("No baseline"))
        none.setCheckable(True)
        none.setChecked(chosen is None)
        none.triggered.connect(lambda _checked=False: self.baseline_chosen.emit(None))
        menu.addSeparator()
        for identifier in ("gantt.take_baseline", "gantt.compare", "gantt.delete_baseline"):
            menu.addAction(self._actions.get(identifier))

    def _change(self, **values: Any) -> None:
        self.set_arrangement(replace(self._arrangement, **values))

    def _rearrange(self, arrangement: Arrangement) -> None:
        if not arrangement.search:
            self.search.clear()
        self.set_arrangement(arrangement)

    def _on_float(self) -> None:
        self._choices = replace(self._choices, shows_float=not self._choices.shows_float)
        self.float_toggled.emit(self._choices.shows_float)

    def _on_searched(self, text: str) -> None:
        self._change(search=text)
        if not text and not self.search.isHidden():
            self.search.hide()
            self._fit_headline()
            self.search_left.emit()

    def _on_unit(self, key: str) -> None:
        if not self._quiet:
            self.unit_chosen.emit(key)

    def _on_critical(self) -> None:
        self._shows_critical = not self._shows_critical
        self._paint_critical()
        self.critical_toggled.emit(self._shows_critical)

    def _paint_critical(self) -> None:
        self.critical.set_tone(Tone.BAD if self._shows_critical else Tone.NEUTRAL)

    def _open_files(self) -> None:
        self.files_menu.popup(self.files.mapToGlobal(self.files.rect().bottomLeft()))

    def _on_details(self) -> None:
        self.details_toggled.emit(self.details.isChecked())

"""Whose load the strip shows, and the tasks behind a week of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Slot
from PySide6.QtWidgets import QMenu

from qihua_desktop.domain.formatting import date_short, duration_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import day_of, day_start
from qihua_desktop.i18n import _
from qihua_desktop.services import plan_load
from qihua_desktop.services.plan_load import Owner, WeekLoad
from qihua_desktop.services.plan_view import PlanView
from qihua_desktop.services.session import Session
from ui.common.labels import literal

from .load_strip import LoadStrip

if TYPE_CHECKING:
    from collections.abc import Sequence

_AT_ONCE = 1500
_MOST_TRIED = 8
_MOST_LISTED = 30
_LONGEST_NAME = 40


class Workload(QObject):
    """Fills the strip and answers it; shows somebody overloaded first, else who has most to do."""

    def __init__(
        self,
        strip: LoadStrip,
        session: Session,
        *,
        show_task: Callable[[EntityId], object],
        select: Callable[[tuple[str, ...]], object],
    ) -> None:
        super().__init__(strip)
        self._strip = strip
        self._session = session
        self._show_task = show_task
        self._select = select
        self._view: PlanView | None = None
        self._owner: Owner | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(120)
        self._later.timeout.connect(self.refresh)
        strip.owner_chosen.connect(self._on_owner_chosen)
        strip.bars.week_opened.connect(self._on_week_opened)

    def forget(self) -> None:
        """Another plan comes: choose anew whom to show."""
        self._owner = self._view = None

    def show(self, view: PlanView) -> None:
        """Show the load of a plan; that of a large one a moment later, so that a drop is not held up by it."""
        self._view = view
        if len(view.rows) > _AT_ONCE:
            self._later.start()
        else:
            self.refresh()

    def names(self) -> tuple[str, ...]:
        """Return everybody who has tasks in the plan shown."""
        return tuple(owner.name for owner in plan_load.owners(self._view.state)) if self._view is not None else ()

    @Slot()
    def refresh(self) -> None:
        """Count the load anew."""
        view = self._view
        if view is None:
            return
        owners = plan_load.owners(view.state)
        if self._owner not in owners:
            self._owner = self._busiest(owners)
        weeks = self._weeks(self._owner) if self._owner is not None else ()
        self._strip.show_load(owners, self._owner, weeks)

    def menu_of(self, week: WeekLoad) -> QMenu:
        """Return the list of what fills a week; choosing a task goes to it."""
        menu = QMenu(self._strip)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        view, owner = self._view, self._owner
        if view is None or owner is None:
            return menu
        found = plan_load.tasks_of_week(self._session, view.state, owner, week.monday)
        sunday = day_of(day_start(week.monday) + 6 * 1440)
        words = _("{owner}, {first} – {last}").format(
            owner=owner.name[:_LONGEST_NAME], first=date_short(week.monday), last=date_short(sunday)
        )
        menu.addAction(literal(words)).setEnabled(False)
        menu.addSeparator()
        for one in found[:_MOST_LISTED]:
            time = duration_text(one.minutes, view.state.minutes_per_day)
            name = f"{one.project[:24]} · {one.name[:_LONGEST_NAME]}" if one.project else one.name[:_LONGEST_NAME]
            action = menu.addAction(literal(f"{name}  {time}"))
            action.setEnabled(not one.project)
            action.triggered.connect(lambda _checked=False, task=one.task_id: self._show_task(task))
        here = tuple(one.task_id.hex() for one in found if not one.project)
        if len(here) > 1:
            menu.addSeparator()
            menu.addAction(_("Select these tasks")).triggered.connect(lambda _checked=False: self._select(here))
        return menu

    def _weeks(self, owner: Owner) -> tuple[WeekLoad, ...]:
        if self._view is None:
            return ()
        return plan_load.weekly_load(self._session, self._view.state, owner)

    def _busiest(self, owners: Sequence[Owner]) -> Owner | None:
        for owner in owners[:_MOST_TRIED]:
            if any(week.is_over for week in self._weeks(owner)):
                return owner
        return owners[0] if owners else None

    @Slot(object)
    def _on_owner_chosen(self, owner: object) -> None:
        if isinstance(owner, Owner) and self._view is not None:
            self._owner = owner
            self.refresh()

    @Slot(object, QPoint)
    def _on_week_opened(self, week: object, place: QPoint) -> None:
        if isinstance(week, WeekLoad):
            self.menu_of(week).popup(place)

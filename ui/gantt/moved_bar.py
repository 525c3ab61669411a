"""What the last edit moved: a line, and on request a list of every task with its old and new dates and the cause.

It goes with the next change of the plan.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import date_short
from qihua_desktop.domain.gantt_hours import clock_text
from qihua_desktop.domain.plan import MINUTES_PER_DAY, day_of, last_day_of
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _
from qihua_desktop.services.plan_commit import Moved, Outcome
from qihua_desktop.services.plan_explain import move_lines, outcome_text, shift_words
from ui.common.columns import Column
from ui.common.labels import set_tool_tip
from ui.common.models import RowsModel
from ui.common.tables import DataTable
from ui.common.theme import GANTT_ROW_HEIGHT, HEADER_HEIGHT, theme
from ui.common.widgets import Elide, PlainLabel, icon_button, link_button

_LINE: Final = 30
_MOST_ROWS: Final = 6


class MovedBar(QFrame):
    """Shown while the last edit moved something.

    Signals:
        undo_requested: take that edit back.
        task_requested(object): look at a task, by its id.
    """

    undo_requested = Signal()
    task_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._moved: tuple[Moved, ...] = ()
        self.label = PlainLabel("", elide=Elide.END, role=Role.TEXT_SOFT, size=12)
        line = QWidget()
        line.setFixedHeight(_LINE)
        row = QHBoxLayout(line)
        row.setContentsMargins(20, 0, 12, 0)
        row.setSpacing(10)
        row.addWidget(self.label, 1)
        self.more = link_button(_("Show all"), self.toggle_list)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(link_button(_("Undo"), self.undo_requested.emit), 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(icon_button("x", _("Close"), self.clear))
        self._model: RowsModel[Moved] = RowsModel(_columns(), lambda one: one.task_id, parent=self)
        self.table = DataTable(
            self._model, key="gantt.moved", row_height=GANTT_ROW_HEIGHT, accessible_name=_("What the last edit moved")
        )
        self.table.selection_changed.connect(self._on_selected)
        self.table.row_activated.connect(self._on_activated)
        self.table.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 1)
        column.setSpacing(0)
        column.addWidget(line)
        column.addWidget(self.table)
        theme().changed.connect(self.update)
        self.hide()

    def tell(self, outcome: Outcome) -> str:
        """Show what an edit moved; hide when nothing did. Returns the words."""
        words = outcome_text(outcome)
        self._moved = outcome.moved
        self.label.setText(words)
        set_tool_tip(self.label, "\n".join(move_lines(outcome)[:20]))
        self.setVisible(bool(words))
        if not words:
            self.table.hide()
        self._fill()
        return words

    def clear(self) -> None:
        """Show nothing any more."""
        self._moved = ()
        self.hide()
        self.table.hide()
        self._fill()

    def toggle_list(self) -> None:
        """Show or hide the list."""
        self.table.setVisible(self.table.isHidden())
        self._fill()
        if not self.table.isHidden():
            self.table.setFocus()

    def _fill(self) -> None:
        shown = not self.table.isHidden()
        self._model.set_rows(self._moved if shown else ())
        self.more.setText(_("Show less") if shown else _("Show all"))
        rows = min(_MOST_ROWS, len(self._moved))
        self.table.setFixedHeight(HEADER_HEIGHT + rows * GANTT_ROW_HEIGHT + 4)

    @Slot(object)
    def _on_selected(self, rows: object) -> None:
        if isinstance(rows, tuple) and len(rows) == 1 and isinstance(rows[0], Moved) and not self.table.isHidden():
            self.task_requested.emit(rows[0].task_id)

    @Slot(object)
    def _on_activated(self, row: object) -> None:
        if isinstance(row, Moved):
            self.task_requested.emit(row.task_id)

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color(Role.ACCENT_BG))
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme().color(Role.LINE))


def _columns() -> tuple[Column[Moved], ...]:
    return (
        Column("name", _("Task"), lambda one: one.name, width=240, stretch=True),
        Column("old", _("Old dates"), lambda one: _span(one.old_start, one.old_finish), width=200),
        Column(
            "new", _("New dates"), lambda one: _span(one.new_start, one.new_finish), width=200, bold=lambda _one: True
        ),
        Column("by", _("Shift"), shift_words, width=80),
        Column("cause", _("Cause"), _cause, width=260),
    )


def _span(start: int, finish: int) -> str:
    """Return first and last day, with clock times where they are not those of a whole day."""
    first, last = day_of(start), last_day_of(start, finish)
    if finish - start < 7 * 60 and start != finish:
        return f"{date_short(first)} {clock_text(start % MINUTES_PER_DAY)} – {clock_text(finish % MINUTES_PER_DAY)}"
    return date_short(first) if first == last else f"{date_short(first)} – {date_short(last)}"


def _cause(one: Moved) -> str:
    return _("edited") if one.edited and not one.cause else one.cause

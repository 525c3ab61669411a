"""Choosing who signs: steps one after another, the seats of a step side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Department, Person, department_label
from qihua_desktop.domain.review import Dimension, RouteMode, dimension_label
from qihua_desktop.domain.review_rules import route_mode_label
from qihua_desktop.i18n import _
from qihua_desktop.services.review import SeatDraft
from ui.common.theme import SPACE_2
from ui.common.widgets import (
    ChipButton,
    Segment,
    SegmentedControl,
    ghost_button,
    icon_button,
    section_label,
    set_tool_tip,
)

from .words import mode_label


@dataclass(slots=True)
class _Step:
    mode: RouteMode
    seats: list[SeatDraft] = field(default_factory=list[SeatDraft])


class RouteEditor(QWidget):
    """Steps and seats; ``authors`` are offered greyed, so that it is seen why they are missing."""

    def __init__(self, people: Sequence[Person], authors: frozenset[EntityId], seats: Sequence[SeatDraft]) -> None:
        super().__init__()
        self._people = tuple(people)
        self._authors = authors
        self._steps = [
            _Step(group[0].mode, group) for _number, members in groupby(seats, lambda one: one.step)
            for group in [list(members)]
        ]  # fmt: skip
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(SPACE_2)
        self._rows: list[list[SeatRow]] = []
        self._rebuild()

    def seats(self) -> tuple[SeatDraft, ...]:
        """Return the route as chosen; steps without seats are left out."""
        found: list[SeatDraft] = []
        number = 0
        for step, rows in zip(self._steps, self._rows, strict=True):
            number += bool(rows)
            found.extend(replace(row.seat(), step=number, mode=step.mode) for row in rows)
        return tuple(found)

    def rows(self) -> tuple[tuple[SeatRow, ...], ...]:
        """Return the seats' rows by step."""
        return tuple(tuple(rows) for rows in self._rows)

    def add_seat(self, step: int) -> None:
        """Add a seat to a step, for a department that has none yet."""
        self._keep()
        used = {seat.department for one in self._steps for seat in one.seats}
        free = next((one for one in Department if one not in used), Department.PLANNING)
        chosen = next((one.id for one in self._able(free)), None)
        self._steps[step].seats.append(SeatDraft(step + 1, self._steps[step].mode, free, chosen, tuple(Dimension)))
        self._rebuild()
        self._rows[step][-1].department.setFocus()

    def add_step(self) -> None:
        """Add a step behind the others."""
        self._keep()
        self._steps.append(_Step(RouteMode.ALL))
        self._rebuild()
        self.add_seat(len(self._steps) - 1)

    def remove_seat(self, step: int, at: int) -> None:
        """Take a seat out; an empty step goes with its last seat."""
        self._keep()
        del self._steps[step].seats[at]
        if not self._steps[step].seats:
            del self._steps[step]
        self._rebuild()

    def move_seat(self, step: int, at: int, by: int) -> None:
        """Move a seat within its step and, at the step's end, into the next one."""
        self._keep()
        seats = self._steps[step].seats
        if 0 <= at + by < len(seats):
            seats.insert(at + by, seats.pop(at))
        elif 0 <= step + by < len(self._steps):
            target = self._steps[step + by].seats
            target.insert(0 if by > 0 else len(target), seats.pop(at))
            if not seats:
                del self._steps[step]
        elif len(seats) > 1:
            alone = _Step(RouteMode.ALL, [seats.pop(at)])
            self._steps.insert(step + 1 if by > 0 else step, alone)
        self._rebuild()

    def set_mode(self, step: int, mode: RouteMode) -> None:
        """Say how a step's seats count."""
        self._steps[step].mode = mode

    def _keep(self) -> None:
        for step, rows in zip(self._steps, self._rows, strict=True):
            step.seats = [row.seat() for row in rows]

    def _able(self, department: Department) -> list[Person]:
        able = [one for one in self._people if one.department is department and one.id not in self._authors]
        return sorted(able, key=lambda one: one.role.value not in ("director", "reviewer"))

    def _rebuild(self) -> None:
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._rows = []
        for number, step in enumerate(self._steps):
            self._column.addWidget(self._head(number, step))
            rows: list[SeatRow] = []
            for at, seat in enumerate(step.seats):
                row = SeatRow(seat, self._people, self._authors)
                row.add_buttons(
                    lambda number=number, at=at: self.move_seat(number, at, -1),
                    lambda number=number, at=at: self.move_seat(number, at, 1),
                    lambda number=number, at=at: self.remove_seat(number, at),
                )
                rows.append(row)
                self._column.addWidget(row)
            self._rows.append(rows)
        foot = QWidget()
        line = QHBoxLayout(foot)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(ghost_button(_("Add step"), self.add_step, icon_name="plus"))
        line.addStretch(1)
        self._column.addWidget(foot)
        self._column.addStretch(1)

    def _head(self, number: int, step: _Step) -> QWidget:
        head = QWidget()
        line = QHBoxLayout(head)
        line.setContentsMargins(0, 4, 0, 0)
        line.setSpacing(SPACE_2)
        line.addWidget(section_label(_("Step {number}").format(number=number + 1)))
        mode = SegmentedControl(
            [Segment(one.value, mode_label(one)) for one in RouteMode],
            accessible_name=_("How the seats of step {number} count").format(number=number + 1),
            current=step.mode.value,
        )
        mode.current_changed.connect(lambda key, number=number: self.set_mode(number, RouteMode(key)))
        set_tool_tip(mode, "\n".join(f"{mode_label(one)}: {route_mode_label(one)}" for one in RouteMode))
        line.addWidget(mode)
        line.addStretch(1)
        line.addWidget(ghost_button(_("Add seat"), lambda: self.add_seat(number), icon_name="user-plus"))
        return head


class SeatRow(QFrame):
    """One seat: department, person, what the opinion is about."""

    def __init__(self, seat: SeatDraft, people: Sequence[Person], authors: frozenset[EntityId]) -> None:
        super().__init__()
        self._seat = seat
        self._people = people
        self._authors = authors
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 0, 0, 0)
        line.setSpacing(SPACE_2)
        self.department = QComboBox()
        self.department.setAccessibleName(_("Department"))
        for one in Department:
            self.department.addItem(department_label(one), one)
        self.department.setCurrentIndex(self.department.findData(seat.department))
        self.department.setFixedWidth(142)
        self.person = QComboBox()
        self.person.setAccessibleName(_("Person"))
        self.person.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.person.setMinimumContentsLength(10)
        self._offer(seat.person_id)
        self.department.currentIndexChanged.connect(self._on_department)
        line.addWidget(self.department)
        line.addWidget(self.person, 1)
        self.dimensions: dict[Dimension, ChipButton] = {}
        for one in Dimension:
            chip = ChipButton(dimension_label(one), checkable=True)
            chip.setChecked(one in seat.dimensions)
            self.dimensions[one] = chip
            line.addWidget(chip)
        self._line = line

    def add_buttons(self, up: object, down: object, remove: object) -> None:
        """Add what moves and removes the seat."""
        self._line.addWidget(icon_button("arrow-up", _("Sign earlier"), up))  # type: ignore[arg-type]
        self._line.addWidget(icon_button("arrow-down", _("Sign later"), down))  # type: ignore[arg-type]
        self._line.addWidget(icon_button("x", _("Remove seat"), remove))  # type: ignore[arg-type]

    def seat(self) -> SeatDraft:
        """Return the seat as chosen; without any dimension it is about everything."""
        chosen = tuple(one for one, chip in self.dimensions.items() if chip.isChecked())
        return replace(
            self._seat,
            department=Department(self.department.currentData()),
            person_id=self.person.currentData(),
            dimensions=chosen or tuple(Dimension),
        )

    def choose(self, person_id: EntityId) -> None:
        """Put a person on the seat; nobody is chosen when they are not offered."""
        # Qt compares ids as its own byte arrays, so ``findData`` never finds one.
        choices = [self.person.itemData(at) for at in range(self.person.count())]
        self.person.setCurrentIndex(choices.index(person_id) if person_id in choices else 0)

    def _on_department(self) -> None:
        self._offer(None)
        model = self.person.model()
        for at in range(1, self.person.count()):
            if model.flags(model.index(at, 0)) & Qt.ItemFlag.ItemIsEnabled:
                self.person.setCurrentIndex(at)
                break

    def _offer(self, person_id: EntityId | None) -> None:
        department = Department(self.department.currentData())
        self.person.clear()
        self.person.addItem(_("Choose a person"), None)
        for person in sorted(self._people, key=lambda one: (one.department is not department, one.department.value)):
            words = person.name[:60] if person.department is department else (
                f"{person.name[:60]}（{department_label(person.department)}）"
            )  # fmt: skip
            is_author = person.id in self._authors
            self.person.addItem(_("{person}: author").format(person=words) if is_author else words, person.id)
            model = self.person.model()
            if is_author and isinstance(model, QStandardItemModel):
                model.item(self.person.count() - 1).setEnabled(False)
        if person_id is not None:
            self.choose(person_id)

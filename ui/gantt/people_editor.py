"""Who works on the selected task, each with a share of their time; the first one leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import plan_shares
from qihua_desktop.services.plan_commit import Outcome
from qihua_desktop.services.plan_shares import Share
from qihua_desktop.services.plan_state import PlanState
from ui.common.choice_box import ChoiceBox
from ui.common.fields import PercentEdit
from ui.common.labels import set_tool_tip
from ui.common.widgets import PlainLabel, icon_button, secondary_label

Run = Callable[[Callable[..., Outcome]], bool]

_LONGEST = 24


class PeopleEditor(QWidget):
    """A line for everybody who works on a task, and a choice of whom to add."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run
        self._task: EntityId | None = None
        self._shares: tuple[Share, ...] = ()
        self.lines: list[PersonLine] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        column.addLayout(self._column)
        row = QHBoxLayout()
        row.setSpacing(6)
        self.choice = ChoiceBox()
        self.choice.setAccessibleName(_("Person to add"))
        self.add_button = icon_button("plus", _("Let this person take part"), self.add)
        row.addWidget(self.choice, 1)
        row.addWidget(self.add_button)
        column.addLayout(row)

    def names(self) -> tuple[str, ...]:
        """Return who works on the task, the lead first."""
        return tuple(share.name for share in self._shares)

    def show_task(self, state: PlanState, task_id: EntityId) -> None:
        """Show a task's people; the line that is being typed in stays."""
        shares = plan_shares.shares_of(state, task_id)
        same = self._task == task_id and [_key(one) for one in shares] == [_key(one) for one in self._shares]
        self._task, self._shares = task_id, shares
        if same:
            for line, share in zip(self.lines, shares, strict=True):
                if not line.percent.isModified():
                    line.percent.set_basis_points(share.units)
        else:
            self._build_lines()
        self._offer(state)

    def add(self) -> None:
        """Let the chosen person take part with all their time."""
        person: EntityId | None = self.choice.value()
        if person is None:
            return
        if self._set((*self._shares, Share(person, self.choice.currentText()))) and self.lines:
            self.lines[-1].percent.setFocus(Qt.FocusReason.TabFocusReason)

    def remove(self, at: int) -> None:
        """Let somebody no longer take part; who comes next leads when it was the lead."""
        if self._set((*self._shares[:at], *self._shares[at + 1 :])):
            self.choice.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_units(self, at: int, units: object) -> None:
        """Give somebody another share of their time."""
        changed = replace(self._shares[at], units=units if isinstance(units, int) else 0)
        if not self._set((*self._shares[:at], changed, *self._shares[at + 1 :])):
            self.lines[at].percent.set_basis_points(self._shares[at].units)

    def _set(self, shares: tuple[Share, ...]) -> bool:
        task = self._task
        if task is None:
            return False
        return self._run(lambda session, project: plan_shares.set_shares(session, project, task, shares))

    def _build_lines(self) -> None:
        for line in self.lines:
            line.hide()
            self._column.removeWidget(line)
            line.deleteLater()
        self.lines = [PersonLine(share, at, self) for at, share in enumerate(self._shares)]
        for line in self.lines:
            self._column.addWidget(line)

    def _offer(self, state: PlanState) -> None:
        taken = {share.person_id for share in self._shares}
        people = sorted(
            (one for one in state.people.values() if one.active and one.id not in taken), key=lambda one: one.name
        )
        offered = (None, *(one.id for one in people))
        if self.choice.values() != offered:
            chosen = self.choice.value()
            self.choice.clear_choices()
            self.choice.add(_("Choose a person…"), None)
            for one in people:
                self.choice.add(one.name, one.id)
            self.choice.select(chosen)
        self.choice.setEnabled(bool(people))
        self.add_button.setEnabled(bool(people))


class PersonLine(QWidget):
    """A name, the share of time and a cross."""

    def __init__(self, share: Share, at: int, editor: PeopleEditor) -> None:
        super().__init__()
        name = share.name
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        shown = name if len(name) <= _LONGEST else name[:_LONGEST] + "…"
        label = PlainLabel(shown, wrap=True)
        label.setMinimumWidth(0)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        set_tool_tip(label, name[:200])
        row.addWidget(label, 1)
        if at == 0:
            row.addWidget(secondary_label(_("leads")))
        self.percent = PercentEdit(required=True)
        self.percent.setFixedWidth(74)
        self.percent.setAccessibleName(_("Share of the time of {name}").format(name=name[:200]))
        self.percent.set_basis_points(share.units)
        self.percent.basis_points_changed.connect(lambda units: editor.set_units(at, units))
        row.addWidget(self.percent)
        title = _("Take {name} off this task").format(name=name[:60])
        self.cross = icon_button("x", title, lambda: editor.remove(at))
        row.addWidget(self.cross)


def _key(share: Share) -> tuple[EntityId | None, str]:
    return share.person_id, share.name

"""Strategy → programme → project, edited in place; projects are dragged to their programme."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QMimeData, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.project import Programme, Project, Strategy, kind_label
from qihua_desktop.i18n import _
from qihua_desktop.services import strategy
from ui.common import dialogs
from ui.common.choice_box import ChoiceBox
from ui.common.columns import CellKind, CellRole, Column
from ui.common.context import AppContext
from ui.common.delegates import ChoiceDelegate, TextDelegate
from ui.common.dialog_base import BaseDialog
from ui.common.fields import TextArea
from ui.common.page import Page
from ui.common.tables import DataTree
from ui.common.tree_models import TreeRowsModel
from ui.common.widgets import Card, FormGrid, Tone, Toolbar, button, muted_label, primary_button

from ..header import KIND_TONES, key_date_text

_TABLES = frozenset({"strategy", "programme", "project"})


class NodeKind(StrEnum):
    """What a row of the tree is."""

    STRATEGY = "strategy"
    PROGRAMME = "programme"
    PROJECT = "project"
    UNASSIGNED = "unassigned"


@dataclass(frozen=True, slots=True)
class Node:
    """A row; ``source`` is the strategy, programme or project."""

    kind: NodeKind
    identity: bytes
    parent: bytes | None
    source: Strategy | Programme | Project | None


class StrategyTree(DataTree):
    """Accepts projects dropped on a programme."""

    def __init__(self, page: StrategyPage, **options: Any) -> None:
        self._page = page
        super().__init__(**options)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        super().dragMoveEvent(event)
        node = self._node(event.position().toPoint())
        if node is not None and node.kind in (NodeKind.PROGRAMME, NodeKind.UNASSIGNED, NodeKind.PROJECT):
            event.acceptProposedAction()
        else:
            event.ignore()

    def dropEvent(self, event: QDropEvent) -> None:
        target = self._node(event.position().toPoint())
        if target is not None:
            self._page.assign([row for row in self.selected_rows() if row.kind is NodeKind.PROJECT], target)
        event.setDropAction(Qt.DropAction.IgnoreAction)
        event.accept()

    def _node(self, place: Any) -> Node | None:
        index = self.indexAt(place)
        return index.data(CellRole.ROW) if index.isValid() else None


class StrategyModel(TreeRowsModel[Node]):
    """Lets projects be dragged and programmes take them."""

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        row = self.row_at(index)
        if row is None:
            return flags
        if row.kind is NodeKind.PROJECT:
            return flags | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemIsDropEnabled
        if row.kind in (NodeKind.PROGRAMME, NodeKind.UNASSIGNED):
            return flags | Qt.ItemFlag.ItemIsDropEnabled
        return flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeData(self, indexes: Any) -> QMimeData:
        data = QMimeData()
        data.setData("application/x-qihua-project", b"1")
        return data

    def mimeTypes(self) -> list[str]:
        return ["application/x-qihua-project"]


class StrategyPage(Page):
    """The year's goals and what serves them."""

    key = "strategy"
    icon = "target"
    per_project = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self._editable = not context.session.workspace.read_only
        self.model = StrategyModel(
            self._columns(), lambda node: node.identity, lambda node: node.parent, on_edit=self._on_edit, parent=self
        )
        self.tree = StrategyTree(
            self, model=self.model, key="strategy", state=context.view_state, row_height=34,
            accessible_name=_("Strategy"),
        )  # fmt: skip
        self.tree.set_delegate("name", TextDelegate(may_be_empty=False))
        self.tree.set_delegate("goal", TextDelegate(max_length=5000))
        self.tree.set_delegate("when", ChoiceDelegate(lambda _node: [(at, quarter_text(at)) for at in range(5)]))
        self.tree.set_placeholder(_("Add the year's strategy, its quarterly programmes, and put projects under them."))
        self.tree.setDragEnabled(self._editable)
        self.tree.setAcceptDrops(self._editable)
        self.tree.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.tree.setDropIndicatorShown(True)
        self.tree.row_activated.connect(self._on_activated)
        self.tree.selection_changed.connect(self._on_selection_changed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._toolbar())
        holder = QVBoxLayout()
        holder.setContentsMargins(20, 16, 20, 16)
        card = Card(padded=False)
        card.add(self.tree, 1)
        holder.addWidget(card)
        layout.addLayout(holder, 1)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Strategy")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Narrow to the tables shown."""
        return any(table in _TABLES for table, _row in changed)

    def reload(self) -> None:
        """Fetch the tree anew."""
        session = self.context.session
        rows: list[Node] = []
        for branch in strategy.strategy_tree(session):
            rows.append(Node(NodeKind.STRATEGY, branch.strategy.id, None, branch.strategy))
            for twig in branch.programmes:
                rows.append(Node(NodeKind.PROGRAMME, twig.programme.id, branch.strategy.id, twig.programme))
                rows.extend(Node(NodeKind.PROJECT, one.id, twig.programme.id, one) for one in twig.projects)
        loose = strategy.unassigned(session)
        if loose:
            rows.append(Node(NodeKind.UNASSIGNED, b"unassigned", None, None))
            rows.extend(Node(NodeKind.PROJECT, one.id, b"unassigned", one) for one in loose)
        fresh = not self.model.rowCount()
        self.model.set_rows(tuple(rows))
        if fresh:
            self.tree.expandAll()
        self._on_selection_changed(self.tree.selected_rows())

    def reveal(self, row_id: bytes) -> None:
        """Select a row."""
        self.tree.select_identity(row_id)

    def assign(self, nodes: list[Node], target: Node) -> None:
        """Put projects under a programme, or under none."""
        programme_id = _programme_of(target)
        session = self.context.session
        for node in nodes:
            project = node.source
            if not isinstance(project, Project) or project.programme_id == programme_id:
                continue
            if not self.context.attempt(
                lambda project=project: strategy.assign_project(session, project.id, programme_id), self
            ):
                return

    def assign_selected(self) -> None:
        """Choose the programme of the selected projects."""
        nodes = [row for row in self.tree.selected_rows() if row.kind is NodeKind.PROJECT]
        if not nodes:
            return
        items: list[tuple[Any, str]] = [(None, _("No programme"))]
        for branch in strategy.strategy_tree(self.context.session):
            items.extend(
                (one.programme.id, f"{branch.strategy.name} / {one.programme.name}") for one in branch.programmes
            )
        current = nodes[0].source.programme_id if isinstance(nodes[0].source, Project) else None
        answer = dialogs.ask_choice(self, _("Assign to a programme"), _("Programme"), [("", items[0][1]), *items[1:]],
                                    current=current or "")  # fmt: skip
        if answer is None:
            return
        programme_id, session = answer or None, self.context.session
        for node in nodes:
            self.context.attempt(
                lambda node=node: strategy.assign_project(session, EntityId(node.identity), programme_id), self
            )

    def add_strategy(self) -> None:
        """Ask for a year's strategy."""
        dialog = StrategyDialog(self.context, self)
        if dialogs.run_form(dialog) and dialog.added is not None:
            self.tree.select_identity(dialog.added)

    def add_programme(self) -> None:
        """Ask for a programme under the selected strategy."""
        owner = self._selected_strategy()
        if owner is None:
            return
        dialog = StrategyDialog(self.context, self, strategy_id=owner)
        if dialogs.run_form(dialog) and dialog.added is not None:
            self.tree.expand(self.model.index_of(owner))
            self.tree.select_identity(dialog.added)

    def delete_selected(self) -> None:
        """Delete the selected strategy or programme; projects stay."""
        for node in self.tree.selected_rows()[:1]:
            source = node.source
            if not isinstance(source, Strategy | Programme):
                return
            agreed = dialogs.confirm(
                self,
                _("Delete “{name}”?").format(name=source.name),
                advice=_("Its projects stay, without a programme. Undo brings it back."),
                action=_("Delete"),
                danger=True,
            )
            remove = strategy.delete_strategy if isinstance(source, Strategy) else strategy.delete_programme
            if agreed:
                self.context.attempt(lambda: remove(self.context.session, source.id), self)  # noqa: B023

    def _toolbar(self) -> Toolbar:
        self.programme_button = button(_("Add programme"), self.add_programme, icon_name="plus")
        self.assign_button = button(_("Assign to a programme…"), self.assign_selected, icon_name="corner-down-right")
        self.delete_button = button(_("Delete"), self.delete_selected, icon_name="trash-2")
        add = primary_button(_("Add strategy"), self.add_strategy, icon_name="plus")
        add.setEnabled(self._editable)
        bar = Toolbar()
        bar.add(self.programme_button, self.assign_button, self.delete_button)
        bar.add_stretch()
        bar.add(muted_label(_("Drag a project to its programme.")), add)
        return bar

    def _selected_strategy(self) -> EntityId | None:
        for node in self.tree.selected_rows()[:1]:
            if node.kind is NodeKind.STRATEGY:
                return EntityId(node.identity)
            if node.kind is NodeKind.PROGRAMME and node.parent is not None:
                return EntityId(node.parent)
        return None

    @Slot(object)
    def _on_selection_changed(self, chosen: tuple[Node, ...]) -> None:
        kinds = {node.kind for node in chosen}
        self.programme_button.setEnabled(self._editable and self._selected_strategy() is not None)
        self.assign_button.setEnabled(self._editable and kinds == {NodeKind.PROJECT})
        one = len(chosen) == 1 and kinds <= {NodeKind.STRATEGY, NodeKind.PROGRAMME}
        self.delete_button.setEnabled(self._editable and one)

    @Slot(object)
    def _on_activated(self, node: Node) -> None:
        if node.kind is NodeKind.PROJECT:
            self.context.page_requested.emit("overview", node.identity)

    def _on_edit(self, node: Node, column: str, value: Any) -> bool:
        session, source = self.context.session, node.source
        fields: dict[str, Any] = {"quarter" if column == "when" else column: "" if value is None else value}
        if isinstance(source, Strategy):
            return self.context.attempt(lambda: strategy.update_strategy(session, source.id, **fields), self)
        if isinstance(source, Programme):
            return self.context.attempt(lambda: strategy.update_programme(session, source.id, **fields), self)
        return False

    def _columns(self) -> tuple[Column[Node], ...]:
        def own(node: Node) -> bool:
            return self._editable and node.kind in (NodeKind.STRATEGY, NodeKind.PROGRAMME)

        return (
            Column("name", _("Name"), _name, width=340, editable=own,
                   bold=lambda node: node.kind is not NodeKind.PROJECT),
            Column("kind", _("Level"), _level, CellKind.CHIP, width=126, tone=_level_tone),
            Column("when", _("When"), _when_value, text=_when_text, width=190,
                   editable=lambda node: self._editable and node.kind is NodeKind.PROGRAMME),
            Column("goal", _("Goal"), _goal, width=260, stretch=True, editable=own, tool_tip=_goal),
        )  # fmt: skip


class StrategyDialog(BaseDialog):
    """Asks for a strategy, or for a programme under one."""

    def __init__(self, context: AppContext, parent: QWidget | None, *, strategy_id: EntityId | None = None) -> None:
        title = _("Add strategy") if strategy_id is None else _("Add programme")
        super().__init__(title, parent, accept_text=_("Add"))
        self._context = context
        self._strategy_id = strategy_id
        self.added: EntityId | None = None
        today = context.session.today()
        self.name = QLineEdit()
        self.year = QSpinBox()
        self.year.setRange(1990, 2200)
        self.year.setValue(today.year)
        self.quarter = ChoiceBox()
        for at in range(5):
            self.quarter.add(quarter_text(at), at)
        self.quarter.setCurrentIndex((today.month - 1) // 3 + 1)
        self.goal = TextArea(lines=3)
        form = FormGrid()
        form.add_row(_("Name"), self.name)
        if strategy_id is None:
            form.add_row(_("Year"), self.year)
        else:
            form.add_row(_("Quarter"), self.quarter)
        form.add_row(_("Goal"), self.goal)
        self.body.addWidget(form)
        self.check = self._save

    def _save(self) -> None:
        session, goal = self._context.session, self.goal.toPlainText()
        if self._strategy_id is None:
            self.added = strategy.add_strategy(session, self.year.value(), self.name.text(), goal).id
        else:
            quarter = self.quarter.value()
            self.added = strategy.add_programme(session, self._strategy_id, quarter, self.name.text(), goal).id


def quarter_text(quarter: int) -> str:
    """Return a quarter's name."""
    return _("Quarter {number}").format(number=quarter) if quarter else _("Whole year")


def _programme_of(target: Node) -> EntityId | None:
    if target.kind is NodeKind.PROGRAMME:
        return EntityId(target.identity)
    if target.kind is NodeKind.PROJECT and isinstance(target.source, Project):
        return target.source.programme_id
    return None


def _name(node: Node) -> str:
    return node.source.name if node.source is not None else _("Without a programme")


def _goal(node: Node) -> str:
    return node.source.goal if node.source is not None else ""


def _level(node: Node) -> str:
    if isinstance(node.source, Project):
        return kind_label(node.source.kind)
    return {NodeKind.STRATEGY: _("Annual goal"), NodeKind.PROGRAMME: _("Programme")}.get(node.kind, "")


def _level_tone(node: Node) -> Tone:
    if isinstance(node.source, Project):
        return KIND_TONES[node.source.kind]
    return Tone.ACCENT if node.kind is NodeKind.STRATEGY else Tone.NEUTRAL


def _when_value(node: Node) -> int | None:
    return node.source.quarter if isinstance(node.source, Programme) else None


def _when_text(node: Node) -> str:
    if isinstance(node.source, Strategy):
        return str(node.source.year)
    if isinstance(node.source, Programme):
        return quarter_text(node.source.quarter)
    return key_date_text(node.source) if isinstance(node.source, Project) else ""

"""Fields of the tab's forms: a supplier by name, a budget line, files to attach."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import budget_view, suppliers
from qihua_desktop.services.limits import NAME_LENGTH
from qihua_desktop.services.session import Session
from ui.budget.delegates import is_open
from ui.common import dialogs
from ui.common.choice_box import ChoiceBox
from ui.common.labels import Elide
from ui.common.widgets import PlainLabel, button


class SupplierField(QLineEdit):
    """A supplier by name: those known are offered while typing, all of them with the Down key."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setMaxLength(NAME_LENGTH)
        self.setPlaceholderText(_("Type, or Down to choose"))
        completer = QCompleter([one.name for one in suppliers.list_suppliers(session)], self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(10)
        self.setCompleter(completer)
        self.installEventFilter(self)

    def name(self) -> str:
        """Return the name. Raises InputError without one."""
        typed = self.text().strip()
        if not typed:
            raise InputError(_("Enter a supplier."), _("One that is not known yet is added."))
        return typed

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        completer = self.completer()
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and not is_open(completer)
        ):
            completer.setCompletionPrefix("")
            completer.complete()
            return True
        return super().eventFilter(watched, event)


class FileField(QWidget):
    """One file, chosen or dropped."""

    def __init__(self) -> None:
        super().__init__()
        self.path: Path | None = None
        self.setAcceptDrops(True)
        self.words = PlainLabel(_("None; drop a file here"), elide=Elide.MIDDLE)
        self.choose = button(_("Choose a file…"), self._choose)
        self.choose.setAutoDefault(False)
        self.setFocusProxy(self.choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.choose)
        row.addWidget(self.words, 1)

    def set_path(self, path: Path) -> None:
        """Take a file."""
        self.path = path
        self.words.setText(path.name)

    def _choose(self) -> None:
        path = dialogs.open_file(self, _("Attach a file"), _("All files") + " (*)")
        if path is not None:
            self.set_path(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.set_path(dropped(event)[0])
        event.acceptProposedAction()


def dropped(event: QDropEvent) -> tuple[Path, ...]:
    """Return the files that are dragged."""
    return tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile())


def line_choices(session: Session, project_id: EntityId, chosen: EntityId | None) -> tuple[tuple[EntityId, str], ...]:
    """Return the budget's lines by id and name, those with lines below them and the reserve left out."""
    return tuple(
        (row.line.id, row.line.name)
        for row in budget_view.load_budget(session, project_id).lines
        if row.line.id == chosen or not (row.has_children or row.line.is_reserve)
    )


def line_box(session: Session, project_id: EntityId, chosen: EntityId | None) -> ChoiceBox:
    """Return a choice of the budget's lines, ``chosen`` in front."""
    box = ChoiceBox()
    for line_id, name in line_choices(session, project_id, chosen):
        box.add(name, line_id)
    if chosen is not None and chosen in box.values():
        box.select(chosen)
    return box

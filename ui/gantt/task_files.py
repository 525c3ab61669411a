"""The files attached to a task, and the documents its stage must hand in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import Task
from qihua_desktop.domain.project import Attachment, ProjectDocument
from qihua_desktop.i18n import _
from qihua_desktop.services import documents
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.theme import SPACE_2
from ui.common.widgets import (
    Chip,
    Elide,
    PlainLabel,
    Tone,
    icon_button,
    link_button,
    muted_label,
    section_label,
    set_tool_tip,
)

_MOST_ROWS = 40
_LONGEST_NAME = 200


class TaskFiles(QWidget):
    """Both lists; files dropped here are attached to the task."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.context = context
        self._task: Task | None = None
        self._shown: object = None
        self.open_folder: Callable[[Path], object] = _open_folder
        self.editable = not context.session.workspace.read_only
        self.setAcceptDrops(self.editable)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        column.addWidget(section_label(_("Attachments")))
        self._files = QVBoxLayout()
        self._files.setSpacing(2)
        column.addLayout(self._files)
        self.add_button = link_button(_("Attach a file…"), self.attach)
        column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add_button.setVisible(self.editable)
        self.heading = section_label(_("Documents of the stage"))
        column.addWidget(self.heading)
        self._documents = QVBoxLayout()
        self._documents.setSpacing(2)
        column.addLayout(self._documents)

    def show_task(self, task: Task) -> None:
        """Show a task's files and the documents of its stage."""
        session = self.context.session
        self._task = task
        files = documents.attachments(session, task.id)
        required = tuple(
            one
            for one in documents.documents(session, task.project_id)
            if task.stage_id is not None and one.stage_id == task.stage_id
        )
        if (task.id, files, required) == self._shown:
            return
        self._shown = (task.id, files, required)
        _clear(self._files)
        for file in files[:_MOST_ROWS]:
            self._files.addWidget(FileLine(file, self))
        if not files:
            self._files.addWidget(muted_label(_("None yet. Drop files here."), wrap=True))
        self.heading.setVisible(bool(required))
        _clear(self._documents)
        for document in required[:_MOST_ROWS]:
            self._documents.addWidget(DocumentLine(document, self))

    def names(self) -> tuple[str, ...]:
        """Return the names of the files shown."""
        lines = _widgets(self._files)
        return tuple(line.file.name for line in lines if isinstance(line, FileLine))

    def required_documents(self) -> tuple[tuple[str, bool], ...]:
        """Return the names of the documents shown, and whether each is issued."""
        lines = _widgets(self._documents)
        return tuple(
            (line.document.name, line.document.produced_ms is not None)
            for line in lines
            if isinstance(line, DocumentLine)
        )

    def attach(self) -> None:
        """Ask for a file and attach it."""
        path = dialogs.open_file(self, _("Attach a file"), _("All files") + " (*)")
        if path is not None:
            self.attach_paths((path,))

    def attach_paths(self, paths: tuple[Path, ...]) -> None:
        """Attach files to the task shown."""
        session, task = self.context.session, self._task
        if task is None:
            return
        for path in paths:
            done = self.context.attempt(
                lambda path=path: documents.attach_to(session, task.project_id, task.id, path), self
            )
            if not done:
                return

    def detach(self, file: Attachment) -> None:
        """Remove a file; undo brings it back, so nobody is asked."""
        self.context.attempt(lambda: documents.detach(self.context.session, file.id), self)

    def save(self, attachment_id: EntityId, name: str) -> None:
        """Write an attached file to a place the user chooses, and show it there."""
        target = dialogs.save_file(self, _("Save the attached file"), _("All files") + " (*)", name=name)
        if target is None:
            return

        def write() -> None:
            from qihua_desktop.files import write_safely

            write_safely(target, documents.attachment_bytes(self.context.session, attachment_id))

        if self.context.attempt(write, self):
            self.open_folder(target.parent)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._task is not None and any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.attach_paths(tuple(Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()))


class FileLine(QWidget):
    """One attached file: its name saves it, the cross removes it."""

    def __init__(self, file: Attachment, files: TaskFiles) -> None:
        super().__init__()
        self.file = file
        name = PlainLabel(file.name[:_LONGEST_NAME], elide=Elide.MIDDLE)
        set_tool_tip(name, f"{file.name[:_LONGEST_NAME]}\n{size_words(file.size)}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(name, 1)
        row.addWidget(muted_label(size_words(file.size)))
        title = _("Save the attached file of {name}").format(name=file.name[:60])
        row.addWidget(icon_button("download", title, lambda: files.save(file.id, file.name)))
        self.remove = icon_button(
            "x", _("Remove attachment “{file}”").format(file=file.name[:60]), lambda: files.detach(file)
        )
        row.addWidget(self.remove)
        self.remove.setVisible(files.editable)


class DocumentLine(QWidget):
    """One required document and whether it is issued."""

    def __init__(self, document: ProjectDocument, files: TaskFiles) -> None:
        super().__init__()
        self.document = document
        made = document.produced_ms is not None
        name = PlainLabel(document.name[:_LONGEST_NAME], elide=Elide.END)
        set_tool_tip(name, document.name[:_LONGEST_NAME])
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 2, 0, 2)
        row.setSpacing(4)
        row.addWidget(name, 1)
        row.addWidget(Chip(_("Issued") if made else _("To do"), Tone.OK if made else Tone.NEUTRAL))
        if document.attachment_id is not None:
            identifier = document.attachment_id
            session = files.context.session
            title = _("Save the attached file of {name}").format(name=document.name[:60])
            row.addWidget(
                icon_button(
                    "download", title, lambda: files.save(identifier, documents.attachment(session, identifier).name)
                )
            )


def size_words(size: int) -> str:
    """Return a file's size: 12 KB, 3.4 MB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"


def _open_folder(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _widgets(column: QVBoxLayout) -> list[QWidget]:
    items = [column.itemAt(number) for number in range(column.count())]
    return [widget for item in items if item is not None and (widget := item.widget()) is not None]


def _clear(column: QVBoxLayout) -> None:
    while (item := column.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()

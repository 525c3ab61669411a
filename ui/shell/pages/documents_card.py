"""The documents a project must produce, with the files attached."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.project import ProjectDocument
from qihua_desktop.i18n import _
from qihua_desktop.services import documents, people
from qihua_desktop.services import stages as stage_service
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.icons import set_icon
from ui.common.theme import SPACE_2
from ui.common.widgets import Card, Chip, Elide, PlainLabel, Tone, icon_button, muted_label, set_tool_tip

from ..file_actions import local_time


class DocumentRow(QWidget):
    """One required document; a file dropped on it is attached."""

    def __init__(self, card: DocumentsCard, document: ProjectDocument, stage: str, by: str) -> None:
        super().__init__()
        self._card = card
        self._document = document
        self.setAcceptDrops(card.editable)
        made = document.produced_ms is not None
        when = local_time(document.produced_ms)
        name = PlainLabel(document.name, elide=Elide.END)
        set_tool_tip(name, document.name)
        details = f"{by} {when:%m-%d %H:%M}" if made and when else stage
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(name)
        texts.addWidget(muted_label(details.strip()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.setSpacing(SPACE_2)
        row.addLayout(texts, 1)
        row.addWidget(Chip(_("Issued") if made else _("To do"), Tone.OK if made else Tone.NEUTRAL))
        if document.attachment_id is not None:
            show = icon_button(
                "paperclip", _("Save the attached file of {name}").format(name=document.name), self._save
            )
            row.addWidget(show)
        self.more = icon_button("ellipsis", _("Actions for {name}").format(name=document.name), self._open_menu)
        self.more.setEnabled(card.editable)
        row.addWidget(self.more)

    def menu(self) -> QMenu:
        """Return what can be done with the document."""
        menu = QMenu(self)
        items = [("paperclip", _("Attach a file…"), lambda: self._card.attach(self._document))]
        if self._document.produced_ms is None:
            items.append(("check", _("Mark as issued"), lambda: self._card.mark(self._document, produced=True)))
        else:
            items.append(
                ("rotate-ccw", _("Mark as not issued"), lambda: self._card.mark(self._document, produced=False))
            )
        if self._document.attachment_id is not None:
            items.append(("download", _("Save the attached file…"), self._save))
        for icon, text, callback in items:
            action = menu.addAction(text)
            set_icon(action, icon)
            action.triggered.connect(lambda _checked=False, callback=callback: callback())
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    def _save(self) -> None:
        self._card.save_attachment(self._document)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        for url in event.mimeData().urls():
            if url.isLocalFile():
                self._card.attach_path(self._document, Path(url.toLocalFile()))
                return


class DocumentsCard(Card):
    """What has to be handed in at each stage."""

    def __init__(self, context: AppContext) -> None:
        self.count = Chip()
        super().__init__(_("Required documents"), chip=self.count)
        self._context = context
        self.editable = not context.session.workspace.read_only
        self._rows: list[QWidget] = []
        self._shown: object = None
        self.body.setSpacing(0)

    def show_project(self, project_id: EntityId | None) -> None:
        """Show a project's documents."""
        session = self._context.session
        found = documents.documents(session, project_id) if project_id is not None else ()
        stages = (
            {one.id: one.name for one in stage_service.stages(session, project_id)} if project_id is not None else {}
        )
        names = people.person_names(session)
        if (found, stages, names) == self._shown:
            return
        self._shown = (found, stages, names)
        for row in self._rows:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        for document in found:
            stage = stages.get(document.stage_id, "") if document.stage_id else ""
            by = names.get(document.produced_by, "") if document.produced_by else ""
            self._rows.append(DocumentRow(self, document, stage, by))
        if not found:
            self._rows.append(muted_label(_("This project's template asks for no documents."), wrap=True))
        for row in self._rows:
            self.body.addWidget(row)
        made = sum(1 for document in found if document.produced_ms is not None)
        self.count.set_text(f"{made} / {len(found)}")
        self.count.set_tone(Tone.OK if found and made == len(found) else Tone.NEUTRAL)

    def rows(self) -> tuple[QWidget, ...]:
        """Return the rows shown."""
        return tuple(self._rows)

    def attach(self, document: ProjectDocument) -> None:
        """Ask for a file and attach it."""
        path = dialogs.open_file(self, _("Attach a file"), _("All files") + " (*)")
        if path is not None:
            self.attach_path(document, path)

    def attach_path(self, document: ProjectDocument, path: Path) -> None:
        """Attach a file."""
        self._context.attempt(lambda: documents.attach_file(self._context.session, document.id, path), self)

    def mark(self, document: ProjectDocument, *, produced: bool) -> None:
        """Record by hand that the document exists, or not."""
        session = self._context.session
        self._context.attempt(lambda: documents.mark_produced(session, document.id, produced=produced), self)

    def save_attachment(self, document: ProjectDocument) -> None:
        """Write the attached file to a place the user chooses, and show it there."""
        session, identifier = self._context.session, document.attachment_id
        if identifier is None:
            return
        name = documents.attachment(session, identifier).name
        target = dialogs.save_file(self, _("Save the attached file"), _("All files") + " (*)", name=name)
        if target is None:
            return

        def write() -> None:
            from qihua_desktop.files import write_safely

            write_safely(target, documents.attachment_bytes(session, identifier))

        if self._context.attempt(write, self):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(target.parent)))

"""The draft's sections one below the other, to be written."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.review import PlanSection
from qihua_desktop.i18n import _
from qihua_desktop.services import sections
from ui.common.context import AppContext
from ui.common.theme import SPACE_2, SPACE_3
from ui.common.widgets import button, link_button, muted_label

from .editor import Centred, SectionActions, SectionEditor
from .state import ReviewState

_WIDEST = 860


class WritingView(QScrollArea):
    """Editors by section; what is half typed survives every refresh."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._project_id: EntityId | None = None
        self._editors: dict[EntityId, SectionEditor] = {}
        self._order: list[EntityId] = []
        self._actions = SectionActions(self._rename, self._write, self._move, self._delete)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Sections of the plan document"))
        content = QWidget()
        content.setProperty("look", "page")
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(2, 0, 2, SPACE_3)
        self._column.setSpacing(SPACE_2)
        self.add_button = button(_("Add section"), self.add_section, icon_name="plus")
        foot = QWidget()
        row = QVBoxLayout(foot)
        row.setContentsMargins(0, 4, 0, 0)
        line = QHBoxLayout()
        line.addWidget(self.add_button)
        line.addStretch(1)
        row.addLayout(line)
        row.addWidget(
            muted_label(
                _("Goal, schedule, budget and risks come from the project itself and follow these sections:"), wrap=True
            )
        )
        links = QHBoxLayout()
        for text, page in (
            (_("Goal and risks"), "overview"),
            (_("Schedule"), "gantt"),
            (_("Budget allocation"), "budget"),
        ):
            links.addWidget(link_button(text, lambda page=page: context.page_requested.emit(page, None)))
        links.addStretch(1)
        row.addLayout(links)
        self._column.addWidget(foot)
        self._column.addStretch(1)
        self.setWidget(Centred(content, _WIDEST))

    def show_state(self, state: ReviewState) -> None:
        """Show the sections stored."""
        if self._project_id != state.project.id:
            self.flush()
            self._project_id = state.project.id
        order = [section.id for section in state.sections]
        for identifier in [one for one in self._editors if one not in order]:
            editor = self._editors.pop(identifier)
            self._column.removeWidget(editor)
            editor.hide()
            editor.deleteLater()
        for at, section in enumerate(state.sections):
            editor = self._editors.get(section.id)
            if editor is None:
                editor = self._editors[section.id] = SectionEditor(section, self._actions)
            if self._column.indexOf(editor) != at:
                focused = editor.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
                keeper = self.focusWidget() if focused else None
                self._column.insertWidget(at, editor)
                if keeper is not None:
                    keeper.setFocus()
            editor.show_section(section, at + 1, last=at == len(order) - 1, read_only=state.read_only)
        self._order = order
        self.add_button.setEnabled(not state.read_only)

    def flush(self) -> None:
        """Store everything that was typed now."""
        for editor in tuple(self._editors.values()):
            editor.flush()

    def editors(self) -> tuple[SectionEditor, ...]:
        """Return the editors in order."""
        return tuple(self._editors[one] for one in self._order)

    def reveal(self, section_key: str) -> bool:
        """Bring a section into view and its text into focus."""
        for editor in self._editors.values():
            if editor.section.key == section_key:
                self.ensureWidgetVisible(editor)
                editor.body.setFocus()
                return True
        return False

    def add_section(self) -> None:
        """Add a section at the end and let its title be typed."""
        project_id = self._project_id
        if project_id is None:
            return
        added: list[PlanSection] = []
        session = self._context.session
        if self._context.attempt(
            lambda: added.append(sections.add_section(session, project_id, _("New section"))), self
        ):
            editor = self._editors.get(added[0].id)
            if editor is not None:
                self.ensureWidgetVisible(editor)
                editor.title.setFocus()
                editor.title.selectAll()

    def _rename(self, section_id: EntityId, title: str) -> bool:
        return self._context.attempt(lambda: sections.rename_section(self._context.session, section_id, title), self)

    def _write(self, section_id: EntityId, text: str) -> bool:
        return self._context.attempt(lambda: sections.write_section(self._context.session, section_id, text), self)

    def _move(self, section_id: EntityId, by: int) -> bool:
        self.flush()
        index = self._order.index(section_id) + by
        return self._context.attempt(lambda: sections.move_section(self._context.session, section_id, index), self)

    def _delete(self, section_id: EntityId) -> bool:
        self.flush()
        section: PlanSection = self._editors[section_id].section
        done = self._context.attempt(lambda: sections.delete_section(self._context.session, section_id), self)
        if done:
            words = _("Section “{title}” is deleted; undo brings it back.").format(title=section.title[:60])
            self._context.notice_posted.emit(words)
        return done

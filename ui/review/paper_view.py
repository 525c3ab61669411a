"""The sheet on which the plan document is read."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QMenu, QTextEdit, QVBoxLayout

from qihua_desktop.i18n import _
from ui.common.icons import set_icon
from ui.common.theme import theme

from .marks import Marks
from .paper import write_paper
from .state import ReviewState


class Sheet(QTextEdit):
    """Read-only text whose words can be selected with mouse and keyboard; Tab leaves it.

    Signals:
        link_clicked(str): where a clicked link leads.
    """

    link_clicked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.viewport().setMouseTracking(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = bool(self.anchorAt(event.position().toPoint()))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        link = self.anchorAt(event.position().toPoint())
        if link and event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.link_clicked.emit(link)


class PaperView(QFrame):
    """Shows a document, keeps its place through refreshes, points places out.

    Signals:
        comments_wanted(str): the open comments on a section are to be shown.
        comment_started(str, str): a comment on a section, quoting the selected words.
    """

    comments_wanted = Signal(str)
    comment_started = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.sheet = Sheet()
        self.sheet.setFrameShape(QFrame.Shape.NoFrame)
        self.sheet.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.sheet.setProperty("look", "sheet")
        self.sheet.setStyleSheet("QTextEdit { border: none; border-radius: 0; padding: 0; }")
        self.sheet.setAccessibleName(_("Plan document"))
        self.sheet.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.sheet.customContextMenuRequested.connect(self._show_menu)
        self.sheet.link_clicked.connect(self._on_link)
        self.setProperty("look", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.sheet)
        self._state: ReviewState | None = None
        self._marks = Marks()
        self._shown: object = None
        self._may_comment = False
        theme().changed.connect(self._repaint)

    def show_state(self, state: ReviewState, *, compared: bool, may_comment: bool) -> None:
        """Show a document; ``compared`` highlights what differs from the version before."""
        self._may_comment = may_comment
        shown = (state.sha256, state.shown, state.plan.signatures, state.changes, compared, state.comments)
        if shown == self._shown:
            self._state = state
            return
        same = (
            self._state is not None and self._state.project.id == state.project.id and self._state.shown == state.shown
        )
        self._state, self._shown = state, shown
        self._marks = Marks(state.changes if compared else ())
        self._write(keep=same)

    def reveal(self, anchor: str) -> bool:
        """Scroll to a place and select its line; returns whether it is there."""
        cursor = self._find(anchor)
        if cursor is None:
            return False
        self.sheet.scrollToAnchor(anchor)
        bar = self.sheet.verticalScrollBar()
        bar.setValue(max(0, bar.value() - 60))
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        self.sheet.setTextCursor(cursor)
        return True

    def selection(self) -> tuple[str, str]:
        """Return the section of the selected words and the words; both may be empty."""
        cursor = self.sheet.textCursor()
        if cursor.block().blockFormat().headingLevel():
            return self._section_at(cursor.selectionStart()), ""
        quote = cursor.selectedText().replace("\u2029", " ").replace("\ufffc", " ")
        return self._section_at(cursor.selectionStart()) if quote.strip() else "", quote.strip()

    def text(self) -> str:
        """Return what is written on the sheet."""
        return self.sheet.toPlainText()

    def _write(self, *, keep: bool) -> None:
        state = self._state
        if state is None:
            return
        bar = self.sheet.verticalScrollBar()
        at = bar.value() if keep else 0
        write_paper(self.sheet.document(), state, self._marks)
        self.sheet.moveCursor(QTextCursor.MoveOperation.Start)
        bar.setValue(at)

    @Slot()
    def _repaint(self) -> None:
        self._write(keep=True)

    def _find(self, anchor: str) -> QTextCursor | None:
        block = self.sheet.document().begin()
        while block.isValid():
            for piece in block.begin():  # type: ignore[attr-defined]
                fragment = piece.fragment()
                if anchor in fragment.charFormat().anchorNames():
                    cursor = QTextCursor(self.sheet.document())
                    cursor.setPosition(fragment.position())
                    return cursor
            block = block.next()
        return None

    def _section_at(self, position: int) -> str:
        block = self.sheet.document().findBlock(position)
        while block.isValid():
            for piece in block.begin():  # type: ignore[attr-defined]
                for name in piece.fragment().charFormat().anchorNames():
                    if name.startswith("section:"):
                        return name.removeprefix("section:")
            block = block.previous()
        return ""

    @Slot(str)
    def _on_link(self, link: str) -> None:
        self.comments_wanted.emit(link.removeprefix("comments:"))

    @Slot(QPoint)
    def _show_menu(self, at: QPoint) -> None:
        menu = QMenu(self)
        section, quote = self.selection()
        if not quote:
            section = self._section_at(self.sheet.cursorForPosition(at).position())
        comment = menu.addAction(_("Comment on the selection") if quote else _("Comment on this section"))
        set_icon(comment, "message-square-text")
        comment.setEnabled(self._may_comment)
        comment.triggered.connect(lambda: self.comment_started.emit(section, quote))
        copy = menu.addAction(_("Copy"))
        set_icon(copy, "copy")
        copy.setEnabled(bool(quote))
        copy.triggered.connect(self.sheet.copy)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.sheet.viewport().mapToGlobal(at))

"""The opinions on a version: what about, how grave, where; answered and settled in place."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.review import ReviewComment, Severity
from qihua_desktop.domain.review_rules import may_comment
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import review
from ui.common.context import AppContext
from ui.common.theme import SPACE_2
from ui.common.widgets import (
    Card,
    Chip,
    Segment,
    SegmentedControl,
    Tone,
    ghost_button,
    muted_label,
    set_tool_tip,
)

from .comment_form import CommentForm
from .comment_view import CommentView
from .state import ReviewState

_FILTERS: Final = ("open", "blocking", "all")


class CommentsCard(Card):
    """Lists the comments of the version shown; those of earlier versions stand below when all are wanted.

    Signals:
        place_chosen(str): a comment's section is to be shown.
    """

    place_chosen = Signal(str)

    def __init__(self, context: AppContext) -> None:
        self.count = Chip()
        super().__init__(_("Review comments"), chip=self.count, padded=False)
        self._context = context
        self._state: ReviewState | None = None
        self._views: dict[EntityId, CommentView] = {}
        self._order: list[EntityId] = []
        self.filter = SegmentedControl(
            [Segment("all", _("All")), Segment("open", _("Unresolved")), Segment("blocking", _("Must fix"))],
            accessible_name=_("Which comments are shown"),
        )
        self.filter.current_changed.connect(self._show)
        self.add_button = ghost_button(_("Comment"), self.start_comment, icon_name="plus")
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(14, 8, 10, 6)
        row.addWidget(self.filter)
        row.addStretch(1)
        row.addWidget(self.add_button)
        self.add(head)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(_("Review comments"))
        self._content = QWidget()
        self._content.setProperty("look", "page")
        self._column = QVBoxLayout(self._content)
        self._column.setContentsMargins(0, 0, 0, SPACE_2)
        self._column.setSpacing(0)
        self._empty = muted_label("", wrap=True)
        self._empty.setContentsMargins(14, 8, 14, 8)
        self._column.addWidget(self._empty)
        self._column.addStretch(1)
        self._scroll.setWidget(self._content)
        self.add(self._scroll, 1)
        self.form = CommentForm(self._add)
        self.form.hide()
        self.add(self.form)

    def show_state(self, state: ReviewState) -> None:
        """Show another version's comments, or the same ones anew."""
        self._state = state
        view = state.view
        reason = may_comment(view.status) if view is not None else _("Comments belong to a submitted version.")
        if state.actor is None:
            reason = _("Choose who you are at the bottom left.")
        self.add_button.setEnabled(reason is None and not state.read_only)
        set_tool_tip(self.add_button, reason or _("Comment on this version"))
        if reason is not None and self.form.is_empty():
            self.form.hide()
        self.form.show_state(state)
        self._show()

    def start_comment(self, section_key: str = "", quote: str = "") -> None:
        """Open the form, for a place of the document if one is given."""
        if not self.add_button.isEnabled():
            return
        self.form.start(section_key, quote)
        self.form.show()
        self.form.body.setFocus()

    def show_only_open(self) -> None:
        """Show what is not settled."""
        self.filter.set_current("open")

    def views(self) -> tuple[CommentView, ...]:
        """Return the comments shown, in order."""
        return tuple(self._views[one] for one in self._order)

    def reveal(self, comment_id: EntityId) -> bool:
        """Bring a comment into view; returns whether it is there."""
        if comment_id not in self._views:
            self.filter.set_current("all")
        view = self._views.get(comment_id)
        if view is not None:
            self._scroll.ensureWidgetVisible(view)
        return view is not None

    @Slot()
    def _show(self) -> None:
        state = self._state
        if state is None:
            return
        mine = [one for one in state.comments if state.shown is not None and one.version_id == state.shown.id]
        if state.shown is None and state.newest is not None:
            mine = [one for one in state.comments if one.version_id == state.newest.version.id]
        earlier = [one for one in state.comments if one not in mine]
        unresolved = [one for one in mine if one.resolved_ms is None]
        blocking = sum(one.severity is Severity.BLOCKING for one in unresolved)
        words = ngettext("{count} unresolved", "{count} unresolved", len(unresolved)).format(count=len(unresolved))
        self.count.set_text(words if unresolved else _("all resolved"))
        self.count.set_tone(Tone.BAD if blocking else Tone.WARN if unresolved else Tone.OK)
        self.count.setVisible(bool(mine))
        wanted = self.filter.current_key()
        kept = [one for one in (*mine, *reversed(earlier)) if _is_wanted(one, wanted)]
        self._arrange(state, kept, {one.id for one in earlier})
        self._empty.setText(_empty_text(state, bool(mine)) if not kept else "")
        self._empty.setVisible(not kept)

    def _arrange(self, state: ReviewState, kept: list[ReviewComment], earlier: set[EntityId]) -> None:
        order = [one.id for one in kept]
        for identifier in [one for one in self._views if one not in order]:
            view = self._views.pop(identifier)
            self._column.removeWidget(view)
            view.hide()
            view.deleteLater()
        numbers = {version.id: version.number for version in state.versions}
        for at, comment in enumerate(kept):
            view = self._views.get(comment.id)
            if view is None:
                view = self._views[comment.id] = CommentView(self._reply, self._resolve)
                view.place_chosen.connect(self.place_chosen)
            if self._column.indexOf(view) != at:
                self._column.insertWidget(at, view)
            view.show_comment(comment, state, numbers[comment.version_id] if comment.id in earlier else None)
        self._order = order

    def _add(self) -> bool:
        state, form = self._state, self.form
        if state is None or state.shown is None:
            return False
        version_id = state.shown.id
        done = self._context.attempt(
            lambda: review.add_comment(
                self._context.session,
                version_id,
                form.dimension(),
                form.severity(),
                form.body.text(),
                section_key=form.section_key(),
                quote=form.quote(),
            ),
            self,
        )
        if done:
            form.hide()
            self.add_button.setFocus()
            bar = self._scroll.verticalScrollBar()
            bar.setValue(bar.maximum())
        return done

    def _reply(self, comment_id: EntityId, text: str) -> bool:
        return self._context.attempt(lambda: review.reply_to_comment(self._context.session, comment_id, text), self)

    def _resolve(self, comment_id: EntityId, resolved: bool) -> bool:
        return self._context.attempt(
            lambda: review.resolve_comment(self._context.session, comment_id, resolved=resolved), self
        )


def _is_wanted(comment: ReviewComment, wanted: str) -> bool:
    if wanted == "open":
        return comment.resolved_ms is None
    return wanted == "all" or comment.severity is Severity.BLOCKING


def _empty_text(state: ReviewState, has_some: bool) -> str:
    if has_some:
        return _("No comment matches this filter.")
    if not state.versions:
        return _("Reviewers comment here once the plan is submitted.")
    return _("Nobody has commented yet. Select a passage of the document and press “Comment”.")

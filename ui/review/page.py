"""Review and sign-off (评审签批): the plan document, its versions, route, comments, and one's own decision."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from qihua_desktop.domain.content_difference import ContentChange
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.review import VersionState
from qihua_desktop.domain.review_rules import may_withdraw
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import review
from ui.common import dialogs
from ui.common.actions import Action
from ui.common.context import AppContext
from ui.common.layouts import SplitterMemory
from ui.common.page import Page
from ui.common.theme import SPACE_2, SPACE_3, SPACE_4
from ui.common.widgets import Banner, EmptyState

from .banner import banner_words
from .comments_card import CommentsCard
from .paper_view import PaperView
from .route_card import RouteCard
from .sign_card import SignCard
from .state import ReviewState, load_state
from .strip import READ, WRITE, Strip
from .submit_dialog import SubmitDialog
from .transfer_dialog import TransferDialog
from .versions_card import VersionsCard
from .writing_view import WritingView

_SHOWN = frozenset(
    {
        "project", "plan_document", "plan_section", "plan_version", "review_seat", "sign_off", "review_comment",
        "stage", "task", "budget", "budget_line", "risk", "attachment", "person", "setting",
    }
)  # fmt: skip


class ReviewPage(Page):
    """Three columns: route and versions, the document, comments and signing."""

    key = "review"
    icon = "signature"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.state: ReviewState | None = None
        self._chosen: EntityId | str = "newest"
        self._add_actions()
        self.stack = QStackedWidget()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.stack)
        self.stack.addWidget(self._content())
        self.stack.addWidget(
            EmptyState(
                "signature",
                _("No project chosen"),
                _("Choose a project to write its plan and have it signed off."),
                action_text=_("Show the projects"),
                callback=lambda: self.context.page_requested.emit("projects", None),
            )
        )
        context.actor_changed.connect(self._on_actor_changed)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("Review and sign-off")

    def concerns(self, changed: frozenset[tuple[str, bytes]]) -> bool:
        """Leave out what is neither content nor review."""
        return any(table in _SHOWN for table, _row in changed)

    def show_project(self, project_id: object) -> None:
        """Show another project, its newest version first."""
        self.writing.flush()
        self._chosen = "newest"
        self.state = None
        super().show_project(project_id)

    def set_dormant(self, *, dormant: bool) -> None:
        """Store what was typed before going to sleep."""
        if dormant:
            self.writing.flush()
        super().set_dormant(dormant=dormant)

    def reload(self) -> None:
        """Fetch everything shown anew."""
        session, project_id = self.context.session, self.project_id
        state = load_state(session, project_id, self._chosen) if project_id is not None else None
        first = self.state is None
        self.state = state
        self.stack.setCurrentIndex(0 if state is not None else 1)
        if state is None:
            self._enable_actions()
            return
        if first and not state.versions and not state.read_only:
            self._set_mode(WRITE)
        elif first:
            self._set_mode(READ)
        self._enable_actions()
        self.strip.show_state(state)
        proposed = () if state.versions else review.proposed_seats(session, state.project.id)
        self.route.show_state(state, proposed)
        self.versions.show_state(state)
        if first:
            self._fit_route()
        self.comments.show_state(state)
        self.sign_card.show_state(state)
        self.writing.show_state(state)
        self._show_paper()
        self._show_banner(state)

    def reveal(self, row_id: object) -> None:
        """Point out a seat, a comment, a version or a section (by id or key)."""
        if not isinstance(row_id, (bytes, str)) or self.state is None:
            return
        if isinstance(row_id, bytes):
            identifier = EntityId(row_id)
            if any(version.id == identifier for version in self.state.versions):
                self.choose_version(identifier)
                return
            if self.route.reveal(identifier):
                if self.state.actor is not None:
                    self.sign_card.focus_form()
                return
            if self.comments.reveal(identifier):
                return
            keys = {section.id: section.key for section in self.state.sections}
            row_id = keys.get(identifier, "")
        if row_id and not (self.strip.mode.current_key() == READ and self.paper.reveal(f"section:{row_id}")):
            self._set_mode(WRITE)
            self.writing.reveal(str(row_id))

    def choose_version(self, key: EntityId | str) -> None:
        """Show a version, or the ``draft``, to be read."""
        self.writing.flush()
        self._chosen = key
        self._set_mode(READ)
        self.reload()

    # --- what it is made of ---

    def _content(self) -> QWidget:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.strip = Strip(self.context)
        self.strip.mode.current_changed.connect(self._on_mode)
        self.strip.version_chosen.connect(self.choose_version)
        self.strip.compare.setChecked(True)
        self.strip.compare.toggled.connect(self._on_compare)
        column.addWidget(self.strip)
        self.banner = Banner()
        holder = QHBoxLayout()
        holder.setContentsMargins(SPACE_4 + 4, SPACE_2, SPACE_4 + 4, 0)
        holder.addWidget(self.banner)
        self._banner_row = QWidget()
        self._banner_row.setLayout(holder)
        column.addWidget(self._banner_row)
        column.addWidget(self._columns(), 1)
        return content

    def _columns(self) -> QWidget:
        self.route = RouteCard(self.hand_on)
        self.versions = VersionsCard()
        self.versions.version_chosen.connect(self.choose_version)
        self.versions.change_chosen.connect(self._show_change)
        left = self.left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(self.route)
        left.addWidget(self.versions)
        left.setSizes([420, 280])
        left.setHandleWidth(SPACE_3)
        self.paper = PaperView()
        self.paper.comments_wanted.connect(lambda _key: self.comments.show_only_open())
        self.paper.comment_started.connect(self.start_comment)
        self.writing = WritingView(self.context)
        self.middle = QStackedWidget()
        self.middle.addWidget(self.paper)
        self.middle.addWidget(self.writing)
        self.comments = CommentsCard(self.context)
        self.comments.place_chosen.connect(self._show_section)
        self.sign_card = SignCard(self.context)
        self.sign_card.version_wanted.connect(self.choose_version)
        right = QWidget()
        stacked = QVBoxLayout(right)
        stacked.setContentsMargins(0, 0, 0, 0)
        stacked.setSpacing(SPACE_3)
        stacked.addWidget(self.comments, 1)
        stacked.addWidget(self.sign_card)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for widget in (left, self.middle, right):
            self.splitter.addWidget(widget)
        self.splitter.setHandleWidth(SPACE_3)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([244, 540, 388])
        SplitterMemory(self.splitter, "review", self.context.view_state)
        SplitterMemory(left, "review-left", self.context.view_state)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(SPACE_4 + 4, SPACE_3, SPACE_4 + 4, SPACE_4)
        row.addWidget(self.splitter)
        return holder

    def _add_actions(self) -> None:
        group = _("Review and sign-off")
        for identifier, text, callback, shortcut, icon in (
            ("review.submit", _("Submit for review…"), self.submit, "Ctrl+Alt+S", "send"),
            ("review.withdraw", _("Withdraw and revise"), self.withdraw, "Ctrl+Alt+R", "rotate-ccw"),
            ("review.mode", _("Read or write the plan"), self.toggle_mode, "Ctrl+Alt+W", "pen-line"),
            ("review.compare", _("Compare with the version before"), self.toggle_compare, "Ctrl+Alt+D",
             "git-compare-arrows"),
            ("review.comment", _("Comment on the selection"), self.start_comment_here, "Ctrl+Alt+C",
             "message-square-text"),
            ("review.sign", _("Go to my sign-off"), self.focus_sign_off, "Ctrl+Alt+G", "signature"),
            ("review.pdf_plan", _("Plan document as PDF"), self.export_plan, "", "file-text"),
            ("review.pdf_sheet", _("Sign-off sheet as PDF"), self.export_sheet, "Ctrl+Alt+P", "stamp"),
        ):  # fmt: skip
            self.context.actions.add(Action(identifier, text, callback, shortcut=shortcut, icon=icon, group=group))

    def _enable_actions(self) -> None:
        actions, state = self.context.actions, self.state
        seen = self.isVisible() and state is not None
        able = seen and state is not None and not state.read_only
        may_submit = may_take_back = False
        if able and state is not None:
            newest = state.newest.version if state.newest else None
            same = newest is not None and newest.state in (VersionState.IN_REVIEW, VersionState.APPROVED)
            may_submit = (not same or bool(state.live_changes)) and not state.is_reviewer
            if state.in_review is not None and state.newest is not None and state.actor is not None:
                may_take_back = may_withdraw(state.actor.id, state.in_review, state.newest.authors) is None
            number = newest.number + 1 if newest else 1
            actions.set_text("review.submit", _("Submit version {number}…").format(number=number))
            self.strip.submit.setText(_("Submit version {number}…").format(number=number))
        actions.set_enabled("review.submit", may_submit)
        actions.set_enabled("review.withdraw", may_take_back)
        for identifier in ("review.mode", "review.sign", "review.pdf_plan"):
            actions.set_enabled(identifier, seen)
        has_version = seen and state is not None and bool(state.versions)
        for identifier in ("review.compare", "review.comment", "review.pdf_sheet"):
            actions.set_enabled(identifier, has_version)

    # --- what the user does ---

    def submit(self) -> None:
        """Ask for the route and start a review of what the plan says now."""
        self.writing.flush()
        state = self.state
        if state is None:
            return
        if state.actor is None:
            dialogs.inform(
                self, _("Choose who you are before submitting."), advice=_("Pick a profile at the lower left.")
            )
            return
        dialog = SubmitDialog(self.context, state, self)
        self._chosen = "newest"
        if dialogs.run_form(dialog) and dialog.version is not None:
            self._set_mode(READ)
            self.reload()
            words = _("Version {number} is submitted.").format(number=dialog.version.number)
            self.context.notice_posted.emit(words)

    def withdraw(self) -> None:
        """Take the version under review back and go on writing."""
        state = self.state
        if state is None or state.in_review is None:
            return
        version = state.in_review
        signed = sum(1 for one in state.newest.status.seats if one.sign_off is not None) if state.newest else 0
        advice = ngettext(
            "{count} signature given for it becomes history. The budget can be changed again.",
            "{count} signatures given for it become history. The budget can be changed again.",
            signed,
        ).format(count=signed)
        question = _("Withdraw version {number} and revise the plan?").format(number=version.number)
        if not dialogs.confirm(self, question, advice=advice if signed else "", action=_("Withdraw")):
            return
        if self.context.attempt(lambda: review.withdraw(self.context.session, version.id), self):
            self._chosen = "draft"
            self._set_mode(WRITE)
            self.reload()

    def hand_on(self, seat_id: EntityId) -> None:
        """Ask who takes over a seat."""
        state = self.state
        view = state.newest if state else None
        status = view.status.seat_status(seat_id) if view else None
        if state is not None and status is not None:
            dialogs.run_form(TransferDialog(self.context, state, status, self))

    def toggle_mode(self) -> None:
        """Change between reading and writing."""
        self._set_mode(READ if self.strip.mode.current_key() == WRITE else WRITE)

    def toggle_compare(self) -> None:
        """Show or hide what differs from the version before."""
        self.strip.compare.setChecked(not self.strip.compare.isChecked())

    def start_comment_here(self) -> None:
        """Comment on what is selected in the document."""
        self.start_comment(*self.paper.selection())

    @Slot(str, str)
    def start_comment(self, section_key: str, quote: str) -> None:
        """Open the comment form for a place."""
        self.comments.start_comment(section_key, quote)

    def focus_sign_off(self) -> None:
        """Go to the form of one's own decision."""
        self.sign_card.focus_form()

    def export_plan(self) -> None:
        """Show the document looked at as a PDF."""
        self._export("plan")

    def export_sheet(self) -> None:
        """Show the sign-off sheet of the version looked at as a PDF."""
        self._export("sign-off")

    def _export(self, key: str) -> None:
        self.writing.flush()
        shown = self.state.shown if self.state else None
        self.context.export_requested.emit(key, {"version_id": shown.id} if shown else {})

    # --- what is shown ---

    def _set_mode(self, mode: str) -> None:
        self.strip.mode.set_current(mode)

    @Slot(str)
    def _on_mode(self, mode: str) -> None:
        self.writing.flush()
        self.middle.setCurrentIndex(1 if mode == WRITE else 0)
        self.strip.compare.setVisible(mode == READ and self.state is not None and self.state.base is not None)
        if mode == WRITE and self._chosen != "draft":
            self._chosen = "draft"
            self.reload()
        elif self.state is not None:
            self._show_paper()

    @Slot(bool)
    def _on_compare(self, checked: bool) -> None:
        self._show_paper()
        if checked:
            self.versions.show_changes()

    def _show_paper(self) -> None:
        if self.state is not None:
            compared = self.strip.compare.isChecked() and self.state.base is not None
            may = self.comments.add_button.isEnabled()
            self.paper.show_state(self.state, compared=compared, may_comment=may)

    @Slot(object)
    def _show_change(self, change: ContentChange) -> None:
        anchor = f"section:{change.row_id}" if change.group == "sections" else f"{change.group}:{change.row_id}"
        self._set_mode(READ)
        if not self.paper.reveal(anchor):
            self.paper.reveal(f"section:{change.group}")

    @Slot(str)
    def _show_section(self, section_key: str) -> None:
        if self.strip.mode.current_key() == WRITE and self.writing.reveal(section_key):
            return
        self._set_mode(READ)
        self.paper.reveal(f"section:{section_key}")

    def _fit_route(self) -> None:
        """Give the route the height it needs, until the user moves the border."""
        if not self.context.view_state.read("splitter/review-left"):
            wanted, whole = self.route.sizeHint().height(), max(400, self.left.height())
            self.left.setSizes([min(wanted, whole - 180), max(180, whole - wanted)])

    def _show_banner(self, state: ReviewState) -> None:
        self.banner.clear_actions()
        text, tone, actions = banner_words(state)
        self.banner.show_message(text, tone)
        for words, key in actions:
            callback = {"changes": self._show_live_changes, "write": lambda: self._set_mode(WRITE)}[key]
            self.banner.add_action(words, callback)
        self._banner_row.setVisible(bool(text))

    def _show_live_changes(self) -> None:
        self.choose_version("draft")
        self.versions.show_changes()

    @Slot(object)
    def _on_actor_changed(self, _person: object) -> None:
        if self._dormant:
            self._stale = True
        else:
            self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._enable_actions()
        if self.state is not None:
            self.strip.show_state(self.state)
            self._fit_route()

    def hideEvent(self, event: QHideEvent) -> None:
        self.writing.flush()
        super().hideEvent(event)
        self._enable_actions()

"""Submitting the plan: what is frozen, who signs in which order, and who cannot because they wrote it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from qihua_desktop.domain.canonical import short_fingerprint
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.plan_content import content_rows
from qihua_desktop.domain.review import PlanVersion
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import people, review
from qihua_desktop.services.review import AuthorReason
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.fields import TextArea
from ui.common.theme import SPACE_2, Role
from ui.common.widgets import (
    Banner,
    Chip,
    FlowLayout,
    PlainLabel,
    Separator,
    Tone,
    muted_label,
    secondary_label,
    section_label,
    set_tool_tip,
)

from .route_editor import RouteEditor
from .state import ReviewState
from .words import moment_text


class SubmitDialog(BaseDialog):
    """Nothing is sent while a seat is empty or held by an author; the dialog says so and stays open."""

    def __init__(self, context: AppContext, state: ReviewState, parent: QWidget | None) -> None:
        number = state.versions[0].number + 1 if state.versions else 1
        title = _("Submit “{title}” as version {number}").format(title=state.title, number=number)
        super().__init__(title, parent, accept_text=_("Submit"), width=760)
        self._context = context
        self._state = state
        self.version: PlanVersion | None = None
        session = context.session
        content, hashes = review.live_content(session, state.project.id)
        reasons = review.author_reasons(session, state.project.id)
        self.body.addLayout(_frozen(state, hashes.content, content))
        gaps = _gaps(content)
        if gaps:
            self.body.addWidget(Banner(_("Not filled in: {list}").format(list=_(", ").join(gaps)), Tone.WARN))
        if state.in_review is not None:
            words = _(
                "Version {number} is under review; submitting ends that review, and its signatures stay as history."
            )
            self.body.addWidget(Banner(words.format(number=state.in_review.number), Tone.WARN))
        self.body.addWidget(section_label(_("Sign-off route")))
        authors = frozenset(reason.person_id for reason in reasons)
        self.route = RouteEditor(people.list_people(session), authors, review.proposed_seats(session, state.project.id))
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self.route)
        area.setMinimumHeight(300)
        self.body.addWidget(area, 1)
        self.body.addWidget(Separator())
        self.body.addLayout(self._authors(reasons))
        self.note = TextArea(placeholder=_("A note to the reviewers (optional)"), lines=2)
        self.note.setAccessibleName(_("A note to the reviewers (optional)"))
        self.note.setMaximumHeight(56)
        self.body.addWidget(self.note)
        self.check = self._submit
        self.resize(760, 640)

    def _authors(self, reasons: tuple[AuthorReason, ...]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(muted_label(_("Whoever wrote the plan since it was last approved cannot sign it:"), wrap=True))
        for reason in reasons[:6]:
            name = self._state.name(reason.person_id)
            if reason.at_ms is None:
                words = _("{person}: submits it").format(person=name)
            else:
                when = moment_text(reason.at_ms, self._state.now)
                words = _("{person}: {label}, {when}").format(person=name, label=reason.label[:80], when=when)
            label = secondary_label(words)
            set_tool_tip(label, words)
            column.addWidget(label)
        return column

    def _submit(self) -> None:
        self.version = review.submit(
            self._context.session, self._state.project.id, self.route.seats(), self.note.text()
        )


def _frozen(state: ReviewState, sha256: str, content: object) -> FlowLayout:
    line = FlowLayout(SPACE_2)
    fingerprint = Chip(_("Fingerprint {fingerprint}").format(fingerprint=short_fingerprint(sha256)), Tone.ACCENT)
    set_tool_tip(fingerprint, sha256)
    line.addWidget(fingerprint)
    tasks = len(content_rows(content, "tasks"))  # type: ignore[arg-type]
    words = ngettext("{count} task", "{count} tasks", tasks).format(count=tasks)
    line.addWidget(Chip(words))
    if state.plan.total is not None:
        total = int(content["budget"]["total"])  # type: ignore[index]
        line.addWidget(Chip(_("Budget ¥{amount}").format(amount=money_text(total))))
    if state.live_changes:
        count = len(state.live_changes)
        words = ngettext("{count} change since the last version", "{count} changes since the last version", count)
        line.addWidget(Chip(words.format(count=count), Tone.WARN))
    line.addWidget(PlainLabel(_("This content is frozen; signatures hold for it alone."), role=Role.MUTED, size=12))
    return line


def _gaps(content: object) -> list[str]:
    """Return what reviewers would ask for first."""
    rows = content_rows(content, "sections")  # type: ignore[arg-type]
    gaps = [str(row["title"])[:40] for row in rows if not str(row["body"]).strip()]
    lines = content_rows(content, "lines")  # type: ignore[arg-type]
    total = int(content["budget"]["total"])  # type: ignore[index]
    given = sum(int(str(row["amount"])) for row in lines if not row["parent"])
    if total - given:
        gaps.append(_("budget not fully allocated (¥{amount} left)").format(amount=money_text(total - given)))
    if total == 0:
        gaps.append(_("no budget"))
    return gaps

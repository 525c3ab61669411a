"""The strip under the window's head: which document and version, its fingerprint, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QPushButton

from qihua_desktop.domain.canonical import short_fingerprint
from qihua_desktop.domain.review import version_state_label
from qihua_desktop.i18n import _
from ui.common.context import AppContext
from ui.common.labels import literal
from ui.common.widgets import Chip, ChipButton, Segment, SegmentedControl, Tone, Toolbar, menu_button, set_tool_tip

from .state import ReviewState
from .words import VERSION_TONES, version_text

READ, WRITE = "read", "write"


class Strip(Toolbar):
    """Buttons show only what can be done now.

    Signals:
        version_chosen(object): a version's id, or ``draft``.
    """

    version_chosen = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._sha256 = ""
        self.mode = SegmentedControl(
            [Segment(READ, _("Read")), Segment(WRITE, _("Write"))], accessible_name=_("Read or write the plan")
        )
        self.document = Chip()
        self._menu = QMenu(self)
        self.version = ChipButton("", menu=self._menu)
        self.fingerprint = ChipButton("", Tone.NEUTRAL)
        self.fingerprint.clicked.connect(self._copy)
        self.compare = ChipButton(_("Compare"), Tone.NEUTRAL, checkable=True)
        self.notice = Chip("", Tone.WARN)
        pdf = QMenu(self)
        for identifier in ("review.pdf_plan", "review.pdf_sheet"):
            pdf.addAction(context.actions.get(identifier))
        self.pdf = menu_button(_("PDF"), pdf, icon_name="file-text")
        actions = context.actions
        self.withdraw = actions.button("review.withdraw")
        self.submit: QPushButton = actions.button("review.submit", primary=True)
        self.add(self.mode, self.document, self.version, self.fingerprint, self.compare)
        self.add_stretch()
        self.add(self.notice, self.pdf, self.withdraw, self.submit)

    def show_state(self, state: ReviewState) -> None:
        """Show which version is looked at."""
        self.document.set_text(state.title)
        shown = state.shown
        words = version_text(shown) + (f" · {version_state_label(shown.state)}" if shown else "")
        self.version.set_text(words)
        self.version.set_tone(VERSION_TONES[shown.state] if shown else Tone.NEUTRAL)
        self._sha256 = state.sha256
        self.fingerprint.set_text(_("Fingerprint {fingerprint}").format(fingerprint=short_fingerprint(state.sha256)))
        set_tool_tip(self.fingerprint, _("{sha256}\nPress to copy").format(sha256=state.sha256))
        self.compare.setVisible(state.base is not None and self.mode.current_key() == READ)
        if state.base is not None:
            self.compare.set_text(_("Against version {number}").format(number=state.base.number))
        self._menu.clear()
        for key, version in (("draft", None), *((one.id, one) for one in state.versions)):
            text = version_text(version) + (f"  ·  {version_state_label(version.state)}" if version else "")
            action = self._menu.addAction(literal(text))
            action.setCheckable(True)
            action.setChecked(version == shown)
            action.triggered.connect(lambda _checked=False, key=key: self.version_chosen.emit(key))
        binds = state.in_review is not None and not state.live_changes
        self.notice.set_text(_("Any change voids the signatures given") if binds else "")
        self.notice.setVisible(binds)
        self.withdraw.setVisible(self.withdraw.isEnabled())
        self.submit.setVisible(self.submit.isEnabled())
        self.pdf.menu().actions()[1].setEnabled(bool(state.versions))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._sha256)
        self._context.notice_posted.emit(_("The fingerprint is copied."))

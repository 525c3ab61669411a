"""The present person's own decision: verdict, opinions, drawn signature, PIN."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.domain.people import Person, department_label
from qihua_desktop.domain.review import Dimension, PlanVersion, ReviewSeat, Verdict, VersionState, dimension_label
from qihua_desktop.domain.review_rules import seat_dimensions, seat_to_decide
from qihua_desktop.i18n import _
from qihua_desktop.services import people, review
from qihua_desktop.services.people import PinProof
from ui.common.context import AppContext
from ui.common.fields import TextArea
from ui.common.signature_pad import SignaturePad
from ui.common.theme import SECONDARY_SIZE, SPACE_2, Role
from ui.common.widgets import (
    Card,
    ChipButton,
    PlainLabel,
    Segment,
    SegmentedControl,
    icon_button,
    link_button,
    literal,
    primary_button,
    secondary_label,
    set_tool_tip,
)

from .state import ReviewState
from .words import clipped, seat_text

HAND_ON = "hand_on"


class SignCard(Card):
    """Shows the form when it is somebody's turn, and why not when it is not.

    Signals:
        version_wanted(object): the version to sign should be looked at.
    """

    version_wanted = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__(_("My sign-off"))
        self._context = context
        self._state: ReviewState | None = None
        self._seat: ReviewSeat | None = None
        self._person: Person | None = None
        self._busy = False
        self._people_menu = QMenu(self)
        self._people_menu.aboutToShow.connect(self._fill_people)
        self.person_button = ChipButton(_("Switch"), menu=self._people_menu, icon_name="user")
        set_tool_tip(self.person_button, _("Somebody else signs on this laptop"))
        self.add_action(self.person_button)
        self.reason = secondary_label("", wrap=True)
        self.look = link_button(_("Show it"), self._want_version)
        self.add(self.reason)
        self.add(self.look)
        self.form = QWidget()
        self._build_form()
        self.add(self.form)
        self.problem = PlainLabel("", wrap=True, role=Role.BAD, size=SECONDARY_SIZE)
        self.problem.hide()
        self.add(self.problem)

    def _build_form(self) -> None:
        column = QVBoxLayout(self.form)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self.verdict = SegmentedControl(
            [
                Segment(Verdict.APPROVE, _("Agree")),
                Segment(Verdict.APPROVE_WITH_COMMENT, _("With note")),
                Segment(Verdict.RETURN, _("Return it")),
                Segment(Verdict.REJECT, _("Reject")),
                Segment(HAND_ON, _("Hand on")),
            ],
            accessible_name=_("Decision"),
        )
        self.verdict.current_changed.connect(self._on_verdict)
        column.addWidget(self.verdict)
        self.opinions: dict[Dimension, TextArea] = {}
        for dimension in Dimension:
            field = TextArea(lines=1)
            field.setFixedHeight(34)
            field.setAccessibleName(_("Opinion: {dimension}").format(dimension=dimension_label(dimension)))
            self.opinions[dimension] = field
            column.addWidget(field)
        self.successor = QComboBox()
        self.successor.setAccessibleName(_("New holder of the seat"))
        self.why = QLineEdit()
        self.why.setPlaceholderText(_("Reason for handing on"))
        self.why.setAccessibleName(_("Reason for handing on"))
        column.addWidget(self.successor)
        column.addWidget(self.why)
        self.pad = SignaturePad()
        self.pad.setFixedHeight(82)
        self.clear = icon_button("eraser", _("Clear the signature"), self.pad.clear)
        self.pad.changed.connect(self._on_drawn)
        drawn = QVBoxLayout(self.pad)
        drawn.setContentsMargins(0, 4, 4, 0)
        corner = QHBoxLayout()
        corner.addStretch(1)
        corner.addWidget(self.clear)
        drawn.addLayout(corner)
        drawn.addStretch(1)
        self.clear.hide()
        column.addWidget(self.pad)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_2)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(12)
        self.pin.setPlaceholderText(_("Sign-off PIN"))
        self.pin.setAccessibleName(_("Sign-off PIN"))
        self.pin.returnPressed.connect(self.confirm)
        self.pin.textEdited.connect(lambda _text: self._say(""))
        self.confirm_button = primary_button(_("Confirm sign-off"), self.confirm)
        foot.addWidget(self.pin, 1)
        foot.addWidget(self.confirm_button)
        column.addLayout(foot)

    def show_state(self, state: ReviewState) -> None:
        """Show what the present person may do; a half-filled form of the same seat stays."""
        self._state = state
        actor, version = state.actor, state.in_review
        seat = None
        if actor is not None and version is not None and state.newest is not None:
            seat = seat_to_decide(actor.id, state.newest.status, state.newest.authors)
        reason = _why_not(self._context, state, version)
        self._people_visible(state, version)
        title = _("My sign-off")
        if actor is not None and version is not None:
            department = department_label(seat.department if seat else actor.department)
            title = _("My sign-off: {department} {person}").format(department=department, person=actor.name[:40])
        self.set_title(title)
        elsewhere = version is not None and (state.shown is None or state.shown.id != version.id)
        may = reason is None and seat is not None
        if may and elsewhere and version is not None:
            reason = _("Look at version {number} before you decide on it.").format(number=version.number)
        if reason and version is not None and state.newest is not None and not may:
            waiting = [state.newest.status.seat_status(seat.id) for seat in state.newest.status.waiting_on]
            names = [seat_text(one, state.people.get(one.seat.person_id)) for one in waiting if one is not None]
            if names:
                words = _("To sign now: {names}").format(names=_(", ").join(names))
                reason = f"{reason}\n{clipped(words, 200)}"
        self.look.setVisible(elsewhere and may)
        self.reason.setText(reason or "")
        self.reason.setVisible(bool(reason))
        changed = (seat.id if seat else None, actor.id if actor else None) != (
            self._seat.id if self._seat else None,
            self._person.id if self._person else None,
        )
        self._seat, self._person = seat, actor
        if changed:
            self.reset()
        self.form.setVisible(may and not elsewhere and not state.read_only)
        if seat is not None:
            self._fit_form(seat)

    def reset(self) -> None:
        """Empty the form."""
        self.verdict.set_current(Verdict.APPROVE)
        for field in self.opinions.values():
            field.set_text("")
        self.why.clear()
        self.pad.set_strokes(())
        self.clear.hide()
        self.pin.clear()
        self._say("")
        self.pad.signer = self._person.name if self._person else ""

    def focus_form(self) -> None:
        """Go to the first field, or to the people when it is not the present person's turn."""
        (self.verdict.findChildren(QWidget)[0] if self.form.isVisible() else self.person_button).setFocus()

    @Slot()
    def confirm(self) -> None:
        """Compare the PIN in the background, then record the decision as one edit."""
        person = self._person
        if self._busy or person is None or self._seat is None or not self.form.isVisible():
            return
        problem = self._missing()
        if problem:
            self._say(problem)
            return
        try:
            check = people.pin_check(self._context.session, person.id, self.pin.text())
        except QihuaError as error:
            self._fail(error)
            return
        self._set_busy(busy=True)
        self._context.jobs.submit(lambda _job: check.run(), on_done=self._record, on_failed=self._fail)

    def _record(self, proof: PinProof) -> None:
        self._set_busy(busy=False)
        state, seat, person = self._state, self._seat, self._person
        version = state.in_review if state is not None else None
        if seat is None or person is None or version is None or person.id != proof.person_id:
            return
        session = self._context.session
        key = self.verdict.current_key()
        try:
            if key == HAND_ON:
                review.transfer_seat(session, seat.id, self.successor.currentData(), self.why.text(), proof)
                words = _("The seat is handed on.")
            else:
                said = {one: field.text() for one, field in self.opinions.items() if field.isVisibleTo(self.form)}
                strokes = self.pad.strokes()
                review.sign(session, version.id, person.id, proof, Verdict(key), opinions=said, strokes=strokes)
                words = _("Signed: version {number}.").format(number=version.number)
        except QihuaError as error:
            self._fail(error)
            return
        self.reset()
        self._context.notice_posted.emit(words)

    def _missing(self) -> str:
        key = self.verdict.current_key()
        if key == HAND_ON:
            if self.successor.currentData() is None:
                return _("Choose who takes the seat.")
            return "" if self.why.text().strip() else _("Say why the seat is handed on.")
        said = any(field.text().strip() for field in self.opinions.values() if field.isVisibleTo(self.form))
        if key != Verdict.APPROVE and not said:
            return _("Say why: this decision needs a comment.")
        if key in (Verdict.APPROVE, Verdict.APPROVE_WITH_COMMENT) and self.pad.is_empty():
            return _("Sign in the box; with the keyboard, press Enter in it to write your name.")
        return ""

    def _fail(self, error: BaseException) -> None:
        self._set_busy(busy=False)
        if not isinstance(error, QihuaError):
            raise error
        self._say(" ".join(part for part in (error.message, error.advice, *error.details[:3]) if part), about_pin=True)
        self.pin.selectAll()
        self.pin.setFocus()

    def _say(self, words: str, *, about_pin: bool = False) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        self.pin.setProperty("problem", about_pin)
        self.pin.style().unpolish(self.pin)
        self.pin.style().polish(self.pin)

    def _set_busy(self, *, busy: bool) -> None:
        self._busy = busy
        self.confirm_button.setEnabled(not busy)
        self.confirm_button.setText(_("Checking…") if busy else self._confirm_text())

    def _confirm_text(self) -> str:
        return _("Hand on") if self.verdict.current_key() == HAND_ON else _("Confirm sign-off")

    @Slot()
    def _on_drawn(self) -> None:
        self.clear.setVisible(not self.pad.is_empty())
        self._say("")

    @Slot()
    def _on_verdict(self) -> None:
        if self._seat is not None:
            self._fit_form(self._seat)
        self._say("")

    def _fit_form(self, seat: ReviewSeat) -> None:
        key = self.verdict.current_key()
        hands_on = key == HAND_ON
        wanted = seat_dimensions(seat)
        for dimension, field in self.opinions.items():
            field.setVisible(dimension in wanted and not hands_on)
            name = dimension_label(dimension)
            needed = key != Verdict.APPROVE
            text = _("{dimension}: why?") if needed else _("{dimension}: opinion (optional)")
            field.setPlaceholderText(text.format(dimension=name))
        self.successor.setVisible(hands_on)
        self.why.setVisible(hands_on)
        self.pad.setVisible(not hands_on)
        if not self._busy:
            self.confirm_button.setText(self._confirm_text())
        if hands_on and self._state is not None:
            fill_successors(self.successor, self._context, self._state)

    def _want_version(self) -> None:
        if self._state is not None and self._state.in_review is not None:
            self.version_wanted.emit(self._state.in_review.id)

    def _people_visible(self, state: ReviewState, version: PlanVersion | None) -> None:
        self.person_button.setVisible(version is not None and not state.read_only)

    def _fill_people(self) -> None:
        self._people_menu.clear()
        state = self._state
        if state is None or state.newest is None:
            return
        waiting = {seat.person_id for seat in state.newest.status.waiting_on}
        seated = [status.seat.person_id for status in state.newest.status.seats]
        for person_id in sorted(dict.fromkeys(seated), key=lambda one: one not in waiting):
            person = state.people.get(person_id)
            if person is None:
                continue
            words = f"{department_label(person.department)} {person.name}"
            turn = _("to sign now") if person_id in waiting else ""
            action = self._people_menu.addAction(literal(f"{words}  ·  {turn}" if turn else words))
            action.setCheckable(True)
            action.setChecked(state.actor is not None and state.actor.id == person_id)
            action.triggered.connect(lambda _checked=False, person=person: self._context.choose_actor(person))


def fill_successors(choice: QComboBox, context: AppContext, state: ReviewState) -> None:
    """Offer everybody who may take over a seat; whom was chosen before stays chosen."""
    view = state.newest
    if view is None:
        return
    taken = {status.seat.person_id for status in view.status.seats} | view.authors
    able = [person for person in people.list_people(context.session) if person.id not in taken]
    if [choice.itemData(at) for at in range(1, choice.count())] == [person.id for person in able]:
        return
    choice.clear()
    choice.addItem(_("Choose a person"), None)
    for person in able:
        choice.addItem(f"{department_label(person.department)} {person.name[:60]}", person.id)


def _why_not(context: AppContext, state: ReviewState, version: PlanVersion | None) -> str | None:
    newest = state.newest.version if state.newest is not None else None
    if version is None:
        if newest is None:
            return _("Nothing to sign yet: the plan has not been submitted.")
        if newest.state is VersionState.APPROVED:
            return _("Version {number} is approved by everybody.").format(number=newest.number)
        return _("Nothing to sign: the review of version {number} is closed.").format(number=newest.number)
    if state.actor is None:
        return _("Choose who signs: press “Switch” above.")
    reason = review.refusal(context.session, state.newest, state.actor.id) if state.newest else None
    if reason is None and not people.has_pin(state.people[state.actor.id]):
        return _("You have no sign-off PIN yet. Set one in the menu of your profile at the bottom left.")
    return reason

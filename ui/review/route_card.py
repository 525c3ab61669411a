"""The route of a review: who signs, in which order, what they decided, who waits for whom."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import groupby

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import department_label
from qihua_desktop.domain.review import Dimension, RouteMode, SignOff, dimension_label
from qihua_desktop.domain.review_rules import SeatState, SeatStatus, route_mode_label, seat_dimensions, seat_state_label
from qihua_desktop.i18n import _
from qihua_desktop.services.review import ReviewView, SeatDraft
from ui.common.theme import SECONDARY_SIZE, SPACE_1, SPACE_2, Role, theme
from ui.common.widgets import Card, Chip, Elide, PlainLabel, icon_button, muted_label, secondary_label, set_tool_tip

from .state import ReviewState
from .words import SEAT_DOTS, SEAT_TONES, mode_label, moment_text, seat_text, version_text, waited_text


class RouteCard(Card):
    """Shows a version's route with its decisions, or the usual route before anything was submitted."""

    def __init__(self, hand_on: Callable[[EntityId], object]) -> None:
        self.mode = Chip()
        super().__init__(_("Sign-off route"), chip=self.mode, padded=False)
        self._hand_on = hand_on
        self._rows: dict[EntityId, SeatRow] = {}
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(_("Sign-off route"))
        self._shown: object = None
        self.add(self._scroll, 1)

    def show_state(self, state: ReviewState, proposed: tuple[SeatDraft, ...]) -> None:
        """Show the route of what is chosen."""
        view = state.route
        shown = (view.status, state.now.replace(second=0), state.actor, state.read_only) if view else proposed
        if shown == self._shown:
            return
        self._shown = shown
        at = self._scroll.verticalScrollBar().value()
        content = QWidget()
        content.setProperty("look", "page")
        column = QVBoxLayout(content)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(SPACE_2)
        self._rows = {}
        if view is None:
            self._show_proposed(column, state, proposed)
        else:
            self._show_route(column, state, view)
        column.addStretch(1)
        self._scroll.setWidget(content)
        self._scroll.verticalScrollBar().setValue(at)

    def reveal(self, seat_id: EntityId) -> bool:
        """Bring a seat into view; returns whether it is in this route."""
        row = self._rows.get(seat_id)
        if row is None:
            return False
        self._scroll.ensureWidgetVisible(row)
        row.flash()
        return True

    def rows(self) -> dict[EntityId, SeatRow]:
        """Return the seats shown."""
        return dict(self._rows)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        content = self._scroll.widget()
        layout = content.layout() if content is not None else None
        if layout is not None:
            width = max(180, self._scroll.viewport().width())
            hint.setHeight(layout.totalHeightForWidth(width) + 48)
        return hint

    def _show_route(self, column: QVBoxLayout, state: ReviewState, view: ReviewView) -> None:
        statuses = view.status.seats
        modes = {status.seat.mode for status in statuses}
        steps = [list(group) for _step, group in groupby(statuses, key=lambda one: one.seat.step)]
        self.mode.set_text(mode_label(next(iter(modes))) if len(modes) == 1 else version_text(view.version))
        set_tool_tip(self.mode, route_mode_label(next(iter(modes))) if len(modes) == 1 else "")
        since = view.version.submitted_ms
        for number, step in enumerate(steps, 1):
            if len(steps) > 1:
                column.addWidget(_step_head(number, step[0].seat.mode))
            for status in step:
                may = not state.read_only and _may_hand_on(status, view, state)
                row = SeatRow(status, state, view, since, self._hand_on if may else None)
                self._rows[status.seat.id] = row
                column.addWidget(row)
            signed = [status.sign_off.signed_ms for status in step if status.sign_off is not None]
            since = max([since, *signed])

    def _show_proposed(self, column: QVBoxLayout, state: ReviewState, proposed: tuple[SeatDraft, ...]) -> None:
        self.mode.set_text(_("Proposed"))
        for step, group in groupby(proposed, key=lambda seat: seat.step):
            seats = list(group)
            column.addWidget(_step_head(step, seats[0].mode))
            for seat in seats:
                column.addWidget(_ProposedRow(seat, state.name(seat.person_id)))
        column.addWidget(muted_label(_("The route is chosen when the plan is submitted."), wrap=True))


class SeatRow(QFrame):
    """One seat: a dot, department and person, the state and when, what was said."""

    def __init__(
        self,
        status: SeatStatus,
        state: ReviewState,
        view: ReviewView,
        since_ms: int,
        hand_on: Callable[[EntityId], object] | None,
    ) -> None:
        super().__init__()
        self.status = status
        self._flash = False
        seat = status.seat
        name = state.name(seat.person_id)
        self.setAccessibleName(f"{department_label(seat.department)} {name} {seat_state_label(status.state)}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(_Dot(SEAT_DOTS[status.state]), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_1 + 2)
        head.addWidget(PlainLabel(department_label(seat.department), bold=True))
        person = PlainLabel(name, elide=Elide.END, role=Role.TEXT_SOFT)
        head.addWidget(person, 1)
        self.hand_on: QToolButton | None = None
        if hand_on is not None:
            self.hand_on = icon_button("arrow-right", _("Hand this seat on…"), lambda: hand_on(seat.id))
            self.hand_on.setFixedHeight(22)
            self.hand_on.setStyleSheet("QToolButton { padding: 2px; }")
            head.addWidget(self.hand_on)
        column.addLayout(head)
        under = QHBoxLayout()
        under.setSpacing(SPACE_1 + 2)
        self.chip = Chip(seat_state_label(status.state), SEAT_TONES[status.state])
        under.addWidget(self.chip)
        self.note = secondary_label(_note(status, state, view, since_ms))
        self.note.set_role(Role.MUTED)
        set_tool_tip(self.note, self.note.full_text())
        under.addWidget(self.note, 1)
        column.addLayout(under)
        said = decision_words(status.sign_off)
        if said:
            column.addWidget(_Said(said))
        for remark in status.remarks:
            words = _("After the decision: {text}").format(text=decision_words(remark) or _("agreed"))
            column.addWidget(_Said(words))
        row.addLayout(column, 1)
        about = _(", ").join(dimension_label(one) for one in seat_dimensions(seat))
        words = _("Gives an opinion on: {dimensions}").format(dimensions=about)
        set_tool_tip(person, f"{name}\n{words}")

    def flash(self) -> None:
        """Point the seat out."""
        self._flash = True
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._flash:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme().color(Role.ACCENT_BG))
            painter.drawRoundedRect(self.rect(), 6, 6)
        super().paintEvent(event)


class _ProposedRow(QFrame):
    def __init__(self, seat: SeatDraft, name: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(_Dot(Role.FAINT))
        row.addWidget(PlainLabel(department_label(seat.department), bold=True))
        role = Role.TEXT_SOFT if name else Role.WARN
        row.addWidget(PlainLabel(name or _("nobody chosen"), elide=Elide.END, role=role), 1)


class _Said(QFrame):
    """What somebody said with their decision, beside a line."""

    def __init__(self, words: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_2, 1, 0, 1)
        self.label = PlainLabel(words, wrap=True, size=SECONDARY_SIZE, role=Role.TEXT_SOFT)
        row.addWidget(self.label)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(QRectF(0, 2, 2, self.height() - 4), theme().color(Role.LINE))


class _Dot(QWidget):
    def __init__(self, role: Role) -> None:
        super().__init__()
        self._role = role
        self.setFixedSize(13, 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color(self._role))
        painter.drawEllipse(QRectF(0.5, 4, 11.5, 11.5))


def decision_words(sign_off: SignOff | None) -> str:
    """Return everything somebody said with a decision, each opinion with what it is about."""
    if sign_off is None:
        return ""
    stored = json.loads(sign_off.opinions) if sign_off.opinions else {}
    opinions = [
        _("{dimension}: {text}").format(dimension=dimension_label(one), text=stored[one.value])
        for one in Dimension
        if stored.get(one.value)
    ]
    return "\n".join(part for part in (sign_off.comment.strip(), *opinions) if part)


def _step_head(number: int, mode: RouteMode) -> QWidget:
    step = _("Step {number}").format(number=number)
    label = muted_label(f"{step} · {mode_label(mode)}")
    set_tool_tip(label, route_mode_label(mode))
    return label


def _may_hand_on(status: SeatStatus, view: ReviewView, state: ReviewState) -> bool:
    waiting = status.state in (SeatState.OPEN, SeatState.STALE, SeatState.NOT_YET) and status.sign_off is None
    actor = state.actor
    if actor is None or not waiting:
        return False
    return actor.id == status.seat.person_id or actor.id == view.version.submitted_by or actor.id in view.authors


def _note(status: SeatStatus, state: ReviewState, view: ReviewView, since_ms: int) -> str:
    if status.stale and status.sign_off is not None:
        about = _(", ").join(dimension_label(one) for one in status.stale)
        return _("changed since: {dimensions}").format(dimensions=about)
    if status.sign_off is not None:
        return moment_text(status.sign_off.signed_ms, state.now)
    if status.state is SeatState.OPEN:
        return waited_text(since_ms, state.now)
    if status.waiting_for:
        waited = [view.status.seat_status(one) for one in status.waiting_for]
        names = [seat_text(one, view.people.get(one.seat.person_id)) for one in waited if one is not None]
        if len(names) == 1:
            return _("after {name}").format(name=names[0])
        return _("after {count} others").format(count=len(names))
    return ""

"""The answers of a question: typed in place, dragged by their grip, each with its flags and where it leads."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.survey import KINDS_WITH_ROUTES, Option, Question, QuestionKind
from qihua_desktop.i18n import _
from qihua_desktop.services import survey_options
from qihua_desktop.services.survey import SurveyView
from ui.common.context import AppContext
from ui.common.icons import paint_icon, set_icon
from ui.common.theme import SPACE_1, SPACE_2, Role, theme
from ui.common.widgets import Chip, Tone, icon_button, link_button, set_tool_tip

from .jump_chip import JumpChip
from .typing_fields import CommittedLine


class Grip(QWidget):
    """Six dots to drag a row by.

    Signals:
        dragged(QPointF): the mouse is there, in screen coordinates.
        dropped(QPointF): it was let go there.
    """

    dragged = Signal(QPointF)
    dropped = Signal(QPointF)

    def __init__(self) -> None:
        super().__init__()
        self._held = False
        self.setFixedSize(18, 30)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        set_tool_tip(self, _("Drag to another place (Alt+Up, Alt+Down)"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.button() == Qt.MouseButton.LeftButton

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self.dragged.emit(event.globalPosition())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held:
            self._held = False
            self.dropped.emit(event.globalPosition())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, "grip-vertical", QRect(1, 8, 15, 15), Role.FAINT if self.isEnabled() else Role.LINE)


class _OptionLine(CommittedLine):
    """Keys of a row: Enter adds the next answer, Backspace removes an empty one, Alt with arrows moves it."""

    enter_pressed = Signal()
    delete_pressed = Signal()
    move_pressed = Signal(int)
    step_pressed = Signal(int)

    def __init__(self) -> None:
        super().__init__(takes_lines=True, placeholder=_("Option"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            step = -1 if key == Qt.Key.Key_Up else 1
            (self.move_pressed if alt else self.step_pressed).emit(step)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control:
            self.commit()
            self.enter_pressed.emit()
        elif key == Qt.Key.Key_Backspace and not self.text() and not self.isReadOnly():
            self.delete_pressed.emit()
        else:
            super().keyPressEvent(event)


class OptionRow(QWidget):
    """One answer."""

    def __init__(self, owner: OptionRows) -> None:
        super().__init__()
        self._owner = owner
        self.option: Option | None = None
        self.grip = Grip()
        self.line = _OptionLine()
        self.exclusive_chip = Chip(_("Exclusive"), Tone.NEUTRAL)
        self.text_chip = Chip(_("With text"), Tone.NEUTRAL)
        self.jump = JumpChip()
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.more = icon_button("ellipsis-vertical", _("More"), self._open_menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(self.grip)
        row.addWidget(self.line, 1)
        for widget in (self.exclusive_chip, self.text_chip, self.jump, self.more):
            row.addWidget(widget)
        row.setSpacing(6)

    def show_option(self, view: SurveyView, question: Question, option: Option, *, editable: bool) -> None:
        """Show an answer."""
        self.option = option
        self.line.set_value(option.label)
        self.line.setReadOnly(not editable)
        self.line.setAccessibleName(_("Option {number}").format(number=option.position + 1))
        self.grip.setEnabled(editable)
        self.more.setEnabled(editable)
        self.exclusive_chip.setVisible(option.exclusive and question.kind is QuestionKind.MULTIPLE)
        self.text_chip.setVisible(option.with_text)
        self.jump.setVisible(question.kind in KINDS_WITH_ROUTES)
        self.jump.show_jump(view, question.id, view.jump_of(question.id, option.id), editable=editable)

    def _open_menu(self) -> None:
        self._menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))

    @Slot()
    def _fill_menu(self) -> None:
        self._menu.clear()
        option, owner = self.option, self._owner
        if option is None:
            return
        if owner.question_kind() is QuestionKind.MULTIPLE:
            exclusive = self._menu.addAction(_("Excludes the other options"))
            exclusive.setCheckable(True)
            exclusive.setChecked(option.exclusive)
            exclusive.triggered.connect(lambda checked: owner.change(option.id, exclusive=checked))
        if owner.question_kind() is not QuestionKind.RANKING:
            with_text = self._menu.addAction(_("Asks for a text"))
            with_text.setCheckable(True)
            with_text.setChecked(option.with_text)
            with_text.triggered.connect(lambda checked: owner.change(option.id, with_text=checked))
        self._menu.addSeparator()
        for text, icon, step in ((_("Move up"), "arrow-up", -1), (_("Move down"), "arrow-down", 1)):
            action = self._menu.addAction(text)
            set_icon(action, icon)
            action.triggered.connect(lambda _checked=False, step=step: owner.move_by(option.id, step))
        self._menu.addSeparator()
        delete = self._menu.addAction(_("Delete option"))
        set_icon(delete, "trash-2")
        delete.triggered.connect(lambda _checked=False: owner.delete(option.id))


class OptionRows(QWidget):
    """All answers of the question shown; widgets stay with their answer, so nothing half typed is lost.

    ``add_button`` is put where its owner wants it.
    """

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._question: Question | None = None
        self._rows: dict[EntityId, OptionRow] = {}
        self._order: tuple[EntityId, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_1)
        self._column = QVBoxLayout()
        self._column.setSpacing(6)
        column.addLayout(self._column)
        self.add_button = link_button(_("Add option"), self.add, icon_name="plus")
        self._marker = QFrame(self)
        self._marker.setFixedHeight(2)
        self._marker.setAutoFillBackground(True)
        self._marker.hide()

    def question_kind(self) -> QuestionKind | None:
        """Return the kind of the question shown."""
        return self._question.kind if self._question is not None else None

    def rows(self) -> tuple[OptionRow, ...]:
        """Return the rows in order."""
        return tuple(self._rows[key] for key in self._order)

    def show_question(self, view: SurveyView, question: Question, *, editable: bool) -> None:
        """Show the answers of a question."""
        self._question = question
        options = view.options.get(question.id, ())
        wanted = {option.id for option in options}
        for gone in [key for key in self._rows if key not in wanted]:
            row = self._rows.pop(gone)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for option in options:
            if option.id not in self._rows:
                self._rows[option.id] = self._new_row()
            self._rows[option.id].show_option(view, question, option, editable=editable)
        order = tuple(option.id for option in options)
        if order != self._order:
            self._order = order
            for at, key in enumerate(order):
                if self._column.indexOf(self._rows[key]) != at:
                    self._column.insertWidget(at, self._rows[key])
            self._set_tab_order()

    def add(self, after: EntityId | None = None) -> None:
        """Add an answer, behind another one or at the end, and let its name be typed."""
        question = self._question
        if question is None:
            return
        index = self._order.index(after) + 1 if after in self._order else len(self._order)
        made: list[Option] = []
        session = self._context.session
        if self._context.attempt(
            lambda: made.append(survey_options.add_option(session, question.id, index=index)), self
        ):
            self.focus_option(made[0].id)

    def focus_option(self, option_id: EntityId) -> None:
        """Put the cursor into an answer, all selected."""
        row = self._rows.get(option_id)
        if row is not None:
            row.line.setFocus(Qt.FocusReason.OtherFocusReason)
            row.line.selectAll()

    def change(self, option_id: EntityId, **fields: Any) -> None:
        """Change an answer."""
        self._context.attempt(lambda: survey_options.update_option(self._context.session, option_id, **fields), self)

    def delete(self, option_id: EntityId) -> None:
        """Delete an answer; the one before it gets the cursor."""
        at = self._order.index(option_id)
        neighbour = self._order[at - 1] if at else self._order[1] if len(self._order) > 1 else None
        had_focus = self._rows[option_id].line.hasFocus()
        done = self._context.attempt(lambda: survey_options.delete_option(self._context.session, option_id), self)
        if done and had_focus and neighbour is not None:
            self.focus_option(neighbour)

    def move_by(self, option_id: EntityId, step: int) -> None:
        """Move an answer up or down by one."""
        at = self._order.index(option_id) + step
        if 0 <= at < len(self._order):
            self._move(option_id, at)

    def _move(self, option_id: EntityId, index: int) -> None:
        self._context.attempt(lambda: survey_options.move_option(self._context.session, option_id, index), self)

    def _paste(self, option_id: EntityId, lines: tuple[str, ...]) -> None:
        question, index = self._question, self._order.index(option_id) + 1
        if question is not None:
            session = self._context.session
            self._context.attempt(lambda: survey_options.add_options(session, question.id, lines, index=index), self)

    def _step(self, option_id: EntityId, step: int) -> None:
        at = self._order.index(option_id) + step
        if 0 <= at < len(self._order):
            self.focus_option(self._order[at])

    def _jump(self, option_id: EntityId, target: Any, goal: Any) -> None:
        question = self._question
        if question is not None:
            session = self._context.session
            self._context.attempt(lambda: survey_options.set_jump(session, question.id, option_id, target, goal), self)

    def _new_row(self) -> OptionRow:
        row = OptionRow(self)

        def own() -> EntityId:
            assert row.option is not None
            return row.option.id

        row.line.committed.connect(lambda text: self.change(own(), label=text))
        row.line.enter_pressed.connect(lambda: self.add(own()) if not row.line.isReadOnly() else None)
        row.line.delete_pressed.connect(lambda: self.delete(own()) if not row.line.isReadOnly() else None)
        row.line.move_pressed.connect(lambda step: self.move_by(own(), step) if not row.line.isReadOnly() else None)
        row.line.step_pressed.connect(lambda step: self._step(own(), step))
        row.line.lines_pasted.connect(lambda lines: self._paste(own(), lines))
        row.jump.jump_chosen.connect(lambda target, goal: self._jump(own(), target, goal))
        row.grip.dragged.connect(self._show_marker)
        row.grip.dropped.connect(lambda place: self._drop(own(), place))
        return row

    def _set_tab_order(self) -> None:
        before: QWidget | None = None
        for row in self.rows():
            for widget in (row.line, row.jump, row.more):
                if before is not None:
                    QWidget.setTabOrder(before, widget)
                before = widget
        if before is not None:
            QWidget.setTabOrder(before, self.add_button)

    def _gap_at(self, place: QPointF) -> int:
        y = self.mapFromGlobal(place).y()
        return sum(y > row.geometry().center().y() for row in self.rows())

    @Slot(QPointF)
    def _show_marker(self, place: QPointF) -> None:
        rows, gap = self.rows(), self._gap_at(place)
        y = rows[gap].y() - 4 if gap < len(rows) else rows[-1].geometry().bottom() + 3
        palette = self._marker.palette()
        palette.setColor(self._marker.backgroundRole(), theme().color(Role.ACCENT))
        self._marker.setPalette(palette)
        self._marker.setGeometry(20, max(0, y), max(20, self.width() - 20), 2)
        self._marker.raise_()
        self._marker.show()

    def _drop(self, option_id: EntityId, place: QPointF) -> None:
        was_shown = self._marker.isVisible()
        self._marker.hide()
        at, gap = self._order.index(option_id), self._gap_at(place)
        index = gap - 1 if gap > at else gap
        if was_shown and index != at:
            self._move(option_id, index)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, super().minimumSizeHint().height())

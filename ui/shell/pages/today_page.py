"""What concerns the present person today: tasks due, sign-offs, what is late, the next event."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.formatting import date_long, date_short, percent_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.project import kind_label
from qihua_desktop.domain.today import DueTask, NextEvent, TodaySignOff
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services import people
from qihua_desktop.services.today import RunningProject, TodayView, today_view
from ui.common.context import AppContext
from ui.common.page import Page
from ui.common.theme import SPACE_3, SPACE_4
from ui.common.widgets import Banner, Card, Chip, Elide, PlainLabel, ProgressBar, Tone, link_button, muted_label
from ui.common.widgets import Page as ScrollingPage

from ..file_actions import local_time
from ..header import KIND_TONES, key_date_text
from .rows import Line, LineCard


class TodayPage(Page):
    """The first page of the day."""

    key = "today"
    icon = "sun"
    per_project = False

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.greeting = PlainLabel("", size=20, bold=True, elide=Elide.END)
        self.summary = muted_label("")
        self.hint = Banner()
        self.mine = LineCard(_("My tasks"), _("Nothing is due for you in the next seven days."))
        self.sign_offs = LineCard(_("Waiting for my sign-off"), _("No plan waits for your sign-off."), tone=Tone.WARN)
        self.late = LineCard(_("Late"), _("Nothing is late."), tone=Tone.BAD)
        self.next_event = EventCard(context)
        self.running = LineCard(_("Running projects"), _("No project is running. Ctrl+N makes one."))
        for card in (self.mine, self.late):
            card.more_text = lambda rest: ngettext("and {count} more", "and {count} more", rest).format(count=rest)
            card.line_chosen.connect(self._on_task_chosen)
        self.sign_offs.line_chosen.connect(self._on_sign_off_chosen)
        self.running.line_chosen.connect(self._on_project_chosen_here)
        context.actor_changed.connect(self._on_actor_changed)
        page = ScrollingPage()
        page.body.setSpacing(SPACE_3)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.greeting)
        head.addWidget(self.summary)
        page.body.addLayout(head)
        page.body.addWidget(self.hint)
        row = QHBoxLayout()
        row.setSpacing(SPACE_3)
        for cards in ((self.mine, self.running), (self.next_event, self.sign_offs, self.late)):
            column = QVBoxLayout()
            column.setSpacing(SPACE_3)
            for card in cards:
                column.addWidget(card)
            column.addStretch(1)
            row.addLayout(column, 1)
        page.body.addLayout(row, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page)

    @classmethod
    def title(cls) -> str:
        """Return the page's name."""
        return _("My day")

    def reload(self) -> None:
        """Fetch the day anew."""
        session = self.context.session
        view = today_view(session)
        names = people.person_names(session) if view.late else {}
        self._show_head(view)
        self.mine.show_lines(tuple(_task_line(due, "") for due in view.due))
        self.late.show_lines(tuple(_task_line(due, _owner(due, names)) for due in view.late))
        self.sign_offs.show_lines(tuple(sign_off_line(one) for one in view.sign_offs))
        self.next_event.show_event(view.event, view.running)
        self.running.show_lines(
            tuple(
                Line(
                    row.project.id,
                    row.project.name,
                    " · ".join(part for part in (row.stage_name, key_date_text(row.project)) if part),
                    kind_label(row.project.kind),
                    KIND_TONES[row.project.kind],
                    row.progress_bp,
                )
                for row in view.running
            )
        )

    def _show_head(self, view: TodayView) -> None:
        session = self.context.session
        hour = session.local_now().hour
        hello = _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
        actor = session.actor
        self.greeting.setText(_("{hello}, {name}").format(hello=hello, name=actor.name) if actor else hello)
        parts = [date_long(session.today())]
        due = sum(1 for one in view.due if not one.late)
        if due:
            parts.append(ngettext("{count} task due", "{count} tasks due", due).format(count=due))
        if view.sign_offs:
            count = len(view.sign_offs)
            parts.append(
                ngettext("{count} sign-off waits for you", "{count} sign-offs wait for you", count).format(count=count)
            )
        mine_late = sum(1 for one in view.due if one.late)
        if mine_late:
            parts.append(
                ngettext("{count} of yours is late", "{count} of yours are late", mine_late).format(count=mine_late)
            )
        self.summary.setText(" · ".join(parts))
        self.hint.show_message(
            "" if actor else _("Choose who you are at the bottom left: then this page shows your tasks and sign-offs."),
            Tone.ACCENT,
        )

    @Slot(object)
    def _on_actor_changed(self, _person: object) -> None:
        self.reload()

    @Slot(object)
    def _on_task_chosen(self, key: tuple[EntityId, EntityId]) -> None:
        self.context.page_requested.emit("gantt", key)

    @Slot(object)
    def _on_sign_off_chosen(self, key: tuple[EntityId, EntityId]) -> None:
        self.context.page_requested.emit("review", key)

    @Slot(object)
    def _on_project_chosen_here(self, project_id: EntityId) -> None:
        self.context.page_requested.emit("overview", project_id)


class EventCard(Card):
    """The event that comes next, with the days left and how far its plan is."""

    def __init__(self, context: AppContext) -> None:
        self._chip = Chip("", Tone.EVENT)
        super().__init__(_("Next event"), chip=self._chip)
        self._context = context
        self._event: NextEvent | None = None
        self.days = PlainLabel("", size=28, bold=True, tabular=True)
        self.name = PlainLabel("", bold=True, elide=Elide.END, size=14)
        self.details = muted_label("", wrap=True)
        self.bar = ProgressBar(0)
        self.open = link_button(_("Open the project"), self._open)
        row = QHBoxLayout()
        row.setSpacing(SPACE_4)
        row.addWidget(self.days)
        texts = QVBoxLayout()
        texts.setSpacing(3)
        texts.addWidget(self.name)
        texts.addWidget(self.details)
        row.addLayout(texts, 1)
        self.body.addLayout(row)
        self.body.addWidget(self.bar)
        bottom = QHBoxLayout()
        self.note = muted_label("")
        bottom.addWidget(self.note, 1)
        bottom.addWidget(self.open)
        self.body.addLayout(bottom)

    def show_event(self, event: NextEvent | None, rows: tuple[RunningProject, ...]) -> None:
        """Show an event, or that there is none."""
        self._event = event
        for widget in (self.days, self.bar, self.open, self._chip):
            widget.setVisible(event is not None)
        if event is None:
            self.name.setText(_("No event is planned."))
            self.details.setText(_("Ctrl+N makes a project with an event day."))
            self.note.setText("")
            return
        project = event.project
        self._chip.set_text(kind_label(project.kind))
        self.days.setText(_("today") if event.days_left == 0 else _("{count} d").format(count=event.days_left))
        self.days.setAccessibleName(
            ngettext("{count} day left", "{count} days left", event.days_left).format(count=event.days_left)
        )
        self.name.setText(project.name)
        self.details.setText(" · ".join(part for part in (date_long(project.key_on), project.venue) if part))
        for row in rows:
            if row.project.id == project.id:
                self.bar.set_basis_points(row.progress_bp)
                done = _("{percent} of the work done").format(percent=percent_text(row.progress_bp, 0))
                late = ngettext("{count} task late", "{count} tasks late", row.late_tasks).format(count=row.late_tasks)
                self.note.setText(f"{done} · {late}" if row.late_tasks else done)

    def _open(self) -> None:
        if self._event is not None:
            self._context.page_requested.emit("overview", self._event.project.id)


def _owner(due: DueTask, names: dict[EntityId, str]) -> str:
    return names.get(due.task.owner_id, "") if due.task.owner_id else due.task.owner_text


def _task_line(due: DueTask, owner: str) -> Line:
    left = due.days_left
    if left < 0:
        chip, tone = ngettext("{count} day late", "{count} days late", -left).format(count=-left), Tone.BAD
    elif left == 0:
        chip, tone = _("today"), Tone.WARN
    else:
        chip, tone = date_short(due.due), Tone.WARN if left <= 2 else Tone.NEUTRAL
    details = " · ".join(part for part in (due.project.name, owner) if part)
    return Line((due.project.id, due.task.id), due.task.name, details, chip, tone, due.task.progress)


def sign_off_line(one: TodaySignOff, person: str = "") -> Line:
    """Return a row for a sign-off that waits."""
    since = local_time(one.since_ms)
    details = _("Version {number} · {project}").format(number=one.version_number, project=one.project.name)
    if since is not None:
        details += " · " + _("since {time}").format(time=f"{since:%m-%d %H:%M}")
    due = local_time(one.due_ms)
    chip = _("by {date}").format(date=f"{due:%m-%d}") if due else _("To sign")
    title = f"{person} · {one.document_title}" if person else one.document_title
    return Line((one.project.id, one.seat_id), title, details, chip, Tone.WARN, None, person)

"""The card beside the table: the ring of the categories and a slider with a lock for each."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.budget import LineLock
from qihua_desktop.domain.chart_scene import Slice, ring_scene
from qihua_desktop.domain.formatting import money_short, money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _
from qihua_desktop.services.budget_view import BudgetView, LineView
from ui.common.icons import set_icon
from ui.common.painter import SceneWidget
from ui.common.theme import SPACE_2
from ui.common.widgets import Card, Chip, Elide, PlainLabel, Tone, icon_button, muted_label, set_tool_tip

from .columns import line_role, lock_icon, lock_sentence, share_text
from .share_slider import ShareSlider

_DIAMETER = 148.0
_SMALL_DIAMETER = 112.0
_NAME_LEAST, _NAME_MOST = 60, 104


class ShareRow(QWidget):
    """One category: name, slider, share, lock."""

    def __init__(self, card: ShareCard, line_id: EntityId) -> None:
        super().__init__()
        self.line_id = line_id
        self.name = PlainLabel("", elide=Elide.END)
        self.slider = ShareSlider(Role.ACCENT)
        self.share = PlainLabel("", tabular=True)
        self.share.setFixedWidth(52)
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.lock = icon_button("lock-open", _("Lock"), self._on_lock)
        self.lock.setFixedSize(24, 24)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(self.name)
        row.addWidget(self.slider, 1)
        row.addWidget(self.share)
        row.addWidget(self.lock)
        self._card = card
        self.slider.share_previewed.connect(lambda share: card.share_previewed.emit(line_id, share))
        self.slider.share_settled.connect(lambda share: card.share_settled.emit(line_id, share))
        self.slider.share_cancelled.connect(card.share_cancelled)

    def show_line(self, row: LineView, number: int, *, editable: bool) -> None:
        """Show a category."""
        line = row.line
        self.name.setText(line.name)
        set_tool_tip(self.name, f"{line.name[:300]}\n{money_text(line.amount)}")
        self.slider.set_role(line_role(row, number))
        self.slider.show_share(row.share)
        self.slider.setAccessibleName(_("Share of “{name}”").format(name=line.name[:80]))
        free = line.lock is LineLock.FREE
        self.slider.setEnabled(editable and free)
        set_tool_tip(self.slider, "" if free else lock_sentence(line.lock))
        self.share.setText(share_text(row.share))
        set_icon(self.lock, lock_icon(line.lock), Role.FAINT if free else Role.TEXT_SOFT)
        self.lock.setAccessibleName(_("Lock of “{name}”").format(name=line.name[:80]))
        set_tool_tip(self.lock, lock_sentence(line.lock))
        self.lock.setEnabled(editable)

    def _on_lock(self) -> None:
        self._card.lock_clicked.emit(self.line_id, self.lock.mapToGlobal(self.lock.rect().bottomLeft()))


class ShareCard(Card):
    """Ring and sliders.

    Signals:
        share_previewed(object, int), share_settled(object, int): a slider moved, or came to rest.
        share_cancelled(): a movement was taken back.
        lock_clicked(object, QPoint): a lock was pressed, and where a menu goes.
        line_chosen(object): a part of the ring was clicked.
    """

    share_previewed = Signal(object, int)
    share_settled = Signal(object, int)
    share_cancelled = Signal()
    lock_clicked = Signal(object, QPoint)
    line_chosen = Signal(object)

    def __init__(self) -> None:
        hint = Chip(_("Change one; the free ones share the rest"), Tone.ACCENT)
        super().__init__(_("Shares"), chip=hint)
        self.rows: dict[EntityId, ShareRow] = {}
        self._scale = 10_000
        self.ring = SceneWidget(accessible_name=_("Shares of the categories"))
        self._diameter = _DIAMETER
        self.ring.setFixedHeight(int(_DIAMETER) + 8)
        self.ring.object_clicked.connect(self._on_ring_clicked)
        self.empty = muted_label(_("Shares appear here once there are categories."), wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self.add(self.ring)
        self.add(self.empty)
        self.body.addLayout(self._list)
        self.note = PlainLabel("", role=Role.TEXT_SOFT, tabular=True, wrap=True)
        self.note.hide()
        self.add(self.note)

    def show_note(self, text: str) -> None:
        """Show a sentence under the shares, such as the cost per guest."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def set_small(self, *, small: bool) -> None:
        """Draw a smaller ring where the window is low; it is drawn anew with the next figures."""
        self._diameter = _SMALL_DIAMETER if small else _DIAMETER
        self.ring.setFixedHeight(int(self._diameter) + 8)

    @property
    def is_small(self) -> bool:
        """Whether the ring is the smaller one."""
        return self._diameter == _SMALL_DIAMETER

    def show_view(self, view: BudgetView, *, editable: bool) -> None:
        """Show a budget, stored or previewed; a slider that is being moved keeps the focus."""
        slices = [
            Slice(row.line.id.hex(), row.line.name[:80], max(0, row.line.amount), money_text(row.line.amount),
                  line_role(row, number), share_text(row.share))
            for number, row in enumerate(view.categories)
        ]  # fmt: skip
        if view.unallocated > 0 and slices:
            slices.append(Slice("", _("Unallocated"), view.unallocated, money_text(view.unallocated), Role.TRACK))
        total = view.budget.total
        self.ring.show_scene(
            ring_scene(
                slices,
                diameter=self._diameter,
                centre=money_short(total),
                caption=_("Total") if self.is_small else _("Budget total"),
                thickness=self._diameter * 0.176,
            )
        )
        spoken = "; ".join(f"{one.label} {one.share_text}" for one in slices[:20])
        self.ring.setAccessibleDescription(spoken)
        self._match_rows([row.line.id for row in view.categories])
        if self.row_in_motion() is None:
            self._scale = scale_of(row.share for row in view.categories)
        for number, row in enumerate(view.categories):
            self.rows[row.line.id].slider.set_scale(self._scale)
            self.rows[row.line.id].show_line(row, number, editable=editable)
        self._align_names()
        self.empty.setVisible(not view.categories)

    def _align_names(self) -> None:
        names = [row.name for row in self.rows.values()]
        wanted = max((name.fontMetrics().horizontalAdvance(name.full_text()[:40]) for name in names), default=0) + 4
        for name in names:
            name.setFixedWidth(max(_NAME_LEAST, min(_NAME_MOST, wanted)))

    def row_in_motion(self) -> ShareRow | None:
        """Return the row whose slider is being moved."""
        return next((row for row in self.rows.values() if row.slider.is_moving), None)

    def _match_rows(self, ids: list[EntityId]) -> None:
        for line_id in [one for one in self.rows if one not in ids]:
            gone = self.rows.pop(line_id)
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for at, line_id in enumerate(ids):
            row = self.rows.get(line_id)
            if row is None:
                row = self.rows[line_id] = ShareRow(self, line_id)
                self._list.insertWidget(at, row)
            elif self._list.indexOf(row) != at:
                self._list.removeWidget(row)
                self._list.insertWidget(at, row)
        self.rows = {line_id: self.rows[line_id] for line_id in ids}

    @Slot(str)
    def _on_ring_clicked(self, key: str) -> None:
        if key:
            self.line_chosen.emit(EntityId(bytes.fromhex(key)))


def scale_of(shares: Iterable[int]) -> int:
    """Return what the right end of the sliders stands for: half of the total while no category comes near it."""
    return 5_000 if max(shares, default=0) <= 4_000 else 10_000

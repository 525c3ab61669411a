"""Under the rows: the total with its 大写 form, in line with the columns, and the bar of what is allocated."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from qihua_desktop.domain.formatting import money_text, percent_text
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _
from qihua_desktop.services.budget_view import BudgetView
from qihua_desktop.services.execution import ExecutionView
from ui.common.fields import MoneyEdit
from ui.common.layouts import show_in_place
from ui.common.theme import SPACE_3, theme
from ui.common.widgets import Chip, Elide, PlainLabel, Tone, button, set_tool_tip

from .columns import line_role, share_text
from .deviation_card import rate_text
from .table import BudgetTree

_HEIGHT = 36


class TotalRow(QWidget):
    """The last row of the table; it does not scroll away.

    Signals:
        total_entered(object): another total was typed, in fen.
    """

    total_entered = Signal(object)

    def __init__(self, tree: BudgetTree) -> None:
        super().__init__()
        self._tree = tree
        self.setFixedHeight(_HEIGHT)
        self.name = PlainLabel(_("Total"), bold=True)
        self.capital = PlainLabel("", role=Role.MUTED, elide=Elide.END)
        self.share = PlainLabel("", bold=True, tabular=True)
        self.share.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.total = MoneyEdit(required=True)
        self.total.setFont(theme().font(bold=True, tabular=True))
        self.total.setAccessibleName(_("Budget total"))
        set_tool_tip(self.total, _("Budget total; free rows follow when it changes"))
        self.total.fen_changed.connect(self.total_entered)
        self.committed = PlainLabel("", bold=True, tabular=True)
        self.actual = PlainLabel("", bold=True, tabular=True)
        for figure in (self.committed, self.actual):
            figure.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.estimate = Chip(bold=True)
        for child in (self.name, self.capital, self.share, self.total, self.committed, self.actual, self.estimate):
            child.setParent(self)
        tree.laid_out.connect(self.place)

    def show_view(self, view: BudgetView) -> None:
        """Show a budget's total; what is being typed stays."""
        if not (self.total.hasFocus() and self.total.isModified()):
            self.total.set_fen(view.budget.total)
        self.capital.setText(view.capital)
        set_tool_tip(self.capital, view.capital)
        whole = view.budget.total
        self.share.setText(share_text(view.allocated * 10_000 // whole) if whole else "—")
        self.share.set_role(Role.TEXT if view.unallocated == 0 else Role.BAD if view.unallocated < 0 else Role.WARN)

    def show_execution(self, found: ExecutionView | None) -> None:
        """Show what is bound and spent in all, and the estimate at completion."""
        if found is None:
            return
        total = found.total
        self.committed.setText(money_text(total.open_commitment + total.actual))
        self.actual.setText(money_text(total.actual))
        if not total.effective and not total.eac:
            self.estimate.set_text("")
            self.place()
            return
        rate = rate_text(total.rate_bp)
        self.estimate.set_text(_("EAC {rate}").format(rate=rate))
        self.estimate.set_tone(Tone.BAD if total.beyond else Tone.WARN if total.deviation > 0 else Tone.OK)
        words = _("Estimate at completion {eac}, {rate} of the budget").format(eac=money_text(total.eac), rate=rate)
        set_tool_tip(self.estimate, words)
        self.estimate.setAccessibleName(words)
        self.place()

    def set_editable(self, *, editable: bool) -> None:
        """Allow or forbid changing the total."""
        self.total.setReadOnly(not editable)

    @Slot()
    def place(self) -> None:
        """Stand under the columns."""
        if self._tree.isHidden():
            self._place_alone()
            return
        header = self._tree.header()

        def left(key: str) -> int:
            return header.sectionViewportPosition(self._tree.column_of(key))

        def width(key: str) -> int:
            return self._tree.columnWidth(self._tree.column_of(key))

        def is_hidden(key: str) -> bool:
            return self._tree.isColumnHidden(self._tree.column_of(key))

        amount = max(130, width("amount")) if not is_hidden("amount") else 130
        amount_left = left("amount") + width("amount") - amount if not is_hidden("amount") else self.width() - 150
        share_left = left("share") if not is_hidden("share") else amount_left - 76
        share_left = min(share_left, amount_left - 60)
        capital_left = left("name") + 60
        self.name.setGeometry(left("name") + 18, 0, 80, _HEIGHT)
        self.capital.setGeometry(capital_left + 8, 0, max(0, share_left - capital_left - 8), _HEIGHT)
        self.share.setGeometry(share_left, 0, amount_left - share_left - 4, _HEIGHT)
        self.total.setGeometry(amount_left + 4, 4, amount, _HEIGHT - 8)
        for key, figure in (("committed", self.committed), ("actual", self.actual)):
            figure.setVisible(not is_hidden(key))
            figure.setGeometry(left(key), 0, width(key) - 8, _HEIGHT)
        self.estimate.setVisible(not is_hidden("used") and bool(self.estimate.chip_text()))
        hint = self.estimate.sizeHint()
        self.estimate.setGeometry(left("used") + 6, (_HEIGHT - hint.height()) // 2, hint.width(), hint.height())

    def _place_alone(self) -> None:
        """Stand by itself while there is no table."""
        for figure in (self.committed, self.actual, self.estimate):
            figure.hide()
        right = self.width() - 150
        self.name.setGeometry(20, 0, 80, _HEIGHT)
        self.capital.setGeometry(100, 0, max(0, right - 180), _HEIGHT)
        self.share.setGeometry(right - 80, 0, 72, _HEIGHT)
        self.total.setGeometry(right, 4, 140, _HEIGHT - 8)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.place()

    def sizeHint(self) -> QSize:
        return QSize(300, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme().color(Role.SUNKEN))
        painter.setPen(theme().color(Role.LINE))
        painter.drawLine(0, 0, self.width(), 0)
        painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)


class AllocationBar(QWidget):
    """What every category takes of the total, and what is left; over the total the end is red."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: tuple[tuple[Role, float], ...] = ()
        self._over = 0.0
        self.setFixedHeight(8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("Allocated"))

    def show_view(self, view: BudgetView) -> None:
        """Show a budget."""
        whole = max(view.budget.total, view.allocated, 1)
        self._parts = tuple(
            (line_role(row, number), row.line.amount / whole) for number, row in enumerate(view.categories)
        )
        self._over = max(0, -view.unallocated) / whole
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(area, 4, 4)
        painter.setClipPath(path)
        painter.fillRect(area, theme().color(Role.TRACK))
        x = 0.0
        for role, share in self._parts:
            width = area.width() * share
            painter.fillRect(QRectF(x, 0, width - min(1.0, width / 4), area.height()), theme().color(role))
            x += width
        if self._over:
            width = max(4.0, area.width() * self._over)
            painter.fillRect(QRectF(area.width() - width, 0, width, area.height()), theme().color(Role.BAD))


class AllocationLine(QWidget):
    """The bar with its figures and the button that spreads what is left."""

    def __init__(self, spread: Callable[[], object], take_sum: Callable[[], object]) -> None:
        super().__init__()
        self._may_show_taxes = True
        self.bar = AllocationBar()
        self.bar.setMinimumWidth(60)
        self.words = PlainLabel("", role=Role.TEXT_SOFT, tabular=True)
        self.chip = Chip()
        self.button = button(_("Spread the rest"), spread)
        self.sum_button = button(_("Take the sum as total"), take_sum)
        set_tool_tip(self.button, _("Share it out over the free categories; the total stays") + "  Ctrl+Shift+D")
        set_tool_tip(self.sum_button, _("The total becomes what the categories add up to; only locked shares follow"))
        self.taxes = PlainLabel("", role=Role.MUTED, tabular=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 10, 16, 10)
        row.setSpacing(SPACE_3)
        row.addWidget(self.bar, 1)
        row.addWidget(self.words)
        row.addWidget(self.chip, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button)
        row.addWidget(self.sum_button)
        row.addSpacing(SPACE_3)
        row.addWidget(self.taxes)
        self.taxes.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setMinimumHeight(50)

    def show_view(self, view: BudgetView, *, editable: bool) -> None:
        """Show a budget."""
        self.bar.show_view(view)
        left, whole = view.unallocated, view.budget.total
        share = percent_text(view.allocated * 10_000 // whole) if whole else "—"
        self.words.setText(_("Allocated {amount} ({share})").format(amount=money_text(view.allocated), share=share))
        if not whole and not view.allocated:
            self.chip.set_text(_("No total yet"))
            self.chip.set_tone(Tone.NEUTRAL)
        elif left == 0:
            self.chip.set_text(_("Fully allocated"))
            self.chip.set_tone(Tone.OK)
        elif left > 0:
            self.chip.set_text(_("Unallocated {amount}").format(amount=money_text(left)))
            self.chip.set_tone(Tone.WARN)
        else:
            self.chip.set_text(_("Over by {amount}").format(amount=money_text(-left)))
            self.chip.set_tone(Tone.BAD)
        for one in (self.button, self.sum_button):
            show_in_place(one, visible=left != 0 and bool(view.lines) and editable)
        self._may_show_taxes = left == 0
        self._fit()
        words = _("Net {net} · tax {tax}").format(net=money_text(view.net), tax=money_text(view.allocated - view.net))
        self.taxes.setText(words)
        set_tool_tip(self.taxes, words)
        self.bar.setAccessibleDescription(f"{self.words.full_text()} {self.chip.chip_text()}")

    def _fit(self) -> None:
        """Leave the taxes out where they would squeeze what matters more."""
        wanted = sum(one.sizeHint().width() for one in (self.words, self.chip, self.taxes)) + 180
        show_in_place(self.taxes, visible=self._may_show_taxes and self.width() > wanted)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

"""One of the two lists of the page: its widgets for the page's toolbar, its content, what it shows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QSplitter, QStackedLayout, QVBoxLayout, QWidget

from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.parsing import parse_tsv
from qihua_desktop.i18n import _
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.layouts import SplitterMemory
from ui.common.widgets import EmptyState, SearchField, muted_label


class Pane(QWidget):
    """A list with what belongs to its selected row; an empty state while there is nothing at all.

    Signals:
        state_changed(): what can be done with the selection may be other than before.
    """

    state_changed = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.context = context
        self.editable = not context.session.workspace.read_only
        self.search = SearchField(self.search_words())
        self.search.setFixedWidth(170)
        self.inactive = QCheckBox(_("Inactive too"))
        self.inactive.toggled.connect(lambda _on: self.reload())
        self.filter = QComboBox()
        self.filter.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.filter.setMaximumWidth(170)
        self.count = muted_label()
        self.stack = QStackedLayout(self)

    def search_words(self) -> str:
        """Return what stands in the empty search field."""
        raise NotImplementedError

    def reload(self) -> None:
        """Fetch everything shown anew."""
        raise NotImplementedError

    def reveal(self, row_id: bytes) -> bool:
        """Select a row; returns whether it belongs here."""
        raise NotImplementedError

    def paste_rows(self, rows: Sequence[Sequence[str]]) -> None:
        """Take rows of a spreadsheet over."""
        raise NotImplementedError

    def paste(self) -> None:
        """Take over what a spreadsheet put on the clipboard."""
        try:
            rows = parse_tsv(QGuiApplication.clipboard().text())
        except InputError as error:
            dialogs.show_error(self, error)
            return
        self.paste_rows(rows)

    def build(self, splitter: QSplitter, empty: EmptyState, key: str, sizes: Sequence[int]) -> None:
        """Lay the parts out; sizes are kept per user under a key."""
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        splitter.setSizes(list(sizes))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(20, 16, 20, 16)
        column.addWidget(splitter)
        self.stack.addWidget(holder)
        self.stack.addWidget(empty)
        self._memory = SplitterMemory(splitter, key, self.context.view_state)

    def fill_filter(self, first: str, values: Sequence[str]) -> None:
        """Offer values to filter by, keeping the one chosen."""
        chosen = self.filter_value()
        wanted = sorted({value for value in values if value})
        if wanted == getattr(self, "_offered", None):
            return
        self._offered = wanted
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.addItem(first)
        self.filter.addItems([" ".join(one[:60].split()) for one in wanted])
        self.filter.setCurrentIndex(wanted.index(chosen) + 1 if chosen in wanted else 0)
        self.filter.blockSignals(False)

    def filter_value(self) -> str | None:
        """Return the value filtered by, None for all."""
        at = self.filter.currentIndex() - 1
        offered: list[str] = getattr(self, "_offered", [])
        return offered[at] if 0 <= at < len(offered) else None

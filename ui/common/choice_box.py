"""A combo box over values of the domain; Qt's own item data turns ids into other types."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

_WIDEST = 240


class ChoiceBox(QComboBox):
    """Chooses one of several values."""

    def __init__(self) -> None:
        super().__init__()
        self._values: list[Any] = []

    def add(self, text: str, value: Any) -> None:
        """Offer a value."""
        self._values.append(value)
        self.addItem(" ".join(text[:200].split()))

    def add_indented(self, text: str, value: Any) -> None:
        """Offer a value whose text begins with the spaces that show its level."""
        level = len(text) - len(text.lstrip("　"))
        self._values.append(value)
        self.addItem("　" * level + " ".join(text[level : level + 200].split()))

    def value(self) -> Any:
        """Return the value chosen, None when there is none."""
        return self._values[self.currentIndex()] if self.currentIndex() >= 0 else None

    def select(self, value: Any) -> None:
        """Choose a value; an unknown one chooses the first."""
        self.setCurrentIndex(self._values.index(value) if value in self._values else 0)

    def values(self) -> tuple[Any, ...]:
        """Return what is offered."""
        return tuple(self._values)

    def keep_first(self) -> None:
        """Take back every offer but the first."""
        del self._values[1:]
        while self.count() > 1:
            self.removeItem(1)

    def clear_choices(self) -> None:
        """Take back every offer."""
        self._values.clear()
        self.clear()

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        return QSize(min(hint.width(), _WIDEST), hint.height())

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _WIDEST), hint.height())


def at_left(widget: QWidget) -> QWidget:
    """Return a holder in which a widget keeps its own width."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(widget)
    row.addStretch(1)
    holder.setFocusProxy(widget)
    return holder

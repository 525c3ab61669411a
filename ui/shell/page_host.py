"""Shows one page at a time; a page is made when it is first shown and sleeps while another is seen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from ui.common.context import AppContext
from ui.common.page import Page

from .registry import PageRegistry


class PageHost(QStackedWidget):
    """The area of the pages.

    Signals:
        page_shown(str): another page came to the front.
    """

    page_shown = Signal(str)

    def __init__(self, context: AppContext, registry: PageRegistry, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._registry = registry
        self._pages: dict[str, Page] = {}
        self.current_key = ""

    def page(self, key: str) -> Page:
        """Return a page, made now if it was not shown yet."""
        if key not in self._pages:
            page = self._registry.get(key).load()(self._context)
            page.setAccessibleName(self._registry.get(key).title)
            self._pages[key] = page
            self.addWidget(page)
            page.reload()
        return self._pages[key]

    def made(self) -> tuple[str, ...]:
        """Return the keys of the pages that exist so far."""
        return tuple(self._pages)

    def show_page(self, key: str) -> Page:
        """Bring a page to the front."""
        page = self.page(key)
        if key != self.current_key:
            for other in self._pages.values():
                other.set_dormant(dormant=other is not page)
            self.setCurrentWidget(page)
            page.setFocus()
            self.current_key = key
            self.page_shown.emit(key)
        return page

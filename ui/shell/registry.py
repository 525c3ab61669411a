"""Which pages there are and where they stand in the navigation; the classes are imported when first shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from qihua_desktop.i18n import N_, _
from ui.common.page import Page


class Section(StrEnum):
    """The three groups of the navigation."""

    WORKBENCH = "workbench"
    PROJECT = "project"
    DEPARTMENT = "department"


_SECTIONS = {
    Section.WORKBENCH: N_("Workbench"),
    Section.PROJECT: N_("Current project"),
    Section.DEPARTMENT: N_("Department"),
}


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One page: its key, place, name (an untranslated msgid), icon, shortcut, and how its class is imported."""

    key: str
    section: Section
    name: str
    icon: str
    shortcut: str
    load: Callable[[], type[Page]]

    @property
    def title(self) -> str:
        """The page's name in the user's language."""
        return _(self.name)

    @property
    def per_project(self) -> bool:
        """Whether the page shows the current project."""
        return self.section is Section.PROJECT


class PageRegistry:
    """The pages in the order of the navigation."""

    def __init__(self, pages: Sequence[PageSpec]) -> None:
        self._pages = {page.key: page for page in pages}

    def __iter__(self):
        return iter(self._pages.values())

    def __contains__(self, key: object) -> bool:
        return key in self._pages

    def get(self, key: str) -> PageSpec:
        """Return a page. Raises LookupError for a key that is none."""
        return self._pages[key]

    def of(self, section: Section) -> tuple[PageSpec, ...]:
        """Return a group's pages."""
        return tuple(page for page in self._pages.values() if page.section is section)


def section_label(section: Section) -> str:
    """Return the group's name in the user's language."""
    return _(_SECTIONS[section])

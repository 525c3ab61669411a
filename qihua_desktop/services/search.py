"""Search over everything by part of a name, in Chinese, pinyin or pinyin initials; kept in memory, never stored."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from db import tables
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _

from .history_words import table_label
from .session import Session

_PAGES = {
    "project": "overview",
    "task": "gantt",
    "budget_line": "budget",
    "plan_section": "review",
    "review_comment": "review",
    "risk": "overview",
    "project_document": "overview",
    "survey": "survey",
    "question": "survey",
    "person": "people",
    "strategy": "strategy",
    "programme": "strategy",
    "template": "templates",
    "attachment": "overview",
    "contract": "budget",
    "voucher": "budget",
    "expense_claim": "budget",
    "supplier": "suppliers",
    "stock_item": "suppliers",
    "annual_pool": "annual",
}
_TEXTS = {
    "plan_section": ("title", "body"),
    "risk": ("name", "trigger", "contingency"),
    "task": ("name", "notes"),
    "contract": ("number", "title", "notes"),
    "voucher": ("number", "code", "seller_name", "item", "purpose"),
    "expense_claim": ("number", "claimant", "purpose"),
    "supplier": ("name", "tax_id", "category", "contact", "phone"),
    "stock_item": ("name", "spec", "location"),
}
_BODY = 2_000
_BETWEEN_LOOKS = 200
_REMEMBERED = 50_000


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Something found: where it is (page, project, row) and what to call it."""

    title: str
    subtitle: str
    page_key: str
    project_id: EntityId | None
    row_id: EntityId
    table: str


@dataclass(frozen=True, slots=True)
class _Entry:
    hit: SearchHit
    title: str
    body: str
    initials: tuple[str, ...]
    pinyin: tuple[str, ...]


class SearchIndex:
    """Names of everything in a workspace with their pinyin.

    ``prepare`` reads the whole workspace and computes pinyin; windows call ``indexed`` in a background job. Readings
    are remembered by text, so preparing again after a change is quick.
    """

    def __init__(self) -> None:
        self._entries: list[_Entry] = []

    def prepare(self, session: Session, going_on: Callable[[], object] = bool) -> None:
        """Read everything anew; ``going_on`` is called now and then and may raise to end it."""
        workspace = session.workspace
        projects = {project.id: project.name for project in tables.projects.all(workspace)}
        entries: list[_Entry] = []
        for table in tables.ALL:
            page = _PAGES.get(table.name)
            if page is None:
                continue
            for number, row in enumerate(table.all(workspace)):
                if number % _BETWEEN_LOOKS == 0:
                    going_on()
                entries.append(self._entry(table.name, table.label, page, row, projects))
        self._entries = entries

    def search(self, query: str, limit: int = 50) -> tuple[SearchHit, ...]:
        """Return hits, best first: whole name, beginning, inside, pinyin initials, full pinyin, body."""
        wanted = _fold(query)
        if not wanted:
            return ()
        parts = wanted.split()
        ranked: list[tuple[int, int, int, SearchHit]] = []
        for at, entry in enumerate(self._entries):
            ranks = [_rank(entry, part) for part in parts]
            if all(rank is not None for rank in ranks):
                worst = max(rank for rank in ranks if rank is not None)
                ranked.append((worst, len(entry.title), at, entry.hit))
        ranked.sort(key=lambda one: one[:3])
        return tuple(hit for _rank_, _length, _at, hit in ranked[:limit])

    def _entry(self, table: str, label: str, page: str, row: Any, projects: dict[EntityId, str]) -> _Entry:
        identifier = row.id
        title = str(getattr(row, label))
        if table == "voucher":
            title = f"{row.number} {row.seller_name}".strip() or table_label(table)
        owner = identifier if table == "project" else getattr(row, "project_id", None)
        place = projects.get(owner, "") if owner is not None and table != "project" else ""
        subtitle = " · ".join(part for part in (table_label(table), place) if part)
        if table == "project":
            subtitle = f"{table_label(table)} · {row.number}"
        texts = _TEXTS.get(table, ())
        content = _fold(" ".join(str(getattr(row, name))[:_BODY] for name in texts if name != label))
        if table == "project":
            content = _fold(str(row.number) + " " + str(row.goal)[:_BODY])
        initials, pinyin = _readings(title[:100])
        hit = SearchHit(title, subtitle, page, owner, identifier, table)
        return _Entry(hit, _fold(title), content, initials, pinyin)


def indexed(session: Session, going_on: Callable[[], object] = bool) -> SearchIndex:
    """Return an index of everything, read through a connection of its own: for any thread."""
    sibling = session.workspace.sibling()
    try:
        index = SearchIndex()
        index.prepare(Session(sibling, session.actor, session.local_now), going_on)
        return index
    finally:
        sibling.close()


def pinyin_keys(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the pinyin initials and the full pinyin of a text, every reading of ambiguous characters up to a limit."""
    return _readings(text)


@lru_cache(maxsize=_REMEMBERED)
def _readings(title: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    folded = _fold(title)
    if folded.isascii():
        return ((), ())
    from pypinyin import Style, lazy_pinyin, pinyin

    usual = lazy_pinyin(folded)
    full = "".join(usual)
    first = "".join(syllable[:1] for syllable in usual if syllable.strip())
    choices = pinyin(folded[:12], style=Style.FIRST_LETTER, heteronym=True, errors=cast(Any, list))
    variants = {""}
    for options in choices:
        if len(variants) > 16:
            break
        letters = sorted({option[:1] for option in options if option.strip()}) or [""]
        variants = {head + letter for head in variants for letter in letters}
    return (tuple(sorted({first, *variants} - {""})), (full.replace(" ", ""),))


def _rank(entry: _Entry, part: str) -> int | None:
    if entry.title == part:
        return 0
    if entry.title.startswith(part):
        return 1
    if part in entry.title:
        return 2
    if part.isascii():
        if any(initials.startswith(part) for initials in entry.initials):
            return 3
        if any(part in initials for initials in entry.initials):
            return 4
        if any(part in full for full in entry.pinyin):
            return 5
    return 6 if part in entry.body else None


def _fold(value: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", value).casefold().split())


def page_label(page_key: str) -> str:
    """Return the name of the page a hit leads to."""
    return {
        "overview": _("Overview"),
        "gantt": _("Gantt"),
        "budget": _("Budget"),
        "review": _("Review"),
        "survey": _("Survey"),
        "people": _("People"),
        "strategy": _("Strategy"),
        "templates": _("Templates"),
        "suppliers": _("Suppliers, stock"),
        "annual": _("Annual budgets"),
    }.get(page_key, page_key)

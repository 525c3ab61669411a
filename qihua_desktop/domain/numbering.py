"""Numbers printed for people: document numbers of projects and outline (WBS) numbers of tasks."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .ids import EntityId
from .tree import TreeRow, outline

_DOCUMENT_NUMBER = re.compile(r"QH-(\d{4})-(\d{4,9})")


def document_number(year: int, sequence: int) -> str:
    """Return QH-YYYY-NNNN; the running number grows wider after 9999. Raises ValueError when out of range."""
    if not 1 <= year <= 9999 or not 1 <= sequence <= 999_999_999:
        raise ValueError(f"no document number for {year}/{sequence}")
    return f"QH-{year:04d}-{sequence:04d}"


def read_document_number(text: str) -> tuple[int, int] | None:
    """Return year and running number of a document number, None for any other text."""
    match = _DOCUMENT_NUMBER.fullmatch(text.strip().upper())
    return (int(match[1]), int(match[2])) if match and match[1].isascii() and match[2].isascii() else None


def next_document_number(year: int, existing: Iterable[str]) -> str:
    """Return the number after the largest one of the year; freed numbers are never given twice while a later exists."""
    used = [number for number in map(read_document_number, existing) if number and number[0] == year]
    return document_number(year, max((sequence for _year, sequence in used), default=0) + 1)


def wbs_numbers(rows: Iterable[TreeRow]) -> dict[EntityId, str]:
    """Return 1, 1.1, 1.2, 2 … by row id, in reading order."""
    numbers: dict[EntityId, str] = {}
    for row in outline(rows):
        prefix = f"{numbers[row.parent_id]}." if row.parent_id is not None else ""
        numbers[row.id] = f"{prefix}{row.position + 1}"
    return numbers

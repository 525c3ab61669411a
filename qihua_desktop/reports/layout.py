"""Blocks that fill pages from top to bottom: the flow keeps headings with what follows and splits what may split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from .canvas import Pen


class Block(Protocol):
    """Something that stands in the text column."""

    @property
    def space_before(self) -> float:
        """Room above, dropped at the top of a page."""
        ...

    @property
    def space_after(self) -> float:
        """Room below; the larger of it and the next block's ``space_before`` counts."""
        ...

    @property
    def keep_with_next(self) -> bool:
        """Whether the block must not be the last on a page."""
        ...

    @property
    def least_height(self) -> float:
        """What of it must fit beside a heading kept with it; 0 means all of it."""
        ...

    def height(self, width: float) -> float:
        """Return the height when set this wide."""
        ...

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Return what fits into the room and the rest, or None where nothing sensible fits."""
        ...

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw with the upper left corner at (x, y)."""
        ...


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and where its top stands on the page."""

    block: Block
    y: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty room."""

    size: float
    space_before: float = 0.0
    space_after: float = 0.0
    keep_with_next: bool = False
    least_height: float = 0.0

    def height(self, width: float) -> float:
        """Return the room asked for."""
        return self.size

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Never split: a gap at a page's end is simply dropped."""
        return None

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw nothing."""


@dataclass(frozen=True, slots=True)
class PageBreak(Gap):
    """Whatever follows begins on a new page."""


@dataclass(frozen=True, slots=True)
class Together:
    """Blocks that stay on one page, unless they are higher than a whole page."""

    blocks: tuple[Block, ...]
    keep_with_next: bool = False
    least_height: float = 0.0

    @property
    def space_before(self) -> float:
        """The first block's room above."""
        return self.blocks[0].space_before if self.blocks else 0.0

    @property
    def space_after(self) -> float:
        """The last block's room below."""
        return self.blocks[-1].space_after if self.blocks else 0.0

    def height(self, width: float) -> float:
        """Return the height of all blocks with the room between them."""
        return sum(space + block.height(width) for space, block in _spaced(self.blocks))

    def split(self, width: float, room: float) -> tuple[Block, Block] | None:
        """Keep it whole."""
        return None

    def draw(self, pen: Pen, x: float, y: float, width: float) -> None:
        """Draw the blocks one below the other."""
        for space, block in _spaced(self.blocks):
            y += space
            block.draw(pen, x, y, width)
            y += block.height(width)


def flow(
    blocks: Sequence[Block], width: float, page_height: float, checkpoint: Callable[[], None] = lambda: None
) -> list[list[Placed]]:
    """Distribute blocks over pages.

    Args:
        blocks: in reading order.
        width: of the text column, in points.
        page_height: of the text column, the same on every page.
        checkpoint: called for every block; raises to stop the work.

    Returns what stands where, page by page; at least one page. A block that is higher than a page and cannot be split
    starts a page and runs over its end, so nothing is ever lost silently by the flow.
    """
    pending = _unpacked(blocks, width, page_height)
    pending.reverse()
    pages: list[list[Placed]] = [[]]
    y = after = 0.0
    while pending:
        checkpoint()
        block = pending.pop()
        page = pages[-1]
        if isinstance(block, PageBreak):
            if page:
                pages.append([])
                y = after = 0.0
            continue
        top = y + (max(after, block.space_before) if page else 0.0)
        room = page_height - top
        height = block.height(width)
        needed = height + _kept_height(block, pending, width)
        if needed <= room + 0.01:
            page.append(Placed(block, top))
            y, after = top + height, block.space_after
            continue
        parts = block.split(width, room)
        if parts is not None:
            page.append(Placed(parts[0], top))
            pending.append(parts[1])
        elif not page:
            page.append(Placed(block, top))
            y, after = top + height, block.space_after
            continue
        else:
            pending.append(block)
        pages.append([])
        y = after = 0.0
    if len(pages) > 1 and not pages[-1]:
        pages.pop()
    return pages


def _kept_height(block: Block, pending: Sequence[Block], width: float) -> float:
    """Return the room that must remain below a block for what it is kept with."""
    total = 0.0
    at = len(pending) - 1
    while block.keep_with_next and at >= 0:
        following = pending[at]
        total += max(block.space_after, following.space_before)
        whole = following.height(width)
        total += min(whole, following.least_height) if following.least_height else whole
        block, at = following, at - 1
    return total


def _unpacked(blocks: Sequence[Block], width: float, page_height: float) -> list[Block]:
    """Open groups that no page can hold."""
    result: list[Block] = []
    for block in blocks:
        if isinstance(block, Together) and block.height(width) > page_height:
            result += _unpacked(block.blocks, width, page_height)
        else:
            result.append(block)
    return result


def _spaced(blocks: Sequence[Block]) -> list[tuple[float, Block]]:
    result: list[tuple[float, Block]] = []
    after = 0.0
    for index, block in enumerate(blocks):
        result.append((max(after, block.space_before) if index else 0.0, block))
        after = block.space_after
    return result

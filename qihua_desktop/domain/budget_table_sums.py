"""What the rows of a budget table add up to: levels without gaps, parents as sums, and where the file differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qihua_desktop.i18n import _

from .budget_paste import PastedLine
from .formatting import money_text
from .tree import subtree_ends


def sum_of(lines: Sequence[PastedLine]) -> int:
    """Return what rows come to: the topmost ones with an amount count, those below them are in it."""
    total = 0
    counted: int | None = None
    for line in lines:
        if counted is not None and line.level > counted:
            continue
        counted = None if line.amount is None else line.level
        total += line.amount or 0
    return total


def settled(
    found: Sequence[PastedLine], subtotals: Sequence[tuple[int, int]]
) -> tuple[tuple[PastedLine, ...], list[str]]:
    """Let levels begin at 0 without gaps, let parents be sums of their children, and say where the file differs.

    What a category has beyond its children is kept as a child of its own: nothing of the file's money is lost.
    """
    lines = _levelled(found)
    notes: list[str] = []
    result: list[PastedLine] = []
    ends = subtree_ends([line.level for line in lines])
    sums: dict[int, int] = {}
    extras: dict[int, list[PastedLine]] = {}
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        children = [child for child in range(at + 1, ends[at]) if lines[child].level == line.level + 1]
        if not children:
            sums[at] = line.amount or 0
            continue
        total = sum(sums[child] for child in children)
        told = line.amount
        if told is not None and any(lines[child].percent is not None for child in children):
            total = told
        elif told is not None and told > total:
            extras.setdefault(ends[at], []).append(PastedLine(_("Not broken down"), line.level + 1, told - total))
            notes.append(
                _("“{name}”: {amount} is not broken down in the file; it became a line of its own.").format(
                    name=line.name, amount=money_text(told - total)
                )
            )
            total = told
        elif told is not None and told < total:
            notes.append(
                _("“{name}”: the file says {told}, its lines add up to {found}; the lines count.").format(
                    name=line.name, told=money_text(told), found=money_text(total)
                )
            )
        sums[at] = total
    for at, line in enumerate(lines):
        result.extend(sorted(extras.get(at, ()), key=lambda extra: -extra.level))
        result.append(replace(line, amount=sums[at]) if ends[at] > at + 1 and line.amount is not None else line)
    result.extend(sorted(extras.get(len(lines), ()), key=lambda extra: -extra.level))
    for last, told in subtotals:
        owner = _category_of(lines, last)
        if told not in {sums[at] for at in owner}:
            notes.append(
                _("After “{name}” the file's subtotal is {told}; the rows above do not add up to it.").format(
                    name=lines[last].name, told=money_text(told)
                )
            )
    return tuple(result), notes[::-1]


def _category_of(lines: Sequence[PastedLine], at: int) -> list[int]:
    """Return a row and the rows it is under."""
    found = [at]
    for above in range(at - 1, -1, -1):
        if lines[above].level < lines[found[-1]].level:
            found.append(above)
    return found


def _levelled(lines: Sequence[PastedLine]) -> list[PastedLine]:
    used = sorted({line.level for line in lines})
    rank = {level: at for at, level in enumerate(used)}
    result: list[PastedLine] = []
    before = -1
    for line in lines:
        before = min(rank[line.level], before + 1)
        result.append(replace(line, level=before))
    return result

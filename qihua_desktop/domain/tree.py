"""Order and nesting of rows that have an id, a parent and a position: tasks, budget lines.

Functions return only the rows that change, as ``Placement``; positions of siblings stay 0, 1, 2 … without gaps in
every list of siblings that an operation touches.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from qihua_desktop.i18n import _

from .errors import RuleError
from .ids import EntityId


class TreeRow(Protocol):
    """Anything that can stand in an outline."""

    @property
    def id(self) -> EntityId: ...
    @property
    def parent_id(self) -> EntityId | None: ...
    @property
    def position(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a row stands now."""

    id: EntityId
    parent_id: EntityId | None
    position: int


@dataclass(frozen=True, slots=True)
class OutlineRow:
    """A row in reading order; ``level`` is 0 at the top, ``position`` counts siblings from 0."""

    id: EntityId
    parent_id: EntityId | None
    level: int
    position: int
    has_children: bool


@dataclass(frozen=True, slots=True)
class Removal:
    """What removing rows means: everything that goes, parents before children, and who moves up."""

    removed: tuple[EntityId, ...]
    changes: tuple[Placement, ...]


class _Outline:
    """A mutable picture of the tree while an operation is worked out."""

    def __init__(self, rows: Iterable[TreeRow]) -> None:
        ordered = sorted(rows, key=lambda row: (row.position, row.id))
        self.before = {row.id: (row.parent_id, row.position) for row in ordered}
        self.parent: dict[EntityId, EntityId | None] = {}
        self.children: dict[EntityId | None, list[EntityId]] = {None: []}
        for row in ordered:
            known = row.parent_id is None or (row.parent_id in self.before and row.parent_id != row.id)
            parent_id = row.parent_id if known else None
            self.parent[row.id] = parent_id
            self.children.setdefault(parent_id, []).append(row.id)
        self.touched: set[EntityId | None] = set()

    def require(self, identifiers: Iterable[EntityId]) -> None:
        if any(identifier not in self.parent for identifier in identifiers):
            raise RuleError(_("The row no longer exists."))

    def walk(self, root: EntityId | None = None) -> list[tuple[EntityId, int]]:
        """Return everything below a row, in reading order, with levels from 0."""
        found: list[tuple[EntityId, int]] = []
        stack = [(identifier, 0) for identifier in reversed(self.children.get(root, []))]
        while stack:
            identifier, level = stack.pop()
            found.append((identifier, level))
            stack.extend((child, level + 1) for child in reversed(self.children.get(identifier, [])))
        return found

    def level(self, identifier: EntityId) -> int:
        return len(self.ancestors(identifier))

    def height(self, identifier: EntityId) -> int:
        """Return how many levels hang below a row."""
        return max((level + 1 for _identifier, level in self.walk(identifier)), default=0)

    def ancestors(self, identifier: EntityId) -> list[EntityId]:
        found: list[EntityId] = []
        parent = self.parent[identifier]
        while parent is not None and parent not in found:
            found.append(parent)
            parent = self.parent[parent]
        return found

    def topmost(self, identifiers: Collection[EntityId]) -> list[EntityId]:
        """Return the chosen rows without those below another chosen one, in reading order."""
        chosen = set(identifiers)
        return [
            identifier
            for identifier, _level in self.walk()
            if identifier in chosen and chosen.isdisjoint(self.ancestors(identifier))
        ]

    def place(self, identifier: EntityId, parent_id: EntityId | None, index: int) -> None:
        """Put a row before the sibling at ``index`` of the list without the row itself."""
        old = self.parent[identifier]
        self.children[old].remove(identifier)
        self.touched.update((old, parent_id))
        siblings = self.children.setdefault(parent_id, [])
        siblings.insert(max(0, min(index, len(siblings))), identifier)
        self.parent[identifier] = parent_id

    def changes(self) -> tuple[Placement, ...]:
        return tuple(
            Placement(identifier, parent_id, position)
            for parent_id in self.touched
            for position, identifier in enumerate(self.children.get(parent_id, []))
            if self.before.get(identifier) != (parent_id, position)
        )


def outline(rows: Iterable[TreeRow]) -> tuple[OutlineRow, ...]:
    """Return the rows in reading order, depth first. Rows of an unknown parent count as top rows."""
    tree = _Outline(rows)
    index = {identifier: at for siblings in tree.children.values() for at, identifier in enumerate(siblings)}
    return tuple(
        OutlineRow(identifier, tree.parent[identifier], level, index[identifier], bool(tree.children.get(identifier)))
        for identifier, level in tree.walk()
    )


def children_of(rows: Iterable[TreeRow], parent_id: EntityId | None) -> tuple[EntityId, ...]:
    """Return the direct children of a row, or the top rows for None, in order."""
    return tuple(_Outline(rows).children.get(parent_id, ()))


def descendants(rows: Iterable[TreeRow], ids: Collection[EntityId]) -> tuple[EntityId, ...]:
    """Return everything below the given rows, without themselves, in reading order."""
    tree = _Outline(rows)
    tree.require(ids)
    return tuple(identifier for root in tree.topmost(ids) for identifier, _level in tree.walk(root))


def ancestors(rows: Iterable[TreeRow], row_id: EntityId) -> tuple[EntityId, ...]:
    """Return the parents of a row from the nearest to the top."""
    tree = _Outline(rows)
    tree.require((row_id,))
    return tuple(tree.ancestors(row_id))


def topmost(rows: Iterable[TreeRow], ids: Collection[EntityId]) -> tuple[EntityId, ...]:
    """Return the given rows in reading order, without those that stand below another given one."""
    return tuple(_Outline(rows).topmost(ids))


def indent(
    rows: Iterable[TreeRow], ids: Collection[EntityId], *, max_level: int | None = None
) -> tuple[Placement, ...]:
    """Make rows children of the row before them. Rows that have none before them stay; nothing possible is refused.

    ``max_level`` is the deepest level allowed, 0 for the top. Raises RuleError.
    """
    tree = _Outline(rows)
    tree.require(ids)
    moved = False
    for identifier in tree.topmost(ids):
        siblings = tree.children[tree.parent[identifier]]
        at = siblings.index(identifier)
        if at == 0:
            continue
        target = siblings[at - 1]
        _require_depth(tree, identifier, target, max_level)
        tree.place(identifier, target, len(tree.children.get(target, [])))
        moved = True
    if not moved:
        raise RuleError(_("The first row of a group cannot be indented."), _("Move it below another row first."))
    return tree.changes()


def outdent(rows: Iterable[TreeRow], ids: Collection[EntityId]) -> tuple[Placement, ...]:
    """Put rows right after their parent, one level up. Their later siblings stay where they are.

    Other programs make the later siblings children of the moved row; that would silently turn a row with its own
    dates and money into a summary. Raises RuleError for rows at the top only.
    """
    tree = _Outline(rows)
    tree.require(ids)
    moved = False
    # From the last one, so that several children of one parent keep their order behind it.
    for identifier in reversed(tree.topmost(ids)):
        parent = tree.parent[identifier]
        if parent is None:
            continue
        grandparent = tree.parent[parent]
        tree.place(identifier, grandparent, tree.children[grandparent].index(parent) + 1)
        moved = True
    if not moved:
        raise RuleError(_("The row already stands at the top level."))
    return tree.changes()


def move(
    rows: Iterable[TreeRow],
    ids: Collection[EntityId],
    parent_id: EntityId | None,
    index: int,
    *,
    max_level: int | None = None,
) -> tuple[Placement, ...]:
    """Move rows under a parent before the child now at ``index``; what hangs below them moves along.

    Raises RuleError when a row would stand below itself or too deep.
    """
    tree = _Outline(rows)
    tree.require(ids)
    if parent_id is not None:
        tree.require((parent_id,))
    chosen = tree.topmost(ids)
    if parent_id is not None and not {parent_id, *tree.ancestors(parent_id)}.isdisjoint(chosen):
        raise RuleError(_("A row cannot be moved below itself."))
    siblings = tree.children.get(parent_id, [])
    before = [identifier for identifier in siblings[: max(0, index)] if identifier not in chosen]
    for offset, identifier in enumerate(chosen):
        _require_depth(tree, identifier, parent_id, max_level)
        tree.place(identifier, parent_id, len(before) + offset)
    return tree.changes()


def move_up(rows: Iterable[TreeRow], ids: Collection[EntityId]) -> tuple[Placement, ...]:
    """Move rows one place up among their siblings; rows that are first already stay."""
    return _shift(rows, ids, up=True)


def move_down(rows: Iterable[TreeRow], ids: Collection[EntityId]) -> tuple[Placement, ...]:
    """Move rows one place down among their siblings; rows that are last already stay."""
    return _shift(rows, ids, up=False)


def insert(rows: Sequence[TreeRow], new_id: EntityId, parent_id: EntityId | None, index: int) -> tuple[Placement, ...]:
    """Return where a new row and the siblings it pushes down stand; a large index appends."""
    tree = _Outline(rows)
    if parent_id is not None:
        tree.require((parent_id,))
    tree.parent[new_id] = None
    tree.children[None].append(new_id)
    touched_before = set(tree.touched)
    tree.place(new_id, parent_id, index)
    tree.touched = touched_before | {parent_id}
    return tree.changes()


def remove(rows: Iterable[TreeRow], ids: Collection[EntityId]) -> Removal:
    """Return what goes when rows are removed with everything below them, and which siblings close up."""
    tree = _Outline(rows)
    tree.require(ids)
    removed: list[EntityId] = []
    for identifier in tree.topmost(ids):
        parent = tree.parent[identifier]
        removed.append(identifier)
        removed.extend(below for below, _level in tree.walk(identifier))
        tree.children[parent].remove(identifier)
        tree.touched.add(parent)
    return Removal(tuple(removed), tree.changes())


def placed(rows: Iterable[TreeRow], changes: Iterable[Placement]) -> tuple[Placement, ...]:
    """Return all rows as placements with changes applied; new rows come last."""
    after: Mapping[EntityId, Placement] = {
        **{row.id: Placement(row.id, row.parent_id, row.position) for row in rows},
        **{change.id: change for change in changes},
    }
    return tuple(after.values())


def _shift(rows: Iterable[TreeRow], ids: Collection[EntityId], *, up: bool) -> tuple[Placement, ...]:
    tree = _Outline(rows)
    tree.require(ids)
    chosen = tree.topmost(ids)
    settled: set[EntityId] = set()
    for identifier in chosen if up else reversed(chosen):
        parent = tree.parent[identifier]
        siblings = tree.children[parent]
        at = siblings.index(identifier)
        to = at - 1 if up else at + 1
        if 0 <= to < len(siblings) and siblings[to] not in settled:
            tree.place(identifier, parent, to)
        else:
            settled.add(identifier)
    return tree.changes()


def _require_depth(tree: _Outline, identifier: EntityId, parent_id: EntityId | None, max_level: int | None) -> None:
    level = 0 if parent_id is None else tree.level(parent_id) + 1
    if max_level is not None and level + tree.height(identifier) > max_level:
        raise RuleError(_("Rows can be nested {levels} levels deep at most.").format(levels=max_level + 1))


def subtree_ends(levels: Sequence[int]) -> list[int]:
    """Return for each row of an outline, given by its levels, where the rows below it end."""
    ends = [len(levels)] * len(levels)
    above: list[int] = []
    for at, level in enumerate(levels):
        while above and levels[above[-1]] >= level:
            ends[above.pop()] = at
        above.append(at)
    return ends

"""Columns of tables and trees: what a cell says, sorts by, looks like. Shared by both models."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from qihua_desktop.domain.formatting import date_text, duration_text, money_text, percent_text
from qihua_desktop.i18n import _

from .chips import Tone
from .icons import icon
from .labels import tool_tip_text
from .theme import Role, theme

T = TypeVar("T")
Identity = Hashable

_LONGEST_CELL: Final = 500


class CellKind(StrEnum):
    """How a column is shown and edited; numbers stand at the right with digits of one width."""

    TEXT = "text"
    CHIP = "chip"
    MONEY = "money"
    PERCENT = "percent"
    PROGRESS = "progress"
    DATE = "date"
    DURATION = "duration"
    NUMBER = "number"
    CHECK = "check"


class CellRole(IntEnum):
    """Item roles beyond Qt's own."""

    ROW = Qt.ItemDataRole.UserRole + 1
    SORT = Qt.ItemDataRole.UserRole + 2
    TONE = Qt.ItemDataRole.UserRole + 3
    VALUE = Qt.ItemDataRole.UserRole + 4
    IDENTITY = Qt.ItemDataRole.UserRole + 5


RowRole: Final = CellRole.ROW
SortRole: Final = CellRole.SORT
ToneRole: Final = CellRole.TONE
ValueRole: Final = CellRole.VALUE

_RIGHT: Final = frozenset({CellKind.MONEY, CellKind.PERCENT, CellKind.NUMBER, CellKind.DURATION})
_TABULAR: Final = _RIGHT | {CellKind.DATE, CellKind.PROGRESS}


@dataclass(frozen=True)  # no slots: Column[Task](...) sets __orig_class__, which a slotted frozen class cannot refuse
class Column(Generic[T]):
    """One column over rows of T.

    Attributes:
        key: stable name, for remembering widths and for edits.
        title: heading, already translated.
        value: the native value: fen, basis points, minutes, date, bool, text; sorted by unless ``sort`` says else.
        text: what the cell says, if not the value in its kind's customary form.
        editable: whether this row's cell may be edited; None is never.
        tone: a chip's tone, or the colour of a text that matters.
        minutes_per_day: what a day is for DURATION columns.
    """

    key: str
    title: str
    value: Callable[[T], Any]
    kind: CellKind = CellKind.TEXT
    text: Callable[[T], str] | None = None
    sort: Callable[[T], Any] | None = None
    tone: Callable[[T], Tone | None] | None = None
    bold: Callable[[T], bool] | None = None
    role: Callable[[T], Role | None] | None = None
    tool_tip: Callable[[T], str] | None = None
    icon: Callable[[T], str | None] | None = None
    editable: Callable[[T], bool] | None = None
    width: int = 110
    stretch: bool = False
    hidden: bool = False
    minutes_per_day: int = 480
    decimals: int = 1

    @property
    def is_right_aligned(self) -> bool:
        """Whether the column holds numbers."""
        return self.kind in _RIGHT

    def words(self, row: T) -> str:
        """Return what the cell says."""
        if self.text is not None:
            return self.text(row)
        value = self.value(row)
        match self.kind:
            case CellKind.MONEY:
                return "" if value is None else money_text(value)
            case CellKind.PERCENT:
                return "" if value is None else percent_text(value, self.decimals)
            case CellKind.PROGRESS:
                return "" if value is None else percent_text(value, 0)
            case CellKind.DATE:
                return "" if value is None else date_text(value)
            case CellKind.DURATION:
                return "" if value is None else duration_text(value, self.minutes_per_day)
            case CellKind.NUMBER:
                return "" if value is None else f"{value:,}"
            case CellKind.CHECK:
                return ""
            case _:
                return "" if value is None else str(value)

    def sort_value(self, row: T) -> Any:
        """Return what the column sorts by; None sorts last."""
        return self.sort(row) if self.sort is not None else self.value(row)


def cell_data(column: Column[T], row: T, identity: Identity, role: int) -> Any:
    """Return what Qt asks about a cell."""
    match role:
        case Qt.ItemDataRole.DisplayRole:
            words = column.words(row)
            words = words if len(words) <= _LONGEST_CELL else words[:_LONGEST_CELL] + "…"
            return " ".join(words.splitlines()) if "\n" in words or "\r" in words else words
        case Qt.ItemDataRole.EditRole:
            return column.words(row) if column.kind is not CellKind.CHECK else column.value(row)
        case Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.is_right_aligned else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        case Qt.ItemDataRole.FontRole:
            bold = column.bold is not None and column.bold(row)
            return theme().font(bold=bold, tabular=column.kind in _TABULAR)
        case Qt.ItemDataRole.ForegroundRole:
            return _ink(column, row)
        case Qt.ItemDataRole.ToolTipRole:
            return tool_tip_text(column.tool_tip(row) if column.tool_tip is not None else _long_words(column, row))
        case Qt.ItemDataRole.DecorationRole:
            name = column.icon(row) if column.icon is not None else None
            return icon(name, Role.MUTED) if name else None
        case Qt.ItemDataRole.CheckStateRole if column.kind is CellKind.CHECK:
            return Qt.CheckState.Checked if column.value(row) else Qt.CheckState.Unchecked
        case Qt.ItemDataRole.AccessibleTextRole:
            if column.kind is CellKind.CHECK:
                return _("yes") if column.value(row) else _("no")
            return column.words(row)[:_LONGEST_CELL]
        case CellRole.ROW:
            return row
        case CellRole.SORT:
            return column.sort_value(row)
        case CellRole.TONE:
            return column.tone(row) if column.tone is not None else None
        case CellRole.VALUE:
            return column.value(row)
        case CellRole.IDENTITY:
            return identity
        case _:
            return None


def header_data(columns: tuple[Column[Any], ...], section: int, role: int) -> Any:
    """Return what Qt asks about a column's heading."""
    if not 0 <= section < len(columns):
        return None
    column = columns[section]
    if role == Qt.ItemDataRole.DisplayRole:
        return column.title
    if role == Qt.ItemDataRole.TextAlignmentRole:
        side = Qt.AlignmentFlag.AlignRight if column.is_right_aligned else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
    return None


def cell_flags(column: Column[T], row: T) -> Qt.ItemFlag:
    """Return what may be done with a cell."""
    flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
    if column.editable is not None and column.editable(row):
        flags |= Qt.ItemFlag.ItemIsUserCheckable if column.kind is CellKind.CHECK else Qt.ItemFlag.ItemIsEditable
    return flags


def _ink(column: Column[T], row: T) -> QColor | None:
    if column.role is not None:
        role = column.role(row)
        return theme().color(role) if role is not None else None
    if column.tone is not None and column.kind is not CellKind.CHIP:
        tone = column.tone(row)
        colors = {Tone.OK: Role.OK, Tone.WARN: Role.WARN, Tone.BAD: Role.BAD, Tone.ACCENT: Role.ACCENT}
        return theme().color(colors[tone]) if tone is not None and tone in colors else None
    return None


def _long_words(column: Column[T], row: T) -> str:
    words = column.words(row)
    return words if len(words) > 24 else ""

"""The columns of the stock and of its uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from qihua_desktop.domain.procurement import StockUseState, stock_use_label
from qihua_desktop.domain.stock_rules import quantity_text
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.stock import StockUseView, StockView
from ui.common.columns import CellKind, Column
from ui.common.theme import Role
from ui.common.widgets import Tone

USE_TONES = {StockUseState.RESERVED: Tone.ACCENT, StockUseState.OUT: Tone.WARN, StockUseState.RETURNED: Tone.OK}


@dataclass(frozen=True, slots=True)
class StockRow:
    """An item; ``missing`` is what overlapping uses need beyond what there is, in thousandths."""

    view: StockView
    missing: int

    @property
    def held(self) -> int:
        """How many uses are not over."""
        return sum(1 for one in self.view.uses if one.use.state is not StockUseState.RETURNED)


@dataclass(frozen=True, slots=True)
class UseRow:
    """A use; ``clashes`` while it is one of those that together need too much."""

    view: StockUseView
    clashes: bool


def stock_columns(may_edit: Callable[[StockRow], bool]) -> tuple[Column[StockRow], ...]:
    """Return the columns of the items; quantities are thousandths."""

    def faint(row: StockRow) -> Role | None:
        return None if row.view.item.active else Role.MUTED

    def text(key: str, title: str, width: int, *, stretch: bool = False, hidden: bool = False) -> Column[StockRow]:
        return Column(
            key, title, lambda row: getattr(row.view.item, key), width=width, stretch=stretch, hidden=hidden,
            editable=may_edit, role=faint, bold=(lambda row: row.view.item.active) if key == "name" else None,
        )  # fmt: skip

    return (
        text("name", _("Material"), 200),
        text("spec", _("Specification"), 180, stretch=True),
        text("unit", _("Unit"), 48),
        Column("quantity", _("In store"), lambda row: row.view.item.quantity, CellKind.NUMBER, width=70,
               text=lambda row: quantity_text(row.view.item.quantity), editable=may_edit, role=faint),
        Column("free", _("Free today"), lambda row: row.view.free_now, CellKind.NUMBER, width=76,
               text=lambda row: quantity_text(row.view.free_now),
               tone=lambda row: Tone.BAD if row.view.free_now <= 0 else None),
        Column("internal_price", _("Internal price"), lambda row: row.view.item.internal_price, CellKind.MONEY,
               width=96, editable=may_edit, role=faint),
        text("location", _("Kept at"), 120),
        Column("state", _("State"), _state_rank, CellKind.CHIP, text=_state_words, tone=_state_tone, width=128),
        Column("active", _("Offered"), lambda row: row.view.item.active, CellKind.CHECK, width=52, editable=may_edit),
        text("notes", _("Notes"), 160, hidden=True),
    )  # fmt: skip


def use_columns(may_edit: Callable[[UseRow], bool]) -> tuple[Column[UseRow], ...]:
    """Return the columns of the uses of an item."""

    def bad(row: UseRow) -> Tone | None:
        return Tone.BAD if row.clashes else None

    return (
        Column("project", _("Project"), lambda row: row.view.project_name, width=180, stretch=True),
        Column("line", _("Budget line"), lambda row: row.view.line_name, width=180),
        Column("quantity", _("Quantity"), lambda row: row.view.use.quantity, CellKind.NUMBER, width=76,
               text=lambda row: quantity_text(row.view.use.quantity), editable=may_edit, tone=bad),
        Column("from_on", _("From"), lambda row: row.view.use.from_on, CellKind.DATE, width=96, editable=may_edit,
               tone=bad),
        Column("until_on", _("Until"), lambda row: row.view.use.until_on, CellKind.DATE, width=96, editable=may_edit,
               tone=bad),
        Column("state", _("State"), lambda row: row.view.use.state, CellKind.CHIP, width=84,
               text=lambda row: stock_use_label(row.view.use.state), tone=lambda row: USE_TONES[row.view.use.state]),
        Column("unit_price", _("Price"), lambda row: row.view.use.unit_price, CellKind.MONEY, width=88,
               editable=may_edit),
        Column("cost", _("Charged"), lambda row: row.view.cost, CellKind.MONEY, width=92),
        Column("notes", _("Notes"), lambda row: row.view.use.notes, width=140, editable=may_edit),
    )  # fmt: skip


def _state_words(row: StockRow) -> str:
    if row.missing:
        return _("Clash: {quantity} short").format(quantity=quantity_text(row.missing, row.view.item.unit))
    if row.held:
        return ngettext("{count} use", "{count} uses", row.held).format(count=row.held)
    return _("Not used")


def _state_rank(row: StockRow) -> int:
    return 0 if row.missing else 1 if row.held else 2


def _state_tone(row: StockRow) -> Tone:
    return Tone.BAD if row.missing else Tone.ACCENT if row.held else Tone.NEUTRAL

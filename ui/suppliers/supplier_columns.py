"""The columns of the list of suppliers."""

from __future__ import annotations

from collections.abc import Callable

from qihua_desktop.i18n import _
from qihua_desktop.services.supplier_list import SupplierSummary
from ui.common.columns import CellKind, Column
from ui.common.theme import Role


def supplier_columns(may_edit: Callable[[SupplierSummary], bool]) -> tuple[Column[SupplierSummary], ...]:
    """Return the columns; figures come from contracts and are not typed."""

    def faint(row: SupplierSummary) -> Role | None:
        return None if row.supplier.active else Role.MUTED

    def text(key: str, title: str, width: int, *, hidden: bool = False) -> Column[SupplierSummary]:
        return Column(
            key,
            title,
            lambda row: getattr(row.supplier, key),
            width=width,
            hidden=hidden,
            editable=may_edit,
            role=faint,
            bold=(lambda row: row.supplier.active) if key == "name" else None,
        )

    return (
        text("name", _("Supplier"), 136),
        text("category", _("Trade"), 62),
        text("tax_id", _("Tax number"), 164),
        text("contact", _("Contact"), 60),
        text("phone", _("Phone"), 92),
        Column("contracts", _("Contracts"), lambda row: row.contracts or None, CellKind.NUMBER, width=52, role=faint),
        Column(
            "contracted", _("Contract total"), lambda row: row.contracted or None, CellKind.MONEY, width=96, role=faint
        ),
        Column("last_on", _("Last used"), lambda row: row.last_on, CellKind.DATE, width=84, role=faint),
        Column("active", _("Offered"), lambda row: row.supplier.active, CellKind.CHECK, width=52, editable=may_edit),
        Column("projects", _("Projects"), lambda row: row.projects or None, CellKind.NUMBER, width=60, hidden=True),
        text("email", _("E-mail"), 150, hidden=True),
        text("bank", _("Bank"), 150, hidden=True),
        text("account", _("Account number"), 160, hidden=True),
        text("notes", _("Notes"), 160, hidden=True),
    )

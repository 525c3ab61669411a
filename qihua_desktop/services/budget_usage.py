"""What refers to a budget line, so that no line disappears from under a contract or a voucher."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from db import tables
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import N_, _

from .session import Session

_USES = (
    ("quotes", "line_id", N_("a quote")),
    ("contracts", "line_id", N_("a contract")),
    ("voucher_shares", "line_id", N_("a voucher")),
    ("stock_uses", "line_id", N_("material from the stock")),
    ("reserve_releases", "line_id", N_("a use of the reserve")),
    ("reserve_releases", "reserve_line_id", N_("a use of the reserve")),
)
_NAMES_SHOWN = 3


def require_free(session: Session, line_ids: Iterable[EntityId]) -> None:
    """Raise RuleError naming the lines and what refers to them: quotes, contracts, vouchers, stock, reserve use."""
    wanted = tuple(line_ids)
    workspace = session.workspace
    used: dict[EntityId, dict[str, list[str]]] = {}
    for table, column, word in _USES:
        rows = getattr(tables, table).among(workspace, column, wanted)
        called = _names(session, table, rows)
        for row in rows:
            used.setdefault(getattr(row, column), {}).setdefault(_(word), []).append(called[row.id])
    if not used:
        return
    names = {line.id: line.name for line in tables.budget_lines.among(workspace, "id", used)}
    raise RuleError(
        _("These budget lines are in use and cannot be removed."),
        _("Move or remove what refers to them first."),
        [_("{line}: {uses}").format(line=names[one], uses=_words(uses)) for one, uses in used.items()],
    )


def _names(session: Session, table: str, rows: Iterable[Any]) -> Mapping[EntityId, str]:
    """Return what users call the rows: a quote by its supplier, a voucher by its number."""
    workspace, rows = session.workspace, tuple(rows)
    if table == "contracts":
        return {row.id: row.title for row in rows}
    if table == "reserve_releases":
        return {row.id: row.reason for row in rows}
    if table == "quotes":
        found = {one.id: one.name for one in tables.suppliers.among(workspace, "id", {row.supplier_id for row in rows})}
        return {row.id: found.get(row.supplier_id, "") for row in rows}
    if table == "stock_uses":
        found = {one.id: one.name for one in tables.stock_items.among(workspace, "id", {row.item_id for row in rows})}
        return {row.id: found.get(row.item_id, "") for row in rows}
    bills = tables.vouchers.among(workspace, "id", {row.voucher_id for row in rows})
    found = {one.id: one.number or one.seller_name for one in bills}
    return {row.id: found.get(row.voucher_id, "") for row in rows}


def _words(uses: Mapping[str, list[str]]) -> str:
    said: list[str] = []
    for word, names in uses.items():
        shown = [_("“{name}”").format(name=name) for name in names[:_NAMES_SHOWN] if name]
        more = "…" if len(names) > _NAMES_SHOWN else ""
        said.append(" ".join([word, *shown]) + more)
    return _(", ").join(said)

"""What refers to a budget line, so that no line disappears from under a contract or a voucher."""

from __future__ import annotations

from collections.abc import Iterable

from db import tables
from qihua_desktop.domain.errors import RuleError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import N_, _

from .session import Session

_USES = (
    ("quotes", N_("a quote")),
    ("contracts", N_("a contract")),
    ("voucher_shares", N_("a voucher")),
    ("stock_uses", N_("material from the stock")),
    ("reserve_releases", N_("a use of the reserve")),
)


def require_free(session: Session, line_ids: Iterable[EntityId]) -> None:
    """Raise RuleError naming the lines that quotes, contracts, vouchers, stock or reserve uses refer to."""
    wanted = tuple(line_ids)
    workspace = session.workspace
    used: dict[EntityId, list[str]] = {}
    for name, word in _USES:
        for row in getattr(tables, name).among(workspace, "line_id", wanted):
            words = used.setdefault(row.line_id, [])
            if _(word) not in words:
                words.append(_(word))
    if not used:
        return
    names = {line.id: line.name for line in tables.budget_lines.among(workspace, "id", used)}
    raise RuleError(
        _("These budget lines are in use and cannot be removed."),
        _("Move or remove what refers to them first."),
        [_("{line}: {uses}").format(line=names[one], uses="、".join(words)) for one, words in used.items()],
    )

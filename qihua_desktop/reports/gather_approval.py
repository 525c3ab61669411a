"""The money of the budget approval: net amounts, what is committed by now, and the annual pools with every term."""

from __future__ import annotations

from dataclasses import replace

from qihua_desktop.domain.annual import pool_level_label
from qihua_desktop.domain.budget_checks import CheckOutcome
from qihua_desktop.domain.ids import EntityId, id_from_text
from qihua_desktop.domain.plan_content import content_rows
from qihua_desktop.i18n import _
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.ledger import load_ledger
from qihua_desktop.services.pools import project_positions
from qihua_desktop.services.session import Session

from .formats import format_fen, moment
from .gather import PlanText, budget_rows, local
from .inputs import BudgetRow, PoolBox


def money_rows(session: Session, text: PlanText) -> tuple[BudgetRow, ...]:
    """Return the budget's rows with what is committed on each, and net amounts of the rows that have no rows below."""
    ledger = load_ledger(session, text.project.id)
    rows = budget_rows(text.content)
    found: list[BudgetRow] = []
    for at, (row, line) in enumerate(zip(rows, content_rows(text.content, "lines"), strict=True)):
        figures = ledger.rows.get(id_from_text(str(line["id"])))
        is_parent = at + 1 < len(rows) and rows[at + 1].level > row.level
        found.append(
            replace(
                row,
                tax_rate=None if is_parent or line["is_reserve"] else int(str(line["tax_rate"])),
                net=None if is_parent else row.amount if row.net is None else row.net,
                committed=figures.contracted if figures is not None else None,
            )
        )
    return tuple(found)


def pool_boxes(session: Session, project_id: EntityId, total: int, names: dict[EntityId, str]) -> tuple[PoolBox, ...]:
    """Return the pools that the budget draws on; one pool alone is asked for the total that is printed."""
    found = [one for one in project_positions(session, project_id) if one.pool is not None and one.position is not None]
    boxes: list[PoolBox] = []
    for one in found:
        assert one.pool is not None
        assert one.position is not None
        permission = ""
        if one.exception is not None:
            permission = _("Exception up to {amount} yuan, {person}, {moment}: {reason}").format(
                amount=format_fen(one.exception.allowed),
                person=names.get(one.exception.signed_by, ""),
                moment=moment(local(one.exception.signed_ms)),
                reason=one.exception.reason,
            )
        boxes.append(
            PoolBox(
                f"{one.pool.year} {one.pool.name}",
                tuple((term.label, term.amount) for term in one.position.terms),
                total if len(found) == 1 and one.needed == one.use.requested else one.needed,
                session.local_now().astimezone(),
                pool_level_label(one.pool.level),
                f"{one.words} {one.remedy}".strip() if one.excess else "",
                one.outcome is CheckOutcome.FAILED,
                permission,
            )
        )
    return tuple(boxes)


def pool_note(session: Session, project_id: EntityId, total: int) -> str:
    """Return a warning where the pools are asked for another amount than the one that is printed."""
    live = load_budget(session, project_id).budget.total
    if live == total:
        return ""
    return _("The budget was changed since to {amount} yuan; the pools are judged by what is printed here.").format(
        amount=format_fen(live)
    )

"""Whatever is typed, locked, moved and deleted, in any order: every level adds up to the fen, and undo leads back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import tables
from qihua_desktop.domain.allocation import WHOLE, net_amount, shown_percents, split, tax_amount, unallocated
from qihua_desktop.domain.budget import LineLock
from qihua_desktop.domain.budget_entry import enter_amount, enter_percent
from qihua_desktop.domain.errors import QihuaError
from qihua_desktop.services import budget, budget_lines
from qihua_desktop.services.budget_view import BudgetView, load_budget
from tests.domain.budget_rows import line
from tests.services.budget_samples import add_event, open_session

TYPED = ("amount", "percent", "price")
HELD = (LineLock.AMOUNT, LineLock.BOTH)


def require_exact(view: BudgetView) -> None:
    """Every row with rows below it is their sum, no amount is negative, prices never contradict amounts."""
    rows = [row.line for row in view.lines]
    for row in rows:
        assert row.amount >= 0
        below = [one.amount for one in rows if one.parent_id == row.id]
        assert not below or sum(below) == row.amount, row.name
        if row.unit_price and row.quantity:
            assert (2 * row.unit_price * row.quantity + 1_000) // 2_000 == row.amount
    tops = sum(row.amount for row in rows if row.parent_id is None)
    assert view.unallocated == view.budget.total - tops
    for row in view.lines:
        gross, rate = row.line.amount, row.line.tax_rate
        assert net_amount(gross, rate) + tax_amount(gross, rate) == gross
        if row.has_children:
            below_net = [one.net for one in view.lines if one.line.parent_id == row.line.id]
            assert sum(below_net) == row.net
    if view.unallocated == 0 and view.budget.total:
        assert sum(row.share for row in view.categories) == WHOLE


def require_held_locks(before: BudgetView, after: BudgetView, touched: Any) -> None:
    """A locked amount moves only when it is typed itself."""
    old = {row.line.id: row.line for row in before.lines}
    for row in after.lines:
        was = old.get(row.line.id)
        if was is not None and was.id != touched and was.lock in HELD and row.line.lock in HELD:
            assert row.line.amount == was.amount, row.line.name


def all_rows(session: Any) -> tuple[Any, ...]:
    return tables.budgets.all(session.workspace), tables.budget_lines.all(session.workspace)


OPERATIONS = st.lists(
    st.tuples(
        st.sampled_from([
            "total", "amount", "percent", "lock", "lock", "price", "add_category", "add_line", "delete", "move",
            "indent", "outdent", "up", "spread", "sum", "tax",
        ]),
        st.integers(0, 30), st.integers(0, 30), st.one_of(st.integers(0, 10_000), st.integers(0, 10**9)),
    ),
    min_size=1, max_size=25,
)  # fmt: skip


def step(session: Any, project_id: Any, name: str, at: int, other: int, value: int) -> Callable[[], object] | None:
    """Return the service call of an operation, None when there is no row for it."""
    rows = [row.line for row in load_budget(session, project_id).lines]
    chosen = rows[at % len(rows)].id if rows else None
    second = rows[other % len(rows)].id if rows else None
    of_project: dict[str, Callable[[], object]] = {
        "total": lambda: budget.set_total(session, project_id, value),
        "add_category": lambda: budget_lines.add_category(session, project_id, f"类{at}"),
        "spread": lambda: budget.spread_rest(session, project_id),
        "sum": lambda: budget.take_sum_as_total(session, project_id),
    }
    if name in of_project:
        return of_project[name]
    if chosen is None or second is None:
        return None
    of_line: dict[str, Callable[[], object]] = {
        "amount": lambda: budget.enter_amount(session, chosen, value),
        "percent": lambda: budget.enter_percent(session, chosen, value % (WHOLE + 1)),
        "lock": lambda: budget.set_lock(session, chosen, list(LineLock)[other % len(LineLock)]),
        "price": lambda: budget.enter_price(session, chosen, unit_price=value % 10**6, quantity=other * 500),
        "add_line": lambda: budget_lines.add_line(session, chosen, f"项{other}"),
        "delete": lambda: budget_lines.delete_lines(session, [chosen]),
        "move": lambda: budget_lines.move_line(session, chosen, second, 0),
        "indent": lambda: budget_lines.indent(session, chosen),
        "outdent": lambda: budget_lines.outdent(session, chosen),
        "up": lambda: budget_lines.move_up(session, chosen),
        "tax": lambda: budget.update_line(session, chosen, tax_rate=value % 2_000),
    }
    return of_line[name]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(OPERATIONS)
def test_any_sequence_of_edits_and_locks_adds_up_at_every_level_and_is_undone(operations):
    with TemporaryDirectory() as folder:
        session = open_session(Path(folder))
        try:
            project_id = add_event(session)
            start = all_rows(session)
            for operation in operations:
                call, before = step(session, project_id, *operation), all_rows(session)
                seen = load_budget(session, project_id)
                touched = seen.lines[operation[1] % len(seen.lines)].line.id if seen.lines else None
                try:
                    if call is not None:
                        call()
                except QihuaError:
                    assert all_rows(session) == before, "what is refused changes nothing"
                view = load_budget(session, project_id)
                require_exact(view)
                require_held_locks(seen, view, touched if operation[0] in TYPED else None)
            end, undone = all_rows(session), 0
            while all_rows(session) != start:
                session.undo()
                undone += 1
                require_exact(load_budget(session, project_id))
            for _step in range(undone):
                session.redo()
            assert all_rows(session) == end
        finally:
            session.workspace.close()


@given(st.lists(st.integers(0, WHOLE), min_size=2, max_size=12), st.integers(1, 10**12))
def test_typed_percentages_show_again_as_typed_and_their_amounts_add_up(parts, total):
    """Shares that make up the whole: percent to amount and back gives each share again."""
    shares = split(WHOLE, parts)
    rows = tuple(line(f"行{at}", position=at) for at in range(len(shares)))
    for row, share in zip(rows, shares, strict=True):
        rows = enter_percent(total, rows, row.id, share)
    shown = shown_percents(total, rows)
    assert sum(row.amount for row in rows) == total or unallocated(total, rows) > 0
    if total >= WHOLE * WHOLE:
        assert [shown[row.id] for row in rows] == shares


@given(st.integers(0, WHOLE), st.integers(WHOLE * 2, 10**12))
def test_a_percentage_becomes_an_amount_and_that_amount_the_same_percentage(percent, total):
    one, other = line("甲", total // 2), line("乙", total - total // 2, position=1)
    by_share = enter_percent(total, (one, other), one.id, percent)
    assert shown_percents(total, by_share)[one.id] == percent
    by_amount = enter_amount(total, (one, other), one.id, by_share[0].amount)
    assert by_amount == by_share
    assert shown_percents(total, by_amount)[one.id] == percent

"""Budget lines for the tests of the allocation rules."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import strategies as st

from qihua_desktop.domain.budget import BudgetLine, LineLock
from qihua_desktop.domain.ids import EntityId

PROJECT = EntityId(bytes(16))
_numbers = count(1)


def line_id(number: int) -> EntityId:
    return EntityId(number.to_bytes(16, "big"))


def line(name="Line", amount=0, lock=LineLock.FREE, percent=0, parent=None, position=0, number=None, **fields):
    values: dict[str, Any] = {
        "quantity": 0,
        "unit": "",
        "unit_price": 0,
        "tax_rate": 0,
        "supplier": "",
        "basis": "",
        "colour": "",
        "is_reserve": False,
        "task_id": None,
        "notes": "",
    } | fields
    return BudgetLine(
        id=line_id(number or next(_numbers)),
        project_id=PROJECT,
        parent_id=parent,
        position=position,
        name=name,
        amount=amount,
        lock=lock,
        percent=percent,
        **values,
    )


LOCKS = st.sampled_from([LineLock.FREE, LineLock.FREE, LineLock.FREE, LineLock.AMOUNT, LineLock.PERCENT, LineLock.BOTH])


@st.composite
def budgets(draw, locks=LOCKS, max_rows=14):
    """A consistent tree of at most four levels: parents are sums of children."""
    from qihua_desktop.domain.allocation import roll_up

    rows: list[BudgetLine] = []
    levels: list[int] = []
    for index in range(draw(st.integers(1, max_rows))):
        candidates = [None, *(at for at in range(index) if levels[at] < 3)]
        parent = draw(st.sampled_from(candidates))
        levels.append(0 if parent is None else levels[parent] + 1)
        rows.append(
            line(
                f"row {index}",
                draw(st.integers(0, 10**8)),
                draw(locks),
                draw(st.integers(0, 4000)),
                None if parent is None else rows[parent].id,
                index,
                number=index + 1,
            )
        )
    return roll_up(tuple(draw(st.permutations(rows))))

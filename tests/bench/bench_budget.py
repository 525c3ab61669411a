"""Big budgets: the re-spread of 2,000 lines after one change, and opening the window on 5,000 lines.

The baseline of the re-spread is bare integer arithmetic: every line's share of the total, without remainders, locks or
levels. That of opening is a bare Qt tree view over the same rows, read straight from the file, built and painted.
"""

from __future__ import annotations

import cProfile
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from db import tables
from qihua_desktop.domain import allocation
from qihua_desktop.domain.budget import BudgetLine, LineLock
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.services import budget_lines, budget_view
from qihua_desktop.services.session import Session
from tests.services.budget_samples import add_event, empty, open_session
from tools.bench import Report, dominating

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from ui.budget.page import BudgetPage

SPREAD = 2_000
OPENED = 5_000
CATEGORIES = 20
ROUNDS = 15
SIZES = (1_250, 2_500, 5_000)


def run(report: Report) -> None:
    """Measure both on budgets made through the services' own tables."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    assert application is not None
    _spread(report)
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            place = Path(folder) / str(size)
            place.mkdir()
            session = open_session(place)
            project_id = big_budget(session, size)
            best = min(_open_seconds(session, project_id) for _round in range(3))
            if size == OPENED:
                bare = min(_bare_seconds(session, project_id) for _round in range(3))
                report.add(f"Open a budget of {size:,} lines", best, unit="s", baseline=bare, limit=0.5)
                report.note(f"Opening {size:,} lines is dominated by {_dominating(session, project_id)}")
            else:
                report.add(f"Open a budget of {size:,} lines", best, unit="s")
            session.workspace.close()


def _dominating(session: Session, project_id: EntityId) -> str:
    profile = cProfile.Profile()
    profile.enable()
    _open_seconds(session, project_id)
    profile.disable()
    return dominating(profile)


def big_budget(session: Session, count: int) -> EntityId:
    """Return a project whose budget has that many lines in twenty categories, some locked, one the reserve."""
    project_id = add_event(session, name="大项目", total=count * 100_000)
    empty(session, project_id)
    found = lines_of(project_id, count)
    with session.edit("big budget", project_id) as edit:
        tables.budget_lines.insert_many(edit, found)
    return project_id


def lines_of(project_id: EntityId, count: int) -> tuple[BudgetLine, ...]:
    """Return lines on two levels under twenty categories."""
    each = count // CATEGORIES - 1
    found: list[BudgetLine] = []
    for number in range(CATEGORIES):
        name = f"科目 {number + 1}"
        category = replace(
            budget_lines.new_line(project_id, None, name, f"series_{number % 8 + 1}"),
            id=new_id(), position=number, amount=each * 100_000, is_reserve=number == CATEGORIES - 1, basis="测算",
        )  # fmt: skip
        found.append(category)
        for at in range(each):
            lock = LineLock.AMOUNT if at % 10 == 0 else LineLock.FREE
            found.append(
                replace(
                    budget_lines.new_line(project_id, category.id, f"明细 {number + 1}.{at + 1}", category.colour),
                    id=new_id(),
                    position=at,
                    amount=100_000 + (at % 7 - 3) * 1_000 * (at % 14 != 13),
                    lock=lock,
                    supplier="上海恒隆物业",
                )
            )
    return allocation.roll_up(found)


def _spread(report: Report) -> None:
    lines = lines_of(new_id(), SPREAD)
    total = sum(line.amount for line in lines if line.parent_id is None)
    times: list[float] = []
    bare: list[float] = []
    for number in range(ROUNDS):
        new = total + (number + 1) * 12_345
        begun = perf_counter()
        after = allocation.respread(new, lines)
        times.append(perf_counter() - begun)
        assert sum(line.amount for line in after if line.parent_id is None) == new
        begun = perf_counter()
        _bare_spread(new, total, lines)
        bare.append(perf_counter() - begun)
    report.add(
        f"Re-spread {SPREAD:,} lines", sorted(times)[ROUNDS // 2] * 1000, unit="ms",
        baseline=sorted(bare)[ROUNDS // 2] * 1000, limit=16.0,
    )  # fmt: skip


def _bare_spread(new: int, total: int, lines: Sequence[BudgetLine]) -> list[int]:
    return [line.amount * new // total for line in lines]


def _open_seconds(session: Session, project_id: EntityId) -> float:
    """Return the seconds from making the page to its painted rows."""
    from PySide6.QtWidgets import QApplication, QWidget

    from ui.common.actions import ActionRegistry
    from ui.common.context import AppContext
    from ui.common.jobs import Jobs
    from ui.common.theme import theme

    holder = QWidget()
    context = AppContext(session, theme(), Jobs(holder), ActionRegistry(holder), holder)
    context.project_id = project_id
    begun = perf_counter()
    page = _page(context)
    page.resize(1250, 800)
    page.show()
    page.reload()
    QApplication.processEvents()
    page.grab()
    seconds = perf_counter() - begun
    page.hide()
    page.deleteLater()
    holder.deleteLater()
    context.close()
    QApplication.processEvents()
    return seconds


def _page(context: object) -> BudgetPage:
    from ui.budget.page import BudgetPage

    return BudgetPage(context)  # type: ignore[arg-type]


def _bare_seconds(session: Session, project_id: EntityId) -> float:
    """Return the seconds of a bare tree view over the same rows, read from the file and painted."""
    from PySide6.QtGui import QStandardItem, QStandardItemModel
    from PySide6.QtWidgets import QApplication, QTreeView

    begun = perf_counter()
    _budget, lines = budget_view.stored_budget(session, project_id)
    model = QStandardItemModel()
    items: dict[EntityId, QStandardItem] = {}
    for line in lines:
        cells = [line.name, line.supplier, "1.0%", f"{line.amount / 100:,.2f}", "0.00", "0.00", ""]
        row = [QStandardItem(text) for text in cells]
        items[line.id] = row[0]
        parent = items.get(line.parent_id) if line.parent_id is not None else None
        (parent or model.invisibleRootItem()).appendRow(row)
    tree: QWidget = QTreeView()
    tree.setModel(model)  # type: ignore[attr-defined]
    tree.expandAll()  # type: ignore[attr-defined]
    tree.resize(1250, 800)
    tree.show()
    QApplication.processEvents()
    tree.grab()
    seconds = perf_counter() - begun
    tree.hide()
    tree.deleteLater()
    QApplication.processEvents()
    return seconds

"""What the annual budget prints: the pools of a year, its projects and its months."""

from __future__ import annotations

from qihua_desktop.domain.annual import pool_level_label
from qihua_desktop.domain.canonical import JsonValue
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.pool_rules import plan_state_label
from qihua_desktop.i18n import _
from qihua_desktop.services import pools
from qihua_desktop.services.pool_uses import ProjectUses, project_uses
from qihua_desktop.services.session import Session
from qihua_desktop.services.settings import company
from qihua_desktop.services.year_view import OUTSIDE, YearRow

from .gather_vouchers import plain_info
from .inputs import Fact
from .money_inputs import AnnualInput, PoolTable, YearProject
from .month_chart import MonthFigures


def annual_input(session: Session, year: int) -> AnnualInput:
    """Return the 年度预算表 of a fiscal year. Raises InputError for a year without pools and projects."""
    found = pools.pools(session, year)
    view = pools.year_view(session, year)
    if not found and not view.rows:
        raise InputError(
            _("{year} has neither annual pools nor projects.").format(year=year),
            _("Add annual pools on the Budget page, or choose another year."),
        )
    tables = tuple(_pool_table(one) for one in found)
    names = {one.pool.id: one.pool.name for one in found}
    uses = {one.project.id: one for one in project_uses(session)}
    projects = tuple(_project(row, uses.get(row.project.id), names) for row in view.rows)
    months = tuple(
        MonthFigures(
            f"{number_year}-{month:02d}",
            view.total.plan[at] or None,
            view.total.committed[at] or None,
            view.total.actual[at] or None,
        )
        for at, (number_year, month) in enumerate(view.months)
    )
    plan, committed, actual = view.total.plan[OUTSIDE], view.total.committed[OUTSIDE], view.total.actual[OUTSIDE]
    content: JsonValue = [
        year,
        [[one.name, [[label, amount] for label, amount in one.terms]] for one in tables],
        [[one.number, one.name, one.plan, one.occupied, one.committed, one.actual] for one in projects],
    ]
    title = _("Annual budget {year}").format(year=year)
    info = plain_info(session, title, company(session).name, "", content)
    granted = sum(one.pool.amount + sum(more.amount for more in one.adjustments) for one in found)
    first, last = view.months[0], view.months[-1]
    facts = (
        Fact(_("Fiscal year"), f"{first[0]}-{first[1]:02d} – {last[0]}-{last[1]:02d}"),
        Fact(_("Pools / projects"), f"{len(tables)} / {len(projects)}"),
    )
    as_of = found[0].as_of if found else pools.as_of(session)
    return AnnualInput(info, facts, granted, tables, projects, months, (plan, committed, actual), as_of)


def _pool_table(view: pools.PoolView) -> PoolTable:
    plan, committed, actual = view.months.totals
    return PoolTable(
        view.pool.name,
        pool_level_label(view.pool.level),
        tuple((term.label, term.amount) for term in view.position.terms),
        len(view.adjustments),
        plan,
        committed,
        actual,
        view.pool.notes,
    )


def _project(row: YearRow, uses: ProjectUses | None, names: dict[EntityId, str]) -> YearProject:
    plan, committed, actual = row.figures.totals
    drawn = [names[pool_id] for pool_id in row.by_pool if pool_id is not None and pool_id in names]
    return YearProject(
        row.project.number,
        row.project.name,
        plan_state_label(uses.state) if uses is not None else "",
        _(", ").join(drawn),
        row.project.key_on,
        plan,
        committed,
        actual,
        sum(use.occupied for pool_id, use in uses.uses.items() if pool_id is not None) if uses is not None else 0,
    )

"""The registered tables: one repository each, and the names that the journal records.

A subject's row classes and entities are imported when one of its tables is first used: showing the first window needs
few of them. ``ALL`` and ``BY_NAME`` import every subject.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .rows.annual import annual_pools, pool_adjustments, pool_exceptions
    from .rows.budget import budget_lines, budget_versions, budgets
    from .rows.execution import deviation_reasons, line_forecasts, outcome_bases, reserve_releases, waivers
    from .rows.organisation import people, programmes, settings, strategies, templates
    from .rows.plan import (
        assignments,
        baseline_tasks,
        baselines,
        calendar_days,
        links,
        person_weeks,
        plan_sources,
        tasks,
    )
    from .rows.procurement import contracts, payments, quotes, stock_items, stock_uses, suppliers
    from .rows.project import attachments, gate_items, project_documents, projects, risks, stages
    from .rows.review import plan_documents, plan_sections, plan_versions, review_comments, review_seats, sign_offs
    from .rows.survey import jumps, options, questions, surveys
    from .rows.vouchers import expense_claims, voucher_shares, vouchers
    from .table import Table

    ALL: tuple[Table[Any], ...]
    BY_NAME: dict[str, Table[Any]]

# In the order in which ``ALL`` lists them.
_TABLES = {
    "organisation": ("settings", "people", "strategies", "programmes", "templates"),
    "project": ("projects", "stages", "gate_items", "attachments", "project_documents", "risks"),
    "plan": (
        "tasks",
        "links",
        "assignments",
        "calendar_days",
        "person_weeks",
        "plan_sources",
        "baselines",
        "baseline_tasks",
    ),
    "budget": ("budgets", "budget_lines", "budget_versions"),
    "review": ("plan_documents", "plan_sections", "plan_versions", "review_seats", "sign_offs", "review_comments"),
    "procurement": ("suppliers", "quotes", "contracts", "payments", "stock_items", "stock_uses"),
    "vouchers": ("expense_claims", "vouchers", "voucher_shares"),
    "annual": ("annual_pools", "pool_adjustments", "pool_exceptions"),
    "execution": ("reserve_releases", "line_forecasts", "deviation_reasons", "outcome_bases", "waivers"),
    "survey": ("surveys", "questions", "options", "jumps"),
}
_SUBJECTS = {name: subject for subject, names in _TABLES.items() for name in names}

__all__ = [
    "ALL",
    "BY_NAME",
    "annual_pools",
    "assignments",
    "attachments",
    "baseline_tasks",
    "baselines",
    "budget_lines",
    "budget_versions",
    "budgets",
    "calendar_days",
    "contracts",
    "deviation_reasons",
    "expense_claims",
    "gate_items",
    "jumps",
    "line_forecasts",
    "links",
    "options",
    "outcome_bases",
    "payments",
    "people",
    "person_weeks",
    "plan_documents",
    "plan_sections",
    "plan_sources",
    "plan_versions",
    "pool_adjustments",
    "pool_exceptions",
    "programmes",
    "project_documents",
    "projects",
    "questions",
    "quotes",
    "reserve_releases",
    "review_comments",
    "review_seats",
    "risks",
    "settings",
    "sign_offs",
    "stages",
    "stock_items",
    "stock_uses",
    "strategies",
    "suppliers",
    "surveys",
    "tasks",
    "templates",
    "voucher_shares",
    "vouchers",
    "waivers",
]

if not TYPE_CHECKING:  # a type checker sees the imports above, and misspelt names

    def __getattr__(name: str) -> Any:
        """Import a subject when one of its tables is first asked for."""
        if name in _SUBJECTS:
            found = getattr(import_module(f".rows.{_SUBJECTS[name]}", __package__), name)
        elif name == "ALL":
            found = tuple(__getattr__(one) for one in _SUBJECTS)
        elif name == "BY_NAME":
            found = {table.name: table for table in __getattr__("ALL")}
        else:
            raise AttributeError(f"no table {name}")
        globals()[name] = found
        return found

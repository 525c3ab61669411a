"""Which pages the program has; each class is imported when it is first shown."""

from __future__ import annotations

import importlib.util

from qihua_desktop.i18n import N_
from ui.common.page import Page
from ui.shell.registry import PageRegistry, PageSpec, Section


def page_registry() -> PageRegistry:
    """Return the pages there are, in the order of the navigation; classes are imported when first shown."""
    pages = (
        PageSpec("today", Section.WORKBENCH, N_("My day"), "sun", "Ctrl+1", _today),
        PageSpec("projects", Section.WORKBENCH, N_("Projects"), "folder-kanban", "Ctrl+2", _projects),
        PageSpec("portfolio", Section.WORKBENCH, N_("Portfolio"), "chart-no-axes-combined", "Ctrl+9", _portfolio),
        PageSpec("approvals", Section.WORKBENCH, N_("Approvals"), "stamp", "Ctrl+3", _approvals),
        PageSpec("overview", Section.PROJECT, N_("Overview"), "layout-dashboard", "Ctrl+4", _overview),
        PageSpec("gantt", Section.PROJECT, N_("Gantt chart"), "chart-gantt", "Ctrl+5", _gantt),
        PageSpec("budget", Section.PROJECT, N_("Budget allocation"), "wallet", "Ctrl+6", _budget),
        PageSpec("review", Section.PROJECT, N_("Review and sign-off"), "signature", "Ctrl+7", _review),
        PageSpec("survey", Section.PROJECT, N_("Surveys"), "clipboard-list", "Ctrl+8", _survey),
        PageSpec("suppliers", Section.DEPARTMENT, N_("Suppliers, stock"), "store", "Alt+5", _suppliers),
        PageSpec("annual", Section.DEPARTMENT, N_("Annual budgets"), "calculator", "Alt+6", _annual),
        PageSpec("people", Section.DEPARTMENT, N_("People"), "users", "Alt+1", _people),
        PageSpec("strategy", Section.DEPARTMENT, N_("Strategy"), "target", "Alt+2", _strategy),
        PageSpec("templates", Section.DEPARTMENT, N_("Templates"), "layers", "Alt+3", _templates),
        PageSpec("history", Section.DEPARTMENT, N_("History"), "history", "Alt+4", _history),
    )
    windows = {"gantt", "budget", "review", "survey"}
    there = {key for key in windows if importlib.util.find_spec(f"ui.{key}.page") is not None}
    return PageRegistry([page for page in pages if page.key not in windows or page.key in there])


def _today() -> type[Page]:
    from ui.shell.pages.today_page import TodayPage

    return TodayPage


def _projects() -> type[Page]:
    from ui.shell.pages.projects_page import ProjectsPage

    return ProjectsPage


def _portfolio() -> type[Page]:
    from ui.gantt.portfolio.page import PortfolioPage

    return PortfolioPage


def _approvals() -> type[Page]:
    from ui.shell.pages.approvals_page import ApprovalsPage

    return ApprovalsPage


def _overview() -> type[Page]:
    from ui.shell.pages.overview_page import OverviewPage

    return OverviewPage


def _gantt() -> type[Page]:
    from ui.gantt.page import GanttPage

    return GanttPage


def _budget() -> type[Page]:
    from ui.budget.page import BudgetPage

    return BudgetPage


def _review() -> type[Page]:
    from ui.review.page import ReviewPage

    return ReviewPage


def _survey() -> type[Page]:
    from ui.survey.page import SurveyPage

    return SurveyPage


def _suppliers() -> type[Page]:
    from ui.suppliers.page import SuppliersPage

    return SuppliersPage


def _annual() -> type[Page]:
    from ui.annual.page import AnnualPage

    return AnnualPage


def _people() -> type[Page]:
    from ui.shell.pages.people_page import PeoplePage

    return PeoplePage


def _strategy() -> type[Page]:
    from ui.shell.pages.strategy_page import StrategyPage

    return StrategyPage


def _templates() -> type[Page]:
    from ui.shell.pages.templates_page import TemplatesPage

    return TemplatesPage


def _history() -> type[Page]:
    from ui.shell.pages.history_page import HistoryPage

    return HistoryPage

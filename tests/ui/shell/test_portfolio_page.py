"""The overview of all projects in the real window."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from qihua_desktop.domain.portfolio_scene import ROW_HEIGHT
from qihua_desktop.domain.project import ProjectKind, ProjectStatus
from qihua_desktop.services import projects
from ui.gantt.portfolio.lines import PEOPLE_KEY
from ui.gantt.portfolio.page import PortfolioPage
from ui.shell.main_window import MainWindow


def shown_page(window: MainWindow) -> PortfolioPage:
    window.show_page("portfolio")
    QApplication.processEvents()
    page = window.host.page("portfolio")
    assert isinstance(page, PortfolioPage)
    return page


def test_every_project_has_a_row_level_with_its_bar(window: MainWindow) -> None:
    page = shown_page(window)
    count = len(projects.all_projects(window.context.session))
    keys = page.shown_keys()
    assert len([key for key in keys if key.startswith("project:")]) == count
    assert PEOPLE_KEY in keys
    for number, key in enumerate(keys):
        assert page.tree.visualRect(page.model.index_of(key)).top() == round(number * ROW_HEIGHT)


def test_opening_a_project_shows_its_stages_below_it(window: MainWindow) -> None:
    page = shown_page(window)
    first = page.shown_keys()[0]
    page.toggle(first)
    after = page.shown_keys()
    assert after[1].startswith("stage:")
    page.toggle(first)
    assert not any(key.startswith("stage:") for key in page.shown_keys())
    page.toggle(first)
    page.reload()
    assert page.shown_keys() == after


def test_filters_narrow_projects_conflicts_and_people(window: MainWindow) -> None:
    page = shown_page(window)
    page.kinds.set_current(ProjectKind.EVENT.value)
    page._apply()
    page.status.setCurrentIndex(1 + list(ProjectStatus).index(ProjectStatus.CLOSED))
    shown = [row.project_id for row in page.model.rows if row.key.startswith("project:")]
    wanted = [
        one.id
        for one in projects.all_projects(window.context.session)
        if one.kind is ProjectKind.EVENT and one.status is ProjectStatus.CLOSED
    ]
    assert shown == wanted
    assert page.clashes.model.rows == ()
    page.clear_filter()
    assert len(page.clashes.model.rows) > 0


def test_a_conflict_leads_to_the_person_and_to_the_projects(window: MainWindow) -> None:
    page = shown_page(window)
    clash = page.clashes.model.rows[0]
    page.clashes.table.select_identity((clash.person_id, clash.week.monday.isoformat()))
    assert page.tree.current_row().key == f"person:{clash.person_id.hex()}"
    actions = [one for one in page.clashes.row_menu(clash).actions() if not one.isSeparator()]
    assert len(actions) == len(clash.tasks) + len(clash.week.shares)
    actions[-1].trigger()
    assert window.host.current_key == "gantt"
    assert window.context.project_id == clash.week.shares[-1][0]


def test_a_conflict_leads_to_its_largest_task(window: MainWindow) -> None:
    page = shown_page(window)
    clash = page.clashes.model.rows[0]
    assert sum(task.minutes for task in clash.tasks) == clash.week.planned
    page.clashes.table.row_activated.emit(clash)
    assert window.host.current_key == "gantt"
    assert window.context.project_id == clash.tasks[0].project_id
    current = window.host.page("gantt").current_row()  # type: ignore[attr-defined]
    assert current.id == clash.tasks[0].id


def test_activating_a_project_opens_its_plan(window: MainWindow) -> None:
    page = shown_page(window)
    row = page.model.rows[0]
    page.chart.object_activated.emit(row.key)
    assert window.host.current_key == "gantt"
    assert window.context.project_id == row.project_id


def test_zoom_keeps_the_middle_and_fit_shows_everything(window: MainWindow) -> None:
    page = shown_page(window)
    middle = page.chart.viewport().width() / 2
    before = page.picture.axis.scale.at(page.chart.horizontalScrollBar().value() + middle)
    page.set_day_width(30.0)
    after = page.picture.axis.scale.at(page.chart.horizontalScrollBar().value() + middle)
    assert abs(after - before) < 2 * 1440
    page.fit()
    left, right = page._span()
    scale, scrolled = page.picture.axis.scale, page.chart.horizontalScrollBar().value()
    assert scale.x(left) >= scrolled
    assert scale.x(right) <= scrolled + page.chart.viewport().width()

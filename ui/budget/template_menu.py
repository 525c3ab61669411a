"""The menu of proportion templates (套用比例模板)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from qihua_desktop.domain.formatting import percent_exact
from qihua_desktop.i18n import _
from qihua_desktop.services.budget_proportions import (
    ProportionSource,
    ProportionTemplate,
    apply_proportions,
    proportion_templates,
)
from ui.common.icons import set_icon
from ui.common.labels import literal, set_tool_tip

if TYPE_CHECKING:
    from .allocation_tab import AllocationTab

_FIGURES_SHOWN = 7
_ICONS = {
    ProportionSource.BUILT_IN: "chart-pie",
    ProportionSource.SAVED: "layers",
    ProportionSource.PROJECT: "folder-kanban",
}


def fill_template_menu(menu: QMenu, page: AllocationTab) -> None:
    """List the templates by where they come from; choosing one applies it."""
    project_id = page.project_id
    menu.clear()
    menu.setToolTipsVisible(True)
    if project_id is None:
        return
    titles = {
        ProportionSource.BUILT_IN: _("Kinds of projects"),
        ProportionSource.SAVED: _("Saved templates"),
        ProportionSource.PROJECT: _("Other projects"),
    }
    last: ProportionSource | None = None
    for template in proportion_templates(page.context.session, project_id):
        if template.source is not last:
            if last is not None:
                menu.addSeparator()
            menu.addAction(titles[template.source]).setEnabled(False)
            last = template.source
        figures = " · ".join(percent_exact(one.percent).rstrip("%") for one in template.categories[:_FIGURES_SHOWN])
        action = menu.addAction(f"{literal(template.name)}\t{figures}")
        set_icon(action, _ICONS[template.source])
        set_tool_tip(action, shares_text(template))
        action.triggered.connect(lambda _checked=False, chosen=template: _apply(page, chosen))


def shares_text(template: ProportionTemplate) -> str:
    """Return the shares in one line: 场地费 30% · 物料费 25% …"""
    return " · ".join(f"{one.name[:20]} {percent_exact(one.percent)}" for one in template.categories)


def _apply(page: AllocationTab, template: ProportionTemplate) -> None:
    project_id = page.project_id
    if project_id is not None and page.perform(
        lambda: apply_proportions(page.context.session, project_id, template.categories)
    ):
        page.context.notice_posted.emit(_("Applied the proportions of “{name}”.").format(name=template.name[:60]))

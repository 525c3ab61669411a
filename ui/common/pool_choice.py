"""Which annual pool a project or one of its categories draws on: a dialog that every window may use."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.annual import pool_level_label
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.i18n import _
from qihua_desktop.services import budget_view, pools

from . import dialogs
from .choice_box import ChoiceBox
from .context import AppContext
from .dialog_base import BaseDialog
from .widgets import FormGrid, secondary_label


class PoolChoiceDialog(BaseDialog):
    """Offers the pools of the project's fiscal year with what each still has; accepting assigns the pool."""

    def __init__(
        self, context: AppContext, project_id: EntityId, parent: QWidget | None, *, line_id: EntityId | None = None
    ) -> None:
        super().__init__(_("Annual pool"), parent, accept_text=_("Choose"))
        self._context = context
        self._project_id = project_id
        self._line_id = line_id
        budget, lines = budget_view.stored_budget(context.session, project_id)
        line = next((one for one in lines if one.id == line_id), None)
        self._views = pools.pools(context.session, pools.project_year(context.session, project_id))
        self.pool = ChoiceBox()
        self.pool.add(_("No pool") if line is None else _("As the project"), None)
        for view in self._views:
            self.pool.add(view.pool.name, view.pool.id)
        self.pool.select(budget.pool_id if line is None else line.pool_id)
        self.words = secondary_label(wrap=True)
        self.pool.currentIndexChanged.connect(lambda _at: self._say())
        form = FormGrid()
        form.add_row(_("Draws on") if line is None else _("“{line}” draws on").format(line=line.name[:40]), self.pool)
        form.add_wide(self.words)
        self.body.addWidget(form)
        self._say()
        self.check = self._save

    def _say(self) -> None:
        view = next((one for one in self._views if one.pool.id == self.pool.value()), None)
        if view is None:
            self.words.setText("" if self._views else _("The project's year has no annual pools yet."))
            return
        words = _("Available: {amount} yuan. When exceeded: {level}. {as_of}").format(
            amount=money_text(view.position.available), level=pool_level_label(view.pool.level), as_of=view.as_of
        )
        self.words.setText(words)

    def _save(self) -> None:
        session = self._context.session
        if self._line_id is None:
            pools.assign_project(session, self._project_id, self.pool.value())
        else:
            pools.assign_category(session, self._line_id, self.pool.value())


def choose_pool(
    context: AppContext, project_id: EntityId, parent: QWidget | None, *, line_id: EntityId | None = None
) -> bool:
    """Ask which pool a project, or a category of its budget, draws on; returns whether one was chosen."""
    return dialogs.run_form(PoolChoiceDialog(context, project_id, parent, line_id=line_id))

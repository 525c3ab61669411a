"""Adding and adjusting a pool, copying a year, signing an exception."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QSpinBox, QWidget

from qihua_desktop.domain.annual import AnnualPool, PoolLevel, pool_level_label
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.formatting import money_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Role
from qihua_desktop.i18n import _
from qihua_desktop.services import people, pools
from qihua_desktop.services.annual_overview import YearOverview
from qihua_desktop.services.pools import ProjectPool
from ui.common.choice_box import ChoiceBox
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.fields import MoneyEdit, TextArea
from ui.common.widgets import FormGrid, secondary_label


class PoolDialog(BaseDialog):
    """Asks for a new pool."""

    def __init__(self, context: AppContext, year: int, parent: QWidget | None) -> None:
        super().__init__(_("Add a pool for {year}").format(year=year), parent, accept_text=_("Add"))
        self._context = context
        self._year = year
        self.added: AnnualPool | None = None
        self.name = QLineEdit()
        self.amount = MoneyEdit(required=True)
        self.level = ChoiceBox()
        for level in PoolLevel:
            self.level.add(pool_level_label(level), level)
        self.level.select(PoolLevel.WARN)
        self.notes = TextArea(lines=2)
        form = FormGrid()
        form.add_row(_("Purpose"), self.name)
        form.add_row(_("Amount"), self.amount)
        form.add_row(_("When exceeded"), self.level, _("What happens to a plan that needs more than the pool has."))
        form.add_row(_("Notes"), self.notes)
        self.body.addWidget(form)
        self.check = self._save

    def _save(self) -> None:
        self.added = pools.add_pool(
            self._context.session,
            self._year,
            self.name.text(),
            self.amount.require(),
            self.level.value(),
            self.notes.text(),
        )


class AdjustDialog(BaseDialog):
    """Asks by how much a pool is raised or lowered, and why; the adjustment stays on record."""

    def __init__(self, context: AppContext, pool: AnnualPool, parent: QWidget | None) -> None:
        super().__init__(_("Adjust “{pool}”").format(pool=pool.name[:60]), parent, accept_text=_("Adjust"))
        self._context = context
        self._pool = pool
        self.body.addWidget(
            secondary_label(_("The amount at the start of the year stays; a change is logged."), wrap=True)
        )
        self.amount = MoneyEdit(required=True)
        self.reason = TextArea(lines=3)
        form = FormGrid()
        form.add_row(_("Raise by"), self.amount, _("A negative amount lowers the pool."))
        form.add_row(_("Reason"), self.reason)
        self.body.addWidget(form)
        self.check = self._save

    def _save(self) -> None:
        pools.adjust_pool(self._context.session, self._pool.id, self.amount.require(), self.reason.text())


class CopyYearDialog(BaseDialog):
    """Asks which year's pools are taken over."""

    def __init__(self, context: AppContext, year: int, parent: QWidget | None) -> None:
        super().__init__(_("Copy pools to {year}").format(year=year), parent, accept_text=_("Copy"))
        self._context = context
        self._year = year
        self.source = QSpinBox()
        self.source.setRange(2000, 2200)
        self.source.setValue(year - 1)
        form = FormGrid()
        form.add_row(_("From the year"), self.source, _("Names, amounts and levels; adjustments are not copied."))
        self.body.addWidget(form)
        self.check = self._save

    def _save(self) -> None:
        pools.copy_year(self._context.session, self.source.value(), self._year)


class ExceptionDialog(BaseDialog):
    """A director permits by PIN that a plan exceeds a pool."""

    def __init__(
        self, context: AppContext, shown: YearOverview, parent: QWidget | None, *, project_id: EntityId | None = None
    ) -> None:
        super().__init__(_("Sign an exception"), parent, accept_text=_("Sign"), width=500)
        self._context = context
        self.signed = False
        self._asks: dict[EntityId, tuple[ProjectPool, ...]] = {
            row.project.id: tuple(one for one in row.asks if one.excess and one.exception is None)
            for row in shown.projects
        }
        self.body.addWidget(
            secondary_label(
                _(
                    "It holds for the budget as it stands and for this excess. Only a director who did not write the "
                    "plan can sign; the reason is kept."
                ),
                wrap=True,
            )
        )
        self.project = ChoiceBox()
        for row in shown.projects:
            if self._asks[row.project.id]:
                self.project.add(f"{row.project.number} {row.project.name}", row.project.id)
        self.pool = ChoiceBox()
        self.excess = secondary_label(wrap=True)
        self.signer = ChoiceBox()
        for person in people.list_people(context.session):
            if person.role is Role.DIRECTOR:
                self.signer.add(person.name, person.id)
        self.reason = TextArea(lines=3)
        self.pin = QLineEdit()
        self.pin.setEchoMode(QLineEdit.EchoMode.Password)
        self.pin.setMaxLength(12)
        form = FormGrid()
        form.add_row(_("Project"), self.project)
        form.add_row(_("Pool"), self.pool)
        form.add_wide(self.excess)
        form.add_row(_("Reason"), self.reason)
        form.add_row(_("Director"), self.signer)
        form.add_row(_("Sign-off PIN"), self.pin)
        self.body.addWidget(form)
        if project_id in self.project.values():
            self.project.select(project_id)
        self.project.currentIndexChanged.connect(lambda _at: self._fill_pools())
        self.pool.currentIndexChanged.connect(lambda _at: self._say())
        self._fill_pools()
        self.check = self._sign

    def _fill_pools(self) -> None:
        self.pool.clear_choices()
        for one in self._asks.get(self.project.value(), ()):
            if one.pool is not None:
                self.pool.add(one.pool.name, one.pool.id)
        self._say()

    def _say(self) -> None:
        chosen = self.pool.value()
        asked = next((one for one in self._asks.get(self.project.value(), ())
                      if one.pool is not None and one.pool.id == chosen), None)  # fmt: skip
        self.excess.setText(
            _("No plan exceeds its pool.")
            if asked is None
            else _("{words} Allowed: {amount} yuan.").format(words=asked.words, amount=money_text(asked.excess))
        )

    def _sign(self) -> None:
        if self.pool.value() is None:
            raise InputError(_("No plan exceeds its pool."))
        if self.signer.value() is None:
            raise InputError(_("Nobody has the role of a director."), _("Give it to somebody on the People page."))
        pools.sign_exception(
            self._context.session,
            self.project.value(),
            self.pool.value(),
            self.reason.text(),
            self.pin.text(),
            person_id=self.signer.value(),
        )
        self.signed = True

"""Settings of this machine (appearance, backups) and of the workspace (the company on the PDFs)."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTabWidget, QVBoxLayout, QWidget

from qihua_desktop import paths
from qihua_desktop.domain.errors import InputError
from qihua_desktop.i18n import _
from qihua_desktop.services import settings as settings_service
from qihua_desktop.services.settings import CompanyProfile
from qihua_desktop.settings_store import SCALES
from ui.common import dialogs
from ui.common.choice_box import ChoiceBox, at_left
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.labels import PictureLabel
from ui.common.theme import SPACE_2, SPACE_4
from ui.common.widgets import Banner, FormGrid, Segment, SegmentedControl, Tone, button, link_button

from .money_rules import MoneyRules
from .ports import Desk

_LOGO_SIDE = 64


class SettingsDialog(BaseDialog):
    """Takes effect when saved; a new language makes the windows anew, a new scale wants a restart."""

    def __init__(self, desk: Desk, context: AppContext, parent: QWidget | None) -> None:
        super().__init__(_("Settings"), parent, accept_text=_("Save"), width=600)
        self.resize(600, 460)
        self._desk = desk
        self._context = context
        self._company = settings_service.company(context.session)
        self._logo = self._company.logo
        self.restart_wanted = False
        self.tabs = QTabWidget()
        self.tabs.addTab(self._appearance(), _("Appearance"))
        self.tabs.addTab(self._backups(), _("Backups"))
        self.tabs.addTab(self._company_page(), _("Company"))
        self.money = MoneyRules(context)
        self.tabs.addTab(self.money, _("Money rules"))
        self.body.addWidget(self.tabs, 1)
        self.check = self._save

    def open_and_apply(self) -> None:
        """Run the dialog and put into force what was saved."""
        if not dialogs.run_form(self):
            return
        parent, desk = self.parentWidget(), self._desk
        wanted = self.restart_wanted
        desk.apply_settings()
        if wanted and dialogs.confirm(parent, _("The new size takes effect after a restart."), action=_("Restart now")):
            desk.restart()

    def _appearance(self) -> QWidget:
        stored = self._desk.store.settings
        self.theme = SegmentedControl(
            (
                Segment("light", _("Light"), "sun"),
                Segment("dark", _("Dark"), "moon"),
                Segment("system", _("As the system"), "monitor"),
            ),
            accessible_name=_("Colour theme"),
            current=stored.theme,
        )
        self.language = ChoiceBox()
        for key, text in (("auto", _("As the system")), ("zh_CN", "简体中文"), ("en", "English")):
            self.language.add(text, key)
        self.language.select(stored.language)
        self.scale = ChoiceBox()
        for percent in SCALES:
            self.scale.add(f"{percent}%", percent)
        self.scale.select(stored.scale)
        form = FormGrid()
        form.add_row(_("Colour theme"), at_left(self.theme))
        form.add_row(_("Language"), self.language)
        form.add_row(_("Size of everything"), self.scale, _("Takes effect after a restart."))
        return _tab(form)

    def _backups(self) -> QWidget:
        stored = self._desk.store.settings
        usual = str(paths.default_backup_folder())
        self.folder = _FolderField(stored.backup_folder, usual)
        self.second = _FolderField(stored.second_backup_folder, _("none, e.g. a USB stick or a share"))
        form = FormGrid()
        form.add_row(
            _("Backup folder"),
            self.folder,
            _("Verified backups: all of two days, then 12 daily, 10 weekly and 9 monthly ones."),
        )
        form.add_row(_("Second place"), self.second)
        return _tab(form)

    def _company_page(self) -> QWidget:
        company = self._company
        self.name = QLineEdit(company.name)
        self.tax_id = QLineEdit(company.tax_id)
        self.address = QLineEdit(company.address)
        self.phone = QLineEdit(company.phone)
        self.logo = PictureLabel(_("Logo"))
        self.logo.setFixedSize(QSize(160, _LOGO_SIDE))
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(self.logo)
        self.logo_button = button(_("Choose…"), self._choose_logo)
        self.no_logo = link_button(_("No logo"), self._remove_logo)
        row.addWidget(self.logo_button)
        row.addWidget(self.no_logo)
        row.addStretch(1)
        holder = QWidget()
        holder.setLayout(row)
        form = FormGrid()
        form.add_row(_("Company"), self.name)
        form.add_row(_("Tax number"), self.tax_id)
        form.add_row(_("Address"), self.address)
        form.add_row(_("Phone"), self.phone)
        form.add_row(_("Logo"), holder, _("PNG or JPEG; stands in the header of every PDF."))
        page = _tab(form)
        writable = not self._context.session.workspace.read_only
        if not writable:
            form.add_wide(Banner(_("This workspace is open for viewing only."), Tone.WARN))
        for field in (self.name, self.tax_id, self.address, self.phone, holder):
            field.setEnabled(writable)
        self._show_logo()
        return page

    def _show_logo(self) -> None:
        image = QImage.fromData(self._logo) if self._logo else QImage()
        if image.isNull():
            self.logo.setPixmap(QPixmap())
        else:
            ratio = self.devicePixelRatioF()
            size = QSize(round(160 * ratio), round(_LOGO_SIDE * ratio))
            scaled = image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
            scaled.setDevicePixelRatio(ratio)
            self.logo.setPixmap(QPixmap.fromImage(scaled))
        self.logo.setVisible(not image.isNull())
        self.no_logo.setVisible(bool(self._logo))

    def _choose_logo(self) -> None:
        path = dialogs.open_file(self, _("Logo"), _("Pictures") + " (*.png *.jpg *.jpeg)")
        if path is None:
            return
        try:
            data = path.read_bytes()
        except OSError as error:
            self.set_problem(_("“{file}” cannot be read.").format(file=path.name) + f" {error.strerror or ''}")
            return
        self._logo = data
        self._show_logo()

    def _remove_logo(self) -> None:
        self._logo = b""
        self._show_logo()

    def _save(self) -> None:
        for field in (self.folder, self.second):
            field.check()
        self.money.save()
        company = CompanyProfile(
            self.name.text(), self.tax_id.text(), self.address.text(), self.phone.text(), self._logo
        )
        if company != self._company and not self._context.session.workspace.read_only:
            settings_service.save_company(self._context.session, company)
        store = self._desk.store
        before = store.settings.scale
        store.change(
            theme=self.theme.current_key(),
            language=self.language.value(),
            scale=self.scale.value(),
            backup_folder=self.folder.value(),
            second_backup_folder=self.second.value(),
        )
        self.restart_wanted = before != self.scale.value()


class _FolderField(QWidget):
    """A folder typed or chosen; empty means the usual one."""

    def __init__(self, value: str, placeholder: str) -> None:
        super().__init__()
        self.field = QLineEdit(value)
        self.field.setPlaceholderText(placeholder)
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName(_("Folder"))
        self.setFocusProxy(self.field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field, 1)
        row.addWidget(button(_("Choose…"), self._choose))

    def value(self) -> str:
        """Return the folder, empty for the usual one."""
        return self.field.text().strip()

    def check(self) -> None:
        """Raise InputError when the folder cannot be used."""
        if not self.value():
            return
        try:
            Path(self.value()).mkdir(parents=True, exist_ok=True)
        except (OSError, ValueError) as error:
            raise InputError(
                _("The folder “{folder}” cannot be used.").format(folder=self.value()), str(error.__class__.__name__)
            ) from error

    def _choose(self) -> None:
        folder = dialogs.pick_folder(self, _("Folder"))
        if folder is not None:
            self.field.setText(str(folder))


def _tab(form: FormGrid) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, SPACE_4, 0, 0)
    column.addWidget(form)
    column.addStretch(1)
    return page

"""Passwords of workspace files: entering, setting, changing, removing; the recovery code, shown once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QWidget

from qihua_desktop.domain.errors import InputError, PasswordNeeded
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.session import Session
from ui.common import dialogs
from ui.common.context import AppContext
from ui.common.dialog_base import BaseDialog
from ui.common.dialogs import Choice
from ui.common.widgets import FormGrid, PlainLabel, button, link_button, secondary_label

from .ports import WorkspaceFiles


class UnlockDialog(BaseDialog):
    """Asks for the password, or for the recovery code when it was forgotten."""

    def __init__(self, files: WorkspaceFiles, path: Path, parent: QWidget | None, *, read_only: bool = False) -> None:
        super().__init__(_("Password"), parent, accept_text=_("Open"))
        self._files = files
        self._path = path
        self._read_only = read_only
        self.session: Session | None = None
        self.forgotten = False
        self.body.addWidget(PlainLabel(path.stem, bold=True, wrap=True))
        self.text = secondary_label(_("This workspace is encrypted. Type its password to open it."), wrap=True)
        self.body.addWidget(self.text)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(_("Password"))
        self.body.addWidget(self.field)
        self.show_box = QCheckBox(_("Show what I type"))
        self.show_box.toggled.connect(self._on_show_toggled)
        self.body.addWidget(self.show_box)
        self.switch = link_button(_("Forgot the password?"), self.use_code)
        self.buttons.insertWidget(0, self.switch)
        self.switch.setVisible(not read_only)
        self.field.setFocus()
        self.check = self._open

    def use_code(self) -> None:
        """Ask for the recovery code instead."""
        self.forgotten = True
        self.text.setText(
            _("Type the recovery code that was shown when the password was set. Without it nobody can open the file.")
        )
        self.field.setEchoMode(QLineEdit.EchoMode.Normal)
        self.field.setAccessibleName(_("Recovery code"))
        self.field.clear()
        self.show_box.hide()
        self.switch.hide()
        self.set_problem("")
        self.field.setFocus()

    def _open(self) -> None:
        try:
            if self.forgotten:
                self.session = self._files.open_with_code(self._path, self.field.text())
            else:
                self.session = self._files.open(self._path, password=self.field.text(), read_only=self._read_only)
        except PasswordNeeded:
            self.field.selectAll()
            self.field.setFocus()
            raise

    def _on_show_toggled(self, shown: bool) -> None:
        self.field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)


class NewPasswordDialog(BaseDialog):
    """Asks twice for a new password, and for the present one where there is one."""

    def __init__(
        self, files: WorkspaceFiles, parent: QWidget | None, *, session: Session | None = None, ask_old: bool = False
    ) -> None:
        title = _("Change the password") if ask_old else _("Set a password")
        super().__init__(title, parent, accept_text=title)
        self._files = files
        self._session = session
        self.body.addWidget(
            secondary_label(
                _("The file is encrypted with it. A forgotten password can only be replaced with the recovery code."),
                wrap=True,
            )
        )
        form = FormGrid()
        self.old = _secret() if ask_old else None
        self.new = _secret()
        self.again = _secret()
        if self.old is not None:
            form.add_row(_("Present password"), self.old)
        form.add_row(_("New password"), self.new, _("A sentence of several words is strong and easy to remember."))
        form.add_row(_("New password again"), self.again)
        self.body.addWidget(form)
        self.check = self._test

    def _test(self) -> None:
        session, old = self._session, self.old
        if old is not None and session is not None and not self._files.check_password(session, old.text()):
            raise InputError(_("The present password is wrong."))
        problem = self._files.password_problem(self.new.text())
        if problem:
            raise InputError(problem)
        if self.new.text() != self.again.text():
            raise InputError(_("The two passwords differ."), _("Type the new password again."))


class RecoveryCodeDialog(BaseDialog):
    """Shows the recovery code once; closes only when it was kept."""

    def __init__(self, code: str, parent: QWidget | None) -> None:
        super().__init__(_("Recovery code"), parent, accept_text=_("Done"), width=520)
        self.body.addWidget(
            PlainLabel(_("Write this code down or print it. It is shown only now."), wrap=True, bold=True)
        )
        self.body.addWidget(
            secondary_label(
                _("With it a forgotten password can be replaced. Keep it away from this laptop."), wrap=True
            )
        )
        self.field = QPlainTextEdit()
        self.field.setPlainText(code)
        self.field.setReadOnly(True)
        self.field.setTabChangesFocus(True)
        self.field.setAccessibleName(_("Recovery code"))
        self.field.setMaximumHeight(84)
        self.body.addWidget(self.field)
        self.copy_button = button(_("Copy"), lambda: QGuiApplication.clipboard().setText(code), icon_name="copy")
        self.buttons.insertWidget(0, self.copy_button)
        self.kept = QCheckBox(_("I have kept the recovery code"))
        self.kept.toggled.connect(self.accept_button.setEnabled)
        self.body.addWidget(self.kept)
        self.cancel_button.hide()
        self.accept_button.setEnabled(False)

    def reject(self) -> None:
        """Stay open until the code was kept."""
        if self.kept.isChecked():
            super().reject()


def manage_password(files: WorkspaceFiles, context: AppContext, parent: QWidget) -> None:
    """Set a password, or change or remove the one there is."""
    session = context.session
    if not files.is_encrypted(session):
        _set(files, context, parent, ask_old=False)
        return
    choices = (
        Choice("cancel", _("Cancel")),
        Choice("remove", _("Remove the password"), danger=True),
        Choice("change", _("Change the password"), primary=True),
    )
    answer = dialogs.choose(parent, _("This workspace has a password."), choices)
    if answer == "change":
        _set(files, context, parent, ask_old=True)
    elif answer == "remove":
        given = dialogs.ask_text(parent, _("Remove the password"), _("Present password"), password=True)
        if given is None:
            return
        if not files.check_password(session, given):
            dialogs.warn(parent, _("The present password is wrong."))
        elif context.attempt(lambda: files.remove_password(session), parent):
            context.notice_posted.emit(_("The file is no longer encrypted."))


def set_new_password(files: WorkspaceFiles, session: Session, parent: QWidget | None, *, ask_old: bool) -> bool:
    """Ask for a new password, set it and show the recovery code. Raises StorageError."""
    dialog = NewPasswordDialog(files, parent, session=session, ask_old=ask_old)
    if not dialogs.run_form(dialog):
        return False
    code = files.set_password(session, dialog.new.text())
    dialogs.run_form(RecoveryCodeDialog(code, parent))
    return True


def _set(files: WorkspaceFiles, context: AppContext, parent: QWidget, *, ask_old: bool) -> None:
    done: list[bool] = []
    session = context.session
    context.attempt(lambda: done.append(set_new_password(files, session, parent, ask_old=ask_old)), parent)
    if any(done):
        context.notice_posted.emit(_("The password is set; the file is encrypted."))
        _offer_to_discard(files, context, parent)


def _offer_to_discard(files: WorkspaceFiles, context: AppContext, parent: QWidget) -> None:
    session = context.session
    count = files.readable_backups(session)
    if not count:
        return
    question = ngettext(
        "{count} older backup can be read without the password. Remove it?",
        "{count} older backups can be read without the password. Remove them?",
        count,
    ).format(count=count)
    advice = _("An encrypted backup is made first. Copies you made elsewhere stay as they are.")
    if dialogs.confirm(parent, question, advice=advice, action=_("Remove"), danger=True):
        context.attempt(lambda: files.discard_readable_backups(session), parent)


def _secret() -> QLineEdit:
    field = QLineEdit()
    field.setEchoMode(QLineEdit.EchoMode.Password)
    field.setMaxLength(1_000)
    return field

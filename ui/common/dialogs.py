"""Messages, questions and errors. Texts are always literal; tests answer through ``scripted``.

Every question goes through one ``_ask`` so that a test can never hang on a dialog it did not expect. The dialogs and
their fields are imported when something is first said or asked: most starts of the program show none.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtWidgets import QWidget

from qihua_desktop.domain.errors import InputError, QihuaError
from qihua_desktop.i18n import _

from .chips import Tone
from .labels import PlainLabel
from .theme import Role

if TYPE_CHECKING:
    from .dialog_base import BaseDialog

__all__ = [
    "Choice",
    "ask_choice",
    "ask_date",
    "ask_text",
    "choose",
    "confirm",
    "inform",
    "open_file",
    "open_files",
    "pick_folder",
    "run_form",
    "save_file",
    "scripted",
    "show_error",
    "warn",
]

_LONGEST_TEXT: Final = 20_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One way out of a question."""

    key: str
    text: str
    primary: bool = False
    danger: bool = False


_script: list[Any] | None = None
_seen: list[tuple[str, str]] = []


@contextmanager
def scripted(answers: Sequence[Any] = ()) -> Generator[list[tuple[str, str]]]:
    """Answer the coming questions in order instead of showing them; yields what was said, as (kind, message).

    A question beyond the script raises AssertionError, an answer left over too. ``inform``, ``warn`` and
    ``show_error`` need no answer. For ``run_form`` the answer is a callable that fills the form and returns whether
    it was accepted, or just True or False.
    """
    global _script
    outer = _script
    _script = list(answers)
    _seen.clear()
    try:
        yield _seen
        assert not _script, f"answers nobody asked for: {_script}"
    finally:
        _script = outer


def inform(parent: QWidget | None, message: str, *, advice: str = "", details: Sequence[str] = ()) -> None:
    """Tell something that needs no decision."""
    _tell(parent, "inform", message, advice, details, Tone.ACCENT)


def warn(parent: QWidget | None, message: str, *, advice: str = "", details: Sequence[str] = ()) -> None:
    """Tell something that went otherwise than wanted."""
    _tell(parent, "warn", message, advice, details, Tone.WARN)


def show_error(parent: QWidget | None, error: BaseException) -> None:
    """Show a QihuaError's sentence, advice and details. Anything else is raised as the bug it is."""
    if not isinstance(error, QihuaError):
        raise error
    _tell(parent, "error", error.message, error.advice, error.details, Tone.BAD)


def confirm(
    parent: QWidget | None,
    message: str,
    *,
    advice: str = "",
    action: str = "",
    danger: bool = False,
    details: Sequence[str] = (),
) -> bool:
    """Ask whether to go on; ``action`` is the button's verb."""

    def ask() -> bool:
        from .dialog_base import MessageDialog

        dialog = MessageDialog(
            message, parent, advice=advice, details=details, tone=Tone.BAD if danger else Tone.ACCENT
        )
        dialog.add_choice("no", _("Cancel"))
        dialog.add_choice("yes", action or _("OK"), primary=not danger, danger=danger)
        return dialog.run_choice() == "yes"

    return _ask("confirm", message, ask)


def choose(parent: QWidget | None, message: str, choices: Sequence[Choice], *, advice: str = "") -> str | None:
    """Ask which way to go; None when the question was closed."""

    def ask() -> str | None:
        from .dialog_base import MessageDialog

        dialog = MessageDialog(message, parent, advice=advice, tone=Tone.ACCENT)
        for choice in choices:
            dialog.add_choice(choice.key, choice.text, primary=choice.primary, danger=choice.danger)
        return dialog.run_choice()

    return _ask("choose", message, ask)


def ask_text(
    parent: QWidget | None,
    title: str,
    label: str,
    *,
    value: str = "",
    placeholder: str = "",
    password: bool = False,
    multiline: bool = False,
    validate: Callable[[str], object] | None = None,
    accept_text: str = "",
) -> str | None:
    """Ask for a text; ``validate`` raises InputError with what is wrong. None when cancelled."""

    def ask() -> str | None:
        from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

        from .dialog_base import BaseDialog

        dialog = BaseDialog(title, parent, accept_text=accept_text or _("OK"))
        field: QLineEdit | QPlainTextEdit
        if multiline:
            field = QPlainTextEdit()
            field.setPlainText(value)
            field.setTabChangesFocus(True)
            field.setPlaceholderText(placeholder)
            read = field.toPlainText
        else:
            field = QLineEdit()
            field.setMaxLength(_LONGEST_TEXT)
            field.setText(value)
            field.selectAll()
            field.setPlaceholderText(placeholder)
            if password:
                field.setEchoMode(QLineEdit.EchoMode.Password)
            read = field.text
        _label_field(dialog, label, field)
        dialog.check = lambda: validate(read()) if validate is not None else None
        return read() if dialog.run() else None

    return _ask("text", title, ask)


def ask_choice(
    parent: QWidget | None, title: str, label: str, items: Sequence[tuple[Any, str]], *, current: Any = None
) -> Any:
    """Ask for one of several things; returns its key, None when cancelled."""

    def ask() -> Any:
        from PySide6.QtWidgets import QComboBox

        from .dialog_base import BaseDialog

        dialog = BaseDialog(title, parent, accept_text=_("OK"))
        field = QComboBox()
        for _key, text in items:
            field.addItem(text)
        keys = [key for key, _text in items]
        field.setCurrentIndex(keys.index(current) if current in keys else 0)
        _label_field(dialog, label, field)
        return keys[field.currentIndex()] if dialog.run() and keys else None

    return _ask("choice", title, ask)


def ask_date(parent: QWidget | None, title: str, label: str, *, value: date | None = None) -> date | None:
    """Ask for a date; None when cancelled."""

    def ask() -> date | None:
        from .dialog_base import BaseDialog
        from .fields import DateEdit

        dialog = BaseDialog(title, parent, accept_text=_("OK"))
        field = DateEdit(required=True)
        field.set_date(value)
        _label_field(dialog, label, field)
        dialog.check = field.require
        return field.date() if dialog.run() else None

    return _ask("date", title, ask)


def run_form(dialog: BaseDialog) -> bool:
    """Show a form of the caller's own and return whether it was accepted; scripted answers may fill it."""
    global _script
    if _script is None:
        return dialog.run()
    _seen.append(("form", dialog.windowTitle()))
    answer = _next_answer("form", dialog.windowTitle())
    return bool(answer(dialog)) if callable(answer) else bool(answer)


def open_file(parent: QWidget | None, title: str, filters: str, *, folder: Path | None = None) -> Path | None:
    """Ask for a file to read; ``filters`` as Qt writes them, ``PDF (*.pdf)``."""

    def ask() -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        name, _filter = QFileDialog.getOpenFileName(parent, title, str(folder or ""), filters)
        return Path(name) if name else None

    return _ask("open", title, ask)


def open_files(parent: QWidget | None, title: str, filters: str, *, folder: Path | None = None) -> tuple[Path, ...]:
    """Ask for several files to read."""

    def ask() -> tuple[Path, ...]:
        from PySide6.QtWidgets import QFileDialog

        names, _filter = QFileDialog.getOpenFileNames(parent, title, str(folder or ""), filters)
        return tuple(Path(name) for name in names)

    return _ask("open files", title, ask) or ()


def save_file(
    parent: QWidget | None, title: str, filters: str, *, name: str = "", folder: Path | None = None
) -> Path | None:
    """Ask where to write; the name offered is made safe for every file system."""

    def ask() -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        start = (folder or Path()) / safe_file_name(name) if name else (folder or Path())
        chosen, _filter = QFileDialog.getSaveFileName(parent, title, str(start), filters)
        return Path(chosen) if chosen else None

    return _ask("save", title, ask)


def pick_folder(parent: QWidget | None, title: str, *, folder: Path | None = None) -> Path | None:
    """Ask for a folder."""

    def ask() -> Path | None:
        from PySide6.QtWidgets import QFileDialog

        name = QFileDialog.getExistingDirectory(parent, title, str(folder or ""))
        return Path(name) if name else None

    return _ask("folder", title, ask)


def safe_file_name(name: str, *, longest: int = 80) -> str:
    """Return a name without what Windows, macOS or Linux forbid, direction marks included; the suffix survives."""
    stem, dot, suffix = name.rpartition(".")
    if not stem.strip(" .") or not suffix.isalnum() or len(suffix) > 8:
        stem, dot, suffix = name, "", ""
    kept = "".join("_" if character in '<>:"/\\|?*' else character for character in stem if character.isprintable())
    kept = kept.strip(" .")[:longest].strip(" .") or "_"
    if kept.upper().split(".")[0] in _RESERVED:
        kept = f"_{kept}"
    return kept + dot + suffix


_RESERVED: Final = frozenset(
    {"CON", "PRN", "AUX", "NUL", *(f"COM{n}" for n in range(1, 10)), *(f"LPT{n}" for n in range(1, 10))}
)


def _tell(parent: QWidget | None, kind: str, message: str, advice: str, details: Sequence[str], tone: Tone) -> None:
    if _script is not None:
        _seen.append((kind, message))
        return
    from .dialog_base import MessageDialog

    dialog = MessageDialog(message, parent, advice=advice, details=details, tone=tone)
    dialog.add_choice("ok", _("OK"), primary=True)
    dialog.run_choice()


def _ask(kind: str, message: str, ask: Callable[[], Any]) -> Any:
    if _script is None:
        return ask()
    _seen.append((kind, message))
    return _next_answer(kind, message)


def _next_answer(kind: str, message: str) -> Any:
    if not _script:
        raise AssertionError(f"unexpected question ({kind}): {message}")
    return _script.pop(0)


def _label_field(dialog: BaseDialog, label: str, field: QWidget) -> None:
    caption = PlainLabel(label, wrap=True, role=Role.TEXT_SOFT)
    caption.setBuddy(field)
    field.setAccessibleName(label)
    dialog.body.addWidget(caption)
    dialog.body.addWidget(field)
    field.setFocus()


def check_text(text: str, *, longest: int, may_be_empty: bool = False) -> None:
    """Raise InputError when a text is missing or too long."""
    if not text.strip() and not may_be_empty:
        raise InputError(_("Something has to be entered here."))
    if len(text) > longest:
        raise InputError(_("At most {count} characters fit here.").format(count=longest))

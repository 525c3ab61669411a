"""What the command line offers, and how it says what went wrong."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from qihua_desktop import __version__
from qihua_desktop.domain.errors import InputError, QihuaError
from qihua_desktop.i18n import _, set_language

from . import commands

_COMMANDS = (
    "demo",
    "projects",
    "export",
    "check",
    "backup",
    "import-plan",
    "self-test",
)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the words of a command in one line."""

    def error(self, message: str) -> NoReturn:
        hint = _("See “{command} --help”.").format(command=self.prog)
        print(f"{self.prog}: {message}. {hint}", file=sys.stderr)
        raise SystemExit(2)


def run(arguments: list[str]) -> int:
    """Carry out one command and return the exit code."""
    _make_output_safe()
    set_language(_language(arguments))
    parser = _parser()
    try:
        if arguments and arguments[0] in _COMMANDS:
            options = parser.parse_args(arguments)
            action: Callable[[argparse.Namespace], int] = options.action
            return action(options)
        return _open_window(arguments)
    except QihuaError as error:
        print(error.one_line(), file=sys.stderr)
        return error.exit_code
    except OSError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(_("Stopped."), file=sys.stderr)
        return 1


def _open_window(arguments: Sequence[str]) -> int:
    parser = _parser()
    if any(argument in ("-h", "--help", "--version") for argument in arguments):
        parser.parse_args([argument for argument in arguments if argument.startswith("-")])
    window = _Parser(prog="qihua-desktop", add_help=False)
    window.add_argument("file", nargs="?", type=Path)
    window.add_argument("--language")
    options = window.parse_args(list(arguments))
    if options.file is not None and not options.file.exists():
        raise InputError(
            _("There is neither a command nor a file “{name}”.").format(name=options.file),
            _("See “{command} --help”.").format(command="qihua-desktop"),
        )
    from qihua_desktop.app import run as run_app

    return run_app(options.file)


def _parser() -> _Parser:
    parser = _Parser(
        prog="qihua-desktop",
        description=_("The corporate planning department's workbench. Without a command it opens the window."),
        usage=_("qihua-desktop [FILE] | qihua-desktop COMMAND …"),
        epilog=_("“qihua-desktop COMMAND --help” explains a command."),
    )
    parser.add_argument("--version", action="version", version=f"qihua-desktop {__version__}")
    parser.add_argument("--language", help=_("zh_CN or en; the system's language otherwise"), metavar="CODE")
    subparsers = parser.add_subparsers(title=_("commands"), metavar="COMMAND", prog="qihua-desktop")
    _demo(subparsers.add_parser("demo", help=_("build a sample workspace")))
    _projects(subparsers.add_parser("projects", help=_("list the projects of a workspace")))
    _export(subparsers.add_parser("export", help=_("export a document as PDF")))
    _check(subparsers.add_parser("check", help=_("check a workspace file")))
    _backup(subparsers.add_parser("backup", help=_("write a verified copy")))
    _import_plan(subparsers.add_parser("import-plan", help=_("import a plan (MSPDI XML) as a project")))
    _self_test(subparsers.add_parser("self-test", help=_("test this installation in a temporary folder")))
    return parser


def _common(parser: argparse.ArgumentParser, action: Callable[[argparse.Namespace], int], *, password: bool) -> None:
    parser.set_defaults(action=action)
    parser.add_argument("--language", help=_("zh_CN or en; the system's language otherwise"), metavar="CODE")
    if password:
        parser.add_argument(
            "--password-file", type=Path, metavar="FILE", help=_("a file whose first line is the workspace's password")
        )


def _demo(parser: argparse.ArgumentParser) -> None:
    _common(parser, commands.demo, password=False)
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the workspace to create"))
    parser.add_argument("--today", metavar="YYYY-MM-DD", help=_("the day the sample is built around; today otherwise"))


def _projects(parser: argparse.ArgumentParser) -> None:
    _common(parser, commands.projects, password=True)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def _export(parser: argparse.ArgumentParser) -> None:
    _common(parser, commands.export, password=True)
    parser.add_argument("file", type=Path, metavar="FILE", nargs="?")
    parser.add_argument("document", metavar="DOCUMENT", nargs="?", help=_("see --list"))
    parser.add_argument("--project", metavar="P", help=_("the project's name or number"))
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", help=_("a PDF; for the pack a folder or a .zip"))
    parser.add_argument("--list", action="store_true", help=_("list the documents there are"))


def _check(parser: argparse.ArgumentParser) -> None:
    _common(parser, commands.check, password=True)
    parser.add_argument("file", type=Path, metavar="FILE")


def _backup(parser: argparse.ArgumentParser) -> None:
    _common(parser, commands.backup, password=True)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("output", type=Path, metavar="OUT", help=_("a new file"))


def _import_plan(parser: argparse.ArgumentParser) -> None:
    _common(parser, commands.import_plan, password=True)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("plan", type=Path, metavar="PLAN", help=_("an MSPDI XML file"))
    parser.add_argument("--project", metavar="NAME", required=True, help=_("the name of the new project"))
    parser.add_argument("--kind", choices=("brand", "event", "research"), default="brand")
    parser.add_argument("--keep-dates", action="store_true", help=_("pin tasks whose dates would differ"))


def _self_test(parser: argparse.ArgumentParser) -> None:
    _common(parser, commands.self_test, password=False)
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def _language(arguments: Sequence[str]) -> str:
    for at, argument in enumerate(arguments):
        if argument.startswith("--language="):
            return _known(argument.partition("=")[2])
        if argument == "--language" and at + 1 < len(arguments):
            return _known(arguments[at + 1])
    return "auto"


def _known(code: str) -> str:
    if code not in ("zh_CN", "en", "auto"):
        print("qihua-desktop: --language: zh_CN, en", file=sys.stderr)
        raise SystemExit(2)
    return code


def _make_output_safe() -> None:
    """Let a console that cannot show a character print an escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")

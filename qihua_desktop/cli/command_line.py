"""What the command line offers, and how it says what went wrong."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from qihua_desktop import __version__
from qihua_desktop.domain.errors import InputError, QihuaError
from qihua_desktop.i18n import _, set_language

from . import commands, money_commands, plan_commands

_COMMANDS = (
    "demo",
    "projects",
    "export",
    "check",
    "backup",
    "schedule",
    "import-plan",
    "export-plan",
    "import-budget",
    "export-budget",
    "import-invoice",
    "self-test",
)


class _Formatter(argparse.HelpFormatter):
    """Writes the library's own headings in the user's language."""

    def start_section(self, heading: str | None) -> None:
        """Begin a section under its translated heading."""
        own = {"positional arguments": _("Arguments"), "options": _("Options")}
        super().start_section(own.get(heading, heading) if heading else heading)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the words of a command in one line; explains itself in the user's language."""

    def __init__(self, **options: Any) -> None:
        wants_help = options.pop("add_help", True)
        super().__init__(add_help=False, formatter_class=_Formatter, **options)
        if wants_help:
            self.add_argument("-h", "--help", action="help", help=_("show this explanation"))

    def error(self, message: str) -> NoReturn:
        hint = _("See “{command} --help”.").format(command=self.prog)
        print(f"{self.prog}: {message}. {hint}", file=sys.stderr)
        raise SystemExit(2)


def run(arguments: list[str]) -> int:
    """Carry out one command and return the exit code."""
    _make_output_safe()
    arguments = _command_first(arguments)
    set_language(_language(arguments))
    try:
        if arguments and arguments[0] in _COMMANDS:
            options = _parser().parse_args(arguments)
            action: Callable[[argparse.Namespace], int] = options.action
            code = action(options)
            flush = getattr(sys.stdout, "flush", None)  # a windowed program has no output
            if flush is not None:
                flush()
            return code
        return _open_window(arguments)
    except QihuaError as error:
        print(error.one_line(), file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read the output has enough (“| head”); the interpreter must not fail when it flushes the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        print(" ".join(str(error).split()), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(_("Stopped."), file=sys.stderr)
        return 1


def _open_window(arguments: Sequence[str]) -> int:
    if any(argument in ("-h", "--help", "--version") for argument in arguments):
        _parser().parse_args([argument for argument in arguments if argument.startswith("-")])
    window = _Parser(prog="qihua-desktop", add_help=False)
    window.add_argument("file", nargs="?", type=Path)
    window.add_argument("--language")
    options = window.parse_args(list(arguments))
    if options.file is not None and not options.file.exists():
        raise InputError(
            _("There is neither a command nor a file “{name}”.").format(name=options.file),
            _("See “{command} --help”.").format(command="qihua-desktop"),
        )
    gc.disable()  # all that the start makes stays; app.run lets the collector work once the window is there
    from qihua_desktop.app import run as run_app

    return run_app(options.file)


def _parser() -> _Parser:
    parser = _Parser(
        prog="qihua-desktop",
        description=_("The corporate planning department's workbench. Without a command it opens the window."),
        usage=_("qihua-desktop [FILE] | qihua-desktop COMMAND …"),
        epilog=_("“qihua-desktop COMMAND --help” explains a command."),
    )
    parser.add_argument(
        "--version", action="version", version=f"qihua-desktop {__version__}", help=_("tell the version")
    )
    parser.add_argument("--language", help=_("zh_CN or en; the system's language otherwise"), metavar="CODE")
    subparsers = parser.add_subparsers(title=_("commands"), metavar="COMMAND", prog="qihua-desktop")
    _demo(subparsers.add_parser("demo", help=_("build a sample workspace")))
    _projects(subparsers.add_parser("projects", help=_("list the projects of a workspace")))
    _export(subparsers.add_parser("export", help=_("export a document as PDF")))
    _check(subparsers.add_parser("check", help=_("check a workspace file")))
    _backup(subparsers.add_parser("backup", help=_("write a verified copy")))
    _schedule(subparsers.add_parser("schedule", help=_("compute the dates and floats of a plan file")))
    _import_plan(subparsers.add_parser("import-plan", help=_("import a plan file as a project")))
    _export_plan(subparsers.add_parser("export-plan", help=_("write a project's plan for other programs")))
    _import_budget(subparsers.add_parser("import-budget", help=_("import the rows of a budget table")))
    _export_budget(subparsers.add_parser("export-budget", help=_("write a project's budget as an Excel workbook")))
    _import_invoice(subparsers.add_parser("import-invoice", help=_("store invoices as vouchers to be checked")))
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
    parser.add_argument("--claim", metavar="NUMBER", help=_("only this claim of the document expense-claim"))
    parser.add_argument("--year", type=int, metavar="YYYY", help=_("the fiscal year of the document annual-budget"))
    parser.add_argument("--list", action="store_true", help=_("list the documents there are"))
    chart = parser.add_argument_group(_("Gantt chart"))
    chart.add_argument("--paper", type=str.upper, choices=("A4", "A3"), default="A4")
    cut = chart.add_mutually_exclusive_group()
    cut.add_argument("--one-page", action="store_true", help=_("everything on one sheet"))
    cut.add_argument("--tiles", action="store_true", help=_("readable tiles on as many sheets as it takes"))
    chart.add_argument("--unit", choices=("hour", "day", "week", "month", "quarter"), help=_("zoom of the tiles"))
    chart.add_argument("--from", dest="first", metavar="YYYY-MM-DD", help=_("first day printed"))
    chart.add_argument("--to", dest="last", metavar="YYYY-MM-DD", help=_("last day printed"))


def _check(parser: argparse.ArgumentParser) -> None:
    _common(parser, commands.check, password=True)
    parser.add_argument("file", type=Path, metavar="FILE")


def _backup(parser: argparse.ArgumentParser) -> None:
    _common(parser, commands.backup, password=True)
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument("output", type=Path, metavar="OUT", help=_("a new file"))


def _import_plan(parser: argparse.ArgumentParser) -> None:
    _common(parser, plan_commands.import_plan, password=True)
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the workspace"))
    parser.add_argument("plan", type=Path, metavar="PLAN", help=_plan_files())
    parser.add_argument("--project", metavar="NAME", required=True, help=_("the name of the new project"))
    parser.add_argument("--kind", choices=("brand", "event", "research"), default="brand")
    parser.add_argument("--keep-dates", action="store_true", help=_("pin tasks whose dates would differ"))
    _date_order(parser)


def _schedule(parser: argparse.ArgumentParser) -> None:
    _common(parser, plan_commands.schedule, password=False)
    parser.add_argument("file", type=Path, metavar="FILE", help=_plan_files())
    parser.add_argument("--json", action="store_true", help=_("print JSON"))
    _date_order(parser)


def _export_plan(parser: argparse.ArgumentParser) -> None:
    _common(parser, plan_commands.export_plan, password=True)
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the workspace"))
    parser.add_argument("--project", metavar="P", required=True, help=_("the project's name or number"))
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="OUT",
        required=True,
        help=_("a file that ends in .xml (Microsoft Project), .csv, .xlsx or .ics"),
    )


def _import_budget(parser: argparse.ArgumentParser) -> None:
    _common(parser, money_commands.import_budget, password=True)
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the workspace"))
    parser.add_argument("table", type=Path, metavar="TABLE", help=_("a budget table, .xlsx or .csv"))
    parser.add_argument("--project", metavar="P", required=True, help=_("the project's name or number"))
    parser.add_argument("--replace", action="store_true", help=_("remove the present rows first"))
    parser.add_argument("--take-total", action="store_true", help=_("let the budget's total be the sum of its rows"))
    parser.add_argument("--skip-bad-rows", action="store_true", help=_("leave out rows that cannot be read"))
    parser.add_argument("--sheet", default="", metavar="NAME", help=_("the sheet to read"))
    column = _("what a column is, by its letter or number, for instance B=amount; can be given several times")
    parser.add_argument("--column", action="append", metavar="COLUMN=NAME", help=column)
    parser.add_argument("--dry-run", action="store_true", help=_("only say how the file would be understood"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def _export_budget(parser: argparse.ArgumentParser) -> None:
    _common(parser, money_commands.export_budget, password=True)
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the workspace"))
    parser.add_argument("--project", metavar="P", required=True, help=_("the project's name or number"))
    output = _("a file that ends in .xlsx")
    parser.add_argument("-o", "--output", type=Path, metavar="OUT", required=True, help=output)


def _import_invoice(parser: argparse.ArgumentParser) -> None:
    _common(parser, money_commands.import_invoice, password=True)
    parser.add_argument("file", type=Path, metavar="FILE", help=_("the workspace"))
    invoices = _("XML, OFD, PDF, pictures with a QR code, or ZIP archives of these, recognised by their content")
    parser.add_argument("invoices", type=Path, metavar="INVOICE", nargs="+", help=invoices)
    parser.add_argument("--project", metavar="P", required=True, help=_("the project's name or number"))
    parser.add_argument("--line", default="", metavar="NAME", help=_("the budget line that bears them"))
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def _plan_files() -> str:
    return _("Microsoft Project XML, GanttProject .gan, CSV or XLSX, recognised by its content")


def _date_order(parser: argparse.ArgumentParser) -> None:
    help_text = _("what comes first in a table's dates, where they can be read in two ways")
    parser.add_argument("--date-order", choices=("year", "day", "month"), help=help_text)


def _self_test(parser: argparse.ArgumentParser) -> None:
    _common(parser, commands.self_test, password=False)
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def _command_first(arguments: list[str]) -> list[str]:
    """Let ``--language`` stand before the command as well as after it."""
    if arguments[:1] == ["--language"] and len(arguments) > 2:
        return [*arguments[2:], *arguments[:2]]
    if arguments and arguments[0].startswith("--language="):
        return [*arguments[1:], arguments[0]]
    return arguments


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

"""The commands of the command line."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from qihua_desktop.domain.errors import InputError
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.session import Session

if TYPE_CHECKING:
    from qihua_desktop.domain.ids import EntityId
    from qihua_desktop.reports.gather_gantt import GanttPrint


def demo(options: argparse.Namespace) -> int:
    """Build the sample workspace."""
    from db.opening import create_workspace
    from qihua_desktop.services.demo import DEMO_PIN, DemoClock, build_demo

    today = _day(options.today) if options.today else date.today()
    clock = DemoClock(datetime.combine(today, datetime.min.time()))
    workspace = create_workspace(options.file, clock=clock.ms)
    try:
        build_demo(Session(workspace), today, clock)
    except BaseException:
        workspace.close()
        for suffix in ("", "-wal", "-shm"):
            Path(f"{options.file}{suffix}").unlink(missing_ok=True)
        raise
    workspace.close()
    print(_("Sample workspace: {path}").format(path=options.file))
    print(_("The sign-off PIN of every person is {pin}.").format(pin=DEMO_PIN))
    return 0


def projects(options: argparse.Namespace) -> int:
    """List the projects."""
    from qihua_desktop.domain.formatting import money_text
    from qihua_desktop.domain.ids import id_text
    from qihua_desktop.domain.project import kind_label
    from qihua_desktop.services.projects import project_summaries

    with open_session(options, read_only=True) as session:
        rows = project_summaries(session)
        if options.json:
            data = [
                {
                    "id": id_text(row.project.id),
                    "number": row.project.number,
                    "name": row.project.name,
                    "kind": row.project.kind.value,
                    "status": row.project.status.value,
                    "stage": row.stage_name,
                    "owner": row.owner_name,
                    "key_date": row.project.key_on.isoformat(),
                    "direction": row.project.direction.value,
                    "start": row.start.isoformat() if row.start else None,
                    "finish": row.finish.isoformat() if row.finish else None,
                    "budget_fen": row.budget_total,
                    "budget_state": row.budget_state.value,
                    "progress_basis_points": row.progress_bp,
                    "late_tasks": row.late_tasks,
                    "waiting_sign_offs": row.waiting_sign_offs,
                }
                for row in rows
            ]
            print(json.dumps(data, ensure_ascii=False, indent=2))
            return 0
        for row in rows:
            print(
                f"{row.project.number}  {kind_label(row.project.kind)}  {row.project.key_on.isoformat()}  "
                f"{money_text(row.budget_total)}  {row.stage_name}  {row.project.name}"
            )
    return 0


def export(options: argparse.Namespace) -> int:
    """Write a document, or list the documents there are."""
    from qihua_desktop.reports import catalogue

    if options.list:
        for kind in catalogue.DOCUMENTS.values():
            print(f"{kind.key:20} {kind.title()}")
        pack_title = _("Finance pack")  # the extractor of texts does not look into f-strings
        print(f"{catalogue.FINANCE_PACK:20} {pack_title}")
        return 0
    for name, wanted in (
        ("FILE", options.file),
        ("DOCUMENT", options.document),
        ("--project", options.project),
        ("-o", options.output),
    ):
        if wanted is None and not (name == "--project" and options.document == "annual-budget"):
            raise InputError(_("{argument} is missing.").format(argument=name), _("See “export --help”."))
    if options.document not in (*catalogue.DOCUMENTS, catalogue.FINANCE_PACK):
        raise InputError(
            _("There is no document “{key}”.").format(key=options.document),
            _("See “export --list”."),
        )
    from qihua_desktop.services.projects import project_by_name

    with open_session(options, read_only=True) as session:
        project_id = project_by_name(session, options.project).id if options.project is not None else None
        if options.document == catalogue.FINANCE_PACK:
            return _export_pack(session, project_id, options.output)
        task = catalogue.prepare(
            session,
            options.document,
            project_id,
            chart=_chart(options) if options.document == "gantt" else None,
            claim_id=_claim(session, project_id, options.claim),
            year=options.year,
        )
        result = task.render()
    from qihua_desktop.files import write_safely

    written = write_safely(options.output, result.data)
    print(_("{path}: {pages}").format(path=written, pages=_pages(result.pages)))
    for substitution in result.substitutions:
        print(substitution.describe(), file=sys.stderr)
    return 0


def check(options: argparse.Namespace) -> int:
    """Check a workspace's integrity, references, journal and attachments."""
    from db.check import check_file

    findings = check_file(options.file, password=_password(options))
    for finding in findings:
        print(finding.text)
    if not findings:
        print(_("{name}: everything is in order.").format(name=options.file.name))
    return 1 if findings else 0


def backup(options: argparse.Namespace) -> int:
    """Write a verified copy of a workspace to a new file."""
    from db.copies import save_copy_as

    if options.output.exists():
        raise InputError(
            _("“{name}” already exists.").format(name=options.output.name),
            _("Choose another name; nothing was overwritten."),
        )
    with open_session(options, read_only=True) as session:
        save_copy_as(session.workspace.file, options.output)
    print(_("Verified copy: {path}").format(path=options.output))
    return 0


def self_test(options: argparse.Namespace) -> int:
    """Try everything this installation needs in a temporary folder."""
    from .self_test import run_self_test

    started = time.monotonic()
    return run_self_test(started, as_json=options.json)


def _chart(options: argparse.Namespace) -> GanttPrint:
    from qihua_desktop.domain.gantt_scale import TimeUnit
    from qihua_desktop.reports.gantt_tiles import Fit, Paper
    from qihua_desktop.reports.gather_gantt import GanttPrint

    return GanttPrint(
        Paper(options.paper.lower()),
        Fit.ONE_PAGE if options.one_page else Fit.TILES if options.tiles else Fit.AUTO,
        TimeUnit(options.unit or "week"),
        _day(options.first) if options.first else None,
        _day(options.last) if options.last else None,
    )


def _claim(session: Session, project_id: EntityId | None, number: str | None) -> EntityId | None:
    from qihua_desktop.reports.gather_vouchers import claim_by_number

    return None if number is None or project_id is None else claim_by_number(session, project_id, number)


def _export_pack(session: Session, project_id: EntityId | None, output: Path) -> int:
    from qihua_desktop.reports.finance_pack import finance_pack

    assert project_id is not None
    task = finance_pack(session, project_id)
    pack = task.render()
    written = pack.write_zip(output) if output.suffix.lower() == ".zip" else pack.write_folder(output)
    print(written)
    for file in pack.files:
        print(f"  {file.name}")
    for reason in pack.missing:
        print(_("Not included: {reason}").format(reason=reason), file=sys.stderr)
    return 0


@contextmanager
def open_session(options: argparse.Namespace, *, read_only: bool) -> Generator[Session]:
    """Open the workspace that a command names, with the password it was given."""
    from db.opening import open_workspace

    workspace = open_workspace(options.file, password=_password(options), read_only=read_only)
    try:
        yield Session(workspace)
    finally:
        workspace.close()


def _password(options: argparse.Namespace) -> str | None:
    if options.password_file is None:
        return None
    try:
        return options.password_file.read_text(encoding="utf-8").split("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(_("“{file}” cannot be read.").format(file=options.password_file.name)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(_("“{text}” is not a date; write it like 2026-09-19.").format(text=text)) from None


def _pages(count: int) -> str:
    return ngettext("{count} page", "{count} pages", count).format(count=count)

"""``self-test``: everything an installation must be able to do, tried in a temporary folder.

A watchdog ends the process with exit code 4 when something hangs; a failed check gives exit code 1.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from qihua_desktop import __version__
from qihua_desktop.i18n import _, set_language

WATCHDOG_SECONDS = 120
_PASSWORD = "correct horse battery staple 7"
_TODAY = date(2026, 9, 10)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: its name, what it found, how long it took, and what went wrong, empty when nothing did."""

    name: str
    detail: str
    milliseconds: int
    problem: str


def run_self_test(started: float, *, as_json: bool) -> int:
    """Run every check, print the results and return the exit code."""
    watchdog = threading.Timer(WATCHDOG_SECONDS, _give_up)
    watchdog.daemon = True
    watchdog.start()
    results: list[CheckResult] = []
    try:
        with tempfile.TemporaryDirectory(prefix="qihua-self-test-", ignore_cleanup_errors=True) as folder:
            for name, check in _checks(Path(folder)):
                results.append(_run(name, check))
    finally:
        watchdog.cancel()
    failed = [result for result in results if result.problem]
    if as_json:
        data = {
            "version": __version__,
            "ok": not failed,
            "seconds": round(time.monotonic() - started, 2),
            "checks": [
                {"name": one.name, "detail": one.detail, "ms": one.milliseconds, "problem": one.problem}
                for one in results
            ],
        }
        print(json.dumps(data, ensure_ascii=False, indent=2))
    else:
        for one in results:
            mark = _("failed") if one.problem else _("ok")
            print(f"{mark:6} {one.name:12} {one.milliseconds:6} ms  {one.problem or one.detail}")
        print(_("Self-test failed.") if failed else _("Self-test passed."))
    return 1 if failed else 0


def _give_up() -> None:
    print(_("The self-test did not finish in time."), file=sys.stderr, flush=True)
    os._exit(4)


def _run(name: str, check: Callable[[], str]) -> CheckResult:
    begun = time.monotonic()
    try:
        detail, problem = check(), ""
    except Exception as error:  # every failure of a check is a finding, whatever it is
        detail, problem = "", f"{type(error).__name__}: {error}"
        traceback.print_exc()
    return CheckResult(name, detail, round((time.monotonic() - begun) * 1000), problem)


def _checks(folder: Path) -> tuple[tuple[str, Callable[[], str]], ...]:
    plain, encrypted = folder / "plain.qihua", folder / "encrypted.qihua"
    return (
        ("versions", _versions),
        ("language", _languages),
        ("create", lambda: _create(plain)),
        ("undo", lambda: _undo(plain)),
        ("encrypt", lambda: _encrypt(encrypted)),
        ("backup", lambda: _backup(plain, folder / "backups")),
        ("check", lambda: _check(plain)),
        ("documents", lambda: _documents(plain, folder / "out")),
        ("plan files", lambda: _plan_files(plain, folder / "out")),
        ("invoices", _invoices),
        ("pin", _pin),
        ("search", lambda: _search(plain)),
        ("qt", lambda: _qt(plain, folder / "out")),
    )


def _versions() -> str:
    from db.connection import engine_version, require_engine

    require_engine()
    parts = (
        f"qihua-desktop {__version__}",
        f"Python {platform.python_version()}",
        f"SQLite {engine_version()}",
        f"{platform.system()} {platform.machine()}",
    )
    return ", ".join(parts)


def _languages() -> str:
    from qihua_desktop.i18n import current_language

    before = current_language()
    set_language("zh_CN")
    chinese = _("Budget")
    set_language(before)
    if chinese == "Budget":
        raise RuntimeError("the Chinese catalogue is missing")
    return f"zh_CN: {chinese}"


def _create(path: Path) -> str:
    from db.opening import create_workspace
    from qihua_desktop.services.demo import DemoClock, build_demo
    from qihua_desktop.services.session import Session

    clock = DemoClock(datetime(2026, 9, 10))
    workspace = create_workspace(path, clock=clock.ms)
    try:
        build_demo(Session(workspace), _TODAY, clock)
        entries, _hash = workspace.head()
    finally:
        workspace.close()
    return f"{entries} journal entries, {path.stat().st_size // 1024} KiB"


def _undo(path: Path) -> str:
    from db import tables
    from db.opening import open_workspace

    workspace = open_workspace(path)
    try:
        before = tables.tasks.all(workspace)
        steps = 0
        while steps < 40 and workspace.undo() is not None:
            steps += 1
        for _step in range(steps):
            workspace.redo()
        if tables.tasks.all(workspace) != before:
            raise RuntimeError("undo and redo did not restore the tasks")
    finally:
        workspace.close()
    return f"{steps} edits undone and redone"


def _encrypt(path: Path) -> str:
    from db.opening import create_workspace, open_workspace
    from qihua_desktop.domain.errors import WrongPassword
    from qihua_desktop.domain.people import Department, Role
    from qihua_desktop.services.people import PersonDraft, add_person, list_people
    from qihua_desktop.services.session import Session

    workspace = create_workspace(path, password=_PASSWORD)
    add_person(Session(workspace), PersonDraft("欧阳镕堃", Department.PLANNING, Role.MANAGER))
    workspace.close()
    if b"SQLite format 3" in path.read_bytes()[:64] or "欧阳".encode() in path.read_bytes():
        raise RuntimeError("the encrypted file is readable")
    try:
        open_workspace(path, password="wrong password 12345")
    except WrongPassword:
        pass
    else:
        raise RuntimeError("a wrong password opened the file")
    workspace = open_workspace(path, password=_PASSWORD)
    names = [person.name for person in list_people(Session(workspace))]
    workspace.close()
    if names != ["欧阳镕堃"]:
        raise RuntimeError(f"read back {names}")
    return "argon2id + encrypted pages"


def _backup(path: Path, folder: Path) -> str:
    from db import tables
    from db.backup import list_backups, make_backup, restore_backup
    from db.opening import open_workspace

    workspace = open_workspace(path)
    before = tables.tasks.count(workspace)
    made = make_backup(workspace.file, folder, now_ms=workspace.now_ms())
    with workspace.edit(None, "change after the backup") as edit:
        tables.tasks.delete(edit, *(task.id for task in tables.tasks.all(edit)))
    workspace.close()
    listed = list_backups(path, folder)
    restore_backup(path, made.path)
    workspace = open_workspace(path)
    after = tables.tasks.count(workspace)
    workspace.close()
    if before != after or not listed or listed[0].tasks != before:
        raise RuntimeError(f"{before} tasks before, {after} after the restore")
    return f"{after} tasks restored"


def _check(path: Path) -> str:
    from db.check import check_file

    findings = check_file(path)
    if findings:
        raise RuntimeError("; ".join(finding.text for finding in findings))
    return "integrity, references, journal and attachments"


def _documents(path: Path, out: Path) -> str:
    from db.opening import open_workspace
    from qihua_desktop.files import write_safely
    from qihua_desktop.reports import catalogue
    from qihua_desktop.reports.finance_pack import finance_pack
    from qihua_desktop.services.projects import project_summaries
    from qihua_desktop.services.session import Session

    workspace = open_workspace(path)
    made: list[str] = []
    try:
        session = Session(workspace)
        for row in project_summaries(session):
            for kind in catalogue.available(session, row.project.id):
                if kind.key in made:
                    continue
                result = catalogue.prepare(session, kind.key, row.project.id).render()
                if not result.data.startswith(b"%PDF") or result.pages < 1:
                    raise RuntimeError(f"{kind.key} is no PDF")
                write_safely(out / f"{kind.key}.pdf", result.data)
                made.append(kind.key)
        event = next(row.project for row in project_summaries(session) if row.waiting_sign_offs)
        pack = finance_pack(session, event.id).render().write_zip(out / "pack.zip")
    finally:
        workspace.close()
    missing = set(catalogue.DOCUMENTS) - set(made)
    if missing:
        raise RuntimeError(f"not exported: {sorted(missing)}")
    return f"{', '.join(made)}, {pack.name}"


def _plan_files(path: Path, out: Path) -> str:
    from db.opening import open_workspace
    from qihua_desktop.exchange.export_plan import SUFFIXES, export_plan
    from qihua_desktop.exchange.read_plan import PlanFormat, read_plan
    from qihua_desktop.services.projects import all_projects
    from qihua_desktop.services.session import Session

    workspace = open_workspace(path, read_only=True)
    try:
        session = Session(workspace)
        project = all_projects(session)[0]
        counts: set[int] = set()
        for suffix, kind in SUFFIXES.items():
            written, _dropped = export_plan(session, project.id, out / f"plan{suffix}")
            if kind is not PlanFormat.ICS:
                counts.add(len(read_plan(written.read_bytes()).tasks))
    finally:
        workspace.close()
    if len(counts) != 1 or not counts.pop():
        raise RuntimeError("plan files do not read back")
    return ", ".join(SUFFIXES)


def _invoices() -> str:
    """Read an invoice's code from a picture and from a page."""
    import io
    from typing import Any

    import zxingcpp
    from PIL import Image

    from qihua_desktop.exchange.invoices import read_invoice

    number = "26440000000000000001"
    codes: Any = zxingcpp
    code = codes.create_barcode(f"01,32,,{number},500.00,20260115,,3BF8", codes.BarcodeFormat.QRCode).to_image(scale=4)
    height, width = code.shape[:2]
    picture = Image.frombytes("L", (width, height), memoryview(code).tobytes())
    kinds = ("PNG", "JPEG", "WEBP", "TIFF", "PDF")
    for kind in kinds:
        stream = io.BytesIO()
        picture.save(stream, kind)
        (result,) = read_invoice(stream.getvalue(), kind)
        if result.parsed is None or result.parsed.number != number:
            raise RuntimeError(f"{kind}: {result.all_findings}")
    return ", ".join(kinds)


def _pin() -> str:
    from argon2 import PasswordHasher

    hasher = PasswordHasher()
    hasher.verify(hasher.hash("2468"), "2468")
    return "argon2id"


def _search(path: Path) -> str:
    from db.opening import open_workspace
    from qihua_desktop.services.search import SearchIndex, pinyin_keys
    from qihua_desktop.services.session import Session

    if "ksd" not in pinyin_keys("快闪店")[0]:
        raise RuntimeError("pinyin initials are missing")
    workspace = open_workspace(path, read_only=True)
    index = SearchIndex()
    index.prepare(Session(workspace))
    workspace.close()
    if not index.search("2026"):
        raise RuntimeError("nothing found")
    return "pinyin and full text"


def _qt(path: Path, out: Path) -> str:
    from qihua_desktop.app import self_test_window
    from qihua_desktop.i18n import current_language

    language = current_language()
    try:
        return self_test_window(path, out / "plan.pdf")
    finally:
        set_language(language)  # the windows follow their own settings

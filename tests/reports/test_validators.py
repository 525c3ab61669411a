"""The judges themselves: present where they must be, and able to tell wrong from right."""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from qihua_desktop.reports.pdf_archive import Part, archived
from qihua_desktop.reports.survey_form import render_survey_form

from . import samples
from .validators import (
    JAVA_PACKAGES,
    OFFICE_PACKAGES,
    ONLY_PART,
    missing_office,
    missing_preflight,
    preflight,
    recalculated,
)


def installable(package: str) -> bool:
    """Tell whether this machine's package lists offer a package to the user who runs the tests."""
    if shutil.which("apt-cache") is None or not hasattr(os, "geteuid") or os.geteuid() != 0:
        return False
    result = subprocess.run(["apt-cache", "policy", package], capture_output=True, text=True, check=False)
    return "Candidate:" in result.stdout and "Candidate: (none)" not in result.stdout


def test_on_the_build_machine_no_check_is_skipped_for_want_of_a_validator() -> None:
    if os.environ.get("CI") != "true":
        pytest.skip("not the build machine")
    unavailable = [package for package in (*JAVA_PACKAGES, *OFFICE_PACKAGES) if not installable(package)]
    if unavailable:
        pytest.skip(f"apt offers no {', '.join(unavailable)}")
    assert (missing_preflight(), missing_office()) == ("", "")


def test_the_build_script_installs_what_the_validators_need() -> None:
    script = (Path(__file__).resolve().parents[2] / ".ci" / "run").read_text("utf-8")
    assert all(package in script.split() for package in (*JAVA_PACKAGES, *OFFICE_PACKAGES))


def test_preflight_finds_fault_with_what_is_no_archive_file() -> None:
    good = archived(render_survey_form(samples.survey()).data, Part.ONE)
    bad = good.replace(b"/OutputIntents", b"/OutputIndents")
    verdicts = preflight({"good": good, "bad": bad})
    assert verdicts["good"] == []
    assert verdicts["bad"] != []
    assert not any(error.startswith(ONLY_PART) for error in verdicts["bad"])


def test_a_workbook_is_calculated_anew_whatever_values_it_carries(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("预算")
        sheet.write_number("A1", 1234.56, book.add_format({"num_format": "#,##0.00"}))
        sheet.write_string("B1", "26440000000000000001")
        sheet.write_string("C1", "=1+1")
        sheet.write_formula("A2", "=A1*2", value=999)
        sheet.write_formula("A3", "=SUM(A1:A2)/0", value=7)
        sheet.write_formula("A4", '=IF(A2>2000,"超支","")', value="")
        sheet.write_datetime("A5", datetime(2026, 9, 19), book.add_format({"num_format": "yyyy-mm-dd"}))
        check = book.add_worksheet("校验")
        check.write_formula("B7", "='预算'!A2-2469.12", value=5)
    cached = openpyxl.load_workbook(path, data_only=True)
    assert cached["预算"]["A2"].value == 999
    values = recalculated(path)
    assert values["预算"]["A1"] == 1234.56
    assert values["预算"]["A2"] == 2469.12
    assert values["预算"]["A3"] == "#DIV/0!"
    assert values["预算"]["A4"] == "超支"
    assert values["预算"]["A5"] == datetime(2026, 9, 19)
    assert values["预算"]["B1"] == "26440000000000000001"
    assert values["预算"]["C1"] == "=1+1", "text stays text"
    assert values["校验"]["B7"] == 0

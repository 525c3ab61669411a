"""Independent judges of what the program writes: PDFBox Preflight for PDF/A, LibreOffice for spreadsheets.

Both are programs of the system. ``.ci/run`` installs them; where they are absent the tests that need them are skipped
and say what to install.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

JAVA_PACKAGES = (
    "default-jre-headless", "libpdfbox2-java", "libfontbox2-java", "libcommons-logging-java", "libactivation-java",
    "libjaxb-api-java",
)  # fmt: skip
OFFICE_PACKAGES = ("libreoffice-calc-nogui",)
ONLY_PART = "7.11.2"
"""What Preflight, which knows only PDF/A-1b, finds wrong with a flawless PDF/A-2b: that it says part 2."""

_JARS = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")
_JAR_FOLDER = Path("/usr/share/java")
_VERDICT = re.compile(r"The file (\S+) is (not )?a valid PDF/A-1b file")
_SECONDS = 240


def missing_preflight() -> str:
    """Return what PDFBox Preflight lacks on this machine, empty where it can run."""
    lacking = [] if shutil.which("java") else ["java"]
    lacking += [f"{name}.jar" for name in _JARS if _jar(name) is None]
    return f"{', '.join(lacking)} (Debian: {' '.join(JAVA_PACKAGES)})" if lacking else ""


def missing_office() -> str:
    """Return what recalculating a workbook lacks on this machine, empty where it can be done."""
    return "" if _office() else f"soffice (Debian: {' '.join(OFFICE_PACKAGES)})"


def preflight(documents: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Return the errors that PDFBox Preflight finds in each PDF as a PDF/A-1b; skip the test where it is absent.

    A valid file has an empty list; an error reads ``7.11.2 : …``. One Java machine judges all files.
    """
    if missing_preflight():
        pytest.skip(f"PDFBox Preflight is not on this machine: {missing_preflight()}")
    with tempfile.TemporaryDirectory(prefix="qihua-preflight-") as folder:
        names = {f"{number:04d}.pdf": name for number, name in enumerate(documents)}
        for file, name in names.items():
            (Path(folder) / file).write_bytes(documents[name])
        path = os.pathsep.join(str(_jar(name)) for name in _JARS)
        command = ["java", "-cp", path, "org.apache.pdfbox.preflight.Validator_A1b", "batch", folder]
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
    found = _judgements(result.stdout, names)
    if set(found) != set(documents):
        raise AssertionError(f"Preflight did not judge every file:\n{result.stdout}\n{result.stderr}")
    return found


def recalculated(path: Path) -> dict[str, dict[str, object]]:
    """Return the values of a workbook as LibreOffice calculates them anew; skip the test where it is absent.

    Sheet name → cell (``B7``) → number, text, date, bool, or an error's text (``#DIV/0!``); empty cells are left out.
    Cached values play no part: the copy that is opened has none.
    """
    if missing_office():
        pytest.skip(f"LibreOffice is not on this machine: {missing_office()}")
    import openpyxl

    with tempfile.TemporaryDirectory(prefix="qihua-office-") as name:
        folder = Path(name)
        source = folder / "without-values.xlsx"
        # openpyxl writes formulas without values, so that what comes back was calculated.
        openpyxl.load_workbook(path).save(source)
        target = folder / "out"
        command = [
            str(_office()), f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(target), str(source),
        ]  # fmt: skip
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=_SECONDS)
        calculated = target / source.name
        if not calculated.is_file():
            raise AssertionError(f"LibreOffice wrote nothing:\n{result.stdout}\n{result.stderr}")
        workbook = openpyxl.load_workbook(calculated, data_only=True)
        return {
            sheet.title: {
                cell.coordinate: cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
            }
            for sheet in workbook.worksheets
        }


def _judgements(output: str, names: Mapping[str, str]) -> dict[str, list[str]]:
    """Read Preflight's report: a line on each file, then its errors, one to a line."""
    found: dict[str, list[str]] = {}
    refused: set[str] = set()
    errors: list[str] = []
    for line in output.splitlines():
        verdict = _VERDICT.match(line)
        if verdict is not None:
            name = names[verdict[1]]
            errors = found.setdefault(name, [])
            if verdict[2]:
                refused.add(name)
        elif line.strip():
            errors.append(line.strip())
    for name in refused:
        found[name] = found[name] or ["not valid, without a reason"]
    return found


@cache
def _jar(name: str) -> Path | None:
    path = _JAR_FOLDER / f"{name}.jar"
    return path if path.is_file() else None


@cache
def _office() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")

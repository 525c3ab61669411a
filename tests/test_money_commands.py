"""The money commands: budget tables in and out, invoices in, with reports and exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from db.opening import open_workspace
from qihua_desktop.services.budget_view import load_budget
from qihua_desktop.services.projects import project_by_name
from qihua_desktop.services.session import Session
from tests.exchange.invoices.invoice_files import Sample, bureau_xml, zipped
from tests.services.workspace_samples import demo_file
from tests.test_command_line import EVENT, run


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return demo_file(tmp_path, "zh_CN")


def test_a_budget_table_is_looked_at_before_it_is_imported(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "预算.csv"
    table.write_text("科目,预算（万元）\n直播,3\n合计,4\n", "utf-8")
    before = demo.read_bytes()
    code, out, _err = run(capsys, "import-budget", demo, table, "--project", EVENT, "--dry-run", "--json")
    found = json.loads(out)
    assert (code, found["scale"], found["rows"]) == (0, 10_000, [{"level": 0, "name": "直播", "amount_fen": 3_000_000}])
    assert len(found["notes"]) == 1
    assert demo.read_bytes() == before
    code, out, _err = run(capsys, "import-budget", demo, table, "--project", EVENT)
    assert code == 0
    assert "30,000.00" in out
    workspace = open_workspace(demo, read_only=True)
    session = Session(workspace)
    assert "直播" in [row.line.name for row in load_budget(session, project_by_name(session, EVENT).id).categories]
    workspace.close()


@pytest.mark.parametrize("words", [("--column", "B"), ("--column", "0=name"), ("--column", "A=colour")])
def test_a_mapping_that_says_nothing_is_refused_in_one_line(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, str]
) -> None:
    table = tmp_path / "a.csv"
    table.write_text("甲,乙\n直播,3\n", "utf-8")
    code, out, err = run(capsys, "import-budget", demo, table, "--project", EVENT, *words)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    code, _out, _err = run(
        capsys, "import-budget", demo, table, "--project", EVENT, "--column", "A=name", "--column", "2=amount"
    )
    assert code == 0


def test_the_budget_is_written_as_a_workbook(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "预算.xlsx"
    code, out, _err = run(capsys, "export-budget", demo, "--project", EVENT, "-o", target)
    assert code == 0
    assert out.strip() == str(target)
    assert openpyxl.load_workbook(target).sheetnames == ["预算", "执行对比", "发票台账", "年度预算池", "校验"]


def test_invoices_are_stored_and_duplicates_named(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, again, broken = tmp_path / "1.xml", tmp_path / "2.xml", tmp_path / "3.xml"
    first.write_bytes(bureau_xml())
    again.write_bytes(bureau_xml() + b"\n")
    broken.write_bytes(b"<EInvoice>")
    code, out, _err = run(capsys, "import-invoice", demo, first, "--project", EVENT, "--json")
    stored = json.loads(out)
    assert code == 0
    assert stored[0]["voucher"]["gross_fen"] == stored[0]["voucher"]["net_fen"] + stored[0]["voucher"]["tax_fen"]
    assert stored[0]["checks"]
    code, out, _err = run(capsys, "import-invoice", demo, again, broken, "--project", EVENT, "--json")
    rows = json.loads(out)
    assert code == 1
    assert rows[0]["duplicate_of"] == stored[0]["voucher"]["number"]
    assert rows[1]["voucher"] is None
    assert rows[1]["findings"]


def test_what_is_wrong_with_an_invoice_is_said_in_words_too(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong, named = tmp_path / "wrong.xml", tmp_path / "a\nb.xml"
    text = bureau_xml(Sample(number="26440000000000000077", buyer="别的公司")).decode()
    wrong.write_text(
        text.replace("<TotalTax-includedAmount>500.00", "<TotalTax-includedAmount>600.00"), encoding="utf-8"
    )
    named.write_bytes(b"junk")
    code, out, _err = run(capsys, "import-invoice", demo, wrong, named, "--project", EVENT, "--language", "en")
    assert code == 1
    rows = out.splitlines()
    assert rows[0].startswith("wrong.xml  26440000000000000077")
    assert "  Amount and tax differ from the total by ¥100.00." in rows
    assert any("别的公司" in row for row in rows[1:])
    assert any("not verified" in row for row in rows[1:])
    assert rows[-1].startswith("a b.xml  ")


def test_a_broken_invoice_in_an_archive_is_named(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = tmp_path / "pack.zip"
    packed.write_bytes(zipped({"broken.xml": b"broken", "list.txt": b"a list"}))
    code, out, _err = run(capsys, "import-invoice", demo, packed, "--project", EVENT, "--json")
    assert code == 1
    assert [row["file"] for row in json.loads(out)] == ["pack.zip › broken.xml"]

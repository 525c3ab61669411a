"""The command line as people call it: output, one-line errors, exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest

from qihua_desktop.__main__ import main
from tests.corpus import corpus
from tests.services.workspace_samples import demo_file

EVENT = "秋季新品快闪店"


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return demo_file(tmp_path, "zh_CN")


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    """Run a command in Chinese and return exit code, output and errors."""
    try:
        code = main([str(word) for word in words] + ["--language", "zh_CN"])
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else 1
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_projects_are_listed_as_json(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "projects", demo, "--json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert code == 0
    assert rows[EVENT]["budget_fen"] == 60_000_000
    assert rows[EVENT]["key_date"] == "2026-09-19"
    assert {row["budget_state"] for row in rows.values()} >= {"draft", "in_review", "approved", "revised", "closed"}
    assert rows[EVENT]["waiting_sign_offs"] > 0


@pytest.mark.parametrize("document", ["gantt", "plan", "budget-approval", "sign-off"])
def test_every_document_is_exported(
    demo: Path, tmp_path: Path, document: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "out" / "文件.pdf"
    code, _out, err = run(capsys, "export", demo, document, "--project", EVENT, "-o", target)
    assert (code, err) == (0, "")
    with pypdfium2.PdfDocument(target) as pdf:
        text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert EVENT in text


def test_a_chart_is_printed_as_asked_for(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "g.pdf"
    words = ("export", demo, "gantt", "--project", EVENT, "-o", target)
    assert run(capsys, *words, "--paper", "a3", "--tiles", "--unit", "day")[0] == 0
    with pypdfium2.PdfDocument(target) as pdf:
        assert len(pdf) > 1
        assert round(pdf[0].get_width() / 72 * 25.4) == 420
    assert run(capsys, *words, "--one-page", "--from", "2026-09-19", "--to", "2026-09-19")[0] == 0
    with pypdfium2.PdfDocument(target) as pdf:
        assert len(pdf) == 1
        assert "12:00" in pdf[0].get_textpage().get_text_range()
    code, _out, err = run(capsys, *words, "--from", "2026-09-19", "--to", "2026-09-01")
    assert (code != 0, len(err.splitlines())) == (True, 1)


def test_the_finance_pack_is_a_folder_or_a_zip(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "export", demo, "finance-pack", "--project", EVENT, "-o", tmp_path / "p.zip")
    assert code == 0
    names = zipfile.ZipFile(io.BytesIO((tmp_path / "p.zip").read_bytes())).namelist()
    for title in ("预算审批单", "评审签批单", "活动策划方案", "预算执行报告", "凭证清单"):
        assert sum(name.endswith(f"{title}.pdf") for name in names) == 1
    assert {"元数据.xml", "目录.txt"} <= set(names)
    code, out, _err = run(
        capsys, "export", demo, "finance-pack", "--project", "QH-2026-0003", "-o", tmp_path / "folder"
    )
    assert code == 0
    assert len(list(Path(out.splitlines()[0]).iterdir())) == len(out.splitlines()) - 1


def test_one_claim_and_a_year_are_chosen_by_options(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = ("export", demo, "expense-claim", "--project", "QH-2026-0001", "-o", tmp_path / "c.pdf")
    assert run(capsys, *claims)[0] == 0
    assert run(capsys, *claims, "--claim", "BX-2026-0001")[0] == 0
    code, _out, err = run(capsys, *claims, "--claim", "BX-2026-9999")
    assert (code, "BX-2026-0001" in err) == (2, True)
    year = ("export", demo, "annual-budget", "-o", tmp_path / "y.pdf")
    assert run(capsys, *year, "--year", "2026")[0] == 0
    with pypdfium2.PdfDocument(tmp_path / "y.pdf") as pdf:
        assert "2026 年度预算表" in pdf[0].get_textpage().get_text_range()
    assert run(capsys, *year, "--year", "2044")[0] == 2
    assert run(capsys, "export", demo, "voucher-list", "-o", tmp_path / "v.pdf")[0] == 2


def test_a_sound_workspace_passes_the_check(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "check", demo)
    assert code == 0
    assert "一切正常" in out


def test_a_changed_journal_fails_the_check(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import apsw

    connection = apsw.Connection(str(demo))
    connection.execute("DROP TRIGGER journal_no_update")
    connection.execute("UPDATE journal SET at_ms = at_ms + 1 WHERE seq = 5")
    connection.close()
    code, out, err = run(capsys, "check", demo)
    assert code == 1
    assert "5" in out + err


def test_backup_writes_a_whole_copy_and_never_overwrites(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "copy.qihua"
    assert run(capsys, "backup", demo, target)[0] == 0
    assert run(capsys, "check", target)[0] == 0
    code, _out, err = run(capsys, "backup", demo, target)
    assert code == 2
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ("projects", "missing.qihua"),
        ("check", __file__),
        ("export", "FILE", "nope", "--project", EVENT, "-o", "x.pdf"),
        ("export", "FILE", "plan", "--project", "没有这个项目", "-o", "x.pdf"),
        ("export", "FILE", "plan"),
        ("import-plan", "FILE", __file__, "--project", "x"),
        ("import-plan", "FILE", "missing.xml", "--project", "x"),
        ("export-plan", "FILE", "--project", EVENT, "-o", "计划.docx"),
        ("export-plan", "FILE", "--project", "没有这个项目", "-o", "计划.xml"),
        ("export-plan", "FILE", "--project", EVENT),
        ("schedule", "missing.xml"),
        ("schedule", __file__),
        ("schedule", "FILE"),
        ("demo", "FILE"),
        ("demo", "new.qihua", "--today", "yesterday"),
        ("demo",),
        ("frobnicate",),
    ],
)
def test_wrong_words_give_one_line_and_exit_code_2(
    demo: Path, tmp_path: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    before = demo.read_bytes()
    code, _out, err = run(capsys, *(demo if word == "FILE" else word for word in words))
    assert code in (1, 2) if words[0] == "demo" and words[1:] == ("FILE",) else code == 2
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert demo.read_bytes() == before


def test_a_project_plan_is_imported_in_one_edit(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plan = corpus("gantt/mspdi_from_mpp/projectlibre__Commercial_construction_project_plan.xml")
    code, out, err = run(capsys, "import-plan", demo, plan, "--project", "商业楼")
    assert (code, err) == (0, "")
    assert "商业楼" in out
    rows = {row["name"]: row for row in json.loads(run(capsys, "projects", demo, "--json")[1])}
    assert rows["商业楼"]["start"] == "2000-01-03" or rows["商业楼"]["start"].startswith("2000")
    assert run(capsys, "check", demo)[0] == 0
    assert run(capsys, "export", demo, "gantt", "--project", "商业楼", "-o", tmp_path / "g.pdf")[0] == 0


@pytest.mark.parametrize("suffix", [".xml", ".csv", ".xlsx"])
def test_an_exported_plan_is_imported_and_scheduled_with_the_same_dates(
    demo: Path, tmp_path: Path, suffix: str, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / f"计划{suffix}"
    code, out, _err = run(capsys, "export-plan", demo, "--project", EVENT, "-o", target)
    assert (code, out.strip()) == (0, str(target))
    code, out, err = run(capsys, "import-plan", demo, target, "--project", "副本", "--keep-dates")
    assert (code, err) == (0, "")
    rows = {row["name"]: row for row in json.loads(run(capsys, "projects", demo, "--json")[1])}
    assert (rows["副本"]["start"], rows["副本"]["finish"]) == (rows[EVENT]["start"], rows[EVENT]["finish"])
    assert run(capsys, "check", demo)[0] == 0
    code, out, err = run(capsys, "schedule", target, "--json")
    assert (code, err) == (0, "")
    assert len(json.loads(out)) > 10


def test_a_calendar_file_is_exported(demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _out, err = run(capsys, "export-plan", demo, "--project", EVENT, "-o", tmp_path / "计划.ics")
    assert code == 0
    assert err.count("\n") == 1
    assert (tmp_path / "计划.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")


def test_a_plan_file_is_scheduled_without_a_workspace(capsys: pytest.CaptureFixture[str]) -> None:
    plan = corpus("gantt/mspdi_from_mpp/projectlibre__Commercial_construction_project_plan.xml")
    code, out, err = run(capsys, "schedule", plan, "--json")
    assert (code, err) == (0, "12 个时间已取整到分钟。\n")
    rows = json.loads(out)
    assert list(rows[0]) == [
        "id", "uid", "name", "start", "finish", "early_start", "early_finish", "late_start", "late_finish",
        "total_float_minutes", "critical", "summary",
    ]  # fmt: skip
    assert all(row["critical"] == (row["total_float_minutes"] <= 0) for row in rows if not row["summary"])
    assert datetime.fromisoformat(rows[0]["start"]).tzinfo is None
    code, out, _err = run(capsys, "schedule", plan)
    assert code == 0
    assert len(out.splitlines()) == len(rows)
    assert run(capsys, "schedule", corpus("gantt/gan/findvid__main__project.gan"), "--json")[0] == 0


def test_what_a_plan_file_loses_and_what_cannot_be_met_is_told_beside_the_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    task = (
        "<Task><UID>{0}</UID><ID>{0}</ID><Name>{1}</Name><OutlineLevel>1</OutlineLevel>"
        "<Duration>{2}</Duration>{3}</Task>"
    )
    rows = (
        task.format(1, "设计", "PT80H0M0S", ""),
        task.format(
            2,
            "布展",
            "PT8H0M0S",
            "<ConstraintType>3</ConstraintType><ConstraintDate>2026-09-02T18:00:00</ConstraintDate>"
            "<PredecessorLink><PredecessorUID>1</PredecessorUID><Type>1</Type></PredecessorLink>",
        ),
        task.format(3, "撤展", "PT-8H0M0S", ""),
    )
    path = tmp_path / "计划.xml"
    start = "<StartDate>2026-09-01T09:00:00</StartDate>"
    project = '<Project xmlns="http://schemas.microsoft.com/project">'
    path.write_text(f"{project}{start}<Tasks>{''.join(rows)}</Tasks></Project>", encoding="utf-8")
    code, out, err = run(capsys, "schedule", path, "--json")
    assert code == 0
    assert [row["name"] for row in json.loads(out)] == ["设计", "布展", "撤展"]
    assert "设计 → 布展" in err
    assert len([line for line in err.splitlines() if "工期" in line]) == 1


def test_ambiguous_dates_are_refused_until_their_order_is_given(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "计划.txt"
    table.write_text("任务,开始,工期\n布展,03/04/2026,1\n", encoding="gb18030")
    code, _out, err = run(capsys, "import-plan", demo, table, "--project", "表格")
    assert code == 2
    assert err.count("\n") == 1
    code, _out, _err = run(capsys, "import-plan", demo, table, "--project", "表格", "--date-order", "day")
    rows = {row["name"]: row for row in json.loads(run(capsys, "projects", demo, "--json")[1])}
    assert (code, rows["表格"]["start"]) == (0, "2026-04-03")


def test_a_broken_import_leaves_the_workspace_as_it_was(
    demo: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = corpus("gantt/mspdi_from_mpp/projectlibre__New_Product.xml").read_bytes()
    broken = tmp_path / "cut.xml"
    broken.write_bytes(source[: len(source) // 2])
    before = run(capsys, "projects", demo, "--json")[1]
    code, _out, err = run(capsys, "import-plan", demo, broken, "--project", "半个")
    assert code == 2
    assert err.count("\n") == 1
    assert run(capsys, "projects", demo, "--json")[1] == before


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, "--help")
    assert code == 0
    for command in (
        "demo",
        "projects",
        "export",
        "check",
        "backup",
        "schedule",
        "import-plan",
        "export-plan",
        "self-test",
    ):
        assert command in out
    for command in (
        "demo",
        "projects",
        "export",
        "check",
        "backup",
        "schedule",
        "import-plan",
        "export-plan",
        "self-test",
    ):
        assert run(capsys, command, "--help")[0] == 0


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "--version")[1].startswith("qihua-desktop 0.")


def test_the_language_may_stand_before_the_command(demo: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["--language", "en", "check", str(demo)], ["--language=en", "check", str(demo)]):
        assert main(words) == 0
        assert "everything is in order" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["", "export", "import-plan", "self-test"])
def test_help_is_chinese_but_for_names_and_usage(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _err = run(capsys, *command.split(), "--help")
    assert code == 0
    assert "选项:" in out
    assert not [words for words in ("options:", "arguments:", "show this", "show program") if words in out]


def test_a_reader_who_has_enough_gets_no_error(demo: Path) -> None:
    command = [sys.executable, "-c", _CLOSED_PIPE, str(demo)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr == ""


_CLOSED_PIPE = """
import os, sys
reading, writing = os.pipe()
os.close(reading)
os.dup2(writing, 1)
from qihua_desktop.__main__ import main
sys.exit(main(["projects", sys.argv[1], "--json"]))
"""

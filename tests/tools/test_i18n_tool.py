"""The catalogue tool finds each kind of fault."""

from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from tools import i18n

SOURCE = """
from qihua_desktop.i18n import N_, _, ngettext
_("Save")
_("Move “{task}”").format(task=1)
ngettext("{count} task", "{count} tasks", 2)
LABEL = N_("Long text "
           "in two parts")
"""
FRAGMENT = """
msgid "Save"
msgstr "保存"

msgid "Move “{task}”"
msgstr "移动“{task}”"

msgid "{count} task"
msgid_plural "{count} tasks"
msgstr[0] "{count} 个任务"

msgid "Long text in two parts"
msgstr "两段长文本"
"""


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny program with a complete catalogue."""
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "window.py").write_text(SOURCE, "utf-8")
    fragments = tmp_path / "zh_CN"
    fragments.mkdir()
    (fragments / "a.po").write_text(FRAGMENT, "utf-8")
    monkeypatch.setattr(i18n, "ROOT", tmp_path)
    monkeypatch.setattr(i18n, "FRAGMENTS", fragments)
    monkeypatch.setattr(i18n, "COMPILED", fragments / "qihua.mo")
    return tmp_path


def faults() -> list[str]:
    return [finding.fault for finding in i18n.findings(i18n.read_sources(), i18n.read_fragments())]


def test_a_complete_catalogue_has_no_finding_and_compiles(tree: Path) -> None:
    assert faults() == []
    assert i18n.main([]) == 0
    with (tree / "zh_CN" / "qihua.mo").open("rb") as stream:
        catalogue = gettext.GNUTranslations(stream)
    assert catalogue.gettext("Long text in two parts") == "两段长文本"
    assert catalogue.ngettext("{count} task", "{count} tasks", 1) == "{count} 个任务"
    assert i18n.main(["--check"]) == 0


@pytest.mark.parametrize(
    ("addition", "fault"),
    [
        ('msgid "Gone"\nmsgstr "没了"', "unused"),
        ('#, fuzzy\nmsgid "Gone"\nmsgstr "没了"', "fuzzy"),
        ('msgid "Save"\nmsgstr "存盘"', "conflicting"),
        ('msgid "Hi {name}"\nmsgstr "你好{nom}"', "placeholders"),
        ('msgid "Hi {name}"\nmsgstr "你好{"', "placeholders"),
        ("msgid oops", "unreadable"),
    ],
)
def test_each_fault_of_a_fragment_is_found(tree: Path, addition: str, fault: str) -> None:
    (tree / "zh_CN" / "b.po").write_text(addition + "\n", "utf-8")
    assert fault in faults()
    assert i18n.main(["--check"]) == 1


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('_("New")', "missing"),
        ('_(f"Hi {name}")', "f-string"),
        ('_("a" + name)', "f-string"),
        ("_(", "unreadable"),
    ],
)
def test_each_fault_of_a_source_file_is_found(tree: Path, line: str, fault: str) -> None:
    (tree / "ui" / "other.py").write_text(line + "\n", "utf-8")
    assert fault in faults()


def test_an_entry_for_a_data_file_is_not_unused(tree: Path) -> None:
    (tree / "zh_CN" / "b.po").write_text('#. data: template\nmsgid "Venue"\nmsgstr "场地"\n', "utf-8")
    assert faults() == []


def test_a_changed_fragment_makes_the_compiled_catalogue_stale(tree: Path) -> None:
    i18n.main([])
    (tree / "zh_CN" / "a.po").write_text(FRAGMENT.replace("保存", "存盘"), "utf-8")
    assert faults() == ["stale"]


def test_the_report_can_be_pasted_into_a_fragment(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "ui" / "other.py").write_text('_("Say \\"hi\\"\\nnow")\nngettext("{n} day", "{n} days", 1)\n', "utf-8")
    i18n.main(["--report"])
    (tree / "zh_CN" / "b.po").write_text(capsys.readouterr().out, "utf-8")
    written = i18n.read_fragments()
    assert not written.findings
    assert {('Say "hi"\nnow', ""), ("{n} day", "{n} days")} <= set(written.entries)

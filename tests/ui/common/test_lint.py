"""Windows use the design system: no raw labels, message boxes or tool tips, no colour of their own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMMON = ROOT / "ui" / "common"
BANNED_CALLS = {"QLabel", "QMessageBox", "QInputDialog", "QProgressDialog", "QErrorMessage", "QTextBrowser"}
BANNED_METHODS = {"setToolTip", "setWhatsThis", "setHtml", "insertHtml", "processEvents"}
HEX = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")


def sources(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def called_name(call: ast.Call) -> str:
    function = call.func
    return (
        function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    )


def raw_text_findings(tree: ast.AST) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = called_name(node)
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name in BANNED_CALLS or (isinstance(owner, ast.Name) and owner.id in BANNED_CALLS):
            found.append(f"line {node.lineno}: {name}")
        if name in BANNED_METHODS and not _is_escaped(node):
            found.append(f"line {node.lineno}: {name}")
    return found


def _is_escaped(call: ast.Call) -> bool:
    """Return whether the argument is empty, escaped here, or another widget's tool tip."""
    if len(call.args) != 1:
        return False
    argument = call.args[0]
    if isinstance(argument, ast.Constant) and argument.value == "":
        return True
    return isinstance(argument, ast.Call) and called_name(argument) in ("tool_tip_text", "toolTip")


def colour_findings(tree: ast.AST) -> list[str]:
    texts = [(node.lineno, str(node.value)) for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [f"line {line}: {text[:40]}" for line, text in texts if HEX.search(text)]


@pytest.mark.parametrize("path", sources("ui"), ids=lambda path: str(path.relative_to(ROOT)))
def test_windows_show_texts_through_the_design_system(path):
    if path.is_relative_to(COMMON) and path.name in ("labels.py",):
        pytest.skip("the label factory itself")
    assert raw_text_findings(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", sources("ui"), ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_theme_knows_hex_colours(path):
    if path == COMMON / "theme.py":
        pytest.skip("the theme itself")
    assert colour_findings(ast.parse(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "QLabel('x')",
        "QtWidgets.QLabel(name)",
        "QMessageBox.warning(None, a, b)",
        "w.setToolTip(name)",
        "w.setToolTip(f'{a}')",
    ],
)
def test_the_lint_sees_raw_texts(code):
    assert raw_text_findings(ast.parse(code))


@pytest.mark.parametrize(
    "code", ["w.setToolTip('')", "w.setToolTip(tool_tip_text(name))", "PlainLabel(name)", "set_tool_tip(w, name)"]
)
def test_the_lint_lets_escaped_texts_pass(code):
    assert raw_text_findings(ast.parse(code)) == []


@pytest.mark.parametrize("code", ["x = '#3451B2'", "x = 'color: #fff;'"])
def test_the_lint_sees_colours(code):
    assert colour_findings(ast.parse(code))

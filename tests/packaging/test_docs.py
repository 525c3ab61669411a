"""What the README and the changelog say of commands, documents, keys, files and pictures is what the program has."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication

from qihua_desktop import app, paths
from qihua_desktop.__main__ import main
from qihua_desktop.cli import commands, money_commands, plan_commands
from qihua_desktop.i18n import set_language
from qihua_desktop.reports import catalogue
from qihua_desktop.settings_store import SettingsStore
from qihua_desktop.workspace_files import make_demo
from tools import frozen, readme_pictures
from ui.common.actions import ActionRegistry

ROOT = frozen.ROOT
README = (ROOT / "README.md").read_text("utf-8")
CHINESE, _heading, ENGLISH = README.partition("\n## Qihua Desktop\n")
_PROGRAM = "qihua-desktop "


def _blocks(language: str) -> Iterator[str]:
    yield from re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def _examples() -> list[str]:
    return [line for block in _blocks("sh") for line in block.splitlines() if line.startswith(_PROGRAM)]


def _section(text: str, heading: str) -> str:
    match = re.search(rf"^### {re.escape(heading)}\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    assert match is not None, heading
    return match.group(1)


def _table(section: str) -> list[list[str]]:
    """Return the cells of the tables in a section, without their heads."""
    lines = [line for line in section.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))] for line in lines]
    rules = [at for at, row in enumerate(rows) if all(set(cell) <= set("-: ") for cell in row)]
    heads = {at - 1 for at in rules} | set(rules)
    return [row for at, row in enumerate(rows) if at not in heads]


def _slug(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def _help(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit) as stop:
        main([*command.split(), "--help", "--language", "en"])
    assert stop.value.code == 0
    return capsys.readouterr().out


def _offered(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """Return the commands that --help lists."""
    listed = _help("", capsys).partition("commands:")[2]
    return set(re.findall(r"^    ([a-z][a-z-]+)\s", listed, re.MULTILINE))


# --- commands ---


def test_the_readme_has_examples_of_the_command_line() -> None:
    assert len(_examples()) >= 10


@pytest.mark.parametrize("line", _examples())
def test_every_example_is_understood_by_the_program(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[argparse.Namespace] = []

    def note(options: argparse.Namespace) -> int:
        called.append(options)
        return 0

    for module in (commands, plan_commands, money_commands):
        for name, value in vars(module).items():
            if callable(value) and getattr(value, "__module__", "") == module.__name__ and not name.startswith("_"):
                monkeypatch.setattr(module, name, note)
    assert main(shlex.split(line.removeprefix(_PROGRAM))) == 0
    assert called


@pytest.mark.parametrize(("text", "heading"), [(CHINESE, "命令行"), (ENGLISH, "Command line")])
def test_the_readme_lists_every_command_there_is(text: str, heading: str, capsys: pytest.CaptureFixture[str]) -> None:
    named = {row[0].strip("`") for row in _table(_section(text, heading))}
    assert {name for name in named if " " not in name} == _offered(capsys)


@pytest.mark.parametrize(("text", "heading"), [(CHINESE, "命令行"), (ENGLISH, "Command line")])
def test_the_readme_names_every_document_there_is(text: str, heading: str) -> None:
    line = next(part for part in _section(text, heading).split("\n\n") if "finance-pack`" in part and "·" in part)
    named = set(re.findall(r"`([a-z-]+)`", line))
    assert named == {*catalogue.DOCUMENTS, catalogue.FINANCE_PACK}


def test_options_named_in_the_text_exist(capsys: pytest.CaptureFixture[str]) -> None:
    every = _help("", capsys) + "".join(_help(command, capsys) for command in _offered(capsys))
    sections = _section(CHINESE, "命令行") + _section(ENGLISH, "Command line")
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", sections))
    assert named
    assert not {option for option in named if option not in every}


# --- make and tools ---


def test_the_readme_explains_every_make_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    documented = set(re.findall(r"^([a-z0-9]+):.*## ", makefile, re.MULTILINE)) - {"help"}
    contributors = README.partition("\n## 开发")[2]
    named = {match.group(1) for row in _table(contributors) if (match := re.match(r"`make ([a-z0-9]+)`", row[0]))}
    assert named == documented


def test_modules_and_paths_named_in_the_readme_exist() -> None:
    modules = set(re.findall(r"-m (tools\.\w+)", README))
    assert modules
    assert not {name for name in modules if not (ROOT / (name.replace(".", "/") + ".py")).exists()}
    named = set(re.findall(r"`((?:resources|qihua_desktop|db|\.github|\.ci)/[\w./*-]+)`", README))
    assert named
    assert not {name for name in named if "NNNN" not in name and not any(ROOT.glob(name))}


# --- links and pictures ---


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_links_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    headings = {_slug(heading) for heading in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    files = [target for target in targets if not target.startswith(("#", "https://"))]
    assert not [target for target in files if not (ROOT / target).is_file()]
    assert not [target for target in targets if target.startswith("#") and target[1:] not in headings]


def test_every_picture_is_shown_described_and_made_by_the_tool() -> None:
    shown = dict(re.findall(r"!\[([^\]]*)\]\(docs/images/([^)]+)\)", README))
    wanted = {picture.name for picture in readme_pictures.PICTURES}
    assert set(shown.values()) == wanted
    assert {path.name for path in (ROOT / "docs" / "images").iterdir()} == wanted
    assert all(shown)


@pytest.mark.parametrize("picture", readme_pictures.PICTURES, ids=lambda picture: picture.name)
def test_a_picture_is_whole_and_small(picture: readme_pictures.Picture) -> None:
    path = ROOT / "docs" / "images" / picture.name
    width, height = picture.look.rsplit("-", 1)[1].split("x")
    with Image.open(path) as image:
        assert image.size == (int(width), int(height))
    assert path.stat().st_size <= readme_pictures.MOST_BYTES


def test_reducing_a_picture_keeps_its_colours(tmp_path: Path) -> None:
    source = tmp_path / "page.png"
    whole = Image.effect_noise((160, 120), 4).convert("RGB")
    whole.paste((21, 128, 61), (10, 10, 18, 14))
    whole.save(source)
    small = tmp_path / "small.png"
    small.write_bytes(readme_pictures.reduced(source))
    with Image.open(small) as image:
        assert image.mode == "P"
        seen = image.convert("RGB").getpixel((12, 12))
    assert isinstance(seen, tuple)
    assert max(abs(one - two) for one, two in zip(seen, (21, 128, 61), strict=True)) < 16


# --- keys ---


def _shortcuts(folder: Path, language: str, application: QApplication) -> dict[tuple[str, str], set[str]]:
    """Return the keys of every action of the main window and its pages, by group and text."""
    store = SettingsStore(folder / "settings.json")
    store.change(language=language, backup_folder=str(folder / "backups"))
    app.build_application([], store)
    set_language(language)
    workspace = folder / "sample.qihua"
    make_demo(workspace, date(2026, 9, 9))
    desktop = app.Desktop(application, store)
    try:
        window = desktop.show_session(desktop.files.open(workspace), workspace)
        for page in desktop.registry:
            window.show_page(page.key)
        actions = [one for registry in window.findChildren(ActionRegistry) for one in registry.all()]
        return {
            (one.group, one.text): {QKeySequence(part.strip()).toString() for part in one.shortcut.split(";")}
            for one in actions
            if one.shortcut
        }
    finally:
        desktop.leave()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize(
    ("language", "text", "heading"),
    [("zh_CN", CHINESE, "键盘快捷键"), ("en", ENGLISH, "Keyboard shortcuts")],
)
def test_the_keys_in_the_readme_do_what_it_says(
    language: str, text: str, heading: str, tmp_path: Path, qapp: QApplication
) -> None:
    rows = _table(_section(text, heading))
    assert len(rows) > 30
    actions = _shortcuts(tmp_path, language, qapp)
    for group, action, keys in rows:
        named = {QKeySequence(key).toString() for key in re.findall(r"`([^`]+)`", keys)}
        assert named == actions.get((group, action)), (group, action)


# --- places ---


def test_the_folders_in_the_readme_are_those_of_this_system(monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs
    from platformdirs.macos import MacOS
    from platformdirs.unix import Unix

    for variable in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(variable, raising=False)
    for kind, column in ((Unix, 1), (MacOS, 3)):

        def folders(name: str, kind: type[platformdirs.PlatformDirs] = kind, **options: bool) -> object:  # type: ignore[valid-type]
            return kind(name, **options)

        monkeypatch.setattr(paths, "PlatformDirs", folders)
        places = [paths.default_backup_folder(), paths.log_file().parent, paths.settings_file()]
        expected = [f"`{str(place).replace(str(Path.home()), '~')}`" for place in places]
        for text, heading in ((CHINESE, "备份、恢复与密码"), (ENGLISH, "Backup, restore and password")):
            assert [row[column] for row in _table(_section(text, heading))] == expected

"""Merge the Chinese catalogue fragments into ``qihua.mo`` and find what is missing or wrong in them.

    python -m tools.i18n            merge the fragments, write qihua.mo, list every finding
    python -m tools.i18n --check    write nothing; exit 1 when there is a finding or qihua.mo is out of date
    python -m tools.i18n --report   print the missing entries per source file, ready to paste into a fragment
    python -m tools.i18n --report ui/gantt qihua_desktop/services/plan.py      … of these files and folders only

An entry that no source file mentions counts as unused, unless an extracted comment ``#. data`` says that it is
looked up for texts in data files.
"""

from __future__ import annotations

import argparse
import ast
import gettext
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path
from string import Formatter
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, PoFileParser

ROOT = Path(__file__).resolve().parents[1]
SOURCE_FOLDERS = ("qihua_desktop", "db", "ui")
LOCALE = "zh_CN"
FRAGMENTS = ROOT / "resources" / "i18n" / LOCALE
COMPILED = FRAGMENTS / "qihua.mo"

_KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "N_": None, "ngettext": (1, 2)}
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)

MessageKey = tuple[str, str]  # (singular, plural); plural is empty for ordinary messages


class Fault(StrEnum):
    """What can be wrong with a message."""

    MISSING = "missing"
    FUZZY = "fuzzy"
    UNUSED = "unused"
    CONFLICTING = "conflicting"
    PLACEHOLDERS = "placeholders"
    F_STRING = "f-string"
    UNREADABLE = "unreadable"
    STALE = "stale"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault at one place."""

    fault: Fault
    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.fault:<12} {self.place}  {self.text}"


@dataclass(slots=True)
class Sources:
    """Every message of the program's source with its places, and what could not be read."""

    places: dict[MessageKey, list[str]] = field(default_factory=lambda: defaultdict(list))
    findings: list[Finding] = field(default_factory=list)


class _RecordingCatalog(Catalog):
    """A catalogue that remembers each entry as written, repeated ones too."""

    def __init__(self) -> None:
        super().__init__(locale=LOCALE)
        self.written: list[Message] = []

    def __setitem__(self, id: Any, message: Message) -> None:
        if id:
            self.written.append(message)
        super().__setitem__(id, message)


@dataclass(slots=True)
class Translations:
    """The merged fragments, by message, with the place each came from."""

    entries: dict[MessageKey, tuple[Message, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def _key(message_id: str | Iterable[str]) -> MessageKey:
    if isinstance(message_id, str):
        return message_id, ""
    singular, plural = message_id
    return singular, plural


def _strings(message: Message) -> tuple[str, ...]:
    """Return the translations of an entry, one per plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _shown(key: MessageKey) -> str:
    text = key[0].replace("\n", "\\n")
    return f"“{text}”" if len(text) <= 90 else f"“{text[:87]}…”"


def _relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def source_files() -> Iterator[Path]:
    """Yield the program's Python files in a fixed order."""
    for folder in SOURCE_FOLDERS:
        yield from sorted((ROOT / folder).rglob("*.py"))


def read_sources() -> Sources:
    """Extract every marked message of the program."""
    sources = Sources()
    for path in source_files():
        place, content = _relative(path), path.read_bytes()
        try:
            sources.findings += _f_strings(place, content)
            for line, text, _comments, _context in extract("python", BytesIO(content), _KEYWORDS):
                key = _key(text)
                if key[0]:
                    sources.places[key].append(f"{place}:{line}")
        except SyntaxError as error:
            sources.findings.append(Finding(Fault.UNREADABLE, f"{place}:{error.lineno}", str(error.msg)))
    return sources


def _f_strings(place: str, content: bytes) -> Iterator[Finding]:
    """Yield the marked texts that are put together before they are looked up: no catalogue can hold them."""
    for node in ast.walk(ast.parse(content)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name not in _KEYWORDS:
            continue
        for argument in node.args[: 2 if name == "ngettext" else 1]:
            computed = isinstance(argument, ast.BinOp) and isinstance(argument.op, (ast.Add, ast.Mod))
            if isinstance(argument, ast.JoinedStr) or computed:
                yield Finding(Fault.F_STRING, f"{place}:{node.lineno}", f"{name}({ast.unparse(argument)[:80]})")


def read_fragments() -> Translations:
    """Merge the catalogue fragments; the first of two conflicting entries wins."""
    merged = Translations()
    for path in sorted(FRAGMENTS.glob("*.po")):
        catalog = _RecordingCatalog()
        try:
            # The parser's line numbers start at 0.
            PoFileParser(catalog, ignore_obsolete=True, abort_invalid=True).parse(path.read_bytes().splitlines(True))
        except (PoFileError, UnicodeDecodeError, ValueError) as error:
            merged.findings.append(Finding(Fault.UNREADABLE, _relative(path), str(error)))
            continue
        for message in catalog.written:
            _merge(merged, message, f"{_relative(path)}:{message.lineno}")
    return merged


def _merge(merged: Translations, message: Message, place: str) -> None:
    key = _key(message.id)
    known = merged.entries.get(key)
    if known is None:
        merged.entries[key] = (message, place)
        # gettext looks plural messages up by their singular: the two must not disagree.
        for other, (entry, other_place) in merged.entries.items():
            if other[0] == key[0] and other != key and _strings(entry)[:1] != _strings(message)[:1]:
                merged.findings.append(Finding(Fault.CONFLICTING, place, f"{_shown(key)} is also in {other_place}"))
    elif _strings(known[0]) != _strings(message):
        merged.findings.append(Finding(Fault.CONFLICTING, place, f"{_shown(key)} is also in {known[1]}"))


def fields(text: str) -> frozenset[str]:
    """Return the names of a text's placeholders. Raises ValueError for unbalanced braces."""
    return frozenset(name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None)


def _placeholder_fault(key: MessageKey, message: Message) -> str:
    try:
        wanted = fields(key[1] or key[0])
        allowed = wanted | fields(key[0])
        for text in _strings(message):
            found = fields(text)
            if not wanted <= found <= allowed:
                return f"has {sorted(found)} instead of {sorted(wanted)}"
    except ValueError as error:
        return str(error)
    return ""


def findings(sources: Sources, translations: Translations) -> list[Finding]:
    """Return every fault of the catalogue against the sources."""
    found = [*sources.findings, *translations.findings]
    for key, places in sources.places.items():
        entry = translations.entries.get(key)
        if entry is None or not all(_strings(entry[0])):
            found.append(Finding(Fault.MISSING, places[0], _shown(key)))
    for key, (message, place) in translations.entries.items():
        data = any(comment.strip().startswith("data") for comment in message.auto_comments)
        if key not in sources.places and not data:
            found.append(Finding(Fault.UNUSED, place, _shown(key)))
        if message.fuzzy:
            found.append(Finding(Fault.FUZZY, place, _shown(key)))
        fault = _placeholder_fault(key, message) if all(_strings(message)) else ""
        if fault:
            found.append(Finding(Fault.PLACEHOLDERS, place, f"{_shown(key)} {fault}"))
    if COMPILED.exists() and not is_current(translations):
        found.append(Finding(Fault.STALE, _relative(COMPILED), "run “make i18n”"))
    return found


def compiled(translations: Translations) -> bytes:
    """Return the merged catalogue in gettext's binary form; the same entries always give the same bytes."""
    catalog = Catalog(locale=LOCALE, project="qihua-desktop", version="1", creation_date=_EPOCH, revision_date=_EPOCH)
    for key in sorted(translations.entries):
        message, _place = translations.entries[key]
        if all(_strings(message)) and not message.fuzzy:
            catalog.add(key if key[1] else key[0], string=message.string)
    buffer = BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def is_current(translations: Translations) -> bool:
    """Tell whether the committed binary catalogue says what the fragments say, whatever its header."""

    def texts(content: bytes) -> dict[object, str]:
        catalogue: dict[object, str] = gettext.GNUTranslations(BytesIO(content))._catalog  # type: ignore[attr-defined]
        return {key: text for key, text in catalogue.items() if key != ""}

    return texts(COMPILED.read_bytes()) == texts(compiled(translations))


def write(translations: Translations) -> bool:
    """Write the binary catalogue where it changed; return whether it did."""
    content = compiled(translations)
    if COMPILED.exists() and COMPILED.read_bytes() == content:
        return False
    handle, temporary = tempfile.mkstemp(dir=FRAGMENTS, suffix=".tmp")
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
    os.chmod(temporary, 0o644)
    os.replace(temporary, COMPILED)
    return True


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    lines = escaped.split("\n")
    if len(lines) == 1:
        return f'"{escaped}"'
    parts = [f"{line}\\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    return "\n".join(['""', *(f'"{part}"' for part in parts)])


def report(sources: Sources, translations: Translations, prefixes: list[str]) -> int:
    """Print the missing entries per source file in the form of a fragment; return how many there are."""
    wanted = tuple(Path(prefix).as_posix() for prefix in prefixes)
    files: dict[str, list[tuple[MessageKey, str]]] = defaultdict(list)
    for key, places in sources.places.items():
        entry = translations.entries.get(key)
        if entry is not None and all(_strings(entry[0])):
            continue
        mine = [place for place in places if not wanted or place.startswith(wanted)]
        if mine:
            files[mine[0].rsplit(":", 1)[0]].append((key, mine[0]))
    for name in sorted(files):
        print(f"\n# {name}: {len(files[name])} missing")
        for key, place in files[name]:
            print(f"\n#: {place}\nmsgid {_quoted(key[0])}")
            print(f'msgid_plural {_quoted(key[1])}\nmsgstr[0] ""' if key[1] else 'msgstr ""')
    return sum(map(len, files.values()))


def main(arguments: list[str] | None = None) -> int:
    """Run the tool; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.i18n", description="Merge and check the Chinese catalogue.")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on any finding")
    parser.add_argument("--report", nargs="*", metavar="PATH", help="print missing entries, of these paths only")
    options = parser.parse_args(arguments)
    sources, translations = read_sources(), read_fragments()
    if options.report is not None:
        report(sources, translations, options.report)
        return 0
    if not options.check and write(translations):
        print(f"wrote {_relative(COMPILED)}")
    found = findings(sources, translations)
    for finding in found:
        print(finding)
    print(f"{len(sources.places)} messages, {len(translations.entries)} translations, {len(found)} findings")
    return 1 if options.check and found else 0


if __name__ == "__main__":
    sys.exit(main())

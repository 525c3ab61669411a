"""Read XML from outside in bounded time and memory: no document type, no entities, limited size, depth and count.

Large files are never held as a tree: each record of interest is handed over as soon as it ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from qihua_desktop.domain.errors import InputError
from qihua_desktop.i18n import _

MOST_BYTES: Final = 400 * 1024 * 1024
MOST_ELEMENTS: Final = 40_000_000
DEEPEST: Final = 200
LONGEST_TEXT: Final = 200_000
_CHUNK: Final = 1 << 20
Progress = Callable[[int, int], None]
"""Told how much of how much is done; may raise Cancelled."""
_CHINESE: Final = re.compile(rb"""^\s*<\?xml[^>]{0,200}encoding\s*=\s*["'](gbk|gb2312|gb18030)["']""", re.IGNORECASE)


@dataclass(slots=True)
class Record:
    """An element with children: the texts of its simple children by tag (the first of each), and its nested ones."""

    tag: str
    values: dict[str, str] = field(default_factory=dict[str, str])
    nested: dict[str, list[Record]] = field(default_factory=dict[str, "list[Record]"])
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    text: str = ""

    def get(self, tag: str, default: str = "") -> str:
        """Return the text of a simple child, stripped."""
        return self.values.get(tag, default).strip()

    def all(self, tag: str) -> list[Record]:
        """Return the nested children of a tag, in order."""
        return self.nested.get(tag, [])

    def first(self, tag: str) -> Record | None:
        """Return the first nested child of a tag."""
        children = self.nested.get(tag)
        return children[0] if children else None


def unreadable(reason: str) -> InputError:
    """Return the error for a file that is damaged or of another kind."""
    return InputError(
        _("This file cannot be read as a plan."),
        _("It may be cut off, damaged or of another kind; save it again in the program it comes from."),
        (reason,),
    )


class _Reader:
    """Expat handlers that build records; plain attributes, because this runs once per element."""

    def __init__(self, root: str, on_record: Callable[[Record], None], records: frozenset[str]) -> None:
        self.expected_root = root
        self.on_record = on_record
        self.records = records
        self.stack: list[Record] = []
        self.text: list[str] = []
        self.length = 0
        self.count = 0
        self.top = Record(root)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        self.count += 1
        if not self.stack:
            if tag != self.expected_root:
                raise unreadable(_("The file does not begin with “{tag}”.").format(tag=self.expected_root))
        elif len(self.stack) > DEEPEST or self.count > MOST_ELEMENTS:
            raise unreadable(_("The file is nested too deeply or has too many parts."))
        self.stack.append(Record(tag, attributes=attributes))
        self.text = []
        self.length = 0

    def characters(self, text: str) -> None:
        self.length += len(text)
        if self.length <= LONGEST_TEXT:
            self.text.append(text)

    def end(self, _name: str) -> None:
        record = self.stack.pop()
        if not record.nested and not record.values:
            record.text = "".join(self.text)
        self.text = []
        self.length = 0
        if record.tag in self.records:
            self.on_record(record)
            return
        if not self.stack:
            self.top = record
            return
        above = self.stack[-1]
        if record.nested or record.values or record.attributes:
            above.nested.setdefault(record.tag, []).append(record)
        else:
            above.values.setdefault(record.tag, record.text)


def read_records(
    content: bytes,
    root: str,
    records: frozenset[str],
    on_record: Callable[[Record], None],
    *,
    progress: Progress | None = None,
) -> Record:
    """Read an XML file and hand over each element whose tag is in ``records`` when it ends.

    ``progress`` is told how many bytes of how many are read; what it raises ends the reading. Returns the root with
    what was not handed over. Raises InputError when the file is not well-formed, is too large, declares a document
    type, or has another root.
    """
    if len(content) > MOST_BYTES:
        raise unreadable(_("The file is larger than {size} MB.").format(size=MOST_BYTES // (1024 * 1024)))
    encoding = None
    chinese = _CHINESE.match(content[:400])
    if chinese:
        try:
            content, encoding = content.decode("gb18030").encode("utf-8"), "utf-8"
        except UnicodeDecodeError as error:
            raise unreadable(str(error)) from error
    reader = _Reader(root, on_record, records)
    parser = expat.ParserCreate(encoding)
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.EntityDeclHandler = _refuse_document_type
    try:
        for begin in range(0, len(content), _CHUNK):
            if progress is not None:
                progress(begin, len(content))
            parser.Parse(content[begin : begin + _CHUNK], False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise unreadable(str(error)) from error
    return reader.top


class _Found(Exception):
    """The first element was met."""


def root_tag(content: bytes) -> str:
    """Return the name of an XML file's outermost element, "" when the content is no XML.

    Raises InputError when the file declares a document type.
    """
    found: list[str] = []

    def on_start(name: str, _attributes: dict[str, str]) -> None:
        found.append(name.rpartition(":")[2])
        raise _Found

    match = _CHINESE.match(content[:400])
    parser = expat.ParserCreate("iso-8859-1" if match else None)
    parser.StartElementHandler = on_start
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        for begin in range(0, len(content), _CHUNK):
            parser.Parse(content[begin : begin + _CHUNK], False)
    except _Found:
        return found[0]
    except (expat.ExpatError, ValueError, LookupError):
        return ""
    return ""


def _refuse_document_type(*_declaration: object) -> None:
    raise InputError(
        _("This file declares a document type or entities, which plan files never do."),
        _("It was refused, because such files can be used for attacks."),
    )

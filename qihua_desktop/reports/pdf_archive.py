"""Makes a finished PDF one that an archive accepts: PDF/A-2b (ISO 19005-2, level B).

The pages are already fit for it: embedded fonts with Unicode maps, no transparency, plain RGB and grey. What is added
here is the colour profile that gives the RGB its meaning, XMP metadata equal to the document information, and a file
written anew with exact lengths and an identifier.
"""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from resources import resource_bytes

if TYPE_CHECKING:
    import pikepdf

PROFILE: Final = "colour/sRGB.icc"
"""An ICC profile of version 2: PDF/A-1 knows no later one, and no reader stumbles over it."""

_CONDITION: Final = "sRGB IEC61966-2.1"
_DATE: Final = re.compile(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:([+-]\d\d)'(\d\d)'?|Z)")
_EMPTY: Final = ("/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer")


class Part(IntEnum):
    """The part of ISO 19005 a file claims to follow; the first only for validators that know no other."""

    ONE = 1
    TWO = 2


def archived(data: bytes, part: Part = Part.TWO, *, checkpoint: Callable[[], None] = lambda: None) -> bytes:
    """Return the PDF as PDF/A of a part, level B; the same input always gives the same bytes.

    Works on the output of ``Pen.finish`` and on its own output, so that a document can be made again as another part.
    ``checkpoint`` is called about every hundredth of the work and raises to stop it.
    """
    import pikepdf

    def on_progress(_percent: int) -> None:
        time.sleep(0)  # writing holds the interpreter's lock: let the window's thread have its turn
        checkpoint()

    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as document:
        _tidy(document.docinfo)
        document.Root.OutputIntents = pikepdf.Array([document.make_indirect(_output_intent(document))])
        packet = xmp_packet(_described(document.docinfo), str(document.Root.get("/Lang", "")), part)
        document.Root.Metadata = document.make_stream(packet, Type=pikepdf.Name.Metadata, Subtype=pikepdf.Name.XML)
        document.save(
            target,
            min_version="1.7" if part is Part.TWO else "",
            force_version="1.4" if part is Part.ONE else "",
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            deterministic_id=True,
            # pikepdf would parse the metadata for nothing, and that with lxml, which stays out of the frozen program.
            fix_metadata_version=False,
            progress=on_progress,
        )
    return target.getvalue()


def xmp_packet(information: dict[str, str], language: str, part: Part) -> bytes:
    """Return the XMP metadata that equal a document information dictionary (ISO 19005-1, table 1).

    Args:
        information: entries by their names without slash; an absent one has no counterpart.
        language: of the text, ``zh-CN``; may be empty.
        part: claimed.
    """

    def entry(name: str, key: str, container: str = "", *, item: str = "<rdf:li>") -> str:
        value = escape(information.get(key, ""))
        if not value:
            return ""
        if container:
            value = f"<rdf:{container}>{item}{value}</rdf:li></rdf:{container}>"
        return f"   <{name}>{value}</{name}>\n"

    default = '<rdf:li xml:lang="x-default">'
    dublin = (
        "   <dc:format>application/pdf</dc:format>\n"
        + entry("dc:title", "Title", "Alt", item=default)
        + entry("dc:creator", "Author", "Seq")
        + entry("dc:description", "Subject", "Alt", item=default)
        + (f"   <dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>\n" if language else "")
    )
    basic = (
        entry("xmp:CreatorTool", "Creator")
        + entry("xmp:CreateDate", "CreationDate")
        + entry("xmp:ModifyDate", "ModDate")
    )
    claim = f"   <pdfaid:part>{part.value}</pdfaid:part>\n   <pdfaid:conformance>B</pdfaid:conformance>\n"
    descriptions = (
        ("dc", "http://purl.org/dc/elements/1.1/", dublin),
        ("xmp", "http://ns.adobe.com/xap/1.0/", basic),
        ("pdf", "http://ns.adobe.com/pdf/1.3/", entry("pdf:Producer", "Producer")),
        ("pdfaid", "http://www.aiim.org/pdfa/ns/id/", claim),
    )
    body = "".join(
        f'  <rdf:Description rdf:about="" xmlns:{prefix}="{space}">\n{content}  </rdf:Description>\n'
        for prefix, space, content in descriptions
        if content
    )
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        f'{body} </rdf:RDF>\n</x:xmpmeta>\n<?xpacket end="w"?>'
    )
    return packet.encode("utf-8")


def _tidy(information: pikepdf.Dictionary) -> None:
    """Drop what says nothing: an empty entry would have to equal an XMP property that may not be empty."""
    for key in _EMPTY:
        if key in information and not str(information[key]).strip():
            del information[key]
    if "/Trapped" in information:
        del information["/Trapped"]


def _described(information: pikepdf.Dictionary) -> dict[str, str]:
    texts: dict[str, str] = {str(key)[1:]: str(value) for key, value in information.items()}
    for key in ("CreationDate", "ModDate"):
        if key in texts:
            texts[key] = _iso_date(texts[key])
    return texts


def _iso_date(text: str) -> str:
    """Return ``D:20260820154000+08'00'`` as ``2026-08-20T15:40:00+08:00``."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(f"a date of another form: {text}")
    year, month, day, hour, minute, second, zone, rest = found.groups()
    return f"{year}-{month}-{day}T{hour}:{minute}:{second}" + (f"{zone}:{rest}" if zone else "Z")


def _output_intent(document: pikepdf.Pdf) -> Any:
    import pikepdf

    profile = document.make_stream(_profile(), N=3)
    return pikepdf.Dictionary(
        Type=pikepdf.Name.OutputIntent,
        S=pikepdf.Name.GTS_PDFA1,
        OutputConditionIdentifier=_CONDITION,
        RegistryName="http://www.color.org",
        Info=_CONDITION,
        DestOutputProfile=profile,
    )


@cache
def _profile() -> bytes:
    return resource_bytes(PROFILE)

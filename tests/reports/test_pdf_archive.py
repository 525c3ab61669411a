"""Every document is PDF/A-2b: Preflight, which knows 1b only, finds a part-1 build valid and in the other its part."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from qihua_desktop.domain.errors import Cancelled
from qihua_desktop.reports import catalogue
from qihua_desktop.reports.document import Letterhead, PdfResult, RenderOptions
from qihua_desktop.reports.fonts import GETA
from qihua_desktop.reports.gantt_chart import Fit, Paper, render_gantt
from qihua_desktop.reports.inputs import WrittenSection
from qihua_desktop.reports.pdf_archive import PROFILE, Part, archived, xmp_packet
from qihua_desktop.reports.plan_document import render_plan
from qihua_desktop.reports.survey_form import render_survey_form
from qihua_desktop.services import budget, plan_baselines, projects
from resources import resource_bytes
from tests.services.workspace_samples import demo_session, event_project, fresh_session

from . import samples
from .reading import fonts_of, image_count, text_of
from .test_documents import DOCUMENTS, HOSTILE, Render, both_languages, each_document
from .validators import ONLY_PART, preflight

ROOT = Path(__file__).resolve().parents[2]
SPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
}


def assert_archivable(documents: dict[str, PdfResult]) -> None:
    """Judge documents in both builds."""
    builds = {f"{name} 2b": result.data for name, result in documents.items()}
    builds |= {f"{name} 1b": archived(result.data, Part.ONE) for name, result in documents.items()}
    for name, errors in preflight(builds).items():
        if name.endswith("1b"):
            assert errors == [], name
        else:
            assert len(errors) == 1, (name, errors)
            assert errors[0].startswith(ONLY_PART), name


def xmp_of(data: bytes) -> ElementTree.Element:
    """Return the metadata of a PDF, parsed."""
    with pikepdf.open(io.BytesIO(data)) as document:
        return ElementTree.fromstring(document.Root.Metadata.read_bytes())


def words(root: ElementTree.Element, name: str) -> str:
    """Return the text of a property, whatever container it is in."""
    found = root.find(f".//{name}", SPACES)
    return "" if found is None else "".join(found.itertext()).strip()


@pytest.fixture(params=["zh_CN", "en"])
def demo(request: pytest.FixtureRequest, tmp_path: Path, use_language: Callable[[str], str]) -> Iterator:
    use_language(request.param)
    session = demo_session(tmp_path, request.param)
    yield session
    session.workspace.close()


def test_every_document_of_the_sample_workspace_is_archivable(demo) -> None:
    found: dict[str, PdfResult] = {}
    for row in projects.project_summaries(demo):
        if not plan_baselines.baselines(demo, row.project.id):
            plan_baselines.take_baseline(demo, row.project.id, "基线")
        for kind in catalogue.available(demo, row.project.id):
            found.setdefault(kind.key, catalogue.prepare(demo, kind.key, row.project.id).render())
    assert set(found) == set(catalogue.DOCUMENTS)
    assert_archivable(found)


@both_languages
def test_forms_tiles_and_logos_of_every_kind_are_archivable(language: str) -> None:
    found = {name: render(None) for name, render in DOCUMENTS.items()}
    found["tiles on A3"] = render_gantt(samples.gantt(fit=Fit.TILES, paper=Paper.A3))
    for mode, form in (("RGBA", "PNG"), ("LA", "PNG"), ("P", "PNG"), ("1", "PNG"), ("CMYK", "JPEG"), ("L", "JPEG")):
        letterhead = Letterhead("公司", logo=logo(mode, form))
        info = samples.info("问卷", letterhead=letterhead)
        found[f"logo {mode} {language}"] = render_survey_form(replace(samples.survey(), info=info))
    assert_archivable(found)


def logo(mode: str, form: str) -> bytes:
    """Return a small picture, half of it see-through where the mode allows."""
    picture = Image.new("RGBA", (80, 40), (180, 35, 24, 255))
    picture.paste((0, 0, 0, 0), (40, 0, 80, 40))
    buffer = io.BytesIO()
    if mode == "P":
        picture.convert("RGB").quantize(8).save(buffer, form, transparency=0)
    else:
        (picture if mode in ("RGBA", "LA") else picture.convert("RGB")).convert(mode).save(buffer, form)
    return buffer.getvalue()


def test_hostile_names_are_archivable_and_literal_in_the_metadata(tmp_path: Path) -> None:
    session = fresh_session(tmp_path)
    name = "".join(HOSTILE)[:150] + "]]>&#0;\U0001f389"
    made = event_project(session, name=name)
    line = budget.load_budget(session, made.id).lines[1].line
    budget.update_line(session, line.id, name="<b>𬭼&amp;<script>")
    found = {key: catalogue.prepare(session, key, made.id).render() for key in ("gantt", "plan", "budget-approval")}
    session.workspace.close()
    assert_archivable(found)
    for result in found.values():
        title = words(xmp_of(result.data), "dc:title")
        assert name.replace("\U0001f389", GETA) in title
        assert result.substitutions


def test_a_plan_of_hundreds_of_pages_is_archivable() -> None:
    text = "".join(samples.LONG_TEXT for _part in range(400))
    sections = tuple(WrittenSection(f"第 {number} 节", text[:40_000]) for number in range(14))
    result = render_plan(replace(samples.plan(), sections=sections))
    assert result.pages >= 200
    assert_archivable({"long": result})


@both_languages
@each_document
def test_the_metadata_equal_the_document_information(render: Render, language: str) -> None:
    data = render(None).data
    root = xmp_of(data)
    with pikepdf.open(io.BytesIO(data)) as document:
        information = {str(key): str(value) for key, value in document.docinfo.items()}
        assert str(document.Root.Lang) == {"zh_CN": "zh-CN", "en": "en"}[language] == words(root, "dc:language")
    assert words(root, "dc:title") == information["/Title"]
    assert words(root, "dc:creator") == information["/Author"]
    assert words(root, "dc:description") == information["/Subject"]
    assert words(root, "xmp:CreatorTool") == information["/Creator"] == "Qihua Desktop"
    assert words(root, "pdf:Producer") == information["/Producer"] == "Qihua Desktop"
    assert words(root, "xmp:CreateDate") == "2026-08-20T15:40:00+08:00"
    assert information["/CreationDate"] == information["/ModDate"] == "D:20260820154000+08'00'"
    assert words(root, "xmp:ModifyDate") == words(root, "xmp:CreateDate")
    assert (words(root, "pdfaid:part"), words(root, "pdfaid:conformance")) == ("2", "B")
    assert not {"/Keywords", "/Trapped"} & set(information)


def test_entries_without_a_value_are_in_neither_place() -> None:
    info = samples.info("问卷", number="", letterhead=Letterhead(""))
    data = render_survey_form(replace(samples.survey(), info=info)).data
    root = xmp_of(data)
    assert root.find(".//dc:creator", SPACES) is None
    assert root.find(".//dc:description", SPACES) is None
    with pikepdf.open(io.BytesIO(data)) as document:
        assert "/Author" not in document.docinfo
        assert "/Subject" not in document.docinfo


@each_document
def test_every_file_carries_its_profile_identifier_and_no_transparency(render: Render) -> None:
    with pikepdf.open(io.BytesIO(render(None).data)) as document:
        (intent,) = document.Root.OutputIntents
        assert intent.DestOutputProfile.read_bytes() == resource_bytes(PROFILE)
        assert intent.DestOutputProfile.N == 3
        assert len(bytes(document.trailer.ID[0])) == 16
        assert "/Filter" not in document.Root.Metadata
        assert document.pdf_version == "1.7"
        streams = [thing for thing in document.objects if isinstance(thing, pikepdf.Stream)]
        assert not any("/SMask" in stream or "/Mask" in stream for stream in streams)
        assert not any("/SMask" in thing or "/ca" in thing for thing in document.objects if "/ExtGState" in repr(thing))


def test_the_profile_is_srgb_of_version_two() -> None:
    profile = resource_bytes(PROFILE)
    assert (profile[8], profile[16:20], profile[36:40]) == (2, b"RGB ", b"acsp")


@each_document
def test_archiving_again_changes_only_the_part_that_is_claimed(render: Render) -> None:
    data = render(None).data
    assert archived(archived(data, Part.ONE)) == archived(data)
    assert archived(data, Part.ONE).startswith(b"%PDF-1.4")
    assert text_of(archived(data, Part.ONE)) == text_of(data)
    assert set(fonts_of(archived(data, Part.ONE))) == set(fonts_of(data))


def test_a_see_through_logo_is_laid_over_white_and_embedded_once_for_all_pages() -> None:
    info = samples.info("甲", letterhead=Letterhead("公司", logo=logo("RGBA", "PNG")))
    result = render_gantt(samples.gantt(fit=Fit.TILES, info=info))
    assert result.pages > 1
    assert image_count(result.data) == 1
    with pikepdf.open(io.BytesIO(result.data)) as document:
        (picture,) = [pikepdf.PdfImage(image) for image in document.pages[0].get_images().values()]
        pixels = picture.as_pil_image()
        assert [pixels.getpixel(at) for at in ((5, 5), (75, 5))] == [(180, 35, 24), (255, 255, 255)]


def test_archiving_needs_no_library_that_the_frozen_program_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "in.pdf"
    path.write_bytes(render_plan(samples.plan()).data)
    program = (
        "import sys\nsys.modules['lxml'] = None\nfrom qihua_desktop.reports.pdf_archive import archived\n"
        "sys.stdout.buffer.write(archived(open(sys.argv[1], 'rb').read()))"
    )
    result = subprocess.run([sys.executable, "-c", program, path], capture_output=True, check=True, cwd=ROOT)
    assert result.stdout == archived(path.read_bytes())


def test_writing_the_file_can_be_stopped() -> None:
    data = render_plan(samples.plan()).data
    calls: list[int] = []

    def stop() -> None:
        calls.append(1)
        if len(calls) == 3:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        archived(data, checkpoint=stop)
    assert len(calls) == 3


def test_a_document_is_stopped_between_its_pages_and_its_archiving() -> None:
    pages = render_plan(samples.plan()).pages
    done: list[int] = []
    options = RenderOptions(lambda page, _pages: done.append(page), lambda: len(done) == pages)
    with pytest.raises(Cancelled):
        render_plan(samples.plan(), options)
    assert len(done) == pages


PRINTABLE = st.text(st.characters(codec="utf-8", categories=["L", "P", "S", "N", "Zs"]))


@given(st.dictionaries(st.sampled_from(["Title", "Author", "Subject"]), PRINTABLE))
def test_any_text_comes_back_from_the_metadata_as_it_was(information: dict[str, str]) -> None:
    root = ElementTree.fromstring(xmp_packet(information, "zh-CN", Part.TWO))
    for key, name in (("Title", "dc:title"), ("Author", "dc:creator"), ("Subject", "dc:description")):
        assert words(root, name) == information.get(key, "").strip()

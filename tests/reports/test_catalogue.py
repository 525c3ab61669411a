"""Documents made from a workspace: every name and amount is in the text, fonts are embedded."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from db import tables
from qihua_desktop.domain.errors import InputError, RuleError
from qihua_desktop.domain.money import capital_amount, format_fen
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.reports import catalogue
from qihua_desktop.reports.finance_pack import finance_pack
from qihua_desktop.services import budget, projects, review
from qihua_desktop.services.session import Session
from tests.services.workspace_samples import demo_session, event_project, fresh_session


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Session]:
    session = demo_session(tmp_path, "zh_CN")
    yield session
    session.workspace.close()


def project_of(session: Session, kind: ProjectKind) -> Project:
    """Return the sample's first active project of a kind that has a version, or the first at all."""
    found = [row.project for row in projects.project_summaries(session) if row.project.kind is kind]
    submitted = [one for one in found if review.versions(session, one.id)]
    return (submitted or found)[-1]


def text_of(data: bytes) -> str:
    """Return a PDF's text without line ends."""
    with pypdfium2.PdfDocument(data) as pdf:
        return "".join(page.get_textpage().get_text_range() for page in pdf).replace("\r", "").replace("\n", "")


def test_the_budget_form_has_every_name_and_amount(demo: Session) -> None:
    event = next(row.project for row in projects.project_summaries(demo) if row.waiting_sign_offs)
    result = catalogue.prepare(demo, "budget-approval", event.id).render()
    text = text_of(result.data)
    for row in budget.load_budget(demo, event.id).lines:
        assert row.line.name in text
        assert format_fen(row.line.amount) in text
    assert capital_amount(60_000_000, prefix=True) in text
    assert event.number in text
    assert demo.workspace.head()[1][:8] in text
    version = review.versions(demo, event.id)[0]
    assert version.sha256[:8] in text
    assert "评审中" in text


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
def test_another_reader_finds_the_same_names_and_embedded_fonts(demo: Session, tmp_path: Path) -> None:
    event = next(row.project for row in projects.project_summaries(demo) if row.waiting_sign_offs)
    for key in ("budget-approval", "plan", "sign-off", "gantt"):
        path = tmp_path / f"{key}.pdf"
        path.write_bytes(catalogue.prepare(demo, key, event.id).render().data)
        fonts = subprocess.run(["pdffonts", path], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
        assert fonts
        assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts), fonts
        text = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
        assert event.name in text
        if key == "budget-approval":
            for row in budget.load_budget(demo, event.id).lines:
                assert format_fen(row.line.amount) in text


def test_the_plan_prints_the_version_under_review_and_the_draft_when_there_is_none(demo: Session) -> None:
    event = next(row.project for row in projects.project_summaries(demo) if row.waiting_sign_offs)
    printed = catalogue.prepare(demo, "plan", event.id).render()
    section = next(one for one in tables.plan_sections.all(demo.workspace, project_id=event.id) if one.key == "goal")
    with demo.edit("change", event.id) as edit:
        tables.plan_sections.update(edit, section.id, body="送审之后才写的一句话")
    again = catalogue.prepare(demo, "plan", event.id).render()
    assert "送审之后才写的一句话" not in text_of(again.data)
    assert text_of(printed.data)[:200] == text_of(again.data)[:200]
    assert "草稿" in text_of(catalogue.prepare(demo, "gantt", event.id).render().data), "the chart shows the live plan"
    draft = projects.project_summaries(demo)[-1].project
    assert "草稿" in text_of(catalogue.prepare(demo, "plan", draft.id).render().data)


def test_what_a_project_lacks_is_said_in_words(tmp_path: Path) -> None:
    session = fresh_session(tmp_path)
    made = event_project(session)
    assert {kind.key for kind in catalogue.available(session, made.id)} == {"gantt", "plan", "budget-approval"}
    with pytest.raises(RuleError):
        catalogue.prepare(session, "sign-off", made.id)
    with pytest.raises(InputError):
        catalogue.prepare(session, "survey-form", made.id)
    with pytest.raises(InputError):
        catalogue.prepare(session, "nothing", made.id)
    pack = finance_pack(session, made.id)
    assert any("评审签批单" in reason for reason in pack.missing)
    rendered = pack.render()
    assert sum(file.name.endswith(".pdf") for file in rendered.files) == 2
    session.workspace.close()


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_every_document_of_every_project_renders_without_substitutions(
    tmp_path: Path, language: str, use_language: object
) -> None:
    assert callable(use_language)
    use_language(language)
    session = demo_session(tmp_path, language)
    count = 0
    for row in projects.project_summaries(session):
        for kind in catalogue.available(session, row.project.id):
            result = catalogue.prepare(session, kind.key, row.project.id).render()
            assert result.substitutions == ()
            assert result.data.startswith(b"%PDF-1.")
            count += 1
    assert count > 15
    session.workspace.close()


def test_names_with_markup_and_rare_characters_are_printed_to_the_letter(tmp_path: Path) -> None:
    session = fresh_session(tmp_path)
    name = "<img src=x>𬭼</b>=cmd|x"
    made = event_project(session, name=name)
    line = budget.load_budget(session, made.id).lines[1].line
    budget.update_line(session, line.id, name="<b>𬭼&amp;<script>")
    for key in ("gantt", "plan", "budget-approval"):
        text = text_of(catalogue.prepare(session, key, made.id).render().data)
        assert name.replace(" ", "") in text.replace(" ", ""), key
    text = text_of(catalogue.prepare(session, "budget-approval", made.id).render().data)
    assert "<b>𬭼&amp;<script>" in text.replace(" ", "")
    session.workspace.close()


def test_a_pack_is_stopped_before_anything_is_written(demo: Session, tmp_path: Path) -> None:
    from qihua_desktop.domain.errors import Cancelled

    event = project_of(demo, ProjectKind.EVENT)
    with pytest.raises(Cancelled):
        finance_pack(demo, event.id).render(cancelled=lambda: True)
    assert list(tmp_path.glob("*.pdf")) == []

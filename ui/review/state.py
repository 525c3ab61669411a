"""What the review window shows at one moment, fetched in one go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from qihua_desktop.domain.content_difference import ContentChange, content_differences
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.people import Person
from qihua_desktop.domain.plan_content import PlanContent, read_content
from qihua_desktop.domain.project import Project
from qihua_desktop.domain.review import PlanDocument, PlanSection, PlanVersion, ReviewComment, VersionState
from qihua_desktop.i18n import _
from qihua_desktop.reports import gather
from qihua_desktop.reports.inputs import PlanInput
from qihua_desktop.reports.plan_document import plan_title
from qihua_desktop.services import people, projects, review, sections
from qihua_desktop.services.session import Session

BUILT_SECTIONS = ("tasks", "lines", "risks")
"""Keys of the sections made from data, as comments are anchored to them."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A section of the document as it is numbered; ``number`` 0 is one nobody has written yet."""

    key: str
    number: int
    title: str


@dataclass(frozen=True, slots=True)
class ReviewState:
    """The project's plan document, its versions, and the one shown.

    ``shown`` None is the live draft. ``newest`` is the view of the newest version, ``view`` of the one shown.
    ``changes`` are the differences of what is shown from ``base``.
    """

    project: Project
    document: PlanDocument
    versions: tuple[PlanVersion, ...]
    shown: PlanVersion | None
    view: review.ReviewView | None
    newest: review.ReviewView | None
    content: PlanContent
    sha256: str
    base: PlanVersion | None
    changes: tuple[ContentChange, ...]
    headings: tuple[Heading, ...]
    sections: tuple[PlanSection, ...]
    people: Mapping[EntityId, Person]
    comments: tuple[ReviewComment, ...]
    plan: PlanInput
    actor: Person | None
    now: datetime
    read_only: bool

    @property
    def title(self) -> str:
        """The name of the document's form."""
        return plan_title(self.project.kind)

    @property
    def in_review(self) -> PlanVersion | None:
        """The version under review, if any."""
        newest = self.newest.version if self.newest else None
        return newest if newest is not None and newest.state is VersionState.IN_REVIEW else None

    @property
    def is_reviewer(self) -> bool:
        """Whether the present person is to sign what is under review: submitting would make them an author."""
        if self.in_review is None or self.newest is None or self.actor is None:
            return False
        actor = self.actor.id
        seats = self.newest.status.seats
        return actor not in self.newest.authors and any(one.seat.person_id == actor for one in seats)

    @property
    def live_changes(self) -> tuple[ContentChange, ...]:
        """What the plan says otherwise than the newest version."""
        return self.newest.changed_since if self.newest else ()

    @property
    def route(self) -> review.ReviewView | None:
        """The view whose route is shown: that of the version shown, else of the newest."""
        return self.view or self.newest

    def name(self, person_id: EntityId | None) -> str:
        """Return a person's name."""
        person = self.people.get(person_id) if person_id is not None else None
        return person.name if person else ""

    def place(self, section_key: str) -> str:
        """Return where a comment is anchored: ``第 4 节`` or the section's title, empty for the whole document."""
        for heading in self.headings:
            if heading.key == section_key:
                return _("Section {number}").format(number=heading.number) if heading.number else heading.title
        return ""


def load_state(session: Session, project_id: EntityId, chosen: EntityId | str) -> ReviewState | None:
    """Fetch everything; None when the project is gone. ``chosen`` is a version's id, ``draft``, or ``newest``."""
    project = projects.find_project(session, project_id)
    if project is None:
        return None
    versions = review.versions(session, project_id)
    shown = _chosen(versions, chosen)
    content, hashes = live = review.live_content(session, project_id)
    newest = review.review_view(session, versions[0].id, live) if versions else None
    view = None
    if shown is not None:
        view = newest if newest is not None and shown.id == newest.version.id else review.review_view(session, shown.id)
    base = view.previous if view is not None else newest.version if newest is not None else None
    if view is not None:
        content, sha256, changes = view.content, view.version.sha256, view.changes
    else:
        sha256 = hashes.content
        changes = content_differences(read_content(base.content), content) if base is not None else ()
    comments = tuple(
        comment
        for version in reversed(versions)
        if shown is None or version.number <= shown.number
        for comment in review.comments(session, version.id)
    )
    text = gather.PlanText(project, content, sha256, shown)
    return ReviewState(
        project,
        review.plan_document(session, project_id),
        versions,
        shown,
        view,
        newest,
        content,
        sha256,
        base,
        changes,
        headings(content),
        sections.sections(session, project_id),
        {person.id: person for person in people.list_people(session, active_only=False)},
        comments,
        gather.plan_input(
            gather.document_info(session, plan_title(project.kind), text),
            text,
            gather.signature_boxes(session, text, view),
        ),
        session.actor,
        session.local_now(),
        session.workspace.read_only,
    )


def headings(content: PlanContent) -> tuple[Heading, ...]:
    """Return the sections of a content with the numbers they have on paper; unwritten ones have none."""
    found: list[Heading] = []
    number = 0
    for row in gather.content_rows(content, "sections"):
        written = bool(str(row["body"]).strip())
        number += written
        found.append(Heading(str(row["id"]), number if written else 0, str(row["title"])))
    titles = {"tasks": _("Schedule"), "lines": _("Budget allocation"), "risks": _("Risk plan")}
    for key in BUILT_SECTIONS:
        if gather.content_rows(content, key):
            number += 1
            found.append(Heading(key, number, titles[key]))
    return tuple(found)


def _chosen(versions: tuple[PlanVersion, ...], chosen: EntityId | str) -> PlanVersion | None:
    if chosen == "draft" or not versions:
        return None
    if chosen == "newest":
        newest = versions[0]
        return None if newest.state is VersionState.WITHDRAWN else newest
    return next((one for one in versions if one.id == chosen), versions[0])

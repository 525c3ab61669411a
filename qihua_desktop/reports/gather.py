"""From a workspace to what documents print: the frozen version under review, or the live draft.

Runs on the thread that owns the workspace; what it returns is plain data for a background job.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import cast

from qihua_desktop.domain.allocation import net_amount, split
from qihua_desktop.domain.canonical import JsonValue
from qihua_desktop.domain.ids import EntityId, id_from_text
from qihua_desktop.domain.numbering import wbs_numbers
from qihua_desktop.domain.people import Role, department_label, role_label
from qihua_desktop.domain.plan import day_of, last_day_of
from qihua_desktop.domain.plan_content import PlanContent, content_rows, read_content
from qihua_desktop.domain.project import Project, ProjectKind
from qihua_desktop.domain.review import PlanVersion, Verdict, VersionState, verdict_label
from qihua_desktop.i18n import _
from qihua_desktop.services import review, settings
from qihua_desktop.services.projects import project as load_project
from qihua_desktop.services.session import Session

from .document import DocumentInfo, DocumentState, Letterhead
from .inputs import BudgetRow, Fact, PlanInput, RiskRow, ScheduleRow, WrittenSection
from .signatures import SignatureBox

_STATES = {
    VersionState.IN_REVIEW: DocumentState.IN_REVIEW,
    VersionState.APPROVED: DocumentState.APPROVED,
    VersionState.RETURNED: DocumentState.RETURNED,
    VersionState.REJECTED: DocumentState.RETURNED,
    VersionState.WITHDRAWN: DocumentState.DRAFT,
    VersionState.SUPERSEDED: DocumentState.STALE,
}


@dataclass(frozen=True, slots=True)
class PlanText:
    """What a document speaks of: a project and one content of its plan; ``version`` None is the live draft."""

    project: Project
    content: PlanContent
    sha256: str
    version: PlanVersion | None


@dataclass(frozen=True, slots=True)
class _TreeRow:
    id: EntityId
    parent_id: EntityId | None
    position: int


def local(ms: int) -> datetime:
    """Return a recorded moment as local time that knows its offset."""
    return datetime.fromtimestamp(ms / 1000, UTC).astimezone()


def plan_text(session: Session, project_id: EntityId, version_id: EntityId | None = None) -> PlanText:
    """Return what to print: the version asked for, else the newest one in force, else the live draft."""
    project = load_project(session, project_id)
    versions = review.versions(session, project_id)
    if version_id is not None:
        chosen = next(one for one in versions if one.id == version_id)
    else:
        in_force = (VersionState.IN_REVIEW, VersionState.APPROVED)
        chosen = versions[0] if versions and versions[0].state in in_force else None
    if chosen is not None:
        return PlanText(project, read_content(chosen.content), chosen.sha256, chosen)
    content, hashes = review.live_content(session, project_id)
    return PlanText(project, content, hashes.content, None)


def live_plan_text(session: Session, project_id: EntityId) -> PlanText:
    """Return the version in force only while the plan still says the same, else the live draft."""
    text = plan_text(session, project_id)
    content, hashes = review.live_content(session, project_id)
    if text.version is not None and hashes.content == text.sha256:
        return text
    return PlanText(text.project, content, hashes.content, None)


def document_info(session: Session, title: str, text: PlanText) -> DocumentInfo:
    """Return the furniture of a document about a plan."""
    entry, head = session.workspace.head()
    version = text.version
    return DocumentInfo(
        title,
        str(_fields(text.content, "project")["name"]),
        text.project.number,
        session.local_now().astimezone(),
        version.number if version else None,
        _STATES[version.state] if version else DocumentState.DRAFT,
        text.sha256,
        entry,
        head,
        letterhead(session),
    )


def letterhead(session: Session) -> Letterhead:
    """Return the company as it stands on paper."""
    company = settings.company(session)
    return Letterhead(company.name, _("Planning department"), company.tax_id, company.logo or None)


def plan_input(info: DocumentInfo, text: PlanText, signatures: tuple[SignatureBox, ...]) -> PlanInput:
    """Return the plan document's input."""
    content = text.content
    project = _fields(content, "project")
    total = cast(int, _fields(content, "budget")["total"])
    kind = ProjectKind(str(project["kind"]))
    key_label = _("Event day") if project["direction"] == "backward" else _("Start")
    facts = [
        Fact(_("Owner"), str(project["owner"])),
        Fact(key_label, str(project["key_on"])),
    ]
    if project["venue"]:
        facts.append(Fact(_("Venue"), str(project["venue"])))
    return PlanInput(
        info,
        kind,
        str(project["goal"]),
        tuple(facts),
        tuple(
            WrittenSection(str(row["title"]), str(row["body"]))
            for row in content_rows(content, "sections")
            if str(row["body"]).strip()
        ),
        schedule_rows(content),
        budget_rows(content),
        total,
        risk_rows(content),
        signatures,
    )


def schedule_rows(content: PlanContent) -> tuple[ScheduleRow, ...]:
    """Return the schedule table of a content, in outline order with WBS numbers."""
    rows = content_rows(content, "tasks")
    places = _tree(rows)
    numbers = wbs_numbers(places)
    levels = _levels(places)
    parents = {place.parent_id for place in places}
    found: list[ScheduleRow] = []
    for row, place in zip(rows, places, strict=True):
        start, finish = cast(int, row["start"]), cast(int, row["finish"])
        milestone = bool(row["milestone"])
        found.append(
            ScheduleRow(
                "◆" if milestone else numbers.get(place.id, ""),
                str(row["name"]),
                str(row["owner"]),
                day_of(start),
                _last(start, finish),
                milestone,
                place.id in parents,
                levels[place.id],
            )
        )
    return tuple(found)


def budget_rows(content: PlanContent) -> tuple[BudgetRow, ...]:
    """Return the budget table of a content: categories and the lines under them, shares of the total."""
    rows = content_rows(content, "lines")
    places = _tree(rows)
    levels = _levels(places)
    total = cast(int, _fields(content, "budget")["total"])
    shares = _shares(total, rows, places)
    found: list[BudgetRow] = []
    for row, place in zip(rows, places, strict=True):
        amount, rate = cast(int, row["amount"]), cast(int, row["tax_rate"])
        note = " · ".join(part for part in (str(row["supplier"]), str(row["basis"])) if part)
        if row["is_reserve"] and not note:
            note = _("Contingency reserve, used with approval only")
        found.append(
            BudgetRow(
                str(row["name"]),
                amount,
                shares.get(place.id) if levels[place.id] == 0 else None,
                levels[place.id],
                rate or None,
                net_amount(amount, rate) if rate else None,
                None,
                note,
            )
        )
    return tuple(found)


def risk_rows(content: PlanContent) -> tuple[RiskRow, ...]:
    """Return the risk plan of a content."""
    return tuple(
        RiskRow(
            str(row["name"]), str(row["trigger"]), str(row["contingency"]), owner_words(str(row["owner"])),
            str(row["notice"]),
        )
        for row in content_rows(content, "risks")
    )  # fmt: skip


def owner_words(owner: str) -> str:
    """Return an owner's name; a role stands in the user's language."""
    return role_label(Role(owner)) if owner in {role.value for role in Role} else owner


def signature_boxes(
    session: Session, text: PlanText, view: review.ReviewView | None = None
) -> tuple[SignatureBox, ...]:
    """Return a box per seat of the version's route, or empty boxes for ink when there is no version."""
    if text.version is None:
        return tuple(SignatureBox(heading) for heading in (_("Prepared by"), _("Department head"), _("Approved by")))
    view = view or review.review_view(session, text.version.id)
    boxes: list[SignatureBox] = []
    for status in view.status.seats:
        person = view.people.get(status.seat.person_id)
        given = status.sign_off
        boxes.append(
            SignatureBox(
                department_label(status.seat.department),
                person.name if person else "",
                "" if given is None else _verdict_words(given.verdict.value),
                review.signature_strokes(given.signature) if given else (),
                local(given.signed_ms) if given else None,
                bool(status.stale),
            )
        )
    return tuple(boxes)


def project_key_date(text: PlanText) -> date:
    """Return the start or the event day as the content says it."""
    return date.fromisoformat(str(_fields(text.content, "project")["key_on"]))


def _verdict_words(verdict: str) -> str:
    return verdict_label(Verdict(verdict))


def _fields(content: PlanContent, group: str) -> Mapping[str, JsonValue]:
    return cast("Mapping[str, JsonValue]", content[group])


def _tree(rows: object) -> tuple[_TreeRow, ...]:
    return tuple(
        _TreeRow(
            id_from_text(str(row["id"])),
            id_from_text(str(row["parent"])) if row["parent"] else None,
            at,
        )
        for at, row in enumerate(cast("list[Mapping[str, JsonValue]]", rows))
    )


def _levels(places: tuple[_TreeRow, ...]) -> dict[EntityId, int]:
    levels: dict[EntityId, int] = {}
    for place in places:
        levels[place.id] = levels.get(place.parent_id, -1) + 1 if place.parent_id is not None else 0
    return levels


def _shares(total: int, rows: object, places: tuple[_TreeRow, ...]) -> dict[EntityId, int]:
    amounts = {
        place.id: cast(int, row["amount"])
        for row, place in zip(cast("list[Mapping[str, JsonValue]]", rows), places, strict=True)
        if place.parent_id is None
    }
    rest = total - sum(amounts.values())
    if total <= 0 or rest < 0:
        return {}
    parts = split(10_000, [*amounts.values(), rest])
    return dict(zip(amounts, parts, strict=False))


def _last(start: int, finish: int) -> date:
    return last_day_of(start, finish)

"""The rows of the overview: projects with their stages, then the shared people, as table and chart show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from qihua_desktop.domain.formatting import date_short, date_text, duration_text, percent_text
from qihua_desktop.domain.ids import EntityId
from qihua_desktop.domain.plan import day_of, last_day_of
from qihua_desktop.domain.portfolio_scene import LineKind, PortfolioLine, WeekCell
from qihua_desktop.domain.project import ProjectKind, ProjectStatus, kind_label, status_label
from qihua_desktop.domain.roles import Role
from qihua_desktop.i18n import _, ngettext
from qihua_desktop.services.portfolio import PersonWeek, Portfolio, ProjectSpan, SharedPerson, StageSpan
from ui.common.columns import CellKind, Column
from ui.common.widgets import Tone

PEOPLE_KEY: Final = "people"
_LONGEST_LABEL: Final = 60
_TONES: Final = {
    ProjectKind.BRAND: Tone.BRAND,
    ProjectKind.EVENT: Tone.EVENT,
    ProjectKind.RESEARCH: Tone.RESEARCH,
}
_COLOURS: Final = {
    ProjectKind.BRAND: (Role.BRAND, Role.BRAND_BG),
    ProjectKind.EVENT: (Role.EVENT, Role.EVENT_BG),
    ProjectKind.RESEARCH: (Role.RESEARCH, Role.RESEARCH_BG),
}


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """A row; ``project_id`` is where a click on it leads, ``projects`` how many share a person."""

    key: str
    parent: str | None
    name: str
    kind: ProjectKind | None
    owner: str
    progress: int | None
    project_id: EntityId | None
    line: PortfolioLine
    projects: int = 0


def overview_rows(shown: Portfolio, projects: tuple[ProjectSpan, ...]) -> tuple[OverviewRow, ...]:
    """Return the rows of some projects and of the people they share with any other."""
    rows: list[OverviewRow] = []
    for span in projects:
        rows.append(_project_row(span))
        rows += [_stage_row(stage, span) for stage in span.stages]
    ids = {span.project.id for span in projects}
    people = [person for person in shown.people if ids & set(person.project_ids)]
    if people:
        words = _("Shared people")
        heading = PortfolioLine(PEOPLE_KEY, LineKind.HEADING, words)
        rows.append(OverviewRow(PEOPLE_KEY, None, words, None, "", None, None, heading))
        rows += [_person_row(person, shown) for person in people]
    return tuple(rows)


def overview_columns() -> tuple[Column[OverviewRow], ...]:
    """Return the columns of the table."""
    return (
        Column(
            "name",
            _("Project"),
            lambda row: row.name,
            width=190,
            stretch=True,
            bold=lambda row: row.parent is None,
            role=lambda row: Role.BAD if row.line.is_over else None,
            tool_tip=lambda row: row.line.words,
        ),
        Column(
            "kind",
            _("Kind"),
            _kind_words,
            CellKind.CHIP,
            tone=lambda row: _TONES[row.kind] if row.kind is not None else Tone.NEUTRAL,
            width=124,
        ),
        Column("owner", _("Owner"), lambda row: row.owner, width=84),
        Column("progress", _("Progress"), lambda row: row.progress, CellKind.PROGRESS, width=104, hidden=True),
    )


def _kind_words(row: OverviewRow) -> str | None:
    if row.projects:
        return ngettext("in {count} project", "in {count} projects", row.projects).format(count=row.projects)
    return kind_label(row.kind) if row.kind is not None else None


def project_key(project_id: EntityId) -> str:
    """Return the key of a project's row."""
    return f"project:{project_id.hex()}"


def week_words(name: str, week: PersonWeek, shown: Portfolio) -> str:
    """Return what a week of somebody holds."""
    text = _("{person}, {first} – {last}: {planned} planned, {available} available ({share})")
    lines = [
        text.format(
            person=name[:_LONGEST_LABEL],
            first=date_short(week.monday),
            last=date_short(week.monday + timedelta(days=6)),
            planned=duration_text(week.planned),
            available=duration_text(week.available),
            share=percent_text(week.share, 0),
        )
    ]
    for project_id, minutes in week.shares:
        span = shown.project(project_id)
        if span is not None:
            lines.append(f"{span.project.name[:_LONGEST_LABEL]}: {duration_text(minutes)}")
    return "\n".join(lines)


def _project_row(span: ProjectSpan) -> OverviewRow:
    project, summary = span.project, span.summary
    solid, soft = _COLOURS[project.kind]
    if project.status is not ProjectStatus.ACTIVE:
        solid, soft = Role.LINE_STRONG, Role.SUNKEN
    late = summary.late_tasks
    parts = [summary.stage_name[:_LONGEST_LABEL]] if project.status is ProjectStatus.ACTIVE else []
    if project.status is not ProjectStatus.ACTIVE:
        parts.append(status_label(project.status))
    parts.append(percent_text(summary.progress_bp, 0))
    if late:
        parts.append(ngettext("{count} late", "{count} late", late).format(count=late))
    words = [project.name[:200], f"{_('Key date')} {date_text(project.key_on)}"]
    if span.start is not None and span.finish is not None:
        words.append(_dates(span.start, span.finish))
    words.append(" · ".join(part for part in parts if part))
    line = PortfolioLine(
        project_key(project.id),
        LineKind.PROJECT,
        "\n".join(words),
        span.start,
        span.finish,
        summary.progress_bp,
        solid,
        soft,
        " · ".join(part for part in parts if part),
        project.key_on,
        bool(late),
        joints=tuple(stage.start for stage in span.stages[1:]),
    )
    return OverviewRow(
        line.key, None, project.name, project.kind, summary.owner_name, summary.progress_bp, project.id, line
    )


def _stage_row(stage: StageSpan, span: ProjectSpan) -> OverviewRow:
    solid, soft = _COLOURS[span.project.kind]
    if span.project.status is not ProjectStatus.ACTIVE:
        solid, soft = Role.LINE_STRONG, Role.SUNKEN
    parts = [_("current")] if stage.is_current else []
    parts.append(percent_text(stage.progress, 0))
    if stage.late_tasks:
        late = stage.late_tasks
        parts.append(ngettext("{count} late", "{count} late", late).format(count=late))
    label = " · ".join(parts)
    words = f"{stage.name[:200]}\n{_dates(stage.start, stage.finish)}\n{label}"
    line = PortfolioLine(
        f"stage:{stage.id.hex()}",
        LineKind.STAGE,
        words,
        stage.start,
        stage.finish,
        stage.progress,
        solid,
        soft,
        label,
        is_late=bool(stage.late_tasks),
    )
    parent = project_key(stage.project_id)
    return OverviewRow(line.key, parent, stage.name, None, stage.owner_name, stage.progress, stage.project_id, line)


def _person_row(person: SharedPerson, shown: Portfolio) -> OverviewRow:
    key = f"person:{person.id.hex()}"
    names = [span.project.name[:_LONGEST_LABEL] for one in person.project_ids if (span := shown.project(one))]
    weeks = tuple(
        WeekCell(
            f"week:{person.id.hex()}:{week.monday.isoformat()}",
            week.monday,
            week.share,
            week.over > 0,
            week_words(person.name, week, shown),
        )
        for week in person.weeks
    )
    over = any(clash.person_id == person.id for clash in shown.clashes)
    words = "\n".join((person.name[:200], *names))
    line = PortfolioLine(key, LineKind.PERSON, words, weeks=weeks, is_over=over)
    return OverviewRow(key, PEOPLE_KEY, person.name, None, "", None, None, line, len(names))


def _dates(start: int, finish: int) -> str:
    return f"{date_text(day_of(start))} – {date_text(last_day_of(start, finish))}"

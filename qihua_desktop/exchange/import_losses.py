"""What a project cannot hold of a plan that was read, and what is kept to be written back: one plain line per kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from qihua_desktop.i18n import N_, _, ngettext

from .import_people import MOST_NEW_PEOPLE, ImportedPeople
from .imported_plan import ImportedPlan, ResourceKind
from .mspdi_kept import KeptSource

_KINDS: Final = (
    (("ExtendedAttribute", "ExtendedAttributes"), N_("custom fields")),
    (("OutlineCode", "OutlineCodes", "WBSMasks"), N_("outline codes")),
    (("Cost", "FixedCost"), N_("costs")),
    (("Hyperlink", "HyperlinkAddress", "HyperlinkSubAddress"), N_("links to web pages")),
    (("LevelingDelay",), N_("levelling delays")),
    (("CalendarUID",), N_("calendars of tasks")),
    (("SubprojectName", "ExternalTaskProject"), N_("links to other files")),
    (("StatusDate",), N_("the status date")),
    (("CriticalSlackLimit",), N_("the limit of float that is critical")),
)


def losses(plan: ImportedPlan, people: ImportedPeople, left_out: int = 0) -> tuple[str, ...]:
    """Return what reading left out, what a project has no place for, and what is kept for export only."""
    return tuple(dict.fromkeys((*plan.dropped, *_of_people(plan, people, left_out), *_kept(plan))))


def _kept(plan: ImportedPlan) -> Iterator[str]:
    kept = plan.kept or KeptSource()
    kinds = [_(name) for tags, name in _KINDS if kept.seen.intersection(tags)]
    others = sum(1 for one in plan.resources if one.kind is not ResourceKind.WORK)
    if others:
        kinds.append(ngettext("{count} material or cost item", "{count} material or cost items", others))
        kinds[-1] = kinds[-1].format(count=others)
    if any(one.rate or one.cost_per_use for one in plan.resources):
        kinds.append(_("pay rates"))
    if kinds and kept:
        text = _("Not shown here, kept for export as Microsoft Project XML: {kinds}.")
        yield text.format(kinds=_(", ").join(kinds))
    elif kinds:
        yield _("Left out: {kinds}.").format(kinds=_(", ").join(kinds))
    if plan.terms.critical_float:
        yield _("The file calls tasks critical that have some float; here only those without float are.")


def _of_people(plan: ImportedPlan, people: ImportedPeople, left_out: int) -> Iterator[str]:
    number = len(people.added)
    if number:
        text = ngettext(
            "{count} person of the file was added to the workspace.",
            "{count} people of the file were added to the workspace.",
            number,
        )
        yield text.format(count=number)
    if number >= MOST_NEW_PEOPLE:
        yield _("The file names too many people; the others stay names.")
    if left_out:
        text = ngettext(
            "{count} person's own calendar was left out: it has too many days.",
            "The calendars of {count} people were left out: they have too many days.",
            left_out,
        )
        yield text.format(count=left_out)
    usual = plan.calendar.working_time
    teams = sum(
        1
        for one in plan.resources
        if one.kind is ResourceKind.WORK
        and one.id not in people.person_of
        and one.calendar is not None
        and one.calendar is not usual
    )
    if teams:
        text = ngettext(
            "The calendar of {count} role or of somebody without tasks was left out.",
            "The calendars of {count} roles or of people without tasks were left out.",
            teams,
        )
        yield text.format(count=teams)

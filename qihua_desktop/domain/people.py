"""People, departments and roles; whoever may use the app on this laptop has a profile with a sign-off PIN."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from qihua_desktop.i18n import N_, _

from .ids import EntityId


class Department(StrEnum):
    """The departments a plan passes through."""

    PLANNING = "planning"
    SALES = "sales"
    FINANCE = "finance"
    LEGAL = "legal"
    DESIGN = "design"
    PRODUCT = "product"
    ADMIN = "admin"
    EXTERNAL = "external"


class Role(StrEnum):
    """What a person does in the planning department's work."""

    DIRECTOR = "director"
    MANAGER = "manager"
    SPECIALIST_BRAND = "specialist_brand"
    SPECIALIST_EVENT = "specialist_event"
    SPECIALIST_RESEARCH = "specialist_research"
    REVIEWER = "reviewer"
    CREW = "crew"


@dataclass(frozen=True, slots=True)
class Person:
    """A person of the workspace.

    ``pin_hash`` is an argon2id encoded hash, empty while no sign-off PIN is set. ``has_profile`` people can be chosen
    as the one who works on this laptop.
    """

    id: EntityId
    name: str
    department: Department
    role: Role
    title: str
    phone: str
    email: str
    pin_hash: str
    has_profile: bool
    active: bool


_DEPARTMENTS = {
    Department.PLANNING: N_("Planning"),
    Department.SALES: N_("Sales"),
    Department.FINANCE: N_("Finance"),
    Department.LEGAL: N_("Legal"),
    Department.DESIGN: N_("Design"),
    Department.PRODUCT: N_("Product"),
    Department.ADMIN: N_("Administration"),
    Department.EXTERNAL: N_("External"),
}
_ROLES = {
    Role.DIRECTOR: N_("Planning director"),
    Role.MANAGER: N_("Planning manager"),
    Role.SPECIALIST_BRAND: N_("Brand specialist"),
    Role.SPECIALIST_EVENT: N_("Event specialist"),
    Role.SPECIALIST_RESEARCH: N_("Research specialist"),
    Role.REVIEWER: N_("Reviewer"),
    Role.CREW: N_("Crew"),
}


def department_label(department: Department) -> str:
    """Return the department's name in the user's language."""
    return _(_DEPARTMENTS[department])


def role_label(role: Role) -> str:
    """Return the role's name in the user's language."""
    return _(_ROLES[role])

"""People, profiles and sign-off PINs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import EntityId, new_id
from qihua_desktop.domain.people import Department, Person, Role
from qihua_desktop.i18n import _

from .limits import required_text, text
from .session import Session

_RECORDS = (
    ("sign_offs", "person_id"),
    ("review_seats", "person_id"),
    ("review_comments", "person_id"),
    ("plan_versions", "submitted_by"),
    ("reserve_releases", "requested_by"),
    ("reserve_releases", "decided_by"),
    ("line_forecasts", "made_by"),
    ("deviation_reasons", "made_by"),
    ("outcome_bases", "fixed_by"),
    ("waivers", "waived_by"),
    ("pool_adjustments", "made_by"),
    ("pool_exceptions", "signed_by"),
    ("vouchers", "added_by"),
    ("vouchers", "decided_by"),
    ("expense_claims", "claimant_id"),
)

PIN_LENGTHS = range(4, 13)
"""A PIN has 4 to 12 digits."""


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """What is typed for a new person."""

    name: str
    department: Department
    role: Role
    title: str = ""
    phone: str = ""
    email: str = ""
    has_profile: bool = True


def list_people(session: Session, *, active_only: bool = True) -> tuple[Person, ...]:
    """Return the people by name."""
    if active_only:
        return tables.people.all(session.workspace, active=True)
    return tables.people.all(session.workspace)


def profiles(session: Session) -> tuple[Person, ...]:
    """Return the people who may work on this laptop."""
    return tables.people.all(session.workspace, active=True, has_profile=True)


def person_names(session: Session) -> dict[EntityId, str]:
    """Return everybody's name by id, also of those who left."""
    return {person.id: person.name for person in tables.people.all(session.workspace)}


def add_person(session: Session, draft: PersonDraft) -> Person:
    """Add a person. Raises InputError without a name."""
    person = Person(
        new_id(),
        required_text(draft.name, _("name")),
        draft.department,
        draft.role,
        text(draft.title),
        text(draft.phone),
        text(draft.email),
        "",
        draft.has_profile,
        True,
    )
    with session.edit(_("Add “{person}”").format(person=person.name)) as edit:
        tables.people.insert(edit, person)
    return person


def update_person(session: Session, person_id: EntityId, **fields: Any) -> None:
    """Change fields of a person; the PIN is changed with ``set_pin``. Raises InputError for an empty name."""
    if "pin_hash" in fields:
        raise ValueError("use set_pin")
    if "name" in fields:
        fields["name"] = required_text(fields["name"], _("name"))
    person = tables.people.get(session.workspace, person_id)
    with session.edit(_("Change “{person}”").format(person=person.name)) as edit:
        tables.people.update(edit, person_id, **fields)
    _refresh_actor(session, person_id)


def remove_person(session: Session, person_id: EntityId) -> None:
    """Take a person out of the lists; whoever signed or wrote something stays readable in history."""
    person = tables.people.get(session.workspace, person_id)
    with session.edit(_("Remove “{person}”").format(person=person.name)) as edit:
        if _is_named_in_records(edit, person_id):
            tables.people.update(edit, person_id, active=False, has_profile=False)
        else:
            tables.people.delete(edit, person_id)
    if session.actor is not None and session.actor.id == person_id:
        session.actor = None


def _is_named_in_records(edit: Edit, person_id: EntityId) -> bool:
    """Tell whether somebody signed, wrote or decided anything that must keep saying who did."""
    return any(getattr(tables, table).count(edit, **{column: person_id}) for table, column in _RECORDS)


def has_pin(person: Person) -> bool:
    """Return whether a sign-off PIN is set."""
    return bool(person.pin_hash)


def set_pin(session: Session, person_id: EntityId, pin: str, old_pin: str | None = None) -> None:
    """Set or change a person's sign-off PIN; changing one asks for the old one. Raises InputError."""
    person = tables.people.get(session.workspace, person_id)
    if person.pin_hash:
        check_pin(session, person_id, old_pin or "")
    _store_pin(session, person, pin, _("Set the sign-off PIN of “{person}”").format(person=person.name))


def vouchers(session: Session, person_id: EntityId) -> tuple[Person, ...]:
    """Return who may vouch for somebody who forgot their PIN: directors and managers with a PIN of their own."""
    return tuple(
        person
        for person in list_people(session)
        if person.id != person_id and person.pin_hash and person.role in (Role.DIRECTOR, Role.MANAGER)
    )


def reset_pin(session: Session, person_id: EntityId, pin: str, voucher_id: EntityId, voucher_pin: str) -> None:
    """Replace a forgotten PIN; a director or manager vouches with theirs, and history says who. Raises InputError."""
    person = tables.people.get(session.workspace, person_id)
    voucher = next((one for one in vouchers(session, person_id) if one.id == voucher_id), None)
    if voucher is None:
        raise InputError(_("Only a director or manager with a PIN can vouch for somebody else."))
    check_pin(session, voucher_id, voucher_pin)
    label = _("Replace the forgotten PIN of “{person}”; {voucher} vouches")
    _store_pin(session, person, pin, label.format(person=person.name, voucher=voucher.name))


def _store_pin(session: Session, person: Person, pin: str, label: str) -> None:
    if len(pin) not in PIN_LENGTHS or not (pin.isascii() and pin.isdigit()):
        raise InputError(_("A PIN has 4 to 12 digits."))
    if len(set(pin)) == 1:
        raise InputError(_("A PIN of one repeated digit is too easy to guess."))
    from argon2 import PasswordHasher

    hashed = PasswordHasher().hash(pin)
    with session.edit(label) as edit:
        tables.people.update(edit, person.id, pin_hash=hashed)
    _refresh_actor(session, person.id)


@dataclass(frozen=True, slots=True)
class PinProof:
    """That somebody typed the PIN whose hash was ``pin_hash``."""

    person_id: EntityId
    pin_hash: str


@dataclass(frozen=True, slots=True)
class PinCheck:
    """A typed PIN beside the stored hash: plain data that a background job can compare."""

    person_id: EntityId
    pin_hash: str
    pin: str

    def run(self) -> PinProof:
        """Compare, which takes a moment on purpose. Raises InputError for a wrong PIN."""
        from argon2 import PasswordHasher
        from argon2.exceptions import VerificationError

        try:
            PasswordHasher().verify(self.pin_hash, self.pin)
        except VerificationError:
            raise InputError(_("The PIN is wrong."), _("Check it and type it again.")) from None
        return PinProof(self.person_id, self.pin_hash)


def pin_check(session: Session, person_id: EntityId, pin: str) -> PinCheck:
    """Return the comparison of a PIN to run elsewhere. Raises InputError when the person has none or none was typed."""
    person = tables.people.get(session.workspace, person_id)
    if not person.pin_hash:
        raise InputError(
            _("“{person}” has no sign-off PIN yet.").format(person=person.name),
            _("Set one on the People page first."),
        )
    if not pin:
        raise InputError(_("Type your sign-off PIN."))
    return PinCheck(person_id, person.pin_hash, pin)


def check_pin(session: Session, person_id: EntityId, pin: str) -> None:
    """Compare a PIN with the stored argon2id hash. Raises InputError when there is none or it is wrong."""
    pin_check(session, person_id, pin).run()


def prove_pin(session: Session, person_id: EntityId, pin: str | PinProof) -> None:
    """Accept a PIN or the proof that it was compared already. Raises InputError; a proof of an old PIN is none."""
    if isinstance(pin, str):
        check_pin(session, person_id, pin)
        return
    person = tables.people.get(session.workspace, person_id)
    if pin.person_id != person_id or not pin.pin_hash or pin.pin_hash != person.pin_hash:
        raise InputError(_("The PIN is wrong."), _("Check it and type it again."))


def _refresh_actor(session: Session, person_id: EntityId) -> None:
    if session.actor is not None and session.actor.id == person_id:
        session.actor = tables.people.find(session.workspace, person_id)

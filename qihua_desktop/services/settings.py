"""The company as it stands on the PDFs, and other settings that belong to a workspace."""

from __future__ import annotations

from dataclasses import dataclass

from db import tables
from db.workspace import Edit
from qihua_desktop.domain.errors import InputError
from qihua_desktop.domain.ids import new_id
from qihua_desktop.domain.settings import Setting
from qihua_desktop.i18n import _

from .limits import text
from .session import Session

_LOGO_LIMIT = 5_000_000


@dataclass(frozen=True, slots=True)
class CompanyProfile:
    """What stands in the header of every PDF; ``logo`` is a PNG or JPEG file, empty for none."""

    name: str = ""
    tax_id: str = ""
    address: str = ""
    phone: str = ""
    logo: bytes = b""


def value(session: Session, key: str, default: str = "") -> str:
    """Return a setting of the workspace."""
    found = tables.settings.all(session.workspace, key=key)
    return found[0].value if found else default


def put(edit: Edit, key: str, new: str) -> None:
    """Store a setting inside a running edit."""
    found = tables.settings.all(edit, key=key)
    if found:
        tables.settings.update(edit, found[0].id, value=new)
    else:
        tables.settings.insert(edit, Setting(new_id(), key, new))


def company(session: Session) -> CompanyProfile:
    """Return the company's profile."""
    stored = {setting.key: setting.value for setting in tables.settings.all(session.workspace)}
    sha256 = stored.get("company.logo", "")
    return CompanyProfile(
        stored.get("company.name", ""),
        stored.get("company.tax_id", ""),
        stored.get("company.address", ""),
        stored.get("company.phone", ""),
        session.workspace.blob(sha256) if sha256 else b"",
    )


def save_company(session: Session, profile: CompanyProfile) -> None:
    """Store the company's profile. Raises InputError when the logo is no PNG or JPEG, or too large."""
    if profile.logo and not profile.logo.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        raise InputError(_("The logo is neither a PNG nor a JPEG picture."), _("Choose a PNG or JPEG file."))
    if len(profile.logo) > _LOGO_LIMIT:
        raise InputError(_("The logo is larger than 5 MB."), _("Choose a smaller picture."))
    with session.edit(_("Change the company's details")) as edit:
        put(edit, "company.name", text(profile.name))
        put(edit, "company.tax_id", text(profile.tax_id))
        put(edit, "company.address", text(profile.address))
        put(edit, "company.phone", text(profile.phone))
        put(edit, "company.logo", edit.add_blob(profile.logo) if profile.logo else "")
